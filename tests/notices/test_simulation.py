"""Weeks with everything that can break broken: what arrived is what was due. The whole year is `simulate_year`."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from agencies.models import Membership
from notices import sending
from notices.models import Letter
from notices.simulation.reckoning import is_working_day
from notices.simulation.year import Account, Faults, Year
from tests.cast import Cast
from tests.factories import AgencyFactory, TaskFactory, person, work_item
from workdays.calendar import Calendar
from workdays.seeding import seed_special_days

FIRST = date(2024, 4, 17)
"""The weeks after it hold a holiday in mid-week, a swapped Monday, 30/4 and 1/5, and a working Saturday."""
EVERYTHING = Faults(
    kill=0.7,
    smtp_errors=5,
    lost_answers=3,
    refusing=10,
    skip_days=2,
    relay_away_days=1,
    broker_losses=1,
    two_workers=True,
)


def agencies_that_owe(cast: Cast, number: int, due_dates: list[date]) -> None:
    """Give the plan tasks on these days to the cast's agencies and some more; one has nobody who can get a letter."""
    seed_special_days([2024])
    cast.plan.activated_on = FIRST
    cast.plan.save()
    agencies = [cast.health, cast.justice, cast.district, cast.commune]
    for one in range(number):
        agency = AgencyFactory(province=cast.province, parent=cast.committee)
        officer = person(agency)
        if one:
            person(agency, Membership.Role.LEADER)
        else:
            officer.email = ""
            officer.save()
        agencies.append(agency)
    for due in due_dates:
        task = TaskFactory(plan=cast.plan, deadline__due_dates=[due])
        for agency in agencies:
            work_item(agency, task=task, due=due)


def account_of(cast: Cast, days: int, faults: Faults) -> Account:
    """Go through that many days after the first one."""
    return Year(
        plan=cast.plan,
        first=FIRST,
        last=FIRST + timedelta(days=days),
        faults=faults,
        broker_url=settings.REDIS_URL,
        longest_kill=0.15,
    ).run()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_weeks_of_kills_refusals_and_lost_days_lose_nothing_and_double_nothing(cast: Cast) -> None:
    agencies_that_owe(cast, 6, [date(2024, 4, 22), date(2024, 4, 28), date(2024, 5, 1), date(2024, 5, 6)])
    account = account_of(cast, 17, EVERYTHING)
    assert (account.lost, account.doubled, account.uncalled, account.on_days_off) == (0, 0, 0, 0), account.examples
    assert account.contradictions == 0
    assert account.due > 70
    assert account.told >= account.due
    assert account.kills > 3
    assert account.letters > 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["marked before it was sent", "never marked", "no days off"])
def test_the_account_sees_what_a_broken_sender_does(cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    agencies_that_owe(cast, 2, [FIRST + timedelta(days=2)])
    if broken == "marked before it was sent":

        def lose_some(*args: object) -> list[Letter]:
            letters = sound_claim(*args)  # type: ignore[arg-type]
            Letter.objects.filter(pk__in=[letter.pk for letter in letters[1:]]).update(state=Letter.State.SENT)
            return letters[:1]

        sound_claim = sending.claim
        monkeypatch.setattr(sending, "claim", lose_some)
    elif broken == "never marked":
        monkeypatch.setattr(sending, "_mark_taken", lambda pks, now: release(pks))
    else:
        monkeypatch.setattr(Calendar, "is_working_day", lambda self, day: True)
    account = account_of(cast, 2, Faults())
    assert not account.sound
    seen = {
        "marked before it was sent": account.lost,
        "never marked": account.doubled + account.doubled_in_the_window,
        "no days off": account.on_days_off,
    }
    assert seen[broken] > 0


def release(pks: list[int]) -> None:
    """What a sender would do that forgot to mark: everything leaves again some bells later."""
    Letter.objects.filter(pk__in=pks).update(
        leased_until=None, next_attempt_at=F("next_attempt_at") + timedelta(hours=1)
    )


def test_the_reckoning_knows_the_working_days_of_2024_by_itself(db: None) -> None:
    seed_special_days([2024])
    calendar = Calendar.load()
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    assert [day for day in days if is_working_day(day) != calendar.is_working_day(day)] == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_months_of_plan_82_with_all_agencies_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    name = connection.settings_dict["NAME"]
    test_name = connection.settings_dict["TEST"].get("NAME")
    words = ("--seed", "11", "--kill", "--smtp-errors", "5", "--skip-days", "5", "--until", "2024-05-15", "--json")
    try:
        call_command("simulate_year", *words)
    finally:
        connection.settings_dict["TEST"]["NAME"] = test_name
    account = json.loads(capsys.readouterr().out)
    assert (account["lost"], account["doubled"], account["on_days_off"]) == (0, 0, 0)
    assert account["letters"] > 500
    assert connection.settings_dict["NAME"] == name
