"""Time cells of plans of many provinces and years against answer keys written by hand (deadline_answers*.txt)."""

import datetime as dt
from pathlib import Path

import pytest

from plans.deadlines import parse_deadline

KEYS = sorted(Path(__file__).parent.glob("deadline_answers*.txt"))
LINES = [line for key in KEYS for line in key.read_text("utf-8").splitlines()]
ANSWERS = [line.split("|") for line in LINES if line and not line.startswith("#")]


def day(words, year):
    parts = [int(part) for part in words.split("/")]
    return dt.date(parts[2] if len(parts) > 2 else year, parts[1], parts[0])


def readings(words, year):
    return [sorted(day(one.strip(), year) for one in way.split(";") if one.strip()) for way in words.split(" or ")]


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: "|".join(row[:3]))
def test_a_time_cell_means_what_a_careful_clerk_says(row):
    text, year, signed, kind, dates, completes, ambiguous = row

    read = parse_deadline(
        text.replace("\\n", "\n"), plan_year=int(year), plan_signed=day(signed, 0) if signed else None
    )

    assert dates == "*" or list(read.due_dates) in readings(dates, int(year))
    assert kind == "*" or read.kind == {"null": None}.get(kind, kind)
    assert completes == "*" or read.completes == {"null": None}.get(completes, completes)
    assert ambiguous == "*" or read.ambiguous == (ambiguous == "1"), read.why
