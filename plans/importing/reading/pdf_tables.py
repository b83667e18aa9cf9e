"""A table of a PDF page: the boxes between its lines become a grid of cells with their words."""

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from operator import attrgetter, itemgetter

from agencies.folding import fold
from plans.importing.document import Cell, Table
from plans.importing.reading.limits import Budget
from plans.importing.reading.naming import TableNames
from plans.importing.reading.pdf_letters import Word
from plans.importing.reading.pdf_lines import cell_text, is_bold, lines, words_of
from plans.importing.reading.pdf_rows import row_edges

_ROW_NUMBER = re.compile(r"^(?:s?tt|số tt|\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[ivx]{1,5}\.?|[a-hđ][.)])$")
_UNDIVIDED = (
    "Trang {}: bảng không có đường kẻ giữa các dòng nên chưa tách được từng dòng. Hãy dùng bản Word, hoặc đối chiếu kỹ."
)
Remarks = list[tuple[str, str]]
_Box = tuple[float, float, float, float]


def inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    """Whether one box lies in another."""
    return (
        inner[0] >= outer[0] - 1 and inner[1] >= outer[1] - 1 and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1
    )


def read_table(
    boxes: list[_Box], words: list[Word], names: TableNames, page: int, budget: Budget
) -> tuple[Table, Remarks]:
    """The table that these boxes make (left, top, right, bottom), with the words that lie in them."""
    shelf = _Shelf(words)
    boxes, remarks = _with_rows(sorted(boxes, key=itemgetter(1, 0)), shelf, page)
    lefts = _edges([box[0] for box in boxes])
    tops = _edges([box[1] for box in boxes])
    budget.spend(cells=len(lefts) * len(tops))
    grid: list[list[Cell | None]] = [[None] * len(lefts) for _ in tops]
    for box in sorted(set(boxes), key=itemgetter(1, 0)):
        top, height = _span(tops, box[1], box[3])
        left, width = _span(lefts, box[0], box[2])
        held = shelf.held_by(box)
        cell = Cell(cell_text(held, box), top, left, height, width, is_bold(held))
        for row in grid[top : top + height]:
            row[left : left + width] = [cell] * width
    filled = [[cell or Cell("", r, c) for c, cell in enumerate(row)] for r, row in enumerate(grid)]
    result = Table(names.reserve(), filled)
    result.name = names.settle(result.name, fold(result.text[:4000]))
    result.places = [f"Trang {page}, dòng {place} của bảng" for place in range(1, len(filled) + 1)]
    return result, remarks


class _Shelf:
    """Words by their height, so that those of one cell are found without a look at all the others."""

    def __init__(self, words: list[Word]) -> None:
        self._words = sorted(words, key=attrgetter("middle"))
        self._heights = [word.middle for word in self._words]

    def held_by(self, box: tuple[float, ...]) -> list[Word]:
        """The words whose middle lies in the box."""
        first, end = bisect_left(self._heights, box[1]), bisect_right(self._heights, box[3])
        return [word for word in self._words[first:end] if box[0] <= (word.x0 + word.x1) / 2 <= box[2]]


def _with_rows(boxes: list[_Box], shelf: _Shelf, page: int) -> tuple[list[_Box], Remarks]:
    """Divide the bands of a table without lines between its rows, at the heights where the numbers of the rows stand."""
    result: list[_Box] = []
    remarks: Remarks = []
    left = min(box[0] for box in boxes)
    bands: dict[tuple[float, ...], list[_Box]] = {}
    for box in boxes:
        bands.setdefault(box[1:4:2], []).append(box)
    for (top, bottom), band in bands.items():
        first = next((box for box in band if abs(box[0] - left) < 2), None)
        beside = lines(shelf.held_by(first)) if first else []
        numbers = [line[0] for line in beside if _ROW_NUMBER.match(fold(words_of(line)))]
        if len(numbers) < 2 or len(numbers) * 2 < len(beside) or len(band) < 3:
            result += band
            continue
        edges = row_edges(numbers, (top, bottom), [lines(shelf.held_by(box)) for box in band])
        if not edges:
            remarks.append(("row_lost", _UNDIVIDED.format(page)))
            edges = [top, bottom]
        result += [(box[0], upper, box[2], lower) for box in band for upper, lower in pairwise(edges)]
    return result, remarks


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2:
            edges.append(value)
    return edges


def _span(edges: list[float], begin: float, end: float) -> tuple[int, int]:
    """The edge that is nearest to the beginning, and how many begin before the end (one at least)."""
    place = bisect_left(edges, begin)
    if place == len(edges) or (place and begin - edges[place - 1] <= edges[place] - begin):
        place -= 1
    return place, max(1, bisect_left(edges, end - 2) - bisect_left(edges, begin - 2))
