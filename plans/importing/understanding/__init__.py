"""Understanding: a `Document` → a `Proposal` of tasks with deadlines, assignments and warnings. Reads only."""

from collections.abc import Callable, Sequence

from agencies.matching import Catalogue
from plans.importing.document import Document
from plans.importing.proposal import Proposal, Task, Warning
from plans.importing.understanding.body_duties import offered_duties
from plans.importing.understanding.criteria_named import CriterionName, criteria_named
from plans.importing.understanding.head import read_head
from plans.importing.understanding.headings import Headings
from plans.importing.understanding.meaning import Reading, understand_row, understand_task
from plans.importing.understanding.prose import read_prose
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.rows import read_rows
from plans.importing.understanding.tables import find_task_tables
from plans.importing.understanding.whole import compare_rows, of_the_whole

__all__ = ["understand", "understand_row"]


def understand(
    document: Document,
    *,
    catalogue: Catalogue | None = None,
    before_is_inclusive: bool = False,
    criteria: Sequence[CriterionName] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Proposal:
    """Propose the plan and its tasks. Without a table of tasks the duties are read from the prose.

    ``catalogue`` is the register of the province; without it the national names are used. ``before_is_inclusive`` is the
    plan's switch for "trước ngày X". ``criteria`` are the (code, name) pairs of the method's factors and criteria that
    tasks may be linked to. ``progress`` is told how many tasks of how many are understood. Never raises on any document
    that `reading` gives, but lets pass what ``progress`` raises.
    """
    head, warnings = read_head(document)
    reading = Reading(head, catalogue or Catalogue.standard(head.province), before_is_inclusive)
    raw, found = _from_tables(document)
    has_table = bool(raw)
    if not has_table:
        raw, found = read_prose(document, reading)
    tasks: list[Task] = []
    for row, one in enumerate(raw, start=1):
        if progress:
            progress(row - 1, len(raw))
        tasks.append(understand_task(one, row, reading))
    compare_rows(raw, tasks)
    for task in tasks:
        task.criteria = [dict(one) for one in criteria_named(task.heading_path, task.text, criteria)]
    offered, about = offered_duties(document, reading, tasks) if has_table else ([], [])
    warnings += [Warning(code, "", message) for code, message in document.remarks]
    warnings += found + of_the_whole(raw, tasks, document) + about
    return Proposal(head, tasks, warnings, offered)


def _from_tables(document: Document) -> tuple[list[RawTask], list[Warning]]:
    tasks: list[RawTask] = []
    warnings: list[Warning] = []
    headings, list_number = Headings(), 0
    for found in find_task_tables(document):
        if not found.inherited:
            headings, list_number = Headings(), list_number + 1
        rows, notes = read_rows(found, headings)
        for one in rows:
            one.list_number = list_number
        tasks += rows
        warnings += notes
    return tasks, warnings
