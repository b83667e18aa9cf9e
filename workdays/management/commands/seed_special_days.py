"""`manage.py seed_special_days 2024 2025`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workdays.seeding import seed_special_days


class Command(BaseCommand):
    """Holidays of the years named, into the table."""

    help = "Nạp ngày nghỉ lễ, Tết và ngày làm bù của các năm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="+", type=int, help="các năm, ví dụ: 2024 2025")

    def handle(self, *args: Any, years: list[int], **options: Any) -> None:
        """Say how many were added."""
        self.stdout.write(f"Đã thêm {seed_special_days(years)} ngày.")
