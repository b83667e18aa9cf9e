"""A row's task before and after a mend: pure functions over the JSON of `proposal.Task`. `mending` writes what they give.

Beside the keys of `Task.as_dict` a mended row may hold:

- ``deadline["settled"]``: who chose or typed the dates, and on which day (`{"by": id, "name": …, "on": "2024-03-25"}`);
- ``deadline["by_hand"]``: true where the dates were typed and do not come from the words;
- ``agencies_by_hand``: true where the entries were put together by a person and do not come from the words of the cell;
- ``report_by_hand``: true where a person said whether the task is a report;
- ``criteria_chosen``: codes of the criteria that the task serves, as ticked by a person (absent: as proposed);
- ``part_of``: id of the row this one was split from.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from agencies.folding import fold, squeeze
from agencies.matching import Catalogue
from plans.importing.proposal import PlanHead, Task
from plans.importing.understanding import understand_row
from plans.importing.understanding.messages import warning

TaskDict = dict[str, Any]

ABOUT_TIME = frozenset(
    {"impossible_date", "past_at_signing", "year_mismatch", "missing_deadline", "needs_input", "ambiguous_deadline"}
    | {"several_deadlines", "excel_serial", "start_after_due", "weekend"}
)
"""Codes of warnings that a person answers by saying what the time is."""
ABOUT_AGENCIES = frozenset(
    {"unknown_agency", "misspelt_agency", "obsolete_agency", "same_agency_two_roles", "missing_lead", "partner_in_text"}
    | {"missing_coordinating", "agency_ends_before_due"}
)
"""Codes of warnings that a person answers by saying who is meant."""
ABOUT_NUMBER = frozenset({"duplicate_no", "missing_no", "number_gap"})
PROPOSED_TICKED = ("high", "medium")
"""Criteria proposed with this confidence are ticked until a person says otherwise."""
FIELDS = {
    "no": "số thứ tự",
    "heading_path": "đề mục",
    "text": "nội dung",
    "product": "sản phẩm",
    "time": "thời gian",
    "agencies": "cơ quan",
    "is_report": "nhiệm vụ báo cáo",
}
"""What of a row can differ from the document, with the word for people."""


def read_again(
    task: TaskDict, head: Mapping[str, Any], catalogue: Catalogue, words: Mapping[str, str] | None = None
) -> TaskDict:
    """Return the task understood anew with the words that a person mended (keys as `understand_row` takes them).

    Dates and agencies that a person settled stay, unless their own words were mended.
    """
    words = dict(words or {})
    understood = understand_row(
        Task.from_dict(task),
        PlanHead.from_dict(dict(head)),
        catalogue=catalogue,
        before_is_inclusive=bool(head.get("before_is_inclusive")),
        **words,
    ).as_dict()
    answer = task | understood
    if "text" not in words or task.get("report_by_hand"):
        answer["is_report"] = bool(task.get("is_report"))
    if "agencies_text" in words or "coordinating_text" in words:
        answer.pop("agencies_by_hand", None)
    if "time_text" not in words and is_settled(task["deadline"]):
        answer["deadline"] = task["deadline"]
        answer["warnings"] = _without(answer, ABOUT_TIME) + _weekend(task["deadline"])
    return answer


def is_settled(deadline: Mapping[str, Any]) -> bool:
    """Say whether a person chose or typed the dates."""
    return bool(deadline.get("settled"))


# Time


def with_reading(task: TaskDict, number: int, who: Mapping[str, Any]) -> TaskDict:
    """Return the task with one of the readings of its words chosen; the words stay as printed."""
    deadline = task["deadline"]
    chosen = deadline["readings"][number]["due_dates"]
    same = chosen == deadline.get("due_dates")
    settled = deadline | {
        "due_dates": chosen,
        "final_due": chosen[-1] if chosen else None,
        "completes": (deadline.get("completes") or "each") if chosen else None,
        "periods": deadline.get("periods") or [] if same else [],
        "settled": dict(who),
        "chosen": number,
    }
    settled.pop("by_hand", None)
    return _with_deadline(task, settled)


def with_days(task: TaskDict, days: Sequence[date], completes: str, who: Mapping[str, Any]) -> TaskDict:
    """Return the task with dates typed by a person; no dates: done when asked for, never overdue.

    ``completes``: "each" (every date is a delivery) or "final" (the last closes, the others are check-points).
    """
    dates = [day.isoformat() for day in sorted(set(days))]
    kind = "as_needed" if not dates else "date_range" if completes == "final" and len(dates) > 1 else "by_date"
    old = task["deadline"]
    settled = {
        "kind": kind,
        "periods": [],
        "due_dates": dates,
        "final_due": dates[-1] if dates else None,
        "completes": completes if dates else None,
        "stated": True,
        "ambiguous": False,
        "why": "",
        "readings": old.get("readings") or [],
        "suggested_due": [],
        "ongoing": False,
        "past_at_signing": False,
        "needs_input": False,
        "codes": [],
        "by_hand": True,
        "settled": dict(who),
    }
    return _with_deadline(task, settled)


def _with_deadline(task: TaskDict, deadline: dict[str, Any]) -> TaskDict:
    return task | {"deadline": deadline, "warnings": _without(task, ABOUT_TIME) + _weekend(deadline)}


def _weekend(deadline: Mapping[str, Any]) -> list[dict[str, str]]:
    late = [day for day in deadline.get("due_dates") or [] if date.fromisoformat(day).weekday() >= 5]
    return [warning("weekend").as_dict()] if late else []


# Agencies


def entry_of(name: str, role: str, *, group: bool, known: bool, old: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return an entry as a person gave it; the words of an old one stay as printed."""
    return {
        "agency_or_group": name,
        "role": role,
        "group": group,
        "role_stated": True,
        "name": (old or {}).get("name") or name,
        "known": known,
        "source": "person",
        "excluded": list((old or {}).get("excluded") or []),
        "candidates": [] if known else list((old or {}).get("candidates") or []),
    }


