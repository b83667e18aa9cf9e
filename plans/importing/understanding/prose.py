"""Duties in plain prose: sections under headings, agencies in headings or at the start of sentences, bullets as tasks."""

import re
from dataclasses import dataclass, field, replace

from agencies.folding import fold
from plans.importing.columns import AGENCY_ROLES, IMPLEMENT, MIXED, role_of
from plans.importing.document import Document, Paragraph, Table
from plans.importing.proposal import Assignment, Warning
from plans.importing.understanding import verbs
from plans.importing.understanding.duties import agencies_of_heading, is_general_duty, split_subject, with_roles
from plans.importing.understanding.meaning import Reading
from plans.importing.understanding.messages import warning
from plans.importing.understanding.narrative import read_narrative
from plans.importing.understanding.numbers import level_of, split_bullet, split_label
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.times import time_in

_REPORT_CLAUSE = re.compile(r"[,;]\s+(?P<clause>định kỳ (?:tổng hợp,? )?(?:và )?báo cáo\b.*)$", re.DOTALL)
_ATTRIBUTE = re.compile(r"^(?P<head>[^:]{3,60}):\s*(?P<value>\S.*)$", re.DOTALL)


@dataclass
class _Item:
    """A paragraph with its number or bullet cut off."""

    label: str
    bullet: str
    text: str
    place: str
    bold: bool
    level: int | None


@dataclass
class _Section:
    label: str
    title: str
    depth: int
    owners: list[Assignment]
    words: str
    is_duty: bool | None
    place: str = ""
    has_items: bool = False

    @property
    def printed(self) -> str:
        if not self.label:
            return self.title
        return f"{self.label}{')' if self.label.islower() else '.'} {self.title}"


@dataclass
class _State:
    sections: list[_Section] = field(default_factory=list)
    tasks: list[RawTask] = field(default_factory=list)
    unowned: list[RawTask] = field(default_factory=list)
    default: list[Assignment] = field(default_factory=list)
    default_words: str = ""


def read_prose(document: Document, reading: Reading) -> tuple[list[RawTask], list[Warning]]:
    """The duties of a document without a table of tasks. A report about a plan, without sections, is read by sentences."""
    state = _State()
    walk = _Walk(state, reading)
    for item in _items(document):
        if verbs.END_OF_PLAN.match(fold(item.text)) and state.tasks:
            break
        walk.take(item)
    walk.finish()
    if not state.tasks:
        return read_narrative(list(_joined(document)), reading)
    return state.tasks, []


def _joined(document: Document) -> list[Paragraph]:
    """The paragraphs, those put together that a page end has cut in the middle of a sentence."""
    joined: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Table):
            continue
        last = joined[-1] if joined else None
        goes_on = (
            block.text[:1].islower()
            and not block.number
            and not split_label(block.text)[0]
            and not split_bullet(block.text)[0]
        )
        if last and goes_on and last.text[-1:] not in ".;:!?…/" and len(last.text) > 40:
            joined[-1] = replace(last, text=f"{last.text} {block.text}")
        else:
            joined.append(block)
    return joined


def _items(document: Document) -> list[_Item]:
    items: list[_Item] = []
    for paragraph in _joined(document):
        bullet, text = split_bullet(paragraph.printed)
        label, rest = ("", text) if bullet else split_label(text)
        if bullet and split_label(text)[0][:1].islower() and split_label(text)[0]:
            bullet, (label, rest) = "", split_label(text)
        if rest:
            items.append(_Item(label, bullet, rest, paragraph.place, paragraph.bold, paragraph.level))
    return items


