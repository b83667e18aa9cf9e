"""Applying a returned annex: one verb a row, each in a transaction of its own, each once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.models import User
from plans.models import WorkItem
from plans.models.offline import ENDED, OfflineEntry, OfflineReturn
from plans.offline.comparing import Line, compare


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person chose for a row: take it or keep what stands; ``revision`` is that of the item on their page."""

    take: bool
    revision: int
    hand_in: bool = False


@dataclass(slots=True)
class Outcome:
    """How many rows were taken, kept and handed in, and in words what could not be done."""

    taken: int = 0
    kept: int = 0
    handed_in: int = 0
    faults: list[str] = field(default_factory=list)


def apply_return(
    returned: OfflineReturn, answers: Mapping[str, Answer], *, by: User, on: date, now: datetime
) -> Outcome:
    """Write the rows that were chosen. A row that fails stops itself and keeps waiting; the others are written.

    A second call with the same answers, or one after a crash, writes only what was not written: `OfflineEntry` is the key.
    """
    returned.refresh_from_db()
    if not returned.is_waiting:
        raise ValidationError(ENDED, code="taken")
    outcome, kept = Outcome(), set()
    waiting = [line for line in compare(returned, by) if line.waits]
    open_rows = len(waiting)
    for line in sorted(waiting, key=_order):
        answer = answers.get(line.code)
        if answer is None:
            continue
        if not answer.take:
            kept.add(line.code)
        elif not _take(returned, line, answer, outcome, by=by, on=on):
            continue
        open_rows -= 1
    outcome.kept = len(kept)
    returned.settle(kept, finished=open_rows == 0, by=by, now=now)
    return outcome


def _order(line: Line) -> tuple[int, int]:
    """Earlier dates of a task first: an update of a later one would answer them."""
    assert line.item is not None
    return line.item.task_id, line.item.occurrence.ordinal


def _take(returned: OfflineReturn, line: Line, answer: Answer, outcome: Outcome, *, by: User, on: date) -> bool:
    """Write one row; returns whether it is done, now or by an earlier click."""
    item = line.item
    assert item is not None
    try:
        with transaction.atomic():
            update = item.record_update(
                by=by, on=on, percent=line.percent, words=line.row.words, revision=answer.revision
            )
            OfflineEntry.objects.create(offline_return=returned, item=item, update=update)
    except (ValidationError, IntegrityError) as error:
        if OfflineEntry.objects.filter(offline_return=returned, item=item).exists():
            return True
        words = " ".join(error.messages) if isinstance(error, ValidationError) else "đã được ghi ở nơi khác."
        outcome.faults.append(f"{_named(item, line)}: {words}")
        return False
    outcome.taken += 1
    if answer.hand_in and line.may_hand_in:
        _hand_in(item, line, outcome, by=by, on=on)
    return True


def _hand_in(item: WorkItem, line: Line, outcome: Outcome, *, by: User, on: date) -> None:
    """Hand in what was just written; the words stay also when this is refused."""
    try:
        item.hand_in(by=by, on=on)
        outcome.handed_in += 1
    except ValidationError as error:
        outcome.faults.append(
            f"{_named(item, line)}: đã ghi tiến độ nhưng chưa báo hoàn thành. {' '.join(error.messages)}"
        )


def _named(item: WorkItem, line: Line) -> str:
    return f"Dòng {line.row.place} (nhiệm vụ {item.task.position})"
