"""The record of urging [nhật ký đôn đốc]: who was urged when, by whom, in which words, about which late work."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import Agency, User
from plans.models import Plan
from reports.models import Period


class UrgingQuerySet(models.QuerySet["Urging"]):
    """Urgings as questions ask for them."""

    def visible_to(self, user: User) -> "UrgingQuerySet":
        """An agency sees how it was urged, its parent too; coordinators of the plan and viewers see all."""
        access = access_of(user)
        inside = self.filter(plan__in=Plan.objects.visible_to(user))
        if access.is_viewer:
            return inside
        return inside.filter(Q(agency__in=access.reach) | Q(plan__coordinating_agency__in=access.coordinates))

    def between(self, first: date | None, last: date | None) -> "UrgingQuerySet":
        """Return urgings of the days from ``first`` up to and including ``last``; None leaves an end open."""
        rows = self.filter(on__gte=first) if first else self
        return rows.filter(on__lte=last) if last else rows

    def matching(self, words: str) -> "UrgingQuerySet":
        """Return urgings whose agency or words hold the words."""
        return self.filter(Q(agency__search_key__contains=unaccent(words)) | Q(words__icontains=words))


class Urging(models.Model):
    """One agency urged once about its late work in a plan, or to submit its report of a period [lần đôn đốc]; append-only.

    ``late`` is the list as it stood then (`urging.LateItem.as_dict`; for a report `urging.report_as_dict`, also before
    it is late): later progress does not change the record. ``period``: the urging is about its report, nothing else.
    A letter leaves the building on paper: its number and day are written in afterwards by `write_number`.
    """

    class Kind(models.TextChoices):
        """By a message of this system, or by an official letter."""

        MESSAGE = "message", "nhắc trên hệ thống"
        LETTER = "letter", "công văn"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="urgings", verbose_name="kế hoạch")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="urgings", verbose_name="cơ quan")
    period = models.ForeignKey(
        Period, on_delete=models.CASCADE, null=True, blank=True, related_name="urgings", verbose_name="kỳ báo cáo"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    words = models.TextField("nội dung", blank=True)
    late = models.JSONField("việc quá hạn khi đôn đốc", default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người đôn đốc")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    number = models.CharField("số công văn", max_length=50, blank=True)
    signed_on = models.DateField("ngày công văn", null=True, blank=True)

    objects = UrgingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = "lần đôn đốc"
        verbose_name_plural = "nhật ký đôn đốc"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "agency", "kind", "on"],
                condition=Q(period__isnull=True),
                name="agency_is_urged_once_a_day_in_one_way",
                violation_error_message="Cơ quan này đã được đôn đốc theo hình thức này trong ngày.",
            ),
            models.UniqueConstraint(
                fields=["period", "agency", "kind", "on"],
                condition=Q(period__isnull=False),
                name="agency_is_urged_once_a_day_about_a_report",
                violation_error_message="Cơ quan này đã được nhắc nộp báo cáo trong ngày.",
            ),
        ]
        indexes = [models.Index(fields=["agency", "plan", "-on"], name="urging_by_agency")]

    def __str__(self) -> str:
        return f"{self.agency} ({self.get_kind_display()}, {self.on:%d/%m/%Y})"

    @property
    def count(self) -> int:
        """Return how many late items the urging was about."""
        return len(self.late)

    @property
    def about(self) -> str:
        """Return what it was about, in words for the log."""
        if self.period_id and self.late:
            days = self.late[0]["late_days"]
            return f"Nộp {self.late[0]['text']}" + (f", quá hạn nộp {days} ngày" if days > 0 else "")
        return f"{self.count} việc quá hạn"

    def write_number(self, number: str, signed_on: date, *, by: User) -> None:
        """Write in the number and day that the clerk gave the letter."""
        if self.kind != self.Kind.LETTER or not self.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối được ghi số công văn, và chỉ cho lần đôn đốc bằng công văn.")
        Urging.objects.filter(pk=self.pk).update(number=number.strip()[:50], signed_on=signed_on)
        self.refresh_from_db(fields=["number", "signed_on"])
