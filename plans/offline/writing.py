"""An agency's open work of a plan → a workbook to be filled in without a connection."""

from collections.abc import Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.text import slugify
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from agencies.folding import printable, unaccent
from agencies.models import Agency
from plans.exporting import (
    PLAIN_BOOK,
    Download,
    FittingSheet,
    Looks,
    lines_of,
    set_page,
    write_group,
    xlsx_response,
)
from plans.models import Plan, Section
from plans.models.occurrence import Timeliness
from plans.offline import annex
from plans.offline.standing import Standing, to_fill

FILL = "#FFF8DC"
LATE = "#9B1C1C"
TITLE_ROWS = 4
HEAD_HEIGHT = 48
LONGEST_BEFORE = 1_500
"""Characters of the last words that the annex repeats; the whole stands on the item's page."""
MAY = {
    "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True,
    "autofilter": True, "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip
"""What the locked sheet still allows. It has no password: whoever wants to sort whole rows takes the lock off."""
HOW = (
    "Chỉ ghi vào hai cột tô màu. Dòng để trống được giữ nguyên. Có thể lọc, xóa hoặc thêm dòng; để sắp xếp, chọn Xem lại "
    "(Review) › Bỏ bảo vệ trang tính (không có mật khẩu). Không sửa cột “Mã dòng”. Điền xong, tải tệp lên ở trang “Điền "
    "ngoại tuyến”; hệ thống cho xem từng thay đổi trước khi ghi."
)


def annex_xlsx(plan: Plan, agency: Agency, *, now: datetime, today: date) -> Download:
    """Return the annex of the agency as a download; ``now`` is the local time and ``today`` the working day that stand in it."""
    stream = TemporaryFile()  # noqa: SIM115 - closed by `xlsx_response`
    write_annex(stream, plan, agency, to_fill(plan, agency), now=now, today=today)
    name = slugify(unaccent(f"{plan.number.replace('/', '-')} {agency.short_name or agency.name}"))
    return xlsx_response(stream, f"phu-luc-{name}-{today:%Y-%m-%d}.xlsx")


def write_annex(
    stream: IO[bytes], plan: Plan, agency: Agency, rows: Sequence[Standing], *, now: datetime, today: date
) -> None:
    """Write the annex: the plan's own columns, what stands now, two columns to fill, and the hidden memory."""
    book = Workbook(stream, PLAIN_BOOK)
    book.set_properties({"title": f"Phụ lục tiến độ {plan.number}", "company": agency.name})
    _Annex(book, plan, agency, today).write(rows, now)
    _write_memory(book.add_worksheet(annex.MEMORY), plan, agency, rows, now)
    book.close()


class _Annex:
    """Writes the visible sheet."""

    def __init__(self, book: Workbook, plan: Plan, agency: Agency, today: date) -> None:
        self.plan, self.agency, self.today = plan, agency, today
        self.looks = Looks(book)
        self.sheet: FittingSheet = book.add_worksheet(annex.SHEET, worksheet_class=FittingSheet)

    def write(self, rows: Sequence[Standing], now: datetime) -> None:
        """Write titles, head, headings and rows; then what Excel does with them.

        TT is as printed where the printed numbers tell the tasks apart, else the number that the pages show.
        """
        printed = {row.item.task_id: row.item.task.number for row in rows}
        self.numbers_tell = all(printed.values()) and len(set(printed.values())) == len(printed)
        assists = any(row.item.task.coordinating_text for row in rows)
        self.columns = [
            ("TT", 6), ("Nhiệm vụ", 40), ("Cơ quan thực hiện", 19),
            *([("Cơ quan phối hợp", 15)] if assists else []),
            ("Thời gian", 11), ("Hạn", 11.5), ("Trạng thái", 14), ("Tiến độ (%)", 7.5), ("Kết quả lần trước", 28),
            (annex.PERCENT, 8.5), (annex.WORDS, 38), (annex.CODE, 10.5),
        ]  # fmt: skip
        self._titles(now)
        head = TITLE_ROWS
        self.sheet.set_row(head, HEAD_HEIGHT)
        for column, (name, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width)
            filled = name in (annex.PERCENT, annex.WORDS)
            look = (
                self.looks.head() if not filled else self._cell(bold=True, align="center", valign="vcenter", fill=True)
            )
            self.sheet.write_string(head, column, name, look)
        last = self._rows(head + 1, rows, assists)
        self._behave(head, last)

    def _titles(self, now: datetime) -> None:
        last = len(self.columns) - 1
        centred: dict[str, Any] = {"align": "center", "valign": "vcenter", "text_wrap": True}
        title = f"Kế hoạch số {self.plan.number} ngày {self.plan.signed_on:%d/%m/%Y}: {self.plan.title}"
        made = f"Cơ quan: {self.agency.name}. Số liệu lấy lúc {now:%H:%M} ngày {self.today:%d/%m/%Y}."
        lines = [
            ("PHỤ LỤC TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ", {"bold": True, "font_size": 14, **centred}, 24),
            (title, {"bold": True, **centred}, 34 if len(title) > 150 else 20),
            (made, {"italic": True, **centred}, 20),
            (HOW, {"font_size": 11, "font_color": "#444444", "valign": "vcenter", "text_wrap": True}, 36),
        ]
        for row, (words, look, height) in enumerate(lines):
            self.sheet.set_row(row, height)
            self.sheet.merge_range(row, 0, row, last, printable(words), self.looks.get(**look))

    def _rows(self, row: int, rows: Sequence[Standing], assists: bool) -> int:
        """Write headings and rows from ``row`` on; returns the last row written."""
        headings = {section.pk: section for section in self.plan.sections.all()}
        shown: set[int] = set()
        for standing in rows:
            for heading in _new_headings(headings, standing.item.task.section_id, shown):
                look = self.looks.group(italic=heading.depth > 1)
                write_group(self.sheet, row, heading.title, len(self.columns), look)
                row += 1
            self._row(row, standing, assists)
            row += 1
        return max(row - 1, TITLE_ROWS)

    def _row(self, row: int, standing: Standing, assists: bool) -> None:
        item, task = standing.item, standing.item.task
        late = item.timeliness(self.today) == Timeliness.OVERDUE
        centred = self._cell(align="center")
        urgent: dict[str, Any] = {"font_color": LATE, "bold": True} if late else {}
        day = self._cell(align="center", num_format="dd/mm/yyyy", **urgent)
        words = [
            (task.number if self.numbers_tell else str(task.position), centred),
            (task.text, self._cell()), (task.agencies_text, self._cell()),
            *([(task.coordinating_text, self._cell())] if assists else []),
            (task.time_text, self._cell()), (item.due_date, day), (self._state(standing), self._cell()),
            (item.percent, centred), (_said_before(standing), self._cell()),
            (None, self._cell(fill=True, align="center")), (None, self._cell(fill=True)),
            (annex.code_of(item.pk), self._cell(font_size=9, font_color="#7A7A7A", align="center")),
        ]  # fmt: skip
        lines = (
            lines_of(value, width)
            for (value, _), (_, width) in zip(words, self.columns, strict=True)
            if isinstance(value, str)
        )
        self.sheet.fit(row, max(lines))
        for column, (value, look) in enumerate(words):
            if isinstance(value, str) and value:
                self.sheet.write_string(row, column, printable(value), look)
            elif isinstance(value, date):
                self.sheet.write_datetime(row, column, value, look)
            elif isinstance(value, int):
                self.sheet.write_number(row, column, value, look)
            else:
                self.sheet.write_blank(row, column, None, look)

    def _cell(self, *, fill: bool = False, **look: Any) -> Any:
        """Return the look of a wrapped cell; one to fill is coloured and the only kind that is not locked."""
        filled = {"bg_color": FILL, "locked": False} if fill else {}
        return self.looks.get(text_wrap=True, border=1, border_color="#B7BFC8", **filled, **look)

    def _state(self, standing: Standing) -> str:
        item = standing.item
        said = [item.get_state_display(), Timeliness(item.timeliness(self.today)).label]
        if item.is_check_point:
            said.append("mốc cập nhật")
        if standing.marks:
            coming = next((mark for mark in sorted(standing.marks) if mark >= self.today), min(standing.marks))
            said.append(f"mốc cập nhật {coming:%d/%m/%Y}")
        words = "; ".join(said)
        return words[0].upper() + words[1:]

    def _behave(self, head: int, last: int) -> None:
        """Freeze, filter, check, lock, and set the page."""
        sheet, names = self.sheet, [name for name, _ in self.columns]
        percent, words = names.index(annex.PERCENT), names.index(annex.WORDS)
        sheet.freeze_panes(head + 1, 2)
        sheet.autofilter(head, 0, last, len(names) - 1)
        if last > head:
            sheet.data_validation(head + 1, percent, last, percent, PERCENT_RULE)
            sheet.data_validation(head + 1, words, last, words, WORDS_RULE)
        sheet.protect("", MAY)
        set_page(sheet, repeated=(head, head), last_column=len(names) - 1)
        told = f"{self.plan.number} – {self.agency.name}".replace("&", "&&")
        sheet.set_footer(f"&L&10Kế hoạch {told[:120]}&R&10Trang &P/&N")
        sheet.set_selection(head + 1, percent, head + 1, percent)
        sheet.set_zoom(90)


PERCENT_RULE = {
    "validate": "integer",
    "criteria": "between",
    "minimum": 0,
    "maximum": 100,
    "input_title": "Tiến độ mới",
    "input_message": "Ghi số nguyên từ 0 đến 100, không ghi dấu %.",
    "error_title": "Tiến độ chưa đúng",
    "error_message": "Tiến độ là số nguyên từ 0 đến 100, không ghi dấu %. Ví dụ: 60.",
}
WORDS_RULE = {
    "validate": "length",
    "criteria": "<=",
    "value": annex.LONGEST,
    "error_title": "Nội dung quá dài",
    "error_message": "Kết quả, tình hình thực hiện của một đầu việc không quá 10.000 ký tự.",
}


def _write_memory(sheet: Worksheet, plan: Plan, agency: Agency, rows: Sequence[Standing], now: datetime) -> None:
    """Write what the file remembers (`annex.Remembered`), one line an item, by its code."""
    sheet.write_row(0, 0, [annex.MARK, annex.VERSION])
    sheet.write_row(1, 0, ["plan", plan.pk, printable(plan.number)])
    sheet.write_row(2, 0, ["agency", agency.pk, printable(agency.name)])
    sheet.write_row(3, 0, ["made", now.isoformat(timespec="seconds")])
    sheet.write_row(4, 0, ["code", "item", "revision", "percent", "state", "words"])
    for row, standing in enumerate(rows, start=5):
        item = standing.item
        kept = [item.pk, item.revision, item.percent, item.state, annex.hash_of(standing.words)]
        sheet.write_row(row, 0, [annex.code_of(item.pk), *kept])
    sheet.protect("")
    sheet.hide()


def _new_headings(headings: dict[int, Section], section: int | None, shown: set[int]) -> list[Section]:
    """Return the headings over a task that were not written yet, the outermost first."""
    chain = []
    found = headings.get(section) if section else None
    while found is not None and found.pk not in shown:
        shown.add(found.pk)
        chain.append(found)
        found = headings.get(found.parent_id) if found.parent_id else None
    return chain[::-1]


def _said_before(standing: Standing) -> str:
    if standing.last is None:
        return ""
    words = f"({standing.last.on:%d/%m/%Y}) {standing.words}"
    return words if len(words) <= LONGEST_BEFORE else words[: LONGEST_BEFORE - 1].rsplit(" ", 1)[0] + "…"
