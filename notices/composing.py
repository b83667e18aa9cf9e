"""From waiting notices to stored letters: urgent ones singly, the others in one digest a person a day.

A letter lives for one working day. What nobody took by its end has failed, visibly, and its notices are told again in
the next day's letter as long as they still hold: a day without a mail server loses nothing, and nobody finds two days'
letters side by side. Only a letter that may have arrived (the talk broke off, or the sender died) is sent again as it
is, under its own Message-ID.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Left, Lower
from django.utils import timezone

from agencies.models import User
from notices.letters import compose
from notices.models import BouncedAddress, Letter, Notice, PlanNoticeSettings, WeeklyLetter
from notices.preferences import STATUTORY
from notices.rules import ONE_DEADLINE
from notices.telling import OUTDATED
from notices.wording import written_day
from plans.models.occurrence import OPEN_STATES, State
from reports.models import ReportState
from workdays.calendar import Calendar

OPENS, CLOSES = time(7), time(18)
"""Letters leave from 07:00 until before 18:00 unless the plan says otherwise."""
PEOPLE = 200
"""People whose letters are composed in one transaction; bounds memory."""
LETTER_FIELDS = (
    "recipient_id",
    "agency_id",
    "plan_id",
    "item_id",
    "report_id",
    "extension_id",
    "obstacle_id",
    "kind",
    "due_date",
    "words",
    "urgent",
)
ONE_AT_A_TIME = crc32(b"notices.sending")
NO_ADDRESS = "Không gửi thư vì tài khoản chưa có địa chỉ thư điện tử hoặc đã ngừng hoạt động."
BOUNCED = "Không gửi thư vì địa chỉ thư điện tử không nhận được thư; máy chủ thư trả lời: "
OVER = "Việc đã xong hoặc đã đổi trước khi thư được gửi."
KEPT = "Hệ thống chưa nối máy chủ thư: thư được lưu để đọc trên trang."
NOT_ON_ITS_DAY = "Không gửi được trong ngày {day}; nội dung còn hiệu lực được báo lại trong thư ngày {on}."


@dataclass(frozen=True)
class Hours:
    """Which plans' letters may leave at an hour: `by_default` those without hours of their own, less `closed`."""

    by_default: bool
    open: tuple[int, ...]
    closed: tuple[int, ...]

    @classmethod
    def at(cls, hour: time) -> "Hours":
        """Ask every plan's settings. The demonstration has working days but no hours."""
        if settings.DEMO:
            return cls(by_default=True, open=(), closed=())
        rows = list(PlanNoticeSettings.objects.order_by("pk").values_list("plan", "opens", "closes"))
        is_open = {plan: opens <= hour < closes for plan, opens, closes in rows}
        return cls(
            by_default=OPENS <= hour < CLOSES,
            open=tuple(plan for plan, now in is_open.items() if now),
            closed=tuple(plan for plan, now in is_open.items() if not now),
        )

    @property
    def any(self) -> bool:
        """Say whether any letter may leave."""
        return self.by_default or bool(self.open)

    @property
    def all(self) -> bool:
        """Say whether no plan holds its letters back."""
        return self.by_default and not self.closed

    def may_leave(self) -> Q:
        """Return the condition on a notice."""
        if self.by_default:
            return ~Q(plan__in=self.closed) | Q(plan__isnull=True) if self.closed else Q()
        return Q(plan__in=self.open)


def compose_waiting(on: date, now: datetime) -> int:
    """Store the letters of all notices that wait and may leave now; return how many letters."""
    hours = Hours.at(timezone.localtime(now).time())
    set_aside_what_is_over()
    _take_up_again(on)
    composed = 0
    while made := _compose_some(on, now, hours):
        composed += made
    return composed


@transaction.atomic
def take_back_old_letters(on: date) -> int:
    """Give up letters of earlier days that nobody took; free their notices for today's letter; return how many.

    Left alone are letters that may have arrived (see `Letter.in_doubt`; an expired lease is a sender that died).
    """
    _take_turns()
    waiting = Letter.objects.filter(state=Letter.State.WAITING, on__lt=on, in_doubt=False, leased_until__isnull=True)
    days = dict(waiting.select_for_update(skip_locked=True).values_list("pk", "on"))
    Notice.objects.filter(letter__in=_array(days), state=Notice.State.WAITING).update(letter=None)
    for day in sorted(set(days.values())):
        words = NOT_ON_ITS_DAY.format(day=written_day(day), on=written_day(on))
        of_the_day = Letter.objects.filter(pk__in=_array(pk for pk, its in days.items() if its == day))
        of_the_day.update(state=Letter.State.FAILED, error=Concat(Value(words + " "), Left("error", 1000)))
    if days:
        _set_aside_what_is_overtaken()
    return len(days)


