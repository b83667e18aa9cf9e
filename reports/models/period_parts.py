"""What belongs to a period: who is known beforehand not to report, and its history."""

from django.db import models

from agencies.models import Agency, User


class PeriodExclusion(models.Model):
    """An agency that does not report in a period, known before it is opened, with the reason."""

    period = models.ForeignKey("reports.Period", on_delete=models.CASCADE, related_name="exclusions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan")
    reason = models.CharField("lý do", max_length=500)

    class Meta:
        ordering = ["period_id", "agency__sort_key"]
        verbose_name = "cơ quan không phải báo cáo"
        verbose_name_plural = "cơ quan không phải báo cáo"
        constraints = [models.UniqueConstraint(fields=["period", "agency"], name="agency_is_excluded_once_a_period")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.reason}"


class PeriodStep(models.TextChoices):
    """The steps of a period."""

    MADE = "made", "lập kỳ"
    OPENED = "opened", "mở kỳ"
    CHANGED = "changed", "điều chỉnh kỳ"
    EXCEPTED = "excepted", "không phải báo cáo"
    ASKED = "asked", "yêu cầu thêm cơ quan báo cáo"
    CLOSED = "closed", "đóng kỳ"


class PeriodEvent(models.Model):
    """A step of a period with who, when and in which words; append-only."""

    Kind = PeriodStep

    period = models.ForeignKey("reports.Period", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=PeriodStep.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)

    class Meta:
        ordering = ["period_id", "pk"]
        verbose_name = "sự kiện của kỳ báo cáo"
        verbose_name_plural = "sự kiện của kỳ báo cáo"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"
