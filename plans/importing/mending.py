"""Mending a draft row by row: two colleagues may work on different rows, never unseen on the same one.

Every verb first counts a change of the draft (one conditional UPDATE, only while it is open), which also holds the
draft until the transaction ends: what it then reads of the rows cannot change under it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from agencies.folding import squeeze
from agencies.matching import Catalogue
from agencies.models import Agency, AgencyGroup, User
from agencies.naming import register_catalogue
from agencies.registering import register_agency, remember_spelling
from plans.importing import mended
from plans.importing.checking import QuickBook, is_clean, look_up
from plans.importing.mended import TaskDict
from plans.models import DraftRow, ImportDraft
from workdays.clock import today

SOMEBODY_FASTER = "Bản nhập vừa được người khác sửa. Hãy tải lại trang để xem nội dung mới nhất rồi sửa tiếp."
WORDS = ("text", "time_text", "agencies_text", "coordinating_text")
"""Words of a row whose mending makes it be understood anew."""
PLAIN = ("no", "product", "heading_path", "is_report", "criteria_chosen")
"""Fields of a row that a person simply sets."""
OPEN, ACCEPTED, DROPPED = DraftRow.State.OPEN, DraftRow.State.ACCEPTED, DraftRow.State.DROPPED


@dataclass(frozen=True)
class Times:
    """The dates that a person gives: a reading of the words by its number, or days typed (none: when asked for)."""

    reading: int | None = None
    days: tuple[date, ...] = ()
    completes: str = "each"


def day_of(draft: ImportDraft) -> date:
    """Return the day whose register counts: the plan's signing day, today where it is not known."""
    signed = draft.head.get("signed")
    try:
        return date.fromisoformat(signed) if signed else today()
    except ValueError:
        return today()


# One row


@transaction.atomic
def change_row(
    row: DraftRow,
    *,
    by: User,
    revision: int,
    times: Times | None = None,
    entries: Sequence[Mapping[str, Any]] | None = None,
    from_words: bool = False,
    **fields: Any,
) -> None:
    """Mend one row and keep it: understood anew where its words changed.

    ``fields``: any of `WORDS` and `PLAIN`. ``times`` and ``entries`` (`mended.entry_of`) are a person's own word on
    dates and agencies; entries and a chosen reading give way to words of the same cell that changed as well.
    ``from_words``: what was settled about the time no longer holds, its words decide again. ``revision`` is that of the
    row when the page was opened: two editors never overwrite each other. A row that leaves nothing to look at is
    accepted: its editor has seen it.
    """
    _hold(row.draft)
    catalogue = register_catalogue(row.draft.province)
    new_words = {name: fields[name] for name in _differing(row.task, fields)}
    if from_words:
        new_words.setdefault("time_text", row.task.get("time_text") or "")
    task = _with_fields(row, fields, new_words, catalogue)
    if entries is not None and not {"agencies_text", "coordinating_text"} & set(new_words):
        task = mended.with_agencies(task, entries, row.draft.head, catalogue)
    if times is not None and (times.reading is None or "time_text" not in new_words):
        task = _with_times(task, times, by)
    if task["no"] != row.task.get("no"):
        task = mended.without_warnings(task, mended.ABOUT_NUMBER)
    clean = is_clean(task, QuickBook(row.draft.province, day_of(row.draft)))
    _write(row, revision, by, task=task, state=ACCEPTED if clean else OPEN)


def _with_fields(row: DraftRow, fields: Mapping[str, Any], words: Mapping[str, str], catalogue: Catalogue) -> TaskDict:
    plain = {name: fields[name] for name in PLAIN if name in fields}
    task = row.task | plain
    if "is_report" in plain:
        task["report_by_hand"] = True
    return mended.read_again(task, row.draft.head, catalogue, words) if words else task


def _differing(task: Mapping[str, Any], fields: Mapping[str, Any]) -> set[str]:
    return {name for name in WORDS if name in fields and squeeze(fields[name]) != squeeze(task.get(name) or "")}


def _with_times(task: TaskDict, times: Times, by: User) -> TaskDict:
    who = signature(by)
    if times.reading is None:
        return mended.with_days(task, times.days, times.completes, who)
    if times.reading not in range(len(task["deadline"].get("readings") or [])):
        raise ValidationError("Cách hiểu này không còn. Hãy tải lại trang.", code="taken")
    return mended.with_reading(task, times.reading, who)


def signature(by: User) -> dict[str, Any]:
    """Return who settles a deadline, and on which day."""
    return {"by": by.pk, "name": str(by), "on": today().isoformat()}


@transaction.atomic
def accept_row(row: DraftRow, *, by: User, revision: int, accepted: bool = True) -> None:
    """Take a row as it stands, its warnings seen; or open it again. Who and when stay with the row."""
    _hold(row.draft)
    _write(row, revision, by, state=ACCEPTED if accepted else OPEN)


