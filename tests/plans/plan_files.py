"""Makes the files that reading is tried on: Word and Excel files as offices write them, and files built to harm."""

import io
import zipfile
from collections.abc import Sequence

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table

HEAD = ("KẾ HOẠCH", "Cải cách hành chính tỉnh Thái Bình năm 2025")


def word(build, *, head: Sequence[str] = HEAD) -> bytes:
    """A .docx with a letterhead and title, then what ``build(document)`` adds."""
    document = docx.Document()
    frame = document.add_table(2, 2)
    frame.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH THÁI BÌNH"
    frame.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    frame.cell(1, 0).text = "Số: 15 /KH-UBND"
    frame.cell(1, 1).text = "Thái Bình, ngày 20 tháng 01 năm 2025"
    for line in head:
        document.add_paragraph(line)
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def fill(document, rows: Sequence[Sequence[str]], merges: Sequence[tuple[int, int, int, int]] = ()) -> Table:
    """Add a table; ``merges`` are (top, left, bottom, right), the words of the upper left corner stay."""
    table = document.add_table(len(rows), max(len(row) for row in rows))
    for top, row in enumerate(rows):
        for left, words in enumerate(row):
            table.cell(top, left).text = words
    for top, left, bottom, right in merges:
        words = table.cell(top, left).text
        merged = table.cell(top, left).merge(table.cell(bottom, right))
        merged.text = words
    return table


def table_plan(rows: Sequence[Sequence[str]], merges: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A .docx plan with one table."""
    return word(lambda document: fill(document, rows, merges))


def numbered(paragraph, number_id: int = 1, level: int = 0) -> None:
    """Let Word number a paragraph by itself."""
    properties = paragraph._p.get_or_add_pPr()
    number = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", number_id)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        number.append(element)
    properties.append(number)


def decimal_list(document) -> int:
    """Add a list "1.", "1.1." to a document; gives its number."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, text in enumerate(("%1.", "%1.%2.")):
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        for name, value in (("w:start", "1"), ("w:numFmt", "decimal"), ("w:lvlText", text)):
            child = OxmlElement(name)
            child.set(qn("w:val"), value)
            element.append(child)
        abstract.append(element)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "77")
    number.append(reference)
    numbering.append(number)
    return 77


def workbook(
    sheets: dict[str, Sequence[Sequence[object]]],
    merges: dict[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    """An .xlsx with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for merge in (merges or {}).get(name, ()):
            sheet.merge_cells(merge)
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip file with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A zip file with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {one: file.read(one) for one in file.namelist()}
    return archive(parts | {name: content})
