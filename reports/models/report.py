"""An agency's report of a period, its lines and its history."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, User
from plans.models import Role, Task, WorkItem
from plans.models.occurrence import State, Timeliness
from plans.models.plan import OWING_ROLES
from plans.models.work import RETURN_GRACE
from reports.models.period import Period, must_coordinate
from workdays.calendar import Calendar

REPORT_TAKEN = "Báo cáo vừa được người khác xử lý hoặc kỳ báo cáo đã đóng. Hãy tải lại trang để xem nội dung mới nhất."


class SignedAs(models.TextChoices):
    """By which right the paper is signed (Decree 30/2020/NĐ-CP, article 13)."""

    HEAD = "head", "người đứng đầu"
    DEPUTY = "deputy", "cấp phó ký thay (KT.)"


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
        """The agency itself, its parent, the plan's coordinators, viewers (domain.md, "Who sees what")."""
        access = access_of(user)
        reports = self.filter(period__in=Period.objects.visible_to(user))
        if access.is_viewer:
            return reports
        return reports.filter(Q(agency__in=access.reach) | Q(period__plan__coordinating_agency__in=access.coordinates))

    def expected(self) -> "ReportQuerySet":
        """Return reports that are owed: not excluded."""
        return self.filter(excluded_reason="")

    def arrived(self) -> "ReportQuerySet":
        """Return reports whose figures count."""
        return self.filter(state__in=ARRIVED)

    def late(self, today: date) -> "ReportQuerySet":
        """Return reports that came after the due date, or are still missing after it."""
        late = Q(submitted_on__gt=F("period__due_date"), state__in=ARRIVED)
        waiting = Q(period__due_date__lt=today) & ~Q(state__in=ARRIVED) & ~Q(return_until__gte=today)
        mending = Q(submitted_on__gt=F("period__due_date"), return_until__gte=today)
        return self.expected().filter(late | waiting | mending)

    def submitted(self) -> "ReportQuerySet":
        """Return reports that wait to be accepted or returned."""
        return self.filter(state=ReportState.SUBMITTED)

    def missing(self) -> "ReportQuerySet":
        """Return reports that are owed and have not come."""
        return self.expected().exclude(state__in=ARRIVED)


