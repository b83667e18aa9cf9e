"""Where the rows of a table begin that has no lines between them: only the numbers of the rows tell."""

from itertools import pairwise

from plans.importing.reading.pdf_letters import Word
from plans.importing.reading.pdf_lines import words_of

_NEAR = 3.0
"""Points between the heights of words that stand beside each other."""
_Line = list[Word]


def row_edges(numbers: list[Word], band: tuple[float, float], columns: list[list[_Line]]) -> list[float]:
    """The heights that part the rows of a band, its upper and lower edge among them; empty when they cannot be known.

    ``columns`` are the lines of each column from top to bottom. A number stands at the top of its row, or in the middle
    of it; where neither fits the words beside it, the rows are better left together than cut at a wrong place.
    """
    if _all_on_top(numbers, columns):
        return [band[0], *(number.top - 1.5 for number in numbers[1:]), band[1]]
    return _edges_of_middles(numbers, band, columns)


def _all_on_top(numbers: list[Word], columns: list[list[_Line]]) -> bool:
    """Whether beside each number most columns begin a line, and hardly any of these goes on with the one above it."""
    if any(line[0].top < numbers[0].top - _NEAR for column in columns for line in column):
        return False
    doubtful = 0
    for number in numbers:
        begun = [_beside(number, column) for column in columns]
        if sum(place is not None for place in begun) * 2 < len(columns):
            return False
        doubtful += any(
            place and words_of(column[place])[0].islower() for place, column in zip(begun, columns, strict=True)
        )
    return not _too_many(doubtful, numbers)


def _beside(number: Word, column: list[_Line]) -> int | None:
    """Which line of a column stands beside a number."""
    return next(
        (place for place, line in enumerate(column) if any(abs(word.top - number.top) < _NEAR for word in line)), None
    )


def _edges_of_middles(numbers: list[Word], band: tuple[float, float], columns: list[list[_Line]]) -> list[float]:
    """The edges when each number stands in the middle of its row: each row reaches as far below it as above it."""
    edges = [band[0]]
    for number in numbers:
        edges.append(2 * number.middle - edges[-1])
    height = numbers[0].bottom - numbers[0].top
    if abs(edges[-1] - band[1]) > height or any(lower - upper < height / 2 for upper, lower in pairwise(edges)):
        return []
    edges[-1] = band[1]
    words = [word for column in columns for line in column for word in line]
    cut = any(word.top + 0.3 * height < edge < word.bottom - 0.3 * height for edge in edges[1:-1] for word in words)
    return [] if cut or _too_many(sum(_goes_on(edge, columns) for edge in edges[1:-1]), numbers) else edges


def _goes_on(edge: float, columns: list[list[_Line]]) -> bool:
    """Whether in some column the words below a height go on with a sentence above it."""
    below = [next((place for place, line in enumerate(column) if line[0].middle > edge), 0) for column in columns]
    return any(place and words_of(column[place])[0].islower() for place, column in zip(below, columns, strict=True))


def _too_many(doubtful: int, numbers: list[Word]) -> bool:
    """A cell here and there begins with a small letter; where many seem to, rows are parted at wrong heights."""
    return doubtful * 5 > len(numbers)
