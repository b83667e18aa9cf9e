"""What careful readers found odd in the five plans, one line each: the warning that is due for it, or why none is.

Rows are counted as in the proposal; 0 is the document. "-" in place of a code: no warning, for the reason given.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from plans.importing.proposal import Proposal
from plans.importing.reading import read_document
from plans.importing.understanding import understand

SHARED = Path(settings.BASE_DIR).parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="CẢNH BÁO: không có các văn bản mẫu cạnh mã nguồn")

VP = ("samples/vinhphuc-82-KH-UBND-2024.docx", "samples/vinhphuc-82-KH-UBND-2024.pdf", "seeds/000_9d286c80cd500672.txt")
VP_ROWS = (*VP, "samples/vinhphuc-82-phu-luc-V.xlsx")
SL = ("samples/sonla-183-KH-UBND-2022.docx", "samples/sonla-183-KH-UBND-2022.pdf", "seeds/004_fb41b5bb4375c0ce.txt")
HU = ("samples/hue-216-KH-UBND-2024.docx", "samples/hue-216-KH-UBND-2024.pdf", "seeds/001_d55d5a2ad5b001c3.txt")
GT = ("samples/hue-1167-KH-SGTVT-2024.docx", "samples/hue-1167-KH-SGTVT-2024.pdf", "seeds/003_0ed30c4d5704af61.txt")
BD = ("samples/binhdinh-77-KH-UBND-2019-tin.docx", "seeds/002_f3c30df6ad4d8388.txt")

TABLE = """
VP-01 | - | headings of the same title are kept apart by their numbers; nothing for a person to do
VP-02 | - | every row gets its own place; the empty TT is the habit of this table
VP-03 | - | the empty row of a page break is left out
VP-04 | 2, 3 | note_changes_task
VP-05 | 4 | several_deadlines
VP-06 | - | read as the three entries that are meant
VP-07 | - | read as the two groups that are meant
VP-08 | - | one agency under three spellings: the register knows them
VP-09 | - | spellings of names: the register knows them
VP-10 | - | roles that are inferred carry role_stated false at each assignment
VP-11 | 13 | partner_in_text
VP-12 | - | links to criteria follow the words of rows 26 and 27 (III.08), not their heading
VP-13 | - | a quarter without a year is of the plan's year
VP-14 | - | the check-point of 31/3 is kept; skipping it is offered when the plan is put to work
VP-15 | - | numbering of the body outside the tasks
VP-16 | - | the criteria are the method's, not the plan's
VP-17 | - | numbering of an appendix outside the tasks
VP-18 | 0 | partner_in_text
VP-19 | - | reports without days; the dated ones are rows 2 and 3
VP-20 | 0 | encoding
VP-21 | - | two words for the same thing
VP-22 | - | words of the web site are left out
SL-01 | 8 | past_at_signing
SL-01 | 8 | year_mismatch
SL-02 | 4, 5, 6 | row_lost
SL-03 | 4, 5 | ambiguous_deadline
SL-03 | 5 | missing_no
SL-04 | 7 | continued_row
SL-05 | 7 | continued_row
SL-06 | - | the heading inside the cell is cut off and stands over rows 5.1 and 5.2; nothing is lost
SL-07 | - | low confidence: whether the funding cells were merged cannot be known
SL-08 | - | the four tables are read as one
SL-09 | - | noise of recognition is left out
SL-10 | - | marks of the converter are left out
SL-11 | 0 | encoding
SL-12 | 0 | encoding
SL-13 | 0 | encoding
SL-14 | - | the full stop is no part of the name
SL-15 | - | marks of the converter are left out
SL-16 | - | both years are right; only an aim for a past year is asked about
SL-17 | - | a service level inside the task is no deadline
SL-18 | - | read as the two groups that are meant
HU-T01 | - | heading of a section without tasks
HU-T02 | 8 | year_mismatch
HU-T03 | 0 | row_lost
HU-T04 | - | number and day are found in the caption of the appendix
HU-T05 | - | sentences cut by pages are put together
HU-T06 | - | the target is read into the head
HU-T07 | - | there is no column of agencies; who coordinates is read from the text
HU-T08 | - | one task, with or without a bullet
HU-T09 | - | spellings of names: the register knows them
HU-T10 | 0 | encoding
HU-T11 | - | tasks of different plans are never compared
GT-01 | 0 | missing_deadline
GT-02 | - | "Văn phòng" is read inside the department
GT-03 | - | whether the heading should name a factor is a guess about the author
GT-04 | - | what the child plan leaves out is seen beside its parent
GT-05 | - | what the child plan leaves out is seen beside its parent
GT-06 | 0 | encoding
GT-07 | - | both roles are read
GT-08 | - | title and signer are read in spite of the layout
BD-01 | - | a stray word outside the tasks
BD-02 | - | the sampling frame is no deadline
BD-03 | - | a matter of planning that the words do not settle
BD-04 | 0 | note_changes_task
BD-05 | - | words of the web site are left out
BD-06 | 0 | several_tasks
BD-07 | - | the older method belongs to the framework, not to a task
BD-08 | - | spellings of names: the register knows them
"""
LINES = [tuple(part.strip() for part in line.split(" | ")) for line in TABLE.strip().splitlines()]
FILES = {"VP": VP, "SL": SL, "HU-T": HU, "GT": GT, "BD": BD}
DUE = [line for line in LINES if line[1] != "-"]


@cache
def proposal(file: str) -> Proposal:
    return understand(read_document((SHARED / file).read_bytes(), file))


def files_of(identity: str) -> tuple[str, ...]:
    return next(files for prefix, files in FILES.items() if identity.startswith(prefix))


def found_in(identity: str) -> list[str]:
    gold = {"VP": "vinhphuc_tasks", "SL": "sonla_tasks", "HU": "hue_tasks", "GT": "gtvt_tasks", "BD": "binhdinh_tasks"}
    data = json.loads((SHARED / f"gold/{gold[identity]}.json").read_text("utf-8"))
    return [one["id"] for one in data["anomalies"]]


@pytest.mark.parametrize("line", DUE, ids=lambda line: f"{line[0]} {line[2]}")
def test_an_anomaly_raises_its_warning_from_every_format(line):
    identity, rows, code = line
    wanted = [int(row) for row in rows.split(",")]
    raised = {}
    for file in files_of(identity):
        read = proposal(file)
        by_row = {0: {one.code for one in read.warnings}}
        by_row |= {task.row: {one.code for one in task.warnings} for task in read.tasks}
        raised[file] = [row for row in wanted if code in by_row[row]]
    assert raised == dict.fromkeys(files_of(identity), wanted)


def test_every_anomaly_of_the_five_plans_is_accounted_for():
    wanted = [identity for plan in ("VP", "SL", "HU", "GT", "BD") for identity in found_in(plan)]
    assert sorted({line[0] for line in LINES}) == sorted(wanted)
    assert all(len(line[2]) >= 8 for line in LINES)


def test_the_findings_about_the_scores_concern_no_task_of_the_plan():
    """hue_anomalies.json is about the tables of results (part A), which the import of scores checks."""
    findings = json.loads((SHARED / "gold/hue_anomalies.json").read_text("utf-8"))["anomalies"]
    about_tasks = {one["id"]: one["where"] for one in findings if one["where"].startswith("B.II")}
    assert about_tasks == {"HS-17": "B.II.2"}  # the same place as HU-T02


@pytest.mark.parametrize("file", [*VP_ROWS, *SL, *HU, *GT, *BD])
def test_rows_in_which_nobody_found_anything_have_no_warning(file):
    prefix = {"vin": "VP", "000": "VP", "son": "SL", "004": "SL", "001": "HU-T", "003": "GT", "bin": "BD", "002": "BD"}
    prefix |= {"hue-216": "HU-T", "hue-1167": "GT"}
    name = Path(file).name
    plan = next(plan for begin, plan in prefix.items() if name.startswith(begin))
    marked = {int(row) for identity, rows, _ in DUE if identity.startswith(plan) for row in rows.split(",")}
    marked |= {1} if plan == "BD" else set()  # a sentence that names nobody: its agencies are assumed
    false = {
        task.row: [one.code for one in task.counted_warnings] for task in proposal(file).tasks if task.row not in marked
    }
    assert Counter({row: len(codes) for row, codes in false.items() if codes}) == Counter()


def test_each_warning_names_its_words():
    nameless = [
        (file, one.code)
        for file in (*VP_ROWS, *SL, *HU, *GT, *BD)
        for task in proposal(file).tasks
        for one in task.counted_warnings
        if not one.words
    ]
    assert nameless == []