def with_agencies(
    task: TaskDict, entries: Iterable[Mapping[str, Any]], head: Mapping[str, Any], catalogue: Catalogue
) -> TaskDict:
    """Return the task with the entries that a person put together, and fresh warnings about them."""
    plain = task | {"assignments": list(entries), "warnings": _without(task, ABOUT_AGENCIES), "excluded": []}
    answer = read_again(plain, head, catalogue)
    answer["agencies_by_hand"] = True
    answer["warnings"] = [one for one in answer["warnings"] if one["code"] != "partner_in_text"]
    answer["warnings"] += [
        warning("unknown_agency", one["name"]).as_dict() for one in answer["assignments"] if not one["known"]
    ]
    return answer


def with_name(task: TaskDict, words: str, official: str, *, group: bool) -> TaskDict | None:
    """Return the task in which the unknown words stand for an agency or group; None where it has no such entry."""
    key, found = fold(words), False
    entries: list[dict[str, Any]] = []
    for entry in task["assignments"]:
        if key in (fold(entry.get("name") or ""), fold(entry["agency_or_group"])):
            entry = entry | {"agency_or_group": official, "group": group, "known": True, "candidates": []}
            found = True
        twin = (entry["agency_or_group"], entry["role"])
        if twin not in [(one["agency_or_group"], one["role"]) for one in entries]:
            entries.append(entry)
    if not found:
        return None
    about = {"unknown_agency", "misspelt_agency", "obsolete_agency"}
    kept = [
        one
        for one in task.get("warnings") or []
        if not (one["code"] in about and _is_about(one.get("words") or "", key))
    ]
    return task | {"assignments": entries, "warnings": kept, "agencies_by_hand": True}


def _is_about(words: str, key: str) -> bool:
    """Say whether the words of a warning name this body: they may hold the role in brackets as well."""
    return fold(words) == key or key in fold(words)


# Criteria


def chosen_criteria(task: Mapping[str, Any]) -> list[str]:
    """Return the codes of the criteria that the task serves: as ticked by a person, else the surer proposals."""
    if task.get("criteria_chosen") is not None:
        return list(task["criteria_chosen"])
    return [one["code"] for one in task.get("criteria") or [] if one.get("confidence") in PROPOSED_TICKED]


# Splitting and joining


def cuts_of(text: str) -> list[tuple[int, str]]:
    """Return where a text can be cut, each with the beginning of what would follow: at its lines, else at its sentences."""
    marks = [found.end() for found in re.finditer(r"\n\s*", text)]
    if not marks:
        marks = [found.end() for found in re.finditer(r"[.;]\s+(?=[\wÀ-ỹ-])", text)]
    return [(at, text[at:].strip()[:90]) for at in marks if text[:at].strip() and text[at:].strip()]


def split(task: TaskDict, at: int, head: Mapping[str, Any], catalogue: Catalogue) -> tuple[TaskDict, TaskDict]:
    """Return two tasks: the words before and after the place. Agencies and time are copied, then both are read again.

    Where the time cell holds as many lines as the text has items, each half takes its own lines.
    """
    before, after = task["text"][:at].strip(" \n;"), task["text"][at:].strip(" \n;")
    plain = task | {"warnings": _without(task, {"several_tasks", "long_text", "duplicate_task"})}
    first_time, second_time = _times_of_halves(task, at)
    first = read_again(plain, head, catalogue, {"text": before} | first_time)
    second = read_again(plain | {"no": ""}, head, catalogue, {"text": after} | second_time)
    second["warnings"] = _without(second, ABOUT_NUMBER | {"row_lost"})
    for half in (first, second):
        half.pop("criteria_chosen", None)
    return first, second


