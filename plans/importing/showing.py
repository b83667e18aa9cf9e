"""A draft as its page shows it: what is wrong with each row, how many rows of each kind, and one page of them. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zlib import crc32

from django.core.paginator import Page, Paginator

from agencies.folding import unaccent
from agencies.models import User
from criteria.models import Criterion
from plans.importing import mended
from plans.importing.checking import QuickBook, counted_warnings, faults_of, remarks, unknown_entries
from plans.importing.mending import day_of
from plans.importing.saving import framework_of
from plans.models import DraftRow, ImportDraft

ROWS_ON_A_PAGE = 50
PROBLEMS_IN_SIGHT = 200
"""Problems listed by name; a filter shows the rows of all."""
ALL, TO_SEE, NOT_ACCEPTED, LEFT_OUT, BESIDE = "tat-ca", "can-xem", "chua-duyet", "da-bo", "ngoai-bang"
FILTERS = {
    ALL: "Tất cả",
    TO_SEE: "Cần xem lại",
    NOT_ACCEPTED: "Chưa chấp nhận",
    LEFT_OUT: "Đã bỏ",
    BESIDE: "Gợi ý ngoài bảng",
}


@dataclass(frozen=True)
class Asked:
    """What of the rows a person asked for: a filter ("" for where one lands), a heading, words, a page, or one row."""

    only: str = ""
    heading: str = ""
    words: str = ""
    page: str = "1"
    row: int | None = None


@dataclass
class ShownRow:
    """One row beside what was found out about it. ``source`` and ``editor`` are there for the rows of the page only."""

    row: DraftRow
    faults: list[str]
    warnings: list[dict[str, Any]]
    unknown: list[dict[str, Any]] = field(default_factory=list)
    source: dict[str, Any] | None = None
    heading: list[str] = field(default_factory=list)
    criteria: list[dict[str, Any]] = field(default_factory=list)
    by_role: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False

    @property
    def task(self) -> dict[str, Any]:
        """The task as mended so far."""
        return self.row.task

    @property
    def is_dropped(self) -> bool:
        """Whether the row is no task."""
        return self.row.state == DraftRow.State.DROPPED

    @property
    def is_offered(self) -> bool:
        """Whether the row is a duty beside the table of tasks that nobody has taken over."""
        return self.is_dropped and bool(self.task.get("offered"))

    @property
    def is_accepted(self) -> bool:
        """Whether a person has looked."""
        return self.row.state == DraftRow.State.ACCEPTED

    @property
    def needs_look(self) -> bool:
        """Whether a person has to look: a problem always, a warning until the row is accepted."""
        return not self.is_dropped and bool(self.faults or (self.warnings and not self.is_accepted))

    @property
    def is_clean(self) -> bool:
        """Whether the row may be accepted with the others that are clean."""
        return self.row.state == DraftRow.State.OPEN and not self.faults and not self.warnings

    @property
    def warnings_to_show(self) -> list[dict[str, Any]]:
        """Warnings in sight: an unknown name is asked about by itself, an accepted row keeps quiet."""
        if self.is_accepted and not self.faults:
            return []
        return [one for one in self.warnings if not (self.unknown and one["code"] == "unknown_agency")]

    @property
    def faults_to_show(self) -> list[str]:
        """Problems in sight, without the names that are asked about."""
        asked = tuple(f"chưa nhận ra “{one['words']}”. " for one in self.unknown)
        return [fault for fault in self.faults if not (asked and fault.startswith(asked))]

    @property
    def remarks(self) -> list[dict[str, Any]]:
        """What is told for information only."""
        return remarks(self.task)

    @property
    def changes(self) -> list[str]:
        """Names for people of what is no longer as the document has it."""
        return [mended.FIELDS[name] for name in mended.changes(self.task, self.source)]

    @property
    def text_is_changed(self) -> bool:
        """Whether the text differs from the document, so that both have to be shown."""
        return self.source is None or "text" in mended.changes(self.task, self.source)

    @property
    def heading_is_changed(self) -> bool:
        """Whether the row was put under another heading."""
        return self.source is not None and "heading_path" in mended.changes(self.task, self.source)

    @property
    def is_part(self) -> bool:
        """Whether the row was split from another one."""
        return bool(self.task.get("part_of"))

    @property
    def days(self) -> list[date]:
        """The dates as they would be saved."""
        deadline = self.task["deadline"]
        if deadline.get("stated", True) is False:
            return []
        return [date.fromisoformat(day) for day in deadline.get("due_dates") or []]

    @property
    def check_points(self) -> list[date]:
        """Dates on the way to the last one, where only that closes the task."""
        return self.days[:-1] if self.task["deadline"].get("completes") == "final" else []

    @property
    def suggested(self) -> list[date]:
        """Dates that the plan's own reporting duty would give a task without a printed time."""
        return [date.fromisoformat(day) for day in self.task["deadline"].get("suggested_due") or []]

    @property
    def settled(self) -> dict[str, Any] | None:
        """Who chose or typed the dates."""
        return self.task["deadline"].get("settled") or None

    @property
    def readings(self) -> list[dict[str, Any]]:
        """The ways to understand the words of the time, where there are several."""
        deadline = self.task["deadline"]
        if not deadline.get("ambiguous") and not self.settled:
            return []
        chosen = deadline.get("chosen") if self.settled and not deadline.get("by_hand") else None
        return [
            {
                "number": number,
                "way": f"reading{number}",
                "days": [date.fromisoformat(day) for day in one.get("due_dates") or []],
                "why": one.get("why") or "",
                "is_chosen": number == chosen,
            }
            for number, one in enumerate(deadline.get("readings") or [])
        ]

    @cached_property
    def cuts(self) -> list[tuple[int, str]]:
        """Where the text can be cut in two."""
        return mended.cuts_of(self.task["text"])


