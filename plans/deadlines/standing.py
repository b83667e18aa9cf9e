"""Standing tasks (thường xuyên, cả năm): check-points at the quarter ends, and the end closes."""

from datetime import date

from plans.deadlines.composition import Clause, Reader
from plans.deadlines.days import quarter_ends, quarter_name, vn
from plans.deadlines.draft import Cell, Draft
from plans.deadlines.limits import due_of, kind_of, printed_years, refine, window_of


def whole_year_alone(reader: Reader) -> bool:
    whole = [c for c in reader.clauses if c.first.part == "ca" and c.last is None]
    others = [c for c in reader.clauses if c not in whole]
    return len(whole) == 1 and (not others or (others[0].last is not None and others[0].sep == "("))


def ongoing(reader: Reader, cell: Cell) -> Draft:
    """The quarter ends of the plan year (or of the printed span) as check-points, the end closes."""
    clauses = refine(reader.clauses, reader)
    clauses = _joined_to_one(clauses)
    spans = [
        c
        for c in clauses
        if (c.last and not set(c.acts) & {"cao diem", "trong tam", "trong tam~", "tap trung"})
        or c.from_issue
        or (c.op in {"from", "to"} and not c.acts)
        or (not c.op and (c.within or c.sep in {"", "("}))
        or c.first.unit == "year"
    ]
    if clauses and (len(spans) != len(clauses) or len(clauses) > 1 or reader.kept_up):
        return _and_dates(clauses, reader, cell)
    begin, end, years = window_of(clauses[0] if clauses else None, cell)
    draft = _check_points(begin, end, cell)
    draft.years = years
    draft.long_term = begin.year != end.year
    if reader.has("later_years"):
        draft.doubt("không nêu năm kết thúc")
    if (
        clauses
        and clauses[0].first.unit == "day"
        and not clauses[0].last
        and clauses[0].op in {"", "before"}
        and not clauses[0].from_issue
    ):
        draft.doubt("vừa thường xuyên vừa có ngày cụ thể", "several_deadlines")
    return draft


def _joined_to_one(clauses: list[Clause]) -> list[Clause]:
    """ "Thường xuyên quý III, IV": neighbouring periods are one span."""
    units = {c.first.unit for c in clauses}
    if (
        len(clauses) < 2
        or len(units) != 1
        or units & {"day", "year"}
        or any(c.op or c.last for c in clauses)
        or clauses[0].sep not in {"", "("}
    ):
        return clauses
    return [Clause(clauses[0].first, clauses[-1].first, within=True)]


def _check_points(begin: date, end: date, cell: Cell) -> Draft:
    dates = (
        list(quarter_ends(begin, end))
        if end.year - begin.year < 2
        else [date(y, 12, 31) for y in range(begin.year, end.year)]
    )
    if end not in dates:
        dates.append(end)
    periods = [quarter_name(d) for d in dates] if end.year - begin.year < 2 else [str(d.year) for d in dates]
    return Draft("ongoing", dates, periods, "final", clip=True, ongoing=True)


def _and_dates(clauses: list[Clause], reader: Reader, cell: Cell) -> Draft:
    """ "Thường xuyên, báo cáo trước 15/12": two readings, a person chooses."""
    year = next((c for c in clauses if c.first.unit == "year"), None)
    begin, end, years = window_of(year, cell)
    draft = _check_points(begin, end, cell)
    draft.years = years
    dated = [c for c in clauses if c is not year]
    days = [due_of(c, cell, reader.hours) for c in dated]
    if reader.kept_up and len(dated) == 1:
        return _kept_up(dated[0], days, draft)
    draft.doubt("vừa thường xuyên vừa có thời hạn cụ thể", "several_deadlines")
    draft.alternative(days, "chỉ tính thời hạn cụ thể: " + ", ".join(vn(d) for d in sorted(days)))
    return draft


def _kept_up(clause: Clause, days: list[date], standing: Draft) -> Draft:
    """ "Hoàn thành trước 30/11 và duy trì": due on its day, perhaps also kept up to the end of the year."""
    draft = Draft(kind_of(clause), days, years=printed_years([clause]))
    draft.doubt("vừa có thời hạn cụ thể vừa duy trì thường xuyên", "several_deadlines")
    draft.alternative(standing.dates, "theo dõi thường xuyên đến hết năm")
    return draft
