"""Plans that nobody has seen: every task, its headings and the words of each cell are where a careful clerk sees them."""

from typing import Any

import pytest

from plans.importing.reading import read_document
from plans.importing.understanding import understand
from tests.plans.unseen_key import Case, cases, score

CASES = cases()


def answer(case: Case) -> dict[str, Any]:
    return understand(read_document(case.make(), case.name)).as_dict()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.path.parent.name}/{case.name}" for case in CASES])
def test_a_plan_is_read_as_its_answer_key_says(case: Case):
    assert score(case.key, answer(case)).faults == []


def test_the_comparison_sees_a_wrong_cell_a_lost_task_and_a_foreign_one():
    case = next(case for case in CASES if case.name == "an-giang-2023.docx")
    read = answer(case)
    read["tasks"][0]["agencies_text"] = "Sở Y tế"
    read["tasks"][1]["heading_path"] = []
    read["tasks"][2]["text"] = "Việc khác"
    read["tasks"][3]["warnings"] = [{"code": "row_lost"}]
    found = score(case.key, read)
    assert (found.found, found.paths, found.extra, len(found.faults)) == (5, 4, 1, 5)


def test_every_format_is_among_the_plans():
    assert {case.name.rpartition(".")[2] for case in CASES} >= {"docx", "xlsx", "pdf", "html", "txt", "md", "csv"}
