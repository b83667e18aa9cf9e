"""The bar under the list of work offers only what the person can do with the rows in sight."""

from django.test import Client
from django.urls import reverse

from agencies.models import User
from plans.models import WorkItem
from tests.cast import Cast
from tests.factories import work_item
from workdays.clock import today

HAND_IN, CONFIRM, TICK = 'value="hand_in"', 'value="confirm"', 'name="items"'


def list_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("work-list"), {"state": ""}).content.decode()


def updated(cast: Cast) -> WorkItem:
    item = work_item(cast.health, plan=cast.plan)
    item.record_update(by=cast.health_officer, on=today(), percent=100, words="Xong.")
    return item


def test_who_has_nothing_to_hand_in_is_not_offered_it(cast: Cast):
    work_item(cast.health, plan=cast.plan)
    page = list_of(cast.health_officer)
    assert HAND_IN not in page
    assert 'value="update"' in page
    assert TICK not in list_of(cast.viewer)


def test_an_updated_delivery_of_ones_own_agency_can_be_ticked_and_handed_in(cast: Cast):
    updated(cast)
    officer, coordinator = list_of(cast.health_officer), list_of(cast.coordinator)
    assert HAND_IN in officer
    assert TICK in officer
    assert CONFIRM not in officer
    assert HAND_IN not in coordinator


def test_what_was_handed_in_can_be_confirmed_by_the_coordinator_only(cast: Cast):
    updated(cast).hand_in(by=cast.health_officer, on=today())
    assert CONFIRM in list_of(cast.coordinator)
    assert TICK not in list_of(cast.health_officer)
