"""Every kind of page, as axe and a phone see it: nobody is shut out, and nothing runs out of the window."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from notices.models import Letter
from plans.models import Extension, Obstacle, Plan, Task, WorkItem
from plans.models.occurrence import State
from reports.models import Period, Report

pytestmark = [pytest.mark.browser, pytest.mark.long]
SHOWN_BY_OTHERS = {"exclude": [["#swagger-ui"]]}
"""Swagger UI draws its own part of the API page; axe looks at what is ours."""

OF_OTHERS = {("/api/docs/", "landmark-no-duplicate-main")}
"""Swagger UI brings a main landmark of its own, which axe sees as soon as it has drawn."""


def faults(page: Page, addresses: list[str]) -> list[str]:
    """Open the pages and return what axe finds and which run out of the window sideways."""
    axe, found = Axe(), []
    for address in addresses:
        page.goto(address)
        for fault in axe.run(page, context=SHOWN_BY_OTHERS).response["violations"]:
            if (address, fault["id"]) in OF_OTHERS:
                continue
            found.append(f"{address}: {fault['id']}: {fault['nodes'][0]['html'][:120]}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{address}: wider than the window")
    return found


def pages_of_a_coordinator() -> list[str]:
    plan, period = Plan.objects.get(), Period.objects.order_by("due_date")[0]
    waiting = WorkItem.objects.filter(state=State.HANDED_IN, task__is_report=False)[0]
    return [
        "/",
        "/ke-hoach/",
        plan.get_absolute_url(),
        Task.objects.order_by("position")[0].get_absolute_url(),
        "/ke-hoach/nhap/",
        "/dau-viec/",
        "/dau-viec/?q=kh%C3%B4ng+c%C3%B3+g%C3%AC",
        waiting.get_absolute_url(),
        "/gia-han/?tab=all",
        Extension.objects.get(state=Extension.State.ASKED).get_absolute_url(),
        Extension.objects.get(state=Extension.State.FORWARDED).get_absolute_url(),
        "/vuong-mac/?tab=all",
        Obstacle.objects.get(agency__name="UBND huyện Lập Thạch").get_absolute_url(),
        "/bao-cao/",
        "/ky-bao-cao/",
        period.get_absolute_url(),
        f"{period.get_absolute_url()}tong-hop/",
        "/thong-bao/",
        "/thu/",
        Letter.objects.latest("pk").get_absolute_url(),
        "/chi-so/",
        "/co-quan/",
        f"/co-quan/{plan.coordinating_agency_id}/",
        "/tai-khoan/mat-khau/doi/",
        "/tai-khoan/ma-api/",
        "/api/docs/",
        "/khong-co-trang-nay/",
    ]


def pages_of_an_officer() -> list[str]:
    item = WorkItem.objects.filter(agency__code="SYT", state=State.NOT_STARTED).order_by("due_date")[0]
    delivery = WorkItem.objects.filter(agency__code="SYT", task__is_report=False).deliveries().open()[0]
    return [
        "/",
        "/dau-viec/",
        item.get_absolute_url(),
        f"/dau-viec/{delivery.pk}/gia-han/",
        f"/dau-viec/{delivery.pk}/vuong-mac/",
        "/vuong-mac/",
        Report.objects.get(agency__code="SYT").get_absolute_url(),
    ]


@pytest.mark.parametrize("phone", [False, True], ids=["office", "phone"])
def test_axe_finds_no_fault_and_no_page_scrolls_sideways(demonstration, sign_in, phone):
    coordinator, officer = sign_in("dieuphoi", phone=phone), sign_in("yte", phone=phone)
    assert faults(coordinator, pages_of_a_coordinator()) + faults(officer, pages_of_an_officer()) == []
