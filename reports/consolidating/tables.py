"""The tables of a consolidation: totals by every grouping, tasks in the plan's order, what is overdue, what comes.

Pure: each takes the lines of reports that count, with their report and its agency at hand, and returns plain JSON
values. Every grouping is a partition of the lines, so that its parts add up to the totals; only criteria overlap, since
a task may serve several, and say so (`criteria`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from criteria.models import Criterion
from plans.models import Target
from plans.models.occurrence import State
from reports.models import Report, ReportLine
from reports.tallies import Tally, Thresholds

Row = dict[str, Any]
NAMED_WITH_WORDS = 3
"""Up to so many agencies owing a task, the body quotes each of them; a task of forty is told in figures."""


def agencies(reports: Iterable[Report], by_report: Mapping[int, list[ReportLine]], limits: Thresholds) -> list[Row]:
    """Return a row for each report that counts; ``under`` names the parent agency that collected it."""
    return [_agency(report, by_report[report.pk], limits) for report in reports]


def _agency(report: Report, lines: list[ReportLine], limits: Thresholds) -> Row:
    tally = Tally.of(lines)
    late = max(0, (report.submitted_on - report.due_date).days) if report.submitted_on else 0
    return {
        "agency": report.agency_name,
        "agency_id": report.agency_id,
        "kind": report.agency_kind,
        "under": report.addressee_name if report.collector_id else "",
        "number": report.number,
        "dated_on": report.dated_on.isoformat() if report.dated_on else None,
        "submitted_on": report.submitted_on.isoformat() if report.submitted_on else None,
        "days_late": late,
        "tally": tally.as_dict(),
        "commend": not late and tally.is_to_be_commended(limits),
        "remind": tally.is_to_be_reminded(limits),
    }


def sections(lines: Iterable[ReportLine]) -> list[Row]:
    """Total by the two upper levels of headings, in the plan's order (plan 82: I; II; III.1; III.2)."""
    owed = (line for line in lines if line.is_owed)
    groups = _grouped(owed, lambda line: line.headings[:2])
    return [{"headings": list(path), "tally": Tally.of(found).as_dict()} for path, found in groups]


