"""Working days, holidays and the one place that knows the day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from workdays.calendar import Calendar
from workdays.clock import now, set_demonstration_day, today
from workdays.models import DemonstrationDay, SpecialDay
from workdays.seeding import seed_special_days

CALENDAR = Calendar(holidays=frozenset({date(2024, 6, 24)}), make_up_days=frozenset({date(2024, 6, 29)}))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 6, 21), True),  # Friday
        (date(2024, 6, 22), False),  # Saturday
        (date(2024, 6, 23), False),  # Sunday
        (date(2024, 6, 24), False),  # a Monday off
        (date(2024, 6, 29), True),  # a Saturday worked in exchange
    ],
)
def test_a_working_day_is_monday_to_friday_without_holidays_and_with_make_up_days(day: date, works: bool):
    assert CALENDAR.is_working_day(day) is works


def test_a_reminder_goes_to_the_working_day_before_a_sunday():
    assert CALENDAR.working_day_on_or_before(date(2024, 6, 9)) == date(2024, 6, 7)
    assert CALENDAR.working_day_on_or_before(date(2024, 6, 7)) == date(2024, 6, 7)


def test_the_next_working_day_passes_over_weekend_and_holiday():
    assert CALENDAR.working_day_on_or_after(date(2024, 6, 22)) == date(2024, 6, 25)


def test_the_first_day_is_not_counted():
    assert CALENDAR.add_working_days(date(2024, 6, 20), 3) == date(2024, 6, 26)
    assert CALENDAR.add_working_days(date(2024, 6, 22), 1) == date(2024, 6, 25)
    assert CALENDAR.add_working_days(date(2024, 6, 20), 0) == date(2024, 6, 20)


def test_the_table_is_read_once_for_a_whole_job(db: None, django_assert_num_queries):
    SpecialDay.objects.create(date=date(2024, 6, 24), kind=SpecialDay.Kind.HOLIDAY, name="Nghỉ")
    SpecialDay.objects.create(date=date(2024, 6, 29), kind=SpecialDay.Kind.MAKE_UP, name="Làm bù")
    with django_assert_num_queries(1):
        assert Calendar.load() == CALENDAR


def test_seeding_knows_tet_and_changes_nothing_that_is_there(db: None):
    SpecialDay.objects.create(date=date(2024, 2, 10), kind=SpecialDay.Kind.HOLIDAY, name="Tết của chúng tôi")
    assert seed_special_days([2024]) > 5
    assert SpecialDay.objects.get(date=date(2024, 2, 10)).name == "Tết của chúng tôi"
    assert not Calendar.load().is_working_day(date(2024, 9, 2))
    assert seed_special_days([2024]) == 0


def test_a_day_is_special_in_one_way(db: None):
    SpecialDay.objects.create(date=date(2024, 6, 24), kind=SpecialDay.Kind.HOLIDAY, name="Nghỉ")
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(date=date(2024, 6, 24), kind=SpecialDay.Kind.MAKE_UP, name="Làm bù")
    assert SpecialDay.objects.count() == 1


@time_machine.travel(datetime(2024, 6, 2, 23, 30, tzinfo=ZoneInfo("UTC")), tick=False)
def test_the_day_is_the_day_in_vietnam(db: None):
    assert today() == date(2024, 6, 3)
    assert now().date() == date(2024, 6, 3)


@time_machine.travel(datetime(2026, 11, 21, 10, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), tick=False)
def test_the_demonstration_assumes_a_day_and_keeps_the_time_of_day(db: None, settings):
    settings.DEMO = True
    assert today() == date(2026, 11, 21)
    set_demonstration_day(date(2024, 6, 3))
    set_demonstration_day(date(2024, 6, 4))
    assert today() == date(2024, 6, 4)
    assert (now().date(), now().hour, now().minute) == (date(2024, 6, 4), 10, 15)
    assert DemonstrationDay.objects.count() == 1


@time_machine.travel(datetime(2026, 11, 21, 10, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), tick=False)
def test_outside_the_demonstration_an_assumed_day_means_nothing_and_cannot_be_set(db: None, settings):
    settings.DEMO = False
    DemonstrationDay.objects.create(date=date(2024, 6, 3))
    assert today() == date(2026, 11, 21)
    with pytest.raises(RuntimeError, match="chỉ có trong bản dữ liệu mẫu"):
        set_demonstration_day(date(2024, 6, 3))


def test_there_is_one_assumed_day_at_most(db: None):
    with pytest.raises(IntegrityError, match="demonstration_day_is_one_row"), transaction.atomic():
        DemonstrationDay.objects.create(id=2, date=date(2024, 6, 3))
    assert not DemonstrationDay.objects.exists()
