"""What rules work with: the round of one day, and what it finds worth telling."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Max

from agencies.models import Agency
from notices.ladder import Ladder, Stage
from notices.models import Notice, RoundRun
from notices.recipients import NO_ADDRESS, Audience, People, Recipient
from notices.wording import some_of, written_day
from plans.models import DueDateVersion, Plan, Task, WorkItem
from plans.models.occurrence import OPEN_STATES, WorkItemQuerySet
from reports.models import Period, Report, ReportQuerySet
from workdays.calendar import Calendar

GAP = "Cơ quan thực hiện chưa có người nhận được thư; anh/chị điều phối kế hoạch."
OUTDATED = "Đã có thông báo mới hơn về cùng việc này."
GAP_WORDS = {
    Notice.Kind.ASSIGNED: "việc được giao",
    Notice.Kind.NEARLY_DUE: "việc sắp đến hạn",
    Notice.Kind.DUE: "việc đến hạn",
    Notice.Kind.OVERDUE: "việc quá hạn",
    Notice.Kind.NOT_UPDATED: "việc chưa cập nhật tại mốc",
    Notice.Kind.ESCALATED: "việc quá hạn kéo dài",
    Notice.Kind.REPORT_DUE: "báo cáo sắp đến hạn nộp",
    Notice.Kind.REPORT_LATE: "báo cáo trễ hạn nộp",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact worth telling, for all its recipients. `stem` is the key without the recipient."""

    kind: str
    stem: str
    to: Sequence[Recipient]
    words: str
    plan_id: int
    agency_id: int | None = None
    item_id: int | None = None
    report_id: int | None = None
    due_date: date | None = None
    outdated: bool = False

    def rows(self, on: date, at: datetime) -> Iterator[tuple]:
        """Return the rows to write, their values in the order of `COLUMNS`: waiting for a letter, or suppressed."""
        for recipient in self.to:
            state, reason = Notice.State.WAITING, recipient.why
            if self.outdated:
                state, reason = Notice.State.SUPPRESSED, OUTDATED
            elif not recipient.person.has_address:
                state, reason = Notice.State.SUPPRESSED, f"{recipient.why} {NO_ADDRESS}"
            yield (
                f"{self.stem}:user:{recipient.person.user_id}",
                self.kind,
                recipient.person.user_id,
                self.agency_id,
                self.plan_id,
                self.item_id,
                self.report_id,
                on,
                self.due_date,
                self.words[:500],
                state,
                reason[:255],
                at if self.outdated else None,
                at,
            )


COLUMNS = (
    "key",
    "kind",
    "recipient_id",
    "agency_id",
    "plan_id",
    "item_id",
    "report_id",
    "on",
    "due_date",
    "words",
    "state",
    "reason",
    "read_at",
    "created_at",
)
"""Columns of a notice that a round fills; it has no letter yet."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What agencies without anybody to write to should have been told; the same for all of them."""

    kind: str
    plan_id: int
    due_date: date | None
    step: str
    outdated: bool


@dataclass
class Round:
    """The round of one day: what all rules read, fetched once. Only active plans take part."""

    on: date
    made_up_from: date
    calendar: Calendar
    plans: dict[int, Plan]
    tasks: dict[int, Task]
    agencies: dict[int, str]
    people: People
    moved_on: dict[int, date]
    ladder: Ladder
    gaps: dict[Gap, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    @classmethod
    def load(cls, on: date) -> "Round":
        """Read plans, tasks, agencies, people and the calendar: a fixed number of queries."""
        plans = {plan.pk: plan for plan in Plan.objects.filter(status=Plan.Status.ACTIVE) if followed_from(plan) <= on}
        calendar = Calendar.load()
        last_good = RoundRun.objects.filter(on__lte=on, errors=[], finished_at__isnull=False).aggregate(day=Max("on"))
        moved = DueDateVersion.objects.filter(
            version=F("item__due_version"), version__gt=1, item__state__in=OPEN_STATES, item__task__plan__in=plans
        )
        provinces = {plan.province_id for plan in plans.values()}
        return cls(
            on=on,
            made_up_from=last_good["day"] or date.min,
            calendar=calendar,
            plans=plans,
            tasks=Task.objects.filter(plan__in=plans).only("plan_id", "text").in_bulk(),
            agencies={
                agency.pk: agency.label
                for agency in Agency.objects.filter(province__in=provinces).only("name", "short_name")
            },
            people=People.load(on),
            moved_on=dict(moved.order_by("pk").values_list("item_id", "on")),
            ladder=Ladder(calendar),
        )

    @property
    def horizon(self) -> date:
        """Return the last due date that any plan's steps may speak of today."""
        longest = max((max(plan.steps) for plan in self.plans.values()), default=0)
        return self.ladder.horizon(self.on, longest)

    def items(self) -> WorkItemQuerySet:
        """Return the work of the plans that take part, less report tasks that speak through their period."""
        return WorkItem.objects.filter(task__plan__in=self.plans).exclude(
            task__is_report=True, occurrence__reporting_period__isnull=False
        )

    def reports(self) -> ReportQuerySet:
        """Return the reports of open periods of the plans that take part."""
        return Report.objects.filter(period__plan__in=self.plans, period__status=Period.Status.OPEN).expected()

    def stages(self, plan: Plan, due: date, since: date) -> tuple[tuple[Stage, bool], ...]:
        """Return the stages to tell of a deadline, oldest first, each with whether a newer one has overtaken it.

        What was over before the plan was followed is told once and never repeated.
        """
        start = followed_from(plan)
        if due < start:
            stages = self.ladder.stages(due, start, start, tuple(plan.steps))
        else:
            stages = self.ladder.stages(due, max(since, start, self.made_up_from), self.on, tuple(plan.steps))
        return tuple((stage, stage is not stages[-1]) for stage in stages)

    def plan_of(self, task_id: int) -> Plan:
        """Return the plan of a task."""
        return self.plans[self.tasks[task_id].plan_id]

    def note_gap(self, audience: Audience, agency_id: int, gap: Gap) -> None:
        """Remember that the agency has nobody who can get a letter; told to the coordinators in one line at the end."""
        if audience.gap:
            self.gaps[gap][agency_id] += 1

    def gap_tellings(self) -> Iterator[Telling]:
        """Tell the coordinators which agencies nobody could write to: one line for a plan, a deadline and a step.

        One line, not one for each item: a coordinator of a province cannot read thousands. The first round that meets
        the step decides the words; agencies that lose their people within the step show at the next one.
        """
        for gap, owed in self.gaps.items():
            plan = self.plans[gap.plan_id]
            names = sorted(self.agencies[agency_id] for agency_id in owed)
            due = f", hạn {written_day(gap.due_date)}" if gap.due_date else f" theo Kế hoạch {plan.number}"
            who = names[0] if len(names) == 1 else f"{len(names)} cơ quan ({some_of(names)})"
            yield Telling(
                kind=gap.kind,
                stem=f"{gap.kind}:plan:{plan.pk}:gap:{gap.due_date or 'all'}:{gap.step}",
                to=self.people.coordinators(plan.coordinating_agency_id, GAP),
                words=f"{who} chưa có người nhận thư: {sum(owed.values())} {GAP_WORDS[Notice.Kind(gap.kind)]}{due}.",
                plan_id=plan.pk,
                agency_id=next(iter(owed)) if len(owed) == 1 else None,
                due_date=gap.due_date,
                outdated=gap.outdated,
            )
        self.gaps.clear()


def followed_from(plan: Plan) -> date:
    """Return the day from which the plan's work is reminded of."""
    return plan.activated_on or plan.signed_on
