"""Duties that stand in the words of a plan whose tasks stand in a table: offered beside the table, never added to it.

The table is the plan's list of tasks; "Tổ chức thực hiện" mostly says the same in other words. What it says beyond the
table - an agency without any row, a report with days of its own - a person may take over.
"""

import re

from rapidfuzz import fuzz

from agencies.folding import fold
from plans.importing.document import Document
from plans.importing.proposal import Task, Warning
from plans.importing.understanding.duties import is_general_duty
from plans.importing.understanding.meaning import Reading, understand_task
from plans.importing.understanding.messages import warning
from plans.importing.understanding.prose import sectioned_duties

_SAME, _MOST = 85, 60
_NOBODY_SPECIAL = re.compile(r"^các (?:cơ quan|đơn vị|tổ chức|địa phương|phòng)|liên quan")
_OWING = frozenset({"lead", "implement", "advise"})


def offered_duties(document: Document, reading: Reading, tasks: list[Task]) -> tuple[list[Task], list[Warning]]:
    """The duties of the body that name somebody and are no row of the table, and what to tell the officer about them."""
    in_table = [fold(task.text)[:400] for task in tasks]
    offered: list[Task] = []
    for one in sectioned_duties(document, reading, with_default=False)[0][:400]:
        if not one.assignments and not one.agencies:
            continue
        if is_general_duty(one.text) and not one.time_text and all(owner.group for owner in one.assignments or ()):
            continue
        words = fold(one.text)[:400]
        if len(words) < 20 or any(fuzz.token_set_ratio(words, row) >= _SAME for row in in_table):
            continue
        offered.append(understand_task(one, len(offered) + 1, reading))
    offered = offered[:_MOST]
    return offered, _about(offered, tasks)


def _about(offered: list[Task], tasks: list[Task]) -> list[Warning]:
    given = {one.agency_or_group for task in tasks for one in task.assignments}
    left_out = [
        one.agency_or_group
        for task in offered
        for one in task.assignments
        if one.role in _OWING
        and one.agency_or_group not in given
        and not _NOBODY_SPECIAL.search(fold(one.agency_or_group))
    ]
    names = list(dict.fromkeys(left_out))
    found: list[Warning] = []
    if names:
        message = (
            f"Phần lời của kế hoạch giao việc cho {', '.join(names)} nhưng bảng nhiệm vụ không có dòng nào cho "
            f"{'cơ quan này' if len(names) == 1 else 'các cơ quan này'}. Hãy xem các nhiệm vụ trong phần lời và thêm nếu cần theo dõi."
        )
        found.append(warning("partner_in_text", ", ".join(names), message))
    reports = [task for task in offered if task.is_report or (task.time_text and "báo cáo" in fold(task.text))]
    if reports and not any(task.is_report for task in tasks):
        first = reports[0]
        message = (
            f"Phần lời quy định chế độ báo cáo{f' ({first.time_text})' if first.time_text else ''} mà bảng nhiệm vụ không có. "
            "Hãy thêm nhiệm vụ báo cáo hoặc mở kỳ báo cáo nếu cần."
        )
        found.append(warning("report_task", first.text[:120], message, first.place))
    return found
