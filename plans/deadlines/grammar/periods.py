"""Months, quarters, halves, years, and parts of them."""

import re

from plans.deadlines.grammar.building import (
    HALF,
    MONTH,
    TAIL,
    UNITS,
    Rule,
    day_point,
    month_point,
    number_of,
    quarter_point,
    registrar,
    unit_of_list,
    year_in,
)
from plans.deadlines.items import DayOnly, Item, Op, Part, Phrase, Point, Recur, Sep
from plans.deadlines.vocabulary import NUM, ROMANS, YEAR

_ROMAN_LIST = re.compile(
    rf"(?:i{{1,3}}|iv)(?: ?(?:[,;&+/]|-|va|den) ?(?:i{{1,3}}|iv))+(?: ?[/\-] ?{YEAR}| nam {YEAR}| {YEAR})?[ .;]*"
)
"""Quarters without their word: "II, III/2022", "III-IV/2023"."""
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
RULES: list[Rule] = []
rule = registrar(RULES)


@rule(
    rf"({NUM}) thang (dau|cuoi)(?! quy| cua quy)(?: cua)?(?: nam)?{TAIL}|(nua)(?: nam)? (dau|cuoi"
    rf"|sau)(?: cua)? ?(?:nam)?{TAIL}(?! thang)|h([12])[/ ]({YEAR})"
)
def _half_year(match: re.Match, items: list[Item]) -> list[Item] | None:
    if match[7] and "nam" not in match[0]:
        return None
    count = 6 if match[7] or match[13] else number_of(match[1])
    if count > 12:
        return None
    side = match[2] or match[8] or ("dau" if match[13] == "1" else "cuoi")
    year = year_in(match[3], match[4], match[5], match[6], match[9], match[10], match[11], match[12], match[14])
    first, last = (1, count) if side == "dau" else (13 - count, 12)
    return [Point("half" if count == 6 else "months", first=first, last=last, year=year, words=match[0])]


@rule(rf"(?:({HALF})|0?9 thang|(0?3 thang))(?! (?:\d|dau|cuoi))(?: nam ({YEAR})|/({YEAR}))?")
def _report_months(match: re.Match, items: list[Item]) -> list[Item]:
    year = (
        [Point("year", year=year_in(match[3], match[4]), words=match[0], part="context")]
        if match[3] or match[4]
        else []
    )
    return [Recur("half" if match[1] else "three" if match[2] else "nine", bare=True, words=match[0]), *year]


@rule(r"(?:(?:cac|trong) )?thang (\d{1,2})/(\d{1,2})(?![\d/])")
def _slashed_months(match: re.Match, items: list[Item]) -> list[Item] | None:
    if int(match[2]) > 12:
        return None
    second = month_point(int(match[2]), None, match[0])
    second.doubts.append("dấu gạch chéo giữa hai tháng chưa rõ nghĩa")
    return [month_point(int(match[1]), None, match[0]), Sep(","), second]


@rule(rf"(?:cac )?thang (i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})(?![a-z~]){TAIL}")
def _roman_month(match: re.Match, items: list[Item]) -> list[Item]:
    return [month_point(_ROMAN_MONTHS.index(match[1]) + 1, year_in(match[2], match[3], match[4], match[5]), match[0])]


@rule(rf"(?:(?:cac )?thang[ .]*|thg?\.? ?|t\. ?|t)(?:so )?({MONTH})(?![\da-z~]){TAIL}")
def _named_month(match: re.Match, items: list[Item]) -> list[Item] | None:
    if not match[0].startswith(("thang", "cac")) and not match[1].isdigit():
        return None
    point = month_point(number_of(match[1]), year_in(match[2], match[3], match[4], match[5]), match[0])
    if match[1] in {"chap", "gieng"}:
        point.doubts.append("tên tháng theo âm lịch")
    return [point]


