"""A work item: what it holds, how late it is, who may do what with it, and how one row of it is changed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.models.occurrence import (
    NEARLY_DUE,
    OPEN_STATES,
    Occurrence,
    OccurrenceKind,
    State,
    Timeliness,
    WorkItemQuerySet,
)
from plans.models.plan import Plan, Role, Task

TAKEN = "Đầu việc vừa được người khác xử lý hoặc đã đổi trạng thái. Hãy tải lại trang để xem nội dung mới nhất."


class Item(models.Model):
    """The ground of `WorkItem` (the only model made of it): columns, what is computed of them, rights, the one job."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="items", verbose_name="nhiệm vụ")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="items", verbose_name="mốc")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="items", verbose_name="cơ quan")
    kind = models.CharField("loại mốc", max_length=11, choices=OccurrenceKind.choices)
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.NOT_STARTED)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    due_date = models.DateField("hạn", null=True, blank=True)
    original_due_date = models.DateField("hạn ban đầu", null=True, blank=True)
    due_version = models.PositiveSmallIntegerField("lần ấn định hạn", default=1)
    responsible = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="người phụ trách"
    )
    handed_in_on = models.DateField("ngày báo hoàn thành", null=True, blank=True)
    handed_in_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    return_until = models.DateField("hạn làm lại sau khi trả", null=True, blank=True)
    completed_on = models.DateField("ngày được tính hoàn thành", null=True, blank=True)
    last_update_on = models.DateField("cập nhật gần nhất", null=True, blank=True)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        db_index=False,
        verbose_name="phần việc của",
        help_text="Đầu việc mà cơ quan cấp trên trực tiếp đã chia cho đơn vị này; không tính vào số liệu nào.",
    )
    proposed_on = models.DateField("ngày trình lãnh đạo", null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["task_id", "occurrence_id", "agency_id"]
        verbose_name = "đầu việc"
        verbose_name_plural = "đầu việc"
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "agency"], name="agency_owes_an_occurrence_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_is_at_most_100"),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_on__isnull=False), name="completed_item_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_in") | Q(handed_in_on__isnull=False), name="handed_in_item_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=models.F("pk")), name="an_item_is_no_part_of_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_date"], name="item_by_agency"),
            models.Index(
                fields=["due_date"], name="open_item_by_due_date", condition=Q(state__in=["not_started", "in_progress"])
            ),
            models.Index(fields=["task", "kind", "state"], name="item_by_task"),
            models.Index(fields=["part_of"], name="part_by_item", condition=Q(part_of__isnull=False)),
            models.Index(fields=["agency"], name="item_put_to_leader", condition=Q(proposed_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.agency} - {self.task.short_text}"

    def get_absolute_url(self) -> str:
        """Return the item's page."""
        return reverse("work-item", args=[self.pk])

    # What is computed, never stored

    def timeliness(self, today: date) -> Timeliness:
        """Return the second axis as of ``today``: overdue begins the day after the due date."""
        if self.due_date is None or not self.task.deadline.is_settled:
            return Timeliness.NO_DEADLINE
        if self.state in (State.COMPLETED, State.HANDED_IN):
            done_on = self.completed_on or self.handed_in_on
            return Timeliness.ON_TIME if done_on and done_on <= self.due_date else Timeliness.LATE
        if self.state not in OPEN_STATES:
            return Timeliness.IN_TIME
        if self.due_date < today:
            if self.return_until and self.return_until >= today:
                return Timeliness.IN_TIME
            return Timeliness.NOT_UPDATED if self.is_check_point else Timeliness.OVERDUE
        return Timeliness.NEARLY_DUE if self.due_date <= today + timedelta(days=NEARLY_DUE) else Timeliness.IN_TIME

    @property
    def is_check_point(self) -> bool:
        """Say whether the item only asks for an update."""
        return self.kind == OccurrenceKind.CHECK_POINT

    @property
    def is_open(self) -> bool:
        """Say whether the doer still has to act."""
        return self.state in OPEN_STATES

    @property
    def is_part(self) -> bool:
        """Say whether the item is a part of its parent agency's share: outside every figure, confirmed by the giver."""
        return self.part_of_id is not None  # type: ignore[attr-defined]  # a link to "self" is known on WorkItem only

    @property
    def giver_id(self) -> int | None:
        """Return the agency that gave this part; nothing for what the plan itself gave."""
        return self.part_of.agency_id if self.part_of else None

    @property
    def needs_a_leader(self) -> bool:
        """Say whether only a leader of the agency hands the item in: a setting of the plan; parts are inside matters."""
        return self.task.plan.leaders_approve and not self.is_part

    # Who may

    @property
    def _is_active(self) -> bool:
        return self.task.plan.status == Plan.Status.ACTIVE

    def may_be_worked_on_by(self, user: User) -> bool:
        """Say whether the user may update and hand in: the agency's people, or those of its parent (a fill-in)."""
        return self.agency_id in access_of(user).reach and self._is_active

    def may_be_confirmed_by(self, user: User) -> bool:
        """Say whether the user may confirm or return: parent agency or coordinator, and not the one who handed it in.

        A part is confirmed by the people of the agency that gave it, never by the plan's coordinator.
        """
        access = access_of(user)
        if self.is_part:
            above = self.giver_id in access.own
        else:
            above = self.agency.parent_id in access.own or self.task.plan.coordinating_agency_id in access.coordinates
        return above and self.handed_in_by_id != user.pk and self._is_active

    def may_be_waived_by(self, user: User) -> bool:
        """Say whether the user may release the agency from the item while it is open: the plan's coordinator.

        A part is taken back by the people of the agency that gave it.
        """
        may = self.giver_id in access_of(user).own if self.is_part else self.task.plan.is_coordinated_by(user)
        return may and self._is_active and self.state in (*OPEN_STATES, State.DECLINED)

    def is_led_by(self, user: User) -> bool:
        """Say whether the user is a leader of the agency, or of its parent (who fills in for it)."""
        return bool({self.agency_id, self.agency.parent_id} & access_of(user).leads)

    def may_be_handed_in_by(self, user: User) -> bool:
        """Say whether the page offers to hand the item in: an open delivery, not a report; by a leader where asked."""
        leads = not self.needs_a_leader or self.is_led_by(user)
        return leads and self._is_finishable and self.may_be_worked_on_by(user)

    def may_be_put_to_leader_by(self, user: User) -> bool:
        """Say whether the page offers to put the item to the agency's leader before handing in."""
        waits = self.proposed_on is not None or self.is_led_by(user)
        return self.needs_a_leader and not waits and self._is_finishable and self.may_be_worked_on_by(user)

    def may_be_sent_down_by(self, user: User) -> bool:
        """Say whether the user, as a leader, may give back what was put to them."""
        return self.is_open and self.proposed_on is not None and self.is_led_by(user) and self._is_active

    def may_be_declined_by(self, user: User) -> bool:
        """Say whether the user may decline the task for the agency: its own people only; not a report, not a part."""
        theirs = self.agency_id in access_of(user).own and self._is_active
        return theirs and self.is_open and not self.is_part and not self.task.is_report

    def may_be_broken_down_by(self, user: User) -> bool:
        """Say whether the user may give parts of the item to units: the agency's own people, while it is open."""
        theirs = self.agency_id in access_of(user).own and self._is_active
        return theirs and self.is_open and not self.is_check_point and not self.task.is_report

    def may_be_directed_by(self, user: User) -> bool:
        """Say whether the user may give a directive: leaders of the agency, its parent, the coordinating agency."""
        leaders = {self.agency_id, self.agency.parent_id, self.task.plan.coordinating_agency_id}
        stands = self.state in (*OPEN_STATES, State.HANDED_IN)
        return bool(leaders & access_of(user).leads) and stands and self._is_active

    @property
    def _is_finishable(self) -> bool:
        return self.is_open and not self.is_check_point and not self.task.is_report

    # One conditional UPDATE

    def _change(self, states: Iterable[str], revision: int | None, changes: dict[str, Any]) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster."""
        # Exists, not a join: with a join Django updates "id IN (SELECT …)", and PostgreSQL does not ask again about the
        # state inside the SELECT after it has waited for somebody else's UPDATE.
        active = Task.objects.filter(pk=OuterRef("task"), plan__status=Plan.Status.ACTIVE)
        rows = type(self).objects.filter(Exists(active), pk=self.pk, state__in=list(states))
        if revision is not None:
            rows = rows.filter(revision=revision)
        if not rows.update(revision=F("revision") + 1, **changes):
            raise ValidationError(TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    # One job with check-points on the way

    @property
    def is_one_job(self) -> bool:
        """Say whether the task's dates are one job with check-points on the way."""
        return self.task.deadline.completes == "final"

    def _same_job(self) -> WorkItemQuerySet:
        """Return the agency's other items of this task: one job when the deadline completes at the end."""
        job = type(self).objects.filter(task=self.task_id, agency=self.agency_id)
        return job.exclude(pk=self.pk)  # type: ignore[return-value]  # the only model made of this ground

    def _hold_the_job(self) -> None:
        """Lock the items of one job in one order, so that two people at two of its dates never wait for each other."""
        if self.is_one_job:
            job = type(self).objects.filter(task=self.task_id, agency=self.agency_id).order_by("pk")
            list(job.select_for_update().values_list("pk", flat=True))

    def _carry_to_the_same_job(self, on: date, percent: int) -> None:
        """One job, one progress: show it at the delivery, and answer the check-points that this update speaks to.

        An update of a check-point speaks to what came before it; one of the delivery also to the next to come.
        """
        if not self.is_one_job:
            return
        self._same_job().deliveries().open().update(
            state=State.IN_PROGRESS, percent=percent, last_update_on=on, revision=F("revision") + 1
        )
        if self.is_check_point:
            self._answer_check_points(on=on, percent=percent, until=self.due_date)
        else:
            coming = self._same_job().filter(kind=OccurrenceKind.CHECK_POINT, due_date__gte=on).order_by("due_date")
            until = coming.values_list("due_date", flat=True).first()
            self._answer_check_points(on=on, percent=percent, until=until or on)

    def _open_check_points(self) -> WorkItemQuerySet:
        return self._same_job().filter(kind=OccurrenceKind.CHECK_POINT).open()

    def _answer_check_points(self, *, on: date, percent: int = 100, until: date | None = None) -> None:
        """Mark open check-points (due up to ``until``) as answered."""
        rows = self._open_check_points()
        if until is not None:
            rows = rows.filter(due_date__lte=until)
        rows.update(
            state=State.COMPLETED, completed_on=on, percent=percent, last_update_on=on, revision=F("revision") + 1
        )
