"""Reads the answer keys of heads (tests/plans/unseen/heads_*.txt), builds their files and compares what was read."""

import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import docx

from agencies.folding import fold
from plans.importing.proposal import Proposal
from plans.importing.reading import read_document
from plans.importing.understanding import understand
from tests.plans.plan_files import fill, workbook

FOLDER = Path(__file__).parent / "unseen"
TASKS = [
    ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"],
    ["1", "Rà soát thủ tục hành chính", "Sở Nội vụ", "Quý IV"],
    ["2", "Tổ chức tập huấn nghiệp vụ", "Sở Tư pháp", "Quý III"],
]
FIELDS = {"year": "plan_year", "basis": "legal_basis", "parent": "parent_number"}


@dataclass
class Head:
    """One head: its lines and what a careful clerk reads in it."""

    name: str
    form: str
    lines: list[str]
    answers: dict[str, str]


def heads(file: str) -> list[Head]:
    """The heads of one answer key."""
    found: list[Head] = []
    for part in (FOLDER / file).read_text("utf-8").split("\n@ ")[1:]:
        title, _, rest = part.partition("\n")
        name, form = (words.strip() for words in title.split("|"))
        printed, _, answers = rest.partition("\n->\n")
        pairs = [line.split(" = ", 1) for line in answers.splitlines() if " = " in line]
        found.append(Head(name, form, printed.strip("\n").split("\n"), {key: words.strip() for key, words in pairs}))
    return found


def propose(head: Head) -> Proposal:
    """Read the head as the file it stands for, with a small table of tasks below it."""
    before, after = head.lines, list[str]()
    if "%BODY%" in before:
        at = before.index("%BODY%")
        before, after = before[:at], before[at + 1 :]
    if head.form == "word":
        return understand(read_document(_word(before, after), "ke-hoach.docx"))
    if head.form == "sheet":
        return understand(read_document(workbook({"Phụ lục": [*([line] for line in before), *TASKS]}), "phu-luc.xlsx"))
    text = "\n".join([*before, "", *("\t".join(row) for row in TASKS), "", *after])
    if head.form == "nfd":
        text = unicodedata.normalize("NFD", text).replace(" ", "\u00a0")
    return understand(read_document(text.encode(), "ke-hoach.txt"))


def wrong(head: Head) -> list[str]:
    """What was read differently, as "field: want … got …"."""
    proposal = propose(head)
    plan = proposal.plan.as_dict()
    found = []
    for field, want in head.answers.items():
        got = plan.get(FIELDS.get(field, field))
        words = "; ".join(got) if isinstance(got, list) else "-" if got is None else str(got)
        if _comparable(words) != _comparable(want):
            found.append(f"{field}: want {want!r} got {words!r}")
    missing = {"number": "số", "signed": "ngày", "title": "tên", "issuer": "cơ quan"}
    said = " ".join(one.message for one in proposal.warnings).casefold()
    for field, word in missing.items():
        if plan[field] is None and word not in said:
            found.append(f"{field}: not read and no warning says so")
    return found


def _comparable(words: str) -> str:
    return fold(words).replace("ủy ban nhân dân", "ubnd").strip(" ;.")


def _word(before: list[str], after: list[str]) -> bytes:
    document = docx.Document()
    _write(document, before)
    fill(document, TASKS)
    _write(document, after)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(document: docx.document.Document, lines: list[str]) -> None:
    frame: list[list[str]] = []
    for line in [*lines, ""]:
        if "¦" in line:
            frame.append([cell.strip().replace(" / ", "\n") for cell in line.split("¦")])
            continue
        if frame:
            fill(document, frame)
            frame = []
        if line:
            document.add_paragraph(line)
