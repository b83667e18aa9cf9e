"""Operators (trước, đến, từ), what joins entries, and labels of entries."""

import re

from plans.deadlines.grammar.building import Rule, registrar
from plans.deadlines.items import Item, Op, Sep

RULES: list[Rule] = []
rule = registrar(RULES)


@rule(r"truoc (?:va|hoac|hay) trong|tro ve truoc|ve truoc")
def _up_to(match: re.Match, items: list[Item]) -> list[Item]:
    if match[0].endswith("trong"):
        return [Op("by")]
    for item in reversed(items):
        if isinstance(item, Op) and item.name == "from":
            item.name = "by"
            break
    return []


@rule(r"(?:xong |cham nhat |muon nhat |den |cham nhat la )?truoc(?: thoi diem| thoi han| het)*(?! (?:day|mat))")
def _before(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("before_end" if "het" in match[0] else "before")]


@rule(
    r"cham nhat(?: la)?|muon nhat(?: la)?|tre nhat(?: la)?|khong (?:qua|(?:muon|cham|tre) (?:hon|qua)|sau"
    r"|de qua)|han cuoi(?: cung)?|han chot|thoi han cuoi(?: cung)?|ket thuc|tinh den"
)
def _by(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("by")]


@rule(r"(?:cho )?den(?: het| cuoi cung)?|toi(?! thieu| da)(?: het)?|keo dai den")
def _to(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("to")]


@rule(r"(?:bat dau )?(?:ke )?tu(?! \d+ gio)|bat dau")
def _from(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("from")]


@rule(r"sau(?![a-z~])")
def _after(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("after")]


@rule(r"trong(?! tam)(?: vong)?(?![a-z~])|vao|het|ngay(?= het)")
def _within(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("within")]


@rule(r"cuoi(?= ngay \d)")
def _end_of_day(match: re.Match, items: list[Item]) -> list[Item]:
    return []


@rule(r"khoang|tam")
def _about(match: re.Match, items: list[Item]) -> list[Item]:
    return [Op("about")]


@rule(r"hoac(?: la)?|hay\b")
def _or(match: re.Match, items: list[Item]) -> list[Item]:
    return [Sep("or")]


@rule(r"va(?![a-z~])|cung voi")
def _and(match: re.Match, items: list[Item]) -> list[Item]:
    return [Sep("va")]


@rule(r"[-;,&+/\n():|]")
def _mark(match: re.Match, items: list[Item]) -> list[Item]:
    mark = match[0]
    return [Sep({"&": "va", "+": "va", "|": ";"}.get(mark, mark))]


@rule(r"(?:dot|lan|ky|buoc|giai doan|gd)(?: thu)? (?:\d{1,2}|i{1,3}|iv|mot|hai|ba|nhat|nhi)(?![\d/.\-]|i)(?! ?- ?20)")
def _label(match: re.Match, items: list[Item]) -> list[Item]:
    return []
