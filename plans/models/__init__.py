"""What must be done: plans as printed (`plan`), imports being looked at (`draft`), the work that follows.

`occurrence`: when it is owed and the two axes; `work`: the items and their verbs; `progress`: what was said of them;
`extension` and `obstacle`: what agencies ask for on the way; `target`: what a task must reach, in figures; `sharing`:
items of several plans that one entry of progress serves; `offline`: filled annexes that came back.
"""

from plans.models.amendment import Amendment, TaskChange
from plans.models.draft import DraftRow, ImportDraft
from plans.models.extension import Extension, ExtensionEvent
from plans.models.obstacle import Obstacle, ObstacleEvent
from plans.models.occurrence import Occurrence
from plans.models.offline import OfflineEntry, OfflineReturn
from plans.models.plan import (
    Assignment,
    Deadline,
    Plan,
    PrintedAssignment,
    Role,
    Section,
    Task,
    TaskCriterion,
    TaskLink,
)
from plans.models.progress import DueDateVersion, Evidence, Update, WorkItemEvent
from plans.models.sharing import ItemLink
from plans.models.target import Target, TargetChange, TargetFigure
from plans.models.work import WorkItem

__all__ = [
    "Amendment",
    "Assignment",
    "Deadline",
    "DraftRow",
    "DueDateVersion",
    "Evidence",
    "Extension",
    "ExtensionEvent",
    "ImportDraft",
    "ItemLink",
    "Obstacle",
    "ObstacleEvent",
    "Occurrence",
    "OfflineEntry",
    "OfflineReturn",
    "Plan",
    "PrintedAssignment",
    "Role",
    "Section",
    "Target",
    "TargetChange",
    "TargetFigure",
    "Task",
    "TaskChange",
    "TaskCriterion",
    "TaskLink",
    "Update",
    "WorkItem",
    "WorkItemEvent",
]
