"""The Word files as Decree 30/2020/NĐ-CP, Appendix I wants them; opened again with python-docx."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from agencies.models import Agency
from plans.models import WorkItem
from reports.consolidating import consolidate
from reports.documents.agency_report import agency_report
from reports.documents.letterheads import day_in_words, issuer_of
from reports.documents.wording import cut, plan_subject, rate, report_subject, without_number
from reports.models import Consolidation, Period, SignedAs
from tests.cast import Cast
from tests.factories import AgencyFactory, work_item
from tests.reports.conftest import submitted

ON = date(2024, 6, 14)


@pytest.fixture
def arrived(cast: Cast, period: Period, report_of) -> Period:
    work_item(cast.health, plan=cast.plan, due=date(2024, 4, 30))
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    return period


def opened(made: Consolidation) -> DocumentType:
    with made.document.open("rb") as file:
        return Document(BytesIO(file.read()))


@pytest.fixture
def paper(cast: Cast, arrived: Period) -> DocumentType:
    return opened(
        consolidate(
            arrived,
            by=cast.coordinator,
            on=ON,
            signed_as=SignedAs.DEPUTY,
            signer="Trần Thị B",
            narrative={"outlook": "Tiếp tục đôn đốc.", "proposals": "- Sở Y tế: đề nghị bố trí kinh phí."},
        )
    )


def texts(paper: DocumentType) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs]


def cells(paper: DocumentType, table: int) -> list[str]:
    return [cell.text for cell in paper.tables[table].rows[0].cells]


def test_the_page_is_upright_a4_with_the_margins_of_the_decree(paper: DocumentType):
    page = paper.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    assert 2.0 <= round(page.top_margin.cm, 2) <= 2.5
    assert 2.0 <= round(page.bottom_margin.cm, 2) <= 2.5
    assert 3.0 <= round(page.left_margin.cm, 2) <= 3.5
    assert 1.5 <= round(page.right_margin.cm, 2) <= 2.0


def test_everything_is_times_new_roman_in_every_script(paper: DocumentType):
    fonts = paper.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert {run.font.name for paragraph in paper.paragraphs for run in paragraph.runs} == {None}


def test_body_text_is_14_points_justified_with_a_first_line_indent(paper: DocumentType):
    body = next(paragraph for paragraph in paper.paragraphs if paragraph.text.startswith("Thực hiện Kế hoạch số"))
    layout = body.style.paragraph_format
    assert (body.style.base_style.font.size, layout.alignment) == (Pt(14), ALIGN.JUSTIFY)
    assert Cm(1.0) <= layout.first_line_indent <= Cm(1.28)
    assert layout.space_after >= Pt(6)
    assert 1.0 <= layout.line_spacing <= 1.5


def test_the_letterhead_names_issuer_and_nation_with_their_rules(paper: DocumentType):
    left, right = cells(paper, 0)
    assert left.split("\n")[:2] == ["UBND TỈNH VĨNH PHÚC", "SỞ NỘI VỤ"]
    assert right.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    for cell in paper.tables[0].rows[0].cells:
        assert len(cell._tc.findall(f".//{qn('w:pBdr')}/{qn('w:top')}")) == 1


def test_number_place_and_date_are_left_open_for_the_clerk(paper: DocumentType):
    left, right = cells(paper, 0)
    assert re.search(r"Số:\s{4,}/BC-SNV", left)
    assert re.search(r"Vĩnh Phúc, ngày\s{4,}tháng 6 năm 2024", right)
    line = paper.tables[0].rows[0].cells[1].paragraphs[-1]
    assert all(run.italic for run in line.runs)


def test_the_title_is_bold_and_centred_and_sent_to_the_committee(paper: DocumentType):
    lines = [paragraph for paragraph in paper.paragraphs if paragraph.text]
    assert [line.text for line in lines[:3]] == [
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch thử nghiệm 6 tháng đầu năm 2024",
        "Kính gửi: Ủy ban nhân dân tỉnh Vĩnh Phúc.",
    ]
    assert all(line.alignment == ALIGN.CENTER and line.runs[0].bold for line in lines[:2])


def test_the_five_chapters_stand_in_their_order(paper: DocumentType):
    chapters = [paragraph.text for paragraph in paper.paragraphs if paragraph.style.name == "Mục 1"]
    assert chapters == [
        "I. KẾT QUẢ CHUNG",
        "II. KẾT QUẢ THỰC HIỆN THEO NỘI DUNG KẾ HOẠCH",
        "III. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
        "IV. KHÓ KHĂN, VƯỚNG MẮC VÀ KIẾN NGHỊ, ĐỀ XUẤT",
        "V. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI",
    ]


def test_pages_are_numbered_in_the_middle_above_from_the_second_on(paper: DocumentType):
    for section in paper.sections:
        assert section.different_first_page_header_footer
        assert section.first_page_header.paragraphs[0].text == ""
        header = section.header.paragraphs[0]
        assert header.alignment == ALIGN.CENTER
        assert [node.text for node in header._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_a_deputy_signs_for_the_director_beside_the_recipients(paper: DocumentType):
    left, right = next(cells(paper, n) for n in range(len(paper.tables)) if "Nơi nhận:" in cells(paper, n)[0])
    assert left.split("\n") == ["Nơi nhận:", "- Như trên;", "- Giám đốc, các Phó Giám đốc Sở;", "- Lưu: VT."]
    assert [line for line in right.split("\n") if line] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Thị B"]


def test_heads_of_tables_repeat_and_rows_do_not_break(paper: DocumentType):
    data = [table for table in paper.tables if table.rows[0]._tr.findall(f".//{qn('w:tblHeader')}")]
    assert len(data) >= 4
    assert all(row._tr.findall(f".//{qn('w:cantSplit')}") for table in data for row in table.rows)


def test_annexes_stand_on_their_own_pages_the_wide_ones_lying(paper: DocumentType):
    assert [text for text in texts(paper) if text.startswith("Phụ lục")] == [
        "Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV",
    ]  # fmt: skip
    lying = WD_ORIENT.LANDSCAPE
    assert [section.orientation == lying for section in paper.sections] == [False, True, False, True, False]


def test_no_table_is_wider_than_its_page(paper: DocumentType):
    limit = max(page.page_width - page.left_margin - page.right_margin for page in paper.sections)
    for table in paper.tables:
        assert sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) <= limit / Pt(1) * 20 + 10


def test_figures_and_words_of_the_version_are_in_the_text(paper: DocumentType):
    whole = "\n".join(texts(paper))
    assert "có 01/03 cơ quan, đơn vị, địa phương đã gửi báo cáo (đạt 33,3%)" in whole
    assert "01 đầu việc quá hạn chưa hoàn thành" in whole
    assert "- Sở Y tế: đề nghị bố trí kinh phí." in whole
    assert "Tiếp tục đôn đốc." in whole
    assert "Sở Nội vụ trân trọng báo cáo UBND tỉnh./." in whole


def test_the_committees_own_draft_is_signed_on_behalf_of_the_committee(cast: Cast, arrived: Period):
    paper = opened(consolidate(arrived, by=cast.coordinator, on=ON, issuer=Consolidation.Issuer.COMMITTEE))
    assert cells(paper, 0)[0].split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH VĨNH PHÚC"]
    signing = next(cells(paper, n)[1] for n in range(len(paper.tables)) if "Nơi nhận:" in cells(paper, n)[0])
    assert signing.split("\n")[:2] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert "Kính gửi: Bộ Nội vụ." in texts(paper)


def test_control_characters_in_words_do_not_break_the_file(cast: Cast, arrived: Period):
    WorkItem.objects.update(revision=2)
    arrived.reports.filter(agency=cast.health).update(results="Kết quả \x0b & <b>đậm</b>")
    paper = opened(consolidate(arrived, by=cast.coordinator, on=ON, narrative={"outlook": "a\x0cb"}))
    assert "Kết quả  & <b>đậm</b>" in [cell.text for cell in paper.tables[-1].rows[1].cells]


def test_an_agencys_own_report_carries_its_number_day_and_signer(cast: Cast, arrived: Period, report_of):
    report = report_of(cast.health)
    report.number, report.dated_on, report.signer = "45/BC-SYT", date(2024, 6, 5), "Lê Văn C"
    paper = Document(BytesIO(agency_report(report, ON)))
    left, right = cells(paper, 0)
    assert left.split("\n")[:2] == ["UBND TỈNH VĨNH PHÚC", "SỞ Y TẾ"]
    assert "Số: 45/BC-SYT" in left
    assert "Vĩnh Phúc, ngày 05 tháng 6 năm 2024" in right
    assert "Kính gửi: Sở Nội vụ." in texts(paper)


@pytest.mark.parametrize(
    ("kind", "name", "head", "deputy"),
    [
        ("department", "Sở Y tế", ["GIÁM ĐỐC"], ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("equivalent", "Thanh tra tỉnh", ["CHÁNH THANH TRA"], ["KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"]),
        ("equivalent", "Văn phòng UBND tỉnh", ["CHÁNH VĂN PHÒNG"], ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
        ("board", "Ban Dân tộc tỉnh", ["TRƯỞNG BAN"], ["KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"]),
        ("central_vertical", "Cục Thuế tỉnh", ["CỤC TRƯỞNG"], ["KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"]),
        ("district_pc", "UBND huyện Lập Thạch", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
         ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
    ],
)  # fmt: skip
def test_each_kind_of_agency_signs_in_its_own_way(db, kind, name, head, deputy):
    issuer = issuer_of(AgencyFactory(kind=kind, name=name))
    assert (issuer.signing(SignedAs.HEAD), issuer.signing(SignedAs.DEPUTY)) == (head, deputy)


def test_a_district_has_no_superior_line_and_names_its_own_place(db):
    issuer = issuer_of(AgencyFactory(kind=Agency.Kind.DISTRICT_PC, name="UBND huyện Lập Thạch"))
    assert (issuer.superior, issuer.lines) == ("", ("ỦY BAN NHÂN DÂN", "HUYỆN LẬP THẠCH"))
    assert (issuer.place, issuer.symbol) == ("Lập Thạch", "UBND")


def test_the_symbol_keeps_the_letters_with_a_stroke(db):
    agency = AgencyFactory(code="SLDTBXH", aliases=["SLĐTBXH", "Sở LĐTBXH"], name="Sở Lao động")
    assert issuer_of(agency).symbol == "SLĐTBXH"


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2024, 2, 5), "ngày 05 tháng 02 năm 2024"), (date(2024, 11, 20), "ngày 20 tháng 11 năm 2024"),
     (date(2024, 3, 9), "ngày 09 tháng 3 năm 2024")],
)  # fmt: skip
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: date, words: str):
    assert day_in_words(day) == words


def test_titles_in_capitals_are_written_small_again():
    title = "KẾ HOẠCH NÂNG CAO SỰ HÀI LÒNG CỦA NGƯỜI DÂN (SIPAS) TỈNH VĨNH PHÚC NĂM 2024"
    assert plan_subject(title, "Vĩnh Phúc") == "nâng cao sự hài lòng của người dân (SIPAS) tỉnh Vĩnh Phúc năm 2024"
    assert report_subject(title, "Vĩnh Phúc", "6 tháng đầu năm 2024", 2024) == (
        "Kết quả thực hiện Kế hoạch nâng cao sự hài lòng của người dân (SIPAS) tỉnh Vĩnh Phúc 6 tháng đầu năm 2024"
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Điều tra xã hội học các nội dung:\n1) Nhận định", "Điều tra xã hội học các nội dung"),
        ("Lấy ý kiến dễ dàng gồm các hình thức: " , "Lấy ý kiến dễ dàng"),
        ("- Niêm yết công khai.", "Niêm yết công khai"),
    ],
)  # fmt: skip
def test_a_task_is_called_by_its_first_clause(text: str, short: str):
    assert cut(text) == short


def test_a_long_task_ends_with_a_whole_clause_and_closed_brackets():
    text = "Tuyên truyền các chính sách mới cho người dân ở cơ sở; " + "niêm yết (tại cơ quan, trên đài " * 20
    assert cut(text) == "Tuyên truyền các chính sách mới cho người dân ở cơ sở"


@pytest.mark.parametrize(("value", "shown"), [(98.6, "98,6%"), (100.0, "100%"), (None, "-"), (0.0, "0%")])
def test_rates_are_printed_with_a_comma(value: float | None, shown: str):
    assert rate(value) == shown


def test_headings_lose_their_printed_number():
    assert without_number("1.1. Trách nhiệm giải trình:") == "Trách nhiệm giải trình"
    assert without_number("III. Nhiệm vụ trọng tâm") == "Nhiệm vụ trọng tâm"
    assert without_number("Công tác chỉ đạo") == "Công tác chỉ đạo"
