"""The annex that is filled offline: what is written comes back, whatever a person did to the rows on the way."""

import io
import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from agencies.models import User
from plans.importing.reading.limits import UnreadableDocument
from plans.models import OfflineEntry, OfflineReturn, Plan, Section, Update, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.offline.annex import CODE, MEMORY, PERCENT, SHEET, WORDS, as_carried, code_of
from plans.offline.applying import Answer, Outcome, apply_return
from plans.offline.comparing import Kind, Line, compare, missing
from plans.offline.reading import address, percent_of, read_annex
from plans.offline.standing import to_fill
from plans.offline.writing import write_annex
from tests.cast import Cast
from tests.factories import SectionFactory, TaskFactory, work_item
from tests.plans.hostile_files import with_part

DAY = date(2024, 6, 5)
NOW = datetime(2024, 6, 5, 9, 30)
HEAD = 5
"""The row of the head, as Excel counts."""


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Keep uploads of a test to itself."""
    settings.MEDIA_ROOT = tmp_path


def annex(cast: Cast, agency: Any = None) -> bytes:
    """Return the annex of Sở Y tế as it is downloaded."""
    stream = io.BytesIO()
    who = agency or cast.health
    write_annex(stream, cast.plan, who, to_fill(cast.plan, who), now=NOW, today=DAY)
    return stream.getvalue()


class Filling:
    """The annex open in a person's spreadsheet program."""

    def __init__(self, data: bytes) -> None:
        self.book: Workbook = load_workbook(io.BytesIO(data))
        self.sheet: Worksheet = self.book[SHEET]

    def column(self, head: str) -> int:
        """Return the number of the column with this head."""
        return next(cell.column for cell in self.sheet[HEAD] if cell.value == head)

    def row(self, item: WorkItem) -> int:
        """Return the row of an item, wherever it stands."""
        codes = self.column(CODE)
        return next(
            n for n in range(HEAD, self.sheet.max_row + 1) if self.sheet.cell(n, codes).value == code_of(item.pk)
        )

    def fill(self, item: WorkItem, percent: Any, words: Any) -> "Filling":
        """Write into the two columns to fill."""
        row = self.row(item)
        self.sheet.cell(row, self.column(PERCENT)).value = percent
        self.sheet.cell(row, self.column(WORDS)).value = words
        return self

    def saved(self) -> bytes:
        """Return the file as saved."""
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def give_back(cast: Cast, data: bytes, *, by: User | None = None) -> OfflineReturn:
    """Upload a file for Sở Y tế, past the page."""
    filled = read_annex(data)
    return OfflineReturn.receive(
        cast.plan, cast.health, by=by or cast.health_officer, name="phu-luc.xlsx", data=data,
        remembered={code: {"item": one.item, "revision": one.revision, "percent": one.percent, "state": one.state,
                           "words": one.words} for code, one in filled.remembered.items()},
        rows=[{"code": row.code, "place": row.place, "percent": row.percent, "words": row.words, "fault": row.fault,
               "task": row.task} for row in filled.rows],
    )  # fmt: skip


def lines_of(returned: OfflineReturn, user: User) -> dict[Kind, list[Line]]:
    """Return the lines of the page by kind."""
    found: dict[Kind, list[Line]] = {kind: [] for kind in Kind}
    for line in compare(returned, user):
        found[line.kind].append(line)
    return found


def take_all(returned: OfflineReturn, by: User, **chosen: Any) -> Outcome:
    """Answer every row that waits: take it, as the page shows it now."""
    answers = {
        line.code: Answer(True, line.item.revision, **chosen)
        for line in compare(returned, by)
        if line.waits and line.item
    }
    return apply_return(returned, answers, by=by, on=DAY, now=timezone.now())


# Out


