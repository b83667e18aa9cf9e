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

from agencies.models import Agency, Membership
from plans.models import WorkItem
from reports.consolidating import consolidate
from reports.documents.agency_report import agency_report
from reports.documents.authors import author_facts
from reports.documents.checking import check
from reports.documents.consolidated import consolidated_report, subject_of
from reports.documents.letterheads import day_in_words, issuer_of
from reports.documents.templating.context import consolidation_context
from reports.documents.word import Paper
from reports.documents.wording import cut, plan_subject, rate, report_subject, standing_in_words, without_number
from reports.models import Consolidation, Period, Report, SignedAs
from tests.cast import Cast
from tests.factories import AgencyFactory, person, work_item
from tests.reports.conftest import submitted

ON = date(2024, 6, 14)


@pytest.fixture
def arrived(cast: Cast, period: Period, report_of) -> Period:
    work_item(cast.health, plan=cast.plan, due=date(2024, 4, 30))
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    return period


def word_of(made: Consolidation) -> bytes:
    return consolidated_report(made)


def opened(made: Consolidation) -> DocumentType:
    return Document(BytesIO(word_of(made)))


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
    """Return the words of a table's columns, all rows together."""
    return ["\n".join(cell.text for cell in column.cells) for column in paper.tables[table].columns]


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
    for cell in paper.tables[0].rows[0].cells:  # the names; number and date stand in the row below
        assert len(cell._tc.findall(f".//{qn('w:pBdr')}/{qn('w:top')}")) == 1


def test_number_place_and_date_are_left_open_for_the_clerk(paper: DocumentType):
    left, right = cells(paper, 0)
    assert re.search(r"Số:\s{4,}/BC-SNV", left)
    assert re.search(r"Vĩnh Phúc, ngày\s{4,}tháng 6 năm 2024", right)
    line = paper.tables[0].rows[1].cells[1].paragraphs[-1]
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


@pytest.mark.parametrize(("closing", "held"), [("Kính báo cáo./.", 2), ("Trên đây là báo cáo " + "rất dài " * 30, 1)])
def test_at_least_two_lines_of_text_stand_with_the_signature(closing: str, held: int):
    paper = Paper("Kết quả", "Sở Y tế")
    for text in ("Đã hoàn thành các nhiệm vụ. " * 8, "Tiếp tục thực hiện các nhiệm vụ còn lại. " * 5, closing):
        paper.paragraph(text)
    paper.signature(["GIÁM ĐỐC"], "Lê Văn C", ["Như trên;", "Lưu: VT."])
    body = Document(BytesIO(paper.as_bytes()))
    keeps = [bool(one.paragraph_format.keep_with_next) for one in body.paragraphs[:3]]
    assert keeps == [False] * (3 - held) + [True] * held
    rows = [one.paragraph_format.keep_with_next for cell in body.tables[-1].rows[0].cells for one in cell.paragraphs]
    assert all(rows), "the block itself does not break"


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
    arrived.reports.filter(agency=cast.health).update(words={"results": "Kết quả \x0b & <b>đậm</b>"})
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


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (
            {"done": 35, "done_late": 1, "handed_in": 1, "under_way": 758, "overdue": 3},
            "Đã hoàn thành 35 đầu việc, gồm 34 đầu việc đúng hạn và 01 đầu việc trễ hạn; 01 đầu việc đã báo cáo hoàn thành, "
            "đang chờ xác nhận; 758 đầu việc đang trong thời hạn thực hiện; 03 đầu việc quá hạn chưa hoàn thành.",
        ),
        (
            {"under_way": 252},
            "Chưa có đầu việc hoàn thành; 252 đầu việc đang trong thời hạn thực hiện; không có đầu việc quá hạn chưa hoàn thành.",
        ),
        ({"done": 2}, "Đã hoàn thành 02 đầu việc, đều đúng hạn; không có đầu việc quá hạn chưa hoàn thành."),
        (
            {"done": 2, "done_late": 2, "overdue": 1},
            "Đã hoàn thành 02 đầu việc, đều trễ hạn; 01 đầu việc quá hạn chưa hoàn thành.",
        ),
    ],
)  # fmt: skip
def test_where_nothing_stands_no_zero_is_printed(counts: dict[str, int], words: str):
    names = ("done", "done_late", "handed_in", "under_way", "overdue")
    assert standing_in_words(dict.fromkeys(names, 0) | counts) == words


