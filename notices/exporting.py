"""The ledger and the list for the deputy chair as Excel workbooks, as they are shown."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency
from notices.escalated import Late
from notices.models import Notice, Urging
from notices.wording import written_day
from plans.exporting import Download, workbook
from plans.models import Plan

NOTICES = [
    ("TT", 6), ("Ngày", 12), ("Loại", 22), ("Nội dung", 70), ("Hạn", 12), ("Người nhận", 26), ("Vì sao nhận", 40),
    ("Tình trạng", 16), ("Lý do không gửi", 40), ("Thư gửi lúc", 18), ("Địa chỉ", 28), ("Đọc lúc", 18),
]  # fmt: skip
URGINGS = [
    ("TT", 6), ("Ngày", 12), ("Cơ quan", 34), ("Kế hoạch", 16), ("Hình thức", 18), ("Việc quá hạn", 10),
    ("Nội dung", 60), ("Số công văn", 18), ("Ngày công văn", 14), ("Người đôn đốc", 24),
]  # fmt: skip
ESCALATED = [
    ("TT", 6), ("Cơ quan", 34), ("Nhiệm vụ", 70), ("Hạn", 12), ("Quá hạn (ngày)", 12), ("Tiến độ (%)", 11),
    ("Cập nhật gần nhất", 16), ("Đã báo", 50),
]  # fmt: skip


def notices_xlsx(notices: "QuerySet[Notice]", plan: Plan, agency: Agency, on: date) -> Download:
    """Return what was said about an agency's duties: to whom, why, and how each ended."""
    rows = (
        [
            notice.on, notice.get_kind_display(), notice.words, notice.due_date, str(notice.recipient),
            notice.why, notice.get_state_display(), notice.reason,
            _local(notice.letter.sent_at) if notice.letter else None,
            notice.letter.address if notice.letter else "", _local(notice.read_at),
        ]
        for notice in notices.iterator(chunk_size=2000)
    )  # fmt: skip
    return workbook("Sổ thông báo", NOTICES, rows, f"thong-bao-{agency.code.lower()}-{on:%Y-%m-%d}.xlsx")


def escalated_xlsx(rows: Sequence[Late], plan: Plan, on: date) -> Download:
    """Return the list for the deputy chair."""
    found = (
        [row.agency.name, row.what, row.due, row.days, row.percent, row.heard,
         "; ".join(f"{who} ngày {written_day(day)}" for who, day in row.told)]
        for row in rows
    )  # fmt: skip
    return workbook("Danh sách trình", ESCALATED, found, f"danh-sach-trinh-{on:%Y-%m-%d}.xlsx")


def urgings_xlsx(urgings: "QuerySet[Urging]", on: date) -> Download:
    """Return the log of urging."""
    rows = (
        [one.on, one.agency.name, one.plan.number, one.get_kind_display(), one.count, one.words or one.about, one.number,
         one.signed_on, str(one.by)]
        for one in urgings
    )  # fmt: skip
    return workbook("Nhật ký đôn đốc", URGINGS, rows, f"nhat-ky-don-doc-{on:%Y-%m-%d}.xlsx")


def _local(moment: datetime | None) -> datetime | None:
    """Return the moment in Vietnam without its zone, as Excel keeps it."""
    return timezone.localtime(moment).replace(tzinfo=None) if moment else None
