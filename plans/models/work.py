"""The work: what one agency owes at one occurrence. Its state is written by the verbs here and nowhere else."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

from agencies.access import access_of
from agencies.models import User
from plans.models.item import TAKEN, Item
from plans.models.occurrence import OPEN_STATES, State
from plans.models.plan import Plan
from plans.models.sharing import hold_with_linked
from workdays.calendar import Calendar

if TYPE_CHECKING:
    from plans.models.progress import Update

RETURN_GRACE = 3
"""Working days that a return gives; handing in again within them counts as the first day (domain.md)."""
CLOSED = "Kế hoạch này không còn được theo dõi; đầu việc của kế hoạch không thay đổi nữa."
FOR_THE_LEADER = (
    "Kế hoạch yêu cầu lãnh đạo cơ quan duyệt trước khi báo hoàn thành: hãy trình lãnh đạo, lãnh đạo sẽ báo hoàn thành."
)
FOR_THE_REPORT = "Nhiệm vụ này là một báo cáo: tiếp nhận hoặc trả lại ở trang báo cáo của kỳ, đầu việc sẽ đổi theo."


class ItemStep(models.TextChoices):
    """The steps of an item's life that people read in its history."""

    HANDED_IN = "handed_in", "báo hoàn thành"
    CONFIRMED = "confirmed", "xác nhận hoàn thành"
    RETURNED = "returned", "trả lại"
    DECLINED = "declined", "trả lại nhiệm vụ"
    WAIVED = "waived", "miễn thực hiện"
    DUE_DATE_MOVED = "due_date_moved", "đổi hạn"
    REINSTATED = "reinstated", "giao lại"
    GIVEN = "given", "giao việc"
    REASSIGNED = "reassigned", "giao cơ quan khác"
    PROPOSED = "proposed", "trình lãnh đạo duyệt"
    SENT_DOWN = "sent_down", "lãnh đạo yêu cầu sửa"
    DIRECTED = "directed", "ý kiến chỉ đạo"


class NewEvidence:
    """A file that is about to be attached, with the day it is dated."""

    def __init__(self, file: File, name: str, dated_on: date | None = None) -> None:
        self.file, self.name, self.dated_on = file, name, dated_on


