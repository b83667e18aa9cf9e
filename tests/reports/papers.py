"""Sound papers without a database, and ways to spoil one point of them."""

from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from reports.documents.letterheads import Issuer
from reports.documents.word import Column, Paper

HEALTH = Issuer("Sở Y tế", "UBND tỉnh Vĩnh Phúc", ("SỞ Y TẾ",), "SYT", "Vĩnh Phúc")
TABLE = [Column("TT", 1.0), Column("Nhiệm vụ", 10.0, "left")]
REFERENCE = "Kèm theo Báo cáo số: 05/BC-SYT ngày 05/02/2024 của Sở Y tế"


@cache
def sound_report() -> bytes:
    """Return a short report of a department with two annexes, one of them lying."""
    paper = Paper("Kết quả", "Sở Y tế")
    paper.letterhead(HEALTH.letterhead("05/BC-SYT", date(2024, 2, 5), date(2024, 2, 5)))
    paper.title("Báo cáo", "Kết quả thực hiện Kế hoạch nâng cao sự hài lòng của người dân 6 tháng đầu năm 2024")
    paper.addressee("Sở Nội vụ")
    paper.paragraph("Thực hiện Kế hoạch số 82/KH-UBND, Sở Y tế báo cáo kết quả thực hiện như sau:")
    paper.heading("I. Kết quả")
    paper.paragraph("Đã hoàn thành 05 nhiệm vụ được giao.")
    paper.paragraph("Tiếp tục thực hiện 02 nhiệm vụ.")
    paper.caption("Bảng 1. Kết quả")
    paper.table(TABLE, [[1, "Rà soát thủ tục"]])
    paper.note("Ghi chú: số liệu đến ngày 05/02/2024.")
    paper.paragraph("Trên đây là báo cáo, Sở Y tế gửi Sở Nội vụ tổng hợp./.")
    paper.signature(HEALTH.signing("deputy"), "Lê Văn C", ["Như trên;", "Lưu: VT."])
    paper.annex("I", "Kết quả từng nhiệm vụ", REFERENCE, wide=True)
    paper.table(TABLE, [[1, "Rà soát thủ tục"]])
    paper.annex("II", "Tình hình gửi báo cáo", REFERENCE, wide=False)
    paper.table(TABLE, [[1, "Rà soát thủ tục"]])
    return paper.as_bytes()


@cache
def sound_letter() -> bytes:
    """Return a short official letter."""
    paper = Paper("V/v đôn đốc", "Sở Y tế")
    head = HEALTH.letterhead("12/SYT-VP", date(2024, 10, 15), date(2024, 10, 15))
    paper.letterhead(type(head)(head.superior, head.issuer, head.number, head.place_and_date, "đôn đốc báo cáo"))
    paper.addressee("Sở Nội vụ", before=12)
    paper.paragraph("Sở Y tế đề nghị các cơ quan khẩn trương gửi báo cáo./.")
    paper.signature(HEALTH.signing("head"), "Lê Văn C", ["Như trên;", "Lưu: VT, VP (02b)."])
    return paper.as_bytes()


Spoil = Callable[[DocumentType], object]


def spoiled(data: bytes, spoil: Spoil) -> bytes:
    """Return the paper after something was done to it."""
    paper = Document(BytesIO(data))
    spoil(paper)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def line(paper: DocumentType, begins: str) -> Paragraph:
    """Return the paragraph that begins so, in tables too."""
    inside = [one for table in paper.tables for row in table.rows for cell in row.cells for one in cell.paragraphs]
    return next(one for one in [*paper.paragraphs, *inside] if one.text.startswith(begins))


def looks(begins: str, **letters: object) -> Spoil:
    """Give the words of a line another look: size, bold, italic."""

    def spoil(paper: DocumentType) -> None:
        for run in line(paper, begins).runs:
            for name, wanted in letters.items():
                setattr(run.font, name, wanted)

    return spoil


def says(begins: str, words: str) -> Spoil:
    """Write other words where a line begins so, in its own look."""

    def spoil(paper: DocumentType) -> None:
        first, *others = line(paper, begins).runs
        first.text = words
        for run in others:
            run.text = ""

    return spoil


def stands(begins: str, **layout: object) -> Spoil:
    """Give a line another layout: alignment, first_line_indent, line_spacing …"""

    def spoil(paper: DocumentType) -> None:
        for name, wanted in layout.items():
            setattr(line(paper, begins).paragraph_format, name, wanted)

    return spoil


