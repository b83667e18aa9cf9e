"""What agencies have reached of a task's targets: the latest values as of a day, what a report says of them, totals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TypedDict

from django.db.models import Exists, F, OuterRef, Q

from agencies.models import Agency, User
from plans.models import Target, TargetFigure, Task, WorkItem
from plans.models.occurrence import State, WorkItemQuerySet
from plans.targets.finding import written

Latest = Mapping[tuple[int, int], tuple[Decimal, date]]
"""(agency id, target id) → the value and the day of the update that told it."""


class TargetLine(TypedDict):
    """One target in a line of a report (`ReportLine.targets`); ``value`` and ``met`` are None where nothing was reported.

    ``goal`` and ``value`` are plain decimal text ("1250.5"), so that a frozen line keeps every digit.
    """

    words: str
    unit: str
    goal: str
    comparison: str
    value: str | None
    met: bool | None


def latest_figures(items: WorkItemQuerySet, as_of: date) -> dict[tuple[int, int], tuple[Decimal, date]]:
    """Return what the agencies of the items last reported on or before ``as_of``, for every target of their tasks.

    Where the dates of a task are one job (its deadline completes "final"), what was reported at any of its dates counts,
    also at items that are not among ``items``. Where every date is a delivery of its own, only the given items count:
    the second quarter's figure says nothing of the third's. A value in another unit than the target has now is left out.
    Of two updates of one day the later entered wins. One query, whatever the number of agencies.
    """
    same_job = items.order_by().filter(task=OuterRef("update__item__task"), agency=OuterRef("update__item__agency"))
    figures = (
        TargetFigure.objects.filter(update__on__lte=as_of, unit=F("target__unit"), update__item__part_of__isnull=True)
        .filter(
            Q(update__item__in=items.order_by().values("pk"))
            | Q(Exists(same_job), target__task__deadline__completes="final")
        )
        .order_by("update__item__agency_id", "target_id", "-update__on", "-update_id")
        .distinct("update__item__agency_id", "target_id")
    )
    rows = figures.values_list("update__item__agency_id", "target_id", "value", "update__on")
    return {(agency, target): (value, on) for agency, target, value, on in rows}


def target_lines(items: WorkItemQuerySet, as_of: date) -> dict[tuple[int, int], list[TargetLine]]:
    """Return for each (agency id, task id) of the items its targets with the latest values, ready for a report's line.

    Tasks without targets are left out. Three queries, whatever the number of agencies.
    """
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.active().filter(task__in=items.order_by().values("task")):
        targets[target.task_id].append(target)
    if not targets:
        return {}
    latest = latest_figures(items, as_of)
    owed = items.order_by().filter(task__in=list(targets)).values_list("agency_id", "task_id").distinct()
    return {
        (agency, task): [line_of(target, latest.get((agency, target.pk))) for target in targets[task]]
        for agency, task in owed
    }


def line_of(target: Target, latest: tuple[Decimal, date] | None) -> TargetLine:
    """Return one target as a report's line keeps it."""
    value = latest[0] if latest else None
    return {
        "words": target.words,
        "unit": target.unit,
        "goal": str(target.goal),
        "comparison": target.comparison,
        "value": None if value is None else str(value),
        "met": None if value is None else target.is_met_by(value),
    }


@dataclass(frozen=True)
class Reported:
    """What one agency last reported for a target, on which day, and whether it meets the goal of today."""

    agency: Agency
    value: Decimal
    on: date
    is_met: bool

    @property
    def words(self) -> str:
        """Return the value as people read it."""
        return written(self.value)


@dataclass(frozen=True)
class Total:
    """What the agencies together have reached of one target; ``agencies``: how many owe the task."""

    target: Target
    agencies: int
    rows: list[Reported]

    @property
    def values(self) -> list[Decimal]:
        """Return the values alone."""
        return [row.value for row in self.rows]

    @property
    def reported(self) -> int:
        """Return how many agencies reported a value."""
        return len(self.rows)

    @property
    def met(self) -> int:
        """Return how many met the goal with the value they last reported."""
        return sum(row.is_met for row in self.rows)

    @property
    def summary(self) -> str:
        """Return lowest and middle value of shares, the sum of numbers; empty while nobody reported."""
        if not self.values:
            return ""
        if not self.target.is_percent:
            return f"tổng {written(sum(self.values, Decimal(0)))} {self.target.unit}"
        if len(self.values) == 1:
            return f"đạt {self.rows[0].words} %"
        middle = written(Decimal(median(self.values)))
        return f"thấp nhất {written(min(self.values))} %, trung vị {middle} %"


@dataclass(frozen=True)
class Progress:
    """A task's targets with the totals of the agencies whose figures the person may read; ``of``: agencies that owe it."""

    totals: list[Total]
    readable: int
    of: int


def progress_of(task: Task, user: User, as_of: date) -> Progress:
    """Return how far the targets of a task are, counted over the agencies whose words the person may read.

    Agencies that were released from the task or declined it, and parts of an agency's share, are not counted.
    """
    targets = list(Target.objects.active().filter(task=task))
    if not targets:
        return Progress([], 0, 0)
    owing = WorkItem.objects.filter(task=task).given().exclude(state__in=[State.WAIVED, State.DECLINED])
    items = WorkItem.objects.visible_to(user).filter(pk__in=owing)
    agencies = list(Agency.objects.filter(pk__in=items.values("agency")).order_by("sort_key"))
    latest = latest_figures(items, as_of)
    totals = [Total(target, len(agencies), _rows(target, agencies, latest)) for target in targets]
    return Progress(totals, len(agencies), owing.order_by().values("agency").distinct().count())


def _rows(target: Target, agencies: list[Agency], latest: Latest) -> list[Reported]:
    told = [(agency, *latest[agency.pk, target.pk]) for agency in agencies if (agency.pk, target.pk) in latest]
    return [Reported(agency, value, on, target.is_met_by(value)) for agency, value, on in told]
