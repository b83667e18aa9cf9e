"""The consolidated report of a period, in frozen versions: the province's, and a parent agency's of its children."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.access import access_of
from agencies.models import Agency, User
from plans.models import Role
from plans.models.claiming import RELEASED, Claimed, unheld
from plans.models.occurrence import State, Timeliness
from reports.models.period import Period, must_coordinate
from reports.models.report import SignedAs

MADE = 100
"""Progress of a version whose documents are all there."""
GIVEN_UP = (
    "Tiến trình lập tài liệu đã dừng giữa chừng nhiều lần. Số liệu của phiên bản vẫn nguyên vẹn; hãy bấm Thử lại, nếu "
    "vẫn không được thì báo người quản trị."
)
DRAFT_TAKEN = (
    "Bản dự thảo lời văn vừa được người khác lưu hoặc vừa được lập thành phiên bản. Hãy tải lại trang để xem nội dung "
    "mới nhất."
)


class ConsolidationQuerySet(models.QuerySet["Consolidation"]):
    """Consolidations as questions ask for them."""

    def visible_to(self, user: User) -> "ConsolidationQuerySet":
        """The plan's coordinators and the province's viewers; a parent's also its own people and those above it."""
        access = access_of(user)
        rows = self.filter(period__in=Period.objects.visible_to(user))
        if access.is_viewer:
            return rows
        return rows.filter(Q(period__plan__coordinating_agency__in=access.coordinates) | Q(collector__in=access.reach))

    def of(self, collector: Agency | None) -> "ConsolidationQuerySet":
        """Return the versions of one desk: the plan's coordinator's (None), or a parent agency's."""
        return self.filter(collector=collector)

    def unfinished(self) -> "ConsolidationQuerySet":
        """Return versions of which a document is still to be made; those that failed wait for a person."""
        return self.filter(progress__lt=MADE, failure="")

    def free_to_make(self, now: datetime) -> "ConsolidationQuerySet":
        """Return versions whose documents wait to be made and that no living maker holds."""
        return self.unfinished().filter(unheld(now))

    def failed(self) -> "ConsolidationQuerySet":
        """Return versions whose documents could not be made."""
        return self.filter(progress__lt=MADE).exclude(failure="")


