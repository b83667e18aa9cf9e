"""Targets and one entry of progress for two plans, in a real Chromium: set with one click, reported, linked, shared."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from agencies.models import Agency
from plans.models import Target, TargetFigure, Task, Update, WorkItem
from plans.models.plan import Role
from tests.factories import PlanFactory, TaskFactory, work_item

pytestmark = [pytest.mark.browser, pytest.mark.long]
WORDS = "Rà soát thủ tục hành chính: 100% TTHC được công khai; kiến nghị cắt giảm tối thiểu 20% thời gian giải quyết."


def second_plan() -> WorkItem:
    """Return what Sở Y tế owes in a plan of digital transformation that Sở Nội vụ coordinates too."""
    home, health = Agency.objects.get(code="SNV"), Agency.objects.get(code="SYT")
    plan = PlanFactory(
        province=home.province, coordinating_agency=home, number="116/KH-UBND", title="Kế hoạch chuyển đổi số năm 2024"
    )
    task = TaskFactory(plan=plan, text=WORDS, position=4, deadline__due_dates=[date(2024, 6, 30)])
    return work_item(health, task=task, role=Role.IMPLEMENT)


def test_a_coordinator_sets_targets_and_an_agency_reports_once_for_two_plans(demonstration, sign_in, picture):
    item = second_plan()
    coordinator, officer = sign_in("dieuphoi"), sign_in("yte")
    _set_a_target(coordinator, item.task, picture)
    _link(officer, item, picture)
    _report(officer, item, picture)
    coordinator.goto(item.task.get_absolute_url())
    expect(coordinator.get_by_text("1/1 cơ quan").first).to_be_visible()
    picture(coordinator, "15a-chi-tieu")
    shown = Task.objects.get(plan__number="82/KH-UBND", position=21)
    coordinator.goto(shown.get_absolute_url())
    expect(coordinator.get_by_text("trung vị")).to_be_visible()


def _set_a_target(page: Page, task: Task, picture) -> None:
    page.goto(task.get_absolute_url())
    expect(page.get_by_text("Tìm thấy trong văn bản")).to_be_visible()
    page.get_by_role("button", name="Ghi chỉ tiêu này").first.click()
    expect(page.get_by_text("Đã ghi chỉ tiêu: 100 %.")).to_be_visible()
    page.get_by_role("link", name="Sửa rồi ghi").first.click()
    page.get_by_label("Mức phải đạt").fill("25,5")
    page.get_by_role("button", name="Lưu chỉ tiêu").click()
    expect(page.get_by_text("Đã ghi chỉ tiêu: ≥ 25,5 %.")).to_be_visible()
    assert Target.objects.filter(task=task).count() == 2


def _link(page: Page, item: WorkItem, picture) -> None:
    page.goto(item.get_absolute_url())
    page.get_by_role("link", name="Liên kết…").click()
    expect(page.get_by_role("heading", name="Gợi ý")).to_be_visible()
    picture(page, "15b-lien-ket")
    page.get_by_role("button", name="Liên kết với nhiệm vụ 22,").click()
    expect(page.get_by_text("Đã liên kết.")).to_be_visible()


def _report(page: Page, item: WorkItem, picture) -> None:
    page.get_by_label("Tiến độ (%)").fill("60")
    page.get_by_label("Kết quả, tình hình thực hiện").fill("Đã rà soát 45 thủ tục, kiến nghị cắt giảm 12 thủ tục.")
    page.get_by_label("100% TTHC được công khai").fill("98,7")
    page.get_by_role("button", name="Lưu cập nhật", exact=True).click()
    expect(page.get_by_text("Đã ghi cùng lúc cho Kế hoạch 82/KH-UBND (nhiệm vụ 22).")).to_be_visible()
    copy = Update.objects.get(shared_from__item=item)
    assert (copy.item.task.position, copy.percent) == (22, 60)
    assert [str(one) for one in TargetFigure.objects.filter(update__item=item)] == ["98,7 % (100 %)"]
    page.goto(copy.item.get_absolute_url())
    expect(page.get_by_text("Ghi cùng cập nhật ở Kế hoạch 116/KH-UBND")).to_be_visible()
