"""A wrongly given task [trả lại nhiệm vụ]: its agency declines it, the plan's coordinator gives it to another or insists.

All open items of the task go the same way, in one transaction, each with its event. Whoever gives or takes work of a
task holds the task's row first: two people at one task take turns, and the second finds nothing left to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When

from agencies.access import access_of
from agencies.models import Agency, AgencyQuerySet, User
from plans.giving.making import ask_again, give, hold, new_item, note
from plans.models import Assignment, Task, WorkItem
from plans.models.occurrence import OPEN_STATES, State, WorkItemQuerySet
from plans.models.plan import OWING_ROLES, Plan
from plans.models.work import CLOSED, TAKEN, ItemStep

NOT_YOURS = "Chỉ cơ quan điều phối kế hoạch quyết định việc trả lại nhiệm vụ; người trả lại và cơ quan trả lại không tự quyết định."


@dataclass
class Reassigned:
    """What giving a task to another agency made: new or reinstated items, and the due dates it already owed."""

    items: list[WorkItem] = field(default_factory=list)
    already: list[WorkItem] = field(default_factory=list)
    passed: int = 0
    """Check-points that had passed and are not asked for any more."""


@transaction.atomic
def decline(item: WorkItem, *, by: User, on: date, reason: str) -> int:
    """Decline the item's task for its agency, with a reason: all open items of it. Return how many.

    By people who work in the agency itself; a parent that fills in does not give work back. Handed-in and completed
    items stay as they are. Raises ValidationError for report tasks, parts, and when nothing is open any more.
    """
    if item.task.is_report:
        raise ValidationError(
            "Nhiệm vụ này là một báo cáo: nếu cơ quan không thuộc diện báo cáo, đề nghị cơ quan điều phối đưa ra khỏi kỳ."
        )
    if item.is_part:
        raise ValidationError("Phần việc do cơ quan cấp trên trực tiếp giao: đề nghị cơ quan đó rút lại.")
    if item.agency_id not in access_of(by).own:
        raise ValidationError("Chỉ người của cơ quan được giao mới trả lại được nhiệm vụ.")
    _must_be_said(reason, "Hãy ghi lý do trả lại nhiệm vụ.")
    hold(item.task_id)
    rows = _held(item, OPEN_STATES)
    changes = {"state": State.DECLINED, "proposed_on": None, "proposed_by": None}
    return len(_changed(rows, OPEN_STATES, ItemStep.DECLINED, changes, by=by, on=on, words=reason))


@transaction.atomic
def insist(item: WorkItem, *, by: User, on: date, reason: str) -> int:
    """Leave the declined task with its agency, with a reason: every item is again what it was. Return how many."""
    _must_be_decided_by(item, by)
    _must_be_said(reason, "Hãy ghi lý do tiếp tục giao cơ quan này.")
    hold(item.task_id)
    rows = _held(item, (State.DECLINED,))
    as_it_was = Case(
        When(last_update_on__isnull=False, then=Value(State.IN_PROGRESS)), default=Value(State.NOT_STARTED)
    )
    return len(_changed(rows, (State.DECLINED,), ItemStep.REINSTATED, {"state": as_it_was}, by=by, on=on, words=reason))


@transaction.atomic
def reassign(item: WorkItem, to: Agency, *, by: User, on: date, reason: str) -> Reassigned:
    """Give the declined task to another agency of the province, with a reason.

    It gets the same role under the same printed line (unless it owes the task already) and items of its own at the same
    occurrences, with the present due dates; what it owes already stays as it is, and check-points that have passed are
    not asked for. The declined items are waived; their events name the new agency.
    """
    _must_be_decided_by(item, by)
    _must_be_said(reason, "Hãy ghi lý do giao cơ quan khác.")
    if to.pk == item.agency_id:
        raise ValidationError({"to": "Hãy chọn cơ quan khác cơ quan đã trả lại."})
    if not others(item, on).filter(pk=to.pk).exists():
        raise ValidationError({"to": "Hãy chọn một cơ quan của tỉnh đang hoạt động."})
    hold(item.task_id)
    rows = _held(item, (State.DECLINED,))
    words = f"Giao lại cho {to.name}. {reason.strip()}"
    declined = _changed(
        rows, (State.DECLINED,), ItemStep.REASSIGNED, {"state": State.WAIVED}, by=by, on=on, words=words
    )
    for one in declined:
        one.close_parts(by=by, on=on, words=f"Nhiệm vụ đã giao lại cho {to.name}.")
    _assign(item, to)
    return _give(declined, to, by=by, on=on, words=f"Nhận từ {item.agency.name}. {reason.strip()}")


def may_be_decided_by(item: WorkItem, user: User) -> bool:
    """Say whether the page offers the decision: the plan's coordinator, never who declined, nor their agency.

    The coordinating agency's own tasks are decided by another of its coordinators than the one who declined.
    """
    plan = item.task.plan
    if item.state != State.DECLINED or plan.status != Plan.Status.ACTIVE or not plan.is_coordinated_by(user):
        return False
    if item.agency_id in access_of(user).own and item.agency_id != plan.coordinating_agency_id:
        return False
    last = item.events.filter(kind=ItemStep.DECLINED).last()
    return last is None or last.by_id != user.pk


def why_not_decidable(item: WorkItem) -> str:
    """Say why the page does not offer the decision: it was taken, or it is not this person's."""
    return NOT_YOURS if item.state == State.DECLINED else TAKEN


