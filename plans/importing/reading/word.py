"""Reading .docx: one pass over the parts, so that numbers printed by Word itself come out as a reader sees them."""

from collections.abc import Iterator

from lxml import etree

from agencies.folding import fold, squeeze
from plans.importing.document import Cell, Document, Paragraph, Table
from plans.importing.reading.limits import Archive, Budget, UnreadableDocument
from plans.importing.reading.naming import TableNames
from plans.importing.reading.word_styles import Numbering, Styles, attribute, tag

_MAIN = "word/document.xml"
_MAX_NESTING = 8
_SKIPPED = {tag(name) for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_TEXT_BOX = tag("txbxContent")
_BREAKS = {tag("br"), tag("cr")}


def is_word(archive: Archive) -> bool:
    """Whether the archive is a Word document."""
    return _MAIN in archive.names


def read(archive: Archive, budget: Budget) -> Document:
    """Read a .docx archive into paragraphs and tables."""
    return _Reader(archive, budget).read()


class _Reader:
    def __init__(self, archive: Archive, budget: Budget) -> None:
        self._archive = archive
        self._budget = budget
        self._styles = Styles(self._optional("word/styles.xml"))
        self._numbering = Numbering(self._optional("word/numbering.xml"))
        self._footnotes = self._read_footnotes()
        self._names = TableNames()
        self._paragraphs = 0

    def read(self) -> Document:
        body = self._archive.xml(_MAIN).find(tag("body"))
        if body is None:
            raise UnreadableDocument("Tệp Word không có nội dung. Hãy chọn lại tệp kế hoạch.", "empty")
        document = Document(list(self._blocks(body, depth=0)), "docx")
        if any(_is_foreign(element) for element in body.iter()):
            document.remarks.append(
                (
                    "row_lost",
                    "Văn bản có bảng tính hoặc tệp nhúng nên phần đó không đọc được. Hãy đối chiếu với văn bản.",
                )
            )
        if self._styles.has_old_fonts:
            document.remarks.append(
                ("encoding", "Văn bản dùng phông chữ mã cũ (TCVN3, VNI). Hãy chuyển mã sang Unicode rồi nhập lại.")
            )
        return document

    def _optional(self, name: str) -> etree._Element | None:
        return self._archive.xml(name) if name in self._archive.names else None

    def _read_footnotes(self) -> dict[str, str]:
        notes: dict[str, str] = {}
        for part in ("footnotes", "endnotes"):
            root = self._optional(f"word/{part}.xml")
            for note in root if root is not None else ():
                words = " ".join("".join(_runs(paragraph)) for paragraph in note.iter(tag("p")))
                notes[f"{part}{attribute(note, 'id')}"] = squeeze(words)
        return notes

    def _blocks(self, parent: etree._Element, depth: int) -> Iterator[Paragraph | Table]:
        for element in _flattened(parent):
            if element.tag == tag("p"):
                yield from self._read_paragraph(element, depth)
            elif element.tag == tag("tbl") and depth < _MAX_NESTING:
                table = self._read_table(element, depth)
                if table is not None:
                    yield table

    def _read_paragraph(self, element: etree._Element, depth: int) -> Iterator[Paragraph]:
        self._paragraphs += 1
        text = "\n".join(squeeze(line) for line in "".join(_runs(element)).split("\n")).strip()
        self._budget.spend(characters=len(text))
        style = self._styles.of(element)
        number = self._numbering.label(element, style) if text else ""
        if text:
            yield Paragraph(
                text, f"Đoạn {self._paragraphs}", number, style.level, _is_bold(element, style.bold), style.centred
            )
        for box in _text_boxes(element):
            yield from self._blocks(box, depth)  # type: ignore[misc]

    def _read_table(self, element: etree._Element, depth: int) -> Table | None:
        rows = [row for row in _flattened(element) if row.tag == tag("tr") and not _is_deleted(row)]
        grid: list[list[Cell]] = []
        name = self._names.reserve()
        for row in rows:
            grid.append(self._read_row(row, grid, depth))
        width = max((len(row) for row in grid), default=0)
        self._budget.spend(cells=width * len(grid))
        for top, cells in enumerate(grid):
            cells.extend(Cell("", top, left) for left in range(len(cells), width))
        table = Table(name, grid)
        if not width:
            return None
        table.name = self._names.settle(name, fold(table.text[:4000]))
        return table

    def _read_row(self, row: etree._Element, above: list[list[Cell]], depth: int) -> list[Cell]:
        top = len(above)
        properties = row.find(tag("trPr"))
        before = properties.find(tag("gridBefore")) if properties is not None else None
        line = [Cell("", top, left) for left in range(_bounded(before, 0))]
        for element in _flattened(row):
            if element.tag != tag("tc"):
                continue
            properties = element.find(tag("tcPr"))
            width = _bounded(properties.find(tag("gridSpan")) if properties is not None else None, 1)
            left = len(line)
            cell = self._continued(properties, above, line, left)
            if cell is None:
                cell = self._read_cell(element, top, left, depth)
                cell.width = width
            elif cell.top < top:
                cell.height = top - cell.top + 1
            line.extend([cell] * width)
        return line

    @staticmethod
    def _continued(
        properties: etree._Element | None, above: list[list[Cell]], line: list[Cell], left: int
    ) -> Cell | None:
        """The cell that this one belongs to, when it continues a merge from above or from the left."""
        if properties is None:
            return None
        down = properties.find(tag("vMerge"))
        if down is not None and attribute(down, "val") != "restart" and above and left < len(above[-1]):
            return above[-1][left]
        across = properties.find(tag("hMerge"))
        if across is not None and attribute(across, "val") != "restart" and line:
            line[-1].width += 1
            return line[-1]
        return None

    def _read_cell(self, element: etree._Element, top: int, left: int, depth: int) -> Cell:
        lines: list[str] = []
        nested: list[Table] = []
        bold: list[bool] = []
        for block in self._blocks(element, depth + 1):
            if isinstance(block, Table):
                nested.append(block)
                lines.extend(
                    " - ".join(cell.text for cell in block.distinct(row) if cell.text) for row in range(len(block.rows))
                )
            else:
                lines.append(block.printed)
                bold.append(block.bold)
        if not lines:  # an empty paragraph may still print a number: the TT column of many plans
            lines = [label for label in map(self._label_alone, element.findall(tag("p"))) if label]
        return Cell(
            "\n".join(line for line in lines if line),
            top,
            left,
            bold=bool(bold) and all(bold),
            notes=tuple(self._notes_in(element)),
            nested=tuple(nested),
        )

    def _label_alone(self, paragraph: etree._Element) -> str:
        label = self._numbering.label(paragraph, self._styles.of(paragraph))
        return "" if label in ("-", "+") else label

    def _notes_in(self, element: etree._Element) -> Iterator[str]:
        for part in ("footnote", "endnote"):
            for reference in element.iter(tag(f"{part}Reference")):
                note = self._footnotes.get(f"{part}s{attribute(reference, 'id')}")
                if note:
                    yield note


def _bounded(element: etree._Element | None, default: int) -> int:
    """The number in ``w:val``, kept between the default and 100 columns."""
    value = attribute(element, "val") if element is not None else ""
    return min(max(int(value), default), 100) if value and value.isdigit() else default


def _flattened(parent: etree._Element) -> Iterator[etree._Element]:
    """Children, seeing through content controls, tracked insertions and custom XML."""
    for child in parent:
        if child.tag in (tag("sdt"), tag("sdtContent"), tag("ins"), tag("moveTo"), tag("customXml"), tag("smartTag")):
            yield from _flattened(child)
        elif isinstance(child.tag, str):
            yield child


def _is_foreign(element: etree._Element) -> bool:
    """An embedded sheet or document, or a part kept in another file: its words are not in the text."""
    if element.tag == tag("altChunk"):
        return True
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return name == "OLEObject" and str(element.get("ProgID") or "").startswith(("Excel", "Word"))


def _is_deleted(row: etree._Element) -> bool:
    properties = row.find(tag("trPr"))
    return properties is not None and properties.find(tag("del")) is not None


def _runs(element: etree._Element) -> Iterator[str]:
    """The visible words of a paragraph, without deletions, field codes, hidden text and text boxes."""
    for child in element:
        if child.tag in _SKIPPED or child.tag == _TEXT_BOX or not isinstance(child.tag, str):
            continue
        if child.tag == tag("t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "" if attribute(child, "type") in ("page", "column") else "\n"
        elif child.tag in (tag("tab"), tag("ptab")):
            yield " "
        elif child.tag == tag("noBreakHyphen"):
            yield "-"
        elif child.tag == tag("r") and _is_hidden(child):
            continue
        else:
            yield from _runs(child)


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(tag("rPr"))
    hidden = properties.find(tag("vanish")) if properties is not None else None
    return hidden is not None and attribute(hidden, "val") not in ("0", "false")


def _text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Boxes of a paragraph, not those inside another box: they come with its paragraphs."""
    for box in element.iter(_TEXT_BOX):
        for parent in box.iterancestors():
            if parent is element:
                yield box
            if parent is element or parent.tag in _SKIPPED or parent.tag == _TEXT_BOX:
                break


def _is_bold(paragraph: etree._Element, by_style: bool) -> bool:
    """Whether every visible run is bold."""
    found = False
    for run in paragraph.iter(tag("r")):
        if not any((text.text or "").strip() for text in run.iter(tag("t"))):
            continue
        properties = run.find(tag("rPr"))
        mark = properties.find(tag("b")) if properties is not None else None
        if mark is None:
            if not by_style:
                return False
        elif attribute(mark, "val") in ("0", "false", "off"):
            return False
        found = True
    return found