def margin(side: str, millimetres: float, section: int = 0) -> Spoil:
    """Change a margin of a section."""
    return lambda paper: setattr(paper.sections[section], f"{side}_margin", Mm(millimetres))


def no_rule_below(begins: str) -> Spoil:
    """Take the rule under a line away, with the low paragraph that draws it."""

    def spoil(paper: DocumentType) -> None:
        rule = line(paper, begins)._p.getnext()
        assert rule.find(f".//{qn('w:pBdr')}") is not None
        rule.getparent().remove(rule)

    return spoil


def rule_below(begins: str, indent: float) -> Spoil:
    """Make the rule under a line longer or shorter: indents of so many cm on both sides."""

    def spoil(paper: DocumentType) -> None:
        layout = Paragraph(line(paper, begins)._p.getnext(), None).paragraph_format
        layout.left_indent = layout.right_indent = Cm(indent)

    return spoil


def turn(section: int, *, lying: bool) -> Spoil:
    """Turn a section's page."""

    def spoil(paper: DocumentType) -> None:
        page = paper.sections[section]
        page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))

    return spoil


def turned(paper: DocumentType) -> None:
    """Turn the first page, and keep the rule under the title as long as it was."""
    turn(0, lying=True)(paper)
    layout = Paragraph(line(paper, "Kết quả thực hiện")._p.getnext(), None).paragraph_format
    layout.left_indent = layout.right_indent = layout.left_indent + Mm(43.5)


def number(**changes: object) -> Spoil:
    """Change the first section's page number: its layout, its letters, its kind."""

    def spoil(paper: DocumentType) -> None:
        paragraph = paper.sections[0].header.paragraphs[0]
        for name, wanted in changes.items():
            if name == "kind":
                paper.sections[0]._sectPr.find(qn("w:pgNumType")).set(qn("w:fmt"), wanted)
            elif name == "alignment":
                paragraph.alignment = wanted
            else:
                for run in paragraph.runs:
                    setattr(run.font, name, wanted)

    return spoil


def shown_on_the_first_page(paper: DocumentType) -> None:
    """Show the page number on the first page too."""
    paper.sections[0].different_first_page_header_footer = False


def counted_on(paper: DocumentType) -> None:
    """Let the last annex count on from the one before."""
    kind = paper.sections[-1]._sectPr.find(qn("w:pgNumType"))
    kind.attrib.pop(qn("w:start"))


def other_script(paper: DocumentType) -> None:
    """Give one line another font for complex scripts only."""
    run = line(paper, "Đã hoàn thành").runs[0]
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), "Arial")


def font_through_a_style(paper: DocumentType) -> None:
    """Give a style another font: no run says so itself."""
    fonts = paper.styles["Mục 1"].element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(script), "Arial")


def spoken(paper: DocumentType) -> None:
    """Mark one line as English."""
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), "en-US")
    line(paper, "Đã hoàn thành").runs[0]._r.get_or_add_rPr().append(mark)


def empty_line(paper: DocumentType) -> None:
    """Put an empty paragraph between two of the body."""
    line(paper, "Tiếp tục").insert_paragraph_before("")


def red(paper: DocumentType) -> None:
    """Colour one line of a table."""
    line(paper, "Rà soát").runs[0].font.color.rgb = RGBColor(0xC0, 0, 0)


