"""Files built to harm, made here and never kept: each must end in words for the person, within seconds and megabytes.

``python -m tests.plans.hostile_files FOLDER`` reads the files of a folder as an upload is read and prints what each took,
a line of JSON each.
"""

import io
import json
import random
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from plans.importing.proposing import Request
from plans.importing.reading import UnreadableDocument
from plans.importing.reading_apart import read_apart
from tests.plans.plan_files import archive, table_plan, with_part, workbook

ROWS = [["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"], ["1", "Rà soát thủ tục", "Sở Tư pháp", "Quý II"]]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"


def packed(size: int, piece: bytes = bytes(1_000_000)) -> bytes:
    """So many bytes, packed by zlib: one packed piece, many times."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (size // len(piece)) + packer.flush()


def in_word(body: str) -> bytes:
    """A .docx with this body."""
    return with_part(table_plan(ROWS), DOCUMENT, f"<w:document {W}><w:body>{body}</w:body></w:document>".encode())


def in_sheet(inner: str) -> bytes:
    """An .xlsx whose sheet holds this."""
    return with_part(workbook({"A": ROWS}), SHEET, f"<worksheet {S}>{inner}</worksheet>".encode())


def paragraph(words: str) -> str:
    """A paragraph of Word."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def laughs(root: str) -> bytes:
    """XML whose entities multiply ten times on each of ten levels."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><{root}>&a9;</{root}>'.encode()


def pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A PDF with these objects; its table of places is right."""
    data, places = b"%PDF-1.5\n", {}
    for number, words in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n" % number + words + b"\nendobj\n"
    start, size = len(data), max(objects) + 1
    lines = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size)]
    data += b"xref\n0 %d\n" % size + b"".join(lines)
    return data + b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, root, start)


def page_pdf(content: bytes, filters: bytes = b"", box: bytes = b"[0 0 600 800]", kids: bytes = b"[3 0 R]") -> bytes:
    """A PDF of one page with this content."""
    filters = b"/Filter " + filters if filters else b""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids " + kids + b" /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox " + box
            + b" /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
            4: b"<< /Length %d %s >> stream\n" % (len(content), filters) + content + b"\nendstream",
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        }
    )  # fmt: skip


def ascii85(data: bytes) -> bytes:
    """Bytes as the filter ASCII85 writes them; groups of zeros become one letter."""
    words = []
    for start in range(0, len(data) - len(data) % 4, 4):
        number = int.from_bytes(data[start : start + 4], "big")
        digits = []
        for _ in range(5):
            number, digit = divmod(number, 85)
            digits.append(33 + digit)
        words.append(bytes(reversed(digits)))
    return b"".join(words) + b"~>"


def many_pages(count: int) -> bytes:
    """A PDF of so many pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + count))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
    }
    objects |= {3: b"<< /Length 0 >> stream\n\nendstream"}
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"
    return pdf(objects | dict.fromkeys(range(4, 4 + count), page))


def zip_in_zip() -> bytes:
    """A .docx in which a packed file of 60 MB lies packed once more, many times."""
    inner = archive({"a.xml": bytes(60_000_000)})
    return archive({DOCUMENT: b"<x/>"} | {f"word/embeddings/{n}.zip": inner for n in range(200)})


def declared_larger() -> bytes:
    """A .docx whose directory says that its part is small."""
    data = bytearray(archive({DOCUMENT: b"<x>" + b" " * 40_000_000 + b"</x>"}))
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.find(sign)
        data[start + place : start + place + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def wide_sheet() -> bytes:
    """An .xlsx with 10,000 columns in each of 50 rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("A")
    for _ in range(50):
        sheet.append(["x"] * 10_000)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shared_words() -> bytes:
    """An .xlsx of 300,000 cells that all show one text of 30,000 letters."""
    words = f'<sst {S} count="1" uniqueCount="1"><si><t>{"quý " * 7500}</t></si></sst>'.encode()
    cells = "".join(f"<row>{'<c t=' + chr(34) + 's' + chr(34) + '><v>0</v></c>'}</row>" for _ in range(300_000))
    return with_part(in_sheet(f"<sheetData>{cells}</sheetData>"), "xl/sharedStrings.xml", words)


