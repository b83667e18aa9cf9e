"""Lists as Excel workbooks, as they are shown."""

from datetime import date
from io import BytesIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from agencies.folding import printable
from plans.models.occurrence import Timeliness, WorkItemQuerySet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def work_items_xlsx(items: WorkItemQuerySet, today: date) -> HttpResponse:
    """Return the items as a workbook with a frozen head and filters; words are text, never formulas."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Đầu việc"
    sheet.append([name for name, _ in COLUMNS])
    for index, (_, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.cell(1, index).font = Font(bold=True)
    for number, item in enumerate(items.iterator(chunk_size=2000), start=1):
        late = Timeliness(item.timeliness(today)).label
        values = [
            number, item.agency.name, item.task.plan.number, item.task.text, item.get_role_display(), item.task.time_text,
            item.due_date, item.get_state_display(), late, item.percent, item.last_update_on,
        ]  # fmt: skip
        values = [printable(value) if isinstance(value, str) else value for value in values]
        sheet.append(values)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(number + 1, column)
            cell.alignment = Alignment(wrap_text=column == 4, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="dau-viec-{today:%Y-%m-%d}.xlsx"'
    return response
