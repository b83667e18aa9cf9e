"""The ladder of one deadline: before it the steps of the plan, its day, and after it lateness, again and again. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from workdays.calendar import Calendar

WEEK = 7
"""Days between two notices of the same lateness where a plan does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a deadline stands on a day, as far as telling goes; `step` is the part of a notice's key."""

    phase: Literal["nearly_due", "due", "overdue"]
    step: str


class Ladder:
    """Stages of deadlines under one calendar. Each answer is kept: a plan has few different due dates.

    A reminder that would fall on a day off comes on the working day before it, never after; the due date itself is
    not moved. Lateness begins on the day after the due date and is told again every ``every`` days; its step is the
    day of lateness (late1, late8 …), so that another pause from now on never repeats or skips a step.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.stages = cache(self._stages)

    def horizon(self, on: date, longest: int) -> date:
        """Return the last due date of which a step of ``longest`` days may be reached on ``on``."""
        return self.calendar.working_day_on_or_after(on + timedelta(days=1)) + timedelta(days=longest - 1)

    def stage_on(self, day: date, due: date, steps: tuple[int, ...], every: int = WEEK) -> Stage | None:
        """Return the stage of that day: the *smallest* step reached, so a late import is told once and not by steps."""
        if day > due:
            return Stage("overdue", f"late{(day - due).days - ((day - due).days - 1) % every}")
        reached = [step for step in (0, *steps) if self._reminder_day(due, step) <= day]
        if not reached:
            return None
        return Stage("nearly_due", f"step{min(reached)}") if min(reached) else Stage("due", "step0")

    def _reminder_day(self, due: date, step: int) -> date:
        return self.calendar.working_day_on_or_before(due - timedelta(days=step))

    def _stages(
        self, due: date, since: date, until: date, steps: tuple[int, ...], every: int = WEEK
    ) -> tuple[Stage, ...]:
        """Return what a round on every day from ``since`` to ``until`` would have told, oldest first.

        That is what makes a late round equal to rounds on time: it asks for the days between, not for its own day.
        """
        turns = {self._reminder_day(due, step) for step in (0, *steps)}
        late = range(max(0, (until - due).days + every - 1) // every)
        turns |= {due + timedelta(days=1 + every * number) for number in late}
        days = sorted({since, *turns})
        found = (self.stage_on(day, due, steps, every) for day in days if since <= day <= until)
        return tuple(dict.fromkeys(stage for stage in found if stage))


def repeats(first: date, since: date, until: date, every: int = WEEK) -> tuple[int, ...]:
    """Return which repeats of something that waits since ``first`` rounds on every day of the span would have told.

    The first telling is 0, after ``every`` days 1 …; oldest first, empty before ``first``. What stood at ``since`` is
    among them: the round of that day told it.
    """
    if until < first:
        return ()
    newest = (until - first).days // every
    oldest = max(0, (since - first).days // every) if since > first else 0
    return tuple(range(min(oldest, newest), newest + 1))
