"""What is rung for when a version's documents are to be made. Each is also the command `make_documents`."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from reports import making

logger = logging.getLogger(__name__)


@shared_task
def make_documents_of(consolidation_id: int) -> None:
    """Make the documents of one version."""
    making.make_documents_of(consolidation_id)


@shared_task
def make_documents() -> None:
    """Make what waits."""
    making.make_documents()


def ring(consolidation_id: int) -> None:
    """Tell a worker of a new version. Without a broker nothing is lost: it waits for the next sweep, or for its page."""
    try:
        make_documents_of.apply_async((consolidation_id,), retry=False)
    except OperationalError as error:
        logger.warning("No worker could be told of consolidation %s: %s", consolidation_id, error)
