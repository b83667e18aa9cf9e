"""The reporting periods of the three real plans that ask for reports: their own words, read by the product."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from plans.importing.reading import read_document
from plans.importing.understanding import understand
from plans.models import Plan
from reports.models import Period
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import PlanFactory, TaskFactory, work_item

SHARED = Path(settings.BASE_DIR).parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="CẢNH BÁO: không có các văn bản mẫu cạnh mã nguồn")


def periods_of(cast: Cast, seed: str, **plan: object) -> list[Period]:
    """Return the periods proposed from the report tasks that the product reads in a plan, wherever they stand in it."""
    made: Plan = PlanFactory(province=cast.province, coordinating_agency=cast.home_affairs, **plan)
    proposal = understand(read_document((SHARED / "seeds" / seed).read_bytes(), seed))
    for read in [*proposal.tasks, *proposal.offered]:
        days = [date.fromisoformat(day) for day in read.deadline["due_dates"]]
        if read.is_report and days:
            kind = read.deadline["kind"]
            task = TaskFactory(
                plan=made, text=read.text, time_text=read.time_text, is_report=True,
                deadline__due_dates=days, deadline__kind=kind,
            )  # fmt: skip
            for ordinal, day in enumerate(days, 1):
                work_item(cast.health, task=task, due=day, ordinal=ordinal)
    return sorted(propose_periods(made), key=lambda one: one.due_date)


def facts(period: Period) -> tuple[str, str, str, str]:
    return period.name, f"{period.begins_on}/{period.ends_on}", str(period.cut_off), str(period.due_date)


def test_plan_82_wants_a_six_month_report_before_10_june_and_a_yearly_one_before_10_december(cast: Cast):
    found = periods_of(cast, "000_9d286c80cd500672.txt", number="82/KH", year=2024)
    assert [facts(one) for one in found] == [
        ("6 tháng đầu năm 2024", "2024-01-01/2024-06-30", "2024-06-09", "2024-06-09"),
        ("Năm 2024", "2024-01-01/2024-12-31", "2024-12-09", "2024-12-09"),
    ]


def test_plan_183_signed_in_july_wants_the_reports_of_the_third_quarter_and_of_the_year(cast: Cast):
    found = periods_of(cast, "004_fb41b5bb4375c0ce.txt", number="183/KH", year=2022, signed_on=date(2022, 7, 6))
    assert [facts(one) for one in found] == [
        ("Quý III năm 2022", "2022-07-01/2022-09-30", "2022-09-14", "2022-09-30"),
        ("Năm 2022", "2022-01-01/2022-12-31", "2022-12-14", "2022-12-31"),
    ]


def test_plan_216_merges_its_reports_into_those_of_the_third_quarter_and_of_the_year(cast: Cast):
    found = periods_of(cast, "001_d55d5a2ad5b001c3.txt", number="216/KH", year=2024, signed_on=date(2024, 5, 23))
    assert [facts(one) for one in found] == [
        ("Quý III năm 2024", "2024-07-01/2024-09-30", "2024-09-14", "2024-09-30"),
        ("Năm 2024", "2024-01-01/2024-12-31", "2024-12-14", "2024-12-31"),
    ]


@pytest.mark.parametrize(
    ("seed", "number", "signed_on"),
    [
        ("002_f3c30df6ad4d8388.txt", "77/KH", date(2019, 5, 20)),
        ("003_0ed30c4d5704af61.txt", "1167/KH", date(2024, 6, 3)),
    ],
)
def test_plans_77_and_1167_ask_for_no_report_and_get_no_period_but_one_made_by_hand(
    cast: Cast, seed: str, number: str, signed_on: date
):
    assert periods_of(cast, seed, number=number, year=signed_on.year, signed_on=signed_on) == []