def kinds(reports: Iterable[Report], by_report: Mapping[int, list[ReportLine]]) -> list[Row]:
    """Total by kind of agency, in the order in which the kinds appear; ``agencies`` counts their reports."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.agency_kind, []).append(report)
    return [
        {
            "kind": kind,
            "agencies": len(of_kind),
            "tally": Tally.of(line for report in of_kind for line in by_report[report.pk]).as_dict(),
        }
        for kind, of_kind in found.items()
    ]


def criteria(lines: Iterable[ReportLine], links: Iterable[tuple[int, Criterion]]) -> Row:
    """Total by criterion: ``rows`` in the method's order, and the tasks that serve none.

    ``links`` are (task id, criterion). A task counts at every criterion that it serves, so the rows add up to more than
    the totals; "served" counts each task once, and "served" and "unserved" together are the totals.
    """
    by_task: dict[int, list[ReportLine]] = {}
    for line in lines:
        if line.is_owed:
            by_task.setdefault(line.task_id, []).append(line)
    tasks_of: dict[Criterion, set[int]] = {}
    for task, criterion in links:
        if task in by_task:
            tasks_of.setdefault(criterion, set()).add(task)
    served = set().union(*tasks_of.values())
    ordered = sorted(tasks_of, key=lambda one: (one.framework_id, one.position))
    return {
        "rows": [
            {"code": one.code, "name": one.text} | _tasks_tally(by_task, tasks_of[one]) for one in ordered
        ],
        "served": _tasks_tally(by_task, served),
        "unserved": _tasks_tally(by_task, by_task.keys() - served),
    }  # fmt: skip


def _tasks_tally(by_task: Mapping[int, list[ReportLine]], tasks: Iterable[int]) -> Row:
    found = sorted((by_task[task][0].position, task) for task in tasks)
    return {
        "tasks": [position for position, _ in found],
        "tally": Tally.of(line for _, task in found for line in by_task[task]).as_dict(),
    }


def overdue(lines: Iterable[ReportLine], as_of: date) -> list[Row]:
    """Return every delivery that is overdue, the oldest first."""
    rows = [
        {
            "agency": line.report.agency_name,
            "position": line.position,
            "number": line.number,
            "text": line.text,
            "due_date": due.isoformat(),
            "days": (as_of - due).days,
            "results": line.results,
        }
        for line in lines
        if line.is_owed
        for due in line.overdue_dates
    ]
    return sorted(rows, key=lambda row: (-row["days"], row["agency"], row["position"]))


def tasks(lines: Iterable[ReportLine], printed: Mapping[int, str]) -> list[Row]:
    """Tell each task in the plan's order: how many agencies stand where, and the words of those who own it.

    ``printed`` maps a task's id to the words of its agency cell as printed in the plan.
    """
    owed = (line for line in lines if line.is_owed)
    return [_task(found, printed) for _, found in _grouped(owed, lambda line: [line.position])]


def _task(lines: list[ReportLine], printed: Mapping[int, str]) -> Row:
    first = lines[0]
    few = len(lines) <= NAMED_WITH_WORDS
    quoted = lines if few else [line for line in lines if line.role in ("lead", "advise")]
    return {
        "position": first.position,
        "number": first.number,
        "headings": first.headings,
        "text": first.text,
        "agencies_text": printed.get(first.task_id, ""),
        "time_text": first.time_text,
        "agencies": len(lines),
        "owners": [line.report.agency_name for line in lines][:NAMED_WITH_WORDS],
        "overdue_agencies": sum(bool(line.overdue) for line in lines),
        "states": {state.value: sum(line.state == state for line in lines) for state in State},
        "percent": round(sum(line.percent for line in lines) / len(lines)),
        "tally": Tally.of(lines).as_dict(),
        "words": [
            {"agency": line.report.agency_name, "results": line.results, "percent": line.percent}
            for line in quoted
            if line.results.strip()
        ],
    }


def targets(lines: Iterable[ReportLine]) -> list[Row]:
    """Tell each target of each task in the plan's order: of how many agencies, how many reported, how many met it.

    Lines of coordinating agencies and of parts of a share are left out, as in every total.
    """
    rows: dict[tuple[Any, ...], Row] = {}
    for line in sorted((line for line in lines if line.is_owed), key=lambda line: line.position):
        for target in line.targets:
            goal = (line.position, *(target[name] for name in GOAL))
            row = rows.get(goal) or rows.setdefault(goal, _target(line, target))
            row["agencies"] += 1
            row["reported"] += target["value"] is not None
            row["met"] += bool(target["met"])
    return list(rows.values())


GOAL = ("words", "comparison", "goal", "unit")


def _target(line: ReportLine, target: Row) -> Row:
    """Return a target that nobody has been counted at yet, with its goal as people read it ("≥ 30 %")."""
    asked = Target(unit=target["unit"], comparison=target["comparison"], goal=Decimal(target["goal"]))
    about = {"position": line.position, "number": line.number, "text": line.text, "goal_words": asked.goal_words}
    return about | {name: target[name] for name in GOAL} | {"agencies": 0, "reported": 0, "met": 0}


def coming(lines: Iterable[ReportLine], as_of: date) -> list[Row]:
    """Return what is still to come by due date: how many tasks and deliveries of agencies."""
    days: dict[date, list[ReportLine]] = {}
    for line in lines:
        if line.is_owed and line.due_date and line.due_date >= as_of and line.state != State.COMPLETED:
            days.setdefault(line.due_date, []).append(line)
    return [
        {
            "due_date": day.isoformat(),
            "tasks": len({line.task_id for line in found}),
            "items": len(found),
            "texts": list({line.task_id: line.text for line in found}.values()),
        }
        for day, found in sorted(days.items())
    ]


def _grouped(
    lines: Iterable[ReportLine], key: Callable[[ReportLine], list[Any]]
) -> Iterable[tuple[list[Any], list[ReportLine]]]:
    """Group neighbours, in the plan's order: the same heading printed at two places stays two places."""
    ordered = sorted(lines, key=lambda line: line.position)
    return [(path, list(found)) for path, found in groupby(ordered, key=key)]
