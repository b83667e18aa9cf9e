"""Saving while somebody types, taking words back, files and steps: through the pages and the API."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Membership, User
from reports.filling import fill
from reports.forms import LINE, SECTION
from reports.models import Report, ReportState
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import person, work_item
from tests.reports.conftest import BEFORE, submitted, write

RESULTS, OUTLOOK = f"{SECTION}results", f"{SECTION}outlook"
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
    report = report_of(cast.health)
    fill(report, BEFORE)
    return report


def save(client: Client, report: Report, revision: int, **texts: str):
    """Send what the page's script sends: the changed texts, each with what the page showed (here: nothing)."""
    data = {"revision": revision}
    for name, text in texts.items():
        data |= {name: text, f"initial-{name}": ""}
    return client.post(reverse("report-save", args=[report.pk]), data)


def test_saving_answers_with_the_revision_the_time_and_the_panel_of_the_next_step(cast: Cast, report: Report, as_user):
    answer = save(as_user(cast.health_officer), report, report.revision, **{RESULTS: "Đã làm."})
    told = answer.json()
    report.refresh_from_db()
    assert (answer.status_code, told["revision"], report.words["results"]) == (200, report.revision, "Đã làm.")
    assert len(told["saved_at"]) == 5
    assert "Chưa ghi mục “Phương hướng, nhiệm vụ kỳ tới”." in told["next"]
    assert "Kết quả nổi bật" not in told["next"]
    assert "texts" not in told


def test_only_what_was_sent_is_saved(cast: Cast, report: Report, as_user):
    report.write(by=cast.health_officer, revision=report.revision, words={"outlook": "Có"}, results_by_line={})
    save(as_user(cast.health_officer), report, report.revision, **{RESULTS: "Đã làm."})
    report.refresh_from_db()
    assert (report.words["results"], report.words["outlook"]) == ("Đã làm.", "Có")


def test_who_saves_another_section_is_told_what_others_saved(cast: Cast, report: Report, as_user):
    first = report.revision
    save(as_user(cast.health_leader), report, first, **{OUTLOOK: "Lời lãnh đạo"})
    answer = save(as_user(cast.health_officer), report, first, **{RESULTS: "Lời chuyên viên"})
    assert answer.status_code == 200
    assert answer.json()["texts"][OUTLOOK] == "Lời lãnh đạo"
    report.refresh_from_db()
    assert (report.words["results"], report.words["outlook"]) == ("Lời chuyên viên", "Lời lãnh đạo")


def test_who_saves_the_same_section_second_gets_the_others_text_and_overwrites_nothing(
    cast: Cast, report: Report, as_user
):
    first = report.revision
    save(as_user(cast.health_leader), report, first, **{RESULTS: "Lời lãnh đạo"})
    answer = save(as_user(cast.health_officer), report, first, **{RESULTS: "Lời chuyên viên"})
    report.refresh_from_db()
    assert answer.status_code == 409
    assert (answer.json()["revision"], answer.json()["texts"][RESULTS]) == (report.revision, "Lời lãnh đạo")
    assert report.words["results"] == "Lời lãnh đạo"


def test_a_text_sent_without_what_the_page_showed_never_overwrites_somebody_elses(cast: Cast, report: Report, as_user):
    first = report.revision
    save(as_user(cast.health_leader), report, first, **{RESULTS: "Lời lãnh đạo"})
    address = reverse("report-save", args=[report.pk])
    answer = as_user(cast.health_officer).post(address, {"revision": first, RESULTS: "Khác"})
    assert answer.status_code == 409
    report.refresh_from_db()
    assert report.words["results"] == "Lời lãnh đạo"


def test_what_comes_after_approval_is_refused_and_said(cast: Cast, report: Report, as_user):
    write(report, cast.health_officer).approve(by=cast.health_leader, on=BEFORE)
    answer = save(as_user(cast.health_officer), report, report.revision, **{RESULTS: "Muộn"})
    assert (answer.status_code, answer.json()["locked"]) == (409, True)
    report.refresh_from_db()
    assert report.words["results"] == "Đã ban hành kế hoạch triển khai."


