"""The six-month report of plan 82, from the opening of the period to the corrected version, with 40 units."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Agency, Membership, User
from plans.models import Task, WorkItem
from plans.models.occurrence import State
from reports.consolidating import consolidate, figures_of
from reports.consolidating.differences import differences
from reports.filling import fill_reports
from reports.making import make_documents_of
from reports.models import Period, Report
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import AgencyFactory, SectionFactory, TaskFactory, person, work_item
from tests.reports.conftest import REPORT_TASK

OPENING, IN_TIME, DUE, LATE, DECIDED, MENDED = (
    date(2024, *day) for day in ((5, 20), (6, 5), (6, 9), (6, 12), (6, 13), (6, 14))
)
UNITS = 40


@pytest.fixture
def units(cast: Cast) -> list[Agency]:
    """Forty units: every fourth is a district, the others are departments."""
    kinds = [Agency.Kind.DISTRICT_PC if number % 4 == 0 else Agency.Kind.DEPARTMENT for number in range(UNITS)]
    return [
        AgencyFactory(province=cast.province, kind=kind, name=f"Đơn vị {number:02d}")
        for number, kind in enumerate(kinds, 1)
    ]


@pytest.fixture
def leaders(units: list[Agency]) -> dict[int, User]:
    return {unit.pk: person(unit, Membership.Role.LEADER) for unit in units}


@pytest.fixture
def period(cast: Cast, units: list[Agency]) -> Period:
    """Every unit owes three things: by 31/3 (done, but for the first five), by 30/6, and the report by 9/6."""
    section = SectionFactory(plan=cast.plan, title="I. Công tác chỉ đạo, điều hành")
    spring = TaskFactory(plan=cast.plan, section=section, text="Ban hành kế hoạch triển khai")
    summer = TaskFactory(plan=cast.plan, section=section, text="Rà soát thủ tục hành chính")
    report = TaskFactory(plan=cast.plan, text=REPORT_TASK, is_report=True, deadline__due_dates=[DUE])
    for unit in units:
        work_item(unit, task=spring, due=date(2024, 3, 31))
        work_item(unit, task=summer, due=date(2024, 6, 30))
        work_item(unit, task=report, due=DUE)
    _done(spring, units[5:])
    [period] = propose_periods(cast.plan)
    return period


def _done(task: Task, units: list[Agency]) -> None:
    day = date(2024, 3, 30)
    WorkItem.objects.filter(task=task, agency__in=units).update(
        state=State.COMPLETED, completed_on=day, handed_in_on=day
    )


@pytest.fixture
def send(period: Period, leaders: dict[int, User]) -> Callable[[list[Agency], date], None]:
    """Let units write, approve and submit their reports on a day."""

    def send(units: list[Agency], on: date) -> None:
        for report in period.reports.filter(agency__in=units).select_related("period__plan", "agency", "item"):
            leader = leaders[report.agency_id]
            lines = {line.pk: "Đã thực hiện." for line in report.lines.all() if line.needs_words}
            words = {"results": "Đã ban hành kế hoạch.", "outlook": "Tiếp tục thực hiện."}
            report.write(by=leader, revision=report.revision, words=words, results_by_line=lines)
            report.approve(by=leader, on=on)
            report.submit(by=leader, on=on)

    return send


def test_the_six_month_report_of_plan_82(cast: Cast, units: list[Agency], period: Period, send, without_pdf: None):
    coordinator = cast.coordinator

    def counted(on: date) -> tuple[int, int, int, int, int]:
        """Return expected and arrived reports, those in time, deliveries and overdue deliveries, as the desk has them."""
        figures = figures_of(period, on)
        facts, totals = figures["reporting"], figures["totals"]
        return facts["expected"], facts["arrived"], facts["on_time"], totals["deliveries"], totals["overdue"]

    def report_of(unit: Agency) -> Report:
        return Report.objects.get(period=period, agency=unit)

    # Sở Nội vụ opens the period: forty reports, and nothing to consolidate yet.
    assert period.open(by=coordinator, on=OPENING) == UNITS
    fill_reports(period, IN_TIME)
    assert counted(IN_TIME) == (40, 0, 0, 0, 0)
    with pytest.raises(ValidationError, match="Chưa có cơ quan nào nộp"):
        consolidate(period, by=coordinator, on=IN_TIME)

    # One unit is being merged and is excluded, with the reason that the report will print.
    merged, *rest = units
    report_of(merged).exclude(by=coordinator, on=IN_TIME, reason="Đang sáp nhập")
    assert counted(IN_TIME) == (39, 0, 0, 0, 0)

    # Thirty-six report in time. Four of them have not done what was due on 31/3 (the fifth was excluded).
    in_time, late = rest[:36], rest[36:]
    send(in_time, IN_TIME)
    assert counted(IN_TIME) == (39, 36, 36, 72, 4)

    # On 12/6, three days after the due date, three are missing; then they come.
    facts = figures_of(period, LATE)["reporting"]
    assert [(row["agency"], row["days_late"]) for row in facts["missing"]] == [
        ("Đơn vị 38", 3), ("Đơn vị 39", 3), ("Đơn vị 40", 3)
    ]  # fmt: skip
    send(late, LATE)
    assert counted(LATE) == (39, 39, 36, 78, 4)

    # The first version says all this.
    first = consolidate(period, by=coordinator, on=LATE)
    totals, facts = first.figures["totals"], first.figures["reporting"]
    assert (totals["deliveries"], totals["done"], totals["overdue"], totals["under_way"]) == (78, 35, 4, 39)
    assert (totals["completion_rate"], totals["share_done"], totals["on_time_rate"]) == (89.7, 44.9, 100.0)
    assert [row["agency"] for row in facts["late"]] == ["Đơn vị 38", "Đơn vị 39", "Đơn vị 40"]
    assert [(row["agency"], row["reason"]) for row in facts["excluded"]] == [("Đơn vị 01", "Đang sáp nhập")]
    assert first.figures["remind"] == ["Đơn vị 02", "Đơn vị 03", "Đơn vị 04", "Đơn vị 05"]
    assert len(first.figures["commend"]) == 32
    assert {row["kind"]: row["agencies"] for row in first.figures["kinds"]} == {"sở": 30, "UBND cấp huyện": 9}
    assert first.lines.count() == 78

    # Two are returned: their figures leave the totals, the version stays as it was.
    returned = rest[:2]
    for unit in returned:
        report_of(unit).send_back(by=coordinator, on=DECIDED, reason="Thiếu số liệu quý II")
    assert counted(DECIDED) == (39, 37, 34, 74, 2)
    first.refresh_from_db()
    assert first.figures["totals"] == totals

    # Meanwhile both finish what was overdue, take newer figures and send again in time: their first day counts.
    _done(Task.objects.get(plan=cast.plan, text="Ban hành kế hoạch triển khai"), returned)
    fill_reports(period, MENDED)
    send(returned, MENDED)
    assert counted(MENDED) == (39, 39, 36, 78, 2)

    # Everything is accepted but the excluded one, and the period closes.
    for report in period.reports.submitted().select_related("period__plan", "agency", "item"):
        report.accept(by=coordinator, on=MENDED)
    period.close(by=coordinator, on=MENDED)

    # After that only a new version: it says what has changed, and the first one still says what it said.
    second = consolidate(period, by=coordinator, on=MENDED)
    assert (second.version, second.figures["totals"]["completion_rate"]) == (2, 94.9)
    assert second.figures["remind"] == ["Đơn vị 04", "Đơn vị 05"]
    found = differences(first, second)
    assert {change.label: (change.before, change.after) for change in found.totals} == {
        "Đã hoàn thành": ("35", "37"), "Đúng hạn": ("35", "37"), "Quá hạn": ("4", "2"),
        "Tỷ lệ hoàn thành": ("89,7%", "94,9%"), "Hoàn thành trên tổng số": ("44,9%", "47,4%"),
    }  # fmt: skip
    agencies = next(table for table in found.tables if table.title == "Cơ quan")
    assert ([row.name for row in agencies.changed], agencies.came, agencies.left) == (
        ["Đơn vị 02", "Đơn vị 03"], [], []
    )  # fmt: skip

    # Its papers are made, each with the name that people save it under.
    assert make_documents_of(second.pk) is True
    names = set(second.documents.values_list("name", flat=True))
    assert names == {
        f"Báo cáo tổng hợp 6 tháng đầu năm 2024 - Kế hoạch 82-KH-UBND - bản 2.{suffix}" for suffix in ("docx", "xlsx")
    }
