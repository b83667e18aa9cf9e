"""The rows of a returned annex beside what stands now: what would change, what not, what cannot, and what was changed by others."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agencies.models import User
from plans.models import Update, WorkItem
from plans.models.occurrence import State
from plans.models.offline import OfflineReturn
from plans.offline.annex import FilledRow, Remembered, as_carried, hash_of
from plans.offline.standing import last_updates

NOT_THEIRS = "không phải đầu việc của cơ quan trong kế hoạch này"


class Kind(StrEnum):
    """What becomes of a row."""

    CONFLICT = "conflict"
    CHANGE = "change"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file with the item it speaks of and the last that was said there.

    ``percent`` is what would be written: that of the file, or the present one where the file says only words.
    """

    kind: Kind
    row: FilledRow
    item: WorkItem | None = None
    last: Update | None = None
    before: Remembered | None = None
    reason: str = ""
    may_hand_in: bool = False
    written: Update | None = None

    @property
    def code(self) -> str:
        """Return the code under which the answer for this row is sent."""
        return self.row.code

    @property
    def percent(self) -> int:
        """Return the percentage to be written."""
        if self.row.percent is not None:
            return self.row.percent
        return self.item.percent if self.item else 0

    @property
    def waits(self) -> bool:
        """Say whether a person has to decide."""
        return self.kind in (Kind.CHANGE, Kind.CONFLICT)


def compare(returned: OfflineReturn, user: User) -> list[Line]:
    """Return a line for each row of the file, in its order, as things stand at this moment."""
    remembered = {code: Remembered(**one) for code, one in returned.remembered.items()}
    rows = [FilledRow(**row) for row in returned.rows]
    items = _items(returned, {one.item for one in remembered.values()})
    last = last_updates(items.values(), returned.agency)
    written = {entry.item_id: entry.update for entry in returned.entries.select_related("update")}
    lines = []
    for row in rows:
        before = remembered.get(row.code)
        item = items.get(before.item) if before else None
        if before and item and item.pk in written:
            line = Line(Kind.TAKEN, row, item, last.get(item.pk), before, written=written[item.pk])
        elif row.code in returned.kept and item:
            line = Line(Kind.KEPT, row, item, last.get(item.pk), before)
        else:
            line = _judge(row, before, item, last.get(item.pk) if item else None, user)
        lines.append(line)
    return lines


def missing(returned: OfflineReturn) -> int:
    """Return how many rows of the download the file does not hold any more: they stay as they are."""
    return len(set(returned.remembered) - {row["code"] for row in returned.rows})


def _items(returned: OfflineReturn, wanted: Iterable[int]) -> dict[int, WorkItem]:
    """Return the items by id: only this agency's in this plan, whatever the file names."""
    items = WorkItem.objects.filter(pk__in=wanted, task__plan=returned.plan_id, agency=returned.agency_id)
    return {item.pk: item for item in items.for_lists().select_related("task__plan__coordinating_agency")}


def _judge(row: FilledRow, before: Remembered | None, item: WorkItem | None, last: Update | None, user: User) -> Line:
    """Say what a row that was not decided about would do."""
    if row.fault or before is None:
        return Line(Kind.REFUSED, row, item, last, before, reason=row.fault or NOT_THEIRS)
    if row.is_blank:
        return Line(Kind.UNCHANGED, row, item, last, before)
    if item is None:
        return Line(Kind.REFUSED, row, item, last, before, reason=f"dòng {row.place}: {NOT_THEIRS}")
    if row.percent in (None, item.percent) and as_carried(row.words) == as_carried(last.words if last else ""):
        return Line(Kind.UNCHANGED, row, item, last, before)
    if not _takes_updates(item):
        why = f"dòng {row.place}: đầu việc đã chuyển sang “{item.get_state_display()}”, không cập nhật được nữa"
        return Line(Kind.REFUSED, row, item, last, before, reason=why)
    kind = Kind.CONFLICT if _was_changed(item, last, before) else Kind.CHANGE
    finished = row.percent == 100 or (row.percent is None and item.percent == 100)
    return Line(kind, row, item, last, before, may_hand_in=finished and item.may_be_handed_in_by(user))


def _takes_updates(item: WorkItem) -> bool:
    return item.is_open or (item.is_check_point and item.state == State.COMPLETED)


def _was_changed(item: WorkItem, last: Update | None, before: Remembered) -> bool:
    """Say whether somebody changed since the download what the person had seen there.

    A revision moves for other reasons too: who is in charge, a later due date. Percent, state and last words decide.
    """
    if item.revision == before.revision:
        return False
    seen = (before.percent, before.state, before.words)
    return seen != (item.percent, item.state, hash_of(last.words if last else ""))
