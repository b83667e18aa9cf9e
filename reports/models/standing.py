"""A report as it stands: states, columns, how lists ask for reports, rights, sections, and the names that it keeps."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.models import WorkItem
from reports.models.period import Period
from reports.outline import Section, sections_of

if TYPE_CHECKING:
    from reports.models.report import Report  # noqa: F401 - named by the queryset's parameter


class SignedAs(models.TextChoices):
    """By which right the paper is signed (Decree 30/2020/NĐ-CP, article 13)."""

    HEAD = "head", "người đứng đầu"
    DEPUTY = "deputy", "cấp phó ký thay (KT.)"
    ACTING = "acting", "người giữ quyền đứng đầu (Q.)"
    BY_ORDER = "by_order", "chánh văn phòng ký thừa lệnh (TL.)"


class ReportState(models.TextChoices):
    """Where a report stands; late is derived."""

    DRAFT = "draft", "đang soạn"
    APPROVED = "approved", "lãnh đạo đã duyệt"
    SUBMITTED = "submitted", "đã nộp"
    RETURNED = "returned", "bị trả lại"
    ACCEPTED = "accepted", "đã tiếp nhận"


EDITABLE = (ReportState.DRAFT, ReportState.RETURNED)
"""States in which words and figures may still change."""
NOT_ARRIVED = (*EDITABLE, ReportState.APPROVED)
ARRIVED = (ReportState.SUBMITTED, ReportState.ACCEPTED)
"""States in which figures count."""


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports as questions ask for them."""

    def visible_to(self, user: User) -> "ReportQuerySet":
        """The agency itself, its parent, whoever collects it, the plan's coordinators, viewers (domain.md, "Who sees what").

        Who collects stays when the agency comes under another parent while the period is open.
        """
        access = access_of(user)
        reports = self.filter(period__in=Period.objects.visible_to(user))
        if access.is_viewer:
            return reports
        theirs = Q(agency__in=access.reach) | Q(collector__in=access.own)
        return reports.filter(theirs | Q(period__plan__coordinating_agency__in=access.coordinates))

    def expected(self) -> "ReportQuerySet":
        """Return reports that are owed: not excluded."""
        return self.filter(excluded_reason="")

    def arrived(self) -> "ReportQuerySet":
        """Return reports whose figures count."""
        return self.filter(state__in=ARRIVED)

    def late(self, today: date) -> "ReportQuerySet":
        """Return reports that came after the due date, or are still missing after it."""
        late = Q(submitted_on__gt=F("due_date"), state__in=ARRIVED)
        waiting = Q(due_date__lt=today) & ~Q(state__in=ARRIVED) & ~Q(return_until__gte=today)
        mending = Q(submitted_on__gt=F("due_date"), return_until__gte=today)
        return self.expected().filter(late | waiting | mending)

    def submitted(self) -> "ReportQuerySet":
        """Return reports that wait to be accepted or returned."""
        return self.filter(state=ReportState.SUBMITTED)

    def to_the_coordinator(self) -> "ReportQuerySet":
        """Return reports that go to the plan's coordinator, not to a parent agency."""
        return self.filter(collector__isnull=True)

    def collected_by(self, user: User) -> "ReportQuerySet":
        """Return children's reports that come to the desk of the agencies in which the person works."""
        return self.filter(collector__in=access_of(user).own)

    def missing(self) -> "ReportQuerySet":
        """Return reports that are owed and have not come."""
        return self.expected().exclude(state__in=ARRIVED)


