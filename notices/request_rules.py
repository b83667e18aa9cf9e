"""Rules about what agencies ask for and what changes for them: extensions, obstacles, a corrected plan."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from notices.models import Notice
from notices.recipients import Recipient
from notices.telling import GAP, Round, Telling
from notices.wording import cut, some_of, written_day
from plans.models import Extension, ExtensionEvent, Obstacle, ObstacleEvent, TaskChange
from plans.models.attachment import WAITING_LONG
from plans.models.extension_rules import ExtensionState

Kind = Notice.Kind
DECIDES = "Anh/chị điều phối kế hoạch, quyết định đề nghị gia hạn."
ASKED_FOR_IT = "Cơ quan của anh/chị đã đề nghị gia hạn."
ANSWERS = "Cơ quan của anh/chị được kiến nghị giải quyết vướng mắc này."
RAISED_IT = "Cơ quan của anh/chị đã nêu vướng mắc này."
CHANGED = {
    TaskChange.Kind.ADDED: "thêm",
    TaskChange.Kind.CHANGED: "sửa",
    TaskChange.Kind.GONE: "bỏ",
}
TO_THE_ASKER = {
    ExtensionEvent.Kind.APPROVED: "Đã được gia hạn",
    ExtensionEvent.Kind.REFUSED: "Không được gia hạn",
    ExtensionEvent.Kind.OFFERED: "Được đề xuất ngày khác, cần trả lời",
    ExtensionEvent.Kind.FORWARDED: "Đề nghị gia hạn đã trình cấp trên",
}
TO_THE_COORDINATOR = {
    ExtensionEvent.Kind.ACCEPTED: "nhận ngày được đề xuất",
    ExtensionEvent.Kind.DECLINED: "không nhận ngày được đề xuất",
    ExtensionEvent.Kind.WITHDRAWN: "rút đề nghị gia hạn",
}


def extensions_asked(this: Round) -> Iterator[Telling]:
    """Tell the plan's coordinators that an agency asks for a later due date."""
    for event in told_once(extension_steps(this, [ExtensionEvent.Kind.ASKED]), Kind.EXTENSION_ASKED, "extension"):
        extension, plan = event.extension, this.plan_of(event.extension.item.task_id)
        words = (
            f"{_agency(this, extension)} đề nghị gia hạn đến {written_day(extension.asked_until)} "
            f"(hạn {written_day(extension.due_date)}): {_task(this, extension)} Lý do: {cut(extension.reason, 200)}"
        )
        to = this.people.coordinators(plan.coordinating_agency_id, DECIDES, without=extension.asked_by_id)
        yield _of_extension(this, extension, Kind.EXTENSION_ASKED, f"event:{event.pk}", to, words)


def extensions_waiting(this: Round) -> Iterator[Telling]:
    """Remind whoever has to act on a request that has waited for 48 hours, then every week.

    Asked, or put before the superior: the coordinators. Another date was offered: the agency that asked.
    """
    rows = Extension.objects.waiting_long(this.on).filter(item__task__plan__in=this.plans)
    for extension in rows.select_related("item").order_by("pk").iterator(chunk_size=2000):
        plan = this.plan_of(extension.item.task_id)
        if extension.state == ExtensionState.OFFERED:
            to = this.people.doers(extension.item.agency_id, extension.item.responsible_id, ASKED_FOR_IT).people
            what = f"được đề xuất gia hạn đến {written_day(extension.until)}, chưa trả lời"
        else:
            to = this.people.coordinators(plan.coordinating_agency_id, DECIDES, without=extension.asked_by_id)
            forwarded = extension.state == ExtensionState.FORWARDED
            what = "đã trình cấp trên, chưa có văn bản" if forwarded else "chưa có quyết định"
            what = f"đề nghị gia hạn {what}"
        words = f"{_agency(this, extension)} {what} (từ ngày {written_day(extension.since)}): {_task(this, extension)}"
        first = extension.since + timedelta(days=WAITING_LONG)
        for number, outdated in this.repeats(first):
            stem = f"extension:{extension.pk}:{extension.state}{extension.since:%Y%m%d}:again{number}"
            yield _of_extension(this, extension, Kind.EXTENSION_WAITING, stem, to, words, outdated=outdated)


