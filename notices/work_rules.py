"""Rules about work items. Each is a query that asks "what is due?" and never "is today the day?"."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from notices.models import Notice
from notices.telling import GAP, Gap, Round, Telling, followed_from
from notices.wording import cut, written_day
from plans.models import WorkItem, WorkItemEvent
from plans.models.occurrence import OccurrenceKind, State

ESCALATION = {"leader": 7, "coordinator": 15}
"""Days of lateness at which the agency's leader, then the plan's coordinators are told; each age once."""
Kind = Notice.Kind
HEADS = {Kind.NEARLY_DUE: "Sắp đến hạn", Kind.DUE: "Đến hạn", Kind.OVERDUE: "Quá hạn, hạn"}


def assigned(this: Round) -> Iterator[Telling]:
    """Tell an agency's officers once how much a plan gives their agency: one line, however many tasks."""
    owed = (
        WorkItem.objects.filter(task__plan__in=this.plans)
        .exclude(state__in=[State.DECLINED, State.WAIVED])
        .values("task__plan", "agency")
        .annotate(tasks=Count("task", distinct=True), items=Count("pk"))
        .order_by("task__plan", "agency")
    )
    for row in owed:
        plan, agency_id = this.plans[row["task__plan"]], row["agency"]
        audience = this.people.doers(agency_id)
        this.note_gap(audience, agency_id, Gap(Kind.ASSIGNED, plan.pk, None, "once", outdated=False))
        yield Telling(
            kind=Kind.ASSIGNED,
            stem=f"assigned:plan:{plan.pk}:agency:{agency_id}",
            to=audience.people,
            words=f"{this.agencies[agency_id]} được giao {row['tasks']} nhiệm vụ ({row['items']} đầu việc) "
            f"theo Kế hoạch {plan.number}.",
            plan_id=plan.pk,
            agency_id=agency_id,
        )


FACTS = ("pk", "task_id", "agency_id", "due_date", "due_version", "responsible_id", "return_until")


def deadlines(this: Round) -> Iterator[Telling]:
    """Remind before the due date by the plan's steps, on its day, and every week after it, until it is handed in.

    Told is the newest stage; stages that a missed round would have told are recorded as overtaken. A moved deadline
    (a new version) starts anew. Within the grace of a return nothing is late.
    """
    rows = this.items().open().deliveries().due_by(this.horizon)
    rows = rows.filter(Q(due_date__gte=this.on) | Q(return_until__isnull=True) | Q(return_until__lt=this.on))
    for pk, task_id, agency_id, due, version, responsible_id, grace in facts(rows):
        plan = this.plan_of(task_id)
        since = this.moved_on.get(pk, date.min) if version > 1 else date.min
        if grace and due < this.on:
            since = max(since, grace + timedelta(days=1))
        audience = this.people.doers(agency_id, responsible_id)
        for stage, outdated in this.stages(plan, due, since):
            kind = Kind(stage.phase)
            this.note_gap(audience, agency_id, Gap(kind, plan.pk, due, stage.step, outdated))
            yield Telling(
                kind=kind,
                stem=f"{kind}:item:{pk}:v{version}:{stage.step}",
                to=audience.people,
                words=f"{HEADS[kind]} {written_day(due)}: {this.tasks[task_id].short_text}",
                plan_id=plan.pk,
                agency_id=agency_id,
                item_id=pk,
                due_date=due,
                outdated=outdated,
            )


def check_points(this: Round) -> Iterator[Telling]:
    """Say once that a check-point passed without an update: one line, no repeats, never reported upwards.

    Check-points that passed before the plan was followed are not spoken of.
    """
    rows = this.items().open().filter(kind=OccurrenceKind.CHECK_POINT).overdue(this.on)
    for pk, task_id, agency_id, due, version, responsible_id, _ in facts(rows):
        plan = this.plan_of(task_id)
        if due < followed_from(plan):
            continue
        audience = this.people.doers(agency_id, responsible_id)
        this.note_gap(audience, agency_id, Gap(Kind.NOT_UPDATED, plan.pk, due, "once", outdated=False))
        yield Telling(
            kind=Kind.NOT_UPDATED,
            stem=f"not_updated:item:{pk}:v{version}",
            to=audience.people,
            words=f"Chưa cập nhật tiến độ tại mốc {written_day(due)}: {this.tasks[task_id].short_text}",
            plan_id=plan.pk,
            agency_id=agency_id,
            item_id=pk,
            due_date=due,
        )


