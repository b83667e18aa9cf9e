"""Plans that nobody has seen: what their rows mean. The answers stand beside the pages of the batch "judge".

A ``.meaning`` file has the head in lines "@ field: words" and then one line for each task, in order: its first words |
its due dates and what completes it | "?" where a person must choose | its agencies with their roles, groups with "*" |
the warnings it must have, "/" between those of which one is enough. A row without warnings in the answers may have
remarks and agencies that no register knows, and nothing else.
"""

from typing import Any

import pytest

from plans.importing.proposal import REMARKS
from plans.importing.reading import read_document
from plans.importing.understanding import understand
from tests.plans.unseen_key import Case, cases, plain

CASES = [case for case in cases() if case.path.parent.name == "judge"]


def answer(case: Case) -> dict[str, Any]:
    return understand(read_document(case.make(), case.name)).as_dict()


def lines(case: Case) -> tuple[dict[str, str], list[list[str]]]:
    """The head and the tasks of an answer."""
    head, tasks = {}, []
    for line in case.path.with_suffix(".meaning").read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            name, _, words = line[2:].partition(": ")
            head[name] = words
        elif line:
            tasks.append([part.strip() for part in line.split("|")])
    return head, tasks


def head_faults(head: dict[str, str], plan: dict[str, Any]) -> list[str]:
    """The fields of the head that are not as the answer says; a title may have more words."""
    return [
        f"{name}: {plan[name]!r} ≠ {words!r}"
        for name, words in head.items()
        if (plain(words) not in plain(str(plan[name])) if name == "title" else str(plan[name]) != words)
    ]


def row_faults(wish: list[str], task: dict[str, Any]) -> list[str]:
    """What one row means otherwise than its answer says."""
    _, dates, doubt, agencies, codes = wish
    deadline = task["deadline"]
    due = " ".join(deadline["due_dates"]) + (f" ({deadline['completes']})" if deadline["due_dates"] else "")
    who = {f"{'*' * one['group']}{one['agency_or_group']}={one['role']}" for one in task["assignments"]}
    wanted = [set(one.strip().split("/")) for one in codes.split(",") if one.strip()]
    given = {one["code"] for one in task["warnings"]} - REMARKS - {"unknown_agency"}
    faults = [f"hạn {due!r} ≠ {dates!r}"] if due != dates else []
    faults += [f"cơ quan {sorted(who)} ≠ {agencies!r}"] if who != set(filter(None, agencies.split("; "))) else []
    faults += ["hạn chắc/ngờ khác đáp án"] if deadline["ambiguous"] != bool(doubt) else []
    faults += [f"thiếu cảnh báo {sorted(one)}" for one in wanted if not one & {w["code"] for w in task["warnings"]}]
    if not wanted and not doubt and given:
        faults.append(f"cảnh báo thừa {sorted(given)}")
    return [f"{wish[0]}: {fault}" for fault in faults]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_row_means_what_a_careful_clerk_reads_in_it(case: Case):
    head, wishes = lines(case)
    read = answer(case)
    by_words = {wish[0]: [t for t in read["tasks"] if plain(t["text"]).startswith(plain(wish[0]))] for wish in wishes}
    assert head_faults(head, read["plan"]) == []
    assert [words for words, tasks in by_words.items() if len(tasks) != 1] == []
    assert [fault for wish in wishes for fault in row_faults(wish, by_words[wish[0]][0])] == []


def test_the_comparison_sees_a_wrong_day_a_wrong_role_and_a_warning_too_much():
    case = next(case for case in CASES if case.name.startswith("ha-giang"))
    _, wishes = lines(case)
    task = next(t for t in answer(case)["tasks"] if plain(t["text"]).startswith(plain(wishes[0][0])))
    assert row_faults(wishes[0], task) == []
    task["deadline"]["due_dates"] = ["2021-03-01"]
    task["assignments"][0]["role"] = "monitor"
    task["warnings"] = [{"code": "weekend"}, {"code": "year_mismatch"}]
    assert len(row_faults(wishes[0], task)) == 3
