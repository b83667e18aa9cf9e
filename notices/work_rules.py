"""Rules about work items. Each is a query that asks "what is due?" and never "is today the day?"."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from notices.models import Notice
from notices.recipients import Audience, Recipient
from notices.telling import GAP, Gap, Round, Telling, followed_from
from notices.wording import closed, cut, written_day
from plans.models import Plan, WorkItem, WorkItemEvent
from plans.models.occurrence import OccurrenceKind, State

Kind = Notice.Kind
HEADS = {Kind.NEARLY_DUE: "Sắp đến hạn", Kind.DUE: "Đến hạn", Kind.OVERDUE: "Quá hạn, hạn"}


def assigned(this: Round) -> Iterator[Telling]:
    """Tell an agency's officers once how much a plan gives their agency: one line, however many tasks.

    What was given later, from another agency or as a part, is told by `giving_rules.given`.
    """
    owed = (
        WorkItem.objects.filter(task__plan__in=this.plans)
        .exclude(state__in=[State.DECLINED, State.WAIVED])
        .filter(~Exists(WorkItemEvent.objects.filter(item=OuterRef("pk"), kind=WorkItemEvent.Kind.GIVEN)))
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
    """Remind before the due date by the plan's steps, on its day, and again and again after it, until it is handed in.

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
        audience = doers_of(this, pk, agency_id, responsible_id)
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


def idle(this: Round) -> Iterator[Telling]:
    """Say once that nothing was heard of work in progress for as many days as the plan allows; never reported upwards.

    Each silence once: the last update is part of the key. While a check-point of the same job lies ahead, that one
    asks; when the deadline passed meanwhile, lateness speaks.
    """
    silent = Q()
    for plan_id, days in ((plan_id, this.settings[plan_id].idle_days) for plan_id in this.plans):
        if days:
            silent |= Q(task__plan=plan_id, last_update_on__lte=this.on - timedelta(days=days))
    if not silent:
        return
    ahead = WorkItem.objects.open().filter(
        task=OuterRef("task"), agency=OuterRef("agency"), kind=OccurrenceKind.CHECK_POINT, due_date__gte=this.on
    )
    rows = this.items().deliveries().filter(~Exists(ahead), silent, state=State.IN_PROGRESS)
    for pk, task_id, agency_id, due, _, responsible_id, _, heard in rows.order_by("pk").values_list(
        *FACTS, "last_update_on"
    ):
        plan = this.plan_of(task_id)
        since = heard + timedelta(days=this.settings[plan.pk].idle_days or 0)
        if since < followed_from(plan) or (due and since > due):
            continue
        audience = this.people.doers(agency_id, responsible_id)
        yield Telling(
            kind=Kind.IDLE,
            stem=f"idle:item:{pk}:since{heard:%Y%m%d}",
            to=audience.people,
            words=f"Từ ngày {written_day(heard)} chưa có cập nhật mới: {this.tasks[task_id].short_text}",
            plan_id=plan.pk,
            agency_id=agency_id,
            item_id=pk,
            due_date=due,
            outdated=bool(due and due < this.on),
        )


def escalations(this: Round) -> Iterator[Telling]:
    """Report lateness upwards by its age: the agency's leaders, the plan's coordinators, the province's leaders.

    Each circle once for a deadline; parts are reported to who gave them (`giving_rules.late_parts`). A late or missed
    round tells the circles that were passed meanwhile; they are different people.
    """
    if not this.plans:
        return
    youngest = min(this.settings[plan].leader_age for plan in this.plans)
    rows = this.items().given().deliveries().overdue(this.on).filter(due_date__lte=this.on - timedelta(days=youngest))
    for pk, task_id, agency_id, due, version, _, _ in facts(rows):
        plan = this.plan_of(task_id)
        if due < followed_from(plan):
            continue
        late = (this.on - due).days
        for circle, age in this.settings[plan.pk].ages.items():
            if late < age:
                continue
            yield Telling(
                kind=Kind.ESCALATED,
                stem=f"escalated:item:{pk}:v{version}:{circle}",
                to=above(this, circle, plan, agency_id, due, age),
                words=f"{this.agencies[agency_id]} quá hạn {late} ngày (hạn {written_day(due)}): "
                f"{this.tasks[task_id].short_text}",
                plan_id=plan.pk,
                agency_id=agency_id,
                item_id=pk,
                due_date=due,
            )


def above(this: Round, circle: str, plan: Plan, agency_id: int, due: date, age: int) -> tuple[Recipient, ...]:
    """Return whom lateness of this age is reported to. A circle without an address leaves it to the coordinators."""
    leaders = this.people.leaders(agency_id)
    nobody = leaders.gap and this.people.doers(agency_id).gap
    coordinating = plan.coordinating_agency_id
    if circle == "chair":
        body = this.people.leading_body(plan.province_id)
        why = f"Quá hạn từ {age} ngày; chưa có lãnh đạo UBND tỉnh nhận được thư, anh/chị trình danh sách."
        return body.people + (this.people.coordinators(coordinating, why) if body.gap else ())
    if circle == "leader" or nobody:
        this.note_gap(leaders, agency_id, Gap(Kind.ESCALATED, plan.pk, due, circle, outdated=False))
    if circle == "leader":
        return leaders.people
    why = f"Anh/chị điều phối kế hoạch; việc quá hạn từ {age} ngày được báo cáo cơ quan điều phối."
    return () if nobody else this.people.coordinators(coordinating, why)


