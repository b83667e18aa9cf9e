"""From stored letters to letters that arrive: claimed with a lease, sent outside any transaction, marked at once.

The one known double: if this process dies between the mail server's "250 OK" and our UPDATE in `_mark_taken`, or the
server's answer is lost on the way, the letter is sent again when its lease has run out. That concerns at most one
letter for each connection (`settings.EMAIL_CONNECTIONS`), and its Message-ID is the same both times, so mail programs
can tell.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from notices.composing import BOUNCED, CLOSES, OPENS, Hours, compose_waiting, take_back_old_letters
from notices.models import BouncedAddress, Letter, Notice
from notices.posting import Answer, Post, Verdict
from workdays.calendar import Calendar

logger = logging.getLogger(__name__)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)]
"""Growing pauses between attempts on one day; the last one repeats."""
IN_DOUBT_FOR = timedelta(days=5)
"""How long a letter that may have arrived is tried again under its own Message-ID, as mail servers do (RFC 5321, 4.5.4)."""
LEASE = timedelta(minutes=15)
CLAIM = 10
"""Letters claimed at once for each connection."""
NEEDED = timedelta(minutes=4)
"""What must be left of a lease to begin a letter: settings.EMAIL_TIMEOUT holds for each step of the talk only."""


@dataclass
class Outcome:
    """What one call did. `idle` says why nothing was done; `failed`: letters given up, see `composing`."""

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
    _follow_letters()
    if settings.LETTERS_LEAVE:
        outcome.failed += take_back_old_letters(on)
    outcome.composed = compose_waiting(on, now)
    if settings.LETTERS_LEAVE:
        _Sender(now, outcome).run()
        _follow_letters()
    else:
        outcome.kept = outcome.composed
    return outcome


def why_not(on: date, now: datetime) -> str:
    """Return in words why no letter leaves now, or nothing."""
    if not Calendar.load().is_working_day(on):
        return f"Ngày {on:%d/%m/%Y} không phải ngày làm việc."
    if not Hours.at(timezone.localtime(now).time()).any:
        return f"Ngoài giờ làm việc ({OPENS:%H:%M}-{CLOSES:%H:%M})."
    return ""


class _Sender:
    """One call's sending. Only this thread touches the database; the connections of the post only talk."""

    def __init__(self, now: datetime, outcome: Outcome) -> None:
        self.began, self.started = now, monotonic()
        self.outcome = outcome
        self.claimed: list[Letter] = []
        self.away = ""

    @property
    def now(self) -> datetime:
        """Return the moment, going on from the one that was given."""
        return self.began + timedelta(seconds=monotonic() - self.started)

    def run(self) -> None:
        """Send every letter that is due; stop when the server is not there or the working hours end."""
        try:
            with Post() as post:
                while True:
                    while post.has_room and self._has_one():
                        post.hand_over(self.claimed.pop(0))
                    if not post.busy:
                        break
                    self._write_down(post.collect())
        finally:
            self._let_go(self.claimed)
        if self.away and not post.idle:
            server_is_away(self.away, self.now, self.outcome)

    def _has_one(self) -> bool:
        """Say whether there is a letter to begin, claiming more where that is needed."""
        now = self.now
        late = [one for one in self.claimed if one.leased_until is None or one.leased_until - now < NEEDED]
        if late:
            self._let_go(self.claimed)
            self.claimed = []
        if not self.claimed:
            self.claimed = claim(now)
        return bool(self.claimed)

    def _let_go(self, letters: list[Letter]) -> None:
        """Free letters that were claimed and not begun; before their lease ends, so that nobody else holds them."""
        Letter.objects.filter(pk__in=[letter.pk for letter in letters], state=Letter.State.WAITING).update(
            leased_until=None
        )

    def _write_down(self, answers: list[Answer]) -> None:
        """Mark what was answered, those that arrived first."""
        taken = [answer.letter.pk for answer in answers if answer.verdict == Verdict.TAKEN]
        if taken:
            _mark_taken(taken, self.now)
            self.outcome.sent += len(taken)
        for answer in answers:
            if answer.verdict == Verdict.NEVER:
                self.outcome.failed += refuse_address(answer, self.now)
            elif answer.verdict == Verdict.LATER:
                _postpone(answer, self.now, self.outcome)
            elif answer.verdict == Verdict.AWAY:
                self.away = answer.words
                self.claimed.insert(0, answer.letter)


