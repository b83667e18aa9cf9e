"""A filled annex → rows, without the database: where each stands, what was written in it, or why it cannot be taken."""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from agencies.folding import fold, printable, squeeze
from plans.importing.reading.limits import (
    Archive,
    Budget,
    UnreadableDocument,
    check_size,
    damaged,
    refuse_ole,
)
from plans.importing.reading.sheets import Grid, read_grids
from plans.offline.annex import CODE, LONGEST, MARK, PERCENT, VERSION, WORDS, FilledRow, Remembered, as_carried

MAX_UNPACKED = 24 * 1024 * 1024
"""Bytes of all parts together: an annex of 1,000 rows has about two million."""
HEAD_WITHIN = 200
"""Rows of a sheet in which its head is looked for."""
MAX_ROWS = 5_000
"""Rows with something in them that one file may send."""
NOT_OURS = (
    "Đây không phải phụ lục tải về từ hệ thống. Hãy tải phụ lục ở trang “Điền ngoại tuyến”, điền rồi tải lên lại."
)
MEMORY_LOST = (
    "Tệp không còn phần nhận dạng (trang tính ẩn “Nhận dạng”), thường do chép bảng sang tệp khác. Hãy tải phụ lục mới, "
    "chép hai cột đã điền sang đúng dòng rồi tải lên lại."
)
_NUMBER = re.compile(r"([+-]?\d{1,9})(?:[.,](\d{1,9}))?\s*(%?)")


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled annex: of which plan and agency (ids), when it was downloaded, what it remembers by code, and its rows."""

    plan: int
    agency: int
    made_at: str
    remembered: dict[str, Remembered]
    rows: list[FilledRow]


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the head of a sheet stands: its row and its columns, from 0."""

    row: int
    code: int
    percent: int
    words: int
    task: int | None


def read_annex(data: bytes) -> Filled:
    """Read a filled annex. Raises `UnreadableDocument` with words for the person when it is not one; never another error."""
    check_size(data)
    try:
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            refuse_ole(data)
        _refuse_large(data)
        archive = Archive(data)
        if "xl/workbook.xml" not in archive.names:
            raise UnreadableDocument(NOT_OURS, "not_ours")
        if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
            raise UnreadableDocument("Tệp có chứa macro nên bị từ chối. Hãy lưu lại dạng .xlsx rồi tải lên.", "macro")
        return _understand(read_grids(archive, Budget()))
    except UnreadableDocument:
        raise
    except Exception as error:  # any library may stumble over a damaged file: the person gets words, not a traceback
        raise damaged() from error


def _refuse_large(data: bytes) -> None:
    """Refuse what would take too much memory to unpack: no part is unpacked beyond the size that it states."""
    if data[:2] != b"PK":
        raise UnreadableDocument(NOT_OURS, "not_ours")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
            raise UnreadableDocument(
                "Tệp chứa quá nhiều dữ liệu so với một phụ lục. Hãy bỏ các trang tính, hình ảnh không dùng rồi tải lên lại.",
                "too_large",
            )


def _understand(grids: list[Grid]) -> Filled:
    memory = next((grid for grid in grids if grid.values and _at(grid, 0, 0) == MARK), None)
    heads = [(grid, head) for grid in grids if grid is not memory and (head := _head_of(grid))]
    if memory is None:
        raise UnreadableDocument(MEMORY_LOST if heads else NOT_OURS, "memory_lost" if heads else "not_ours")
    if _whole(_at(memory, 0, 1)) != VERSION:
        raise UnreadableDocument(
            "Phụ lục này thuộc phiên bản khác của hệ thống. Hãy tải phụ lục mới rồi chép nội dung sang.", "version"
        )
    if not heads:
        raise UnreadableDocument(
            f"Không tìm thấy dòng tiêu đề có đủ ba cột “{PERCENT}”, “{WORDS}” và “{CODE}”. Hãy giữ nguyên tên các cột này.",
            "no_head",
        )
    plan, agency = _whole(_at(memory, 1, 1)), _whole(_at(memory, 2, 1))
    if plan is None or agency is None:
        raise UnreadableDocument(MEMORY_LOST, "memory_lost")
    remembered = dict(_remembered(memory))
    rows = [row for grid, head in heads for row in _rows(grid, head, len(heads) > 1)]
    known = (row if row.code in remembered else _unknown(row) for row in rows)
    return Filled(plan, agency, str(_at(memory, 3, 1) or ""), remembered, list(_said_once(known)))


def _remembered(memory: Grid) -> Iterator[tuple[str, Remembered]]:
    for row in range(5, len(memory.values)):
        code, state, words = (str(_at(memory, row, column) or "") for column in (0, 4, 5))
        item, revision, percent = (_whole(_at(memory, row, column)) for column in (1, 2, 3))
        if code and item is not None and revision is not None and percent is not None:
            yield code, Remembered(item, revision, percent, state, words)


def _head_of(grid: Grid) -> _Head | None:
    """Find the head by its words: columns may be moved or added."""
    wanted = {fold(name): name for name in (CODE, PERCENT, WORDS)}
    for number, row in enumerate(grid.values[:HEAD_WITHIN]):
        found: dict[str, int] = {}
        for column, value in enumerate(row):
            key = fold(value) if isinstance(value, str) else ""
            if key in wanted or key == "nhiệm vụ":
                found.setdefault(wanted.get(key, "task"), column)
        if all(name in found for name in wanted.values()):
            return _Head(number, found[CODE], found[PERCENT], found[WORDS], found.get("task"))
    return None