class Consolidation(Claimed):
    """The consolidated report of a period [tổng hợp]: a frozen version; a correction is a new one.

    ``figures`` is all that the document says in numbers and agencies' words (shape: `consolidating.figures_of`), copied
    on the day it was made, with the SHA-256 of its canonical JSON; `ConsolidatedLine` holds the single lines. Its
    documents are made from these frozen rows only, once each, in the background (`reports.making`), and kept as they
    were first made. ``collector`` is the parent agency whose children it sums up; none: the province's report.
    """

    class Issuer(models.TextChoices):
        """Whose paper it is."""

        COORDINATOR = "coordinator", "cơ quan điều phối báo cáo UBND tỉnh"
        COMMITTEE = "committee", "UBND tỉnh ban hành (dự thảo)"

    LEASE = timedelta(seconds=30)
    UNTAKEN = timedelta(seconds=8)

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="consolidations")
    collector = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan tổng hợp"
    )
    version = models.PositiveSmallIntegerField("phiên bản")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("ngày tổng hợp")
    made_at = models.DateTimeField(auto_now_add=True)
    issuer = models.CharField("cơ quan ban hành", max_length=12, choices=Issuer.choices, default=Issuer.COORDINATOR)
    signed_as = models.CharField("thẩm quyền ký", max_length=10, choices=SignedAs.choices, default=SignedAs.HEAD)
    signer = models.CharField("người ký", max_length=150, blank=True)
    figures = models.JSONField("số liệu")
    figures_hash = models.CharField("SHA-256 của số liệu", max_length=64)
    narrative = models.JSONField("lời văn", default=dict)
    progress = models.PositiveSmallIntegerField("tiến độ lập tài liệu (%)", default=0)
    failure = models.CharField("lý do chưa lập được", max_length=500, blank=True)

    objects = ConsolidationQuerySet.as_manager()

    class Meta:
        ordering = ["period_id", "-version"]
        verbose_name = "báo cáo tổng hợp"
        verbose_name_plural = "báo cáo tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "collector", "version"], name="consolidation_version_is_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}, phiên bản {self.version}"

    def get_absolute_url(self) -> str:
        """Return the page of this version."""
        return reverse("consolidation-detail", args=[self.pk])

    @property
    def is_made(self) -> bool:
        """Say whether every document is there."""
        return self.progress >= MADE

    # Its documents being made: one conditional UPDATE each; who lost the claim writes nothing

    def take(self, now: datetime) -> bool:
        """Claim the making of the documents; False when another makes them or there is nothing to make.

        Whoever was killed at it too often leaves it as failed: what kills a maker three times is not tried again.
        """
        return self._claim(now, given_up={"failure": GIVEN_UP})

    def tell(self, progress: int, *, hold: timedelta | None = None) -> None:
        """Write down how far the making is, in percent, and hold the version for another while."""
        self._of_mine(progress=min(progress, MADE - 1), claimed_until=timezone.now() + (hold or self.LEASE))

    def finish(self) -> None:
        """Write down that every document is there."""
        self._of_mine(progress=MADE, failure="", **RELEASED)

    def fail(self, words: str) -> None:
        """Write down why a document could not be made; what was made stays."""
        self._of_mine(failure=words[:500], **RELEASED)

    def make_again(self, now: datetime) -> bool:
        """Ask again for documents that could not be made; False when nothing failed."""
        failed = Consolidation.objects.filter(pk=self.pk).failed()
        return bool(failed.update(failure="", attempts=0, asked_at=now))

    def is_untaken(self, now: datetime) -> bool:
        """Whether nobody makes them although somebody should have begun."""
        return not self.is_made and not self.failure and self._is_unbegun(now)

    @classmethod
    def _waiting(cls) -> "QuerySet[Consolidation]":
        return cls.objects.unfinished()


def must_collect(period: Period, collector: Agency | None, user: User) -> None:
    """Raise unless the user sums up for this desk: the plan's coordinator, or people of the parent agency."""
    if collector is None:
        must_coordinate(period.plan, user)
    elif collector.pk not in access_of(user).own:
        raise ValidationError("Chỉ người của cơ quan tổng hợp được làm việc này.")


class NarrativeDraft(models.Model):
    """The words of the next version while they are being written [dự thảo lời văn]: one for each desk of a period.

    ``words`` holds only what people wrote themselves, by the key of the section: a section that is not there still says
    what the product proposes, also after more reports have come. ``proposed`` keeps the proposal over which a section was
    written, so that the page can say when the proposal has changed since.
    """

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="narrative_drafts")
    collector = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issuer = models.CharField(
        "cơ quan ban hành",
        max_length=12,
        choices=Consolidation.Issuer.choices,
        default=Consolidation.Issuer.COORDINATOR,
    )
    signed_as = models.CharField("thẩm quyền ký", max_length=10, choices=SignedAs.choices, default=SignedAs.HEAD)
    signer = models.CharField("người ký", max_length=150, blank=True)
    words = models.JSONField("lời văn tự viết", default=dict)
    proposed = models.JSONField("lời đề xuất khi sửa", default=dict)
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("lưu lúc", auto_now=True)

    class Meta:
        verbose_name = "dự thảo lời văn của báo cáo tổng hợp"
        verbose_name_plural = "dự thảo lời văn của báo cáo tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "collector"], name="desk_has_one_narrative_draft", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"Dự thảo lời văn, {self.period}"

    @classmethod
    def of(cls, period: Period, collector: Agency | None) -> "NarrativeDraft":
        """Return the draft of a desk as it stands; a new one, not kept yet, where nobody has saved any."""
        kept = cls.objects.filter(period=period, collector=collector).select_related("changed_by").first()
        return kept or cls(period=period, collector=collector)

    def write(
        self, *, by: User, revision: int, words: dict[str, str], proposals: dict[str, str], signing: dict[str, str]
    ) -> None:
        """Save what a person wrote; two people never overwrite each other (``code="taken"``).

        What says the same as the product's proposal is not kept: it goes on following the proposal. ``signing`` holds
        issuer, signed_as and signer.
        """
        must_collect(self.period, self.collector, by)
        own = {key: text.strip() for key, text in words.items() if not _same(text, proposals.get(key, ""))}
        kept, _ = NarrativeDraft.objects.get_or_create(
            period=self.period, collector=self.collector, defaults={"changed_by": by}
        )
        before = kept.proposed if kept.revision == revision else {}
        unchanged = {key for key in own if kept.words.get(key) == own[key]}
        proposed = {key: before.get(key, "") if key in unchanged else proposals.get(key, "") for key in own}
        free = NarrativeDraft.objects.filter(pk=kept.pk, revision=revision)
        if not free.update(
            words=own,
            proposed=proposed,
            revision=F("revision") + 1,
            changed_by=by,
            changed_at=timezone.now(),
            **signing,
        ):
            raise ValidationError(DRAFT_TAKEN, code="taken")
        self.pk = kept.pk
        self.refresh_from_db()


