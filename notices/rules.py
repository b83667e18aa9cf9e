"""The round: every rule asks what is due, and what it finds is written under keys that the database keeps single.

The same set of notices comes out whether the round runs every night, twice, in pieces or late:

- *deadlines* (nearly due, due, overdue again and again; the same for reports) and *what waits* for a confirmation or
  an answer: a round makes up every stage that a round on each day since the last good one would have told. Only the
  newest goes into a letter, the rest is kept as overtaken.
- *escalated, not updated, idle, assigned, plan changed*: told once each; a late round tells all that have come due.
- *handed in, returned, confirmed, submitted, accepted, asked, decided, answered*: told once for each event as long as
  it still stands. What was overtaken before any round saw it (returned and already handed in again) is not told: by
  design, there is nothing left to do. For the same reason nothing is told about the deadline of work that is finished
  by the time of the round.

Nothing that breaks stops anything else: a rule that breaks is tried again plan by plan, so that only the plan that
breaks it goes without; a plan with settings of no use is left out; both turn the run red.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, islice
from zlib import crc32

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from notices import giving_rules, report_rules, request_rules, urging_rules, work_rules
from notices.models import Notice, RoundRun
from notices.telling import COLUMNS, OUTDATED, Round, Telling

logger = logging.getLogger(__name__)
Rule = Callable[[Round], Iterator[Telling]]
RULES: dict[str, Rule] = {
    "được giao việc": work_rules.assigned,
    "thời hạn đầu việc": work_rules.deadlines,
    "mốc cập nhật": work_rules.check_points,
    "việc quá hạn kéo dài": work_rules.escalations,
    "việc lâu chưa cập nhật": work_rules.idle,
    "chờ xác nhận": work_rules.handed_in,
    "chờ xác nhận đã lâu": work_rules.unconfirmed,
    "bị trả lại": work_rules.returned,
    "đã xác nhận": work_rules.confirmed,
    "việc giao sau": giving_rules.given,
    "nhiệm vụ bị trả lại": giving_rules.declined,
    "trả lời việc trả lại nhiệm vụ": giving_rules.decline_decided,
    "phần việc được rút": giving_rules.parts_ended,
    "phần việc quá hạn kéo dài": giving_rules.late_parts,
    "ý kiến chỉ đạo": giving_rules.directed,
    "trình lãnh đạo duyệt": giving_rules.put_to_leaders,
    "thời hạn báo cáo": report_rules.report_deadlines,
    "báo cáo trễ kéo dài": report_rules.report_escalations,
    "kỳ báo cáo chưa mở": report_rules.periods_to_open,
    "báo cáo mới nộp": report_rules.submitted,
    "báo cáo chờ tiếp nhận đã lâu": report_rules.unaccepted,
    "báo cáo bị trả lại": report_rules.returned,
    "báo cáo đã tiếp nhận": report_rules.accepted,
    "đề nghị gia hạn": request_rules.extensions_asked,
    "đề nghị gia hạn chưa trả lời": request_rules.extensions_waiting,
    "trả lời đề nghị gia hạn": request_rules.extensions_decided,
    "vướng mắc mới": request_rules.obstacles_asked,
    "vướng mắc chưa trả lời": request_rules.obstacles_waiting,
    "trả lời vướng mắc": request_rules.obstacles_answered,
    "kế hoạch thay đổi": request_rules.plan_changed,
    "đôn đốc": urging_rules.urged,
}
"""All rules by the name that the ledger of runs shows when one breaks."""
ONE_DEADLINE = (
    Notice.Kind.NEARLY_DUE,
    Notice.Kind.DUE,
    Notice.Kind.OVERDUE,
    Notice.Kind.REPORT_DUE,
    Notice.Kind.REPORT_LATE,
)
"""Kinds that speak of the same deadline: a newer one makes an older one pointless that has not left yet."""
BATCH = 5000
"""Notices copied at once; bounds memory."""
ONE_AT_A_TIME = crc32(b"notices.rules")
"""PostgreSQL's advisory lock: two rounds at once take turns, rule by rule."""


def make_notices(on: date) -> RoundRun:
    """Run all rules for the day and return the run. What breaks leaves the rest alone and turns the run red."""
    run = RoundRun.objects.create(on=on)
    try:
        this = Round.load(on)
    except Exception as error:
        logger.exception("The round of %s could not begin", on)
        run.errors.append(_error("chuẩn bị", error))
    else:
        run.errors += [
            {"rule": "cài đặt nhắc việc", "plan": plan, "error": words} for plan, words in this.broken.items()
        ]
        for name, rule in RULES.items():
            _run_apart(name, rule, this, run)
    run.finished_at = timezone.now()
    run.save(update_fields=["made", "errors", "finished_at"])
    return run


def _run_apart(name: str, rule: Rule, this: Round, run: RoundRun) -> None:
    """Run one rule for all plans; if it breaks, for each plan by itself, so that one bad plan stops only itself."""
    try:
        run.made += _run_rule(rule, this)
    except Exception as error:
        logger.exception("Rule %r broke on %s", name, this.on)
        this.gaps.clear()
        broken = []
        for plan in this.plans.values() if len(this.plans) > 1 else ():
            try:
                run.made += _run_rule(rule, this.only(plan))
            except Exception as its_error:
                broken.append(_error(name, its_error) | {"plan": str(plan)})
        everywhere = len(broken) == len(this.plans) or len(this.plans) < 2
        run.errors += [_error(name, error)] if everywhere else broken


def _error(name: str, error: Exception) -> dict[str, str]:
    return {"rule": name, "error": f"{type(error).__name__}: {error}"[:1000]}


@transaction.atomic
def _run_rule(rule: Rule, this: Round) -> int:
    """Write what one rule finds, all or nothing; return how many notices are new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        at = timezone.now()
        found = chain(rule(this), _afterwards(this))
        made = _write(cursor, (row for telling in found for row in this.rows(telling, at)))
    if made:
        _overtake()
    return made


def _afterwards(this: Round) -> Iterator[Telling]:
    """Return the gaps that the rule met; a generator, so that it is asked only when the rule has ended."""
    yield from this.gap_tellings()


def _write(cursor: CursorWrapper, rows: Iterator[tuple]) -> int:
    """Copy rows aside some at a time, then take over those whose key is new: the unique key has the last word."""
    batch = list(islice(rows, BATCH))
    if not batch:
        return 0
    names = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    cursor.execute(f"CREATE TEMPORARY TABLE notices_found AS SELECT {names} FROM notices_notice WITH NO DATA")
    while batch:
        with cursor.copy(f"COPY notices_found ({names}) FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
        batch = list(islice(rows, BATCH))
    cursor.execute(
        f"INSERT INTO notices_notice ({names}) SELECT {names} FROM notices_found ON CONFLICT (key) DO NOTHING"
    )
    made = cursor.rowcount
    cursor.execute("DROP TABLE notices_found")
    return made


def _overtake() -> None:
    """Set aside notices that wait for a letter while a newer one speaks of the same deadline to the same person."""
    newer = Notice.objects.filter(recipient=OuterRef("recipient"), kind__in=ONE_DEADLINE, pk__gt=OuterRef("pk"))
    newer = newer.exclude(reason=OUTDATED)
    waiting = Notice.objects.filter(state=Notice.State.WAITING, letter__isnull=True, kind__in=ONE_DEADLINE)
    for about in ("item", "report"):
        waiting.filter(Exists(newer.filter(**{about: OuterRef(about)}))).update(
            state=Notice.State.SUPPRESSED, reason=OUTDATED, read_at=F("created_at")
        )
