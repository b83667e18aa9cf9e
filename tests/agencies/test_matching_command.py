"""``manage.py parse_agencies``: as many answers as lines, in order, whatever the lines hold."""

import json
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def answers():
    asked = [
        json.dumps({"text": "Sở Nội vụ (chủ trì); UBND cấp huyện", "column": "lead_implement"}, ensure_ascii=False),
        json.dumps({"text": "Văn phòng", "column": "coordinate", "issuer": "Sở Y tế", "plan_signed": "2024-06-04"}),
        "",
        "không phải JSON",
        json.dumps({"text": None, "column": 5, "plan_signed": "hôm qua"}),
        "[1, 2]",
        json.dumps({"text": "Các sở (trừ Sở Y tế)", "column": "implement"}),
    ]
    done = subprocess.run(
        [sys.executable, "manage.py", "parse_agencies"],
        input="\n".join(asked).encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_every_line_gets_one_answer_in_order(answers):
    assert len(answers) == 7
    assert [entry["agency_or_group"] for entry in answers[0]["entries"]] == ["Sở Nội vụ", "UBND cấp huyện"]
    assert [entry["agency_or_group"] for entry in answers[1]["entries"]] == ["Văn phòng Sở"]
    assert answers[6]["excluded"] == ["Sở Y tế"]


def test_an_answer_has_the_keys_that_were_agreed(answers):
    assert {"entries", "excluded", "ambiguous", "unknown"} <= set(answers[0])
    assert {"name", "agency_or_group", "group", "role", "role_stated"} <= set(answers[0]["entries"][0])
