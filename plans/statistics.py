"""The figures everybody quotes, each with its formula. Rates count deliveries, never check-points.

Only what the plan itself gave is counted: the parts into which an agency breaks its share stand inside that share.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from plans.models import WorkItem
from plans.models.occurrence import GIVEN, NEARLY_DUE, OPEN_STATES, OccurrenceKind, State, WorkItemQuerySet

COMPLETION_FORMULA = "Hoàn thành ÷ (hoàn thành + quá hạn chưa xong)"
ALL_FORMULA = "Hoàn thành ÷ toàn bộ đầu việc"
ON_TIME_FORMULA = "Hoàn thành đúng hạn ÷ hoàn thành"
FORMULAS = {"completion": COMPLETION_FORMULA, "share_of_all": ALL_FORMULA, "punctuality": ON_TIME_FORMULA}
"""What stands under each figure on every page."""
AGES = {"1-10": (1, 10), "11-30": (11, 30), "31-90": (31, 90), "trên 90": (91, 36_500)}
"""Ages of lateness in days, first and last."""

_DELIVERY = GIVEN & Q(kind=OccurrenceKind.DELIVERY)
_CHECK_POINT = GIVEN & Q(kind=OccurrenceKind.CHECK_POINT)
_SETTLED = Q(task__deadline__ambiguous=False) | Q(task__deadline__confirmed_on__isnull=False)
_OPEN = Q(state__in=OPEN_STATES)


def _overdue(today: date) -> Q:
    return _OPEN & _SETTLED & Q(due_date__lt=today) & (Q(return_until__isnull=True) | Q(return_until__lt=today))


def counts_on(today: date) -> dict[str, Count]:
    """Return the aggregates that every table of progress is made of, as of ``today``."""
    delivery = _DELIVERY & ~Q(state__in=[State.WAIVED, State.DECLINED])
    coming = Q(due_date__gte=today, due_date__lte=today + timedelta(days=NEARLY_DUE))
    return {
        "total": Count("pk", filter=delivery),
        "done": Count("pk", filter=_DELIVERY & Q(state=State.COMPLETED)),
        "on_time": Count("pk", filter=_DELIVERY & Q(state=State.COMPLETED) & _on_time()),
        "handed_in": Count("pk", filter=_DELIVERY & Q(state=State.HANDED_IN)),
        "in_progress": Count("pk", filter=_DELIVERY & Q(state=State.IN_PROGRESS)),
        "overdue": Count("pk", filter=_DELIVERY & _overdue(today)),
        "nearly_due": Count("pk", filter=_DELIVERY & _OPEN & _SETTLED & coming),
        "not_updated": Count("pk", filter=_CHECK_POINT & _overdue(today)),
    }


def _on_time() -> Q:
    """Nothing is late without a date that is settled."""
    return Q(due_date__isnull=True) | Q(completed_on__lte=F("due_date")) | ~_SETTLED


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of deliveries as of a day, and the rates made of them (in percent; None where the divisor is 0)."""

    total: int = 0
    done: int = 0
    on_time: int = 0
    handed_in: int = 0
    in_progress: int = 0
    overdue: int = 0
    nearly_due: int = 0
    not_updated: int = 0

    @property
    def not_started(self) -> int:
        """Return deliveries nobody has begun."""
        return self.total - self.done - self.handed_in - self.in_progress

    @property
    def waiting(self) -> int:
        """Return open deliveries that are not overdue."""
        return self.total - self.done - self.handed_in - self.overdue

    @property
    def completion(self) -> float | None:
        """Done ÷ (done + overdue and not done)."""
        return percent(self.done, self.done + self.overdue)

    @property
    def share_of_all(self) -> float | None:
        """Done ÷ all."""
        return percent(self.done, self.total)

    @property
    def punctuality(self) -> float | None:
        """Done on time ÷ done."""
        return percent(self.on_time, self.done)


def percent(part: int, whole: int) -> float | None:
    """Return part ÷ whole in percent with one decimal, or None when there is nothing to divide by.

    A rate that is not whole never shows as 100 or 0: 21,913 of 21,914 stays below 100.
    """
    if not whole:
        return None
    rounded = round(part * 100 / whole, 1)
    if rounded == 100 and part < whole:
        return 99.9
    return 0.1 if rounded == 0 and part else rounded


def figures(items: WorkItemQuerySet, today: date) -> Figures:
    """Return the figures of the items as of ``today`` in one query."""
    return Figures(**items.aggregate(**counts_on(today)))


def figures_by(items: WorkItemQuerySet, key: str, today: date) -> dict[int, Figures]:
    """Return the figures for each value of ``key`` ("agency", "task", "task__section"), in one query."""
    rows = items.given().order_by().values(key).annotate(**counts_on(today))
    return {row.pop(key): Figures(**row) for row in rows}


def overdue_by_age(items: WorkItemQuerySet, today: date) -> dict[str, int]:
    """Return overdue deliveries by age in days: 1-10, 11-30, 31-90, more than 90."""
    late = items.given().deliveries().overdue(today)
    counts = late.aggregate(
        **{
            f"age_{first}": Count(
                "pk", filter=Q(due_date__lte=today - timedelta(first), due_date__gte=today - timedelta(last))
            )
            for first, last in AGES.values()
        }
    )
    return {name: counts[f"age_{first}"] for name, (first, _) in AGES.items()}


def league(items: WorkItemQuerySet, today: date) -> QuerySet[WorkItem, Any]:
    """Return one row an agency with its counts, the latest first: most overdue, then least done."""
    return (
        items.given()
        .order_by()
        .values("agency", "agency__name", "agency__short_name", "agency__kind", "agency__sort_key")
        .annotate(**counts_on(today))
        .order_by(F("overdue").desc(), F("nearly_due").desc(), "agency__sort_key")
    )
