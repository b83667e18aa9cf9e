"""One row of a task table with its words put to the roles of their columns."""

import re
from dataclasses import dataclass, field

from plans.importing.columns import AGENCY_ROLES, TIME_ROLES, period_of
from plans.importing.document import Cell
from plans.importing.proposal import Warning
from plans.importing.reading.lines import looks_like_time
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import clean_number, is_numbered_list, split_label
from plans.importing.understanding.settling import is_mark
from plans.importing.understanding.tables import TaskTable
from plans.importing.understanding.ticks import TICKS

_LONGEST_NUMBER = 12
_BULLET = re.compile(r"^[-–—+*•●▪]+$")


@dataclass
class Line:
    """A row. ``across``: one cell covers the task, the agencies and the time, as headings do.

    ``heading`` are the words of the first column of headings, ``deeper`` the cells of those to its right.
    """

    index: int
    place: str
    no: str = ""
    heading: str = ""
    text: str = ""
    agencies: list[tuple[str, str]] = field(default_factory=list)
    time: str = ""
    start: str = ""
    time_kind: str = "text"
    others: dict[str, str] = field(default_factory=dict)
    footnotes: list[str] = field(default_factory=list)
    across: bool = False
    bold: bool = False
    no_cell: Cell | None = None
    text_cell: Cell | None = None
    heading_cell: Cell | None = None
    deeper: list[Cell] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    @property
    def has_cells(self) -> bool:
        """Whether an agency or a time is given."""
        return bool(self.time) or any(words for _, words in self.agencies)

    @property
    def words(self) -> str:
        """The words of the task, or of the heading beside it."""
        return self.text or self.heading

    @property
    def heading_begins(self) -> bool:
        """Whether the words of the heading column begin in this row and are not those of a merged cell above."""
        return bool(self.heading) and (self.heading_cell is None or self.heading_cell.top == self.index)


def read_line(found: TaskTable, index: int) -> Line:
    """Put the words of a row to their roles."""
    row = found.table.rows[index]
    text_cell = row[found.of_role("text")[0].index]
    line = Line(
        index, found.table.place(index), no_cell=_first(found, row, "no"), heading_cell=_first(found, row, "heading")
    )
    line.text_cell = text_cell
    line.across = _is_across(found, row, text_cell, line.heading_cell)
    if line.no_cell and line.no_cell is not text_cell and not _BULLET.match(line.no_cell.text):
        line.no = clean_number(line.no_cell.text)
    if line.heading_cell and line.heading_cell is not text_cell:
        line.heading = line.heading_cell.text
    line.deeper = [row[column.index] for column in found.of_role("heading")[1:] if row[column.index] is not text_cell]
    detail = _words(found, row, "detail")
    line.text = "\n".join(part for part in (text_cell.text, detail if detail != text_cell.text else "") if part)
    line.bold = text_cell.bold or bool(line.heading_cell and line.heading_cell.bold)
    line.footnotes = [note for cell in dict.fromkeys(row) for note in cell.notes if cell.top == index]
    if not line.across:
        _read_properties(found, row, line)
    alone = _alone_at_the_left(row, line)
    if alone:
        line.agencies, line.time, line.others = [], "", {}
        _words_alone(line, alone)
    if any(cell.nested and cell.top == index for cell in row):
        line.warnings.append(warning("nested_table", text_cell.text))
    if not found.of_role("no"):
        _number_in_text(line)
    return line


def _read_properties(found: TaskTable, row: list[Cell], line: Line) -> None:
    line.agencies = _agencies(found, row)
    printed = _words(found, row, "time", "end")
    line.time = printed or _ticked(found, row)
    line.start = _words(found, row, "start")
    times = found.of_role("time", "end")
    line.time_kind = row[times[0].index].value_kind if times else "text"
    if line.time and not printed:
        line.time_kind = TICKS
    line.others = {role: _words(found, row, role) for role in ("product", "funding", "note")}
    line.others["rest"] = _rest(found, row)


def _agencies(found: TaskTable, row: list[Cell]) -> list[tuple[str, str]]:
    """The words of each column of agencies. A cell over two columns counts once; a tick stands for the agency above it."""
    given: list[tuple[str, str]] = []
    ticked: dict[str, int] = {}
    seen: list[Cell] = []
    for column in found.of_role(*AGENCY_ROLES):
        cell = row[column.index]
        words = "" if any(cell is one for one in seen) else cell.text
        seen.append(cell)
        if is_mark(words):
            words = column.head.split(": ")[-1]
            if column.role in ticked:
                place = ticked[column.role]
                given[place] = (column.role, f"{given[place][1]}; {words}")
                continue
            ticked[column.role] = len(given)
        given.append((column.role, words))
    return given


def _first(found: TaskTable, row: list[Cell], role: str) -> Cell | None:
    columns = found.of_role(role)
    return row[columns[0].index] if columns else None


def _words(found: TaskTable, row: list[Cell], *roles: str) -> str:
    cells = (row[column.index].text for column in found.of_role(*roles))
    return "\n".join(dict.fromkeys(words for words in cells if words))


def _is_across(found: TaskTable, row: list[Cell], text: Cell, heading: Cell | None) -> bool:
    used = [row[column.index] for column in found.of_role(*AGENCY_ROLES, *TIME_ROLES)]
    covered = bool(used) and all(cell is text or cell is heading for cell in used)
    return covered or len(dict.fromkeys(row)) == 1


def _ticked(found: TaskTable, row: list[Cell]) -> str:
    """The periods whose columns are ticked: "Quý I; Quý III"."""
    return "; ".join(period_of(column.head) for column in found.of_role("mark") if row[column.index].text)


def _rest(found: TaskTable, row: list[Cell]) -> str:
    """Columns of persons, and columns that no rule knows: their words go to the note with their head before them."""
    return "; ".join(
        f"{column.head}: {row[column.index].text}"
        for column in found.of_role("person", "other", "")
        if column.head and row[column.index].text and not row[column.index].nested
    )


def _alone_at_the_left(row: list[Cell], line: Line) -> str:
    """The words of a heading or a note typed into the first cell, running over the empty cells beside it."""
    words = row[0].text
    if line.text or line.heading or line.across or any(cell.text for cell in row if cell is not row[0]):
        return ""
    is_short = len(words) <= _LONGEST_NUMBER if row[0] is line.no_cell else looks_like_time(words)
    return "" if is_short else words


def _words_alone(line: Line, words: str) -> None:
    number, rest = split_label(words)
    line.no, line.text = (number, rest) if number and rest else ("", words)
    line.across = True


def _number_in_text(line: Line) -> None:
    """A table without a column of numbers has them in front of the words."""
    number, rest = split_label(line.text)
    if number and rest and not line.text.startswith("(") and not is_numbered_list(rest):
        line.no, line.text = number, rest
