"""Columns told by what stands in them: which of several is the task, what is only ticked, and tables without a head."""

import itertools
import re
from collections.abc import Sequence

from plans.importing.columns import COORDINATE, LEAD, MIXED, Column, text_strength
from plans.importing.document import Cell, Table
from plans.importing.reading.lines import looks_like_agency, looks_like_time
from plans.importing.understanding.numbers import clean_number, level_of

_MARKED = re.compile(r"^[xX✓✔●■√v+]$")
_DOTS = re.compile(r"^[\s.…_\-/]*$")
_MOSTLY = 0.6
_SHORT_TASK = 15
"""Mean length of the words of a task, at least."""


def is_mark(words: str) -> bool:
    """Whether a cell is only ticked."""
    return bool(_MARKED.match(words.strip()))


def is_blank_form(cells: Sequence[str]) -> bool:
    """Whether a row waits to be filled in: nothing but dots beside its number."""
    dotted = [words for words in cells if _DOTS.match(words)]
    rest = [words for words in cells if not _DOTS.match(words)]
    return bool(dotted) and all(len(words) <= 4 for words in rest)


def settle(table: Table, columns: list[Column], first: int, end: int) -> list[Column]:
    """One column is the task; others that could be become headings or details, by what stands in them."""
    body = table.rows[first:end]
    settled = list(columns)
    texts = [column for column in columns if column.role == "text"]
    for column in texts:
        others = [one for one in texts if one.index > column.index and settled[one.index].role == "text"]
        if others and any(_holds_groups(body, column.index, other.index) for other in others):
            settled[column.index] = Column(column.index, "heading", column.head)
    texts = [column for column in settled if column.role == "text"]
    if len(texts) > 1:
        best = min(texts, key=lambda column: (text_strength(column.head), column.index))
        for column in texts:
            if column is not best:
                settled[column.index] = Column(column.index, "detail", column.head)
    for column in settled[:]:
        cells = list(dict.fromkeys(row[column.index] for row in body))
        task = next((one.index for one in settled if one.role == "text"), column.index)
        headings = {id(row[task]) for row in body} if task != column.index else set()  # cells merged over the columns
        filled = [cell.text for cell in cells if cell.text and id(cell) not in headings]
        ticked = bool(filled) and all(map(is_mark, filled))
        if column.role == "mark" and not ticked:
            settled[column.index] = Column(column.index, "other", column.head)
        elif column.role == "" and ticked and looks_like_agency(column.head.split(": ")[-1]):
            settled[column.index] = Column(column.index, MIXED, column.head)
    return _one_cell_twice(body, settled)


def _holds_groups(body: list[list[Cell]], left: int, right: int) -> bool:
    """Whether a cell at the left stands over several at the right: it is a heading, they are the tasks."""
    pairs = [(row[left], row[right]) for row in body if row[left] is not row[right]]
    lefts = dict.fromkeys(cell for cell, _ in pairs if cell.text)
    rights = dict.fromkeys(cell for _, cell in pairs if cell.text)
    alone = sum(1 for cell, other in pairs if cell.text and not other.text)
    return len(lefts) < len(rights) and alone <= len(rights)


def _one_cell_twice(body: list[list[Cell]], columns: list[Column]) -> list[Column]:
    """A head over two grid columns whose cells are merged below is one column."""
    for left, right in itertools.pairwise(columns):
        if left.role and left.role == right.role and all(row[left.index] is row[right.index] for row in body):
            columns[right.index] = Column(right.index, "other", "")
    return columns


def guess_columns(table: Table) -> list[Column]:
    """The columns of a table that nobody gave a head, or nothing where they do not show themselves.

    There must be a column of times and one of agencies: a list of other things is not taken for tasks.
    """
    if len(table.rows) < 2 or not 3 <= table.width <= 10:
        return []
    cells = [[row[index].text for row in table.rows if row[index].text] for index in range(table.width)]
    roles = [_guess(column, len(table.rows)) for column in cells]
    agencies = [index for index, role in enumerate(roles) if role == MIXED]
    free = [index for index, role in enumerate(roles) if not role and cells[index]]
    if roles.count("time") != 1 or not agencies or not free:
        return []
    text = max(free, key=lambda index: sum(map(len, cells[index])) / len(cells[index]))
    if sum(map(len, cells[text])) < _SHORT_TASK * len(cells[text]) or len(cells[text]) * 2 < len(table.rows):
        return []
    roles[text] = "text"
    if len(agencies) > 1:
        roles[agencies[0]] = LEAD
        for index in agencies[1:]:
            roles[index] = COORDINATE
    return [Column(index, role, "") for index, role in enumerate(roles)]


def _guess(cells: list[str], rows: int) -> str:
    """The role that the cells of a column give it: a number, a time, agencies, or nothing."""
    if len(cells) * 3 < rows:
        return ""
    least = max(2, len(cells) * _MOSTLY)
    if sum(level_of(clean_number(cell)) < 15 for cell in cells) >= least:
        return "no"
    if sum(map(looks_like_time, cells)) >= least:
        return "time"
    return MIXED if sum(map(looks_like_agency, cells)) >= least else ""
