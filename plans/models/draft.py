"""A plan's document that was uploaded and is being looked at, before it becomes a plan."""

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
    """An import under way [bản nhập]: the file, and the proposal as mended so far (shape: `Proposal.as_dict`)."""

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
    proposal = models.JSONField("đề xuất")
    revision = models.PositiveIntegerField(default=1)
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
