"""Asking for missing reports of a period by hand: once a day, by whoever collects them, told to their people."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from agencies.models import User
from notices.models import Notice, Urging
from notices.rules import make_notices
from notices.urging import late_agencies, urge, urge_missing_reports
from plans.models import Plan
from reports.models import Period, Report
from tests.cast import Cast
from tests.factories import PeriodFactory, ReportFactory, work_item

ON = date(2024, 6, 12)


@pytest.fixture
def period(cast: Cast) -> Period:
    """Return an open period: Sở Y tế and the district report to the coordinator, the commune to its district."""
    Plan.objects.filter(pk=cast.plan.pk).update(activated_on=date(2024, 3, 20))
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN, opened_on=date(2024, 5, 20))
    for agency in (cast.health, cast.district):
        ReportFactory(period=period, agency=agency)
    ReportFactory(period=period, agency=cast.commune, collector=cast.district, due_date=date(2024, 6, 5))
    return period


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(user: User, period: Period, **body: object):
    return as_user(user).post(reverse("urging-reports", args=[period.pk]), body, follow=True)


def urged() -> list[tuple[str, str]]:
    return [(one.agency.name, one.about) for one in Urging.objects.order_by("agency__sort_key")]


def test_all_who_are_missing_are_asked_with_what_they_owe(cast: Cast, period: Period):
    made = urge_missing_reports(period, None, by=cast.coordinator, on=ON)
    assert {one.agency for one in made} == {cast.health, cast.district}
    told = "Nộp Báo cáo 6 tháng đầu năm 2024, hạn nộp 09/6/2024, quá hạn nộp 3 ngày"
    assert urged() == [("Sở Y tế", told), ("UBND huyện Lập Thạch", told)]


def test_two_clicks_on_one_day_tell_once_and_the_next_day_tells_again(cast: Cast, period: Period):
    urge_missing_reports(period, None, by=cast.coordinator, on=ON)
    assert urge_missing_reports(period, None, by=cast.coordinator, on=ON) == []
    assert len(urge_missing_reports(period, None, by=cast.coordinator, on=date(2024, 6, 13))) == 2


def test_who_has_submitted_or_is_released_is_not_asked(cast: Cast, period: Period):
    period.reports.filter(agency=cast.health).update(state="submitted", submitted_on=ON)
    period.reports.filter(agency=cast.district).update(excluded_reason="Giải thể.")
    with pytest.raises(ValidationError, match="Không có báo cáo nào chưa nộp"):
        urge_missing_reports(period, [cast.health.pk, cast.district.pk], by=cast.coordinator, on=ON)
    assert not Urging.objects.exists()


def test_a_closed_period_asks_nobody(cast: Cast, period: Period):
    period.status = Period.Status.CLOSED
    with pytest.raises(ValidationError):
        urge_missing_reports(period, None, by=cast.coordinator, on=ON)


def test_everybody_asks_for_what_comes_to_their_own_desk(cast: Cast, period: Period):
    assert [one.agency for one in urge_missing_reports(period, None, by=cast.district_officer, on=ON)] == [cast.commune]
    with pytest.raises(ValidationError):
        urge_missing_reports(period, [cast.commune.pk], by=cast.coordinator, on=ON)
    with pytest.raises(ValidationError):
        urge_missing_reports(period, None, by=cast.health_leader, on=ON)


def test_the_agencys_people_are_told_once_by_whom_and_about_which_report(cast: Cast, period: Period):
    urge_missing_reports(period, [cast.health.pk], by=cast.coordinator, on=ON)
    urge_missing_reports(period, None, by=cast.district_officer, on=ON)
    for _ in range(2):
        make_notices(ON)
    told = Notice.objects.filter(kind=Notice.Kind.URGED)
    assert told.filter(recipient=cast.health_officer).get().words == (
        "Sở Nội vụ nhắc ngày 12/6/2024: Sở Y tế chưa nộp Báo cáo 6 tháng đầu năm 2024, hạn nộp 09/6/2024, đã quá hạn 3 ngày, "
        "theo Kế hoạch 82/KH-UBND."
    )
    commune = told.get(recipient=cast.commune_officer)
    assert commune.words.startswith("UBND huyện Lập Thạch nhắc ngày 12/6/2024: UBND xã Quang Sơn chưa nộp")
    assert commune.report == Report.objects.get(agency=cast.commune)


def test_urging_about_work_and_about_the_report_do_not_stand_in_each_others_way(cast: Cast, period: Period):
    work_item(cast.health, plan=cast.plan, due=date(2024, 5, 31))
    urge_missing_reports(period, [cast.health.pk], by=cast.coordinator, on=ON)
    [late] = late_agencies(cast.plan, ON)
    assert late.urged == 0, "it was asked for its report, not urged about its work"
    [made] = urge(cast.plan, [cast.health.pk], kind=Urging.Kind.MESSAGE, by=cast.coordinator, on=ON)
    assert (made.period, made.about) == (None, "1 việc quá hạn")


def test_the_buttons_ask_all_the_ticked_or_one(cast: Cast, period: Period, monkeypatch):
    monkeypatch.setattr("notices.views.urging.today", lambda: ON)
    report = period.reports.get(agency=cast.health)
    assert "Đã nhắc 1 cơ quan nộp báo cáo." in ask(cast.coordinator, period, one=report.pk).content.decode()
    page = ask(cast.coordinator, period, all="1").content.decode()
    assert "Đã nhắc 1 cơ quan nộp báo cáo. 1 cơ quan đã được nhắc hôm nay." in page
    page = ask(cast.coordinator, period, reports=[report.pk]).content.decode()
    assert "Không nhắc thêm cơ quan nào." in page
    page = ask(cast.district_officer, period, all="1", cua=cast.district.pk).content.decode()
    assert "Đã nhắc 1 cơ quan nộp báo cáo." in page
    assert Urging.objects.count() == 3


def test_the_log_and_its_excel_file_say_that_a_report_was_asked_for(cast: Cast, period: Period):
    urge_missing_reports(period, [cast.health.pk], by=cast.coordinator, on=ON)
    client = as_user(cast.health_officer)
    assert "Nộp Báo cáo 6 tháng đầu năm 2024" in client.get(reverse("urging-log")).content.decode()
    assert client.get(reverse("urging-log"), {"export": "xlsx"}).status_code == 200