def _same(text: str, proposal: str) -> bool:
    """Say whether two texts are the same words: what a browser does to line ends and spaces is no change."""
    return [line.rstrip() for line in text.strip().splitlines()] == [
        line.rstrip() for line in proposal.strip().splitlines()
    ]


class ConsolidationDocument(models.Model):
    """A file of a version, as it was first made; never written again."""

    class Kind(models.TextChoices):
        """The forms in which a version leaves the product."""

        WORD = "word", "Word"
        EXCEL = "excel", "Excel"
        PDF = "pdf", "PDF"

    consolidation = models.ForeignKey(Consolidation, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField("loại", max_length=5, choices=Kind.choices)
    file = models.FileField("tệp", upload_to="consolidations/%Y/")
    name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["consolidation_id", "kind"]
        verbose_name = "tài liệu của báo cáo tổng hợp"
        verbose_name_plural = "tài liệu của báo cáo tổng hợp"
        constraints = [
            models.UniqueConstraint(fields=["consolidation", "kind"], name="consolidation_has_a_document_once_a_kind")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that serves the file to those who may see it."""
        return reverse("consolidation-document", args=[self.consolidation_id, self.kind])


class ConsolidatedLine(models.Model):
    """One line of one agency's report as it stood when a version was made: copied columns, names included."""

    consolidation = models.ForeignKey(Consolidation, on_delete=models.PROTECT, related_name="lines")
    agency = models.CharField("cơ quan", max_length=255)
    agency_kind = models.CharField("khối", max_length=100)
    collector = models.CharField("cơ quan cấp trên", max_length=255, blank=True)
    position = models.PositiveIntegerField()
    headings = ArrayField(models.CharField(max_length=1000), default=list, blank=True)
    number = models.CharField("số thứ tự in", max_length=30, blank=True)
    text = models.TextField("nhiệm vụ")
    agencies_text = models.TextField("cơ quan thực hiện (nguyên văn)", blank=True)
    time_text = models.CharField("thời gian (nguyên văn)", max_length=1000, blank=True)
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    due_date = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices)
    timeliness = models.CharField("tiến độ so với hạn", max_length=12, choices=Timeliness.choices)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    deliveries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    done_on_time = models.PositiveSmallIntegerField(default=0)
    handed_in = models.PositiveSmallIntegerField(default=0)
    overdue = models.PositiveSmallIntegerField(default=0)
    results = models.TextField("kết quả, tình hình thực hiện", blank=True)
    targets = models.JSONField("chỉ tiêu", default=list)

    class Meta:
        ordering = ["consolidation_id", "position", "pk"]
        verbose_name = "dòng của báo cáo tổng hợp"
        verbose_name_plural = "dòng của báo cáo tổng hợp"
        indexes = [models.Index(fields=["consolidation", "position", "id"], name="consolidated_line_in_order")]

    def __str__(self) -> str:
        return f"{self.position}. {self.agency}"
