"""The list that is put before the province's deputy chair [danh sách trình Phó Chủ tịch UBND tỉnh]."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.models import Agency, User
from notices.models import Notice, PlanNoticeSettings
from plans.models import Plan, WorkItem
from reports.models import Period, Report

CIRCLES = {
    "leader": "lãnh đạo cơ quan",
    "coordinator": "cơ quan điều phối",
    "chair": "lãnh đạo UBND tỉnh",
}
"""To whom lateness was reported, by the step in the key of the notice."""


@dataclass(frozen=True, slots=True)
class Late:
    """One late duty: what, since when, how far it is, and on which day each circle was told."""

    agency: Agency
    what: str
    url: str
    due: date
    days: int
    percent: int | None
    heard: date | None
    told: tuple[tuple[str, date], ...]


def escalated_of(plan: Plan, settings: PlanNoticeSettings, user: User, on: date) -> list[Late]:
    """Return what is late by the plan's age for the deputy chair or more, by agency, oldest first; four queries.

    Nothing when the plan puts nothing before the deputy chair.
    """
    if not settings.chair_age:
        return []
    until = on - timedelta(days=settings.chair_age)
    items = WorkItem.objects.visible_to(user).filter(task__plan=plan).given().deliveries().overdue(on)
    items = items.exclude(task__is_report=True, occurrence__reporting_period__isnull=False)
    late_items = items.filter(due_date__lte=until).select_related("agency", "task")
    reports = Report.objects.visible_to(user).filter(period__plan=plan, period__status=Period.Status.OPEN)
    late_reports = (
        reports.missing()
        .late(on)
        .filter(due_date__lte=until, collector__isnull=True)
        .select_related("agency", "period")
    )
    told = _told(plan)
    rows = [
        Late(item.agency, item.task.text, item.get_absolute_url(), item.due_date, (on - item.due_date).days,
             item.percent, item.last_update_on, told["item", item.pk, item.due_date])
        for item in late_items if item.due_date
    ]  # fmt: skip
    rows += [
        Late(report.agency, f"Báo cáo {report.period.name}", report.get_absolute_url(), report.due_date,
             (on - report.due_date).days, None, None, told["report", report.pk, report.due_date])
        for report in late_reports
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.agency.sort_key, row.due, row.what))


def _told(plan: Plan) -> dict[tuple[str, int, date | None], tuple[tuple[str, date], ...]]:
    """Return for each duty and due date the days on which its lateness was reported, by circle."""
    days: dict[tuple[str, int, date | None], dict[str, date]] = defaultdict(dict)
    rows = Notice.objects.filter(plan=plan, kind=Notice.Kind.ESCALATED).order_by("pk")
    for key, item, report, due, on in rows.values_list("key", "item", "report", "due_date", "on").iterator():
        circle = key.split(":")[-3]
        if circle in CIRCLES and (item or report):
            days["item" if item else "report", item or report, due].setdefault(circle, on)
    found = {about: tuple((CIRCLES[one], its[one]) for one in CIRCLES if one in its) for about, its in days.items()}
    return defaultdict(tuple, found)