def test_the_annex_is_the_plan_in_its_order_with_headings_and_only_two_columns_open(cast: Cast):
    first, second = (
        SectionFactory(plan=cast.plan, title="I. Chỉ đạo"),
        SectionFactory(plan=cast.plan, title="II. Thể chế"),
    )
    late = work_item(cast.health, task=TaskFactory(plan=cast.plan, section=second, position=900, text="Việc sau"))
    early = work_item(cast.health, task=TaskFactory(plan=cast.plan, section=first, position=800, text="=Việc trước"))
    work_item(cast.health, plan=cast.plan, state=State.COMPLETED, completed_on=DAY)
    work_item(cast.justice, plan=cast.plan)
    filling = Filling(annex(cast))
    tasks = filling.column("Nhiệm vụ")
    shown = [
        filling.sheet.cell(row, tasks).value or filling.sheet.cell(row, 1).value
        for row in range(HEAD + 1, filling.sheet.max_row + 1)
    ]
    assert shown == ["I. Chỉ đạo", "=Việc trước", "II. Thể chế", "Việc sau"]
    unlocked = {
        filling.sheet.cell(HEAD, cell.column).value
        for row in filling.sheet.iter_rows(min_row=HEAD + 1)
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {PERCENT, WORDS}
    assert filling.sheet.protection.sheet
    assert filling.sheet.freeze_panes == "C6"
    assert filling.sheet.page_setup.orientation == "landscape"
    assert filling.sheet.print_title_rows == "$5:$5"
    assert filling.book[MEMORY].sheet_state == "hidden"
    assert filling.row(late) > filling.row(early)


def test_excel_is_told_to_take_only_whole_numbers_up_to_100(cast: Cast):
    work_item(cast.health, plan=cast.plan)
    filling = Filling(annex(cast))
    rules = {rule.type: rule for rule in filling.sheet.data_validations.dataValidation}
    assert (rules["whole"].formula1, rules["whole"].formula2) == ("0", "100")
    assert "số nguyên từ 0 đến 100" in rules["whole"].error


def test_a_report_task_is_not_filled_offline_since_the_report_completes_it(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    work_item(cast.health, task=TaskFactory(plan=cast.plan, is_report=True))
    assert [standing.item for standing in to_fill(cast.plan, cast.health)] == [item]


def test_one_job_with_check_points_is_one_line(cast: Cast):
    task = TaskFactory(plan=cast.plan, deadline__completes="final")
    point = work_item(cast.health, task=task, ordinal=1, kind=OccurrenceKind.CHECK_POINT, due=date(2024, 6, 30))
    delivery = work_item(cast.health, task=task, ordinal=2, due=date(2024, 12, 31))
    assert [row.item for row in to_fill(cast.plan, cast.health)] == [delivery]
    point.record_update(by=cast.health_officer, on=DAY, percent=30, words="Đã rà soát.")
    assert to_fill(cast.plan, cast.health)[0].words == "Đã rà soát."


def test_an_annex_asks_the_same_of_the_database_for_few_and_many_items(
    cast: Cast, django_assert_max_num_queries: Callable
):
    for _ in range(25):
        work_item(cast.health, plan=cast.plan)
    with django_assert_max_num_queries(4):
        annex(cast)


# Back: nothing is lost, nothing depends on where a row stands


def test_an_untouched_annex_changes_nothing(cast: Cast):
    items = [work_item(cast.health, plan=cast.plan) for _ in range(3)]
    items[0].record_update(by=cast.health_officer, on=DAY, percent=40, words="Đã làm.\nCòn lại: 2 xã.")
    returned = give_back(cast, annex(cast))
    lines = lines_of(returned, cast.health_officer)
    assert len(lines[Kind.UNCHANGED]) == 3
    assert sum(map(len, lines.values())) == 3
    assert take_all(returned, cast.health_officer).taken == 0
    assert Update.objects.count() == 1


def test_rows_may_be_sorted_removed_and_columns_moved(cast: Cast):
    one, two, gone = (work_item(cast.health, plan=cast.plan) for _ in range(3))
    filling = Filling(annex(cast)).fill(one, 10, "Một").fill(two, 20, "Hai")
    rows = [[cell.value for cell in row] for row in filling.sheet.iter_rows(min_row=HEAD + 1)]
    rows = [row for row in rows if code_of(gone.pk) not in row][::-1]
    book = filling.book
    sheet = book.create_sheet("Bảng của tôi", 0)
    sheet.append(["Ghi chú của phòng"])
    sheet.append([None, *reversed([cell.value for cell in filling.sheet[HEAD]])])
    for row in rows:
        sheet.append(["x", *reversed(row)])
    del book[SHEET]
    returned = give_back(cast, filling.saved())
    lines = lines_of(returned, cast.health_officer)
    assert {(line.item, line.percent, line.row.words) for line in lines[Kind.CHANGE]} == {
        (one, 10, "Một"),
        (two, 20, "Hai"),
    }
    assert missing(returned) == 1


EDITS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 100)),
        st.text(st.characters(exclude_categories=["Cs", "Co", "Cn"]), min_size=1, max_size=60),
    ),
    min_size=3,
    max_size=3,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, order=st.permutations(range(3)))
