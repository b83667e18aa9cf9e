"""The second channel: each notice handed, signed, to the province's own messenger (a Zalo OA gateway, for example).

Off until WEBHOOK_URL is set. docs/webhook.md tells the other side what comes and how to verify it. One row a notice
(`WebhookDelivery`) keeps it single here; the notice's key, which the other side is asked to remember, keeps it single
there: a delivery whose answer is lost is made again under the same key.
"""

import json
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http.client import HTTPException
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from notices import composing, recipients
from notices.composing import Hours
from notices.models import Notice, WebhookDelivery
from notices.sending import PAUSES, why_not
from notices.telling import OUTDATED
from notices.webhook_line import Answer, Line, Unreachable

logger = logging.getLogger(__name__)
LOOKS_BACK = timedelta(days=7)
"""Notices older than that are not handed over any more: a messenger that was off for long must not tell old tales."""
GIVE_UP = timedelta(days=1)
"""A delivery that still fails that long after its first attempt has failed for good."""
LEASE = timedelta(minutes=5)
CLAIM = 20
NO_LETTER = (
    recipients.NO_ADDRESS,
    recipients.BAD_ADDRESS,
    recipients.BOUNCED,
    composing.NO_ADDRESS,
    composing.BOUNCED,
    composing.KEPT,
)
"""Reasons for which a letter was not written though the person should know: the messenger still tells them."""


@dataclass
class Outcome:
    """What one call did. `idle` says why nothing was done."""

    new: int = 0
    sent: int = 0
    postponed: int = 0
    failed: int = 0
    idle: str = ""


def deliver_waiting(on: date, now: datetime) -> Outcome:
    """Hand over what the messenger does not have yet, in the working hours of a working day. Safe to call at any time.

    Raises ImproperlyConfigured where WEBHOOK_URL or WEBHOOK_KEY must not be used as they are.
    """
    if not settings.WEBHOOK_URL:
        return Outcome(idle="Kênh tin nhắn chưa bật (WEBHOOK_URL).")
    outcome = Outcome(idle=why_not(on, now))
    if outcome.idle:
        return outcome
    line = Line()
    outcome.new = note_what_is_new(on, now)
    _drop_what_is_over()
    try:
        _deliver(line, now, outcome)
    finally:
        line.close()
    return outcome


def note_what_is_new(on: date, now: datetime) -> int:
    """Make a row for each notice that the messenger should tell and that has none; return how many."""
    told = Q(state__in=[Notice.State.WAITING, Notice.State.SENT, Notice.State.FAILED])
    for reason in NO_LETTER:
        told |= Q(state=Notice.State.SUPPRESSED, reason__contains=reason)
    hours = Hours.at(timezone.localtime(now).time())
    fresh = Notice.objects.filter(told, hours.may_leave(), on__lte=on, on__gt=on - LOOKS_BACK)
    fresh = fresh.filter(~Exists(WebhookDelivery.objects.filter(notice=OuterRef("pk"))), recipient__is_active=True)
    rows = [
        WebhookDelivery(notice_id=pk, next_attempt_at=now, created_at=now)
        for pk in fresh.order_by("pk").values_list("pk", flat=True).iterator()
    ]
    before = WebhookDelivery.objects.count()
    WebhookDelivery.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    return WebhookDelivery.objects.count() - before


def _drop_what_is_over() -> None:
    """Leave out what was done or overtaken before it left."""
    over = Q(notice__state=Notice.State.SUPPRESSED, notice__reason__in=[composing.OVER, OUTDATED])
    WebhookDelivery.objects.filter(over, state=WebhookDelivery.State.WAITING).update(
        state=WebhookDelivery.State.DROPPED
    )


def payload(notice: Notice) -> bytes:
    """Return what is handed over, as documented in docs/webhook.md."""
    words: dict[str, Any] = {
        "version": 1,
        "key": notice.key,
        "kind": notice.kind,
        "kind_label": notice.get_kind_display(),
        "urgent": notice.urgent,
        "on": notice.on.isoformat(),
        "due_date": notice.due_date.isoformat() if notice.due_date else None,
        "words": notice.words,
        "why": notice.why,
        "url": settings.SITE_URL + notice.get_absolute_url(),
        "recipient": {
            "username": notice.recipient.username,
            "name": notice.recipient.full_name,
            "email": notice.recipient.email,
        },
        "agency": {"code": notice.agency.code, "name": notice.agency.name} if notice.agency else None,
        "plan": notice.plan.number if notice.plan else None,
    }
    return json.dumps(words, ensure_ascii=False).encode()


