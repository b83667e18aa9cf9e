"""The pages of reports: what they show, who may open them, and what they cost."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from reports.consolidating import consolidate
from reports.filling import fill
from reports.forms import LINE, SECTION
from reports.making import make_documents_of
from reports.models import Consolidation, Period, Report, ReportState
from tests.cast import Cast
from tests.factories import AgencyFactory, work_item
from tests.reports.conftest import BEFORE, submitted, write

Visit = Callable[[User], Client]


@pytest.fixture
def as_user() -> Visit:
    def visit(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return visit


@pytest.fixture
def report(cast: Cast, report_of) -> Report:
    work_item(cast.health, plan=cast.plan)
    return report_of(cast.health)


@pytest.fixture
def made(cast: Cast, report: Report, without_pdf: None) -> Consolidation:
    submitted(report, cast.health_officer, cast.health_leader)
    made = consolidate(report.period, by=cast.coordinator, on=date(2024, 6, 14))
    make_documents_of(made.pk)
    return made


def typed(report: Report, **changes: str) -> dict[str, str]:
    """Return what the browser sends when the officer has changed these words."""
    page: dict[str, str] = {"revision": str(report.revision)}
    for line in report.lines.all():
        page |= {f"{LINE}{line.pk}": line.results, f"initial-{LINE}{line.pk}": line.results}
    return {**page, **{f"{SECTION}{section.key}": text for section, text in report.sections()}, **changes}


def test_everybody_else_gets_404_at_every_address_of_a_report(cast: Cast, made: Consolidation, report: Report, as_user):
    read = ["report-detail", "report-document", "report-signed-file", "report-paper", "report-return", "report-exclude"]
    addresses = [reverse(name, args=[report.pk]) for name in read]
    steps = [reverse("report-step", args=[report.pk, step]) for step in ("duyet", "mo-lai", "nop", "tiep-nhan")]
    for somebody in (cast.justice_officer, cast.district_officer, cast.commune_officer, cast.stranger):
        client = as_user(somebody)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert {client.post(step).status_code for step in steps} == {404}


def test_the_desk_and_the_consolidation_are_for_coordinators_and_viewers(cast: Cast, made: Consolidation, as_user):
    period = made.period_id
    desk = [reverse("period-list"), reverse("period-detail", args=[period])]
    desk += [reverse("consolidation-detail", args=[made.pk]), reverse("consolidation-document", args=[made.pk, "word"])]
    for somebody in (cast.health_leader, cast.justice_officer, cast.stranger):
        assert {as_user(somebody).get(address).status_code for address in desk} == {404}
    for somebody in (cast.coordinator, cast.viewer):
        answers = [as_user(somebody).get(address) for address in desk]
        assert {answer.status_code for answer in answers} == {200}
        assert b"".join(answers[-1].streaming_content)


def test_only_the_coordinator_may_act_at_the_desk(cast: Cast, made: Consolidation, as_user):
    address = reverse("consolidation-new", args=[made.period_id])
    assert as_user(cast.viewer).get(address).status_code == 404
    as_user(cast.viewer).post(reverse("period-close", args=[made.period_id]))
    as_user(cast.viewer).post(
        reverse("period-many", args=[made.period_id]), {"do": "accept", "reports": [made.period.reports.first().pk]}
    )
    assert Period.objects.get(pk=made.period_id).is_open
    assert not Report.objects.filter(state=ReportState.ACCEPTED).exists()


def test_opening_the_page_fills_the_report(cast: Cast, report: Report, as_user):
    page = as_user(cast.health_officer).get(report.get_absolute_url())
    assert report.lines.count() == 1
    assert report.lines.get().text in page.content.decode()


def test_the_officer_saves_words_and_words_of_single_tasks(cast: Cast, report: Report, as_user):
    fill(report, BEFORE)
    line = report.lines.get()
    words = {f"{SECTION}results": "Đã xong\r\nnhiều việc", f"{LINE}{line.pk}": "Đã rà soát 12 thủ tục."}
    answer = as_user(cast.health_officer).post(report.get_absolute_url(), typed(report, **words))
    report.refresh_from_db()
    line.refresh_from_db()
    assert answer.status_code == 302
    assert (report.words["results"], line.results) == ("Đã xong\nnhiều việc", "Đã rà soát 12 thủ tục.")


def test_words_of_a_line_that_was_not_touched_give_way_to_newer_ones(cast: Cast, report: Report, as_user):
    fill(report, BEFORE)
    line = report.lines.get()
    page = typed(report, **{f"{SECTION}results": "Đã xong"})
    report.lines.update(results="Mới hơn", prefilled="Mới hơn")
    as_user(cast.health_officer).post(report.get_absolute_url(), page)
    line.refresh_from_db()
    assert line.results == "Mới hơn"


def test_the_second_of_two_officers_keeps_what_they_typed_and_sees_the_first_ones_words(
    cast: Cast, report: Report, as_user
):
    fill(report, BEFORE)
    page = typed(report, **{f"{SECTION}results": "Lời người thứ hai"})
    write_first = {"results": "Lời người thứ nhất"}
    report.write(by=cast.health_leader, revision=report.revision, words=write_first, results_by_line={})
    answer = as_user(cast.health_officer).post(report.get_absolute_url(), page)
    assert answer.status_code == 422
    assert "Lời người thứ nhất" in answer.content.decode()
    assert "Lời người thứ hai" in answer.content.decode()
    report.refresh_from_db()
    assert report.words["results"] == "Lời người thứ nhất"


def test_a_report_walks_from_draft_to_accepted_through_the_pages(cast: Cast, report: Report, as_user):
    write(report, cast.health_officer)
    for user, step, state in (
        (cast.health_leader, "duyet", ReportState.APPROVED),
        (cast.health_officer, "nop", ReportState.SUBMITTED),
        (cast.coordinator, "tiep-nhan", ReportState.ACCEPTED),
    ):
        as_user(user).post(reverse("report-step", args=[report.pk, step]))
        report.refresh_from_db()
        assert report.state == state


def test_the_checks_before_sending_stand_on_the_page(cast: Cast, report: Report, as_user):
    page = as_user(cast.health_leader).get(report.get_absolute_url()).content.decode()
    assert "Chưa ghi mục “Kết quả nổi bật trong kỳ”." in page
    assert reverse("report-step", args=[report.pk, "duyet"]) not in page
    write(report, cast.health_officer)
    page = as_user(cast.health_leader).get(report.get_absolute_url()).content.decode()
    assert reverse("report-step", args=[report.pk, "duyet"]) in page


def test_a_returned_report_shows_its_reason(cast: Cast, report: Report, as_user):
    submitted(report, cast.health_officer, cast.health_leader)
    address = reverse("report-return", args=[report.pk])
    assert as_user(cast.coordinator).post(address, {"reason": " "}).status_code == 422
    assert as_user(cast.coordinator).post(address, {"reason": "Thiếu số liệu quý II"}).status_code == 302
    page = as_user(cast.health_officer).get(report.get_absolute_url()).content.decode()
    assert "Thiếu số liệu quý II" in page


def test_the_signed_pdf_is_uploaded_and_handed_out_under_its_name(cast: Cast, report: Report, as_user):
    file = SimpleUploadedFile("Báo cáo đã ký.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    data = {
        "number": "45/BC-SYT",
        "dated_on": "05/06/2024",
        "signer": "Lê Văn C",
        "signed_as": "head",
        "signed_file": file,
    }
    client = as_user(cast.health_officer)
    assert client.post(reverse("report-paper", args=[report.pk]), data).status_code == 302
    answer = client.get(reverse("report-signed-file", args=[report.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert "B%C3%A1o%20c%C3%A1o" in answer.headers["Content-Disposition"]
    report.refresh_from_db()
    assert report.dated_on == date(2024, 6, 5)


def test_a_file_that_is_no_pdf_is_refused_in_words(cast: Cast, report: Report, as_user):
    file = SimpleUploadedFile("bao-cao.pdf", b"PK\x03\x04")
    data = {"signed_as": "head", "signed_file": file}
    answer = as_user(cast.health_officer).post(reverse("report-paper", args=[report.pk]), data)
    assert answer.status_code == 422
    assert "Bản ký phải là tệp PDF" in answer.content.decode()


def test_the_word_file_has_a_vietnamese_name(cast: Cast, made: Consolidation, report: Report, as_user):
    answer = as_user(cast.coordinator).get(reverse("consolidation-document", args=[made.pk, "word"]))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    own = as_user(cast.health_officer).get(reverse("report-document", args=[report.pk]))
    assert own.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o")


def test_the_period_list_proposes_and_the_desk_opens_a_period(cast: Cast, report_task, as_user):
    client = as_user(cast.coordinator)
    assert "6 tháng đầu năm 2024" in client.get(reverse("period-list")).content.decode()
    period = Period.objects.get()
    client.post(reverse("period-open", args=[period.pk]))
    assert period.reports.count() == 3
    page = client.get(period.get_absolute_url()).content.decode()
    assert all(name in page for name in ("Sở Y tế", "Sở Tư pháp", "UBND huyện Lập Thạch"))


def test_the_desk_finds_an_agency_without_diacritics(cast: Cast, period: Period, as_user):
    page = as_user(cast.coordinator).get(period.get_absolute_url(), {"q": "so y te"}).content.decode()
    assert "Sở Y tế" in page
    assert "Sở Tư pháp" not in page


def test_the_consolidation_form_shows_figures_and_makes_a_version(cast: Cast, made: Consolidation, as_user):
    client = as_user(cast.coordinator)
    address = reverse("consolidation-new", args=[made.period_id])
    assert "Số liệu sẽ được chốt" in client.get(address).content.decode()
    page = {"revision": 0, "issuer": "coordinator", "signed_as": "deputy", "words-outlook": "Đôn đốc", "do": "make"}
    answer = client.post(address, page, follow=True)
    assert "Phiên bản 2" in answer.content.decode()
    assert made.period.consolidations.first().narrative["outlook"] == "Đôn đốc"


def test_an_officers_list_holds_their_own_reports_and_those_of_their_units(cast: Cast, period: Period, as_user):
    page = as_user(cast.health_officer).get(reverse("report-list")).content.decode()
    assert period.reports.get(agency=cast.health).get_absolute_url() in page
    assert period.reports.get(agency=cast.justice).get_absolute_url() not in page


@pytest.mark.parametrize("name", ["period-detail", "report-list", "consolidation-new"])
def test_the_number_of_queries_does_not_grow_with_reports(cast: Cast, period: Period, as_user, name: str):
    client = as_user(cast.viewer if name == "report-list" else cast.coordinator)
    address = reverse(name, args=[] if name == "report-list" else [period.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for _ in range(8):
        Report.objects.create(period=period, agency=AgencyFactory(province=cast.province))
    assert queries() == few


def test_the_number_of_queries_of_a_report_does_not_grow_with_its_lines(cast: Cast, report: Report, as_user):
    client = as_user(cast.health_officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(report.get_absolute_url()).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for _ in range(6):
        work_item(cast.health, plan=cast.plan)
    queries()
    assert queries() == few


def test_the_issuer_is_chosen_by_the_names_of_the_agencies(cast: Cast, made: Consolidation, as_user):
    page = as_user(cast.coordinator).get(reverse("consolidation-new", args=[made.period_id])).content.decode()
    assert f"{made.period.plan.coordinating_agency.name} báo cáo UBND tỉnh" in page
    assert "UBND tỉnh ban hành (dự thảo trình ký)" in page
