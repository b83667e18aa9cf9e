"""A corrected document applied to a plan under way: only what was confirmed changes, and progress stays."""

from datetime import date
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError

from agencies.naming import register_catalogue
from plans.amending import amend
from plans.importing.comparing import Comparison, compare
from plans.importing.reading import read_document
from plans.importing.saving import confirm_draft
from plans.importing.understanding import understand
from plans.models import Amendment, Assignment, DraftRow, DueDateVersion, ImportDraft, Plan, TaskChange, WorkItem
from plans.models.occurrence import State
from tests.cast import Cast
from tests.plans.test_saving import STARTED, head_of, small_plan, started

LATER = date(2024, 7, 15)
THREE = (
    ("Rà soát thủ tục", "Sở Y tế", "Quý II"),
    ("Công khai kết quả", "Sở Tư pháp", "Quý III"),
    ("Kiểm tra công vụ", "Sở Y tế", "Quý IV"),
)


def plan_of_three(cast: Cast) -> Plan:
    """Return a plan of three tasks, under way."""
    draft = started(cast, *THREE)
    return confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan of three tasks, under way."""
    return plan_of_three(cast)


def correction(cast: Cast, plan: Plan, *rows: tuple[str, str, str]) -> ImportDraft:
    """Return the draft of a corrected document of the plan."""
    document = read_document(small_plan(*rows), "ke-hoach.md")
    proposal = understand(document, catalogue=register_catalogue(cast.province)).as_dict()
    draft = ImportDraft.objects.create(
        province=cast.province, coordinating_agency=cast.home_affairs, uploaded_by=cast.coordinator, amends=plan,
        document_name="dinh-chinh.md", document_hash=sha256(repr(rows).encode()).hexdigest(),
        head=proposal["plan"], warnings=proposal["warnings"],
    )  # fmt: skip
    DraftRow.objects.bulk_create(
        DraftRow(draft=draft, position=place, task=task, source=task)
        for place, task in enumerate(proposal["tasks"], start=1)
    )
    return draft


def apply(
    cast: Cast, draft: ImportDraft, *, kinds: tuple[str, ...] = ("added", "changed", "gone"), on: date = LATER
) -> Amendment:
    """Apply all differences of the kinds."""
    found = compare(draft, draft.amends)
    keys = {one.key for one in found.differences if one.kind in kinds}
    return amend(draft, accepted=keys, by=cast.coordinator, on=on, words="Văn bản số 5/UBND-NC ngày 12/7/2024")


def said(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the differences in short: kind, and the fields that differ."""
    return [(one.kind, *sorted(one.names)) for one in comparison.differences]


# What differs


def test_the_same_document_differs_in_nothing(cast: Cast, plan: Plan):
    comparison = compare(correction(cast, plan, *THREE), plan)
    assert said(comparison) == []
    assert comparison.unchanged == 3


def test_a_row_put_in_between_is_one_addition_and_changes_no_other(cast: Cast, plan: Plan):
    comparison = compare(correction(cast, plan, THREE[0], ("Tập huấn một cửa", "Sở Y tế", "Quý II"), *THREE[1:]), plan)
    assert said(comparison) == [("added",)]


def test_rows_in_another_order_are_the_same_tasks(cast: Cast, plan: Plan):
    assert said(compare(correction(cast, plan, *reversed(THREE)), plan)) == []


def test_another_time_and_other_agencies_are_a_change_of_the_same_task(cast: Cast, plan: Plan):
    rows = (("Rà soát thủ tục", "Sở Y tế; Sở Tư pháp", "Quý III"), *THREE[1:])
    comparison = compare(correction(cast, plan, *rows), plan)
    assert said(comparison) == [("changed", "agencies", "time")]
    change = comparison.differences[0]
    assert (change.fields[0].before, change.fields[0].after) == ("Quý II (30/06/2024)", "Quý III (30/09/2024)")


def test_words_that_were_mended_are_recognised_as_the_same_task(cast: Cast, plan: Plan):
    rows = (("Rà soát, đơn giản hóa thủ tục", "Sở Y tế", "Quý II"), *THREE[1:])
    assert said(compare(correction(cast, plan, *rows), plan)) == [("changed", "text")]


def test_a_task_with_quite_other_words_is_a_new_one_and_the_old_one_is_gone(cast: Cast, plan: Plan):
    rows = (("Mua sắm trang thiết bị phòng họp", "Sở Y tế", "Quý II"), *THREE[1:])
    assert said(compare(correction(cast, plan, *rows), plan)) == [("added",), ("gone",)]