def others(item: WorkItem, on: date) -> AgencyQuerySet:
    """Return the agencies to which the task can be given on that day."""
    return Agency.objects.filter(province=item.agency.province_id).valid_on(on).exclude(pk=item.agency_id)


def declined_with(item: WorkItem) -> WorkItemQuerySet:
    """Return the declined items of the same task and agency, the item among them: they are decided together."""
    return (
        WorkItem.objects.given().declined().filter(task=item.task_id, agency=item.agency_id).order_by("due_date", "pk")
    )


# Inside


def _must_be_said(reason: str, words: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": words})


def _must_be_decided_by(item: WorkItem, by: User) -> None:
    now = WorkItem.objects.select_related("task__plan", "agency").get(pk=item.pk)
    if now.task.plan.status != Plan.Status.ACTIVE:
        raise ValidationError(CLOSED)
    if now.state != State.DECLINED:
        raise ValidationError(TAKEN, code="taken")
    if not may_be_decided_by(now, by):
        raise ValidationError(NOT_YOURS)


def _held(item: WorkItem, states: Iterable[State]) -> list[WorkItem]:
    """Return the agency's items of the task in these states, locked in one order; raise when there are none."""
    rows = WorkItem.objects.given().filter(task=item.task_id, agency=item.agency_id, state__in=list(states))
    held = list(rows.select_for_update(of=("self",)).select_related("task__plan", "agency").order_by("pk"))
    if not held:
        raise ValidationError(TAKEN, code="taken")
    return held


def _changed(
    rows: list[WorkItem], states: Iterable[State], step: ItemStep, changes: dict, *, by: User, on: date, words: str
) -> list[WorkItem]:
    """Change all rows in one conditional UPDATE, with an event for each; raise when somebody else was faster."""
    active = Task.objects.filter(pk=OuterRef("task"), plan__status=Plan.Status.ACTIVE)
    its = WorkItem.objects.filter(Exists(active), pk__in=[row.pk for row in rows], state__in=list(states))
    if its.update(revision=F("revision") + 1, **changes) != len(rows):
        raise ValidationError(TAKEN, code="taken")
    note(rows, step, by=by, on=on, words=words)
    return rows


def _assign(item: WorkItem, to: Agency) -> None:
    """Write the new agency's assignment, as the old one's was printed, unless it owes the task already."""
    owing = Assignment.objects.filter(task=item.task_id, role__in=OWING_ROLES)
    if owing.filter(agency=to).exists():
        return
    old = owing.filter(agency=item.agency_id, role=item.role).first()
    Assignment.objects.create(
        task_id=item.task_id, agency=to, role=item.role, printed=old.printed if old is not None else None
    )


def _give(declined: list[WorkItem], to: Agency, *, by: User, on: date, words: str) -> Reassigned:
    """Make the new agency's items at the same occurrences; one that was waived before is asked for again."""
    done = Reassigned()
    known = {
        row.occurrence_id: row
        for row in WorkItem.objects.filter(agency=to, occurrence__in=[one.occurrence_id for one in declined])
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    fresh, again = [], []
    for one in declined:
        old = known.get(one.occurrence_id)
        if one.is_check_point and one.due_date is not None and one.due_date < on:
            done.passed += 1
        elif old is None:
            fresh.append(new_item(one, to, due=one.due_date, role=one.role))
        elif old.state == State.WAIVED or (old.is_part and old.is_open):  # a part becomes the agency's own work
            reason = f"Nhận từ {one.agency.name}."
            again.append(ask_again(old, due=one.due_date, role=one.role, part_of=None, by=by, on=on, reason=reason))
        else:
            done.already.append(old)
    done.items = give(fresh, again, by=by, on=on, words=words)
    return done
