"""Rules about giving work: declined tasks, work given later, parts of units, the leader's approval, directives."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from notices.models import Notice
from notices.recipients import Recipient
from notices.telling import GAP, Round, Telling
from notices.wording import closed, cut, written_day
from notices.work_rules import facts, last_steps, untold
from plans.models import WorkItem, WorkItemEvent
from plans.models.occurrence import OPEN_STATES, State

Kind = Notice.Kind
Step = WorkItemEvent.Kind
DECIDES = "Anh/chị điều phối kế hoạch, quyết định việc trả lại nhiệm vụ."
LEADS = "Anh/chị là lãnh đạo cơ quan, duyệt trước khi báo hoàn thành."
GAVE_IT = "Cơ quan của anh/chị đã chia phần việc này cho đơn vị trực thuộc."


def given(this: Round) -> Iterator[Telling]:
    """Tell an agency what it was given after the plan's start: a task that another declined, or a part of a share.

    One line for a task, an agency and a day, under the key of its first event: the plan's own line (`assigned`) does
    not count these items, so that nobody is told of them twice or not at all.
    """
    for key, events in grouped(this, Step.GIVEN, OPEN_STATES):
        item = events[0].item
        plan = this.plan_of(item.task_id)
        audience = this.people.doers(item.agency_id, item.responsible_id)
        dues = sorted(event.item.due_date for event in events if event.item.due_date)
        due = f", hạn {', '.join(map(written_day, dues))}" if dues else ""
        giver = item.part_of.agency_id if item.part_of else None
        from_whom = f"{this.agencies[giver]} chia việc cho" if giver else "Nhiệm vụ được giao lại cho"
        yield Telling(
            kind=Kind.ASSIGNED,
            stem=f"assigned:event:{key}",
            to=audience.people + (_above(this, item) if audience.gap else ()),
            words=f"{from_whom} {this.agencies[item.agency_id]}{due}: {this.tasks[item.task_id].short_text}",
            plan_id=plan.pk,
            agency_id=item.agency_id,
            item_id=item.pk,
            due_date=dues[0] if dues else None,
        )


def declined(this: Round) -> Iterator[Telling]:
    """Tell the plan's coordinators that an agency declined a task: one line, however many items."""
    for key, events in grouped(this, Step.DECLINED, [State.DECLINED]):
        event, plan = events[0], this.plan_of(events[0].item.task_id)
        yield _of_item(
            this, event.item, Kind.DECLINED, f"declined:event:{key}",
            this.people.coordinators(plan.coordinating_agency_id, DECIDES, without=event.by_id),
            f"{this.agencies[event.item.agency_id]} trả lại nhiệm vụ ({len(events)} đầu việc): "
            f"{closed(this.tasks[event.item.task_id].short_text)} Lý do: {cut(event.words, 200)}",
        )  # fmt: skip


def decline_decided(this: Round) -> Iterator[Telling]:
    """Tell the agency that declined what was decided: it stays with the task, or another agency got it."""
    for step, states, head in (
        (Step.REINSTATED, OPEN_STATES, "Vẫn được giao nhiệm vụ đã trả lại"),
        (Step.REASSIGNED, [State.WAIVED], "Nhiệm vụ đã trả lại được giao cơ quan khác"),
    ):
        for key, events in grouped(this, step, states):
            if step == Step.REINSTATED and not _was_declined(events[0]):
                continue
            item = events[0].item
            words = f"{head} ({len(events)} đầu việc): {closed(this.tasks[item.task_id].short_text)} {cut(events[0].words, 250)}"
            stem = f"decline_decided:event:{key}"
            yield _of_item(this, item, Kind.DECLINE_DECIDED, stem, _doers(this, item), words)


def parts_ended(this: Round) -> Iterator[Telling]:
    """Tell a unit that its part is over before it was done: taken back, or the giver's own work is finished."""
    events = last_steps(this, Step.WAIVED, [State.WAIVED]).filter(item__part_of__isnull=False)
    for event in untold(events, Kind.RELEASED, "item_id"):
        yield _of_item(
            this, event.item, Kind.RELEASED, f"released:event:{event.pk}", _doers(this, event.item),
            f"Không phải thực hiện phần việc nữa: {closed(this.tasks[event.item.task_id].short_text)} {cut(event.words, 200)}",
        )  # fmt: skip