@transaction.atomic
def drop_row(row: DraftRow, *, by: User, revision: int, dropped: bool) -> None:
    """Leave a row out because it is no task, or take it back."""
    _hold(row.draft)
    _write(row, revision, by, state=DROPPED if dropped else OPEN)


@transaction.atomic
def revert_row(row: DraftRow, *, by: User, revision: int) -> None:
    """Give a row back the words and the reading of the document; rows split from it are left out again."""
    if row.source is None or row.task.get("part_of"):
        raise ValidationError("Dòng này không đọc trực tiếp từ văn bản nên không có nội dung gốc để trả về.")
    _hold(row.draft)
    parts = row.draft.rows.filter(task__part_of=row.pk).exclude(state=DROPPED)
    parts.update(revision=F("revision") + 1, edited_by=by, edited_at=timezone.now(), state=DROPPED)
    _write(row, revision, by, task=row.source, state=OPEN)


@transaction.atomic
def split_row(row: DraftRow, at: int, *, by: User, revision: int) -> DraftRow:
    """Cut a row in two at a place of `mended.cuts_of`; the second half stands right below. Both are to be looked at."""
    if at not in [place for place, _ in mended.cuts_of(row.task["text"])]:
        raise ValidationError("Không tách được ở chỗ này. Hãy tải lại trang rồi chọn lại.", code="taken")
    _hold(row.draft)
    first, second = mended.split(row.task, at, row.draft.head, register_catalogue(row.draft.province))
    position = row.draft.rows.values_list("position", flat=True).get(pk=row.pk)
    _write(row, revision, by, task=first, state=OPEN)
    second["part_of"] = row.task.get("part_of") or row.pk
    return _insert(row.draft, position + 1, second, by, source=row.source)


@transaction.atomic
def join_rows(upper: DraftRow, lower: DraftRow, *, by: User, revisions: tuple[int, int]) -> None:
    """Make one task of two neighbours: the upper row takes everything, the lower is left out and can be taken back."""
    _hold(upper.draft)
    task = mended.join(upper.task, lower.task, upper.draft.head, register_catalogue(upper.draft.province))
    _write(upper, revisions[0], by, task=task, state=OPEN)
    _write(lower, revisions[1], by, state=DROPPED)


def neighbour(row: DraftRow, *, below: bool) -> DraftRow:
    """Return the next row that is a task, above or below; raises ValidationError at the ends."""
    rows = row.draft.rows.exclude(state=DROPPED).select_related("draft__province")
    near = rows.filter(position__gt=row.position) if below else rows.filter(position__lt=row.position)
    found = near.order_by("position" if below else "-position").first()
    if found is None:
        raise ValidationError("Không còn dòng nào ở phía này để nhập vào.")
    return found


@transaction.atomic
def add_row(draft: ImportDraft, *, by: User, after: DraftRow | None = None) -> DraftRow:
    """Add an empty row below another one (or at the end), under the same heading, for a person to fill in."""
    _hold(draft)
    last = draft.rows.aggregate(last=Max("position"))["last"] or 0
    near = draft.rows.filter(pk=after.pk).first() if after else draft.rows.filter(position=last).first()
    place = near.position if near and after else last
    return _insert(draft, place + 1, mended.empty_task(near.task.get("heading_path") or [] if near else []), by, None)


def _insert(draft: ImportDraft, position: int, task: TaskDict, by: User, source: TaskDict | None) -> DraftRow:
    draft.rows.filter(position__gte=position).update(position=F("position") + 1)
    return DraftRow.objects.create(
        draft=draft, position=position, task=task, source=source, edited_by=by, edited_at=timezone.now()
    )


# Many rows


Chosen = Mapping[int, int]
"""Rows as ticked on a page: id → revision. A row that somebody changed since then is left alone."""


@transaction.atomic
def accept_clean(draft: ImportDraft, *, by: User) -> int:
    """Accept every open row that has neither a counted warning nor a problem; return how many."""
    _hold(draft)
    book = QuickBook(draft.province, day_of(draft))
    clean = [row.pk for row in draft.rows.filter(state=OPEN).defer("source") if is_clean(row.task, book)]
    return _write_states(draft, {"pk__in": clean, "state": OPEN}, by, ACCEPTED)


@transaction.atomic
def set_states(draft: ImportDraft, chosen: Chosen, state: str, *, by: User) -> int:
    """Accept or drop the chosen rows that nobody changed meanwhile; return how many."""
    _hold(draft)
    same = [row.pk for row in _untouched(draft, chosen) if row.state != state]
    return _write_states(draft, {"pk__in": same}, by, state)


@transaction.atomic
def set_times(draft: ImportDraft, chosen: Chosen, *, by: User, words: str = "", times: Times | None = None) -> int:
    """Give the chosen rows one time: words that are read, or dates; return how many rows."""
    _hold(draft)
    catalogue = register_catalogue(draft.province)

    def mend(task: TaskDict) -> TaskDict:
        if times is not None:
            return _with_times(task, times, by)
        return mended.read_again(task, draft.head, catalogue, {"time_text": words})

    return mend_many(draft, _untouched(draft, chosen), mend, by)


