"""A cell as words and separators, in the three spellings that the reader compares: printed, folded, without
diacritics."""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from agencies.folding import fold, nfc, unaccent

AND = "va"
LINE = "¶"
BRACKET = "⟦"
_TOKEN = re.compile(r"[^\W_]+|\n|[^\w\s]|_")
_BLANKS = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a separator; ``key`` folded, ``plain`` without diacritics; ``content`` is what a bracket holds."""

    text: str
    key: str
    plain: str
    is_word: bool
    content: str = ""


@functools.lru_cache(maxsize=20000)
def _word(text: str) -> Token:
    key = fold(text)
    if key == "và":
        return Token(text, key, AND, False)
    return Token(text, key, unaccent(text), True)


@functools.lru_cache(maxsize=500)
def _mark(text: str) -> Token:
    plain = {"\n": LINE, "&": AND, "[": "(", "]": ")"}.get(text, text)
    return Token(text, plain, plain, False)


def clean(text: str) -> str:
    """Return the cell composed, with one kind of dash and of space, line ends kept, Markdown stars outside bullets
    removed."""
    plain = (
        nfc(_CONTROLS.sub("", text)).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").translate(_DASHES)
    )
    plain = re.sub(r"\*+(?=[^\s*])|(?<=[^\s*])\*+|\*{2,}|__+", "", plain)
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in plain.split("\n")).strip()


@functools.lru_cache(maxsize=20000)
def compact(text: str) -> tuple[str, str]:
    """Return the keys of a name, folded and without diacritics: its words run together without "và" and punctuation.

    "Sở LĐ-TB&XH", "Sở LĐTBXH" and "Sở LĐ, TB và XH" have the same keys.
    """
    words = [_word(found.group()) for found in _TOKEN.finditer(clean(text)) if found.group()[0].isalnum()]
    words = [word for word in words if word.is_word]
    return "".join(word.key for word in words), "".join(word.plain for word in words)


class Words:
    """The tokens of a text. ``flat`` is their plain form joined by single spaces, on which patterns are matched at
    a token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self._spans: list[tuple[int, int]] = []
        for token, start, end in _tokens(text):
            self.tokens.append(token)
            self._spans.append((start, end))
        self.flat = " ".join(token.plain for token in self.tokens) + " "
        self._starts: list[int] = []
        place = 0
        for token in self.tokens:
            self._starts.append(place)
            place += len(token.plain) + 1
        self._starts.append(place)

    def __len__(self) -> int:
        return len(self.tokens)

    def match(self, pattern: re.Pattern[str], at: int) -> int | None:
        """Return the token after a pattern that starts at a token, or None. The pattern must end at a token's end."""
        if at > len(self.tokens):
            return None
        found = pattern.match(self.flat, self._starts[at])
        if not found or found.end() == found.start():
            return None
        return bisect_left(self._starts, found.end())

    def plain(self, at: int) -> str:
        """Return the plain form of a token, empty past the end."""
        return self.tokens[at].plain if at < len(self.tokens) else ""

    def is_word(self, at: int) -> bool:
        """Say whether a token is a word (and no separator)."""
        return at < len(self.tokens) and self.tokens[at].is_word

    def printed(self, start: int, end: int) -> str:
        """Return the words of a span as printed, on one line, without separators at its ends."""
        end = min(end, len(self.tokens))
        if start >= end:
            return ""
        return " ".join(self.text[self._spans[start][0] : self._spans[end - 1][1]].split()).strip(" ,;:.-+•")

    def sub(self, start: int, end: int) -> str:
        """Return the plain form of a span."""
        return self.flat[self._starts[start] : self._starts[min(end, len(self.tokens))]].strip()


_CLOSE = {"(": ")", "[": "]"}


def _tokens(text: str) -> Iterator[tuple[Token, int, int]]:
    place = 0
    while found := _TOKEN.search(text, place):
        piece, start, place = found.group(), found.start(), found.end()
        if piece in _CLOSE:
            end = _closing(text, start)
            place = min(len(text), end + 1) if end < len(text) and text[end] in ")]" else end
            yield Token(piece, BRACKET, BRACKET, False, text[start + 1 : end].strip()), start, place
        elif piece not in (")", "]"):
            yield (_word(piece) if piece[0].isalnum() else _mark(piece)), start, place


def _closing(text: str, start: int) -> int:
    """Return the place of the bracket that closes the one at ``start``; without one, the end of the clause."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] in "([":
            depth += 1
        elif text[place] in ")]":
            depth -= 1
            if not depth:
                return place
    stop = re.compile(r"[;\n]").search(text, start)
    return stop.start() if stop else len(text)
