"""Finding the tables of tasks among all tables of a document, by the words of their heads."""

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
    with_task_column,
)
from plans.importing.document import Document, Table
from plans.importing.understanding.forms import upright
from plans.importing.understanding.settling import guess_columns, is_blank_form, settle
from plans.importing.understanding.titles import outline, sheet_title, title_in

_SEARCHED_ROWS = 25
_MAX_HEAD = 60
_NUMERIC = re.compile(r"^[+-]?[\d.,\s]+%?$")


@dataclass
class TaskTable:
    """A list of tasks: its columns, the first row below the head and the row after its last one.

    ``inherited``: the head is that of the table before; ``guessed``: there is no head, the columns were told by what
    stands in them. ``titles`` are the headings over the whole list.
    """

    table: Table
    columns: list[Column]
    first_row: int
    head_rows: list[int] = field(default_factory=list)
    inherited: bool = False
    guessed: bool = False
    end: int = -1
    titles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.end < 0:
            self.end = len(self.table.rows)

    def of_role(self, *roles: str) -> list[Column]:
        """The columns with one of these roles, from left to right."""
        return [column for column in self.columns if column.role in roles]

    @property
    def heads(self) -> list[str]:
        """The folded words of the heads, by column."""
        return [fold(column.head) for column in self.columns]


def find_task_tables(document: Document) -> list[TaskTable]:
    """The lists of tasks in order. A table without a head that has as many columns as the list before it follows on."""
    found: list[TaskTable] = []
    above = outline(document)
    for table in document.tables:
        if table.name.startswith("Khung"):
            continue
        lists = list(_lists_in(upright(table) or table))
        if not lists and found and _goes_on(table, found[-1]):
            lists = [TaskTable(table, found[-1].columns, 0, inherited=True)]
        if not lists and (guessed := guess_columns(table)):
            lists = [TaskTable(table, guessed, 0, guessed=True)]
        _name(lists, above.get(id(table), []))
        found += lists
    names = {tuple(one.titles) for one in found if not one.inherited}
    if len(names) < 2:  # one list, or lists that nothing tells apart, need no name
        for one in found:
            one.titles = []
    return found


def _name(lists: list[TaskTable], above: list[str]) -> None:
    """Give each list of a table the headings that stand over it."""
    start = 0
    for one in lists:
        head = one.head_rows[0] if one.head_rows else 0
        title = title_in(one.table, start, head) or ("" if above else sheet_title(one.table))
        one.titles = [*(above if not start else above[:-1]), *([title] if title else [])]
        start = one.end


def _lists_in(table: Table) -> Iterator[TaskTable]:
    """The lists of a table: a second head with other columns begins another one."""
    found = _with_head(table, 0, min(_SEARCHED_ROWS, len(table.rows)))
    while found:
        following = None
        for row in range(found.first_row, len(table.rows)):
            if _may_be_head(table, row) and (following := _with_head(table, row, row + 1)):
                if _same_columns(found, following):
                    following = None
                    continue
                found.end = _end_before(table, found, row)
                break
        found.columns = settle(table, found.columns, found.first_row, found.end)
        if _is_list(found):
            yield found
        found = following


def _may_be_head(table: Table, row: int) -> bool:
    """A quick look, for every row: a few short cells of which the first is the name of a column."""
    cells = [cell.text for cell in table.distinct(row) if cell.text]
    return len(cells) >= 3 and all(len(cell) < _MAX_HEAD for cell in cells) and bool(role_of(cells[0]))


def _same_columns(found: TaskTable, other: TaskTable) -> bool:
    return [one.role for one in found.columns if one.head] == [one.role for one in other.columns if one.head]


def _end_before(table: Table, found: TaskTable, head: int) -> int:
    """Where the list before ends: a title of the next list belongs to that one."""
    end = head
    while end > found.first_row + 1 and head - end < 3 and sum(bool(c.text) for c in table.distinct(end - 1)) < 2:
        end -= 1
    return end


def _with_head(table: Table, start: int, stop: int) -> TaskTable | None:
    """The first head of a list of tasks in these rows, with all rows below it."""
    for row in range(start, stop):
        height = _head_height(table, row)
        columns = with_task_column(_columns(table, row, height))
        roles = [column.role for column in columns]
        if is_task_head(roles) and _is_plausible_head(table, row):
            first = row + height
            return TaskTable(table, columns, first, list(range(row, first)))
    return None


def _is_list(found: TaskTable) -> bool:
    return not (_is_table_of_figures(found) or _is_table_of_people(found) or _is_form(found))


def _is_form(found: TaskTable) -> bool:
    """A form of report with the head of a task table and rows of dots to be filled in."""
    rows = (found.table.distinct(row) for row in range(found.first_row, found.end))
    words = [[cell.text for cell in row if cell.text] for row in rows]
    return any(words) and all(is_blank_form(row) for row in words if row)


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


def _is_table_of_figures(found: TaskTable) -> bool:
    """Scores and ranks beside an agency are no tasks."""
    body = found.table.rows[found.first_row : found.end]
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


def _is_table_of_people(found: TaskTable) -> bool:
    """The members of a committee and what each is in it; a list of tasks that names persons has times as well."""
    named = any(re.match(r"họ (?:và )?tên\b", head) for head in found.heads)
    return named and not found.of_role(*TIME_ROLES)


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