class WorkItem(Item):
    """What one agency owes at one occurrence [đầu việc]: the unit of state, reminders, lateness and statistics.

    State is written only by the verbs below, each one conditional UPDATE and its event in one transaction.
    """

    class Meta(Item.Meta):
        abstract = False

    # Verbs

    @transaction.atomic
    def record_update(
        self,
        *,
        by: User,
        on: date,
        percent: int,
        words: str,
        revision: int | None = None,
        evidence: Iterable[NewEvidence] = (),
        corrects: "Update | None" = None,
        figures: Mapping[int, Decimal] | None = None,
    ) -> "Update":
        """Record progress: percent (0-100), words, evidence files, and figures (target id → value).

        Never edits what was recorded before. Items of other plans linked with this one take the same words (`sharing`).

        ``revision`` is the one the page was opened with; if somebody was faster, nothing is written and the error
        says so. An update of a check-point answers it; progress of the one job shows at its delivery as well.
        A second update of a check-point adds words and leaves the day on which it was answered.
        """
        self._must_be_worked_on_by(by)
        if not 0 <= percent <= 100:
            raise ValidationError({"percent": "Tiến độ là số từ 0 đến 100."})
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi kết quả hoặc tình hình thực hiện."})
        linked = hold_with_linked(self)
        told = {"percent": percent, "words": words.strip(), "corrects": corrects}
        update = self.take_update(by=by, on=on, revision=revision, **told)
        for new in evidence:
            update.add_evidence(new)
        update.add_figures(figures or {})
        update.share_with(linked)
        return update

    def take_update(self, *, by: User, on: date, revision: int | None, **told: Any) -> "Update":
        """Write one update and what it makes of the item and its job; only `record_update` and `Update.share_with` call this.

        ``told``: columns of `Update`: percent, words, corrects, shared_from. The jobs concerned are locked already.
        """
        changes: dict[str, Any] = {"percent": told["percent"], "state": State.IN_PROGRESS, "last_update_on": on}
        states: tuple[State, ...] = OPEN_STATES
        if self.is_check_point:
            changes |= {"state": State.COMPLETED, "completed_on": Coalesce(F("completed_on"), Value(on))}
            states = (*OPEN_STATES, State.COMPLETED)
        self._change(states, revision, changes)
        self._must_be_correctable(told["corrects"])
        on_behalf = self.agency_id not in access_of(by).own
        update: Update = self.updates.create(by=by, on=on, on_behalf=on_behalf, **told)
        self._carry_to_the_same_job(on, told["percent"])
        return update

    @transaction.atomic
    def hand_in(self, *, by: User, on: date, revision: int | None = None, through_report: bool = False) -> None:
        """Say that the work is done: the doer's clock stops, the confirmer's starts.

        Within the grace after a return the first day counts. A report task is handed in only by its report; where the
        plan asks for it, only a leader of the agency hands in.
        """
        if not through_report:
            self._must_be_worked_on_by(by)
        if self.is_check_point:
            raise ValidationError("Mốc cập nhật không cần báo hoàn thành: chỉ cần cập nhật tiến độ.")
        if self.task.is_report and not through_report:
            raise ValidationError("Nhiệm vụ này là một báo cáo: hãy nộp báo cáo của kỳ, đầu việc sẽ tự hoàn thành.")
        if not through_report and self.last_update_on is None:
            raise ValidationError("Hãy cập nhật kết quả thực hiện trước khi báo hoàn thành.")
        if not through_report and self.needs_a_leader and not self.is_led_by(by):
            raise ValidationError(FOR_THE_LEADER)
        first_day_within_grace = Case(When(return_until__gte=on, then=F("handed_in_on")), default=Value(on))
        self._change(
            OPEN_STATES,
            revision,
            {
                "state": State.HANDED_IN,
                "percent": 100,
                "handed_in_on": first_day_within_grace,
                "handed_in_by": by,
                "proposed_on": None,
                "proposed_by": None,
            },
        )
        self._note(ItemStep.HANDED_IN, by=by, on=on)

    @transaction.atomic
    def put_to_leader(self, *, by: User, on: date) -> None:
        """Put the finished work before the agency's leader, who hands it in or sends it down; a setting of the plan."""
        self._must_be_worked_on_by(by)
        if not self.needs_a_leader:
            raise ValidationError("Kế hoạch này không yêu cầu lãnh đạo duyệt: hãy báo hoàn thành.")
        if self.is_check_point or self.task.is_report:
            raise ValidationError("Mốc cập nhật và báo cáo của kỳ không trình ở đây.")
        if self.last_update_on is None:
            raise ValidationError("Hãy cập nhật kết quả thực hiện trước khi trình lãnh đạo.")
        if self.proposed_on is not None:
            raise ValidationError(TAKEN, code="taken")
        self._change(OPEN_STATES, self.revision, {"proposed_on": on, "proposed_by": by})
        self._note(ItemStep.PROPOSED, by=by, on=on)

    @transaction.atomic
    def send_down(self, *, by: User, on: date, reason: str) -> None:
        """Give what was put to the leader back to the officers, with words: what is still missing."""
        if not self.is_led_by(by):
            raise ValidationError("Chỉ lãnh đạo cơ quan thực hiện được yêu cầu sửa.")
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi nội dung cần sửa, bổ sung."})
        if self.proposed_on is None:
            raise ValidationError(TAKEN, code="taken")
        self._change(OPEN_STATES, self.revision, {"proposed_on": None, "proposed_by": None})
        self._note(ItemStep.SENT_DOWN, by=by, on=on, words=reason)

    @transaction.atomic
    def direct(self, *, by: User, on: date, words: str) -> None:
        """Write a directive [ý kiến chỉ đạo] on unfinished work; it stands at the head of the page until the next update.

        By leaders of the agency, of its parent and of the plan's coordinating agency.
        """
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi nội dung chỉ đạo."})
        if not self._is_active:
            raise ValidationError(CLOSED)
        held = type(self).objects.select_for_update(of=("self",)).for_lists().get(pk=self.pk)
        if not held.may_be_directed_by(by):
            raise ValidationError(
                "Chỉ lãnh đạo cơ quan thực hiện, cơ quan cấp trên trực tiếp hoặc cơ quan điều phối cho ý kiến chỉ đạo, "
                "khi đầu việc chưa kết thúc."
            )
        self._note(ItemStep.DIRECTED, by=by, on=on, words=words)

    @transaction.atomic
    def confirm(self, *, by: User, on: date, document: str = "", through_report: bool = False) -> None:
        """Accept what was handed in; the day of handing in decides on time or late. Closes remaining check-points.

        The coordinating agency's own delivery needs the superior's document (number, date, issuer) in ``document``.
        A report task is confirmed only by accepting its report.
        """
        self._must_be_confirmed_by(by, through_report)
        own = self.agency_id == self.task.plan.coordinating_agency_id
        if own and not document.strip() and not self.task.is_report:
            raise ValidationError(
                {"document": "Việc của chính cơ quan điều phối: hãy ghi số, ngày, cơ quan ban hành văn bản chấp nhận."}
            )
        self._hold_the_job()
        self._change(
            (State.HANDED_IN,),
            None,
            {"state": State.COMPLETED, "completed_on": F("handed_in_on"), "return_until": None},
        )
        self._note(ItemStep.CONFIRMED, by=by, on=on, words=document)
        self.close_parts(by=by, on=on, words="Đầu việc của cơ quan giao đã hoàn thành.")
        if self.is_one_job:
            self._answer_check_points(on=self.completed_on or on)

    @transaction.atomic
    def send_back(self, *, by: User, on: date, reason: str, through_report: bool = False) -> None:
        """Return what was handed in, with a reason and three working days to mend it."""
        self._must_be_confirmed_by(by, through_report)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do trả lại để cơ quan biết cần bổ sung gì."})
        until = Calendar.load().add_working_days(on, RETURN_GRACE)
        self._change((State.HANDED_IN,), None, {"state": State.IN_PROGRESS, "return_until": until})
        self._note(ItemStep.RETURNED, by=by, on=on, words=reason)

    @transaction.atomic
    def waive(self, *, by: User, on: date, reason: str) -> None:
        """Release the agency from this item [không phải thực hiện]; the coordinator decides, with a reason.

        Where it is the delivery of one job, nobody asks for the check-points on the way to it any more. A part is taken
        back in the same way, by the people of the agency that gave it.
        """
        if self.is_part and self.giver_id not in access_of(by).own:
            raise ValidationError("Chỉ cơ quan đã chia phần việc này được rút lại.")
        if not self.is_part and not self.task.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được miễn đầu việc.")
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do."})
        self._hold_the_job()
        self._change((*OPEN_STATES, State.DECLINED), None, {"state": State.WAIVED})
        self._note(ItemStep.WAIVED, by=by, on=on, words=reason)
        self.close_parts(by=by, on=on, words="Cơ quan giao không còn phải thực hiện đầu việc này.")
        if self.is_one_job and not self.is_check_point:
            self._open_check_points().update(state=State.WAIVED, revision=F("revision") + 1)

    @transaction.atomic
    def reinstate(self, *, by: User, on: date, reason: str) -> None:
        """Ask for a waived item after all, by the coordinator, with a reason: it stands where it stood before."""
        if not self.task.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được giao lại đầu việc.")
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do giao lại."})
        state = State.IN_PROGRESS if self.last_update_on else State.NOT_STARTED
        self._change((State.WAIVED,), None, {"state": state})
        self._note(ItemStep.REINSTATED, by=by, on=on, words=reason)

    @transaction.atomic
    def move_due_date(self, to: date, *, by: User, on: date, reason: str) -> None:
        """Give the item a later due date: a new version of it, never another item; nothing else changes.

        Only granting an `Extension` calls this. What was handed in while the request waited moves as well.
        """
        before = self.due_date
        if before is None or to <= before:
            raise ValidationError("Ngày mới phải sau hạn hiện tại của đầu việc.")
        self._change((*OPEN_STATES, State.HANDED_IN), None, {"due_date": to, "due_version": F("due_version") + 1})
        self.due_date_versions.create(version=self.due_version, due_date=to, on=on, by=by, reason=reason)
        self._note(ItemStep.DUE_DATE_MOVED, by=by, on=on, words=f"Từ {before:%d/%m/%Y} đến {to:%d/%m/%Y}. {reason}")

    def give_to(self, officer: User | None, *, by: User) -> None:
        """Name the officer in charge; they must work in the agency today."""
        self._must_be_worked_on_by(by)
        if officer and self.agency_id not in access_of(officer).own:
            raise ValidationError({"responsible": "Người phụ trách phải thuộc cơ quan thực hiện."})
        WorkItem.objects.filter(pk=self.pk).update(responsible=officer, revision=F("revision") + 1)
        self.refresh_from_db(fields=["responsible", "revision"])

    def close_parts(self, *, by: User, on: date, words: str) -> None:
        """Release the units from their open parts of this item, and from parts of those: it is over for the giver."""
        for part in self.parts.open().select_for_update(of=("self",)).select_related("task__plan").order_by("pk"):
            part._change(OPEN_STATES, None, {"state": State.WAIVED})
            part._note(ItemStep.WAIVED, by=by, on=on, words=words)
            part.close_parts(by=by, on=on, words=words)

    # Inside the verbs

    def _must_be_worked_on_by(self, user: User) -> None:
        if self.agency_id in access_of(user).reach and self.task.plan.status != Plan.Status.ACTIVE:
            raise ValidationError(CLOSED)
        if not self.may_be_worked_on_by(user):
            raise ValidationError("Anh/chị không được cập nhật đầu việc của cơ quan này.")

    def _must_be_correctable(self, corrected: "Update | None") -> None:
        if corrected is not None and corrected.item_id != self.pk:
            raise ValidationError("Cập nhật cần đính chính không thuộc đầu việc này.")
        if corrected is not None and corrected.corrections.exists():
            raise ValidationError("Cập nhật này đã được đính chính: hãy đính chính bản mới nhất.", code="taken")

    def _must_be_confirmed_by(self, user: User, through_report: bool) -> None:
        if self.task.is_report and not through_report:
            raise ValidationError(FOR_THE_REPORT)
        if self.task.plan.status != Plan.Status.ACTIVE:
            raise ValidationError(CLOSED)
        if not self.may_be_confirmed_by(user):
            raise ValidationError("Anh/chị không được xác nhận đầu việc này; người báo hoàn thành không tự xác nhận.")

    def _note(self, kind: ItemStep, *, by: User | None, on: date, words: str = "") -> None:
        self.events.create(kind=kind, by=by, on=on, words=words.strip())
