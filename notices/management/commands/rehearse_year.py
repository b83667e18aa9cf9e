"""`manage.py rehearse_year`: what a plan's reminding comes to, month by month; nothing is written, nothing leaves."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notices.yearly import as_table, months_of
from plans.models import Plan
from plans.models.plan import number_key


class Command(BaseCommand):
    """Print the table; the exit status is 1 when the plan is unknown or a rule broke."""

    help = "Diễn tập việc nhắc của một kế hoạch cả năm: mỗi tháng bao nhiêu thông báo, nếu không cơ quan nào làm gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the plan and the day up to which to look."""
        parser.add_argument("--plan", required=True, metavar="82/KH-UBND", help="số, ký hiệu kế hoạch")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="đến hết ngày (mặc định: cuối năm kế hoạch)"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *args: Any, plan: str, until: date | None, as_json: bool, **options: Any) -> None:
        """Rehearse and print."""
        found = Plan.objects.filter(number_key=number_key(plan), status=Plan.Status.ACTIVE).first()
        if found is None:
            raise CommandError(f"Không có kế hoạch {plan} đang thực hiện.", returncode=1)
        months = months_of(found, until or date(found.year, 12, 31))
        if as_json:
            rows = [vars(month) | {"in_time": month.in_time, "told": month.told} for month in months]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, default=str))
        else:
            self.stdout.write(as_table(months))
