"""How fast long lists are written as Excel: `python bench/excel.py [--lines 100000]`.

Works in a database of its own, made for the run and dropped afterwards (see bench/notices.py). Two lists: "cursor", 12
columns straight from a server-side cursor, which is the writer alone, and "work items", the export of that page with as
many items as were asked for. Each is written in a process of its own; prints one JSON object: seconds, lines, MiB of the
file, the peak of memory in MiB, and how much of that peak was there before the first line.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import django

from bench.notices import fill, hold_database

ON = date(2024, 6, 28)
LINES = """
    SELECT 'UBND xã Quang Sơn ' || n, '82/KH-UBND',
           'Rà soát, đơn giản hóa thủ tục hành chính thuộc lĩnh vực số ' || n || ', công khai kết quả thực hiện trên cổng '
           || 'dịch vụ công của tỉnh và trang thông tin của cơ quan, đơn vị', 'thực hiện', 'Quý I đến Quý IV',
           DATE '2024-06-30', 'đang thực hiện', 'quá hạn', n %% 100, DATE '2024-06-01', 'Đã ban hành văn bản số ' || n
    FROM generate_series(1, %s) AS n
"""


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--measure", choices=sorted(LISTS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "sipas_tracker.settings"
    if asked.measure:
        django.setup()
        print(json.dumps(measured(LISTS[asked.measure], asked.lines)))
        return
    with ExitStack() as until_the_end:
        hold_database(until_the_end)
        django.setup()
        fill_database(asked.lines, until_the_end)
        print(json.dumps({name: apart(name, asked.lines) for name in LISTS}, ensure_ascii=False))


def fill_database(lines: int, until_the_end: ExitStack) -> None:
    """Make a database with so many work items; processes started later find it in DATABASE_URL."""
    from django.db import connection  # noqa: PLC0415 - the settings stand only now

    connection.settings_dict["TEST"]["NAME"] = f"bench_excel_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    until_the_end.callback(connection.creation.destroy_test_db, "", verbosity=0)
    fill(lines, 1000)
    url = urlsplit(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))


def apart(name: str, lines: int) -> dict[str, Any]:
    """Measure one list in a process of its own, so that its peak of memory is its own."""
    command = [sys.executable, __file__, "--measure", name, "--lines", str(lines)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(write: Any, lines: int) -> dict[str, Any]:
    """Write the list into a file on the disk and return the figures."""
    before, begun = _peak(), time.perf_counter()
    with TemporaryFile() as stream:
        written = write(stream, lines)
        size = stream.tell()
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "lines": written,
        "file_mib": round(size / 1024 / 1024, 1),
        "peak_mib": round(_peak(), 1),
        "before_mib": round(before, 1),
    }


def from_cursor(stream: Any, lines: int) -> int:
    """Write rows of a server-side cursor: 12 columns with the number."""
    from django.db import connection, transaction  # noqa: PLC0415 - after django.setup()

    from plans.exporting import COLUMNS, Column, Sheet, write_workbook  # noqa: PLC0415 - after django.setup()

    connection.ensure_connection()

    def rows() -> Iterator[tuple[Any, ...]]:
        with transaction.atomic(), connection.connection.cursor(name="bench") as cursor:
            cursor.itersize = 2000
            cursor.execute(LINES, [lines])
            yield from cursor

    return write_workbook(stream, [Sheet("Danh sách", [*COLUMNS, Column("Kết quả", 40, "text")], rows())])


def work_items(stream: Any, lines: int) -> int:
    """Write the export of the list of work items."""
    from plans.exporting import COLUMNS, Sheet, work_item_rows, write_workbook  # noqa: PLC0415 - after django.setup()
    from plans.models import WorkItem  # noqa: PLC0415 - after django.setup()

    items = WorkItem.objects.active().for_lists().order_by("due_date", "pk")[:lines]
    return write_workbook(stream, [Sheet("Đầu việc", COLUMNS, work_item_rows(items, ON))])


LISTS = {"cursor": from_cursor, "work items": work_items}


def _peak() -> float:
    """Return the most memory this process has held, in MiB."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