class _Walk:
    def __init__(self, state: _State, reading: Reading) -> None:
        self._state = state
        self._reading = reading
        self._open: RawTask | None = None

    def take(self, item: _Item) -> None:
        """Read one paragraph: a heading, a property of the item above, or a duty."""
        if self._in_duties() and self._is_attribute(item):
            return
        if not item.bullet and self._is_heading(item):
            self._push(item)
        elif self._in_duties() and not verbs.CLOSING.match(fold(item.text)):
            self._duty(item)

    def finish(self) -> None:
        """Give what names nobody to those whom the plan tells to carry it out."""
        self._close_section(-2)
        if not self._state.default:
            return
        names = ", ".join(one.agency_or_group for one in self._state.default)
        message = f"Nhiệm vụ không ghi cơ quan; tạm giao cho {names} theo phần tổ chức thực hiện. Hãy xác nhận."
        for task in self._state.unowned:
            task.assignments = [replace(one, source="heading") for one in self._state.default]
            task.agencies = [(MIXED, self._state.default_words)]
            task.warnings.append(warning("missing_lead", self._state.default_words, message))

    def _in_duties(self) -> bool:
        said = [section.is_duty for section in self._state.sections if section.is_duty is not None]
        return bool(said) and all(said)

    def _is_heading(self, item: _Item) -> bool:
        words = item.text.rstrip()
        if not item.label:
            return bool(item.level or (item.bold and words == words.upper())) and len(words) < 200
        if agencies_of_heading(words, self._reading)[0]:
            return True
        if words == words.upper() and len(words) < 300:
            return True
        if words.endswith(":") and len(words) < 220:
            return True
        return len(words) < 170 and words[-1] not in ".;," and not re.search(r"[.;] ", words)

    def _push(self, item: _Item) -> None:
        depth = level_of(item.label) if item.label else (item.level or 1) - 2
        self._close_section(depth)
        owners, words = agencies_of_heading(item.text, self._reading)
        folded = fold(item.text)
        is_duty: bool | None = None
        if verbs.OTHER_SECTION.match(folded):
            is_duty = False
        elif verbs.DUTY_SECTION.search(folded):
            is_duty = True
        title = item.text.rstrip(" :")
        self._state.sections.append(_Section(item.label, title, depth, owners, words, is_duty, item.place))
        self._open = None

    def _close_section(self, depth: int) -> None:
        """Close sections; the lowest one that carried properties but no items was a task itself."""
        while self._state.sections and self._state.sections[-1].depth >= depth:
            self._state.sections.pop()

    def _is_attribute(self, item: _Item) -> bool:
        """ "Cơ quan chủ trì: Sở Nội vụ", "Thời gian: Quý II" belong to the item above, or to the heading, which then is the task."""
        match = _ATTRIBUTE.match(item.text)
        role = role_of(match["head"]) if match else ""
        if (
            not match
            or (role not in AGENCY_ROLES and role not in ("time", "end", "product", "funding"))
            or len(match["value"]) > 400
        ):
            return False
        if len(match["head"].split()) > 8 or agencies_of_heading(match["head"], self._reading)[0]:
            return False
        task = self._open or self._task_of_heading(item)
        if task is None:
            return False
        self._open = task
        value = match["value"].rstrip(" .")
        if role in AGENCY_ROLES:
            if task.assignments is not None:
                task.assignments = None
                task.agencies = []
                self._state.unowned = [one for one in self._state.unowned if one is not task]
            task.agencies.append((role, value))
        elif role in ("time", "end"):
            task.time_text = value
        else:
            setattr(task, role, value)
        return True

    def _task_of_heading(self, item: _Item) -> RawTask | None:
        if not self._state.sections or self._state.sections[-1].has_items or self._state.sections[-1].owners:
            return None
        section = self._state.sections[-1]
        path = [one.printed for one in self._state.sections[:-1]]
        task = RawTask(section.title, section.place or item.place, section.label, path)
        section.has_items = True
        self._state.tasks.append(task)
        return task

    def _duty(self, item: _Item) -> None:
        if (item.bullet == "+" and self._open and self._open.text.endswith(":")) or (
            self._open and "\n+ " in self._open.text and item.bullet == "+"
        ):
            self._open.text = f"{self._open.text}\n+ {item.text}"
            return
        if (
            item.text.endswith(":")
            and not item.bullet
            and not item.label
            and not split_subject(item.text, self._reading)[0]
        ):
            return
        text, clause = item.text, ""
        if item.label:
            self._close_section(level_of(item.label))
        report = _REPORT_CLAUSE.search(text)
        if report and time_in(report["clause"], is_report=True):
            text, clause = text[: report.start()], report["clause"]
        self._open = self._add(text, item)
        if clause:
            self._open = self._add(clause, item, owners=self._open)
        for section in self._state.sections[-1:]:
            section.has_items = True

    def _organises(self) -> bool:
        """Whether this is the part that says who carries the plan out."""
        return any(re.search(r"tổ chức|trách nhiệm|phân công", fold(section.title)) for section in self._state.sections)

    def _add(self, text: str, item: _Item, owners: RawTask | None = None) -> RawTask:
        found, words, rest = split_subject(text, self._reading)
        section = next((one for one in reversed(self._state.sections) if one.owners), None)
        if owners is not None:
            found, words, rest = (
                [one for one in owners.assignments or [] if one.source != "partner"],
                owners.agencies[0][1] if owners.agencies else "",
                text,
            )
        elif not found and section:
            found, words, rest = section.owners, section.words, text
        task = RawTask(
            text.strip(),
            item.place,
            item.label,
            [one.printed for one in self._state.sections],
            [(MIXED, words)] if words else [],
            time_in(text, is_report=bool(re.search(r"báo cáo", fold(text)))),
            assignments=found if owners is not None else with_roles(found, rest, self._reading),
            has_time_column=False,
        )
        if not found:
            self._state.unowned.append(task)
        elif (
            not self._state.default and self._organises() and all(one.group for one in found) and is_general_duty(text)
        ):
            self._state.default = [replace(one, role=IMPLEMENT, role_stated=False) for one in found]
            self._state.default_words = words
        self._state.tasks.append(task)
        return task
