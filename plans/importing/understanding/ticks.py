"""Periods that are ticked in columns of months or quarters: neighbours have two readings, like a bar of a chart."""

from dataclasses import replace
from itertools import pairwise

from plans.deadlines import Deadline
from plans.deadlines.result import Reading

TICKS = "ticks"
"""Kind of a time that was not printed in a cell but ticked in several."""
WHY = "Các kỳ được đánh dấu liền nhau: mỗi kỳ một lần, hoặc một việc kéo dài đến kỳ cuối"
EACH, ONE_JOB = "Mỗi kỳ đánh dấu là một lần phải hoàn thành", "Một việc thực hiện liên tục đến kỳ cuối được đánh dấu"


def as_ticked(deadline: Deadline) -> Deadline:
    """Return the deadline of ticked periods: ambiguous with both readings where periods stand side by side."""
    places = [_place(period) for period in deadline.periods]
    if len(places) != len(deadline.due_dates) or None in places:
        return deadline
    joined = [after is not None and before is not None and after - before == 1 for before, after in pairwise(places)]
    if not any(joined):
        return deadline
    ends = tuple(day for day, goes_on in zip(deadline.due_dates, [*joined, False], strict=True) if not goes_on)
    codes = tuple(dict.fromkeys(("ambiguous_deadline", *deadline.codes)))
    readings = (Reading(deadline.due_dates, EACH), Reading(ends, ONE_JOB))
    return replace(deadline, ambiguous=True, why=WHY, readings=readings, codes=codes)


def _place(period: str) -> int | None:
    """Return where a month or quarter stands among all months or quarters; None for anything else."""
    year, _, part = period.partition("-")
    if not year.isdecimal():
        return None
    if part.startswith("Q") and part[1:].isdecimal():
        return int(year) * 4 + int(part[1:])
    return int(year) * 12 + int(part) if part.isdecimal() else None
