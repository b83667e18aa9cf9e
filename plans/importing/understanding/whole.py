"""What only shows when all rows, or the whole document, are looked at together: numbers, doubles, torn rows, spelling."""

import re
from collections import Counter
from itertools import pairwise

from agencies.folding import fold
from plans.importing.columns import COORDINATE
from plans.importing.document import Document
from plans.importing.proposal import Task, Warning
from plans.importing.reading.pages import follows
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import as_tuple
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.spelling import misprints_in

_MANY = 5
"""So many rows make a habit that another row can break."""
_ABOUT_REPORTS = re.compile(r"^\(?(?:các|những) báo cáo\b")
_APPENDIX = re.compile(
    r"\b(?P<what>(?:phụ lục|biểu mẫu|mẫu)\s+(?:số\s+)?(?:\d{1,2}|[IVX]{1,4}))\s+(?:ban hành |gửi )?kèm theo", re.I
)
_STRANGE = re.compile(r"\w[®©¹¸µ¶·×ØÜÞÖÕÔÒÓÏÑ\ufffd]|[®©¹¸µ¶·\ufffd]\w|Ã[¡-¿]|á»")


def compare_rows(raw: list[RawTask], tasks: list[Task]) -> None:
    """Warnings that need the other rows: numbers twice, missing or not in order, the same task twice, a cell that others have."""
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
    _compare_partners(raw, tasks)
    _spread_notes(tasks)


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
        if code == "row_lost" and before.counted_warnings:
            message = (
                f"Dòng {before.no} đứng ngay trước chỗ mất dòng, có thể bị cắt phần cuối. Hãy đối chiếu với bản gốc."
            )
            before.warnings.append(warning("row_lost", f"{before.no} → {task.no}", message))


def _compare_partners(raw: list[RawTask], tasks: list[Task]) -> None:
    """A row without a coordinating agency where nearly every other row of the list has one."""
    lists: dict[int, list[tuple[RawTask, Task]]] = {}
    for one, task in zip(raw, tasks, strict=True):
        if any(column == COORDINATE for column, _ in one.agencies) and task.agencies_text:
            lists.setdefault(one.list_number, []).append((one, task))
    for rows in lists.values():
        bare = [task for _, task in rows if not task.coordinating_text]
        if len(rows) > _MANY and len(bare) * 5 <= len(rows):
            for task in bare:
                if not any(one.role == "coordinate" for one in task.assignments):
                    task.warnings.append(warning("missing_coordinating", task.text[:80]))


def _spread_notes(tasks: list[Task]) -> None:
    """A note that speaks of "the reports" stands at one row but concerns every report of its section."""
    for task in tasks:
        if not task.is_report or not _ABOUT_REPORTS.match(fold(task.note)):
            continue
        reports = [one for one in tasks if one.is_report and one.heading_path == task.heading_path]
        rows = ", ".join(str(one.row) for one in reports)
        message = f"Ghi chú tại dòng {task.row} nói chung về các báo cáo (dòng {rows}). Hãy xác nhận cách gửi của từng báo cáo."
        for one in reports if len(reports) > 1 else ():
            one.warnings.append(warning("note_changes_task", task.note, message))


def of_the_whole(raw: list[RawTask], tasks: list[Task], document: Document) -> list[Warning]:
    """The warnings that concern the document and no single row."""
    if not tasks:
        message = (
            "Không tìm thấy nhiệm vụ nào. Hãy kiểm tra tệp có bảng phân công hoặc phần nhiệm vụ, giải pháp hay không."
        )
        return [warning("missing_cell", "", message)]
    found = [_untimed(raw, tasks), _without_agencies(raw), _garbled(tasks, document)]
    found += [_missing_appendix(document, tasks), _spelling(tasks)]
    return [one for one in found if one]


def _untimed(raw: list[RawTask], tasks: list[Task]) -> Warning | None:
    untimed = sum(not task.time_text for one, task in zip(raw, tasks, strict=True) if not one.has_time_column)
    if untimed * 2 <= len(tasks):
        return None
    message = f"Kế hoạch không ghi thời hạn cho {untimed} nhiệm vụ. Hãy bổ sung thời hạn cho các nhiệm vụ cần theo dõi."
    return warning("missing_deadline", "", message)


def _without_agencies(raw: list[RawTask]) -> Warning | None:
    if any(one.has_agency_column or one.assignments for one in raw):
        return None
    return warning("missing_lead", "", "Bảng nhiệm vụ không có cột cơ quan. Hãy bổ sung cơ quan thực hiện.")


def _garbled(tasks: list[Task], document: Document) -> Warning | None:
    """Letters of the old TCVN3 and VNI encodings, or of a wrongly decoded file, inside words."""
    text = " ".join(task.text for task in tasks)
    letters = sum(letter.isalpha() for letter in text)
    strange = _STRANGE.findall(text)
    if letters <= 50 or len(strange) * 40 <= letters:
        return None
    example = next((task.text[:80] for task in tasks if _STRANGE.search(task.text)), document.format)
    return warning("encoding", example)


def _missing_appendix(document: Document, tasks: list[Task]) -> Warning | None:
    """An appendix that a task refers to as enclosed, and that the file does not hold."""
    titles = {
        fold(block.text)[:40]
        for block in document.paragraphs
        if fold(block.text).startswith(("phụ lục", "biểu", "mẫu"))
    }
    for task in tasks:
        match = _APPENDIX.search(task.text)
        if match and not any(re.match(rf"{re.escape(fold(match['what']))}\b", title) for title in titles):
            message = (
                f"Nhiệm vụ dòng {task.row} dẫn chiếu “{match['what']}” kèm theo nhưng tệp không có phụ lục này; "
                "có thể thiếu trang. Hãy đối chiếu với bản gốc."
            )
            return warning("row_lost", match[0], message, task.place)
    return None


def _spelling(tasks: list[Task]) -> Warning | None:
    """The misprints of all rows in one line: they change no date and no agency, but the words are shown to everybody."""
    found = [(task.row, wrong, right) for task in tasks for wrong, right in misprints_in(task.text)]
    if not found:
        return None
    shown = "; ".join(f"dòng {row}: “{wrong}” → “{right}”" for row, wrong, right in found[:8])
    more = f" và {len(found) - 8} chỗ khác" if len(found) > 8 else ""
    message = f"Chữ có thể bị đánh máy hoặc nhận dạng sai: {shown}{more}. Hãy sửa nếu cần."
    return warning("encoding", "; ".join(wrong for _, wrong, _ in found), message)