def test_whatever_is_written_survives_the_trip_in_any_order_of_rows(cast: Cast, edits: list, order: list[int]):
    items = list(WorkItem.objects.filter(agency=cast.health).order_by("pk")) or [
        work_item(cast.health, plan=cast.plan) for _ in range(3)
    ]
    stream = io.BytesIO()
    rows = to_fill(cast.plan, cast.health)
    write_annex(stream, cast.plan, cast.health, [rows[place] for place in order], now=NOW, today=DAY)
    filling = Filling(stream.getvalue())
    wanted = {}
    for item, (percent, words) in zip(items, edits, strict=True):
        kept = as_carried(words)
        row = filling.row(item)
        filling.sheet.cell(row, filling.column(PERCENT)).value = percent if kept else None
        cell = filling.sheet.cell(row, filling.column(WORDS))
        cell.value = kept or None
        cell.data_type = "s" if kept else "n"
        wanted[code_of(item.pk)] = (percent if kept else None, kept)
    found = {row.code: (row.percent, row.words) for row in read_annex(filling.saved()).rows}
    assert found == wanted


@pytest.mark.parametrize(
    ("value", "as_percent", "number"),
    [
        (60, False, 60), (60.0, False, 60), ("60", False, 60), ("60%", False, 60), (" 60 % ", False, 60), ("60,0", False, 60),
        ("60.00", False, 60), (0.6, True, 60), (1, True, 100), (1, False, 1), (0, False, 0), ("", False, None),
        (None, False, None), (0.07, True, 7), ("+5", False, 5),
    ],
)  # fmt: skip
def test_a_percentage_is_understood_as_people_write_it(value: object, as_percent: bool, number: int | None):
    assert percent_of(value, as_percent=as_percent) == number


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("xong", "không phải số"), (101, "ngoài khoảng"), (-1, "ngoài khoảng"), (60.5, "số nguyên"), ("60,5", "số nguyên"),
        (0.6, "muốn ghi 60 % thì ghi 60"), (date(2024, 6, 1), "không phải số"), (True, "không phải số"),
        (float("inf"), "không phải số"), ("6" * 5000, "không phải số"), ("½", "không phải số"), (1e300, "ngoài khoảng"),
    ],
)  # fmt: skip
def test_what_is_no_percentage_is_refused_in_words(value: object, why: str):
    with pytest.raises(ValueError, match=why):
        percent_of(value)


def test_a_refused_cell_is_named_as_excel_names_it(cast: Cast):
    good, wrong, computed, halfway = (work_item(cast.health, plan=cast.plan) for _ in range(4))
    filling = Filling(annex(cast)).fill(good, 50, "Tốt").fill(wrong, "xong", "Đã xong").fill(computed, "=30+30", "Tính")
    filling.fill(halfway, 70, None)
    lines = lines_of(give_back(cast, filling.saved()), cast.health_officer)
    assert [line.item for line in lines[Kind.CHANGE]] == [good]
    reasons = {line.item: line.reason for line in lines[Kind.REFUSED]}
    percent, words = filling.column(PERCENT) - 1, filling.column(WORDS) - 1
    assert f"ô {address(filling.row(wrong) - 1, percent)}: “xong” không phải số" in reasons[wrong]
    assert f"ô {address(filling.row(computed) - 1, percent)} là công thức" in reasons[computed]
    assert f"ô {address(filling.row(halfway) - 1, words)} trống" in reasons[halfway]
    assert address(11, 7) == "H12"
    assert address(0, 27) == "AB1"


