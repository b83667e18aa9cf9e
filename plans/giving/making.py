"""Items that the plan document did not give [giao việc]: made at an occurrence, or asked for again, each with its event.

Called by who holds the task's row, inside their transaction.
"""

from collections.abc import Iterable
from datetime import date

from agencies.models import Agency, User
from plans.models import DueDateVersion, Task, WorkItem, WorkItemEvent
from plans.models.occurrence import State
from plans.models.plan import Role
from plans.models.work import ItemStep


def hold(task: int) -> None:
    """Hold the task's row to the end of the transaction: giving and taking work of one task happens one by one."""
    Task.objects.select_for_update(no_key=True).only("pk").get(pk=task)


def new_item(
    model: WorkItem, agency: Agency, *, due: date | None, role: Role | str, part_of: WorkItem | None = None
) -> WorkItem:
    """Return an item, not saved, of the agency at the occurrence of ``model``; first due on ``due``."""
    return WorkItem(
        task_id=model.task_id,
        occurrence_id=model.occurrence_id,
        agency=agency,
        kind=model.kind,
        role=role,
        due_date=due,
        original_due_date=due,
        part_of=part_of,
    )


def give(fresh: list[WorkItem], again: list[WorkItem], *, by: User, on: date, words: str) -> list[WorkItem]:
    """Save the new items, each with its first due date; tell of them and of those asked for again. Return all."""
    made = WorkItem.objects.bulk_create(fresh)
    DueDateVersion.objects.bulk_create(
        DueDateVersion(item=item, version=1, due_date=item.due_date, on=on) for item in made if item.due_date
    )
    note([*again, *made], ItemStep.GIVEN, by=by, on=on, words=words)
    return [*again, *made]


def ask_again(
    old: WorkItem, *, due: date | None, role: Role | str, part_of: WorkItem | None, by: User, on: date, reason: str
) -> WorkItem:
    """Ask again for an item that the agency was released from, as a part or as its own work; ``reason`` of a new due date."""
    moved = old.due_date != due
    old.state = State.IN_PROGRESS if old.last_update_on else State.NOT_STARTED
    old.part_of, old.role, old.due_date = part_of, role, due
    old.due_version += moved
    old.revision += 1
    old.save(update_fields=["state", "part_of", "role", "due_date", "due_version", "revision"])
    if moved and due:
        old.due_date_versions.create(version=old.due_version, due_date=due, on=on, by=by, reason=reason)
    return old


def note(items: Iterable[WorkItem], step: ItemStep, *, by: User, on: date, words: str) -> None:
    """Write one event for each item."""
    WorkItemEvent.objects.bulk_create(
        WorkItemEvent(item=item, kind=step, by=by, on=on, words=words.strip()) for item in items
    )
