"""The desk of whoever collects reports: what it shows, what may be done from it, and for whom."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Agency, Succession, User
from reports.desk import ASKED, Below, chosen, desk_rows, endings, figures_of_desk
from reports.models import Period, Report, ReportEvent, ReportState
from tests.cast import Cast
from tests.factories import AgencyFactory, person, work_item
from tests.reports.conftest import submitted

ON = date(2024, 6, 12)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _on_12_june(monkeypatch, settings) -> None:
    """Let the desk stand three days after the due date of 9/6/2024."""
    for module in ("reports.views.desk", "reports.views.periods"):
        monkeypatch.setattr(f"{module}.today", lambda: ON)


@pytest.fixture
def opened(cast: Cast, proposed: Period) -> Period:
    """Return the open period; the district's commune reports to it."""
    work_item(cast.commune, plan=cast.plan)
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    return Period.objects.select_related("plan").get(pk=proposed.pk)


@pytest.fixture
def sent(cast: Cast, opened: Period) -> Report:
    """Return the report of Sở Y tế, submitted in time."""
    return submitted(opened.reports.get(agency=cast.health), cast.health_officer, cast.health_leader)


def rows_of(cast: Cast, period: Period, collector: Agency | None = None, user: User | None = None):
    return desk_rows(period, collector, user=user or cast.coordinator, on=ON)


def desk_of(period: Period) -> str:
    return reverse("period-detail", args=[period.pk])


def collected(period: Period) -> str:
    return reverse("period-collected", args=[period.pk])


def many(user: User, period: Period, follow: bool = True, **body: object):
    return as_user(user).post(reverse("period-many", args=[period.pk]), body, follow=follow)


# What it shows


def test_a_row_says_who_has_submitted_who_has_not_and_how_late(cast: Cast, sent: Report, opened: Period):
    rows = {row.report.agency: row for row in rows_of(cast, opened)}
    assert {agency.name: (row.words, row.late, row.may_decide) for agency, row in rows.items()} == {
        "Sở Y tế": ("đã nộp", 0, True),
        "Sở Tư pháp": ("đang soạn", 3, False),
        "UBND huyện Lập Thạch": ("đang soạn", 3, False),
    }
    assert rows[cast.district].below == Below("Cấp xã", expected=1, arrived=0, accepted=0)


def test_each_number_opens_as_many_rows_as_it_says(cast: Cast, sent: Report, opened: Period):
    opened.reports.get(agency=cast.justice).exclude(by=cast.coordinator, on=ON, reason="Giải thể.")
    client = as_user(cast.coordinator)
    figures = client.get(desk_of(opened)).context["figures"]
    assert figures["expected"] == 2
    for name in ASKED:
        page = client.get(desk_of(opened), {"state": name}).context["page_obj"]
        assert (name, page.paginator.count) == (name, figures[name])


def test_the_desk_finds_without_diacritics_and_sorts_by_what_is_asked(cast: Cast, sent: Report, opened: Period):
    rows = rows_of(cast, opened)
    assert [row.report.agency for row in chosen(rows, words="so tu phap")] == [cast.justice]
    assert [row.report.agency for row in chosen(rows, kind="district_pc")] == [cast.district]
    assert chosen(rows, sort="state")[0].report.agency == cast.health, "what waits for a decision comes first"
    assert chosen(rows, sort="-late")[-1].report.agency == cast.health
    assert chosen(rows, sort="submitted")[0].report.agency == cast.health
    assert chosen(rows, state="no such thing", sort="no such thing") == rows


def test_the_address_with_filter_and_order_can_be_sent_to_a_colleague(cast: Cast, sent: Report, opened: Period):
    page = as_user(cast.viewer).get(desk_of(opened), {"state": "missing", "q": "huyen", "sort": "-late"})
    assert [row.report.agency for row in page.context["page_obj"]] == [cast.district]


def test_released_agencies_stand_last_with_their_reason(cast: Cast, opened: Period):
    opened.reports.get(agency=cast.health).exclude(by=cast.coordinator, on=ON, reason="Sáp nhập từ 01/6/2024.")
    page = as_user(cast.coordinator).get(desk_of(opened))
    assert page.context["page_obj"][-1].report.agency == cast.health
    assert "Sáp nhập từ 01/6/2024." in page.content.decode()


