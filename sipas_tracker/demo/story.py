"""What happened from 25/3/2024 to 3/6/2024 in the sample data, step by step, through the verbs that people use."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.core.files.base import ContentFile

from agencies.models import Agency, Membership, User
from criteria.importing import load_framework
from criteria.models import Criterion
from plans.importing.saving import confirm_draft
from plans.importing.starting import start_draft
from plans.models import Plan, Target, TaskCriterion, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.models.work import NewEvidence
from sipas_tracker.demo.targets import figures_of
from sipas_tracker.demo.words import EXTRA, RESULTS, RETURN_REASON
from workdays.calendar import Calendar

PLAN_FILE = Path(__file__).parent / "82-KH-UBND-2024.docx"
ACTIVATED = date(2024, 3, 25)
TODAY = date(2024, 6, 3)
SLOW = ("SXD", "SVHTTDL", "SNGV", "CTHADS", "CQLTT")
"""Agencies that are behind in the story, so that lateness and reminders can be seen."""


class Story:
    """The people of the sample data and their deeds; the same every time (fixed seed)."""

    def __init__(self, coordinator: User) -> None:
        self.coordinator = coordinator
        self.chance = Random(82)
        self.calendar = Calendar.load()
        self.officers: dict[int, User] = {}
        self.targets: dict[int, list[Target]] = {}
        self.figures = Random(83)
        places = Membership.objects.filter(role=Membership.Role.OFFICER, agency__province=coordinator.province)
        for place in places.select_related("user").order_by("pk"):
            self.officers.setdefault(place.agency_id, place.user)

    def import_plan(self, agency: Agency) -> Plan:
        """Bring the plan in from its Word file and make its work."""
        draft = start_draft(data=PLAN_FILE.read_bytes(), name=PLAN_FILE.name, by=self.coordinator, agency=agency)
        head = draft.head
        plan = Plan(
            number=head["number"],
            title=head["title"],
            issuer=head["issuer"],
            signed_on=date.fromisoformat(head["signed"]),
            signer=head.get("signer") or "Vũ Chí Giang",
            year=head["plan_year"],
            target=head.get("target") or "",
        )
        return confirm_draft(draft, head=plan, by=self.coordinator, on=ACTIVATED)

    def link_criteria(self, plan: Plan, links: Iterable[dict]) -> None:
        """Link tasks to the criteria they improve (not those they merely measure), as a reader of the plan did.

        They take the place of what the import proposed.
        """
        TaskCriterion.objects.filter(task__plan=plan).delete()
        codes = {node.code: node for node in Criterion.objects.filter(framework=load_framework().framework)}
        tasks = {task.position: task for task in plan.tasks.all()}
        TaskCriterion.objects.bulk_create(
            TaskCriterion(
                task=tasks[row["row"]], criterion=codes[code], confidence=confidence, made_by=self.coordinator
            )
            for row in links
            for code, confidence in row["criteria"].items()
            if row["scope"] == "improves" and code in codes and row["row"] in tasks
        )

    def live(self, plan: Plan, until: date = TODAY) -> None:
        """Play what agencies with an officer did up to the day."""
        items = WorkItem.objects.filter(task__plan=plan, agency__in=self.officers, due_date__isnull=False)
        items = items.exclude(task__is_report=True).filter(due_date__lte=until + timedelta(days=28))
        for item in items.select_related("task__plan", "task__deadline", "agency", "occurrence").order_by(
            "due_date", "task__position", "agency__sort_key"
        ):
            if item.kind == OccurrenceKind.CHECK_POINT:
                self._check_point(item, until)
            else:
                self._delivery(item, until)

    def _check_point(self, item: WorkItem, until: date) -> None:
        slow = item.agency.code in SLOW
        if self.chance.random() < (0.55 if slow else 0.1):
            return
        day = self._day_before(item.due_date, self.chance.randint(1, 9 if not slow else 3))
        if day > until:
            day = self._working(until - timedelta(days=self.chance.randint(0, 12)))
            if self.chance.random() < 0.55:
                return
        share = 25 * (item.occurrence.ordinal) - self.chance.choice([0, 5, 5, 10])
        self._update(item, day, max(5, share))

    def _delivery(self, item: WorkItem, until: date) -> None:
        slow = item.agency.code in SLOW
        delay = self.chance.choice([-9, -6, -4, -3, -2, -1] if not slow else [4, 9, 80, 80])
        assert item.due_date is not None
        day = self._working(item.due_date + timedelta(days=delay))
        if day > until:
            if not slow and self.chance.random() < 0.6:
                self._update(item, self._working(until - timedelta(days=self.chance.randint(1, 20))), 60)
            return
        self._update(item, day, 100)
        item.refresh_from_db()
        item.hand_in(by=self.officers[item.agency_id], on=day)
        self._decide(item, day, until)

    def _decide(self, item: WorkItem, day: date, until: date) -> None:
        """Sở Nội vụ confirms after some days; now and then it returns first; the latest still wait."""
        checked = self._working(day + timedelta(days=self.chance.randint(2, 6)))
        if checked > until or item.agency.code == "SNV":
            return
        if self.chance.random() < 0.12:
            item.send_back(by=self.coordinator, on=checked, reason=RETURN_REASON)
            again = self._working(checked + timedelta(days=2))
            if again > until or self.chance.random() < 0.3:
                return
            item.refresh_from_db()
            self._update(item, again, 100, EXTRA)
            item.refresh_from_db()
            item.hand_in(by=self.officers[item.agency_id], on=again)
            checked = self._working(again + timedelta(days=2))
            if checked > until:
                return
        item.confirm(by=self.coordinator, on=checked)

    def _update(self, item: WorkItem, day: date, percent: int, words: str = "") -> None:
        item.refresh_from_db()
        if item.state not in (State.NOT_STARTED, State.IN_PROGRESS):
            return
        day = max(day, ACTIVATED)
        words = words or self.chance.choice(RESULTS.get(item.task.position) or RESULTS[0])
        evidence = []
        if percent == 100 and not words.startswith(EXTRA[:10]):
            text = f"{item.agency.name}\nMinh chứng: {words}\nNgày {day:%d/%m/%Y}\n"
            evidence.append(NewEvidence(ContentFile(text.encode(), name="minh-chung.txt"), "minh-chung.txt", day))
        item.record_update(
            by=self.officers[item.agency_id],
            on=day,
            percent=min(percent, 100),
            words=words,
            evidence=evidence,
            figures=figures_of(self.targets.get(item.task_id, ()), percent, self.figures),
        )

    def _day_before(self, due: date | None, days: int) -> date:
        assert due is not None
        return max(ACTIVATED, self._working(due - timedelta(days=days)))

    def _working(self, day: date) -> date:
        return self.calendar.working_day_on_or_before(day)

    def rounds(self, first: date, last: date) -> Iterable[date]:
        """Yield the working days on which the round ran."""
        day = first
        while day <= last:
            if self.calendar.is_working_day(day):
                yield day
            day += timedelta(days=1)
