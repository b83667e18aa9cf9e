"""The API of periods: the same verbs and rights as the pages."""

from datetime import date

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import User
from reports.models import Period
from tests.cast import Cast
from tests.factories import work_item

DAYS = {"begins_on": "2024-01-01", "ends_on": "2024-05-20", "cut_off": "2024-05-20", "due_date": "2024-05-27"}


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def address(period: Period, verb: str) -> str:
    return reverse(f"api-period-{verb}", args=[period.pk])


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("api-period-list")


def test_a_coordinator_makes_an_extraordinary_period_and_an_officer_does_not(cast: Cast, url: str):
    body = {"plan": cast.plan.pk, "name": "Đột xuất", "agencies": [cast.health.pk], **DAYS}
    assert api(cast.health_officer).post(url, body, format="json").status_code == 400
    answer = api(cast.coordinator).post(url, body, format="json")
    assert answer.status_code == 201, answer.data
    made = Period.objects.get(pk=answer.data["id"])
    assert (list(made.agencies.all()), len(made.sections)) == ([cast.health], 5)


def test_only_what_is_named_changes_and_an_old_revision_is_refused(cast: Cast, proposed: Period):
    body = {"revision": proposed.revision, "due_date": "2024-06-12", "sections": [{"title": "Kết quả"}]}
    client = api(cast.coordinator)
    answer = client.post(address(proposed, "change"), body, format="json")
    assert (answer.status_code, answer.data["due_date"]) == (200, "2024-06-12")
    fresh = Period.objects.get(pk=proposed.pk)
    assert ([one.title for one in fresh.sections], fresh.name) == (["Kết quả"], "6 tháng đầu năm 2024")
    assert client.post(address(proposed, "change"), body, format="json").status_code == 400


def test_agencies_are_released_asked_again_and_asked_later(cast: Cast, proposed: Period):
    client, body = api(cast.coordinator), {"agency": cast.justice.pk, "reason": "Giải thể."}
    assert client.post(address(proposed, "release"), body, format="json").status_code == 200
    assert client.post(address(proposed, "release-no-more"), body, format="json").status_code == 200
    assert not proposed.exclusions.exists()
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    body = {"agency": cast.home_affairs.pk, "reason": "Bổ sung."}
    assert client.post(address(proposed, "ask"), body, format="json").status_code == 200
    assert client.post(address(proposed, "ask"), body, format="json").status_code == 400
    assert proposed.reports.filter(agency=cast.home_affairs).count() == 1


def test_the_list_and_the_desk_say_what_the_pages_say(cast: Cast, proposed: Period):
    work_item(cast.commune, plan=cast.plan)
    client = api(cast.coordinator)
    listed = {one["agency_name"]: one["collector"] for one in client.get(address(proposed, "reporters")).data}
    assert listed["UBND xã Quang Sơn"] == cast.district.pk
    assert listed["Sở Y tế"] is None
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    rows = {one["agency_name"]: one for one in client.get(address(proposed, "desk")).data}
    assert (rows["UBND huyện Lập Thạch"]["children_expected"], rows["Sở Y tế"]["state"]) == (1, "draft")
    below = client.get(address(proposed, "desk"), {"collector": cast.district.pk}).data
    assert [one["agency_name"] for one in below] == ["UBND xã Quang Sơn"]


def test_a_district_reads_its_own_desk_only(cast: Cast, proposed: Period):
    work_item(cast.commune, plan=cast.plan)
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    client = api(cast.district_officer)
    assert client.get(address(proposed, "desk"), {"collector": cast.district.pk}).status_code == 200
    assert client.get(address(proposed, "desk")).status_code == 404
    assert api(cast.health_officer).get(address(proposed, "desk"), {"collector": cast.district.pk}).status_code == 404
