"""A plan's document was corrected or replaced: what changed, who is concerned. Append-only."""

from django.db import models

from agencies.models import Agency, User
from plans.models.plan import Plan, Task


class Amendment(models.Model):
    """A corrected document applied to a plan under way [điều chỉnh kế hoạch]; progress stays with its tasks."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="amendments", verbose_name="kế hoạch")
    ordinal = models.PositiveSmallIntegerField("lần")
    on = models.DateField("ngày áp dụng")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người áp dụng")
    words = models.CharField(
        "căn cứ điều chỉnh", max_length=500, blank=True, help_text="Số, ngày, cơ quan ban hành văn bản điều chỉnh."
    )
    document = models.FileField("văn bản", upload_to="plans/%Y/", blank=True)
    document_name = models.CharField("tên tệp", max_length=255, blank=True)
    document_hash = models.CharField("SHA-256 của văn bản", max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["plan_id", "ordinal"]
        verbose_name = "lần điều chỉnh kế hoạch"
        verbose_name_plural = "các lần điều chỉnh kế hoạch"
        constraints = [models.UniqueConstraint(fields=["plan", "ordinal"], name="amendment_ordinal_is_unique_in_plan")]

    def __str__(self) -> str:
        return f"Điều chỉnh lần {self.ordinal}"


class TaskChange(models.Model):
    """What one amendment did to one task, and the agencies that owed it before or owe it since.

    ``fields`` holds for each field that changed its words before and after: ``{"time": ["Quý II", "Quý III"]}``.
    """

    class Kind(models.TextChoices):
        """What happened to the task."""

        ADDED = "added", "thêm nhiệm vụ"
        CHANGED = "changed", "sửa nhiệm vụ"
        GONE = "gone", "bỏ nhiệm vụ"

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="changes")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="changes", verbose_name="nhiệm vụ")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    fields = models.JSONField("thay đổi", default=dict)
    agencies = models.ManyToManyField(Agency, related_name="+", verbose_name="cơ quan liên quan")

    class Meta:
        ordering = ["amendment_id", "pk"]
        verbose_name = "thay đổi của nhiệm vụ"
        verbose_name_plural = "thay đổi của nhiệm vụ"
        constraints = [models.UniqueConstraint(fields=["amendment", "task"], name="amendment_changes_a_task_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.task}"