def test_a_report_without_anything_due_says_so_in_words(cast: Cast, period: Period, report_of):
    work_item(cast.health, plan=cast.plan, due=date(2024, 12, 31))
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    made = consolidate(period, by=cast.coordinator, on=ON)
    told = "\n".join(texts(opened(made)) + texts(Document(BytesIO(agency_report(report_of(cast.health), ON)))))
    assert "đã đến hạn: chưa xác định, do chưa có đầu việc hoàn thành hoặc quá hạn (số" in told
    assert "Tỷ lệ đúng hạn: chưa xác định, do chưa có đầu việc hoàn thành (số" in told
    assert "chưa có đầu việc hoàn thành; 01 đầu việc đang trong thời hạn thực hiện" in told
    assert not re.search(r"\b0 (đầu việc|cơ quan|nhiệm vụ)|: - ", told)


@pytest.mark.parametrize(("value", "shown"), [(98.6, "98,6%"), (100.0, "100%"), (None, "-"), (0.0, "0%")])
def test_rates_are_printed_with_a_comma(value: float | None, shown: str):
    assert rate(value) == shown


def test_headings_lose_their_printed_number():
    assert without_number("1.1. Trách nhiệm giải trình:") == "Trách nhiệm giải trình"
    assert without_number("III. Nhiệm vụ trọng tâm") == "Nhiệm vụ trọng tâm"
    assert without_number("Công tác chỉ đạo") == "Công tác chỉ đạo"


# Every document against the decree, by the checker that offices use


def fails(document: bytes) -> list[tuple[str, str]]:
    return [(answer.name, answer.found[0].words) for answer in check(document).failing]


@pytest.mark.parametrize("signed_as", SignedAs.values)
@pytest.mark.parametrize("who", ["health", "district", "commune"])
def test_an_agencys_report_keeps_every_point_of_the_decree(cast: Cast, arrived: Period, report_of, who, signed_as):
    work_item(getattr(cast, who), plan=cast.plan, due=date(2024, 4, 30))
    report, _ = Report.objects.get_or_create(period=arrived, agency=getattr(cast, who))
    report.signed_as, report.signer = signed_as, "Lê Văn C"
    report.words = {"results": "Đã ban hành kế hoạch.\n- Đã tập huấn.", "outlook": "Tiếp tục thực hiện."}
    assert fails(agency_report(report, ON)) == []
    report.number, report.dated_on, report.signer = "05/BC-X", date(2024, 2, 5), ""
    assert fails(agency_report(report, ON)) == []


@pytest.mark.parametrize("issuer", Consolidation.Issuer.values)
@pytest.mark.parametrize("signed_as", SignedAs.values)
def test_a_consolidation_keeps_every_point_of_the_decree(cast: Cast, arrived: Period, issuer, signed_as):
    words = {"outlook": "Tiếp tục đôn đốc.", "recipients": "Như trên\n- Văn phòng UBND tỉnh,\nLưu: VT"}
    made = consolidate(arrived, by=cast.coordinator, on=ON, issuer=issuer, signed_as=signed_as, narrative=words)
    assert fails(word_of(made)) == []


def test_a_district_reports_on_its_communes_in_its_own_name(cast: Cast, arrived: Period):
    made = consolidate(arrived, by=cast.coordinator, on=ON)
    made.figures["author"] = author_facts(cast.district, cast.home_affairs)
    document = consolidated_report(made)
    assert fails(document) == []
    paper = Document(BytesIO(document))
    assert cells(paper, 0)[0].split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "HUYỆN LẬP THẠCH"]
    assert "Lập Thạch, ngày" in cells(paper, 0)[1]
    assert "Kính gửi: Sở Nội vụ." in texts(paper)
    assert any(text.endswith("UBND huyện Lập Thạch trân trọng báo cáo Sở Nội vụ./.") for text in texts(paper))


