"""A period with its report task, and short ways to bring a report to where a test begins."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agencies.models import Agency, Membership, User
from plans.models import Task
from reports.filling import fill
from reports.models import Period, Report
from reports.periods import propose_periods
from tests.cast import Cast
from tests.factories import TaskFactory, person, work_item

BEFORE = date(2024, 6, 5)
"""A day on which work is reported, before the due date of 9/6/2024."""
REPORT_TASK = (
    "Báo cáo kết quả thực hiện Kế hoạch nâng cao sự hài lòng của người dân năm 2024 "
    "và phương hướng nhiệm vụ 6 tháng cuối năm 2024"
)


@pytest.fixture(autouse=True)
def _files_in_tmp(settings, tmp_path: Path) -> None:
    """Keep uploaded and made files out of the project."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make documents as on a server without LibreOffice: a PDF takes seconds."""
    monkeypatch.setattr("reports.documents.pdf.is_available", lambda: False)


@pytest.fixture
def justice_leader(cast: Cast) -> User:
    """Return the director of Sở Tư pháp."""
    return person(cast.justice, Membership.Role.LEADER, username="tuphap.lanhdao")


@pytest.fixture
def report_task(cast: Cast) -> Task:
    """Return the plan's report task of "Trước 10/6/2024", owed by Sở Y tế, Sở Tư pháp and a district."""
    task = TaskFactory(
        plan=cast.plan,
        text=REPORT_TASK,
        time_text="Trước 10/6/2024",
        is_report=True,
        deadline__due_dates=[date(2024, 6, 9)],
        deadline__kind="before_date",
    )
    for agency in (cast.health, cast.justice, cast.district):
        work_item(agency, task=task, due=date(2024, 6, 9))
    return task


@pytest.fixture
def proposed(cast: Cast, report_task: Task) -> Period:
    """Return the six-month period as the product proposes it."""
    [period] = propose_periods(cast.plan)
    return period


@pytest.fixture
def period(cast: Cast, proposed: Period) -> Period:
    """Return the six-month period, open."""
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    return proposed


@pytest.fixture
def report_of(period: Period) -> Callable[[Agency], Report]:
    """Return a fresh copy of an agency's report."""
    return lambda agency: Report.objects.get(period=period, agency=agency)


def write(report: Report, officer: User, on: date = BEFORE) -> Report:
    """Fill the report and write what the checks ask for."""
    fill(report, on)
    words = {"results": "Đã ban hành kế hoạch triển khai.", "outlook": "Tiếp tục thực hiện Kế hoạch."}
    lines = {line.pk: line.results or "Đã thực hiện." for line in report.lines.all() if line.needs_words}
    report.write(by=officer, revision=report.revision, words=words, results_by_line=lines)
    return report


def submitted(report: Report, officer: User, leader: User, on: date = BEFORE) -> Report:
    """Write, approve and submit the report."""
    write(report, officer, on)
    report.approve(by=leader, on=on)
    report.submit(by=officer, on=on)
    return report
