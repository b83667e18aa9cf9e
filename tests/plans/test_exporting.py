"""The one writer of long lists: flat memory, words as words, a page that can be printed."""

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import FileResponse
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from plans.exporting import Column, Group, Sheet, lines_of, workbook, write_workbook
from plans.importing.reading.limits import Archive

COLUMNS = [
    Column("TT", 6, "number"),
    Column("Nhiệm vụ", 30, "text"),
    Column("Tỷ lệ", 10, "percent"),
    Column("Ngày", 12, "date"),
]


def written(*sheets: Sheet) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    write_workbook(stream, sheets)
    return stream.getvalue()


def opened(data: bytes) -> Worksheet:
    """Return the first sheet as a spreadsheet program reads it."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_list_has_a_frozen_head_filters_and_prints_on_a4_with_its_head_on_every_page():
    sheet = opened(written(Sheet("Danh sách", COLUMNS, [["Rà soát", 37.5, date(2024, 6, 30)]])))
    assert [cell.value for cell in sheet[1]] == ["TT", "Nhiệm vụ", "Tỷ lệ", "Ngày"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)


def test_numbers_percentages_and_days_are_values_and_words_are_never_formulas():
    rows = [
        ["=HYPERLINK(1)", 37.5, date(2024, 6, 30)],
        ["0912", Decimal("99.1"), None],
        [None, 0, datetime(2024, 6, 1, 9, 5)],
    ]
    sheet = opened(written(Sheet("A", COLUMNS, rows)))
    assert [(cell.value, cell.data_type) for cell in sheet["B"][1:]] == [
        ("=HYPERLINK(1)", "s"),
        ("0912", "s"),
        (None, "n"),
    ]
    assert [cell.value for cell in sheet["C"][1:]] == [37.5, 99.1, 0]
    assert sheet["C2"].number_format == '0.0" %"'
    assert sheet["D2"].value == datetime(2024, 6, 30)
    assert sheet["D2"].number_format == "dd/mm/yyyy"
    assert sheet["D4"].number_format == "dd/mm/yyyy hh:mm"


def test_titles_stand_above_headings_between_and_a_note_below_and_only_rows_are_numbered():
    rows: list[Any] = [Group("I. Thể chế"), ["Một", 1, None], ["Hai", 2, None], Group("II. Tổ chức"), ["Ba", 3, None]]
    sheet = opened(
        written(Sheet("A", COLUMNS, rows, above=["PHỤ LỤC", "Kế hoạch số 82/KH-UBND"], note="Nguồn: báo cáo."))
    )
    first = [cell.value for cell in sheet["A"]]
    assert first == [
        "PHỤ LỤC",
        "Kế hoạch số 82/KH-UBND",
        None,
        "TT",
        "I. Thể chế",
        1,
        2,
        "II. Tổ chức",
        3,
        None,
        "Nguồn: báo cáo.",
    ]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:D9"
    assert not sheet.merged_cells.ranges


def test_a_row_is_as_high_as_its_words_and_still_grows_when_more_is_written():
    archive = Archive(
        written(Sheet("A", COLUMNS, [["ngắn", 1, None], ["dài " * 30, 1, None], ["một\nhai\nba", 1, None]]))
    )
    rows = list(archive.xml("xl/worksheets/sheet1.xml").iter("{*}row"))
    heights = [float(row.get("ht") or 0) for row in rows]
    assert heights[1] == 0
    assert heights[2] > 4 * 15
    assert 40 < heights[3] < 60
    assert all(row.get("customHeight") is None for row in rows)
    assert (lines_of("a" * 33, 30), lines_of("a" * 34, 30)) == (1, 2)


def test_pasted_control_characters_and_endless_words_make_no_broken_file():
    sheet = opened(written(Sheet("A", COLUMNS, [["x\x00\x0b\ud800y", 1, None], ["dài" * 20_000, 1, None]])))
    assert sheet["B2"].value == "xy"
    assert len(sheet["B3"].value) == 32_767


def test_memory_does_not_grow_with_the_rows():
    def rows(count: int) -> Iterator[list[Any]]:
        for number in range(count):
            yield [f"Rà soát thủ tục hành chính thuộc lĩnh vực số {number}", 50, date(2024, 6, 30)]

    class Nowhere(io.RawIOBase):
        """A file whose bytes are counted and forgotten."""

        def __init__(self) -> None:
            self.place = self.size = 0

        def write(self, data: Any) -> int:
            self.place += len(data)
            self.size = max(self.size, self.place)
            return len(data)

        def seek(self, offset: int, whence: int = 0) -> int:
            self.place = offset if whence == 0 else (self.place + offset if whence == 1 else self.size + offset)
            return self.place

        def tell(self) -> int:
            return self.place

        def seekable(self) -> bool:
            return True

        def writable(self) -> bool:
            return True

    peaks = []
    for count in (1_000, 20_000):
        tracemalloc.start()
        assert write_workbook(Nowhere(), [Sheet("A", COLUMNS, rows(count))]) == count  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2 * 1024 * 1024, peaks


def test_a_list_that_breaks_half_way_is_no_workbook():
    def broken() -> Iterator[list[Any]]:
        yield ["Một", 1, None]
        raise RuntimeError("the database went away")

    stream = io.BytesIO()
    with pytest.raises(RuntimeError, match="went away"):
        write_workbook(stream, [Sheet("A", COLUMNS, broken())])
    assert stream.getvalue() == b""


def test_a_small_list_is_sent_whole_and_a_large_one_from_the_disk(db: None):
    small = workbook("A", COLUMNS, [["Một", 1, None]], "nho.xlsx")
    assert small.headers["Content-Disposition"] == 'attachment; filename="nho.xlsx"'
    assert small.content[:2] == b"PK"
    many = ([f"{number * 7919 % 104_729:x}" * 12, number, None] for number in range(60_000))
    large = workbook("A", COLUMNS, many, "lon.xlsx")
    assert isinstance(large, FileResponse)
    data = b"".join(large.streaming_content)  # type: ignore[arg-type]
    large.close()
    assert len(data) > 1024 * 1024
    assert etree.fromstring(Archive(data).read("xl/workbook.xml")) is not None
