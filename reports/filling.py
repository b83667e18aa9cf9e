"""The lines of agencies' reports, prefilled from all their assignments as of the cut-off.

"As of a day" means: facts dated after that day are not counted; a decision taken later on something handed in before it
is, because it is what we know today of that day's work (a delivery handed in on 8/6 and confirmed on 12/6 was done on
8/6). The number of queries does not grow with reports or lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from plans.models import Assignment, DueDateVersion, Evidence, Role, Section, Task, Update, WorkItem
from plans.models.occurrence import NEARLY_DUE, State, Timeliness, WorkItemQuerySet
from plans.models.plan import OWING_ROLES
from plans.targets.figures import TargetLine, target_lines
from reports.models import EDITABLE, Period, Report, ReportLine
from reports.obstacles import as_words, obstacles_of

STRENGTH = {role: rank for rank, role in enumerate((*OWING_ROLES, Role.MONITOR, Role.COORDINATE))}
"""An agency named twice for a task gets one line, under its strongest role."""
FIGURES = (
    "position", "headings", "section", "number", "text", "role", "due_date", "time_text", "state", "timeliness",
    "percent", "deliveries", "done", "done_on_time", "handed_in", "overdue", "overdue_dates", "check_points",
    "check_points_answered", "results", "targets", "evidence", "prefilled",
)  # fmt: skip
"""Columns of a line that filling writes."""
EVIDENCE_KEPT = 20
"""Evidence files that a line names, the newest ones; the others stand with the work item."""


def fill(report: Report, on: date) -> int:
    """Refresh one report's lines as of the cut-off, or of ``on`` while the cut-off lies ahead; see `fill_reports`."""
    written = fill_reports(report.period, on, only=[report.pk])
    report.refresh_from_db(fields=["filled_on", "words", "prefilled", "obstacle_rows"])
    return written


def fill_reports(period: Period, on: date, *, only: Iterable[int] | None = None) -> int:
    """Refresh the lines of the period's reports that may still change; return how many lines were written.

    The officer's own words stay: only a line that still holds the words put there by the product gets newer ones.
    Reports that were approved, submitted, accepted or excluded, and closed periods, are left as they are.
    """
    as_of = min(on, period.cut_off)
    editable = Report.objects.filter(period=period, period__status=Period.Status.OPEN, state__in=EDITABLE)
    editable = editable.expected()
    if only is not None:
        editable = editable.filter(pk__in=list(only))
    with transaction.atomic():
        reports = {report.agency_id: report for report in editable.select_for_update(of=("self",)).order_by("pk")}
        if not reports:
            return 0
        wanted = _lines(period, reports, as_of)
        written = _save(wanted, list(reports.values()))
        _tell_obstacles(period, list(reports.values()), as_of)
    return written


def _tell_obstacles(period: Period, reports: list[Report], as_of: date) -> None:
    """Copy the obstacle desk into the reports, and into the sections that still hold the product's own words."""
    found = obstacles_of(period, [report.agency_id for report in reports], as_of)
    for report in reports:
        report.obstacle_rows = found.get(report.agency_id, [])
        report.filled_on = as_of
        for section in period.sections:
            if section.source:
                said, before = report.words.get(section.key, ""), report.prefilled.get(section.key, "")
                now = as_words(report.obstacle_rows, section.source)
                if said == before:
                    report.words = report.words | {section.key: now}
                report.prefilled = report.prefilled | {section.key: now}
    Report.objects.bulk_update(reports, ["obstacle_rows", "words", "prefilled", "filled_on"], batch_size=500)


def _save(wanted: list[ReportLine], reports: list[Report]) -> int:
    """Write lines that are new or differ, take away those whose assignment is gone and that hold no own words."""
    known = {(line.report_id, line.task_id): line for line in ReportLine.objects.filter(report__in=reports)}
    changed = []
    for line in wanted:
        old = known.pop((line.report_id, line.task_id), None)
        if old is not None and old.results != old.prefilled:
            line.results = old.results
        if old is None or any(getattr(old, name) != getattr(line, name) for name in FIGURES):
            changed.append(line)
    gone = [line.pk for line in known.values() if line.results == line.prefilled]
    if gone:
        ReportLine.objects.filter(pk__in=gone).delete()
    ReportLine.objects.bulk_create(
        changed, batch_size=1000, update_conflicts=True, unique_fields=["report", "task"], update_fields=FIGURES
    )
    return len(changed)


# From the facts to lines


