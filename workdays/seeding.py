"""Holidays and make-up days from the national calendar into the table that the administrator edits."""

from collections.abc import Iterable

from holidays.countries import Vietnam

from workdays.models import SpecialDay


def seed_special_days(years: Iterable[int]) -> int:
    """Add the holidays of the years (Labour Code 2019, article 112; with Tết). What is there is never changed.

    Returns the number of days added. Make-up days announced by the Prime Minister come with the library for the years
    it knows; the administrator adds the others.
    """
    calendar = Vietnam(years=list(years), language="vi")
    rows = [SpecialDay(date=day, kind=SpecialDay.Kind.HOLIDAY, name=name[:200]) for day, name in calendar.items()]
    rows += [
        SpecialDay(date=day, kind=SpecialDay.Kind.MAKE_UP, name="Làm bù")
        for day in getattr(calendar, "weekend_workdays", [])
    ]
    before = SpecialDay.objects.count()
    SpecialDay.objects.bulk_create(rows, ignore_conflicts=True)
    return SpecialDay.objects.count() - before
