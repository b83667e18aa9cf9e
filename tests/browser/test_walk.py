"""The main job, end to end, in a real Chromium: what README's walk shows. `make pictures` saves its pictures."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from playwright.sync_api import Page, expect

from notices.models import Letter, Notice
from plans.models import Plan, WorkItem
from plans.models.occurrence import State
from reports.models import Consolidation, Report, ReportState

pytestmark = [pytest.mark.browser]
PLAN = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"


def say_yes(page: Page) -> None:
    """Answer the question that a final step asks once."""
    page.locator("dialog[open] button.btn-primary, dialog[open] button.btn-danger").last.click()
    page.wait_for_load_state()


def test_a_coordinator_uploads_the_plan_looks_and_confirms(empty_demonstration, sign_in, picture):
    page = sign_in("dieuphoi")
    page.goto("/ke-hoach/nhap/")
    picture(page, "03a-nhap-ke-hoach")
    page.set_input_files("input[type=file]", PLAN)
    page.get_by_role("button", name="Đọc văn bản").click()
    expect(page.get_by_text("33 nhiệm vụ được đọc từ văn bản")).to_be_visible()
    page.get_by_role("link", name="Tất cả").click()
    expect(page.locator(".import-row")).to_have_count(33)
    picture(page, "03b-xem-lai-de-xuat")
    page.get_by_role("button", name="Xác nhận và giao việc").click()
    picture(page, "03c-xac-nhan")
    say_yes(page)
    expect(page.get_by_text("đã được đưa vào theo dõi")).to_be_visible()
    plan = Plan.objects.get()
    assert (plan.number, plan.status, plan.tasks.count()) == ("82/KH-UBND", "active", 33)
    assert WorkItem.objects.filter(agency__code="SYT").exists()
    picture(page, "03d-ke-hoach")
    page.goto("/ke-hoach/nhap/")
    page.set_input_files("input[type=file]", PLAN)
    page.get_by_role("button", name="Đọc văn bản").click()
    expect(page.get_by_text("Văn bản này đã được nhập").first).to_be_visible()
    assert Plan.objects.count() == 1


def test_sở_y_tế_works_and_reports_and_sở_nội_vụ_confirms_and_consolidates(
    demonstration, sign_in, picture, picture_of_paper, tmp_path
):
    coordinator, officer, leader = sign_in("dieuphoi"), sign_in("yte"), sign_in("yte.lanhdao")
    picture(coordinator, "02-trang-chu-tinh")
    picture(officer, "04a-trang-chu-so-y-te")
    _update_an_item(officer, picture, tmp_path)
    _hand_in_and_confirm(officer, coordinator, picture)
    _report(officer, leader, picture)
    _accept_and_consolidate(coordinator, picture, picture_of_paper)
    _move_the_day(coordinator, picture)
    assert Consolidation.objects.get().period.plan.number == "82/KH-UBND"


def _update_an_item(officer: Page, picture, tmp_path: Path) -> None:
    item = WorkItem.objects.filter(agency__code="SYT", task__position=9, state=State.NOT_STARTED).order_by("due_date")[
        0
    ]
    proof = tmp_path / "bien-ban.pdf"
    proof.write_bytes(b"%PDF-1.4 minh chung")
    officer.goto(f"/dau-viec/{item.pk}/")
    officer.fill("[name=percent]", "45")
    officer.fill("[name=words]", "Phát hành 12.000 tờ rơi về khám, chữa bệnh bảo hiểm y tế tại 9 huyện, thành phố.")
    officer.set_input_files("[name=files]", proof)
    picture(officer, "04b-cap-nhat-tien-do")
    officer.get_by_role("button", name="Lưu cập nhật").click()
    expect(officer.get_by_text("Đã ghi cập nhật tiến độ")).to_be_visible()
    expect(officer.get_by_role("link", name="bien-ban.pdf")).to_be_visible()
    picture(officer, "04c-dau-viec")
    assert item.updates.get().evidence.get().name == "bien-ban.pdf"


def _hand_in_and_confirm(officer: Page, coordinator: Page, picture) -> None:
    item = WorkItem.objects.filter(agency__code="SYT", task__position=10, kind="delivery").get()
    officer.goto(f"/dau-viec/{item.pk}/")
    officer.fill("[name=percent]", "100")
    officer.fill("[name=words]", "Đã hoàn thành: 136/136 trạm y tế xã có bác sĩ làm việc thường xuyên.")
    officer.get_by_role("button", name="Lưu và báo hoàn thành").click()
    expect(officer.get_by_text("chờ xác nhận").first).to_be_visible()
    coordinator.goto(f"/dau-viec/{item.pk}/")
    coordinator.get_by_role("link", name="Trả lại…").click()
    coordinator.fill("dialog[open] [name=reason]", "Đề nghị gửi danh sách trạm y tế kèm theo.")
    picture(coordinator, "04d-tra-lai")
    coordinator.click("dialog[open] button.btn-danger")
    expect(coordinator.get_by_text("Đã trả lại đầu việc")).to_be_visible()
    officer.goto(f"/dau-viec/{item.pk}/")
    expect(officer.get_by_text("Đề nghị gửi danh sách trạm y tế kèm theo.")).to_be_visible()
    officer.fill("[name=percent]", "100")
    officer.fill("[name=words]", "Đã bổ sung danh sách 136 trạm y tế.")
    officer.get_by_role("button", name="Lưu và báo hoàn thành").click()
    coordinator.goto("/dau-viec/?state=handed_in")
    coordinator.locator(f"input[name=items][value='{item.pk}']").check()
    picture(coordinator, "04e-xac-nhan-nhieu")
    coordinator.locator("button[name=do][value=confirm]").click()
    say_yes(coordinator)
    expect(coordinator.get_by_text("Đã xác nhận 1 đầu việc")).to_be_visible()
    item.refresh_from_db()
    assert item.state == State.COMPLETED


def _report(officer: Page, leader: Page, picture) -> None:
    report = Report.objects.get(agency__code="SYT", period__due_date="2024-06-09")
    officer.goto(report.get_absolute_url())
    officer.fill(
        "[name=section-results]", "Sở Y tế đã triển khai đầy đủ các nhiệm vụ được giao tại Kế hoạch số 82/KH-UBND."
    )
    officer.fill("[name=section-outlook]", "Tiếp tục nâng cao chất lượng khám, chữa bệnh tại tuyến cơ sở.")
    for cell in officer.locator(".list-table textarea").all():
        if cell.is_visible() and cell.input_value() == "":
            cell.fill("Đã thực hiện theo kế hoạch, bảo đảm tiến độ.")
    officer.evaluate("document.querySelector('.list-table').scrollIntoView()")
    picture(officer, "06a-bao-cao-so-y-te")
    officer.get_by_role("button", name="Lưu báo cáo").click()
    expect(officer.locator("[data-save-state].is-saved")).to_be_visible()
    expect(officer.get_by_text("Đủ nội dung").first).to_be_visible()
    leader.goto(report.get_absolute_url())
    leader.get_by_role("button", name="Duyệt báo cáo").first.click()
    say_yes(leader)
    expect(leader.get_by_text("Đã duyệt báo cáo")).to_be_visible()
    officer.goto(report.get_absolute_url())
    officer.get_by_role("button", name="Nộp báo cáo").first.click()
    say_yes(officer)
    expect(officer.get_by_text("Đã nộp báo cáo").first).to_be_visible()
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
    report.item.refresh_from_db()
    assert report.item.state == State.HANDED_IN


def _accept_and_consolidate(coordinator: Page, picture, picture_of_paper) -> None:
    report = Report.objects.get(agency__code="SYT", period__due_date="2024-06-09")
    coordinator.goto(report.period.get_absolute_url())
    picture(coordinator, "06b-ky-bao-cao")
    coordinator.locator(f"input[name=reports][value='{report.pk}']").check()
    coordinator.locator("form[data-bulk] button.btn-primary").click()
    say_yes(coordinator)
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED
    coordinator.goto(f"{report.period.get_absolute_url()}tong-hop/")
    picture(coordinator, "06c-tong-hop")
    coordinator.get_by_role("button", name="Lập báo cáo tổng hợp").first.click()
    say_yes(coordinator)
    expect(coordinator.get_by_role("link", name="Tải tệp Word")).to_be_visible(timeout=120_000)
    picture(coordinator, "06d-ban-tong-hop")
    with coordinator.expect_download() as waiting:
        coordinator.get_by_role("link", name=re.compile("Word")).first.click()
    paper = Path(waiting.value.path())
    picture_of_paper(paper, "06e-bao-cao-word")
    words = "\n".join(part.text for part in Document(BytesIO(paper.read_bytes())).paragraphs)
    assert "BÁO CÁO" in words
    assert "82/KH-UBND" in words


def _move_the_day(coordinator: Page, picture) -> None:
    before = Notice.objects.count()
    coordinator.goto("/")
    coordinator.get_by_role("button", name="+7 ngày").click()
    coordinator.wait_for_load_state()
    expect(coordinator.get_by_text("10/6/2024").first).to_be_visible()
    assert Notice.objects.count() > before
    assert Letter.objects.filter(on__gt="2024-06-03").exists()
    coordinator.goto("/thu/")
    picture(coordinator, "05a-thu")
    coordinator.locator("table a").first.click()
    picture(coordinator, "05b-mot-thu")
    coordinator.goto("/chi-so/")
    picture(coordinator, "08-chi-so")
    coordinator.goto("/api/docs/")
    expect(coordinator.locator("#operations-tag-work-items, [data-tag='work-items']").first).to_be_visible()
    picture(coordinator, "07-api")


def test_an_officer_reads_home_on_a_phone(empty_demonstration, sign_in, picture):
    page = sign_in("yte", phone=True)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, "09-dien-thoai")