def test_words_of_a_line_that_is_no_longer_there_are_not_swallowed(cast: Cast, report: Report, as_user):
    gone = report.lines.get().pk
    report.lines.all().delete()
    answer = save(as_user(cast.health_officer), report, report.revision, **{f"{LINE}{gone}": "Lời đã gõ"})
    assert (answer.status_code, answer.json()["locked"]) == (409, True)


def test_too_long_a_text_is_refused_in_words(cast: Cast, report: Report, as_user):
    answer = save(as_user(cast.health_officer), report, report.revision, **{RESULTS: "x" * 20_001})
    assert answer.status_code == 422
    assert RESULTS in answer.json()["errors"]


def test_without_script_two_sections_written_by_two_people_are_both_kept(cast: Cast, report: Report, as_user):
    page = {"revision": report.revision}
    for name in (RESULTS, OUTLOOK, f"{SECTION}shortcomings", f"{SECTION}obstacles", f"{SECTION}proposals"):
        page |= {name: "", f"initial-{name}": ""}
    line = f"{LINE}{report.lines.get().pk}"
    page |= {line: "", f"initial-{line}": ""}
    save(as_user(cast.health_leader), report, report.revision, **{OUTLOOK: "Lời lãnh đạo"})
    answer = as_user(cast.health_officer).post(report.get_absolute_url(), page | {RESULTS: "Lời chuyên viên"})
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.words["results"], report.words["outlook"]) == ("Lời chuyên viên", "Lời lãnh đạo")


def test_without_script_who_has_read_both_texts_may_save_again(cast: Cast, report: Report, as_user):
    page = {"revision": report.revision, RESULTS: "Lời chuyên viên", f"initial-{RESULTS}": ""}
    save(as_user(cast.health_leader), report, report.revision, **{RESULTS: "Lời lãnh đạo", OUTLOOK: "Mới"})
    client = as_user(cast.health_officer)
    refused = client.post(report.get_absolute_url(), page | {OUTLOOK: "", f"initial-{OUTLOOK}": ""})
    form = refused.context["form"]
    assert refused.context["conflicts"] == [("Kết quả nổi bật trong kỳ", "Lời lãnh đạo")]
    again = {name: form.data[name] for name in ("revision", RESULTS, OUTLOOK)}
    again |= {f"initial-{name}": form.data[f"initial-{name}"] for name in (RESULTS, OUTLOOK)}
    assert again[OUTLOOK] == "Mới"
    assert client.post(report.get_absolute_url(), again).status_code == 302
    report.refresh_from_db()
    assert (report.words["results"], report.words["outlook"]) == ("Lời chuyên viên", "Mới")


def test_saving_costs_the_same_for_few_and_many_lines(cast: Cast, report: Report, as_user):
    client = as_user(cast.health_officer)

    def queries(text: str) -> int:
        now = Report.objects.get(pk=report.pk)
        with CaptureQueriesContext(connection) as captured:
            shown = {f"initial-{RESULTS}": now.words_of("results")}
            data = {"revision": now.revision, RESULTS: text, **shown}
            assert client.post(reverse("report-save", args=[report.pk]), data).status_code == 200
        return len(captured)

    queries("Một")
    few = queries("Hai")
    for _ in range(32):
        work_item(cast.health, plan=cast.plan)
    fill(report, BEFORE)
    assert report.lines.count() == 33
    assert queries("Ba") == few