def set_aside_what_is_over() -> None:
    """Take back notices that need no letter any more: the person cannot get one, or the duty was done meanwhile."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, letter__isnull=True)
    unreachable = Q(recipient__email="") | Q(recipient__is_active=False)
    waiting.filter(unreachable).update(state=Notice.State.SUPPRESSED, reason=NO_ADDRESS)
    _set_aside_bounced(waiting)
    kind = Notice.Kind
    to_do = [kind.NEARLY_DUE, kind.DUE, kind.OVERDUE, kind.NOT_UPDATED, kind.IDLE, kind.RETURNED, kind.ESCALATED]
    of_items = waiting.filter(kind__in=to_do, item__isnull=False)
    to_report = [kind.REPORT_DUE, kind.REPORT_LATE, kind.REPORT_RETURNED, kind.ESCALATED]
    of_reports = waiting.filter(kind__in=to_report, report__isnull=False)
    to_confirm = waiting.filter(kind__in=[kind.HANDED_IN, kind.UNCONFIRMED], item__isnull=False)
    to_accept = waiting.filter(kind__in=[kind.REPORT_SUBMITTED, kind.UNCONFIRMED], report__isnull=False)
    for over in (
        of_items.exclude(item__state__in=OPEN_STATES),
        of_items.filter(due_date__isnull=False).exclude(item__due_date=F("due_date")),
        of_reports.filter(report__state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED]),
        to_confirm.exclude(item__state=State.HANDED_IN),
        to_accept.exclude(report__state=ReportState.SUBMITTED),
    ):
        over.update(state=Notice.State.SUPPRESSED, reason=OVER)


def _set_aside_what_is_overtaken() -> None:
    """Leave out notices that came back from a letter nobody took, where a newer one speaks of the same deadline."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, letter__isnull=True)
    newer = Notice.objects.filter(recipient=OuterRef("recipient"), kind__in=ONE_DEADLINE, pk__gt=OuterRef("pk"))
    newer = newer.exclude(reason=OUTDATED)
    for about in ("item", "report"):
        same = newer.filter(**{about: OuterRef(about)})
        rows = waiting.filter(Exists(same), kind__in=ONE_DEADLINE, **{f"{about}__isnull": False})
        rows.update(state=Notice.State.SUPPRESSED, reason=OUTDATED, read_at=F("created_at"))


def _take_up_again(on: date) -> None:
    """Tell after all what was set aside as done and is owed again: only a return, and the end of its grace, does that.

    Before the due date what spoke of it holds at once; lateness, and what follows from it, when the grace is over.
    """
    kind = Notice.Kind
    aside = Notice.objects.filter(state=Notice.State.SUPPRESSED, reason=OVER, letter__isnull=True)
    for about, owed, grace in (
        ("item", Q(item__state__in=OPEN_STATES, item__due_date=F("due_date")), "item__return_until"),
        ("report", Q(report__state=ReportState.RETURNED), "report__return_until"),
    ):
        ahead = Q(kind__in=[kind.NEARLY_DUE, kind.DUE, kind.REPORT_DUE], due_date__gte=on)
        late = Q(kind__in=[kind.OVERDUE, kind.ESCALATED, kind.REPORT_LATE], **{f"{grace}__lt": on})
        silence = Concat(
            Value(":since"),
            Func(F("item__last_update_on"), Value("YYYYMMDD"), function="to_char", output_field=CharField()),
        )
        silent = Q(kind=kind.IDLE, key__contains=silence, due_date__gte=on, item__state=State.IN_PROGRESS)
        holds = ahead | late | silent if about == "item" else ahead | late
        newer = Notice.objects.filter(recipient=OuterRef("recipient"), kind__in=ONE_DEADLINE, pk__gt=OuterRef("pk"))
        overtaken = Q(kind__in=ONE_DEADLINE) & Exists(newer.filter(**{about: OuterRef(about)}))
        rows = aside.filter(owed, holds, **{f"{grace}__isnull": False}).exclude(overtaken)
        rows.update(state=Notice.State.WAITING, reason="")