def test_a_district_tells_the_day_on_which_its_communes_reports_were_due(cast: Cast, proposed: Period):
    work_item(cast.commune, plan=cast.plan, due=date(2024, 12, 31))
    Period.objects.filter(pk=proposed.pk).update(children_due_date=date(2024, 6, 5))
    proposed.refresh_from_db()
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    commune = Report.objects.get(agency=cast.commune)
    submitted(commune, cast.commune_officer, person(cast.commune, Membership.Role.LEADER), on=date(2024, 6, 7))
    commune.accept(by=cast.district_officer, on=ON)
    made = consolidate(proposed, by=cast.district_officer, on=ON, collector=cast.district)
    told = "\n".join(texts(opened(made)))
    assert "báo cáo đúng hạn (chậm nhất ngày 05/6/2024)" in told
    assert "Hạn gửi báo cáo: 05/6/2024." in told, "in the annex as well"
    assert consolidation_context(made)["ky_bao_cao"]["han_gui"] == "05/6/2024", "and in a template of the office"
    assert "UBND xã Quang Sơn (chậm 02 ngày)" in told
    assert subject_of(made).endswith("6 tháng đầu năm 2024 của UBND cấp xã"), (
        "told apart from the district's own report"
    )
    assert "trong đó UBND cấp xã thực hiện 01 nhiệm vụ" in told


def test_sections_that_an_outline_adds_stand_before_the_outlook(cast: Cast, arrived: Period):
    made = consolidate(arrived, by=cast.coordinator, on=ON, narrative={"outlook": "Đôn đốc."})
    made.figures["outline"] = [{"key": "results", "title": "Kết quả"}, {"key": "kinh-phi", "title": "V. Kinh phí"}]
    made.narrative["kinh-phi"] = "Đã bố trí 500 triệu đồng."
    paper = Document(BytesIO(consolidated_report(made)))
    chapters = [paragraph.text for paragraph in paper.paragraphs if paragraph.style.name == "Mục 1"]
    assert chapters[-2:] == ["V. KINH PHÍ", "VI. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI"]


def test_a_long_name_of_an_agency_is_broken_into_even_lines(db):
    agency = AgencyFactory(name="Sở Nông nghiệp và Phát triển nông thôn")
    paper = Paper("Thử", agency.name)
    paper.letterhead(issuer_of(agency).letterhead("", None, ON))
    assert cells(paper.document, 0)[0].split("\n")[:3] == [
        "UBND TỈNH VĨNH PHÚC",
        "SỞ NÔNG NGHIỆP VÀ",
        "PHÁT TRIỂN NÔNG THÔN",
    ]


@pytest.mark.parametrize(
    ("signed_as", "department", "committee"),
    [
        (SignedAs.ACTING, ["Q. GIÁM ĐỐC"], ["TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"]),
        (SignedAs.BY_ORDER, ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"], ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
    ],
)
def test_acting_heads_and_those_who_sign_by_order_say_so(db, signed_as, department, committee):
    assert issuer_of(AgencyFactory(name="Sở Y tế")).signing(signed_as) == department
    district = AgencyFactory(kind=Agency.Kind.DISTRICT_PC, name="UBND huyện Lập Thạch")
    assert issuer_of(district).signing(signed_as) == committee


@pytest.mark.parametrize(
    ("name", "place"), [("UBND phường 1", "Phường 1"), ("UBND phường Hùng Vương", "Hùng Vương"), ("UBND xã Quang Sơn", "Quang Sơn")]
)  # fmt: skip
def test_places_with_figures_are_named_in_full(db, name: str, place: str):
    assert issuer_of(AgencyFactory(kind=Agency.Kind.COMMUNE_PC, name=name)).place == place