def test_a_person_says_which_task_a_row_is(cast: Cast, plan: Plan):
    rows = (("Mua sắm trang thiết bị phòng họp", "Sở Y tế", "Quý II"), *THREE[1:])
    draft = correction(cast, plan, *rows)
    first, task = draft.rows.first(), plan.tasks.first()
    assert said(compare(draft, plan, {first.pk: task.pk})) == [("changed", "text")]
    same_words = correction(cast, plan, *THREE)
    assert said(compare(same_words, plan, {same_words.rows.first().pk: None})) == [("added",), ("gone",)]


def test_what_a_person_decided_about_the_same_words_is_no_difference(cast: Cast, plan: Plan):
    task = plan.tasks.first()
    task.deadline.due_dates = [date(2024, 6, 15)]
    task.deadline.save()
    assert said(compare(correction(cast, plan, *THREE), plan)) == []


def test_a_heading_of_its_own_is_a_change_and_the_plans_title_too(cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE)
    draft.head["title"] = "Kế hoạch đã sửa tên"
    row = draft.rows.first()
    row.task["heading_path"] = ["I. Cải cách"]
    row.save()
    assert said(compare(draft, plan)) == [("head", "title"), ("changed", "heading")]


# What is applied


def test_only_what_was_confirmed_changes(cast: Cast, plan: Plan):
    rows = (("Rà soát thủ tục", "Sở Y tế", "Quý IV"), ("Tập huấn một cửa", "Sở Y tế", "Quý IV"), THREE[2])
    draft = correction(cast, plan, *rows)
    apply(cast, draft, kinds=("added",))
    assert list(plan.tasks.values_list("text", "time_text")) == [
        ("Rà soát thủ tục", "Quý II"), ("Công khai kết quả", "Quý III"), ("Tập huấn một cửa", "Quý IV"), ("Kiểm tra công vụ", "Quý IV"),
    ]  # fmt: skip
    assert not WorkItem.objects.filter(state=State.WAIVED).exists()


def test_a_moved_time_is_a_new_version_of_the_due_date_and_progress_stays(cast: Cast, plan: Plan):
    item = WorkItem.objects.get(task__plan=plan, task__position=1)
    item.record_update(by=cast.health_officer, on=date(2024, 6, 1), percent=40, words="Đã rà soát một nửa.")
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "Sở Y tế", "Quý III"), *THREE[1:]))
    item.refresh_from_db()
    assert (item.due_date, item.due_version, item.percent, item.state) == (date(2024, 9, 30), 2, 40, State.IN_PROGRESS)
    assert item.updates.count() == 1
    assert list(DueDateVersion.objects.filter(item=item).values_list("due_date", flat=True)) == [
        date(2024, 6, 30),
        date(2024, 9, 30),
    ]
    assert "Văn bản số 5/UBND-NC" in item.events.get(kind="due_date_moved").words


def test_finished_work_keeps_the_due_date_under_which_it_was_judged(cast: Cast, plan: Plan):
    item = WorkItem.objects.get(task__plan=plan, task__position=1)
    item.record_update(by=cast.health_officer, on=date(2024, 6, 1), percent=100, words="Đã xong.")
    item.hand_in(by=cast.health_officer, on=date(2024, 6, 2))
    item.confirm(by=cast.coordinator, on=date(2024, 6, 3))
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "Sở Y tế", "Quý III"), *THREE[1:]))
    item.refresh_from_db()
    assert (item.due_date, item.state) == (date(2024, 6, 30), State.COMPLETED)


def test_more_dates_add_occurrences_and_fewer_waive_what_is_open(cast: Cast, plan: Plan):
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "Sở Y tế", "Quý II; Quý III; Quý IV"), *THREE[1:]))
    items = WorkItem.objects.filter(task__plan=plan, task__text="Rà soát thủ tục").order_by("occurrence__ordinal")
    assert [item.due_date.month for item in items] == [6, 9, 12]
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "Sở Y tế", "Quý II; Quý IV"), *THREE[1:]))
    assert list(items.values_list("due_date__month", "state")) == [
        (6, "not_started"),
        (12, "not_started"),
        (9, "waived"),
    ]


def test_an_agency_named_now_owes_what_is_still_to_come_and_one_left_out_is_released(cast: Cast, plan: Plan):
    rows = (THREE[0], THREE[1], ("Kiểm tra công vụ", "Sở Tư pháp", "Quý IV"))
    apply(cast, correction(cast, plan, *rows))
    states = WorkItem.objects.filter(task__plan=plan, task__position=3).values_list("agency__name", "state")
    assert set(states) == {("Sở Y tế", "waived"), ("Sở Tư pháp", "not_started")}
    task = plan.tasks.get(position=3)
    assert [row.agency for row in Assignment.objects.filter(task=task)] == [cast.justice]
    assert [line.words for line in task.printed_assignments.standing()] == ["Sở Tư pháp"]
    assert task.printed_assignments.count() == 2, "what was printed first is kept for ever"