def _set_aside_bounced(waiting: "QuerySet[Notice]") -> None:
    """Write to no address that was refused for good, until it is another one or the mark is lifted."""
    refused = BouncedAddress.objects.annotate(key=Lower("address"))
    same = refused.filter(key=Lower(OuterRef("recipient__email")))
    answer = User.objects.filter(pk=OuterRef("recipient")).values(
        words=Subquery(refused.filter(key=Lower(OuterRef("email"))).values("answer")[:1])
    )
    waiting.filter(Exists(same)).update(
        state=Notice.State.SUPPRESSED, reason=Left(Concat(Value(BOUNCED), Subquery(answer)), 255)
    )


@transaction.atomic
def _compose_some(on: date, now: datetime, hours: Hours) -> int:
    """Store letters of at most `PEOPLE` people; return how many."""
    _take_turns()
    had_today = Letter.objects.filter(key=_digest_key(on))
    waiting = Notice.objects.filter(hours.may_leave(), state=Notice.State.WAITING, letter__isnull=True, on__lte=on)
    ready = waiting.filter(Q(urgent=True) | ~Exists(had_today))
    pressing = ready.exclude(can_wait_for_the_week(on))
    people = list(pressing.order_by("recipient").values_list("recipient", flat=True).distinct()[:PEOPLE])
    notices: dict[int, list[Notice]] = defaultdict(list)
    found = ready.filter(recipient__in=_array(people)).only(*LETTER_FIELDS)
    for notice in found.prefetch_related("agency").order_by("pk"):
        notices[notice.recipient_id].append(notice)
    letters: list[Letter] = []
    for user in User.objects.filter(pk__in=people).order_by("pk"):
        letters += _letters_of(user, notices[user.pk], on)
    for letter in letters:
        letter.state = Letter.State.WAITING if settings.LETTERS_LEAVE else Letter.State.KEPT
        letter.next_attempt_at = now
    Letter.objects.bulk_create(letters)
    _put_into_letters(letters)
    return len(letters)


def can_wait_for_the_week(on: date) -> Q:
    """Return the condition on a notice that may wait for the letter of the week.

    The plan or the person wants one letter a week, it is nothing urgent or statutory, it arose after this week's
    letter, and the next one does not come too late for its deadline. A letter that leaves anyway takes it along.
    """
    calendar = Calendar.load()
    monday = on - timedelta(days=on.weekday())
    this_week = calendar.working_day_on_or_after(monday)
    next_week = calendar.working_day_on_or_after(monday + timedelta(days=7))
    chosen = Exists(WeeklyLetter.objects.filter(user=OuterRef("recipient")))
    digest = PlanNoticeSettings.Digest
    daily = Q(plan__isnull=True) | Q(plan__notice_settings__digest=digest.DAILY)
    weekly = Q(plan__notice_settings__digest=digest.WEEKLY) | (Q(chosen) & ~daily)
    in_time = Q(due_date__isnull=True) | Q(due_date__gte=next_week)
    return weekly & Q(urgent=False) & ~Q(kind__in=[*STATUTORY, Notice.Kind.DUE]) & Q(on__gt=this_week) & in_time


def _letters_of(user: User, notices: list[Notice], on: date) -> Iterator[Letter]:
    for notice in notices:
        if notice.urgent:
            yield _letter(f"notice:{notice.pk}:{on}", user, [notice], on)
    if rest := [notice for notice in notices if not notice.urgent]:
        yield _letter(f"digest:{user.pk}:{on}", user, rest, on)


def _letter(key: str, user: User, notices: list[Notice], on: date) -> Letter:
    letter = compose(key, user, notices, on)
    letter.carries = [notice.pk for notice in notices]  # type: ignore[attr-defined]
    return letter


def _digest_key(on: date) -> Concat:
    """Return the key of the digest of a notice's recipient, as part of a query over notices."""
    return Concat(Value("digest:"), Cast(OuterRef("recipient_id"), CharField()), Value(f":{on}"))


def _put_into_letters(letters: list[Letter]) -> None:
    """Note in each notice which letter carries it, for all letters at once."""
    pairs = [(notice, letter.pk) for letter in letters for notice in letter.carries]  # type: ignore[attr-defined]
    state, reason = (Notice.State.WAITING, "") if settings.LETTERS_LEAVE else (Notice.State.SUPPRESSED, KEPT)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_notice AS notice SET letter_id = pair.letter, state = %s,"
            " reason = CASE WHEN %s = '' THEN notice.reason ELSE %s END"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS pair(notice, letter) WHERE notice.id = pair.notice",
            [state, reason, reason, [notice for notice, _ in pairs], [letter for _, letter in pairs]],
        )


def _take_turns() -> None:
    """Let one process compose at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _array(numbers: Iterable[int]) -> RawSQL:
    """Return the numbers as one array for `__in`: thousands of placeholders are slow to plan."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])
