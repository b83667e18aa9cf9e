"""From waiting notices to letters that arrive: stored first, claimed with a lease, sent outside any transaction.

The one known double: if this process dies between the mail server's "250 OK" and our UPDATE in `_mark_sent`, the lease
runs out and the letter is sent again. Its Message-ID is the same both times, so mail programs can tell.
"""

import logging
import smtplib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from hashlib import sha256
from time import monotonic
from zlib import crc32

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from agencies.models import User
from notices.letters import URGENT, compose
from notices.models import Letter, Notice
from plans.models.occurrence import OPEN_STATES
from reports.models import ReportState
from workdays.calendar import Calendar

logger = logging.getLogger(__name__)
OPENS, CLOSES = time(7), time(18)
"""Letters leave from 07:00 until before 18:00."""
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)]
"""Growing pauses between attempts; the last one repeats."""
GIVE_UP = timedelta(days=1)
"""A letter whose attempt fails that long after letters of its day began to leave has failed for good."""
LEASE = timedelta(minutes=10)
CLAIM = 20
"""Letters claimed at once."""
NEEDED = timedelta(minutes=2)
"""What must be left of a lease to begin a letter: settings.EMAIL_TIMEOUT holds for each step of the talk only."""
PEOPLE = 500
"""People whose letters are composed in one transaction; bounds memory."""
LETTER_FIELDS = ("recipient_id", "agency_id", "plan_id", "item_id", "report_id", "kind", "due_date", "words")
ONE_AT_A_TIME = crc32(b"notices.sending")
NO_ADDRESS = "Không gửi thư vì tài khoản chưa có địa chỉ thư điện tử hoặc đã ngừng hoạt động."
OVER = "Việc đã xong hoặc đã đổi trước khi thư được gửi."
KEPT = "Hệ thống chưa nối máy chủ thư: thư được lưu để đọc trên trang."


@dataclass
class Outcome:
    """What one call did. `idle` says why nothing was done."""

    composed: int = 0
    sent: int = 0
    kept: int = 0
    failed: int = 0
    postponed: int = 0
    idle: str = ""


def send_waiting(on: date, now: datetime) -> Outcome:
    """Compose what waits and send what is due, if letters may leave on that day at that hour. Safe to call at any time.

    ``now`` is a moment of the day ``on``. Several processes may call it at once.
    """
    outcome = Outcome(idle=why_not(on, now))
    if outcome.idle:
        return outcome
    outcome.composed = compose_waiting(on, now)
    if settings.LETTERS_LEAVE:
        _follow_letters()
        _send_due(now, outcome)
        _follow_letters()
    else:
        outcome.kept = outcome.composed
    return outcome


def why_not(on: date, now: datetime) -> str:
    """Return in words why no letter leaves now, or nothing. The demonstration has working days but no hours."""
    if not Calendar.load().is_working_day(on):
        return f"Ngày {on:%d/%m/%Y} không phải ngày làm việc."
    if not settings.DEMO and not OPENS <= timezone.localtime(now).time() < CLOSES:
        return "Ngoài giờ làm việc (07:00-18:00)."
    return ""


# Composing: one transaction for some people, one composer at a time


def compose_waiting(on: date, now: datetime) -> int:
    """Store the letters of all notices that wait: urgent ones singly, the others in one digest a person a day."""
    _set_aside_what_is_over()
    composed = 0
    while made := _compose_some(on, now):
        composed += made
    return composed


