"""The administrator of a province gives people accounts, agencies and roles; the province's edge holds."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.access import access_of
from agencies.models import Membership, User
from tests.cast import Cast
from tests.factories import AgencyFactory, UserFactory


@pytest.fixture
def office(cast: Cast) -> Client:
    """The administrator's browser."""
    keeper = UserFactory(province=cast.province, is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(keeper)
    return browser


def places(*agencies: int) -> dict[str, str]:
    """Return the inline form of memberships with these agencies, each as an officer."""
    data = {"memberships-TOTAL_FORMS": str(len(agencies)), "memberships-INITIAL_FORMS": "0"}
    for number, agency in enumerate(agencies):
        data |= {
            f"memberships-{number}-agency": str(agency),
            f"memberships-{number}-role": Membership.Role.OFFICER,
            f"memberships-{number}-valid_from": "01/03/2024",
        }
    return data


def person_with(**words: str) -> dict[str, str]:
    """Return the fields of a new account."""
    secret = "Mot-mat-khau-2024"
    return {
        "username": "moi",
        "full_name": "Lê Thị Mới",
        "email": "moi@vinhphuc.example",
        "password1": secret,
        "password2": secret,
        **words,
    }


def test_a_new_person_gets_an_account_an_agency_and_a_role(office, cast):
    answer = office.post(reverse("admin:agencies_user_add"), person_with() | places(cast.health.pk))
    assert answer.status_code == 302, answer.context["errors"]
    person = User.objects.get(username="moi")
    assert person.province == cast.province
    assert access_of(person).own == {cast.health.pk}
    assert person.check_password("Mot-mat-khau-2024")


def test_an_agency_of_another_province_cannot_be_chosen(office):
    elsewhere = AgencyFactory(province__code="hue", province__name="Huế")
    answer = office.post(reverse("admin:agencies_user_add"), person_with() | places(elsewhere.pk))
    assert answer.status_code == 200
    assert not User.objects.filter(username="moi").exists()


def test_a_person_of_another_province_is_not_found(office, cast):
    page = reverse("admin:agencies_user_change", args=[cast.stranger.pk])
    assert office.get(page).status_code == 302
    assert cast.stranger.username not in office.get(reverse("admin:agencies_user_changelist")).content.decode()


def test_staff_of_a_province_cannot_make_anybody_a_keeper_of_the_system(office, cast):
    page = reverse("admin:agencies_user_change", args=[cast.health_officer.pk])
    data = {
        "username": "yte",
        "full_name": "Trần Minh Đức",
        "email": "yte@vinhphuc.example",
        "is_active": "on",
        "is_superuser": "on",
    }
    office.post(page, data | places())
    cast.health_officer.refresh_from_db()
    assert cast.health_officer.full_name == "Trần Minh Đức"
    assert not cast.health_officer.is_superuser


@pytest.mark.parametrize("name", ["agency", "agencygroup", "succession", "province", "user"])
def test_every_page_of_the_register_opens(office, name):
    assert office.get(reverse(f"admin:agencies_{name}_changelist")).status_code == 200
    assert office.get(reverse("admin:workdays_specialday_changelist")).status_code == 200
