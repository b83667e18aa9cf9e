"""What must be done: plans as printed (`plan`), imports being looked at (`draft`), the work that follows.

`occurrence`: when it is owed and the two axes; `work`: the items and their verbs; `progress`: what was said of them;
`extension` and `obstacle`: what agencies ask for on the way.
"""

from plans.models.amendment import Amendment, TaskChange
from plans.models.draft import DraftRow, ImportDraft
from plans.models.extension import Extension, ExtensionEvent
from plans.models.obstacle import Obstacle, ObstacleEvent
from plans.models.occurrence import Occurrence
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
    "Obstacle",
    "ObstacleEvent",
    "Occurrence",
    "Plan",
    "PrintedAssignment",
    "Role",
    "Section",
    "Task",
    "TaskChange",
    "TaskCriterion",
    "TaskLink",
    "Update",
    "WorkItem",
    "WorkItemEvent",
]
