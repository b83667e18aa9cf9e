"""When work is owed, the two axes of its progress, and how work items are asked for."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import User
from plans.models.plan import Assignment, Plan, Role, Task

if TYPE_CHECKING:
    from plans.models.work import WorkItem as WorkItem

NEARLY_DUE = 7
"""Days before the due date from which an item is called nearly due."""


class OccurrenceKind(models.TextChoices):
    """A delivery is confirmed and counted; a check-point only asks for an update."""

    DELIVERY = "delivery", "sản phẩm, kết quả"
    CHECK_POINT = "check_point", "mốc cập nhật"


class Occurrence(models.Model):
    """A moment at which a task is owed [mốc]: ordinal, kind and due date; no date where the plan gives none."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="occurrences")
    ordinal = models.PositiveSmallIntegerField("lần")
    kind = models.CharField("loại mốc", max_length=11, choices=OccurrenceKind.choices)
    due_date = models.DateField("hạn", null=True, blank=True)
    period = models.CharField("kỳ", max_length=20, blank=True)

    class Meta:
        ordering = ["task_id", "ordinal"]
        verbose_name = "mốc"
        verbose_name_plural = "mốc"
        constraints = [models.UniqueConstraint(fields=["task", "ordinal"], name="occurrence_ordinal_is_unique")]

    def __str__(self) -> str:
        return f"{self.task_id} lần {self.ordinal}"


class State(models.TextChoices):
    """First axis: where the work stands. Timeliness is the second and is never stored."""

    NOT_STARTED = "not_started", "chưa thực hiện"
    IN_PROGRESS = "in_progress", "đang thực hiện"
    HANDED_IN = "handed_in", "chờ xác nhận"
    COMPLETED = "completed", "hoàn thành"
    DECLINED = "declined", "trả lại nhiệm vụ"
    WAIVED = "waived", "không phải thực hiện"


OPEN_STATES = (State.NOT_STARTED, State.IN_PROGRESS)
GIVEN = Q(part_of__isnull=True)
"""What the plan itself gave. The parts into which an agency breaks its share stand inside that share: no figure of the
province, the plan or an agency counts them."""


class Timeliness(models.TextChoices):
    """Second axis, computed from the day."""

    IN_TIME = "in_time", "trong hạn"
    NEARLY_DUE = "nearly_due", "sắp đến hạn"
    OVERDUE = "overdue", "quá hạn"
    NO_DEADLINE = "no_deadline", "không có hạn"
    ON_TIME = "on_time", "đúng hạn"
    LATE = "late", "trễ hạn"
    NOT_UPDATED = "not_updated", "chưa cập nhật"


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Work items as questions ask for them. Rates count deliveries only."""

    def state_visible_to(self, user: User) -> "WorkItemQuerySet":
        """Everybody in the province sees the *state* of each agency on a task of an active or closed plan."""
        return self.filter(task__plan__in=Plan.objects.visible_to(user))

    def visible_to(self, user: User) -> "WorkItemQuerySet":
        """Return items whose *words* the user sees.

        The agency itself, its parent, the task's lead and monitoring agencies, the plan's coordinators and the leaders of
        the coordinating agency, viewers.
        """
        access = access_of(user)
        items = self.state_visible_to(user)
        if access.is_viewer:
            return items
        watches = Assignment.objects.filter(
            task=OuterRef("task"), role__in=[Role.LEAD, Role.MONITOR], agency__in=access.own
        )
        over = access.coordinates | access.leads
        return items.filter(Q(agency__in=access.reach) | Q(task__plan__coordinating_agency__in=over) | Exists(watches))

    def listed_for(self, user: User) -> "WorkItemQuerySet":
        """Leave out the parts that others gave or got: a list shows what the plan gave, and the person's own parts."""
        return self.filter(GIVEN | Q(agency__in=access_of(user).own))

    def given(self) -> "WorkItemQuerySet":
        """Return what the plan itself gave: every figure starts here (see `GIVEN`)."""
        return self.filter(GIVEN)

    def reachable_by(self, user: User) -> "WorkItemQuerySet":
        """Return items that the user may work on: of their own agencies and of the units right under them."""
        return self.state_visible_to(user).filter(agency__in=access_of(user).reach)

    def confirmable_by(self, user: User) -> "WorkItemQuerySet":
        """Return items that the user may confirm: as the parent agency or the plan's coordinator, never as the doer.

        A part is confirmed by the agency that gave it. Items of report tasks are not among them: they follow the report
        of the period.
        """
        access = access_of(user)
        above = Q(agency__parent__in=access.own) | Q(task__plan__coordinating_agency__in=access.coordinates)
        return (
            self.state_visible_to(user)
            .filter((GIVEN & above) | Q(part_of__agency__in=access.own))
            .exclude(handed_in_by=user.pk)
            .exclude(task__is_report=True)
        )

    def deliveries(self) -> "WorkItemQuerySet":
        """Return what counts in rates."""
        return self.filter(kind=OccurrenceKind.DELIVERY)

    def active(self) -> "WorkItemQuerySet":
        """Return items of plans that are being carried out."""
        return self.filter(task__plan__status=Plan.Status.ACTIVE)

    def open(self) -> "WorkItemQuerySet":
        """Return items the doer still has to act on."""
        return self.filter(state__in=OPEN_STATES)

    def put_to(self, user: User) -> "WorkItemQuerySet":
        """Return open items that wait for this person, as a leader of the agency, before they are handed in."""
        return self.open().filter(proposed_on__isnull=False, agency__in=access_of(user).leads)

    def declined(self) -> "WorkItemQuerySet":
        """Return items of tasks that their agency has declined and on which nobody has decided yet."""
        return self.filter(state=State.DECLINED)

    def handed_in(self) -> "WorkItemQuerySet":
        """Return items that wait for confirmation."""
        return self.filter(state=State.HANDED_IN)

    def settled(self) -> "WorkItemQuerySet":
        """Return items whose deadline has one reading or was confirmed: only these can be late."""
        return self.filter(
            Q(task__deadline__ambiguous=False) | Q(task__deadline__confirmed_on__isnull=False), due_date__isnull=False
        )

    def due_by(self, day: date) -> "WorkItemQuerySet":
        """Return items whose due date is on or before ``day``."""
        return self.settled().filter(due_date__lte=day)

    def overdue(self, today: date) -> "WorkItemQuerySet":
        """Return open items past their due date: overdue from the day after it."""
        return self.open().settled().filter(due_date__lt=today).exclude(return_until__gte=today)

    def nearly_due(self, today: date, days: int = NEARLY_DUE) -> "WorkItemQuerySet":
        """Return open items due from today up to ``days`` days ahead."""
        return self.open().settled().filter(due_date__gte=today, due_date__lte=today + timedelta(days=days))

    def most_urgent_first(self) -> "WorkItemQuerySet":
        """Order by due date, items without one last."""
        return self.order_by(F("due_date").asc(nulls_last=True), "task__position", "pk")

    def matching(self, words: str) -> "WorkItemQuerySet":
        """Return items whose task or agency holds the words, diacritics aside."""
        key = unaccent(words)
        return self.filter(Q(task__search_key__contains=key) | Q(agency__search_key__contains=key))

    def for_lists(self) -> "WorkItemQuerySet":
        """Fetch with each item what a list shows of it, in the same query."""
        return self.select_related(
            "agency", "occurrence", "task__deadline", "task__plan", "task__section", "responsible", "part_of__agency"
        )
