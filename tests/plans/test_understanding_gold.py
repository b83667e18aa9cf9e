"""The five plans in prose and tables give the tasks that careful readers found: who, in which role, by when."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from agencies.folding import fold
from plans.importing.reading import read_document
from plans.importing.understanding import understand

SHARED = Path(settings.BASE_DIR).parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="CẢNH BÁO: không có các văn bản mẫu cạnh mã nguồn")
FILES = [
    ("seeds/000_9d286c80cd500672.txt", "vinhphuc"),
    ("seeds/001_d55d5a2ad5b001c3.txt", "hue"),
    ("seeds/002_f3c30df6ad4d8388.txt", "binhdinh"),
    ("seeds/003_0ed30c4d5704af61.txt", "gtvt"),
    ("seeds/004_fb41b5bb4375c0ce.txt", "sonla"),
]


@pytest.mark.parametrize(("file", "gold"), FILES)
def test_a_seed_gives_the_tasks_days_and_assignments_of_its_gold(file, gold):
    wanted = json.loads((SHARED / f"gold/{gold}_tasks.json").read_text("utf-8"))["tasks"]
    got = understand(read_document((SHARED / file).read_bytes(), file)).tasks
    assert len(got) == len(wanted)
    assert [_who(task.as_dict()) for task in got] == [_who(task) for task in wanted]
    stated = [place for place, task in enumerate(wanted) if task["deadline"].get("stated") is not False]
    assert [got[place].deadline["due_dates"] for place in stated] == [
        wanted[place]["deadline"].get("due_dates") or [] for place in stated
    ]


def _who(task: dict) -> set[tuple[str, str]]:
    return {(fold(one["agency_or_group"]), one["role"]) for one in task["assignments"]}


def test_a_day_that_a_report_sets_for_nobody_goes_to_who_leads_and_who_is_hired_until_confirmed():
    tasks = understand(read_document((SHARED / FILES[2][0]).read_bytes(), "002.txt")).tasks
    assert [(one.agency_or_group, one.role, one.role_stated) for one in tasks[0].assignments] == [
        ("Sở Nội vụ", "lead", False),
        ("Bưu điện tỉnh", "implement", False),
    ]
    assert {one.code for one in tasks[0].counted_warnings} == {"missing_lead"}


def test_agencies_outside_the_scope_do_not_owe_what_those_within_it_owe():
    proposal = understand(read_document((SHARED / FILES[2][0]).read_bytes(), "002.txt"))
    left_out = ["Văn phòng UBND tỉnh", "Ban Dân tộc tỉnh", "Sở Ngoại vụ", "Thanh tra tỉnh"]
    assert [task.excluded for task in proposal.tasks[12:]] == [left_out] * 5


def test_means_and_purposes_of_running_text_go_to_the_note_so_that_no_word_is_lost():
    tasks = understand(read_document((SHARED / FILES[2][0]).read_bytes(), "002.txt")).tasks
    assert tasks[11].text.endswith("bàn giao cho Sở Nội vụ")
    assert tasks[11].note.startswith("để phục vụ công tác phân tích số liệu")
