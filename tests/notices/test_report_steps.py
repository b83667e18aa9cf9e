"""What is told about a report on its way: returned within its time, released and asked again, of units as of others."""

from datetime import date, timedelta

import pytest

from agencies.models import Agency, Membership, User
from notices.models import Notice
from notices.rules import make_notices
from plans.models import Plan, WorkItem
from plans.models.occurrence import State
from reports.models import Period, Report
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import TaskFactory, person, work_item
from tests.reports.conftest import REPORT_TASK, submitted

Kind = Notice.Kind
OPENED, IN_TIME, DUE = date(2024, 5, 20), date(2024, 6, 5), date(2024, 6, 9)
RETURNED, GRACE, AFTER = date(2024, 6, 12), date(2024, 6, 17), date(2024, 6, 18)
"""12/6/2024 is a Wednesday: three working days later is Monday 17/6."""


@pytest.fixture
def period(cast: Cast) -> Period:
    """Return the open six-month period: Sở Y tế and the district report; the district's commune reports to it."""
    Plan.objects.filter(pk=cast.plan.pk).update(activated_on=date(2024, 3, 20))
    task = TaskFactory(plan=cast.plan, text=REPORT_TASK, is_report=True, deadline__due_dates=[DUE])
    for agency in (cast.health, cast.district):
        work_item(agency, task=task, due=DUE)
    work_item(cast.commune, plan=cast.plan, due=date(2024, 12, 31))
    [period] = propose_periods(cast.plan)
    period.open(by=cast.coordinator, on=OPENED)
    period.reports.filter(collector=cast.district).update(due_date=IN_TIME)
    return period


def report_of(agency: Agency) -> Report:
    return Report.objects.select_related("period__plan", "agency", "item").get(agency=agency)


def told(kind: str, report: Report) -> list[tuple[date, str, str]]:
    """Return (day, username, words) of all that was ever told about the report."""
    rows = Notice.objects.filter(kind=kind, report=report).order_by("on", "pk")
    return [(row.on, row.recipient.username, row.words) for row in rows.select_related("recipient")]


def rounds(first: date, last: date) -> None:
    """Make every night's round, and each of them twice."""
    for night in range((last - first).days + 1):
        for _ in range(2):
            make_notices(first + timedelta(days=night))


def sent_in(agency: Agency, officer: User, on: date) -> Report:
    leader = person(agency, Membership.Role.LEADER, username=f"lanhdao.{agency.pk}")
    return submitted(report_of(agency), officer, leader, on)


def test_a_returned_report_of_a_unit_is_not_late_while_it_may_be_mended(cast: Cast, period: Period):
    report = sent_in(cast.commune, cast.commune_officer, IN_TIME)
    report.send_back(by=cast.district_officer, on=RETURNED, reason="Thiếu số liệu quý II.")
    assert report.return_until == GRACE
    rounds(RETURNED, GRACE)
    [(_, name, words)] = told(Kind.REPORT_RETURNED, report)
    assert (name, words) == (
        "quangson",
        f"Báo cáo {period.name} theo Kế hoạch 82/KH-UBND bị trả lại, bổ sung đến hết ngày 17/6/2024. "
        "Lý do: Thiếu số liệu quý II.",
    )
    assert told(Kind.REPORT_LATE, report) == []
    rounds(AFTER, AFTER + timedelta(days=1))
    assert [(on, name) for on, name, _ in told(Kind.REPORT_LATE, report)] == [(AFTER, "quangson")]


def test_a_units_late_report_goes_up_to_the_agency_that_collects_it_and_no_further(cast: Cast, period: Period):
    report = report_of(cast.commune)
    rounds(IN_TIME + timedelta(days=15), IN_TIME + timedelta(days=16))
    rounds(IN_TIME + timedelta(days=31), IN_TIME + timedelta(days=31))
    assert {name for _, name, _ in told(Kind.ESCALATED, report)} == {"lapthach"}


def test_a_units_report_is_told_to_the_agency_above_and_not_to_the_coordinator(cast: Cast, period: Period):
    report = sent_in(cast.commune, cast.commune_officer, IN_TIME)
    rounds(IN_TIME, IN_TIME)
    assert [name for _, name, _ in told(Kind.REPORT_SUBMITTED, report)] == ["lapthach"]
    report.accept(by=cast.district_officer, on=RETURNED)
    rounds(RETURNED, RETURNED)
    assert [name for _, name, _ in told(Kind.REPORT_ACCEPTED, report)] == ["quangson"]


def test_who_is_released_hears_nothing_and_who_is_asked_again_hears_each_step_once(cast: Cast, period: Period):
    report, item = report_of(cast.health), WorkItem.objects.get(agency=cast.health, task__is_report=True)
    report.exclude(by=cast.coordinator, on=OPENED, reason="Đang sáp nhập.")
    item.refresh_from_db()
    assert item.state == State.WAIVED
    rounds(date(2024, 5, 31), date(2024, 6, 3))
    assert not Notice.objects.filter(report=report).exists()
    report.include(by=cast.coordinator, on=date(2024, 6, 4), reason="Chưa có quyết định sáp nhập.")
    item.refresh_from_db()
    assert item.is_open
    rounds(date(2024, 6, 4), date(2024, 6, 12))
    reminded = [(on, name) for on, name, _ in told(Kind.REPORT_DUE, report)]
    assert reminded == [(date(2024, 6, 4), "yte"), (date(2024, 6, 7), "yte")]
    assert [(on, name) for on, name, _ in told(Kind.REPORT_LATE, report)] == [(date(2024, 6, 10), "yte")]
    about_the_item = Notice.objects.filter(item=item)
    assert not about_the_item.exists(), "the report speaks, its work item is silent"
