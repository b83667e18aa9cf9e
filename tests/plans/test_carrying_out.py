"""A child plan carries out a parent plan: words suggest, a person links."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from agencies.models import Agency
from plans.carrying_out import lines_of, link, set_parent
from plans.models import Plan, Task, TaskLink
from tests.cast import Cast
from tests.factories import AgencyFactory, PlanFactory, TaskFactory, work_item

DAY = date(2024, 5, 2)
GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"


@pytest.fixture
def child(cast: Cast) -> Plan:
    """A plan of Sở Nội vụ itself under the province's plan."""
    return PlanFactory(
        province=cast.province, number="15/KH-SNV", coordinating_agency=cast.home_affairs, parent=cast.plan
    )


def test_a_task_with_the_parents_words_is_suggested_first_and_called_clear(cast: Cast, child: Plan):
    wanted = work_item(
        cast.home_affairs, task=TaskFactory(plan=cast.plan, text="Rà soát thủ tục hành chính về đất đai")
    ).task
    for text in ("Tuyên truyền về cải cách hành chính", "Kiểm tra công vụ đột xuất"):
        work_item(cast.home_affairs, task=TaskFactory(plan=cast.plan, text=text))
    TaskFactory(plan=child, text="Các phòng rà soát thủ tục hành chính về đất đai theo chức năng")
    line = lines_of(child)[0]
    assert line.suggestions[0].task == wanted
    assert line.suggestions[0].is_clear
    assert not line.suggestions[1].is_clear
    assert line.linked == []


def test_tasks_that_name_the_childs_agency_come_before_those_of_others(cast: Cast, child: Plan):
    same_words = "Tăng cường tuyên truyền về cải cách hành chính"
    work_item(cast.health, task=TaskFactory(plan=cast.plan, text=same_words))
    own = work_item(cast.home_affairs, task=TaskFactory(plan=cast.plan, text="Tuyên truyền trên báo, đài")).task
    TaskFactory(plan=child, text=same_words)
    assert lines_of(child)[0].suggestions[0].task == own


@pytest.mark.skipif(not GOLD.is_dir(), reason="the plans that were read by hand are not beside the project")
def test_most_suggestions_are_what_a_careful_reader_linked(cast: Cast):
    department = AgencyFactory(province=cast.province, name="Sở Giao thông vận tải", kind=Agency.Kind.DEPARTMENT)
    parent = PlanFactory(province=cast.province, number="216/KH-UBND", coordinating_agency=cast.home_affairs)
    child = PlanFactory(province=cast.province, number="1167/KH-SGTVT", coordinating_agency=department, parent=parent)
    for row in json.loads((GOLD / "hue_tasks.json").read_text())["tasks"]:
        task = TaskFactory(plan=parent, number=row["no"], text=row["text"])
        if row["agencies_text"].startswith("Các sở") or "Giao thông" in row["agencies_text"]:
            work_item(department, task=task)
    rows = json.loads((GOLD / "gtvt_tasks.json").read_text())["tasks"]
    for row in rows:
        TaskFactory(plan=child, number=row["no"], text=row["text"])
    lines = {line.task.number: [one.task.number for one in line.suggestions] for line in lines_of(child)}
    first = sum(lines[row["no"]][0] in row["parent_tasks"] for row in rows)
    among_three = sum(bool(set(lines[row["no"]][:3]) & set(row["parent_tasks"])) for row in rows)
    assert (first, among_three) >= (22, 27)


def test_a_person_links_and_what_stays_keeps_who_made_it(cast: Cast, child: Plan):
    one, two = TaskFactory(plan=cast.plan), TaskFactory(plan=cast.plan)
    task = TaskFactory(plan=child)
    assert link(child, {task.pk: {one.pk}}, by=cast.coordinator, on=DAY) == 1
    assert link(child, {task.pk: {one.pk, two.pk}}, by=cast.coordinator, on=date(2024, 6, 1)) == 1
    assert list(TaskLink.objects.values_list("parent_task", "made_on")) == [(one.pk, DAY), (two.pk, date(2024, 6, 1))]
    assert list(one.carried_out_by.all()) == [task]
    assert link(child, {task.pk: set()}, by=cast.coordinator, on=DAY) == 2
    assert not TaskLink.objects.exists()


def test_only_tasks_of_the_two_plans_are_linked_and_only_by_the_coordinator(cast: Cast, child: Plan):
    task, elsewhere = TaskFactory(plan=child), TaskFactory(plan=PlanFactory(province=cast.province))
    with pytest.raises(ValidationError, match="không thuộc hai kế hoạch"):
        link(child, {task.pk: {elsewhere.pk}}, by=cast.coordinator, on=DAY)
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        link(child, {task.pk: set()}, by=cast.health_officer, on=DAY)


def test_another_parent_ends_the_links_to_the_old_one(cast: Cast, child: Plan):
    task, old = TaskFactory(plan=child), TaskFactory(plan=cast.plan)
    link(child, {task.pk: {old.pk}}, by=cast.coordinator, on=DAY)
    other = PlanFactory(province=cast.province)
    set_parent(child, other, by=cast.coordinator)
    assert Plan.objects.get(pk=child.pk).parent == other
    assert not TaskLink.objects.exists()
    assert Task.objects.filter(pk=old.pk).exists()


def test_a_plan_never_carries_out_itself(cast: Cast, child: Plan):
    with pytest.raises(ValidationError, match="không thể cụ thể hóa chính nó"):
        set_parent(cast.plan, child, by=cast.coordinator)
    draft = PlanFactory(province=cast.province, status=Plan.Status.DRAFT)
    with pytest.raises(ValidationError, match="đang theo dõi của tỉnh"):
        set_parent(child, draft, by=cast.coordinator)


def test_looking_at_a_child_plan_asks_as_often_for_many_tasks_as_for_few(
    cast: Cast, child: Plan, django_assert_num_queries
):
    for _ in range(5):
        TaskFactory(plan=child)
        TaskFactory(plan=cast.plan)
    plan = Plan.objects.select_related("parent", "coordinating_agency").get(pk=child.pk)
    with django_assert_num_queries(4):
        lines_of(plan)