@rule(
    rf"(?:cac )?quy (?:so |thu )?(i{{1,4}}v?|iv|vi{{0,4}}|vv|\d+|mot|nhat|hai|nhi|ba|bon|tu4"
    rf"|tu(?=$))(\??)(?![a-z~]){TAIL}"
)
def _named_quarter(match: re.Match, items: list[Item]) -> list[Item] | None:
    if not match[1]:
        return None
    number = (
        ROMANS.get(match[1], 0) if re.fullmatch("[iv]+", match[1]) else 4 if match[1] == "tu" else number_of(match[1])
    )
    point = quarter_point(min(number, 30), year_in(match[3], match[4], match[5], match[6]), match[0])
    if match[2]:
        point.doubts.append("chữ số La Mã in bằng số 1")
    return [point]


@rule(rf"({NUM}) quy (dau|cuoi)(?: cua)? nam{TAIL}")
def _edge_quarters(match: re.Match, items: list[Item]) -> list[Item] | None:
    count, year = number_of(match[1]), year_in(match[3], match[4], match[5], match[6])
    if not 1 <= count <= 3:
        return None
    first, last = (1, count) if match[2] == "dau" else (5 - count, 4)
    return [quarter_point(first, year, match[0]), Sep("-"), quarter_point(last, year, match[0])]


@rule(r"(\d+)(?:[.,]\d+)? ?%")
def _share(match: re.Match, items: list[Item]) -> list[Item]:
    return [Phrase("share", match[0])] if int(match[1]) < 100 else []


@rule(rf"quy (dau|cuoi)(?: tien| cung)?(?: cua)?(?: nam)?{TAIL}")
def _edge_quarter(match: re.Match, items: list[Item]) -> list[Item]:
    number = 1 if match[1] == "dau" else 4
    return [quarter_point(number, year_in(match[2], match[3], match[4], match[5]), match[0])]


@rule(rf"(i{{1,3}}|iv|[1-4](?![\d/.\-]?\d)(?!/[1-4])|0[1-4](?!\d))(?![a-z~%]){TAIL}")
def _listed_quarter(match: re.Match, items: list[Item]) -> list[Item] | None:
    year = year_in(match[2], match[4], match[5])
    number = ROMANS[match[1]] if match[1].isalpha() else int(match[1])
    if unit_of_list(items) == "quarter":
        return [quarter_point(number, year, match[0])]
    listed = not items and _ROMAN_LIST.fullmatch(match.string[match.start() :].strip())
    if match[1].isalpha() and (year or listed or match[0] == match.string.strip()):
        point = quarter_point(number, year, match[0])
        point.doubts.append("mất chữ “Quý” trước chữ số La Mã")
        return [point]
    return None


@rule(
    rf"(\d{{1,2}})(?![\d/.]|-\d{{1,2}}/|%)(?:[/\-]({YEAR})|(?: cua)? nam ({YEAR}))?(?!\d)(?! (?:ngay"
    rf"|thang(?! (?:dau|cuoi|giua|thu|sau|ke tiep))|gio|lan|phut|tuan|nam(?! \d)))"
)
def _listed_number(match: re.Match, items: list[Item]) -> list[Item] | None:
    unit = unit_of_list(items)
    if unit == "month":
        return [month_point(int(match[1]), year_in(match[2], match[3]), match[0])]
    if unit == "day":
        before = next(i for i in reversed(items) if isinstance(i, Point))
        return (
            [day_point(str(before.day), match[1], year_in(match[2], match[3]), f"thang {match[1]}")]
            if "thang" in before.words
            else None
        )
    if unit == "quarter" and int(match[1]) > 4:
        return [quarter_point(int(match[1]), None, match[0])]
    if match[2] or match[3]:
        return None
    return [DayOnly(int(match[1]), bare=True)]


@rule(r"nam (\d{3}|\d{5,}|[03-9]\d{3}|1[0-8]\d\d|2[1-9]\d\d)(?!\d)")
def _odd_year(match: re.Match, items: list[Item]) -> list[Item]:
    return [Point("year", year=1, words=match[0])]


