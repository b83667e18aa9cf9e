"""The figures everybody quotes, and what the pages that show them ask of the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.models import Deadline, Plan, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.statistics import Figures, figures, figures_by, league, overdue_by_age
from tests.cast import Cast
from tests.factories import TaskFactory, work_item

TODAY = date(2024, 7, 1)
YESTERDAY = date(2024, 6, 30)


def item_due(
    cast: Cast, due: date | None, state: str = State.NOT_STARTED, done: date | None = None, **details
) -> WorkItem:
    """Return an item of Sở Y tế in this state."""
    finished = {"handed_in_on": done, "completed_on": done if state == State.COMPLETED else None} if done else {}
    return work_item(details.pop("agency", cast.health), plan=cast.plan, due=due, state=state, **finished, **details)


def now() -> Figures:
    return figures(WorkItem.objects.all(), TODAY)


def test_the_rates_follow_their_printed_formulas(cast: Cast):
    item_due(cast, YESTERDAY, State.COMPLETED, YESTERDAY)
    item_due(cast, YESTERDAY, State.COMPLETED, TODAY)
    item_due(cast, YESTERDAY)
    item_due(cast, date(2024, 12, 31))
    item_due(cast, date(2024, 12, 31), State.HANDED_IN, TODAY)
    found = now()
    assert (found.total, found.done, found.on_time, found.overdue, found.handed_in) == (5, 2, 1, 1, 1)
    assert found.completion == pytest.approx(66.7), "done ÷ (done + overdue and not done)"
    assert found.share_of_all == pytest.approx(100 * 2 / 5), "done ÷ all"
    assert found.punctuality == pytest.approx(50), "on time ÷ done"


def test_without_anything_due_or_done_there_is_no_rate(cast: Cast):
    assert (now().completion, now().share_of_all, now().punctuality) == (None, None, None)
    item_due(cast, date(2024, 12, 31))
    assert (now().completion, now().share_of_all) == (None, 0)


def test_check_points_are_outside_the_rates_and_counted_when_missed(cast: Cast):
    item_due(cast, YESTERDAY, kind=OccurrenceKind.CHECK_POINT)
    item_due(cast, YESTERDAY, State.COMPLETED, YESTERDAY, kind=OccurrenceKind.CHECK_POINT)
    assert now() == Figures(not_updated=1)


def test_waived_work_counts_nowhere(cast: Cast):
    item_due(cast, YESTERDAY, State.WAIVED)
    assert now() == Figures()


def test_nothing_ambiguous_is_overdue_or_late_before_it_is_confirmed(cast: Cast):
    for item in (item_due(cast, YESTERDAY), item_due(cast, YESTERDAY, State.COMPLETED, TODAY)):
        Deadline.objects.filter(task=item.task_id).update(ambiguous=True)
    assert (now().overdue, now().on_time) == (0, 1)
    Deadline.objects.update(confirmed_on=TODAY)
    assert (now().overdue, now().on_time) == (1, 0)


def test_a_returned_item_is_not_overdue_while_it_may_be_mended(cast: Cast):
    item_due(cast, YESTERDAY, State.IN_PROGRESS, return_until=TODAY)
    assert now().overdue == 0
    assert figures(WorkItem.objects.all(), TODAY + timedelta(days=1)).overdue == 1


def test_figures_and_lists_count_the_same_items(cast: Cast):
    for days in (-40, -1, 0, 3, 7, 8):
        item_due(cast, TODAY + timedelta(days=days))
    assert now().overdue == WorkItem.objects.overdue(TODAY).count() == 2
    assert now().nearly_due == WorkItem.objects.nearly_due(TODAY).count() == 3
    assert now().not_started == 6
    assert now().waiting == 4


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (1, "1-10"),
        (10, "1-10"),
        (11, "11-30"),
        (30, "11-30"),
        (31, "31-90"),
        (90, "31-90"),
        (91, "trên 90"),
        (4000, "trên 90"),
    ],
)
def test_overdue_work_is_told_by_its_age(cast: Cast, days: int, age: str):
    item_due(cast, TODAY - timedelta(days=days))
    assert {name: count for name, count in overdue_by_age(WorkItem.objects.all(), TODAY).items() if count} == {age: 1}


def test_what_is_due_today_has_no_age(cast: Cast):
    item_due(cast, TODAY)
    assert sum(overdue_by_age(WorkItem.objects.all(), TODAY).values()) == 0


def test_figures_by_task_and_plan_are_those_of_their_items(cast: Cast, django_assert_num_queries):
    first, second = item_due(cast, YESTERDAY), item_due(cast, YESTERDAY, State.COMPLETED, YESTERDAY)
    with django_assert_num_queries(1):
        by_task = figures_by(WorkItem.objects.all(), "task", TODAY)
    assert by_task == {first.task_id: Figures(total=1, overdue=1), second.task_id: Figures(total=1, done=1, on_time=1)}
    assert figures_by(WorkItem.objects.all(), "task__plan", TODAY)[cast.plan.pk].total == 2


def test_the_league_puts_the_most_overdue_first_and_equals_in_alphabetical_order(cast: Cast):
    item_due(cast, YESTERDAY, agency=cast.health)
    item_due(cast, YESTERDAY, agency=cast.justice)
    item_due(cast, YESTERDAY, agency=cast.district)
    item_due(cast, YESTERDAY, agency=cast.district)
    item_due(cast, date(2024, 7, 3), agency=cast.justice)
    names = [row["agency__name"] for row in league(WorkItem.objects.all(), TODAY)]
    assert names == ["UBND huyện Lập Thạch", "Sở Tư pháp", "Sở Y tế"]


# What pages ask of the database


def questions(client: Client, url: str) -> int:
    """Return how many queries a page needs the second time: the first fills what Django keeps."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
        assert answer.status_code == 200
        if answer.streaming:
            b"".join(answer.streaming_content)
    return len(asked)


