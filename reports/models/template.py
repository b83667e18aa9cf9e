"""An office's own Word templates for the papers that the product makes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.files import stored_name

TEMPLATE_TAKEN = "Mẫu vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới nhất."


class DocumentTemplateQuerySet(models.QuerySet["DocumentTemplate"]):
    """Templates as questions ask for them."""

    def visible_to(self, user: User) -> "DocumentTemplateQuerySet":
        """The office's own people."""
        return self.filter(agency__in=access_of(user).own)

    def used(self, agency: int | None, kind: str) -> "DocumentTemplate | None":
        """Return the template that an office uses for a kind of paper; None: the built-in layout."""
        return self.filter(agency=agency, kind=kind, is_active=True).first()


class DocumentTemplate(models.Model):
    """A Word template [mẫu văn bản] of an office: checked when it was uploaded, replaced by a newer one, never deleted.

    ``warnings`` are the points of Decree 30/2020/NĐ-CP that the trial document did not keep (shape of one:
    `reports.documents.checking`): shown, they stop nobody. At most one template of an office and kind is in use.
    """

    class Kind(models.TextChoices):
        """The papers that an office may lay out itself."""

        REPORT = "report", "báo cáo của cơ quan"
        CONSOLIDATION = "consolidation", "báo cáo tổng hợp"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="templates", verbose_name="cơ quan")
    kind = models.CharField("dùng cho", max_length=13, choices=Kind.choices)
    name = models.CharField("tên mẫu", max_length=150)
    file = models.FileField("tệp Word", upload_to="templates/%Y/")
    file_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    warnings = models.JSONField("điểm chưa đúng thể thức", default=list)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_on = models.DateField("ngày tải lên")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField("đang dùng", default=False)

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "kind", "-pk"]
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"],
                condition=Q(is_active=True),
                name="one_template_of_an_office_and_kind_is_used",
                violation_error_message="Cơ quan đang dùng một mẫu khác cho loại văn bản này.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the template's page."""
        return reverse("template-detail", args=[self.pk])

    @classmethod
    def keep(
        cls, *, by: User, on: date, agency: Agency, kind: str, name: str, file_name: str, data: bytes, sha256: str,
        warnings: Iterable[dict[str, Any]],
    ) -> "DocumentTemplate":  # fmt: skip
        """Keep a template that has been examined; it is not used before somebody says so.

        The file is written before the row; a process killed in between leaves a file that no row names.
        """
        if not may_manage(by, agency, kind):
            raise ValidationError("Anh/chị không được tải mẫu cho cơ quan này.")
        made = cls(
            agency=agency, kind=kind, name=name.strip(), file_name=file_name[-255:], sha256=sha256,
            warnings=list(warnings), uploaded_by=by, uploaded_on=on,
        )  # fmt: skip
        made.file.save(stored_name(file_name), ContentFile(data), save=False)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
                made._note(TemplateEvent.Kind.UPLOADED, by=by, on=on)
        except BaseException:
            made.file.storage.delete(str(made.file.name))
            raise
        return made

    @transaction.atomic
    def activate(self, *, by: User, on: date) -> None:
        """Use this template from now on; the one in use steps back. Documents already made stay as they are."""
        self._must_be_managed_by(by)
        rows = DocumentTemplate.objects.filter(agency=self.agency_id, kind=self.kind)
        for other in rows.select_for_update().order_by("pk"):
            if other.is_active and other.pk != self.pk:
                other._move(False, TemplateEvent.Kind.STOPPED, by=by, on=on)
        self._move(True, TemplateEvent.Kind.ACTIVATED, by=by, on=on)

    @transaction.atomic
    def stop(self, *, by: User, on: date) -> None:
        """Go back to the built-in layout."""
        self._must_be_managed_by(by)
        self._move(False, TemplateEvent.Kind.STOPPED, by=by, on=on)

    def _must_be_managed_by(self, user: User) -> None:
        if not may_manage(user, self.agency, self.kind):
            raise ValidationError("Anh/chị không được thay đổi mẫu của cơ quan này.")

    def _move(self, active: bool, kind: "TemplateEvent.Kind", *, by: User, on: date) -> None:
        moved = DocumentTemplate.objects.filter(pk=self.pk, is_active=not active).update(is_active=active)
        if not moved:
            raise ValidationError(TEMPLATE_TAKEN, code="taken")
        self.is_active = active
        self._note(kind, by=by, on=on)

    def _note(self, kind: "TemplateEvent.Kind", *, by: User, on: date) -> None:
        TemplateEvent.objects.create(template=self, kind=kind, by=by, on=on)


class TemplateEvent(models.Model):
    """Who uploaded a template, took it into use or out of it; append-only."""

    class Kind(models.TextChoices):
        """The steps."""

        UPLOADED = "uploaded", "tải lên"
        ACTIVATED = "activated", "đưa vào sử dụng"
        STOPPED = "stopped", "ngừng sử dụng"

    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["template_id", "pk"]
        verbose_name = "sự kiện của mẫu văn bản"
        verbose_name_plural = "sự kiện của mẫu văn bản"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


def may_manage(user: User, agency: Agency, kind: str) -> bool:
    """Say whether the user lays out this kind of paper for the office.

    Its own report: whoever works there. A consolidated report: those who coordinate for it, and the people of an agency
    that collects the reports of units under it.
    """
    access = access_of(user)
    if kind == DocumentTemplate.Kind.REPORT:
        return agency.pk in access.own
    collects = agency.pk in access.own and Agency.objects.filter(parent=agency).exists()
    return agency.pk in access.coordinates or collects


def managed_by(user: User) -> list[tuple[Agency, "DocumentTemplate.Kind"]]:
    """Return the offices and kinds of papers whose templates the user manages, in alphabetical order."""
    access = access_of(user)
    agencies = Agency.objects.filter(pk__in=access.own | access.coordinates).select_related("province", "parent")
    return [
        (agency, kind)
        for agency in agencies.order_by("sort_key")
        for kind in DocumentTemplate.Kind
        if may_manage(user, agency, kind)
    ]