def _rows(grid: Grid, head: _Head, many_sheets: bool) -> Iterator[FilledRow]:
    """Yield the rows with a code or with something written; addresses name the sheet when there are several."""
    count = 0
    for number in range(head.row + 1, len(grid.values)):
        code = squeeze(str(_at(grid, number, head.code) or "")).upper()
        row = _row(grid, head, number, code, f"trang “{printable(grid.name)}” " if many_sheets else "")
        if not code and row.is_blank:
            continue
        count += 1
        if count > MAX_ROWS:
            raise UnreadableDocument("Tệp có quá nhiều dòng so với một phụ lục.", "too_many_rows")
        yield row


def _row(grid: Grid, head: _Head, number: int, code: str, sheet: str) -> FilledRow:
    faults = []
    words, percent = _words_of(_at(grid, number, head.words)), None
    for column in (head.percent, head.words):
        if (number, column) in grid.formulas:
            faults.append(f"ô {sheet}{address(number, column)} là công thức; hãy ghi giá trị")
    try:
        percent = percent_of(_at(grid, number, head.percent), as_percent=(number, head.percent) in grid.percents)
    except ValueError as error:
        faults.append(f"ô {sheet}{address(number, head.percent)}: {error}")
    if len(words) > LONGEST:
        faults.append(f"ô {sheet}{address(number, head.words)} dài quá 10.000 ký tự")
    if not faults and percent is not None and not words:
        faults.append(f"ô {sheet}{address(number, head.words)} trống: chưa ghi kết quả, tình hình thực hiện")
    task = squeeze(str(_at(grid, number, head.task) or ""))[:200] if head.task is not None else ""
    return FilledRow(code, number + 1, percent, words, "; ".join(faults), task)


def _unknown(row: FilledRow) -> FilledRow:
    """A row that the file does not remember: added by hand, or with a code that was changed."""
    if row.is_blank:
        return row
    why = (
        f"mã dòng “{row.code[:20]}” không có trong phụ lục đã tải về" if row.code else "dòng thêm vào không có mã dòng"
    )
    return replace(row, fault=f"dòng {row.place}: {why} nên không biết thuộc đầu việc nào")


def _said_once(rows: Iterable[FilledRow]) -> Iterator[FilledRow]:
    """Yield each code once: blank copies and equal ones fall together, different words under one code are all refused."""
    by_code: dict[str, list[FilledRow]] = {}
    for place, row in enumerate(rows):
        by_code.setdefault(row.code or f"#{place}", []).append(row)
    for found in by_code.values():
        written = [row for row in found if not row.is_blank]
        if len({(row.percent, row.words, row.fault) for row in written}) <= 1:
            yield (written or found)[0]
            continue
        places = ", ".join(str(row.place) for row in written)
        for row in written:
            yield replace(
                row, fault=row.fault or f"mã dòng có ở nhiều dòng ({places}) với nội dung khác nhau; hãy giữ một dòng"
            )


def percent_of(value: object, *, as_percent: bool = False) -> int | None:
    """Return the percentage that a cell says, None for an empty one; raises ValueError with words for the person.

    60, "60", "60%", "60,0" and 0.6 shown as a percentage are 60; a bare 0.6 might be either and is asked about.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool | date | datetime) or not isinstance(value, int | float | str):
        raise ValueError("không phải số; hãy ghi số nguyên từ 0 đến 100")
    number = _typed(value) if isinstance(value, str) else float(value) * (100 if as_percent else 1)
    if not math.isfinite(number):
        raise ValueError("không phải số; hãy ghi số nguyên từ 0 đến 100")
    whole = round(number)
    if abs(number - whole) > 1e-6:
        about = " (muốn ghi 60 % thì ghi 60)" if 0 < number < 1 else ""
        raise ValueError(f"“{_shown(value, number)}” không phải số nguyên từ 0 đến 100{about}")
    if not 0 <= whole <= 100:
        raise ValueError(f"“{_shown(value, number)}” nằm ngoài khoảng từ 0 đến 100")
    return whole


def _typed(value: str) -> float:
    match = _NUMBER.fullmatch(squeeze(value))
    if not match:
        raise ValueError(f"“{squeeze(value)[:30]}” không phải số; hãy ghi số nguyên từ 0 đến 100")
    return float(f"{match[1]}.{match[2] or 0}")


def _shown(value: object, number: float) -> str:
    return squeeze(value)[:30] if isinstance(value, str) else f"{number:g}".replace(".", ",")


def _words_of(value: object) -> str:
    """Return what a cell says as words: whole numbers without ".0", days as dd/mm/yyyy."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return as_carried(str(value))


def _at(grid: Grid, row: int, column: int) -> object:
    """Return the value at a place, None outside and for an empty cell; words without signs that cannot be kept."""
    if row >= len(grid.values) or column >= len(grid.values[row]):
        return None
    value = grid.values[row][column]
    if isinstance(value, str):
        value = printable(value)
    return None if value == "" else value


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and number.is_integer() and 0 <= number < 2**53 else None


def address(row: int, column: int) -> str:
    """Return the address of a cell as Excel names it: (11, 7) is H12."""
    letters, column = "", column + 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row + 1}"
