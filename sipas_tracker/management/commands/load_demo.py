"""`manage.py load_demo [--empty]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sipas_tracker.demo.loading import load_demo


class Command(BaseCommand):
    """The sample data; may run again at any time."""

    help = "Nạp dữ liệu mẫu: danh bạ Vĩnh Phúc 2024, tài khoản, Kế hoạch 82/KH-UBND và tiến độ đến 03/6/2024."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="chỉ danh bạ và tài khoản, không có kế hoạch")

    def handle(self, *args: Any, empty: bool = False, **options: Any) -> None:
        """Say what is there."""
        for words in load_demo(empty=empty):
            self.stdout.write(words)
