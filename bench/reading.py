"""How fast a plan is read and understood: `python -m bench.reading [--rows 500 2000]`.

Makes Word, Excel, PDF and text plans of so many tasks, with short and with long cells ("long": about 420 letters a row,
as in plans with attached duties; a province's yearly plan has 240), reads each as an upload is read (`reading_apart`, one process
apart, on one core) and prints one JSON object: seconds from the question to the answer, the reader's start included; the
highest memory of asker and reader together in MiB; and how many tasks were found.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from io import BytesIO
from itertools import product
from pathlib import Path

from docx import Document
from openpyxl import Workbook

from plans.importing.proposing import Request
from plans.importing.reading_apart import read_apart

HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Sản phẩm"]
HEADING = ["Số: 99/KH-UBND", "Vĩnh Phúc, ngày 20 tháng 3 năm 2024", "KẾ HOẠCH", "Cải cách hành chính năm 2024"]
TIMES = ["Quý II", "Trước 10/6/2024", "Hàng tháng", "Quý I đến Quý IV", "Tháng 9/2024", "Chậm nhất ngày 25/12"]
LEADS = ["Sở Nội vụ", "Văn phòng UBND tỉnh", "Các sở, ban, ngành; UBND cấp huyện", "Sở Y tế", "UBND cấp xã"]


LONG_TASK = (
    "; xây dựng phương án đơn giản hóa thủ tục hành chính thuộc phạm vi quản lý nhà nước của tỉnh, bảo đảm cắt giảm chi "
    "phí tuân thủ cho người dân và doanh nghiệp; tổ chức lấy ý kiến các cơ quan, đơn vị có liên quan"
)
LONG_PRODUCT = "Báo cáo kết quả rà soát và Quyết định của Chủ tịch UBND tỉnh phê duyệt phương án đơn giản hóa"


def rows_of(count: int, *, long: bool = False) -> list[list[str]]:
    """Return so many rows of a plausible table of tasks, ``long`` ones with cells of many lines."""
    rows = _short_rows(count)
    if long:
        for row in rows:
            row[1] += LONG_TASK
            row[5] = LONG_PRODUCT
    return rows


def _short_rows(count: int) -> list[list[str]]:
    return [
        [
            str(number),
            f"Rà soát, đơn giản hóa thủ tục hành chính thuộc lĩnh vực số {number}, công khai kết quả thực hiện",
            LEADS[number % len(LEADS)],
            "Các cơ quan, đơn vị có liên quan",
            TIMES[number % len(TIMES)],
            "Báo cáo, văn bản",
        ]
        for number in range(1, count + 1)
    ]


def word(count: int, *, long: bool = False) -> bytes:
    """Return a Word plan of so many tasks."""
    document = Document()
    for line in HEADING:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=len(HEAD))
    template = table.add_row()._tr
    for values in [HEAD, *rows_of(count, long=long)]:
        row = table.add_row()
        for cell, value in zip(row._tr.tc_lst, values, strict=True):
            cell.p_lst[0].add_r().text = value
    table._tbl.remove(template)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def excel(count: int, *, long: bool = False) -> bytes:
    """Return an Excel plan of so many tasks."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Phụ lục")
    sheet.append(["KẾ HOẠCH số 99/KH-UBND ngày 20/3/2024 của UBND tỉnh Vĩnh Phúc, năm 2024"])
    for values in [HEAD, *rows_of(count, long=long)]:
        sheet.append(values)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(count: int, *, long: bool = False) -> bytes:
    """Return a plan as text, its table copied out of Word or Excel (cells parted by tabs)."""
    table = "\n".join("\t".join(values) for values in [HEAD, *rows_of(count, long=long)])
    return ("\n".join(HEADING) + "\n" + table + "\n").encode()


