"""A corrected document laid beside the real plan, and late agencies urged, in a real Chromium."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from playwright.sync_api import Page, expect

from notices.models import Urging
from plans.models import Amendment, Plan

pytestmark = [pytest.mark.browser, pytest.mark.long]
PLAN = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"


def corrected(folder: Path) -> Path:
    """Return the plan's document with one time moved and the last task left out."""
    document = Document(str(PLAN))
    table = next(one for one in document.tables if any("Quý I đến Quý IV" in cell.text for cell in one.rows[-1].cells))
    row = next(row for row in table.rows if row.cells[-1].text.strip() == "Quý II")
    for place, run in enumerate(row.cells[-1].paragraphs[0].runs):
        run.text = "Quý III" if place == 0 else ""
    last = table.rows[-1]._tr
    last.getparent().remove(last)
    path = folder / "82-dinh-chinh.docx"
    document.save(str(path))
    return path


def test_a_coordinator_urges_late_agencies_and_corrects_the_plan_by_what_is_ticked(
    demonstration, sign_in, picture, picture_of_paper, tmp_path: Path
):
    page: Page = sign_in("dieuphoi")
    _urge(page, picture, picture_of_paper, tmp_path)
    assert Urging.objects.filter(kind=Urging.Kind.MESSAGE).count() == 2
    _correct(page, picture, tmp_path)
    plan = Plan.objects.get(number="82/KH-UBND")
    assert Amendment.objects.get(plan=plan).changes.count() == 1
    assert plan.tasks.standing().count() == 33, "what was not ticked stays"


def _correct(page: Page, picture, tmp_path: Path) -> None:
    """Lay a corrected document beside the plan and apply one of its two differences."""
    plan = Plan.objects.get(number="82/KH-UBND")
    page.goto(plan.get_absolute_url())
    page.get_by_role("link", name="Điều chỉnh").click()
    page.get_by_label("Văn bản điều chỉnh, đính chính").set_input_files(corrected(tmp_path))
    page.get_by_role("button", name="Đọc và đối chiếu").click()
    page.get_by_role("link", name=re.compile("[Ss]o sánh với kế hoạch")).first.click()
    expect(page.locator(".difference-changed")).to_have_count(1)
    expect(page.locator(".difference-gone")).to_have_count(1)
    picture(page, "11a-doi-chieu")
    page.get_by_label("Căn cứ điều chỉnh").fill("Văn bản số 1234/UBND-NC ngày 31/5/2024")
    page.get_by_role("button", name="Áp dụng thay đổi đã chọn").click()
    page.get_by_role("button", name="Áp dụng", exact=True).click()
    expect(page.get_by_text("Đã điều chỉnh kế hoạch lần 1")).to_be_visible()


def _urge(page: Page, picture, picture_of_paper, tmp_path: Path) -> None:
    """Urge two late agencies, look at the letter of one and at the log."""
    page.get_by_role("link", name="Đôn đốc").first.click()
    ticks = page.locator("[data-bulk-one]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    page.get_by_label("Nội dung đôn đốc").fill("Đề nghị báo cáo kết quả trước ngày 07/6/2024.")
    picture(page, "12a-don-doc")
    page.get_by_role("button", name="Nhắc ngay").click()
    page.locator("#confirm-yes").click()
    expect(page.get_by_text("Đã đôn đốc 2 cơ quan")).to_be_visible()
    with page.expect_download() as letter:
        page.get_by_role("link", name="Xem bản Word").first.click()
    paper = tmp_path / "cong-van.docx"
    letter.value.save_as(paper)
    picture_of_paper(paper, "12b-cong-van")
    page.get_by_role("link", name="Nhật ký đôn đốc").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    picture(page, "12c-nhat-ky")
