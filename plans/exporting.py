"""Lists as Excel workbooks, as they are shown: one writer for all of them, in memory that does not grow with the rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from os import SEEK_END
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any, Literal, NamedTuple

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.folding import printable
from plans.models.extension_rules import ExtensionQuerySet
from plans.models.obstacle import ObstacleQuerySet
from plans.models.occurrence import Timeliness, WorkItemQuerySet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN_BOOK = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options of every workbook we write: what people typed stays text, whatever it looks like."""
LINE_HEIGHT = 15.75
"""Points of a line of Times New Roman 12."""
LETTERS_A_UNIT = 1.12
"""Letters of a Vietnamese text in Times New Roman 12 for each unit of a column's width, a little room left."""
TALLEST = 409.5
"""Points of the highest row that Excel knows."""
LONGEST = 32_767
"""Characters that Excel keeps in one cell; more would be a file that it calls damaged."""
IN_MEMORY = 1024 * 1024
"""Bytes of a workbook up to which it is sent whole; a larger one is sent from the disk piece by piece."""
PAPER_A4 = 9
FONT = "Times New Roman"
LINE = "#B7BFC8"
HEAD_FILL = "#E4EAF1"
GROUP_FILL = "#F3F5F8"

Download = HttpResponse | FileResponse
"""The answer of a page that may be a file."""
Kind = Literal["any", "text", "number", "percent", "date", "moment"]


class Column(NamedTuple):
    """A column of a list: its head, its width in characters of the font, and what it holds.

    ``kind`` says how the column's numbers, days and empty cells look: "percent" shows 37.5 as 37,5 %, "date" and "moment"
    (a time in Vietnam, without its zone) as dd/mm/yyyy; the others as they are. Words are text in every column.
    """

    head: str
    width: float
    kind: Kind = "any"