def _set_aside_what_is_over() -> None:
    """Take back notices that need no letter any more: the person cannot get one, or the duty was done meanwhile."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, letter__isnull=True)
    unreachable = Q(recipient__email="") | Q(recipient__is_active=False)
    waiting.filter(unreachable).update(state=Notice.State.SUPPRESSED, reason=NO_ADDRESS)
    kind = Notice.Kind
    to_do = [kind.NEARLY_DUE, kind.DUE, kind.OVERDUE, kind.NOT_UPDATED, kind.RETURNED, kind.ESCALATED]
    of_items = waiting.filter(kind__in=to_do, item__isnull=False)
    to_report = [kind.REPORT_DUE, kind.REPORT_LATE, kind.REPORT_RETURNED, kind.ESCALATED]
    of_reports = waiting.filter(kind__in=to_report, report__isnull=False)
    for over in (
        of_items.exclude(item__state__in=OPEN_STATES),
        of_items.exclude(item__due_date=F("due_date")),
        of_reports.filter(report__state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED]),
    ):
        over.update(state=Notice.State.SUPPRESSED, reason=OVER)


@transaction.atomic
def _compose_some(on: date, now: datetime) -> int:
    """Store letters of at most `PEOPLE` people; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    had_today = Letter.objects.filter(key=_digest_key(on))
    ready = Notice.objects.filter(state=Notice.State.WAITING, letter__isnull=True, on__lte=on)
    ready = ready.filter(Q(kind__in=URGENT) | ~Exists(had_today))
    people = list(ready.order_by("recipient").values_list("recipient", flat=True).distinct()[:PEOPLE])
    notices: dict[int, list[Notice]] = defaultdict(list)
    for notice in ready.filter(recipient__in=people).only(*LETTER_FIELDS).prefetch_related("agency").order_by("pk"):
        notices[notice.recipient_id].append(notice)
    letters: list[Letter] = []
    for user in User.objects.filter(pk__in=people).order_by("pk"):
        letters += _letters_of(user, notices[user.pk], on)
    for letter in letters:
        letter.state = Letter.State.WAITING if settings.LETTERS_LEAVE else Letter.State.KEPT
        letter.next_attempt_at = now
    Letter.objects.bulk_create(letters)
    _put_into_letters([notice.pk for found in notices.values() for notice in found], on)
    return len(letters)


def _letters_of(user: User, notices: list[Notice], on: date) -> Iterator[Letter]:
    for notice in notices:
        if notice.kind in URGENT:
            yield compose(f"notice:{notice.pk}", user, [notice], on)
    if rest := [notice for notice in notices if notice.kind not in URGENT]:
        yield compose(f"digest:{user.pk}:{on}", user, rest, on)


def _digest_key(on: date) -> Concat:
    """Return the key of the digest of a notice's recipient, as part of a query over notices."""
    return Concat(Value("digest:"), Cast(OuterRef("recipient_id"), CharField()), Value(f":{on}"))


def _put_into_letters(pks: list[int], on: date) -> None:
    own = Concat(Value("notice:"), Cast(OuterRef("pk"), CharField()))
    kept = {} if settings.LETTERS_LEAVE else {"state": Notice.State.SUPPRESSED, "reason": KEPT}
    rows = Notice.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [pks]))
    digests = Letter.objects.filter(key=_digest_key(on)).values("pk")
    rows.filter(kind__in=URGENT).update(letter=Subquery(Letter.objects.filter(key=own).values("pk")), **kept)
    rows.exclude(kind__in=URGENT).update(letter=Subquery(digests), **kept)


# Sending: claim some, send each, mark each


def _send_due(now: datetime, outcome: Outcome) -> None:
    """Send every letter that is due, some at a time, over one connection; stop when the server is not there."""
    started = monotonic()

    def present() -> datetime:
        return now + timedelta(seconds=monotonic() - started)

    server = get_connection()
    try:
        while claimed := _claim(present()):
            for letter in claimed:
                if letter.leased_until is None or letter.leased_until - present() < NEEDED:
                    break  # the rest becomes free when the lease runs out
                try:
                    server.open()
                except (smtplib.SMTPException, OSError) as error:
                    _server_is_away(_readable(error), present(), outcome)
                    return
                _send(letter, server, present(), outcome)
    finally:
        _hang_up(server)


