"""From a draft to a plan with its work: one transaction, everything checked again, all or nothing."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.folding import unaccent
from agencies.models import Agency, AgencyGroup, User
from agencies.naming import NameBook
from plans.activation import activate
from plans.deadlines import parse_deadline
from plans.importing.mending import SOMEBODY_FASTER
from plans.importing.starting import known_plan, refuse_known_plan
from plans.models import Deadline, ImportDraft, Plan, PrintedAssignment, Section, Task
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
    book = NameBook(draft.province, head.signed_on)
    problems = [problem for row in rows for problem in problems_of(row, book)]
    if not rows:
        problems.append("Không còn nhiệm vụ nào: mọi dòng đều đã bị bỏ.")
    if problems:
        raise ValidationError(problems)
    plan = _save_plan(locked, head, by)
    _save_tasks(plan, rows, book)
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
    before = {"plan_year": read.get("plan_year"), "plan_signed": signed, "before_is_inclusive": False}
    after = {"plan_year": head.year, "plan_signed": head.signed_on, "before_is_inclusive": head.before_is_inclusive}
    if before == after:
        return rows
    return [_time_read_again(row, before, after) for row in rows]


def _time_read_again(row: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the row under the mended head; a time that did not come from the words of its cell alone stays."""
    words = row.get("time_text")
    if not words or parse_deadline(words, **before).as_dict()["due_dates"] != row["deadline"].get("due_dates"):
        return row
    return row | {"deadline": parse_deadline(words, **after).as_dict()}


def problems_of(row: dict[str, Any], book: NameBook) -> list[str]:
    """Return what keeps one row from becoming work, in words for the person who mends it."""
    place = f"Dòng {row['row']}"
    found = []
    if not (row.get("text") or "").strip():
        found.append(f"{place}: chưa có nội dung nhiệm vụ.")
    for entry in row["assignments"]:
        if _look_up(entry, book) is None:
            near = ", ".join(entry.get("candidates") or []) or "chưa có tên nào gần giống"
            found.append(
                f"{place}: chưa nhận ra “{entry.get('name') or entry['agency_or_group']}”. "
                f"Hãy sửa ô cơ quan theo tên trong danh bạ ({near})."
            )
    strange = dict.fromkeys(
        name for entry in row["assignments"] for name in _excluded(entry, row) if not book.agency(name)
    )
    found += [
        f"{place}: chưa nhận ra “{name}” trong phần “trừ”. Hãy sửa ô cơ quan theo tên trong danh bạ."
        for name in strange
    ]
    return found


def _excluded(entry: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Return the names that "trừ …" of the entry, or of the whole cell, takes out of a group."""
    return [*(entry.get("excluded") or []), *(row.get("excluded") or [])] if entry["group"] else []


def _look_up(entry: dict[str, Any], book: NameBook) -> Agency | AgencyGroup | None:
    name = entry["agency_or_group"]
    if entry["group"]:
        return book.group(name) or book.agency(name)
    return book.agency(name) or book.group(name)


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


def _save_tasks(plan: Plan, rows: list[dict[str, Any]], book: NameBook) -> None:
    sections = _save_sections(plan, rows)
    tasks = Task.objects.bulk_create([_task(plan, row, place, sections) for place, row in enumerate(rows, start=1)])
    Deadline.objects.bulk_create([_deadline(task, row["deadline"]) for task, row in zip(tasks, rows, strict=True)])
    printed = PrintedAssignment.objects.bulk_create(
        [
            _printed(task, position, entry, book)
            for task, row in zip(tasks, rows, strict=True)
            for position, entry in enumerate(row["assignments"], start=1)
        ]
    )
    _save_exclusions(printed, rows, book)


def _save_sections(plan: Plan, rows: list[dict[str, Any]]) -> list[Section | None]:
    """Save headings in the order of the document; return the innermost one of each row.

    A heading that comes again after another stands for a new place, even under the same words (plan 82, 1.3 and 1.4).
    """
    current: list[Section] = []
    sections: list[Section] = []
    innermost: list[Section | None] = []
    for row in rows:
        path = [title[:1000] for title in row.get("heading_path") or []]
        keep = 0
        while keep < min(len(path), len(current)) and current[keep].title == path[keep]:
            keep += 1
        current = current[:keep]
        for depth, title in enumerate(path[keep:], start=keep):
            parent = current[-1] if current else None
            sections.append(Section(plan=plan, parent=parent, position=len(sections) + 1, depth=depth, title=title))
            current.append(sections[-1])
        innermost.append(current[-1] if current else None)
    for depth in range(max((section.depth for section in sections), default=-1) + 1):
        Section.objects.bulk_create([section for section in sections if section.depth == depth])
    return innermost


def _task(plan: Plan, row: dict[str, Any], position: int, sections: list[Section | None]) -> Task:
    return Task(
        plan=plan,
        section=sections[position - 1],
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


def _deadline(task: Task, read: dict[str, Any]) -> Deadline:
    stated = read.get("stated", True) is not False
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
    )


def _printed(task: Task, position: int, entry: dict[str, Any], book: NameBook) -> PrintedAssignment:
    found = _look_up(entry, book)
    return PrintedAssignment(
        task=task,
        position=position,
        words=(entry.get("name") or entry["agency_or_group"])[:500],
        role=Role(entry["role"]),
        role_stated=bool(entry.get("role_stated")),
        agency=found if isinstance(found, Agency) else None,
        group=found if isinstance(found, AgencyGroup) else None,
    )


def _save_exclusions(printed: list[PrintedAssignment], rows: list[dict[str, Any]], book: NameBook) -> None:
    """Write what "trừ …" takes out of each group."""
    entries = [(entry, row) for row in rows for entry in row["assignments"]]
    through = PrintedAssignment.excluded.through
    through.objects.bulk_create(
        through(printedassignment=line, agency=agency)
        for line, (entry, row) in zip(printed, entries, strict=True)
        if line.group_id
        for agency in {book.agency(name) for name in _excluded(entry, row)}
    )
