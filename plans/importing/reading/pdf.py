"""Reading .pdf with a text layer: paragraphs by their line ends, tables by their lines, rows cut by pages put together."""

import io
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from agencies.folding import fold, squeeze
from plans.importing.document import Cell, Document, Paragraph, Table
from plans.importing.reading.limits import Budget, UnreadableDocument, damaged, locked
from plans.importing.reading.naming import TableNames
from plans.importing.reading.pages import join_tables

_MAX_PAGES = 250
_MAX_STREAM = 30 * 1024 * 1024
_MAX_PICTURE = 120 * 1024 * 1024
_MAX_TOTAL = 120 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_PACKED = (b"\x78", b"\x58", b"\x68", b"\x48")
"""First bytes of packed data."""
_BULLET = re.compile(r"^(?:[-+•*–]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[IVX]{1,5}\.\s|[a-hđ]\)\s|[A-H]\.\s)")
_PAGE_NUMBER = re.compile(r"^\d{1,3}$")


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
    blocks: list[Paragraph | Table] = []
    names = TableNames()
    empty: list[int] = []
    for number, page in enumerate(pages, start=1):
        found = list(_read_page(page, number, names, budget))
        if not found and page.images:
            empty.append(number)
        blocks.extend(found)
        page.close()
    if sum(len(block.text) for block in blocks) < 40:
        raise UnreadableDocument(
            "Tệp PDF là bản chụp (scan), không có lớp chữ. Hãy dùng bản Word của kế hoạch, "
            "hoặc nhận dạng chữ (OCR) rồi nhập lại.",
            "scan",
        )
    document = Document(_rename(join_tables(_join_paragraphs(blocks))), "pdf")
    if empty:
        listed = ", ".join(map(str, empty[:20]))
        document.remarks.append(
            (
                "row_lost",
                f"Trang {listed} là ảnh chụp, không có lớp chữ nên không đọc được. Hãy đối chiếu với bản giấy.",
            )
        )
    return document


def _read_page(page: Any, number: int, names: TableNames, budget: Budget) -> Iterator[Paragraph | Table]:
    budget.spend(characters=len(page.chars), cells=len(page.lines) + len(page.rects) // 4)
    words = page.extract_words(x_tolerance=1.5, y_tolerance=2, return_chars=True)
    found = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.cells) > 1]
    outer = [
        table for table in found if not any(_inside(table.bbox, other.bbox) for other in found if other is not table)
    ]
    regions = sorted(outer, key=lambda table: table.bbox[1])
    free = [word for word in words if not any(_holds(table.bbox, word) for table in regions)]
    top = 0.0
    for table in regions:
        yield from _paragraphs([word for word in free if top <= word["top"] < table.bbox[1]], number, page)
        read = _read_table(table, words, names, number, budget)
        if read:
            yield read
        top = table.bbox[1]
    yield from _paragraphs([word for word in free if word["top"] >= top], number, page)


def _inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        inner[0] >= outer[0] - 1 and inner[1] >= outer[1] - 1 and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1
    )


def _holds(box: tuple[float, ...], word: dict[str, Any]) -> bool:
    middle = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]


def _lines(words: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words put into lines, from top to bottom and left to right."""
    lines: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda one: (one["top"] + one["bottom"]) / 2):
        middle = (word["top"] + word["bottom"]) / 2
        last = lines[-1] if lines else None
        if last and abs((last[0]["top"] + last[0]["bottom"]) / 2 - middle) < max(
            2.5, 0.35 * (word["bottom"] - word["top"])
        ):
            last.append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda one: one["x0"]) for line in lines]


def _paragraphs(words: list[dict[str, Any]], page_number: int, page: Any) -> Iterator[Paragraph]:
    lines = _lines(words)
    if not lines:
        return
    right = max(line[-1]["x1"] for line in lines)
    left = min(line[0]["x0"] for line in lines)
    group: list[list[dict[str, Any]]] = []
    for line in lines:
        if group and _begins_anew(group[-1], line, right, left):
            yield _paragraph(group, page_number, left, right)
            group = []
        if not (_PAGE_NUMBER.match(_words_of(line)) and (line[0]["bottom"] < 70 or line[0]["top"] > page.height - 60)):
            group.append(line)
    if group:
        yield _paragraph(group, page_number, left, right)


def _begins_anew(above: list[dict[str, Any]], line: list[dict[str, Any]], right: float, left: float) -> bool:
    """A line begins a paragraph when its first word would still have had room on the line above."""
    if "\t" in _words_of(above) or "\t" in _words_of(line):
        return True
    height = line[0]["bottom"] - line[0]["top"]
    first_word = line[0]["x1"] - line[0]["x0"]
    if above[-1]["x1"] + first_word + 0.35 * height < right - 2:
        return True
    gap = line[0]["top"] - above[0]["bottom"]
    return gap > 0.9 * height or (bool(_BULLET.match(_words_of(line))) and _words_of(above)[-1:] in ".;:,")


def _words_of(line: list[dict[str, Any]]) -> str:
    """The words of a line; a wide gap (two columns of a letterhead) becomes a tab."""
    parts = [line[0]["text"]]
    for before, word in pairwise(line):
        wide = word["x0"] - before["x1"] > 2.2 * (word["bottom"] - word["top"])
        parts.append(("\t" if wide else " ") + word["text"])
    return "".join(parts)


def _paragraph(group: list[list[dict[str, Any]]], page_number: int, left: float, right: float) -> Paragraph:
    text = "\n".join(squeeze(part) for part in _join_lines([_words_of(line) for line in group]).split("\t"))
    bold = _is_bold([word for line in group for word in line])
    first = group[0]
    margins = first[0]["x0"] - left, right - first[-1]["x1"]
    centred = min(margins) > 25 and abs(margins[0] - margins[1]) < 40
    return Paragraph(text, f"Trang {page_number}", bold=bold, centred=centred)


def _is_bold(words: list[dict[str, Any]]) -> bool:
    return bool(words) and all("bold" in char["fontname"].lower() for word in words for char in word["chars"])


def _join_paragraphs(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Put together a paragraph that a page end has cut."""
    joined: list[Paragraph | Table] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            isinstance(block, Paragraph)
            and isinstance(last, Paragraph)
            and last.place != block.place
            and block.text[:1].islower()
            and not _BULLET.match(block.text)
            and last.text[-1:] not in ".;:!?"
        ):
            joined[-1] = Paragraph(f"{last.text} {block.text}", last.place, bold=last.bold, centred=last.centred)
        else:
            joined.append(block)
    return joined


