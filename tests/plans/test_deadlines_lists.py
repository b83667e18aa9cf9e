"""Lists and ranges of months, quarters and days in every way of writing them, reckoned here a second time."""

import calendar
import datetime as dt
import itertools

import pytest

from plans.deadlines import parse_deadline

YEAR, SIGNED = 2025, dt.date(2024, 12, 20)
YEARS = ["", "/2025", " năm 2025", " của năm 2025", " năm2025", " (năm 2025)", " 2025"]
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def end(month):
    return dt.date(YEAR, month, calendar.monthrange(YEAR, month)[1])


def wrong(cases):
    found = []
    for text, dates, completes in cases:
        read = parse_deadline(text, plan_year=YEAR, plan_signed=SIGNED)
        if list(read.due_dates) != dates or (completes and read.completes != completes) or read.ambiguous:
            found.append((text, read.due_dates, read.completes, read.why))
    return found


@pytest.mark.parametrize("year", YEARS)
def test_every_list_of_months_is_one_delivery_a_month_and_every_range_ends_with_its_last(year):
    cases = []
    for first, last in itertools.combinations(range(1, 13), 2):
        both, only = [end(first), end(last)], [end(last)]
        cases += [(f"Tháng {first}{joint}{last}{year}", both, "each") for joint in (", ", " và ", "; ", ", tháng ")]
        cases += [(f"Tháng {first:02d}{joint}{last:02d}{year}", only, None) for joint in (" - ", "-", " đến ")]
        cases.append((f"Từ tháng {first} đến tháng {last}{year}", only, None))

    assert wrong(cases) == []


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("spelt", [ROMAN.get, str], ids=["roman", "arabic"])
def test_every_list_of_quarters_is_one_delivery_a_quarter_and_every_range_one_job(year, spelt):
    cases = []
    for first, last in itertools.combinations(range(1, 5), 2):
        one, two = spelt(first), spelt(last)
        both, span = [end(3 * first), end(3 * last)], [end(3 * quarter) for quarter in range(first, last + 1)]
        cases += [(f"Quý {one}{joint}{two}{year}", both, "each") for joint in (", ", " và ", "; ", ", Quý ", " & ")]
        cases += [(f"Quý {one}{joint}{two}{year}", span, "final") for joint in (" - ", "-", " đến ", " – Quý ", "÷")]

    assert wrong(cases) == []


def test_the_words_before_a_day_decide_whether_it_still_counts_however_it_is_written():
    cases = []
    for day in (dt.date(YEAR, 7, 24), dt.date(YEAR, 3, 1), dt.date(YEAR, 11, 9)):
        d, m = day.day, day.month
        spellings = (f"{d}/{m}", f"{d:02d}/{m:02d}/{YEAR}", f"{d:02d}-{m:02d}-{YEAR}", f"{d} tháng {m} năm {YEAR}")
        for spelt in spellings:
            before = [day - dt.timedelta(days=1)]
            cases += [(words + spelt, before, "each") for words in ("Trước ngày ", "Xong trước ngày ")]
            cases += [(words + spelt, [day], "each") for words in ("Ngày ", "Chậm nhất ngày ", "Đến hết ngày ")]
            cases += [(words + spelt, [day], "each") for words in ("Trước 17 giờ ngày ", "Trước và trong ngày ")]

    assert wrong(cases) == []


@pytest.mark.parametrize(
    "text", ["Đến tháng 3, năm 2025", "Chậm nhất tháng 3, năm 2025", "Đến hết tháng 03 năm 2025", "Đến tháng 3/2025"]
)
def test_the_year_behind_a_comma_dates_the_limit_and_is_no_second_one(text):
    read = parse_deadline(text, plan_year=YEAR, plan_signed=SIGNED)

    assert list(read.due_dates) == [dt.date(2025, 3, 31)]
    assert not read.ambiguous
