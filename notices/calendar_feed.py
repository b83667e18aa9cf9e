"""Due dates and reporting periods as an iCalendar file (RFC 5545): opens in a phone's calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q
from icalendar import Calendar, Event

from agencies.access import access_of
from notices.models import CalendarAddress
from plans.models import Plan, WorkItem
from reports.models import Period, Report

BACK, AHEAD = timedelta(days=90), timedelta(days=550)
"""How far before and after the day due dates are shown."""
MOST = 2000
"""Events of one calendar at most, those nearest to come first kept."""
TITLE = 90
"""Characters of a task in an event's title."""


def feed_of(address: CalendarAddress, today: date, now: datetime, base_url: str) -> bytes:
    """Return the calendar of an address: open work and unsubmitted reports, each a whole-day event on its due date.

    ``base_url`` ("https://…") goes before the links. A moved date has a higher SEQUENCE under the same UID, so phones
    move the event instead of keeping both.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//SIPAS Tracker//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"SIPAS: {address.agency.label if address.agency else address.user}")
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("x-published-ttl", "PT6H")
    for event in [*_items(address, today, now, base_url), *_reports(address, today, now, base_url)]:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _items(address: CalendarAddress, today: date, now: datetime, base_url: str) -> Iterator[Event]:
    items = WorkItem.objects.visible_to(address.user).open().filter(task__plan__status=Plan.Status.ACTIVE)
    items = items.exclude(task__is_report=True, occurrence__reporting_period__isnull=False)
    if address.agency_id:
        items = items.filter(agency=address.agency_id)
    else:  # one's own: what is given to the person, and what nobody was given yet
        mine = Q(responsible=address.user_id) | Q(responsible__isnull=True)
        items = items.filter(mine, agency__in=access_of(address.user).own)
    near = items.filter(due_date__gte=today - BACK, due_date__lte=today + AHEAD)
    for item in near.select_related("task__plan", "agency").order_by("due_date", "pk")[:MOST]:
        name = "Mốc cập nhật" if item.is_check_point else "Hạn"
        yield _event(
            f"item-{item.pk}",
            item.due_date,
            f"{name}: {_cut(item.task.text)}",
            f"{item.agency.name}\nKế hoạch {item.task.plan.number}, nhiệm vụ {item.task.position}\n"
            f"{item.get_state_display().capitalize()}, {item.percent} %",
            f"{base_url}{item.get_absolute_url()}",
            item.due_version,
            now,
        )


def _reports(address: CalendarAddress, today: date, now: datetime, base_url: str) -> Iterator[Event]:
    agencies = [address.agency_id] if address.agency_id else access_of(address.user).own
    reports = (
        Report.objects.visible_to(address.user).filter(agency__in=agencies, period__status=Period.Status.OPEN).missing()
    )
    near = reports.filter(due_date__gte=today - BACK, due_date__lte=today + AHEAD)
    for report in near.select_related("period__plan", "agency").order_by("due_date", "pk")[:MOST]:
        yield _event(
            f"report-{report.pk}",
            report.due_date,
            f"Hạn nộp báo cáo {report.period.name}",
            f"{report.agency.name}\nKế hoạch {report.period.plan.number}",
            f"{base_url}{report.get_absolute_url()}",
            1,
            now,
        )


def _event(uid: str, day: date | None, title: str, words: str, url: str, version: int, now: datetime) -> Event:
    assert day is not None
    event = Event()
    event.add("uid", f"{uid}@sipas-tracker")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", f"{words}\n{url}")
    event.add("url", url)
    event.add("sequence", version - 1)
    event.add("transp", "TRANSPARENT")
    return event


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE else f"{line[:TITLE].rsplit(' ', 1)[0]}…"
