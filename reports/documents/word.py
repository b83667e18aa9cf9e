"""Word files in the layout of Decree 30/2020/NĐ-CP, Appendix I. Knows paper, not reports.

A4; margins 20 mm above and below, 30 mm left, 20 mm right; Times New Roman; body 14 pt, justified, first line 1.27 cm;
page numbers centred in the upper margin from the second page of each part; annexes numbered on their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from agencies.folding import printable
from reports.documents.measuring import balanced, width_cm

FONT = "Times New Roman"
BODY, SMALL, TABLE = 14, 12, 12
"""Sizes in points: body text, letterhead, tables."""
WIDTH_CM = 16.0
"""Width of the text on an upright A4 page."""
WIDE_CM = 25.2
"""Width of the text on a lying A4 page."""
LEFT_CM, RIGHT_CM = 6.2, 9.8
"""Columns of the letterhead; the national name at 12 pt bold takes 8.1 cm, with a stand-in font up to 9.3 cm."""
CELL_MARGINS_CM = 0.38
"""Left and right margins of a cell of the letterhead together (Word's own)."""
TITLE_CM = 14.5
"""Longest line of a title: a little narrower than the text, as it looks best."""
SHORT_RULE = 0.42
"""Rules under issuer and title are a third to a half of the line (Appendix I, II.2c and 5c)."""
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
SPACES = "\u00a0" * 6
TWO_LINES = 160
"""Letters that fill two lines of the body."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: head, width in centimetres, and how its cells stand (left, center, right)."""

    head: str
    width: float
    align: str = "center"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The upper part of a paper: whose it is, its number line, place and date line; a letter also says its subject."""

    superior: str
    issuer: tuple[str, ...]
    number: str
    place_and_date: str
    about: str = ""


class Paper:
    """A document that is written from the top to the bottom."""

    def __init__(self, subject: str, author: str) -> None:
        self.document = Document()
        self._set_styles()
        self._set_section(self.document.sections[0])
        facts = self.document.core_properties
        facts.title, facts.author = printable(subject)[:255], printable(author)[:255]
        facts.language, facts.comments = "vi-VN", ""
        facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0)

    def as_bytes(self) -> bytes:
        """Return the file; Word wants a paragraph at the end, also below a table."""
        if self.document.element.body[-2].tag == qn("w:tbl"):
            self._make_low(self.document.add_paragraph())
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    # The parts of a paper, in their order

    def letterhead(self, head: Letterhead) -> None:
        """Write issuer and national name side by side, each with its rule; below, level, the number, and place and date.

        Long names are broken into lines of about the same length, as offices do by hand.
        """
        (left, right), (number, date) = self._two_columns(LEFT_CM, RIGHT_CM, rows=2)
        if head.superior:
            for line in balanced(head.superior.upper(), LEFT_CM - CELL_MARGINS_CM, SMALL):
                self._line(left, line, size=SMALL)
        names = [
            line for name in head.issuer for line in balanced(name.upper(), LEFT_CM - CELL_MARGINS_CM, SMALL, bold=True)
        ]
        for line in names:
            self._line(left, line, size=SMALL, bold=True)
        longest = max(width_cm(line, SMALL, bold=True) for line in names)
        self._rule(left, LEFT_CM - CELL_MARGINS_CM, longest * SHORT_RULE)
        self._line(right, NATION, size=SMALL, bold=True)
        self._line(right, MOTTO, size=13, bold=True)
        self._rule(right, RIGHT_CM - CELL_MARGINS_CM, width_cm(MOTTO, 13, bold=True))
        self._line(number, head.number, size=13, before=4)
        if head.about:
            for position, line in enumerate(balanced(f"V/v {head.about}", LEFT_CM - CELL_MARGINS_CM, SMALL)):
                self._line(number, line, size=SMALL, before=0 if position else 6)
        self._line(date, head.place_and_date, size=13, italic=True, before=4)

    def title(self, kind: str, about: str) -> None:
        """Write the kind of paper and what it is about, with the short rule below."""
        self._centred(kind.upper(), before=16).paragraph_format.keep_with_next = True
        lines = balanced(about, TITLE_CM, BODY, bold=True)
        paragraph = self._centred("")
        for position, line in enumerate(lines):
            run = self._run(paragraph, line if position == len(lines) - 1 else f"{line} ", size=BODY, bold=True)
            if position < len(lines) - 1:
                run.add_break()
        longest = max(width_cm(line, BODY, bold=True) for line in lines)
        self._rule(self.document, WIDTH_CM, longest * SHORT_RULE, after=10)

    def addressee(self, name: str, *, before: float = 0) -> None:
        """Write to whom a report goes: "Kính gửi" belongs to reports sent upwards (Appendix I, II.9)."""
        paragraph = self.document.add_paragraph(style="Normal")
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(12)
        self._run(paragraph, f"Kính gửi: {name}.", size=BODY)

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading: level 1 in capitals (I.), 2 bold (1.), 3 bold italic (1.1.), deeper ones italic."""
        paragraph = self.document.add_paragraph(style=f"Mục {min(level, 3)}")
        paragraph.add_run(printable(text.upper() if level == 1 else text))

    def paragraph(self, text: str, *, bold: bool = False, italic: bool = False, before: float = 0) -> None:
        """Write a paragraph of the body, ``before`` points below what stands above."""
        paragraph = self.document.add_paragraph(style="Thân văn bản")
        if before:
            paragraph.paragraph_format.space_before = Pt(before)
        run = paragraph.add_run(printable(text))
        run.bold, run.italic = bold or None, italic or None

    def prose(self, text: str) -> None:
        """Write words that people typed: each line a paragraph."""
        for line in text.splitlines():
            if line.strip():
                self.paragraph(line.strip())

    def signature(self, lines: Sequence[str], name: str, recipients: Sequence[str]) -> None:
        """Write recipients on the left, and who signs on the right, on one page and never without text above them."""
        self._hold_to_what_follows()
        [(left, right)] = self._two_columns(7.5, WIDTH_CM - 7.5)
        left._tc.get_or_add_tcPr().append(  # recipients stand at the very margin (Appendix I, II.9d)
            parse_xml(f'<w:tcMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/></w:tcMar>')
        )
        first = self._line(left, "Nơi nhận:", size=12, bold=True, italic=True, before=8)
        first.alignment = ALIGN.LEFT
        for recipient in recipients:
            self._line(left, f"- {recipient}", size=11).alignment = ALIGN.LEFT
        for position, line in enumerate(lines):
            self._line(right, line, size=BODY, bold=True, before=0 if position else 8)
        for _ in range(4):
            self._line(right, "", size=BODY)
        self._line(right, name, size=BODY, bold=True)

    def annex(self, number: str, title: str, reference: str, *, wide: bool) -> None:
        """Begin an annex on a page of its own, upright or lying, with page numbers of its own."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self._make_low(self.document.paragraphs[-1])
        self._set_section(section, wide=wide)
        self._centred(f"Phụ lục {number}".strip())
        width = (WIDE_CM if wide else WIDTH_CM) - 1
        for line in balanced(title.upper(), width, BODY, bold=True):
            self._centred(line)
        paragraph = self._centred("", before=2, after=8)
        self._run(paragraph, f"({reference})", size=BODY, italic=True)

    def caption(self, text: str) -> None:
        """Write what the table below shows."""
        paragraph = self._centred(text, before=8, after=4, size=13)
        paragraph.paragraph_format.keep_with_next = True

    def note(self, text: str) -> None:
        """Write a remark under a table."""
        paragraph = self.document.add_paragraph(style="Normal")
        paragraph.alignment = ALIGN.JUSTIFY
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(4), Pt(8)
        self._run(paragraph, text, size=TABLE, italic=True)

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[object]], *, size: int = TABLE, total: bool = False
    ) -> None:
        """Write a table whose head repeats on every page; ``total`` makes the last row bold.

        Built as one piece of XML: python-docx takes seconds for a thousand rows written cell by cell.
        """
        body = [list(row) for row in rows]
        parts = [_row([column.head for column in columns], columns, size, head=True)]
        for index, row in enumerate(body):
            parts.append(_row(row, columns, size, bold=total and index == len(body) - 1))
        grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
        width = sum(_twips(column.width) for column in columns)
        xml = (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{width}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
            f'<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(parts)}</w:tbl>"
        )
        self.document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")

    # Inside

    def _set_styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(BODY)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
        language = OxmlElement("w:lang")
        for script in ("w:val", "w:eastAsia"):
            language.set(qn(script), "vi-VN")
        normal.element.get_or_add_rPr().append(language)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.0
        for name, bold, italic in (
            ("Thân văn bản", False, False),
            ("Mục 1", True, False),
            ("Mục 2", True, False),
            ("Mục 3", True, True),
        ):
            style = styles.add_style(name, 1)
            style.base_style, style.font.bold, style.font.italic = normal, bold or None, italic or None
            layout = style.paragraph_format
            layout.alignment, layout.first_line_indent = ALIGN.JUSTIFY, Cm(1.27)
            layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(6), 1.15
            layout.widow_control = True
            if name.startswith("Mục"):
                layout.alignment = ALIGN.LEFT
                layout.keep_with_next = True
                outline = OxmlElement("w:outlineLvl")
                outline.set(qn("w:val"), str(int(name[-1]) - 1))
                style.element.get_or_add_pPr().append(outline)

    def _set_section(self, section: Section, *, wide: bool = False) -> None:
        short, long = Cm(21.0), Cm(29.7)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if wide else (short, long)
        section.top_margin = section.bottom_margin = Cm(2.0)
        section.left_margin = Cm(3.0)
        section.right_margin = Cm(1.5) if wide else Cm(2.0)
        section.header_distance = Cm(1.0)
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
        self._put_page_number(section.header.paragraphs[0])
        numbering = section._sectPr.find(qn("w:pgNumType"))
        if numbering is None:
            numbering = OxmlElement("w:pgNumType")
            _put(section._sectPr, numbering, ("w:cols", "w:titlePg", "w:docGrid"))
        numbering.set(qn("w:start"), "1")

    def _put_page_number(self, paragraph: Paragraph) -> None:
        paragraph.alignment = ALIGN.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = self._run(paragraph, "", size=BODY)
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = text
            run._r.append(mark)

    def _two_columns(self, left: float, right: float, rows: int = 1) -> list[tuple[_Cell, _Cell]]:
        table = self.document.add_table(rows=rows, cols=2)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, (left, right), strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return [(table.cell(row, 0), table.cell(row, 1)) for row in range(rows)]

    def _hold_to_what_follows(self) -> None:
        """Keep the last two lines of text or more with what comes next: nobody signs a page that says nothing."""
        held = 0
        for paragraph in reversed(self.document.paragraphs):
            paragraph.paragraph_format.keep_with_next = True
            held += len(paragraph.text)
            if held > TWO_LINES:
                return

    def _line(
        self,
        cell: _Cell,
        text: str,
        *,
        size: int,
        bold: bool = False,
        italic: bool = False,
        before: float = 0,
    ) -> Paragraph:
        fresh = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
        paragraph = cell.paragraphs[0] if fresh else cell.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, text, size=size, bold=bold, italic=italic)
        return paragraph

    def _centred(self, text: str, *, before: float = 0, after: float = 0, size: int = BODY) -> Paragraph:
        paragraph = self.document.add_paragraph(style="Normal")
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        if text:
            self._run(paragraph, text, size=size, bold=True)
        return paragraph

    def _run(self, paragraph: Paragraph, text: str, *, size: int, bold: bool = False, italic: bool = False) -> Run:
        run = paragraph.add_run(printable(text))
        run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
        return run

    def _make_low(self, paragraph: Paragraph) -> None:
        """Make a paragraph that Word needs (below a table, at the end of a section) take no room: no page for it alone."""
        layout = paragraph.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing = Pt(1)
        mark = parse_xml(f'<w:rPr {nsdecls("w")}><w:sz w:val="2"/></w:rPr>')
        _put(paragraph._p.get_or_add_pPr(), mark, ("w:sectPr",))

    def _rule(self, place: DocumentType | _Cell, width: float, length: float, *, after: float = 0) -> None:
        """Draw a rule of ``length`` cm in the middle of ``width``: the upper border of a low, indented paragraph."""
        paragraph = place.add_paragraph()
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = Cm((width - length) / 2)
        layout.space_before, layout.space_after, layout.line_spacing = Pt(2), Pt(after), Pt(3)
        border = parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        )
        _put(
            paragraph._p.get_or_add_pPr(),
            border,
            ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"),
        )
        self._run(paragraph, "", size=2)


def _put(parent: BaseOxmlElement, child: BaseOxmlElement, followers: Sequence[str]) -> None:
    """Insert before the first of those that must follow: Word calls a file damaged whose elements are out of order."""
    names = {qn(name) for name in followers}
    after = next((one for one in parent if one.tag in names), None)
    if after is None:
        parent.append(child)
    else:
        after.addprevious(child)


def _twips(centimetres: float) -> int:
    return round(centimetres * 567)


def _row(
    cells: Sequence[object], columns: Sequence[Column], size: int, *, head: bool = False, bold: bool = False
) -> str:
    made = []
    for value, column in zip(cells, columns, strict=True):
        align = "center" if head else column.align
        strong = "<w:b/>" if head or bold else ""
        run = f'<w:rPr>{strong}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr>'
        lines = str("" if value is None else value).split("\n")
        paragraphs = "".join(
            f'<w:p><w:pPr><w:spacing w:before="30" w:after="30"/><w:jc w:val="{align}"/>{run}</w:pPr>'
            f'<w:r>{run}<w:t xml:space="preserve">{escape(printable(line))}</w:t></w:r></w:p>'
            for line in lines
        )
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f"{paragraphs}</w:tc>"
        )
    repeat = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(made)}</w:tr>"
