"""What rules work with: the round of one day, and what it finds worth telling."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import F, Max

from agencies.models import Agency
from notices.ladder import WEEK, Ladder, Stage, repeats
from notices.models import MutedKind, Notice, PlanNoticeSettings, RoundRun
from notices.preferences import ALWAYS_URGENT, OPTED_OUT, Wishes
from notices.recipients import Audience, People, Recipient
from notices.wording import some_of, written_day
from plans.models import DueDateVersion, Plan, Task, WorkItem
from plans.models.occurrence import OPEN_STATES, WorkItemQuerySet
from reports.models import Period, Report, ReportQuerySet
from workdays.calendar import Calendar

logger = logging.getLogger(__name__)
GAP = "Cơ quan thực hiện chưa có người nhận được thư; anh/chị điều phối kế hoạch."
OUTDATED = "Đã có thông báo mới hơn về cùng việc này."
HOLIDAY = "Từ ngày này đến hết hạn là ngày nghỉ, không gửi thư; thông báo hiện trên trang."
BEFORE_THE_END = (Notice.Kind.NEARLY_DUE, Notice.Kind.DUE, Notice.Kind.REPORT_DUE)
"""Kinds that are of use only until the due date."""
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
    """One fact worth telling, for all its recipients.

    `stem` is the key without the recipient: the object, the version of its deadline, the step of the rule.
    `outdated`: a newer one has overtaken it before any round told it; it is kept in the ledger only.
    """

    kind: str
    stem: str
    to: Sequence[Recipient]
    words: str
    plan_id: int
    agency_id: int | None = None
    item_id: int | None = None
    report_id: int | None = None
    extension_id: int | None = None
    obstacle_id: int | None = None
    due_date: date | None = None
    outdated: bool = False


COLUMNS = (
    "key",
    "kind",
    "recipient_id",
    "agency_id",
    "plan_id",
    "item_id",
    "report_id",
    "extension_id",
    "obstacle_id",
    "on",
    "due_date",
    "words",
    "why",
    "urgent",
    "on_page",
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
    """The round of one day: what all rules read, fetched once. Only active plans take part.

    ``parts``: the open parts of agencies' shares, each with the agency that gave it.
    ``broken`` holds the plans whose settings the round cannot work with, and why: they stop themselves only.
    """

    on: date
    made_up_from: date
    calendar: Calendar
    plans: dict[int, Plan]
    settings: dict[int, PlanNoticeSettings]
    tasks: dict[int, Task]
    agencies: dict[int, str]
    people: People
    wishes: Wishes
    moved_on: dict[int, date]
    parts: dict[int, int]
    ladder: Ladder
    broken: dict[str, str] = field(default_factory=dict)
    gaps: dict[Gap, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    _after: dict[tuple[date, int], date] = field(default_factory=dict)

    @classmethod
    def load(cls, on: date) -> "Round":
        """Read plans, settings, tasks, agencies, people and the calendar: a fixed number of queries."""
        calendar = Calendar.load()
        plans, settings, broken = _plans(on)
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
            settings=settings,
            tasks=Task.objects.filter(plan__in=plans).only("plan_id", "text").in_bulk(),
            agencies={
                agency.pk: agency.label
                for agency in Agency.objects.filter(province__in=provinces).only("name", "short_name")
            },
            people=People.load(on),
            wishes=Wishes.load(),
            parts=dict(
                WorkItem.objects.open()
                .filter(part_of__isnull=False, task__plan__in=plans)
                .values_list("pk", "part_of__agency_id")
            ),
            moved_on=dict(moved.order_by("pk").values_list("item_id", "on")),
            ladder=Ladder(calendar),
            broken=broken,
        )

    def only(self, plan: Plan) -> "Round":
        """Return the round of one plan, when another one breaks a rule."""
        return replace(self, plans={plan.pk: plan}, gaps=defaultdict(lambda: defaultdict(int)))

    @property
    def horizon(self) -> date:
        """Return the last due date that any plan's steps may speak of today."""
        longest = max((self.settings[plan].ascending_steps[-1] for plan in self.plans), default=0)
        return self.ladder.horizon(self.on, longest)

    @cached_property
    def next_letter_day(self) -> date:
        """Return the first day, today or later, on which a letter may leave."""
        return self.calendar.working_day_on_or_after(self.on)

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
        start, settings = followed_from(plan), self.settings[plan.pk]
        from_day = start if due < start else max(since, start, self.made_up_from)
        until = start if due < start else self.on
        stages = self.ladder.stages(due, from_day, until, settings.ascending_steps, settings.overdue_every)
        return tuple((stage, stage is not stages[-1]) for stage in stages)

    def repeats(self, first: date, every: int = WEEK) -> tuple[tuple[int, bool], ...]:
        """Return the tellings of something that waits: its number from 0 at ``first``, and whether it is overtaken."""
        numbers = repeats(first, self.made_up_from, self.on, every)
        return tuple((number, number != numbers[-1]) for number in numbers)

    def after_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``; few different days are asked for, so answers are kept."""
        if (day, count) not in self._after:
            self._after[day, count] = self.calendar.add_working_days(day, count)
        return self._after[day, count]

    def rows(self, telling: Telling, at: datetime) -> Iterator[tuple]:
        """Return the rows of what was found, their values in the order of `COLUMNS`."""
        urgent = telling.kind in ALWAYS_URGENT or telling.kind in self.settings[telling.plan_id].urgent
        for recipient in telling.to:
            reason = self._why_no_letter(telling, recipient)
            hidden = telling.outdated or self.wishes.refuses(
                recipient.person.user_id, telling.kind, MutedKind.Channel.PAGE
            )
            yield (
                f"{telling.stem}:user:{recipient.person.user_id}",
                telling.kind,
                recipient.person.user_id,
                telling.agency_id,
                telling.plan_id,
                telling.item_id,
                telling.report_id,
                telling.extension_id,
                telling.obstacle_id,
                self.on,
                telling.due_date,
                telling.words[:500],
                recipient.why[:255],
                urgent,
                not hidden,
                Notice.State.SUPPRESSED if reason else Notice.State.WAITING,
                reason,
                at if telling.outdated else None,
                at,
            )

    def _why_no_letter(self, telling: Telling, recipient: Recipient) -> str:
        """Return in words why no letter carries this to the person; nothing when it waits for one."""
        if telling.outdated:
            return OUTDATED
        if telling.kind in BEFORE_THE_END and telling.due_date and telling.due_date < self.next_letter_day:
            return HOLIDAY
        if recipient.person.no_letter:
            return recipient.person.no_letter
        refused = self.wishes.refuses(recipient.person.user_id, telling.kind, MutedKind.Channel.LETTER)
        return OPTED_OUT if refused else ""

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


def _plans(on: date) -> tuple[dict[int, Plan], dict[int, PlanNoticeSettings], dict[str, str]]:
    """Return the active plans that are followed on the day, their settings, and those whose settings are of no use."""
    rows = {row.plan_id: row for row in PlanNoticeSettings.objects.filter(plan__status=Plan.Status.ACTIVE)}
    plans: dict[int, Plan] = {}
    settings: dict[int, PlanNoticeSettings] = {}
    broken: dict[str, str] = {}
    for plan in Plan.objects.filter(status=Plan.Status.ACTIVE):
        if followed_from(plan) > on:
            continue
        its = rows.get(plan.pk) or PlanNoticeSettings.usual(plan)
        try:
            its.clean()
        except (ValidationError, TypeError, ValueError) as error:
            logger.exception("The settings of plan %s cannot be worked with", plan.pk)
            broken[str(plan)] = "; ".join(getattr(error, "messages", [str(error)]))
        else:
            plans[plan.pk], settings[plan.pk] = plan, its
    return plans, settings, broken
