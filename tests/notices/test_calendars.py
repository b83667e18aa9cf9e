"""A private calendar address: due dates and periods on a phone, for who knows the address, until it is revoked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from agencies.models import Membership
from notices.models import CalendarAddress
from plans.models.occurrence import OccurrenceKind
from reports.models import Period
from tests.cast import Cast
from tests.factories import PeriodFactory, ReportFactory, TaskFactory, work_item


def coming(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def events(client: Client, address: CalendarAddress) -> list[tuple[str, str]]:
    """Return (title, day) of what a phone reads at the address."""
    answer = client.get(address.get_absolute_url())
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return [(str(event["SUMMARY"]), event.decoded("DTSTART").isoformat()) for event in calendar.walk("VEVENT")]


def test_a_phone_reads_due_dates_check_points_and_periods(client: Client, cast: Cast):
    task = TaskFactory(plan=cast.plan, text="Rà soát thủ tục")
    work_item(cast.health, task=task, due=coming(10))
    work_item(cast.health, task=task, due=coming(5), ordinal=2, kind=OccurrenceKind.CHECK_POINT)
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN, name="6 tháng", due_date=coming(20))
    ReportFactory(period=period, agency=cast.health)
    assert events(client, CalendarAddress.give(cast.health_officer)) == [
        ("Mốc cập nhật: Rà soát thủ tục", coming(5).isoformat()),
        ("Hạn: Rà soát thủ tục", coming(10).isoformat()),
        ("Hạn nộp báo cáo 6 tháng", coming(20).isoformat()),
    ]


def test_ones_own_calendar_leaves_out_what_a_colleague_was_given_and_the_agencys_holds_all(client: Client, cast: Cast):
    item = work_item(cast.health, plan=cast.plan, due=coming(10))
    item.responsible = cast.health_leader
    item.save()
    assert events(client, CalendarAddress.give(cast.health_officer)) == []
    assert len(events(client, CalendarAddress.give(cast.health_officer, cast.health))) == 1
    assert len(events(client, CalendarAddress.give(cast.health_leader))) == 1


def test_what_is_done_leaves_the_calendar_and_a_moved_date_moves_the_event(client: Client, cast: Cast):
    item = work_item(cast.health, plan=cast.plan, due=coming(10))
    address = CalendarAddress.give(cast.health_officer)
    before = Calendar.from_ical(client.get(address.get_absolute_url()).content).walk("VEVENT")[0]
    item.due_date, item.due_version = coming(30), 2
    item.save()
    after = Calendar.from_ical(client.get(address.get_absolute_url()).content).walk("VEVENT")[0]
    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after.decoded("DTSTART")) == (before["SEQUENCE"] + 1, coming(30))
    item.record_update(by=cast.health_officer, on=timezone.localdate(), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=timezone.localdate())
    assert events(client, address) == []


def test_nobody_else_finds_a_calendar(client: Client, cast: Cast):
    assert client.get(reverse("calendar-feed", args=["doan-bua"])).status_code == 404
    with pytest.raises(ValidationError, match="cơ quan mình đang công tác"):
        CalendarAddress.give(cast.health_officer, cast.justice)


def test_a_revoked_address_and_one_of_somebody_who_left_answer_no_more(client: Client, cast: Cast):
    address = CalendarAddress.give(cast.health_officer)
    assert CalendarAddress.give(cast.health_officer) == address, "asked again, the same address is given"
    address.revoke()
    assert client.get(address.get_absolute_url()).status_code == 404
    fresh = CalendarAddress.give(cast.health_officer)
    assert fresh.token != address.token
    agencys = CalendarAddress.give(cast.health_officer, cast.health)
    Membership.objects.filter(user=cast.health_officer).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert client.get(fresh.get_absolute_url()).status_code == 404
    assert client.get(agencys.get_absolute_url()).status_code == 404


def test_addresses_are_given_and_revoked_on_the_page(client: Client, cast: Cast):
    client.force_login(cast.health_officer)
    client.post(reverse("calendar-give"), {"agency": cast.health.pk})
    address = CalendarAddress.objects.get(user=cast.health_officer)
    page = client.get(reverse("calendar-list")).content.decode()
    assert f"http://testserver{address.get_absolute_url()}" in page
    client.post(reverse("calendar-revoke", args=[address.pk]))
    assert not CalendarAddress.objects.standing().exists()
    assert client.post(reverse("calendar-give"), {"agency": "x"}).status_code == 302


def test_a_calendar_asks_as_often_for_many_items_as_for_few(client: Client, cast: Cast, django_assert_max_num_queries):
    for number in range(12):
        work_item(cast.health, plan=cast.plan, due=coming(10 + number))
    address = CalendarAddress.give(cast.health_officer, cast.health)
    with django_assert_max_num_queries(14):
        client.get(address.get_absolute_url())
