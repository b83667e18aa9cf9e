"""Who must be told what, said again from the start: nothing here asks the rules, the ledger or the sending.

Each day, after people have done their work, the reckoning looks at the work itself and writes down what holds. A thing
that holds on a good day (a working day on which the round and the sending ran to their end) must have been told by
then; one that only ever held on bad days may have been told or not. Told is what the mail server took.

The claims are named as the ledger names its keys, so that both can be compared; the names are made here anew.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agencies.models import Agency, Membership
from notices.models import PlanNoticeSettings
from plans.models import Plan, WorkItem, WorkItemEvent
from reports.models import Report, ReportEvent

HOLIDAYS = {
    *(date(2024, 2, day) for day in range(8, 15)),
    date(2024, 1, 1),
    date(2024, 4, 18),
    date(2024, 4, 29),
    date(2024, 4, 30),
    date(2024, 5, 1),
    date(2024, 9, 2),
    date(2024, 9, 3),
}
"""Days off of 2024 as announced for officials (29/4 against 4/5), read from the announcement and not from our table."""
MAKE_UP = {date(2024, 5, 4)}
ITEM = ("pk", "task_id", "agency_id", "kind", "state", "due_date", "last_update_on", "return_until", "handed_in_by_id")
OPEN = ("not_started", "in_progress")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
"""What a mail server can work with; an account with anything else counts as one without an address."""
Claim = tuple[str, str]
"""Whose address, and what: a name like "overdue:item:12:late8"."""


def is_working_day(day: date) -> bool:
    """Say whether officials worked on that day of 2024."""
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def working_day_before(day: date) -> date:
    """Return the day itself or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date, count: int) -> date:
    """Return the working day that comes ``count`` working days after."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@dataclass
class People:
    """Addresses by agency and role, as they stand during the simulation; "" where an account has none."""

    by_role: dict[tuple[int, str], dict[int, str]]
    above: dict[int, int]
    viewers: list[str]

    @classmethod
    def of(cls, plan: Plan) -> "People":
        """Read them once: nobody moves during the simulation."""
        by_role: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
        for place in Membership.objects.filter(agency__province=plan.province).select_related("user"):
            usable = place.user.is_active and ADDRESS.fullmatch(place.user.email)
            by_role[place.agency_id, place.role][place.user_id] = place.user.email if usable else ""
        parents = Agency.objects.filter(province=plan.province, parent__isnull=False).exclude(parent__kind="superior")
        viewers = [email for (_, role), them in by_role.items() if role == "viewer" for email in them.values()]
        return cls(by_role, dict(parents.values_list("pk", "parent_id")), viewers)

    def _role(self, agency: int, role: str) -> list[str]:
        return [email for email in self.by_role.get((agency, role), {}).values() if email]

    def doers(self, agency: int) -> list[str]:
        """Officers, else coordinators who do the agency's own work, else leaders; whoever can get a letter."""
        officers = self.by_role.get((agency, "officer")) or self.by_role.get((agency, "coordinator")) or {}
        return [email for email in officers.values() if email] or self.leaders(agency)

    def leaders(self, agency: int) -> list[str]:
        """Leaders who can get a letter."""
        return self._role(agency, "leader")

    def coordinators(self, agency: int, without: int | None = None) -> list[str]:
        """Coordinators who can get a letter, less the one who did it."""
        return [email for pk, email in self.by_role.get((agency, "coordinator"), {}).items() if email and pk != without]

    def confirmers(self, agency: int, home: int, without: int | None) -> list[str]:
        """The agency right above, else the coordinators; never who handed it in."""
        above = self.above.get(agency, 0)
        near = {**self.by_role.get((above, "officer"), {}), **self.by_role.get((above, "leader"), {})}
        return [email for pk, email in near.items() if email and pk != without] or self.coordinators(home, without)