def _deliver(line: Line, began: datetime, outcome: Outcome) -> None:
    """Hand over every delivery that is due, one after the other; stop when the messenger is not there."""
    started = monotonic()
    while True:
        now = began + timedelta(seconds=monotonic() - started)
        claimed = _claim(now)
        if not claimed:
            return
        for delivery in claimed:
            now = began + timedelta(seconds=monotonic() - started)
            if delivery.leased_until is None or delivery.leased_until - now < LEASE / 2:
                break  # the rest becomes free when the lease runs out
            try:
                line.open()
            except Unreachable as error:
                _messenger_is_away(str(error), now, outcome)
                return
            _hand_over(line, delivery, now, outcome)


@transaction.atomic
def _claim(now: datetime) -> list[WebhookDelivery]:
    """Lease some deliveries that are due, so that no other process touches them until the lease runs out."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = WebhookDelivery.objects.filter(free, state=WebhookDelivery.State.WAITING, next_attempt_at__lte=now)
    due = due.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)
    pks = list(due.values_list("pk", flat=True)[:CLAIM])
    WebhookDelivery.objects.filter(pk__in=pks).update(leased_until=now + LEASE)
    about = ("notice__recipient", "notice__agency", "notice__plan")
    return list(WebhookDelivery.objects.filter(pk__in=pks).select_related(*about).order_by("next_attempt_at", "pk"))


def _hand_over(line: Line, delivery: WebhookDelivery, now: datetime, outcome: Outcome) -> None:
    """Try one delivery and write down how it went; whatever is wrong with it must not stop the others."""
    try:
        answer = line.hand_over(delivery.notice.key, payload(delivery.notice))
    except Exception as error:
        if not isinstance(error, (OSError, HTTPException)):
            logger.exception("Delivery %s cannot be made", delivery.pk)
        line.close()
        _postpone(delivery, f"{type(error).__name__}: {error}", now, outcome)
        return
    row = WebhookDelivery.objects.filter(pk=delivery.pk)
    if answer.taken:
        row.update(
            state=WebhookDelivery.State.SENT, sent_at=now, attempts=F("attempts") + 1, leased_until=None, error=""
        )
        outcome.sent += 1
    elif answer.refused:
        _give_up(delivery, _said(answer), outcome)
    else:
        _postpone(delivery, _said(answer), now, outcome)


def _said(answer: Answer) -> str:
    return f"HTTP {answer.status} {answer.words}".strip()


def _postpone(delivery: WebhookDelivery, error: str, now: datetime, outcome: Outcome) -> None:
    """Try again later, after a growing pause; or give up, visibly."""
    if now - delivery.created_at >= GIVE_UP:
        _give_up(delivery, error, outcome)
        return
    outcome.postponed += 1
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1,
        leased_until=None,
        error=error[:1000],
        next_attempt_at=now + PAUSES[min(delivery.attempts, len(PAUSES) - 1)],
    )


def _give_up(delivery: WebhookDelivery, error: str, outcome: Outcome) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=WebhookDelivery.State.FAILED, attempts=F("attempts") + 1, leased_until=None, error=error[:1000]
    )
    outcome.failed += 1


def _messenger_is_away(error: str, now: datetime, outcome: Outcome) -> None:
    """Write down for every delivery that is due that nobody took it; those that wait for longer than a week fail."""
    logger.error("The messenger cannot be reached: %s", error)
    due = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING, next_attempt_at__lte=now)
    too_old = due.filter(created_at__lte=now - LOOKS_BACK)
    outcome.failed += too_old.update(
        state=WebhookDelivery.State.FAILED, attempts=F("attempts") + 1, leased_until=None, error=error[:1000]
    )
    outcome.postponed += due.update(
        attempts=F("attempts") + 1, leased_until=None, error=error[:1000], next_attempt_at=now + PAUSES[0]
    )