def test_the_reason_of_a_return_stands_on_top_until_the_report_is_sent_again(cast: Cast, report: Report, as_user):
    submitted(report, cast.health_officer, cast.health_leader)
    report.send_back(by=cast.coordinator, on=BEFORE, reason="Thiếu số liệu quý II")
    client = as_user(cast.health_officer)
    page = client.get(report.get_absolute_url())
    assert page.context["returned"].words == "Thiếu số liệu quý II"
    top = page.content.decode().split("Bước tiếp theo")[0].split("Kỳ báo cáo")[0]
    assert "Thiếu số liệu quý II" in top
    assert str(cast.coordinator) in top
    report.approve(by=cast.health_leader, on=BEFORE)
    report.submit(by=cast.health_officer, on=BEFORE)
    assert client.get(report.get_absolute_url()).context["returned"] is None


def test_words_are_taken_back_through_the_page(cast: Cast, report: Report, as_user):
    client = as_user(cast.health_officer)
    report.write(by=cast.health_officer, revision=report.revision, words={"proposals": "Khác"}, results_by_line={})
    assert "Lấy lại từ vướng mắc đã nêu" in client.get(report.get_absolute_url()).content.decode()
    data = {"revision": report.revision, "section": "proposals"}
    answer = client.post(reverse("report-restore", args=[report.pk]), data)
    assert answer.headers["Location"].endswith("#muc-proposals")
    report.refresh_from_db()
    assert report.words["proposals"] == ""


def test_files_are_added_and_removed_on_the_page_while_it_is_written(cast: Cast, report: Report, as_user):
    client = as_user(cast.health_officer)
    files = [SimpleUploadedFile("Biểu 1.xlsx", b"PK"), SimpleUploadedFile("Biểu 2.pdf", b"%PDF-1.7")]
    client.post(reverse("report-attach", args=[report.pk]), {"files": files})
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Biểu 1.xlsx" in page
    assert "Biểu 2.pdf" in page
    one = report.attachments.first()
    client.post(reverse("report-attachment-remove", args=[report.pk, one.pk]))
    assert [left.name for left in report.attachments.all()] == ["Biểu 2.pdf"]
    client.post(reverse("report-attach", args=[report.pk]), {"files": SimpleUploadedFile("a.exe", b"MZ")})
    assert report.attachments.count() == 1


