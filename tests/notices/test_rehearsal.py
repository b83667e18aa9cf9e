"""A rehearsal says what would go out on a day, and leaves nothing behind."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Notice, RoundRun
from notices.rehearsal import rehearse
from tests.cast import Cast
from tests.factories import work_item
from workdays.clock import set_demonstration_day

TODAY, DUE = date(2024, 6, 3), date(2024, 6, 28)


@pytest.fixture
def client(client: Client, cast: Cast, settings) -> Client:
    """The coordinator's browser, on 3/6/2024."""
    settings.DEMO = True
    set_demonstration_day(TODAY)
    client.force_login(cast.coordinator)
    return client


def test_a_rehearsal_shows_who_would_be_told_what_and_keeps_nothing(cast: Cast):
    work_item(cast.health, plan=cast.plan, due=DUE)
    found = rehearse(DUE, cast.coordinator)
    assert [(told.recipient, told.by_letter) for told in found.people] == [(cast.health_officer, 2)]
    assert dict(found.kinds) == {"được giao việc": 1, "đến hạn hôm nay": 1}
    assert found.count == 2
    assert not Notice.objects.exists()
    assert not RoundRun.objects.exists()


def test_a_rehearsal_shows_only_plans_that_the_person_oversees(cast: Cast):
    work_item(cast.health, plan=cast.plan, due=DUE)
    assert rehearse(DUE, cast.health_officer).count == 0
    assert rehearse(DUE, cast.viewer).count == 2


def test_on_a_day_off_the_page_says_when_letters_leave(client: Client, cast: Cast):
    work_item(cast.health, plan=cast.plan, due=date(2024, 6, 30))
    page = client.get(reverse("notice-rehearsal"), {"on": "30/06/2024"})
    assert page.context["found"].leaves_on == date(2024, 7, 1)
    assert "Đó là ngày nghỉ: thư đi vào 01/7/2024" in page.content.decode()


def test_a_day_that_is_over_is_refused_in_words(client: Client, cast: Cast):
    page = client.get(reverse("notice-rehearsal"), {"on": "02/06/2024"}).content.decode()
    assert "Hãy chọn từ hôm nay" in page
