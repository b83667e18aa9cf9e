"""Targets of tasks: who sets them, how figures are reported with updates, and what they come to."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import User
from plans.models import Plan, Target, TargetChange, TargetFigure, Task, Update, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.models.target import TAKEN, NewTarget
from plans.targets.figures import latest_figures, progress_of, target_lines
from tests.cast import Cast
from tests.factories import AgencyFactory, TaskFactory, work_item
from workdays.clock import today

DAY = date(2024, 6, 5)
SHARE = NewTarget("100% TTHC được công khai", "%", "≥", Decimal(100))
CLASSES = NewTarget("Tối thiểu 02 lớp tập huấn", "lớp", "≥", Decimal(2))


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Return an open item of Sở Y tế."""
    return work_item(cast.health, plan=cast.plan)


def target_of(cast: Cast, task: Task, new: NewTarget = SHARE) -> Target:
    return Target.add(task, new, by=cast.coordinator, on=DAY)


def told(item: WorkItem, by: User, figures: dict, on: date = DAY) -> Update:
    """Record an update with these figures, target → what was reached."""
    values = {target.pk: Decimal(str(value)) for target, value in figures.items()}
    return item.record_update(by=by, on=on, percent=50, words="Đang thực hiện.", figures=values)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def faults(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


# Setting targets


def test_the_coordinator_adds_a_target_and_its_history_says_who_and_when(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    assert (target.position, target.made_by, target.made_on, target.goal_words) == (1, cast.coordinator, DAY, "100 %")
    change = target.changes.get()
    assert (change.kind, change.by, change.after) == ("added", cast.coordinator, "100% TTHC được công khai (100 %)")


@pytest.mark.parametrize("who", ["health_officer", "health_leader", "viewer", "stranger"])
def test_nobody_else_sets_a_target(cast: Cast, item: WorkItem, who: str):
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        Target.add(item.task, SHARE, by=getattr(cast, who), on=DAY)
    assert not Target.objects.exists()


def test_a_plan_that_is_over_gets_no_more_targets(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    Plan.objects.update(status=Plan.Status.CLOSED)
    task = Task.objects.get(pk=item.task_id)
    with pytest.raises(ValidationError, match="không còn được theo dõi"):
        Target.add(task, CLASSES, by=cast.coordinator, on=DAY)
    with pytest.raises(ValidationError, match="không còn được theo dõi"):
        Target.objects.get().withdraw(by=cast.coordinator, on=DAY, reason="Hết.", revision=target.revision)


def test_a_second_click_of_the_same_target_adds_nothing(cast: Cast, item: WorkItem):
    first, second = target_of(cast, item.task), target_of(cast, item.task)
    assert (first.pk, Target.objects.count(), TargetChange.objects.count()) == (second.pk, 1, 1)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewTarget("", "%", "≥", Decimal(1)), "nội dung chỉ tiêu"),
        (NewTarget("Chỉ tiêu", " ", "≥", Decimal(1)), "đơn vị tính"),
        (NewTarget("Chỉ tiêu", "%", "~", Decimal(1)), "cách so sánh"),
        (NewTarget("Chỉ tiêu", "%", "≥", Decimal("100.01")), "từ 0 đến 100"),
        (NewTarget("Chỉ tiêu", "lớp", "≥", Decimal(-1)), "số không âm"),
        (NewTarget("Chỉ tiêu", "lớp", "≥", Decimal("1.005")), "hai chữ số"),
        (NewTarget("Chỉ tiêu", "lớp", "≥", Decimal("NaN")), "số không âm"),
        (NewTarget("Chỉ tiêu", "lớp", "≥", Decimal(10) ** 13), "số không âm"),
    ],
)
def test_a_target_that_cannot_be_is_refused_in_words(cast: Cast, item: WorkItem, new: NewTarget, said: str):
    with pytest.raises(ValidationError) as error:
        target_of(cast, item.task, new)
    assert said in faults(error)


