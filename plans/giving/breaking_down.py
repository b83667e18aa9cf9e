"""Breaking an item down [chia việc cho đơn vị]: the agency gives parts of its share to the units right under it.

A part is a work item of the unit at the same occurrence, with a due date of the house. It is reminded of like any item,
confirmed or returned by the agency that gave it, and counted nowhere: it stands inside that agency's share.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.access import access_of
from agencies.models import Agency, AgencyQuerySet, User
from plans.giving.making import ask_again, give, hold, new_item
from plans.models import WorkItem
from plans.models.occurrence import OPEN_STATES, State
from plans.models.plan import Plan, Role
from plans.models.work import CLOSED, TAKEN
from workdays.calendar import Calendar

AHEAD = 3
"""Working days that an inner due date lies before the agency's own, unless its people choose otherwise."""


@dataclass
class BrokenDown:
    """What breaking down made: the new parts, and the units that owe this occurrence already."""

    parts: list[WorkItem] = field(default_factory=list)
    already: list[Agency] = field(default_factory=list)


def units_of(item: WorkItem, on: date) -> AgencyQuerySet:
    """Return the units right under the item's agency on that day: internal units, or communes of a district."""
    return Agency.objects.filter(parent=item.agency_id, province=item.agency.province_id).valid_on(on)


def free_units_of(item: WorkItem, on: date) -> AgencyQuerySet:
    """Return the units of the item that do not owe its occurrence yet: those a part can be given to."""
    owing = WorkItem.objects.filter(occurrence=item.occurrence_id).exclude(state=State.WAIVED)
    return units_of(item, on).exclude(pk__in=owing.values("agency"))


def usual_due_date(item: WorkItem, on: date) -> date | None:
    """Return the inner due date that is proposed: three working days before the item's own, never before ``on``."""
    if item.due_date is None:
        return None
    calendar, day = Calendar.load(), item.due_date
    for _ in range(AHEAD):
        day = calendar.working_day_on_or_before(day - timedelta(days=1))
    return max(on, day)


@transaction.atomic
def break_down(item: WorkItem, units: Iterable[Agency], *, by: User, on: date, due: date | None = None) -> BrokenDown:
    """Give parts of the item to units right under its agency, due on ``due`` (default: `usual_due_date`).

    By the people of the agency itself. A unit that owes the occurrence already is left out and named in the answer; one
    whose part was taken back before gets it again. Raises ValidationError when the item cannot be broken down, a unit
    is not right under the agency, or the day lies before ``on`` or after the item's own due date.
    """
    chosen = list(units)
    hold(item.task_id)
    held = WorkItem.objects.select_for_update(of=("self",)).for_lists().get(pk=item.pk)
    _must_be_divisible_by(held, by)
    if not chosen:
        raise ValidationError({"units": "Hãy chọn ít nhất một đơn vị."})
    if units_of(held, on).filter(pk__in=[unit.pk for unit in chosen]).count() != len({unit.pk for unit in chosen}):
        raise ValidationError({"units": "Chỉ chia được cho đơn vị trực thuộc đang hoạt động."})
    due = due or usual_due_date(held, on)
    _must_be_in_time(held, due, on)
    return _give(held, chosen, due, by=by, on=on)


# Inside


def _must_be_divisible_by(item: WorkItem, by: User) -> None:
    if item.task.plan.status != Plan.Status.ACTIVE:
        raise ValidationError(CLOSED)
    if item.agency_id not in access_of(by).own:
        raise ValidationError("Chỉ người của cơ quan thực hiện được chia việc cho đơn vị trực thuộc.")
    if item.task.is_report:
        raise ValidationError("Nhiệm vụ này là một báo cáo: đơn vị trực thuộc báo cáo theo kỳ, không chia việc ở đây.")
    if item.is_check_point:
        raise ValidationError("Mốc cập nhật không chia được: hãy chia đầu việc ở mốc sản phẩm.")
    if not item.is_open:
        raise ValidationError(TAKEN, code="taken")


def _must_be_in_time(item: WorkItem, due: date | None, on: date) -> None:
    """Raise unless the day lies between ``on`` and the item's due date; of late work today is the only day."""
    if due is None:
        return
    if due < on:
        raise ValidationError({"due": "Hạn nội bộ không thể là ngày đã qua."})
    if item.due_date is not None and due > max(item.due_date, on):
        raise ValidationError({"due": f"Hạn nội bộ không được sau hạn của cơ quan ({item.due_date:%d/%m/%Y})."})


def _give(item: WorkItem, units: list[Agency], due: date | None, *, by: User, on: date) -> BrokenDown:
    done = BrokenDown()
    rows = WorkItem.objects.filter(occurrence=item.occurrence_id, agency__in=units)
    known = {row.agency_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    fresh, again = [], []
    for unit in units:
        old = known.get(unit.pk)
        if old is None:
            fresh.append(new_item(item, unit, due=due, role=Role.IMPLEMENT, part_of=item))
        elif old.state == State.WAIVED:  # taken back before, or the plan once asked the unit itself
            part = ask_again(old, due=due, role=Role.IMPLEMENT, part_of=item, by=by, on=on, reason="Chia việc lại.")
            again.append(part)
        else:
            done.already.append(unit)
    done.parts = give(fresh, again, by=by, on=on, words=f"{item.agency.name} chia việc.")
    return done


def open_parts(item: WorkItem) -> int:
    """Return how many parts of the item the units still have to finish or to get confirmed."""
    return item.parts.filter(state__in=[*OPEN_STATES, State.HANDED_IN]).count()
