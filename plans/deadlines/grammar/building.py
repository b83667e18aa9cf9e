"""What all rules share: how one is registered, the printed year after a unit, and points from their numbers."""

import re
from collections.abc import Callable

from plans.deadlines.days import two_digit_year
from plans.deadlines.items import Item, Op, Point, Sep
from plans.deadlines.vocabulary import NUMBER_WORDS, YEAR

Rule = tuple[re.Pattern[str], Callable[[re.Match, list[Item]], list[Item] | None]]
"""A pattern and what it builds; the builder sees the items before it, and answers None where the rule does not fit."""

MONTH = r"\d{1,2}|gieng|chap|muoi mot|muoi hai|mot|hai|ba|bon|tu4|nam(?! \d)|sau6|bay|tam|chin|muoi"
TAIL = rf"(?: ?[/\-.] ?({YEAR})(?!\d)|/(\d\d)(?![\d/])|(?:,? cua)? nam ({YEAR})(?!\d)|\s({YEAR})(?![\d/]))?"
NEXT = r"(?:sau|ke tiep|tiep theo|lien ke|toi)(?![a-z0-9~])"
UNITS = {"thang": "month", "quy": "quarter", "nam": "year", "tuan": "week", "6 thang": "half", "06 thang": "half",
         "nua nam": "half", "ngay": "day", "nien": "year"}  # fmt: skip
HALF = r"0?6 thang|sau6 thang|nua nam"
WHICH_MONTH = {"dau": 1, "dau tien": 1, "giua": 2, "thu nhat": 1, "thu 1": 1, "thu hai": 2, "thu 2": 2}
"""Which month of its quarter; the third unless said otherwise."""


def registrar(rules: list[Rule]) -> Callable[[str], Callable]:
    """A decorator that adds a builder with its pattern to `rules`, in the order of the module."""

    def rule(pattern: str) -> Callable:
        def keep(builder: Callable) -> Callable:
            rules.append((re.compile(pattern), builder))
            return builder

        return keep

    return rule


def number_of(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS.get(text, 0)


def year_in(*groups: str | None) -> int | None:
    printed = next((g for g in groups if g), None)
    return two_digit_year(printed) if printed else None


def unit_of_list(items: list[Item]) -> str | None:
    """The unit of the list that is being read: "Tháng 6, " -> month."""
    seen_sep = False
    for item in reversed(items):
        if (isinstance(item, Sep) and item.mark in {",", ";", "va", "-", "or", "/", "\n"}) or (
            isinstance(item, Op) and item.name in {"to", "by"}
        ):
            seen_sep = True
        elif isinstance(item, Point) and seen_sep and not item.bare:
            return item.unit if item.unit in {"month", "quarter", "day"} else None
        else:
            return None
    return None


def day_point(day: str, month: str, year: int | None, words: str) -> Point:
    number = number_of(month)
    return Point("day", first=number, last=number, day=int(day), year=year, words=words)


def month_point(number: int, year: int | None, words: str, bare: bool = False) -> Point:
    return Point("month", first=number, last=number, year=year, words=words, bare=bare)


def quarter_point(number: int, year: int | None, words: str) -> Point:
    return Point("quarter", first=3 * number - 2, last=3 * number, year=year, words=words)