def test_a_line_added_by_hand_and_a_code_given_twice_are_refused_and_their_words_kept(cast: Cast):
    item, other = work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=cast.plan)
    filling = Filling(annex(cast)).fill(item, 10, "Một").fill(other, 20, "Hai")
    filling.sheet.cell(filling.row(other), filling.column(CODE)).value = code_of(item.pk)
    last = filling.sheet.max_row + 1
    filling.sheet.cell(last, filling.column(WORDS)).value = "Việc phát sinh"
    returned = give_back(cast, filling.saved())
    lines = lines_of(returned, cast.health_officer)
    assert lines[Kind.CHANGE] == []
    assert {line.row.words for line in lines[Kind.REFUSED]} == {"Một", "Hai", "Việc phát sinh"}
    assert take_all(returned, cast.health_officer).taken == 0


def test_an_item_of_another_agency_in_the_files_memory_is_not_touched(cast: Cast):
    work_item(cast.health, plan=cast.plan)
    theirs = work_item(cast.justice, plan=cast.plan)
    filling = Filling(annex(cast))
    filling.book[MEMORY].cell(6, 2).value = theirs.pk
    filling.sheet.cell(HEAD + 1, filling.column(WORDS)).value = "Ghi hộ"
    returned = give_back(cast, filling.saved())
    assert [line.kind for line in compare(returned, cast.health_officer)] == [Kind.REFUSED]
    assert take_all(returned, cast.health_officer).taken == 0
    assert not theirs.updates.exists()


# Files that are none


def without_memory(cast: Cast) -> bytes:
    """Return an annex of which only the table was copied."""
    filling = Filling(annex(cast))
    del filling.book[MEMORY]
    return filling.saved()


def without_head(cast: Cast) -> bytes:
    """Return an annex whose head was written over."""
    filling = Filling(annex(cast))
    filling.sheet.cell(HEAD, filling.column(WORDS)).value = "Ghi chú"
    return filling.saved()


def another_book(cast: Cast) -> bytes:
    """Return some workbook."""
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["TT", "Nhiệm vụ"])
    book.save(stream)
    return stream.getvalue()


def far_away(cast: Cast, row: int = 9_999_999) -> bytes:
    """Return an annex that claims so many rows."""
    inner = (
        f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part(annex(cast), "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}">{inner}</worksheet>'.encode())


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (without_memory, "memory_lost"), (without_head, "no_head"), (another_book, "not_ours"), (far_away, "too_many_rows"),
        (lambda cast: far_away(cast, 10**9), "damaged"),
        (lambda cast: b"", "empty"), (lambda cast: b"%PDF-1.7", "not_ours"), (lambda cast: annex(cast)[:900], "damaged"),
        (lambda cast: with_part(annex(cast), "xl/worksheets/sheet1.xml", b"<x>" + b" " * 30_000_000 + b"</x>"), "too_large"),
        (lambda cast: with_part(annex(cast), "xl/worksheets/sheet1.xml", b"<x/>" + b"<" * 90), "damaged"),
        (lambda cast: with_part(annex(cast), "xl/vbaProject.bin", b"x"), "macro"),
        (
            lambda cast: with_part(
                annex(cast), "xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
            ),
            "dangerous",
        ),
    ],
    ids=["copied", "head", "book", "far", "beyond", "empty", "pdf", "cut", "bomb", "broken", "macro", "entity"],
)  # fmt: skip
def test_a_file_that_is_no_annex_is_refused_in_words(cast: Cast, make: Callable[[Cast], bytes], code: str):
    work_item(cast.health, plan=cast.plan)
    with pytest.raises(UnreadableDocument) as refused:
        read_annex(make(cast))
    assert refused.value.code == code
    assert refused.value.message.endswith((".", ")"))


# What others did meanwhile