@transaction.atomic
def _claim(now: datetime) -> list[Letter]:
    """Lease some letters that are due, so that no other sender touches them until the lease runs out."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = Letter.objects.filter(free, state=Letter.State.WAITING, next_attempt_at__lte=now)
    letters = list(due.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)[:CLAIM])
    until = now + LEASE
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(leased_until=until)
    for letter in letters:
        letter.leased_until = until
    return letters


def _send(letter: Letter, server: BaseEmailBackend, now: datetime, outcome: Outcome) -> None:
    """Try one letter and write down how it went; whatever is wrong with it must not stop the others."""
    try:
        server.send_messages([message_of(letter)])
    except Exception as error:
        if not isinstance(error, (smtplib.SMTPException, OSError)):
            logger.exception("Letter %s cannot be sent", letter.pk)
        _hang_up(server)
        _mark_unsent(letter, _readable(error), now, outcome)
    else:
        _mark_sent(letter, now)
        outcome.sent += 1


def _hang_up(server: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def message_of(letter: Letter, to: str = "") -> EmailMultiAlternatives:
    """Return the mail: plain text and HTML, with a Message-ID that is the same at every attempt."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[to or letter.address],
        headers={
            "Message-ID": f"<sipas.{letter.pk}.{sha256(letter.key.encode()).hexdigest()[:20]}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    body = mark_safe(letter.html)  # our own template escaped it
    html = render_to_string("notices/letter_document.html", {"subject": letter.subject, "body": body})
    message.attach_alternative(html, "text/html")
    return message


def _mark_sent(letter: Letter, now: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.SENT, sent_at=now, attempts=F("attempts") + 1, leased_until=None, error=""
    )


def _follow_letters() -> None:
    """Mark notices as sent whose letter was: for many letters at once, and again for what a crash left behind."""
    Notice.objects.filter(state=Notice.State.WAITING, letter__state=Letter.State.SENT).update(state=Notice.State.SENT)


def _mark_unsent(letter: Letter, error: str, now: datetime, outcome: Outcome) -> None:
    """Try again later, after a growing pause; or give up, visibly."""
    if _gives_up(letter.on, now):
        outcome.failed += _give_up(Letter.objects.filter(pk=letter.pk), error)
        return
    outcome.postponed += 1
    pause = PAUSES[min(letter.attempts, len(PAUSES) - 1)]
    Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(
        attempts=F("attempts") + 1, leased_until=None, error=error[:1000], next_attempt_at=now + pause
    )


def _server_is_away(error: str, now: datetime, outcome: Outcome) -> None:
    """Write down for every letter that is due that nobody took it; none is tried singly against a closed door."""
    logger.error("The mail server cannot be reached: %s", error)
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=now)
    days = due.order_by("on").values_list("on", flat=True).distinct()
    outcome.failed += _give_up(due.filter(on__in=[day for day in days if _gives_up(day, now)]), error)
    outcome.postponed += due.update(
        attempts=F("attempts") + 1, leased_until=None, error=error[:1000], next_attempt_at=now + PAUSES[0]
    )


def _gives_up(day: date, now: datetime) -> bool:
    """Say whether a letter of that day that fails now has failed for good."""
    return now - timezone.make_aware(datetime.combine(day, OPENS)) >= GIVE_UP


@transaction.atomic
def _give_up(letters: "QuerySet[Letter]", error: str) -> int:
    """Mark letters and their notices as not told, with the reason; return how many letters."""
    pks = list(letters.filter(state=Letter.State.WAITING).select_for_update().values_list("pk", flat=True))
    Notice.objects.filter(letter__in=pks).update(state=Notice.State.FAILED, reason=f"Không gửi được thư: {error}"[:255])
    return Letter.objects.filter(pk__in=pks).update(
        state=Letter.State.FAILED, attempts=F("attempts") + 1, leased_until=None, error=error[:1000]
    )


def _readable(error: Exception) -> str:
    """Return the server's answer, or the error's name and words, for people who run the system."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{address}: {code} {_text(words)}" for address, (code, words) in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
