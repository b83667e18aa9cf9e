"""A report's way: written, approved by the leader, submitted, returned or accepted; one step by one person."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from agencies.models import Membership, User
from plans.models import WorkItem
from plans.models.occurrence import State
from reports.filling import fill
from reports.models import Period, Report, ReportEvent, ReportState
from reports.outline import Section, as_json
from tests.cast import Cast
from tests.factories import MembershipFactory, person, work_item
from tests.reports.conftest import BEFORE, submitted, write

LATER = date(2024, 6, 12)
PDF = b"%PDF-1.7\n%signed\n"


@pytest.fixture
def report(cast: Cast, report_of) -> Report:
    return report_of(cast.health)


@pytest.fixture
def sent(cast: Cast, report: Report) -> Report:
    return submitted(report, cast.health_officer, cast.health_leader)


def item_of(report: Report) -> WorkItem:
    return WorkItem.objects.get(pk=report.item_id)


def test_only_the_leader_of_the_agency_approves(cast: Cast, report: Report, justice_leader):
    write(report, cast.health_officer)
    for somebody in (cast.health_officer, justice_leader, cast.coordinator):
        with pytest.raises(ValidationError, match="Chỉ lãnh đạo cơ quan"):
            report.approve(by=somebody, on=BEFORE)
    report.approve(by=cast.health_leader, on=BEFORE)
    assert report.state == ReportState.APPROVED


def test_approval_says_everything_that_is_missing(cast: Cast, report: Report):
    late = work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31))
    fill(report, BEFORE)
    with pytest.raises(ValidationError) as refused:
        report.approve(by=cast.health_leader, on=BEFORE)
    assert refused.value.messages == [
        "Chưa ghi mục “Kết quả nổi bật trong kỳ”.",
        "Chưa ghi mục “Phương hướng, nhiệm vụ kỳ tới”.",
        "Còn 1 nhiệm vụ đã hoàn thành hoặc quá hạn chưa ghi kết quả, tình hình thực hiện.",
    ]
    assert report.lines.get(task=late.task).needs_words
    assert report.state == ReportState.DRAFT


def test_figures_must_have_been_taken_before_approval(cast: Cast, report: Report):
    words = {"results": "Có", "outlook": "Có"}
    report.write(by=cast.health_officer, revision=report.revision, words=words, results_by_line={})
    with pytest.raises(ValidationError, match="Số liệu chưa được lấy"):
        report.approve(by=cast.health_leader, on=BEFORE)


def test_nothing_is_submitted_without_approval(cast: Cast, report: Report):
    write(report, cast.health_officer)
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        report.submit(by=cast.health_officer, on=BEFORE)
    assert item_of(report).state == State.NOT_STARTED


def test_an_approved_report_goes_back_to_the_desk_before_it_is_sent(cast: Cast, report: Report):
    write(report, cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    report.reopen(by=cast.health_officer, on=BEFORE)
    assert report.state == ReportState.DRAFT
    with pytest.raises(ValidationError):
        report.submit(by=cast.health_officer, on=BEFORE)


def test_submitting_hands_in_the_plans_report_item(cast: Cast, sent: Report):
    item = item_of(sent)
    assert (item.state, item.handed_in_on) == (State.HANDED_IN, BEFORE)
    assert (sent.state, sent.submitted_on, sent.submitted_by) == (ReportState.SUBMITTED, BEFORE, cast.health_officer)


def test_a_submitted_report_cannot_be_written(cast: Cast, sent: Report):
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        sent.write(by=cast.health_officer, revision=sent.revision, words={"results": "Khác"}, results_by_line={})
    assert Report.objects.get(pk=sent.pk).words["results"] == "Đã ban hành kế hoạch triển khai."


def test_accepting_completes_the_item_on_the_day_it_was_handed_in(cast: Cast, sent: Report):
    sent.accept(by=cast.coordinator, on=LATER)
    item = item_of(sent)
    assert (sent.state, item.state, item.completed_on) == (ReportState.ACCEPTED, State.COMPLETED, BEFORE)


def test_a_copy_read_before_the_submission_accepts_and_completes_all_the_same(cast: Cast, report_of):
    stale = Report.objects.select_related("item", "period__plan").get(pk=report_of(cast.health).pk)
    assert stale.item.state == State.NOT_STARTED
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    stale.accept(by=cast.coordinator, on=LATER)
    assert item_of(stale).state == State.COMPLETED


def test_nobody_accepts_what_they_submitted_not_even_through_an_old_copy(cast: Cast, report_of):
    MembershipFactory(user=cast.coordinator, agency=cast.health)
    both = User.objects.get(pk=cast.coordinator.pk)
    stale = report_of(cast.health)
    write(report_of(cast.health), cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    report_of(cast.health).submit(by=both, on=BEFORE)
    with pytest.raises(ValidationError, match="không tự tiếp nhận"):
        stale.accept(by=both, on=LATER)
    assert report_of(cast.health).state == ReportState.SUBMITTED


@pytest.mark.parametrize("verb", ["accept", "send_back", "exclude"])
def test_only_the_plans_coordinator_decides(cast: Cast, sent: Report, verb: str):
    reason = {} if verb == "accept" else {"reason": "Thiếu số liệu"}
    for somebody in (cast.health_leader, cast.justice_officer, cast.viewer, cast.stranger):
        with pytest.raises(ValidationError, match="Chỉ cơ quan tiếp nhận"):
            getattr(sent, verb)(by=somebody, on=LATER, **reason)
    assert Report.objects.get(pk=sent.pk).state == ReportState.SUBMITTED


def test_a_return_needs_a_reason_and_reopens_the_item(cast: Cast, sent: Report):
    with pytest.raises(ValidationError, match="Hãy ghi lý do"):
        sent.send_back(by=cast.coordinator, on=LATER, reason=" ")
    sent.send_back(by=cast.coordinator, on=LATER, reason="Thiếu số liệu quý II")
    assert (sent.state, item_of(sent).state) == (ReportState.RETURNED, State.IN_PROGRESS)
    assert sent.return_until == date(2024, 6, 17)
    assert sent.events.get(kind=ReportEvent.Kind.RETURNED).words == "Thiếu số liệu quý II"


def test_a_returned_report_sent_again_in_time_keeps_its_first_day(cast: Cast, sent: Report):
    sent.send_back(by=cast.coordinator, on=LATER, reason="Thiếu")
    assert sent.days_late(date(2024, 6, 14)) == 0
    submitted(sent, cast.health_officer, cast.health_leader, on=date(2024, 6, 14))
    assert (sent.submitted_on, sent.days_late(date(2024, 6, 20))) == (BEFORE, 0)
    assert item_of(sent).handed_in_on == BEFORE


def test_a_returned_report_sent_again_too_late_counts_from_the_new_day(cast: Cast, sent: Report):
    sent.send_back(by=cast.coordinator, on=LATER, reason="Thiếu")
    assert sent.days_late(date(2024, 6, 19)) == 10
    submitted(sent, cast.health_officer, cast.health_leader, on=date(2024, 6, 19))
    assert (sent.submitted_on, sent.days_late(date(2024, 6, 20))) == (date(2024, 6, 19), 10)


def test_two_coordinators_deciding_at_once_make_one_decision_and_one_event(cast: Cast, sent: Report):
    second = person(cast.home_affairs, Membership.Role.COORDINATOR)
    stale = Report.objects.get(pk=sent.pk)
    sent.accept(by=cast.coordinator, on=LATER)
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        stale.send_back(by=second, on=LATER, reason="Thiếu")
    decisions = [ReportEvent.Kind.ACCEPTED, ReportEvent.Kind.RETURNED]
    assert [event.kind for event in sent.events.filter(kind__in=decisions)] == [ReportEvent.Kind.ACCEPTED]
    assert item_of(sent).state == State.COMPLETED


def test_two_officers_at_one_report_never_overwrite_each_other(cast: Cast, report: Report):
    stale = Report.objects.get(pk=report.pk)
    report.write(by=cast.health_officer, revision=report.revision, words={"results": "Một"}, results_by_line={})
    with pytest.raises(ValidationError) as refused:
        stale.write(by=cast.health_leader, revision=stale.revision, words={"results": "Hai"}, results_by_line={})
    assert refused.value.code == "taken"
    assert Report.objects.get(pk=report.pk).words["results"] == "Một"


def test_words_for_lines_of_another_report_are_not_taken(cast: Cast, report: Report, report_of):
    work_item(cast.justice, plan=cast.plan)
    other = report_of(cast.justice)
    fill(other, BEFORE)
    line = other.lines.get()
    report.write(by=cast.health_officer, revision=report.revision, words={}, results_by_line={line.pk: "Lạ"})
    line.refresh_from_db()
    assert line.results == ""


def test_a_parents_officer_writes_for_its_unit_and_a_stranger_does_not(cast: Cast, report: Report):
    with pytest.raises(ValidationError, match="không được soạn"):
        report.write(by=cast.justice_officer, revision=report.revision, words={"results": "X"}, results_by_line={})
    unit = Report.objects.create(period=report.period, agency=cast.commune)
    unit.write(by=cast.district_officer, revision=unit.revision, words={"results": "X"}, results_by_line={})
    assert unit.words["results"] == "X"


def test_an_excluded_agency_is_released_with_its_item(cast: Cast, report: Report):
    report.exclude(by=cast.coordinator, on=BEFORE, reason="Đã sáp nhập")
    assert item_of(report).state == State.WAIVED
    assert not Report.objects.expected().filter(pk=report.pk).exists()
    assert {report.agency for report in Report.objects.missing()} == {cast.justice, cast.district}
    assert report.days_late(LATER) == 0
    with pytest.raises(ValidationError):
        report.write(by=cast.health_officer, revision=report.revision, words={"results": "X"}, results_by_line={})


def test_a_report_that_has_arrived_is_not_excluded(cast: Cast, sent: Report):
    with pytest.raises(ValidationError):
        sent.exclude(by=cast.coordinator, on=LATER, reason="Nhầm")
    assert Report.objects.get(pk=sent.pk).excluded_reason == ""


def test_the_signed_pdf_is_attached_after_approval(cast: Cast, report: Report):
    write(report, cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    report.attach(by=cast.health_officer, file=ContentFile(PDF), name="Báo cáo ký.pdf", number="45/BC-SYT")
    fresh = Report.objects.get(pk=report.pk)
    with fresh.signed_file.open("rb") as stored:
        assert stored.read() == PDF
    assert (fresh.signed_file_name, fresh.number) == ("Báo cáo ký.pdf", "45/BC-SYT")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a pdf"])
def test_what_is_no_pdf_is_refused_and_nothing_is_saved(cast: Cast, report: Report, content: bytes):
    with pytest.raises(ValidationError):
        report.attach(by=cast.health_officer, file=ContentFile(content), name="a.pdf")
    assert not Report.objects.get(pk=report.pk).signed_file


def test_a_pdf_above_the_limit_is_refused(cast: Cast, report: Report, settings):
    settings.UPLOAD_LIMIT = 10
    with pytest.raises(ValidationError, match="Tệp lớn hơn"):
        report.attach(by=cast.health_officer, file=ContentFile(PDF), name="a.pdf")


def test_a_refused_attachment_leaves_no_file_behind(cast: Cast, sent: Report, settings):
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        sent.attach(by=cast.health_officer, file=ContentFile(PDF), name="a.pdf")
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_late_reports_are_the_same_in_the_list_and_on_the_report(cast: Cast, sent: Report, report_of, justice_leader):
    submitted(report_of(cast.justice), cast.justice_officer, justice_leader, on=LATER)
    late = Report.objects.late(LATER)
    assert {report.agency for report in late} == {cast.justice, cast.district}
    assert {report.agency for report in Report.objects.all() if report.days_late(LATER)} == {
        cast.justice,
        cast.district,
    }


def test_a_leader_approves_only_what_their_page_showed(cast: Cast, report: Report):
    seen = write(report, cast.health_officer).revision
    told = {"words": {"results": "Đã ban hành 3 văn bản."}, "results_by_line": {}}
    Report.objects.get(pk=report.pk).write(by=cast.health_officer, revision=seen, **told)
    with pytest.raises(ValidationError, match="sau khi anh/chị mở trang") as refused:
        report.approve(by=cast.health_leader, on=BEFORE, revision=seen)
    assert refused.value.code == "taken"
    now = Report.objects.get(pk=report.pk)
    assert (now.state, now.events.count()) == (ReportState.DRAFT, 0)
    now.approve(by=cast.health_leader, on=BEFORE, revision=now.revision)
    assert now.state == ReportState.APPROVED


def test_words_of_sections_never_become_details_of_the_paper(cast: Cast, report: Report):
    sections = [
        *report.period.sections,
        Section("number", "Số lượng văn bản"),
        Section("signer", "Người ký các văn bản"),
    ]
    Period.objects.filter(pk=report.period_id).update(outline=as_json(sections))
    report = Report.objects.get(pk=report.pk)
    words = {"number": "12 văn bản " * 20, "signer": "Giám đốc", "signed_as": "ai cũng được", "dated_on": "hôm qua"}
    report.write(by=cast.health_officer, revision=report.revision, words=words, results_by_line={})
    now = Report.objects.get(pk=report.pk)
    assert (now.number, now.signer, now.signed_as, now.dated_on) == ("", "", "head", None)
    assert (now.words["number"], now.words["signer"]) == (("12 văn bản " * 20).strip(), "Giám đốc")


@pytest.mark.parametrize(
    ("name", "kept"), [("ky.html", "ky.html.pdf"), ("", "bao-cao.pdf"), ("Bản ký.PDF", "Bản ký.PDF")]
)
def test_a_signed_pdf_is_handed_out_as_a_pdf_whatever_it_was_called(cast: Cast, report: Report, name: str, kept: str):
    report.attach(by=cast.health_officer, file=ContentFile(PDF + b"<script>alert(1)</script>"), name=name)
    assert Report.objects.get(pk=report.pk).signed_file_name == kept


def test_a_newer_signed_file_takes_the_place_of_the_one_that_stands_also_through_an_old_copy(
    cast: Cast, report: Report, settings, django_capture_on_commit_callbacks
):
    old = Report.objects.get(pk=report.pk)
    with django_capture_on_commit_callbacks(execute=True):
        report.attach(by=cast.health_officer, file=ContentFile(PDF), name="1.pdf")
        old.attach(by=cast.health_officer, file=ContentFile(PDF), name="2.pdf")
    left = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert [str(path.relative_to(settings.MEDIA_ROOT)) for path in left] == [
        Report.objects.get(pk=report.pk).signed_file.name
    ]
