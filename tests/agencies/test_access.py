"""A person's standing on a day."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from agencies.access import NOBODY, access_of
from agencies.models import Agency, Membership
from tests.cast import Cast
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory, UserFactory, person

DAY = date(2024, 6, 3)


def test_an_officer_works_in_their_agency_and_reaches_the_units_right_under_it(cast: Cast):
    access = access_of(cast.district_officer, DAY)
    assert access.own == {cast.district.pk}
    assert access.children == {cast.commune.pk}
    assert access.reach == {cast.district.pk, cast.commune.pk}
    assert not access.coordinates
    assert not access.leads


def test_reach_ends_one_level_down(cast: Cast):
    hamlet = AgencyFactory(province=cast.province, parent=cast.commune, kind=Agency.Kind.INTERNAL_UNIT)
    assert hamlet.pk not in access_of(cast.district_officer, DAY).reach


def test_roles_give_what_they_say(cast: Cast):
    leader, coordinator, viewer = (access_of(one, DAY) for one in (cast.health_leader, cast.coordinator, cast.viewer))
    assert leader.leads == {cast.health.pk}
    assert coordinator.coordinates == {cast.home_affairs.pk}
    assert viewer.is_viewer
    assert not viewer.own, "a viewer changes nothing"
    administrator = access_of(person(cast.committee, Membership.Role.ADMINISTRATOR), DAY)
    assert administrator.is_administrator
    assert not administrator.reach


def test_a_membership_holds_from_its_first_to_its_last_day(cast: Cast):
    user = UserFactory(province=cast.province)
    MembershipFactory(user=user, agency=cast.health, valid_from=date(2024, 1, 1), valid_to=date(2024, 6, 30))
    held = [
        bool(access_of(user, day).own)
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30), date(2024, 7, 1))
    ]
    assert held == [False, True, True, False]


def test_two_memberships_add_up(cast: Cast):
    MembershipFactory(user=cast.health_officer, agency=cast.justice)
    assert access_of(cast.health_officer, DAY).own == {cast.health.pk, cast.justice.pk}


def test_a_membership_in_another_province_gives_nothing(cast: Cast):
    elsewhere = AgencyFactory(province=ProvinceFactory(code="hue", name="Huế"))
    MembershipFactory(user=cast.health_officer, agency=elsewhere, role=Membership.Role.COORDINATOR)
    assert not access_of(cast.health_officer, DAY).coordinates


def test_nobody_and_a_locked_account_may_nothing(cast: Cast):
    assert access_of(AnonymousUser()) is NOBODY
    cast.health_officer.is_active = False
    assert access_of(cast.health_officer) is NOBODY
    assert not Agency.objects.visible_to(AnonymousUser()).exists()


def test_a_superuser_without_a_membership_sees_no_work(cast: Cast):
    admin = UserFactory(is_superuser=True, is_staff=True, province=None)
    assert not Agency.objects.visible_to(admin).exists()


def test_standing_is_asked_once_for_a_request_and_again_on_another_day(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        access_of(cast.health_officer, DAY)
        access_of(cast.health_officer, DAY)
    with django_assert_num_queries(2):
        access_of(cast.health_officer, date(2024, 6, 4))
    with time_machine.travel("2024-06-04T01:00:00+07:00"):
        assert access_of(cast.health_officer).on == date(2024, 6, 4)


def test_the_register_of_a_province_is_its_own(cast: Cast):
    provinces = {agency.province_id for agency in Agency.objects.visible_to(cast.viewer)}
    assert provinces == {cast.province.pk}


@pytest.mark.parametrize(
    ("details", "name"),
    [
        ({"valid_from": date(2024, 2, 1), "valid_to": date(2024, 1, 1)}, "membership_ends_after_it_begins"),
        ({}, "membership_is_said_once"),
    ],
)
def test_the_database_keeps_memberships_sensible(cast: Cast, details, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MembershipFactory(user=cast.health_officer, agency=cast.health, **details)
    assert cast.health_officer.memberships.count() == 1
