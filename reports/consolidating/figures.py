"""Everything that a consolidated report says, as plain JSON values: reports, totals, tables, agencies' words."""

from dataclasses import asdict
from datetime import date
from typing import Any

from agencies.models import Agency
from plans.models import Task, TaskCriterion
from reports.consolidating import tables
from reports.consolidating.arrivals import Gathered, obstacles, reporting, words_of
from reports.documents.authors import author_facts
from reports.documents.letterheads import issuer_of
from reports.models import Period, Report, ReportLine
from reports.tallies import Tally, Thresholds, by_age


def figures_of(
    period: Period, on: date, collector: Agency | None = None, *, gathered: Gathered | None = None
) -> dict[str, Any]:
    """Return the figures of the province's report, or of a parent agency's over its children, as of today.

    They come from the frozen lines of reports that count (``gathered``, read here unless who calls has it), never from
    work items. Names are copied, so that they may be kept for ever. Nine queries, whatever the number of agencies.
    """
    gathered = gathered or Gathered.of(period, collector)
    by_report = _lines_of(gathered)
    lines = [line for report in gathered.counted for line in by_report[report.pk]]
    as_of = min(on, period.cut_off)
    agencies = tables.agencies(gathered.counted, by_report, Thresholds.of(period))
    figures = {
        "plan": _plan_facts(period),
        "period": _period_facts(period, as_of),
        "collector": collector.name if collector else "",
        "reporting": reporting(gathered, on),
        "totals": Tally.of(lines).as_dict(),
        "tasks_total": period.plan.tasks.standing().count(),
        "sections": tables.sections(lines),
        "kinds": tables.kinds(gathered.counted, by_report),
        "criteria": tables.criteria(lines, _links_of(period)),
        "agencies": agencies,
        "overdue_by_age": by_age((due for line in lines if line.is_owed for due in line.overdue_dates), as_of),
        "overdue": tables.overdue(lines, as_of),
        "tasks": tables.tasks(lines, _printed(period)),
        "targets": tables.targets(lines),
        "coming": tables.coming(lines, as_of),
        "commend": [row["agency"] for row in agencies if row["commend"]],
        "remind": [row["agency"] for row in agencies if row["remind"]],
        "obstacles": obstacles(gathered.counted),
        "outline": [{"key": section.key, "title": section.title} for section in period.sections],
        "words": {section.key: words_of(_arrived(gathered), section.key) for section in period.sections},
    }
    if collector is not None:
        figures["author"] = author_facts(collector, period.plan.coordinating_agency)
    return figures


def _arrived(gathered: Gathered) -> list[Report]:
    """Return the reports whose words are told: those of this desk; a parent speaks for its children."""
    desk = {report.pk for report in gathered.desk}
    return [report for report in gathered.counted if report.pk in desk]


def _lines_of(gathered: Gathered) -> dict[int, list[ReportLine]]:
    """Return the lines of the reports that count, in the plan's order, each with its report at hand."""
    reports = {report.pk: report for report in gathered.counted}
    found: dict[int, list[ReportLine]] = {pk: [] for pk in reports}
    for line in ReportLine.objects.filter(report__in=reports).defer("prefilled").order_by("position", "pk"):
        line.report = reports[line.report_id]
        found[line.report_id].append(line)
    return found


def _links_of(period: Period) -> list[tuple[int, Any]]:
    links = TaskCriterion.objects.filter(task__plan=period.plan_id).select_related("criterion")
    return [(link.task_id, link.criterion) for link in links]


def _printed(period: Period) -> dict[int, str]:
    return dict(Task.objects.filter(plan=period.plan_id).values_list("pk", "agencies_text"))


def _plan_facts(period: Period) -> dict[str, Any]:
    plan = period.plan
    author = issuer_of(plan.coordinating_agency)
    return {
        "number": plan.number,
        "title": plan.title,
        "issuer": plan.issuer,
        "signed_on": plan.signed_on.isoformat(),
        "year": plan.year,
        "province": plan.province.name,
        "province_kind": plan.province.get_kind_display(),
        "coordinator": plan.coordinating_agency.name,
        "author": asdict(author) | {"lines": list(author.lines)},
    }


def _period_facts(period: Period, as_of: date) -> dict[str, Any]:
    days = ("begins_on", "ends_on", "cut_off", "due_date", "due_date_of_children")
    limits = ("commend_above", "commend_late_below", "remind_below")
    return (
        {"name": period.name, "as_of": as_of.isoformat()}
        | {name: getattr(period, name).isoformat() for name in days}
        | {name: getattr(period, name) for name in limits}
    )
