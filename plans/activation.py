"""A saved plan becomes work: printed words → agencies as of the signing day → occurrences → work items."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from agencies.models import AgencyGroup, User
from plans.models import Assignment, DueDateVersion, Occurrence, Plan, PrintedAssignment, Task, WorkItem
from plans.models.occurrence import OccurrenceKind
from plans.models.plan import OWING_ROLES, Role

EARLY = 15
"""Days after signing within which a first check-point is too early to be useful; the coordinator may skip it."""
_STRENGTH: dict[str, int] = {role: rank for rank, role in enumerate((*OWING_ROLES, Role.COORDINATE, Role.MONITOR))}


@dataclass
class Members:
    """Members of groups on one day, asked once for each group and set of exclusions."""

    on: date
    known: dict[tuple[int, frozenset[int]], list[int]] = field(default_factory=dict)

    def of(self, group: AgencyGroup, without: Iterable[int]) -> list[int]:
        """Return ids of the group's agencies on the day, less ``without``."""
        key = (group.pk, frozenset(without))
        if key not in self.known:
            self.known[key] = list(group.members(self.on, without=key[1]).values_list("pk", flat=True))
        return self.known[key]


def expand(printed: Iterable[PrintedAssignment], members: Members) -> dict[tuple[int, str], PrintedAssignment]:
    """Return agency × role of one task, each with the printed words it comes from.

    A named agency that is also in a group of the same task owes once, as named; watching (theo dõi) is beside that
    and does not release from the group's work. Named twice, or in two groups, the stronger role holds: lead,
    implement, advise, coordinate.
    """
    found: dict[tuple[int, str], PrintedAssignment] = {}
    named: dict[int, PrintedAssignment] = {}
    grouped: dict[int, PrintedAssignment] = {}
    for line in printed:
        for agency_id in _agencies_of(line, members):
            place = named if line.group is None else grouped
            if line.role == Role.MONITOR:
                found.setdefault((agency_id, line.role), line)
            elif agency_id not in place or _STRENGTH[line.role] < _STRENGTH[place[agency_id].role]:
                place[agency_id] = line
    for agency_id, line in (grouped | named).items():
        found[agency_id, line.role] = line
    return found


def _agencies_of(line: PrintedAssignment, members: Members) -> list[int]:
    if line.group is None:
        return [line.agency_id] if line.agency_id else []
    return members.of(line.group, (excluded.pk for excluded in line.excluded.all()))


def empty_groups(plan: Plan, members: Members) -> list[str]:
    """Return a sentence for each group that owes work and has no member on the plan's day."""
    lines = (
        PrintedAssignment.objects.filter(task__plan=plan, group__isnull=False, role__in=OWING_ROLES)
        .select_related("group", "task")
        .prefetch_related("excluded")
    )
    return [
        f"Nhiệm vụ {line.task.position}: nhóm “{line.group}” không có cơ quan nào vào ngày {members.on:%d/%m/%Y}. "
        "Hãy chọn thành viên của nhóm hoặc thay bằng tên cơ quan cụ thể."
        for line in lines
        if not _agencies_of(line, members)
    ]


@transaction.atomic
def activate(plan: Plan, *, by: User, on: date, skip_early: bool = False) -> int:
    """Make the work of a saved plan and start watching it. Returns the number of work items.

    Groups are expanded as of the signing day. ``skip_early`` leaves out check-points due within 15 days of signing.
    """
    if not Plan.objects.filter(pk=plan.pk, status=Plan.Status.DRAFT).update(
        status=Plan.Status.ACTIVE, activated_on=on, created_by=by
    ):
        raise ValidationError("Kế hoạch này đã được đưa vào theo dõi.")
    plan.refresh_from_db(fields=["status", "activated_on"])
    members = Members(plan.signed_on)
    problems = empty_groups(plan, members)
    if problems:
        raise ValidationError(problems)
    owing = _make_assignments(plan, members)
    occurrences = _make_occurrences(plan, skip_early)
    made = make_items(occurrences, owing, on)
    with (
        connection.cursor() as cursor
    ):  # thousands of new rows: without fresh statistics the next queries are planned blindly
        cursor.execute("ANALYZE plans_task, plans_occurrence, plans_assignment, plans_workitem")
    return made


def _make_assignments(plan: Plan, members: Members) -> dict[int, list[tuple[int, str]]]:
    """Write the assignments; return for each task who owes it under which role."""
    printed: dict[int, list[PrintedAssignment]] = defaultdict(list)
    lines = PrintedAssignment.objects.filter(task__plan=plan).select_related("group").prefetch_related("excluded")
    for line in lines.order_by("task", "position"):
        printed[line.task_id].append(line)
    rows, owing = [], defaultdict(list)
    for task_id, task_lines in printed.items():
        for (agency_id, role), line in expand(task_lines, members).items():
            rows.append(Assignment(task_id=task_id, agency_id=agency_id, role=role, printed=line))
            if role in OWING_ROLES:
                owing[task_id].append((agency_id, role))
    Assignment.objects.bulk_create(rows, batch_size=2000)
    return owing


def occurrences_of(task: Task, *, skip_early: bool = False) -> list[Occurrence]:
    """Return the moments at which the task is owed (not saved); one without a date where the plan gives none."""
    deadline = task.deadline
    days = list(deadline.due_dates)
    if skip_early and deadline.completes == "final" and len(days) > 1:
        limit = task.plan.signed_on + timedelta(days=EARLY)
        days = [day for day in days[:-1] if day > limit] + days[-1:]
    periods = dict(zip(deadline.due_dates, deadline.periods, strict=False))
    if not days:
        return [Occurrence(task=task, ordinal=1, kind=OccurrenceKind.DELIVERY)]
    return [
        Occurrence(
            task=task,
            ordinal=ordinal,
            kind=OccurrenceKind.CHECK_POINT
            if deadline.completes == "final" and ordinal < len(days)
            else OccurrenceKind.DELIVERY,
            due_date=day,
            period=periods.get(day, ""),
        )
        for ordinal, day in enumerate(days, start=1)
    ]


def _make_occurrences(plan: Plan, skip_early: bool) -> list[Occurrence]:
    tasks = plan.tasks.select_related("deadline", "plan")
    return Occurrence.objects.bulk_create(
        [occurrence for task in tasks for occurrence in occurrences_of(task, skip_early=skip_early)]
    )


def make_items(occurrences: Sequence[Occurrence], owing: Mapping[int, list[tuple[int, str]]], on: date) -> int:
    """Write the items of occurrences: ``owing`` says for each task who owes it, under which role. Returns how many."""
    items = WorkItem.objects.bulk_create(
        [
            WorkItem(
                task_id=occurrence.task_id,
                occurrence=occurrence,
                agency_id=agency_id,
                kind=occurrence.kind,
                role=role,
                due_date=occurrence.due_date,
                original_due_date=occurrence.due_date,
            )
            for occurrence in occurrences
            for agency_id, role in owing.get(occurrence.task_id, [])
        ],
        batch_size=2000,
    )
    DueDateVersion.objects.bulk_create(
        [DueDateVersion(item=item, version=1, due_date=item.due_date, on=on) for item in items if item.due_date],
        batch_size=2000,
    )
    return len(items)
