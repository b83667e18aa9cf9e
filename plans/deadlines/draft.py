"""A deadline in the making, and the checks each one goes through: clipping, the past, foreign years, weekends."""

from dataclasses import dataclass, field
from datetime import date

from plans.deadlines.days import FIRST_YEAR, LAST_YEAR, month_end, vn
from plans.deadlines.result import Deadline, Reading

MOST_DATES = 400
"""No cell stands for more dates than a weekly duty over the years of a plan."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known around the cell: the plan's year and signing day, and how the plan reads "trước ngày"."""

    plan_year: int | None
    signed: date | None
    before_is_inclusive: bool = False
    words: str = ""


@dataclass(slots=True)
class Draft:
    """`periods` of a recurring kind run beside `dates`, one for one, so that clipping drops both."""

    kind: str
    dates: list[date] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    completes: str = "each"
    clip: bool = False
    ongoing: bool = False
    doubts: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    readings: list[Reading] = field(default_factory=list)
    suggested: list[date] = field(default_factory=list)
    printed: date | None = None
    inclusive: bool | None = None
    time: str | None = None
    needs_input: bool = False
    note: str = ""
    years: set[int] = field(default_factory=set)
    """Years printed in the cell that the dates were built from."""
    long_term: bool = False
    """A range of years or "đến năm": a year after the plan's is meant."""

    def doubt(self, why: str, code: str = "ambiguous_deadline") -> None:
        if why not in self.doubts:
            self.doubts.append(why)
        self.codes.add(code)

    def alternative(self, dates: list[date] | tuple[date, ...], why: str) -> None:
        dates = tuple(sorted(set(dates)))
        if all(reading.due_dates != dates for reading in self.readings):
            self.readings.append(Reading(dates, why))


def finish(draft: Draft, cell: Cell) -> Deadline:
    """Clip, look at the past and at foreign years, and freeze the draft."""
    _keep_in_bounds(draft)
    if draft.clip and cell.signed:
        _clip(draft, cell.signed)
    past = _look_at_the_past(draft, cell)
    _look_at_the_years(draft, cell)
    dates = tuple(sorted(set(draft.dates)))
    if any(day.weekday() >= 5 for day in dates):
        draft.codes.add("weekend")
    if draft.needs_input:
        draft.codes.add("needs_input")
    ambiguous = bool(draft.doubts)
    readings = _readings(draft, dates) if ambiguous else ()
    has_day = draft.printed is not None
    return Deadline(
        kind=draft.kind, periods=tuple(dict.fromkeys(draft.periods)), due_dates=dates,
        completes=draft.completes if dates else None, ambiguous=ambiguous, why=_why(draft), readings=readings,
        suggested_due=tuple(sorted(set(draft.suggested))), ongoing=draft.ongoing, time=draft.time,
        printed_date=draft.printed, inclusive=draft.inclusive if has_day else None, past_at_signing=past,
        needs_input=draft.needs_input, codes=tuple(sorted(draft.codes)),
    )  # fmt: skip


def _why(draft: Draft) -> str:
    text = "; ".join(part for part in [*draft.doubts, draft.note] if part)
    return text[:1].upper() + text[1:]


def _readings(draft: Draft, dates: tuple[date, ...]) -> tuple[Reading, ...]:
    listed = ", ".join(vn(day) for day in dates[:6])
    words = f"theo chữ in: hạn {listed}" if dates else "theo chữ in: chưa xác định được ngày"
    if len(dates) > 6:
        words += f" … ({len(dates)} mốc)"
    others = [reading for reading in draft.readings if reading.due_dates != dates]
    return (Reading(dates, words), *others)


def _keep_in_bounds(draft: Draft) -> None:
    good = [day for day in draft.dates if FIRST_YEAR <= day.year <= LAST_YEAR]
    if len(good) < len(draft.dates) or len(good) > MOST_DATES:
        draft.doubt("năm in trong văn bản không hợp lý", "impossible_date")
        good = good[:MOST_DATES]
    draft.dates = good


def _clip(draft: Draft, signed: date) -> None:
    """Recurring, ongoing and range kinds keep only the dates on or after the signing day (if any is left)."""
    kept = [day for day in draft.dates if day >= signed]
    if not kept or len(kept) == len(draft.dates):
        return
    if len(draft.periods) == len(draft.dates):
        pairs = zip(draft.periods, draft.dates, strict=True)
        draft.periods = [period for period, day in pairs if day >= signed]
    draft.dates = kept


def _look_at_the_past(draft: Draft, cell: Cell) -> bool:
    if not cell.signed or not draft.dates or min(draft.dates) >= cell.signed:
        return False
    gone = [day for day in draft.dates if day < cell.signed]
    draft.doubt(f"hạn {vn(gone[0])} trước ngày ký kế hoạch ({vn(cell.signed)})", "past_at_signing")
    shifted = _in_year_of_plan(draft, cell)
    if shifted and min(shifted) >= cell.signed:
        draft.suggested = draft.suggested or shifted
        draft.alternative(shifted, f"năm in nhầm, đúng ra là năm {cell.plan_year}")
    elif not shifted:
        later = [_with_year(day, day.year + 1) if day < cell.signed else day for day in draft.dates]
        draft.alternative(later, "hạn của năm sau")
    return True


def _in_year_of_plan(draft: Draft, cell: Cell) -> list[date]:
    """The same days in the plan's year, when the printed year is another one."""
    if cell.plan_year is None or not draft.years or cell.plan_year in draft.years or draft.long_term:
        return []
    move = cell.plan_year - max(draft.years)
    return [_with_year(day, day.year + move) for day in draft.dates]


def _with_year(day: date, year: int) -> date:
    """The same day of another year; the end of February stays its end."""
    if day == month_end(day.year, day.month):
        return month_end(year, day.month)
    return day.replace(year=year)


def _look_at_the_years(draft: Draft, cell: Cell) -> None:
    """A printed year outside the plan's is told; it is doubtful when it looks like a slip of the pen."""
    year = cell.plan_year
    if year is None or not draft.years or draft.years <= {year}:
        return
    draft.codes.add("year_mismatch")
    if draft.long_term or not draft.dates or "past_at_signing" in draft.codes:
        return
    before = min(draft.years) < year and cell.signed is None
    far = year not in draft.years and max(draft.dates) > date(min(year + 1, LAST_YEAR), 3, 31)
    if before or far:
        printed = ", ".join(str(y) for y in sorted(draft.years - {year}))
        draft.doubt(f"năm in ({printed}) khác năm của kế hoạch ({year})", "year_mismatch")
        shifted = [day for day in _in_year_of_plan(draft, cell) if not cell.signed or day >= cell.signed]
        draft.suggested = draft.suggested or shifted
        if shifted:
            draft.alternative(shifted, f"năm in nhầm, đúng ra là năm {year}")
