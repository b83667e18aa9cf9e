"""`manage.py parse_deadlines`: one line in, one line out, whatever the line is."""

import io
import json

import pytest
from django.core.management import call_command

KEYS = {
    "kind",
    "periods",
    "due_dates",
    "final_due",
    "completes",
    "stated",
    "ambiguous",
    "why",
    "readings",
    "suggested_due",
}


def run(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    out = io.StringIO()
    call_command("parse_deadlines", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_answers_come_in_the_order_of_the_lines(monkeypatch):
    lines = [{"text": "Quý II", "plan_year": 2024, "plan_signed": "2024-03-20"}, {"text": "30/9/2024"}, {"text": None}]
    answers = run(monkeypatch, "\n".join(json.dumps(line) for line in lines).encode())
    assert [answer["due_dates"] for answer in answers] == [["2024-06-30"], ["2024-09-30"], []]
    assert all(answer.keys() >= KEYS for answer in answers)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"x",
        b"[]",
        b"{}x",
        b"\xff\xfe",
        b'{"text": 5}',
        b'{"text": "Qu\xc3\xbd II", "plan_year": "hai"}',
        b'{"text": "x", "plan_signed": "mai"}',
    ],
)
def test_a_broken_line_is_answered_and_the_next_one_is_read(monkeypatch, line):
    answers = run(monkeypatch, line + b'\n{"text": "30/9/2024"}\n')
    assert len(answers) == 2
    assert (answers[0]["kind"], answers[0]["due_dates"], answers[0]["ambiguous"]) == ("unspecified", [], True)
    assert answers[0]["why"]
    assert answers[1]["due_dates"] == ["2024-09-30"]


def test_vietnamese_is_printed_as_vietnamese(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "Qu\xc3\xbd", "plan_year": 2024}'), encoding="utf-8")
    )
    call_command("parse_deadlines", stdout=out)
    assert "quý" in out.getvalue()
