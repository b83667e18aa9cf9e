"""What stands now: an agency's open work of a plan, and the last that was said of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from agencies.models import Agency
from plans.models import Plan, Update, WorkItem
from plans.models.occurrence import OccurrenceKind, WorkItemQuerySet


@dataclass(frozen=True, slots=True)
class Standing:
    """An item with the last update of its job (None before the first) and the next check-points on the way to it."""

    item: WorkItem
    last: Update | None
    marks: list[date] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the last words, "" before the first."""
        return self.last.words if self.last else ""


def to_fill(plan: Plan, agency: Agency) -> list[Standing]:
    """Return the agency's open work in the plan's order. One job is one line: its delivery, with its check-points beside it.

    Without the plan's report tasks: the report of the period completes them.
    """
    items = WorkItem.objects.filter(task__plan=plan, task__is_report=False, agency=agency).open()
    kept = list(
        lines_of_work(items)
        .select_related("task__deadline", "task__section", "occurrence")
        .order_by("task__position", "occurrence__ordinal", "pk")
    )
    marks: dict[int, list[date]] = {}
    points = items.filter(kind=OccurrenceKind.CHECK_POINT, task__deadline__completes="final", due_date__isnull=False)
    for task, day in points.values_list("task", "due_date"):
        if day:
            marks.setdefault(task, []).append(day)
    last = last_updates(kept, agency)
    return [
        Standing(item, last.get(item.pk), [] if item.is_check_point else marks.get(item.task_id, [])) for item in kept
    ]


def lines_of_work(items: WorkItemQuerySet) -> WorkItemQuerySet:
    """Leave out check-points on the way to a delivery that is open: they are answered by what is said of the delivery."""
    deliveries = WorkItem.objects.deliveries().open().filter(task=OuterRef("task"), agency=OuterRef("agency"))
    job = Q(kind=OccurrenceKind.CHECK_POINT, task__deadline__completes="final")
    return items.exclude(job & Exists(deliveries))


def last_updates(items: Iterable[WorkItem], agency: Agency) -> dict[int, Update]:
    """Return the last update of each item by its id; one job has one progress, whichever of its dates it was written at."""
    items = list(items)
    found = (
        Update.objects.filter(item__agency=agency, item__task__in={item.task_id for item in items})
        .select_related("by", "item")
        .order_by("item_id", "-pk")
        .distinct("item_id")
    )
    by_item = {update.item_id: update for update in found}
    by_task: dict[int, Update] = {}
    for update in by_item.values():
        known = by_task.get(update.item.task_id)
        if known is None or known.pk < update.pk:
            by_task[update.item.task_id] = update
    chosen = {item.pk: by_task.get(item.task_id) if item.is_one_job else by_item.get(item.pk) for item in items}
    return {pk: update for pk, update in chosen.items() if update is not None}
