"""`manage.py send_notices`: send what waits, by hand."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from notices.composing import compose_waiting, take_back_old_letters
from notices.models import Letter
from notices.posting import message_of
from notices.round import MORNING
from notices.sending import send_waiting
from workdays.clock import now, today


class Command(BaseCommand):
    """Send waiting letters; the exit status is 1 when letters were given up."""

    help = "Gửi các thư đang chờ (mỗi người mỗi ngày làm việc một thư tổng hợp; việc bị trả lại gửi ngay)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day and how to answer."""
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="ngày làm việc, lúc 08:00 (mặc định: bây giờ)",
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê thư sẽ gửi, không ghi lại, không gửi")
        parser.add_argument(
            "--redirect-to", metavar="ĐỊA_CHỈ", help="gửi thử mọi thư đến địa chỉ này, không ghi là đã gửi"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(
        self,
        *args: Any,
        as_of: date | None,
        dry_run: bool,
        redirect_to: str | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        """Send, rehearse or send for a trial."""
        on = as_of or today()
        moment = timezone.make_aware(datetime.combine(as_of, MORNING)) if as_of else now()
        if dry_run or redirect_to:
            self._rehearse(on, moment, "" if dry_run else redirect_to or "", as_json)
            return
        outcome = send_waiting(on, moment)
        if as_json:
            self.stdout.write(json.dumps({"on": on.isoformat(), **asdict(outcome)}, ensure_ascii=False))
        elif outcome.idle:
            self.stdout.write(f"Không gửi thư: {outcome.idle}")
        else:
            self.stdout.write(
                f"Ngày {on:%d/%m/%Y}: soạn {outcome.composed} thư, đã gửi {outcome.sent}, "
                f"lưu trong hệ thống {outcome.kept}, hoãn {outcome.postponed}, không gửi được {outcome.failed}."
            )
        if outcome.failed:
            raise CommandError(f"{outcome.failed} thư không gửi được, xem danh sách thư.", returncode=1)

    def _rehearse(self, on: date, moment: datetime, address: str, as_json: bool) -> None:
        """Compose as if it were the hour, keep nothing; list the letters, or send them to the one address."""
        with transaction.atomic():
            take_back_old_letters(on)
            compose_waiting(on, moment)
            letters = list(Letter.objects.filter(on=on, sent_at__isnull=True).exclude(state=Letter.State.FAILED))
            transaction.set_rollback(True)
        if address:
            get_connection().send_messages([message_of(letter, to=address) for letter in letters])
        rows = [{"to": letter.address, "subject": letter.subject} for letter in letters]
        if as_json:
            self.stdout.write(
                json.dumps({"on": on.isoformat(), "redirected_to": address, "letters": rows}, ensure_ascii=False)
            )
            return
        head = f"Đã gửi thử đến {address}" if address else "Diễn tập, không gửi. Sẽ gửi"
        self.stdout.write(f"{head}: {len(rows)} thư ngày {on:%d/%m/%Y}.")
        for row in rows:
            self.stdout.write(f"  {row['to']}: {row['subject']}")
