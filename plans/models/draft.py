"""A plan's document that was uploaded and is being looked at, before it becomes a plan."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, Province, User


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    """Drafts as questions ask for them."""

    def visible_to(self, user: User) -> "ImportDraftQuerySet":
        """Return drafts of the agencies whose plans the user coordinates: a colleague can take one up."""
        access = access_of(user)
        return self.filter(province_id=access.province_id, coordinating_agency__in=access.coordinates)


class ImportDraft(models.Model):
    """An import under way [bản nhập]: the file, the head of the plan and the rows as proposed and mended so far.

    ``head`` and ``warnings`` have the shapes of `PlanHead.as_dict` and `Warning.as_dict`; the tasks are its rows.
    """

    class State(models.TextChoices):
        """Open until confirmed or dropped."""

        OPEN = "open", "đang xem lại"
        CONFIRMED = "confirmed", "đã xác nhận"
        DROPPED = "dropped", "đã bỏ"

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    coordinating_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người tải lên")
    uploaded_at = models.DateTimeField("lúc", auto_now_add=True)
    document = models.FileField("tệp", upload_to="drafts/%Y/")
    document_name = models.CharField("tên tệp", max_length=255)
    document_hash = models.CharField("SHA-256", max_length=64)
    head = models.JSONField("phần đầu văn bản", default=dict)
    warnings = models.JSONField("cảnh báo chung", default=list)
    revision = models.PositiveIntegerField(default=1, help_text="Tăng khi phần đầu hoặc một dòng bất kỳ thay đổi.")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    plan = models.OneToOneField("plans.Plan", on_delete=models.SET_NULL, null=True, blank=True, related_name="draft")

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "bản nhập kế hoạch"
        verbose_name_plural = "bản nhập kế hoạch"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "document_hash"],
                condition=Q(state="open"),
                name="one_open_draft_for_one_document",
                violation_error_message="Văn bản này đang được xem lại trong một bản nhập khác.",
            )
        ]

    def __str__(self) -> str:
        return self.document_name

    def get_absolute_url(self) -> str:
        """Return the page where the draft is looked at."""
        return reverse("import-draft", args=[self.pk])

    @property
    def proposal(self) -> dict[str, Any]:
        """Return the whole as it stands now, in the shape of ``read_plan --json``."""
        tasks = [row.as_dict() for row in self.rows.all()]
        return {"plan": self.head, "tasks": tasks, "warnings": self.warnings}


class DraftRow(models.Model):
    """One proposed task of a draft [dòng đề xuất], mended on its own: two colleagues can work on different rows.

    ``task`` has the shape of `proposal.Task.as_dict` as mended so far; ``source`` is the same as first read from the
    document and never changes (None for a row that a person added).
    """

    class State(models.TextChoices):
        """Open until a person has looked; a dropped row is no task and can be taken back."""

        OPEN = "open", "chưa xem"
        ACCEPTED = "accepted", "đã chấp nhận"
        DROPPED = "dropped", "đã bỏ"

    draft = models.ForeignKey(ImportDraft, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField("dòng")
    task = models.JSONField("đề xuất")
    source = models.JSONField("như văn bản", null=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["draft_id", "position"]
        verbose_name = "dòng đề xuất"
        verbose_name_plural = "dòng đề xuất"
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "position"], name="draft_row_position_is_unique", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"Dòng {self.position}"

    def as_dict(self) -> dict[str, Any]:
        """Return the task as it stands now, with its place among the rows and whether it was left out."""
        return self.task | {"row": self.position, "dropped": self.state == self.State.DROPPED}
