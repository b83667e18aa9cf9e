"""What belongs to a report: its lines, its attached files, and its history."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from agencies.models import User
from plans.models import Role, Task
from plans.models.occurrence import State, Timeliness
from plans.models.plan import OWING_ROLES
from plans.targets.finding import PERCENT, written


class ReportLine(models.Model):
    """One task in a report: copied columns, as of the cut-off; frozen once submitted, with the officer's own words."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="lines")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    headings = ArrayField(models.CharField(max_length=1000), default=list, blank=True, verbose_name="các đề mục")
    section = models.CharField("đề mục", max_length=1000, blank=True)
    number = models.CharField("số thứ tự in", max_length=30, blank=True)
    text = models.TextField("nhiệm vụ")
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    due_date = models.DateField("hạn", null=True, blank=True)
    time_text = models.CharField("thời gian (nguyên văn)", max_length=1000, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices)
    timeliness = models.CharField("tiến độ so với hạn", max_length=12, choices=Timeliness.choices)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    deliveries = models.PositiveSmallIntegerField("số mốc phải giao", default=0)
    done = models.PositiveSmallIntegerField("đã xong", default=0)
    done_on_time = models.PositiveSmallIntegerField("xong đúng hạn", default=0)
    handed_in = models.PositiveSmallIntegerField("chờ xác nhận", default=0)
    overdue = models.PositiveSmallIntegerField("quá hạn", default=0)
    overdue_dates = ArrayField(models.DateField(), default=list, blank=True, verbose_name="hạn của các mốc quá hạn")
    check_points = models.PositiveSmallIntegerField("mốc cập nhật đã đến", default=0)
    check_points_answered = models.PositiveSmallIntegerField("mốc đã cập nhật", default=0)
    results = models.TextField("kết quả, tình hình thực hiện", blank=True)
    targets = models.JSONField("chỉ tiêu", default=list, help_text="Chỉ tiêu của nhiệm vụ và số cơ quan báo.")
    evidence = models.JSONField("minh chứng", default=list, blank=True, help_text="Tệp mới nhất đứng đầu.")
    prefilled = models.TextField(
        "lời lấy từ cập nhật gần nhất", blank=True, help_text="Khi khác với kết quả: cơ quan đã tự sửa, không lấy lại."
    )

    class Meta:
        ordering = ["report_id", "position"]
        verbose_name = "dòng báo cáo"
        verbose_name_plural = "dòng báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "task"], name="report_has_a_task_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:60]}"

    @property
    def is_owed(self) -> bool:
        """Say whether the agency owes deliveries here; coordinating and monitoring lines only carry words."""
        return self.role in OWING_ROLES

    @property
    def needs_words(self) -> bool:
        """Say whether the officer has to say something: it is done, or it is late."""
        return self.is_owed and (self.done > 0 or self.overdue > 0)

    @property
    def target_rows(self) -> list[tuple[str, str, bool | None]]:
        """Return for each target its words, "≥ 30%: đạt 42%" or "≥ 30%: chưa báo số liệu", and whether it is met."""
        return [(target["words"], _against_goal(target), target["met"]) for target in self.targets]

    @property
    def target_words(self) -> list[str]:
        """Return the targets as sentences of a paper: "Chỉ tiêu ≥ 30%: đạt 42%"."""
        return [f"Chỉ tiêu {said}" for _, said, _ in self.target_rows]

    @property
    def not_updated(self) -> int:
        """Return how many check-points passed without an update."""
        return self.check_points - self.check_points_answered


def _against_goal(target: dict[str, Any]) -> str:
    """Return the goal and what was reached of it, as offices write figures: "≥ 1.250 hồ sơ: đạt 1.300 hồ sơ"."""
    unit = "%" if target["unit"] == PERCENT else f" {target['unit']}"
    goal = f"{target['comparison']} {written(Decimal(target['goal']))}{unit}"
    if target["value"] is None:
        return f"{goal}: chưa báo số liệu"
    return f"{goal}: đạt {written(Decimal(target['value']))}{unit}"


class ReportEvent(models.Model):
    """A step of a report with who, when and why; append-only."""

    class Kind(models.TextChoices):
        """The steps."""

        WRITTEN = "written", "soạn báo cáo"
        APPROVED = "approved", "lãnh đạo duyệt"
        REOPENED = "reopened", "mở lại để sửa"
        SUBMITTED = "submitted", "nộp"
        RETURNED = "returned", "trả lại"
        ACCEPTED = "accepted", "tiếp nhận"
        EXCLUDED = "excluded", "không phải báo cáo"
        INCLUDED = "included", "phải báo cáo trở lại"

    DONE_BY_THE_AGENCY = (Kind.WRITTEN, Kind.APPROVED, Kind.REOPENED, Kind.SUBMITTED)
    """Steps that are marked when somebody else takes them for the agency."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)
    on_behalf = models.BooleanField("làm thay", default=False)

    class Meta:
        ordering = ["report_id", "pk"]
        verbose_name = "sự kiện của báo cáo"
        verbose_name_plural = "sự kiện của báo cáo"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


class ReportAttachmentQuerySet(models.QuerySet["ReportAttachment"]):
    """Attached files as questions ask for them."""

    def visible_to(self, user: User) -> "ReportAttachmentQuerySet":
        """Files follow the report's rule."""
        return self.filter(report__in=apps.get_model("reports", "Report").objects.visible_to(user))


class ReportAttachment(models.Model):
    """A file that goes with a report [tài liệu kèm theo], besides the signed paper; served only through a checked view."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField("tệp", upload_to="reports/%Y/%m/")
    name = models.CharField("tên tệp", max_length=255)
    size = models.PositiveIntegerField("cỡ (byte)")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReportAttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["report_id", "pk"]
        verbose_name = "tài liệu kèm theo báo cáo"
        verbose_name_plural = "tài liệu kèm theo báo cáo"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that serves the file to those who may see it."""
        return reverse("report-attachment", args=[self.pk])
