"""Duties that come back: every month, quarter, half-year, year, on a day of the month or at its end."""

from datetime import date, timedelta

from plans.deadlines.composition import Reader
from plans.deadlines.days import add_months, month_end, month_ends, month_name, quarter_ends, quarter_name, valid_day
from plans.deadlines.draft import Cell, Draft
from plans.deadlines.items import Recur
from plans.deadlines.limits import due_of, printed_years, window_of

_MONTHS = {
    "month": set(range(1, 13)),
    "quarter": {3, 6, 9, 12},
    "half": {6, 12},
    "year": {12},
    "three": {3},
    "nine": {9},
}
_KINDS = {"month": "monthly", "quarter": "quarterly", "half": "half_yearly", "year": "yearly"}


def recurring_words(reader: Reader) -> list[Recur]:
    """The recurrences of the cell. A bare "quý" counts only in a list ("quý, 6 tháng, năm") or beside a real one."""
    recurs = reader.recurs
    if reader.days and any(f.unit == "month" for f in reader.follows) and not recurs:
        reader.doubts.append("không ghi “hằng tháng”")
        return [Recur("month")]
    return recurs or ([Recur("quarter")] if reader.months_of_quarter else [])


def judge_recurring(reader: Reader, cell: Cell) -> Draft:
    real = [r for r in reader.recurs if not r.bare]
    if not real and len(reader.recurs) == 1 and not reader.months_of_quarter:
        return _bare(reader, reader.recurs[0], cell)
    if reader.days or reader.months_of_quarter:
        return _on_a_day(reader, cell)
    units = {r.unit for r in reader.recurs}
    if units <= {"week", "day"}:
        return _weekly(reader, cell)
    if "unclear" in units:
        draft = Draft("unspecified", needs_input=True)
        draft.doubt("chu kỳ không khớp tháng, quý hoặc năm")
        return draft
    if reader.clauses and not _is_window(reader):
        return _recurring_dates(reader, units, cell)
    return _by_period(reader, units, cell)


def _window(reader: Reader, cell: Cell) -> tuple[date, date, set[int]]:
    return window_of(reader.clauses[0] if reader.clauses else None, cell)


def _is_window(reader: Reader) -> bool:
    if len(reader.clauses) != 1:
        return False
    clause = reader.clauses[0]
    yearly = {r.unit for r in reader.recurs if not r.bare} == {"year"}
    if clause.first.unit == "year" or clause.last or clause.op in {"from", "after"}:
        return not (yearly and clause.last and clause.first.unit != "year")
    if yearly:
        return False
    return (clause.first.unit != "day" and clause.sep == "" and clause.op in {"", "within", "by", "to"}) or (
        clause.op in {"by", "to"} and clause.sep == "" and not clause.acts
    )


def _by_period(reader: Reader, units: set[str], cell: Cell) -> Draft:
    begin, end, years = _window(reader, cell)
    months = set().union(*(_MONTHS[u] for u in units if u in _MONTHS))
    times, unit = next(((r.times, r.unit) for r in reader.recurs if r.times > 1), (1, ""))
    exact = 12 // times if unit == "year" and times in {2, 3, 4, 6, 12} else None
    if exact:
        months |= set(range(exact, 13, exact))
    draft = Draft(_finest(units, months), clip=True, years=years, long_term=begin.year != end.year)
    ends = [d for d in month_ends(begin, end) if d.month in months]
    draft.dates = ends or [end]
    draft.periods = [_period_of(d, draft.kind, units) for d in draft.dates]
    if times > 1:
        draft.doubt(f"chỉ nêu số lần ({times} lần), không nêu thời điểm")
        draft.alternative([end], "đủ số lần đến cuối kỳ")
    if (
        draft.kind == "yearly"
        and reader.clauses
        and reader.clauses[0].op == "from"
        and reader.clauses[0].first.unit != "year"
    ):
        draft.doubt("chỉ nêu thời điểm bắt đầu trong năm")
    if "week" in units:
        draft.doubt("còn việc hằng tuần không lập hạn riêng")
    if any(p.name == "ongoing" for p in reader.phrases):
        _and_ongoing(draft, begin, end, cell)
    if reader.parts and any(
        p.part not in {"cuoi", "ha", "tuancuoi", "cuoi_lam_viec", "nua_cuoi"} for p in reader.parts
    ):
        _at_part(draft, reader, {"monthly": 1, "quarterly": 3, "half_yearly": 6}.get(draft.kind, 12))
    return draft