def handed_in(this: Round) -> Iterator[Telling]:
    """Tell those who confirm that work was handed in; each handing in once."""
    events = last_steps(this, WorkItemEvent.Kind.HANDED_IN, [State.HANDED_IN])
    for event in untold(events, Kind.HANDED_IN, "item_id"):
        item, plan = event.item, this.plan_of(event.item.task_id)
        yield Telling(
            kind=Kind.HANDED_IN,
            stem=f"handed_in:event:{event.pk}",
            to=confirmers_of(this, item, plan),
            words=f"{this.agencies[item.agency_id]} báo hoàn thành ngày {written_day(event.on)}, chờ xác nhận: "
            f"{this.tasks[item.task_id].short_text}",
            plan_id=plan.pk,
            agency_id=item.agency_id,
            item_id=item.pk,
            due_date=item.due_date,
        )


def unconfirmed(this: Round) -> Iterator[Telling]:
    """Remind those who confirm of what was handed in and waits: after the plan's working days, then every week."""
    for event in last_steps(this, WorkItemEvent.Kind.HANDED_IN, [State.HANDED_IN]).iterator(chunk_size=2000):
        item, plan = event.item, this.plan_of(event.item.task_id)
        first = this.after_working_days(event.on, this.settings[plan.pk].unconfirmed_days)
        for number, outdated in this.repeats(first):
            yield Telling(
                kind=Kind.UNCONFIRMED,
                stem=f"unconfirmed:event:{event.pk}:again{number}",
                to=confirmers_of(this, item, plan),
                words=f"{this.agencies[item.agency_id]} báo hoàn thành từ ngày {written_day(event.on)}, chưa được "
                f"xác nhận: {this.tasks[item.task_id].short_text}",
                plan_id=plan.pk,
                agency_id=item.agency_id,
                item_id=item.pk,
                due_date=item.due_date,
                outdated=outdated,
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
            if audience.gap and not item.is_part
            else audience.people,
            words=f"Bị trả lại{grace}: {closed(this.tasks[item.task_id].short_text)} Lý do: {cut(event.words, 300)}",
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


def doers_of(this: Round, pk: int, agency_id: int, responsible_id: int | None) -> Audience:
    """Return who is reminded of the item; of a part that nobody of the unit hears of, the agency that gave it too."""
    audience = this.people.doers(agency_id, responsible_id)
    if pk not in this.parts or not audience.gap:
        return audience
    giver = this.people.doers(
        this.parts[pk], None, "Cơ quan của anh/chị đã chia việc này; đơn vị chưa có người nhận thư."
    )
    return Audience(audience.people + giver.people, gap=False)


def confirmers_of(this: Round, item: WorkItem, plan: Plan) -> tuple[Recipient, ...]:
    """Return who confirms: of a part the people of the agency that gave it, never the plan's coordinators."""
    if item.part_of is None:
        return this.people.confirmers(item.agency_id, plan.coordinating_agency_id, item.handed_in_by_id)
    why = "Cơ quan của anh/chị đã chia phần việc này cho đơn vị trực thuộc, xác nhận kết quả."
    giver = this.people.doers(item.part_of.agency_id, item.part_of.responsible_id, why)
    return tuple(one for one in giver.people if one.person.user_id != item.handed_in_by_id)


def facts(rows: "QuerySet[WorkItem]") -> Iterator[tuple]:
    """Stream the columns that a rule needs, in a fixed order: two rounds at once then never wait for each other."""
    return rows.order_by("pk").values_list(*FACTS).iterator(chunk_size=5000)


def last_steps(this: Round, kind: str, states: Sequence[str]) -> "QuerySet[WorkItemEvent]":
    """Return the newest event of that kind of each item that still stands there: what was overtaken is not told."""
    newer = WorkItemEvent.objects.filter(item=OuterRef("item"), kind=kind, pk__gt=OuterRef("pk"), on__lte=this.on)
    return (
        WorkItemEvent.objects.filter(kind=kind, on__lte=this.on, item__in=this.items().filter(state__in=states))
        .filter(~Exists(newer))
        .select_related("item__part_of", "by")
        .order_by("pk")
    )


def untold(events: QuerySet, kind: str, about: str) -> Iterator:
    """Leave out events that were told to anybody; ``about`` names the object that their notices point to."""
    start = Concat(Value(f"{kind}:event:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    target = about.removesuffix("_id")
    told = Notice.objects.filter(**{target: OuterRef(about)}, kind=kind, key__startswith=start)
    return events.filter(~Exists(told)).iterator(chunk_size=2000)
