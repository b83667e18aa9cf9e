"""The province's consolidated report of a period, in frozen versions."""

from django.db import models
from django.urls import reverse

from agencies.access import access_of
from agencies.models import User
from reports.models.period import Period
from reports.models.report import SignedAs


class ConsolidationQuerySet(models.QuerySet["Consolidation"]):
    """Consolidations as questions ask for them."""

    def visible_to(self, user: User) -> "ConsolidationQuerySet":
        """The plan's coordinators and the province's viewers."""
        access = access_of(user)
        rows = self.filter(period__in=Period.objects.visible_to(user))
        return rows if access.is_viewer else rows.filter(period__plan__coordinating_agency__in=access.coordinates)


class Consolidation(models.Model):
    """The province's consolidated report of a period [tổng hợp]: a frozen version; a correction is a new one.

    ``figures`` is all that the document says in numbers and agencies' words (shape: `consolidating.figures_of`), copied
    on the day it was made; the Word file is kept as it was first handed out, with its SHA-256.
    """

    class Issuer(models.TextChoices):
        """Whose paper it is."""

        COORDINATOR = "coordinator", "cơ quan điều phối báo cáo UBND tỉnh"
        COMMITTEE = "committee", "UBND tỉnh ban hành (dự thảo)"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="consolidations")
    version = models.PositiveSmallIntegerField("phiên bản")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("ngày tổng hợp")
    made_at = models.DateTimeField(auto_now_add=True)
    issuer = models.CharField("cơ quan ban hành", max_length=12, choices=Issuer.choices, default=Issuer.COORDINATOR)
    signed_as = models.CharField("thẩm quyền ký", max_length=10, choices=SignedAs.choices, default=SignedAs.HEAD)
    signer = models.CharField("người ký", max_length=150, blank=True)
    figures = models.JSONField("số liệu")
    narrative = models.JSONField("lời văn", default=dict)
    document = models.FileField("tệp Word", upload_to="consolidations/%Y/")
    document_name = models.CharField("tên tệp", max_length=255)
    document_hash = models.CharField("SHA-256", max_length=64)

    objects = ConsolidationQuerySet.as_manager()

    class Meta:
        ordering = ["period_id", "-version"]
        verbose_name = "báo cáo tổng hợp"
        verbose_name_plural = "báo cáo tổng hợp"
        constraints = [models.UniqueConstraint(fields=["period", "version"], name="consolidation_version_is_unique")]

    def __str__(self) -> str:
        return f"{self.period}, phiên bản {self.version}"

    def get_absolute_url(self) -> str:
        """Return the page of this version."""
        return reverse("consolidation-detail", args=[self.pk])