def _times_of_halves(task: TaskDict, at: int) -> tuple[dict[str, str], dict[str, str]]:
    lines = [line for line in (task.get("time_text") or "").split("\n") if line.strip()]
    items = [line for line in task["text"].split("\n") if line.strip()]
    if len(lines) < 2 or len(lines) != len(items) or is_settled(task["deadline"]):
        return {}, {}
    part = len([line for line in task["text"][:at].split("\n") if line.strip()])
    return {"time_text": "\n".join(lines[:part])}, {"time_text": "\n".join(lines[part:])}


def join(upper: TaskDict, lower: TaskDict, head: Mapping[str, Any], catalogue: Catalogue) -> TaskDict:
    """Return one task of two: texts one under the other, agencies united (each keeps its upper role), times both."""
    seen = {fold(one["agency_or_group"]) for one in upper["assignments"]}
    entries = [*upper["assignments"]]
    entries += [one for one in lower["assignments"] if fold(one["agency_or_group"]) not in seen]
    kept = _without(upper, {"row_lost", "continued_row", "missing_lead"})
    kept += [one for one in lower.get("warnings") or [] if one["code"] in ABOUT_AGENCIES - {"missing_lead"}]
    joined = upper | {
        "assignments": entries,
        "warnings": [one for at, one in enumerate(kept) if one not in kept[:at]],
        "agencies_text": _both(upper.get("agencies_text"), lower.get("agencies_text")),
        "coordinating_text": _both(upper.get("coordinating_text"), lower.get("coordinating_text")),
        "product": _both(upper.get("product"), lower.get("product")),
        "funding": _both(upper.get("funding"), lower.get("funding")),
        "note": _both(upper.get("note"), lower.get("note")),
        "no": upper.get("no") or lower.get("no") or "",
        "criteria": _united(upper.get("criteria") or [], lower.get("criteria") or []),
    }
    words = {"text": f"{upper['text'].rstrip()}\n{lower['text'].lstrip()}".strip()}
    time = _both(upper.get("time_text"), lower.get("time_text"))
    if is_settled(lower["deadline"]) and not is_settled(upper["deadline"]) and not upper["deadline"].get("due_dates"):
        joined["deadline"] = lower["deadline"]
    elif squeeze(time) != squeeze(upper.get("time_text") or "") and not is_settled(upper["deadline"]):
        words["time_text"] = time
    return read_again(joined, head, catalogue, words)


def _united(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return proposed criteria of both, each code once."""
    return list({one["code"]: one for one in [*others, *some]}.values())


def _both(one: str | None, other: str | None) -> str:
    """Return two wordings one under the other; one of them where they say the same."""
    lines = [words.strip() for words in (one, other) if words and words.strip()]
    return lines[0] if len(lines) == 2 and fold(lines[0]) == fold(lines[1]) else "\n".join(lines)


def without_warnings(task: TaskDict, codes: Iterable[str]) -> TaskDict:
    """Return the task without the warnings of these codes."""
    return task | {"warnings": _without(task, frozenset(codes))}


def _without(task: Mapping[str, Any], codes: Iterable[str]) -> list[dict[str, Any]]:
    return [one for one in task.get("warnings") or [] if one["code"] not in set(codes)]


def empty_task(heading_path: Sequence[str]) -> TaskDict:
    """Return the task of a row that a person adds."""
    task = Task(
        0, "", list(heading_path), "", [], "", "", "", {"kind": None, "due_dates": [], "readings": []}
    ).as_dict()
    return task | {"warnings": [warning("missing_cell").as_dict()]}


# What was changed against the document


def changes(task: Mapping[str, Any], source: Mapping[str, Any] | None) -> list[str]:
    """Return the names of fields (keys of `FIELDS`) in which the task is no longer as first read."""
    if source is None:
        return []
    found = [
        name for name in ("no", "text", "product") if squeeze(task.get(name) or "") != squeeze(source.get(name) or "")
    ]
    if list(task.get("heading_path") or []) != list(source.get("heading_path") or []):
        found.append("heading_path")
    if _time(task) != _time(source):
        found.append("time")
    if _agencies(task) != _agencies(source):
        found.append("agencies")
    if bool(task.get("is_report")) != bool(source.get("is_report")):
        found.append("is_report")
    return [name for name in FIELDS if name in found]


def _time(task: Mapping[str, Any]) -> tuple[str, list[str], bool]:
    deadline = task.get("deadline") or {}
    return squeeze(task.get("time_text") or ""), list(deadline.get("due_dates") or []), is_settled(deadline)


def _agencies(task: Mapping[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    entries = task.get("assignments") or []
    return [(fold(one["agency_or_group"]), one["role"], tuple(one.get("excluded") or ())) for one in entries]
