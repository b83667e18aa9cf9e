"""A filled annex that came back [phụ lục nộp lại]: kept as it came until a person has decided about every row."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.files import stored_name
from plans.models.plan import Plan
from plans.models.progress import Update
from plans.models.work import WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable

ENDED = "Lần nộp này đã được xử lý xong hoặc đã bỏ. Hãy tải lại trang để xem kết quả."


class OfflineReturnQuerySet(models.QuerySet["OfflineReturn"]):
    """Returned annexes as questions ask for them."""

    def visible_to(self, user: User) -> "OfflineReturnQuerySet":
        """Return those of agencies that the user works in or fills in for: what was written is theirs until it is applied."""
        return self.filter(plan__in=Plan.objects.visible_to(user), agency__in=access_of(user).reach)

    def waiting(self) -> "OfflineReturnQuerySet":
        """Return those of which some row still waits for a person."""
        return self.filter(state=OfflineReturn.State.WAITING)


class OfflineReturn(models.Model):
    """An upload of a filled annex: the file, what was read of it, and what a person decided.

    ``remembered`` is what each row was when it was downloaded, by code (`plans.offline.annex.Remembered`); ``rows`` is what
    came back (`FilledRow`); neither ever changes. ``kept`` holds the codes of rows whose present state was preferred.
    What was taken stands in `OfflineEntry`.
    """

    class State(models.TextChoices):
        """Waiting until every row that can be taken was decided about."""

        WAITING = "waiting", "chờ xem xét"
        APPLIED = "applied", "đã ghi"
        DROPPED = "dropped", "đã bỏ"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="offline_returns", verbose_name="kế hoạch")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="cơ quan")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người nộp")
    at = models.DateTimeField("nộp lúc", auto_now_add=True)
    downloaded_at = models.DateTimeField("phụ lục tải về lúc", null=True, blank=True)
    file = models.FileField("tệp", upload_to="offline/%Y/%m/")
    file_name = models.CharField("tên tệp", max_length=255)
    file_hash = models.CharField("SHA-256", max_length=64)
    remembered = models.JSONField("lúc tải về", default=dict)
    rows = models.JSONField("các dòng", default=list)
    kept = models.JSONField("dòng giữ nguyên", default=list, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xử lý"
    )
    ended_at = models.DateTimeField("xử lý lúc", null=True, blank=True)

    objects = OfflineReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "phụ lục nộp lại"
        verbose_name_plural = "phụ lục nộp lại"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "agency", "file_hash"],
                condition=Q(state="waiting"),
                name="one_file_waits_once_for_an_agency",
                violation_error_message="Tệp này đã được tải lên và đang chờ xem xét.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="ended_return_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the page where its rows are compared with what stands now."""
        return reverse("offline-return", args=[self.pk])

    @classmethod
    def receive(cls, plan: Plan, agency: Agency, *, by: User, name: str, data: bytes, **read: Any) -> "OfflineReturn":
        """Keep an upload (``read``: downloaded_at, remembered, rows); the same file that still waits is not kept twice."""
        new = cls(plan=plan, agency=agency, by=by, file_name=name[:255], **read)
        new.file_hash = hashlib.sha256(data).hexdigest()
        same = cls.objects.waiting().filter(plan=plan, agency=agency, file_hash=new.file_hash)
        if standing := same.first():
            return standing
        new.file = ContentFile(data, name=stored_name(name))
        try:
            with transaction.atomic():
                new.save()
        except IntegrityError:  # a second click was faster
            return same.get()
        return new

    @property
    def is_waiting(self) -> bool:
        """Say whether rows may still be decided about."""
        return self.state == self.State.WAITING

    def drop(self, *, by: User, now: datetime) -> None:
        """Leave what was not taken yet; the file and its words stay readable."""
        if not self._waiting().update(state=self.State.DROPPED, ended_by=by, ended_at=now):
            raise ValidationError(ENDED, code="taken")
        self.refresh_from_db()

    @transaction.atomic
    def settle(self, kept: "Iterable[str]", *, finished: bool, by: User, now: datetime) -> None:
        """Remember which rows stay as they are; ``finished`` when no row waits any more. Only applying calls this."""
        standing = self._waiting().select_for_update().first()
        if standing is None:
            return  # another click has ended it meanwhile
        changes: dict[str, Any] = {"kept": sorted({*standing.kept, *kept})}
        if finished:
            changes |= {"state": self.State.APPLIED, "ended_by": by, "ended_at": now}
        self._waiting().update(**changes)
        self.refresh_from_db()

    def _waiting(self) -> OfflineReturnQuerySet:
        return OfflineReturn.objects.waiting().filter(pk=self.pk)


class OfflineEntry(models.Model):
    """An update that was written from a row of a returned annex; a row of one upload is written once."""

    offline_return = models.ForeignKey(OfflineReturn, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="+")
    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="offline_entry")

    class Meta:
        ordering = ["pk"]
        verbose_name = "cập nhật nhập từ tệp"
        verbose_name_plural = "cập nhật nhập từ tệp"
        constraints = [
            models.UniqueConstraint(fields=["offline_return", "item"], name="an_upload_writes_an_item_once"),
        ]

    def __str__(self) -> str:
        return f"nhập từ tệp Excel “{self.offline_return.file_name}”"