@rule(
    rf"(?:(trong|ca|toan|het|cuoi|dau|giua|suot|den het|trong ca)(?: ca)? )?nam(?: (ke hoach"
    rf"|nay))?(?: ({YEAR}))?(?!\d)|({YEAR})(?![\d/:])"
)
def _whole_year(match: re.Match, items: list[Item]) -> list[Item] | None:
    year = year_in(match[3], match[4])
    lead = match[1] or ""
    if not year and not lead and not match[2]:
        return [Recur("year", bare=True, words=match[0])]
    ops: list[Item] = [Op("to")] if lead == "den het" else []
    part = {"dau": "dau", "giua": "giua"}.get(lead, "")
    point = Point("year", year=year, words=match[0], part=part)
    if lead in {"ca", "toan", "suot"} or " ca " in match[0]:
        point.part = "ca"
    return [*ops, point]


@rule(r"0?1 nam(?! \d)|mot nam(?! \d)")
def _one_year(match: re.Match, items: list[Item]) -> list[Item]:
    return [Recur("year", bare=True, words=match[0])]


@rule(r"(?:cac|nhung)? ?nam (?:tiep theo|ke tiep|sau)|(?:cac|nhung) nam (?:tiep theo|ke tiep|sau)|hang nam tiep theo")
def _and_later(match: re.Match, items: list[Item]) -> list[Item]:
    return [Phrase("later_years", match[0])]


@rule(
    r"(thuong|trung|ha) tuan(?: cua)?|(nua) (dau|cuoi|sau)(?: cua)?(?= thang| quy)|(?:15 ngay (dau)"
    r"|15 ngay (cuoi))(?: cua)?(?= thang)|10 ngay (dau|cuoi)(?: cua)?(?= thang)"
)
def _ten_days(match: re.Match, items: list[Item]) -> list[Item]:
    if match[1]:
        return [Part(match[1])]
    if match[6]:
        return [Part("thuong" if match[6] == "dau" else "ha")]
    return [Part("nua_dau" if (match[3] or match[4]) == "dau" else "nua_cuoi")]


@rule(
    r"(?:tuan(?: le)?(?: thu)? (\d|nhat|mot|hai|ba|bon|tu4|nam(?= thang)|dau(?: tien)?"
    r"|cuoi(?: cung)?)(?!\d)(?: ?- ?(?:tuan )?(\d)(?!\d))?|(dau|cuoi|giua) tuan (\d|dau"
    r"|cuoi)?)(?: cua)?"
)
def _week(match: re.Match, items: list[Item]) -> list[Item] | None:
    word = match[2] or match[1] or match[4]
    if not word:
        return None
    if word.startswith("cuoi"):
        return [Part("tuancuoi")]
    number = 1 if word.startswith("dau") else number_of(word)
    return [Part(f"tuan{number}")] if 1 <= number <= 5 else None


@rule(
    r"ngay (lam viec )?(?:cuoi cung|cuoi)(?: cua| trong)?|(dau|giua|cuoi|het"
    r"|trong)(?: cua)?(?= (?:(?:hang|moi|tung|cac) )?(?:thang|quy|t\d|q\d))|(dau|giua"
    r"|cuoi)(?= 20\d\d)"
)
def _part(match: re.Match, items: list[Item]) -> list[Item]:
    if match[0].startswith("ngay"):
        return [Part("cuoi_lam_viec" if match[1] else "cuoi")]
    word = match[2] or match[3]
    return [Op("within")] if word in {"het", "trong"} else [Part(word)]


@rule(r"(?:(?:hang|moi|tung) )?(thang|quy)(?![a-z~])(?! (?:dinh|che|trinh|hoach|mo)\b)")
def _bare_unit(match: re.Match, items: list[Item]) -> list[Item]:
    return [Recur(UNITS[match[1]], bare=True, words=match[0])]
