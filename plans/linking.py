"""With which items of other plans an agency's item may be linked: all are offered, the likeliest first; a person picks."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from agencies.folding import fold
from agencies.models import User
from plans.models import ItemLink, TaskLink, WorkItem
from plans.models.occurrence import OccurrenceKind

ALIKE = 60
"""Likeness of two tasks' words, in % of `token_set_ratio`, from which one is called alike. It orders, it never links."""


@dataclass(frozen=True)
class Candidate:
    """An item that may be linked: ``carries_out`` where its task is linked with ours as parent or child."""

    item: WorkItem
    carries_out: bool
    likeness: int

    @property
    def is_suggested(self) -> bool:
        """Say whether it stands among the suggestions."""
        return self.carries_out or self.likeness >= ALIKE

    @property
    def why(self) -> str:
        """Return why it is suggested, in words."""
        if self.carries_out:
            return "nhiệm vụ cụ thể hóa đã liên kết"
        return f"nội dung gần giống ({self.likeness} %)" if self.is_suggested else ""


def candidates(item: WorkItem, user: User) -> list[Candidate]:
    """Return the agency's open items of other active plans that are not linked with this one yet; three queries.

    Only those whose words the person reads: a link carries words from one plan to the other.

    Where the dates of a task are one job, it stands for itself once, by its delivery.
    """
    linked = {one.far_from(item).pk for one in links_of(item)}
    tied = set(TaskLink.objects.filter(task=item.task_id).values_list("parent_task", flat=True))
    tied |= set(TaskLink.objects.filter(parent_task=item.task_id).values_list("task", flat=True))
    others = (
        WorkItem.objects.visible_to(user)
        .active()
        .open()
        .filter(agency=item.agency_id, task__is_report=False)
        .filter(Q(kind=OccurrenceKind.DELIVERY) | ~Q(task__deadline__completes="final"))
        .exclude(task__plan=item.task.plan_id)
        .exclude(pk__in=linked)
    )
    words = fold(item.task.text)
    found = [
        Candidate(other, other.task_id in tied, round(fuzz.token_set_ratio(words, fold(other.task.text))))
        for other in others.for_lists()
    ]
    return sorted(found, key=_likeliest)


def _likeliest(one: Candidate) -> tuple:
    due = one.item.due_date or date.max
    return not one.carries_out, not one.is_suggested, -one.likeness, one.item.task.plan_id, one.item.task.position, due


def links_of(item: WorkItem) -> list[ItemLink]:
    """Return the standing links of the item, with both ends as lists show them."""
    return list(_with_ends(item).filter(ended_on__isnull=True))


def ended_links_of(item: WorkItem) -> list[ItemLink]:
    """Return the links that were taken away."""
    return list(_with_ends(item).filter(ended_on__isnull=False))


def _with_ends(item: WorkItem) -> QuerySet[ItemLink]:
    ends = [f"{end}__{path}" for end in ("item", "other") for path in ("task__plan", "task__deadline", "agency")]
    return ItemLink.objects.of(item).select_related(*ends, "made_by", "ended_by")