def test_an_agency_that_is_named_again_gets_its_work_back(cast: Cast, plan: Plan):
    apply(cast, correction(cast, plan, *THREE[:2], ("Kiểm tra công vụ", "Sở Tư pháp", "Quý IV")))
    apply(cast, correction(cast, plan, *THREE))
    states = WorkItem.objects.filter(task__plan=plan, task__position=3).values_list("agency__name", "state")
    assert set(states) == {("Sở Y tế", "not_started"), ("Sở Tư pháp", "waived")}


def test_a_task_that_is_gone_is_kept_apart_with_its_history(cast: Cast, plan: Plan):
    item = WorkItem.objects.get(task__plan=plan, task__position=2)
    item.record_update(by=cast.justice_officer, on=date(2024, 6, 1), percent=40, words="Đang làm.")
    amendment = apply(cast, correction(cast, plan, THREE[0], THREE[2]))
    task = plan.tasks.get(text="Công khai kết quả")
    assert task.withdrawn_by == amendment
    assert list(plan.tasks.standing().values_list("text", flat=True)) == ["Rà soát thủ tục", "Kiểm tra công vụ"]
    item.refresh_from_db()
    assert (item.state, item.updates.count()) == (State.WAIVED, 1)


def test_an_amendment_records_what_changed_and_whom_it_concerns(cast: Cast, plan: Plan):
    rows = (("Rà soát thủ tục", "Sở Tư pháp", "Quý II"), ("Tập huấn một cửa", "Sở Y tế", "Quý IV"), THREE[2])
    amendment = apply(cast, correction(cast, plan, *rows))
    changes = {change.kind: change for change in amendment.changes.all()}
    assert set(changes) == {"added", "changed", "gone"}
    assert changes["changed"].fields == {"agencies": ["Sở Y tế", "Sở Tư pháp"]}
    assert set(changes["changed"].agencies.all()) == {cast.health, cast.justice}
    assert set(changes["gone"].agencies.all()) == {cast.justice}
    assert TaskChange.objects.filter(amendment__plan=plan).count() == 3


def test_headings_follow_the_new_document(cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE)
    for row, path in zip(draft.rows.all(), (["I. Chung"], ["I. Chung", "1. Kết quả"], ["II. Kiểm tra"]), strict=True):
        row.task["heading_path"] = path
        row.save()
    apply(cast, draft)
    assert [(one.depth, one.title) for one in plan.sections.all()] == [
        (0, "I. Chung"),
        (1, "1. Kết quả"),
        (0, "II. Kiểm tra"),
    ]
    assert [task.section.title for task in plan.tasks.select_related("section")] == [
        "I. Chung",
        "1. Kết quả",
        "II. Kiểm tra",
    ]


# Refused in words


def test_an_unknown_agency_in_a_changed_row_stops_everything(cast: Cast, plan: Plan):
    rows = (
        ("Rà soát thủ tục", "Sở Hàng không vũ trụ", "Quý II"),
        ("Tập huấn một cửa", "Sở Y tế", "Quý IV"),
        *THREE[1:],
    )
    with pytest.raises(ValidationError, match="Dòng 1: chưa nhận ra “Sở Hàng không vũ trụ”"):
        apply(cast, correction(cast, plan, *rows))
    assert plan.tasks.count() == 3
    assert not Amendment.objects.exists()


def test_two_people_apply_one_correction_once(cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE, ("Tập huấn một cửa", "Sở Y tế", "Quý IV"))
    stale = ImportDraft.objects.get(pk=draft.pk)
    apply(cast, draft)
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        amend(stale, accepted={"row:1"}, by=cast.coordinator, on=LATER)
    assert plan.tasks.count() == 4


def test_a_difference_that_is_no_longer_there_is_not_applied(cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE, ("Tập huấn một cửa", "Sở Y tế", "Quý IV"))
    with pytest.raises(ValidationError, match="các khác biệt không còn như trên trang"):
        amend(draft, accepted={"task:999999"}, by=cast.coordinator, on=LATER)
    with pytest.raises(ValidationError, match="Chưa chọn thay đổi nào"):
        amend(draft, accepted=set(), by=cast.coordinator, on=LATER)


def test_who_does_not_coordinate_the_plan_does_not_amend_it(cast: Cast, plan: Plan):
    draft = correction(cast, plan, *THREE[:2])
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        amend(draft, accepted={"x"}, by=cast.health_officer, on=LATER)
