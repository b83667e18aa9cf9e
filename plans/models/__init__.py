"""What must be done: plans as printed (`plan`), imports being looked at (`draft`), the work that follows.

`occurrence`: when it is owed and the two axes; `work`: the items and their verbs; `progress`: what was said of them.
"""

from plans.models.draft import DraftRow, ImportDraft
from plans.models.occurrence import Occurrence
from plans.models.plan import Assignment, Deadline, Plan, PrintedAssignment, Role, Section, Task, TaskCriterion
from plans.models.progress import DueDateVersion, Evidence, Update, WorkItemEvent
from plans.models.work import WorkItem

__all__ = [
    "Assignment",
    "Deadline",
    "DraftRow",
    "DueDateVersion",
    "Evidence",
    "ImportDraft",
    "Occurrence",
    "Plan",
    "PrintedAssignment",
    "Role",
    "Section",
    "Task",
    "TaskCriterion",
    "Update",
    "WorkItem",
    "WorkItemEvent",
]
