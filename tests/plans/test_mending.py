"""Mending a draft: one row, many rows, the head; two people at the same time."""

import threading
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection

from agencies.models import Agency
from agencies.registering import register_agency, remember_spelling
from criteria.importing import load_framework
from plans.importing import mending
from plans.importing.mended import chosen_criteria, cuts_of, entry_of
from plans.importing.mending import Times
from plans.importing.mending_head import change_head, head_revision
from plans.importing.saving import confirm_draft
from plans.models import DraftRow, ImportDraft, TaskCriterion, WorkItem
from tests.cast import Cast
from tests.factories import AgencyFactory, AgencyGroupFactory, MembershipFactory
from tests.plans.test_saving import head_of, mend, row, started

STARTED = date(2024, 3, 25)
OPEN, ACCEPTED, DROPPED = DraftRow.State.OPEN, DraftRow.State.ACCEPTED, DraftRow.State.DROPPED


def change(draft: ImportDraft, position: int, cast: Cast, **details) -> DraftRow:
    """Mend a row as the coordinator and return it."""
    opened = row(draft, position)
    mending.change_row(opened, by=cast.coordinator, revision=opened.revision, **details)
    draft.refresh_from_db()
    return opened


def ticked(draft: ImportDraft) -> dict[int, int]:
    """Return all rows as a page ticks them."""
    return dict(draft.rows.values_list("pk", "revision"))


def codes(one: DraftRow) -> set[str]:
    return {warning["code"] for warning in one.task["warnings"]}


def confirmed(draft: ImportDraft, cast: Cast, **details):
    draft.refresh_from_db()
    return confirm_draft(draft, head=head_of(draft, **details), by=cast.coordinator, on=STARTED)


# One row


