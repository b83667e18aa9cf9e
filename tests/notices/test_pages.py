"""Pages of the inbox and of letters, and the demonstration's clock."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notices import tasks
from notices.models import Letter, Notice, RoundRun
from notices.round import run_days
from notices.rules import make_notices
from plans.models import WorkItem
from tests.cast import Cast
from tests.factories import work_item
from workdays.clock import set_demonstration_day, today

FRIDAY = date(2024, 6, 28)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def due(cast: Cast, settings: Settings) -> WorkItem:
    """One item of Sở Y tế is due on Friday; the demonstration stands on that day and the round has run."""
    settings.DEMO, settings.LETTERS_LEAVE = True, False
    set_demonstration_day(FRIDAY)
    cast.plan.activated_on = FRIDAY
    cast.plan.save()
    item = work_item(cast.health, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    return item


def test_the_inbox_shows_what_and_why_and_filters_by_kind(due: WorkItem, cast: Cast) -> None:
    client = signed_in(cast.health_officer)
    page = client.get(reverse("notice-list")).content.decode()
    assert f"Đến hạn 28/6/2024: {due.task.short_text}" in page
    assert "Anh/chị là chuyên viên của cơ quan thực hiện." in page
    only = client.get(reverse("notice-list"), {"kind": "assigned"}).content.decode()
    assert "được giao 1 nhiệm vụ" in only
    assert "Đến hạn 28/6/2024" not in only


def test_opening_a_notice_marks_it_read_and_leads_to_the_item(due: WorkItem, cast: Cast) -> None:
    notice = Notice.objects.get(kind=Notice.Kind.DUE)
    answer = signed_in(cast.health_officer).get(reverse("notice-open", args=[notice.pk]))
    assert answer["Location"] == reverse("work-item", args=[due.pk])
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert Notice.objects.unread_of(cast.health_officer).count() == 1


def test_everything_can_be_marked_as_read_at_once_and_only_ones_own(due: WorkItem, cast: Cast) -> None:
    other = work_item(cast.justice, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    client = signed_in(cast.health_officer)
    client.post(reverse("notice-read-all"))
    assert Notice.objects.unread_of(cast.health_officer).count() == 0
    assert Notice.objects.filter(item=other, read_at__isnull=True).count() == 1
    assert client.get(reverse("notice-read-all")).status_code == 405


def test_a_notice_of_somebody_else_is_not_there(due: WorkItem, cast: Cast) -> None:
    notice = Notice.objects.get(kind=Notice.Kind.DUE)
    for user in (cast.justice_officer, cast.coordinator, cast.stranger):
        assert signed_in(user).get(reverse("notice-open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_letters_of_the_demonstration_are_read_by_its_coordinator_and_nobody_elses(
    due: WorkItem, cast: Cast, settings: Settings
) -> None:
    tasks.send_notices()
    letter = Letter.objects.get(recipient=cast.health_officer)
    address = reverse("letter-detail", args=[letter.pk])
    assert letter.subject in signed_in(cast.coordinator).get(reverse("letter-list")).content.decode()
    page = signed_in(cast.coordinator).get(address).content.decode()
    assert f'<a href="http://127.0.0.1:8000/dau-viec/{due.pk}/">' in page
    assert signed_in(cast.health_officer).get(address).status_code == 200
    for user in (cast.justice_officer, cast.stranger, cast.viewer):
        assert signed_in(user).get(address).status_code == 404
        assert letter.subject not in signed_in(user).get(reverse("letter-list")).content.decode()
    settings.DEMO = False
    assert signed_in(cast.coordinator).get(address).status_code == 404


def test_moving_the_day_runs_the_round_of_every_day_passed(due: WorkItem, cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    answer = client.post(reverse("clock-advance"), {"days": "7", "next": "/thong-bao/"})
    assert answer["Location"] == "/thong-bao/"
    assert today() == FRIDAY + timedelta(days=7)
    assert list(RoundRun.objects.order_by("on").values_list("on", flat=True)) == [
        FRIDAY + timedelta(days=n) for n in range(8)
    ]
    overdue = Notice.objects.get(kind=Notice.Kind.OVERDUE, recipient=cast.health_officer)
    assert overdue.on == FRIDAY + timedelta(days=1)
    assert overdue.letter is not None
    assert overdue.letter.on == FRIDAY + timedelta(days=3)
    client.post(reverse("clock-advance"), {"to": "08/07/2024"})
    assert today() == date(2024, 7, 8)


@pytest.mark.parametrize(
    "asked", [{"days": "0"}, {"days": "61"}, {"to": "27/06/2024"}, {"to": "01/10/2024"}, {"to": "x"}, {}]
)
def test_the_day_moves_forward_only_and_not_too_far(due: WorkItem, cast: Cast, asked: dict[str, str]) -> None:
    answer = signed_in(cast.coordinator).post(reverse("clock-advance"), {**asked, "next": "https://elsewhere.example/"})
    assert today() == FRIDAY
    assert answer["Location"] == reverse("home")


def test_only_the_coordinator_of_a_demonstration_moves_the_day(due: WorkItem, cast: Cast, settings: Settings) -> None:
    for user in (cast.health_officer, cast.health_leader, cast.viewer):
        assert signed_in(user).post(reverse("clock-advance"), {"days": "1"}).status_code == 404
    assert signed_in(cast.coordinator).get(reverse("clock-advance")).status_code == 405
    assert today() == FRIDAY
    settings.DEMO = False
    assert signed_in(cast.coordinator).post(reverse("clock-advance"), {"days": "1"}).status_code == 404


def test_days_gone_through_twice_tell_nothing_twice(due: WorkItem) -> None:
    run_days(FRIDAY, FRIDAY + timedelta(days=9))
    keys = set(Notice.objects.values_list("key", flat=True))
    letters = Letter.objects.count()
    again = run_days(FRIDAY, FRIDAY + timedelta(days=9))
    assert (again.notices, again.letters) == (0, 0)
    assert set(Notice.objects.values_list("key", flat=True)) == keys
    assert Letter.objects.count() == letters


def test_the_tasks_that_beat_rings_for_work_on_the_day_of_the_clock(due: WorkItem, cast: Cast) -> None:
    Notice.objects.all().delete()
    tasks.make_notices()
    tasks.send_notices()
    assert Notice.objects.get(kind=Notice.Kind.DUE).on == FRIDAY
    assert Letter.objects.get().on == FRIDAY


@pytest.mark.parametrize("name", ["notice-list", "letter-list"])
def test_queries_of_a_list_do_not_grow_with_its_rows(
    due: WorkItem, cast: Cast, name: str, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        work_item(cast.health, plan=cast.plan, due=FRIDAY)
    run_days(FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=6))
    client = signed_in(cast.health_officer)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert client.get(reverse(name)).status_code == 200