def test_the_coordinator_fills_and_submits_for_an_agency_whose_paper_came(cast: Cast, report_of, as_user):
    work_item(cast.justice, plan=cast.plan)
    report = report_of(cast.justice)
    address = reverse("report-on-behalf", args=[report.pk])
    client = as_user(cast.coordinator)
    assert client.get(address).context["line_count"] == 1
    paper = {
        "number": "12/BC-STP", "dated_on": "05/06/2024", "signer": "Lê Văn C", "signed_as": "head",
        "came_on": "06/06/2024", "words": "Nhận qua văn thư",
    }  # fmt: skip
    assert client.post(address, paper).status_code == 422
    signed = SimpleUploadedFile("ky.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    assert client.post(address, paper | {"signed_file": signed}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.submitted_on) == (ReportState.SUBMITTED, date(2024, 6, 6))
    assert "làm thay" in client.get(report.get_absolute_url()).content.decode()


def test_a_refused_submission_on_behalf_keeps_nothing_of_the_paper(cast: Cast, report_of, as_user, settings):
    work_item(cast.justice, plan=cast.plan)
    report = report_of(cast.justice)
    signed = SimpleUploadedFile("ky.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    paper = {
        "number": "12/BC-STP", "dated_on": "05/06/2024", "signer": "Lê Văn C", "signed_as": "head",
        "came_on": "01/01/2024", "words": "", "signed_file": signed,
    }  # fmt: skip
    answer = as_user(cast.coordinator).post(reverse("report-on-behalf", args=[report.pk]), paper)
    assert answer.status_code == 422
    report.refresh_from_db()
    assert (report.number, report.signed_file.name, report.events.count()) == ("", "", 0)
    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


@pytest.fixture
def unit(cast: Cast, report_task) -> Report:
    """Return the report of the commune, which goes to its district."""
    work_item(cast.commune, plan=cast.plan)
    [period] = propose_periods(cast.plan)
    period.open(by=cast.coordinator, on=date(2024, 5, 20))
    return Report.objects.get(period=period, agency=cast.commune)


def test_a_parents_page_shows_how_its_units_reports_stand(cast: Cast, unit: Report, as_user):
    own = Report.objects.get(period=unit.period, agency=cast.district)
    submitted(unit, cast.commune_officer, person(cast.commune, Membership.Role.LEADER))
    page = as_user(cast.district_officer).get(own.get_absolute_url())
    assert (page.context["children"]["submitted"], page.context["children"]["missing"]) == (1, 0)
    assert "UBND xã Quang Sơn" in page.content.decode()
    assert as_user(cast.commune_officer).get(unit.get_absolute_url()).context["children"] is None


def test_the_list_tells_reports_of_units_apart(cast: Cast, unit: Report, as_user):
    groups = as_user(cast.district_officer).get(reverse("report-list")).context["groups"]
    told = [(title, [report.agency.name for report, _ in rows]) for title, rows in groups]
    assert told == [
        ("Báo cáo của cơ quan", ["UBND huyện Lập Thạch"]),
        ("Báo cáo của đơn vị cấp dưới", ["UBND xã Quang Sơn"]),
    ]


def test_a_parents_officer_writes_and_its_leader_approves_for_a_unit_through_the_pages(
    cast: Cast, unit: Report, as_user
):
    officer = as_user(cast.district_officer)
    assert "làm thay UBND xã Quang Sơn" in officer.get(unit.get_absolute_url()).content.decode()
    unit.refresh_from_db()
    told = {RESULTS: "Đã làm.", OUTLOOK: "Tiếp tục."}
    assert save(officer, unit, unit.revision, **told).status_code == 200
    leader = as_user(person(cast.district, Membership.Role.LEADER))
    assert "Duyệt thay" in leader.get(unit.get_absolute_url()).content.decode()
    leader.post(reverse("report-step", args=[unit.pk, "duyet"]))
    unit.refresh_from_db()
    assert unit.state == ReportState.APPROVED
    assert [event.on_behalf for event in unit.events.all()] == [True, True]


def test_the_api_tells_sections_checks_and_takes_words_back(cast: Cast, report: Report):
    client = APIClient()
    client.force_login(cast.health_officer)
    told = client.get(reverse("api-report-detail", args=[report.pk])).json()
    assert [row["key"] for row in told["sections"]][:2] == ["results", "shortcomings"]
    checks = client.get(reverse("api-report-checks", args=[report.pk])).json()
    assert {"label": "Đến mục này", "anchor": "muc-results"} in checks[0]["places"]
    body = {"revision": told["revision"], "words": {"obstacles": "Khác"}}
    now = client.post(reverse("api-report-write", args=[report.pk]), body, format="json").json()
    body = {"revision": now["revision"], "section": "obstacles"}
    now = client.post(reverse("api-report-restore", args=[report.pk]), body, format="json").json()
    assert now["words"]["obstacles"] == ""


def test_the_api_adds_and_removes_files_excludes_and_includes(cast: Cast, report: Report):
    client = APIClient()
    client.force_login(cast.health_officer)
    files = {"files": [SimpleUploadedFile("a.pdf", b"%PDF-1.7"), SimpleUploadedFile("b.pdf", b"%PDF-1.7")]}
    told = client.post(reverse("api-report-attachments", args=[report.pk]), files, format="multipart").json()
    assert [row["name"] for row in told["attachments"]] == ["a.pdf", "b.pdf"]
    told = client.delete(reverse("api-report-attachment", args=[report.pk, told["attachments"][0]["id"]])).json()
    assert [row["name"] for row in told["attachments"]] == ["b.pdf"]
    client.force_login(cast.coordinator)
    for verb, reason in (("exclude", "Đã sáp nhập"), ("include", "")):
        body = {"reason": reason or "Còn hoạt động"}
        told = client.post(reverse(f"api-report-{verb}", args=[report.pk]), body, format="json").json()
        assert bool(told["excluded_reason"]) == (verb == "exclude")
