"""What beat rings for. Each is also a management command; the work is in `rules`, `sending` and `webhook`."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from notices import rules, sending, webhook
from workdays.clock import now, today

logger = logging.getLogger(__name__)


@shared_task
def make_notices() -> None:
    """Run the round of today."""
    rules.make_notices(today())


@shared_task
def send_notices() -> None:
    """Send what waits."""
    sending.send_waiting(today(), now())


@shared_task
def send_webhooks() -> None:
    """Hand over to the province's messenger what it does not have yet."""
    webhook.deliver_waiting(today(), now())


@shared_task
def tell_now() -> None:
    """Run the round of today and send what it finds: for what somebody has just decided and what cannot wait."""
    make_notices()
    send_notices()


def ring() -> None:
    """Ask a worker to tell now. Without a broker nothing is lost: the next sweeps make and send it."""
    try:
        tell_now.apply_async(retry=False)
    except OperationalError as error:
        logger.warning("No worker could be asked to tell at once: %s", error)
