"""Who must report in a period, to whom, and why: the list that a coordinator looks at before opening it.

Opening makes one report for every line of this list, so what was seen is what is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from agencies.models import Agency
from plans.models import Assignment, WorkItem
from plans.models.occurrence import State
from plans.models.plan import OWING_ROLES

if TYPE_CHECKING:
    from reports.models import Period

OF_THE_TASK = "nhiệm vụ báo cáo trong kế hoạch"
NAMED = "được nêu tên"
OF_THE_WORK = "có nhiệm vụ trong kế hoạch"
RELEASED = (State.WAIVED, State.DECLINED)
"""States of work items that nobody owes any more."""


@dataclass(slots=True)
class Reporter:
    """One agency that must report: ``sources`` says why; ``collector`` is the agency above that takes its report.

    ``item`` is its work item of the plan's report task. ``excluded`` is the reason, known beforehand, for which it does
    not report after all; ``ended_on`` the last day of an agency that no longer exists.
    """

    agency: Agency
    sources: list[str] = field(default_factory=list)
    item: int | None = None
    collector: Agency | None = None
    excluded: str = ""
    ended_on: date | None = None

    @property
    def is_asked(self) -> bool:
        """Say whether a report is expected of it."""
        return not self.excluded


def counts_of(found: Iterable[Reporter]) -> dict[str, int]:
    """Return how many report to the coordinator, how many to the agency above them, and how many are released."""
    found = list(found)
    return {
        "above": sum(one.is_asked and one.collector is None for one in found),
        "below": sum(one.is_asked and one.collector is not None for one in found),
        "released": sum(not one.is_asked for one in found),
    }


def reporters_of(period: "Period", on: date) -> list[Reporter]:
    """Return who must report if the period opens on ``on``: first those who report to the plan's coordinator.

    Who owes the plan's report task, the groups and the agencies that were asked; in a period with none of these, whoever
    owes work in the plan and does not report through a parent that owes work as well. Then, where children report to
    their parents, every agency right under one of them that owes work. A child whose parent is released from reporting
    stands with the coordinator, released for that reason, so that it can be asked after all.
    """
    found = _to_the_coordinator(period, on)
    excluded = dict(period.exclusions.values_list("agency", "reason"))
    for pk, one in found.items():
        one.excluded = excluded.get(pk, "")
    above = sorted(found.values(), key=lambda one: one.agency.sort_key)
    below = [_child(child, found[child.parent_id]) for child in _children(period, found, on) if child.parent_id]
    for one in below:
        one.excluded = excluded.get(one.agency.pk, one.excluded)
    for one in (*above, *below):
        ended = one.agency.valid_to
        one.ended_on = ended if ended is not None and ended < on else None
    return above + below


def _to_the_coordinator(period: "Period", on: date) -> dict[int, Reporter]:
    found: dict[int, Reporter] = {}

    def add(agency: Agency, source: str, item: int | None = None) -> None:
        one = found.setdefault(agency.pk, Reporter(agency))
        one.sources.append(source)
        one.item = one.item or item

    if period.occurrence_id:
        items = WorkItem.objects.filter(occurrence=period.occurrence_id).exclude(state__in=RELEASED)
        for item in items.select_related("agency").order_by("pk"):
            add(item.agency, OF_THE_TASK, item.pk)
    for group in period.groups.all():
        for agency in group.members(on):
            add(agency, f"thành viên nhóm “{group.name}”")
    for agency in period.agencies.all():
        add(agency, NAMED)
    if not found and not period.occurrence_id:
        working = Agency.objects.filter(pk__in=_assigned(period).values("agency"))
        for agency in working.exclude(parent__in=working.values("pk")):
            add(agency, OF_THE_WORK)
    return found


def _children(period: "Period", parents: dict[int, Reporter], on: date) -> list[Agency]:
    """Return agencies right under those that report, which owe work in the plan themselves."""
    if not period.collects_children or not parents:
        return []
    items = WorkItem.objects.filter(task__plan=period.plan_id).exclude(state__in=RELEASED)
    under = Agency.objects.valid_on(on).filter(parent__in=parents).exclude(pk__in=parents)
    owes = Q(pk__in=_assigned(period).values("agency")) | Q(pk__in=items.order_by().values("agency"))
    return list(under.filter(owes).order_by("parent__sort_key", "sort_key"))


def _child(child: Agency, above: Reporter) -> Reporter:
    source = f"trực thuộc {above.agency.name}"
    if above.excluded:
        reason = f"{above.agency.name} (cơ quan cấp trên trực tiếp) không phải báo cáo: {above.excluded}"
        return Reporter(child, [source], excluded=reason[:500])
    return Reporter(child, [source], collector=above.agency)


def _assigned(period: "Period") -> "QuerySet[Assignment]":
    return Assignment.objects.filter(task__plan=period.plan_id, role__in=OWING_ROLES)
