"""Words that notices and letters share."""

from collections.abc import Sequence
from datetime import date


def written_day(day: date) -> str:
    """Return the day as official documents write it: 03/6/2024, 12/02/2024 (Decree 30/2020, appendix I)."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def cut(words: str, length: int) -> str:
    """Return the words, cut at a word's end when they are longer than ``length`` characters."""
    words = " ".join(words.split())
    return words if len(words) <= length else words[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def closed(words: str) -> str:
    """Return the words with a full stop where another sentence follows them."""
    return words if words.endswith((".", "…", "!", "?", ";", ":")) else f"{words}."


def some_of(names: Sequence[str], shown: int = 3, others: str = "cơ quan khác") -> str:
    """Return "A, B, C và 12 cơ quan khác"."""
    rest = len(names) - shown
    listed = ", ".join(names[:shown])
    return f"{listed} và {rest} {others}" if rest > 0 else listed
