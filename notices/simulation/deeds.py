"""What agencies and the coordinator do in a simulated year: decided by one seed, done through the verbs people use."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import Membership, User
from plans.models import Plan, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from reports.filling import fill
from reports.models import Period, Report
from reports.periods import propose_periods
from workdays.calendar import Calendar

DILIGENCE = (0.7, 0.4, 0.15)
"""Share of the deliveries that an agency hands in at all; each agency has one of these by chance."""
DELAYS = (-12, -6, -3, -1, 0, 0, 2, 5, 9, 16, 24, 33)
"""Days after the due date on which work is handed in."""
WORDS = {"results": "Đã thực hiện.", "obstacles": "Không.", "proposals": "Không.", "outlook": "Tiếp tục thực hiện."}
RETURNED = 0.2
"""Share of what is handed in that comes back."""
Deed = Callable[[date], None]


@dataclass
class Deeds:
    """A year's deeds by day. `share` thins the work out: how much of what agencies would do is played."""

    plan: Plan
    seed: int
    share: float = 1
    by_day: dict[date, list[Deed]] = field(default_factory=lambda: defaultdict(list))
    done: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.calendar = Calendar.load()
        self.officers: dict[int, User] = {}
        self.leaders: dict[int, User] = {}
        places = Membership.objects.filter(agency__province=self.plan.province).select_related("user").order_by("pk")
        for place in places:
            if place.role == Membership.Role.OFFICER:
                self.officers.setdefault(place.agency_id, place.user)
            elif place.role == Membership.Role.LEADER:
                self.leaders.setdefault(place.agency_id, place.user)
        self.coordinator = next(
            place.user
            for place in places
            if place.role == Membership.Role.COORDINATOR and place.agency_id == self.plan.coordinating_agency_id
        )

    def foresee(self) -> None:
        """Decide the whole year once the plan is active."""
        propose_periods(self.plan)
        for period in self.plan.periods.order_by("due_date"):
            self._on(period.due_date - timedelta(days=self.chance.randint(6, 20)), partial(self._open, period.pk))
        diligence: dict[int, float] = defaultdict(lambda: self.chance.choice(DILIGENCE))
        items = WorkItem.objects.filter(task__plan=self.plan, task__is_report=False, due_date__isnull=False)
        for item in items.order_by("pk").only("agency_id", "due_date", "kind"):
            likely = diligence[item.agency_id] * self.share
            if item.kind == OccurrenceKind.CHECK_POINT:
                likely /= 4
            if item.agency_id in self.officers and self.chance.random() < likely:
                assert item.due_date is not None
                deed = self._update if item.kind == OccurrenceKind.CHECK_POINT else self._deliver
                self._on(item.due_date + timedelta(days=self.chance.choice(DELAYS)), partial(deed, item.pk))

    def play(self, day: date) -> None:
        """Do what is to be done on the day; what is not possible any more is left undone, as people would."""
        for deed in self.by_day.pop(day, ()):
            try:
                with transaction.atomic():
                    deed(day)
                self.done += 1
            except ValidationError:
                continue

    def _on(self, day: date, deed: Deed) -> None:
        first = (self.plan.activated_on or day) + timedelta(days=1)
        self.by_day[self.calendar.working_day_on_or_after(max(day, first))].append(deed)

    def _item(self, pk: int) -> WorkItem:
        return WorkItem.objects.select_related("task__plan", "task__deadline", "agency", "occurrence").get(pk=pk)

    def _update(self, pk: int, day: date) -> None:
        item = self._item(pk)
        if item.state != State.COMPLETED:
            item.record_update(by=self.officers[item.agency_id], on=day, percent=40, words="Đang thực hiện.")

    def _deliver(self, pk: int, day: date) -> None:
        item = self._item(pk)
        item.record_update(by=self.officers[item.agency_id], on=day, percent=100, words="Đã hoàn thành.")
        if self.chance.random() < 0.9:  # the others forget to hand in, and fall silent
            item.hand_in(by=self.officers[item.agency_id], on=day)
            self._on(day + timedelta(days=self.chance.choice((1, 2, 4, 9, 14, 20))), partial(self._decide, pk))

    def _decide(self, pk: int, day: date) -> None:
        item = self._item(pk)
        if self.chance.random() < RETURNED:
            item.send_back(by=self.coordinator, on=day, reason="Thiếu văn bản minh chứng.")
            if self.chance.random() < 0.7:
                self._on(day + timedelta(days=self.chance.choice((0, 1, 2, 6))), partial(self._deliver, pk))
        else:
            item.confirm(by=self.coordinator, on=day)

    def _open(self, pk: int, day: date) -> None:
        period = Period.objects.get(pk=pk)
        period.open(by=self.coordinator, on=day)
        for report in period.reports.order_by("pk").only("agency_id", "due_date"):
            able = report.agency_id in self.officers and report.agency_id in self.leaders
            if able and self.chance.random() < 0.6:
                due = report.due_date + timedelta(days=self.chance.choice(DELAYS))
                self._on(max(due, day + timedelta(days=1)), partial(self._report, report.pk))

    def _report(self, pk: int, day: date) -> None:
        report = Report.objects.select_related("period__plan", "item", "agency").get(pk=pk)
        officer = self.officers[report.agency_id]
        fill(report, day)
        lines = {line.pk: line.results or "Đã thực hiện." for line in report.lines.all()}
        report.write(by=officer, revision=report.revision, words=WORDS, results_by_line=lines)
        report.approve(by=self.leaders[report.agency_id], on=day)
        report.submit(by=officer, on=day)
        self._on(day + timedelta(days=self.chance.choice((1, 2, 6, 15))), partial(self._judge, pk))

    def _judge(self, pk: int, day: date) -> None:
        report = Report.objects.select_related("period__plan", "item", "agency").get(pk=pk)
        if self.chance.random() < RETURNED:
            report.send_back(by=self.coordinator, on=day, reason="Thiếu số liệu.")
            self._on(day + timedelta(days=self.chance.choice((0, 1, 2, 8))), partial(self._report, pk))
        else:
            report.accept(by=self.coordinator, on=day)