SPOILED: list[tuple[str, Spoil]] = [
    ("page_size", lambda paper: setattr(paper.sections[2], "page_height", Mm(279))),
    ("page_orientation", turned),
    ("margin_top", margin("top", 15)),
    ("margin_bottom", margin("bottom", 30)),
    ("margin_left", margin("left", 25)),
    ("margin_right", margin("right", 25)),
    ("margins_of_lying_pages", margin("left", 10, section=1)),
    ("font", looks("Đã hoàn thành", name="Arial")),
    ("font", font_through_a_style),
    ("font_of_other_scripts", other_script),
    ("text_colour", red),
    ("page_number_place", number(alignment=ALIGN.RIGHT)),
    ("first_page_number_hidden", shown_on_the_first_page),
    ("page_number_form", number(size=Pt(11))),
    ("page_number_form", number(kind="lowerRoman")),
    ("page_number_form", number(italic=True)),
    ("annex_page_numbers", counted_on),
    ("nation_words", says("CỘNG HÒA", "Cộng hòa xã hội chủ nghĩa Việt Nam")),
    ("nation_style", looks("CỘNG HÒA", size=Pt(14))),
    ("nation_style", looks("CỘNG HÒA", bold=False)),
    ("motto_words", says("Độc lập", "Độc lập-Tự do-Hạnh phúc")),
    ("motto_style", looks("Độc lập", italic=True)),
    ("motto_rule", no_rule_below("Độc lập")),
    ("motto_rule", rule_below("Độc lập", 0)),
    ("issuer_style", says("SỞ Y TẾ", "SỞ Y Tế")),
    ("issuer_rule", no_rule_below("SỞ Y TẾ")),
    ("issuer_rule", rule_below("SỞ Y TẾ", 0)),
    ("superior_style", looks("UBND TỈNH", size=Pt(14))),
    ("number_form", says("Số:", "Số: 5/BC-SYT")),
    ("number_form", says("Số:", "Số 05/BC-SYT")),
    ("number_form", says("Số:", "Số: 05/KH-SYT")),
    ("number_style", looks("Số:", size=Pt(12))),
    ("date_form", says("Vĩnh Phúc, ngày", "Vĩnh Phúc, ngày 5 tháng 02 năm 2024")),
    ("date_form", says("Vĩnh Phúc, ngày", "Vĩnh Phúc, ngày 05 tháng 2 năm 2024")),
    ("date_form", says("Vĩnh Phúc, ngày", "Vĩnh Phúc, ngày 05 tháng 06 năm 2024")),
    ("date_style", looks("Vĩnh Phúc, ngày", italic=False)),
    ("title_style", says("BÁO CÁO", "Báo cáo")),
    ("title_style", stands("BÁO CÁO", alignment=ALIGN.LEFT)),
    ("abstract_style", looks("Kết quả thực hiện", italic=True)),
    ("abstract_rule", no_rule_below("Kết quả thực hiện")),
    ("addressee_form", says("Kính gửi", "Kính gửi Sở Nội vụ.")),
    ("body_size", looks("Đã hoàn thành", size=Pt(13))),
    ("body_justified", stands("Đã hoàn thành", alignment=ALIGN.LEFT)),
    ("body_upright", looks("Đã hoàn thành", italic=True)),
    ("body_indent", stands("Đã hoàn thành", first_line_indent=Cm(2))),
    ("body_line_spacing", stands("Đã hoàn thành", line_spacing=2.0)),
    ("body_line_spacing", stands("Đã hoàn thành", line_spacing=Pt(12))),
    ("body_paragraph_spacing", stands("Đã hoàn thành", space_after=Pt(0))),
    ("body_ending", says("Trên đây", "Trên đây là báo cáo, Sở Y tế gửi Sở Nội vụ tổng hợp.")),
    ("unicode_form", says("Đã hoàn thành", "Đa\u0303 hoàn thành.")),
    ("empty_paragraphs", empty_line),
    ("language", spoken),
    ("signature_form", says("KT. GIÁM ĐỐC", "K/T GIÁM ĐỐC")),
    ("signature_form", says("PHÓ GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
    ("signature_style", looks("KT. GIÁM ĐỐC", size=Pt(12))),
    ("signer_style", looks("Lê Văn C", bold=False)),
    ("signer_style", says("Lê Văn C", "TS. Lê Văn C")),
    ("recipients_heading", looks("Nơi nhận:", italic=False)),
    ("recipients_list", says("- Như trên", "- Như trên")),
    ("recipients_list", looks("- Như trên", size=Pt(12))),
    ("recipients_last_line", says("- Lưu", "- Lưu: VT")),
    ("annex_heading", says("Phụ lục I", "Phụ lục 1")),
    ("annex_heading", says("KẾT QUẢ TỪNG", "Kết quả từng nhiệm vụ")),
    ("annex_reference", looks("(Kèm theo", italic=False)),
    ("annex_reference", says("(Kèm theo", "(Kèm theo Báo cáo của Sở Y tế)")),
]  # fmt: skip
"""What is done to the sound report, and the one point that fails then."""
SPOILED_LETTERS: list[tuple[str, Spoil]] = [
    ("letter_subject", says("V/v", "Về việc đôn đốc báo cáo")),
    ("letter_subject", looks("V/v", bold=True)),
]
