""" "n ngày kể từ ngày …", and what is counted rather than dated (02 đợt, 05 tin)."""

import re

from plans.deadlines.grammar.building import Rule, number_of, registrar, unit_of_list
from plans.deadlines.items import Act, Duration, Item, Op, Phrase
from plans.deadlines.vocabulary import NUM

RULES: list[Rule] = []
rule = registrar(RULES)


@rule(
    rf"(?:§ )?(?:({NUM})|(\d+)[-](\d+)) (ngay lam viec|ngay|tuan|thang|gio"
    rf"|nam)(?: lam viec)?(?:[,]? (?:(?:ke|tinh)? ?(?:tu|sau)|sau)(?: khi| ngay"
    rf"| thoi diem)? ([^;\n()]*))(?![\d])"
)
def _duration_from(match: re.Match, items: list[Item]) -> list[Item] | None:
    if re.match(r"\d|nam|thang|quy|dau|cuoi", match[5]):
        return None
    count = number_of(match[1]) if match[1] else int(match[3])
    after = any(isinstance(i, Op) and i.name == "after" for i in items[-1:])
    event = match[5]
    issue = re.match(r"(?:duoc )?(?:ke hoach(?: nay)? (?:duoc )?)?(?:ky|ban hanh|phe duyet)\b", event)
    other = re.search(
        r"quyet dinh|van ban|huong dan|thong bao|cong van|nghi|nhan|ket qua|hieu luc|§|luat|thong tu", event
    )
    return [Duration(count, match[4], "issue" if issue and not other else "other", match[0], after)]


@rule(
    rf"(?:truoc )?({NUM}) (ngay lam viec|ngay|tuan|gio)(?! (?:dau|cuoi|\d|thang|quy|trong|ngay \d))(?: truoc"
    rf"| lam viec)?[^;,()\n]*"
)
def _duration(match: re.Match, items: list[Item]) -> list[Item] | None:
    return None if re.search(r"\blan\b|/", match[0]) else [Duration(number_of(match[1]), match[2], "", match[0])]


@rule(
    rf"(?:chia (?:lam|thanh) )?({NUM}) (?:dot|lan|ky|giai doan)(?= ?[:;,(]|$)"
    rf"|0?[2-9] nam(?= ?\(? ?20\d\d)|\d+ (?:tin|bai|chuyen muc|hoi nghi|cuoc|lop|buoi|don vi|co quan"
    rf"|xa|huyen|van ban|phieu|nguoi|ho so|chuong trinh|bao cao)(?![a-z])"
)
def _quantity(match: re.Match, items: list[Item]) -> list[Item] | None:
    if " nam" in match[0] and unit_of_list(items):  # "tháng 6, 9 năm 2025": a month of the list with its year
        return None
    return []


@rule(r"(?:,? ?va )?(?:dinh huong|tam~? nhin)(?: den)?(?: nam)?(?: (20\d\d))?")
def _orientation(match: re.Match, items: list[Item]) -> list[Item]:
    return [Phrase("orientation", match[0])]


@rule(r"(?:long ghep )?(?:trong|cung|vao|voi) (?:cac |ky |dot )?bao cao")
def _in_a_report(match: re.Match, items: list[Item]) -> list[Item]:
    return [Act("bao cao")]
