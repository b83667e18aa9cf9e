"""What the importer proposes to a person: the plan's head, its tasks, and warnings that say what to look at.

The shape of ``as_dict`` is that of ``read_plan --json``; a stored draft is taken up again with ``from_dict``.
"""

from dataclasses import dataclass, field, fields
from typing import Any

REMARKS = frozenset({"weekend", "ditto", "report_task", "long_text", "number_gap"})
"""Codes that are shown but not counted as warnings."""


@dataclass(frozen=True)
class Warning:
    """Something a person should look at: a stable code, the words concerned, and in Vietnamese what to do."""

    code: str
    words: str
    message: str
    place: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether this is shown for information only."""
        return self.code in REMARKS

    def as_dict(self) -> dict[str, str]:
        """The JSON form."""
        answer = {"code": self.code, "words": self.words, "message": self.message}
        return answer | {"place": self.place} if self.place else answer

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Warning":
        """Take up the JSON form."""
        return cls(data.get("code", ""), data.get("words", ""), data.get("message", ""), data.get("place", ""))


@dataclass(frozen=True)
class Assignment:
    """An agency or group with one role. ``key`` is what the catalogue was given (a database key), never part of the JSON.

    ``source`` says where the role comes from: "cell", "heading" or "text". ``candidates`` are the nearest names of a
    name that the catalogue does not know.
    """

    agency_or_group: str
    role: str
    group: bool
    role_stated: bool
    name: str = ""
    known: bool = True
    source: str = "cell"
    excluded: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    key: Any = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, without the key."""
        return {
            "agency_or_group": self.agency_or_group,
            "role": self.role,
            "group": self.group,
            "role_stated": self.role_stated,
            "name": self.name or self.agency_or_group,
            "known": self.known,
            "source": self.source,
            "excluded": list(self.excluded),
            "candidates": list(self.candidates),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Assignment":
        """Take up the JSON form."""
        return cls(
            data["agency_or_group"],
            data["role"],
            bool(data.get("group")),
            bool(data.get("role_stated")),
            data.get("name", ""),
            bool(data.get("known", True)),
            data.get("source", "cell"),
            tuple(data.get("excluded") or ()),
            tuple(data.get("candidates") or ()),
        )


@dataclass
class Task:
    """One proposed task. ``row`` counts from 1 in the order of the document; texts are the words as printed.

    ``agencies_column`` is what the column of ``agencies_text`` was read as (`agencies.matching`), kept so that the cell
    can be read again after a person has edited it. ``criteria`` are proposed links to the method's criteria, each
    ``{"code", "confidence" ("high" or "medium"), "why"}``; a person confirms them.
    """

    row: int
    no: str
    heading_path: list[str]
    text: str
    assignments: list[Assignment]
    agencies_text: str
    coordinating_text: str
    time_text: str
    deadline: dict[str, Any]
    product: str = ""
    funding: str = ""
    note: str = ""
    place: str = ""
    warnings: list[Warning] = field(default_factory=list)
    is_report: bool = False
    agencies_column: str = "lead_implement"
    excluded: list[str] = field(default_factory=list)
    criteria: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        answer = {one.name: getattr(self, one.name) for one in fields(self)}
        answer["assignments"] = [assignment.as_dict() for assignment in self.assignments]
        answer["warnings"] = [warning.as_dict() for warning in self.warnings]
        answer["heading_path"] = list(self.heading_path)
        answer["deadline"] = dict(self.deadline)
        answer["excluded"] = list(self.excluded)
        answer["criteria"] = [dict(one) for one in self.criteria]
        return answer

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Task":
        """Take up the JSON form; keys that are not known are left out."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values["assignments"] = [Assignment.from_dict(one) for one in data.get("assignments") or ()]
        values["warnings"] = [Warning.from_dict(one) for one in data.get("warnings") or ()]
        defaults: dict[str, Any] = {"row": 0, "no": "", "heading_path": [], "text": "", "deadline": {}}
        defaults |= {"agencies_text": "", "coordinating_text": "", "time_text": ""}
        return cls(**(defaults | values))

    @property
    def counted_warnings(self) -> list[Warning]:
        """The warnings without mere remarks."""
        return [warning for warning in self.warnings if not warning.is_remark]


@dataclass
class PlanHead:
    """What the head of the document says. ``signed`` is an ISO date; None where the document does not say it.

    ``parent_number`` is the number of the plan that this one carries out ("Thực hiện Kế hoạch số 216/KH-UBND …").
    """

    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    province: str | None = None
    signed: str | None = None
    plan_year: int | None = None
    target: str | None = None
    signer: str | None = None
    legal_basis: list[str] = field(default_factory=list)
    parent_number: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "PlanHead":
        """Take up the JSON form."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass
class Proposal:
    """The whole: head, tasks in order, and the warnings that concern the document.

    ``offered`` are duties of the plan's words beside its table of tasks: shown for a person to take over, never taken by
    themselves. Their rows are counted apart from those of ``tasks``.
    """

    plan: PlanHead
    tasks: list[Task] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    offered: list[Task] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of ``read_plan --json``; ``offered`` is left out where there is nothing to offer."""
        answer: dict[str, Any] = {
            "plan": self.plan.as_dict(),
            "tasks": [task.as_dict() for task in self.tasks],
            "warnings": [warning.as_dict() for warning in self.warnings],
        }
        return answer | {"offered": [task.as_dict() for task in self.offered]} if self.offered else answer

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Proposal":
        """Take up a stored draft."""
        return cls(
            PlanHead.from_dict(data.get("plan") or {}),
            [Task.from_dict(one) for one in data.get("tasks") or ()],
            [Warning.from_dict(one) for one in data.get("warnings") or ()],
            [Task.from_dict(one) for one in data.get("offered") or ()],
        )
