"""The door of the reader: `parse_deadline`."""

import re
from datetime import date, datetime, timedelta

from plans.deadlines.composition import compose
from plans.deadlines.days import FIRST_YEAR, LAST_YEAR, vn
from plans.deadlines.draft import Cell, Draft, finish
from plans.deadlines.judgement import judge
from plans.deadlines.result import Deadline
from plans.deadlines.scanner import scan
from plans.deadlines.wording import LONGEST, canonical, is_blank, is_ditto

_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_SERIALS = range(32874, 73051)
"""Excel's count of days for 1990 to 2100 (day 0 is 30/12/1899)."""
_COMPACT = re.compile(r"(\d{8})")


def parse_deadline(
    text: str | None, *, plan_year: int | None, plan_signed: date | None, before_is_inclusive: bool = False
) -> Deadline:
    """Read one time cell of a plan of `plan_year`, signed on `plan_signed` (either may be unknown). Never raises.

    `before_is_inclusive` is the plan's switch: "trước ngày 10/6" then means by the 10th instead of by the 9th.
    """
    try:
        return _parse(text, _cell(plan_year, plan_signed, before_is_inclusive))
    except Exception:
        # Chosen: a wording that breaks a rule of the reader is unreadable, never a crash of an import of 500 rows.
        return unreadable("không đọc được thời hạn từ chữ in")


def unreadable(why: str) -> Deadline:
    """Words nobody can turn into a date: a person must."""
    return Deadline(
        "unspecified", ambiguous=True, why=why[:1].upper() + why[1:], codes=("ambiguous_deadline",), needs_input=True
    )


def _cell(plan_year: int | None, signed: date | None, inclusive: bool) -> Cell:
    if isinstance(signed, datetime):
        signed = signed.date()
    if signed is not None and not FIRST_YEAR <= signed.year < LAST_YEAR:
        signed = None
    if plan_year is not None and not FIRST_YEAR <= plan_year < LAST_YEAR:
        plan_year = None
    return Cell(plan_year, signed, inclusive)


def _parse(text: str | None, cell: Cell) -> Deadline:
    if is_blank(text):
        return Deadline(None, stated=False, codes=("missing_deadline",))
    text = str(text)
    if is_ditto(text):
        return Deadline("unspecified", ambiguous=True, needs_input=True, codes=("ditto",),
                        why="Ghi “như trên”: lấy thời hạn của dòng ngay phía trên")  # fmt: skip
    if len(text) > LONGEST:
        return unreadable("ô dài bất thường, không phải thời hạn")
    words = canonical(text)
    serial = _serial(words)
    if serial:
        return finish(serial, cell)
    reader = compose(scan(words))
    if cell.plan_year is None and not cell.signed and _needs_the_year(reader):
        return _no_year(judge(reader, Cell(2000, None)))
    year = cell.plan_year or (cell.signed.year if cell.signed else None)
    draft = judge(reader, Cell(year, cell.signed, cell.before_is_inclusive))
    if cell.plan_year is None and cell.signed and cell.signed.month >= 11 and draft.dates and not draft.years:
        draft.doubt("không biết năm của kế hoạch; lấy năm ký")
    return finish(draft, Cell(year, cell.signed, cell.before_is_inclusive))


def _needs_the_year(reader) -> bool:
    if not reader.clauses and not reader.recurs and not reader.has("ongoing"):
        return False
    return not any(p.year for c in reader.clauses for p in (c.first, c.last) if p)


def _no_year(draft: Draft) -> Deadline:
    """The kind is known, the dates are not: neither the cell nor the plan names a year."""
    return Deadline(draft.kind, ambiguous=True, needs_input=True, codes=("ambiguous_deadline", "needs_input"),
                    why="Không in năm và không biết năm của kế hoạch")  # fmt: skip


def _serial(words: str) -> Draft | None:
    """A number that Excel left behind instead of the date it showed."""
    match = _SERIAL.fullmatch(words.strip())
    if match and int(match[1]) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(match[1]))
        draft = Draft("by_date", [day], printed=day, inclusive=True, suggested=[day])
        draft.doubt(f"số ngày của Excel; có thể là {vn(day)}", "excel_serial")
        return draft
    match = _COMPACT.fullmatch(words.strip())
    if not match:
        return None
    for layout in ("%Y%m%d", "%d%m%Y"):
        try:
            day = datetime.strptime(match[1], layout).date()
        except ValueError:
            continue
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            draft = Draft("by_date", [day], printed=day, inclusive=True)
            draft.doubt("ngày in liền không có dấu ngăn cách")
            return draft
    return None
