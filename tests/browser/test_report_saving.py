"""A report that saves itself while somebody types, in a real Chromium: pauses, conflicts, lost connections."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from agencies.models import User
from reports.models import Period, Report, ReportState
from tests.cast import Cast, make_cast
from tests.factories import PeriodFactory, ReportFactory, work_item

pytestmark = [pytest.mark.browser]
RESULTS, OUTLOOK = "#id_section-results", "#id_section-outlook"
STATE = "[data-save-state]"
SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d")
Open = Callable[[User], Page]


@pytest.fixture
def cast(transactional_db) -> Cast:
    return make_cast()


@pytest.fixture
def report(cast: Cast) -> Report:
    work_item(cast.health, plan=cast.plan, due=date(2099, 6, 30))
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN)
    return ReportFactory(period=period, agency=cast.health)


@pytest.fixture
def open_report(chromium, live_server, report: Report) -> Open:
    """Return a function that opens the report in a browser of the person's own; scripts must not fail."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def enter(user: User) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        context.set_default_timeout(20_000)
        contexts.append(context)
        sign_in(context, live_server.url, user)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(report.get_absolute_url())
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(context: BrowserContext, url: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def words_of(report: Report, key: str) -> str:
    return Report.objects.get(pk=report.pk).words_of(key)


def test_words_are_saved_after_a_pause_and_when_a_field_is_left_without_reloading(cast, report, open_report):
    page = open_report(cast.health_officer)
    page.locator(RESULTS).press_sequentially("Đã ban hành kế hoạch.")
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert words_of(report, "results") == "Đã ban hành kế hoạch."
    page.locator(OUTLOOK).fill("Tiếp tục thực hiện.")
    page.locator(RESULTS).focus()
    expect(page.locator("[data-next]")).to_contain_text("Đủ nội dung")
    assert words_of(report, "outlook") == "Tiếp tục thực hiện."
    assert page.locator("#id_revision").input_value() == str(Report.objects.get(pk=report.pk).revision)
    page.reload()
    expect(page.locator(RESULTS)).to_have_value("Đã ban hành kế hoạch.")


def test_two_people_at_one_section_are_shown_both_texts_and_nothing_is_lost(cast, report, open_report):
    officer, leader = open_report(cast.health_officer), open_report(cast.health_leader)
    leader.locator(RESULTS).fill("Lời lãnh đạo")
    leader.locator(OUTLOOK).fill("Phương hướng của lãnh đạo")
    leader.get_by_role("button", name="Lưu báo cáo").click()
    expect(leader.locator(STATE)).to_have_text(SAVED)
    officer.locator(RESULTS).fill("Lời chuyên viên")
    officer.get_by_role("button", name="Lưu báo cáo").click()
    box = officer.locator(".both-texts")
    expect(box).to_contain_text("Lời lãnh đạo")
    expect(officer.locator(RESULTS)).to_have_value("Lời chuyên viên")
    expect(officer.locator(OUTLOOK)).to_have_value("Phương hướng của lãnh đạo")
    assert words_of(report, "results") == "Lời lãnh đạo"
    officer.locator(RESULTS).fill("Lời lãnh đạo và lời chuyên viên")
    box.get_by_role("button", name="Giữ nội dung trong ô soạn").click()
    expect(officer.locator(STATE)).to_have_text(SAVED)
    assert words_of(report, "results") == "Lời lãnh đạo và lời chuyên viên"
    assert words_of(report, "outlook") == "Phương hướng của lãnh đạo"


def test_what_is_typed_without_a_connection_stays_and_is_sent_when_it_is_back(cast, report, open_report):
    page = open_report(cast.health_officer)
    page.context.set_offline(True)
    page.locator(RESULTS).fill("Gõ khi mất mạng")
    page.locator(OUTLOOK).focus()
    expect(page.locator(STATE)).to_contain_text("Mất kết nối")
    assert words_of(report, "results") == ""
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert words_of(report, "results") == "Gõ khi mất mạng"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bao-cao-')).length") == 0


def test_what_never_reached_the_server_is_there_when_the_page_is_opened_again(cast, report, open_report):
    page = open_report(cast.health_officer)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no way out')); }")
    page.locator(RESULTS).fill("Gõ rồi đóng trang")
    page.locator(OUTLOOK).focus()
    expect(page.locator(STATE)).to_contain_text("Mất kết nối")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    assert words_of(report, "results") == ""
    again.goto(report.get_absolute_url())
    expect(again.locator(RESULTS)).to_have_value("Gõ rồi đóng trang")
    expect(again.locator(STATE)).to_have_text(SAVED)
    assert words_of(report, "results") == "Gõ rồi đóng trang"


def test_there_are_never_two_savings_at_once(cast, report, open_report):
    page = open_report(cast.health_officer)
    running, most = 0, 0

    def slowly(route: Route) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        page.wait_for_timeout(400)
        route.continue_()
        running -= 1

    page.route("**/luu/", slowly)
    for number in range(4):
        page.locator(RESULTS).fill(f"Lần {number}")
        page.locator(OUTLOOK).fill(f"Lần {number}")
        page.locator(RESULTS).focus()
    page.get_by_role("button", name="Lưu báo cáo").click()
    expect(page.locator(STATE)).to_have_text(SAVED)
    page.wait_for_timeout(300)
    assert most == 1
    assert (words_of(report, "results"), words_of(report, "outlook")) == ("Lần 3", "Lần 3")


def test_approving_waits_until_what_was_typed_is_saved(cast, report, open_report):
    Report.objects.filter(pk=report.pk).update(words={"results": "Đã làm.", "outlook": "Tiếp tục."})
    page = open_report(cast.health_leader)
    page.locator(RESULTS).fill("Bản cuối cùng")
    page.evaluate("document.querySelector('form[action$=\"/buoc/duyet/\"]').requestSubmit()")
    page.locator("#confirm-yes").click()
    expect(page.get_by_text("Đã duyệt báo cáo.")).to_be_visible()
    now = Report.objects.get(pk=report.pk)
    assert (now.state, now.words["results"]) == (ReportState.APPROVED, "Bản cuối cùng")


def test_what_was_typed_after_an_approval_is_shown_to_be_copied(cast, report, open_report):
    page = open_report(cast.health_officer)
    Report.objects.filter(pk=report.pk).update(state=ReportState.APPROVED)
    page.locator(RESULTS).fill("Gõ sau khi duyệt")
    page.locator(OUTLOOK).focus()
    expect(page.locator(STATE)).to_contain_text("Báo cáo không còn sửa được")
    again = page.context.new_page()
    again.goto(reverse("report-detail", args=[report.pk]))
    expect(again.locator(".left-texts")).to_contain_text("Gõ sau khi duyệt")
    again.get_by_role("button", name="Đã chép").click()
    again.reload()
    expect(again.locator(".left-texts")).to_have_count(0)
