"""The rules of time one by one: what is clipped, what is asked, what is offered instead."""

from datetime import date

import pytest

from plans.deadlines import parse_deadline

SIGNED = date(2024, 3, 20)


def read(words, year=2024, signed=SIGNED, **options):
    return parse_deadline(words, plan_year=year, plan_signed=signed, **options)


def test_before_a_day_leaves_the_day_out_unless_the_plan_says_otherwise():
    strict, lenient = read("Trước 10/6/2024"), read("Trước 10/6/2024", before_is_inclusive=True)
    assert (strict.due_dates, strict.inclusive, strict.printed_date) == ((date(2024, 6, 9),), False, date(2024, 6, 10))
    assert (lenient.due_dates, lenient.inclusive, lenient.printed_date) == (
        (date(2024, 6, 10),),
        True,
        date(2024, 6, 10),
    )


def test_before_a_period_never_reaches_into_it_even_where_days_are_inclusive():
    assert read("Trước Quý III", before_is_inclusive=True).due_dates == (date(2024, 6, 30),)


@pytest.mark.parametrize(
    ("words", "hour", "due"),
    [
        ("Trước 17 giờ ngày 10/6/2024", "17:00", date(2024, 6, 10)),
        ("Trước 16h30 ngày 10/6/2024", "16:30", date(2024, 6, 10)),
        ("17h00, ngày 10/6/2024", "17:00", date(2024, 6, 10)),
        ("10/6/2024 08:30", "08:30", date(2024, 6, 10)),
        ("Trước 0 giờ ngày 10/6/2024", "00:00", date(2024, 6, 9)),
    ],
)
def test_an_hour_includes_the_day_and_is_kept(words, hour, due):
    deadline = read(words)
    assert (deadline.time, deadline.due_dates, deadline.ambiguous) == (hour, (due,), False)


def test_an_hour_printed_for_one_of_two_days_is_asked_about():
    assert read("Trước 17h ngày 10/6 và ngày 10/12/2024").ambiguous
    assert read("Trước 17h ngày 10/6/2024").due_dates == (date(2024, 6, 10),)


def test_a_monthly_duty_keeps_only_the_months_that_end_on_or_after_the_signing_day():
    assert len(read("Hàng tháng").due_dates) == 10
    assert len(read("Hàng tháng", signed=None).due_dates) == 12
    assert len(read("Hàng tháng", signed=date(2024, 3, 31)).due_dates) == 10
    assert read("Hàng tháng").periods[0] == "2024-03"


@pytest.mark.parametrize("words", ["Quý I; Quý III", "Tháng 2", "Trước 1/3/2024", "6 tháng đầu năm 2023", "Quý I/2023"])
def test_a_printed_date_before_the_signing_is_kept_and_asked_about(words):
    deadline = read(words, signed=date(2024, 5, 20))
    assert deadline.due_dates[0] < date(2024, 5, 20)
    assert deadline.ambiguous
    assert deadline.past_at_signing
    assert "past_at_signing" in deadline.codes


def test_a_slip_in_the_year_keeps_the_printed_year_and_offers_the_plans():
    deadline = read("Quý IV/2021", year=2022, signed=date(2022, 7, 6))
    assert deadline.due_dates == (date(2021, 12, 31),)
    assert deadline.suggested_due == (date(2022, 12, 31),)
    assert {"year_mismatch", "past_at_signing"} <= set(deadline.codes)
    assert date(2022, 12, 31) in [day for reading in deadline.readings for day in reading.due_dates]


def test_the_report_due_early_next_year_is_no_slip_but_is_remarked():
    deadline = read("Trước ngày 15/01/2025")
    assert not deadline.ambiguous
    assert "year_mismatch" in deadline.codes


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        ("31/6/2024", date(2024, 6, 30)),
        ("Ngày 30/02/2024", date(2024, 2, 29)),
        ("Ngày 29/02/2025", date(2025, 2, 28)),
        ("6/30/2024", date(2024, 6, 30)),
        ("Quý VI", date(2024, 12, 31)),
        ("tháng 13", date(2024, 12, 31)),
    ],
)
def test_an_impossible_time_has_no_date_but_a_suggestion(words, suggested):
    deadline = read(words)
    assert deadline.due_dates == ()
    assert deadline.completes is None
    assert deadline.ambiguous
    assert deadline.suggested_due == (suggested,)
    assert "impossible_date" in deadline.codes


def test_two_readings_are_both_shown():
    deadline = read("Thường xuyên, báo cáo trước 15/12")
    assert "several_deadlines" in deadline.codes
    assert [reading.due_dates for reading in deadline.readings] == [deadline.due_dates, (date(2024, 12, 14),)]
    assert all(reading.why for reading in deadline.readings)


