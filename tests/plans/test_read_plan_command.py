"""``read_plan``: what the importer sees, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.plans.plan_files import table_plan

ROWS = [["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"], ["1", "Báo cáo kết quả", "Sở Nội vụ", "Trước 10/6/2025"]]


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "kế hoạch.docx"
    path.write_bytes(table_plan(ROWS))
    return path


def test_json_has_the_plan_its_tasks_and_the_warnings(plan_file, capsys):
    call_command("read_plan", str(plan_file), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"plan", "tasks", "warnings"}
    assert {"number", "title", "issuer", "province", "signed", "plan_year", "target"} <= set(answer["plan"])
    task = answer["tasks"][0]
    assert (
        task["assignments"][0] | {"agency_or_group": "Sở Nội vụ", "role": "lead", "group": False}
        == task["assignments"][0]
    )
    assert (task["row"], task["no"], task["text"], task["deadline"]["due_dates"]) == (
        1,
        "1",
        "Báo cáo kết quả",
        ["2025-06-09"],
    )
    assert [one["code"] for one in task["warnings"]] == ["report_task"]


def test_the_readable_form_shows_day_first_dates(plan_file, capsys):
    call_command("read_plan", str(plan_file))
    out = capsys.readouterr().out
    assert "Số: 15/KH-UBND" in out
    assert "Trước 10/6/2025 → 09/06/2025" in out


def test_before_can_include_the_day(plan_file, capsys):
    call_command("read_plan", str(plan_file), "--json", "--before-is-inclusive")
    assert json.loads(capsys.readouterr().out)["tasks"][0]["deadline"]["due_dates"] == ["2025-06-10"]


def test_a_refused_file_ends_with_the_words_for_the_person(tmp_path):
    path = tmp_path / "rong.docx"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="Tệp rỗng"):
        call_command("read_plan", str(path))


def test_a_file_that_is_not_there_ends_with_words(tmp_path):
    with pytest.raises(CommandError, match="Không mở được tệp"):
        call_command("read_plan", str(tmp_path / "không có.docx"))
