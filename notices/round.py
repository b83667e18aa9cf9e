"""Days gone through one by one: what the nights would have done, for the demonstration's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from notices.rules import make_notices
from notices.sending import send_waiting

MORNING = time(8)
"""The hour at which the letters of a day gone through leave."""


@dataclass
class Passage:
    """What the days brought."""

    days: int = 0
    notices: int = 0
    letters: int = 0
    errors: int = 0


def run_days(after: date, until: date) -> Passage:
    """Run the round and the sending of every day after ``after`` up to and including ``until``."""
    passage = Passage()
    day = after
    while day < until:
        day += timedelta(days=1)
        run = make_notices(day)
        outcome = send_waiting(day, timezone.make_aware(datetime.combine(day, MORNING)))
        passage.days += 1
        passage.notices += run.made
        passage.letters += outcome.composed
        passage.errors += len(run.errors)
    return passage
