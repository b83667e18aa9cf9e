"""Lists as Excel workbooks, as they are shown."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from agencies.folding import printable
from plans.models.extension_rules import ExtensionQuerySet
from plans.models.obstacle import ObstacleQuerySet
from plans.models.occurrence import Timeliness, WorkItemQuerySet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRAPPED_FROM = 40
"""Width of a column, in characters, from which its words wrap."""
COLUMNS = [
    ("TT", 6),
    ("Cơ quan", 34),
    ("Kế hoạch", 16),
    ("Nhiệm vụ", 70),
    ("Vai trò", 12),
    ("Thời gian (nguyên văn)", 20),
    ("Hạn", 12),
    ("Trạng thái", 18),
    ("So với hạn", 16),
    ("Tiến độ (%)", 11),
    ("Cập nhật gần nhất", 16),
]
EXTENSION_COLUMNS = [
    ("TT", 6), ("Cơ quan", 34), ("Kế hoạch", 16), ("Nhiệm vụ", 60), ("Hạn khi đề nghị", 14), ("Đề nghị đến", 14),
    ("Lần gia hạn", 10), ("Lý do", 50), ("Ngày đề nghị", 14), ("Trạng thái", 20), ("Được gia hạn đến", 14),
    ("Ngày kết thúc", 14), ("Số ngày xử lý", 10), ("Quá 48 giờ", 10), ("Ý kiến", 40), ("Văn bản cấp trên", 34),
]  # fmt: skip
OBSTACLE_COLUMNS = [
    ("TT", 6), ("Cơ quan nêu", 34), ("Kế hoạch", 16), ("Nhiệm vụ", 50), ("Vướng mắc", 50), ("Nguyên nhân", 40),
    ("Kiến nghị", 50), ("Gửi đến cơ quan", 34), ("Ngày nêu", 14), ("Trạng thái", 16), ("Số ngày từ khi nêu", 12),
    ("Quá 48 giờ", 10), ("Trả lời", 50), ("Văn bản trả lời", 30), ("Ngày trả lời", 14),
]  # fmt: skip


def work_items_xlsx(items: WorkItemQuerySet, today: date) -> HttpResponse:
    """Return the items as a workbook with a frozen head and filters; words are text, never formulas."""
    rows = (
        [
            item.agency.name, item.task.plan.number, item.task.text, item.get_role_display(), item.task.time_text,
            item.due_date, item.get_state_display(), Timeliness(item.timeliness(today)).label, item.percent,
            item.last_update_on,
        ]
        for item in items.iterator(chunk_size=2000)
    )  # fmt: skip
    return workbook("Đầu việc", COLUMNS, rows, f"dau-viec-{today:%Y-%m-%d}.xlsx")


def extensions_xlsx(extensions: ExtensionQuerySet, today: date) -> HttpResponse:
    """Return the requests for a later due date as a workbook."""
    rows = (
        [
            one.item.agency.name, one.item.task.plan.number, one.item.task.text, one.due_date, one.asked_until,
            one.ordinal, one.reason, one.asked_on, one.get_state_display(), one.granted_until, one.decided_on,
            one.days_open(today), "có" if one.waits_long(today) else "", one.answer, str(one.document or ""),
        ]
        for one in extensions.iterator(chunk_size=2000)
    )  # fmt: skip
    return workbook("Gia hạn", EXTENSION_COLUMNS, rows, f"gia-han-{today:%Y-%m-%d}.xlsx")


def obstacles_xlsx(obstacles: ObstacleQuerySet, today: date) -> HttpResponse:
    """Return the obstacles as a workbook."""
    rows = (
        [
            one.agency.name, one.task.plan.number, one.task.text, one.words, one.cause, one.proposal,
            one.addressee.name, one.raised_on, one.get_state_display(), one.days_open(today),
            "có" if one.waits_long(today) else "", one.answer, one.answer_document, one.answered_on,
        ]
        for one in obstacles.iterator(chunk_size=2000)
    )  # fmt: skip
    return workbook("Vướng mắc", OBSTACLE_COLUMNS, rows, f"vuong-mac-{today:%Y-%m-%d}.xlsx")


def workbook(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[list[Any]], file_name: str) -> HttpResponse:
    """Return one numbered sheet with a frozen head and filters; wide columns wrap; words are text, never formulas.

    ``columns`` are names and widths, the first one that of the number; ``rows`` come without it.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append([name for name, _ in columns])
    wraps = {index for index, (_, width) in enumerate(columns, start=1) if width >= WRAPPED_FROM}
    for index, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.cell(1, index).font = Font(bold=True)
    for number, found in enumerate(rows, start=1):
        values = [number, *(printable(value) if isinstance(value, str) else value for value in found)]
        sheet.append(values)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(number + 1, column)
            cell.alignment = Alignment(wrap_text=column in wraps, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, datetime):
                cell.number_format = "dd/mm/yyyy hh:mm"
            elif isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
