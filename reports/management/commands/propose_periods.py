"""Propose reporting periods from the report tasks of plans."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.models import Plan
from reports.periods import propose_periods


class Command(BaseCommand):
    """`manage.py propose_periods [NUMBER …]`: for the named plans, or for all that are being carried out."""

    help = "Đề xuất kỳ báo cáo từ các nhiệm vụ báo cáo của kế hoạch đang thực hiện; chạy lại không tạo trùng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take plan numbers."""
        parser.add_argument("numbers", nargs="*", metavar="SỐ", help="số, ký hiệu kế hoạch, ví dụ 82/KH-UBND")

    def handle(self, *args: Any, numbers: list[str], **options: Any) -> None:
        """Propose and print."""
        plans = Plan.objects.filter(status=Plan.Status.ACTIVE)
        if numbers:
            plans = plans.filter(number__in=numbers)
            if not plans.exists():
                raise CommandError("Không có kế hoạch đang thực hiện nào mang số này.")
        for plan in plans:
            for period in propose_periods(plan):
                days = f"chốt số liệu {period.cut_off:%d/%m/%Y}, hạn {period.due_date:%d/%m/%Y}"
                self.stdout.write(f"{plan.number}: {period.name}, {days}")