class Standing(models.Model):
    """The ground of `Report` (the only model made of it): columns, what is computed of them, rights.

    ``names`` holds what the paper calls things (`reports.naming`), copied when the report leaves the desk: an old
    report keeps the old name of an agency for ever. Empty while the words may still change.
    """

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="reports", verbose_name="kỳ báo cáo")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reports", verbose_name="cơ quan")
    collector = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="collected_reports",
        verbose_name="cơ quan cấp trên tiếp nhận",
        help_text="Để trống: cơ quan điều phối kế hoạch tiếp nhận.",
    )
    due_date = models.DateField("hạn nộp (ngày cuối còn đúng hạn)")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="report")
    state = models.CharField("trạng thái", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    words = models.JSONField("lời văn theo mục", default=dict, help_text="Mã mục của đề cương → lời văn.")
    prefilled = models.JSONField(
        "lời lấy sẵn theo mục", default=dict, help_text="Khi khác với lời văn: cơ quan đã tự sửa, không lấy lại."
    )
    obstacle_rows = models.JSONField("vướng mắc trong kỳ", default=list, help_text="Bản chụp của bàn vướng mắc.")
    names = models.JSONField(
        "tên gọi trên văn bản", default=dict, blank=True, help_text="Bản chụp khi duyệt hoặc nộp; trống khi đang soạn."
    )
    number = models.CharField("số, ký hiệu văn bản", max_length=50, blank=True)
    dated_on = models.DateField("ngày văn bản", null=True, blank=True)
    signer = models.CharField("người ký", max_length=150, blank=True)
    signed_as = models.CharField("thẩm quyền ký", max_length=10, choices=SignedAs.choices, default=SignedAs.HEAD)
    signed_file = models.FileField("bản ký (PDF)", upload_to="reports/%Y/%m/", blank=True)
    signed_file_name = models.CharField(max_length=255, blank=True)
    filled_on = models.DateField("ngày lấy số liệu", null=True, blank=True)
    submitted_on = models.DateField("ngày nộp", null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    return_until = models.DateField("hạn nộp lại sau khi trả", null=True, blank=True)
    excluded_reason = models.CharField("lý do không phải báo cáo", max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    PAPER = ("number", "dated_on", "signer", "signed_as")

    class Meta:
        abstract = True
        ordering = ["period_id", "agency__sort_key"]
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["period", "agency"], name="agency_reports_once_a_period"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted"]) | Q(submitted_on__isnull=False),
                name="submitted_report_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(excluded_reason="") | ~Q(state__in=["submitted", "accepted"]),
                name="excluded_report_has_not_arrived",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_name} - {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the period's due date unless another was given."""
        if self.due_date is None:
            self.due_date = self.period.due_date
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the report's page."""
        return reverse("report-detail", args=[self.pk])

    @property
    def agency_name(self) -> str:
        """Return what the agency was called when the report left its desk; today's name while it is written."""
        return str(self.names["agency"]["name"]) if self.names else self.agency.name

    @property
    def agency_kind(self) -> str:
        """Return of which kind the agency was when the report left its desk, in words ("sở", "UBND cấp huyện")."""
        kind = str(self.names["agency"]["kind"]) if self.names else self.agency.kind
        return str(Agency.Kind(kind).label)

    @property
    def addressee(self) -> Agency:
        """Return to whom the report goes: the parent agency that collects it, or the plan's coordinating agency."""
        return self.collector or self.period.plan.coordinating_agency

    @property
    def addressee_name(self) -> str:
        """Return what the addressee was called when the report left the agency's desk."""
        return str(self.names["addressee"]) if self.names else self.addressee.name

    @property
    def is_editable(self) -> bool:
        """Say whether words may still change."""
        return self.state in EDITABLE and self.period.is_open and not self.excluded_reason

    @property
    def has_arrived(self) -> bool:
        """Say whether its figures count."""
        return self.state in ARRIVED

    def days_late(self, today: date) -> int:
        """Return how many days after the due date it came, or is missing as of ``today``; 0 when in time.

        A returned report keeps its first day while the time given to mend it runs.
        """
        if self.excluded_reason:
            return 0
        mending = self.return_until is not None and self.return_until >= today
        came_on = self.submitted_on if self.has_arrived or mending else None
        return max(0, ((came_on or today) - self.due_date).days)

    def section_list(self) -> list[Section]:
        """Return the outline: as it was when the report left the agency's desk, else as the period has it."""
        return sections_of(self.names["sections"]) if self.names else self.period.sections

    def sections(self) -> list[tuple[Section, str]]:
        """Return the sections of the outline, each with this report's words."""
        return [(section, self.words_of(section.key)) for section in self.section_list()]

    def words_of(self, key: str) -> str:
        """Return the words of one section; nothing for a section that the outline does not have."""
        return str(self.words.get(key, ""))

    def may_be_written_by(self, user: User) -> bool:
        """Say whether the user writes it: the agency's people or its parent's."""
        return self.agency_id in access_of(user).reach

    def may_be_approved_by(self, user: User) -> bool:
        """Say whether the user is a leader of the agency, or of its parent, which may fill in (marked)."""
        leads = access_of(user).leads
        return self.agency_id in leads or (self.agency.parent_id is not None and self.agency.parent_id in leads)

    def may_be_decided_by(self, user: User) -> bool:
        """Say whether the user accepts or returns it: who collects it, never the one who submitted it."""
        return self.is_collected_by(user) and self.submitted_by_id != user.pk

    def is_collected_by(self, user: User) -> bool:
        """Say whether the report comes to this person's desk: the parent agency's people, or the plan's coordinators."""
        if self.collector_id:
            return self.collector_id in access_of(user).own
        return self.period.plan.is_coordinated_by(user)

    def is_written_on_behalf_by(self, user: User) -> bool:
        """Say whether what this person does stands for an agency that is not theirs (marked in the history)."""
        return self.agency_id not in access_of(user).own
