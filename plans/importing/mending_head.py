"""Mending the head of a draft: the plan's number, day, issuer, year …, and the rows whose meaning hangs on it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from agencies.matching import Catalogue
from agencies.models import User
from agencies.naming import register_catalogue
from plans.importing import mended
from plans.importing.mended import TaskDict
from plans.importing.mending import SOMEBODY_FASTER, mend_many
from plans.importing.proposal import PlanHead
from plans.importing.understanding.meaning import Reading
from plans.models import DraftRow, ImportDraft

NO_NAMES = Catalogue([], national=False)
"""Reading a time needs no names."""
HEAD = ("number", "title", "issuer", "signed", "plan_year", "target", "signer", "legal_basis")
SWITCHES = ("before_is_inclusive", "skip_early")
READ_BY = ("signed", "plan_year", "before_is_inclusive", "issuer")
"""Fields of the head that the words of a row are read by."""


@transaction.atomic
def change_head(draft: ImportDraft, *, by: User, revision: int, **values: Any) -> int:
    """Mend the plan's head and keep it; return how many rows now have other dates or agencies.

    ``values``: any of `HEAD` and `SWITCHES`; ``revision`` is the head's own (`head_revision`). Where the signing day,
    the year or the reading of "trước ngày" changed, the rows are read again, except what a person settled; a row that
    changed by it is open again.
    """
    new = draft.head | {name: values[name] for name in (*HEAD, *SWITCHES) if name in values}
    new |= {"revision": revision + 1, "edited_by": str(by)}
    same = Q(head__revision=revision) if revision else Q(head__revision__isnull=True)
    held = ImportDraft.objects.filter(same, pk=draft.pk, state=ImportDraft.State.OPEN)
    if not held.update(head=new, revision=F("revision") + 1):
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    old, draft.head = draft.head, new
    draft.refresh_from_db(fields=["revision"])
    if all((old.get(name) or None) == (new.get(name) or None) for name in READ_BY):
        return 0
    catalogue = register_catalogue(draft.province)
    rows = list(draft.rows.exclude(state=DraftRow.State.DROPPED).defer("source"))
    return mend_many(draft, rows, lambda task: _under_the_new_head(task, old, new, catalogue), by, reopen=True)


def _under_the_new_head(
    task: TaskDict, old: Mapping[str, Any], new: Mapping[str, Any], catalogue: Catalogue
) -> TaskDict | None:
    """Return the task with its time and agencies read under another head; None where nothing of it changes.

    What does not come from the words of its own cells (a mark in a table, a sentence of prose) reads otherwise under
    the old head as well: such a time, such agencies stay.
    """
    words = {}
    if task.get("time_text") and not mended.is_settled(task["deadline"]):
        words["time_text"] = task["time_text"]
    if task.get("agencies_text") and not task.get("agencies_by_hand") and old.get("signed") != new.get("signed"):
        words["agencies_text"] = task["agencies_text"]
    if not words:
        return None
    if "time_text" in words and not _time_moves(task, old, new):
        words.pop("time_text")
    if "agencies_text" in words:
        before = mended.read_again(task, old, catalogue, {"agencies_text": words["agencies_text"]})
        if _names(before) != _names(task):
            words.pop("agencies_text")
    if not words:
        return None
    after = mended.read_again(task, new, catalogue, words)
    same = _dates(after) == _dates(task) and _names(after) == _names(task) and _codes(after) == _codes(task)
    return None if same else after


def _time_moves(task: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether the time comes from its own words alone and they mean something else under the new head."""
    before, after = (_read(task["time_text"], head) for head in (old, new))
    return before["due_dates"] == _dates(task) and before != after


def _read(words: str, head: Mapping[str, Any]) -> dict[str, Any]:
    plan = PlanHead.from_dict(dict(head))
    return Reading(plan, NO_NAMES, bool(head.get("before_is_inclusive"))).deadline(words).as_dict()


def _dates(task: Mapping[str, Any]) -> list[str]:
    return list(task["deadline"].get("due_dates") or [])


def _names(task: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["agency_or_group"], one["role"]) for one in task["assignments"]]


def _codes(task: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(one["code"], one.get("words") or "") for one in task.get("warnings") or []}


def head_revision(draft: ImportDraft) -> int:
    """Return the revision of the head: 0 as first read."""
    return int(draft.head.get("revision") or 0)