def escalations(this: Round) -> Iterator[Telling]:
    """Report lateness upwards by its age: the agency's leaders, then the plan's coordinators; each age once.

    A late or missed round tells the ages that were passed meanwhile; they go to different people.
    """
    rows = (
        this.items()
        .deliveries()
        .overdue(this.on)
        .filter(due_date__lte=this.on - timedelta(days=min(ESCALATION.values())))
    )
    for pk, task_id, agency_id, due, version, _, _ in facts(rows):
        plan = this.plan_of(task_id)
        if due < followed_from(plan):
            continue
        late = (this.on - due).days
        leaders = this.people.leaders(agency_id)
        nobody = leaders.gap and this.people.doers(agency_id).gap
        for circle, age in ESCALATION.items():
            if late < age:
                continue
            if circle == "leader" or nobody:
                this.note_gap(leaders, agency_id, Gap(Kind.ESCALATED, plan.pk, due, f"age{age}", outdated=False))
            to = leaders.people
            if circle == "coordinator":
                why = "Anh/chị điều phối kế hoạch có việc quá hạn kéo dài."
                to = () if nobody else this.people.coordinators(plan.coordinating_agency_id, why)
            yield Telling(
                kind=Kind.ESCALATED,
                stem=f"escalated:item:{pk}:v{version}:age{age}",
                to=to,
                words=f"{this.agencies[agency_id]} quá hạn {late} ngày (hạn {written_day(due)}): "
                f"{this.tasks[task_id].short_text}",
                plan_id=plan.pk,
                agency_id=agency_id,
                item_id=pk,
                due_date=due,
            )


def handed_in(this: Round) -> Iterator[Telling]:
    """Tell those who confirm that work was handed in; each handing in once."""
    events = last_steps(this, WorkItemEvent.Kind.HANDED_IN, [State.HANDED_IN])
    for event in untold(events, Kind.HANDED_IN, "item_id"):
        item, plan = event.item, this.plan_of(event.item.task_id)
        yield Telling(
            kind=Kind.HANDED_IN,
            stem=f"handed_in:event:{event.pk}",
            to=this.people.confirmers(item.agency_id, plan.coordinating_agency_id, item.handed_in_by_id),
            words=f"{this.agencies[item.agency_id]} báo hoàn thành ngày {written_day(event.on)}, chờ xác nhận: "
            f"{this.tasks[item.task_id].short_text}",
            plan_id=plan.pk,
            agency_id=item.agency_id,
            item_id=item.pk,
            due_date=item.due_date,
        )


def returned(this: Round) -> Iterator[Telling]:
    """Tell the doers that their work came back, with the reason and until when to mend it. Urgent."""
    events = last_steps(this, WorkItemEvent.Kind.RETURNED, [State.NOT_STARTED, State.IN_PROGRESS])
    for event in untold(events, Kind.RETURNED, "item_id"):
        item, plan = event.item, this.plan_of(event.item.task_id)
        audience = this.people.doers(item.agency_id, item.responsible_id)
        grace = f", bổ sung đến hết ngày {written_day(item.return_until)}" if item.return_until else ""
        yield Telling(
            kind=Kind.RETURNED,
            stem=f"returned:event:{event.pk}",
            to=(*audience.people, *this.people.coordinators(plan.coordinating_agency_id, GAP))
            if audience.gap
            else audience.people,
            words=f"Bị trả lại{grace}: {this.tasks[item.task_id].short_text} Lý do: {cut(event.words, 300)}",
            plan_id=plan.pk,
            agency_id=item.agency_id,
            item_id=item.pk,
            due_date=item.due_date,
        )


def confirmed(this: Round) -> Iterator[Telling]:
    """Tell the doers that their work was accepted."""
    events = last_steps(this, WorkItemEvent.Kind.CONFIRMED, [State.COMPLETED])
    for event in untold(events, Kind.CONFIRMED, "item_id"):
        item = event.item
        yield Telling(
            kind=Kind.CONFIRMED,
            stem=f"confirmed:event:{event.pk}",
            to=this.people.doers(item.agency_id, item.responsible_id).people,
            words=f"Đã xác nhận hoàn thành: {this.tasks[item.task_id].short_text}",
            plan_id=this.tasks[item.task_id].plan_id,
            agency_id=item.agency_id,
            item_id=item.pk,
            due_date=item.due_date,
        )


# Shared by the rules above


def facts(rows: "QuerySet[WorkItem]") -> Iterator[tuple]:
    """Stream the columns that a rule needs, in a fixed order: two rounds at once then never wait for each other."""
    return rows.order_by("pk").values_list(*FACTS).iterator(chunk_size=5000)


def last_steps(this: Round, kind: str, states: list[str]) -> "QuerySet[WorkItemEvent]":
    """Return the newest event of that kind of each item that still stands there: what was overtaken is not told."""
    newer = WorkItemEvent.objects.filter(item=OuterRef("item"), kind=kind, pk__gt=OuterRef("pk"), on__lte=this.on)
    return (
        WorkItemEvent.objects.filter(kind=kind, on__lte=this.on, item__in=this.items().filter(state__in=states))
        .filter(~Exists(newer))
        .select_related("item")
        .order_by("pk")
    )


def untold(events: QuerySet, kind: str, about: str) -> Iterator:
    """Leave out events that were told to anybody; ``about`` names the object that their notices point to."""
    start = Concat(Value(f"{kind}:event:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    target = about.removesuffix("_id")
    told = Notice.objects.filter(**{target: OuterRef(about)}, kind=kind, key__startswith=start)
    return events.filter(~Exists(told)).iterator(chunk_size=2000)