def _at_part(draft: Draft, reader: Reader, months: int) -> None:
    """ "Đầu mỗi quý": the first day of each; a middle or a week is not said exactly enough."""
    draft.doubt("đầu, giữa kỳ hoặc tuần trong kỳ có nhiều cách tính")
    part, ends = reader.parts[0].part, list(draft.dates)
    starts = [add_months(day.replace(day=1), 1 - months) for day in ends]
    draft.alternative(ends, "cuối mỗi kỳ")
    if part == "dau":
        draft.dates = starts
    elif months == 1:
        day = 7 * int(part[4:]) if part.startswith("tuan") else {"thuong": 10, "trung": 20}.get(part, 15)
        draft.dates = [start.replace(day=min(day, 28)) for start in starts]


def _finest(units: set[str], months: set[int]) -> str:
    if len(months) == 12:
        return "monthly"
    if "quarter" in units or "three" in units or "nine" in units or len(months) >= 3:
        return "quarterly"
    return "half_yearly" if len(months) == 2 else _KINDS.get(next(iter(units)), "yearly")


def _period_of(day: date, kind: str, units: set[str]) -> str:
    if kind == "monthly":
        return month_name(day)
    if kind == "quarterly":
        return quarter_name(day)
    if kind == "half_yearly":
        return f"{day.year}-H1" if day.month <= 6 else str(day.year) if "year" in units else f"{day.year}-H2"
    return str(day.year)


def _and_ongoing(draft: Draft, begin: date, end: date, cell: Cell) -> None:
    """ "Thường xuyên, hằng năm" is a standing task; with a finer rhythm it is not clear which counts."""
    points = list(quarter_ends(begin, end)) or [end]
    if draft.kind == "yearly":
        draft.kind, draft.dates, draft.periods = "ongoing", points, [quarter_name(d) for d in points]
        draft.completes, draft.ongoing = "final", True
        return
    draft.ongoing = True
    draft.doubt("vừa thường xuyên vừa định kỳ", "several_deadlines")
    kept = [d for d in points if not cell.signed or d >= cell.signed]
    draft.alternative(kept, "việc thường xuyên, mốc kiểm tra cuối mỗi quý")


def _weekly(reader: Reader, cell: Cell) -> Draft:
    """A date for every week would only be noise: a standing task, and a person may choose the weeks."""
    begin, end, years = _window(reader, cell)
    points = list(quarter_ends(begin, end)) or [end]
    draft = Draft("ongoing", points, [quarter_name(d) for d in points], "final", clip=True, ongoing=True, years=years)
    start = max(begin, cell.signed) if cell.signed and cell.signed <= end else begin
    friday = start + timedelta(days=(4 - start.weekday()) % 7)
    weeks = [friday + timedelta(weeks=n) for n in range(60) if friday + timedelta(weeks=n) <= end]
    draft.doubt("việc hằng tuần được theo dõi theo mốc quý, không lập hạn từng tuần")
    draft.alternative(weeks, "mỗi tuần một hạn, vào thứ Sáu")
    return draft


# --- on a day of the month -------------------------------------------------------------------------------


def _on_a_day(reader: Reader, cell: Cell) -> Draft:
    """ "Trước ngày 20 hằng tháng", "trước ngày 05 tháng đầu quý sau": the day before, or the day itself."""
    begin, end, years = _window(reader, cell) if not reader.clauses or _is_window(reader) else window_of(None, cell)
    units = {r.unit for r in reader.recurs}
    quarterly = bool(reader.months_of_quarter) or ("quarter" in units and "month" not in units)
    late = any(f.unit == "month" for f in reader.follows)
    next_quarter = any(f.unit == "quarter" for f in reader.follows)
    which = reader.months_of_quarter[0].which if reader.months_of_quarter else 4 if next_quarter else 3
    draft = Draft("quarterly" if quarterly else "monthly", clip=True, years=years, long_term=bool(years))
    before = reader.day_op == "before" and not cell.before_is_inclusive and not reader.hours
    for close in quarter_ends(begin, end) if quarterly else month_ends(begin, end):
        month = add_months(close.replace(day=1), which - 3 if quarterly else int(late))
        for number in [d.day for d in reader.days] or [31]:
            _add_day(draft, month, number, before, quarter_name(close) if quarterly else month_name(close))
    if not (reader.months_of_quarter or next_quarter or "month" in units or late):
        draft.doubt("không rõ ngày thuộc tháng nào của kỳ")
    if reader.parts or (reader.recurs and all(r.bare for r in reader.recurs) and not reader.months_of_quarter):
        draft.doubt("không rõ ngày thuộc tuần, tháng hay quý nào")
    if reader.months_of_quarter and "month" in units:
        draft.doubt("vừa có hạn hằng tháng vừa có hạn hằng quý", "several_deadlines")
    if not draft.dates:
        draft.doubt("ngày in không có trên lịch", "impossible_date")
    if len(units - {"month", "quarter"}) and not units <= {"month", "quarter", "half", "year"}:
        draft.doubt("còn chu kỳ khác trong ô")
    if reader.clauses and not _is_window(reader):
        draft.doubt("vừa có hạn định kỳ vừa có ngày cụ thể", "several_deadlines")
    return draft


