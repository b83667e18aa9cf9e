"""What beat rings for. Each is also a management command; the work is in `rules` and `sending`."""

from celery import shared_task

from notices import rules, sending
from workdays.clock import now, today


@shared_task
def make_notices() -> None:
    """Run the round of today."""
    rules.make_notices(today())


@shared_task
def send_notices() -> None:
    """Send what waits."""
    sending.send_waiting(today(), now())
