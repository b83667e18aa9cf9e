"""Canonical words to items: dates, periods, recurrences, operators. Every word is accounted for."""

import re
from collections.abc import Callable

from plans.deadlines.grammar import AFTER_PHRASES, BEFORE_PHRASES
from plans.deadlines.grammar.building import Rule
from plans.deadlines.items import Act, Item, Phrase, Point, Unread
from plans.deadlines.vocabulary import ACTS, DOCUMENT, FILLER, PHRASES

_WORD = re.compile(r"[a-z0-9~%]+")
_SILENT = re.compile(r"[\s.:!?*%\"'=§]+|\d+%")
"""Signs that say nothing about time."""


def scan(words: str) -> list[Item]:
    """The items of a canonical wording, in order. Linear: each position is tried once against each rule."""
    words = DOCUMENT.sub("§", words)
    items: list[Item] = []
    at = 0
    while at < len(words):
        if words[at] == " ":
            at += 1
            continue
        at = _step(words, at, items)
    return items


def _step(words: str, at: int, items: list[Item]) -> int:
    at_word = (
        at == 0
        or not (words[at - 1].isalnum() and words[at].isalnum())
        or words[at - 1].isdigit() != words[at].isdigit()
    )
    if at_word:
        for pattern, build in _RULES:
            match = pattern.match(words, at)
            if match and match.end() > at and not _tears_a_word(words, match.end()):
                found = build(match, items)
                if found is not None:
                    items.extend(found)
                    return match.end()
    word = _word_at(words, at)
    if not _SILENT.fullmatch(word):
        items.append(Unread(word))
    return at + len(word)


def _word_at(words: str, at: int) -> str:
    match = _WORD.match(words, at)
    return match[0] if match else words[at]


def _tears_a_word(words: str, end: int) -> bool:
    return end < len(words) and words[end - 1].isalpha() and (words[end].isalpha() or words[end] == "~")


def _phrase_rule(name: str) -> Callable:
    def build(match: re.Match, items: list[Item]) -> list[Item]:
        hidden: tuple[Point, ...] = ()
        if name in {"per_document", "event", "as_needed"}:
            inner = (
                scan(re.sub(r"^\W*\w+\s?", "", match[0])) if len(match[0]) < 300 and len(match[0].split()) > 2 else []
            )
            hidden = tuple(i for i in inner if isinstance(i, Point) and i.unit != "year" and i.possible)
        return [Phrase(name, match[0].strip(), hidden)]

    return build


def _act(match: re.Match, items: list[Item]) -> list[Item]:
    return [Act(match[0])]


def _nothing(match: re.Match, items: list[Item]) -> list[Item]:
    return []


_RULES: list[Rule] = [
    *BEFORE_PHRASES,
    *((pattern, _phrase_rule(name)) for name, pattern in PHRASES),
    *AFTER_PHRASES,
    (ACTS, _act),
    (FILLER, _nothing),
]
