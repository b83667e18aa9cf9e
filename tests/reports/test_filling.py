"""Lines are prefilled from all assignments, as of the cut-off, and never over an officer's words."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from plans.models import Assignment, DueDateVersion, WorkItem
from plans.models.occurrence import OccurrenceKind, State, Timeliness
from plans.models.plan import Role
from reports.filling import fill, fill_reports
from reports.models import Period, Report, ReportLine
from tests.cast import Cast
from tests.factories import AgencyFactory, TaskFactory, person, work_item
from tests.reports.conftest import BEFORE, submitted, write

CUT_OFF = date(2024, 6, 9)


def done(item: WorkItem, day: date) -> WorkItem:
    """Put the item where a confirmed handing in of that day leaves it."""
    WorkItem.objects.filter(pk=item.pk).update(
        state=State.COMPLETED, completed_on=day, handed_in_on=day, percent=100, last_update_on=day
    )
    return item


def line_of(report: Report, item: WorkItem) -> ReportLine:
    return report.lines.get(task=item.task)


def test_work_that_is_not_yet_due_has_its_line(cast: Cast, period: Period, report_of):
    item = work_item(cast.health, plan=cast.plan, due=date(2024, 6, 30))
    report = report_of(cast.health)
    fill(report, BEFORE)
    line = line_of(report, item)
    assert (line.due_date, line.deliveries, line.overdue) == (date(2024, 6, 30), 1, 0)
    assert line.timeliness == Timeliness.IN_TIME


def test_where_the_agency_coordinates_it_has_a_line_that_counts_nothing(cast: Cast, period: Period, report_of):
    item = work_item(cast.justice, plan=cast.plan)
    Assignment.objects.create(task=item.task, agency=cast.health, role=Role.COORDINATE)
    report = report_of(cast.health)
    fill(report, BEFORE)
    line = line_of(report, item)
    assert (line.role, line.deliveries, line.is_owed) == (Role.COORDINATE, 0, False)


def test_the_report_is_no_line_of_itself(cast: Cast, period: Period, report_of):
    report = report_of(cast.health)
    fill(report, BEFORE)
    assert list(report.lines.all()) == []


def test_an_agency_named_under_two_roles_has_one_line_under_the_stronger(cast: Cast, period: Period, report_of):
    item = work_item(cast.health, plan=cast.plan, role=Role.LEAD)
    Assignment.objects.create(task=item.task, agency=cast.health, role=Role.MONITOR)
    report = report_of(cast.health)
    fill(report, BEFORE)
    assert [line.role for line in report.lines.all()] == [Role.LEAD]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 5, 31), (1, 1, 0, Timeliness.ON_TIME)),
        (date(2024, 6, 5), (1, 0, 0, Timeliness.LATE)),
        (date(2024, 6, 11), (0, 0, 1, Timeliness.OVERDUE)),
    ],
)
def test_a_delivery_due_31_may_counts_as_it_stood_at_the_cut_off(cast: Cast, period: Period, report_of, day, expected):
    item = done(work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31)), day)
    report = report_of(cast.health)
    fill(report, date(2024, 6, 20))
    line = line_of(report, item)
    assert (line.done, line.done_on_time, line.overdue, line.timeliness) == expected


def test_figures_before_the_cut_off_are_those_of_the_day(cast: Cast, period: Period, report_of):
    item = work_item(cast.health, plan=cast.plan, due=date(2024, 6, 5))
    report = report_of(cast.health)
    fill(report, date(2024, 6, 5))
    assert (line_of(report, item).overdue, report.filled_on) == (0, date(2024, 6, 5))
    fill(report, date(2024, 6, 6))
    assert (line_of(report, item).overdue, report.filled_on) == (1, date(2024, 6, 6))


def test_an_ambiguous_deadline_is_never_overdue(cast: Cast, period: Period, report_of):
    task = TaskFactory(plan=cast.plan, deadline__due_dates=[date(2024, 4, 30)], deadline__ambiguous=True)
    item = work_item(cast.health, task=task, due=date(2024, 4, 30))
    report = report_of(cast.health)
    fill(report, BEFORE)
    assert (line_of(report, item).overdue, line_of(report, item).timeliness) == (0, Timeliness.NO_DEADLINE)


def test_a_waived_item_is_not_in_the_report(cast: Cast, period: Period, report_of):
    work_item(cast.health, plan=cast.plan, state=State.WAIVED)
    report = report_of(cast.health)
    fill(report, BEFORE)
    assert not report.lines.exists()


def test_monthly_deliveries_are_counted_one_by_one(cast: Cast, period: Period, report_of):
    task = TaskFactory(plan=cast.plan)
    for ordinal, month in enumerate((3, 4, 5, 7), 1):
        item = work_item(cast.health, task=task, due=date(2024, month, 28), ordinal=ordinal)
        if month in (3, 4):
            done(item, date(2024, month, 20))
    report = report_of(cast.health)
    fill(report, CUT_OFF)
    line = report.lines.get()
    assert (line.deliveries, line.done, line.overdue, line.percent) == (4, 2, 1, 50)
    assert line.overdue_dates == [date(2024, 5, 28)]
    assert (line.state, line.due_date) == (State.IN_PROGRESS, date(2024, 5, 28))


def test_a_missed_check_point_is_not_updated_and_never_overdue(cast: Cast, period: Period, report_of):
    task = TaskFactory(plan=cast.plan, deadline__completes="final")
    work_item(cast.health, task=task, due=date(2024, 3, 31), ordinal=1, kind=OccurrenceKind.CHECK_POINT)
    work_item(cast.health, task=task, due=date(2024, 12, 31), ordinal=2)
    report = report_of(cast.health)
    fill(report, CUT_OFF)
    line = report.lines.get()
    assert (line.timeliness, line.overdue, line.not_updated) == (Timeliness.NOT_UPDATED, 0, 1)


def test_the_latest_words_up_to_the_cut_off_are_taken(cast: Cast, period: Period, report_of):
    item = work_item(cast.health, plan=cast.plan)
    item.record_update(by=cast.health_officer, on=date(2024, 5, 1), percent=20, words="Đã khởi động.")
    item.record_update(by=cast.health_officer, on=date(2024, 6, 8), percent=60, words="Đã rà soát 12 thủ tục.")
    item.record_update(by=cast.health_officer, on=date(2024, 6, 12), percent=90, words="Gần xong.")
    report = report_of(cast.health)
    fill(report, date(2024, 6, 15))
    assert (line_of(report, item).results, line_of(report, item).percent) == ("Đã rà soát 12 thủ tục.", 60)


def test_newer_words_replace_prefilled_ones_but_never_the_officers_own(cast: Cast, period: Period, report_of):
    first, second = work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=cast.plan)
    for item in (first, second):
        item.record_update(by=cast.health_officer, on=date(2024, 5, 1), percent=20, words="Đã khởi động.")
    report = report_of(cast.health)
    fill(report, BEFORE)
    own = {line_of(report, first).pk: "Lời của chuyên viên."}
    report.write(by=cast.health_officer, revision=report.revision, words={}, results_by_line=own)
    for item in (first, second):
        item.record_update(by=cast.health_officer, on=date(2024, 6, 4), percent=70, words="Đã xong phần lớn.")
    fill(report, BEFORE)
    assert line_of(report, first).results == "Lời của chuyên viên."
    assert line_of(report, second).results == "Đã xong phần lớn."
    assert [line.percent for line in report.lines.all()] == [70, 70]


def test_filling_again_without_news_writes_nothing(cast: Cast, period: Period, report_of):
    work_item(cast.health, plan=cast.plan)
    report = report_of(cast.health)
    assert (fill(report, BEFORE), fill(report, BEFORE)) == (1, 0)


@pytest.mark.parametrize("step", ["approved", "submitted"])
def test_lines_stand_from_the_leaders_approval_on(cast: Cast, period: Period, report_of, step: str):
    item = work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31))
    report = report_of(cast.health)
    if step == "approved":
        write(report, cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    else:
        submitted(report, cast.health_officer, cast.health_leader)
    done(item, date(2024, 5, 20))
    assert fill(report, CUT_OFF) == 0
    assert line_of(report, item).overdue == 1


def test_a_moved_due_date_counts_from_the_day_it_was_moved(cast: Cast, period: Period, report_of):
    item = work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31))
    for version, due, on in ((1, date(2024, 5, 31), date(2024, 3, 20)), (2, date(2024, 7, 31), date(2024, 6, 12))):
        DueDateVersion.objects.create(item=item, version=version, due_date=due, on=on)
    WorkItem.objects.filter(pk=item.pk).update(due_date=date(2024, 7, 31), due_version=2)
    report = report_of(cast.health)
    fill(report, date(2024, 6, 20))
    assert (line_of(report, item).overdue, line_of(report, item).due_date) == (1, date(2024, 5, 31))


def test_the_number_of_queries_does_not_grow_with_reports(cast: Cast, period: Period):
    def queries() -> int:
        ReportLine.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            fill_reports(Period.objects.get(pk=period.pk), BEFORE)
        return len(captured)

    def load(agency: Agency) -> None:
        officer = person(agency)
        for _ in range(3):
            item = work_item(agency, plan=cast.plan)
            item.record_update(by=officer, on=date(2024, 5, 1), percent=20, words="Đã khởi động.")

    for agency in (cast.health, cast.justice):
        load(agency)
    few = queries()
    for _ in range(6):
        agency = AgencyFactory(province=cast.province)
        Report.objects.create(period=period, agency=agency)
        load(agency)
    assert queries() == few
    assert few <= 15
