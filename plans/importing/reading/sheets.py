"""Reading .xlsx: every visible sheet is a table; merges, real dates and numbers are kept apart from words."""

import datetime
import io
import re
import zipfile
from dataclasses import dataclass, field

import python_calamine
from lxml import etree

from agencies.folding import squeeze
from plans.importing.document import Cell, Document, Paragraph, Table
from plans.importing.reading.limits import Archive, Budget, UnreadableDocument, damaged

_MAX_COLUMNS = 60
_MAX_SHEETS = 40
_MAX_AREA = 8_000_000
"""Positions between the first and the last filled cell of a sheet: the reader takes memory for each, filled or not."""
_LINKS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_DECIMAL = re.compile(r"(\d{1,3})\.(\d{1,3})")
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


def read(archive: Archive, budget: Budget) -> Document:
    """Read an .xlsx archive. Formulas give the value that was last computed; hidden sheets are named in a remark."""
    looks: dict[str, _Look] = {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(_checked_copy(archive, looks))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    document = Document([], "xlsx")
    for meta in book.sheets_metadata[:_MAX_SHEETS]:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            document.remarks.append(("note_changes_task", f"Trang tính “{meta.name}” đang bị ẩn nên không được đọc."))
            continue
        look = looks.get(meta.name, _Look())
        table = _read_sheet(book.get_sheet_by_name(meta.name), look, budget)
        document.remarks += look.remarks(meta.name)
        if table:
            document.blocks.append(Paragraph(meta.name, f"Trang tính “{meta.name}”"))
            document.blocks.append(table)
    if not document.blocks:
        raise UnreadableDocument("Tệp Excel không có dữ liệu. Hãy chọn lại tệp kế hoạch.", "empty")
    return document


@dataclass
class _Look:
    """How Excel shows a sheet: hidden rows and columns (from 0), whether a filter hides the rows, months, percentages.

    ``formats`` are the places (row, column) of numbers that are shown as "month", "year" or "percent"; ``formulas`` those
    of cells that are computed.
    """

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    filtered: bool = False
    left_out: list[int] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def remarks(self, sheet: str) -> list[tuple[str, str]]:
        """What the person is told: rows that a filter hides were read, other hidden rows and columns were not."""
        found = []
        rows = ", ".join(str(row + 1) for row in self.left_out[:20])
        if rows and self.filtered:
            found.append(f"đang lọc dữ liệu; các dòng bị lọc ẩn ({rows}) vẫn được đọc. Hãy bỏ các dòng không dùng.")
        elif rows:
            found.append(f"có dòng bị ẩn ({rows}) nên các dòng này không được đọc. Hãy hiện lại nếu cần.")
        if self.columns:
            found.append("có cột bị ẩn nên các cột này không được đọc. Hãy hiện lại nếu cần.")
        return [("row_lost", f"Trang tính “{sheet}” {words}") for words in found]


@dataclass(frozen=True)
class Grid:
    """A sheet as it stands: values by row and column (from 0), and the places of formulas and of numbers shown as %."""

    name: str
    values: list[list[object]]
    formulas: set[tuple[int, int]]
    percents: set[tuple[int, int]]


def read_grids(archive: Archive, budget: Budget) -> list[Grid]:
    """Read every sheet of an .xlsx archive, hidden ones too, with the same care as `read`; for files that we made."""
    looks: dict[str, _Look] = {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(_checked_copy(archive, looks))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    found = []
    for meta in book.sheets_metadata[:_MAX_SHEETS]:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        values: list[list[object]] = []
        for line in book.get_sheet_by_name(meta.name).iter_rows():
            row: list[object] = list(line[:_MAX_COLUMNS])
            filled = [str(value) for value in row if value not in ("", None)]
            budget.spend(cells=max(1, len(filled)), characters=sum(map(len, filled)))
            values.append(row)
        look = looks.get(meta.name, _Look())
        percents = {place for place, kind in look.formats.items() if kind == "percent"}
        found.append(Grid(meta.name, values, look.formulas, percents))
    return found


def _special_formats(archive: Archive) -> dict[str, str]:
    """The cell styles that show a date as a month or a year only, or a number as a percentage."""
    if _STYLES not in archive.names:
        return {}
    root = archive.xml(_STYLES)
    codes = {one.get("numFmtId") or "": one.get("formatCode") or "" for one in root.iter("{*}numFmt")}
    codes = {"9": "0%", "10": "0.00%", "17": "mmm-yy"} | codes
    found: dict[str, str] = {}
    for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", codes.get(style.get("numFmtId") or "", "").split(";")[0]).lower()
        if "%" in code:
            found[str(index)] = "percent"
        elif "y" in code and "d" not in code and "h" not in code:
            found[str(index)] = "month" if "m" in code else "year"
    return found


def _formats_in(root: etree._Element, special: dict[str, str]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for element in root.iter("{*}c") if special else ():
        kind = special.get(element.get("s") or "")
        place = _PLACE.fullmatch(element.get("r") or "") if kind and len(element) else None
        if kind and place:
            found[int(place[2]) - 1, _column(place[1]) - 1] = kind
    return found


def _look_of(root: etree._Element) -> _Look:
    look = _Look(filtered=next(root.iter("{*}filterColumn"), None) is not None)
    for element in root.iter("{*}row"):
        number = element.get("r") or ""
        if element.get("hidden") in ("1", "true") and number.isdecimal():
            look.rows.add(int(number) - 1)
    for element in root.iter("{*}col"):
        first, last = element.get("min") or "", element.get("max") or ""
        if element.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            look.columns.update(range(int(first) - 1, min(int(last), _MAX_COLUMNS)))
    for element in root.iter("{*}f"):
        parent = element.getparent()
        place = _PLACE.fullmatch(parent.get("r") or "") if parent is not None else None
        if place:
            look.formulas.add((int(place[2]) - 1, _column(place[1]) - 1))
    return look


def _sheet_names(archive: Archive) -> dict[str, str]:
    """The name of each sheet by the part of the archive that holds it."""
    links = {
        link.get("Id"): (link.get("Target") or "").lstrip("/").removeprefix("xl/")
        for link in (archive.xml(_LINKS) if _LINKS in archive.names else ())
    }
    sheets = archive.xml("xl/workbook.xml").iter("{*}sheet")
    found = ((next((value for key, value in one.attrib.items() if key.endswith("}id")), ""), one) for one in sheets)
    return {f"xl/{links[identity]}": one.get("name") or "" for identity, one in found if identity in links}


def _checked_copy(archive: Archive, looks: dict[str, _Look]) -> io.BytesIO:
    """Return the workbook with the parts that we have parsed, and no other: calamine opens nothing that was not checked.

    ``looks`` is filled with how Excel shows each sheet.
    """
    names, special = _sheet_names(archive), _special_formats(archive)
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
                if name in names:
                    looks[names[name]] = _look_of(root)
                    looks[names[name]].formats = _formats_in(root, special)
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


def _read_sheet(sheet: python_calamine.CalamineSheet, look: _Look, budget: Budget) -> Table | None:
    if sheet.start is None or sheet.end is None:
        return None
    first, width = sheet.start[0], min(sheet.end[1] + 1, _MAX_COLUMNS)
    rows: list[list[Cell]] = []
    row_names: list[int] = []
    places: dict[int, int] = {}
    for offset, values in enumerate(sheet.iter_rows()):
        if offset < first:
            continue
        shown = ("" if column in look.columns else value for column, value in enumerate(values[:width]))
        cells = [
            _cell(value, len(rows), column, look.formats.get((offset, column), "") if look.formats else "")
            for column, value in enumerate(shown)
        ]
        if not any(cell.text for cell in cells):
            budget.spend(cells=1)
            continue
        if offset in look.rows:
            look.left_out.append(offset)
            if not look.filtered:
                continue
        budget.spend(cells=width, characters=sum(len(cell.text) for cell in cells))
        cells.extend(Cell("", len(rows), column) for column in range(len(cells), width))
        places[offset] = len(rows)
        row_names.append(offset + 1)
        rows.append(cells)
    if not rows:
        return None
    _restore_zeros(rows)
    _merge(rows, places, sheet.merged_cell_ranges or [], width, budget)
    return Table(f"Trang tính “{sheet.name}”", rows, row_names)


def _restore_zeros(rows: list[list[Cell]]) -> None:
    """Excel keeps the number 1.10 as 1.1: after 1.8 and 1.9 it can only have been 1.10, and 2.20 after 2.19."""
    for column in range(min(3, len(rows[0]))):
        run: list[tuple[int, int]] = []
        for row in rows:
            cell = row[column]
            match = _DECIMAL.fullmatch(cell.text) if cell.value_kind == "number" else None
            if not match:
                run = run if not cell.text else []
                continue
            whole, part = int(match[1]), int(match[2])
            if len(run) > 1 and run[-1][0] == whole and run[-1] == (whole, run[-2][1] + 1) and run[-1][1] % 10 == 9:
                expected = run[-1][1] + 1
                if str(expected).rstrip("0") == match[2]:
                    cell.text, part = f"{whole}.{expected}", expected
            run.append((whole, part))


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


def _cell(value: object, top: int, left: int, shown: str = "") -> Cell:
    if isinstance(value, datetime.date) and shown in ("month", "year"):
        return Cell(f"Tháng {value.month}/{value.year}" if shown == "month" else f"Năm {value.year}", top, left)
    if isinstance(value, int | float) and not isinstance(value, bool) and shown == "percent":
        return Cell(f"{value * 100:g}%".replace(".", ","), top, left)
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
