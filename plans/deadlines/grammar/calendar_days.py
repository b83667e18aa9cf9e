"""Days, hours and the ways to write them, day first."""

import re

from plans.deadlines.days import two_digit_year
from plans.deadlines.grammar.building import (
    MONTH,
    TAIL,
    Rule,
    day_point,
    month_point,
    quarter_point,
    registrar,
    unit_of_list,
    year_in,
)
from plans.deadlines.items import DayOnly, Hour, Item, Op, Sep
from plans.deadlines.vocabulary import YEAR

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
RULES: list[Rule] = []
rule = registrar(RULES)


@rule(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)(?:[t ]{1,2}(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:z"
    r"|\+\d\d:?\d\d)?)?"
)
def _iso(match: re.Match, items: list[Item]) -> list[Item]:
    point = day_point(match[3], match[2], int(match[1]), match[0])
    hours = [Hour(int(match[4]), int(match[5]))] if match[4] and (int(match[4]) or int(match[5])) else []
    if match[4] and not hours and point.day == 1:
        point.doubts.append("bảng tính có thể đã đổi tháng thành ngày đầu tháng")
        point.code = "excel_month"
    return [*hours, point]


@rule(
    r"(\d{1,2})h([0-5]\d)(?!\d)|(\d{1,2}) ?(?:gio|h|g) ?(?:([0-5]?\d)(?!\d|[/.\-]\d| ?- ?\d"
    r"| ?thang))? ?(?:phut|')?(?=[^a-z]|$)|(\d{1,2}):([0-5]\d)(?::\d\d)?(?: ?h)?(?!\d)"
)
def _hour(match: re.Match, items: list[Item]) -> list[Item] | None:
    hour, minute = int(match[1] or match[3] or match[5]), int(match[2] or match[4] or match[6] or 0)
    return [Hour(hour, minute)] if hour <= 24 else None


@rule(r"(\d{1,2})[-/ ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ,]+(\d{4}|\d\d)(?!\d)")
def _english_day(match: re.Match, items: list[Item]) -> list[Item]:
    return [day_point(match[1], str(_ENGLISH.index(match[2]) + 1), two_digit_year(match[3]), match[0])]


@rule(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]*)[-/ .,]+(\d{4}|\d\d)(?!\d)")
def _english_month(match: re.Match, items: list[Item]) -> list[Item]:
    point = month_point(_ENGLISH.index(match[1]) + 1, two_digit_year(match[2]), match[0])
    point.doubts.append("bảng tính đã đổi cách ghi; có thể là một ngày chứ không phải cả tháng")
    return [point]


@rule(r"(\d{1,2}) ?- ?(\d{1,2})/(\d{4})(?![\d/])")
def _bare_span(match: re.Match, items: list[Item]) -> list[Item] | None:
    low, high = int(match[1]), int(match[2])
    after_day = items and isinstance(items[-1], Op) and items[-1].name == "day"
    if after_day or not (1 <= low < high <= 12):
        return [day_point(match[1], match[2], int(match[3]), match[0])]
    first, last = month_point(low, int(match[3]), match[0]), month_point(high, int(match[3]), match[0])
    last.doubts.append(f"cũng có thể là ngày {low}/{high}/{match[3]}")
    last.code = f"or_day:{low}"
    return [first, Sep("-"), last]


@rule(r"(?:(?:ngay|mung|mong) )?(\d{1,2})[/.\-](\d{1,2})[/.\-](\d+)(?![/\-]\d)")
def _full_day(match: re.Match, items: list[Item]) -> list[Item]:
    if len(match[3]) in (2, 4):
        return [day_point(match[1], match[2], two_digit_year(match[3]), match[0])]
    return [day_point(match[1], match[2], 1, match[0])]


@rule(
    rf"(?:(?:ngay|mung"
    rf"|mong) ){{0,2}}(\d{{1,2}}) (?:ngay )?(?:cua )?(?:cac )?thang ({MONTH})(?![\da-z~])(?!-\d"
    rf"|/\d{{1,2}}(?!\d)){TAIL}"
)
def _worded_day(match: re.Match, items: list[Item]) -> list[Item] | None:
    return [day_point(match[1], match[2], year_in(match[3], match[4], match[5], match[6]), match[0])]


@rule(r"(?:ngay|mung|mong) (\d{1,2})(?: - |[-/.])(\d{1,2})(?![\d/])(?: nam (20\d\d)| (20\d\d))?(?! thang)(?!-\d)")
def _day_and_month(match: re.Match, items: list[Item]) -> list[Item] | None:
    if "-" in match[0] and int(match[2]) > 12:
        return None
    return [day_point(match[1], match[2], year_in(match[3], match[4]), match[0])]


@rule(rf"(\d{{1,2}})[/.]({YEAR})(?![\d/])|(\d{{1,2}}) ?- ?({YEAR})(?![\d/])")
def _bare_month(match: re.Match, items: list[Item]) -> list[Item]:
    number, year = match[1] or match[3], match[2] or match[4]
    if unit_of_list(items) == "quarter" and int(number) <= 4:
        return [quarter_point(int(number), int(year), match[0])]
    return [month_point(int(number), int(year), match[0], bare=unit_of_list(items) != "month")]


@rule(rf"(\d{{1,2}})([/.])(\d{{1,2}})(?![\d/])(?: nam ({YEAR})| ({YEAR}))?")
def _short_day(match: re.Match, items: list[Item]) -> list[Item] | None:
    day, month = int(match[1]), int(match[3])
    if month > 12 and day <= 12 and 19 <= month <= 40 and not (match[4] or match[5]):
        point = month_point(day, 2000 + month, match[0])
        point.doubts.append("năm chỉ in hai chữ số")
        return [point]
    if match[2] == "." and month > 12:
        return None
    return [day_point(match[1], match[3], year_in(match[4], match[5]), match[0])]


@rule(r"(?:ngay|mung|mong) (\d{1,2})(?!\d|[/.]\d)(?! gio)")
def _day_only(match: re.Match, items: list[Item]) -> list[Item]:
    return [DayOnly(int(match[1]))]