@dataclass
class _Facts:
    """What is known of one agency at one task, as of the day."""

    role: str
    items: list[WorkItem] = field(default_factory=list)
    targets: list[TargetLine] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    is_released: bool = False
    updates: dict[int, Update] = field(default_factory=dict)

    @property
    def latest(self) -> Update | None:
        return max(self.updates.values(), key=lambda update: update.pk, default=None)


def _lines(period: Period, reports: dict[int, Report], as_of: date) -> list[ReportLine]:
    facts = _facts(period, list(reports), as_of)
    tasks = Task.objects.filter(plan=period.plan_id).select_related("deadline", "section").in_bulk()
    headings = _headings(period.plan_id)
    moved = _moved_due_dates([item for known in facts.values() for item in known.items], as_of)
    lines = []
    for (agency, task_id), known in facts.items():
        if known.is_released and not known.items:
            continue
        task = tasks[task_id]
        path = headings.get(task.section_id or 0, [])
        line = ReportLine(
            report=reports[agency],
            task=task,
            position=task.position,
            headings=path,
            section=path[-1] if path else "",
            number=task.number,
            text=task.text,
            role=known.role,
            time_text=task.time_text,
        )
        for name, value in _figures(task, known, moved, as_of).items():
            setattr(line, name, value)
        line.results = line.prefilled = known.latest.words if known.latest else ""
        line.targets, line.evidence = known.targets, known.evidence[:EVIDENCE_KEPT]
        lines.append(line)
    return lines


def _facts(period: Period, agencies: list[int], as_of: date) -> dict[tuple[int, int], _Facts]:
    """Collect assignments, items, the last update of each item up to the day, target figures and evidence.

    The number of queries is the same for any number of agencies.

    Waived and declined items are not counted; nor is the very report that is being written. A part of the share of the
    agency above shows in the unit's own report only, on a line of its own under "phối hợp": no total counts it.
    """
    facts: dict[tuple[int, int], _Facts] = {}
    assignments = Assignment.objects.filter(
        task__in=Task.objects.standing(), task__plan=period.plan_id, agency__in=agencies
    ).order_by("task__position")
    for agency, task, role in assignments.values_list("agency_id", "task_id", "role"):
        known = facts.setdefault((agency, task), _Facts(role))
        known.role = min(known.role, role, key=lambda value: STRENGTH[Role(value)])
    items = WorkItem.objects.filter(task__plan=period.plan_id, agency__in=agencies)
    by_item = {}
    for item in items.order_by("due_date", "pk"):
        known = facts.setdefault((item.agency_id, item.task_id), _Facts(Role.COORDINATE if item.is_part else item.role))
        if item.is_part and known.role in OWING_ROLES:
            continue
        if item.state in (State.WAIVED, State.DECLINED) or item.occurrence_id == period.occurrence_id:
            known.is_released = True
            continue
        known.items.append(item)
        by_item[item.pk] = known
    updates = Update.objects.filter(item__in=items.order_by(), on__lte=as_of)
    last = updates.order_by().values("item").annotate(last=Max("pk")).values("last")
    for update in Update.objects.filter(pk__in=last):
        if update.item_id in by_item:
            by_item[update.item_id].updates[update.item_id] = update
    _add_targets(facts, items, as_of)
    _add_evidence(by_item, as_of)
    return facts


def _add_targets(facts: dict[tuple[int, int], _Facts], items: WorkItemQuerySet, as_of: date) -> None:
    """Put beside each task that is owed its targets with the values last reported up to the day."""
    owed = items.given().exclude(state__in=[State.WAIVED, State.DECLINED])
    for key, targets in target_lines(owed, as_of).items():
        if key in facts:
            facts[key].targets = targets


def _add_evidence(by_item: dict[int, _Facts], as_of: date) -> None:
    """Put beside each task the files that came with updates up to the day and were not corrected, the newest first."""
    files = Evidence.objects.filter(update__item__in=list(by_item), update__on__lte=as_of)
    files = files.filter(update__corrections__isnull=True).order_by("-update__on", "-pk")
    for pk, name, dated_on, on, item in files.values_list("pk", "name", "dated_on", "update__on", "update__item_id"):
        row = {"id": pk, "name": name, "dated_on": dated_on.isoformat() if dated_on else None, "on": on.isoformat()}
        by_item[item].evidence.append(row)


