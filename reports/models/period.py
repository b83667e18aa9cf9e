"""A plan's reporting periods, and who must report in them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Agency, AgencyGroup, User
from plans.models import Occurrence, Plan, WorkItem
from reports.models.parts import ReportEvent
from reports.models.period_parts import PeriodEvent, PeriodStep
from reports.outline import Section, as_json, checked, default_outline, sections_of
from reports.period_words import LABELS, differences, opening_words, outline_changes
from reports.reporters import RELEASED, Reporter, counts_of, reporters_of

PERIOD_TAKEN = "Kỳ báo cáo vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới nhất."


class PeriodQuerySet(models.QuerySet["Period"]):
    """Periods as questions ask for them."""

    def visible_to(self, user: User) -> "PeriodQuerySet":
        """Everybody in the province sees the periods of its plans."""
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def overseen_by(self, user: User) -> "PeriodQuerySet":
        """Return periods whose desk the user opens: the plan's coordinators and the province's viewers."""
        periods = self.visible_to(user)
        access = access_of(user)
        return periods if access.is_viewer else periods.filter(plan__coordinating_agency__in=access.coordinates)

    def open(self) -> "PeriodQuerySet":
        """Return periods in which agencies may submit."""
        return self.filter(status=Period.Status.OPEN)


class Period(models.Model):
    """A reporting period of a plan [kỳ báo cáo]: from-to, data cut-off, due date, who must report."""

    class Status(models.TextChoices):
        """Proposed from the plan's report task, then open, then closed."""

        PROPOSED = "proposed", "dự kiến"
        OPEN = "open", "đang mở"
        CLOSED = "closed", "đã đóng"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="periods", verbose_name="kế hoạch")
    name = models.CharField("tên kỳ", max_length=200)
    begins_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    cut_off = models.DateField("ngày chốt số liệu")
    due_date = models.DateField("hạn nộp (ngày cuối còn đúng hạn)")
    collects_children = models.BooleanField(
        "đơn vị cấp dưới báo cáo qua cơ quan cấp trên trực tiếp",
        default=True,
        help_text="Ví dụ: xã báo cáo huyện, phòng báo cáo sở; cơ quan cấp trên tiếp nhận và tổng hợp.",
    )
    children_due_date = models.DateField(
        "hạn đơn vị cấp dưới nộp cho cơ quan cấp trên", null=True, blank=True, help_text="Để trống: cùng hạn nộp chung."
    )
    groups = models.ManyToManyField(
        AgencyGroup,
        blank=True,
        related_name="+",
        verbose_name="nhóm cơ quan phải báo cáo",
        help_text="Ngoài các cơ quan được giao nhiệm vụ báo cáo trong kế hoạch.",
    )
    agencies = models.ManyToManyField(
        Agency,
        blank=True,
        related_name="+",
        verbose_name="cơ quan phải báo cáo được nêu tên",
        help_text="Ngoài các cơ quan được giao nhiệm vụ báo cáo và các nhóm.",
    )
    outline = models.JSONField("đề cương", default=default_outline)
    commend_above = models.PositiveSmallIntegerField("biểu dương khi tỷ lệ hoàn thành trên (%)", default=90)
    commend_late_below = models.PositiveSmallIntegerField("và tỷ lệ trễ hạn dưới (%)", default=10)
    remind_below = models.PositiveSmallIntegerField("nhắc nhở khi tỷ lệ hoàn thành dưới (%)", default=50)
    occurrence = models.OneToOneField(
        Occurrence,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reporting_period",
        verbose_name="nhiệm vụ báo cáo",
    )
    delivery_due_date = models.DateField(
        "hạn của nhiệm vụ báo cáo", null=True, blank=True, help_text="Hạn trong kế hoạch mà hạn nộp của kỳ đã theo."
    )
    status = models.CharField("trạng thái", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    opened_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "due_date"]
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="period_name_is_unique_in_plan",
                violation_error_message="Kế hoạch đã có kỳ báo cáo cùng tên.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")),
                name="period_ends_after_it_begins",
                violation_error_message="Ngày kết thúc kỳ phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(cut_off__gte=F("begins_on")),
                name="period_closes_its_figures_after_it_begins",
                violation_error_message="Ngày chốt số liệu phải sau ngày bắt đầu kỳ.",
            ),
            models.CheckConstraint(
                condition=Q(cut_off__lte=F("due_date")),
                name="period_closes_its_figures_before_it_is_due",
                violation_error_message="Ngày chốt số liệu không được sau hạn nộp báo cáo.",
            ),
            models.CheckConstraint(
                condition=Q(children_due_date__isnull=True) | Q(children_due_date__lte=F("due_date")),
                name="children_report_before_their_parent",
                violation_error_message="Đơn vị cấp dưới phải nộp không muộn hơn hạn nộp của cơ quan cấp trên.",
            ),
            models.CheckConstraint(
                condition=Q(commend_above__lte=100, commend_late_below__lte=100, remind_below__lte=100),
                name="period_thresholds_are_percents",
                violation_error_message="Các ngưỡng là số phần trăm từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the coordinator's desk of this period."""
        return reverse("period-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether agencies may submit."""
        return self.status == self.Status.OPEN

    @property
    def sections(self) -> list[Section]:
        """Return the sections that a report of this period has."""
        return sections_of(self.outline)

    @property
    def due_date_of_children(self) -> date:
        """Return the last day on which a child's report reaches its parent in time."""
        return self.children_due_date or self.due_date

    @property
    def previous(self) -> "Period | None":
        """Return the plan's period due before this one, whose outline and thresholds are taken over."""
        earlier = Period.objects.filter(plan=self.plan_id, due_date__lt=self.due_date).exclude(pk=self.pk)
        return earlier.order_by("-due_date", "-pk").first()

    @property
    def is_by_hand(self) -> bool:
        """Say whether a person made it (an extraordinary report), not a report task of the plan."""
        return self.occurrence_id is None

    # Verbs

    @classmethod
    @transaction.atomic
    def make(cls, plan: Plan, *, by: User, on: date, words: str = "", **values: Any) -> "Period":
        """Make a period that no report task of the plan asks for [báo cáo đột xuất]; values as `change` takes them."""
        must_coordinate(plan, by)
        sections, groups, agencies = (values.pop(name, None) for name in ("sections", "groups", "agencies"))
        period = cls(plan=plan, **_of_our_time({name: values[name] for name in CHANGEABLE if name in values}))
        if sections is not None:
            period.outline = as_json(checked(sections))
        period.full_clean()
        try:
            with transaction.atomic():
                period.save()
        except IntegrityError as error:
            raise period._broken_rule(error) from error
        period.groups.set(groups or ())
        period.agencies.set(agencies or ())
        period.note(PeriodStep.MADE, by=by, on=on, words=words)
        return period

    @transaction.atomic
    def drop(self, *, by: User) -> None:
        """Take a period away that was made by hand and never opened; those of the plan's report tasks stay."""
        must_coordinate(self.plan, by)
        if not self.is_by_hand:
            raise ValidationError("Kỳ báo cáo này theo nhiệm vụ báo cáo của kế hoạch, không xóa được.")
        if not Period.objects.filter(pk=self.pk, status=self.Status.PROPOSED).delete()[0]:
            raise ValidationError(PERIOD_TAKEN, code="taken")

    @transaction.atomic
    def open(self, *, by: User, on: date) -> int:
        """Open the period: one report for every agency that must, also for children that report to their parent.

        Agencies excluded beforehand get theirs as excluded, with the reason, and their item of the report task is
        waived. Returns how many reports are expected.
        """
        must_coordinate(self.plan, by)
        self._hold((self.Status.PROPOSED,))
        found = self.reporters(on)
        if not any(one.is_asked for one in found):
            raise ValidationError("Chưa có cơ quan nào phải báo cáo trong kỳ này: hãy kiểm tra phân công của kế hoạch.")
        self._change((self.Status.PROPOSED,), {"status": self.Status.OPEN, "opened_on": on})
        made = self.reports.bulk_create(self._report_of(one) for one in found)
        self.note(PeriodStep.OPENED, by=by, on=on, words=opening_words(counts_of(found)))
        released = [report for report in made if report.excluded_reason]
        ReportEvent.objects.bulk_create(
            ReportEvent(report=report, kind=ReportEvent.Kind.EXCLUDED, by=by, on=on, words=report.excluded_reason)
            for report in released
        )
        reasons = {report.item_id: report.excluded_reason for report in released if report.item_id}
        for item in WorkItem.objects.filter(pk__in=reasons).select_related("task__plan"):
            if item.is_open:
                item.waive(by=by, on=on, reason=reasons[item.pk])
        return len(made) - len(released)

    @transaction.atomic
    def close(self, *, by: User, on: date) -> None:
        """Close the period: nothing is taken any more. What was submitted is decided on first, earlier periods too.

        Reports of children wait for their parents; those count as well.
        """
        must_coordinate(self.plan, by)
        earlier = Period.objects.filter(plan=self.plan, due_date__lt=self.due_date).open().order_by("due_date").first()
        if earlier:
            raise ValidationError(f"Hãy đóng kỳ “{earlier}” trước.")
        self._change((self.Status.OPEN,), {"status": self.Status.CLOSED})
        waiting = list(self.reports.submitted().values_list("collector", flat=True))
        if waiting:
            below = sum(collector is not None for collector in waiting)
            inside = f", trong đó {below} báo cáo của đơn vị cấp dưới do cơ quan cấp trên xử lý" if below else ""
            raise ValidationError(f"Còn {len(waiting)} báo cáo đã nộp chưa được tiếp nhận hoặc trả lại{inside}.")
        missing = self.reports.missing().count()
        self.note(PeriodStep.CLOSED, by=by, on=on, words=f"Còn {missing} báo cáo chưa nộp." if missing else "")

    @transaction.atomic
    def change(
        self, *, by: User, on: date, revision: int, words: str = "", for_later: bool = False, **values: Any
    ) -> None:
        """Change what the period is: `CHANGEABLE` columns, ``sections`` (of `Section`), ``groups`` and ``agencies``.

        Until it closes. After opening, who must report changes report by report (`ask`, `exclude`); the days may still
        change, the outline only until an agency has approved or submitted a report after it, and no section goes in
        which an agency has written. Reports follow the new due dates. The history says what changed. ``for_later``: the
        plan's later periods that are not open yet take the outline and the thresholds over.
        """
        must_coordinate(self.plan, by)
        self._hold((self.Status.PROPOSED, self.Status.OPEN), revision)
        before = self._values()
        chosen = {name: values[name] for name in ("groups", "agencies") if values.get(name) is not None}
        changes = _of_our_time({name: values[name] for name in CHANGEABLE if name in values})
        if values.get("sections") is not None:
            changes["outline"] = as_json(checked(values["sections"]))
        self._change((self.Status.PROPOSED, self.Status.OPEN), changes, revision)
        if self.status == self.Status.PROPOSED:
            for name, rows in chosen.items():
                getattr(self, name).set(rows)
        self._keep_outline(before["outline"])
        self.reports.filter(collector__isnull=True).update(due_date=self.due_date)
        self.reports.filter(collector__isnull=False).update(due_date=self.due_date_of_children)
        told = [words.strip(), *self.changes_since(before)]
        self.note(PeriodStep.CHANGED, by=by, on=on, words="\n".join(line for line in told if line))
        if for_later:
            self._hand_on(by=by, on=on)

    @transaction.atomic
    def ask(self, agency: Agency, *, by: User, on: date, reason: str) -> None:
        """Ask one more agency for a report after the period was opened, with a reason."""
        must_coordinate(self.plan, by)
        reason = _reasoned(reason, "Hãy ghi lý do yêu cầu cơ quan báo cáo.")
        self._must_be_ours(agency)
        if not Agency.objects.valid_on(on).filter(pk=agency.pk).exists():
            raise ValidationError({"agency": "Cơ quan này không còn hoạt động."})
        self._hold((self.Status.OPEN,))
        owed = WorkItem.objects.filter(occurrence=self.occurrence_id, agency=agency, report__isnull=True)
        item = owed.exclude(state__in=RELEASED).first() if self.occurrence_id else None
        _, is_new = self.reports.get_or_create(agency=agency, defaults={"due_date": self.due_date, "item": item})
        if not is_new:
            raise ValidationError({"agency": "Cơ quan này đã có báo cáo trong kỳ."})
        self.note(PeriodStep.ASKED, by=by, on=on, words=f"{agency.name}: {reason}")

    @transaction.atomic
    def except_for(self, agency: Agency, *, by: User, on: date, reason: str) -> None:
        """Know beforehand that an agency does not report in this period, with the reason the consolidation prints."""
        must_coordinate(self.plan, by)
        reason = _reasoned(reason, "Hãy ghi lý do không phải báo cáo.")[:500]
        self._must_be_ours(agency)
        self._hold((self.Status.PROPOSED,))
        self.exclusions.update_or_create(agency=agency, defaults={"reason": reason})
        self.note(PeriodStep.EXCEPTED, by=by, on=on, words=f"{agency.name}: {reason}")

    @transaction.atomic
    def except_no_more(self, agency: Agency, *, by: User, on: date) -> None:
        """Take such an exception back before the period is opened."""
        must_coordinate(self.plan, by)
        self._hold((self.Status.PROPOSED,))
        if self.exclusions.filter(agency=agency).delete()[0]:
            self.note(PeriodStep.EXCEPTED, by=by, on=on, words=f"{agency.name}: bỏ, cơ quan phải báo cáo.")

    # Who must report

    def reporters(self, on: date) -> list[Reporter]:
        """Return who must report if the period opens on the day, and why (`reporters.reporters_of`)."""
        return reporters_of(self, on)

    def owed(self, on: date) -> list[tuple[int, int | None]]:
        """Return (agency, work item) of those who must report to the plan's coordinator."""
        return [(one.agency.pk, one.item) for one in self.reporters(on) if one.collector is None]

    # What it is, to be compared

    def changes_since(self, before: dict[str, Any]) -> list[str]:
        """Return a line for everything that differs from ``before`` (`_values` of an older copy)."""
        now = self._values()
        lines = [f"{label}: {was} → {is_now}" for label, was, is_now in differences(LABELS, before, now)]
        outline = outline_changes(sections_of(before["outline"]), sections_of(now["outline"]))
        return lines + ([f"Đề cương: {'; '.join(outline)}"] if outline else [])

    def differences_to(self, typed: dict[str, Any], labels: dict[str, str]) -> list[tuple[str, str, str]]:
        """Return (label, typed, stands here) of the columns that differ from what somebody typed."""
        return differences(labels, typed, {name: getattr(self, name) for name in labels})

    # Inside the verbs

    def _change(self, states: tuple[str, ...], changes: dict[str, Any], revision: int | None = None) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster."""
        rows = Period.objects.filter(pk=self.pk, status__in=states)
        if revision is not None:
            rows = rows.filter(revision=revision)
        try:
            with transaction.atomic():
                moved = rows.update(revision=F("revision") + 1, **changes)
        except IntegrityError as error:
            raise self._broken_rule(error) from error
        if not moved:
            raise ValidationError(PERIOD_TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _broken_rule(self, error: IntegrityError) -> ValidationError:
        """Say in the constraint's own words which rule the values break."""
        broken = next((rule for rule in self._meta.constraints if rule.name in str(error)), None)
        words = getattr(broken, "violation_error_message", None)
        return ValidationError(words or "Các ngày của kỳ báo cáo không hợp lệ.")

    def _hold(self, states: tuple[str, ...], revision: int | None = None) -> None:
        """Lock the period's row as it stands; raise when it is elsewhere by now, or was changed after ``revision``."""
        rows = Period.objects.select_for_update().filter(pk=self.pk, status__in=states)
        if revision is not None:
            rows = rows.filter(revision=revision)
        if rows.first() is None:
            raise ValidationError(PERIOD_TAKEN, code="taken")
        self.refresh_from_db()

    def _values(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in (*CHANGEABLE, "outline")}
        for name in ("groups", "agencies"):
            values[name] = [one.name for one in getattr(self, name).all()]
        return values

    def _keep_outline(self, before: list[dict[str, Any]]) -> None:
        """Refuse an outline that no longer fits reports: approved or arrived, or with words in what is taken away."""
        now = self.sections
        old = sections_of(before)
        changed = [(one.key, one.title) for one in now] != [(one.key, one.title) for one in old]
        if changed and self.reports.filter(state__in=["approved", "submitted", "accepted"]).exists():
            raise ValidationError(
                "Đã có báo cáo được duyệt hoặc nộp theo đề cương này: chỉ sửa được gợi ý, không sửa được các mục."
            )
        keys = {section.key for section in now}
        for words, prefilled in self.reports.values_list("words", "prefilled"):
            if any(text.strip() and text != prefilled.get(key) for key, text in words.items() if key not in keys):
                raise ValidationError("Có cơ quan đã viết vào mục bị bỏ: hãy giữ mục đó, chỉ đổi tên hoặc thứ tự.")

    def _hand_on(self, *, by: User, on: date) -> None:
        """Let the plan's later periods that are not open take over the outline and the thresholds."""
        later = Period.objects.filter(plan=self.plan_id, status=self.Status.PROPOSED, due_date__gt=self.due_date)
        taken = {name: getattr(self, name) for name in TAKEN_OVER}
        in_order = later.select_for_update().order_by("due_date", "pk")  # the way everybody goes: no ring of waiting
        for period in in_order:
            if {name: getattr(period, name) for name in TAKEN_OVER} != taken:
                Period.objects.filter(pk=period.pk).update(revision=F("revision") + 1, **taken)
                period.note(PeriodStep.CHANGED, by=by, on=on, words=f"Lấy đề cương và các ngưỡng của kỳ “{self}”.")

    def _report_of(self, one: Reporter) -> Any:
        """Return the report, not saved, that opening makes for an agency of the list."""
        due = self.due_date if one.collector is None else self.due_date_of_children
        return self.reports.model(
            period=self, agency=one.agency, item_id=one.item, collector=one.collector, due_date=due,
            excluded_reason=one.excluded,
        )  # fmt: skip

    def _must_be_ours(self, agency: Agency) -> None:
        if agency.province_id != self.plan.province_id:
            raise ValidationError({"agency": "Cơ quan này không thuộc tỉnh của kế hoạch."})

    def note(self, kind: "PeriodStep", *, by: User, on: date, words: str = "") -> None:
        """Record a step of the period's life."""
        PeriodEvent.objects.create(period=self, kind=kind, by=by, on=on, words=words.strip())


CHANGEABLE = (
    "name", "begins_on", "ends_on", "cut_off", "due_date", "collects_children", "children_due_date", "commend_above",
    "commend_late_below", "remind_below",
)  # fmt: skip
"""Columns that `Period.change` writes."""
TAKEN_OVER = ("outline", "commend_above", "commend_late_below", "remind_below")
"""What a period takes over from the one before it."""


def _of_our_time(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values; raise for a day of another century: reminders reckon weeks back and forth from it every night."""
    strange = [name for name, value in values.items() if isinstance(value, date) and not 2000 <= value.year <= 2100]
    if strange:
        raise ValidationError(dict.fromkeys(strange, "Ngày phải từ năm 2000 đến năm 2100."))
    return values


def must_coordinate(plan: Plan, user: User) -> None:
    """Raise unless the user coordinates the plan today."""
    if not plan.is_coordinated_by(user):
        raise ValidationError("Chỉ cơ quan điều phối kế hoạch được làm việc này.")


def _reasoned(reason: str, fault: str) -> str:
    """Return the reason without blanks around it; raise when there is none."""
    if not reason.strip():
        raise ValidationError({"reason": fault})
    return reason.strip()
