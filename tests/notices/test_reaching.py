"""Letters that wait for the week, and addresses that cannot be reached."""

from datetime import date, timedelta

import pytest
from pytest_django import Settings

from notices.models import BouncedAddress, Letter, Notice, PlanNoticeSettings, WeeklyLetter
from notices.sending import send_waiting
from plans.models import WorkItem
from tests.cast import Cast
from tests.notices.conftest import Mailbox, at

FRIDAY = date(2024, 6, 28)
MONDAY = FRIDAY + timedelta(days=3)


# Addresses


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("RCPT", "550 5.1.1 No such user"),
        ("RCPT", "550 No such user here"),
        ("RCPT", "550 5.2.1 Mailbox disabled"),
        ("DATA", "550 5.1.1 No such user"),
    ],
)
def test_an_address_that_is_refused_for_good_is_remembered_and_not_written_to_again(
    due: WorkItem, cast: Cast, mailbox: Mailbox, where: str, words: str
) -> None:
    mailbox.answers["yte@vinhphuc.example" if where == "RCPT" else where] = words
    assert send_waiting(FRIDAY, at(FRIDAY)).failed == 1
    assert Letter.objects.get().state == Letter.State.FAILED
    mark = BouncedAddress.objects.get(address="yte@vinhphuc.example")
    assert words in mark.answer
    assert set(Notice.objects.values_list("state", flat=True)) == {"failed"}
    assert all(words in reason for reason in Notice.objects.values_list("reason", flat=True))
    tell_by_hand(cast, "URGED:1")
    assert send_waiting(FRIDAY, at(FRIDAY, 9)).composed == 0
    later = Notice.objects.get(key="URGED:1")
    assert (later.state, words in later.reason) == ("suppressed", True)


def tell_by_hand(cast: Cast, key: str) -> None:
    Notice.objects.create(
        key=key, kind="urged", urgent=True, recipient=cast.health_officer, plan=cast.plan, on=FRIDAY, words="Đôn đốc."
    )


def test_a_person_is_written_to_again_when_the_address_was_mended_or_the_mark_lifted(
    due: WorkItem, cast: Cast, mailbox: Mailbox
) -> None:
    BouncedAddress.objects.create(address="yte@vinhphuc.example", at=at(FRIDAY), answer="550 5.1.1 No such user")
    cast.health_officer.email = "Yte@vinhphuc.example"
    cast.health_officer.save()
    assert send_waiting(FRIDAY, at(FRIDAY)).composed == 0
    cast.health_officer.email = "yte.moi@vinhphuc.example"
    cast.health_officer.save()
    tell_by_hand(cast, "URGED:1")
    assert send_waiting(FRIDAY, at(FRIDAY, 9)).sent == 1
    cast.health_officer.email = "yte@vinhphuc.example"
    cast.health_officer.save()
    BouncedAddress.objects.all().delete()
    tell_by_hand(cast, "URGED:2")
    assert send_waiting(FRIDAY, at(FRIDAY, 10)).sent == 1


@pytest.mark.parametrize(
    "words", ["554 5.7.1 Relay access denied", "452 4.2.2 Mailbox full", "552 5.2.2 Mailbox full", "554 Go away"]
)
def test_a_refusal_that_is_not_about_the_address_is_tried_again(due: WorkItem, mailbox: Mailbox, words: str) -> None:
    mailbox.answers["yte@vinhphuc.example"] = words
    assert send_waiting(FRIDAY, at(FRIDAY)).postponed == 1
    assert not BouncedAddress.objects.exists()
    mailbox.answers.clear()
    assert send_waiting(FRIDAY, at(FRIDAY, 9)).sent == 1


def test_what_cannot_be_delivered_is_returned_to_the_address_of_the_settings(
    due: WorkItem, mailbox: Mailbox, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "thu-tra@vinhphuc.example"
    settings.DEFAULT_FROM_EMAIL = "Nhắc việc <nhacviec@vinhphuc.example>"
    send_waiting(FRIDAY, at(FRIDAY))
    assert mailbox.senders == ["thu-tra@vinhphuc.example"]
    assert str(mailbox.letters[0]["From"]) == "Nhắc việc <nhacviec@vinhphuc.example>"


# Once a week


@pytest.mark.parametrize("who", ["plan", "person"])
def test_who_reads_once_a_week_gets_what_can_wait_on_the_first_working_day(
    cast: Cast, mailbox: Mailbox, who: str
) -> None:
    if who == "plan":
        PlanNoticeSettings.objects.create(plan=cast.plan, digest="weekly")
    else:
        WeeklyLetter.objects.create(user=cast.health_officer, since=FRIDAY)
    wednesday = FRIDAY - timedelta(days=2)
    far = MONDAY + timedelta(days=7)
    for key, kind, due in [("a", "nearly_due", far), ("b", "assigned", None)]:
        Notice.objects.create(
            key=key, kind=kind, recipient=cast.health_officer, plan=cast.plan, on=wednesday, words="Việc.", due_date=due
        )
    for day in (wednesday, FRIDAY):
        assert send_waiting(day, at(day)).composed == 0
    assert send_waiting(MONDAY, at(MONDAY)).sent == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    ("kind", "urgent", "days"), [("overdue", False, -1), ("urged", True, 20), ("nearly_due", False, 1)]
)
def test_what_cannot_wait_for_the_letter_of_the_week_leaves_at_once_and_takes_the_rest_along(
    cast: Cast, mailbox: Mailbox, kind: str, urgent: bool, days: int
) -> None:
    WeeklyLetter.objects.create(user=cast.health_officer, since=FRIDAY)
    wednesday = FRIDAY - timedelta(days=2)
    about = {"recipient": cast.health_officer, "plan": cast.plan, "on": wednesday, "words": "Việc."}
    Notice.objects.create(key="a", kind="assigned", **about)
    Notice.objects.create(key="b", kind=kind, urgent=urgent, due_date=wednesday + timedelta(days=days), **about)
    send_waiting(wednesday, at(wednesday))
    assert Notice.objects.get(key="b").state == "sent"
    assert len(mailbox.letters) == (2 if urgent else 1)