class Report(models.Model):
    """An agency's report of a period [báo cáo của cơ quan]: prefilled lines, and words that figures cannot say."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="reports", verbose_name="kỳ báo cáo")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reports", verbose_name="cơ quan")
    item = models.OneToOneField(WorkItem, on_delete=models.PROTECT, null=True, blank=True, related_name="report")
    state = models.CharField("trạng thái", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    results = models.TextField("kết quả nổi bật", blank=True)
    shortcomings = models.TextField("tồn tại, hạn chế và nguyên nhân", blank=True)
    obstacles = models.TextField("khó khăn, vướng mắc", blank=True)
    proposals = models.TextField("kiến nghị, đề xuất", blank=True)
    outlook = models.TextField("phương hướng, nhiệm vụ kỳ tới", blank=True)
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

    class Meta:
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

    NARRATIVE = ("results", "shortcomings", "obstacles", "proposals", "outlook")
    PAPER = ("number", "dated_on", "signer", "signed_as")

    def __str__(self) -> str:
        return f"{self.agency} - {self.period}"

    def get_absolute_url(self) -> str:
        """Return the report's page."""
        return reverse("report-detail", args=[self.pk])

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
        return max(0, ((came_on or today) - self.period.due_date).days)

    def may_be_written_by(self, user: User) -> bool:
        """Say whether the user writes it: the agency's people or its parent's."""
        return self.agency_id in access_of(user).reach

    def may_be_approved_by(self, user: User) -> bool:
        """Say whether the user is a leader of the agency."""
        return self.agency_id in access_of(user).leads

    def may_be_decided_by(self, user: User) -> bool:
        """Say whether the user accepts or returns it: the plan's coordinator, never the one who submitted it."""
        return self.period.plan.is_coordinated_by(user) and self.submitted_by_id != user.pk

    # Verbs

    @transaction.atomic
    def write(self, *, by: User, revision: int, words: dict[str, Any], results_by_line: dict[int, str]) -> None:
        """Save the officer's words; two people at one report never overwrite each other.

        ``words`` may hold the sections of `NARRATIVE` and the details of `PAPER`; ``results_by_line`` the officer's
        words on single lines, by the line's id. Raises ``code="taken"`` when somebody saved after ``revision``.
        """
        self._must_be_written_by(by)
        known = {*self.NARRATIVE, *self.PAPER}
        self._change(EDITABLE, {key: value for key, value in words.items() if key in known}, revision=revision)
        lines = list(self.lines.filter(pk__in=results_by_line))
        for line in lines:
            line.results = results_by_line[line.pk].strip()
        ReportLine.objects.bulk_update(lines, ["results"])

    def attach(self, *, by: User, file: File | None = None, name: str = "", **paper: Any) -> None:
        """Record the signed paper: number, day, signer, and its scan or digitally signed PDF [ký số].

        Possible until it is submitted: the paper gets its number after the leader has approved it. The file is
        written before the row points to it; if the row is refused, the file is taken away again. A process killed in
        between leaves a file that no row names, never a row without its file.
        """
        self._must_be_written_by(by)
        if file is None:
            self._change(NOT_ARRIVED, {key: paper[key] for key in self.PAPER if key in paper})
            return
        check_signed_pdf(file)
        storage, old = self.signed_file.storage, self.signed_file.name
        field = self._meta.get_field("signed_file")
        stored = storage.save(field.generate_filename(self, f"{self.pk}.pdf"), file)  # type: ignore[union-attr]
        changes = {key: paper[key] for key in self.PAPER if key in paper}
        try:
            with transaction.atomic():
                self._change(NOT_ARRIVED, {**changes, "signed_file": stored, "signed_file_name": name[:255]})
        except BaseException:
            storage.delete(stored)
            raise
        if old:
            transaction.on_commit(lambda: storage.delete(old))

    def problems(self) -> list[str]:
        """Return what is missing before it may be approved, in words for people."""
        found = []
        if self.filled_on is None:
            found.append("Số liệu chưa được lấy từ các đầu việc: hãy mở báo cáo để cập nhật số liệu.")
        if not self.results.strip():
            found.append("Chưa ghi kết quả nổi bật trong kỳ.")
        if not self.outlook.strip():
            found.append("Chưa ghi phương hướng, nhiệm vụ kỳ tới.")
        silent = sum(not line.results.strip() for line in self.lines.all() if line.needs_words)
        if silent:
            found.append(f"Còn {silent} nhiệm vụ đã hoàn thành hoặc quá hạn chưa ghi kết quả, tình hình thực hiện.")
        return found

    def remarks(self) -> list[str]:
        """Return what is usually there and is not; it does not hold the report up."""
        found = []
        if not self.number.strip() or not self.dated_on:
            found.append("Chưa ghi số, ký hiệu và ngày của văn bản.")
        if not self.signed_file:
            found.append("Chưa đính kèm bản ký (PDF).")
        if not self.shortcomings.strip() and any(line.overdue for line in self.lines.all()):
            found.append("Có nhiệm vụ quá hạn nhưng chưa ghi tồn tại, hạn chế và nguyên nhân.")
        return found

    @transaction.atomic
    def approve(self, *, by: User, on: date) -> None:
        """The leader approves what leaves the agency; nothing is submitted without it. Figures stand from now on."""
        if not self.may_be_approved_by(by):
            raise ValidationError("Chỉ lãnh đạo cơ quan được duyệt báo cáo.")
        problems = self._held().problems()
        if problems:
            raise ValidationError(problems)
        self._change(EDITABLE, {"state": ReportState.APPROVED})
        self._note(ReportEvent.Kind.APPROVED, by=by, on=on)

    @transaction.atomic
    def reopen(self, *, by: User, on: date) -> None:
        """Take an approved report back to the desk before it is submitted: it needs approval again."""
        self._must_be_written_by(by)
        self._change((ReportState.APPROVED,), {"state": ReportState.DRAFT})
        self._note(ReportEvent.Kind.REOPENED, by=by, on=on)

    @transaction.atomic
    def submit(self, *, by: User, on: date) -> None:
        """Send the approved report: lines are frozen, and the work item of the plan's report task is handed in.

        Within the time that a return gives, sending again counts as the first day.
        """
        self._must_be_written_by(by)
        held = self._held()
        within_grace = held.return_until is not None and held.return_until >= on
        day = held.submitted_on if within_grace and held.submitted_on else on
        self._change(
            (ReportState.APPROVED,),
            {"state": ReportState.SUBMITTED, "submitted_on": day, "submitted_by": by, "return_until": None},
        )
        self._note(ReportEvent.Kind.SUBMITTED, by=by, on=on)
        item = self._item_now()
        if item and item.is_open:
            item.hand_in(by=by, on=on, through_report=True)

    @transaction.atomic
    def send_back(self, *, by: User, on: date, reason: str) -> None:
        """Return it with a reason: its figures leave the totals until it is sent again."""
        must_coordinate(self.period.plan, by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do trả lại báo cáo."})
        until = Calendar.load().add_working_days(on, RETURN_GRACE)
        self._change((ReportState.SUBMITTED,), {"state": ReportState.RETURNED, "return_until": until})
        self._note(ReportEvent.Kind.RETURNED, by=by, on=on, words=reason)
        item = self._item_now()
        if item and item.state == State.HANDED_IN:
            item.send_back(by=by, on=on, reason=reason, through_report=True)

    @transaction.atomic
    def accept(self, *, by: User, on: date) -> None:
        """Take it: from now on it never changes, and its work item is completed."""
        must_coordinate(self.period.plan, by)
        if self._held().submitted_by_id == by.pk:
            raise ValidationError("Người nộp báo cáo không tự tiếp nhận báo cáo đó.")
        self._change((ReportState.SUBMITTED,), {"state": ReportState.ACCEPTED})
        self._note(ReportEvent.Kind.ACCEPTED, by=by, on=on)
        item = self._item_now()
        if item and item.state == State.HANDED_IN:
            item.confirm(by=by, on=on, through_report=True)

    @transaction.atomic
    def exclude(self, *, by: User, on: date, reason: str) -> None:
        """Release the agency from this period, with a reason that the consolidation prints; its item is waived."""
        must_coordinate(self.period.plan, by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do không phải báo cáo."})
        self._change(NOT_ARRIVED, {"excluded_reason": reason.strip()[:500]})
        self._note(ReportEvent.Kind.EXCLUDED, by=by, on=on, words=reason)
        item = self._item_now()
        if item and item.is_open:
            item.waive(by=by, on=on, reason=reason)

    # Inside the verbs

    def _must_be_written_by(self, user: User) -> None:
        if not self.may_be_written_by(user):
            raise ValidationError("Anh/chị không được soạn báo cáo của cơ quan này.")

    def _item_now(self) -> WorkItem | None:
        """Return the work item as it stands in the database: the copy at hand may be old."""
        return WorkItem.objects.filter(pk=self.item_id).first() if self.item_id else None

    def _held(self) -> "Report":
        """Lock the period's row, then the report's, and return the report as it stands; raise if the period is closed.

        Every verb locks in this order, so none waits for another in a ring, and no period closes in mid-step.
        """
        if Period.objects.select_for_update().open().filter(pk=self.period_id).first() is None:
            raise ValidationError(REPORT_TAKEN, code="taken")
        return Report.objects.select_for_update().get(pk=self.pk)

    def _change(self, states: Iterable[str], changes: dict[str, Any], *, revision: int | None = None) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster or the period is closed."""
        rows = Report.objects.filter(pk=self.pk, state__in=list(states), excluded_reason="")
        if revision is not None:
            rows = rows.filter(revision=revision)
        with transaction.atomic():
            self._held()
            if not rows.update(revision=F("revision") + 1, **changes):
                raise ValidationError(REPORT_TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _note(self, kind: "ReportEvent.Kind", *, by: User, on: date, words: str = "") -> None:
        ReportEvent.objects.create(report=self, kind=kind, by=by, on=on, words=words.strip())


def check_signed_pdf(file: File) -> None:
    """Refuse what is no PDF, is empty or larger than the office's limit. Raises ValidationError in words for people."""
    if not file.size:
        raise ValidationError("Tệp rỗng: hãy chọn lại bản ký.")
    if file.size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(f"Tệp lớn hơn {limit} MB: hãy quét ở độ phân giải thấp hơn.")
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" not in head:
        raise ValidationError("Bản ký phải là tệp PDF (bản quét hoặc bản ký số).")


class ReportLine(models.Model):
    """One task in a report: copied columns, as of the cut-off; frozen once submitted, with the officer's own words."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    headings = ArrayField(models.CharField(max_length=1000), default=list, blank=True, verbose_name="các đề mục")
    section = models.CharField("đề mục", max_length=1000, blank=True)
    number = models.CharField("số thứ tự in", max_length=30, blank=True)
    text = models.TextField("nhiệm vụ")
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    due_date = models.DateField("hạn", null=True, blank=True)
    time_text = models.CharField("thời gian (nguyên văn)", max_length=1000, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices)
    timeliness = models.CharField("tiến độ so với hạn", max_length=12, choices=Timeliness.choices)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    deliveries = models.PositiveSmallIntegerField("số mốc phải giao", default=0)
    done = models.PositiveSmallIntegerField("đã xong", default=0)
    done_on_time = models.PositiveSmallIntegerField("xong đúng hạn", default=0)
    handed_in = models.PositiveSmallIntegerField("chờ xác nhận", default=0)
    overdue = models.PositiveSmallIntegerField("quá hạn", default=0)
    overdue_dates = ArrayField(models.DateField(), default=list, blank=True, verbose_name="hạn của các mốc quá hạn")
    check_points = models.PositiveSmallIntegerField("mốc cập nhật đã đến", default=0)
    check_points_answered = models.PositiveSmallIntegerField("mốc đã cập nhật", default=0)
    results = models.TextField("kết quả, tình hình thực hiện", blank=True)
    prefilled = models.TextField(
        "lời lấy từ cập nhật gần nhất", blank=True, help_text="Khi khác với kết quả: cơ quan đã tự sửa, không lấy lại."
    )

    class Meta:
        ordering = ["report_id", "position"]
        verbose_name = "dòng báo cáo"
        verbose_name_plural = "dòng báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "task"], name="report_has_a_task_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:60]}"

    @property
    def is_owed(self) -> bool:
        """Say whether the agency owes deliveries here; coordinating and monitoring lines only carry words."""
        return self.role in OWING_ROLES

    @property
    def needs_words(self) -> bool:
        """Say whether the officer has to say something: it is done, or it is late."""
        return self.is_owed and (self.done > 0 or self.overdue > 0)

    @property
    def not_updated(self) -> int:
        """Return how many check-points passed without an update."""
        return self.check_points - self.check_points_answered


class ReportEvent(models.Model):
    """A step of a report with who, when and why; append-only."""

    class Kind(models.TextChoices):
        """The steps."""

        APPROVED = "approved", "lãnh đạo duyệt"
        REOPENED = "reopened", "mở lại để sửa"
        SUBMITTED = "submitted", "nộp"
        RETURNED = "returned", "trả lại"
        ACCEPTED = "accepted", "tiếp nhận"
        EXCLUDED = "excluded", "không phải báo cáo"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)

    class Meta:
        ordering = ["report_id", "pk"]
        verbose_name = "sự kiện của báo cáo"
        verbose_name_plural = "sự kiện của báo cáo"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"
