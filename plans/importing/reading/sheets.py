"""Reading .xlsx: every visible sheet is a table; merges, real dates and numbers are kept apart from words."""

import datetime
import io
import re
import zipfile

import python_calamine
from lxml import etree

from agencies.folding import squeeze
from plans.importing.document import Cell, Document, Paragraph, Table
from plans.importing.reading.limits import Archive, Budget, UnreadableDocument, damaged

_MAX_COLUMNS = 60
_MAX_SHEETS = 40
_MAX_AREA = 8_000_000
"""Positions between the first and the last filled cell of a sheet: the reader takes memory for each, filled or not."""
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


def read(archive: Archive, budget: Budget) -> Document:
    """Read an .xlsx archive. Formulas give the value that was last computed; hidden sheets are named in a remark."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(_checked_copy(archive))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    document = Document([], "xlsx")
    for meta in book.sheets_metadata[:_MAX_SHEETS]:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            document.remarks.append(("note_changes_task", f"Trang tính “{meta.name}” đang bị ẩn nên không được đọc."))
            continue
        table = _read_sheet(book.get_sheet_by_name(meta.name), budget)
        if table:
            document.blocks.append(Paragraph(meta.name, f"Trang tính “{meta.name}”"))
            document.blocks.append(table)
    if not document.blocks:
        raise UnreadableDocument("Tệp Excel không có dữ liệu. Hãy chọn lại tệp kế hoạch.", "empty")
    return document


def _checked_copy(archive: Archive) -> io.BytesIO:
    """Return the workbook with the parts that we have parsed, and no other: calamine opens nothing that was not checked."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in sorted(archive.names):
            if name.lower().endswith((".xml", ".rels")):
                root = archive.xml(name)
                if etree.QName(root).localname == "worksheet" and _area(root) > _MAX_AREA:
                    raise UnreadableDocument(
                        "Trang tính có ô nằm quá xa nhau. Hãy xóa các dòng, cột thừa ở cuối trang tính rồi nhập lại.",
                        "too_many_rows",
                    )
                packed.writestr(name, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    copy.seek(0)
    return copy


def _area(sheet: etree._Element) -> int:
    """Return how many positions lie in the rectangle around the filled cells. A cell without a place follows the last."""
    rows, columns, row, column = set(), set(), 0, 0
    for element in sheet.iter("{*}row", "{*}c"):
        said = element.get("r")
        if etree.QName(element).localname == "row":
            row, column = int(said) if said and said.isdecimal() and len(said) < 8 else row + 1, 0
            continue
        place = _PLACE.fullmatch(said or "")
        if said and not place:
            raise damaged()
        row, column = (int(place[2]), _column(place[1])) if place else (row, column + 1)
        if len(element):
            rows.add(row)
            columns.add(column)
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) if rows else 0


def _column(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _read_sheet(sheet: python_calamine.CalamineSheet, budget: Budget) -> Table | None:
    if sheet.start is None or sheet.end is None:
        return None
    first, width = sheet.start[0], min(sheet.end[1] + 1, _MAX_COLUMNS)
    rows: list[list[Cell]] = []
    row_names: list[int] = []
    places: dict[int, int] = {}
    for offset, values in enumerate(sheet.iter_rows()):
        if offset < first:
            continue
        cells = [_cell(value, len(rows), column) for column, value in enumerate(values[:width])]
        if not any(cell.text for cell in cells):
            budget.spend(cells=1)
            continue
        budget.spend(cells=width, characters=sum(len(cell.text) for cell in cells))
        cells.extend(Cell("", len(rows), column) for column in range(len(cells), width))
        places[offset] = len(rows)
        row_names.append(offset + 1)
        rows.append(cells)
    if not rows:
        return None
    _merge(rows, places, sheet.merged_cell_ranges or [], width, budget)
    return Table(f"Trang tính “{sheet.name}”", rows, row_names)


def _merge(
    rows: list[list[Cell]],
    places: dict[int, int],
    ranges: list[tuple[tuple[int, int], tuple[int, int]]],
    width: int,
    budget: Budget,
) -> None:
    """Let every position of a merged range hold the cell of its upper left corner. Blank rows were left out before."""
    for (top, left), (bottom, right) in ranges:
        if left >= width or top not in places:
            continue
        bottom, right = min(bottom, top + 5000), min(right, width - 1)
        budget.spend(cells=(bottom - top + 1) * (right - left + 1))
        covered = [places[row] for row in range(top, bottom + 1) if row in places]
        cell = rows[places[top]][left]
        cell.height, cell.width = len(covered), right - left + 1
        for row in covered:
            rows[row][left : right + 1] = [cell] * (right - left + 1)


def _cell(value: object, top: int, left: int) -> Cell:
    if isinstance(value, datetime.datetime):
        clock = f" {value:%H:%M}" if (value.hour or value.minute) else ""
        return Cell(f"{value.day:02d}/{value.month:02d}/{value.year}{clock}", top, left, value_kind="date")
    if isinstance(value, datetime.date):
        return Cell(f"{value.day:02d}/{value.month:02d}/{value.year}", top, left, value_kind="date")
    if isinstance(value, bool):
        return Cell("x" if value else "", top, left)
    if isinstance(value, int | float):
        words = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
        return Cell(words, top, left, value_kind="number")
    if isinstance(value, datetime.time | datetime.timedelta):
        return Cell(str(value), top, left)
    lines = (squeeze(line) for line in str(value or "").split("\n"))
    return Cell("\n".join(line for line in lines if line), top, left)
