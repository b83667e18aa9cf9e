"""The unseen plans of ``unseen_tables``, their answer keys, and the comparison of a reading with a key.

A file of ``unseen_tables`` holds the kind of file on its first line, the page (see `unseen_files`) and, after the line
"=== KEY", what a careful clerk reads in it. In the key, "> A > B" gives the heading path of the tasks below it (">" alone:
none; an element that starts with "?" may be missing together with the others that do). A task is one line: number |
first words of the text | lead or doing agencies | coordinating agencies | words of the time, or "=" with the due dates
| product. "*" stands for anything, missing fields for nothing. "!code, code" at the end of a line are the warnings of
*reading* it must have; no others of that kind may be there. A line "! code" asks for a warning of the whole document.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.plans.unseen_files import docx_file, html_file, line_by_line, pasted, xlsx_file

FOLDER = Path(__file__).parent / "unseen_tables"
#: The warnings that speak of how the table was read, not of what its words mean.
READING = {
    "row_lost",
    "continued_row",
    "table_without_head",
    "nested_table",
    "missing_cell",
    "ditto",
    "note_changes_task",
    "several_tasks",
    "missing_no",
    "duplicate_no",
}
FIELDS = ("no", "text", "agencies_text", "coordinating_text", "time_text", "product")


@dataclass(frozen=True)
class Case:
    """A plan as its office would send it, and what a careful clerk reads in it."""

    name: str
    kind: str
    page: str
    key: str
    path: Path

    def make(self) -> bytes:
        """The file itself. Printed plans are kept beside their pages, made by `unseen_pdfs`."""
        if self.kind.startswith("print"):
            return self.path.with_suffix("").read_bytes()
        match self.kind:
            case "word":
                return docx_file(self.page)
            case "excel":
                return xlsx_file(self.page)
            case "web" | "web-word":
                return html_file(self.page, from_word=self.kind == "web-word").encode()
            case "paste":
                return pasted(self.page).encode()
            case "paste-bare":
                return pasted(self.page).replace('"', "").encode()
            case "lines":
                return line_by_line(self.page).encode()
            case "raw":
                return self.page.encode()
        raise ValueError(self.kind)


def cases() -> list[Case]:
    """All plans, batch by batch."""
    found = []
    for path in sorted(FOLDER.glob("*/*.plan")):
        page, _, key = path.read_text(encoding="utf-8").partition("\n=== KEY\n")
        kind, _, page = page.partition("\n")
        found.append(Case(path.stem, kind, page, key, path))
    return found


@dataclass
class Score:
    """What was right and wrong in one plan; every fault is a sentence."""

    tasks: int = 0
    found: int = 0
    paths: int = 0
    cells: int = 0
    cells_right: int = 0
    extra: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Wanted:
    """One line of the key."""

    path: list[str]
    fields: list[str]
    codes: set[str]


def plain(words: str) -> str:
    """Fold what readers may write differently: spaces, line breaks, bullets, final stops."""
    words = unicodedata.normalize("NFC", words).replace("\u00ad", "")
    words = re.sub(r"(?m)^\s*[-+•*–]\s*", "", words)
    words = re.sub(r"^((?:\d+(?:\.\d+)*|[IVXLC]+|[A-Za-zĐđ]))[.)/]*\s+", r"\1 ", re.sub(r"\s+", " ", words).strip())
    return words.strip(" .;,:").casefold()


def wanted(key: str) -> tuple[list[Wanted], set[str]]:
    """Read a key: its tasks, and the warnings of the whole document."""
    path: list[str] = []
    tasks, whole = [], set()
    for raw in key.strip().split("\n"):
        line, _, codes = raw.strip().partition(" !")
        if raw.strip().startswith("! "):
            whole |= {one.strip() for one in raw.strip()[2:].split(",")}
        elif line.startswith(">"):
            path = [one.strip() for one in line[1:].split(" > ") if one.strip()]
        elif line:
            fields = [one.strip() for one in line.split("|")]
            found = {one.strip() for one in codes.split(",") if one.strip()}
            tasks.append(Wanted(path, fields + [""] * (len(FIELDS) - len(fields)), found))
    return tasks, whole


def _path_fits(wish: list[str], path: list[str]) -> bool:
    must = [one for one in wish if not one.startswith("?")]
    full = [one.lstrip("?").strip() for one in wish]
    return any([plain(one) for one in path] == [plain(one) for one in choice] for choice in (must, full))


def _cell_fits(name: str, wish: str, task: dict[str, Any]) -> bool:
    if wish == "*":
        return True
    if name == "time_text" and wish.startswith("="):
        return bool(task["deadline"]["due_dates"] == [one.strip() for one in wish[1:].split(",") if one.strip()])
    if name == "text":
        return plain(task["text"]).startswith(plain(wish))
    return plain(task[name]) == plain(wish)


def _fits_start(wish: Wanted, task: dict[str, Any]) -> bool:
    return _cell_fits("text", wish.fields[1], task)


def _aligned(wishes: list[Wanted], tasks: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    """Pair the key with the tasks in order (longest common subsequence by the first words)."""
    rows, columns = len(wishes), len(tasks)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            same = best[i + 1][j + 1] + 1 if _fits_start(wishes[i], tasks[j]) else 0
            best[i][j] = max(same, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < rows or j < columns:
        if i < rows and j < columns and _fits_start(wishes[i], tasks[j]) and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < rows and (j == columns or best[i + 1][j] >= best[i][j + 1]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def score(key: str, answer: dict[str, Any]) -> Score:
    """Compare what ``read_plan --json`` gives with a key."""
    wishes, whole = wanted(key)
    tasks = answer["tasks"]
    result = Score(tasks=len(wishes), cells=len(wishes) * (len(FIELDS) - 1))
    for i, j in _aligned(wishes, tasks):
        if i is not None and j is not None:
            _compare(wishes[i], tasks[j], result)
        elif i is not None:
            result.faults.append(f"thiếu: {wishes[i].fields[1][:60]!r}")
        elif j is not None:
            result.extra += 1
            result.faults.append(f"thừa: {tasks[j]['text'][:60]!r} ({tasks[j]['place']})")
    missing = whole - {one["code"] for one in answer["warnings"]}
    result.faults += [f"văn bản: thiếu cảnh báo {one}" for one in sorted(missing)]
    return result


def _compare(wish: Wanted, task: dict[str, Any], result: Score) -> None:
    name = f"{wish.fields[0]} {wish.fields[1]}"[:40]
    result.found += 1
    if _path_fits(wish.path, task["heading_path"]):
        result.paths += 1
    else:
        result.faults.append(f"{name}: đề mục {task['heading_path']} ≠ {wish.path}")
    for one, words in zip(FIELDS, wish.fields, strict=True):
        if one == "text":
            continue
        if _cell_fits(one, words, task):
            result.cells_right += 1
        else:
            seen = task["deadline"]["due_dates"] if words.startswith("=") else task[one]
            result.faults.append(f"{name}: {one} {seen!r} ≠ {words!r}")
    codes = {one["code"] for one in task["warnings"]} & READING
    if codes != wish.codes:
        result.faults.append(f"{name}: cảnh báo {sorted(codes)} ≠ {sorted(wish.codes)}")