def test_of_two_coordinators_at_one_target_the_second_is_told(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    stale = Target.objects.get(pk=target.pk)
    target.change(NewTarget("90% TTHC", "%", "≥", Decimal(90)), by=cast.coordinator, on=DAY, revision=1)
    with pytest.raises(ValidationError) as error:
        stale.change(NewTarget("80% TTHC", "%", "≥", Decimal(80)), by=cast.coordinator, on=DAY, revision=1)
    assert faults(error) == TAKEN
    with pytest.raises(ValidationError):
        stale.withdraw(by=cast.coordinator, on=DAY, reason="Thừa.", revision=1)
    assert (Target.objects.get().goal, TargetChange.objects.count()) == (90, 2)


def test_a_changed_target_cannot_become_another_one_that_stands(cast: Cast, item: WorkItem):
    target_of(cast, item.task)
    other = target_of(cast, item.task, CLASSES)
    with pytest.raises(ValidationError, match="đã có chỉ tiêu này"):
        other.change(SHARE, by=cast.coordinator, on=DAY, revision=1)
    assert Target.objects.get(pk=other.pk).unit == "lớp"


def test_withdrawing_asks_for_a_reason_and_keeps_what_was_reported(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    update = told(item, cast.health_officer, {target: 95})
    with pytest.raises(ValidationError, match="lý do"):
        target.withdraw(by=cast.coordinator, on=DAY, reason=" ", revision=1)
    target.withdraw(by=cast.coordinator, on=DAY, reason="Đã có trong nhiệm vụ khác.", revision=1)
    assert [one.value_words for one in update.figures.all()] == ["95 %"]
    assert target_lines(WorkItem.objects.filter(pk=item.pk), DAY) == {}
    with pytest.raises(ValidationError, match="đã được bỏ"):
        told(item, cast.health_officer, {target: 96})


def test_the_database_keeps_what_a_target_and_a_figure_must_be(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    update = told(item, cast.health_officer, {target: 95})
    broken = [
        lambda: Target.objects.update(goal=101),
        lambda: Target.objects.update(unit="lớp", goal=-1),
        lambda: Target.objects.update(comparison="~"),
        lambda: TargetFigure.objects.update(value=101),
        lambda: TargetFigure.objects.update(unit="lớp", value=-1),
        lambda: TargetFigure.objects.create(update=update, target=target, value=1, words="", unit="lớp", goal=1),
    ]
    for wrong in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    assert TargetFigure.objects.count() == 1


# Reporting


def test_figures_are_kept_with_the_update_and_the_goal_of_that_day(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task, NewTarget("Kiểm tra ít nhất 30% cơ quan", "%", "≥", Decimal(30)))
    update = told(item, cast.health_officer, {target: "35.5"})
    target.change(
        NewTarget("Kiểm tra ít nhất 40% cơ quan", "%", "≥", Decimal(40)), by=cast.coordinator, on=DAY, revision=1
    )
    figure = update.figures.get()
    assert (figure.value_words, figure.goal_words, figure.is_met) == ("35,5 %", "≥ 30 %", True)
    line = target_lines(WorkItem.objects.filter(pk=item.pk), DAY)[cast.health.pk, item.task_id][0]
    assert (line["goal"], line["value"], line["met"]) == ("40.00", "35.50", False)


@pytest.mark.parametrize("value", ["100.01", "-1", "1.005"])
def test_a_figure_that_cannot_be_takes_the_whole_update_back(cast: Cast, item: WorkItem, value: str):
    target = target_of(cast, item.task)
    with pytest.raises(ValidationError):
        told(item, cast.health_officer, {target: value})
    item.refresh_from_db()
    assert (Update.objects.count(), item.state, item.revision) == (0, State.NOT_STARTED, 1)


def test_a_figure_for_a_target_of_another_task_is_refused(cast: Cast, item: WorkItem):
    other = target_of(cast, TaskFactory(plan=cast.plan))
    with pytest.raises(ValidationError, match="không thuộc nhiệm vụ này"):
        told(item, cast.health_officer, {other: 50})
    assert not Update.objects.exists()


# Latest figures


def test_the_latest_value_counts_and_of_one_day_the_later_entered(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    for value, on in [(10, date(2024, 5, 1)), (40, date(2024, 6, 1)), (45, date(2024, 6, 1)), (90, date(2024, 6, 9))]:
        told(item, cast.health_officer, {target: value}, on)
    item.record_update(by=cast.health_officer, on=date(2024, 6, 3), percent=50, words="Không có số liệu.")
    items = WorkItem.objects.filter(pk=item.pk)
    key = (cast.health.pk, target.pk)
    assert latest_figures(items, date(2024, 4, 30)) == {}
    assert latest_figures(items, date(2024, 6, 8)) == {key: (Decimal(45), date(2024, 6, 1))}
    assert latest_figures(items, date(2024, 6, 9)) == {key: (Decimal(90), date(2024, 6, 9))}


def two_dates(cast: Cast, completes: str) -> tuple[Target, list[WorkItem]]:
    """Return a target and the items of Sở Y tế at two dates of one task."""
    days = [date(2024, 6, 30), date(2024, 12, 31)]
    task = TaskFactory(plan=cast.plan, deadline__due_dates=days, deadline__completes=completes)
    first = OccurrenceKind.CHECK_POINT if completes == "final" else OccurrenceKind.DELIVERY
    kinds = [first, OccurrenceKind.DELIVERY]
    items = [
        work_item(cast.health, task=task, due=day, kind=kind, ordinal=ordinal)
        for ordinal, (day, kind) in enumerate(zip(days, kinds, strict=True), start=1)
    ]
    return target_of(cast, task), items


@pytest.mark.parametrize(("completes", "count"), [("final", 1), ("each", 0)])
def test_what_one_date_reports_counts_for_the_whole_job_only_where_the_dates_are_one_job(
    cast: Cast, completes: str, count: int
):
    target, (june, december) = two_dates(cast, completes)
    told(june, cast.health_officer, {target: 70})
    assert len(latest_figures(WorkItem.objects.filter(pk=december.pk), DAY)) == count
    assert len(latest_figures(WorkItem.objects.filter(pk=june.pk), DAY)) == 1


def test_a_value_in_another_unit_than_the_target_has_now_is_left_out(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    update = told(item, cast.health_officer, {target: 70})
    target.change(NewTarget("Công khai 50 TTHC", "TTHC", "≥", Decimal(50)), by=cast.coordinator, on=DAY, revision=1)
    assert latest_figures(WorkItem.objects.filter(pk=item.pk), DAY) == {}
    assert update.figures.get().value_words == "70 %"


def test_one_query_answers_for_any_number_of_agencies(cast: Cast, django_assert_num_queries):
    task = TaskFactory(plan=cast.plan)
    target = target_of(cast, task)
    for agency in [cast.health, *AgencyFactory.create_batch(12, province=cast.province)]:
        item = work_item(agency, task=task)
        update = item.updates.create(by=cast.health_officer, on=DAY, percent=1, words="…")
        update.add_figures({target.pk: Decimal(50)})
    with django_assert_num_queries(1):
        assert len(latest_figures(WorkItem.objects.filter(task=task), DAY)) == 13
    with django_assert_num_queries(3):
        assert len(target_lines(WorkItem.objects.filter(task=task), DAY)) == 13


def test_a_line_of_a_report_names_each_target_also_where_nothing_was_reported(cast: Cast, item: WorkItem):
    share, classes = target_of(cast, item.task), target_of(cast, item.task, CLASSES)
    told(item, cast.health_officer, {classes: 3})
    assert target_lines(WorkItem.objects.filter(pk=item.pk), DAY) == {
        (cast.health.pk, item.task_id): [
            {"words": share.words, "unit": "%", "goal": "100.00", "comparison": "≥", "value": None, "met": None},
            {"words": classes.words, "unit": "lớp", "goal": "2.00", "comparison": "≥", "value": "3.00", "met": True},
        ]
    }


# Totals


def reported(cast: Cast, new: NewTarget, values: list[float]) -> Task:
    """Return a task with this target, for which as many agencies as values have reported, and one has not."""
    task = TaskFactory(plan=cast.plan)
    target = target_of(cast, task, new)
    agencies = [cast.health, cast.justice, *AgencyFactory.create_batch(3, province=cast.province)]
    for agency, value in zip(agencies, [*values, None], strict=False):
        item = work_item(agency, task=task)
        if value is not None:
            update = item.updates.create(by=cast.health_officer, on=DAY, percent=1, words="…")
            update.add_figures({target.pk: Decimal(str(value))})
    return task


def test_shares_show_the_lowest_and_the_middle_value(cast: Cast):
    task = reported(cast, NewTarget("Kiểm tra ít nhất 30%", "%", "≥", Decimal(30)), [28.5, 30, 55, 90])
    total = progress_of(task, cast.coordinator, DAY).totals[0]
    assert (total.agencies, total.reported, total.met, total.summary) == (5, 4, 3, "thấp nhất 28,5 %, trung vị 42,5 %")


def test_numbers_are_summed(cast: Cast):
    task = reported(cast, CLASSES, [2, 1, 4.5])
    total = progress_of(task, cast.coordinator, DAY).totals[0]
    assert (total.agencies, total.reported, total.met, total.summary) == (4, 3, 2, "tổng 7,5 lớp")


def test_figures_are_counted_over_the_agencies_whose_words_a_person_may_read(cast: Cast):
    task = reported(cast, CLASSES, [2, 1, 4])
    seen = {who: progress_of(task, getattr(cast, who), DAY) for who in ("viewer", "health_officer", "stranger")}
    assert {who: (one.readable, one.of, one.totals[0].reported) for who, one in seen.items()} == {
        "viewer": (4, 4, 3), "health_officer": (1, 4, 1), "stranger": (0, 4, 0),
    }  # fmt: skip


def test_an_agency_that_was_released_is_not_counted(cast: Cast):
    task = reported(cast, CLASSES, [2, 1])
    WorkItem.objects.get(task=task, agency=cast.justice).waive(by=cast.coordinator, on=DAY, reason="Không có lớp.")
    total = progress_of(task, cast.coordinator, DAY).totals[0]
    assert (total.agencies, total.reported) == (2, 1)


# Pages


def test_the_page_of_a_task_offers_what_its_words_say_and_adds_it_with_one_click(cast: Cast):
    words = "Tổ chức kiểm tra ít nhất 30% cơ quan, đơn vị; mở 02 lớp tập huấn."
    task = TaskFactory(plan=cast.plan, text=words, product="Báo cáo; 100% hồ sơ được số hóa")
    page = browser(cast.coordinator).get(task.get_absolute_url())
    offers = page.context["found_targets"]
    assert [one.goal_words for one, _ in offers] == ["≥ 30 %", "≥ 2 lớp", "100 %"]
    assert not Target.objects.exists()
    sent = {name: form[name].value() for _, form in offers[:1] for name in ("words", "unit", "comparison")}
    browser(cast.coordinator).post(reverse("target-add", args=[task.pk]), sent | {"goal": "30"})
    assert str(Target.objects.get()) == "Tổ chức kiểm tra ít nhất 30% cơ quan, đơn vị (≥ 30 %)"
    page = browser(cast.coordinator).get(task.get_absolute_url())
    assert [one.goal_words for one, _ in page.context["found_targets"]] == ["≥ 2 lớp", "100 %"]


def test_the_hidden_fields_of_an_offer_are_what_a_click_sends(cast: Cast):
    task = TaskFactory(plan=cast.plan, text="Tuyên truyền tới ít nhất 1.250 lượt người dân.")
    page = browser(cast.coordinator).get(task.get_absolute_url())
    content = page.content.decode()
    assert 'name="goal" value="1.250"' in content
    assert 'name="comparison" value="≥"' in content
    browser(cast.coordinator).post(
        reverse("target-add", args=[task.pk]), {"words": "Lượt", "unit": "lượt", "comparison": "≥", "goal": "1.250"}
    )
    assert Target.objects.get().goal == 1250


def test_others_see_targets_and_no_offers(cast: Cast, item: WorkItem):
    target_of(cast, item.task)
    Task.objects.filter(pk=item.task_id).update(text="Mở ít nhất 02 lớp tập huấn.")
    page = browser(cast.health_officer).get(item.task.get_absolute_url())
    assert "100% TTHC được công khai" in page.content.decode()
    assert (page.context["found_targets"], page.context["may_set_targets"]) == ([], False)
    assert reverse("target-change", args=[Target.objects.get().pk]) not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.250,5", "1250.5"), ("1.250", "1250"), ("12.5", "12.5"), ("3", "3"), ("", None), ("1 250", "1250")],
)
def test_a_figure_typed_the_vietnamese_way_is_read_right(cast: Cast, item: WorkItem, typed: str, value: str | None):
    target = target_of(cast, item.task, NewTarget("Ít nhất 1.000 lượt", "lượt", "≥", Decimal(1000)))
    data = {"percent": 50, "words": "Đã làm.", "revision": 1, f"figure_{target.pk}": typed}
    answer = browser(cast.health_officer).post(item.get_absolute_url(), data)
    assert answer.status_code == 302
    assert [one.value for one in TargetFigure.objects.all()] == ([Decimal(value)] if value else [])


@pytest.mark.parametrize("typed", ["1,250,000", "nhiều", "-3", "1,255", "NaN"])
def test_a_figure_that_cannot_be_read_is_asked_for_again_and_nothing_is_lost(cast: Cast, item: WorkItem, typed: str):
    target = target_of(cast, item.task, CLASSES)
    data = {"percent": 50, "words": "Đã mở lớp.", "revision": 1, f"figure_{target.pk}": typed}
    answer = browser(cast.health_officer).post(item.get_absolute_url(), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {f"figure_{target.pk}"}
    assert "Đã mở lớp." in answer.content.decode()
    assert not Update.objects.exists()


def test_the_page_of_an_item_shows_what_was_reported_and_whether_it_meets_the_goal(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    told(item, cast.health_officer, {target: "98.7"}, on=today())
    page = browser(cast.health_officer).get(item.get_absolute_url()).content.decode()
    assert "98,7 %" in page
    assert "chưa đạt" in page
    assert "lần gần nhất 98,7 %" in page


def test_a_target_is_changed_and_withdrawn_on_its_page(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    client, url = browser(cast.coordinator), reverse("target-change", args=[target.pk])
    data = {"words": "90% TTHC", "unit": "%", "comparison": "≥", "goal": "90,5", "revision": 1}
    assert client.post(url, data | {"goal": "101"}).status_code == 422
    assert client.post(url, data).status_code == 302
    target.refresh_from_db()
    assert (target.goal, target.revision) == (Decimal("90.5"), 2)
    stale = client.post(url, data | {"goal": "80"})
    assert (stale.status_code, Target.objects.get().goal) == (422, Decimal("90.5"))
    client.post(reverse("target-withdraw", args=[target.pk]), {"reason": "Trùng.", "revision": 2})
    target.refresh_from_db()
    assert not target.active
    assert "Trùng." in client.get(item.task.get_absolute_url()).content.decode()


# API


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_the_api_takes_figures_with_an_update_as_json_and_as_form_data(cast: Cast, item: WorkItem):
    target = target_of(cast, item.task)
    url = reverse("api-work-item-updates", args=[item.pk])
    body = {"percent": 50, "words": "Đang làm."}
    answer = api(cast.health_officer).post(url, body | {"figures": {str(target.pk): "85.5"}}, format="json")
    assert (answer.status_code, answer.json()["figures"][0]["value"]) == (201, "85.50")
    answer = api(cast.health_officer).post(url, body | {f"figures.{target.pk}": "90"}, format="multipart")
    assert (answer.status_code, answer.json()["figures"][0]["met"]) == (201, False)


@pytest.mark.parametrize("figures", [{"x": "1"}, {"1": "85,5"}, {"999999": "1"}, ["1"], {"1": "-1"}])
def test_the_api_refuses_figures_that_cannot_be(cast: Cast, item: WorkItem, figures: object):
    body = {"percent": 50, "words": "Đang làm.", "figures": figures}
    url = reverse("api-work-item-updates", args=[item.pk])
    answer = api(cast.health_officer).post(url, body, format="json")
    assert (answer.status_code, Update.objects.count()) == (400, 0)


def test_the_api_sets_targets_and_tells_their_totals(cast: Cast, item: WorkItem):
    client = api(cast.coordinator)
    body = {"task": item.task_id, "words": "Mở 02 lớp", "unit": "lớp", "comparison": "≥", "goal": "2"}
    made = client.post(reverse("api-target-list"), body, format="json")
    assert made.status_code == 201
    target = Target.objects.get()
    told(item, cast.health_officer, {target: 1}, on=today())
    total = client.get(reverse("api-target-total", args=[target.pk])).json()
    assert (total["agencies"], total["reported"], total["met"]) == (1, 1, 0)
    assert total["rows"][0]["value"] == "1.00"
    changed = body | {"goal": "1", "revision": 1}
    assert client.post(reverse("api-target-change", args=[target.pk]), changed, format="json").status_code == 200
    assert client.get(reverse("api-target-total", args=[target.pk])).json()["met"] == 1
    gone = {"reason": "Thừa.", "revision": 2}
    assert client.post(reverse("api-target-withdraw", args=[target.pk]), gone, format="json").json()["active"] is False
    assert client.get(reverse("api-target-list"), {"task": item.task_id, "active": True}).json()["results"] == []
