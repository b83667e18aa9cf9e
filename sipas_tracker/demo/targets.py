"""Targets of plan 82 in the sample data, in the plan's own words, and what agencies reported for them.

The plan prints no figure: where it says "đầy đủ" or "nghiêm", the coordinator set 100 %, where it says "tổ chức", one class.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

from agencies.models import User
from plans.models import Plan, Target, Task
from plans.models.target import NewTarget
from plans.targets.finding import PERCENT

WORDS: list[tuple[int, str, str, int]] = [
    (21, "Quy định, quy trình về thủ tục hành chính được niêm yết, công khai đầy đủ", PERCENT, 100),
    (28, "Tổ chức tập huấn nâng cao chuyên môn, kỹ năng giao tiếp", "lớp", 1),
    (30, "Thực hiện nghiêm việc xin lỗi người dân, tổ chức đối với những hồ sơ thủ tục hành chính trễ hẹn", PERCENT, 100),
    (33, "Công khai đầy đủ những nội dung đã tiếp nhận và xử lý", PERCENT, 100),
]  # fmt: skip
"""Number of the task, words that stand in it, unit and least value."""


def set_targets(plan: Plan, *, by: User, on: date) -> dict[int, list[Target]]:
    """Let the coordinator set the targets above, where the task holds these words; by the task's id."""
    tasks = {task.position: task for task in Task.objects.filter(plan=plan).select_related("plan")}
    found: dict[int, list[Target]] = {}
    for position, words, unit, goal in WORDS:
        task = tasks.get(position)
        if task is not None and words in task.text:
            new = NewTarget(words, unit, "≥", Decimal(goal))
            found.setdefault(task.pk, []).append(Target.add(task, new, by=by, on=on))
    return found


def figures_of(targets: Iterable[Target], percent: int, chance: Random) -> dict[int, Decimal]:
    """Return what an agency reports: most do, most have reached nearly everything; classes come with the work."""
    figures = {}
    for target in targets:
        if chance.random() < 0.25:
            continue
        share = chance.choice([100, 100, 100, 98.5, 96, 92, 85])
        figures[target.pk] = Decimal(share if target.is_percent else percent // 50)
    return figures
