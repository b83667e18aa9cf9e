"""Rows of a task table → tasks under their headings."""

import re

from agencies.folding import fold
from plans.deadlines import is_ditto
from plans.importing.columns import AGENCY_ROLES, TIME_ROLES
from plans.importing.document import Cell
from plans.importing.proposal import Warning
from plans.importing.reading.pages import join_words
from plans.importing.understanding.grid import Line, read_line
from plans.importing.understanding.headings import Headings
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import as_tuple, is_child, split_label
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.tables import TaskTable

_COLUMN_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z])\)?$")
_NOTE_LINE = re.compile(r"^\(.*\)\.?$|^(?:\*+|ghi chú)\s*:?.*$", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"^(?:[-+•*–]\s|\d{1,2}\)\s|[a-zđ]\)\s)")
_NOTE_ROW = re.compile(r"^(?:\*|\(\*\)|ghi chú\b|lưu ý\b)", re.IGNORECASE)
_MAX_TITLE = 130


def read_rows(found: TaskTable, headings: Headings) -> tuple[list[RawTask], list[Warning]]:
    """The tasks of one table; headings go on from the table before. Also the warnings for the whole document."""
    return _Walk(found, headings).tasks()


class _Walk:
    def __init__(self, found: TaskTable, headings: Headings) -> None:
        self._found = found
        self._headings = headings
        self._tasks: list[RawTask] = []
        self._notes: list[Warning] = []
        self._lines = [line for line in map(self._line, range(found.first_row, len(found.table.rows))) if line]
        self._numbers_belong_to_headings = self._numbers_are_of_headings()
        self._pending: Line | None = None
        self._last: dict[str, str] = {}

    def tasks(self) -> tuple[list[RawTask], list[Warning]]:
        for position, line in enumerate(self._lines):
            following = self._lines[position + 1] if position + 1 < len(self._lines) else None
            self._take_dittos(line)
            if self._is_heading(line, following):
                self._headings.push(line.no, line.heading or line.text)
            elif not line.has_cells and self._is_rest(line):
                self._continue(line)
            else:
                self._task(line, following)
        if self._found.inherited:
            self._notes.append(warning("table_without_head", "", place=self._found.table.name))
        return self._tasks, self._notes

    def _line(self, index: int) -> Line | None:
        row = self._found.table.rows[index]
        return None if not any(cell.text for cell in row) or self._is_head_again(row) else read_line(self._found, index)

    def _is_head_again(self, row: list[Cell]) -> bool:
        cells = [cell.text for cell in dict.fromkeys(row) if cell.text]
        heads = {part for head in self._found.heads for part in (head, *head.split(": "))}
        if cells and len(cells) > 1 and all(fold(cell) in heads for cell in cells):
            return True
        return (
            len(cells) >= 3
            and len(cells) >= len(dict.fromkeys(row)) - 1
            and all(_COLUMN_NUMBER.match(cell.strip()) for cell in cells)
        )

    def _numbers_are_of_headings(self) -> bool:
        """In a table with a column of headings: do the numbers count the headings or the tasks?"""
        if not self._found.of_role("heading") or not self._found.of_role("no"):
            return False
        full = [line for line in self._lines if line.has_cells and line.text]
        without = [line for line in full if not line.no or (line.no_cell and line.no_cell.top < line.index)]
        own = [
            line
            for line in full
            if line.no
            and line.no_cell
            and line.no_cell.top == line.index
            and (not line.heading or (line.heading_cell and line.heading_cell.top < line.index))
        ]
        return len(own) <= len(without)

    def _is_heading(self, line: Line, following: Line | None) -> bool:
        words = line.words
        if not words or line.has_cells:
            return False
        if _NOTE_ROW.match(words) or (line.others.get("product") and not line.across):
            return False
        if line.across and not (self._tasks and words[:1].islower()):
            return len(words) < 400
        if self._found.of_role("heading") and line.heading and not line.text:
            return True
        if line.no:
            return self._opens_section(line, following)
        if words[:1].islower() or _ITEM.match(words) or len(words) > _MAX_TITLE:
            return False
        return (
            line.bold
            or words == words.upper()
            or (following is not None and following.has_cells and words[-1] not in ".;")
        )

    def _opens_section(self, line: Line, following: Line | None) -> bool:
        """A numbered row without agency and time is a heading when what comes next stands under it."""
        if len(line.words) > 400 or self._pending is not None:
            return False
        if following is None:
            return False
        if not following.no:
            return following.has_cells or following.bold or not following.words[:1].islower()
        if line.no == following.no:
            return False
        return is_child(following.no, line.no) or (as_tuple(line.no) is None)

    def _is_rest(self, line: Line) -> bool:
        """A row without number, agency and time that carries on the task above."""
        if line.no or not self._tasks or not line.words:
            return bool(self._pending and line.no and is_child(line.no, self._pending.no))
        return True

    def _continue(self, line: Line) -> None:
        task = self._tasks[-1]
        words = line.words
        if self._pending is not None and line.no:
            self._headings.push(self._pending.no, self._pending.heading)
            task.heading_path = self._headings.path(line.no)
            task.no = line.no
            self._pending = None
            task.text = join_words(task.text, words)
            task.warnings.append(warning("continued_row", words))
        elif _NOTE_LINE.match(words) or _NOTE_ROW.match(words):
            task.note = f"{task.note}\n{words}".strip()
            if _NOTE_ROW.match(words):
                self._notes.append(warning("note_changes_task", words, place=line.place))
        else:
            task.text = join_words(task.text, words)
            if not any(one.code == "continued_row" for one in task.warnings):
                task.warnings.append(warning("continued_row", words))
        task.footnotes.extend(line.footnotes)

    def _task(self, line: Line, following: Line | None) -> None:
        self._pending = None
        title, text = self._split_title(line, following)
        no = line.no
        if self._numbers_belong_to_headings or line.heading:
            self._push_own_heading(line)
        if self._numbers_belong_to_headings:
            no = self._headings.number
        elif no:
            self._headings.close_before(no)
        if not text and line.heading_begins:
            text = line.heading
        task = self._raw(line, no, text)
        if not line.no and task.own_number and task.text[:1].islower():
            task.warnings.append(warning("row_lost", text[:120]))
        self._tasks.append(task)
        if title is not None:
            self._pending = line
            self._pending.heading = title

    def _raw(self, line: Line, no: str, text: str) -> RawTask:
        text, note = _split_note(text)
        notes = (note, line.others.get("note", ""), line.others.get("rest", ""))
        return RawTask(
            text,
            line.place,
            no,
            self._headings.path("" if self._numbers_belong_to_headings else no),
            line.agencies,
            line.time,
            line.start,
            line.others.get("product", ""),
            line.others.get("funding", ""),
            "\n".join(part for part in notes if part),
            line.footnotes,
            line.warnings,
            time_kind=line.time_kind,
            has_agency_column=bool(self._found.of_role(*AGENCY_ROLES)),
            has_time_column=bool(self._found.of_role(*TIME_ROLES)),
            own_number=not self._numbers_belong_to_headings and bool(self._found.of_role("no")),
        )

    def _split_title(self, line: Line, following: Line | None) -> tuple[str | None, str]:
        """Cut a heading off the cell: "5. Tiếp nhận …" over row 5.1; "Kết quả dịch vụ" over the items of row 4, before 4.1."""
        lines = [part for part in line.text.split("\n") if part.strip()]
        if not lines:
            return None, line.text
        number, rest = split_label(lines[0])
        if (
            len(lines) > 1
            and number
            and line.no
            and line.no != number
            and is_child(line.no, number)
            and len(rest) < _MAX_TITLE
        ):
            self._headings.push(number, rest)
            return None, "\n".join(lines[1:])
        if not (line.no and following and not following.has_cells and following.no.startswith(f"{line.no}.")):
            return None, line.text
        if len(lines) == 1:
            title, _, items = line.text.partition(" - ")
            items = f"- {items}" if items else ""
        else:
            title, items = lines[0], "\n".join(lines[1:])
        if (
            items
            and _ITEM.match(items)
            and not _ITEM.match(title)
            and len(title) < _MAX_TITLE
            and title[-1] not in ".;"
        ):
            return title.rstrip(":"), items
        return None, line.text

    def _push_own_heading(self, line: Line) -> None:
        """The words of the heading column open a section where they begin; below they are inherited."""
        if not line.heading_begins:
            return
        number = line.no if self._numbers_belong_to_headings else ""
        self._headings.push(number, line.heading, is_column=not number)

    def _take_dittos(self, line: Line) -> None:
        """ "-nt-" takes the words of the nearest row above that has some; other words are remembered for rows below."""
        taken: list[str] = []

        def settled(key: str, words: str) -> str:
            if words and is_ditto(words):
                taken.append(words)
                return self._last.get(key, words)
            if words:
                self._last[key] = words
            return words

        line.time = settled("time", line.time)
        line.agencies = [(role, settled(f"{place}{role}", words)) for place, (role, words) in enumerate(line.agencies)]
        line.others = {role: settled(role, words) for role, words in line.others.items()}
        if taken:
            line.warnings.append(warning("ditto", taken[0]))


def _split_note(text: str) -> tuple[str, str]:
    """A last paragraph that stands wholly in brackets is a note on the task, not the task."""
    lines = text.split("\n")
    if len(lines) > 1 and re.match(r"^\([^()]*(?:\([^()]*\)[^()]*)*\)\.?$", lines[-1].strip()) and len(lines[-1]) > 20:
        return "\n".join(lines[:-1]), lines[-1].strip()
    return text, ""
