"""Extensions [gia hạn]: an agency asks for a later due date, the plan's coordinator decides."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import User
from plans.models.attachment import WAITING_LONG, OneFile
from plans.models.extension_rules import (
    DECIDABLE,
    EXTENSION_TAKEN,
    FLAGGED_FROM,
    FORWARDED_NEEDS_DOCUMENT,
    MOVABLE,
    NOT_YOURS_TO_DECIDE,
    OPEN_EXTENSIONS,
    OWN_NEEDS_DOCUMENT,
    ExtensionQuerySet,
    ExtensionState,
    ExtensionStep,
    SuperiorDocument,
    must_be_later,
    why_not_extendable,
)
from plans.models.plan import Plan
from plans.models.work import CLOSED, NewEvidence, WorkItem


class Extension(OneFile):
    """A request for a later due date of one work item [đề nghị gia hạn]; one open request per item.

    ``since`` is the day on which the present state began: the clock of whoever has to act. ``asked_on`` to
    ``decided_on`` is the whole time. ``ordinal`` counts the item's extensions: the number this one has or would have.
    State is written only by the verbs below, each one conditional UPDATE and its event in one transaction.
    """

    State = ExtensionState

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="extensions", verbose_name="đầu việc")
    ordinal = models.PositiveSmallIntegerField("lần gia hạn", default=1)
    state = models.CharField("trạng thái", max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    due_date = models.DateField("hạn khi đề nghị")
    asked_until = models.DateField("đề nghị gia hạn đến")
    offered_until = models.DateField("ngày được đề xuất", null=True, blank=True)
    granted_until = models.DateField("được gia hạn đến", null=True, blank=True)
    reason = models.TextField("lý do")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người đề nghị")
    asked_on = models.DateField("ngày đề nghị")
    on_behalf = models.BooleanField("đề nghị thay", default=False)
    since = models.DateField("chờ từ ngày")
    handled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xử lý"
    )
    decided_on = models.DateField("ngày kết thúc", null=True, blank=True)
    answer = models.TextField("ý kiến", blank=True)
    document_number = models.CharField("số, ký hiệu văn bản", max_length=100, blank=True)
    document_date = models.DateField("ngày văn bản", null=True, blank=True)
    document_issuer = models.CharField("cơ quan ban hành", max_length=255, blank=True)
    search_key = models.TextField(editable=False, default="")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        verbose_name = "đề nghị gia hạn"
        verbose_name_plural = "đề nghị gia hạn"
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=["asked", "forwarded", "offered"]),
                name="one_open_extension_for_an_item",
                violation_error_message="Đầu việc này đang có một đề nghị gia hạn chưa xong.",
            ),
            models.CheckConstraint(
                condition=Q(asked_until__gt=F("due_date")),
                name="extension_asks_for_a_later_day",
                violation_error_message="Ngày đề nghị phải sau hạn hiện tại.",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(granted_until__isnull=False),
                name="approved_extension_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_until__isnull=False), name="offered_extension_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "forwarded", "offered"], decided_on__isnull=True)
                | (~Q(state__in=["asked", "forwarded", "offered"]) & Q(decided_on__isnull=False)),
                name="finished_extension_has_its_last_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "since"], name="extension_by_state")]

    def __str__(self) -> str:
        return f"{self.item.agency}: gia hạn đến {self.asked_until:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a fresh search key."""
        self.search_key = unaccent(self.reason)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the request's page."""
        return reverse("extension-detail", args=[self.pk])

    # What is computed

    @property
    def is_open(self) -> bool:
        """Say whether the request stands undecided."""
        return self.state in OPEN_EXTENSIONS

    @property
    def is_moot(self) -> bool:
        """Say whether the item ended (completed, waived …) before anybody decided."""
        return self.is_open and self.item.state not in MOVABLE

    @property
    def is_flagged(self) -> bool:
        """Say whether it is the item's third extension or a later one."""
        return self.ordinal >= FLAGGED_FROM

    @property
    def is_the_coordinators_own(self) -> bool:
        """Say whether the plan's coordinating agency asks for itself: then only a superior's document decides."""
        return self.item.agency_id == self.item.task.plan.coordinating_agency_id

    @property
    def needs_document(self) -> bool:
        """Say whether a decision must name the superior's document."""
        return self.state == ExtensionState.FORWARDED or self.is_the_coordinators_own

    @property
    def until(self) -> date:
        """Return the day that is spoken of now: granted, else offered, else asked for."""
        return self.granted_until or self.offered_until or self.asked_until

    @property
    def document(self) -> SuperiorDocument | None:
        """Return the superior's document, if one is recorded."""
        if self.document_date is None:
            return None
        return SuperiorDocument(self.document_number, self.document_date, self.document_issuer)

    def days_open(self, day: date) -> int:
        """Return the calendar days from asking to the end, or to ``day`` while it is open."""
        return max(0, ((self.decided_on or day) - self.asked_on).days)

    def days_waiting(self, day: date) -> int:
        """Return the calendar days that whoever has to act has had so far; 0 when nothing waits."""
        return max(0, (day - self.since).days) if self.is_open else 0

    def waits_long(self, day: date) -> bool:
        """Say whether the present step has waited 48 hours (two calendar days) or more."""
        return self.is_open and not self.is_moot and self.days_waiting(day) >= WAITING_LONG

    # Who may

    def may_be_decided_by(self, user: User) -> bool:
        """Say whether the page offers the decision to this person."""
        return self.state in DECIDABLE and not self.is_moot and self._is_active and self._is_decider(user)

    def may_be_offered_by(self, user: User) -> bool:
        """Say whether this person may offer another date: within the coordinator's own power only."""
        return self.state == ExtensionState.ASKED and not self.needs_document and self.may_be_decided_by(user)

    def may_be_answered_by(self, user: User) -> bool:
        """Say whether this person may accept or decline the date that was offered."""
        offered = self.state == ExtensionState.OFFERED and not self.is_moot and self._is_active
        return offered and self._is_asker(user) and self.handled_by_id != user.pk

    def may_be_withdrawn_by(self, user: User) -> bool:
        """Say whether this person may take the request back: the asking agency's people."""
        return self.is_open and self._is_active and self._is_asker(user)

    # Verbs

    @classmethod
    @transaction.atomic
    def ask(
        cls, item: WorkItem, *, by: User, on: date, until: date, reason: str, file: NewEvidence | None = None
    ) -> "Extension":
        """Ask for a later due date of the item, before or after the present one; by the doer's people, with a reason.

        Raises ValidationError when the item cannot be extended (`why_not_extendable`), when the day is not later than
        the present due date or already past, or when a request is open.
        """
        held = WorkItem.objects.select_for_update(of=("self",)).for_lists().get(pk=item.pk)
        if held.agency_id not in access_of(by).reach:
            raise ValidationError("Anh/chị không được đề nghị gia hạn đầu việc của cơ quan này.")
        if words := why_not_extendable(held):
            raise ValidationError(words)
        if held.extensions.open().exists():
            raise ValidationError("Đầu việc này đang có một đề nghị gia hạn chưa xong.", code="taken")
        assert held.due_date is not None
        must_be_later(until, held.due_date, on, "until")
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do đề nghị gia hạn."})
        extension = cls(
            item=held, due_date=held.due_date, asked_until=until, reason=reason.strip(), asked_by=by, asked_on=on,
            since=on, on_behalf=held.agency_id not in access_of(by).own, ordinal=granted_to(held) + 1,
        )  # fmt: skip
        extension.take_file(file)
        extension.save()
        extension._note(ExtensionStep.ASKED, by=by, on=on, words=extension.reason)
        return extension

    @transaction.atomic
    def approve(
        self,
        *,
        by: User,
        on: date,
        words: str = "",
        until: date | None = None,
        document: SuperiorDocument | None = None,
    ) -> None:
        """Grant the day asked for; the item gets a new version of its due date in the same transaction.

        Another day than the one asked for is granted here only by the superior's ``document``; else it is offered.
        """
        self._must_be_decided_by(by)
        self._must_be_documented(document, on)
        until = until or self.asked_until
        if until != self.asked_until and document is None:
            raise ValidationError({"until": "Ngày khác với ngày đề nghị: hãy dùng “Đề xuất ngày khác”."})
        self._grant((self.state,), ExtensionStep.APPROVED, until, by=by, on=on, words=words, document=document)

    @transaction.atomic
    def refuse(self, *, by: User, on: date, reason: str, document: SuperiorDocument | None = None) -> None:
        """Refuse, with a reason; the due date stays."""
        self._must_be_decided_by(by)
        self._must_be_documented(document, on)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do không đồng ý."})
        self._end((self.state,), ExtensionStep.REFUSED, by=by, on=on, words=reason, **_columns(document))

    @transaction.atomic
    def forward(self, *, by: User, on: date, words: str) -> None:
        """Put it before the superior [đã trình]: it exceeds the coordinator's power until the document is recorded."""
        self._must_be_decided_by(by)
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi trình cơ quan nào, theo văn bản nào."})
        changes = {"state": ExtensionState.FORWARDED, "since": on, "handled_by": by, "answer": words.strip()}
        self._change((ExtensionState.ASKED,), changes)
        self._note(ExtensionStep.FORWARDED, by=by, on=on, words=words)

    @transaction.atomic
    def offer(self, *, by: User, on: date, until: date, words: str) -> None:
        """Offer another day, with a reason; the asker accepts or declines it."""
        self._must_be_decided_by(by)
        if self.is_the_coordinators_own:
            raise ValidationError(OWN_NEEDS_DOCUMENT)
        must_be_later(until, self.due_date, on, "until")
        if until == self.asked_until:
            raise ValidationError({"until": "Đây là ngày cơ quan đã đề nghị: hãy dùng “Đồng ý gia hạn”."})
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi lý do đề xuất ngày khác."})
        changes = {"state": ExtensionState.OFFERED, "offered_until": until, "since": on, "handled_by": by}
        self._change((ExtensionState.ASKED,), changes | {"answer": words.strip()})
        self._note(ExtensionStep.OFFERED, by=by, on=on, words=f"Đề xuất gia hạn đến {until:%d/%m/%Y}. {words}")

    @transaction.atomic
    def accept_offer(self, *, by: User, on: date) -> None:
        """Take the day that was offered: the due date moves."""
        self._must_be_answered_by(by)
        until = self.offered_until or self.asked_until
        self._grant((ExtensionState.OFFERED,), ExtensionStep.ACCEPTED, until, by=by, on=on)

    @transaction.atomic
    def decline_offer(self, *, by: User, on: date, reason: str) -> None:
        """Decline the day that was offered: the due date stays, a new request may be made."""
        self._must_be_answered_by(by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do không nhận ngày được đề xuất."})
        self._end((ExtensionState.OFFERED,), ExtensionStep.DECLINED, by=by, on=on, words=reason)

    @transaction.atomic
    def withdraw(self, *, by: User, on: date, words: str = "") -> None:
        """Take the request back while it is open."""
        if not self._is_asker(by):
            raise ValidationError("Chỉ cơ quan đề nghị được rút đề nghị.")
        self._end(OPEN_EXTENSIONS, ExtensionStep.WITHDRAWN, by=by, on=on, words=words)

    # Inside the verbs

    @property
    def _is_active(self) -> bool:
        return self.item.task.plan.status == Plan.Status.ACTIVE

    def _is_asker(self, user: User) -> bool:
        return self.item.agency_id in access_of(user).reach

    def _is_decider(self, user: User) -> bool:
        """Coordinator of the plan; not who asked, nor who works in the asking agency (but see the coordinator's own)."""
        own = self.item.agency_id in access_of(user).own and not self.is_the_coordinators_own
        return self.item.task.plan.is_coordinated_by(user) and self.asked_by_id != user.pk and not own

    def _must_be_decided_by(self, user: User) -> None:
        if not self._is_active:
            raise ValidationError(CLOSED)
        if not self._is_decider(user):
            raise ValidationError(NOT_YOURS_TO_DECIDE)
        if self.state not in DECIDABLE:
            raise ValidationError(EXTENSION_TAKEN, code="taken")

    def _must_be_answered_by(self, user: User) -> None:
        if not self._is_active:
            raise ValidationError(CLOSED)
        if not self._is_asker(user) or self.handled_by_id == user.pk:
            raise ValidationError("Chỉ cơ quan đề nghị trả lời ngày được đề xuất; người đề xuất không tự nhận thay.")

    def _must_be_documented(self, document: SuperiorDocument | None, on: date) -> None:
        if document is None:
            if self.needs_document:
                forwarded = self.state == ExtensionState.FORWARDED
                raise ValidationError({"document": FORWARDED_NEEDS_DOCUMENT if forwarded else OWN_NEEDS_DOCUMENT})
            return
        if not document.number.strip() or not document.issuer.strip():
            raise ValidationError({"document": "Hãy ghi đủ số, ngày và cơ quan ban hành văn bản."})
        if document.dated_on > on:
            raise ValidationError({"document": "Ngày văn bản không thể sau ngày ghi quyết định."})

    def _grant(
        self, states: tuple[str, ...], step: ExtensionStep, until: date, *, by: User, on: date, words: str = "",
        document: SuperiorDocument | None = None,
    ) -> None:  # fmt: skip
        """Approve and move the due date. The item is held first, as `ask` does, so that nobody waits in a circle."""
        held = WorkItem.objects.select_for_update(of=("self",)).for_lists().get(pk=self.item_id)
        changes: dict[str, Any] = {"state": ExtensionState.APPROVED, "granted_until": until, "decided_on": on}
        if step == ExtensionStep.APPROVED:
            changes |= {"handled_by": by, "answer": words.strip(), **_columns(document)}
        self._change(states, changes)
        if held.state not in MOVABLE:
            raise ValidationError("Đầu việc đã hoàn thành hoặc không còn phải thực hiện nên không gia hạn nữa.")
        said = f"Gia hạn đến {until:%d/%m/%Y}." + (f" {document}." if document else "")
        self._note(step, by=by, on=on, words=f"{said} {words}".strip())
        reason = f"Gia hạn lần {self.ordinal}: {self.reason}"
        held.move_due_date(until, by=by, on=on, reason=reason + (f" ({document})" if document else ""))
        self.item = held

    def _end(
        self, states: tuple[str, ...], step: ExtensionStep, *, by: User, on: date, words: str, **more: Any
    ) -> None:
        changes = {"state": ExtensionState(step.value), "decided_on": on, **more}
        if step == ExtensionStep.REFUSED:
            changes |= {"handled_by": by, "answer": words.strip()}
        self._change(states, changes)
        self._note(step, by=by, on=on, words=words)

    def _change(self, states: tuple[str, ...], changes: dict[str, Any]) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster."""
        active = WorkItem.objects.filter(pk=OuterRef("item"), task__plan__status=Plan.Status.ACTIVE)
        rows = Extension.objects.filter(Exists(active), pk=self.pk, state__in=[str(state) for state in states])
        if not rows.update(**changes):
            raise ValidationError(EXTENSION_TAKEN, code="taken")
        self.refresh_from_db(fields=list(changes))

    def _note(self, kind: ExtensionStep, *, by: User, on: date, words: str = "") -> None:
        self.events.create(kind=kind, by=by, on=on, words=words.strip())


class ExtensionEvent(models.Model):
    """A step of a request with who, when and why; append-only."""

    Kind = ExtensionStep

    extension = models.ForeignKey(Extension, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=ExtensionStep.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)

    class Meta:
        ordering = ["extension_id", "pk"]
        verbose_name = "sự kiện của đề nghị gia hạn"
        verbose_name_plural = "sự kiện của đề nghị gia hạn"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


def granted_to(item: WorkItem) -> int:
    """Return how many extensions the item has had."""
    return Extension.objects.filter(item=item, state=ExtensionState.APPROVED).count()


def _columns(document: SuperiorDocument | None) -> dict[str, Any]:
    if document is None:
        return {}
    return {
        "document_number": document.number.strip(),
        "document_date": document.dated_on,
        "document_issuer": document.issuer.strip(),
    }
