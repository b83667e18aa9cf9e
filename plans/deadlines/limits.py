"""What a clause means by itself: its last day on time, its kind, its span, and which of two limits is definite."""

from datetime import date, timedelta

from plans.deadlines.composition import Clause, Reader
from plans.deadlines.draft import Cell
from plans.deadlines.items import Point
from plans.deadlines.vocabulary import PROGRESS_ACTS

PERIODS = {"month", "quarter", "half", "months", "year"}


def due_of(clause: Clause, cell: Cell, hours: list) -> date:
    """The last day on time: the day before what "trước" names, else its last day (a printed hour includes the day)."""
    point, year = clause.final, year_of(clause.final, cell)
    before = clause.op == "before" if clause.last is None else clause.before_last
    if not before:
        return point.end(year)
    if point.day is not None and (cell.before_is_inclusive or (hours and (hours[-1].hour or hours[-1].minute))):
        return point.end(year)
    if point.part in {"cuoi", "ha", "nua_cuoi", "giua"}:
        return point.end(year)
    return point.begin(year) - timedelta(days=1)


def year_of(point: Point, cell: Cell) -> int:
    return point.year or cell.plan_year or (cell.signed.year if cell.signed else 0) or 2000


def kind_of(clause: Clause) -> str:
    point = clause.first
    if clause.op in {"before", "before_end"}:
        return "before_date"
    if point.unit == "day":
        return "by_date"
    if point.unit == "month" and point.part:
        return "week" if point.part.startswith("tuan") else "month" if point.part == "cuoi" else "month_part"
    return {"half": "half_year", "months": "month_range"}.get(point.unit, point.unit)


def kind_of_list(clauses: list[Clause]) -> str:
    if all(c.op == "before" for c in clauses):
        return "before_date"
    units = {c.first.unit for c in clauses}
    if units == {"day"}:
        return "by_date"
    if "quarter" in units:
        return "quarter_list"
    if units == {"year"}:
        return "year_range"
    if units <= {"half", "year", "months"}:
        return "half_yearly" if "half" in units else "month_range"
    return "week" if all(c.first.part.startswith("tuan") for c in clauses) else "months"


def printed_years(clauses: list[Clause]) -> set[int]:
    return {p.year for c in clauses for p in (c.first, c.last) if p and p.year}


def next_year(day: date) -> date:
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def window_of(clause: Clause | None, cell: Cell) -> tuple[date, date, set[int]]:
    """The span a recurrence or a standing task runs over: the plan year, unless the cell says otherwise."""
    year = cell.plan_year or (cell.signed.year if cell.signed else 2000)
    if clause is None:
        return date(year, 1, 1), date(year, 12, 31), set()
    first, last = clause.first, clause.final
    begin, end = first.begin(year_of(first, cell)), due_of(clause, cell, [])
    if clause.last is None and clause.op in {"from", "after"}:
        begin = begin if clause.op == "from" else end + timedelta(days=1)
        end = date(max(begin.year, year), 12, 31)
    elif clause.last is None and (clause.op in {"by", "to", "before"} or first.unit == "day"):
        begin = date(min(year, end.year), 1, 1)
    if begin > end:
        end = next_year(end)
    return begin, end, {p.year for p in (first, last) if p.year}


def refine(clauses: list[Clause], reader: Reader) -> list[Clause]:
    """ "Trong Quý II, chậm nhất 15/6": the definite limit inside the period counts. Agreeing remarks in brackets go."""
    kept: list[Clause] = []
    for clause in clauses:
        before = kept[-1] if kept else None
        if before is None:
            kept.append(clause)
        elif clause.sep == "(" and _agrees(before, clause):
            continue
        elif _narrows(before, clause):
            kept[-1] = clause
        elif (
            _narrows(clause, before)
            and clause.op in {"", "within"}
            and clause.sep in {"", ",", "("}
            and clause.first.unit == "year"
        ):
            continue
        else:
            kept.append(clause)
    return kept


def _span(clause: Clause) -> tuple[date, date]:
    first, last = clause.first, clause.final
    year = first.year or 2000
    return first.begin(year), last.end(last.year or 2000)


def _agrees(outer: Clause, remark: Clause) -> bool:
    """A period in brackets that holds the date before it, or only names a report."""
    if remark.acts and remark.first.unit != "day" and remark.op == "":
        return True
    begin, end = _span(remark)
    return remark.first.unit != "day" and begin <= outer.final.end(outer.final.year or 2000) <= end


def _narrows(period: Clause, limit: Clause) -> bool:
    definite = (
        limit.op in {"before", "by", "to", "before_end"}
        or bool(set(limit.acts) & PROGRESS_ACTS)
        or limit.sep in {"(", ":"}
    )
    if (
        period.op not in {"", "within"}
        or (period.first.unit not in PERIODS and not period.last)
        or not definite
        or limit.sep in {"va", "or"}
    ):
        return False
    begin, end = _span(period)
    low, high = _span(limit)
    return begin <= high <= end + timedelta(days=1) and (high - low) < (end - begin)