class Group(str):
    """A heading among the rows, over all columns; it is not numbered."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """What one sheet says.

    ``columns``: names, widths and kinds (pairs of name and width will do). ``rows``: an iterator of lists, one value a
    column, with a `Group` wherever a heading stands between rows; it is read once, so a server-side cursor
    (``queryset.iterator(chunk_size=2000)``) is never in memory as a whole. ``numbered``: the first column is the number of
    the row and ``rows`` come without it. ``above``: lines over the head, the first one is the title. ``note``: a line
    below the last row.
    """

    title: str
    columns: Sequence[Column | tuple[str, float]]
    rows: Iterable[Sequence[Any] | Group]
    numbered: bool = True
    above: Sequence[str] = ()
    note: str = ""


COLUMNS = [
    Column("TT", 6, "number"),
    Column("Cơ quan", 34, "text"),
    Column("Kế hoạch", 16, "text"),
    Column("Nhiệm vụ", 70, "text"),
    Column("Vai trò", 12, "text"),
    Column("Thời gian (nguyên văn)", 20, "text"),
    Column("Hạn", 12, "date"),
    Column("Trạng thái", 18, "text"),
    Column("So với hạn", 16, "text"),
    Column("Tiến độ (%)", 11, "number"),
    Column("Cập nhật gần nhất", 16, "date"),
]
SHOWN_OF_ITEMS = [
    "agency__name", "task__plan__number", "task__text", "task__time_text", "task__deadline__ambiguous",
    "task__deadline__confirmed_on", "role", "kind", "state", "percent", "due_date", "completed_on", "handed_in_on",
    "return_until", "last_update_on",
]  # fmt: skip
"""What a row of `COLUMNS` needs, timeliness included: a long list has no time for more."""
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


def work_items_xlsx(items: WorkItemQuerySet, today: date) -> Download:
    """Return the items as a workbook with a frozen head and filters; words are text, never formulas."""
    rows = work_item_rows(items, today)
    return workbook("Đầu việc", COLUMNS, rows, f"dau-viec-{today:%Y-%m-%d}.xlsx")


def work_item_rows(items: WorkItemQuerySet, today: date) -> Iterator[list[Any]]:
    """Yield a row for each item under `COLUMNS`, without its number; the items are never in memory all at once."""
    lean = items.select_related(None).select_related("agency", "task__plan", "task__deadline").only(*SHOWN_OF_ITEMS)
    for item in lean.iterator(chunk_size=2000):
        yield [
            item.agency.name, item.task.plan.number, item.task.text, item.get_role_display(), item.task.time_text,
            item.due_date, item.get_state_display(), Timeliness(item.timeliness(today)).label, item.percent,
            item.last_update_on,
        ]  # fmt: skip


def extensions_xlsx(extensions: ExtensionQuerySet, today: date) -> Download:
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


def obstacles_xlsx(obstacles: ObstacleQuerySet, today: date) -> Download:
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


def workbook(
    title: str, columns: Sequence[Column | tuple[str, float]], rows: Iterable[Sequence[Any] | Group], file_name: str
) -> Download:
    """Return one numbered sheet as a download; ``rows`` come without their number (see `Sheet`)."""
    stream = TemporaryFile()  # noqa: SIM115 - a large workbook is sent from here and closed by the response
    try:
        write_workbook(stream, [Sheet(title, columns, rows)])
    except BaseException:
        stream.close()
        raise
    return xlsx_response(stream, file_name)


def xlsx_response(stream: IO[bytes], file_name: str) -> Download:
    """Return what was written to the stream as a download; a large file is read from there piece by piece."""
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size > IN_MEMORY:
        return FileResponse(stream, as_attachment=True, filename=file_name, content_type=XLSX)
    with stream:
        response = HttpResponse(stream.read(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    return response


def write_workbook(stream: IO[bytes], sheets: Iterable[Sheet]) -> int:
    """Write the sheets as .xlsx to a stream of bytes, each with a frozen head, filters and a page set-up; returns the rows.

    Rows go to the disk as they come (XlsxWriter, constant memory): 100,000 take no more memory than 100. Whatever an
    iterator of rows raises ends the writing and is passed on; the stream then holds no workbook.
    """
    with TemporaryDirectory(prefix="sipas-xlsx-") as folder:
        book = Workbook(stream, {"constant_memory": True, "tmpdir": folder, **PLAIN_BOOK})
        looks = Looks(book)
        try:
            written = sum(_SheetWriter(book, sheet, looks).write() for sheet in sheets)
        except BaseException:
            book.close()  # closes its own files; half a list is no workbook
            stream.seek(0)
            stream.truncate()
            raise
        book.close()
    return written


class Looks:
    """The formats of cells of one workbook: Times New Roman 12, thin lines."""

    NUMBERS = {"percent": '0.0" %"', "date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm"}

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **wanted: Any) -> Format:
        """Return the format with these properties over the basic ones, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 12, "valign": "top", **wanted})
        return self._made[key]

    def head(self) -> Format:
        """Return the look of the heads of columns."""
        return self.get(
            bold=True, text_wrap=True, align="center", valign="vcenter", border=1, border_color=LINE, bg_color=HEAD_FILL
        )

    def group(self, **more: Any) -> Format:
        """Return the look of a heading among the rows: its words run on over the empty cells beside them."""
        return self.get(bold=True, bg_color=GROUP_FILL, top=1, bottom=1, top_color=LINE, bottom_color=LINE, **more)

    def cell(self, kind: Kind | Literal["ordinal"]) -> Format:
        """Return the look of a cell of this kind ("ordinal": the number of the row); words wrap."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE, "text_wrap": kind in ("any", "text")}
        if kind in self.NUMBERS:
            look["num_format"] = self.NUMBERS[kind]
        if kind in ("date", "moment", "ordinal"):
            look["align"] = "center"
        return self.get(**look)


class FittingSheet(Worksheet):
    """A sheet whose rows are as high as their words need, and still grow when somebody writes more.

    XlsxWriter fixes every height that it is told. Excel itself writes the height it has found and leaves the row free
    (``ht`` without ``customHeight``): so do we, since LibreOffice and WPS show rows without a height as one line.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[int, float] = {}

    def fit(self, row: int, lines: int) -> None:
        """Make the row so many lines high; to be said before the next row is written."""
        if lines > 1:
            self._heights[row] = min(lines * LINE_HEIGHT + 1, TALLEST)

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        attributes = attributes or []
        if tag == "row" and (height := self._heights.pop(attributes[0][1] - 1, None)):
            attributes = [*attributes, ("ht", f"{height:g}")]
        super()._xml_start_tag_unencoded(tag, attributes)