def outside(name: str) -> bytes:
    """A .docx whose relations, styles and pictures lie on another host."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{kind}/{one}" Target="http://192.0.2.1/{one}" TargetMode="External"/>'
        for n, one in enumerate(("attachedTemplate", "image", "styles", "oleObject", "frame"))
    )
    words = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    return with_part(table_plan(ROWS), name, words.encode())


def lines_without_end() -> bytes:
    """What a page with a million lines over a huge sheet of paper draws."""
    chance = random.Random(1)
    drawn = (b"%d %d m %d %d l S\n" % tuple(chance.randrange(10**6) for _ in range(4)) for _ in range(1_000_000))
    return zlib.compress(b"".join(drawn), 1)


def boxes() -> bytes:
    """What a page with 30,000 small rectangles and a word draws."""
    drawn = b"".join(b"%d %d 9 9 re S\n" % (x * 10, y * 10) for x in range(200) for y in range(150))
    return zlib.compress(drawn + b"BT /F 12 Tf 50 700 Td (Ke hoach cai cach hanh chinh nam 2025 cua tinh) Tj ET", 9)


def text(words: str) -> bytes:
    """A plan as text with these words in it."""
    return f"KẾ HOẠCH\nCải cách hành chính năm 2025\nSố: 1/KH-UBND\n{words}\n".encode()


def rows_of(words: str, count: int) -> bytes:
    """A plan as Markdown with such rows."""
    head = "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n"
    return text(head + "\n".join(f"| {n} | {words} | {words} | {words} |" for n in range(1, count + 1)))


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.docx": (lambda: with_part(table_plan(ROWS), DOCUMENT, b"<x>" + bytes(70_000_000) + b"</x>"), "zip_bomb"),
    "bomb.xlsx": (lambda: with_part(workbook({"A": ROWS}), SHEET, b"<x>" + b" " * 70_000_000 + b"</x>"), "zip_bomb"),
    "nested-bomb.docx": (zip_in_zip, "zip_bomb damaged empty"),
    "lying-bomb.docx": (declared_larger, "zip_bomb damaged"),
    "entity.docx": (
        lambda: with_part(
            table_plan(ROWS), DOCUMENT, b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
        ),
        "dangerous",
    ),
    "laughs.docx": (lambda: with_part(table_plan(ROWS), DOCUMENT, laughs("w")), "dangerous"),
    "laughs.xlsx": (lambda: with_part(workbook({"A": ROWS}), SHEET, laughs("worksheet")), "dangerous"),
    "laughs-utf16.docx": (
        lambda: with_part(table_plan(ROWS), DOCUMENT, laughs("w").decode().encode("utf-16")), "dangerous damaged"
    ),
    "macro.docx": (lambda: with_part(table_plan(ROWS), "word/vbaProject.bin", b"x"), "macro"),
    "macro.xlsx": (lambda: with_part(workbook({"A": ROWS}), "xl/vbaProject.bin", b"x"), "macro"),
    "columns.xlsx": (wide_sheet, "too_many_rows too_large"),
    "rows-declared.xlsx": (
        lambda: in_sheet('<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                         '<row r="1"><c r="A1"><v>1</v></c></row></sheetData>'), "too_many_rows damaged"
    ),
    "merges.xlsx": (
        lambda: in_sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
                         + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>"), "too_many_rows damaged 0"
    ),
    "shared-words.xlsx": (shared_words, "too_many_rows too_large zip_bomb"),
    "tables-in-tables.docx": (
        lambda: in_word("<w:tbl><w:tr><w:tc>" * 500 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 500), "damaged 0"
    ),
    "deep.docx": (lambda: in_word("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000), "damaged"),
    "deep.xlsx": (lambda: in_sheet("<a>" * 100_000 + "</a>" * 100_000), "damaged"),
    "spans.docx": (
        lambda: in_word("<w:tbl>" + ("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr></w:tc>' * 50
                                     + "</w:tr>") * 500 + "</w:tbl>"), "too_many_rows damaged 0"
    ),
    "paragraphs.docx": (lambda: in_word("<w:p/>" * 500_000), "zip_bomb damaged 0"),
    "outside.docx": (lambda: outside("word/_rels/document.xml.rels"), "1"),
    "cut.docx": (lambda: table_plan(ROWS)[:15_000], "damaged"),
    "cut.pdf": (lambda: page_pdf(b"BT /F 9 Tf (Ke hoach) Tj ET" * 99)[:900], "damaged scan"),
    "page-cycle.pdf": (lambda: page_pdf(b"", kids=b"[2 0 R 2 0 R 3 0 R]"), "damaged scan"),
    "object-loop.pdf": (
        lambda: pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"3 0 R", 3: b"4 0 R", 4: b"2 0 R"}), "damaged scan too_slow"
    ),
    "length-loop.pdf": (
        lambda: pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Length 2 0 R >> stream\n\nendstream"}),
        "damaged scan",
    ),
    "deep.pdf": (lambda: page_pdf(b"[" * 500_000), "damaged scan too_slow"),
    "deep-object.pdf": (lambda: pdf({1: b"<< /A " * 100_000}), "damaged scan too_slow"),
    "flate.pdf": (lambda: page_pdf(packed(2_000_000_000), b"/FlateDecode"), "zip_bomb"),
    "ascii85-flate.pdf": (
        lambda: page_pdf(ascii85(packed(2_000_000_000)), b"[/ASCII85Decode /FlateDecode]"), "too_large zip_bomb too_slow"
    ),
    "runlength.pdf": (lambda: page_pdf(b"\x81 " * 12_000_000 + b"\x80", b"/RunLengthDecode"), "too_slow too_large"),
    "flate-runlength.pdf": (
        lambda: page_pdf(packed(29_000_000, b"\x81 " * 500_000), b"[/FlateDecode /RunLengthDecode]"),
        "too_slow too_large zip_bomb",
    ),
    "pages.pdf": (lambda: many_pages(100_000), "too_large too_slow"),
    "lines.pdf": (
        lambda: page_pdf(lines_without_end(), b"/FlateDecode", b"[0 0 99999999 99999999]"), "too_slow too_many_rows too_large zip_bomb"
    ),
    "boxes.pdf": (lambda: page_pdf(boxes(), b"/FlateDecode"), "too_slow too_many_rows too_large 0"),
    "brackets.txt": (lambda: text("(" * 2_000_000), "0 too_slow"),
    "brackets-rows.md": (lambda: rows_of("(" * 500 + "Sở " * 200 + ")" * 500, 200), "0 200 too_slow"),
    "commas.md": (lambda: rows_of("Sở Y tế, " * 4_000, 60), "60 too_slow too_many_rows"),
    "times.md": (lambda: rows_of("Quý I, " * 4_000 + "trước ngày " * 4_000, 30), "30 too_slow too_many_rows"),
    "digits.txt": (lambda: text("1." * 1_000_000), "0 too_slow"),
    "spaces.txt": (lambda: text("quý" + " " * 2_000_000 + "x"), "0 too_slow"),
    "quotes.txt": (lambda: text('1\t"a\n' * 300_000), "0 too_many_rows too_slow"),
    "duties.txt": (lambda: text("II. NHIỆM VỤ\n" + "- Sở Y tế chủ trì, phối hợp với Sở Y tế " * 30_000), "too_slow too_many_rows 0 1"),
    "lines.txt": (lambda: text("1. Giao Sở Y tế chủ trì\n" * 90_000), "too_slow too_many_rows"),
    "divs.html": (lambda: b"<html><body>" + b"<div>" * 200_000 + "Kế hoạch".encode(), "damaged empty 0"),
    "tables.html": (lambda: b"<html><body>" + b"<table><tr><td>" * 50_000 + b"x", "damaged empty 0"),
    "spans.html": (
        lambda: b"<html><table>" + b"<tr><td rowspan=500 colspan=60>x" * 3000 + b"</table></html>", "too_many_rows"
    ),
    "attributes.html": (lambda: b"<html><body><p " + b"a=1 " * 1_000_000 + b">x</p>", "0 damaged empty too_many_rows"),
    "junk-utf16.txt": (lambda: b"\xff\xfe" + random.Random(2).randbytes(4_000_000), "not_a_document 0"),
    "junk.docx": (lambda: random.Random(3).randbytes(2_000_000), "not_a_document"),
    "nothing.txt": (lambda: bytes(20_000_000), "empty"),
}  # fmt: skip
"""By name: how it is made, and how it may end: a code of refusal, or so many tasks that do no harm."""


def measured(name: str, data: bytes) -> dict[str, Any]:
    """Read one file as an upload is read; return how it ended and what it took, memory in MiB at its highest so far."""
    begun, computed = time.perf_counter(), _computed()
    try:
        ended, message = str(len(read_apart(data, Request(name))["tasks"])), ""
    except UnreadableDocument as refused:
        ended, message = refused.code, refused.message
    seconds = round(time.perf_counter() - begun, 2)
    own = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert own
    memory = (int(own[1]) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024
    return {
        "name": name, "ended": ended, "message": message, "seconds": seconds,
        "computed": round(_computed() - computed, 2), "memory": memory,
    }  # fmt: skip


def _computed() -> float:
    """Return the seconds that this process and its readers have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps(measured(path.name, path.read_bytes()), ensure_ascii=False), flush=True)
