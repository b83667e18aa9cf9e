"""The cast: a small province with the people that most tests need. Loaded as a plugin by conftest.py."""

from dataclasses import dataclass
from datetime import date

import pytest

from agencies.models import Agency, Membership, Province, User
from plans.models import Plan
from tests.factories import AgencyFactory, PlanFactory, ProvinceFactory, person


@dataclass
class Cast:
    """Sở Nội vụ coordinates `plan`; Sở Y tế and Sở Tư pháp work; a district has a commune; the chair looks on."""

    province: Province
    committee: Agency
    home_affairs: Agency
    health: Agency
    justice: Agency
    district: Agency
    commune: Agency
    coordinator: User
    health_officer: User
    health_leader: User
    justice_officer: User
    district_officer: User
    commune_officer: User
    viewer: User
    stranger: User
    plan: Plan


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, made anew for the test."""
    return make_cast()


def make_cast() -> Cast:
    """Make the cast; where many tests only look, one cast for all of them saves minutes."""
    province = ProvinceFactory()
    committee = AgencyFactory(province=province, code="UBNDT", name="UBND tỉnh", kind=Agency.Kind.SUPERIOR)
    home_affairs = AgencyFactory(province=province, code="SNV", name="Sở Nội vụ", parent=committee)
    health = AgencyFactory(province=province, code="SYT", name="Sở Y tế", parent=committee)
    justice = AgencyFactory(province=province, code="STP", name="Sở Tư pháp", parent=committee)
    district = AgencyFactory(
        province=province, code="H1", name="UBND huyện Lập Thạch", kind=Agency.Kind.DISTRICT_PC, parent=committee
    )
    commune = AgencyFactory(
        province=province, code="X1", name="UBND xã Quang Sơn", kind=Agency.Kind.COMMUNE_PC, parent=district
    )
    elsewhere = AgencyFactory(province=ProvinceFactory(code="son-la", name="Sơn La"), code="SYT", name="Sở Y tế")
    return Cast(
        province=province,
        committee=committee,
        home_affairs=home_affairs,
        health=health,
        justice=justice,
        district=district,
        commune=commune,
        coordinator=person(home_affairs, Membership.Role.COORDINATOR, username="dieuphoi"),
        health_officer=person(health, username="yte"),
        health_leader=person(health, Membership.Role.LEADER, username="yte.lanhdao"),
        justice_officer=person(justice, username="tuphap"),
        district_officer=person(district, username="lapthach"),
        commune_officer=person(commune, username="quangson"),
        viewer=person(committee, Membership.Role.VIEWER, username="ubnd"),
        stranger=person(elsewhere, username="sonla"),
        plan=PlanFactory(
            province=province,
            number="82/KH-UBND",
            coordinating_agency=home_affairs,
            signed_on=date(2024, 3, 20),
        ),
    )
