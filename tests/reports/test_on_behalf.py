"""What is done for another agency: a parent for its units, the coordinator for a paper that came another way."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from agencies.models import Membership, User
from reports.filling import fill
from reports.models import Report, ReportEvent, ReportState
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import person, work_item
from tests.reports.conftest import BEFORE, submitted

LATER = date(2024, 6, 12)
PDF = b"%PDF-1.7\n%signed\n"


@pytest.fixture
def report(cast: Cast, report_of) -> Report:
    return report_of(cast.health)


# For a unit


@pytest.fixture
def unit(cast: Cast, report_task) -> Report:
    """Return the report of the commune, which goes to its district."""
    work_item(cast.commune, plan=cast.plan)
    [period] = propose_periods(cast.plan)
    period.open(by=cast.coordinator, on=date(2024, 5, 20))
    return Report.objects.get(period=period, agency=cast.commune)


def test_what_a_parents_people_do_for_a_unit_is_marked_once_for_writing_and_for_each_step(cast: Cast, unit: Report):
    leader = person(cast.district, Membership.Role.LEADER)
    fill(unit, BEFORE)
    words = {"results": "Đã làm.", "outlook": "Tiếp tục."}
    for _ in range(3):
        unit.write(by=cast.district_officer, revision=unit.revision, words=words, results_by_line={}, on=BEFORE)
    unit.approve(by=leader, on=BEFORE)
    unit.submit(by=cast.district_officer, on=BEFORE)
    kinds = ReportEvent.Kind
    assert [(event.kind, event.on_behalf) for event in unit.events.all()] == [
        (kinds.WRITTEN, True), (kinds.APPROVED, True), (kinds.SUBMITTED, True),
    ]  # fmt: skip


def test_a_units_own_writing_leaves_no_mark(cast: Cast, unit: Report):
    unit.write(by=cast.commune_officer, revision=unit.revision, words={"results": "X"}, results_by_line={}, on=BEFORE)
    assert not unit.events.exists()


def test_a_unit_reports_to_its_parent_and_the_parent_is_reminded_of_what_it_has_not_decided(cast: Cast, unit: Report):
    assert unit.collector == cast.district
    own = Report.objects.get(period=unit.period, agency=cast.district)
    assert own.count_of_children()["missing"] == 1
    assert "Còn 1 đơn vị cấp dưới chưa nộp báo cáo." in [check.words for check in own.remarks()]
    submitted(unit, cast.commune_officer, person(cast.commune, Membership.Role.LEADER))
    assert own.count_of_children() == {"owed": 1, "submitted": 1, "accepted": 0, "returned": 0, "missing": 0}
    waiting = "Còn 1 báo cáo của đơn vị cấp dưới đã nộp chưa được tiếp nhận hoặc trả lại."
    assert waiting in [check.words for check in own.remarks()]
    unit.accept(by=cast.district_officer, on=LATER)
    assert not any("cấp dưới" in check.words for check in own.remarks())


def test_a_parent_returns_asks_again_and_excludes_and_the_coordinator_does_not(cast: Cast, unit: Report):
    submitted(unit, cast.commune_officer, person(cast.commune, Membership.Role.LEADER))
    with pytest.raises(ValidationError, match="Chỉ cơ quan tiếp nhận"):
        unit.send_back(by=cast.coordinator, on=LATER, reason="Thiếu")
    unit.send_back(by=cast.district_officer, on=LATER, reason="Thiếu")
    unit.exclude(by=cast.district_officer, on=LATER, reason="Đã sáp nhập")
    assert not Report.objects.expected().filter(pk=unit.pk).exists()
    unit.include(by=cast.district_officer, on=LATER, reason="Còn hoạt động")
    assert Report.objects.expected().filter(pk=unit.pk).exists()


def test_an_included_agency_owes_its_report_item_again(cast: Cast, report: Report):
    report.exclude(by=cast.coordinator, on=BEFORE, reason="Nhầm")
    with pytest.raises(ValidationError, match="Hãy ghi lý do"):
        report.include(by=cast.coordinator, on=BEFORE, reason=" ")
    report.include(by=cast.coordinator, on=BEFORE, reason="Vẫn hoạt động")
    report.item.refresh_from_db()
    assert report.item.is_open
    submitted(report, cast.health_officer, cast.health_leader)
    assert report.state == ReportState.SUBMITTED


# A paper that came another way


def with_paper(report: Report, by) -> Report:
    told = {"number": "45/BC-SYT", "dated_on": date(2024, 6, 4), "signer": "Lê Văn C"}
    report.attach(by=by, file=ContentFile(PDF), name="ky.pdf", **told)
    return report


def test_the_coordinator_submits_a_paper_that_came_and_somebody_else_accepts_it(cast: Cast, report: Report):
    fill(report, BEFORE)
    with_paper(report, cast.coordinator).submit_on_behalf(
        by=cast.coordinator, on=LATER, came_on=BEFORE, words="Nhận qua văn thư"
    )
    assert (report.state, report.submitted_on, report.days_late(LATER)) == (ReportState.SUBMITTED, BEFORE, 0)
    event = report.events.get()
    assert (event.on_behalf, event.words) == (True, "Nhận qua văn thư")
    assert report.names["agency"]["name"] == "Sở Y tế"
    with pytest.raises(ValidationError, match="không tự tiếp nhận"):
        report.accept(by=cast.coordinator, on=LATER)


def test_nothing_is_submitted_for_another_without_its_signed_paper_or_by_others(cast: Cast, report: Report):
    fill(report, BEFORE)
    with pytest.raises(ValidationError, match="Hãy ghi số, ngày"):
        report.submit_on_behalf(by=cast.coordinator, on=LATER, came_on=BEFORE)
    with_paper(report, cast.health_officer)
    with pytest.raises(ValidationError, match="Chỉ cơ quan tiếp nhận"):
        report.submit_on_behalf(by=cast.justice_officer, on=LATER, came_on=BEFORE)
    with pytest.raises(ValidationError, match="từ khi mở kỳ đến hôm nay"):
        report.submit_on_behalf(by=cast.coordinator, on=LATER, came_on=date(2024, 6, 13))
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


def test_a_paper_that_the_collector_attaches_is_marked_also_when_nothing_is_submitted(cast: Cast, report: Report):
    report.attach(by=cast.coordinator, on=LATER, file=ContentFile(PDF), name="ky.pdf", number="45/BC-SYT")
    report.attach(by=cast.coordinator, on=LATER, number="46/BC-SYT")
    report.attach(by=cast.health_officer, on=LATER, number="47/BC-SYT")
    marks = [(event.kind, event.by, event.on_behalf) for event in report.events.all()]
    assert marks == [(ReportEvent.Kind.WRITTEN, cast.coordinator, True)]


def test_a_report_stays_on_the_desk_that_collects_it_when_the_unit_comes_under_another_parent(cast: Cast, unit: Report):
    submitted(unit, cast.commune_officer, person(cast.commune, Membership.Role.LEADER))
    cast.commune.parent = cast.health
    cast.commune.save()
    collector = User.objects.get(pk=cast.district_officer.pk)
    assert unit in Report.objects.visible_to(collector)
    Report.objects.visible_to(collector).get(pk=unit.pk).accept(by=collector, on=LATER)
    assert Report.objects.get(pk=unit.pk).state == ReportState.ACCEPTED
