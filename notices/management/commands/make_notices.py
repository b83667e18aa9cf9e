"""`manage.py make_notices`: the round of a day, by hand."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count

from notices.models import Notice, RoundRun
from notices.rules import make_notices
from notices.telling import OUTDATED
from workdays.clock import today


class Command(BaseCommand):
    """Run the round; the exit status is 1 when a rule broke."""

    help = "Chạy vòng nhắc việc của một ngày: tạo thông báo cho những gì đã đến lúc phải báo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day and how to answer."""
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="ngày làm việc (mặc định: hôm nay)"
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho biết sẽ tạo gì, không ghi lại")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *args: Any, as_of: date | None, dry_run: bool, as_json: bool, **options: Any) -> None:
        """Run the round, say what came of it by kind."""
        on = as_of or today()
        with transaction.atomic() if dry_run else nullcontext():
            run = make_notices(on)
            made = Notice.objects.filter(on=on, created_at__gte=run.started_at)
            told = made.exclude(reason=OUTDATED).order_by("kind").values_list("kind")
            kinds = dict(told.annotate(number=Count("pk")))
            if dry_run:
                transaction.set_rollback(True)
        if as_json:
            answer = {"on": on.isoformat(), "dry_run": dry_run, "made": run.made, "kinds": kinds, "errors": run.errors}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._say(run, kinds, dry_run)
        if run.errors:
            raise CommandError(f"Vòng nhắc việc có {len(run.errors)} quy tắc bị lỗi.", returncode=1)

    def _say(self, run: RoundRun, kinds: dict[str, int], dry_run: bool) -> None:
        head = "Diễn tập, không ghi lại. Sẽ tạo" if dry_run else "Đã tạo"
        told = sum(kinds.values())
        self.stdout.write(f"{head} {told} thông báo ngày {run.on:%d/%m/%Y}.")
        for kind in Notice.Kind:
            if kind in kinds:
                self.stdout.write(f"  {kind.label}: {kinds[kind]}")
        if run.made > told:
            self.stdout.write(f"  ghi bù, đã có thông báo mới hơn thay: {run.made - told}")
        for error in run.errors:
            self.stderr.write(f"  Lỗi ở quy tắc “{error['rule']}”: {error['error']}")