@transaction.atomic
def give_to_agency(
    draft: ImportDraft, chosen: Chosen, name: Agency | AgencyGroup, role: str, *, by: User, instead: bool = False
) -> int:
    """Add an agency or group to the chosen rows, or put it ``instead`` of all that stand there; return how many rows."""
    _hold(draft)
    catalogue = register_catalogue(draft.province)
    new = mended.entry_of(name.name, role, group=isinstance(name, AgencyGroup), known=True)

    def mend(task: TaskDict) -> TaskDict:
        others = [one for one in task["assignments"] if one["agency_or_group"] != name.name]
        return mended.with_agencies(task, [new] if instead else [*others, new], draft.head, catalogue)

    return mend_many(draft, _untouched(draft, chosen), mend, by)


@transaction.atomic
def name_agency(draft: ImportDraft, words: str, name: Agency | AgencyGroup, *, by: User, remember: bool = False) -> int:
    """Say which agency or group unknown words stand for, in every row of the draft; return how many rows.

    ``remember``: the words become another name of it in the register, so that the next plan is read at once.
    """
    _hold(draft)
    if remember:
        remember_spelling(name, words, by=by, why=f"Từ bản nhập “{draft.document_name}”.")
    group = isinstance(name, AgencyGroup)
    rows = draft.rows.exclude(state=DROPPED).defer("source")
    return mend_many(draft, rows, lambda task: mended.with_name(task, words, name.name, group=group), by)


@transaction.atomic
def add_agency(
    draft: ImportDraft, words: str, *, by: User, details: Mapping[str, Any], remember: bool
) -> tuple[Agency, int]:
    """Add the body that unknown words stand for to the register, and name it in every row; return it and how many.

    ``details``: name, kind, parent, valid_from (`agencies.registering.register_agency`).
    """
    agency = register_agency(by=by, why=f"Bổ sung khi nhập văn bản “{draft.document_name}”.", **details)
    return agency, name_agency(draft, words, agency, by=by, remember=remember)


def _untouched(draft: ImportDraft, chosen: Chosen) -> list[DraftRow]:
    rows = draft.rows.filter(pk__in=list(chosen)).defer("source")
    return [row for row in rows if row.revision == chosen[row.pk]]


def mend_many(
    draft: ImportDraft,
    rows: Iterable[DraftRow],
    mend: Callable[[TaskDict], TaskDict | None],
    by: User,
    *,
    reopen: bool = False,
) -> int:
    """Write what a mend makes of each row; rows it does not concern (None) stay as they are. ``reopen``: see them again."""
    now, written = timezone.now(), []
    for row in rows:
        task = mend(row.task)
        if task is None or task == row.task:
            continue
        row.task = task
        if reopen and row.state != DROPPED:
            row.state = OPEN
        written.append(row)
    _write_many(written, by, now)
    return len(written)


def _write_many(rows: Sequence[DraftRow], by: User, now: datetime) -> None:
    """Write tasks and states of many rows in one statement: `bulk_update` takes seconds for 2,000 of them."""
    values = [row.pk for row in rows], [json.dumps(row.task) for row in rows], [str(row.state) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plans_draftrow SET task = new.task::jsonb, state = new.state, revision = revision + 1,"
            " edited_by_id = %s, edited_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, task, state)"
            " WHERE plans_draftrow.id = new.id",
            [by.pk, now, *values],
        )


def _write_states(draft: ImportDraft, which: Mapping[str, Any], by: User, state: str) -> int:
    return draft.rows.filter(**which).update(
        revision=F("revision") + 1, edited_by=by, edited_at=timezone.now(), state=state
    )


# The whole


def drop_draft(draft: ImportDraft) -> None:
    """Give the import up; the document can be uploaded again."""
    changed = ImportDraft.objects.unfinished().filter(pk=draft.pk).update(state=ImportDraft.State.DROPPED)
    if not changed:
        raise ValidationError(SOMEBODY_FASTER, code="taken")


def named_in_register(draft: ImportDraft, name: str) -> Agency | AgencyGroup | None:
    """Return the agency or group that a typed name means on the plan's day."""
    entry = {"agency_or_group": name, "group": False}
    return look_up(entry, QuickBook(draft.province, day_of(draft))) if name.strip() else None


# Writing


def _hold(draft: ImportDraft) -> None:
    """Count one change of an open draft; until the transaction ends nobody else changes it or its rows."""
    if not ImportDraft.objects.filter(pk=draft.pk, state=ImportDraft.State.OPEN).update(revision=F("revision") + 1):
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    draft.refresh_from_db(fields=["revision", "head"])


def _write(row: DraftRow, revision: int, by: User, **changed: Any) -> None:
    """Write one row when nobody was faster."""
    rows = DraftRow.objects.filter(pk=row.pk, revision=revision)
    if not rows.update(revision=F("revision") + 1, edited_by=by, edited_at=timezone.now(), **changed):
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    row.refresh_from_db()
