"""A plan taken over to the next year: its tasks with moved times, as a draft to be looked at."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Succession
from plans.copying import copy_plan
from plans.importing.saving import confirm_draft
from plans.models import Deadline, Plan, WorkItem
from tests.cast import Cast
from tests.factories import AgencyFactory
from tests.plans.test_saving import STARTED, head_of, started


def under_way(cast: Cast, *rows: tuple[str, str, str]) -> Plan:
    """Return a plan of these rows, under way."""
    draft = started(cast, *rows)
    return confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)


def tasks_of(draft) -> list[dict]:
    return draft.proposal["tasks"]


@pytest.mark.parametrize(
    ("words", "moved", "days"),
    [
        ("Quý III- Quý IV/2024", "Quý III- Quý IV/2025", ["2025-09-30", "2025-12-31"]),
        ("Trước 10/6/2024", "Trước 10/6/2025", ["2025-06-09"]),
        ("Quý II", "Quý II", ["2025-06-30"]),
        ("Hằng quý", "Hằng quý", ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"]),
    ],
)
def test_times_move_with_the_year(cast: Cast, words: str, moved: str, days: list[str]):
    draft = copy_plan(under_way(cast, ("Rà soát", "Sở Y tế", words)), year=2025, by=cast.coordinator)
    task = tasks_of(draft)[0]
    assert (task["time_text"], task["deadline"]["due_dates"]) == (moved, days)


def test_dates_that_a_person_had_set_move_by_whole_years(cast: Cast):
    plan = under_way(cast, ("Rà soát", "Sở Y tế", "Theo hướng dẫn của Bộ"))
    Deadline.objects.filter(task__plan=plan).update(due_dates=[date(2024, 2, 29)], kind="by_date", completes="each")
    draft = copy_plan(plan, year=2025, by=cast.coordinator)
    assert tasks_of(draft)[0]["deadline"]["due_dates"] == ["2025-02-28"]


def test_the_copy_becomes_a_plan_like_any_import(cast: Cast):
    plan = under_way(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Tư pháp", "Quý IV"))
    draft = copy_plan(plan, year=2025, by=cast.coordinator)
    head = Plan(number="15/KH-UBND", title="Kế hoạch 2025", issuer=plan.issuer, signed_on=date(2025, 1, 20), year=2025)
    new = confirm_draft(draft, head=head, by=cast.coordinator, on=date(2025, 1, 20))
    due = WorkItem.objects.filter(task__plan=new).order_by("due_date").values_list("agency__name", "due_date")
    assert list(due) == [("Sở Y tế", date(2025, 6, 30)), ("Sở Tư pháp", date(2025, 12, 31))]
    assert draft.copied_from == plan


def test_a_task_that_names_the_old_year_is_marked(cast: Cast):
    plan = under_way(cast, ("Khảo sát mức độ hài lòng năm 2024", "Sở Y tế", "Quý II"))
    task = tasks_of(copy_plan(plan, year=2025, by=cast.coordinator))[0]
    assert task["text"] == "Khảo sát mức độ hài lòng năm 2024"
    assert [warning["code"] for warning in task["warnings"]] == ["year_mismatch"]


def test_an_agency_that_has_ended_gives_way_to_its_only_successor(cast: Cast):
    plan = under_way(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    heir = AgencyFactory(province=cast.province, name="Sở Y tế và Dân số", valid_from=date(2024, 12, 1))
    cast.health.valid_to = date(2024, 11, 30)
    cast.health.save()
    Succession.objects.create(predecessor=cast.health, successor=heir, kind=Succession.Kind.MERGE, on=date(2024, 12, 1))
    task = tasks_of(copy_plan(plan, year=2025, by=cast.coordinator))[0]
    assert task["assignments"][0]["agency_or_group"] == "Sở Y tế và Dân số"
    assert "đề xuất cơ quan kế thừa Sở Y tế và Dân số" in task["warnings"][0]["message"]


def test_an_agency_that_was_split_asks_a_person(cast: Cast):
    plan = under_way(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    cast.health.valid_to = date(2024, 11, 30)
    cast.health.save()
    for name in ("Sở Một", "Sở Hai"):
        heir = AgencyFactory(province=cast.province, name=name)
        Succession.objects.create(predecessor=cast.health, successor=heir, kind="split", on=date(2024, 12, 1))
    task = tasks_of(copy_plan(plan, year=2025, by=cast.coordinator))[0]
    assert task["assignments"][0]["candidates"] == ["Sở Một", "Sở Hai"]
    assert task["assignments"][0]["known"] is False


def test_one_copy_a_year_is_open_and_only_the_coordinator_makes_it(cast: Cast):
    plan = under_way(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    copy_plan(plan, year=2025, by=cast.coordinator)
    with pytest.raises(ValidationError, match="Đã có một bản lập từ kế hoạch này"):
        copy_plan(plan, year=2025, by=cast.coordinator)
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        copy_plan(plan, year=2026, by=cast.health_officer)
    with pytest.raises(ValidationError, match="phải sau 2024"):
        copy_plan(plan, year=2024, by=cast.coordinator)
