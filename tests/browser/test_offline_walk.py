"""An officer takes the annex home, fills it in, and gives it back; a colleague was faster at one item."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from agencies.models import Agency, User
from plans.models import OfflineReturn, Plan, Update
from plans.offline.annex import CODE, PERCENT, WORDS, code_of
from plans.offline.standing import to_fill
from tests.browser.conftest import TakePicture
from workdays.clock import today

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def fill(path: Path, written: dict[str, tuple[object, str]]) -> None:
    """Write into the annex as a spreadsheet program does, by the codes of rows."""
    book = load_workbook(path)
    sheet = book.active
    head = next(row for row in sheet.iter_rows() if any(cell.value == CODE for cell in row))
    columns = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        if found := written.get(str(sheet.cell(row, columns[CODE]).value)):
            sheet.cell(row, columns[PERCENT]).value, sheet.cell(row, columns[WORDS]).value = found
    book.save(path)


def test_the_annex_goes_home_and_comes_back(
    demonstration: None, sign_in: Callable[..., Page], picture: TakePicture, tmp_path: Path
):
    plan, agency = Plan.objects.get(number="82/KH-UBND"), Agency.objects.get(code="SYT")
    standing = [
        row.item for row in to_fill(plan, agency) if not row.item.is_check_point and not row.item.task.is_report
    ]
    officer = User.objects.filter(memberships__agency=agency, memberships__role="officer").first()
    assert officer
    assert len(standing) >= 4
    page = sign_in(officer.username)
    page.goto("/dau-viec/")
    page.get_by_role("link", name="Điền ngoại tuyến").click()
    page.get_by_role("link", name=agency.name).first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải phụ lục").first.click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    done, half, wrong, contested = standing[:4]
    contested.record_update(by=officer, on=today(), percent=55, words="Đã họp với Sở Tài chính, thống nhất kinh phí.")
    fill(
        path,
        {
            code_of(done.pk): (100, "Đã ban hành Kế hoạch số 15/KH-SYT ngày 28/3/2024; công khai trên cổng thông tin."),
            code_of(half.pk): (45, "Đã rà soát 12/26 thủ tục.\nCòn lại các thủ tục lĩnh vực dược."),
            code_of(wrong.pk): ("gần xong", "Đang lấy ý kiến các phòng."),
            code_of(contested.pk): (70, "Đã trình dự toán kinh phí."),
        },
    )
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Tải lên và so sánh").click()
    expect(page.get_by_role("heading", name="Xung đột")).to_be_visible()
    expect(page.get_by_text("“gần xong” không phải số")).to_be_visible()
    picture(page, "14-dien-ngoai-tuyen")
    page.screenshot(path=str(tmp_path / "full.png"), full_page=True)
    page.get_by_label("Ghi xong, báo hoàn thành đầu việc này").first.check()
    page.get_by_role("button", name="Ghi các thay đổi đã chọn").click()
    page.get_by_role("button", name="Ghi cập nhật", exact=True).click()
    expect(page.get_by_text("Đã ghi 2 cập nhật từ tệp")).to_be_visible()
    assert Update.objects.filter(offline_entry__isnull=False).count() == 2
    contested.refresh_from_db()
    assert contested.percent == 55
    returned = OfflineReturn.objects.get()
    assert isinstance(returned.file, File)
    phone = sign_in(officer.username, phone=True)
    phone.goto(returned.get_absolute_url())
    expect(phone.get_by_role("heading", name="Không nhận được")).to_be_visible()
    wide = phone.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide
