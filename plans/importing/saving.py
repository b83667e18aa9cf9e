"""From a draft to a plan with its work: one transaction, everything checked again, all or nothing."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.folding import unaccent
from agencies.models import Agency, AgencyGroup, User
from agencies.naming import NameBook
from criteria.models import Criterion, Framework
from plans.activation import activate
from plans.deadlines import parse_deadline
from plans.importing.checking import QuickBook, excluded_names, look_up, problems_of
from plans.importing.mended import chosen_criteria, is_settled
from plans.importing.mending import SOMEBODY_FASTER
from plans.importing.starting import known_plan, refuse_known_plan
from plans.models import Deadline, ImportDraft, Plan, PrintedAssignment, Section, Task, TaskCriterion
from plans.models.plan import Role


@transaction.atomic
def confirm_draft(draft: ImportDraft, *, head: Plan, by: User, on: date, skip_early: bool = False) -> Plan:
    """Make the plan of a draft and its work. ``head`` holds the checked fields of the plan's head (not saved).

    All problems are told at once, each with its row; then nothing is saved.
    """
    locked = ImportDraft.objects.select_for_update().filter(pk=draft.pk, state=ImportDraft.State.OPEN).first()
    if locked is None or locked.revision != draft.revision:
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    refuse_known_plan(draft.province, head.number, head.signed_on, issuer=head.issuer)
    rows = _read_times_again(locked.proposal, head)
    book = QuickBook(draft.province, head.signed_on)
    problems = [problem for row in rows for problem in problems_of(row, book)]
    if not rows:
        problems.append("Không còn nhiệm vụ nào: mọi dòng đều đã bị bỏ.")
    if problems:
        raise ValidationError(problems)
    plan = _save_plan(locked, head, by)
    _save_tasks(plan, rows, book, by)
    activate(plan, by=by, on=on, skip_early=skip_early)
    locked.state, locked.plan = ImportDraft.State.CONFIRMED, plan
    locked.save(update_fields=["state", "plan"])
    return plan


def _read_times_again(proposal: dict[str, Any], head: Plan) -> list[dict[str, Any]]:
    """Return the rows that become tasks, their times read anew where the head was mended.

    Year, signing day and the switch for "trước ngày X" change what the words of a time cell mean.
    """
    rows = [row for row in proposal["tasks"] if not row.get("dropped")]
    read = proposal["plan"]
    signed = date.fromisoformat(read["signed"]) if read.get("signed") else None
    switch = bool(read.get("before_is_inclusive"))
    before = {"plan_year": read.get("plan_year"), "plan_signed": signed, "before_is_inclusive": switch}
    after = {"plan_year": head.year, "plan_signed": head.signed_on, "before_is_inclusive": head.before_is_inclusive}
    if before == after:
        return rows
    return [_time_read_again(row, before, after) for row in rows]


def _time_read_again(row: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the row under the mended head.

    A time that a person settled, or that did not come from the words of its cell alone, stays.
    """
    words = row.get("time_text")
    if not words or is_settled(row["deadline"]):
        return row
    if parse_deadline(words, **before).as_dict()["due_dates"] != row["deadline"].get("due_dates"):
        return row
    return row | {"deadline": parse_deadline(words, **after).as_dict()}


def _save_plan(draft: ImportDraft, head: Plan, by: User) -> Plan:
    head.province = draft.province
    head.coordinating_agency = draft.coordinating_agency
    head.status = Plan.Status.DRAFT
    head.document = draft.document.name
    head.document_name = draft.document_name
    head.document_hash = draft.document_hash
    head.created_by = by
    try:
        with transaction.atomic():
            head.save()
    except IntegrityError as error:  # another draft of the same plan was confirmed at the same moment
        raise known_plan(head) from error
    return head


def _save_tasks(plan: Plan, rows: list[dict[str, Any]], book: NameBook, by: User) -> None:
    sections = save_sections(plan, [row.get("heading_path") or [] for row in rows])
    tasks = Task.objects.bulk_create(
        task_of(plan, row, place, section)
        for place, (row, section) in enumerate(zip(rows, sections, strict=True), start=1)
    )
    Deadline.objects.bulk_create([deadline_of(task, row["deadline"]) for task, row in zip(tasks, rows, strict=True)])
    printed = PrintedAssignment.objects.bulk_create(
        [
            printed_of(task, position, entry, book)
            for task, row in zip(tasks, rows, strict=True)
            for position, entry in enumerate(row["assignments"], start=1)
        ]
    )
    save_exclusions(printed, rows, book)
    save_criteria(plan, tasks, rows, by)


