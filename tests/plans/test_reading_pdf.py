"""PDF pages: what is taken apart quickly says the same as pdfminer, and rows without lines are parted or remarked."""

from pathlib import Path

import pytest
from pdfminer.pdfinterp import PDFPageInterpreter

from bench.reading import pdf
from plans.importing.document import Document, Table
from plans.importing.reading import pdf_content, pdf_letters, read_document
from plans.importing.reading.pdf_letters import Word
from plans.importing.reading.pdf_rows import row_edges

FOLDER = Path(__file__).parent / "unseen_tables"
PRINTED = sorted(FOLDER.glob("*/*.pdf"))


def words_of(document: Document) -> list[object]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Table) else block.text
        for block in document.blocks
    ]


@pytest.mark.parametrize("path", PRINTED, ids=[path.stem for path in PRINTED])
def test_a_page_taken_apart_quickly_says_what_pdfminer_reads_in_it(path: Path, monkeypatch: pytest.MonkeyPatch):
    quick = words_of(read_document(path.read_bytes(), path.name))
    monkeypatch.setattr(pdf_letters, "ContentInterpreter", PDFPageInterpreter)
    assert quick == words_of(read_document(path.read_bytes(), path.name))


@pytest.mark.parametrize(
    "content",
    [
        b"BI /W 1 ID x EI",
        b"(a\\)b) Tj",
        b"[[1] 2] TJ",
        b"% w\n1 w",
        b"[1 2",
        b"<abc> Tj",
        b"<</A <</B 1>>>> BDC",
        b"1 2 ]",
    ],
)
def test_content_that_is_not_plain_is_left_to_pdfminer(content: bytes):
    assert pdf_content._steps(content) is None


def test_plain_content_is_taken_apart():
    content = b"q/F1 12 Tf[<0041>-3.5(b)]TJ /P <</MCID 0/ActualText (fi)>>BDC T* .5 -2 Td '"
    assert pdf_content._steps(content) == [
        (b"q", None), (None, pdf_content.LIT("F1")), (None, 12), (b"Tf", None), (None, [b"\x00A", -3.5, b"b"]), (b"TJ", None),
        (None, pdf_content.LIT("P")), (None, {}), (b"BDC", None), (b"T*", None), (None, 0.5), (None, -2), (b"Td", None),
        (b"'", None),
    ]  # fmt: skip


def test_a_table_over_many_pages_keeps_every_row_and_its_place():
    table = next(block for block in read_document(pdf(120, long=True), "a.pdf").blocks if isinstance(block, Table))
    assert [row[0].text for row in table.rows] == ["TT", *map(str, range(1, 121))]
    assert [row[0].top for row in table.rows] == list(range(121))
    assert {cell.height for row in table.rows for cell in row} == {1}
    assert len(table.places) == 121


def word(text: str, top: float, left: float = 0.0) -> Word:
    return Word(text, left, top, left + 5, top + 10, bold=False)


def test_numbers_at_half_the_height_of_their_rows_part_them_where_the_rows_meet():
    numbers = [word("1", 10), word("2", 40)]
    tasks = [[word(text, 10 * place, 50)] for place, text in enumerate(("Một", "hai", "ba", "Bốn", "năm", "sáu"))]
    assert row_edges(numbers, (0, 60), [[[one] for one in numbers], tasks, tasks]) == [0, 30, 60]


def test_rows_are_not_parted_through_a_sentence():
    numbers = [word("1", 0), word("2", 30)]
    tasks = [[word(text, 10 * place, 50)] for place, text in enumerate(("Một", "hai", "ba", "bốn", "năm", "sáu"))]
    assert row_edges(numbers, (0, 60), [[[one] for one in numbers], tasks, tasks]) == []
