"""Obstacles and proposals of a period, taken from the obstacle desk: rows for figures, and words for the report.

A report speaks of what stood in the agency's way during the period: raised up to the cut-off, and not settled before
the period began. Answers that came after the cut-off are left out. The rows are copies: what the report says stays.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from agencies.models import Agency
from plans.models import Obstacle
from plans.models.obstacle_rules import ObstacleStep
from reports.models import Period
from reports.outline import OBSTACLES

Row = dict[str, Any]
"""Keys: id (of the obstacle), words, cause, proposal, addressee (name), task (position), raised_on, answer, answered_on, answer_document,
settled_on (days as ISO text or None)."""


def obstacles_of(period: Period, agencies: Iterable[int], as_of: date) -> dict[int, list[Row]]:
    """Return the rows of each agency in the order in which they were raised; two queries for any number of agencies."""
    found = Obstacle.objects.filter(task__plan=period.plan_id, agency__in=list(agencies), raised_on__lte=as_of)
    found = found.filter(Q(settled_on__isnull=True) | Q(settled_on__gte=period.begins_on))
    rows: dict[int, list[Row]] = {}
    events = ("events", "events__to")
    for one in found.select_related("addressee", "task").prefetch_related(*events).order_by("raised_on", "pk"):
        rows.setdefault(one.agency_id, []).append(_row(one, as_of))
    return rows


def _row(one: Obstacle, as_of: date) -> Row:
    answered = one.answered_on is not None and one.answered_on <= as_of
    settled = one.settled_on is not None and one.settled_on <= as_of
    return {
        "id": one.pk,
        "words": one.words,
        "cause": one.cause,
        "proposal": one.proposal,
        "addressee": _addressee(one, as_of).name,
        "task": one.task.position,
        "raised_on": one.raised_on.isoformat(),
        "answer": one.answer if answered else "",
        "answer_document": one.answer_document if answered else "",
        "answered_on": one.answered_on.isoformat() if one.answered_on and answered else None,
        "settled_on": one.settled_on.isoformat() if one.settled_on and settled else None,
    }


def _addressee(one: Obstacle, as_of: date) -> Agency:
    """Return to whom it was put on the day: it may have been passed on since."""
    put = [event for event in one.events.all() if event.to is not None and event.on <= as_of]
    steps = (ObstacleStep.RAISED, ObstacleStep.FORWARDED, ObstacleStep.REOPENED)
    return next((event.to for event in reversed(put) if event.to and event.kind in steps), one.addressee)


def as_words(rows: Iterable[Row], source: str) -> str:
    """Return the first words of the section that is filled from the desk, a line a row."""
    say = _obstacle if source == OBSTACLES else _proposal
    return "\n".join(say(row) for row in rows if row["settled_on"] is None)


def _obstacle(row: Row) -> str:
    cause = f" Nguyên nhân: {_line(row['cause'])}." if row["cause"].strip() else ""
    return f"- {_line(row['words'])} (nhiệm vụ {row['task']}).{cause}"


def _proposal(row: Row) -> str:
    answered = " (đã được trả lời)" if row["answered_on"] else ""
    return f"- Đối với {row['addressee']}: {_line(row['proposal'])}{answered}."


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;")
