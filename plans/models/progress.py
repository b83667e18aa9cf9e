"""What was said of the work: due dates it had, updates, evidence, and the events of its life. Append-only."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import User
from plans.files import stored_name
from plans.models.target import record_figures
from plans.models.work import ItemStep, NewEvidence, WorkItem


class DueDateVersion(models.Model):
    """A due date that an item had or has: the printed one is version 1, each extension adds one."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="due_date_versions")
    version = models.PositiveSmallIntegerField("lần")
    due_date = models.DateField("hạn")
    on = models.DateField("ngày ấn định")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField("lý do", blank=True)

    class Meta:
        ordering = ["item_id", "version"]
        verbose_name = "lần ấn định hạn"
        verbose_name_plural = "các lần ấn định hạn"
        constraints = [models.UniqueConstraint(fields=["item", "version"], name="due_date_version_is_unique")]

    def __str__(self) -> str:
        return f"{self.due_date:%d/%m/%Y} (lần {self.version})"


class UpdateQuerySet(models.QuerySet["Update"]):
    """Updates as questions ask for them."""

    def visible_to(self, user: User) -> "UpdateQuerySet":
        """Words follow the item's rule."""
        return self.filter(item__in=WorkItem.objects.visible_to(user))


class Update(models.Model):
    """Progress as it was reported [cập nhật tiến độ]: never edited away; a correction is a new update."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="updates", verbose_name="đầu việc")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người cập nhật")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    percent = models.PositiveSmallIntegerField("tiến độ (%)")
    words = models.TextField("kết quả, tình hình thực hiện")
    on_behalf = models.BooleanField("cập nhật thay", default=False)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    shared_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="ghi cùng cập nhật",
        help_text="Cập nhật ghi ở đầu việc liên kết của kế hoạch khác.",
    )

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["item_id", "pk"]
        verbose_name = "cập nhật tiến độ"
        verbose_name_plural = "cập nhật tiến độ"
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="update_percent_is_at_most_100"),
            models.UniqueConstraint(
                fields=["corrects"],
                name="an_update_is_corrected_once",
                violation_error_message="Cập nhật này đã được đính chính: hãy đính chính bản mới nhất.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.percent} %"

    def add_evidence(self, new: NewEvidence) -> "Evidence":
        """Attach a file."""
        new.file.name = stored_name(new.name)
        return Evidence.objects.create(
            update=self, file=new.file, name=new.name[:255], size=new.file.size, dated_on=new.dated_on
        )

    def add_figures(self, figures: Mapping[int, Decimal]) -> None:
        """Keep what was reported for targets of the task: target id → value."""
        record_figures(self, self.item.task, figures)

    def share_with(self, linked: Iterable[WorkItem]) -> None:
        """Record the same on open items of other plans: percent, words, and the same files without a second copy.

        Figures are not shared: each plan has targets of its own. A correction corrects the copy there as well.
        """
        for item in linked:
            standing = self.corrects and self.corrects.copies.filter(item=item, corrections__isnull=True).first()
            copy = item.take_update(
                by=self.by,
                on=self.on,
                revision=None,
                percent=self.percent,
                words=self.words,
                corrects=standing,
                shared_from=self,
            )
            Evidence.objects.bulk_create(
                Evidence(update=copy, file=file.file.name, name=file.name, size=file.size, dated_on=file.dated_on)
                for file in self.evidence.all()
            )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence as questions ask for it."""

    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """Files follow the item's rule."""
        return self.filter(update__item__in=WorkItem.objects.visible_to(user))


class Evidence(models.Model):
    """A file that proves the progress [minh chứng], with its own date; served only through a checked view.

    Rows of linked items name one stored file: nothing of ours deletes it, and whoever clears the storage may remove a
    file only when no row names it any more.
    """

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField("tệp", upload_to="evidence/%Y/%m/")
    name = models.CharField("tên tệp", max_length=255)
    size = models.PositiveIntegerField("cỡ (byte)")
    dated_on = models.DateField("ngày văn bản", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that serves the file to those who may see it."""
        return reverse("evidence-file", args=[self.pk])


class WorkItemEvent(models.Model):
    """A step of an item with who, when and why; append-only."""

    Kind = ItemStep

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=15, choices=ItemStep.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)

    class Meta:
        ordering = ["item_id", "pk"]
        verbose_name = "sự kiện của đầu việc"
        verbose_name_plural = "sự kiện của đầu việc"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"