def lines_of(words: str, width: float) -> int:
    """Return about how many lines the words take in a column so wide: Times New Roman 12, broken between words."""
    return sum(max(1, -(-len(line) // max(1, int(width * LETTERS_A_UNIT)))) for line in words.split("\n"))


class _SheetWriter:
    """Writes one sheet from top to bottom: constant memory takes no way back."""

    def __init__(self, book: Workbook, said: Sheet, looks: Looks) -> None:
        self.said, self.looks = said, looks
        self.columns = [Column(*column) for column in said.columns]
        self.sheet: FittingSheet = book.add_worksheet(said.title[:31], worksheet_class=FittingSheet)
        self.put = [self._putter(column) for column in self.columns]
        self.row = 0

    def write(self) -> int:
        """Write everything; returns how many rows there were, headings aside."""
        for column, one in enumerate(self.columns):
            self.sheet.set_column(column, column, one.width)
        self._above()
        head = self.row
        self.sheet.freeze_panes(head + 1, 0)
        set_page(self.sheet, repeated=(head, head), last_column=len(self.columns) - 1)
        for column, one in enumerate(self.columns):
            self.sheet.write_string(head, column, one.head, self.looks.head())
        self.sheet.fit(head, max(lines_of(one.head, one.width * 0.9) for one in self.columns) + 1)
        self.row += 1
        written = self._rows()
        self.sheet.autofilter(head, 0, max(self.row - 1, head), len(self.columns) - 1)
        if self.said.note:
            self.sheet.write_string(self.row + 1, 0, _text(self.said.note), self.looks.get(italic=True))
        return written

    def _above(self) -> None:
        for number, words in enumerate(self.said.above):
            look = self.looks.get(bold=True, font_size=14) if number == 0 else self.looks.get()
            self.sheet.write_string(self.row, 0, _text(words), look)
            self.row += 1
        if self.said.above:
            self.row += 1

    def _rows(self) -> int:
        count = 0
        put = [(write, column.width) for write, column in zip(self.put, self.columns, strict=True)]
        for found in self.said.rows:
            if isinstance(found, Group):
                self._group(found)
                continue
            count += 1
            values = (count, *found) if self.said.numbered else found
            row, lines = self.row, 1
            for column, (value, (write, width)) in enumerate(zip(values, put, strict=True)):
                write(row, column, value)
                if isinstance(value, str) and (len(value) > width or "\n" in value):
                    lines = max(lines, lines_of(value, width))
            self.sheet.fit(row, lines)
            self.row += 1
        return count

    def _group(self, words: str) -> None:
        write_group(self.sheet, self.row, words, len(self.columns), self.looks.group())
        self.row += 1

    def _putter(self, column: Column) -> Callable[[int, int, Any], Any]:
        """Return what writes a value of this column: chosen once a column, not once a cell."""
        is_number = self.said.numbered and column is self.columns[0]
        sheet, blank = self.sheet, self.looks.cell("ordinal" if is_number else column.kind)
        text, day, moment = self.looks.cell("text"), self.looks.cell("date"), self.looks.cell("moment")

        def write(row: int, at: int, value: Any) -> None:
            if isinstance(value, str) and value:
                sheet.write_string(row, at, _text(value), text)
            elif value is None or value == "":
                sheet.write_blank(row, at, None, blank)
            elif isinstance(value, datetime):
                sheet.write_datetime(row, at, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(row, at, value, day)
            elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                sheet.write_string(row, at, _text(str(value)), text)
            else:
                sheet.write_number(row, at, value, blank)

        return write


def write_group(sheet: Worksheet, row: int, words: str, columns: int, look: Format) -> None:
    """Write a heading over all columns without merging them: merged cells can be neither sorted nor filtered."""
    sheet.write_string(row, 0, _text(words), look)
    for column in range(1, columns):
        sheet.write_blank(row, column, None, look)


def set_page(sheet: Worksheet, *, repeated: tuple[int, int], last_column: int) -> None:
    """Set A4 landscape, as wide as one page, the rows of the head repeated, page numbers at the foot."""
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*repeated)
    sheet.set_footer("&R&10Trang &P/&N")


def _text(words: str) -> str:
    """Return words that a cell can hold: no characters that XML forbids, no more than Excel keeps."""
    words = printable(words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
