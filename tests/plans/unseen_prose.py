"""Reads the answer keys of plans in prose (tests/plans/unseen/prose_*.txt) and scores what the importer proposes."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from agencies.folding import fold
from plans.importing.proposal import Proposal, Task
from plans.importing.reading import read_document
from plans.importing.understanding import understand

FOLDER = Path(__file__).parent / "unseen"


@dataclass
class Wanted:
    """One task of an answer key; each assignment is (names, roles), any of which is right."""

    words: str
    assignments: list[tuple[set[str], set[str]]]
    due_dates: list[list[str]]


@dataclass
class Text:
    """One plan and its tasks."""

    name: str
    words: str
    tasks: list[Wanted]


@dataclass
class Score:
    """What was right of how many; ``remarks`` say what was not."""

    tasks: int = 0
    found: int = 0
    extra: int = 0
    due: int = 0
    assigned: int = 0
    silent: int = 0
    remarks: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Take another text's score into this one."""
        for name in ("tasks", "found", "extra", "due", "assigned", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.remarks += other.remarks


def texts(file: str) -> list[Text]:
    """The plans of one answer key."""
    found = []
    for part in (FOLDER / file).read_text("utf-8").split("\n@ ")[1:]:
        name, _, rest = part.partition("\n")
        words, _, answers = rest.partition("\n->\n")
        lines = [line for line in answers.splitlines() if line.count(" | ") == 2]
        found.append(Text(name.strip(), words, [_wanted(line) for line in lines]))
    return found


def _wanted(line: str) -> Wanted:
    words, agencies, days = (part.strip() for part in line.split(" | "))
    pairs = re.findall(r"(.+?)=([a-z/]+)(?:, |$)", agencies)
    assignments = [({fold(name) for name in names.split("/")}, set(roles.split("/"))) for names, roles in pairs]
    return Wanted(words, assignments, [[] if one == "-" else one.split(";") for one in days.split(" or ")])


def propose(text: Text) -> Proposal:
    """Read the plan as a pasted text."""
    return understand(read_document(text.words.encode(), "ke-hoach.txt"))


def score(text: Text) -> Score:
    """Compare the proposal with the answer key; tasks are paired in order by the words wanted."""
    tasks, at, answer = propose(text).tasks, 0, Score(tasks=len(text.tasks))
    paired: set[int] = set()
    for wanted in text.tasks:
        where = next((i for i in range(at, len(tasks)) if fold(wanted.words) in fold(tasks[i].text)), None)
        if where is None:
            answer.remarks.append(f"{text.name}: not found: {wanted.words}")
            continue
        at = where + 1
        paired.add(where)
        answer.found += 1
        _compare(text.name, wanted, tasks[where], answer)
    for index, task in enumerate(tasks):
        if index not in paired:
            answer.extra += 1
            answer.remarks.append(f"{text.name}: no task: {task.text[:100]}")
    return answer


def _compare(name: str, wanted: Wanted, task: Task, answer: Score) -> None:
    dates = task.deadline.get("due_dates") or []
    got = [(fold(one.agency_or_group), one.role) for one in task.assignments]
    due, assigned = dates in wanted.due_dates, _same(wanted.assignments, got)
    answer.due += due
    answer.assigned += assigned
    answer.silent += not (due and assigned) and not task.counted_warnings
    if not due:
        answer.remarks.append(f"{name}: {wanted.words}: want {wanted.due_dates} got {dates} ({task.time_text})")
    if not assigned:
        answer.remarks.append(f"{name}: {wanted.words}: want {wanted.assignments} got {got}")


def _same(wanted: list[tuple[set[str], set[str]]], got: list[tuple[str, str]]) -> bool:
    rest = list(got)
    for names, roles in wanted:
        hit = next((one for one in rest if one[0] in names and one[1] in roles), None)
        if hit is None:
            if "-" in names:
                continue
            return False
        rest.remove(hit)
    return not rest