def extensions_decided(this: Round) -> Iterator[Telling]:
    """Tell the other side what became of a request: the asker of a decision or an offer, the coordinators of a reply."""
    steps = extension_steps(this, [*TO_THE_ASKER, *TO_THE_COORDINATOR])
    for event in told_once(steps, Kind.EXTENSION_DECIDED, "extension"):
        extension, plan = event.extension, this.plan_of(event.extension.item.task_id)
        if event.kind in TO_THE_ASKER:
            audience = this.people.doers(extension.item.agency_id, extension.item.responsible_id, ASKED_FOR_IT)
            to = audience.people + (this.people.coordinators(plan.coordinating_agency_id, GAP) if audience.gap else ())
            head = TO_THE_ASKER[event.kind]
            day = extension.granted_until or extension.offered_until
            until = f" đến {written_day(day)}" if day and event.kind in _WITH_A_DAY else ""
            said = f" {cut(event.words, 200)}" if event.words else ""
            words = f"{head}{until}: {_task(this, extension)}{said}"
        else:
            to = this.people.coordinators(plan.coordinating_agency_id, DECIDES, without=event.by_id)
            words = f"{_agency(this, extension)} {TO_THE_COORDINATOR[event.kind]}: {_task(this, extension)}"
        yield _of_extension(this, extension, Kind.EXTENSION_DECIDED, f"event:{event.pk}", to, words)


_WITH_A_DAY = (ExtensionEvent.Kind.APPROVED, ExtensionEvent.Kind.OFFERED)


def obstacles_asked(this: Round) -> Iterator[Telling]:
    """Tell the agency to which an obstacle was put: when it is raised, passed on to it, or asked again."""
    kinds = [ObstacleEvent.Kind.RAISED, ObstacleEvent.Kind.FORWARDED, ObstacleEvent.Kind.REOPENED]
    for event in told_once(obstacle_steps(this, kinds), Kind.OBSTACLE_ASKED, "obstacle"):
        obstacle = event.obstacle
        said = event.words if event.kind == ObstacleEvent.Kind.REOPENED else obstacle.proposal
        words = (
            f"{this.agencies[obstacle.agency_id]} nêu vướng mắc: {cut(obstacle.words, 200)} "
            f"Kiến nghị: {cut(said, 150)} (nhiệm vụ: {cut(this.tasks[obstacle.task_id].short_text, 100)})"
        )
        yield _of_obstacle(this, obstacle, Kind.OBSTACLE_ASKED, f"event:{event.pk}", _answerers(this, obstacle), words)


def obstacles_waiting(this: Round) -> Iterator[Telling]:
    """Remind the addressee, and the plan's coordinators, of an obstacle without an answer for 48 hours; then weekly."""
    rows = Obstacle.objects.unanswered(this.on).filter(task__plan__in=this.plans)
    for obstacle in rows.order_by("pk").iterator(chunk_size=2000):
        plan = this.plan_of(obstacle.task_id)
        why = "Anh/chị điều phối kế hoạch có vướng mắc chưa được trả lời."
        near = _answerers(this, obstacle)
        known = {one.person.user_id for one in near}
        above = this.people.coordinators(plan.coordinating_agency_id, why)
        to = near + tuple(one for one in above if one.person.user_id not in known)
        words = (
            f"Vướng mắc của {this.agencies[obstacle.agency_id]} gửi {this.agencies[obstacle.addressee_id]} chưa được trả "
            f"lời (từ ngày {written_day(obstacle.since)}): {cut(obstacle.words, 250)}"
        )
        first = obstacle.since + timedelta(days=WAITING_LONG)
        for number, outdated in this.repeats(first):
            stem = f"obstacle:{obstacle.pk}:to{obstacle.addressee_id}since{obstacle.since:%Y%m%d}:again{number}"
            yield _of_obstacle(this, obstacle, Kind.OBSTACLE_WAITING, stem, to, words, outdated=outdated)


def obstacles_answered(this: Round) -> Iterator[Telling]:
    """Tell the agency that raised an obstacle what was answered."""
    for event in told_once(obstacle_steps(this, [ObstacleEvent.Kind.ANSWERED]), Kind.OBSTACLE_ANSWERED, "obstacle"):
        obstacle, plan = event.obstacle, this.plan_of(event.obstacle.task_id)
        audience = this.people.doers(obstacle.agency_id, None, RAISED_IT)
        to = audience.people + (this.people.coordinators(plan.coordinating_agency_id, GAP) if audience.gap else ())
        words = f"{this.agencies[obstacle.addressee_id]} trả lời vướng mắc: {cut(obstacle.answer, 300)}"
        yield _of_obstacle(this, obstacle, Kind.OBSTACLE_ANSWERED, f"event:{event.pk}", to, words)


def plan_changed(this: Round) -> Iterator[Telling]:
    """Tell each agency once what an amendment of the plan changes for it: tasks that are added, changed or gone."""
    for (amendment, ordinal, on, plan_id, agency_id), found in _changes(this).items():
        plan = this.plans[plan_id]
        audience = this.people.doers(agency_id)
        to = audience.people + (this.people.coordinators(plan.coordinating_agency_id, GAP) if audience.gap else ())
        yield Telling(
            kind=Kind.PLAN_CHANGED,
            stem=f"plan_changed:amendment:{amendment}:agency:{agency_id}",
            to=to,
            words=f"Kế hoạch {plan.number} điều chỉnh lần {ordinal} ngày {written_day(on)}, đối với "
            f"{this.agencies[agency_id]}: {_changed_tasks(found)}.",
            plan_id=plan_id,
            agency_id=agency_id,
        )


