"""The stack of headings over a task, as printed: "III. …" > "2. …" > "2.1. …"."""

from collections.abc import Sequence
from dataclasses import dataclass

from agencies.folding import squeeze
from plans.importing.understanding.numbers import level_of

_COLUMN_LEVEL = 14
_UNNUMBERED_LEVEL = 8
_TOP = -1


@dataclass(frozen=True)
class _Heading:
    level: int
    number: str
    title: str

    @property
    def printed(self) -> str:
        if not self.number:
            return self.title
        return f"{self.number}{')' if self.number.islower() else '.'} {self.title}"


class Headings:
    """The headings that are open at this point of the document."""

    def __init__(self, base: Sequence[str] = ()) -> None:
        self._stack: list[_Heading] = []
        self.base = list(base)
        """What stands over the whole list: an appendix, a section of the body."""

    def push(self, number: str, title: str, is_column: bool = False, depth: int = 0) -> None:
        """Open a heading; those as deep or deeper are closed. ``is_column``: words of a column of headings, always deepest.

        ``depth`` tells columns of headings that stand side by side apart: 0 is the leftmost.
        """
        title = squeeze(title)
        level = self._level(number, is_column) + (depth if is_column else 0)
        while self._stack and self._stack[-1].level >= level:
            self._stack.pop()
        self._stack.append(_Heading(level, number, title))

    def _level(self, number: str, is_column: bool) -> int:
        if is_column:
            return _COLUMN_LEVEL
        if number:
            return level_of(number)
        numbered = [heading for heading in self._stack if heading.number]
        return _UNNUMBERED_LEVEL if numbered else _TOP

    def close_before(self, number: str) -> None:
        """Close headings that cannot stand over a task with this number: 3.3 is not under "2. …"."""
        level = level_of(number)
        if "." not in number:
            while self._stack and self._stack[-1].number and level <= self._stack[-1].level < 12:
                self._stack.pop()
            return
        self._stack = [
            heading
            for heading in self._stack
            if not heading.number[:1].isdigit() or number.startswith(f"{heading.number}.")
        ]

    def path(self, number: str = "") -> list[str]:
        """The printed headings from the highest down."""
        return self.base + [heading.printed for heading in self._stack if heading.number != number or not number]

    @property
    def number(self) -> str:
        """The number of the lowest numbered heading."""
        return next((heading.number for heading in reversed(self._stack) if heading.number), "")
