"""Reading .pdf with a text layer: paragraphs by their line ends, tables by their lines, rows cut by pages put together."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from agencies.folding import fold, squeeze
from plans.importing.document import Document, Paragraph, Table
from plans.importing.reading.limits import Budget, UnreadableDocument, damaged, locked
from plans.importing.reading.naming import TableNames
from plans.importing.reading.pages import join_tables
from plans.importing.reading.pdf_letters import LetterPage, Word
from plans.importing.reading.pdf_lines import join_paragraphs, lines, paragraphs, words_of
from plans.importing.reading.pdf_tables import inside, read_table

_MAX_PAGES = 250
_MAX_STREAM = 30 * 1024 * 1024
_MAX_PICTURE = 120 * 1024 * 1024
_MAX_TOTAL = 120 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_PACKED = (b"\x78", b"\x58", b"\x68", b"\x48")
"""First bytes of packed data."""
_EDGE = 60.0
"""Height of the margins above and below in which running heads and page numbers stand, in points."""


def read(data: bytes, budget: Budget) -> Document:
    """Read a PDF; a scan (pages without words) and a locked file are refused."""
    _check_streams(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            return _read_pages(file, budget)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise locked() from error
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in error.args):
            raise locked() from error
        raise damaged() from error


def _check_streams(data: bytes) -> None:
    """Refuse a file whose packed streams unpack to more than a page can hold; pictures, never unpacked here, may be larger.

    A stream that is packed twice counts with what it holds in the end. Known and chosen: one packed in other ways too, or
    text that calls itself a picture, is only bounded by the limit for pictures and by the time limit between pages.
    """
    total = 0
    for match in _STREAM.finditer(data):
        start = match.end()
        if data[start : start + 1] not in _PACKED:
            continue
        header = data[max(0, match.start() - 600) : match.start()].rpartition(b" obj")[2]
        limit = _MAX_PICTURE if b"/Image" in header else _MAX_STREAM
        size = _unpacked_size(data[start : start + _MAX_PICTURE // 4], limit)
        total += size if limit == _MAX_STREAM else 0
        if size > limit or total > _MAX_TOTAL:
            raise UnreadableDocument("Tệp PDF có dung lượng giải nén bất thường nên bị từ chối.", "zip_bomb")


def _unpacked_size(packed: bytes, limit: int) -> int:
    """How much a packed stream holds, counted up to a little over the limit."""
    unpacker, inner, size = zlib.decompressobj(), None, 0
    try:
        while packed and not unpacker.eof and size <= limit:
            piece = unpacker.decompress(packed, 2_000_000)
            if size == 0 and piece[:1] in _PACKED:
                inner = zlib.decompressobj()
            size += len(piece)
            packed = unpacker.unconsumed_tail
            if inner is not None and len(inner.decompress(piece, limit + 1)) > limit:
                return limit + 1
    except zlib.error:
        return size
    return size


def _read_pages(file: pdfplumber.PDF, budget: Budget) -> Document:
    pages = file.pages
    if len(pages) > _MAX_PAGES:
        raise UnreadableDocument(f"Tệp PDF có hơn {_MAX_PAGES} trang. Hãy tách riêng phần kế hoạch.", "too_large")
    names = TableNames()
    read: list[_Page] = []
    empty: list[int] = []
    for number, page in enumerate(map(LetterPage.of, pages), start=1):
        read.append(_read_page(page, number, names, budget))
        if not read[-1].free and not read[-1].tables and page.images:
            empty.append(number)
        page.close()
    _drop_running_lines(read)
    blocks = [block for page in read for block in _blocks(page)]
    if sum(len(block.text) for block in blocks) < 40:
        raise UnreadableDocument(
            "Tệp PDF là bản chụp (scan), không có lớp chữ. Hãy dùng bản Word của kế hoạch, "
            "hoặc nhận dạng chữ (OCR) rồi nhập lại.",
            "scan",
        )
    document = Document(_rename(join_tables(join_paragraphs(blocks))), "pdf")
    document.remarks += [remark for page in read for remark in page.remarks]
    if empty:
        listed = ", ".join(map(str, empty[:20]))
        document.remarks.append(
            (
                "row_lost",
                f"Trang {listed} là ảnh chụp, không có lớp chữ nên không đọc được. Hãy đối chiếu với bản giấy.",
            )
        )
    return document


@dataclass
class _Page:
    """A page: its tables from top to bottom with the places of their upper edges, and the words beside them."""

    number: int
    height: float
    free: list[Word]
    tables: list[tuple[float, Table]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def _read_page(page: LetterPage, number: int, names: TableNames, budget: Budget) -> _Page:
    budget.spend(characters=len(page.chars), cells=len(page.lines) + len(page.rects) // 4)
    words = page.words
    tables = [(table.bbox, table.cells) for table in page.find_tables()]  # pdfplumber computes a box anew each time
    outer = [
        (box, cells) for box, cells in tables if not any(inside(box, other) for other, _ in tables if other is not box)
    ]
    free = [word for word in words if not any(word.lies_in(box) for box, _ in outer)]
    result = _Page(number, float(page.height), free)
    for box, cells in sorted(outer, key=lambda table: table[0][1]):
        table, remarks = read_table(cells, [word for word in words if word.lies_in(box)], names, number, budget)
        result.tables.append((box[1], table))
        result.remarks += remarks
    return result


def _blocks(page: _Page) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables of a page from top to bottom."""
    top = 0.0
    for edge, table in page.tables:
        yield from paragraphs([word for word in page.free if top <= word.top < edge], page.number, page.height)
        yield table
        top = edge
    yield from paragraphs([word for word in page.free if word.top >= top], page.number, page.height)


def _drop_running_lines(pages: list[_Page]) -> None:
    """Leave out lines that come again at the same height of several pages: running heads, page numbers with words."""
    places: dict[tuple[str, int], list[tuple[_Page, list[Word]]]] = {}
    for page in pages:
        edges = [word for word in page.free if word.bottom < _EDGE or word.top > page.height - _EDGE]
        for line in lines(edges):
            words = re.sub(r"\d+", "#", squeeze(words_of(line).replace("\t", " ")))
            places.setdefault((words, round(line[0].top / 6)), []).append((page, line))
    for seen in places.values():
        if len(seen) > 1:
            for page, line in seen:
                gone = {id(word) for word in line}
                page.free = [word for word in page.free if id(word) not in gone]


def _rename(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Number the tables that remain after joining."""
    names = TableNames()
    for block in blocks:
        if isinstance(block, Table):
            name = names.reserve()
            block.name = names.settle(name, fold(block.text[:4000]))
    return blocks