def test_what_became_of_an_agency_is_told_and_proposed_as_the_reason(cast: Cast, opened: Period):
    Agency.objects.filter(pk=cast.justice.pk).update(valid_to=date(2024, 5, 31))
    cast.justice.refresh_from_db()
    assert endings([cast.justice], ON) == {cast.justice.pk: "ngừng hoạt động từ ngày 01/06/2024"}
    Succession.objects.create(predecessor=cast.justice, successor=cast.health, kind="merge", on=date(2024, 6, 1))
    told = "sáp nhập vào Sở Y tế từ ngày 01/06/2024"
    assert endings([cast.justice, cast.health], ON) == {cast.justice.pk: told}
    report = opened.reports.get(agency=cast.justice)
    page = many(cast.coordinator, opened, exclude=report.pk).content.decode()
    assert f"S{told[1:]}." in page


def test_the_excel_file_holds_what_is_shown(cast: Cast, sent: Report, opened: Period):
    answer = as_user(cast.coordinator).get(desk_of(opened), {"state": "missing", "export": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "Tình hình nộp báo cáo: 6 tháng đầu năm 2024"
    named = {row[1]: (row[2], row[5], row[9]) for row in cells if isinstance(row[0], int)}
    assert named == {"Sở Tư pháp": ("Đang soạn", 3, None), "UBND huyện Lập Thạch": ("Đang soạn", 3, "0/1")}


def test_two_hundred_agencies_cost_as_many_queries_as_three(cast: Cast, sent: Report, opened: Period):
    client = as_user(cast.coordinator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(desk_of(opened)).status_code == 200
        return len(captured)

    queries()
    few = queries()
    agencies = [AgencyFactory(province=cast.province, parent=cast.committee) for _ in range(197)]
    Report.objects.bulk_create(
        Report(period=opened, agency=one, due_date=opened.due_date, state="submitted", submitted_on=ON)
        for one in agencies
    )
    assert queries() == few
    assert few <= 25


def test_more_than_a_page_of_rows_is_paged(cast: Cast, opened: Period, monkeypatch):
    monkeypatch.setattr("reports.views.desk.ROWS", 2)
    page = as_user(cast.coordinator).get(desk_of(opened), {"page": 2})
    assert [row.report.agency for row in page.context["page_obj"]] == [cast.district]


def test_nobody_submits_on_behalf_of_their_own_agency(cast: Cast, opened: Period):
    own = Report.objects.create(period=opened, agency=cast.home_affairs, due_date=opened.due_date)
    words = as_user(cast.coordinator).get(desk_of(opened)).content.decode()
    assert reverse("report-on-behalf", args=[own.pk]) not in words
    assert reverse("report-on-behalf", args=[opened.reports.get(agency=cast.health).pk]) in words


# What may be done from it


def test_several_reports_are_returned_with_one_reason(cast: Cast, sent: Report, opened: Period, justice_leader):
    other = submitted(opened.reports.get(agency=cast.justice), cast.justice_officer, justice_leader)
    ids = [sent.pk, other.pk]
    asking = many(cast.coordinator, opened, **{"do": "return", "reports": ids})
    assert "Một lý do dùng chung cho 2 báo cáo" in asking.content.decode()
    assert many(cast.coordinator, opened, do="return", reports=ids, sure="1", reason=" ").status_code == 422
    many(cast.coordinator, opened, do="return", reports=ids, sure="1", reason="Thiếu số liệu quý II.")
    assert set(Report.objects.filter(pk__in=ids).values_list("state", flat=True)) == {ReportState.RETURNED}
    assert {event.words for event in ReportEvent.objects.filter(kind="returned")} == {"Thiếu số liệu quý II."}


def test_several_are_accepted_at_once_and_one_that_cannot_is_named(cast: Cast, sent: Report, opened: Period):
    draft = opened.reports.get(agency=cast.justice)
    page = many(cast.coordinator, opened, do="accept", reports=[sent.pk, draft.pk]).content.decode()
    assert "Đã tiếp nhận 1 báo cáo." in page
    assert "Sở Tư pháp: Cơ quan chưa nộp báo cáo." in page
    assert Report.objects.get(pk=sent.pk).state == ReportState.ACCEPTED


def test_the_button_of_a_row_is_about_that_row_whatever_is_ticked(cast: Cast, sent: Report, opened: Period):
    draft = opened.reports.get(agency=cast.justice)
    page = many(cast.coordinator, opened, accept=sent.pk, reports=[draft.pk]).content.decode()
    assert "Đã tiếp nhận 1 báo cáo." in page
    assert "Sở Tư pháp: " not in page


def test_an_agency_is_released_and_asked_again_each_with_a_reason(cast: Cast, opened: Period):
    report = opened.reports.get(agency=cast.health)
    many(cast.coordinator, opened, do="exclude", reports=[report.pk], sure="1", reason="Đang sáp nhập.")
    assert Report.objects.get(pk=report.pk).excluded_reason == "Đang sáp nhập."
    many(cast.coordinator, opened, do="include", reports=[report.pk], sure="1", reason="Chưa sáp nhập.")
    assert Report.objects.get(pk=report.pk).excluded_reason == ""


def test_after_a_deed_the_person_is_back_where_they_were(cast: Cast, sent: Report, opened: Period):
    back = f"{desk_of(opened)}?state=submitted"
    answer = many(cast.coordinator, opened, follow=False, do="accept", reports=[sent.pk], next=back)
    assert answer.headers["Location"] == back
    away = many(
        cast.coordinator, opened, follow=False, do="accept", reports=[sent.pk], next="https://elsewhere.example/"
    )
    assert away.headers["Location"] == desk_of(opened)


def test_a_viewer_sees_the_desk_and_decides_nothing(cast: Cast, sent: Report, opened: Period):
    page = as_user(cast.viewer).get(desk_of(opened))
    assert page.status_code == 200
    assert 'name="reports"' not in page.content.decode()
    assert many(cast.viewer, opened, do="accept", reports=[sent.pk]).status_code == 404
    assert Report.objects.get(pk=sent.pk).state == ReportState.SUBMITTED


def test_a_report_submitted_by_somebody_else_is_marked(cast: Cast, opened: Period):
    report = opened.reports.get(agency=cast.commune)
    leader = person(cast.district, "leader", username="lapthach.lanhdao")
    submitted(report, cast.district_officer, leader)
    [row] = rows_of(cast, opened, cast.district, leader)
    assert (row.is_on_behalf, row.words) == (True, "đã nộp (nộp thay)")
    assert figures_of_desk([row])["on_behalf"] == 1


# The desk of an agency whose units report to it


def test_a_districts_people_have_their_own_desk_and_nobody_else(cast: Cast, opened: Period):
    page = as_user(cast.district_officer).get(collected(opened))
    assert [row.report.agency for row in page.context["page_obj"]] == [cast.commune]
    for somebody in (cast.health_officer, cast.commune_officer, cast.coordinator, cast.viewer, cast.stranger):
        assert as_user(somebody).get(collected(opened)).status_code == 404


def test_a_district_accepts_its_communes_report_and_the_coordinator_may_not(cast: Cast, opened: Period):
    leader = person(cast.commune, "leader", username="quangson.lanhdao")
    report = submitted(opened.reports.get(agency=cast.commune), cast.commune_officer, leader)
    many(cast.coordinator, opened, do="accept", reports=[report.pk])
    assert Report.objects.get(pk=report.pk).state == ReportState.SUBMITTED
    many(cast.district_officer, opened, do="accept", reports=[report.pk])
    assert Report.objects.get(pk=report.pk).state == ReportState.ACCEPTED


def test_a_district_decides_nothing_that_comes_to_the_coordinator(cast: Cast, sent: Report, opened: Period):
    page = many(cast.district_officer, opened, do="accept", reports=[sent.pk]).content.decode()
    assert "Hãy chọn ít nhất một báo cáo." in page
    assert Report.objects.get(pk=sent.pk).state == ReportState.SUBMITTED


def test_the_coordinator_looks_at_a_districts_desk_without_deciding(cast: Cast, opened: Period):
    page = as_user(cast.coordinator).get(desk_of(opened), {"cua": cast.district.pk})
    assert [row.report.agency for row in page.context["page_obj"]] == [cast.commune]
    assert 'name="reports"' not in page.content.decode()
    assert as_user(cast.coordinator).get(desk_of(opened), {"cua": cast.health.pk}).status_code == 404


def test_who_works_in_two_agencies_chooses_the_desk(cast: Cast, opened: Period):
    unit = AgencyFactory(province=cast.province, parent=cast.health, name="Phòng Nghiệp vụ Y")
    Report.objects.create(period=opened, agency=unit, collector=cast.health, due_date=opened.due_date)
    cast.district_officer.memberships.create(agency=cast.health, role="officer")
    client = as_user(cast.district_officer)
    assert [one.name for one, _ in client.get(collected(opened)).context["own"]] == ["Sở Y tế", "UBND huyện Lập Thạch"]
    for collector, name in ((cast.health, "Phòng Nghiệp vụ Y"), (cast.district, "UBND xã Quang Sơn")):
        page = client.get(collected(opened), {"cua": collector.pk})
        assert [row.report.agency.name for row in page.context["page_obj"]] == [name]
    assert client.get(collected(opened), {"cua": cast.justice.pk}).status_code == 404