@pytest.mark.parametrize(
    ("who", "page", "budget"),
    [
        ("health_officer", "/", 40),
        ("coordinator", "/", 40),
        ("coordinator", "/dau-viec/", 22),
        ("health_officer", "/dau-viec/", 22),
        ("coordinator", "/dau-viec/?export=xlsx", 12),
        ("viewer", "/ke-hoach/{plan}/", 22),
        ("viewer", "/ke-hoach/", 20),
        ("coordinator", "/nhiem-vu/{task}/", 25),
        ("coordinator", "/dau-viec/{item}/", 30),
    ],
)
def test_a_page_asks_the_same_number_of_questions_for_10_and_60_rows(cast: Cast, who: str, page: str, budget: int):
    client = Client()
    client.force_login(getattr(cast, who))
    task = TaskFactory(plan=cast.plan)
    first = work_item(cast.health, task=task, ordinal=1)
    url = page.format(plan=cast.plan.pk, task=task.pk, item=first.pk)
    asked = []
    for upto in (10, 60):
        for ordinal in range(task.items.count() + 1, upto + 1):
            work_item(cast.health, task=task, ordinal=ordinal, due=date(2024, 6, 1))
            work_item(cast.health, plan=cast.plan)
        asked.append(questions(client, url))
    assert asked[1] <= asked[0], asked
    assert asked[1] <= budget, asked


def test_a_plan_page_asks_the_same_for_few_and_many_plans(cast: Cast):
    client = Client()
    client.force_login(cast.viewer)
    before = questions(client, "/ke-hoach/")
    for number in range(20):
        Plan.objects.create(
            province=cast.province, number=f"{number}/KH-UBND", title="Kế hoạch", issuer="UBND tỉnh", year=2024,
            signed_on=date(2024, 1, 1), coordinating_agency=cast.home_affairs, status=Plan.Status.ACTIVE,
        )  # fmt: skip
    assert questions(client, "/ke-hoach/") <= before