@transaction.atomic
def claim(now: datetime) -> list[Letter]:
    """Lease some letters that are due, so that no other sender touches them until the lease runs out.

    An old lease that has run out is a sender that died: the letter may have arrived.
    """
    hours = Hours.at(timezone.localtime(now).time())
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = Letter.objects.filter(free, state=Letter.State.WAITING, next_attempt_at__lte=now)
    if not hours.all:
        due = due.exclude(Exists(Notice.objects.filter(~hours.may_leave(), letter=OuterRef("pk"))))
    number = CLAIM * max(1, settings.EMAIL_CONNECTIONS)
    letters = list(due.order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)[:number])
    until = now + LEASE
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        in_doubt=Case(When(leased_until__isnull=False, then=Value(True)), default=F("in_doubt")), leased_until=until
    )
    for letter in letters:
        letter.in_doubt = letter.in_doubt or letter.leased_until is not None
        letter.leased_until = until
    return letters


def _mark_taken(pks: list[int], now: datetime) -> None:
    """Write down what arrived: plain SQL, since every letter waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_letter SET state = %s, sent_at = %s, attempts = attempts + 1, leased_until = NULL,"
            " error = '' WHERE id = ANY(%s)",
            [Letter.State.SENT, now, pks],
        )


def _follow_letters() -> None:
    """Mark notices as sent whose letter was: for many letters at once, and again for what a crash left behind."""
    Notice.objects.filter(state=Notice.State.WAITING, letter__state=Letter.State.SENT).update(state=Notice.State.SENT)


def _postpone(answer: Answer, now: datetime, outcome: Outcome) -> None:
    """Try again later, after a growing pause. What never arrives on its day is taken back on the next one."""
    letter = answer.letter
    if _is_too_old(letter, now):
        outcome.failed += _give_up(Letter.objects.filter(pk=letter.pk), answer.words)
        return
    outcome.postponed += 1
    Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(
        attempts=F("attempts") + 1,
        leased_until=None,
        in_doubt=letter.in_doubt or answer.in_doubt,
        error=answer.words[:1000],
        next_attempt_at=now + PAUSES[min(letter.attempts, len(PAUSES) - 1)],
    )


def _is_too_old(letter: Letter, now: datetime) -> bool:
    """Say whether a letter that may have arrived has been tried long enough."""
    return letter.in_doubt and timezone.localtime(now).date() - letter.on > IN_DOUBT_FOR


def server_is_away(error: str, now: datetime, outcome: Outcome) -> None:
    """Write down for every letter that is due that nobody took it; none is tried singly against a closed door."""
    logger.error("The mail server cannot be reached: %s", error)
    due = Letter.objects.filter(state=Letter.State.WAITING, next_attempt_at__lte=now)
    due = due.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
    outcome.postponed += due.update(
        attempts=F("attempts") + 1,
        in_doubt=Case(When(leased_until__isnull=False, then=Value(True)), default=F("in_doubt")),
        leased_until=None,
        error=error[:1000],
        next_attempt_at=now + PAUSES[0],
    )


@transaction.atomic
def refuse_address(answer: Answer, now: datetime) -> int:
    """Remember that the address cannot be reached, with the server's words, and give its letter up; return how many.

    Nobody is written to at that address until the person has another one or an administrator lifts the mark.
    """
    BouncedAddress.objects.update_or_create(
        address=answer.letter.address.lower(), defaults={"at": now, "answer": answer.words[:1000]}
    )
    return _give_up(Letter.objects.filter(pk=answer.letter.pk), answer.words, why=BOUNCED)


@transaction.atomic
def _give_up(letters: "QuerySet[Letter]", error: str, why: str = "Không gửi được thư: ") -> int:
    """Mark letters and their notices as not told, with the reason; return how many letters."""
    pks = list(letters.filter(state=Letter.State.WAITING).select_for_update().values_list("pk", flat=True))
    Notice.objects.filter(letter__in=pks).update(state=Notice.State.FAILED, reason=f"{why}{error}"[:255])
    return Letter.objects.filter(pk__in=pks).update(
        state=Letter.State.FAILED, attempts=F("attempts") + 1, leased_until=None, error=error[:1000]
    )
