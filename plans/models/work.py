"""The work: what one agency owes at one occurrence. Its state is written by the verbs here and nowhere else."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
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
from workdays.calendar import Calendar

if TYPE_CHECKING:
    from plans.models.progress import Update

RETURN_GRACE = 3
"""Working days that a return gives; handing in again within them counts as the first day (domain.md)."""
CLOSED = "Kế hoạch này không còn được theo dõi; đầu việc của kế hoạch không thay đổi nữa."
FOR_THE_REPORT = "Nhiệm vụ này là một báo cáo: tiếp nhận hoặc trả lại ở trang báo cáo của kỳ, đầu việc sẽ đổi theo."
TAKEN = "Đầu việc vừa được người khác xử lý hoặc đã đổi trạng thái. Hãy tải lại trang để xem nội dung mới nhất."


class ItemStep(models.TextChoices):
    """The steps that change a state."""

    HANDED_IN = "handed_in", "báo hoàn thành"
    CONFIRMED = "confirmed", "xác nhận hoàn thành"
    RETURNED = "returned", "trả lại"
    DECLINED = "declined", "trả lại nhiệm vụ"
    WAIVED = "waived", "miễn thực hiện"
    DUE_DATE_MOVED = "due_date_moved", "đổi hạn"
    REINSTATED = "reinstated", "giao lại"


class NewEvidence:
    """A file that is about to be attached, with the day it is dated."""

    def __init__(self, file: File, name: str, dated_on: date | None = None) -> None:
        self.file, self.name, self.dated_on = file, name, dated_on


class WorkItem(models.Model):
    """What one agency owes at one occurrence [đầu việc]: the unit of state, reminders, lateness and statistics.

    State is written only by the verbs below, each one conditional UPDATE and its event in one transaction.
    """

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
    revision = models.PositiveIntegerField(default=1)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
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
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_date"], name="item_by_agency"),
            models.Index(
                fields=["due_date"], name="open_item_by_due_date", condition=Q(state__in=["not_started", "in_progress"])
            ),
            models.Index(fields=["task", "kind", "state"], name="item_by_task"),
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

    def may_be_worked_on_by(self, user: User) -> bool:
        """Say whether the user may update and hand in: the agency's people, or those of its parent (a fill-in)."""
        return self.agency_id in access_of(user).reach and self.task.plan.status == Plan.Status.ACTIVE

    def may_be_confirmed_by(self, user: User) -> bool:
        """Say whether the user may confirm or return: parent agency or coordinator, and not the one who handed it in."""
        access = access_of(user)
        above = self.agency.parent_id in access.own or self.task.plan.coordinating_agency_id in access.coordinates
        return above and self.handed_in_by_id != user.pk and self.task.plan.status == Plan.Status.ACTIVE

    def may_be_waived_by(self, user: User) -> bool:
        """Say whether the user may release the agency from the item: the plan's coordinator, while it is open."""
        plan = self.task.plan
        may = plan.status == Plan.Status.ACTIVE and plan.is_coordinated_by(user)
        return may and self.state in (*OPEN_STATES, State.DECLINED)

    # Verbs

    @transaction.atomic
    def record_update(
        self,
        *,
        by: User,
        on: date,
        percent: int,
        words: str,
        revision: int | None = None,
        evidence: Iterable[NewEvidence] = (),
        corrects: "Update | None" = None,
    ) -> "Update":
        """Record progress: percent (0-100), words and evidence files. Never edits what was recorded before.

        ``revision`` is the one the page was opened with; if somebody was faster, nothing is written and the error
        says so. An update of a check-point answers it; progress of the one job shows at its delivery as well.
        A second update of a check-point adds words and leaves the day on which it was answered.
        """
        self._must_be_worked_on_by(by)
        if not 0 <= percent <= 100:
            raise ValidationError({"percent": "Tiến độ là số từ 0 đến 100."})
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi kết quả hoặc tình hình thực hiện."})
        self._hold_the_job()
        changes: dict[str, Any] = {"percent": percent, "state": State.IN_PROGRESS, "last_update_on": on}
        states: tuple[State, ...] = OPEN_STATES
        if self.is_check_point:
            changes |= {"state": State.COMPLETED, "completed_on": Coalesce(F("completed_on"), Value(on))}
            states = (*OPEN_STATES, State.COMPLETED)
        self._change(states, revision, changes)
        update = self.updates.create(
            by=by,
            on=on,
            percent=percent,
            words=words.strip(),
            corrects=corrects,
            on_behalf=self.agency_id not in access_of(by).own,
        )
        for new in evidence:
            update.add_evidence(new)
        self._carry_to_the_same_job(on, percent)
        return update

    @transaction.atomic
    def hand_in(self, *, by: User, on: date, revision: int | None = None, through_report: bool = False) -> None:
        """Say that the work is done: the doer's clock stops, the confirmer's starts.

        Within the grace after a return the first day counts. A report task is handed in only by its report.
        """
        self._must_be_worked_on_by(by)
        if self.is_check_point:
            raise ValidationError("Mốc cập nhật không cần báo hoàn thành: chỉ cần cập nhật tiến độ.")
        if self.task.is_report and not through_report:
            raise ValidationError("Nhiệm vụ này là một báo cáo: hãy nộp báo cáo của kỳ, đầu việc sẽ tự hoàn thành.")
        if not through_report and self.last_update_on is None:
            raise ValidationError("Hãy cập nhật kết quả thực hiện trước khi báo hoàn thành.")
        first_day_within_grace = Case(When(return_until__gte=on, then=F("handed_in_on")), default=Value(on))
        self._change(
            OPEN_STATES,
            revision,
            {"state": State.HANDED_IN, "percent": 100, "handed_in_on": first_day_within_grace, "handed_in_by": by},
        )
        self._note(ItemStep.HANDED_IN, by=by, on=on)

    @transaction.atomic
    def confirm(self, *, by: User, on: date, document: str = "", through_report: bool = False) -> None:
        """Accept what was handed in; the day of handing in decides on time or late. Closes remaining check-points.

        The coordinating agency's own delivery needs the superior's document (number, date, issuer) in ``document``.
        A report task is confirmed only by accepting its report.
        """
        self._must_be_confirmed_by(by, through_report)
        own = self.agency_id == self.task.plan.coordinating_agency_id
        if own and not document.strip() and not self.task.is_report:
            raise ValidationError(
                {"document": "Việc của chính cơ quan điều phối: hãy ghi số, ngày, cơ quan ban hành văn bản chấp nhận."}
            )
        self._hold_the_job()
        self._change(
            (State.HANDED_IN,),
            None,
            {"state": State.COMPLETED, "completed_on": F("handed_in_on"), "return_until": None},
        )
        self._note(ItemStep.CONFIRMED, by=by, on=on, words=document)
        if self._is_one_job:
            self._answer_check_points(on=self.completed_on or on)

    @transaction.atomic
    def send_back(self, *, by: User, on: date, reason: str, through_report: bool = False) -> None:
        """Return what was handed in, with a reason and three working days to mend it."""
        self._must_be_confirmed_by(by, through_report)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do trả lại để cơ quan biết cần bổ sung gì."})
        until = Calendar.load().add_working_days(on, RETURN_GRACE)
        self._change((State.HANDED_IN,), None, {"state": State.IN_PROGRESS, "return_until": until})
        self._note(ItemStep.RETURNED, by=by, on=on, words=reason)

    @transaction.atomic
    def waive(self, *, by: User, on: date, reason: str) -> None:
        """Release the agency from this item [không phải thực hiện]; the coordinator decides, with a reason.

        Where it is the delivery of one job, nobody asks for the check-points on the way to it any more.
        """
        if not self.task.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được miễn đầu việc.")
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do."})
        self._hold_the_job()
        self._change((*OPEN_STATES, State.DECLINED), None, {"state": State.WAIVED})
        self._note(ItemStep.WAIVED, by=by, on=on, words=reason)
        if self._is_one_job and not self.is_check_point:
            self._open_check_points().update(state=State.WAIVED, revision=F("revision") + 1)

    @transaction.atomic
    def move_due_date(self, to: date, *, by: User, on: date, reason: str) -> None:
        """Give the item a later due date: a new version of it, never another item; nothing else changes.

        Only granting an `Extension` calls this. What was handed in while the request waited moves as well.
        """
        before = self.due_date
        if before is None or to <= before:
            raise ValidationError("Ngày mới phải sau hạn hiện tại của đầu việc.")
        self._change((*OPEN_STATES, State.HANDED_IN), None, {"due_date": to, "due_version": F("due_version") + 1})
        self.due_date_versions.create(version=self.due_version, due_date=to, on=on, by=by, reason=reason)
        self._note(ItemStep.DUE_DATE_MOVED, by=by, on=on, words=f"Từ {before:%d/%m/%Y} đến {to:%d/%m/%Y}. {reason}")

    def give_to(self, officer: User | None, *, by: User) -> None:
        """Name the officer in charge; they must work in the agency today."""
        self._must_be_worked_on_by(by)
        if officer and self.agency_id not in access_of(officer).own:
            raise ValidationError({"responsible": "Người phụ trách phải thuộc cơ quan thực hiện."})
        WorkItem.objects.filter(pk=self.pk).update(responsible=officer, revision=F("revision") + 1)
        self.refresh_from_db(fields=["responsible", "revision"])

    # Inside the verbs

    def _must_be_worked_on_by(self, user: User) -> None:
        if self.agency_id in access_of(user).reach and self.task.plan.status != Plan.Status.ACTIVE:
            raise ValidationError(CLOSED)
        if not self.may_be_worked_on_by(user):
            raise ValidationError("Anh/chị không được cập nhật đầu việc của cơ quan này.")

    def _must_be_confirmed_by(self, user: User, through_report: bool) -> None:
        if self.task.is_report and not through_report:
            raise ValidationError(FOR_THE_REPORT)
        if self.task.plan.status != Plan.Status.ACTIVE:
            raise ValidationError(CLOSED)
        if not self.may_be_confirmed_by(user):
            raise ValidationError("Anh/chị không được xác nhận đầu việc này; người báo hoàn thành không tự xác nhận.")

    def _change(self, states: Iterable[str], revision: int | None, changes: dict[str, Any]) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster."""
        # Exists, not a join: with a join Django updates "id IN (SELECT …)", and PostgreSQL does not ask again about the
        # state inside the SELECT after it has waited for somebody else's UPDATE.
        active = Task.objects.filter(pk=OuterRef("task"), plan__status=Plan.Status.ACTIVE)
        rows = WorkItem.objects.filter(Exists(active), pk=self.pk, state__in=list(states))
        if revision is not None:
            rows = rows.filter(revision=revision)
        if not rows.update(revision=F("revision") + 1, **changes):
            raise ValidationError(TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _note(self, kind: ItemStep, *, by: User | None, on: date, words: str = "") -> None:
        self.events.create(kind=kind, by=by, on=on, words=words.strip())

    @property
    def _is_one_job(self) -> bool:
        """Say whether the task's dates are one job with check-points on the way."""
        return self.task.deadline.completes == "final"

    def _same_job(self) -> WorkItemQuerySet:
        """Return the agency's other items of this task: one job when the deadline completes at the end."""
        return WorkItem.objects.filter(task=self.task_id, agency=self.agency_id).exclude(pk=self.pk)

    def _hold_the_job(self) -> None:
        """Lock the items of one job in one order, so that two people at two of its dates never wait for each other."""
        if self._is_one_job:
            job = WorkItem.objects.filter(task=self.task_id, agency=self.agency_id).order_by("pk")
            list(job.select_for_update().values_list("pk", flat=True))

    def _carry_to_the_same_job(self, on: date, percent: int) -> None:
        """One job, one progress: show it at the delivery, and answer the check-points that this update speaks to.

        An update of a check-point speaks to what came before it; one of the delivery also to the next to come.
        """
        if not self._is_one_job:
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
