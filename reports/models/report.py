"""An agency's report of a period: its steps. What it holds stands in `standing`, its lines and history in `parts`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, F, Q

from agencies.models import User
from plans.models import WorkItem
from plans.models.occurrence import State
from plans.models.work import RETURN_GRACE
from reports.models.checks import Check, problems_of, remarks_of
from reports.models.papers import check_attached, check_signed_pdf, stored_attachment
from reports.models.parts import ReportEvent, ReportLine
from reports.models.period import Period
from reports.models.standing import (
    ARRIVED,
    EDITABLE,
    NOT_ARRIVED,
    ReportQuerySet,
    ReportState,
    SignedAs,
    Standing,
)
from reports.naming import names_of
from workdays.calendar import Calendar

__all__ = [
    "ARRIVED",
    "EDITABLE",
    "NOT_ARRIVED",
    "Report",
    "ReportQuerySet",
    "ReportState",
    "Seen",
    "SignedAs",
    "check_signed_pdf",
]

NOT_COLLECTED = "Chỉ cơ quan tiếp nhận báo cáo này được làm việc này."
REPORT_TAKEN = "Báo cáo vừa được người khác xử lý hoặc kỳ báo cáo đã đóng. Hãy tải lại trang để xem nội dung mới nhất."
READ_AGAIN = "Nội dung báo cáo vừa được sửa sau khi anh/chị mở trang. Hãy xem lại nội dung mới nhất rồi duyệt."
NOTHING_PREFILLED = "Mục này do cơ quan tự viết, không có nội dung lấy sẵn để lấy lại."
MOST_ATTACHMENTS = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """The texts that a page showed before they were changed: sections by key, lines by id.

    With them two people may write different sections at the same time; at the same text the second is still refused.
    """

    words: dict[str, str] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)

    def allows(
        self, held: "Report", words: dict[str, str], lines: Iterable[ReportLine], results: dict[int, str]
    ) -> bool:
        """Say whether every text about to be written still stands as it was seen (or already reads so)."""
        sections = ((self.words.get(key), text, held.words_of(key)) for key, text in words.items())
        told = ((self.lines.get(line.pk), results[line.pk], line.results) for line in lines)
        return all(
            now.strip() in (text.strip(), seen.strip() if seen is not None else text.strip())
            for seen, text, now in (*sections, *told)
        )


class Report(Standing):
    """An agency's report of a period [báo cáo của cơ quan]: prefilled lines, and words that figures cannot say.

    It goes to the plan's coordinator, or, where ``collector`` is set, to the agency right above (a commune's to its
    district): whoever collects it returns, accepts, excludes, and may write and submit it on the agency's behalf.
    State is written only by the verbs below, each one conditional UPDATE and its event in one transaction.
    """

    class Meta(Standing.Meta):
        abstract = False

    def children(self) -> ReportQuerySet:
        """Return the reports of this period that the agency collects from the units right under it."""
        return Report.objects.filter(period=self.period_id, collector=self.agency_id)

    def count_of_children(self) -> dict[str, int]:
        """Return how many of the children's reports are owed, submitted, accepted, returned, missing (with returned)."""
        owed, states = Q(excluded_reason=""), Q(state__in=ARRIVED)
        return self.children().aggregate(
            owed=Count("pk", filter=owed),
            submitted=Count("pk", filter=Q(state=ReportState.SUBMITTED)),
            accepted=Count("pk", filter=Q(state=ReportState.ACCEPTED)),
            returned=Count("pk", filter=owed & Q(state=ReportState.RETURNED)),
            missing=Count("pk", filter=owed & ~states),
        )

    def checks(self) -> list[Check]:
        """Return what is missing before it may be approved, with the places where to mend it."""
        return problems_of(self)

    def problems(self) -> list[str]:
        """Return what is missing before it may be approved, in words for people."""
        return [check.words for check in self.checks()]

    def remarks(self) -> list[Check]:
        """Return what is usually there and is not; it does not hold the report up."""
        return remarks_of(self)

    # Verbs: writing

    @transaction.atomic
    def write(
        self,
        *,
        by: User,
        revision: int,
        words: dict[str, str],
        results_by_line: dict[int, str],
        paper: dict[str, Any] | None = None,
        seen: Seen | None = None,
        on: date | None = None,
    ) -> None:
        """Save the officer's words; two people at one text never overwrite each other.

        ``words`` holds words of sections by their key, ``paper`` details of `PAPER`, checked by a form or a serializer;
        what is not named stays, and no section's key is a detail. ``results_by_line`` holds the officer's words on single
        lines, by the line's id. Raises ``code="taken"`` when somebody saved after ``revision``; with ``seen``, only when
        somebody changed the same texts. With ``on``, writing for another agency leaves one mark in the history.
        """
        self._must_be_written_by(by)
        keys = {section.key for section in self.period.sections}
        held = self._held()
        told = {key: text.strip() for key, text in words.items() if key in keys}
        paper = {key: paper[key] for key in self.PAPER if key in paper} if paper else {}
        lines = list(self.lines.filter(pk__in=results_by_line))
        if revision != held.revision and (seen is None or paper or not seen.allows(held, told, lines, results_by_line)):
            raise ValidationError(REPORT_TAKEN, code="taken")
        self._change(EDITABLE, {"words": held.words | told, **paper}, revision=held.revision)
        for line in lines:
            line.results = results_by_line[line.pk].strip()
        ReportLine.objects.bulk_update(lines, ["results"])
        self._mark_for_another(by, on)

    @transaction.atomic
    def restore(self, *, by: User, revision: int, section: str = "", line: int | None = None) -> None:
        """Put the product's own words back: those of the obstacle desk in a section, of the latest update on a line.

        From then on they follow the desk and the updates again, until somebody writes there.
        """
        self._must_be_written_by(by)
        held = self._held()
        if line is not None:
            found = self.lines.filter(pk=line).first()
            if found is None:
                raise ValidationError("Nhiệm vụ này không có trong báo cáo.")
            self._change(EDITABLE, {}, revision=revision)
            self.lines.filter(pk=line).update(results=found.prefilled)
            return
        if section not in {one.key for one in self.period.sections if one.source}:
            raise ValidationError(NOTHING_PREFILLED)
        words = held.words | {section: held.prefilled.get(section, "")}
        self._change(EDITABLE, {"words": words}, revision=revision)

    def add_attachments(self, files: Iterable[File], *, by: User) -> None:
        """Add files that go with the report [tài liệu kèm theo], while it may still be written.

        Files are written before their rows; when the rows are refused the files are taken away again.
        """
        self._must_be_written_by(by)
        files = list(files)
        for file in files:
            check_attached(file)
        made = []
        try:
            with transaction.atomic():
                self._must_be_editable(self._held())
                if self.attachments.count() + len(files) > MOST_ATTACHMENTS:
                    raise ValidationError(f"Mỗi báo cáo kèm tối đa {MOST_ATTACHMENTS} tệp: hãy gộp các tệp nhỏ.")
                for file in files:
                    made.append(stored_attachment(self, file, by))
        except BaseException:
            for row in made:
                row.file.delete(save=False)
            raise

    @transaction.atomic
    def remove_attachment(self, pk: int, *, by: User) -> None:
        """Take an attached file away again, while the report may still be written; the file goes after the row."""
        self._must_be_written_by(by)
        self._must_be_editable(self._held())
        found = self.attachments.filter(pk=pk).first()
        if found is None:
            raise ValidationError("Tệp này không còn trong báo cáo.")
        storage, name = found.file.storage, str(found.file.name)
        found.delete()
        transaction.on_commit(lambda: storage.delete(name))

    def attach(
        self,
        *,
        by: User,
        file: File | None = None,
        name: str = "",
        on: date | None = None,
        then: Callable[[], None] | None = None,
        **paper: Any,
    ) -> None:
        """Record the signed paper: number, day, signer, and its scan or digitally signed PDF [ký số].

        Possible until it is submitted: the paper gets its number after the leader has approved it. The file is
        written before the row points to it; if the row is refused, the file is taken away again. A process killed in
        between leaves a file that no row names, never a row without its file. With ``on``, doing so for another agency
        leaves one mark in the history. ``then`` is a step that stands or falls with the paper (`submit_on_behalf`).
        """
        then = then or (lambda: None)
        if not self.is_collected_by(by):
            self._must_be_written_by(by)
        if file is None:
            with transaction.atomic():
                self._change(NOT_ARRIVED, {key: paper[key] for key in self.PAPER if key in paper})
                self._mark_for_another(by, on)
                then()
            return
        check_signed_pdf(file)
        storage = self.signed_file.storage
        field = self._meta.get_field("signed_file")
        stored = storage.save(field.generate_filename(self, f"{self.pk}.pdf"), file)  # type: ignore[union-attr]
        changes = {key: paper[key] for key in self.PAPER if key in paper}
        try:
            with transaction.atomic():
                old = self._held().signed_file.name  # a copy at hand may be older than another click's file
                self._change(NOT_ARRIVED, {**changes, "signed_file": stored, "signed_file_name": _pdf_name(name)})
                self._mark_for_another(by, on)
                then()
        except BaseException:
            storage.delete(stored)
            raise
        if old:
            transaction.on_commit(lambda: storage.delete(old))

    # Verbs: steps

    @transaction.atomic
    def approve(self, *, by: User, on: date, revision: int | None = None) -> None:
        """The leader approves what leaves the agency; nothing is submitted without it. Figures stand from now on.

        ``revision`` is the one the leader's page showed: words that somebody saved since are not approved unread.
        """
        if not self.may_be_approved_by(by):
            raise ValidationError("Chỉ lãnh đạo cơ quan được duyệt báo cáo.")
        held = self._held()
        if revision is not None and revision != held.revision:
            raise ValidationError(READ_AGAIN, code="taken")
        problems = held.problems()
        if problems:
            raise ValidationError(problems)
        self._change(EDITABLE, {"state": ReportState.APPROVED, "names": names_of(held)})
        self._note(ReportEvent.Kind.APPROVED, by=by, on=on)

    @transaction.atomic
    def reopen(self, *, by: User, on: date) -> None:
        """Take an approved report back to the desk before it is submitted: it needs approval again."""
        self._must_be_written_by(by)
        self._change((ReportState.APPROVED,), {"state": ReportState.DRAFT, "names": {}})
        self._note(ReportEvent.Kind.REOPENED, by=by, on=on)

    @transaction.atomic
    def submit(self, *, by: User, on: date) -> None:
        """Send the approved report: lines are frozen, and the work item of the plan's report task is handed in.

        Within the time that a return gives, sending again counts as the first day.
        """
        self._must_be_written_by(by)
        self._send((ReportState.APPROVED,), by=by, on=on, came_on=on)

    @transaction.atomic
    def submit_on_behalf(self, *, by: User, on: date, came_on: date, words: str = "") -> None:
        """Record a report whose signed paper came on ``came_on`` past this product, by whoever collects it (marked).

        The paper speaks for the agency: its number, day, signer and PDF must be there (`attach`), its leader's approval
        and the sections of words need not. Somebody else accepts it.
        """
        if not self.is_collected_by(by):
            raise ValidationError(NOT_COLLECTED)
        held = self._held()
        if not (held.number.strip() and held.dated_on and held.signer.strip() and held.signed_file):
            raise ValidationError("Hãy ghi số, ngày, người ký và đính bản ký (PDF) của báo cáo trước khi nộp thay.")
        if held.filled_on is None:
            raise ValidationError("Số liệu chưa được lấy từ các đầu việc: hãy mở báo cáo để cập nhật số liệu.")
        opened = self.period.opened_on or on
        if not min(opened, held.dated_on) <= came_on <= on:
            raise ValidationError({"came_on": "Ngày nhận báo cáo phải từ khi mở kỳ đến hôm nay."})
        self._send(NOT_ARRIVED, by=by, on=on, came_on=came_on, words=words)

    def _send(self, states: Iterable[str], *, by: User, on: date, came_on: date, words: str = "") -> None:
        held = self._held()
        within_grace = held.return_until is not None and held.return_until >= came_on
        day = held.submitted_on if within_grace and held.submitted_on else came_on
        self._change(
            states,
            {
                "state": ReportState.SUBMITTED,
                "submitted_on": day,
                "submitted_by": by,
                "return_until": None,
                "names": held.names or names_of(held),
            },
        )
        self._note(ReportEvent.Kind.SUBMITTED, by=by, on=on, words=words)
        item = self._item_now()
        if item and item.is_open:
            item.hand_in(by=by, on=came_on, through_report=True)

    @transaction.atomic
    def send_back(self, *, by: User, on: date, reason: str) -> None:
        """Return it with a reason: its figures leave the totals until it is sent again."""
        self._must_be_collected_by(by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do trả lại báo cáo."})
        self._must_have_been_sent()
        until = Calendar.load().add_working_days(on, RETURN_GRACE)
        self._change((ReportState.SUBMITTED,), {"state": ReportState.RETURNED, "return_until": until, "names": {}})
        self._note(ReportEvent.Kind.RETURNED, by=by, on=on, words=reason)
        item = self._item_now()
        if item and item.state == State.HANDED_IN:
            item.send_back(by=by, on=on, reason=reason, through_report=True)

    @transaction.atomic
    def accept(self, *, by: User, on: date) -> None:
        """Take it: from now on it never changes, and its work item is completed."""
        self._must_be_collected_by(by)
        if self._held().submitted_by_id == by.pk:
            raise ValidationError("Người nộp báo cáo không tự tiếp nhận báo cáo đó.")
        self._must_have_been_sent()
        self._change((ReportState.SUBMITTED,), {"state": ReportState.ACCEPTED})
        self._note(ReportEvent.Kind.ACCEPTED, by=by, on=on)
        item = self._item_now()
        if item and item.state == State.HANDED_IN:
            item.confirm(by=by, on=on, through_report=True)

    @transaction.atomic
    def exclude(self, *, by: User, on: date, reason: str) -> None:
        """Release the agency from this period, with a reason that the consolidation prints; its item is waived."""
        self._must_be_collected_by(by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do không phải báo cáo."})
        if self._held().has_arrived:
            raise ValidationError("Báo cáo đã nộp; chỉ cơ quan chưa nộp mới được ghi là không phải báo cáo.")
        self._change(NOT_ARRIVED, {"excluded_reason": reason.strip()[:500]})
        self._note(ReportEvent.Kind.EXCLUDED, by=by, on=on, words=reason)
        item = self._item_now()
        if item and item.is_open:
            item.waive(by=by, on=on, reason=reason)

    @transaction.atomic
    def include(self, *, by: User, on: date, reason: str) -> None:
        """Ask the agency for its report after all, with a reason; the item that was waived is owed again."""
        self._must_be_collected_by(by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do yêu cầu báo cáo lại."})
        self._change(NOT_ARRIVED, {"excluded_reason": ""}, excluded=True)
        self._note(ReportEvent.Kind.INCLUDED, by=by, on=on, words=reason)
        item = self._item_now()
        if item and item.state == State.WAIVED:
            item.reinstate(by=by, on=on, reason=reason)

    # Inside the verbs

    def _must_have_been_sent(self) -> None:
        if self._held().state in (ReportState.DRAFT, ReportState.APPROVED):
            raise ValidationError("Cơ quan chưa nộp báo cáo.")

    def _must_be_written_by(self, user: User) -> None:
        if not self.may_be_written_by(user):
            raise ValidationError("Anh/chị không được soạn báo cáo của cơ quan này.")

    def _must_be_collected_by(self, user: User) -> None:
        if not self.is_collected_by(user):
            raise ValidationError(NOT_COLLECTED)

    def _must_be_editable(self, held: "Report") -> None:
        if held.state not in EDITABLE or held.excluded_reason:
            raise ValidationError(REPORT_TAKEN, code="taken")

    def _mark_for_another(self, by: User, on: date | None) -> None:
        """Note once between two steps that this person writes for the agency: saving while typing is no history."""
        if on is None or not self.is_written_on_behalf_by(by):
            return
        steps = self.events.exclude(kind=ReportEvent.Kind.WRITTEN)
        last = steps.order_by("-pk").values_list("pk", flat=True).first() or 0
        if not self.events.filter(kind=ReportEvent.Kind.WRITTEN, by=by, pk__gt=last).exists():
            self._note(ReportEvent.Kind.WRITTEN, by=by, on=on)

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

    def _change(
        self, states: Iterable[str], changes: dict[str, Any], *, revision: int | None = None, excluded: bool = False
    ) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster or the period is closed."""
        rows = Report.objects.filter(pk=self.pk, state__in=list(states))
        rows = rows.exclude(excluded_reason="") if excluded else rows.filter(excluded_reason="")
        if revision is not None:
            rows = rows.filter(revision=revision)
        with transaction.atomic():
            self._held()
            if not rows.update(revision=F("revision") + 1, **changes):
                raise ValidationError(REPORT_TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _note(self, kind: ReportEvent.Kind, *, by: User, on: date, words: str = "") -> None:
        behind = self.is_written_on_behalf_by(by) and kind in ReportEvent.DONE_BY_THE_AGENCY
        ReportEvent.objects.create(report=self, kind=kind, by=by, on=on, words=words.strip(), on_behalf=behind)


def _pdf_name(name: str) -> str:
    """Return the name under which a signed PDF is handed out: never as another kind of file."""
    return name[-255:] if name.lower().endswith(".pdf") else f"{name[:251] or 'bao-cao'}.pdf"