def _add_day(draft: Draft, month: date, number: int, before: bool, period: str) -> None:
    day = valid_day(month.year, month.month, number)
    if day is None and 29 <= number <= 31:
        day, before = month_end(month.year, month.month), False
        if number < 31:
            draft.note = f"tháng không có ngày {number} lấy ngày cuối tháng"
    if day is not None:
        draft.dates.append(day - timedelta(days=1) if before else day)
        draft.periods.append(period)


def _recurring_dates(reader: Reader, units: set[str], cell: Cell) -> Draft:
    """ "trước ngày 15/6 và 15/12 hằng năm", "Quý IV hằng năm"; days beside "hằng quý" that name the day of each."""
    clauses = reader.clauses
    ends = sorted(due_of(clause, cell, reader.hours) for clause in clauses)
    draft = Draft("yearly", ends, [str(day.year) for day in ends], clip=True, years=printed_years(clauses))
    real = {r.unit for r in reader.recurs}
    if real == {"year"}:
        once_a_year = len(ends) == 1 or all(c.first.unit == "year" for c in clauses)
        draft.kind = "yearly" if once_a_year else {2: "half_yearly", 4: "quarterly"}.get(len(ends), "months")
        return draft
    months = set().union(*(_MONTHS[u] for u in real if u in _MONTHS)) or {12}
    draft.kind = _finest(real, months)
    if 2 <= len(ends) <= len(months) and all(c.first.unit == "day" for c in clauses):
        return draft
    begin, end, _ = window_of(None, cell)
    periodic = [d for d in month_ends(begin, end) if d.month in months and (not cell.signed or d >= cell.signed)]
    draft.dates, draft.periods = periodic, [_period_of(d, draft.kind, real) for d in periodic]
    draft.doubt("vừa có chu kỳ vừa có thời hạn cụ thể", "several_deadlines")
    draft.alternative(ends, "chỉ tính thời hạn cụ thể")
    return draft


def _bare(reader: Reader, recur: Recur, cell: Cell) -> Draft:
    """One word alone: "Quý" cut from its number, "6 tháng" that may be the first half or every half."""
    begin, end, years = window_of(reader.clauses[0] if reader.clauses and _is_window(reader) else None, cell)
    year = end.year
    if recur.unit in {"quarter", "month"}:
        name = "quý" if recur.unit == "quarter" else "tháng"
        draft = Draft(recur.unit, years=years)
        draft.doubt(f"chỉ có chữ “{name}”, thiếu số {name}")
        draft.suggested = [end] if recur.unit == "quarter" else []
        ends = quarter_ends(begin, end) if recur.unit == "quarter" else month_ends(begin, end)
        draft.alternative([d for d in ends if not cell.signed or d >= cell.signed], f"mỗi {name} một lần")
        return draft
    month = {"half": 6, "nine": 9, "three": 3, "year": 12}[recur.unit]
    kind = {"half": "half_year", "year": "year"}.get(recur.unit, "month_range")
    draft = Draft(kind, [month_end(year, month)], years=years)
    draft.periods = [f"{year}-H1"] if month == 6 else [str(year)] if month == 12 else [f"{year}-Q{month // 3}"]
    draft.doubt(f"“{recur.words}” đứng một mình có thể là kỳ báo cáo, cũng có thể là khoảng thời gian")
    if month == 6:
        draft.alternative([month_end(year, 6), date(year, 12, 31)], "định kỳ 6 tháng một lần")
    return draft
