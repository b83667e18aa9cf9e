"""Periods that are only ticked in columns of months or quarters."""

from datetime import date

import pytest

from plans.deadlines import parse_deadline
from plans.importing.understanding.ticks import as_ticked


def ticked(words: str):
    return as_ticked(parse_deadline(words, plan_year=2024, plan_signed=date(2024, 1, 10)))


def test_neighbours_are_ambiguous_with_both_readings():
    deadline = ticked("Tháng 3; Tháng 4; Tháng 5; Tháng 10")
    assert deadline.ambiguous
    assert deadline.codes[0] == "ambiguous_deadline"
    assert [[day.month for day in reading.due_dates] for reading in deadline.readings] == [[3, 4, 5, 10], [5, 10]]


@pytest.mark.parametrize("words", ["Tháng 3; Tháng 6; Tháng 9", "Quý I; Quý III", "Tháng 5"])
def test_periods_apart_have_one_reading(words: str):
    assert not ticked(words).ambiguous


def test_quarters_side_by_side_are_neighbours_as_well():
    assert [len(reading.due_dates) for reading in ticked("Quý II; Quý III").readings] == [2, 1]
