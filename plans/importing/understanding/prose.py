"""Duties in plain prose: sections under headings, agencies in headings or at the start of sentences, bullets as tasks."""

import re
from dataclasses import dataclass, field, replace

from agencies.folding import fold
from plans.importing.columns import AGENCY_ROLES, COORDINATE, IMPLEMENT, MIXED
from plans.importing.document import Document
from plans.importing.proposal import Assignment, Warning
from plans.importing.understanding import verbs
from plans.importing.understanding.attributes import Attribute, attributes_of_line, cut_attributes
from plans.importing.understanding.clauses import duties_in
from plans.importing.understanding.duties import agencies_of_heading, is_general_duty, split_subject, with_roles
from plans.importing.understanding.items import Item, items_of, joined
from plans.importing.understanding.meaning import Reading
from plans.importing.understanding.messages import warning
from plans.importing.understanding.narrative import read_narrative
from plans.importing.understanding.numbers import level_of
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.times import doubtful_time_in, time_in

_DESCRIPTION = re.compile(
    r"^(?:nội dung|nội dung (?:thực hiện|công việc)|mô tả|yêu cầu)\s*:\s*(?P<words>\S.*)$", re.I | re.S
)
_KIND = re.compile(r"(?:dự thảo )?(?:kế hoạch|chương trình|đề án|quyết định|công văn|phương án)")
_PART_DEPTH = -1
_FEW = 3
"""So many tasks without an agency are marked each; of more the document says it once."""


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
    is_weak: bool = False
    is_request: bool = False

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
    weak: list[RawTask] = field(default_factory=list)
    default: list[Assignment] = field(default_factory=list)
    default_words: str = ""


def read_prose(document: Document, reading: Reading) -> tuple[list[RawTask], list[Warning]]:
    """The duties of a document without a table of tasks. A report about a plan, without sections, is read by sentences."""
    tasks, warnings = sectioned_duties(document, reading)
    return (tasks, warnings) if tasks else read_narrative(list(joined(document)), reading)


def sectioned_duties(
    document: Document, reading: Reading, *, with_default: bool = True
) -> tuple[list[RawTask], list[Warning]]:
    """The duties that stand under the headings of a plan, in order, and what to tell about all of them.

    ``with_default``: what names nobody goes to those whom the plan tells to carry it out; otherwise it stays without.
    """
    state = _State()
    walk = _Walk(state, reading)
    for item in items_of(document):
        if verbs.END_OF_PLAN.match(fold(item.text)) and state.tasks:
            break
        walk.take(item)
    walk.finish(with_default)
    return state.tasks, walk.warnings


