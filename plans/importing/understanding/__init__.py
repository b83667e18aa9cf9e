"""Understanding: a `Document` → a `Proposal` of tasks with deadlines, assignments and warnings. Reads only."""

import re
from collections import Counter
from itertools import pairwise

from agencies.folding import fold
from agencies.matching import Catalogue
from plans.importing.document import Document
from plans.importing.proposal import Proposal, Task, Warning
from plans.importing.reading.pages import follows
from plans.importing.understanding.head import read_head
from plans.importing.understanding.headings import Headings
from plans.importing.understanding.meaning import Reading, understand_row, understand_task
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import as_tuple
from plans.importing.understanding.prose import read_prose
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.rows import read_rows
from plans.importing.understanding.tables import find_task_tables

__all__ = ["understand", "understand_row"]


def understand(
    document: Document, *, catalogue: Catalogue | None = None, before_is_inclusive: bool = False
) -> Proposal:
    """Propose the plan and its tasks. Without a table of tasks the duties are read from the prose.

    ``catalogue`` is the register of the province; without it the national names are used. ``before_is_inclusive`` is the
    plan's switch for "trước ngày X". Never raises on any document that `reading` gives.
    """
    head, warnings = read_head(document)
    reading = Reading(head, catalogue or Catalogue.standard(head.province), before_is_inclusive)
    raw, found = _from_tables(document)
    if not raw:
        raw, found = read_prose(document, reading)
    tasks = [understand_task(one, row, reading) for row, one in enumerate(raw, start=1)]
    _compare_rows(raw, tasks)
    warnings += [Warning(code, "", message) for code, message in document.remarks]
    warnings += found + _for_the_whole(raw, tasks, document)
    return Proposal(head, tasks, warnings)


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


def _compare_rows(raw: list[RawTask], tasks: list[Task]) -> None:
    """Warnings that need the other rows: numbers twice, missing or not in order, the same task twice."""
    lists: dict[int, list[Task]] = {}
    for one, task in zip(raw, tasks, strict=True):
        if one.own_number:
            lists.setdefault(one.list_number, []).append(task)
    for numbered in lists.values():
        _compare_numbers(numbered)
    words = Counter[tuple[str, str, str]]()
    for task in tasks:
        same = (fold(task.text), fold(task.agencies_text), fold(task.time_text))
        words[same] += 1
        if task.text and words[same] > 1:
            task.warnings.append(warning("duplicate_task", task.text[:80]))


def _compare_numbers(tasks: list[Task]) -> None:
    with_number = [task for task in tasks if task.no]
    seen: set[tuple[str, ...]] = set()
    for task in tasks:
        key = (*task.heading_path, task.no)
        if not task.no and len(with_number) * 10 >= len(tasks) * 7:
            task.warnings.append(warning("missing_no", task.text[:80]))
        elif task.no and key in seen:
            task.warnings.append(warning("duplicate_no", task.no))
        seen.add(key)
    for before, task in pairwise(with_number):
        last, this = as_tuple(before.no), as_tuple(task.no)
        if not last or not this or last == this or follows(last, this) or this[-1] == 1:
            continue
        is_jump = len(last) != len(this) or last[:-1] != this[:-1]
        code = "row_lost" if is_jump and "." in task.no else "number_gap"
        task.warnings.append(warning(code, f"{before.no} → {task.no}"))


def _for_the_whole(raw: list[RawTask], tasks: list[Task], document: Document) -> list[Warning]:
    found: list[Warning] = []
    if not tasks:
        message = (
            "Không tìm thấy nhiệm vụ nào. Hãy kiểm tra tệp có bảng phân công hoặc phần nhiệm vụ, giải pháp hay không."
        )
        return [warning("missing_cell", "", message)]
    untimed = sum(not task.time_text for one, task in zip(raw, tasks, strict=True) if not one.has_time_column)
    if untimed * 2 > len(tasks):
        message = (
            f"Kế hoạch không ghi thời hạn cho {untimed} nhiệm vụ. Hãy bổ sung thời hạn cho các nhiệm vụ cần theo dõi."
        )
        found.append(warning("missing_deadline", "", message))
    if not any(one.has_agency_column or one.assignments for one in raw):
        found.append(warning("missing_lead", "", "Bảng nhiệm vụ không có cột cơ quan. Hãy bổ sung cơ quan thực hiện."))
    if _looks_garbled(" ".join(task.text for task in tasks)):
        found.append(warning("encoding", document.format))
    return found


def _looks_garbled(text: str) -> bool:
    """Letters of the old TCVN3 and VNI encodings, or of a wrongly decoded file, inside words."""
    letters = sum(letter.isalpha() for letter in text)
    strange = len(re.findall(r"\w[®©¹¸µ¶·×ØÜÞÖÕÔÒÓÏÑ\ufffd]|[®©¹¸µ¶·\ufffd]\w|Ã[¡-¿]|á»", text))
    return letters > 50 and strange * 40 > letters
