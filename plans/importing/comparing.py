"""A corrected document beside the plan under way: which task each row is, and what differs. Reads only."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from rapidfuzz import fuzz

from agencies.folding import fold, squeeze
from plans.models import Deadline, DraftRow, ImportDraft, Plan, Role, Section, Task, TaskChange

ALIKE = 62.0
"""Likeness of two texts (0-100, rapidfuzz ratio of folded words) from which a changed row is offered as the same task."""
NEAR = 60
"""Rows to either side among which a changed row is looked for; bounds the work on two long lists."""
SAME_HEADING, SAME_NUMBER = 6.0, 4.0
"""What the same heading and the same printed number add to the likeness."""
WORDS = {
    "text": "Nội dung",
    "product": "Sản phẩm",
    "funding": "Kinh phí",
    "note": "Ghi chú",
}
"""Fields of a task that are plain words, with the name a person knows."""
_WORD = re.compile(r"\s*(?:[\w/]+|[^\w\s])")
HEAD = {"title": "Tên kế hoạch", "target": "Mục tiêu", "signer": "Người ký"}
"""Fields of the plan's head that a correction may change; number, issuer and signing day are its identity."""


@dataclass(frozen=True)
class FieldChange:
    """One field, by the words before and after."""

    name: str
    label: str
    before: str
    after: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """Return the words in order, with their spaces, as (what became of them, words): "same", "gone" or "new"."""
        old, new = _WORD.findall(self.before), _WORD.findall(self.after)
        found: list[tuple[str, str]] = []
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                found.append(("same", "".join(old[a:b])))
                continue
            found += [(kind, "".join(words)) for kind, words in (("gone", old[a:b]), ("new", new[c:d])) if words]
        return found


@dataclass(frozen=True)
class Difference:
    """One thing that a person confirms or leaves: a task added, changed or gone, or the plan's head."""

    key: str
    kind: str
    row: DraftRow | None = None
    task: Task | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the fields that differ."""
        return frozenset(change.name for change in self.fields)


@dataclass
class Comparison:
    """The rows of the new document in order, each with its task (None: new), the tasks it lost, and the differences."""

    pairs: list[tuple[DraftRow, Task | None]]
    gone: list[Task]
    differences: list[Difference] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Return how many tasks stand as they were."""
        changed = sum(one.kind == TaskChange.Kind.CHANGED for one in self.differences)
        return sum(task is not None for _, task in self.pairs) - changed

    def of_kind(self, kind: str) -> list[Difference]:
        """Return the differences of one kind, in the order of the document."""
        return [one for one in self.differences if one.kind == kind]


def compare(draft: ImportDraft, plan: Plan, pairing: Mapping[int, int | None] | None = None) -> Comparison:
    """Lay the draft's rows beside the plan's tasks.

    ``pairing`` holds what a person decided: id of a row → id of the task it is, or None for a new task. Dropped rows
    are no task. Without a word changed, a row's time and agencies count as unchanged however they are read today:
    what a person once decided about the same words stands.
    """
    rows = [row for row in draft.rows.all() if row.state != DraftRow.State.DROPPED]
    tasks = list(plan.tasks.standing().select_related("deadline"))
    paths = heading_paths(plan)
    found = pair(rows, tasks, paths, pairing or {})
    known = {task.pk for task in found.values()}
    comparison = Comparison([(row, found.get(row.pk)) for row in rows], [one for one in tasks if one.pk not in known])
    comparison.differences = list(_differences(comparison, plan, draft, paths))
    return comparison


def _differences(
    comparison: Comparison, plan: Plan, draft: ImportDraft, paths: Mapping[int, list[str]]
) -> Iterable[Difference]:
    if head := tuple(_head_changes(plan, draft.head)):
        yield Difference("head", "head", fields=head)
    for row, task in comparison.pairs:
        if task is None:
            yield Difference(f"row:{row.pk}", TaskChange.Kind.ADDED, row)
        elif changes := tuple(_changes(row, task, paths.get(task.pk, []))):
            yield Difference(f"row:{row.pk}", TaskChange.Kind.CHANGED, row, task, changes)
    for task in comparison.gone:
        yield Difference(f"task:{task.pk}", TaskChange.Kind.GONE, None, task)


def heading_paths(plan: Plan) -> dict[int, list[str]]:
    """Return the headings above each task of the plan, outermost first."""
    sections: dict[int, Section] = {section.pk: section for section in plan.sections.all()}

    def path(section_id: int | None) -> list[str]:
        section = sections.get(section_id or 0)
        return [*path(section.parent_id), section.title] if section else []

    return {pk: path(section_id) for pk, section_id in plan.tasks.values_list("pk", "section_id")}


# Which row is which task


def pair(
    rows: list[DraftRow], tasks: list[Task], paths: Mapping[int, list[str]], decided: Mapping[int, int | None]
) -> dict[int, Task]:
    """Return the task of each row by the row's id: as decided, else the same words in order, else the most alike."""
    by_pk = {task.pk: task for task in tasks}
    found = {row.pk: by_pk[pk] for row in rows if (pk := decided.get(row.pk)) in by_pk and pk is not None}
    taken = {task.pk for task in found.values()}
    free_rows = [row for row in rows if row.pk not in decided]
    free_tasks = [task for task in tasks if task.pk not in taken]
    for exact in (_whole_key, _text_key):
        matched = _in_order(free_rows, free_tasks, exact)
        found |= matched
        taken |= {task.pk for task in matched.values()}
        free_rows = [row for row in free_rows if row.pk not in found]
        free_tasks = [task for task in free_tasks if task.pk not in taken]
    return found | _most_alike(free_rows, free_tasks, paths)


