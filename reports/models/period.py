"""A plan's reporting periods, and who must report in them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.models import Assignment, Occurrence, Plan, WorkItem
from plans.models.occurrence import State
from plans.models.plan import OWING_ROLES

PERIOD_TAKEN = "Kỳ báo cáo vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới nhất."


class PeriodQuerySet(models.QuerySet["Period"]):
    """Periods as questions ask for them."""

    def visible_to(self, user: User) -> "PeriodQuerySet":
        """Everybody in the province sees the periods of its plans."""
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def overseen_by(self, user: User) -> "PeriodQuerySet":
        """Return periods whose desk the user opens: the plan's coordinators and the province's viewers."""
        periods = self.visible_to(user)
        access = access_of(user)
        return periods if access.is_viewer else periods.filter(plan__coordinating_agency__in=access.coordinates)

    def open(self) -> "PeriodQuerySet":
        """Return periods in which agencies may submit."""
        return self.filter(status=Period.Status.OPEN)


class Period(models.Model):
    """A reporting period of a plan [kỳ báo cáo]: from-to, data cut-off, due date, who must report."""

    class Status(models.TextChoices):
        """Proposed from the plan's report task, then open, then closed."""

        PROPOSED = "proposed", "dự kiến"
        OPEN = "open", "đang mở"
        CLOSED = "closed", "đã đóng"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="periods", verbose_name="kế hoạch")
    name = models.CharField("tên kỳ", max_length=200)
    begins_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    cut_off = models.DateField("ngày chốt số liệu")
    due_date = models.DateField("hạn nộp (ngày cuối còn đúng hạn)")
    occurrence = models.OneToOneField(
        Occurrence,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reporting_period",
        verbose_name="nhiệm vụ báo cáo",
    )
    status = models.CharField("trạng thái", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    opened_on = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "due_date"]
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="period_name_is_unique_in_plan",
                violation_error_message="Kế hoạch đã có kỳ báo cáo cùng tên.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")),
                name="period_ends_after_it_begins",
                violation_error_message="Ngày kết thúc kỳ phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the coordinator's desk of this period."""
        return reverse("period-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether agencies may submit."""
        return self.status == self.Status.OPEN

    @transaction.atomic
    def open(self, *, by: User, on: date) -> int:
        """Open the period: one report for every agency that owes its report task. Returns how many were made."""
        must_coordinate(self.plan, by)
        moved = Period.objects.filter(pk=self.pk, status=self.Status.PROPOSED)
        if not moved.update(status=self.Status.OPEN, opened_on=on):
            raise ValidationError(PERIOD_TAKEN, code="taken")
        self.refresh_from_db(fields=["status", "opened_on"])
        reports = [self.reports.model(period=self, agency_id=agency, item_id=item) for agency, item in self.owed()]
        if not reports:
            raise ValidationError("Chưa có cơ quan nào phải báo cáo trong kỳ này: hãy kiểm tra phân công của kế hoạch.")
        return len(self.reports.bulk_create(reports))

    @transaction.atomic
    def close(self, *, by: User) -> None:
        """Close the period: nothing is taken any more. What was submitted is decided on first, earlier periods too."""
        must_coordinate(self.plan, by)
        earlier = Period.objects.filter(plan=self.plan, due_date__lt=self.due_date).open().first()
        if earlier:
            raise ValidationError(f"Hãy đóng kỳ “{earlier}” trước.")
        if not Period.objects.filter(pk=self.pk, status=self.Status.OPEN).update(status=self.Status.CLOSED):
            raise ValidationError(PERIOD_TAKEN, code="taken")
        waiting = self.reports.submitted().count()
        if waiting:
            raise ValidationError(f"Còn {waiting} báo cáo đã nộp chưa được tiếp nhận hoặc trả lại.")
        self.refresh_from_db(fields=["status"])

    def owed(self) -> list[tuple[int, int | None]]:
        """Return (agency, work item) of those who must report.

        Who owes the plan's report task; in a period without one, whoever owes work in the plan and does not report
        through a parent that owes work as well (collecting follows the parent).
        """
        if self.occurrence_id:
            items = WorkItem.objects.filter(occurrence=self.occurrence_id)
            items = items.exclude(state__in=[State.WAIVED, State.DECLINED])
            return list(items.order_by("pk").values_list("agency_id", "pk"))
        owing = Agency.objects.filter(
            pk__in=Assignment.objects.filter(task__plan=self.plan, role__in=OWING_ROLES).values("agency")
        )
        return [(agency.pk, None) for agency in owing.exclude(parent__in=owing.values("pk"))]


def must_coordinate(plan: Plan, user: User) -> None:
    """Raise unless the user coordinates the plan today."""
    if not plan.is_coordinated_by(user):
        raise ValidationError("Chỉ cơ quan điều phối kế hoạch được làm việc này.")
