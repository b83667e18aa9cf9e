"""Time cells of plans for several years ("giai đoạn 2018-2020")."""

from datetime import date

from plans.deadlines import Deadline, parse_over_years


def read(words: str) -> Deadline:
    return parse_over_years(words, years=[2018, 2019, 2020], plan_signed=date(2018, 6, 15))


def test_what_is_due_every_year_is_due_in_each_year_of_the_plan():
    deadline = read("Trước ngày 30/11 hằng năm")
    assert [day.isoformat() for day in deadline.due_dates] == ["2018-11-29", "2019-11-29", "2020-11-29"]
    assert (deadline.completes, deadline.ambiguous) == ("each", False)


def test_an_ongoing_duty_closes_at_the_end_of_the_last_year():
    deadline = read("Thường xuyên")
    assert (deadline.due_dates[0], deadline.final_due) == (date(2018, 6, 30), date(2020, 12, 31))
    assert (len(deadline.due_dates), deadline.completes) == (11, "final")


def test_a_printed_year_inside_the_span_is_no_mismatch():
    deadline = read("Quý IV/2020")
    assert deadline.due_dates == (date(2020, 12, 31),)
    assert (deadline.ambiguous, "year_mismatch" in deadline.codes) == (False, False)


def test_a_printed_year_outside_the_span_is_still_told():
    assert "year_mismatch" in read("Quý IV/2022").codes


def test_a_quarter_without_a_year_may_be_of_any_year_and_a_person_chooses():
    deadline = read("Quý IV")
    assert deadline.ambiguous
    assert [one.due_dates[0].year for one in deadline.readings] == [2018, 2019, 2020]
