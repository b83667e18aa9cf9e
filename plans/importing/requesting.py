"""A person asks for a document to be read, on the page or by the API: at once when that is quick, else by a worker."""

from django.utils import timezone

from plans.importing.reading_drafts import read_draft
from plans.models import ImportDraft, Plan
from plans.tasks import ring

QUICK: float | None = 2.5
"""Seconds that the sender of a document waits for its proposal; most are read in one. A longer one goes to a worker."""


def read_soon(draft: ImportDraft) -> None:
    """Read a document at once when that is quick; else a worker is told of it."""
    read_draft(draft.pk, patience=QUICK)
    draft.refresh_from_db()
    if draft.state == ImportDraft.State.READING:
        ring(draft.pk)


def compare_with(draft: ImportDraft, plan: Plan) -> None:
    """Read a document again that is a plan under way, now to be laid beside it."""
    if draft.compare_with(plan, timezone.now()):
        read_soon(draft)


def read_again(draft: ImportDraft) -> None:
    """Read a document again that could not be read, or one that no worker has taken: that one here, however long it takes."""
    now = timezone.now()
    if draft.read_again(now):
        read_soon(draft)
    elif draft.is_untaken(now):
        read_draft(draft.pk)
