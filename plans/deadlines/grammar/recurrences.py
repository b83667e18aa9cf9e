"""Words that come back: hằng tháng, 6 tháng một lần, tháng cuối quý."""

import re

from plans.deadlines.grammar.building import (
    HALF,
    NEXT,
    TAIL,
    UNITS,
    WHICH_MONTH,
    Rule,
    month_point,
    number_of,
    registrar,
    year_in,
)
from plans.deadlines.items import DayOnly, Follow, Item, MonthOfQuarter, Phrase, Point, Recur
from plans.deadlines.vocabulary import NUM, ROMANS

RULES: list[Rule] = []
rule = registrar(RULES)


@rule(
    rf"({NUM}) (?:lan|ky|dot) ?(?:trong |moi |tren |mot |1 |/ ?|/1 )+(tuan|thang|quy|nam"
    rf"|{HALF})(?! \d)|(?:moi|hang|tung|mot|0?1) (tuan|thang|quy|nam|{HALF}) (?:co )?(?:it nhat "
    rf"|toi~? thieu )?({NUM}) (?:lan|ky|dot|bao cao)"
)
def _times(match: re.Match, items: list[Item]) -> list[Item]:
    return [Recur(UNITS[_half(match[2] or match[3])], times=number_of(match[1] or match[4]), words=match[0])]


def _half(word: str) -> str:
    return "6 thang" if re.fullmatch(HALF, word) else word


@rule(rf"({NUM}) (ngay|tuan|thang|quy|nam)(?: ?/ ?(?:1 |mot |1)?| (?:mot |1 )|/01 ?)lan")
def _every(match: re.Match, items: list[Item]) -> list[Item] | None:
    count, unit = number_of(match[1]), match[2]
    units = {(1, "thang"): "month", (3, "thang"): "quarter", (6, "thang"): "half", (12, "thang"): "year",
             (1, "quy"): "quarter", (2, "quy"): "half", (1, "nam"): "year", (1, "tuan"): "week",
             (2, "tuan"): "week"}  # fmt: skip
    return [Recur(units.get((count, unit), "unclear" if unit != "ngay" else "week"), words=match[0])]


@rule(r"(tuan|thang|quy|nua nam|nam)(?: ?/ ?| 1 | mot )lan")
def _once(match: re.Match, items: list[Item]) -> list[Item]:
    return [Recur(UNITS[match[1]], words=match[0])]


@rule(
    rf"(?:dinh ky )?(?:(?:vao )?(?:trong )?(?:hang|moi|tung|theo tung|dinh ky|theo"
    rf"|tat ca cac) )(?:cac )?({HALF}|0?3 thang|0?9 thang|12 thang|thang|quy|nam|tuan|nien)(?: (?:0?1"
    rf"|mot) (?:lan|ky)(?![a-z]))?(?! (?:hoc|nay|dinh|che|trinh|hoach|luat|\d{{1,2}}(?![\d])"
    rf"|i{{1,3}}v?\b|iv\b))"
)
def _recurring(match: re.Match, items: list[Item]) -> list[Item]:
    counted = {"3": "quarter", "9": "nine", "12": "year"}.get(match[1].split()[0].lstrip("0"))
    return [Recur(counted or UNITS[_half(match[1])], words=match[0])]


@rule(r"(?:cua )?thang(?= *(?:$|[;,.)\n]))")
def _day_of_month(match: re.Match, items: list[Item]) -> list[Item] | None:
    return [Recur("month", words=match[0])] if items and isinstance(items[-1], DayOnly) else None


@rule(r"thuong nien")
def _yearly(match: re.Match, items: list[Item]) -> list[Item]:
    return [Recur("year", words=match[0])]


@rule(
    r"(?:ca )?(?:cac|0?4|bon) quy(?: trong nam)?(?! (?:[iv]{1,4}|\d+)(?![a-z])| tiep| con)|(?:cac"
    r"|12) thang (?:trong|cua) nam(?: (20\d\d))?"
)
def _all_periods(match: re.Match, items: list[Item]) -> list[Item]:
    year = [Point("year", year=int(match[1]), words=match[1])] if match[1] else []
    return [Recur("quarter" if "quy" in match[0] else "month", words=match[0], plural=True), *year]


@rule(r"(?:theo )?dinh ky")
def _periodic(match: re.Match, items: list[Item]) -> list[Item]:
    return [Phrase("periodic", match[0])]


@rule(
    rf"thang (dau(?: tien)?|cuoi(?: cung)?|giua|thu (?:nhat|1|hai|2|ba|3)"
    rf"|lien ke)(?: ke tiep)?(?: cua)?(?: (?:hang|moi|tung|cac))? quy(?: ({NEXT}))?(?! (?:[iv]{{1,4}}"
    rf"|\d+)(?![a-z]))"
)
def _month_of_quarter(match: re.Match, items: list[Item]) -> list[Item]:
    return [MonthOfQuarter(WHICH_MONTH.get(match[1], 3) + (3 if match[2] else 0))]


@rule(rf"thang (dau(?: tien)?|cuoi(?: cung)?|giua|thu (?:nhat|1|hai|2|ba|3))(?: cua)? quy ([iv]+|\d)\??{TAIL}")
def _month_of_named_quarter(match: re.Match, items: list[Item]) -> list[Item]:
    number = ROMANS.get(match[2], 0) if match[2].isalpha() else int(match[2])
    month = 3 * number - 3 + WHICH_MONTH.get(match[1], 3)
    return [month_point(month, year_in(match[3], match[4], match[5], match[6]), match[0])]


@rule(r"(?:cua )?nam (?:lien )?truoc(?! (?:ngay|thang|quy|khi|nam|\d))")
def _year_before(match: re.Match, items: list[Item]) -> list[Item] | None:
    return [Follow("year_before")] if items and isinstance(items[-1], Point) else None


@rule(rf"(?:cua )?(?:dau )?(thang|quy|nam) {NEXT}")
def _follow(match: re.Match, items: list[Item]) -> list[Item]:
    return [Follow(UNITS[match[1]])]