def _changes(this: Round) -> dict[tuple, list[tuple[str, int]]]:
    """Return what each amendment did, as (kind, position of the task), by amendment, plan and agency concerned."""
    rows = TaskChange.agencies.through.objects.filter(
        taskchange__amendment__plan__in=this.plans, taskchange__amendment__on__lte=this.on
    )
    facts = rows.order_by("taskchange__amendment", "agency", "taskchange").values_list(
        "taskchange__amendment", "taskchange__amendment__ordinal", "taskchange__amendment__on",
        "taskchange__amendment__plan", "agency", "taskchange__kind", "taskchange__task__position",
    )  # fmt: skip
    changes: dict[tuple, list[tuple[str, int]]] = {}
    for *about, kind, position in facts.iterator(chunk_size=5000):
        changes.setdefault(tuple(about), []).append((kind, position))
    return changes


def _changed_tasks(found: list[tuple[str, int]]) -> str:
    """Return e.g. "sửa 2 nhiệm vụ (5, 9), bỏ 1 nhiệm vụ (12)"."""
    by_kind = {kind: [str(position) for its, position in found if its == kind] for kind in CHANGED}
    return ", ".join(
        f"{CHANGED[kind]} {len(numbers)} nhiệm vụ ({some_of(numbers, 8, 'nhiệm vụ khác')})"
        for kind, numbers in by_kind.items()
        if numbers
    )


# Shared by the rules above


def extension_steps(this: Round, kinds: Sequence[str]) -> "QuerySet[ExtensionEvent]":
    """Return the newest step of each request, where it is of these kinds: what was overtaken is not told."""
    rows = newest(ExtensionEvent, "extension", kinds, this)
    return rows.filter(extension__item__task__plan__in=this.plans).select_related("extension__item")


def obstacle_steps(this: Round, kinds: Sequence[str]) -> "QuerySet[ObstacleEvent]":
    """Return the newest step of each obstacle, where it is of these kinds."""
    rows = newest(ObstacleEvent, "obstacle", kinds, this)
    return rows.filter(obstacle__task__plan__in=this.plans).select_related("obstacle")


def newest(model: Any, about: str, kinds: Sequence[str], this: Round) -> Any:
    """Return the events that are the last of their object as of the day and of one of these kinds."""
    newer = model.objects.filter(**{about: OuterRef(about)}, pk__gt=OuterRef("pk"), on__lte=this.on)
    return model.objects.filter(~Exists(newer), kind__in=kinds, on__lte=this.on).order_by("pk")


def told_once(events: Any, kind: str, about: str) -> Iterator[Any]:
    """Leave out events that were told to anybody; ``about`` names the object that events and notices point to."""
    start = Concat(Value(f"{kind}:event:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    told = Notice.objects.filter(**{about: OuterRef(about)}, kind=kind, key__startswith=start)
    yield from events.filter(~Exists(told)).iterator(chunk_size=2000)


def _answerers(this: Round, obstacle: Obstacle) -> tuple[Recipient, ...]:
    """Return who answers: the addressee's people, and the plan's coordinators where no letter reaches those."""
    audience = this.people.doers(obstacle.addressee_id, None, ANSWERS)
    coordinating = this.plan_of(obstacle.task_id).coordinating_agency_id
    return audience.people + (this.people.coordinators(coordinating, GAP) if audience.gap else ())


def _agency(this: Round, extension: Extension) -> str:
    return this.agencies[extension.item.agency_id]


def _task(this: Round, extension: Extension) -> str:
    return this.tasks[extension.item.task_id].short_text


def _of_extension(
    this: Round,
    extension: Extension,
    kind: str,
    step: str,
    to: tuple[Recipient, ...],
    words: str,
    *,
    outdated: bool = False,
) -> Telling:
    return Telling(
        kind=kind,
        stem=f"{kind}:{step}",
        to=to,
        words=words,
        plan_id=this.tasks[extension.item.task_id].plan_id,
        agency_id=extension.item.agency_id,
        item_id=extension.item_id,
        extension_id=extension.pk,
        due_date=extension.item.due_date,
        outdated=outdated,
    )


def _of_obstacle(
    this: Round,
    obstacle: Obstacle,
    kind: str,
    step: str,
    to: tuple[Recipient, ...],
    words: str,
    *,
    outdated: bool = False,
) -> Telling:
    return Telling(
        kind=kind,
        stem=f"{kind}:{step}",
        to=to,
        words=words,
        plan_id=this.tasks[obstacle.task_id].plan_id,
        agency_id=obstacle.agency_id,
        item_id=obstacle.item_id,
        obstacle_id=obstacle.pk,
        outdated=outdated,
    )