@pytest.mark.parametrize(
    ("words", "completes", "ongoing"),
    [
        ("Quý II; Quý III", "each", False),
        ("Quý II - Quý III", "final", False),
        ("Quý I đến Quý IV", "final", True),
        ("Thường xuyên", "final", True),
        ("Hàng quý", "each", False),
        ("Tháng 4-10/2024", "each", False),
        ("Giai đoạn 2024-2026", "final", False),
        ("Theo Kế hoạch", None, False),
    ],
)
def test_check_points_are_told_from_deliveries(words, completes, ongoing):
    deadline = read(words)
    assert (deadline.completes, deadline.ongoing) == (completes, ongoing)


@pytest.mark.parametrize(
    ("words", "periods"),
    [
        ("Quý II; Quý III", ("2024-Q2", "2024-Q3")),
        ("Tháng 6", ("2024-06",)),
        ("6 tháng đầu năm", ("2024-H1",)),
        ("Năm 2024", ("2024",)),
        ("06 tháng, năm", ("2024-H1", "2024")),
        ("Quý III và năm 2024", ("2024-Q3", "2024")),
        ("Hàng quý", ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")),
        ("Trước ngày 14 của tháng cuối quý", ("2024-Q2", "2024-Q3", "2024-Q4")),
        ("Giai đoạn 2024-2025", ("2024", "2025")),
        ("Tháng 4-6/2024", ("2024-04", "2024-05", "2024-06")),
        ("Trước 10/6/2024", ()),
    ],
)
def test_the_periods_are_named(words, periods):
    assert read(words).periods == periods


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Theo Kế hoạch", "per_document"),
        ("Ngay sau khi có kết quả", "relative"),
        ("10 ngày kể từ ngày nhận văn bản", "relative"),
    ],
)
def test_a_deadline_that_stands_elsewhere_asks_for_a_date_without_being_ambiguous(words, kind):
    deadline = read(words)
    assert (deadline.kind, deadline.due_dates, deadline.needs_input, deadline.ambiguous) == (kind, (), True, False)
    assert "needs_input" in deadline.codes
    assert deadline.why


def test_on_request_needs_neither_date_nor_reminder():
    deadline = read("Khi có yêu cầu")
    assert (deadline.kind, deadline.due_dates, deadline.needs_input, deadline.ambiguous) == (
        "as_needed",
        (),
        False,
        False,
    )


def test_days_from_the_signing_do_not_count_the_signing_day_and_skip_weekends_where_working_days_are_meant():
    assert read("10 ngày kể từ ngày ký").due_dates == (date(2024, 3, 30),)
    assert read("05 ngày làm việc kể từ ngày ban hành").due_dates == (date(2024, 3, 27),)
    assert read("10 ngày kể từ ngày ký", signed=None).due_dates == ()
    assert read("10 ngày kể từ ngày ký", signed=None).needs_input


def test_a_weekend_is_remarked_and_never_moves_the_date():
    deadline = read("Tháng 6")
    assert deadline.due_dates == (date(2024, 6, 30),)
    assert "weekend" in deadline.codes


def test_a_number_left_by_excel_is_offered_as_a_date():
    deadline = read("45473")
    assert (deadline.due_dates, deadline.ambiguous) == ((date(2024, 6, 30),), True)
    assert "excel_serial" in deadline.codes


def test_a_start_after_the_end_is_asked_about():
    deadline = read("Từ 01/7/2024 đến 30/6/2024")
    assert deadline.ambiguous
    assert "start_after_due" in deadline.codes


@pytest.mark.parametrize("words", ["Quý II", "Trước 10/6", "Hàng tháng", "Thường xuyên"])
def test_without_any_year_there_is_no_date(words):
    deadline = parse_deadline(words, plan_year=None, plan_signed=None)
    assert (deadline.due_dates, deadline.ambiguous, deadline.needs_input) == ((), True, True)


def test_without_a_plan_year_the_year_of_signing_serves_but_not_late_in_the_year():
    assert not parse_deadline("Quý II", plan_year=None, plan_signed=SIGNED).ambiguous
    assert parse_deadline("Quý II", plan_year=None, plan_signed=date(2023, 12, 20)).ambiguous


def test_the_date_of_a_named_document_is_no_deadline():
    assert read("Theo Kế hoạch số 45/KH-UBND ngày 20/6/2024 của UBND tỉnh").due_dates == ()
    assert read("Quý III (theo Quyết định số 468/QĐ-TTg ngày 27/3/2021)").due_dates == (date(2024, 9, 30),)


def test_the_answer_is_ready_for_json():
    answer = read("Trước 17 giờ ngày 10/6/2024").as_dict()
    assert answer["due_dates"] == ["2024-06-10"]
    assert answer["final_due"] == "2024-06-10"
    assert (answer["time"], answer["printed_date"], answer["inclusive"]) == ("17:00", "2024-06-10", True)
    assert answer["readings"] == []
    assert "time" not in read("Quý II").as_dict()