class Review:
    """All rows of a draft, looked at once; queries: rows, register, groups, and for a page its sources and editors."""

    def __init__(self, draft: ImportDraft) -> None:
        self.draft = draft
        self.book = QuickBook(draft.province, day_of(draft))
        self.rows = [self._look_at(row) for row in draft.rows.defer("source")]

    def _look_at(self, row: DraftRow) -> ShownRow:
        row.draft = self.draft
        if row.state == DraftRow.State.DROPPED:
            return ShownRow(row, [], counted_warnings(row.task))
        return ShownRow(row, faults_of(row.task, self.book), counted_warnings(row.task))

    # Counting

    @cached_property
    def tasks(self) -> list[ShownRow]:
        """Rows that are to become tasks."""
        return [one for one in self.rows if not one.is_dropped]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows each filter shows."""
        return {only: sum(self._is_in(one, only) for one in self.rows) for only in FILTERS}

    @property
    def lead(self) -> str:
        """What was read and what waits for the person, in one sentence."""
        read = f"{len(self.tasks)} nhiệm vụ được đọc từ văn bản"
        waiting = self.counts[TO_SEE]
        return f"{read}; {waiting} dòng cần anh/chị xem lại." if waiting else f"{read}; không dòng nào cần xem lại."

    @property
    def seen(self) -> int:
        """How many rows a person has decided about."""
        return sum(one.is_accepted or one.is_dropped for one in self.proposed)

    @cached_property
    def proposed(self) -> list[ShownRow]:
        """Rows that a person has to decide about: all but duties that are only offered."""
        return [one for one in self.rows if not one.is_offered]

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """Return the filters with a name and a number; that of duties beside the table only where there are any."""
        return [(key, label, self.counts[key]) for key, label in FILTERS.items() if key != BESIDE or self.counts[key]]

    @property
    def clean(self) -> int:
        """How many rows can be accepted with one click."""
        return sum(one.is_clean for one in self.rows)

    @property
    def unseen_with_warnings(self) -> int:
        """How many rows have warnings that nobody has looked at."""
        return sum(bool(one.warnings) and not one.is_accepted for one in self.tasks)

    @cached_property
    def problems(self) -> list[tuple[ShownRow, str]]:
        """Everything that keeps the plan from being confirmed, row by row."""
        return [(one, fault) for one in self.tasks for fault in one.faults]

    @property
    def problems_in_sight(self) -> list[tuple[ShownRow, str]]:
        """The first problems."""
        return self.problems[:PROBLEMS_IN_SIGHT]

    @property
    def problems_out_of_sight(self) -> int:
        """How many problems are not listed by name."""
        return max(0, len(self.problems) - PROBLEMS_IN_SIGHT)

    @cached_property
    def headings(self) -> list[dict[str, Any]]:
        """Headings in the order of the document, each with its key, depth and number of rows below it."""
        found: dict[tuple[str, ...], int] = {}
        for one in self.tasks:
            path = tuple(one.task.get("heading_path") or ())
            for depth in range(1, len(path) + 1):
                found[path[:depth]] = found.get(path[:depth], 0) + 1
        return [
            {
                "key": heading_key(path),
                "title": path[-1],
                "indent": "\u2003" * (len(path) - 1),
                "count": count,
                "path": path,
            }
            for path, count in found.items()
        ]

    # One page

    def only(self, asked: Asked) -> str:
        """Return the filter that holds: the asked one; else what needs a look, if anything does, else all."""
        if asked.row is not None:
            return ALL
        if asked.only in FILTERS:
            return asked.only
        return TO_SEE if self.counts[TO_SEE] and not (asked.words or asked.heading) else ALL

    def page(self, asked: Asked) -> Page:
        """Return the asked page of the asked rows, ready to be shown."""
        only = self.only(asked)
        rows = [one for one in self.rows if self._is_in(one, only) and self._matches(one, asked)]
        pages = Paginator(rows, ROWS_ON_A_PAGE)
        number: Any = asked.page
        if asked.row is not None:
            place = next((at for at, one in enumerate(rows) if one.row.pk == asked.row), 0)
            number = place // ROWS_ON_A_PAGE + 1
        page = pages.get_page(number)
        self.prepare(page.object_list)
        return page

    def shown(self, pk: int) -> ShownRow:
        """Return one row, ready to be shown; raises LookupError when it is not there."""
        found = next((one for one in self.rows if one.row.pk == pk), None)
        if found is None:
            raise LookupError(pk)
        self.prepare([found])
        return found

    def prepare(self, rows: Iterable[ShownRow]) -> None:
        """Fetch for these rows what only a shown row needs."""
        rows = list(rows)
        ids = [one.row.pk for one in rows]
        sources = dict(self.draft.rows.filter(pk__in=ids).values_list("pk", "source"))
        editors = User.objects.in_bulk({one.row.edited_by_id for one in rows if one.row.edited_by_id})
        names = self._criteria(rows)
        before: list[str] | None = None
        for one in rows:
            one.source = sources.get(one.row.pk)
            one.row.edited_by = editors.get(one.row.edited_by_id) if one.row.edited_by_id else None
            strange = [] if one.is_dropped else unknown_entries(one.task, self.book)
            one.unknown = [self._unknown(entry) for entry in strange]
            one.by_role = _by_role(one.task["assignments"], strange)
            path = list(one.task.get("heading_path") or [])
            one.heading, before = ([] if path == before else path), path
            one.is_first, one.is_last = self._ends(one)
            ticked = mended.chosen_criteria(one.task)
            one.criteria = [
                criterion | {"name": names.get(criterion["code"], ""), "ticked": criterion["code"] in ticked}
                for criterion in one.task.get("criteria") or []
            ]

    def _ends(self, one: ShownRow) -> tuple[bool, bool]:
        ends = (self.tasks[0], self.tasks[-1]) if self.tasks else (None, None)
        return one is ends[0], one is ends[1]

    def _unknown(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return an unknown name with those of its candidates that the register holds."""
        known = [(name, self.book.agency(name) or self.book.group(name)) for name in entry.get("candidates") or []]
        words = entry.get("name") or entry["agency_or_group"]
        return {"words": words, "candidates": [found.name for _, found in known if found], "rows": self.uses[words]}

    @cached_property
    def uses(self) -> Counter[str]:
        """In how many rows each printed name stands."""
        found = Counter[str]()
        for one in self.tasks:
            found.update({entry.get("name") or entry["agency_or_group"] for entry in one.task["assignments"]})
        return found

    def _criteria(self, rows: Iterable[ShownRow]) -> dict[str, str]:
        codes = {criterion["code"] for one in rows for criterion in one.task.get("criteria") or []}
        framework = framework_of(self.draft.head.get("plan_year") or 0) if codes else None
        nodes = Criterion.objects.filter(framework=framework, code__in=codes) if framework else []
        return {node.code: node.text for node in nodes}

    @staticmethod
    def _is_in(one: ShownRow, only: str) -> bool:
        if only == BESIDE or one.is_offered:
            return only == BESIDE and one.is_offered
        if only == LEFT_OUT:
            return one.is_dropped
        if only == TO_SEE:
            return one.needs_look
        return only == ALL or one.row.state == DraftRow.State.OPEN

    @staticmethod
    def _matches(one: ShownRow, asked: Asked) -> bool:
        task = one.task
        if asked.heading:
            path = tuple(task.get("heading_path") or ())
            if asked.heading not in [heading_key(path[:depth]) for depth in range(1, len(path) + 1)]:
                return False
        if not asked.words:
            return True
        names = " ".join(entry["agency_or_group"] for entry in task["assignments"])
        held = f"{task.get('no') or ''} {task['text']} {task.get('agencies_text') or ''} {names} {task.get('time_text') or ''}"
        return unaccent(asked.words) in unaccent(held)


def _by_role(
    entries: Iterable[dict[str, Any]], strange: list[dict[str, Any]]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the entries under their roles, as printed; roles that are inferred stand apart from those printed."""
    found: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for entry in entries:
        key = (entry["role"], bool(entry.get("role_stated")))
        found.setdefault(key, []).append(entry | {"is_unknown": entry in strange})
    return [(role, rows) for (role, _), rows in found.items()]


def heading_key(path: Iterable[str]) -> str:
    """Return a short key of a heading with those above it, for addresses."""
    return f"{crc32(chr(31).join(path).encode()):08x}"


@dataclass(frozen=True)
class News:
    """What others did to a draft since a page of it was opened."""

    people: list[str]
    rows: list[tuple[int, int]]
    """Position and id of the rows that others changed."""


def news_since(draft: ImportDraft, since: datetime, user: User) -> News:
    """Return what others changed after a moment."""
    found = (
        draft.rows.filter(edited_at__gt=since)
        .exclude(edited_by=user)
        .select_related("edited_by")
        .defer("task", "source")
    )
    rows = list(found)
    return News(sorted({str(row.edited_by or "người khác") for row in rows}), [(row.position, row.pk) for row in rows])