@dataclass
class Reckoning:
    """The claims of a simulated stretch of time. `may`: ever held; `must`: held on a good day."""

    plan: Plan
    may: set[Claim] = field(default_factory=set)
    must: set[Claim] = field(default_factory=set)
    people: People = field(init=False)
    settings: PlanNoticeSettings = field(init=False)
    asked: set[tuple[int, int]] = field(init=False)

    def begin(self) -> None:
        """Read what stays as it is."""
        self.people = People.of(self.plan)
        self.settings = PlanNoticeSettings.of(self.plan)
        self.home = self.plan.coordinating_agency_id

    def look(self, day: date) -> set[Claim]:
        """Write down what holds on the day, after its work and before its rounds."""
        held = {(email, what) for emails, what in self._holding(day) for email in emails}
        self.may |= held
        return held

    def _holding(self, day: date) -> Iterator[tuple[list[str], str]]:
        owing: set[int] = set()
        rows = list(WorkItem.objects.filter(task__plan=self.plan).values(*ITEM, "task__is_report").order_by("pk"))
        self.asked = {
            (row["task_id"], row["agency_id"])
            for row in rows
            if row["kind"] == "check_point" and row["state"] in OPEN and row["due_date"] and row["due_date"] >= day
        }
        for row in rows:
            if row["state"] not in ("declined", "waived"):
                owing.add(row["agency_id"])
            if not row["task__is_report"] or row["kind"] == "check_point":
                yield from self._item(row, day)
        for agency in owing:
            yield from self._to_doers(agency, f"assigned:plan:{self.plan.pk}:agency:{agency}", "assigned", None, "once")
        yield from self._item_events(day)
        yield from self._reports(day)
        yield from self._report_events(day)

    def _to_doers(
        self, agency: int, what: str, kind: str, due: date | None, step: str
    ) -> Iterator[tuple[list[str], str]]:
        """The doers; where nobody of the agency can get a letter, one line to the coordinators for all agencies."""
        if doers := self.people.doers(agency):
            yield doers, what
        else:
            yield self._gap(kind, due, step)

    def _gap(self, kind: str, due: date | None, step: str) -> tuple[list[str], str]:
        return self.people.coordinators(self.home), f"{kind}:plan:{self.plan.pk}:gap:{due or 'all'}:{step}"

    def _item(self, row: dict[str, Any], day: date) -> Iterator[tuple[list[str], str]]:
        due, grace, agency = row["due_date"], row["return_until"], row["agency_id"]
        if row["state"] not in OPEN or due is None:
            return
        late = due < day and not (grace and grace >= day)
        if row["kind"] == "check_point":
            if late:
                what = f"not_updated:item:{row['pk']}:v1"
                yield from self._to_doers(agency, what, "not_updated", due, "once")
            return
        if due >= day or late:
            for kind, step in self._stage(due, day):
                what = f"{kind}:item:{row['pk']}:v1:{step}"
                yield from self._to_doers(agency, what, kind, due, step)
        if late:
            yield from self._upwards(agency, f"escalated:item:{row['pk']}:v1", due, day)
        heard, patience = row["last_update_on"], self.settings.idle_days
        silent = row["state"] == "in_progress" and heard and patience and heard + timedelta(patience) <= day <= due
        if silent and (row["task_id"], agency) not in self.asked:  # else a check-point ahead asks already
            yield self.people.doers(agency), f"idle:item:{row['pk']}:since{heard:%Y%m%d}"

    def _stage(self, due: date, day: date) -> Iterator[tuple[str, str]]:
        """Where the deadline stands: the nearest step that has come, on the working day before when it is a day off."""
        if day > due:
            every = self.settings.overdue_every
            yield "overdue", f"late{(day - due).days - ((day - due).days - 1) % every}"
            return
        for step in sorted({0, *self.settings.steps}):
            if day >= working_day_before(due - timedelta(days=step)):
                yield ("nearly_due" if step else "due"), f"step{step}"
                return

    def _upwards(
        self, agency: int, what: str, due: date, day: date, collector: int | None = None
    ) -> Iterator[tuple[list[str], str]]:
        """Lateness of an age goes to the leaders, then the coordinators, then those who look on for the province.

        A report that an agency above collects goes to that agency after the leaders, and no further.
        """
        late = (day - due).days
        leaders, doers = self.people.leaders(agency), self.people.doers(agency)
        coordinators = self.people.coordinators(self.home)
        if late >= self.settings.leader_age:
            yield (leaders, f"{what}:leader") if leaders else self._gap("escalated", due, "leader")
        if late >= self.settings.coordinator_age:
            nobody = not leaders and not doers
            if collector:
                yield self.people.doers(collector), f"{what}:coordinator"
                return
            yield self._gap("escalated", due, "coordinator") if nobody else (coordinators, f"{what}:coordinator")
        if self.settings.chair_age and late >= self.settings.chair_age:
            yield [email for email in self.people.viewers if email] or coordinators, f"{what}:chair"

    def _item_events(self, day: date) -> Iterator[tuple[list[str], str]]:
        """The last handing in, return or confirmation of each item, while the item still stands there."""
        standing = {"handed_in": ("handed_in",), "returned": OPEN, "confirmed": ("completed",)}
        events = WorkItemEvent.objects.filter(item__task__plan=self.plan, kind__in=standing, on__lte=day)
        last = {(event.item_id, event.kind): event for event in events.select_related("item").order_by("pk")}
        for (_, kind), event in last.items():
            item = event.item
            if item.state not in standing[kind] or (item.task_id in self._report_tasks()):
                continue
            doers = self.people.doers(item.agency_id)
            to = {"handed_in": self.people.confirmers(item.agency_id, self.home, item.handed_in_by_id)}.get(kind, doers)
            if kind == "returned" and not doers:
                to = self.people.coordinators(self.home)
            yield to, f"{kind}:event:{event.pk}"
            if kind == "handed_in":
                yield from self._waiting(to, f"unconfirmed:event:{event.pk}", event.on, day)

    def _report_tasks(self) -> set[int]:
        if not hasattr(self, "_tasks"):
            self._tasks = set(self.plan.tasks.filter(is_report=True).values_list("pk", flat=True))
        return self._tasks

    def _waiting(self, to: list[str], what: str, since: date, day: date) -> Iterator[tuple[list[str], str]]:
        first = working_day_after(since, self.settings.unconfirmed_days)
        if day >= first:
            yield to, f"{what}:again{(day - first).days // 7}"

    def _reports(self, day: date) -> Iterator[tuple[list[str], str]]:
        for period in self.plan.periods.filter(status="proposed"):
            for kind, step in self._stage(period.due_date, day):
                if kind != "overdue":
                    what = f"report_due:period:{period.pk}:due{period.due_date:%Y%m%d}:{step}"
                    yield self.people.coordinators(self.home), what
        owed = Report.objects.filter(period__plan=self.plan, period__status="open").exclude(state="excluded")
        for report in owed.exclude(state__in=["submitted", "accepted"]).select_related("period", "item"):
            due, grace = report.due_date, report.return_until
            if due < day and grace and grace >= day:
                continue
            for kind, step in self._stage(due, day):
                name = "report_late" if kind == "overdue" else "report_due"
                what = f"{name}:report:{report.pk}:due{due:%Y%m%d}:{step}"
                gap = f"report{report.period_id}:{step}"
                yield from self._to_doers(report.agency_id, what, name, due, gap)
            if due < day:
                what, above = f"escalated:report:{report.pk}:due{due:%Y%m%d}", report.collector_id
                yield from self._upwards(report.agency_id, what, due, day, above)

    def _report_events(self, day: date) -> Iterator[tuple[list[str], str]]:
        standing = {"submitted": "submitted", "returned": "returned", "accepted": "accepted"}
        events = ReportEvent.objects.filter(report__period__plan=self.plan, kind__in=standing, on__lte=day)
        last = {(event.report_id, event.kind): event for event in events.select_related("report").order_by("pk")}
        for (_, kind), event in last.items():
            if event.report.state != standing[kind]:
                continue
            to = self.people.doers(event.report.agency_id)
            if kind == "submitted":
                collector = event.report.collector_id
                above = self.people.doers(collector) if collector else []
                to = above or self.people.coordinators(self.home, without=event.by_id)
                yield from self._waiting(to, f"unconfirmed:report_event:{event.pk}", event.on, day)
            elif kind == "returned" and not to:
                to = self.people.coordinators(self.home)
            yield to, f"report_{kind}:event:{event.pk}"