def test_an_item_that_others_updated_meanwhile_is_a_conflict_and_stays_unless_chosen(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    data = Filling(annex(cast)).fill(item, 80, "Từ tệp").saved()
    item.record_update(by=cast.health_leader, on=DAY, percent=60, words="Từ lãnh đạo")
    returned = give_back(cast, data)
    (line,) = compare(returned, cast.health_officer)
    assert (line.kind, line.last and line.last.words) == (Kind.CONFLICT, "Từ lãnh đạo")
    assert line.item
    outcome = apply_return(
        returned, {line.code: Answer(False, line.item.revision)}, by=cast.health_officer, on=DAY, now=timezone.now()
    )
    item.refresh_from_db()
    assert (outcome.kept, outcome.taken, item.percent) == (1, 0, 60)
    returned.refresh_from_db()
    assert returned.state == OfflineReturn.State.APPLIED
    (line,) = compare(returned, cast.health_officer)
    assert (line.kind, line.row.words) == (Kind.KEPT, "Từ tệp")


def test_a_conflict_is_taken_when_chosen_and_both_texts_stay_in_the_history(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    data = Filling(annex(cast)).fill(item, 80, "Từ tệp").saved()
    item.record_update(by=cast.health_leader, on=DAY, percent=60, words="Từ lãnh đạo")
    assert take_all(give_back(cast, data), cast.health_officer).taken == 1
    assert list(item.updates.values_list("words", flat=True)) == ["Từ lãnh đạo", "Từ tệp"]


def test_a_revision_that_moved_for_the_person_in_charge_alone_is_no_conflict(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    data = Filling(annex(cast)).fill(item, 80, "Từ tệp").saved()
    item.give_to(cast.health_officer, by=cast.health_leader)
    assert [line.kind for line in compare(give_back(cast, data), cast.health_officer)] == [Kind.CHANGE]


def test_what_changed_after_the_page_was_opened_stops_that_row_alone(cast: Cast):
    item, other = work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=cast.plan)
    returned = give_back(cast, Filling(annex(cast)).fill(item, 80, "Từ tệp").fill(other, 50, "Khác").saved())
    lines = compare(returned, cast.health_officer)
    answers = {line.code: Answer(True, line.item.revision) for line in lines if line.item}
    item.record_update(by=cast.health_leader, on=DAY, percent=60, words="Chen ngang")
    outcome = apply_return(returned, answers, by=cast.health_officer, on=DAY, now=timezone.now())
    assert (outcome.taken, len(outcome.faults)) == (1, 1)
    returned.refresh_from_db()
    assert returned.is_waiting
    assert {line.item: line.kind for line in compare(returned, cast.health_officer)} == {
        item: Kind.CONFLICT,
        other: Kind.TAKEN,
    }


def test_work_handed_in_meanwhile_takes_no_more_updates(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    data = Filling(annex(cast)).fill(item, 80, "Từ tệp").saved()
    item.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong")
    item.hand_in(by=cast.health_officer, on=DAY)
    (line,) = compare(give_back(cast, data), cast.health_officer)
    assert line.kind == Kind.REFUSED
    assert "chờ xác nhận" in line.reason


# Writing, once


def test_rows_are_written_by_the_verb_and_marked_with_the_file(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    returned = give_back(cast, Filling(annex(cast)).fill(item, None, "Chỉ có lời").saved())
    assert take_all(returned, cast.health_officer).taken == 1
    update = item.updates.get()
    assert (update.percent, update.words, update.by) == (0, "Chỉ có lời", cast.health_officer)
    assert str(update.offline_entry) == "nhập từ tệp Excel “phu-luc.xlsx”"


def test_a_second_click_and_the_same_file_again_write_nothing_twice(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    data = Filling(annex(cast)).fill(item, 80, "Từ tệp").saved()
    returned, stale = give_back(cast, data), None
    stale = OfflineReturn.objects.get(pk=returned.pk)
    lines = compare(returned, cast.health_officer)
    answers = {line.code: Answer(True, line.item.revision) for line in lines if line.item}
    apply_return(returned, answers, by=cast.health_officer, on=DAY, now=timezone.now())
    with pytest.raises(ValidationError, match="đã được xử lý xong"):
        apply_return(stale, answers, by=cast.health_officer, on=DAY, now=timezone.now())
    again = give_back(cast, data)
    assert again.pk != returned.pk
    assert [line.kind for line in compare(again, cast.health_officer)] == [Kind.UNCHANGED]
    assert item.updates.count() == 1


def test_a_crash_between_two_rows_leaves_the_first_written_and_the_rest_to_be_written_once(cast: Cast, monkeypatch):
    items = [work_item(cast.health, plan=cast.plan) for _ in range(3)]
    filling = Filling(annex(cast))
    for item in items:
        filling.fill(item, 50, "Đã làm")
    returned = give_back(cast, filling.saved())
    genuine, calls = WorkItem.record_update, []

    def breaks_at_the_second(self: WorkItem, **told: Any) -> Update:
        calls.append(self)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return genuine(self, **told)

    monkeypatch.setattr(WorkItem, "record_update", breaks_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        take_all(returned, cast.health_officer)
    monkeypatch.undo()
    assert Update.objects.count() == 1
    returned.refresh_from_db()
    assert returned.is_waiting
    assert take_all(returned, cast.health_officer).taken == 2
    assert [item.updates.count() for item in items] == [1, 1, 1]
    assert OfflineEntry.objects.filter(offline_return=returned).count() == 3


def test_finished_work_is_handed_in_as_well_when_ticked(cast: Cast):
    done, half = work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=cast.plan)
    returned = give_back(cast, Filling(annex(cast)).fill(done, 100, "Xong").fill(half, 50, "Một nửa").saved())
    outcome = take_all(returned, cast.health_officer, hand_in=True)
    assert (outcome.taken, outcome.handed_in, outcome.faults) == (2, 1, [])
    assert {item.state for item in (done, half) if not item.refresh_from_db()} == {State.HANDED_IN, State.IN_PROGRESS}


def test_a_parents_update_is_marked_as_filled_in(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    data = Filling(annex(cast, cast.commune)).fill(item, 30, "Huyện ghi thay").saved()
    filled = read_annex(data)
    returned = OfflineReturn.receive(
        cast.plan, cast.commune, by=cast.district_officer, name="xa.xlsx", data=data,
        remembered={code: {"item": one.item, "revision": one.revision, "percent": 0, "state": one.state, "words": one.words}
                    for code, one in filled.remembered.items()},
        rows=[{"code": row.code, "place": row.place, "percent": row.percent, "words": row.words} for row in filled.rows],
    )  # fmt: skip
    assert take_all(returned, cast.district_officer).taken == 1
    assert item.updates.get().on_behalf


def test_a_dropped_return_keeps_its_words_and_takes_no_answer(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    returned = give_back(cast, Filling(annex(cast)).fill(item, 30, "Không mất").saved())
    returned.drop(by=cast.health_officer, now=timezone.now())
    with pytest.raises(ValidationError):
        take_all(returned, cast.health_officer)
    with pytest.raises(ValidationError):
        returned.drop(by=cast.health_officer, now=timezone.now())
    assert [line.row.words for line in compare(returned, cast.health_officer)] == ["Không mất"]
    assert not item.updates.exists()
    with returned.file.open() as file:
        assert file.read(2) == b"PK"


def test_nothing_is_written_when_the_plan_is_closed_meanwhile(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    returned = give_back(cast, Filling(annex(cast)).fill(item, 30, "Muộn").saved())
    Plan.objects.update(status=Plan.Status.CLOSED)
    outcome = take_all(returned, cast.health_officer)
    assert outcome.taken == 0
    assert "không còn được theo dõi" in outcome.faults[0]


def test_sections_of_the_plan_are_not_read_as_rows(cast: Cast):
    section = SectionFactory(plan=cast.plan, title="I. Chung")
    work_item(cast.health, task=TaskFactory(plan=cast.plan, section=section))
    assert Section.objects.count() == 1
    assert len(read_annex(annex(cast)).rows) == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_people_applying_one_upload_at_the_same_moment_write_every_row_once(cast: Cast):
    items = [work_item(cast.health, plan=cast.plan) for _ in range(3)]
    filling = Filling(annex(cast))
    for item in items:
        filling.fill(item, 40, "Đã làm.")
    returned = give_back(cast, filling.saved())
    people = [cast.health_officer, cast.health_leader]
    start, outcomes = threading.Barrier(2), []

    def apply(user: User) -> None:
        try:
            start.wait(10)
            outcomes.append(take_all(OfflineReturn.objects.get(pk=returned.pk), user).taken)
        except ValidationError:
            outcomes.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(outcomes) == 3
    assert [item.updates.count() for item in items] == [1, 1, 1]
    assert OfflineEntry.objects.count() == 3
    assert OfflineReturn.objects.get().state == OfflineReturn.State.APPLIED
