"""A child plan carries out a parent plan [cụ thể hóa]: which task of the parent each of its tasks serves.

Words only suggest; a person links. Measured on 1167/KH-SGTVT under 216/KH-UBND (28 tasks linked by hand): the first
suggestion is right for 22, one of the first three for 27.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import log
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from rapidfuzz import fuzz

from agencies.folding import fold
from agencies.models import User
from plans.models import Assignment, Plan, Task, TaskLink

CLEAR = 30.0
"""Share (in %) of a task's weighted words found in the parent's task from which a suggestion is called clear."""
OFFERED, WORTH_OFFERING = 3, 5.0
"""Suggestions shown first, and the share from which one is worth showing."""
WEIGHT_OF_SEQUENCE = 0.5
"""What a long common stretch of words counts beside the weighted words."""


@dataclass(frozen=True)
class Suggestion:
    """A task of the parent plan that a task may carry out; ``share`` of its weighted words stands there, in %."""

    task: Task
    share: float

    @property
    def is_clear(self) -> bool:
        """Say whether the words leave little doubt."""
        return self.share >= CLEAR


@dataclass
class Line:
    """One task of the child plan: what it is linked to, and what its words suggest, most likely first."""

    task: Task
    linked: list[Task] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def offers(self) -> list[Suggestion]:
        """Return the first suggestions that are not linked yet."""
        return [one for one in self._unlinked[:OFFERED] if one.share >= WORTH_OFFERING]

    @property
    def others(self) -> list[Suggestion]:
        """Return the rest, in the order of the parent plan."""
        rest = [one for one in self._unlinked if one not in self.offers]
        return sorted(rest, key=lambda one: one.task.position)

    @property
    def _unlinked(self) -> list[Suggestion]:
        return [one for one in self.suggestions if one.task not in self.linked]


def lines_of(plan: Plan) -> list[Line]:
    """Return the plan's tasks beside the tasks of its parent. Four queries, whatever the number of tasks."""
    tasks = plan.tasks.standing().select_related("section", "deadline")
    links: dict[int, list[Task]] = {}
    for link in (
        TaskLink.objects.filter(task__plan=plan).select_related("parent_task").order_by("parent_task__position")
    ):
        links.setdefault(link.task_id, []).append(link.parent_task)
    parents = list(plan.parent.tasks.standing()) if plan.parent else []
    words = _Words(parents, _concerning(plan, parents))
    return [Line(task, links.get(task.pk, []), words.like(task.text)) for task in tasks]


def _concerning(plan: Plan, parents: Iterable[Task]) -> frozenset[int]:
    """Return the parent's tasks that name the agency of the child plan: the others are seldom its to carry out."""
    own = {plan.coordinating_agency_id, plan.coordinating_agency.parent_id}
    rows = Assignment.objects.filter(task__in=[task.pk for task in parents], agency__in=own - {None})
    return frozenset(rows.values_list("task_id", flat=True))


class _Words:
    """The words of the parent's tasks, weighted by how few tasks have them."""

    def __init__(self, tasks: list[Task], concerning: frozenset[int]) -> None:
        self.concerning = concerning
        self.known = [(task, fold(task.text), _grams(task.text)) for task in tasks]
        self.often = Counter(gram for _, _, grams in self.known for gram in grams)

    def like(self, text: str) -> list[Suggestion]:
        """Return the parent's tasks, most alike first; those that name the agency before all others."""
        own, folded = _grams(text), fold(text)
        whole = sum(map(self._weight, own)) or 1.0
        found = []
        for task, words, grams in self.known:
            share = 100 * sum(map(self._weight, own & grams)) / whole
            likeness = share + WEIGHT_OF_SEQUENCE * fuzz.partial_ratio(folded, words)
            found.append((task.pk not in self.concerning, -likeness, task.position, Suggestion(task, round(share, 1))))
        return [suggestion for *_, suggestion in sorted(found, key=lambda one: one[:3])]

    def _weight(self, gram: Any) -> float:
        return log(1 + len(self.known) / self.often.get(gram, 1))


def _grams(text: str) -> frozenset[Any]:
    """Return single words and runs of two and three."""
    words = re.findall(r"\w+", fold(text))
    return frozenset([*words, *pairwise(words), *zip(words, words[1:], words[2:], strict=False)])


@transaction.atomic
def set_parent(plan: Plan, parent: Plan | None, *, by: User) -> None:
    """Say which plan this one carries out; links to tasks of another parent end. The plan's coordinator decides."""
    _must_coordinate(plan, by)
    if parent is not None:
        if parent.province_id != plan.province_id or parent.status == Plan.Status.DRAFT:
            raise ValidationError({"parent": "Hãy chọn một kế hoạch đang theo dõi của tỉnh."})
        above: Plan | None = parent
        while above is not None:
            if above.pk == plan.pk:
                raise ValidationError(
                    {"parent": "Kế hoạch không thể cụ thể hóa chính nó hoặc kế hoạch cấp dưới của nó."}
                )
            above = above.parent
    Plan.objects.filter(pk=plan.pk).update(parent=parent)
    plan.parent = parent
    TaskLink.objects.filter(task__plan=plan).exclude(parent_task__plan=parent).delete()


@transaction.atomic
def link(plan: Plan, wanted: dict[int, set[int]], *, by: User, on: date) -> int:
    """Bring the links of the given tasks in line: task id → ids of the parent's tasks. Returns how many changed.

    Links that stay keep who made them and when. Raises ValidationError for a task that is not of the two plans.
    """
    _must_coordinate(plan, by)
    own = set(plan.tasks.values_list("pk", flat=True))
    others = set(plan.parent.tasks.values_list("pk", flat=True)) if plan.parent else set()
    if not own >= wanted.keys() or any(not parents <= others for parents in wanted.values()):
        raise ValidationError("Nhiệm vụ không thuộc hai kế hoạch này. Hãy tải lại trang.")
    standing: dict[int, set[int]] = {}
    for task_id, parent_id in TaskLink.objects.filter(task__in=wanted).values_list("task", "parent_task"):
        standing.setdefault(task_id, set()).add(parent_id)
    ended = [(task, parent) for task, parents in standing.items() for parent in parents - wanted[task]]
    begun = [(task, parent) for task, parents in wanted.items() for parent in parents - standing.get(task, set())]
    for task_id, parent_id in ended:
        TaskLink.objects.filter(task=task_id, parent_task=parent_id).delete()
    TaskLink.objects.bulk_create(
        (TaskLink(task_id=task, parent_task_id=parent, made_by=by, made_on=on) for task, parent in sorted(begun)),
        ignore_conflicts=True,
    )
    return len(ended) + len(begun)


def _must_coordinate(plan: Plan, user: User) -> None:
    if not plan.is_coordinated_by(user):
        raise ValidationError("Chỉ cơ quan điều phối kế hoạch này được liên kết với kế hoạch cấp trên.")