class Pdf:
    """Writes a PDF with drawn tables and Vietnamese words, without a library: one font whose letters are numbered."""

    WIDTHS = (25, 190, 105, 100, 75, 65)
    LETTER = 4.0
    HEIGHT = 10.0

    def __init__(self) -> None:
        self._letters: dict[str, int] = {}
        self._pages: list[bytes] = []

    def page(self, drawn: list[str]) -> None:
        """Add a page."""
        self._pages.append(zlib.compress("\n".join(drawn).encode()))

    def words(self, x: float, y: float, words: str) -> str:
        """Return what writes one line: in pieces with their distances, as office programs write it."""
        numbers = [f"{self._letters.setdefault(letter, len(self._letters) + 1):04x}" for letter in words]
        pieces = "1".join(f"<{''.join(numbers[start : start + 4])}>" for start in range(0, len(numbers), 4))
        return f"BT /F 8 Tf {x:.1f} {y:.1f} Td [{pieces}] TJ ET"

    def row(self, top: float, values: list[str]) -> tuple[list[str], float]:
        """Return what draws one row of the table, and where it ends."""
        cells = [
            _wrapped(value, int((width - 6) / self.LETTER)) for value, width in zip(values, self.WIDTHS, strict=True)
        ]
        bottom = top - 6 - self.HEIGHT * max(map(len, cells))
        drawn, left = [], 20.0
        for lines, width in zip(cells, self.WIDTHS, strict=True):
            drawn.append(f"{left} {bottom} {width} {top - bottom} re S")
            drawn += [
                self.words(left + 3, top - self.HEIGHT * number, line) for number, line in enumerate(lines, start=1)
            ]
            left += width
        return drawn, bottom

    def finished(self) -> bytes:
        """Return the whole file."""
        ranges = "".join(f"<{number:04x}> <{ord(letter):04x}>\n" for letter, number in self._letters.items())
        unicode = (
            "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange "
            f"{len(self._letters)} beginbfchar\n{ranges}endbfchar endcmap"
        )
        kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(self._pages)))
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>".encode(),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /DW 500 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            b"/FontDescriptor << /Type /FontDescriptor /FontName /Plain /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200 >> >>",
            b"<< /Length %d >> stream\n" % len(unicode) + unicode.encode() + b"\nendstream",
        ]
        for number, page in enumerate(self._pages):
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 842] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>"
                % (7 + 2 * number)
            )
            objects.append(b"<< /Length %d /Filter /FlateDecode >> stream\n" % len(page) + page + b"\nendstream")
        data, places = b"%PDF-1.5\n", []
        for number, one in enumerate(objects, start=1):
            places.append(len(data))
            data += b"%d 0 obj\n" % number + one + b"\nendobj\n"
        table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(objects) + 1
        trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
        return data + b"xref\n0 %d\n" % size + table + trailer


def _wrapped(words: str, most: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def pdf(count: int, *, long: bool = False) -> bytes:
    """Return a PDF plan of so many tasks, its table over many pages."""
    made, drawn, top = Pdf(), [], 800.0
    for line in HEADING:
        drawn.append(made.words(200, top, line))
        top -= 16
    for values in [HEAD, *rows_of(count, long=long)]:
        row, bottom = made.row(top, values)
        if bottom < 40:
            made.page(drawn)
            drawn = []
            row, bottom = made.row(800.0, values)
        drawn += row
        top = bottom
    made.page(drawn)
    return made.finished()


MAKERS = {"docx": word, "xlsx": excel, "pdf": pdf, "txt": text}


def measure(path: Path) -> None:
    """Read the document in this place as a worker does, on one core, and print what it took."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    data = path.read_bytes()
    begun = time.perf_counter()
    proposal = read_apart(data, Request(path.name))
    seconds = time.perf_counter() - begun
    own = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(reader.ru_utime + reader.ru_stime, 2),
        "peak_mib": (reader.ru_maxrss + int(own[1] if own else 0)) // 1024,
        "tasks": len(proposal["tasks"]),
    }
    print(json.dumps(answer))


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--kinds", nargs="+", choices=MAKERS, default=list(MAKERS))
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure)
        return
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.rows:
            for kind, long in product(asked.kinds, (False, True)):
                path = Path(folder, f"{count}.{kind}")
                path.write_bytes(MAKERS[kind](count, long=long))
                command = [sys.executable, "-m", "bench.reading", "--measure", str(path)]
                done = subprocess.run(command, capture_output=True, check=True)
                figures[f"{kind} {count} {'long ' if long else ''}rows"] = json.loads(done.stdout)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