def test_an_ambiguous_time_is_settled_by_choosing_a_reading_and_the_words_stay(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý IV/2023"))
    assert row(draft, 1).task["deadline"]["ambiguous"]
    readings = row(draft, 1).task["deadline"]["readings"]
    number = next(at for at, one in enumerate(readings) if one["due_dates"] == ["2024-12-31"])
    mended = change(draft, 1, cast, times=Times(reading=number))
    assert mended.task["deadline"]["due_dates"] == ["2024-12-31"]
    assert "past_at_signing" not in codes(mended)
    assert mended.state == ACCEPTED
    task = confirmed(draft, cast).tasks.get()
    assert (task.time_text, task.deadline.due_dates) == ("Quý IV/2023", [date(2024, 12, 31)])
    assert task.deadline.is_settled
    assert task.deadline.confirmed_by == cast.coordinator


def test_an_ambiguous_time_that_is_only_accepted_stays_to_be_confirmed(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý IV/2023"))
    opened = row(draft, 1)
    mending.accept_row(opened, by=cast.coordinator, revision=opened.revision)
    assert (opened.state, opened.edited_by) == (ACCEPTED, cast.coordinator)
    deadline = confirmed(draft, cast).tasks.get().deadline
    assert not deadline.is_settled
    assert deadline.confirmed_by is None


def test_dates_typed_by_a_person_hold_through_later_changes_of_text_and_head(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    days = (date(2024, 5, 15), date(2024, 8, 20))
    change(draft, 1, cast, times=Times(days=days, completes="final"))
    change(draft, 1, cast, text="Rà soát thủ tục")
    change_head(draft, by=cast.coordinator, revision=0, plan_year=2025)
    plan = confirmed(draft, cast, year=2025)
    deadline = plan.tasks.get().deadline
    assert (deadline.due_dates, deadline.completes) == (list(days), "final")
    assert plan.tasks.get().time_text == "Quý II"


def test_going_back_to_the_words_reads_them_again(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    change(draft, 1, cast, times=Times(days=(date(2024, 5, 15),)))
    assert change(draft, 1, cast, from_words=True).task["deadline"]["due_dates"] == ["2024-06-30"]


def test_a_task_without_a_time_can_be_said_to_have_none(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Tiếp nhận phản ánh", "Sở Y tế", ""))
    assert "missing_deadline" in codes(row(draft, 2))
    mended = change(draft, 2, cast, times=Times())
    assert mended.task["deadline"]["due_dates"] == []
    assert mended.state == ACCEPTED
    assert WorkItem.objects.get(task=confirmed(draft, cast).tasks.get(position=2)).due_date is None


def test_entries_put_together_by_a_person_replace_what_was_read(cast: Cast):
    AgencyGroupFactory(province=cast.province, name="Các sở, ban, ngành")
    draft = started(cast, ("Rà soát", "Sở Hàng không", "Quý II"))
    entries = [
        entry_of("Sở Y tế", "lead", group=False, known=True),
        entry_of("Các sở, ban, ngành", "implement", group=True, known=True) | {"excluded": ["Sở Tư pháp"]},
    ]
    mended = change(draft, 1, cast, entries=entries)
    assert "unknown_agency" not in codes(mended)
    assert mended.task["agencies_text"] == "Sở Hàng không"
    change(draft, 1, cast, text="Rà soát lần hai")
    plan = confirmed(draft, cast)
    owed = set(WorkItem.objects.filter(task__plan=plan).values_list("agency__name", "role"))
    assert owed == {("Sở Y tế", "lead"), ("Sở Nội vụ", "implement")}


def test_a_mended_row_can_be_given_back_the_words_of_the_document(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    source = row(draft, 1).source
    change(draft, 1, cast, text="Khác", time_text="Quý III", no="9", heading_path=["Mục I"], is_report=True)
    opened = row(draft, 1)
    assert opened.source == source
    mending.revert_row(opened, by=cast.coordinator, revision=opened.revision)
    assert opened.task == source
    assert opened.state == OPEN


def test_a_row_that_leaves_nothing_to_look_at_is_accepted_and_one_with_warnings_stays_open(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Hàng không", "Quý II"))
    assert change(draft, 1, cast, time_text="Quý III").state == OPEN
    assert change(draft, 1, cast, agencies_text="Sở Y tế").state == ACCEPTED


def test_ticked_criteria_become_links_made_by_who_confirms(cast: Cast):
    load_framework()
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý II"))
    for one in draft.rows.all():
        one.task["criteria"] = [
            {"code": "I.1.1.01", "confidence": "high", "why": "nêu trong đề mục"},
            {"code": "I.1.1.02", "confidence": "low", "why": "gần nghĩa"},
        ]
        one.save()
    assert chosen_criteria(row(draft, 1).task) == ["I.1.1.01"]
    change(draft, 2, cast, criteria_chosen=["I.1.1.02"])
    plan = confirmed(draft, cast)
    links = TaskCriterion.objects.filter(task__plan=plan).values_list("task__position", "criterion__code", "confidence")
    assert set(links) == {(1, "I.1.1.01", "high"), (2, "I.1.1.02", "low")}
    assert set(TaskCriterion.objects.values_list("made_by", flat=True)) == {cast.coordinator.pk}


# Splitting and joining


def two_bullets(cast: Cast, time: str = "Quý II") -> ImportDraft:
    draft = started(cast, ("Việc", "Sở Y tế; Sở Tư pháp", time), ("Sau", "Sở Y tế", "Quý III"))
    first = row(draft, 1)
    text = "- Rà soát thủ tục\n- Kiểm tra việc niêm yết"
    first.task["text"] = first.source["text"] = text
    first.save()
    return draft


def test_a_row_is_split_at_a_line_and_both_halves_keep_agencies_and_time(cast: Cast):
    draft = two_bullets(cast)
    opened = row(draft, 1)
    [(at, words)] = cuts_of(opened.task["text"])
    assert words == "- Kiểm tra việc niêm yết"
    new = mending.split_row(opened, at, by=cast.coordinator, revision=opened.revision)
    texts = list(draft.rows.values_list("position", "task__text"))
    assert texts == [(1, "- Rà soát thủ tục"), (2, "- Kiểm tra việc niêm yết"), (3, "Sau")]
    assert new.task["assignments"] == opened.task["assignments"]
    assert new.task["deadline"]["due_dates"] == ["2024-06-30"]
    assert confirmed(draft, cast).tasks.count() == 3


def test_as_many_times_as_items_are_dealt_out_when_a_row_is_split(cast: Cast):
    draft = two_bullets(cast)
    first = change(draft, 1, cast, time_text="Quý II\nQuý III")
    mending.split_row(first, cuts_of(first.task["text"])[0][0], by=cast.coordinator, revision=first.revision)
    dates = [one.task["deadline"]["due_dates"] for one in draft.rows.all()[:2]]
    assert dates == [["2024-06-30"], ["2024-09-30"]]


def test_giving_back_a_split_row_takes_its_other_half_out(cast: Cast):
    draft = two_bullets(cast)
    opened = row(draft, 1)
    mending.split_row(opened, cuts_of(opened.task["text"])[0][0], by=cast.coordinator, revision=opened.revision)
    mending.revert_row(opened, by=cast.coordinator, revision=opened.revision)
    assert [one.state for one in draft.rows.all()] == [OPEN, DROPPED, OPEN]
    half = row(draft, 2)
    with pytest.raises(ValidationError, match="không đọc trực tiếp từ văn bản"):
        mending.revert_row(half, by=cast.coordinator, revision=half.revision)


def test_a_place_that_is_no_cut_is_refused(cast: Cast):
    draft = two_bullets(cast)
    opened = row(draft, 1)
    with pytest.raises(ValidationError, match="Không tách được"):
        mending.split_row(opened, 3, by=cast.coordinator, revision=opened.revision)
    assert draft.rows.count() == 2


def test_two_rows_become_one_and_the_lower_can_be_taken_back(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("thủ tục", "Sở Tư pháp; Sở Y tế", "Quý II"))
    upper, lower = row(draft, 1), row(draft, 2)
    assert mending.neighbour(upper, below=True) == lower
    mending.join_rows(upper, lower, by=cast.coordinator, revisions=(upper.revision, lower.revision))
    assert upper.task["text"] == "Rà soát\nthủ tục"
    given = [(one["agency_or_group"], one["role"]) for one in upper.task["assignments"]]
    assert given == [("Sở Y tế", "lead"), ("Sở Tư pháp", "lead")]
    assert upper.task["deadline"]["due_dates"] == ["2024-06-30"]
    assert lower.state == DROPPED
    with pytest.raises(ValidationError, match="Không còn dòng nào"):
        mending.neighbour(upper, below=True)


def test_joining_is_refused_whole_when_a_colleague_changed_the_other_row(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("thủ tục", "Sở Tư pháp", "Quý II"))
    upper, lower = row(draft, 1), row(draft, 2)
    mend(draft, 2, cast, time_text="Quý IV")
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        mending.join_rows(upper, lower, by=cast.coordinator, revisions=(upper.revision, lower.revision))
    assert row(draft, 1).task["text"] == "Rà soát"
    assert row(draft, 2).state != DROPPED


def test_a_row_added_by_hand_stands_below_its_neighbour_under_the_same_heading(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Sau", "Sở Y tế", "Quý III"))
    first = row(draft, 1)
    first.task["heading_path"] = ["I. Chung"]
    first.save()
    new = mending.add_row(draft, by=cast.coordinator, after=first)
    assert (new.position, new.source, new.task["heading_path"]) == (2, None, ["I. Chung"])
    draft.refresh_from_db()
    with pytest.raises(ValidationError, match="Dòng 2: chưa có nội dung nhiệm vụ"):
        confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    change(draft, 2, cast, text="Việc mới", agencies_text="Sở Tư pháp", time_text="Quý IV")
    plan = confirmed(draft, cast)
    assert list(plan.tasks.values_list("text", flat=True)) == ["Rà soát", "Việc mới", "Sau"]


# Many rows


def test_what_is_clean_is_accepted_with_one_click_and_the_rest_waits(cast: Cast):
    draft = started(
        cast,
        ("Rà soát", "Sở Y tế", "Quý II"),
        ("Kiểm tra", "Sở Hàng không", "Quý II"),
        ("Báo", "Sở Y tế", "Quý IV/2023"),
    )
    assert mending.accept_clean(draft, by=cast.coordinator) == 1
    assert [one.state for one in draft.rows.all()] == [ACCEPTED, OPEN, OPEN]
    assert mending.accept_clean(draft, by=cast.coordinator) == 0


def test_ticked_rows_are_accepted_or_dropped_except_those_a_colleague_changed(cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "Quý II") for n in range(3)])
    chosen = ticked(draft)
    mend(draft, 2, cast, time_text="Quý III")
    assert mending.set_states(draft, chosen, DROPPED, by=cast.coordinator) == 2
    assert [one.state for one in draft.rows.all()] == [DROPPED, ACCEPTED, DROPPED]


def test_one_time_and_one_agency_are_given_to_many_rows(cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "") for n in range(3)])
    assert mending.set_times(draft, ticked(draft), by=cast.coordinator, words="Quý III") == 3
    assert mending.give_to_agency(draft, ticked(draft), cast.justice, "coordinate", by=cast.coordinator) == 3
    for one in draft.rows.all():
        assert one.task["deadline"]["due_dates"] == ["2024-09-30"]
        assert [entry["agency_or_group"] for entry in one.task["assignments"]] == ["Sở Y tế", "Sở Tư pháp"]
    mending.give_to_agency(draft, ticked(draft), cast.home_affairs, "lead", by=cast.coordinator, instead=True)
    assert [entry["agency_or_group"] for entry in row(draft, 1).task["assignments"]] == ["Sở Nội vụ"]


# Names nobody knows


def test_an_unknown_name_is_answered_once_for_all_its_rows_and_remembered(cast: Cast):
    draft = started(cast, ("Việc", "Sở Hàng không", "Quý II"), ("Khác", "Sở Hàng không; Sở Tư pháp", "Quý III"))
    assert mending.name_agency(draft, "Sở Hàng không", cast.health, by=cast.coordinator, remember=True) == 2
    for one in draft.rows.all():
        assert one.task["assignments"][0]["agency_or_group"] == "Sở Y tế"
        assert one.task["assignments"][0]["name"] == "Sở Hàng không"
        assert "unknown_agency" not in codes(one)
    cast.health.refresh_from_db()
    assert cast.health.aliases == ["Sở Hàng không"]
    again = started(cast, ("Nữa", "Sở Hàng không", "Quý IV"), number=91)
    assert row(again, 1).task["assignments"][0]["agency_or_group"] == "Sở Y tế"


def test_a_spelling_that_means_another_body_is_not_remembered(cast: Cast):
    with pytest.raises(ValidationError, match="đã là tên của Sở Tư pháp"):
        remember_spelling(cast.health, "Sở Tư pháp", by=cast.coordinator, why="")
    assert remember_spelling(cast.health, " sở  y tế ", by=cast.coordinator, why="") is False
    cast.health.refresh_from_db()
    assert cast.health.aliases == []


def test_a_missing_body_is_added_on_the_spot_with_a_trail_and_stands_in_every_row(cast: Cast):
    draft = started(cast, ("Việc", "Sở Hàng không", "Quý II"), ("Khác", "Sở Hàng không", "Quý III"))
    details = {"name": "Sở Hàng không", "kind": Agency.Kind.DEPARTMENT, "parent": cast.committee, "valid_from": None}
    agency, count = mending.add_agency(draft, "Sở Hàng không", by=cast.coordinator, remember=True, details=details)
    assert (agency.code, agency.province, count) == ("SHK", cast.province, 2)
    entry = LogEntry.objects.get(object_id=str(agency.pk))
    assert (entry.user, entry.is_addition()) == (cast.coordinator, True)
    assert draft.document_name in entry.change_message
    plan = confirmed(draft, cast)
    assert set(WorkItem.objects.filter(task__plan=plan).values_list("agency", flat=True)) == {agency.pk}


def test_the_register_is_added_to_by_coordinators_and_administrators_only_and_never_twice(cast: Cast):
    details = {"name": "Sở Y  tế", "kind": Agency.Kind.DEPARTMENT, "parent": None, "valid_from": None, "why": ""}
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        register_agency(by=cast.health_officer, **details)
    with pytest.raises(ValidationError, match="Danh bạ đã có “Sở Y tế”"):
        register_agency(by=cast.coordinator, **details)
    administrator = MembershipFactory(agency=cast.committee, role="administrator").user
    AgencyFactory(province=cast.province, code="SDL", name="Sở Du lịch", valid_to=date(2020, 1, 1))
    made = register_agency(by=administrator, **details | {"name": "Sở Du lịch", "valid_from": date(2023, 1, 1)})
    assert made.code == "SDL2"


# The head


def test_the_head_is_kept_and_rows_are_read_again_under_it(cast: Cast):
    draft = started(
        cast,
        ("Việc", "Sở Y tế", "Quý II"),
        ("Năm in sẵn", "Sở Y tế", "Quý II/2024"),
        ("Trước", "Sở Y tế", "Trước 10/6"),
    )
    mending.accept_clean(draft, by=cast.coordinator)
    count = change_head(draft, by=cast.coordinator, revision=0, plan_year=2025, signer="Vũ Chí Giang")
    assert count == 3, "a printed year is told as another one than the plan's"
    rows = list(draft.rows.all())
    dates = [one.task["deadline"]["due_dates"] for one in rows]
    assert dates == [["2025-06-30"], ["2024-06-30"], ["2025-06-09"]]
    assert "year_mismatch" in codes(rows[1])
    assert {one.state for one in rows} == {OPEN}
    assert change_head(draft, by=cast.coordinator, revision=1, before_is_inclusive=True) == 1
    assert row(draft, 3).task["deadline"]["due_dates"] == ["2025-06-10"]
    draft.refresh_from_db()
    assert (draft.head["signer"], head_revision(draft)) == ("Vũ Chí Giang", 2)


def test_two_people_never_overwrite_each_other_in_the_head(cast: Cast):
    draft = started(cast, ("Việc", "Sở Y tế", "Quý II"))
    stale = ImportDraft.objects.get(pk=draft.pk)
    change_head(draft, by=cast.coordinator, revision=0, title="Tên của tôi")
    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        change_head(stale, by=cast.coordinator, revision=0, title="Tên của đồng nghiệp")
    stale.refresh_from_db()
    assert stale.head["title"] == "Tên của tôi"


# People at the same draft


def test_nothing_is_changed_in_a_draft_that_was_given_up(cast: Cast):
    draft = started(cast, ("Việc", "Sở Y tế", "Quý II"))
    opened = row(draft, 1)
    mending.drop_draft(draft)
    verbs = [
        lambda: mending.change_row(opened, by=cast.coordinator, revision=1, text="Khác"),
        lambda: mending.accept_row(opened, by=cast.coordinator, revision=1),
        lambda: mending.revert_row(opened, by=cast.coordinator, revision=1),
        lambda: mending.add_row(draft, by=cast.coordinator),
        lambda: mending.accept_clean(draft, by=cast.coordinator),
        lambda: mending.set_states(draft, {opened.pk: 1}, DROPPED, by=cast.coordinator),
        lambda: mending.set_times(draft, {opened.pk: 1}, by=cast.coordinator, words="Quý I"),
        lambda: mending.name_agency(draft, "Sở Y tế", cast.justice, by=cast.coordinator),
        lambda: change_head(draft, by=cast.coordinator, revision=0, title="Khác"),
    ]
    for verb in verbs:
        with pytest.raises(ValidationError, match="vừa được người khác sửa"):
            verb()
    assert row(draft, 1).revision == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_savings_of_one_row_at_once_one_is_kept_whole(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    opened = [row(draft, 1), row(draft, 1)]
    together, said = threading.Barrier(2), []

    def save(one: DraftRow, words: str) -> None:
        together.wait(10)
        try:
            mending.change_row(one, by=cast.coordinator, revision=1, text=words)
            said.append(words)
        except ValidationError:
            said.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(opened, ("Tôi", "Đồng nghiệp"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(bool, said)) == [False, True]
    assert row(draft, 1).task["text"] == max(said)
    draft.refresh_from_db()
    assert draft.revision == 2


@pytest.mark.django_db(transaction=True)
def test_two_rows_added_at_once_get_two_places(cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    together = threading.Barrier(2)

    def add() -> None:
        together.wait(10)
        try:
            mending.add_row(ImportDraft.objects.get(pk=draft.pk), by=cast.coordinator)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert list(draft.rows.values_list("position", flat=True)) == [1, 2, 3]


def test_questions_to_the_database_do_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries):
    for number, rows in ((91, 2), (92, 60)):
        draft = started(cast, *[(f"Việc {n}", "Sở Hàng không", "Quý II") for n in range(rows)], number=number)
        with django_assert_max_num_queries(14):
            assert mending.name_agency(draft, "Sở Hàng không", cast.health, by=cast.coordinator) == rows
        with django_assert_max_num_queries(14):
            assert mending.accept_clean(draft, by=cast.coordinator) == rows
        with django_assert_max_num_queries(16):
            assert change_head(draft, by=cast.coordinator, revision=0, plan_year=2025) == rows
