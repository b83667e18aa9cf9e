"""What happened to a work item, as its page tells it: events and updates in one line of time, directives on top."""

from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import User
from plans.models import Update, WorkItem
from plans.models.work import ItemStep

SIGNS = {
    ItemStep.HANDED_IN: ("send", "act"),
    ItemStep.CONFIRMED: ("check", "good"),
    ItemStep.RETURNED: ("undo-2", "seal"),
    ItemStep.DECLINED: ("undo-2", "seal"),
    ItemStep.WAIVED: ("circle-slash", "plain"),
    ItemStep.DUE_DATE_MOVED: ("calendar-check", "plain"),
    ItemStep.REINSTATED: ("corner-down-left", "act"),
    ItemStep.GIVEN: ("git-branch", "plain"),
    ItemStep.REASSIGNED: ("corner-up-right", "plain"),
    ItemStep.PROPOSED: ("stamp", "act"),
    ItemStep.SENT_DOWN: ("undo-2", "warn"),
    ItemStep.DIRECTED: ("message-square", "warn"),
}
"""Icon and tone of each step."""


@dataclass
class Entry:
    """One entry of the line of time: a step, or an update with what corrected it."""

    at: datetime
    on: date
    by: User | None
    what: str
    icon: str
    tone: str
    words: str = ""
    update: Update | None = None
    corrected_by: Update | None = None


def history_of(item: WorkItem) -> dict:
    """Return ``history`` (newest first) and ``directives``: those that no update has answered yet; three queries."""
    events = list(item.events.select_related("by"))
    updates = list(
        item.updates.select_related(
            "by", "shared_from__item__task__plan", "offline_entry__offline_return"
        ).prefetch_related("evidence", "figures")
    )
    corrections = {update.corrects_id: update for update in updates if update.corrects_id}
    entries = [
        Entry(event.at, event.on, event.by, event.get_kind_display(), *SIGNS[ItemStep(event.kind)], words=event.words)
        for event in events
    ]
    entries += [_of_update(update, corrections.get(update.pk)) for update in updates]
    heard = max((update.at for update in updates), default=None)
    standing = [one for one in events if one.kind == ItemStep.DIRECTED and (heard is None or one.at > heard)]
    return {
        "history": sorted(entries, key=lambda entry: entry.at, reverse=True),
        "directives": standing if item.is_open else [],
    }


def _of_update(update: Update, corrected_by: Update | None) -> Entry:
    what = "đính chính cập nhật" if update.corrects_id else "cập nhật tiến độ"
    return Entry(update.at, update.on, update.by, what, "pencil-line", "plain", update.words, update, corrected_by)
