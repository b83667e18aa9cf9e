"""Periods come from the plan's own report tasks."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from plans.models import Task
from plans.models.occurrence import OccurrenceKind, State
from reports.models import Period, Report
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import TaskFactory, work_item
from tests.reports.conftest import BEFORE, submitted


def report_task(
    cast: Cast, *due_dates: date, text: str = "Báo cáo kết quả thực hiện", kind: str = "before_date"
) -> Task:
    task = TaskFactory(
        plan=cast.plan, text=text, is_report=True, deadline__due_dates=list(due_dates), deadline__kind=kind
    )
    for ordinal, day in enumerate(due_dates, 1):
        work_item(cast.health, task=task, due=day, ordinal=ordinal)
    return task


def test_a_report_asked_for_before_10_june_is_the_six_month_report_and_its_figures_close_on_the_due_date(
    proposed: Period,
):
    assert proposed.name == "6 tháng đầu năm 2024"
    assert (proposed.begins_on, proposed.ends_on) == (date(2024, 1, 1), date(2024, 6, 30))
    assert (proposed.cut_off, proposed.due_date) == (date(2024, 6, 9), date(2024, 6, 9))
    assert proposed.status == Period.Status.PROPOSED


def test_figures_close_on_the_statutory_14th_where_the_report_is_due_later(cast: Cast):
    report_task(cast, date(2024, 6, 20))
    assert [period.cut_off for period in propose_periods(cast.plan)] == [date(2024, 6, 14)]


def test_the_outlook_for_next_year_makes_it_the_report_of_the_year(cast: Cast):
    report_task(cast, date(2024, 12, 9), text="Báo cáo kết quả năm 2024 và phương hướng nhiệm vụ năm 2025")
    [period] = propose_periods(cast.plan)
    assert (period.name, period.begins_on, period.ends_on) == ("Năm 2024", date(2024, 1, 1), date(2024, 12, 31))


def test_four_reports_a_year_are_named_by_their_due_dates(cast: Cast):
    days = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    report_task(cast, *days, text="Báo cáo hằng quý, 6 tháng, năm", kind="quarterly")
    names = [period.name for period in propose_periods(cast.plan)]
    assert names == ["Quý I năm 2024", "6 tháng đầu năm 2024", "Quý III năm 2024", "Năm 2024"]


def test_a_quarterly_report_is_of_its_quarter(cast: Cast):
    report_task(cast, date(2024, 6, 30), date(2024, 9, 30), kind="quarterly")
    assert [period.name for period in propose_periods(cast.plan)] == ["Quý II năm 2024", "Quý III năm 2024"]


def test_a_monthly_report_due_early_in_a_month_is_of_the_month_before(cast: Cast):
    report_task(cast, date(2024, 5, 5), kind="monthly")
    [period] = propose_periods(cast.plan)
    assert (period.name, period.ends_on) == ("Tháng 4 năm 2024", date(2024, 4, 30))


def test_proposing_twice_changes_nothing_even_after_a_period_was_renamed(cast: Cast, proposed: Period):
    Period.objects.filter(pk=proposed.pk).update(name="Sơ kết 6 tháng")
    assert propose_periods(cast.plan) == []
    assert [period.name for period in cast.plan.periods.all()] == ["Sơ kết 6 tháng"]


def test_a_period_moves_with_the_delivery_that_an_amendment_moved(cast: Cast, proposed: Period):
    proposed.occurrence.due_date = date(2024, 6, 24)
    proposed.occurrence.save()
    assert propose_periods(cast.plan) == []
    proposed.refresh_from_db()
    assert (proposed.due_date, proposed.cut_off) == (date(2024, 6, 24), date(2024, 6, 14))
    Period.objects.filter(pk=proposed.pk).update(
        status=Period.Status.CLOSED, due_date=date(2024, 6, 9), cut_off=date(2024, 6, 9)
    )
    propose_periods(cast.plan)
    proposed.refresh_from_db()
    assert proposed.due_date == date(2024, 6, 9), "what is closed stays as it was"


def test_a_delivery_that_nobody_owes_any_more_makes_no_period(cast: Cast):
    task = report_task(cast, date(2024, 6, 9))
    task.items.update(state=State.WAIVED)
    assert propose_periods(cast.plan) == []


def test_two_report_tasks_of_one_time_make_two_periods_with_different_names(cast: Cast, proposed: Period):
    report_task(cast, date(2024, 6, 9))
    [second] = propose_periods(cast.plan)
    assert second.name.startswith("6 tháng đầu năm 2024 (nhiệm vụ ")


def test_a_check_point_of_a_report_task_makes_no_period(cast: Cast):
    task = TaskFactory(plan=cast.plan, is_report=True)
    work_item(cast.health, task=task, kind=OccurrenceKind.CHECK_POINT)
    assert propose_periods(cast.plan) == []


def test_the_command_proposes_for_every_active_plan(cast: Cast, report_task: Task, capsys: pytest.CaptureFixture[str]):
    call_command("propose_periods")
    assert "82/KH-UBND: 6 tháng đầu năm 2024, chốt số liệu 09/06/2024, hạn 09/06/2024" in capsys.readouterr().out


def test_opening_makes_one_report_for_each_agency_that_owes_the_report_task(cast: Cast, proposed: Period):
    assert proposed.open(by=cast.coordinator, on=date(2024, 5, 20)) == 3
    assert {report.agency for report in proposed.reports.all()} == {cast.health, cast.justice, cast.district}


def test_an_agency_that_was_released_from_the_report_task_gets_no_report(cast: Cast, proposed: Period):
    cast.justice.items.filter(task__is_report=True).update(state=State.WAIVED)
    assert proposed.open(by=cast.coordinator, on=date(2024, 5, 20)) == 2


def test_two_coordinators_opening_at_once_make_the_reports_once(cast: Cast, proposed: Period):
    stale = Period.objects.get(pk=proposed.pk)
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        stale.open(by=cast.coordinator, on=date(2024, 5, 20))
    assert Report.objects.count() == 3


def test_only_the_plans_coordinator_opens_a_period(cast: Cast, proposed: Period):
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        proposed.open(by=cast.health_leader, on=date(2024, 5, 20))
    assert not Report.objects.exists()


def test_a_period_without_a_report_task_asks_those_who_owe_work_and_communes_through_their_district(cast: Cast):
    task = work_item(cast.health, plan=cast.plan).task
    for agency in (cast.district, cast.commune):
        work_item(agency, task=task)
    period = Period.objects.create(
        plan=cast.plan,
        name="Đột xuất",
        begins_on=date(2024, 1, 1),
        ends_on=date(2024, 6, 30),
        cut_off=date(2024, 6, 9),
        due_date=date(2024, 6, 9),
    )
    period.open(by=cast.coordinator, on=date(2024, 5, 20))
    assert {report.agency for report in period.reports.to_the_coordinator()} == {cast.health, cast.district}
    assert [(one.agency, one.collector) for one in period.reports.exclude(collector=None)] == [
        (cast.commune, cast.district)
    ]


def test_a_period_is_not_closed_while_a_submitted_report_waits(cast: Cast, period: Period, report_of):
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    with pytest.raises(ValidationError, match="Còn 1 báo cáo đã nộp"):
        period.close(by=cast.coordinator, on=date(2024, 7, 1))
    period.refresh_from_db()
    assert period.status == Period.Status.OPEN


def test_nothing_is_submitted_after_the_period_is_closed(cast: Cast, period: Period, report_of):
    report = report_of(cast.health)
    period.close(by=cast.coordinator, on=date(2024, 7, 1))
    with pytest.raises(ValidationError, match="kỳ báo cáo đã đóng"):
        submitted(report, cast.health_officer, cast.health_leader, on=BEFORE)


def test_a_later_period_is_not_closed_before_the_earlier_one(cast: Cast, period: Period):
    report_task(cast, date(2024, 12, 9), text="Báo cáo năm 2024 và phương hướng nhiệm vụ năm 2025")
    [year] = propose_periods(cast.plan)
    year.open(by=cast.coordinator, on=date(2024, 6, 1))
    with pytest.raises(ValidationError, match="Hãy đóng kỳ “6 tháng đầu năm 2024” trước"):
        year.close(by=cast.coordinator, on=date(2024, 7, 1))
