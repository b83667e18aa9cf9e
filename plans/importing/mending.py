"""Mending a draft row by row: two colleagues may work on different rows, never unseen on the same one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.folding import squeeze
from agencies.models import User
from agencies.naming import register_catalogue
from plans.importing.proposal import PlanHead, Task
from plans.importing.understanding import understand_row
from plans.models import DraftRow, ImportDraft

SOMEBODY_FASTER = "Bản nhập vừa được người khác sửa. Hãy tải lại trang để xem nội dung mới nhất rồi sửa tiếp."


def change_row(row: DraftRow, *, by: User, revision: int, **words: Any) -> None:
    """Understand one row anew with the words as mended and keep it.

    ``words``: any of text, agencies_text, coordinating_text, time_text. ``revision`` is that of the row when the page
    was opened: two editors never overwrite each other.
    """
    old = row.task
    changed: dict[str, Any] = {
        name: value for name, value in words.items() if squeeze(value) != squeeze(old.get(name) or "")
    }
    mended = understand_row(
        Task.from_dict(row.as_dict()),
        PlanHead.from_dict(row.draft.head),
        catalogue=register_catalogue(row.draft.province),
        **changed,
    ).as_dict()
    _write(row, revision, by, task=mended | {"edited": True}, state=DraftRow.State.OPEN)


def drop_row(row: DraftRow, *, by: User, revision: int, dropped: bool) -> None:
    """Leave a row out because it is no task, or take it back."""
    _write(row, revision, by, state=DraftRow.State.DROPPED if dropped else DraftRow.State.OPEN)


def drop_draft(draft: ImportDraft) -> None:
    """Give the import up; the document can be uploaded again."""
    changed = ImportDraft.objects.filter(pk=draft.pk, state=ImportDraft.State.OPEN).update(
        state=ImportDraft.State.DROPPED
    )
    if not changed:
        raise ValidationError(SOMEBODY_FASTER, code="taken")


@transaction.atomic
def _write(row: DraftRow, revision: int, by: User, **changes: Any) -> None:
    """Write one row while its draft is open and nobody was faster; the draft counts the change."""
    open_draft = ImportDraft.objects.filter(pk=row.draft_id, state=ImportDraft.State.OPEN)
    if not open_draft.update(revision=F("revision") + 1):
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    changed = DraftRow.objects.filter(pk=row.pk, revision=revision).update(
        revision=F("revision") + 1, edited_by=by, edited_at=timezone.now(), **changes
    )
    if not changed:
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    row.refresh_from_db()
