"""Days, months, quarters: the arithmetic of the calendar, inside the years a plan can speak of."""

from calendar import monthrange
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1990, 2100


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def quarter_ends(first: date, last: date) -> tuple[date, ...]:
    """The quarter ends on or after `first` and on or before `last`."""
    ends = (month_end(year, month) for year in range(first.year, last.year + 1) for month in (3, 6, 9, 12))
    return tuple(day for day in ends if first <= day <= last)


def month_ends(first: date, last: date) -> tuple[date, ...]:
    ends = (month_end(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13))
    return tuple(day for day in ends if first <= day <= last)


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def quarter_name(day: date) -> str:
    return f"{day.year}-Q{quarter_of(day)}"


def month_name(day: date) -> str:
    return f"{day.year}-{day.month:02d}"


def valid_day(year: int, month: int, day: int) -> date | None:
    """The day, or None for 31/6, 30/2, month 13 and years no plan speaks of."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def nearest_day(year: int, month: int, day: int) -> date | None:
    """What an impossible date probably means: 31/6 the last of June, 6/30 (month first) the 30th of June."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if 1 <= month <= 12 and 29 <= day <= 31:
        return month_end(year, month)
    return valid_day(year, day, month)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month (Civil Code 2015, art. 148)."""
    index = day.year * 12 + day.month - 1 + months
    end = month_end(index // 12, index % 12 + 1)
    return end.replace(day=min(day.day, end.day))


def add_working_days(day: date, count: int) -> date:
    """`count` days later, without Saturdays, Sundays and the first day itself (Civil Code 2015, art. 147)."""
    for _ in range(min(count, 1000)):
        day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def two_digit_year(text: str) -> int:
    """Two digits are of this century; four digits stand for themselves."""
    return int(text) + 2000 if len(text) <= 2 else int(text)


def vn(day: date) -> str:
    """dd/MM/yyyy, as officials write it."""
    return f"{day:%d/%m/%Y}"
