"""Reporting periods proposed from a plan's own report tasks."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef

from agencies.folding import fold
from plans.models import Occurrence, Plan, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from reports.models import Period
from reports.models.period import TAKEN_OVER
from workdays.calendar import Calendar

CUT_OFF_DAY = 14
"""Statutory end of periodic figures: the 14th of the period's last month (Decree 09/2019/NĐ-CP, article 12)."""
CHILDREN_BEFORE = 3
"""Working days before the due date by which units report to their parent: the time it takes to sum them up."""
DAYS_FOR_A_REPORT = 5
"""Working days that an extraordinary report gives, unless the coordinator says otherwise."""
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a year under the name that reports use for it."""

    name: str
    begins_on: date
    ends_on: date


def propose_periods(plan: Plan) -> list[Period]:
    """Propose a period for every dated delivery of the plan's report tasks that has none yet; return the new ones.

    May be called any number of times: what a coordinator has renamed or opened stays as it is. Check-points of a
    report task ask for an update only and make no period; nor does what an amendment of the plan took back. Where an
    amendment moved the delivery, the period that is not closed moves with it: they are one duty.
    """
    _follow_moved_deliveries(plan)
    asked_for = WorkItem.objects.filter(occurrence=OuterRef("pk")).exclude(state=State.WAIVED)
    occurrences = (
        Occurrence.objects.filter(task__plan=plan, task__is_report=True, kind=OccurrenceKind.DELIVERY)
        .filter(Exists(asked_for), due_date__isnull=False)
        .select_related("task__deadline", "task__plan")
        .order_by("due_date", "task__position", "ordinal")
    )
    taken = set(plan.periods.values_list("name", flat=True))
    calendar, proposed = Calendar.load(), []
    for occurrence in occurrences.filter(reporting_period__isnull=True):
        period = _proposal(occurrence)
        if period.name in taken:
            period.name = f"{period.name} (nhiệm vụ {occurrence.task.position}, lần {occurrence.ordinal})"
        taken.add(period.name)
        proposed.append(period)
    if not proposed:
        return []
    _take_over(plan, proposed)
    Period.objects.bulk_create(proposed, ignore_conflicts=True)
    made = list(plan.periods.filter(occurrence__in=[period.occurrence_id for period in proposed]))
    for period in made:
        _give_children_their_day(period, calendar)
    return made


def first_thoughts(plan: Plan, on: date) -> Period:
    """Return a period, not saved, for a report that no task of the plan asks for [báo cáo đột xuất].

    It speaks of the year up to the day, is due five working days later, and takes outline and thresholds over from the
    last period before it.
    """
    calendar = Calendar.load()
    due = calendar.add_working_days(on, DAYS_FOR_A_REPORT)
    period = Period(
        plan=plan,
        name=f"Báo cáo đột xuất tháng {on.month}/{on.year}",
        begins_on=date(on.year, 1, 1),
        ends_on=on,
        cut_off=on,
        due_date=due,
        collects_children=False,
    )
    before = period.previous
    for name in TAKEN_OVER if before else ():
        setattr(period, name, getattr(before, name))
    return period


def children_due(due: date, calendar: Calendar) -> date:
    """Return the day by which units should report to their parent where the parent reports by ``due``."""
    return calendar.back_working_days(due, CHILDREN_BEFORE)


def _take_over(plan: Plan, proposed: list[Period]) -> None:
    """Give each new period the outline and the thresholds of the period before it, where there is one."""
    known = list(plan.periods.order_by("due_date"))
    for period in proposed:
        before = [one for one in known if one.due_date < period.due_date]
        for name in TAKEN_OVER if before else ():
            setattr(period, name, getattr(before[-1], name))


def _give_children_their_day(period: Period, calendar: Calendar) -> None:
    """Propose a day of their own where units report through the agency above them."""
    if any(one.collector for one in period.reporters(period.due_date)):
        day = max(children_due(period.due_date, calendar), period.begins_on)
        Period.objects.filter(pk=period.pk, children_due_date=None).update(children_due_date=day)
        period.children_due_date = day


def _follow_moved_deliveries(plan: Plan) -> None:
    """Move periods with the deliveries of their report tasks; a due date that a person has set since stays till then."""
    moved = plan.periods.exclude(status=Period.Status.CLOSED).exclude(occurrence__due_date=None)
    moved = moved.exclude(delivery_due_date=F("occurrence__due_date"))
    calendar = None
    for period in moved.select_related("occurrence"):
        due = period.occurrence.due_date if period.occurrence else None
        if due is None:
            continue
        calendar = calendar or Calendar.load()
        cut_off = cut_off_for(due, Span(period.name, period.begins_on, period.ends_on))
        below = max(children_due(due, calendar), period.begins_on) if period.children_due_date else None
        plan.periods.filter(pk=period.pk).update(
            due_date=due, cut_off=cut_off, children_due_date=below, delivery_due_date=due, revision=F("revision") + 1
        )
        period.reports.filter(collector__isnull=True).update(due_date=due)
        period.reports.filter(collector__isnull=False).update(due_date=below or due)


def _proposal(occurrence: Occurrence) -> Period:
    due = occurrence.due_date
    assert due is not None
    span = span_of(occurrence)
    return Period(
        plan=occurrence.task.plan,
        occurrence=occurrence,
        name=span.name,
        begins_on=span.begins_on,
        ends_on=span.ends_on,
        cut_off=cut_off_for(due, span),
        due_date=due,
        delivery_due_date=due,
    )


def cut_off_for(due: date, span: Span) -> date:
    """Return the day on which figures close: the statutory 14th, or the due date where that comes first.

    Plan 82/KH-UBND wants the six-month report before 10/6, five days ahead of the statutory cut-off of 14/6: the due
    date (9/6) is then the last day the figures can speak of, and what lies between it and 30/6 is "not yet due".
    A report due in the month after its period closes on the period's last day.
    """
    statutory = span.ends_on.replace(day=CUT_OFF_DAY) if due <= span.ends_on else span.ends_on
    return min(statutory, due)


def span_of(occurrence: Occurrence) -> Span:
    """Return the stretch of time that the report of this occurrence speaks about.

    First what the plan's words say, then the rhythm of the task (every month, every quarter), then the due date: four
    reports a year are usual (Quý I, 6 tháng, Quý III, năm), each asked for around the end of its period.
    """
    task, due = occurrence.task, occurrence.due_date
    assert due is not None
    year = task.plan.year
    spoken = _spoken(fold(task.text), year)
    if spoken and occurrence.task.deadline.due_dates in ([], [due]):
        return spoken
    if task.deadline.kind == "monthly":
        month = due if due.day > CUT_OFF_DAY else due.replace(day=1) - timedelta(days=1)
        return _months(f"Tháng {month.month} năm {month.year}", month.year, month.month, month.month)
    if task.deadline.kind == "quarterly" and "6 tháng" not in fold(task.text + " " + task.time_text):
        quarter = (due.month + 2) // 3
        return _months(f"Quý {ROMAN[quarter - 1]} năm {due.year}", due.year, quarter * 3 - 2, quarter * 3)
    return _around(due)


def _spoken(words: str, year: int) -> Span | None:
    """Read the span from the outlook that the report has to give: "phương hướng nhiệm vụ 6 tháng cuối năm 2024"."""
    outlook = re.search(r"(?:phương hướng|nhiệm vụ trọng tâm)[^.;]*?(6 tháng cuối năm|năm (\d{4}))", words)
    if outlook and outlook[1].startswith("6 tháng"):
        return _half(year)
    if outlook and outlook[2] and int(outlook[2]) == year + 1:
        return _whole(year)
    return None


def _around(due: date) -> Span:
    if due.month == 1:
        return _whole(due.year - 1)
    if due.month <= 4:
        return _months(f"Quý I năm {due.year}", due.year, 1, 3)
    if due.month <= 7:
        return _half(due.year)
    if due.month <= 10:
        return _months(f"Quý III năm {due.year}", due.year, 7, 9)
    return _whole(due.year)


def _half(year: int) -> Span:
    return _months(f"6 tháng đầu năm {year}", year, 1, 6)


def _whole(year: int) -> Span:
    return _months(f"Năm {year}", year, 1, 12)


def _months(name: str, year: int, first: int, last: int) -> Span:
    after = date(year + last // 12, last % 12 + 1, 1)
    return Span(name, date(year, first, 1), after - timedelta(days=1))
