"""`manage.py send_webhooks`: hand notices over to the province's messenger, by hand."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from notices.models import WebhookDelivery
from notices.round import MORNING
from notices.webhook import deliver_waiting, note_what_is_new, payload
from workdays.clock import now, today


class Command(BaseCommand):
    """Hand over what waits; the exit status is 1 when deliveries were given up."""

    help = "Chuyển thông báo sang hệ thống nhắn tin của tỉnh (WEBHOOK_URL), có ký xác thực; xem docs/webhook.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day and how to answer."""
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="ngày làm việc, lúc 08:00 (mặc định: bây giờ)",
        )
        parser.add_argument("--dry-run", action="store_true", help="in nội dung sẽ chuyển, không ghi lại, không chuyển")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *args: Any, as_of: date | None, dry_run: bool, as_json: bool, **options: Any) -> None:
        """Hand over, or show what would be."""
        on = as_of or today()
        moment = timezone.make_aware(datetime.combine(as_of, MORNING)) if as_of else now()
        if dry_run:
            self._rehearse(on, moment)
            return
        try:
            outcome = deliver_waiting(on, moment)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(json.dumps({"on": on.isoformat(), **asdict(outcome)}, ensure_ascii=False))
        elif outcome.idle:
            self.stdout.write(f"Không chuyển tin: {outcome.idle}")
        else:
            self.stdout.write(
                f"Ngày {on:%d/%m/%Y}: {outcome.new} thông báo mới, đã chuyển {outcome.sent}, "
                f"hoãn {outcome.postponed}, không chuyển được {outcome.failed}."
            )
        if outcome.failed:
            raise CommandError(f"{outcome.failed} thông báo không chuyển được.", returncode=1)

    def _rehearse(self, on: date, moment: datetime) -> None:
        """Print one line of JSON for each notice that would be handed over; keep nothing."""
        with transaction.atomic():
            note_what_is_new(on, moment)
            waiting = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING).order_by("pk")
            about = ("notice__recipient", "notice__agency", "notice__plan")
            for delivery in waiting.select_related(*about).iterator(chunk_size=500):
                self.stdout.write(payload(delivery.notice).decode())
            transaction.set_rollback(True)
