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
from plans.importing.understanding.leftovers import carries_on, is_signature, is_sum, note_matters, numbers_agree
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import as_tuple, is_child, is_numbered_list, split_label
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.settling import is_blank_form
from plans.importing.understanding.tables import TaskTable

_COLUMN_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z])\)?$")
_NOTE_LINE = re.compile(r"^\(.*\)\.?$|^(?:\*+|ghi chú)\s*:?.*$", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"^(?:[-+•*–]\s|\d{1,2}\)\s|[a-zđ]\)\s)")
_NOTE_ROW = re.compile(r"^(?:\*|\(\*\)|ghi chú\b|lưu ý\b)", re.IGNORECASE)
_MAX_TITLE = 130
_GUESSED = "Bảng không có dòng tên cột; các cột được nhận ra theo nội dung của ô. Hãy kiểm tra lại từng cột."


def read_rows(found: TaskTable, headings: Headings) -> tuple[list[RawTask], list[Warning]]:
    """The tasks of one table; headings go on from the table before. Also the warnings for the whole document."""
    return _Walk(found, headings).tasks()


class _Walk:
    def __init__(self, found: TaskTable, headings: Headings) -> None:
        self._found = found
        if not found.inherited:
            headings.base = list(found.titles)
        self._headings = headings
        self._tasks: list[RawTask] = []
        self._notes: list[Warning] = []
        self._open_section_above()
        self._lines = [line for line in map(self._line, range(found.first_row, found.end)) if line]
        self._numbers_belong_to_headings = self._numbers_are_of_headings()
        self._pending: Line | None = None
        self._last: dict[str, str] = {}

    def _open_section_above(self) -> None:
        """A numbered heading may stand in the row above the head: "I. CẢI CÁCH THỂ CHẾ"."""
        above = self._found.head_rows[0] - 1 if self._found.head_rows else -1
        words = [cell.text for cell in self._found.table.distinct(above) if cell.text] if above >= 0 else []
        number, title = split_label(words[0]) if len(words) == 1 else ("", "")
        if number and title and words[0] not in self._found.titles:
            self._headings.push(number, title)

    def tasks(self) -> tuple[list[RawTask], list[Warning]]:
        for position, line in enumerate(self._lines):
            following = self._lines[position + 1] if position + 1 < len(self._lines) else None
            self._take_dittos(line)
            if self._is_heading(line, following):
                words = line.heading or line.text
                number, title = split_label(words) if line.across and not line.no else (line.no, words)
                self._headings.push(number, title or words)
            elif not line.has_cells and self._is_rest(line):
                self._continue(line)
            elif self._adds_to_merged(line):
                self._add_cells(line)
            elif self._is_rest_with_cells(line, position):
                self._continue_cells(line)
            else:
                self._task(line, following)
        if self._found.inherited:
            self._notes.append(warning("table_without_head", "", place=self._found.table.name))
        elif self._found.guessed:
            self._notes.append(warning("table_without_head", "", _GUESSED, self._found.table.name))
        return self._tasks, self._notes

    def _line(self, index: int) -> Line | None:
        row = self._found.table.rows[index]
        cells = [cell.text for cell in dict.fromkeys(row) if cell.text]
        if (
            not cells
            or self._is_head_again(row)
            or is_blank_form(cells)
            or (is_signature(cells) and not row[0].text[:1].isdigit())
        ):
            return None
        line = read_line(self._found, index)
        return None if is_sum(line) else line

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

    def _adds_to_merged(self, line: Line) -> bool:
        """A task merged over several rows that have agencies, or times, of their own, but not both, is one task."""
        cell = line.text_cell
        if not (self._tasks and cell and cell.text and cell.top < line.index) or line.across or line.heading_begins:
            return False
        return not (any(self._new_words(line, *TIME_ROLES)) and any(self._new_words(line, *AGENCY_ROLES)))

    def _new_words(self, line: Line, *roles: str) -> list[str]:
        """The words that begin in this row, in the columns of these roles."""
        row = self._found.table.rows[line.index]
        cells = [row[column.index] for column in self._found.of_role(*roles)]
        return [cell.text if cell.top == line.index else "" for cell in cells]

    def _add_cells(self, line: Line) -> None:
        task = self._tasks[-1]
        added = self._new_words(line, *AGENCY_ROLES)
        if len(added) == len(task.agencies):
            pairs = zip(task.agencies, added, strict=True)
            task.agencies = [(role, "\n".join(filter(None, (old, new)))) for (role, old), new in pairs]
        task.time_text = "\n".join(filter(None, (task.time_text, *self._new_words(line, "time", "end"))))
        task.product = "\n".join(filter(None, (task.product, *self._new_words(line, "product"))))
        task.footnotes.extend(line.footnotes)

    def _is_rest_with_cells(self, line: Line, position: int) -> bool:
        if not (self._tasks and self._tasks[-1].own_number) or not carries_on(line, self._tasks[-1]):
            return False
        if line.no_cell and line.no_cell.text:  # a number merged over several rows: each row is a task of its own
            return False
        after = next((one.no for one in self._lines[position + 1 :] if one.no), "")
        return numbers_agree(self._tasks[-1].no, after)

    def _continue_cells(self, line: Line) -> None:
        """Put every cell of a row to the one above it."""
        task = self._tasks[-1]
        agencies = dict(enumerate(line.agencies))
        task.agencies = [
            (role, join_words(words, agencies.get(place, ("", ""))[1]) if agencies.get(place, ("", ""))[1] else words)
            for place, (role, words) in enumerate(task.agencies)
        ]
        task.text = join_words(task.text, line.text) if line.text else task.text
        task.time_text = join_words(task.time_text, line.time) if line.time else task.time_text
        product = line.others.get("product", "")
        task.product = join_words(task.product, product) if product else task.product
        task.footnotes.extend(line.footnotes)
        if not any(one.code == "continued_row" for one in task.warnings):
            words = line.text or "; ".join(words for _, words in line.agencies if words)
            task.warnings.append(warning("continued_row", words))

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
            if _NOTE_ROW.match(words) and note_matters(words):
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
        if self._numbers_belong_to_headings or line.heading or line.deeper:
            self._push_own_heading(line)
        if self._numbers_belong_to_headings:
            own, rest = split_label(text)
            no, text = (own, rest) if own and rest and not is_numbered_list(rest) else (self._headings.number, text)
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
            own_number=not self._numbers_belong_to_headings
            and bool(self._found.of_role("no"))
            and not (line.no_cell and line.no_cell.top < line.index),
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
        """The words of the columns of headings open a section where they begin; below they are inherited."""
        if line.heading_begins:
            number = line.no if self._numbers_belong_to_headings else ""
            self._headings.push(number, line.heading, is_column=not number)
        for depth, cell in enumerate(line.deeper, start=1):
            if cell.text and (line.heading_begins or cell.top == line.index):
                self._headings.push("", cell.text, is_column=True, depth=depth)

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
