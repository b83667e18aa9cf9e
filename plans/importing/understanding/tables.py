"""Finding the tables of tasks among all tables of a document, by the words of their heads."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agencies.folding import fold
from plans.importing.columns import (
    AGENCY_ROLES,
    TIME_ROLES,
    Column,
    is_task_head,
    role_of,
    text_strength,
    with_task_column,
)
from plans.importing.document import Cell, Document, Table

_SEARCHED_ROWS = 25
_NUMERIC = re.compile(r"^[+-]?[\d.,\s]+%?$")
_MARKED = re.compile(r"^[xX✓✔●■√v+]$")


@dataclass
class TaskTable:
    """A table of tasks: its columns, and the first row below the head. ``inherited``: the head is that of the table before."""

    table: Table
    columns: list[Column]
    first_row: int
    head_rows: list[int] = field(default_factory=list)
    inherited: bool = False

    def of_role(self, *roles: str) -> list[Column]:
        """The columns with one of these roles, from left to right."""
        return [column for column in self.columns if column.role in roles]

    @property
    def heads(self) -> list[str]:
        """The folded words of the heads, by column."""
        return [fold(column.head) for column in self.columns]


def find_task_tables(document: Document) -> Iterator[TaskTable]:
    """The tables of tasks in order. A table without a head that has as many columns as the task table before it follows on."""
    last: TaskTable | None = None
    for table in document.tables:
        if table.name.startswith("Khung"):
            continue
        found = _with_head(table)
        if found is None and last is not None and _goes_on(table, last):
            found = TaskTable(table, last.columns, 0, inherited=True)
        if found:
            last = found
            yield found


def _with_head(table: Table) -> TaskTable | None:
    for row in range(min(_SEARCHED_ROWS, len(table.rows))):
        height = _head_height(table, row)
        columns = with_task_column(_columns(table, row, height))
        roles = [column.role for column in columns]
        if not is_task_head(roles) or not _is_plausible_head(table, row):
            continue
        first = row + height
        found = TaskTable(table, _settle(table, columns, first), first, list(range(row, first)))
        return None if _is_table_of_figures(found) else found
    return None


def _is_plausible_head(table: Table, row: int) -> bool:
    cells = [cell for cell in table.distinct(row) if cell.text]
    named = [cell for cell in cells if role_of(cell.text)]
    return len(cells) >= 2 and all(len(cell.text) < 120 for cell in cells) and len(named) * 2 >= len(cells)


def _head_height(table: Table, row: int) -> int:
    """Rows of the head: what its merged cells cover, and a second row that only divides some of the columns."""
    height = max(cell.top + cell.height - row for cell in table.rows[row])
    if height > 3 or row + height > len(table.rows):
        height = 1
    below = row + height
    divided = any(cell.width > 1 for cell in table.distinct(row)) or any(not cell.text for cell in table.distinct(row))
    if height == 1 and divided and below < len(table.rows):
        cells = [cell for cell in table.distinct(below) if cell.text and cell not in table.rows[row]]
        first_is_empty = not table.rows[below][0].text or table.rows[below][0] in table.rows[row]
        if cells and first_is_empty and all(role_of(cell.text) and len(cell.text) < 60 for cell in cells):
            return 2
    return height


def _columns(table: Table, row: int, height: int) -> list[Column]:
    columns: list[Column] = []
    above = ""
    for index in range(table.width):
        upper = table.rows[row][index].text
        lower = table.rows[row + height - 1][index].text if height > 1 else upper
        if height > 1 and not upper and lower:
            upper = above  # a divided head without merged cells: the words stand over its first column only
        above = upper or above
        head = lower if lower == upper or not upper else f"{upper}: {lower}" if lower else upper
        columns.append(Column(index, role_of(lower or upper, upper if lower != upper else ""), head))
    return columns


def _settle(table: Table, columns: list[Column], first: int) -> list[Column]:
    """One column is the task; others that could be become headings or details, by what stands in them."""
    texts = [column for column in columns if column.role == "text"]
    settled = list(columns)
    if len(texts) > 1:
        best = min(texts, key=lambda column: (text_strength(column.head), column.index))
        for column in texts:
            if column is not best:
                is_heading = column.index < best.index and _is_sparse(table, column.index, first)
                settled[column.index] = Column(column.index, "heading" if is_heading else "detail", column.head)
    for column in settled[:]:
        cells = [table.rows[row][column.index].text for row in range(first, len(table.rows))]
        filled = [cell for cell in cells if cell]
        if column.role == "mark" and not (filled and all(_MARKED.match(cell.strip()) for cell in filled)):
            settled[column.index] = Column(column.index, "other", column.head)
    return _one_cell_twice(table, settled, first)


def _one_cell_twice(table: Table, columns: list[Column], first: int) -> list[Column]:
    """A head over two grid columns whose cells are merged below is one column."""
    for left, right in itertools.pairwise(columns):
        if (
            left.role
            and left.role == right.role
            and all(row[left.index] is row[right.index] for row in table.rows[first:])
        ):
            columns[right.index] = Column(right.index, "other", "")
    return columns


def _is_sparse(table: Table, column: int, first: int) -> bool:
    cells = [row[column] for row in table.rows[first:]]
    return any(not cell.text or cell.height > 1 or cell.width > 1 for cell in cells)


def _is_table_of_figures(found: TaskTable) -> bool:
    """Scores and ranks beside an agency are no tasks."""
    body = found.table.rows[found.first_row :]
    numeric = 0
    for column in found.columns:
        cells = [row[column.index].text for row in body if row[column.index].text]
        if (
            column.role not in ("no", "mark", *TIME_ROLES)
            and cells
            and sum(bool(_NUMERIC.match(cell)) for cell in cells) * 2 > len(cells)
        ):
            numeric += 1
    return numeric >= 2 and not found.of_role(*TIME_ROLES)


def _goes_on(table: Table, last: TaskTable) -> bool:
    """Whether a table without a head carries on the columns of the task table before it."""
    if table.width != last.table.width or len(table.rows) < 1:
        return False
    agencies = [column.index for column in last.of_role(*AGENCY_ROLES)] or [
        column.index for column in last.of_role(*TIME_ROLES)
    ]
    text = last.of_role("text")[0].index
    full = [row for row in table.rows if row[text].text and any(row[index].text for index in agencies)]
    head = [cell for cell in table.rows[0] if role_of(cell.text)]
    return bool(full) and len(full) * 2 >= len(table.rows) and len(head) * 2 < table.width


def cell_of(row: list[Cell], column: Column) -> Cell:
    """The cell of a row in a column."""
    return row[column.index]
