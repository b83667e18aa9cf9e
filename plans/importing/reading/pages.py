"""One table again from the pieces that page ends made of it.

A piece follows directly on another, has as many columns, and repeats its head or has none. The first row of a piece may
be the rest of the row before it: then the two are one. They are kept apart when the numbers show that rows are lost
between them, because joining would give a false but plausible row.
"""

import re
from itertools import pairwise

from agencies.folding import fold
from plans.importing.columns import role_of
from plans.importing.document import Cell, Paragraph, Table

_NUMBER = re.compile(r"^\(?(\d{1,3}(?:\.\d{1,3})*)[.)]?$")
_NEW_ITEM = re.compile(r"^(?:[-+•*]|\d{1,2}[.)]|[a-zđ]\)|[IVX]+\.)\s")


def join_tables(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Put adjacent pieces of a table together; other blocks stay."""
    result: list[Paragraph | Table] = []
    grown: Table | None = None
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Table) and isinstance(last, Table) and _is_piece(last, block):
            if grown is not last:
                _measure(last, 0)
                grown = last
            _append(last, block)
        else:
            result.append(block)
    return result


def _is_piece(table: Table, piece: Table) -> bool:
    if table.width != piece.width or table.width < 2 or "Khung" in table.name or "Khung" in piece.name:
        return False
    return bool(_repeated_head(table, piece)) or not _has_own_head(piece)


def _has_own_head(piece: Table) -> bool:
    roles = [role_of(cell.text) for cell in piece.distinct(0)]
    return sum(bool(role) for role in roles) >= max(2, len(roles) - 1) or roles[:1] == ["no"]


def _head_height(table: Table) -> int:
    """Rows of the head: more than one when a cell of the first row reaches down."""
    height = max(cell.top + cell.height for cell in table.rows[0])
    return height if height <= 3 else 1


def _repeated_head(table: Table, piece: Table) -> int:
    """How many rows at the top of the piece repeat the head of the table (0 when they do not)."""
    height = _head_height(table)
    if height >= len(piece.rows):
        return 0
    for above, below in zip(table.rows[:height], piece.rows[:height], strict=True):
        for original, copy in zip(above, below, strict=True):
            whole, part = fold(original.text), fold(copy.text)
            if not whole.startswith(part) or (whole and not part):
                return 0
    return height if any(cell.text for cell in piece.rows[0]) else 0


def _append(table: Table, piece: Table) -> None:
    head = _repeated_head(table, piece)
    if head:
        _drop_overflow(table, piece, head)
    table.places += [table.place(row) for row in range(len(table.places), len(table.rows))]
    end = len(table.rows) - 1
    places = [piece.place(row) for row in range(head, len(piece.rows))]
    rows = piece.rows[head:]
    while rows and not any(cell.text for cell in rows[0]):
        rows = rows[1:]
        del places[0]
    if rows:
        _continue_merges(table.rows[-1], rows)
        if _is_continued(table, rows):
            _join_row(table.rows[-1], rows)
            table.joined.add(len(table.rows) - 1)
            del places[0]
            rows = rows[1:]
    table.rows.extend(rows)
    table.places += places
    _measure(table, end)


def _measure(table: Table, start: int) -> None:
    """Say again from this row on where each cell begins and how many rows it covers; the row itself knows its beginning."""
    seen = {id(cell) for cell in table.rows[start]} if start else set()
    for place, row in enumerate(table.rows[start:], start=start):
        for cell in {id(cell): cell for cell in row}.values():
            if id(cell) not in seen:
                seen.add(id(cell))
                cell.top = place
            cell.height = place - cell.top + 1


def _drop_overflow(table: Table, piece: Table, head: int) -> None:
    """A repeated head that lost its last line pushes that line into the first row below: take it out there."""
    if head >= len(piece.rows):
        return
    for column in range(table.width):
        whole, part = fold(table.rows[0][column].text), fold(piece.rows[0][column].text)
        cell = piece.rows[head][column]
        rest = whole[len(part) :].strip()
        if part and rest and cell.text and rest.startswith(fold(cell.text)):
            cell.text = ""


def _continue_merges(above: list[Cell], rows: list[list[Cell]]) -> None:
    """An empty cell over several rows at the top of a piece is the rest of a merged cell of the row above."""
    for column, cell in enumerate(rows[0]):
        if not cell.text and cell.height > 1 and above[column].height > 1:
            for row in rows:
                if row[column] is cell:
                    row[column] = above[column]


def _is_continued(table: Table, rows: list[list[Cell]]) -> bool:
    above, below = table.rows[-1], rows[0]
    if above[0] is not below[0] and (below[0].text or len({id(cell) for cell in below}) == 1):
        return False
    own = [(cell, above[column]) for column, cell in enumerate(below) if cell.text and cell is not above[column]]
    if not own:
        return False
    cells = list({id(cell): cell for cell, _ in own}.values())
    longest = max(cells, key=lambda cell: len(cell.text))
    if len(cells) == 1:
        return not longest.bold
    goes_on = longest.text[0].islower() or (
        any(cell.text[0].islower() for cell in cells) and len(cells) * 2 <= len(below)
    )
    return goes_on and not _rows_lost(table, rows)


def _rows_lost(table: Table, rows: list[list[Cell]]) -> bool:
    """Whether the numbers before and after the break cannot follow each other."""
    before = next((number for number in map(_number, reversed(table.rows)) if number), None)
    after = next(
        (number for number in (_number(row) for row in rows if row[0] is not table.rows[-1][0]) if number), None
    )
    return bool(before and after) and not follows(before, after)  # type: ignore[arg-type]


def _number(row: list[Cell]) -> tuple[int, ...] | None:
    match = _NUMBER.match(row[0].text.strip())
    return tuple(map(int, match[1].split("."))) if match else None


def follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether one number can come directly after another: 2.2 → 2.3, 2.2.1, 3; not 2.2 → 3.3."""
    if after[:-1] == before and after[-1] == 1:
        return True
    depth = len(after)
    return depth <= len(before) and after[:-1] == before[: depth - 1] and after[-1] == before[depth - 1] + 1


def _join_row(above: list[Cell], rows: list[list[Cell]]) -> None:
    """Put the first row below into the row above; what a merged cell below covers further down goes along."""
    done: set[int] = set()
    for column, (upper, lower) in enumerate(zip(above, rows[0], strict=True)):
        if lower is upper:
            continue
        if lower.text and id(lower) not in done:
            done.add(id(lower))
            upper.text = join_words(upper.text, lower.text)
        for row in rows[1 : lower.height] if lower.height > 1 else ():
            row[column] = upper


def join_words(above: str, below: str) -> str:
    """Two halves of a text: on one line when the second goes on with the sentence, else as a new paragraph."""
    if not above:
        return below
    return (
        f"{above}\n{below}"
        if _NEW_ITEM.match(below) or (above[-1] in ".;:" and not below[0].islower())
        else f"{above} {below}"
    )


def numbers_in_order(numbers: list[tuple[int, ...]]) -> list[int]:
    """Positions whose number does not follow the one before."""
    return [place + 1 for place, (before, after) in enumerate(pairwise(numbers)) if not follows(before, after)]
