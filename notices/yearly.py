"""What a plan's reminding comes to over its year, read from the product's own rules: the table of docs/reminders.md.

The rounds are rehearsed in a transaction that is taken back: nothing is written, nothing leaves.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from notices.models import Notice, RoundRun
from notices.rules import make_notices
from notices.telling import followed_from
from notices.wording import written_day
from plans.models import Plan, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from reports.models import Period, Report

Kind = Notice.Kind
COLUMNS = {
    "Giao việc": (Kind.ASSIGNED,),
    "Nhắc trước hạn": (Kind.NEARLY_DUE, Kind.DUE),
    "Nhắc nộp báo cáo": (Kind.REPORT_DUE,),
    "Mốc chưa cập nhật": (Kind.NOT_UPDATED,),
    "Quá hạn": (Kind.OVERDUE,),
    "Báo cáo trễ": (Kind.REPORT_LATE,),
}
"""Kinds told to the doers (or, where nobody of an agency can be reached, to the coordinators in one line)."""
UPWARDS = {"leader": "Lãnh đạo cơ quan", "coordinator": "Cơ quan điều phối", "chair": "Phó Chủ tịch"}
"""Circles of escalation, by the step in the key."""
IN_TIME = ("Giao việc", "Nhắc trước hạn", "Nhắc nộp báo cáo")
"""What is told also where everybody works in time."""


@dataclass
class Month:
    """What a month brings: due dates with their tasks, and how many notices of each column."""

    first: date
    due: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def in_time(self) -> int:
        """Return the notices of the month where everybody works in time."""
        return sum(self.counts[name] for name in IN_TIME)

    @property
    def told(self) -> int:
        """Return the notices of the month where nobody does anything."""
        return sum(self.counts.values())


def months_of(plan: Plan, until: date) -> list[Month]:
    """Return month by month what a round on every day would tell of the plan, if nobody did anything until ``until``.

    A round at each month's end finds what rounds on its days would have found; that is a property of the rules.
    """
    months = []
    with transaction.atomic():
        _begin_anew(plan)
        day = followed_from(plan)
        while day <= until:
            end = min((day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1), until)
            month = Month(day.replace(day=1), due=_due_in(plan, day.replace(day=1), end))
            run = make_notices(end)
            if run.errors:
                raise RuntimeError(str(run.errors))
            for key, kind in Notice.objects.filter(plan=plan, on=end).values_list("key", "kind").iterator():
                month.counts[_column(key, kind)] += 1
            months.append(month)
            day = end + timedelta(days=1)
        transaction.set_rollback(True)
    return months


def _begin_anew(plan: Plan) -> None:
    """Take the plan back to its first day: nothing told, nothing done, its reporting periods open."""
    Notice.objects.all().delete()
    RoundRun.objects.all().delete()
    Plan.objects.exclude(pk=plan.pk).update(status=Plan.Status.CLOSED)
    WorkItem.objects.filter(task__plan=plan).exclude(state=State.WAIVED).update(
        state=State.NOT_STARTED, percent=0, due_date=F("original_due_date"), due_version=1, last_update_on=None,
        handed_in_on=None, completed_on=None, return_until=None,
    )  # fmt: skip
    for period in Period.objects.filter(plan=plan):
        Period.objects.filter(pk=period.pk).update(status=Period.Status.OPEN, opened_on=followed_from(plan))
        known = set(period.reports.values_list("agency", flat=True))
        Report.objects.bulk_create(
            Report(period=period, agency_id=agency, item_id=item, due_date=period.due_date)
            for agency, item in period.owed(followed_from(plan))
            if agency not in known
        )
    Report.objects.filter(period__plan=plan).update(state="draft", submitted_on=None, return_until=None)


def _due_in(plan: Plan, first: date, last: date) -> list[str]:
    """Return in words which tasks have a due date or a check-point between the days."""
    rows = WorkItem.objects.filter(task__plan=plan, due_date__range=(first, last)).exclude(state=State.WAIVED)
    found: dict[tuple[date, str], set[int]] = defaultdict(set)
    for due, kind, position in rows.values_list("due_date", "kind", "task__position").distinct():
        if due:
            found[due, kind].add(position)
    return [
        f"{written_day(due)}: {'mốc' if kind == OccurrenceKind.CHECK_POINT else 'hạn'} của nhiệm vụ {_ranges(positions)}"
        for (due, kind), positions in sorted(found.items())
    ]


def _ranges(numbers: set[int]) -> str:
    """Return {1, 2, 3, 7} as "1-3, 7"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def _column(key: str, kind: str) -> str:
    if kind == Kind.ESCALATED:
        parts = key.split(":")
        return UPWARDS.get(parts[-3], UPWARDS["leader"])
    return next((name for name, kinds in COLUMNS.items() if kind in kinds), "Khác")


def as_table(months: list[Month]) -> str:
    """Return the months as the table of the documentation (Markdown)."""
    heads = [*COLUMNS, *UPWARDS.values()]
    lines = [
        "| Tháng | Hạn và mốc trong tháng | " + " | ".join(heads) + " | Nếu làm đúng hạn | Nếu không làm gì |",
        "| --- | --- |" + " ---: |" * (len(heads) + 2),
    ]
    for month in months:
        due = "<br>".join(month.due) or "không có"
        counts = " | ".join(_number(month.counts[head]) for head in heads)
        lines.append(f"| {month.first:%m/%Y} | {due} | {counts} | {_number(month.in_time)} | {_number(month.told)} |")
    total = " | ".join(_number(sum(month.counts[head] for month in months)) for head in heads)
    in_time, told = (sum(getattr(month, name) for month in months) for name in ("in_time", "told"))
    lines.append(f"| Cả năm | | {total} | {_number(in_time)} | {_number(told)} |")
    return "\n".join(lines) + "\n"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")