def _headings(plan_id: int) -> dict[int, list[str]]:
    """Return for each section the titles from the top down to it."""
    paths: dict[int, list[str]] = {}
    for section in Section.objects.filter(plan=plan_id).order_by("position"):
        paths[section.pk] = [*paths.get(section.parent_id or 0, []), section.title]
    return paths


def _moved_due_dates(items: list[WorkItem], as_of: date) -> dict[int, date]:
    """Return the due date that held on the day, for items whose due date has been moved."""
    moved = {item.pk: item.original_due_date for item in items if item.due_version > 1 and item.original_due_date}
    versions = DueDateVersion.objects.filter(item__in=list(moved)).filter(Q(on__lte=as_of) | Q(version=1))
    for item, due in versions.order_by("version").values_list("item_id", "due_date") if moved else []:
        moved[item] = due
    return moved


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One delivery as it stood on the day."""

    due: date | None
    state: State
    on_time: bool
    overdue: bool
    percent: int


def _figures(task: Task, known: _Facts, moved: dict[int, date], as_of: date) -> dict[str, Any]:
    deliveries = [_delivery(task, known, item, moved, as_of) for item in known.items if not item.is_check_point]
    passed = [item for item in known.items if item.is_check_point and item.due_date and item.due_date < as_of]
    answered = [item for item in passed if item.completed_on and item.completed_on <= as_of]
    done = [one for one in deliveries if one.state == State.COMPLETED]
    overdue = [one for one in deliveries if one.overdue]
    present = next((one for one in deliveries if one.state != State.COMPLETED), deliveries[-1] if deliveries else None)
    return {
        "due_date": present.due if present else max(task.deadline.due_dates, default=None),
        "state": _state(deliveries, present, has_updates=bool(known.updates)),
        "timeliness": _timeliness(task, deliveries, present, as_of, missed=len(passed) > len(answered)),
        "percent": round(sum(one.percent for one in deliveries) / len(deliveries)) if deliveries else 0,
        "deliveries": len(deliveries),
        "done": len(done),
        "done_on_time": sum(one.on_time for one in done),
        "handed_in": sum(one.state == State.HANDED_IN for one in deliveries),
        "overdue": len(overdue),
        "overdue_dates": [one.due for one in overdue],
        "check_points": len(passed),
        "check_points_answered": len(answered),
    }


def _delivery(task: Task, known: _Facts, item: WorkItem, moved: dict[int, date], as_of: date) -> _Delivery:
    due = moved.get(item.pk, item.due_date) if task.deadline.is_settled else None
    one_job = task.deadline.completes == "final"
    update = known.latest if one_job else known.updates.get(item.pk)
    if item.state == State.COMPLETED and item.completed_on and item.completed_on <= as_of:
        # With no date nothing can be late.
        return _Delivery(due, State.COMPLETED, due is None or item.completed_on <= due, False, 100)
    if item.state in (State.COMPLETED, State.HANDED_IN) and item.handed_in_on and item.handed_in_on <= as_of:
        return _Delivery(due, State.HANDED_IN, False, False, 100)
    mending = item.return_until is not None and item.return_until >= as_of
    overdue = due is not None and due < as_of and not mending
    state = State.IN_PROGRESS if update else State.NOT_STARTED
    return _Delivery(due, state, False, overdue, update.percent if update else 0)


def _state(deliveries: list[_Delivery], present: _Delivery | None, *, has_updates: bool) -> State:
    if present and all(one.state == State.COMPLETED for one in deliveries):
        return State.COMPLETED
    if present and present.state == State.HANDED_IN:
        return State.HANDED_IN
    begun = has_updates or any(one.state != State.NOT_STARTED for one in deliveries)
    return State.IN_PROGRESS if begun else State.NOT_STARTED


def _timeliness(
    task: Task, deliveries: list[_Delivery], present: _Delivery | None, as_of: date, *, missed: bool
) -> Timeliness:
    if any(one.overdue for one in deliveries):
        return Timeliness.OVERDUE
    if present is None or present.due is None:
        return Timeliness.NO_DEADLINE
    if all(one.state == State.COMPLETED for one in deliveries):
        return Timeliness.ON_TIME if all(one.on_time for one in deliveries) else Timeliness.LATE
    if missed:
        return Timeliness.NOT_UPDATED
    if present.state == State.HANDED_IN:
        return Timeliness.IN_TIME
    return Timeliness.NEARLY_DUE if present.due <= as_of + timedelta(days=NEARLY_DUE) else Timeliness.IN_TIME
