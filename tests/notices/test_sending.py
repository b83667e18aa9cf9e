"""Letters: one a person a day, through a real mail server, once, whoever sends and whatever breaks."""

from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from notices import composing, sending
from notices.letters import HEADINGS
from notices.models import Letter, Notice, PlanNoticeSettings
from notices.rules import make_notices
from notices.sending import send_waiting
from plans.models import WorkItem
from plans.models.occurrence import State
from tests.cast import Cast
from tests.factories import AgencyFactory, person, work_item
from tests.notices.conftest import Mailbox, at
from workdays.models import SpecialDay

FRIDAY = date(2024, 6, 28)
MONDAY = FRIDAY + timedelta(days=3)


def test_a_letter_arrives_with_subject_text_and_html_that_link_to_the_item(due: WorkItem, mailbox: Mailbox) -> None:
    assert send_waiting(FRIDAY, at(FRIDAY)).sent == 1
    letter = mailbox.letters[0]
    assert letter["To"] == "yte@vinhphuc.example"
    assert letter["Subject"].strip() == "[SIPAS] 1 việc cần xử lý: 1 đến hạn - Sở Y tế"
    text, html = (part.get_content() for part in letter.iter_parts())  # type: ignore[attr-defined]
    address = f"http://127.0.0.1:8000/dau-viec/{due.pk}/"
    assert address in text
    assert f'<a href="{address}">' in html
    assert "Kính gửi anh/chị " in text
    assert f"Đến hạn 28/6/2024: {due.task.short_text}" in text
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_one_letter_a_person_a_day_however_often_it_is_sent(due: WorkItem, cast: Cast, mailbox: Mailbox) -> None:
    for minute in range(3):
        make_notices(FRIDAY)
        send_waiting(FRIDAY, at(FRIDAY, minute=minute))
    work_item(cast.health, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    send_waiting(FRIDAY, at(FRIDAY, 15))
    assert mailbox.to() == ["yte@vinhphuc.example"]
    send_waiting(MONDAY, at(MONDAY))
    assert mailbox.to() == ["yte@vinhphuc.example"] * 2


def test_the_letter_is_grouped_most_urgent_first_and_counts_what_is_to_do(cast: Cast, mailbox: Mailbox) -> None:
    for days in (-2, 5, 6):
        work_item(cast.health, plan=cast.plan, due=FRIDAY + timedelta(days=days))
    make_notices(FRIDAY)
    send_waiting(FRIDAY, at(FRIDAY))
    letter = mailbox.letters[0]
    assert letter["Subject"].strip() == "[SIPAS] 3 việc cần xử lý: 1 quá hạn, 2 sắp đến hạn - Sở Y tế"
    text = next(letter.iter_parts()).get_content()  # type: ignore[attr-defined]
    heads = [line for line in text.splitlines() if line.isupper()]
    assert heads == ["QUÁ HẠN (1)", "SẮP ĐẾN HẠN (2)", "ĐƯỢC GIAO VIỆC (1)"]
    assert "quá hạn 2 ngày" in text
    assert "còn 5 ngày" in text


def test_what_people_typed_cannot_become_markup(cast: Cast, mailbox: Mailbox) -> None:
    item = work_item(cast.health, plan=cast.plan, due=FRIDAY)
    item.record_update(by=cast.health_officer, on=FRIDAY, percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=FRIDAY)
    item.send_back(by=cast.coordinator, on=FRIDAY, reason="<script>alert(1)</script> & thiếu \r\nBcc: x@y.vn")
    make_notices(FRIDAY)
    send_waiting(FRIDAY, at(FRIDAY))
    html = [list(letter.iter_parts())[1].get_content() for letter in mailbox.letters]  # type: ignore[attr-defined]
    assert not any("<script>" in words for words in html)
    assert any("&lt;script&gt;" in words for words in html)
    assert not any(letter["Bcc"] for letter in mailbox.letters)


def test_a_return_leaves_at_once_in_a_letter_of_its_own(due: WorkItem, cast: Cast, mailbox: Mailbox) -> None:
    send_waiting(FRIDAY, at(FRIDAY))
    due.record_update(by=cast.health_officer, on=FRIDAY, percent=100, words="Xong.")
    due.hand_in(by=cast.health_officer, on=FRIDAY)
    due.send_back(by=cast.coordinator, on=FRIDAY, reason="Thiếu văn bản.")
    make_notices(FRIDAY)
    send_waiting(FRIDAY, at(FRIDAY, 10))
    assert [str(letter["Subject"]).strip() for letter in mailbox.letters][1:] == [
        "[SIPAS] 1 việc cần xử lý: 1 bị trả lại - Sở Y tế"
    ]


# When


@pytest.mark.parametrize(("hour", "minute", "leaves"), [(6, 59, 0), (7, 0, 1), (17, 59, 1), (18, 0, 0)])
def test_letters_leave_in_working_hours_only(
    due: WorkItem, mailbox: Mailbox, hour: int, minute: int, leaves: int
) -> None:
    send_waiting(FRIDAY, at(FRIDAY, hour, minute))
    assert len(mailbox.letters) == leaves


def test_no_letter_leaves_on_a_day_off_and_one_does_on_a_make_up_day(due: WorkItem, mailbox: Mailbox) -> None:
    saturday = FRIDAY + timedelta(days=1)
    holiday = SpecialDay.objects.create(date=FRIDAY, kind=SpecialDay.Kind.HOLIDAY, name="Nghỉ")
    assert send_waiting(FRIDAY, at(FRIDAY)).idle == "Ngày 28/06/2024 không phải ngày làm việc."
    assert send_waiting(saturday, at(saturday)).idle != ""
    assert mailbox.letters == []
    holiday.delete()
    SpecialDay.objects.create(date=saturday, kind=SpecialDay.Kind.MAKE_UP, name="Làm bù")
    assert send_waiting(saturday, at(saturday)).sent == 1


def test_the_demonstration_has_no_hours_but_keeps_days_off(due: WorkItem, mailbox: Mailbox, settings: Settings) -> None:
    settings.DEMO = True
    assert send_waiting(FRIDAY, at(FRIDAY, 23)).sent == 1
    assert send_waiting(FRIDAY + timedelta(days=2), at(FRIDAY + timedelta(days=2))).idle != ""


def test_a_plan_with_hours_of_its_own_holds_its_letters_back(due: WorkItem, cast: Cast, mailbox: Mailbox) -> None:
    PlanNoticeSettings.objects.create(plan=cast.plan, opens=time(9), closes=time(16))
    assert send_waiting(FRIDAY, at(FRIDAY, 8, 59)).composed == 0
    mailbox.refusals = 1
    send_waiting(FRIDAY, at(FRIDAY, 15, 55))
    assert send_waiting(FRIDAY, at(FRIDAY, 16, 10)).sent == 0
    assert send_waiting(MONDAY, at(MONDAY, 9)).sent == 1


def test_a_plan_may_open_earlier_than_the_others(due: WorkItem, cast: Cast, mailbox: Mailbox) -> None:
    assert send_waiting(FRIDAY, at(FRIDAY, 6, 30)).idle
    PlanNoticeSettings.objects.create(plan=cast.plan, opens=time(6))
    assert send_waiting(FRIDAY, at(FRIDAY, 6, 30)).sent == 1


def test_every_kind_has_its_heading() -> None:
    assert set(HEADINGS) == set(Notice.Kind)


# What needs no letter any more


def test_work_that_is_done_before_the_letter_leaves_is_not_reminded_of(due: WorkItem, mailbox: Mailbox) -> None:
    WorkItem.objects.update(state=State.HANDED_IN, handed_in_on=FRIDAY)
    Notice.objects.filter(kind=Notice.Kind.ASSIGNED).delete()
    send_waiting(FRIDAY, at(FRIDAY))
    assert mailbox.letters == []
    assert Notice.objects.get().reason == composing.OVER


def test_what_was_handed_in_before_its_letter_left_is_told_when_it_comes_back(
    due: WorkItem, cast: Cast, mailbox: Mailbox
) -> None:
    send_waiting(FRIDAY, at(FRIDAY))
    make_notices(MONDAY)
    due.record_update(by=cast.health_officer, on=MONDAY, percent=100, words="Xong.")
    due.hand_in(by=cast.health_officer, on=MONDAY)
    send_waiting(MONDAY, at(MONDAY))
    assert Notice.objects.get(kind="overdue").reason == composing.OVER
    due.send_back(by=cast.coordinator, on=MONDAY, reason="Thiếu văn bản.")
    told = {}
    for days in range(1, 5):
        make_notices(MONDAY + timedelta(days=days))
        send_waiting(MONDAY + timedelta(days=days), at(MONDAY + timedelta(days=days)))
        told[days] = Notice.objects.get(kind="overdue").state
    assert told == {1: "suppressed", 2: "suppressed", 3: "suppressed", 4: "sent"}
    assert "1 quá hạn" in str(mailbox.letters[-1]["Subject"])


def test_a_person_who_was_locked_out_gets_no_letter_and_the_ledger_says_so(
    due: WorkItem, cast: Cast, mailbox: Mailbox
) -> None:
    cast.health_officer.is_active = False
    cast.health_officer.save()
    send_waiting(FRIDAY, at(FRIDAY))
    assert mailbox.letters == []
    assert set(Notice.objects.values_list("state", "reason")) == {("suppressed", composing.NO_ADDRESS)}


def test_without_a_mail_server_letters_are_kept_to_be_read(due: WorkItem, settings: Settings) -> None:
    settings.LETTERS_LEAVE = False
    outcome = send_waiting(FRIDAY, at(FRIDAY))
    assert (outcome.kept, outcome.sent) == (1, 0)
    assert Letter.objects.get().state == Letter.State.KEPT
    assert set(Notice.objects.values_list("state", "reason")) == {("suppressed", composing.KEPT)}


# What breaks


def test_a_refused_letter_is_tried_again_after_growing_pauses(due: WorkItem, mailbox: Mailbox) -> None:
    mailbox.refusals = 2
    first = send_waiting(FRIDAY, at(FRIDAY))
    assert (first.sent, first.postponed) == (0, 1)
    assert "451" in Letter.objects.get().error
    assert send_waiting(FRIDAY, at(FRIDAY)).postponed == 0
    send_waiting(FRIDAY, at(FRIDAY, 8, 2))
    assert Letter.objects.get().next_attempt_at >= at(FRIDAY, 8, 7)
    assert mailbox.letters == []
    assert send_waiting(FRIDAY, at(FRIDAY, 8, 10)).sent == 1
    assert Letter.objects.get().attempts == 3
    assert len(mailbox.letters) == 1


def test_a_letter_that_nobody_takes_on_its_day_has_failed_and_the_next_one_tells_what_still_holds(
    due: WorkItem, mailbox: Mailbox
) -> None:
    mailbox.refusals = 6
    for hour in (8, 9, 10, 11, 13, 15):
        send_waiting(FRIDAY, at(FRIDAY, hour))
    assert (Letter.objects.get().state, Letter.objects.get().attempts) == (Letter.State.WAITING, 6)
    make_notices(MONDAY)
    outcome = send_waiting(MONDAY, at(MONDAY))
    assert (outcome.failed, outcome.sent) == (1, 1)
    old = Letter.objects.get(on=FRIDAY)
    assert old.state == Letter.State.FAILED
    assert "Không gửi được trong ngày 28/6/2024" in old.error
    assert "451" in old.error
    assert [str(letter["Subject"]).strip() for letter in mailbox.letters] == [
        "[SIPAS] 1 việc cần xử lý: 1 quá hạn - Sở Y tế"
    ]
    told = dict(Notice.objects.values_list("kind", "state"))
    assert told == {"assigned": "sent", "due": "suppressed", "overdue": "sent"}


def test_a_day_without_a_mail_server_loses_nothing_and_doubles_nothing(
    due: WorkItem, cast: Cast, mailbox: Mailbox, settings: Settings
) -> None:
    due.record_update(by=cast.health_officer, on=FRIDAY, percent=100, words="Xong.")
    due.hand_in(by=cast.health_officer, on=FRIDAY)
    due.send_back(by=cast.coordinator, on=FRIDAY, reason="Thiếu văn bản.")
    make_notices(FRIDAY)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for hour in range(7, 18):
        assert send_waiting(FRIDAY, at(FRIDAY, hour)).sent == 0
    settings.EMAIL_PORT = port
    for hour in range(7, 18):
        make_notices(MONDAY)
        send_waiting(MONDAY, at(MONDAY, hour))
    subjects = sorted(str(letter["Subject"]).strip() for letter in mailbox.letters)
    assert subjects == [
        "[SIPAS] 1 việc cần xử lý: 1 bị trả lại - Sở Y tế",
        "[SIPAS] 1 việc cần xử lý: 1 đến hạn - Sở Y tế",
    ]
    assert set(Notice.objects.values_list("kind", "state")) == {
        ("assigned", "sent"),
        ("due", "sent"),
        ("returned", "sent"),
    }


def test_a_letter_that_may_have_arrived_keeps_its_message_id_also_on_the_next_day(
    due: WorkItem, mailbox: Mailbox, settings: Settings
) -> None:
    mailbox.broken = 1
    assert send_waiting(FRIDAY, at(FRIDAY)).postponed == 1
    assert Letter.objects.get().in_doubt
    make_notices(MONDAY)
    send_waiting(MONDAY, at(MONDAY))
    first, again, new = sorted(mailbox.letters, key=lambda letter: "quá hạn" in letter["Subject"])
    assert first["Message-ID"] == again["Message-ID"] != new["Message-ID"]
    told_of = [next(letter.iter_parts()).get_content() for letter in (again, new)]  # type: ignore[attr-defined]
    assert "ĐẾN HẠN (1)" in told_of[0]
    assert "QUÁ HẠN (1)" in told_of[1]
    assert "ĐƯỢC GIAO VIỆC" not in told_of[1]


def test_one_refused_address_does_not_hold_up_the_others(due: WorkItem, cast: Cast, mailbox: Mailbox) -> None:
    work_item(cast.justice, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    mailbox.refusals = 1
    outcome = send_waiting(FRIDAY, at(FRIDAY))
    assert (outcome.sent, outcome.postponed) == (1, 1)


def test_a_mail_server_that_is_away_costs_nobody_their_letter(
    due: WorkItem, cast: Cast, mailbox: Mailbox, settings: Settings
) -> None:
    work_item(cast.justice, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_waiting(FRIDAY, at(FRIDAY)).postponed == 2
    assert "Connection refused" in Letter.objects.first().error  # type: ignore[union-attr]
    settings.EMAIL_PORT = port
    assert send_waiting(FRIDAY, at(FRIDAY, 9)).sent == 2


def test_the_command_is_red_when_letters_of_the_day_before_were_given_up(
    due: WorkItem, mailbox: Mailbox, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_PORT = 1
    send_waiting(FRIDAY, at(FRIDAY))
    with pytest.raises(CommandError) as stopped:
        call_command("send_notices", "--as-of", str(MONDAY))
    assert stopped.value.returncode == 1
    assert "không gửi được 1" in capsys.readouterr().out


def test_a_crash_after_the_server_took_the_letter_is_the_one_double_and_carries_the_same_message_id(
    due: WorkItem, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(pks: list[int], now: datetime) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(sending, "_mark_taken", killed)
        with pytest.raises(KeyboardInterrupt):
            send_waiting(FRIDAY, at(FRIDAY))
    assert send_waiting(FRIDAY, at(FRIDAY, 8, 10)).sent == 0  # the lease still holds
    assert send_waiting(FRIDAY, at(FRIDAY, 8, 20)).sent == 1
    assert len({str(letter["Message-ID"]) for letter in mailbox.letters}) == 1
    assert len(mailbox.letters) == 2
    assert Letter.objects.get().in_doubt


def test_a_crash_before_the_server_was_asked_loses_nothing_and_doubles_nothing(
    due: WorkItem, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for seam in ("compose_waiting", "claim", "Post"):
        with monkeypatch.context() as crash:
            crash.setattr(sending, seam, killed)
            with pytest.raises(KeyboardInterrupt):
                send_waiting(FRIDAY, at(FRIDAY))
    send_waiting(FRIDAY, at(FRIDAY, 8, 20))
    assert len(mailbox.letters) == 1


def test_a_killed_sender_can_double_only_what_its_connections_had_in_hand(
    cast: Cast, mailbox: Mailbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_CONNECTIONS = 2
    many_people_are_due(cast, 12)

    def killed(pks: list[int], now: datetime) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(sending, "_mark_taken", killed)
        with pytest.raises(KeyboardInterrupt):
            send_waiting(FRIDAY, at(FRIDAY))
    assert 1 <= len(mailbox.letters) <= 2
    again = len(mailbox.letters)
    send_waiting(FRIDAY, at(FRIDAY, 9))
    assert len(mailbox.letters) == 12 + again
    assert len({str(letter["Message-ID"]) for letter in mailbox.letters}) == 12


def many_people_are_due(cast: Cast, number: int) -> None:
    cast.plan.activated_on = FRIDAY
    cast.plan.save()
    for one in range(number):
        agency = AgencyFactory(province=cast.province)
        person(agency, username=f"nguoi.{one:02d}")
        work_item(agency, plan=cast.plan, due=FRIDAY)
    make_notices(FRIDAY)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_deliver_every_letter_once(cast: Cast, mailbox: Mailbox) -> None:
    many_people_are_due(cast, 45)
    together, sent = Barrier(3), []

    def send() -> None:
        try:
            together.wait(10)
            sent.append(send_waiting(FRIDAY, at(FRIDAY)).sent)
        finally:
            connections.close_all()

    senders = [Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)
    assert mailbox.to() == [f"nguoi.{number:02d}@vinhphuc.example" for number in range(45)]
    assert sum(sent) == 45


# By hand


def test_a_rehearsal_lists_letters_and_keeps_and_sends_nothing(
    due: WorkItem, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("send_notices", "--as-of", str(FRIDAY), "--dry-run")
    words = capsys.readouterr().out
    assert "Sẽ gửi: 1 thư ngày 28/06/2024." in words
    assert "yte@vinhphuc.example: [SIPAS] 1 việc cần xử lý: 1 đến hạn - Sở Y tế" in words
    assert (Letter.objects.count(), mailbox.letters) == (0, [])


def test_a_trial_goes_to_one_address_and_the_people_still_get_theirs(due: WorkItem, mailbox: Mailbox) -> None:
    call_command("send_notices", "--as-of", str(FRIDAY), "--redirect-to", "thu@vinhphuc.example")
    assert mailbox.to() == ["thu@vinhphuc.example"]
    call_command("send_notices", "--as-of", str(FRIDAY), "--json")
    assert mailbox.to() == ["thu@vinhphuc.example", "yte@vinhphuc.example"]


def test_queries_of_composing_do_not_grow_with_people(cast: Cast, mailbox: Mailbox) -> None:
    def queries(people: int) -> int:
        for _ in range(people):
            agency = AgencyFactory(province=cast.province)
            person(agency)
            work_item(agency, plan=cast.plan, due=FRIDAY)
        make_notices(FRIDAY)
        with CaptureQueriesContext(connection) as seen:
            assert composing.compose_waiting(FRIDAY, at(FRIDAY)) == people
        return len(seen)

    assert queries(2) == queries(12)
