"""The coordinator's desk and the outline editor in a real Chromium: ticks outlive a refresh, sections move."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.models import User
from notices.models import Urging
from reports.models import Period
from workdays.clock import today

pytestmark = [pytest.mark.browser, pytest.mark.long]
EVERY_MINUTE = 61_000
"""Milliseconds after which the desk has refreshed itself."""


def test_a_coordinator_works_through_the_desk_and_orders_the_outline(demonstration, sign_in, picture):
    page: Page = sign_in("dieuphoi")
    period = Period.objects.get(status=Period.Status.OPEN)
    _refresh(page, period)
    picture(page, "13a-ban-theo-doi-nop")
    missing = _remind(page, period)
    assert Urging.objects.filter(period=period).count() == missing > 0
    later = Period.objects.get(status=Period.Status.PROPOSED)
    last = _outline(page, later, picture)
    saved = [section.title for section in Period.objects.get(pk=later.pk).sections]
    assert (saved[0], saved[-1], len(saved)) == (last, "Công tác tuyên truyền", 5)


def _refresh(page: Page, period: Period) -> None:
    """Tick two agencies; while a minute passes a third submits: its row changes, the ticks stay."""
    page.clock.install()
    page.goto(period.get_absolute_url())
    boxes = page.locator("[data-bulk-one]")
    names = [boxes.nth(place).get_attribute("aria-label") or "" for place in range(2)]
    for place in range(2):
        boxes.nth(place).check()
    waits = period.reports.submitted().select_related("agency", "period__plan").first()
    assert waits is not None
    waits.accept(by=User.objects.get(username="dieuphoi"), on=today())
    row = page.locator("tr", has=page.locator(f"#bao-cao-{waits.pk}"))
    expect(row).to_contain_text("chờ tiếp nhận")
    page.clock.run_for(EVERY_MINUTE)
    expect(row).to_contain_text("Đã tiếp nhận")
    for name in names:
        expect(page.get_by_label(name, exact=True)).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")


def _remind(page: Page, period: Period) -> int:
    """One click and one yes: every missing agency is asked once, a second time nobody. Return how many are missing."""
    missing = period.reports.to_the_coordinator().missing().count()
    page.goto(period.get_absolute_url())
    for said in (f"Đã nhắc {missing} cơ quan", "Không nhắc thêm cơ quan nào"):
        page.get_by_role("button", name=re.compile("Nhắc tất cả")).first.click()
        page.locator("#confirm-yes").click()
        expect(page.locator(".messages")).to_contain_text(said)
    return missing


def _outline(page: Page, period: Period, picture) -> str:
    """Move the last section to the top and add one, without leaving the page; then save. Return what was moved."""
    page.goto(f"{period.get_absolute_url()}sua/")
    titles = page.locator("#outline input[name^='title-']")
    last = titles.nth(4).input_value()
    for place in (4, 3, 2, 1):
        page.locator("[data-outline-row]").nth(place).get_by_role("button", name="Chuyển lên").click()
    assert titles.nth(0).input_value() == last
    page.get_by_role("button", name="Thêm mục").click()
    titles.nth(5).fill("Công tác tuyên truyền")
    page.locator("[data-outline-row]").nth(2).get_by_role("button", name="Bỏ mục").click()
    picture(page, "13b-de-cuong")
    page.get_by_role("button", name="Lưu kỳ báo cáo").click()
    expect(page.locator(".messages")).to_contain_text("Đã lưu kỳ báo cáo")
    return last
