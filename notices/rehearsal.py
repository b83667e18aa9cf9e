"""Rehearsal [diễn tập]: what a round on a day would tell, and whom, without telling it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from agencies.models import User
from notices.models import Notice
from notices.rules import make_notices
from notices.telling import OUTDATED
from workdays.calendar import Calendar

SHOWN = 12
"""Lines shown of one person's notices."""


@dataclass
class Told:
    """One person and what they would be told: lines as they would read, and why some would not come by letter."""

    recipient: User
    lines: list[Notice] = field(default_factory=list)
    by_letter: int = 0

    @property
    def shown(self) -> list[Notice]:
        """Return the first lines."""
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        """Return how many lines are left out."""
        return max(0, len(self.lines) - SHOWN)


@dataclass
class Rehearsal:
    """What came of a rehearsal. ``leaves_on``: the working day on which the letters would leave."""

    on: date
    leaves_on: date
    people: list[Told]
    kinds: list[tuple[str, int]]
    overtaken: int
    errors: list[dict[str, str]]

    @property
    def count(self) -> int:
        """Return how many notices would be told."""
        return sum(number for _, number in self.kinds)


def rehearse(on: date, user: User) -> Rehearsal:
    """Run the round of ``on`` over the work as it stands now, take everything back, and return what it would have told.

    Shown is what concerns the plans that the user oversees. A round makes up for the days since the last one, so a
    rehearsal of a later day holds what the days between would tell as well.
    """
    with transaction.atomic():
        run = make_notices(on)
        made = Notice.objects.overseen_by(user).filter(on=on, created_at__gte=run.started_at)
        found = list(made.exclude(reason=OUTDATED).select_related("recipient", "agency").order_by("recipient", "pk"))
        overtaken = made.filter(reason=OUTDATED).count()
        transaction.set_rollback(True)
    people: dict[int, Told] = {}
    for notice in found:
        told = people.setdefault(notice.recipient_id, Told(notice.recipient))
        told.lines.append(notice)
        told.by_letter += notice.state == Notice.State.WAITING
    kinds = Counter(notice.kind for notice in found)
    return Rehearsal(
        on,
        Calendar.load().working_day_on_or_after(on),
        sorted(people.values(), key=lambda told: -len(told.lines)),
        [(kind.label, kinds[kind]) for kind in Notice.Kind if kinds[kind]],
        overtaken,
        run.errors,
    )