def _whole_key(words: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(fold(words.get(name) or "") for name in ("text", "agencies_text", "time_text"))


def _text_key(words: Mapping[str, Any]) -> tuple[str, ...]:
    return (fold(words.get("text") or ""),)


def _in_order(rows: list[DraftRow], tasks: list[Task], key: Any) -> dict[int, Task]:
    """Match equal keys: first along the longest common order, then wherever they stand."""
    new, old = [key(row.task) for row in rows], [key(vars(task)) for task in tasks]
    found: dict[int, Task] = {}
    for block in SequenceMatcher(None, new, old, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[rows[block.a + step].pk] = tasks[block.b + step]
    taken = {task.pk for task in found.values()}
    elsewhere: dict[tuple[str, ...], list[Task]] = {}
    for task, words in zip(tasks, old, strict=True):
        if task.pk not in taken:
            elsewhere.setdefault(words, []).append(task)
    for row, words in zip(rows, new, strict=True):
        if row.pk not in found and elsewhere.get(words):
            found[row.pk] = elsewhere[words].pop(0)
    return found


def _most_alike(rows: list[DraftRow], tasks: list[Task], paths: Mapping[int, list[str]]) -> dict[int, Task]:
    """Match what is left by likeness, best first; texts that share little are different tasks."""
    texts = [fold(task.text) for task in tasks]
    scored = []
    for place, row in enumerate(rows):
        expected = place * len(tasks) // max(1, len(rows))
        words = fold(row.task.get("text") or "")
        for other in range(max(0, expected - NEAR), min(len(tasks), expected + NEAR + 1)):
            likeness = fuzz.ratio(words, texts[other], score_cutoff=ALIKE - SAME_HEADING - SAME_NUMBER)
            if not likeness:
                continue
            likeness += SAME_HEADING * ((row.task.get("heading_path") or []) == paths.get(tasks[other].pk, []))
            likeness += SAME_NUMBER * bool(row.task.get("no") and row.task["no"] == tasks[other].number)
            if likeness >= ALIKE:
                scored.append((-likeness, abs(expected - other), place, other))
    found: dict[int, Task] = {}
    taken: set[int] = set()
    for _, _, place, other in sorted(scored):
        if rows[place].pk not in found and other not in taken:
            found[rows[place].pk] = tasks[other]
            taken.add(other)
    return found


# What differs


def _head_changes(plan: Plan, head: Mapping[str, Any]) -> Iterable[FieldChange]:
    for name, label in HEAD.items():
        before, after = getattr(plan, name), squeeze(head.get(name) or "")
        if after and after != squeeze(before):
            yield FieldChange(name, label, before, after)


def _changes(row: DraftRow, task: Task, path: list[str]) -> Iterable[FieldChange]:
    new = row.task
    for name, label in WORDS.items():
        before, after = getattr(task, name), new.get(name) or ""
        if squeeze(before) != squeeze(after):
            yield FieldChange(name, label, before, after)
    new_path = [squeeze(title)[:1000] for title in new.get("heading_path") or []]
    if new_path != [squeeze(title) for title in path]:
        yield FieldChange("heading", "Đề mục", " › ".join(path), " › ".join(new_path))
    if _time_differs(row, task):
        before, after = (
            _time_words(task.time_text, task.deadline),
            _time_words(new.get("time_text") or "", new["deadline"]),
        )
        yield FieldChange("time", "Thời gian", before, after)
    if _agencies_differ(row, task):
        before = _agency_words(task.agencies_text, task.coordinating_text)
        after = _agency_words(new.get("agencies_text") or "", new.get("coordinating_text") or "")
        if before == after:  # the same words, read otherwise by a person
            after = f"{after} ({_entries(new['assignments'])})"
        yield FieldChange("agencies", "Cơ quan", before, after)


def _time_differs(row: DraftRow, task: Task) -> bool:
    if squeeze(row.task.get("time_text") or "") != squeeze(task.time_text):
        return True
    mended = row.source is not None and row.task["deadline"] != row.source["deadline"]
    return mended and due_dates_of(row.task["deadline"]) != task.deadline.due_dates


def _agencies_differ(row: DraftRow, task: Task) -> bool:
    pairs = (("agencies_text", task.agencies_text), ("coordinating_text", task.coordinating_text))
    if any(squeeze(row.task.get(name) or "") != squeeze(words) for name, words in pairs):
        return True
    return row.source is not None and row.task["assignments"] != row.source["assignments"]


def due_dates_of(deadline: Mapping[str, Any]) -> list[date]:
    """Return the dates that a proposed deadline would be saved with: those only suggested are not owed."""
    if deadline.get("stated", True) is False:
        return []
    return [date.fromisoformat(day) for day in deadline.get("due_dates") or []]


def _time_words(words: str, deadline: Mapping[str, Any] | Deadline) -> str:
    days = deadline.due_dates if isinstance(deadline, Deadline) else due_dates_of(deadline)
    dates = ", ".join(f"{day:%d/%m/%Y}" for day in days) or "không có ngày"
    return f"{squeeze(words) or 'không ghi'} ({dates})"


def _agency_words(main: str, partners: str) -> str:
    words = squeeze(main) or "không ghi"
    return f"{words}; phối hợp: {squeeze(partners)}" if squeeze(partners) else words


def _entries(assignments: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(f"{one['agency_or_group']}: {Role(one['role']).label}" for one in assignments)
