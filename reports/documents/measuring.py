"""How long a line of words is on paper, in Times New Roman: rules under lines follow the length of the line."""

import unicodedata
from functools import cache

from pdfminer.fontmetrics import FONT_METRICS

CM_A_POINT = 2.54 / 72
_UNKNOWN = 500
_SAME_AS = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "“": '"', "”": '"', "’": "'", "…": "_", "\u00a0": " "})
"""Letters that the metrics do not hold, and a letter of about the same width; accents add none."""


def width_cm(words: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of words in centimetres, within about two per cent."""
    return sum(_letters(bold).get(letter, _UNKNOWN) for letter in _plain(words)) / 1000 * size * CM_A_POINT


def balanced(words: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break words into the fewest lines that fit into ``room`` cm, the longest line as short as can be.

    A single word wider than the room stays whole.
    """
    parts = words.split(" ")
    widths = [width_cm(part, size, bold=bold) for part in parts]
    space = width_cm(" ", size, bold=bold)
    fewest = len(_filled(parts, widths, space, room))
    low, high = max(widths), room
    if fewest == 1 or low >= high:
        return _filled(parts, widths, space, room)
    for _ in range(12):
        middle = (low + high) / 2
        if len(_filled(parts, widths, space, middle)) > fewest:
            low = middle
        else:
            high = middle
    return _filled(parts, widths, space, high)


def _filled(parts: list[str], widths: list[float], space: float, room: float) -> list[str]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for part, width in zip(parts, widths, strict=True):
        if lines[-1] and used + space + width > room:
            lines.append([])
            used = 0.0
        used += width + (space if lines[-1] else 0)
        lines[-1].append(part)
    return [" ".join(line) for line in lines]


def _plain(words: str) -> str:
    apart = unicodedata.normalize("NFD", words.translate(_SAME_AS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _letters(bold: bool) -> dict[str, int]:
    """Return widths in thousandths of the size: Times New Roman has the metrics of Times."""
    name = "Times-Bold" if bold else "Times-Roman"
    return {str(letter): int(width) for letter, width in FONT_METRICS[name][1].items()}