def save_criteria(plan: Plan, tasks: list[Task], rows: list[dict[str, Any]], by: User) -> None:
    """Link tasks to the criteria that stay ticked in their rows; the person who confirms makes the links.

    Codes are those of the method in force in the plan's year; without one nothing is linked.
    """
    chosen = [(task, row, code) for task, row in zip(tasks, rows, strict=True) for code in chosen_criteria(row)]
    framework = framework_of(plan.year) if chosen else None
    if framework is None:
        return
    known = {node.code: node for node in Criterion.objects.filter(framework=framework, level=Criterion.Level.CRITERION)}
    TaskCriterion.objects.bulk_create(
        TaskCriterion(task=task, criterion=known[code], confidence=_confidence(row, code), made_by=by)
        for task, row, code in chosen
        if code in known
    )


def framework_of(year: int) -> Framework | None:
    """Return the method in force in a year, else the newest."""
    return Framework.objects.filter(first_year__lte=year, last_year__gte=year).first() or Framework.objects.first()


def _confidence(row: dict[str, Any], code: str) -> str:
    said = next((one.get("confidence") for one in row.get("criteria") or [] if one["code"] == code), None)
    return said if said in TaskCriterion.Confidence.values else TaskCriterion.Confidence.MEDIUM


def save_sections(plan: Plan, paths: list[list[str]], *, after: int = 0) -> list[Section | None]:
    """Save headings in the order of the document, their positions after ``after``; return the innermost one of each row.

    ``paths`` holds for each row the titles above it, outermost first.

    A heading that comes again after another stands for a new place, even under the same words (plan 82, 1.3 and 1.4).
    """
    current: list[Section] = []
    sections: list[Section] = []
    innermost: list[Section | None] = []
    for titles in paths:
        path = [title[:1000] for title in titles]
        keep = 0
        while keep < min(len(path), len(current)) and current[keep].title == path[keep]:
            keep += 1
        current = current[:keep]
        for depth, title in enumerate(path[keep:], start=keep):
            parent = current[-1] if current else None
            sections.append(
                Section(plan=plan, parent=parent, position=after + len(sections) + 1, depth=depth, title=title)
            )
            current.append(sections[-1])
        innermost.append(current[-1] if current else None)
    for depth in range(max((section.depth for section in sections), default=-1) + 1):
        Section.objects.bulk_create([section for section in sections if section.depth == depth])
    return innermost


def task_of(plan: Plan, row: dict[str, Any], position: int, section: Section | None) -> Task:
    """Return the task of a row (not saved)."""
    return Task(
        plan=plan,
        section=section,
        position=position,
        number=(row.get("no") or "")[:30],
        text=row["text"],
        product=row.get("product") or "",
        funding=row.get("funding") or "",
        note=row.get("note") or "",
        agencies_text=row.get("agencies_text") or "",
        coordinating_text=row.get("coordinating_text") or "",
        time_text=(row.get("time_text") or "")[:1000],
        place=(row.get("place") or "")[:200],
        # Without a date there is no reporting period that could complete it: then it is handed in like any other task.
        is_report=bool(row.get("is_report") and row["deadline"].get("due_dates")),
        search_key=unaccent(f"{row.get('no') or ''} {row['text']}"),
    )


def deadline_of(task: Task, read: dict[str, Any]) -> Deadline:
    """Return the deadline of a task as proposed (not saved); dates that are only suggested are not owed.

    What a person chose or typed while looking at the proposal is confirmed by them.
    """
    stated = read.get("stated", True) is not False
    settled = read.get("settled") or {}
    return Deadline(
        task=task,
        kind=read.get("kind") or "",
        periods=read.get("periods") or [],
        due_dates=(read.get("due_dates") or []) if stated else [],
        completes=read.get("completes") or "",
        stated=stated,
        ambiguous=bool(read.get("ambiguous")),
        why=(read.get("why") or "")[:500],
        readings=read.get("readings") or [],
        confirmed_by_id=settled.get("by"),
        confirmed_on=settled.get("on"),
    )


def printed_of(task: Task, position: int, entry: dict[str, Any], book: NameBook) -> PrintedAssignment:
    """Return the line of who was named for what (not saved)."""
    found = look_up(entry, book)
    return PrintedAssignment(
        task=task,
        position=position,
        words=(entry.get("name") or entry["agency_or_group"])[:500],
        role=Role(entry["role"]),
        role_stated=bool(entry.get("role_stated")),
        agency=found if isinstance(found, Agency) else None,
        group=found if isinstance(found, AgencyGroup) else None,
    )


def save_exclusions(printed: list[PrintedAssignment], rows: list[dict[str, Any]], book: NameBook) -> None:
    """Write what "trừ …" takes out of each group."""
    entries = [(entry, row) for row in rows for entry in row["assignments"]]
    through = PrintedAssignment.excluded.through
    through.objects.bulk_create(
        through(printedassignment=line, agency=agency)
        for line, (entry, row) in zip(printed, entries, strict=True)
        if line.group_id
        for agency in {book.agency(name) for name in excluded_names(entry, row)}
    )
