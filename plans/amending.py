"""A corrected document applied to a plan under way: only what a person confirmed changes, and progress stays.

Work that the correction no longer asks for is waived with the reason, never deleted; finished work keeps the due date
under which it was judged; an agency that is named now owes what is still to come.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from agencies.folding import unaccent
from agencies.models import User
from agencies.naming import NameBook
from plans.activation import Members, expand, make_items, occurrences_of
from plans.importing.comparing import Comparison, Difference, compare, heading_paths
from plans.importing.mending import SOMEBODY_FASTER
from plans.importing.saving import deadline_of, printed_of, problems_of, save_exclusions, save_sections, task_of
from plans.models import (
    Amendment,
    Assignment,
    Deadline,
    DraftRow,
    DueDateVersion,
    ImportDraft,
    Occurrence,
    Plan,
    PrintedAssignment,
    Task,
    TaskChange,
    WorkItem,
    WorkItemEvent,
)
from plans.models.occurrence import OPEN_STATES, OccurrenceKind, State
from plans.models.plan import OWING_ROLES
from plans.models.work import ItemStep

ASIDE = 20_000
"""Added to ordinals and positions while they are given anew, so that no two are ever the same on the way."""
NO_LONGER = {
    "task": "Nhiệm vụ không còn trong kế hoạch đã điều chỉnh.",
    "agency": "Cơ quan không còn được giao nhiệm vụ này theo kế hoạch đã điều chỉnh.",
    "date": "Mốc thời gian không còn trong kế hoạch đã điều chỉnh.",
}


@transaction.atomic
def amend(
    draft: ImportDraft,
    *,
    accepted: Collection[str],
    by: User,
    on: date,
    pairing: Mapping[int, int | None] | None = None,
    words: str = "",
) -> Amendment:
    """Apply the differences whose keys are in ``accepted`` to the plan that the draft corrects; the rest stays as it is.

    ``pairing``: see `compare`. ``words``: number, day and issuer of the correcting document. All problems are told at
    once, each with its row; then nothing is changed. The draft's coordinator decides.
    """
    plan = Plan.objects.select_for_update().get(amending_drafts=draft)
    locked = ImportDraft.objects.select_for_update().filter(pk=draft.pk, state=ImportDraft.State.OPEN).first()
    if locked is None or locked.revision != draft.revision:
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    if plan.status != Plan.Status.ACTIVE or not plan.is_coordinated_by(by):
        raise ValidationError("Chỉ cơ quan điều phối được điều chỉnh kế hoạch đang theo dõi.")
    comparison = compare(locked, plan, pairing)
    chosen = [one for one in comparison.differences if one.key in accepted]
    book = NameBook(plan.province, plan.signed_on)
    _check(chosen, accepted, book)
    this = _Amending(plan, _record(locked, plan, by, on, words), book, by, on)
    for difference in chosen:
        this.apply(difference)
    this.lay_out(comparison)
    locked.state = ImportDraft.State.CONFIRMED
    locked.save(update_fields=["state"])
    return this.amendment


def _check(chosen: list[Difference], accepted: Collection[str], book: NameBook) -> None:
    if not accepted:
        raise ValidationError("Chưa chọn thay đổi nào. Hãy đánh dấu những thay đổi cần áp dụng.")
    if len(chosen) != len(set(accepted)):
        raise ValidationError(
            "Kế hoạch hoặc bản nhập vừa thay đổi, các khác biệt không còn như trên trang. Hãy xem lại rồi chọn lại.",
            code="taken",
        )
    asked = {"added", "agencies"}
    rows = [one.row for one in chosen if one.row and asked & {one.kind, *one.names}]
    if problems := [problem for row in rows for problem in problems_of(row.as_dict(), book)]:
        raise ValidationError(problems)


def _record(draft: ImportDraft, plan: Plan, by: User, on: date, words: str) -> Amendment:
    return Amendment.objects.create(
        plan=plan,
        ordinal=plan.amendments.count() + 1,
        on=on,
        by=by,
        words=words.strip()[:500],
        document=draft.document.name,
        document_name=draft.document_name,
        document_hash=draft.document_hash,
    )


@dataclass
class _Amending:
    """One correction under way."""

    plan: Plan
    amendment: Amendment
    book: NameBook
    by: User
    on: date
    paths: dict[int, list[str]] = field(default_factory=dict)
    added: dict[int, Task] = field(default_factory=dict)
    """Tasks made from rows, by the row's id."""

    def __post_init__(self) -> None:
        self.members = Members(self.plan.signed_on)
        self.paths = heading_paths(self.plan)

    def apply(self, difference: Difference) -> None:
        """Do one difference."""
        row, task = difference.row, difference.task
        if row is not None and task is not None:
            self._change(task, row, difference)
        elif row is not None:
            self._add(row)
        elif task is not None:
            self._withdraw(task)
        else:
            values = {change.name: change.after for change in difference.fields}
            Plan.objects.filter(pk=self.plan.pk).update(**values)

    def lay_out(self, comparison: Comparison) -> None:
        """Give tasks and headings the order of the new document; what it does not hold stays after its neighbour."""
        order = self._order(comparison)
        after = max(self.plan.sections.values_list("position", flat=True), default=0)
        sections = save_sections(self.plan, [self.paths.get(task.pk, []) for task in order], after=after)
        for position, (task, section) in enumerate(zip(order, sections, strict=True), start=1):
            task.position, task.section = position, section
        self.plan.tasks.update(position=F("position") + ASIDE)
        Task.objects.bulk_update(order, ["position", "section"], batch_size=500)
        self.plan.sections.filter(position__lte=after).delete()

    def _order(self, comparison: Comparison) -> list[Task]:
        """Return all tasks of the plan: those of the new document in its order, the others after their predecessor."""
        standing = list(self.plan.tasks.order_by("position"))
        fresh = {task.pk: task for task in standing}
        order = [
            fresh[task.pk] for row, known in comparison.pairs if (task := known or self.added.get(row.pk)) is not None
        ]
        placed = {task.pk for task in order}
        for place, task in enumerate(standing):
            if task.pk in placed:
                continue
            before = standing[place - 1] if place else None
            order.insert(order.index(before) + 1 if before in order else 0, task)
        return order

    # One task

    def _add(self, row: DraftRow) -> None:
        """Make the task and its work; check-points that have passed are not asked for."""
        words = row.as_dict()
        task = task_of(self.plan, words, ASIDE - 1 - len(self.added), None)
        task.save()
        self.added[row.pk] = task
        self.paths[task.pk] = words.get("heading_path") or []
        deadline_of(task, words["deadline"]).save()
        self._print(task, words, first=1)
        owing = self._assign(task)
        occurrences = [one for one in occurrences_of(task) if not self._has_passed(one)]
        for ordinal, one in enumerate(occurrences, start=1):
            one.ordinal = ordinal
        make_items(Occurrence.objects.bulk_create(occurrences), {task.pk: owing}, self.on)
        self._note(task, TaskChange.Kind.ADDED, {}, [agency for agency, _ in owing])

    def _has_passed(self, occurrence: Occurrence) -> bool:
        check_point = occurrence.kind == OccurrenceKind.CHECK_POINT
        return check_point and occurrence.due_date is not None and occurrence.due_date < self.on

    def _withdraw(self, task: Task) -> None:
        Task.objects.filter(pk=task.pk).update(withdrawn_by=self.amendment)
        concerned = self._owing_agencies(task)
        self._waive(WorkItem.objects.filter(task=task), NO_LONGER["task"])
        self._note(task, TaskChange.Kind.GONE, {}, concerned)

    def _change(self, task: Task, row: DraftRow, difference: Difference) -> None:
        concerned = set(self._owing_agencies(task))
        words = row.as_dict()
        names = difference.names
        values: dict[str, Any] = {
            name: words.get(name) or "" for name in ("text", "product", "funding", "note") if name in names
        }
        if "text" in names:
            values["search_key"] = unaccent(f"{words.get('no') or ''} {words['text']}")
        if "heading" in names:
            self.paths[task.pk] = words.get("heading_path") or []
        if "time" in names:
            values["time_text"] = (words.get("time_text") or "")[:1000]
        if "agencies" in names:
            values |= {name: words.get(name) or "" for name in ("agencies_text", "coordinating_text")}
        Task.objects.filter(pk=task.pk).update(
            number=(words.get("no") or "")[:30], place=(words.get("place") or "")[:200], **values
        )
        if "agencies" in names:
            self._name_others(task, words)
        if "time" in names:
            self._give_other_times(task, words["deadline"])
        concerned |= set(self._owing_agencies(task))
        fields = {change.name: [change.before, change.after] for change in difference.fields}
        self._note(task, TaskChange.Kind.CHANGED, fields, concerned)

    def _note(self, task: Task, kind: str, fields: dict[str, Any], agencies: Iterable[int]) -> None:
        change = TaskChange.objects.create(amendment=self.amendment, task=task, kind=kind, fields=fields)
        change.agencies.set(sorted(set(agencies)))

    # Who

    def _print(self, task: Task, words: Mapping[str, Any], *, first: int) -> None:
        row = dict(words)
        lines = [
            printed_of(task, place, entry, self.book) for place, entry in enumerate(row["assignments"], start=first)
        ]
        save_exclusions(PrintedAssignment.objects.bulk_create(lines), [row], self.book)

    def _expanded(self, task: Task) -> dict[tuple[int, str], PrintedAssignment]:
        lines = PrintedAssignment.objects.standing().filter(task=task).select_related("group")
        return expand(lines.prefetch_related("excluded").order_by("position"), self.members)

    def _assign(self, task: Task) -> list[tuple[int, str]]:
        """Write the assignments of a new task; return who owes it under which role."""
        expanded = self._expanded(task)
        Assignment.objects.bulk_create(
            Assignment(task=task, agency_id=agency_id, role=role, printed=line)
            for (agency_id, role), line in expanded.items()
        )
        return [(agency_id, role) for agency_id, role in expanded if role in OWING_ROLES]

    def _owing_agencies(self, task: Task) -> list[int]:
        rows = Assignment.objects.filter(task=task, role__in=OWING_ROLES)
        return list(rows.values_list("agency_id", flat=True))

    def _name_others(self, task: Task, words: Mapping[str, Any]) -> None:
        """Put the new printed lines in force, and bring assignments and work items in line with them."""
        before = set(self._owing_agencies(task))
        count = task.printed_assignments.count()
        PrintedAssignment.objects.standing().filter(task=task).update(replaced_by=self.amendment)
        self._print(task, words, first=count + 1)
        Assignment.objects.filter(task=task).delete()
        owing = dict(self._assign(task))
        gone = before - owing.keys()
        self._waive(WorkItem.objects.filter(task=task, agency__in=gone), NO_LONGER["agency"])
        for agency_id, role in owing.items():
            if agency_id in before:
                WorkItem.objects.filter(task=task, agency=agency_id).exclude(role=role).update(role=role)
            else:
                self._owe_what_is_to_come(task, agency_id, role)

    def _owe_what_is_to_come(self, task: Task, agency_id: int, role: str) -> None:
        """Give an agency the occurrences still ahead, or the last one; work waived before comes back."""
        occurrences = list(task.occurrences.order_by("ordinal"))
        ahead = [one for one in occurrences if one.due_date is None or one.due_date >= self.on] or occurrences[-1:]
        old = WorkItem.objects.filter(occurrence__in=ahead, agency=agency_id)
        back = list(old.filter(state=State.WAIVED).values_list("pk", flat=True))
        WorkItem.objects.filter(pk__in=back).update(state=State.NOT_STARTED, role=role, revision=F("revision") + 1)
        old.filter(part_of__isnull=False).update(part_of=None, role=role)  # now the plan itself asks the unit
        self._event(back, ItemStep.REINSTATED, "Được giao lại theo kế hoạch đã điều chỉnh.")
        had = set(old.values_list("occurrence_id", flat=True))
        make_items([one for one in ahead if one.pk not in had], {task.pk: [(agency_id, role)]}, self.on)

    # When

    def _give_other_times(self, task: Task, read: Mapping[str, Any]) -> None:
        """Bring deadline, occurrences and work items in line with the new time."""
        Deadline.objects.filter(task=task).delete()
        deadline_of(task, dict(read)).save()
        task = Task.objects.select_related("deadline", "plan").get(pk=task.pk)
        wanted = occurrences_of(task)
        old = list(task.occurrences.order_by("ordinal"))
        pairs = _same_moments(old, wanted)
        gone = [one for one in old if one.pk not in {kept.pk for kept, _ in pairs}]
        matched = {id(new) for _, new in pairs}
        fresh = [new for new in wanted if id(new) not in matched and not self._has_passed(new)]
        self._waive(WorkItem.objects.filter(occurrence__in=gone), NO_LONGER["date"])
        for kept, new in pairs:
            self._move(kept, new)
            kept.due_date, kept.kind, kept.period = new.due_date, new.kind, new.period
        order = sorted([*(kept for kept, _ in pairs), *fresh], key=lambda one: one.due_date or date.max)
        task.occurrences.update(ordinal=F("ordinal") + ASIDE)
        for ordinal, one in enumerate([*order, *gone], start=1):
            one.ordinal = ordinal
        Occurrence.objects.bulk_update([*(kept for kept, _ in pairs), *gone], ["ordinal", "due_date", "kind", "period"])
        owing = [(row.agency_id, row.role) for row in Assignment.objects.filter(task=task, role__in=OWING_ROLES)]
        make_items(Occurrence.objects.bulk_create(fresh), {task.pk: owing}, self.on)

    def _move(self, occurrence: Occurrence, new: Occurrence) -> None:
        """Move the unfinished items of an occurrence; an extension that reaches further stays in force."""
        items = WorkItem.objects.filter(occurrence=occurrence)
        items.exclude(state=State.COMPLETED).exclude(kind=new.kind).update(kind=new.kind)
        if occurrence.due_date == new.due_date:
            return
        unfinished = items.filter(state__in=[*OPEN_STATES, State.HANDED_IN, State.DECLINED])
        moved = []
        for item in unfinished.select_for_update().order_by("pk"):
            extended = item.due_date if item.due_date != item.original_due_date else None
            before, item.original_due_date = item.due_date, new.due_date
            item.due_date = max(extended, new.due_date) if extended and new.due_date else new.due_date
            if item.part_of_id and before and item.due_date:
                item.due_date = min(before, item.due_date)  # a date of the house: it only gives way
            if item.due_date != before:
                item.due_version += 1
                moved.append(item)
            item.revision += 1
            item.save(update_fields=["original_due_date", "due_date", "due_version", "revision"])
        DueDateVersion.objects.bulk_create(
            DueDateVersion(
                item=item, version=item.due_version, due_date=item.due_date, on=self.on, by=self.by, reason=self._reason
            )
            for item in moved
            if item.due_date
        )
        self._event([item.pk for item in moved], ItemStep.DUE_DATE_MOVED, self._reason)

    # Items

    @property
    def _reason(self) -> str:
        source = self.amendment.words or "văn bản điều chỉnh"
        return f"Kế hoạch được điều chỉnh lần {self.amendment.ordinal} ({source})."

    def _waive(self, items: Any, reason: str) -> None:
        """Release agencies from open items and units from their parts of them; what was finished stays finished."""
        unfinished = [*OPEN_STATES, State.DECLINED]
        pks = level = list(items.filter(state__in=unfinished).values_list("pk", flat=True))
        while level:
            parts = WorkItem.objects.filter(part_of__in=level, state__in=unfinished).exclude(pk__in=pks)
            level = list(parts.values_list("pk", flat=True))
            pks = pks + level
        WorkItem.objects.filter(pk__in=pks).update(state=State.WAIVED, revision=F("revision") + 1)
        self._event(pks, ItemStep.WAIVED, reason)

    def _event(self, items: Iterable[int], kind: ItemStep, words: str) -> None:
        WorkItemEvent.objects.bulk_create(
            WorkItemEvent(item_id=pk, kind=kind, by=self.by, on=self.on, words=words) for pk in items
        )


def _same_moments(old: list[Occurrence], wanted: list[Occurrence]) -> list[tuple[Occurrence, Occurrence]]:
    """Return which old occurrence is which wanted one: by day, then by period, then one by one if as many are left."""
    pairs: list[tuple[Occurrence, Occurrence]] = []
    rest_old, rest_new = list(old), list(wanted)
    for same in (lambda a, b: a.due_date == b.due_date, lambda a, b: bool(a.period) and a.period == b.period):
        for new in list(rest_new):
            if kept := next((one for one in rest_old if same(one, new)), None):
                pairs.append((kept, new))
                rest_old.remove(kept)
                rest_new.remove(new)
    if len(rest_old) == len(rest_new):
        pairs += list(zip(rest_old, rest_new, strict=True))
    return pairs
