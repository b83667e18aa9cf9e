"""The review of an import in a real Chromium: keys, parts of the page that change by themselves, two people, a phone."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from agencies.models import Agency, Membership, User
from plans.importing import mending
from plans.importing.starting import start_draft
from plans.models import DraftRow, ImportDraft, Plan
from tests.browser.test_accessibility import faults
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.browser]
PLAN = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"
WORDS = """ỦY BAN NHÂN DÂN
TỈNH VĨNH PHÚC
Số: 95/KH-UBND
Vĩnh Phúc, ngày 20 tháng 3 năm 2024

KẾ HOẠCH
Nâng cao sự hài lòng của người dân năm 2024

| STT | Nhiệm vụ | Cơ quan chủ trì, thực hiện | Thời gian |
|---|---|---|---|
| 1 | Rà soát thủ tục hành chính | Sở Y tế | Quý II |
| 2 | Kiểm tra việc niêm yết | Sở Hàng không | Quý III |
| 3 | Khảo sát ý kiến người dân | Sở Nội vụ | Quý IV/2023 |
| 4 | Công khai kết quả. Báo chí đưa tin | Sở Hàng không | Quý IV |
"""
DAMAGED = WORDS.encode()
OPEN, ACCEPTED, DROPPED = DraftRow.State.OPEN, DraftRow.State.ACCEPTED, DraftRow.State.DROPPED


def start(data: bytes, name: str) -> ImportDraft:
    """Read a document as the coordinator of the sample data."""
    by, agency = User.objects.get(username="dieuphoi"), Agency.objects.get(code="SNV")
    return start_draft(data=data, name=name, by=by, agency=agency)


def row(draft: ImportDraft, position: int) -> DraftRow:
    return draft.rows.select_related("draft__province").get(position=position)


def at(page: Page, one: DraftRow):
    return page.locator(f"#dong-{one.pk}")


def test_the_whole_review_is_done_from_the_keyboard(empty_demonstration, sign_in, picture):
    draft = start(DAMAGED, "95.md")
    page: Page = sign_in("dieuphoi")
    page.goto(draft.get_absolute_url())
    expect(page.locator(".import-row")).to_have_count(3)
    picture(page, "10a-can-xem-lai")
    page.get_by_role("link", name=re.compile("Tất cả")).click()
    expect(page.locator(".import-row")).to_have_count(4)
    first, second, third, fourth = (row(draft, place) for place in (1, 2, 3, 4))
    page.keyboard.press("j")
    expect(at(page, first)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text("Đã chấp nhận dòng 1.").first).to_be_visible()
    expect(at(page, first)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(at(page, first)).to_be_focused()
    page.keyboard.press("n")
    expect(at(page, second)).to_be_focused()
    page.keyboard.press("Enter")
    name = at(page, second).locator("input[name=agency]").first
    expect(at(page, second).locator("textarea[name=text]")).to_be_focused()
    name.fill("so tu ph")
    expect(page.get_by_role("option", name=re.compile("Sở Tư pháp"))).to_be_visible()
    picture(page, "10b-sua-mot-dong")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(name).to_have_value("Sở Tư pháp")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã lưu dòng 2: đã chấp nhận.").first).to_be_visible()
    expect(at(page, third)).to_be_focused()
    page.keyboard.press("Enter")
    at(page, third).locator("textarea[name=text]").fill("Không giữ")
    page.once("dialog", lambda asked: asked.accept())
    page.keyboard.press("Escape")
    expect(page.locator("[data-editor]")).to_have_count(0)
    expect(at(page, third)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("Đã bỏ dòng 3.").first).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("Đã lấy lại dòng 3.").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Phím tắt khi xem lại")).to_be_visible()
    page.keyboard.press("Escape")
    at(page, third).get_by_role("button", name=re.compile("năm in nhầm")).click()
    expect(page.get_by_text("Đã chọn cách hiểu thời hạn của dòng 3.").first).to_be_visible()
    states = list(draft.rows.values_list("position", "state"))
    assert states == [(1, ACCEPTED), (2, ACCEPTED), (3, ACCEPTED), (4, OPEN)]
    assert row(draft, 3).task["text"] == "Khảo sát ý kiến người dân"
    at(page, fourth).get_by_text("Khác", exact=True).click()
    at(page, fourth).get_by_role("button", name=re.compile("Báo chí đưa tin")).click()
    expect(page.locator(".import-row")).to_have_count(5)
    expect(at(page, row(draft, 5))).to_be_focused()
    assert [one.task["text"] for one in draft.rows.all()[3:]] == ["Công khai kết quả.", "Báo chí đưa tin"]


def test_an_unknown_body_is_added_on_the_spot_and_the_plan_confirmed(empty_demonstration, sign_in, picture):
    draft = start(DAMAGED, "95.md")
    page: Page = sign_in("dieuphoi")
    page.goto(draft.get_absolute_url())
    second = at(page, row(draft, 2))
    second.get_by_role("link", name=re.compile("Thêm vào danh bạ")).click()
    second.get_by_label("Loại").select_option("department")
    picture(page, "10c-them-co-quan")
    second.get_by_role("button", name="Thêm và ghi vào các dòng").click()
    expect(page.get_by_text("Đã thêm Sở Hàng không vào danh bạ và ghi ở 2 dòng.").first).to_be_visible()
    expect(page.locator("#nhap")).to_have_count(1)
    page.goto(f"{draft.get_absolute_url()}?loc=tat-ca")
    page.get_by_role("button", name=re.compile("Chấp nhận 3 dòng rõ ràng")).click()
    expect(page.get_by_text("3/4 dòng đã xem", exact=True)).to_be_visible()
    page.locator("[data-import-one]").nth(2).check()
    bar = page.locator("[data-import-bar]")
    expect(bar).to_be_visible()
    bar.get_by_text("Đặt thời hạn").click()
    bar.get_by_label("Theo lời văn").fill("Quý IV/2024")
    picture(page, "10d-nhieu-dong")
    bar.get_by_role("button", name="Đặt cho các dòng được chọn").click()
    expect(page.get_by_text("Đã đặt thời hạn cho 1 dòng.").first).to_be_visible()
    page.get_by_role("button", name="Xác nhận và giao việc").click()
    page.locator("dialog[open] button.btn-primary").click()
    expect(page.get_by_text("đã được đưa vào theo dõi")).to_be_visible()
    assert Plan.objects.get().tasks.count() == 4


def test_two_people_see_each_other_and_nothing_is_lost(empty_demonstration, sign_in):
    draft = start(DAMAGED, "95.md")
    colleague = MembershipFactory(agency=Agency.objects.get(code="SNV"), role=Membership.Role.COORDINATOR).user
    page: Page = sign_in("dieuphoi")
    page.goto(f"{draft.get_absolute_url()}?loc=tat-ca")
    first, third = row(draft, 1), row(draft, 3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    at(page, first).locator("textarea[name=text]").fill("Lời của tôi")
    mending.change_row(row(draft, 1), by=colleague, revision=1, text="Lời của đồng nghiệp")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"{colleague} vừa sửa dòng này")).to_be_visible()
    expect(at(page, first).get_by_text("“Lời của đồng nghiệp”")).to_be_visible()
    expect(at(page, first).locator("textarea[name=text]")).to_have_value("Lời của tôi")
    at(page, first).get_by_role("button", name="Lưu dòng này").click()
    expect(page.get_by_text("Đã lưu dòng 1").first).to_be_visible()
    assert row(draft, 1).task["text"] == "Lời của tôi"
    mending.accept_row(third, by=colleague, revision=1)
    at(page, row(draft, 4)).get_by_role("button", name="Chấp nhận").click()
    expect(page.locator("#tin-moi").get_by_role("link", name="dòng 3")).to_be_visible()
    page.get_by_role("button", name="Xác nhận và giao việc").click()
    page.locator("dialog[open] button.btn-primary").click()
    expect(
        page.get_by_text("Bản nhập vừa được người khác sửa").or_(page.get_by_text("chỗ phải sửa")).first
    ).to_be_visible()
    assert not Plan.objects.exists()


@pytest.mark.long
def test_the_review_shuts_nobody_out(empty_demonstration, sign_in):
    draft = start(DAMAGED, "95.md")
    page: Page = sign_in("dieuphoi")
    one = f"/ke-hoach/nhap/dong/{row(draft, 3).pk}/"
    agency = f"/ke-hoach/nhap/dong/{row(draft, 2).pk}/co-quan-moi/?words=S%E1%BB%9F+H%C3%A0ng+kh%C3%B4ng"
    assert faults(page, [draft.get_absolute_url(), f"{draft.get_absolute_url()}?loc=tat-ca", one, agency]) == []


@pytest.mark.long
def test_the_review_fits_a_phone(empty_demonstration, sign_in, picture):
    draft = start(PLAN.read_bytes(), PLAN.name)
    page: Page = sign_in("dieuphoi", phone=True)
    page.goto(f"{draft.get_absolute_url()}?loc=tat-ca")
    expect(page.locator(".import-row")).to_have_count(33)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".import-row").first.get_by_role("link", name="Sửa").click()
    expect(page.locator("[data-editor]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, "10e-dien-thoai")