def late_parts(this: Round) -> Iterator[Telling]:
    """Report a part that is late to the agency that gave it, once for a date; never to the province.

    After as many days as the plan waits before it reports lateness to the agency's own leaders.
    """
    if not this.parts:
        return
    rows = this.items().filter(pk__in=this.parts).deliveries().overdue(this.on)
    for pk, task_id, agency_id, due, version, _, _ in facts(rows):
        plan = this.plan_of(task_id)
        if this.on - due < timedelta(days=this.settings[plan.pk].leader_age):
            continue
        yield Telling(
            kind=Kind.ESCALATED,
            stem=f"escalated:item:{pk}:v{version}:giver",
            to=this.people.doers(this.parts[pk], None, GAVE_IT).people,
            words=f"{this.agencies[agency_id]} quá hạn {(this.on - due).days} ngày phần việc được chia (hạn "
            f"{written_day(due)}): {this.tasks[task_id].short_text}",
            plan_id=plan.pk,
            agency_id=agency_id,
            item_id=pk,
            due_date=due,
        )


def directed(this: Round) -> Iterator[Telling]:
    """Tell the doers each directive on their unfinished work, with the day's letter."""
    standing = this.items().filter(state__in=[*OPEN_STATES, State.HANDED_IN])
    events = WorkItemEvent.objects.filter(kind=Step.DIRECTED, on__lte=this.on, item__in=standing)
    for event in untold(events.select_related("item__part_of", "by").order_by("pk"), Kind.DIRECTED, "item_id"):
        yield _of_item(
            this, event.item, Kind.DIRECTED, f"directed:event:{event.pk}", _doers(this, event.item),
            f"Ý kiến chỉ đạo của {event.by}: {cut(event.words, 250)} "
            f"(nhiệm vụ: {cut(this.tasks[event.item.task_id].short_text, 120)})",
        )  # fmt: skip


def put_to_leaders(this: Round) -> Iterator[Telling]:
    """Tell an agency's leaders what waits for their approval, and the officers what was sent down."""
    open_states = list(OPEN_STATES)
    proposed = last_steps(this, Step.PROPOSED, open_states).filter(item__proposed_on__isnull=False)
    for event in untold(proposed, Kind.PROPOSED, "item_id"):
        leaders = [one.person for one in this.people.leaders(event.item.agency_id).people]
        to = tuple(Recipient(person, LEADS) for person in leaders if person.user_id != event.by_id)
        words = f"{event.by} trình duyệt trước khi báo hoàn thành: {this.tasks[event.item.task_id].short_text}"
        yield _of_item(this, event.item, Kind.PROPOSED, f"proposed:event:{event.pk}", to, words)
    sent_down = last_steps(this, Step.SENT_DOWN, open_states).filter(item__proposed_on__isnull=True)
    for event in untold(sent_down, Kind.SENT_DOWN, "item_id"):
        words = (
            f"Lãnh đạo yêu cầu sửa, bổ sung: {closed(this.tasks[event.item.task_id].short_text)} "
            f"Nội dung: {cut(event.words, 250)}"
        )
        to = _doers(this, event.item)
        yield _of_item(this, event.item, Kind.SENT_DOWN, f"sent_down:event:{event.pk}", to, words)


# Shared by the rules above


def grouped(this: Round, step: str, states: Sequence[str]) -> Iterator[tuple[int, list[WorkItemEvent]]]:
    """Yield what was done to several items at once (same task, agency, person and day) where some still stand there.

    With the key: the first event of all that belong together, whatever became of their items; so what was told once is
    not told again when one of the items goes on.
    """
    found: dict[tuple, list[WorkItemEvent]] = {}
    for event in last_steps(this, step, list(State)):
        found.setdefault((event.item.task_id, event.item.agency_id, event.by_id, event.on), []).append(event)
    for events in found.values():
        standing = [event for event in events if event.item.state in states]
        if standing:
            yield events[0].pk, standing


def _was_declined(event: WorkItemEvent) -> bool:
    """Say whether the item was declined right before; an amended plan reinstates what it once took back as well."""
    earlier = event.item.events.filter(pk__lt=event.pk).order_by("-pk").first()
    return earlier is not None and earlier.kind == Step.DECLINED


def _doers(this: Round, item: WorkItem) -> tuple[Recipient, ...]:
    """Return the item's doers; where no letter reaches them, whoever stands above for this item as well."""
    audience = this.people.doers(item.agency_id, item.responsible_id)
    return audience.people + (_above(this, item) if audience.gap else ())


def _above(this: Round, item: WorkItem) -> tuple[Recipient, ...]:
    """Return who must know that nobody of the agency can be reached: the giver of a part, else the coordinators."""
    if item.part_of:
        return this.people.doers(item.part_of.agency_id, None, GAVE_IT).people
    return this.people.coordinators(this.plan_of(item.task_id).coordinating_agency_id, GAP)


def _of_item(this: Round, item: WorkItem, kind: str, stem: str, to: tuple[Recipient, ...], words: str) -> Telling:
    return Telling(
        kind=kind,
        stem=stem,
        to=to,
        words=words,
        plan_id=this.tasks[item.task_id].plan_id,
        agency_id=item.agency_id,
        item_id=item.pk,
        due_date=item.due_date,
    )