def _read_table(
    table: Any, words: list[dict[str, Any]], names: TableNames, number: int, budget: Budget
) -> Table | None:
    boxes = [box for row in table.rows for box in row.cells if box]
    if not boxes:
        return None
    lefts = _edges([box[0] for box in boxes])
    tops = _edges([box[1] for box in boxes])
    budget.spend(cells=len(lefts) * len(tops))
    grid: list[list[Cell | None]] = [[None] * len(lefts) for _ in tops]
    inside = [word for word in words if _holds(table.bbox, word)]
    for box in sorted(set(boxes), key=lambda one: (one[1], one[0])):
        top, left = _index(tops, box[1]), _index(lefts, box[0])
        height = max(1, sum(1 for edge in tops if box[1] - 2 <= edge < box[3] - 2))
        width = max(1, sum(1 for edge in lefts if box[0] - 2 <= edge < box[2] - 2))
        held = [word for word in inside if _holds(box, word)]
        bold = _is_bold(held)
        cell = Cell(_cell_text(held, box), top, left, height, width, bold)
        for row in grid[top : top + height]:
            row[left : left + width] = [cell] * width
    filled = [[cell or Cell("", r, c) for c, cell in enumerate(row)] for r, row in enumerate(grid)]
    result = Table(names.reserve(), filled)
    result.name = names.settle(result.name, fold(result.text[:4000]))
    result.places = [f"Trang {number}, dòng {place} của bảng" for place in range(1, len(filled) + 1)]
    return result


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2:
            edges.append(value)
    return edges


def _index(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - value))


def _cell_text(words: list[dict[str, Any]], box: tuple[float, ...]) -> str:
    """The words of a cell; a line that had room for the next word ends a paragraph."""
    lines = _lines(words)
    if not lines:
        return ""
    padding = min(max(min(line[0]["x0"] for line in lines) - box[0], 2), 12)
    right = max(max(line[-1]["x1"] for line in lines), box[2] - padding)
    paragraphs: list[list[str]] = [[_words_of(lines[0])]]
    for above, line in pairwise(lines):
        words_of_line = _words_of(line)
        room = right - above[-1]["x1"]
        starts = room > (line[0]["x1"] - line[0]["x0"]) + 0.28 * (line[0]["bottom"] - line[0]["top"])
        if starts or _BULLET.match(words_of_line):
            paragraphs.append([words_of_line])
        else:
            paragraphs[-1].append(words_of_line)
    return "\n".join(squeeze(_join_lines(lines_of)) for lines_of in paragraphs)


def _join_lines(lines: list[str]) -> str:
    """Lines to one text; a date or number broken by a narrow column grows together again."""
    text = lines[0]
    for line in lines[1:]:
        text += line if _is_broken(text, line) else f" {line}"
    return text


def _is_broken(above: str, line: str) -> bool:
    tail, head = re.search(r"[\d/]+$", above), re.match(r"[\d/]+", line)
    if not tail or not head or not re.search(r"/", tail[0]):
        return False
    year = re.search(r"/(\d{0,3})$", tail[0])
    return (bool(year) and len(year[1]) + len(re.match(r"\d*", head[0])[0]) in (2, 4)) or "/" in head[0]  # type: ignore[index]


def _rename(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Number the tables that remain after joining."""
    names = TableNames()
    for block in blocks:
        if isinstance(block, Table):
            name = names.reserve()
            block.name = names.settle(name, fold(block.text[:4000]))
    return blocks
