"""Arithmetic of working days. Dates of deadlines are never moved; reminders are."""

from dataclasses import dataclass
from datetime import date, timedelta

from workdays.models import SpecialDay


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days as the table stood when the calendar was loaded; one query serves a whole job."""

    holidays: frozenset[date]
    make_up_days: frozenset[date]

    @classmethod
    def load(cls) -> "Calendar":
        """Read the table once."""
        days = list(SpecialDay.objects.values_list("date", "kind"))
        return cls(
            holidays=frozenset(day for day, kind in days if kind == SpecialDay.Kind.HOLIDAY),
            make_up_days=frozenset(day for day, kind in days if kind == SpecialDay.Kind.MAKE_UP),
        )

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday without holidays, and make-up days."""
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.holidays)

    def working_day_on_or_before(self, day: date) -> date:
        """Return the last working day that is not after ``day``: when to remind of something due on ``day``."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """Return the first working day that is not before ``day``."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``; the first is not counted (Civil Code 2015, art. 147)."""
        for _ in range(count):
            day = self.working_day_on_or_after(day + timedelta(days=1))
        return day

    def back_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day before ``day``; the day itself is not counted."""
        for _ in range(count):
            day = self.working_day_on_or_before(day - timedelta(days=1))
        return day
