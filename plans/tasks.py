"""What is rung for when documents wait to be read. Each is also the command `read_drafts`; the work is in `importing`."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from plans.importing import reading_drafts

logger = logging.getLogger(__name__)


@shared_task
def read_draft(draft_id: int) -> None:
    """Read one document."""
    reading_drafts.read_draft(draft_id)


@shared_task
def read_drafts() -> None:
    """Read what waits."""
    reading_drafts.read_drafts()


def ring(draft_id: int) -> None:
    """Tell a worker that a document waits. Without a broker nothing is lost: the draft waits for the next sweep."""
    try:
        read_draft.apply_async((draft_id,), retry=False)
    except OperationalError as error:
        logger.warning("No worker could be told of import draft %s: %s", draft_id, error)
