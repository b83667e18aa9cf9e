"""Obstacles [vướng mắc]: what stands in an agency's way, put to the agency that can remove it, and its answer."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import Agency, User
from plans.models.attachment import WAITING_LONG, OneFile
from plans.models.obstacle_rules import (
    NOT_YOURS_TO_ANSWER,
    NOT_YOURS_TO_SETTLE,
    OBSTACLE_TAKEN,
    OWN_NEEDS_PAPER,
    ObstacleState,
    ObstacleStep,
    must_be_another,
    must_be_theirs,
)
from plans.models.plan import Assignment, Plan, Role, Task
from plans.models.work import CLOSED, NewEvidence, WorkItem


class ObstacleQuerySet(models.QuerySet["Obstacle"]):
    """Obstacles as questions ask for them."""

    def visible_to(self, user: User) -> "ObstacleQuerySet":
        """Return obstacles whose words the user sees.

        The agency itself, its parent, the task's lead and monitoring agencies, the plan's coordinators, viewers, and
        every agency to which it was put (also one that has passed it on since: it may follow what became of it).
        """
        access = access_of(user)
        obstacles = self.filter(task__plan__in=Plan.objects.visible_to(user))
        if access.is_viewer:
            return obstacles
        watches = Assignment.objects.filter(
            task=OuterRef("task"), role__in=[Role.LEAD, Role.MONITOR], agency__in=access.own
        )
        asked = ObstacleEvent.objects.filter(obstacle=OuterRef("pk"), to__in=access.own)
        return obstacles.filter(
            Q(agency__in=access.reach)
            | Q(task__plan__coordinating_agency__in=access.coordinates)
            | Exists(watches)
            | Exists(asked)
        )

    def active(self) -> "ObstacleQuerySet":
        """Return obstacles of plans that are being carried out."""
        return self.filter(task__plan__status=Plan.Status.ACTIVE)

    def open(self) -> "ObstacleQuerySet":
        """Return obstacles that wait for an answer."""
        return self.filter(state=ObstacleState.OPEN)

    def unsettled(self) -> "ObstacleQuerySet":
        """Return obstacles that are not at an end: open, or answered and not yet closed by the asker."""
        return self.exclude(state=ObstacleState.SETTLED)

    def unanswered(self, day: date) -> "ObstacleQuerySet":
        """Return obstacles that the present addressee has left without an answer for 48 hours or more as of ``day``.

        Calendar time, weekends and holidays included, counted in days because the working day is all that is kept:
        put on the 10th, unanswered from the 12th. Passing it on or asking again starts the clock of who has it now.
        """
        return self.active().open().filter(since__lte=day - timedelta(days=WAITING_LONG))

    waiting_long = unanswered

    def answerable_by(self, user: User) -> "ObstacleQuerySet":
        """Return open obstacles that this person may answer: put to their agency, or of a plan they coordinate."""
        own = access_of(user).own
        may = Q(addressee__in=own) | Q(task__plan__in=Plan.objects.coordinated_by(user))
        foreign = ~Q(agency__in=own) | Q(agency=F("task__plan__coordinating_agency"))
        return self.active().open().filter(may, foreign).exclude(raised_by=user.pk)

    def put_to_agencies_of(self, user: User) -> "ObstacleQuerySet":
        """Return open obstacles whose answer is expected of the agencies in which the person works."""
        return self.answerable_by(user).filter(addressee__in=access_of(user).own)

    def settleable_by(self, user: User) -> "ObstacleQuerySet":
        """Return answered obstacles that this person closes or asks about again: those of their agencies."""
        return self.active().filter(state=ObstacleState.ANSWERED, agency__in=access_of(user).reach)

    def waiting_for(self, user: User) -> "ObstacleQuerySet":
        """Return obstacles on which this person has to act: to answer, or to close after reading the answer."""
        mine = Q(pk__in=self.put_to_agencies_of(user).values("pk")) | Q(pk__in=self.settleable_by(user).values("pk"))
        return self.filter(mine)

    def of_agencies_of(self, user: User) -> "ObstacleQuerySet":
        """Return obstacles of the agencies in which the person works, and of the units right under them."""
        return self.filter(agency__in=access_of(user).reach)

    def matching(self, words: str) -> "ObstacleQuerySet":
        """Return obstacles whose words, task or agency hold the words, diacritics aside."""
        key = unaccent(words)
        return self.filter(
            Q(search_key__contains=key) | Q(task__search_key__contains=key) | Q(agency__search_key__contains=key)
        )

    def for_lists(self) -> "ObstacleQuerySet":
        """Fetch with each obstacle what a list shows of it, in the same query."""
        return self.select_related("agency", "addressee", "task__plan", "item", "raised_by", "answered_by")


class Obstacle(OneFile):
    """What stands in an agency's way on a task [vướng mắc], its cause, and what it proposes [kiến nghị].

    ``addressee`` has to answer; ``since`` is the day on which the present state (or addressee) began: the clock of
    whoever has to act. ``raised_on`` to ``settled_on`` is the whole time. State is written only by the verbs below,
    each one conditional UPDATE (state and ``revision``) and its event in one transaction.
    """

    State = ObstacleState

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="obstacles", verbose_name="cơ quan")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="obstacles", verbose_name="nhiệm vụ")
    item = models.ForeignKey(
        WorkItem,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="obstacles",
        verbose_name="đầu việc",
    )
    words = models.TextField("vướng mắc")
    cause = models.TextField("nguyên nhân", blank=True)
    proposal = models.TextField("kiến nghị")
    addressee = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="obstacles_to_answer", verbose_name="cơ quan được kiến nghị"
    )
    state = models.CharField("trạng thái", max_length=10, choices=ObstacleState.choices, default=ObstacleState.OPEN)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người nêu")
    raised_on = models.DateField("ngày nêu")
    on_behalf = models.BooleanField("nêu thay", default=False)
    since = models.DateField("chờ từ ngày")
    answer = models.TextField("trả lời", blank=True)
    answer_document = models.CharField("văn bản trả lời", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lời"
    )
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    answered_on_behalf = models.BooleanField("trả lời thay", default=False)
    settled_on = models.DateField("ngày kết thúc", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    search_key = models.TextField(editable=False, default="")

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-pk"]
        verbose_name = "vướng mắc"
        verbose_name_plural = "vướng mắc"
        constraints = [
            models.CheckConstraint(
                condition=~Q(addressee=F("agency")),
                name="obstacle_is_put_to_another_agency",
                violation_error_message="Cơ quan được kiến nghị phải khác cơ quan nêu vướng mắc.",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_on__isnull=False), name="answered_obstacle_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_on__isnull=False)
                | (~Q(state="settled") & Q(settled_on__isnull=True)),
                name="settled_obstacle_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["addressee", "state", "since"], name="obstacle_by_addressee"),
            models.Index(fields=["agency", "state"], name="obstacle_by_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.short_words}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a fresh search key."""
        self.search_key = unaccent(f"{self.words} {self.cause} {self.proposal}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the obstacle's page."""
        return reverse("obstacle-detail", args=[self.pk])

    # What is computed

    @property
    def short_words(self) -> str:
        """Return the first line of the words, cut at a word near 120 characters."""
        line = self.words.strip().split("\n", 1)[0]
        return line if len(line) <= 120 else line[:120].rsplit(" ", 1)[0].rstrip(",;:") + "…"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.state == ObstacleState.OPEN

    def days_open(self, day: date) -> int:
        """Return the calendar days from raising to the end, or to ``day`` while it is not settled."""
        return max(0, ((self.settled_on or day) - self.raised_on).days)

    def days_waiting(self, day: date) -> int:
        """Return the calendar days that whoever has to act has had so far; 0 when it is settled."""
        return max(0, (day - self.since).days) if self.state != ObstacleState.SETTLED else 0

    def waits_long(self, day: date) -> bool:
        """Say whether the answer has been due for 48 hours (two calendar days) or more."""
        return self.is_open and self.days_waiting(day) >= WAITING_LONG

    # Who may

    def may_be_answered_by(self, user: User) -> bool:
        """Say whether the page offers to answer or pass it on to this person."""
        return self.is_open and self._is_active and self._is_answerer(user)

    def may_be_settled_by(self, user: User) -> bool:
        """Say whether this person may close it: the asking agency's people, until it is closed."""
        return self.state != ObstacleState.SETTLED and self._is_active and self._is_asker(user)

    def may_be_reopened_by(self, user: User) -> bool:
        """Say whether this person may ask again: the asking agency's people, once there is an answer or an end."""
        return self.state != ObstacleState.OPEN and self._is_active and self._is_asker(user)

    def is_answered_on_behalf_by(self, user: User) -> bool:
        """Say whether an answer of this person would stand for an agency that is not theirs."""
        return self.addressee_id not in access_of(user).own

    # Verbs

    @classmethod
    @transaction.atomic
    def put(
        cls,
        *,
        by: User,
        on: date,
        agency: Agency,
        task: Task,
        words: str,
        proposal: str,
        cause: str = "",
        item: WorkItem | None = None,
        addressee: Agency | None = None,
        file: NewEvidence | None = None,
    ) -> "Obstacle":
        """Raise an obstacle of the agency on a task (and on one item of it) and put it to the addressee.

        By the agency's people or those of its parent (marked). Without ``addressee`` it goes to the plan's coordinating
        agency; the coordinating agency itself must name one.
        """
        must_be_theirs(agency, task, item, by)
        addressee = addressee or task.plan.coordinating_agency
        must_be_another(addressee, agency, on)
        for name, text, say in (("words", words, "vướng mắc gặp phải"), ("proposal", proposal, "nội dung kiến nghị")):
            if not text.strip():
                raise ValidationError({name: f"Hãy ghi {say}."})
        obstacle = cls(
            agency=agency, task=task, item=item, words=words.strip(), cause=cause.strip(), proposal=proposal.strip(),
            addressee=addressee, raised_by=by, raised_on=on, since=on, on_behalf=agency.pk not in access_of(by).own,
        )  # fmt: skip
        obstacle.take_file(file)
        obstacle.save()
        obstacle._note(ObstacleStep.RAISED, by=by, on=on, words=obstacle.words, to=addressee)
        return obstacle

    @transaction.atomic
    def answer_it(self, *, by: User, on: date, words: str, document: str = "", revision: int | None = None) -> None:
        """Answer, by the addressee's people, or by the plan's coordinator on its behalf (marked).

        Where the plan's coordinator records the answer to an obstacle of the coordinating agency itself, it needs the
        document of whoever gave it, and never comes from the one who raised it.
        """
        self._must_be_answered_by(by)
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi nội dung trả lời."})
        on_behalf = self.is_answered_on_behalf_by(by)
        if on_behalf and self.agency_id in access_of(by).own and not document.strip():
            raise ValidationError({"document": OWN_NEEDS_PAPER})
        changes: dict[str, Any] = {
            "state": ObstacleState.ANSWERED,
            "answer": words.strip(),
            "answer_document": document.strip(),
        }
        changes |= {"answered_by": by, "answered_on": on, "answered_on_behalf": on_behalf, "since": on}
        self._change((ObstacleState.OPEN,), revision, changes)
        said = f"{words}\n\nVăn bản: {document}" if document.strip() else words
        self._note(ObstacleStep.ANSWERED, by=by, on=on, words=said, on_behalf=on_behalf)

    @transaction.atomic
    def forward(self, *, by: User, on: date, to: Agency, reason: str, revision: int | None = None) -> None:
        """Pass it on to another agency, with a reason; that agency's clock starts."""
        self._must_be_answered_by(by)
        must_be_another(to, self.agency, on)
        if to.pk == self.addressee_id:
            raise ValidationError({"to": "Vướng mắc đang ở cơ quan này; hãy chọn cơ quan khác."})
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do chuyển."})
        self._change((ObstacleState.OPEN,), revision, {"addressee": to, "since": on})
        self._note(ObstacleStep.FORWARDED, by=by, on=on, words=reason, to=to)

    @transaction.atomic
    def settle(self, *, by: User, on: date, words: str = "", revision: int | None = None) -> None:
        """Close it, by the asking agency; without an answer it needs words on how the obstacle went away."""
        self._must_be_settled_by(by)
        if self.is_open and not words.strip():
            raise ValidationError({"words": "Chưa có trả lời: hãy ghi vướng mắc đã được giải quyết thế nào."})
        changes = {"state": ObstacleState.SETTLED, "settled_on": on, "since": on}
        self._change((self.state,) if self.is_open else (ObstacleState.ANSWERED,), revision, changes)
        self._note(ObstacleStep.SETTLED, by=by, on=on, words=words)

    @transaction.atomic
    def reopen(self, *, by: User, on: date, words: str, revision: int | None = None) -> None:
        """Ask the addressee again, by the asking agency, saying what is still missing."""
        self._must_be_settled_by(by)
        if not words.strip():
            raise ValidationError({"words": "Hãy ghi nội dung còn vướng."})
        changes = {"state": ObstacleState.OPEN, "settled_on": None, "since": on}
        self._change((ObstacleState.ANSWERED, ObstacleState.SETTLED), revision, changes)
        self._note(ObstacleStep.REOPENED, by=by, on=on, words=words, to=self.addressee)

    # Inside the verbs

    @property
    def _is_active(self) -> bool:
        return self.task.plan.status == Plan.Status.ACTIVE

    def _is_asker(self, user: User) -> bool:
        return self.agency_id in access_of(user).reach

    def _is_answerer(self, user: User) -> bool:
        """Addressee's people or coordinator; not who raised it, nor the asking agency's (but see `answer_it`)."""
        own = access_of(user).own
        may = self.addressee_id in own or self.task.plan.is_coordinated_by(user)
        foreign = self.agency_id not in own or self.agency_id == self.task.plan.coordinating_agency_id
        return may and foreign and self.raised_by_id != user.pk

    def _must_be_answered_by(self, user: User) -> None:
        if not self._is_active:
            raise ValidationError(CLOSED)
        if not self._is_answerer(user):
            raise ValidationError(NOT_YOURS_TO_ANSWER)

    def _must_be_settled_by(self, user: User) -> None:
        if not self._is_active:
            raise ValidationError(CLOSED)
        if not self._is_asker(user):
            raise ValidationError(NOT_YOURS_TO_SETTLE)

    def _change(self, states: tuple[str, ...], revision: int | None, changes: dict[str, Any]) -> None:
        """Write in one conditional UPDATE; raise when somebody else was faster since the page was opened."""
        active = Task.objects.filter(pk=OuterRef("task"), plan__status=Plan.Status.ACTIVE)
        rows = Obstacle.objects.filter(Exists(active), pk=self.pk, state__in=[str(state) for state in states])
        if not rows.filter(revision=revision or self.revision).update(revision=F("revision") + 1, **changes):
            raise ValidationError(OBSTACLE_TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _note(
        self,
        kind: ObstacleStep,
        *,
        by: User,
        on: date,
        words: str = "",
        to: Agency | None = None,
        on_behalf: bool = False,
    ) -> None:
        self.events.create(kind=kind, by=by, on=on, words=words.strip(), to=to, on_behalf=on_behalf)


class ObstacleEvent(models.Model):
    """A step of an obstacle with who, when, in which words and to which agency; append-only."""

    Kind = ObstacleStep

    obstacle = models.ForeignKey(Obstacle, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("việc", max_length=10, choices=ObstacleStep.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField("nội dung", blank=True)
    to = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf = models.BooleanField("làm thay", default=False)

    class Meta:
        ordering = ["obstacle_id", "pk"]
        verbose_name = "sự kiện của vướng mắc"
        verbose_name_plural = "sự kiện của vướng mắc"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"
