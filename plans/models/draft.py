"""A plan's document that was uploaded and is being looked at, before it becomes a plan."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.access import access_of
from agencies.models import Agency, Province, User
from plans.models.claiming import RELEASED, Claimed, unheld

GIVEN_UP = (
    "Tiến trình đọc tệp đã dừng giữa chừng nhiều lần. Hãy mở tệp bằng Word hoặc Excel, lưu lại rồi tải lên; "
    "nếu vẫn không được, hãy dán nội dung bảng nhiệm vụ."
)


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    """Drafts as questions ask for them."""

    def visible_to(self, user: User) -> "ImportDraftQuerySet":
        """Return drafts of the agencies whose plans the user coordinates: a colleague can take one up."""
        access = access_of(user)
        return self.filter(province_id=access.province_id, coordinating_agency__in=access.coordinates)

    def under_way(self) -> "ImportDraftQuerySet":
        """Return drafts whose document may not be uploaded a second time: being read or being looked at."""
        return self.filter(state__in=(ImportDraft.State.READING, ImportDraft.State.OPEN))

    def unfinished(self) -> "ImportDraftQuerySet":
        """Return drafts that still wait for a person or a reader, also those that could not be read."""
        return self.exclude(state__in=(ImportDraft.State.CONFIRMED, ImportDraft.State.DROPPED))

    def free_to_read(self, now: datetime) -> "ImportDraftQuerySet":
        """Return drafts that wait to be read and that no living reader holds."""
        return self.filter(unheld(now), state=ImportDraft.State.READING)


class ImportDraft(Claimed):
    """An import under way [bản nhập]: the file, the head of the plan and the rows as proposed and mended so far.

    ``head`` and ``warnings`` have the shapes of `PlanHead.as_dict` and `Warning.as_dict`; the tasks are its rows.
    """

    class State(models.TextChoices):
        """Read (again, if it failed), then open until confirmed or dropped."""

        READING = "reading", "đang đọc"
        FAILED = "failed", "không đọc được"
        OPEN = "open", "đang xem lại"
        CONFIRMED = "confirmed", "đã xác nhận"
        DROPPED = "dropped", "đã bỏ"

    class Stage(models.TextChoices):
        """How far a reading is."""

        WAITING = "waiting", "chờ đọc"
        READING = "reading", "đọc tệp"
        FINDING = "finding", "tìm bảng nhiệm vụ"
        UNDERSTANDING = "understanding", "hiểu từng dòng"
        MATCHING = "matching", "đối chiếu danh bạ"

    LEASE = timedelta(seconds=20)  # a sign of life is given every second
    UNTAKEN = timedelta(seconds=5)

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    coordinating_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người tải lên")
    uploaded_at = models.DateTimeField("lúc", auto_now_add=True)
    document = models.FileField("tệp", upload_to="drafts/%Y/", blank=True)
    document_name = models.CharField("tên tệp", max_length=255)
    document_hash = models.CharField("SHA-256", max_length=64)
    head = models.JSONField("phần đầu văn bản", default=dict)
    warnings = models.JSONField("cảnh báo chung", default=list)
    revision = models.PositiveIntegerField(default=1, help_text="Tăng khi phần đầu hoặc một dòng bất kỳ thay đổi.")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    plan = models.OneToOneField("plans.Plan", on_delete=models.SET_NULL, null=True, blank=True, related_name="draft")
    amends = models.ForeignKey(
        "plans.Plan",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="amending_drafts",
        verbose_name="điều chỉnh kế hoạch",
    )
    copied_from = models.ForeignKey(
        "plans.Plan",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="lập theo kế hoạch",
    )

    stage = models.CharField("bước đọc", max_length=15, choices=Stage.choices, default=Stage.WAITING)
    done = models.PositiveIntegerField("số dòng đã đọc", default=0)
    total = models.PositiveIntegerField("tổng số dòng", default=0, help_text="0 khi chưa biết.")
    fault = models.CharField("lý do không đọc được", max_length=1000, blank=True)
    fault_code = models.CharField("mã lỗi", max_length=30, blank=True)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "bản nhập kế hoạch"
        verbose_name_plural = "bản nhập kế hoạch"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "document_hash"],
                condition=Q(state__in=("reading", "open")) & ~Q(document_hash=""),
                name="one_draft_under_way_for_one_document",
                violation_error_message="Văn bản này đang được xem lại trong một bản nhập khác.",
            )
        ]

    def __str__(self) -> str:
        return self.document_name

    def get_absolute_url(self) -> str:
        """Return the page where the draft is looked at."""
        return reverse("import-draft", args=[self.pk])

    # Being read: one conditional UPDATE each; who lost the claim writes nothing

    def take(self, now: datetime) -> bool:
        """Claim the reading of this draft; False when another reads it or there is nothing to read.

        Whoever held it too often without ending leaves it as failed: what kills a reader three times is not tried again.
        """
        given_up = {"state": self.State.FAILED, "fault": GIVEN_UP, "fault_code": "broken_off"}
        return self._claim(now, given_up=given_up, stage=self.Stage.READING, done=0, total=0)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Write down how far the reading is and hold the draft for another while."""
        self._of_mine(stage=stage, done=done, total=total, claimed_until=timezone.now() + self.LEASE)

    def let_go(self) -> None:
        """Leave the reading to another, as if it had not been tried."""
        self._of_mine(attempts=F("attempts") - 1, stage=self.Stage.WAITING, done=0, total=0, **RELEASED)

    def fail(self, words: str, code: str, *, head: dict[str, Any] | None = None) -> None:
        """Write down why the document cannot be read and what to do."""
        changes: dict[str, Any] = {"head": head} if head else {}
        self._of_mine(state=self.State.FAILED, fault=words[:1000], fault_code=code, **RELEASED, **changes)

    def open(self, head: dict[str, Any], warnings: list[dict[str, Any]]) -> None:
        """Offer what was read for review. The rows are kept in the same transaction by who calls."""
        self._of_mine(state=self.State.OPEN, head=head, warnings=warnings, fault="", fault_code="", **RELEASED)

    def read_again(self, now: datetime) -> bool:
        """Ask for another reading of a document that could not be read; False when it is in another state."""
        failed = ImportDraft.objects.filter(pk=self.pk, state=self.State.FAILED)
        asked = failed.update(
            state=self.State.READING, stage=self.Stage.WAITING, attempts=0, asked_at=now, fault="", fault_code=""
        )
        self.refresh_from_db()
        return bool(asked)

    def compare_with(self, plan: Any, now: datetime) -> bool:
        """Ask for a document that was refused as a known plan to be laid beside that plan instead; False otherwise."""
        refused = ImportDraft.objects.filter(pk=self.pk, state=self.State.FAILED, fault_code="known")
        return bool(refused.update(amends=plan)) and self.read_again(now)

    def is_untaken(self, now: datetime) -> bool:
        """Whether nobody reads it although somebody should have begun by now."""
        return self.state == self.State.READING and self._is_unbegun(now)

    @classmethod
    def _waiting(cls) -> "QuerySet[ImportDraft]":
        return cls.objects.filter(state=cls.State.READING)

    @property
    def proposal(self) -> dict[str, Any]:
        """Return the whole as it stands now, in the shape of ``read_plan --json``."""
        tasks = [row.as_dict() for row in self.rows.all()]
        return {"plan": self.head, "tasks": tasks, "warnings": self.warnings}


class DraftRow(models.Model):
    """One proposed task of a draft [dòng đề xuất], mended on its own: two colleagues can work on different rows.

    A duty in the words of the plan, beside its table of tasks, begins as dropped and marked "offered" in ``task``: it
    becomes a task only if a person takes it over.

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
