"""From a draft to a plan with its work, on small plans; the real one stands in test_plan_82.py."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from plans.importing.mending import change_row, drop_draft, drop_row
from plans.importing.saving import confirm_draft
from plans.importing.starting import start_draft
from plans.models import DraftRow, ImportDraft, Plan, Section, Task, WorkItem
from tests.cast import Cast
from tests.factories import AgencyGroupFactory, PlanFactory

STARTED = date(2024, 3, 25)
SMALL = """ỦY BAN NHÂN DÂN
TỈNH VĨNH PHÚC
Số: {number}/KH-UBND
Vĩnh Phúc, ngày 20 tháng 3 năm 2024

KẾ HOẠCH
Nâng cao sự hài lòng của người dân năm 2024

| STT | Nhiệm vụ | Cơ quan chủ trì, thực hiện | Thời gian |
|---|---|---|---|
{rows}
"""


def small_plan(*rows: tuple[str, str, str], number: int = 90) -> bytes:
    """Return a plan as Markdown: rows of task, agencies, time."""
    lines = (f"| {place} | {' | '.join(row)} |" for place, row in enumerate(rows, start=1))
    return SMALL.format(number=number, rows="\n".join(lines)).encode()


def head_of(draft: ImportDraft, **details) -> Plan:
    """Return the head as the page sends it: what was read, and what a person mended."""
    head = draft.head
    read = {
        "number": head["number"],
        "title": head["title"] or "Kế hoạch",
        "issuer": head["issuer"] or "UBND tỉnh Vĩnh Phúc",
        "signed_on": date.fromisoformat(head["signed"]),
        "year": head["plan_year"],
    }
    return Plan(**(read | details))


def started(cast: Cast, *rows: tuple[str, str, str], number: int = 90) -> ImportDraft:
    """Return the draft of a small plan."""
    return start_draft(
        data=small_plan(*rows, number=number), name="ke-hoach.md", by=cast.coordinator, agency=cast.home_affairs
    )


def row(draft: ImportDraft, position: int) -> DraftRow:
    """Return a row as a page opens it."""
    return draft.rows.select_related("draft__province").get(position=position)


def mend(draft: ImportDraft, position: int, cast: Cast, **words: str) -> None:
    """Mend a row as the coordinator, and see the draft as it then stands."""
    opened = row(draft, position)
    change_row(opened, by=cast.coordinator, revision=opened.revision, **words)
    draft.refresh_from_db()


def leave_out(draft: ImportDraft, position: int, cast: Cast, *, dropped: bool = True) -> None:
    """Leave a row out as the coordinator, or take it back."""
    opened = row(draft, position)
    drop_row(opened, by=cast.coordinator, revision=opened.revision, dropped=dropped)
    draft.refresh_from_db()


# Checked again, all or nothing


def test_all_problems_are_told_at_once_and_nothing_is_saved(cast: Cast):
    draft = started(
        cast,
        ("Rà soát thủ tục", "Sở Y tế", "Quý II"),
        ("Kiểm tra việc niêm yết", "Sở Hàng không vũ trụ", "Quý III"),
        ("Khảo sát người dân", "Chi cục Thám hiểm đại dương", "Quý IV"),
    )
    with pytest.raises(ValidationError) as refusal:
        confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    assert len(refusal.value.messages) == 2
    assert "Dòng 2: chưa nhận ra “Sở Hàng không vũ trụ”" in refusal.value.messages[0]
    assert "Dòng 3: chưa nhận ra “Chi cục Thám hiểm đại dương”" in refusal.value.messages[1]
    assert not Plan.objects.exclude(pk=cast.plan.pk).exists()
    assert not Task.objects.exists()
    assert not Section.objects.exists()
    draft.refresh_from_db()
    assert draft.state == ImportDraft.State.OPEN


def test_an_unknown_agency_is_mended_in_place_and_the_plan_is_confirmed(cast: Cast):
    draft = started(cast, ("Rà soát thủ tục", "Sở Hàng không vũ trụ", "Quý II"))
    mend(draft, 1, cast, agencies_text="Sở Y tế", time_text="Quý III")
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    item = WorkItem.objects.get(task__plan=plan)
    assert (item.agency, item.due_date) == (cast.health, date(2024, 9, 30))
    assert item.task.time_text == "Quý III"


def test_a_dropped_row_becomes_no_task_and_can_be_taken_back(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Tổng cộng", "Sở Tư pháp", "Quý III"))
    leave_out(draft, 2, cast)
    leave_out(draft, 1, cast)
    with pytest.raises(ValidationError, match="mọi dòng đều đã bị bỏ"):
        confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    leave_out(draft, 1, cast, dropped=False)
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    assert list(plan.tasks.values_list("text", flat=True)) == ["Rà soát"]


def test_an_excluded_agency_that_nobody_knows_stops_the_import(cast: Cast):
    AgencyGroupFactory(province=cast.province, name="Các sở, ban, ngành")
    draft = started(cast, ("Rà soát", "Các sở, ban, ngành", "Quý II"))
    first = row(draft, 1)
    first.task["assignments"][0]["excluded"] = ["Sở Hàng không vũ trụ"]
    first.save()
    with pytest.raises(ValidationError, match="chưa nhận ra “Sở Hàng không vũ trụ” trong phần “trừ”"):
        confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    first.task["assignments"][0]["excluded"] = ["Sở Tư pháp"]
    first.save()
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    agencies = set(WorkItem.objects.filter(task__plan=plan).values_list("agency__name", flat=True))
    assert agencies == {"Sở Nội vụ", "Sở Y tế"}


def test_a_heading_printed_twice_stands_for_two_places(cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "Quý II") for n in (1, 2, 3, 4)])
    paths = [["I. Chung", "1. Chất lượng"], ["I. Chung", "1. Chất lượng"], ["I. Chung"], ["I. Chung", "1. Chất lượng"]]
    for one, path in zip(draft.rows.all(), paths, strict=True):
        one.task["heading_path"] = path
        one.save()
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    assert [(one.position, one.depth, one.title) for one in plan.sections.all()] == [
        (1, 0, "I. Chung"), (2, 1, "1. Chất lượng"), (3, 1, "1. Chất lượng"),
    ]  # fmt: skip
    assert [task.section.position for task in plan.tasks.select_related("section")] == [2, 2, 1, 3]


def test_times_are_read_again_under_the_year_and_the_switch_that_a_person_gave(cast: Cast):
    draft = started(cast, ("Báo cáo kết quả", "Sở Y tế", "Trước 10/6"), ("Rà soát", "Sở Y tế", "Quý II"))
    head = head_of(draft, year=2025, signed_on=date(2025, 1, 6), before_is_inclusive=True)
    plan = confirm_draft(draft, head=head, by=cast.coordinator, on=STARTED)
    assert [task.deadline.due_dates for task in plan.tasks.all()] == [[date(2025, 6, 10)], [date(2025, 6, 30)]]


def test_a_date_that_is_only_suggested_is_not_owed(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    first = row(draft, 1)
    first.task["deadline"] |= {"stated": False, "suggested_due": ["2024-06-30"]}
    first.save()
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    assert WorkItem.objects.get(task__plan=plan).due_date is None


def test_early_check_points_are_skipped_when_asked(cast: Cast):
    draft = started(cast, ("Công khai thủ tục", "Sở Y tế", "Quý I đến Quý IV"))
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED, skip_early=True)
    days = WorkItem.objects.filter(task__plan=plan).order_by("due_date").values_list("due_date", flat=True)
    assert list(days) == [date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]


def test_a_district_may_number_its_plan_like_the_province(cast: Cast):
    PlanFactory(province=cast.province, number="90/KH-UBND", issuer="UBND huyện Lập Thạch", signed_on=date(2024, 3, 20))
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    assert plan.number == "90/KH-UBND"


# People at the same draft


def test_two_people_never_overwrite_each_other_in_one_row(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    mine, colleagues = row(draft, 1), row(draft, 1)
    change_row(mine, by=cast.coordinator, revision=mine.revision, time_text="Quý IV")
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        change_row(colleagues, by=cast.coordinator, revision=colleagues.revision, time_text="Quý III")
    assert row(draft, 1).task["time_text"] == "Quý IV"


def test_two_people_mend_different_rows_at_the_same_time(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý III"))
    mine, colleagues = row(draft, 1), row(draft, 2)
    change_row(mine, by=cast.coordinator, revision=mine.revision, time_text="Quý IV")
    change_row(colleagues, by=cast.coordinator, revision=colleagues.revision, time_text="Quý I")
    assert [one.task["time_text"] for one in draft.rows.all()] == ["Quý IV", "Quý I"]
    assert [one.source["time_text"] for one in draft.rows.all()] == ["Quý II", "Quý III"]


def test_a_page_opened_before_the_last_change_does_not_confirm(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    stale = ImportDraft.objects.get(pk=draft.pk)
    mend(draft, 1, cast, time_text="Quý IV")
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        confirm_draft(stale, head=head_of(stale), by=cast.coordinator, on=STARTED)
    assert not Task.objects.exists()


def test_a_draft_is_confirmed_once(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    stale = ImportDraft.objects.get(pk=draft.pk)
    confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    with pytest.raises(ValidationError):
        confirm_draft(stale, head=head_of(stale), by=cast.coordinator, on=STARTED)
    assert Task.objects.count() == 1


def test_one_document_is_looked_at_in_one_draft_and_again_after_it_was_dropped(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    with pytest.raises(ValidationError, match="đang được xem lại trong một bản nhập khác"):
        started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    drop_draft(draft)
    assert started(cast, ("Rà soát", "Sở Y tế", "Quý II")).state == ImportDraft.State.OPEN
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        drop_draft(draft)


def test_a_document_without_any_task_is_refused_and_nothing_is_saved(cast: Cast):
    with pytest.raises(ValidationError, match="Không tìm thấy nhiệm vụ nào trong văn bản"):
        start_draft(data="Giấy mời họp.".encode(), name="giay-moi.txt", by=cast.coordinator, agency=cast.home_affairs)
    assert not ImportDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_draft", [True, False])
def test_two_confirmations_at_once_make_one_plan(cast: Cast, same_draft: bool):
    first = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    second = ImportDraft.objects.get(pk=first.pk) if same_draft else started(cast, ("Kiểm tra", "Sở Y tế", "Quý III"))
    together, said = threading.Barrier(2), []

    def confirm(draft: ImportDraft) -> None:
        together.wait(10)
        try:
            confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
            said.append("confirmed")
        except ValidationError as error:
            said.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(draft,)) for draft in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said)[1] == "confirmed"
    assert "người khác" in sorted(said)[0] or "đã có trong hệ thống" in sorted(said)[0]
    assert Plan.objects.filter(number="90/KH-UBND").count() == 1
    assert Task.objects.count() == 1


# Speed


def test_confirming_asks_the_same_number_of_questions_for_few_and_many_rows(cast: Cast, django_assert_max_num_queries):
    for number, rows in ((91, 2), (92, 40)):
        draft = started(cast, *[(f"Việc {n}", "Sở Y tế; Sở Tư pháp", "Hàng tháng") for n in range(rows)], number=number)
        with django_assert_max_num_queries(30):
            plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
        assert plan.tasks.count() == rows