class _Walk:
    def __init__(self, state: _State, reading: Reading) -> None:
        self._state = state
        self._reading = reading
        self._open: RawTask | None = None
        self._sharing: list[RawTask] = []
        self._bullet = ""
        self._carried: tuple[list[Assignment], str] = ([], "")
        self.warnings: list[Warning] = []

    def take(self, item: Item) -> None:
        """Read one paragraph: a heading, a property of the item above, or a duty."""
        if self._in_duties() and self._is_attribute(item):
            return
        if not item.bullet and self._is_heading(item):
            self._push(item)
        elif self._in_duties() and not verbs.CLOSING.match(fold(item.text)):
            self._duty(item)

    def finish(self, with_default: bool) -> None:
        """Drop what only explains, and give what names nobody to those whom the plan tells to carry it out."""
        state = self._state
        dropped = [task for task in state.weak if not (task.agencies or task.assignments or task.time_text)]
        state.tasks = [task for task in state.tasks if not any(task is one for one in dropped)]
        if with_default and state.default:
            self._give_default()

    def _give_default(self) -> None:
        state = self._state
        names = ", ".join(one.agency_or_group for one in state.default)
        for task in state.unowned:
            task.assignments = [replace(one, source="heading") for one in state.default]
            task.agencies = [(MIXED, state.default_words)]
        if len(state.unowned) > _FEW and len(state.unowned) * 3 > len(state.tasks):
            message = (
                f"{len(state.unowned)} nhiệm vụ không ghi cơ quan; tạm giao cho {names} theo phần tổ chức thực hiện. "
                "Hãy xác nhận."
            )
            self.warnings.append(warning("missing_lead", state.default_words, message))
            return
        message = f"Nhiệm vụ không ghi cơ quan; tạm giao cho {names} theo phần tổ chức thực hiện. Hãy xác nhận."
        for task in state.unowned:
            task.warnings.append(warning("missing_lead", state.default_words, message))

    def _in_duties(self) -> bool:
        """Inside a part that assigns; where no heading says so (a letter), under the name of an agency."""
        said = [section.is_duty for section in self._state.sections if section.is_duty is not None]
        return all(said) if said else any(section.owners for section in self._state.sections)

    def _is_heading(self, item: Item) -> bool:
        words = item.text.rstrip()
        if item.part:
            return True
        if not item.label:
            return self._is_unnumbered_heading(item, words)
        if agencies_of_heading(words, self._reading)[0]:
            return True
        if words == words.upper() and len(words) < 300:
            return True
        if words.endswith(":") and len(words) < 220:
            return True
        return len(words) < 170 and words[-1] not in ".;," and not re.search(r"[.;] ", words)

    def _is_unnumbered_heading(self, item: Item, words: str) -> bool:
        in_capitals = words == words.upper() and len(words) < 200
        if not self._state.sections and self._is_title(words):
            return False
        if item.level or (item.bold and in_capitals):
            return len(words) < 200
        folded = fold(words)
        named = verbs.OTHER_SECTION.match(folded) or (self._state.sections and verbs.DUTY_SECTION.search(folded))
        return in_capitals and len(words) > 6 and bool(named)

    def _is_title(self, words: str) -> bool:
        """Whether these words are the title of the plan, or a line of it, and head no section."""
        folded = fold(words).strip(" :.")
        return bool(_KIND.fullmatch(folded)) or folded in fold(self._reading.plan.title or "")

    def _push(self, item: Item) -> None:
        depth = level_of(item.label) if item.label else (item.level or 1) - 2
        if item.part:
            depth = _PART_DEPTH
        self._close_section(depth)
        owners, words = agencies_of_heading(item.text, self._reading)
        title = item.text.rstrip(" :")
        section = _Section(item.label, title, depth, owners, words, None, item.place)
        folded = fold(item.text)
        section.is_request = bool(owners) and folded.startswith("đề nghị")
        other = verbs.OTHER_INSIDE if self._in_duties() else verbs.OTHER_SECTION
        section.is_weak = bool(verbs.WEAK_SECTION.match(folded))
        if other.match(folded) and not owners:
            section.is_duty = False
        elif verbs.DUTY_SECTION.search(folded) or section.is_weak:
            section.is_duty = True
        self._state.sections.append(section)
        self._open, self._sharing, self._bullet = None, [], ""
        self._carried = ([], "")

    def _close_section(self, depth: int) -> None:
        while self._state.sections and self._state.sections[-1].depth >= depth:
            self._state.sections.pop()

    def _is_attribute(self, item: Item) -> bool:
        """ "Cơ quan chủ trì: Sở Nội vụ", "Thời gian: Quý II" belong to the item above, or to the heading, which then is the task.

        Such a line without a bullet below several bulleted duties belongs to all of them.
        """
        pairs = attributes_of_line(item.text, self._reading)
        if not pairs:
            return False
        task = self._open or self._task_of_heading(item)
        if task is None:
            return False
        self._open = task
        shared = self._sharing if self._bullet and not item.bullet and len(self._sharing) > 1 else [task]
        for one in shared:
            self._give(one, pairs)
        if len(shared) > 1:
            self._bullet = ""
        return True

    def _give(self, task: RawTask, pairs: list[Attribute]) -> None:
        """Put properties into the columns they would stand in."""
        for role, value in pairs:
            if role in AGENCY_ROLES:
                if task.assignments is not None:
                    keeps = [pair for pair in task.agencies if role == COORDINATE and task.assignments]
                    task.assignments, task.agencies = None, keeps
                    self._state.unowned = [one for one in self._state.unowned if one is not task]
                task.agencies.append((role, value))
            elif role in ("time", "end"):
                task.time_text = value
            elif role == "start":
                task.start_text = value
            else:
                setattr(task, role, value)

    def _task_of_heading(self, item: Item) -> RawTask | None:
        if not self._state.sections or self._state.sections[-1].has_items or self._state.sections[-1].owners:
            return None
        section = self._state.sections[-1]
        path = [one.printed for one in self._state.sections[:-1]]
        task = RawTask(section.title, section.place or item.place, section.label, path, has_time_column=False)
        section.has_items = True
        self._state.tasks.append(task)
        return task

    def _duty(self, item: Item) -> None:
        if self._goes_on(item):
            return
        text, pairs = cut_attributes(item.text, self._reading)
        if item.label:
            self._close_section(level_of(item.label))
        owners = None if item.label else self._carried if self._carried[0] else None
        for clause in duties_in(text):
            self._open, owners = self._add(clause, item, owners)
        if item.label:  # "1. Các sở … tổ chức thực hiện Kế hoạch này." and bullets below: they owe these too
            self._carried = (owners or ([], "")) if split_subject(text, self._reading)[0] else ([], "")
        if self._open and pairs:
            self._give(self._open, pairs)
        self._bullet = item.bullet
        if self._open:
            self._sharing = [*self._sharing, self._open]
        for section in self._state.sections[-1:]:
            section.has_items = True

    def _goes_on(self, item: Item) -> bool:
        """A list under an open duty, the description of a heading's task, or words that only introduce a list."""
        is_list = item.bullet == "+" and self._open
        if is_list and self._open and (self._open.text.endswith(":") or "\n+ " in self._open.text):
            self._open.text = f"{self._open.text}\n+ {item.text}"
            return True
        described = _DESCRIPTION.match(item.text)
        if described and not self._open and (task := self._task_of_heading(item)):
            task.text = f"{task.text}\n{described['words']}"
            self._open = task
            return True
        introduces = item.text.endswith(":") and not item.bullet and not item.label
        return introduces and not split_subject(item.text, self._reading)[0]

    def _organises(self) -> bool:
        """Whether this is the part that says who carries the plan out."""
        return any(re.search(r"tổ chức|trách nhiệm|phân công", fold(section.title)) for section in self._state.sections)

    def _add(
        self, text: str, item: Item, owners: tuple[list[Assignment], str] | None
    ) -> tuple[RawTask, tuple[list[Assignment], str]]:
        """Take a duty in; ``owners`` are those of the sentence's first duty, or of the numbered duty above, who owe it too."""
        found, words, rest = split_subject(text, self._reading)
        section = next((one for one in reversed(self._state.sections) if one.owners), None)
        if not found and owners is not None:
            (found, words), rest = owners, text
        elif not found and section:
            found, words, rest = section.owners, section.words, text
        task = RawTask(
            text.strip(),
            item.place,
            item.label,
            [one.printed for one in self._state.sections],
            [(MIXED, words)] if words else [],
            time_in(text, is_report="báo cáo" in fold(text)),
            assignments=with_roles(found, rest, self._reading),
            has_time_column=False,
        )
        self._note_owners(task, found, words)
        doubtful = doubtful_time_in(task.text) if not task.time_text else ""
        if doubtful:
            message = (
                "Chưa rõ mốc này là thời hạn của nhiệm vụ hay chỉ phạm vi số liệu. Hãy xem lại và nhập thời hạn nếu có."
            )
            task.warnings.append(warning("ambiguous_deadline", doubtful, message))
        if section and section.is_request and found == section.owners:
            task.warnings.append(warning("request_not_order", section.title))
        self._state.tasks.append(task)
        return task, (found, words)

    def _note_owners(self, task: RawTask, found: list[Assignment], words: str) -> None:
        state = self._state
        if not found:
            state.unowned.append(task)
            is_weak = any(section.is_weak for section in state.sections)
            if is_weak and not verbs.BEGINS_DUTY.match(fold(task.text)):
                state.weak.append(task)
        elif not state.default and self._organises() and all(one.group for one in found) and is_general_duty(task.text):
            state.default = [replace(one, role=IMPLEMENT, role_stated=False) for one in found]
            state.default_words = words
