"""How fast a plan is read and understood: `python -m bench.reading [--rows 500 2000]`.

Makes Word and Excel plans of so many tasks in memory, reads each in a process of its own and prints one JSON object:
seconds and peak memory in MiB for each, and how many tasks were found.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from io import BytesIO

import django
from docx import Document
from openpyxl import Workbook

HEAD = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Sản phẩm"]
TIMES = ["Quý II", "Trước 10/6/2024", "Hàng tháng", "Quý I đến Quý IV", "Tháng 9/2024", "Chậm nhất ngày 25/12"]
LEADS = ["Sở Nội vụ", "Văn phòng UBND tỉnh", "Các sở, ban, ngành; UBND cấp huyện", "Sở Y tế", "UBND cấp xã"]


def rows_of(count: int) -> list[list[str]]:
    """Return so many rows of a plausible table of tasks."""
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


def word(count: int) -> bytes:
    """Return a Word plan of so many tasks."""
    document = Document()
    for line in ("Số: 99/KH-UBND", "Vĩnh Phúc, ngày 20 tháng 3 năm 2024", "KẾ HOẠCH", "Cải cách hành chính năm 2024"):
        document.add_paragraph(line)
    rows = rows_of(count)
    table = document.add_table(rows=0, cols=len(HEAD))
    template = table.add_row()._tr
    for values in [HEAD, *rows]:
        row = table.add_row()
        for cell, value in zip(row._tr.tc_lst, values, strict=True):
            cell.p_lst[0].add_r().text = value
    table._tbl.remove(template)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def excel(count: int) -> bytes:
    """Return an Excel plan of so many tasks."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Phụ lục")
    sheet.append(["KẾ HOẠCH số 99/KH-UBND ngày 20/3/2024 của UBND tỉnh Vĩnh Phúc, năm 2024"])
    for values in [HEAD, *rows_of(count)]:
        sheet.append(values)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def measure() -> None:
    """Read the document on standard input in this process and print what it took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sipas_tracker.settings_for_reading"
    django.setup()
    from plans.importing.reading import read_document  # noqa: PLC0415 - only in the measured process
    from plans.importing.understanding import understand  # noqa: PLC0415

    data = sys.stdin.buffer.read()
    begun = time.perf_counter()
    proposal = understand(read_document(data, "ke-hoach"))
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": round(seconds, 2), "peak_mib": memory, "tasks": len(proposal.tasks)}))


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure()
        return
    figures = {}
    for count in asked.rows:
        for name, make in (("docx", word), ("xlsx", excel)):
            command = [sys.executable, "-m", "bench.reading", "--measure"]
            done = subprocess.run(command, input=make(count), capture_output=True, check=True)
            figures[f"{name} {count} rows"] = json.loads(done.stdout)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
