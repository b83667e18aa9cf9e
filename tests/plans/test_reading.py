"""Reading: whatever the format, the same grid and the same words; what cannot be read is refused in words."""

import io
import struct
import zipfile
import zlib
from datetime import date

import openpyxl
import pytest
from docx import Document as new_word
from docx.oxml.ns import qn

from plans.importing.document import Table
from plans.importing.reading import UnreadableDocument, read_document
from plans.importing.reading.pages import follows
from tests.plans.plan_files import archive, decimal_list, fill, numbered, table_plan, with_part, word, workbook

ROWS = [["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"], ["1", "Rà soát thủ tục", "Sở Tư pháp", "Quý II"]]


def grid(data: bytes, filename: str = "") -> list[list[str]]:
    """The words of the last real table."""
    table = [one for one in read_document(data, filename).tables if not one.name.startswith("Khung")][-1]
    return [[cell.text for cell in row] for row in table.rows]


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_document(data, "kế hoạch.docx")
    assert refused.value.message.endswith(".")
    return refused.value.code


def compound_file(*streams: str) -> bytes:
    """A smallest OLE file (the container of .doc, .xls and of documents with a password) with empty streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff\xff\xff\xff" * 108
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff\xff\xff\xff" * 126
    entries = b""
    for place, name in enumerate(("Root Entry", *streams)):
        raw = (name + "\0").encode("utf-16-le")
        child = 1 if place == 0 and streams else 0xFFFFFFFF
        right = place + 1 if 0 < place < len(streams) else 0xFFFFFFFF
        entries += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), 5 if place == 0 else 2, 1)
        entries += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return header + fat + entries.ljust(512, b"\0")


def test_a_merged_cell_gives_its_words_to_every_row_and_column_that_it_covers():
    rows = [ROWS[0], ["1", "Việc một", "Sở Nội vụ", "Quý I"], ["2", "Việc hai", "", ""], ["A. Nhóm", "", "", ""]]
    read = grid(table_plan(rows, [(1, 2, 2, 2), (1, 3, 2, 3), (3, 0, 3, 3)]))
    assert read[2] == ["2", "Việc hai", "Sở Nội vụ", "Quý I"]
    assert read[3] == ["A. Nhóm"] * 4


def test_numbers_that_word_prints_by_itself_are_read():
    def build(document):
        table = fill(document, [ROWS[0], ["", "Một", "", ""], ["", "Hai", "", ""]])
        identity = decimal_list(document)
        numbered(table.cell(1, 0).paragraphs[0], identity)
        numbered(table.cell(2, 0).paragraphs[0], identity)
        numbered(document.add_paragraph("Tiếp theo"), identity, level=1)

    document = read_document(word(build))
    table = list(document.tables)[-1]
    assert [row[0].text for row in table.rows] == ["TT", "1.", "2."]
    assert document.paragraphs[-1].printed == "2.1. Tiếp theo"


def test_deleted_and_hidden_words_are_left_out_and_inserted_ones_kept():
    def build(document):
        paragraph = document.add_paragraph("Giữ lại")
        for name, words in (("w:del", " đã xóa"), ("w:ins", " thêm vào")):
            run = paragraph.add_run(words)._r
            change = paragraph._p.makeelement(qn(name), {})
            run.addprevious(change)
            change.append(run)
        paragraph.add_run(" ẩn").font.hidden = True

    assert read_document(word(build)).paragraphs[-1].text == "Giữ lại thêm vào"


def test_a_table_inside_a_cell_is_read_too():
    def build(document):
        inner = document.add_table(1, 1).cell(0, 0).add_table(2, 4)
        for top, row in enumerate(ROWS):
            for left, words in enumerate(row):
                inner.cell(top, left).text = words

    assert grid(word(build)) == ROWS


def test_a_table_that_a_page_end_has_cut_becomes_one_again():
    def build(document):
        fill(document, [ROWS[0], ["1", "Rà soát các thủ tục hành chính thuộc", "Sở Tư pháp; Sở", "Quý"]])
        fill(document, [ROWS[0], ["", "lĩnh vực đất đai", "Tài chính", "II"], ["2", "Báo cáo", "Sở Nội vụ", "Quý IV"]])

    assert grid(word(build)) == [
        ROWS[0],
        ["1", "Rà soát các thủ tục hành chính thuộc lĩnh vực đất đai", "Sở Tư pháp; Sở Tài chính", "Quý II"],
        ["2", "Báo cáo", "Sở Nội vụ", "Quý IV"],
    ]


def test_two_halves_are_not_joined_when_the_numbers_show_that_rows_are_lost_between_them():
    def build(document):
        fill(document, [ROWS[0], ["2.2", "Rà soát các thủ tục", "Văn phòng", "Quý"]])
        fill(
            document,
            [["", "của UBND tỉnh ban hành", "đơn vị có liên quan", "IV"], ["3.3", "Kiểm tra", "Sở Nội vụ", "Quý IV"]],
        )

    assert [row[1] for row in grid(word(build))] == [
        "Nhiệm vụ",
        "Rà soát các thủ tục",
        "của UBND tỉnh ban hành",
        "Kiểm tra",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((2, 2), (2, 3), True),
        ((2, 2), (3,), True),
        ((2, 2), (2, 2, 1), True),
        ((2, 2), (3, 3), False),
        ((2,), (4,), False),
    ],
)
def test_a_number_follows_another_only_without_a_gap(before, after, expected):
    assert follows(before, after) is expected


def test_a_sheet_keeps_real_dates_numbers_merges_and_its_own_row_numbers():
    data = workbook(
        {
            "Nhiệm vụ": [
                ["KẾ HOẠCH"],
                [],
                ROWS[0],
                [1, "Việc", "Sở Y tế", date(2025, 3, 5)],
                [1.1, "Việc con", None, None],
            ]
        },
        merges={"Nhiệm vụ": ["C4:C5"]},
    )
    table = next(read_document(data).tables)
    assert [cell.text for cell in table.rows[2]] == ["1", "Việc", "Sở Y tế", "05/03/2025"]
    assert [cell.text for cell in table.rows[3]] == ["1.1", "Việc con", "Sở Y tế", ""]
    assert table.place(2) == "Trang tính “Nhiệm vụ”, dòng 4"


def test_a_hidden_sheet_is_named_and_not_read():
    document = read_document(workbook({"Chính": ROWS, "Nháp": [["bí mật"]]}, hidden=["Nháp"]))
    assert [block.name for block in document.blocks if isinstance(block, Table)] == ["Trang tính “Chính”"]
    assert "Nháp" in document.remarks[0][1]


def with_hidden_row(*, filtered: bool) -> bytes:
    """A workbook whose third row is hidden, by hand or by a filter."""
    book = openpyxl.Workbook()
    for row in (*ROWS, ["2", "Việc bị ẩn", "Sở Y tế", "Quý I"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    if filtered:
        book.active.auto_filter.ref = "A1:D3"
        book.active.auto_filter.add_filter_column(2, ["Sở Tư pháp"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_row_hidden_by_hand_is_left_out_and_named():
    data = with_hidden_row(filtered=False)
    assert [row[0] for row in grid(data)] == ["TT", "1"]
    assert "dòng bị ẩn (3)" in read_document(data).remarks[0][1]


def test_rows_that_a_filter_hides_are_read_and_named():
    data = with_hidden_row(filtered=True)
    assert [row[0] for row in grid(data)] == ["TT", "1", "2"]
    assert "bị lọc ẩn (3) vẫn được đọc" in read_document(data).remarks[0][1]


def test_a_date_shown_as_a_month_is_a_month_and_not_its_first_day():
    book = openpyxl.Workbook()
    book.active.append(["Thời gian", "Tỷ lệ"])
    book.active.append([date(2025, 6, 1), 0.125])
    book.active["A2"].number_format, book.active["B2"].number_format = "mm/yyyy", "0.0%"
    buffer = io.BytesIO()
    book.save(buffer)
    assert grid(buffer.getvalue())[1] == ["Tháng 6/2025", "12,5%"]


def test_an_embedded_sheet_is_not_passed_over_in_silence():
    def build(document):
        run = document.add_paragraph("Bảng nhiệm vụ kèm theo").add_run()._r
        shape = run.makeelement(qn("w:object"), {})
        run.append(shape)
        shape.append(
            shape.makeelement("{urn:schemas-microsoft-com:office:office}OLEObject", {"ProgID": "Excel.Sheet.12"})
        )

    assert [code for code, _ in read_document(word(build)).remarks] == ["row_lost"]


def test_cells_pasted_from_excel_may_run_over_several_lines():
    pasted = 'TT\tNhiệm vụ\tCơ quan chủ trì\tThời gian\n1\t"Rà soát\nthủ tục"\tSở Tư pháp\tQuý II\n'
    assert grid(pasted.encode())[1] == ["1", "Rà soát\nthủ tục", "Sở Tư pháp", "Quý II"]


def test_a_markdown_table_loses_its_marks_and_keeps_its_lines():
    text = "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n"
    text += "| 1 | <ul><li>Một</li><li>Hai &amp; ba</li></ul> | **Sở Y tế** | Quý I |\n"
    assert grid(text.encode())[1] == ["1", "Một\nHai & ba", "Sở Y tế", "Quý I"]


def test_a_web_table_with_spans_and_without_end_tags_is_read():
    page = """<html><body><table><tr><th rowspan=2>TT<th rowspan=2>Nhiệm vụ<th colspan=2>Cơ quan
      <tr><th>Chủ trì<th>Phối hợp<tr><td>1<td>Xây dựng <b>kế
      hoạch</b><td>Sở Nội vụ<td>Sở Y tế</table><script>x</script></body></html>"""
    assert grid(page.encode(), "a.html") == [
        ["TT", "Nhiệm vụ", "Cơ quan", "Cơ quan"],
        ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp"],
        ["1", "Xây dựng kế hoạch", "Sở Nội vụ", "Sở Y tế"],
    ]


def test_cells_on_lines_of_their_own_are_gathered_into_rows():
    lines = [*ROWS[0], "1", "Rà soát", "thủ tục", "Sở Tư pháp", "Quý II", "2", "Báo cáo", "Sở Nội vụ", "Trước 10/6"]
    text = "\n\n".join(lines)
    assert grid(text.encode())[1:] == [
        ["1", "Rà soát\nthủ tục", "Sở Tư pháp", "Quý II"],
        ["2", "Báo cáo", "Sở Nội vụ", "Trước 10/6"],
    ]


def test_decomposed_letters_and_invisible_characters_become_ordinary_ones():
    text = "Ke\u0302\u0301 hoạch\u00a0cải\u200b cách".encode()
    assert read_document(text).paragraphs[0].text == "Kế hoạch cải cách"


def test_utf16_text_is_read():
    assert read_document("Kế hoạch năm 2025".encode("utf-16")).paragraphs[0].text == "Kế hoạch năm 2025"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\x00", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "scan"),
        (b"\x01\x02\x03\x04" * 100, "not_a_document"),
        (b"x" * (26 * 1024 * 1024), "too_large"),
        (b"%PDF-1.7\n%broken", "damaged"),
        (b"{\\rtf1 abc}", "old_format"),
        (compound_file("EncryptedPackage", "EncryptionInfo"), "password"),
        (compound_file("WordDocument"), "old_format"),
        (compound_file("Workbook"), "old_format"),
        (compound_file("Other"), "not_a_document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "damaged"),
        (archive({"a.txt": b"x"}), "not_a_document"),
    ],
    ids=[
        "empty",
        "blank",
        "picture",
        "bytes",
        "large",
        "pdf",
        "rtf",
        "locked",
        "doc",
        "xls",
        "ole",
        "broken-ole",
        "zip",
    ],
)
def test_a_file_that_is_no_readable_document_is_refused_in_words(data, code):
    assert code_of(data) == code


def test_a_truncated_word_file_is_refused():
    whole = table_plan(ROWS)
    assert code_of(whole[: len(whole) // 2]) == "damaged"


def test_a_file_with_macros_is_refused():
    assert code_of(with_part(table_plan(ROWS), "word/vbaProject.bin", b"x")) == "macro"


def test_entities_are_refused_and_never_resolved():
    evil = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    assert code_of(with_part(table_plan(ROWS), "word/document.xml", evil)) == "dangerous"
    assert code_of(with_part(workbook({"A": ROWS}), "xl/workbook.xml", evil)) == "dangerous"


def test_a_document_type_behind_a_long_comment_is_refused_as_well():
    evil = b"<!-- " + b"x" * 10_000 + b' --><!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>'
    assert code_of(with_part(table_plan(ROWS), "word/document.xml", evil)) == "dangerous"


@pytest.mark.parametrize("make", [lambda: table_plan(ROWS), lambda: workbook({"A": ROWS})], ids=["word", "excel"])
def test_a_part_that_unpacks_to_far_more_than_it_weighs_is_refused(make):
    bomb = b"<x>" + b" " * (70 * 1024 * 1024) + b"</x>"
    for name in ("word/document.xml", "xl/worksheets/sheet1.xml"):
        with zipfile.ZipFile(io.BytesIO(make())) as file:
            if name in file.namelist():
                assert code_of(with_part(make(), name, bomb)) == "zip_bomb"


def test_a_table_without_end_is_refused():
    page = "<html><table>" + "<tr><td rowspan=500 colspan=60>x" * 3000 + "</table></html>"
    assert code_of(page.encode()) == "too_many_rows"


def test_a_word_file_without_words_has_no_blocks():
    buffer = io.BytesIO()
    new_word().save(buffer)
    assert read_document(buffer.getvalue()).blocks == []


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_no_damage_leads_to_anything_but_a_refusal(cut):
    data = bytearray(table_plan(ROWS))
    place = len(data) * cut // 100
    data[place : place + 40] = bytes(40)
    try:
        read_document(bytes(data))
    except UnreadableDocument as refused:
        assert refused.code in {"damaged", "not_a_document", "zip_bomb", "password", "dangerous"}  # noqa: PT017


def test_what_stands_in_a_content_control_is_read():
    def build(document):
        table = fill(document, ROWS)._tbl
        control = table.makeelement(qn("w:sdt"), {})
        content = table.makeelement(qn("w:sdtContent"), {})
        table.addprevious(control)
        control.append(content)
        content.append(table)

    assert grid(word(build)) == ROWS


def small_pdf(content: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of one page with this content."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        content or b"<< /Length 0 >> stream\n\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer << /Size 6 /Root 1 0 R " + trailer + b" >>\nstartxref\n%d\n%%%%EOF" % start


def test_a_pdf_without_words_is_refused_as_a_scan():
    assert code_of(small_pdf()) == "scan"


def test_a_pdf_with_a_password_is_refused():
    locked = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"11" * 32
        + b"> /U <"
        + b"22" * 32
        + b"> >> /ID [<00> <00>]"
    )
    assert code_of(small_pdf(trailer=locked)) == "password"


def test_a_pdf_whose_stream_unpacks_without_end_is_refused():
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(5)) + packer.flush()
    content = b"<< /Length %d /Filter /FlateDecode >> stream\n" % len(packed) + packed + b"\nendstream"
    assert code_of(small_pdf(content)) == "zip_bomb"


def test_a_pdf_with_words_is_read_line_by_line():
    words = b"BT /F 12 Tf 50 700 Td (Ke hoach cai cach hanh chinh tinh nam 2025) Tj 0 -40 Td (So: 15/KH-UBND) Tj ET"
    content = b"<< /Length %d >> stream\n" % len(words) + words + b"\nendstream"
    assert [one.text for one in read_document(small_pdf(content)).paragraphs] == [
        "Ke hoach cai cach hanh chinh tinh nam 2025",
        "So: 15/KH-UBND",
    ]
