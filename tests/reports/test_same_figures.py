"""One agency's half year with everything that can happen to work, counted by hand, and the same figures wherever they stand."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from agencies.models import Agency, User
from plans.giving.breaking_down import break_down
from plans.giving.declining import decline
from plans.models import Extension, Plan, Task, WorkItem
from plans.models.occurrence import OccurrenceKind
from plans.statistics import Figures, figures, overdue_by_age
from reports.consolidating import consolidate
from reports.filling import fill
from reports.making import make_documents_of
from reports.models import Consolidation, Period, Report
from reports.tallies import Tally
from tests.cast import Cast
from tests.factories import AgencyFactory, PeriodFactory, ReportFactory, TaskFactory, person, work_item
from tests.reports.conftest import submitted

MARCH, MAY, JUNE = date(2024, 3, 31), date(2024, 5, 31), date(2024, 6, 30)
CUT_OFF, LATER, ON = date(2024, 6, 9), date(2024, 6, 12), date(2024, 6, 14)
HAND = {"total": 11, "done": 4, "on_time": 2, "handed_in": 1, "overdue": 2, "not_updated": 1}
"""As of 9/6/2024. Done: in time (1, 3), late (2, 4); waiting: 5; overdue: 6 (40 days) and the whole of 7 (9 days); open:
8 (moved), 9 (to come), 10 (the year), 11 (ambiguous). Not counted: the waived and the declined one, the part, the
check-point. Rates: 4 : (4 + 2), 4 : 11, 2 : 4."""
RATES = (66.7, 36.4, 50.0)


def fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.for_lists().get(pk=item.pk)


def finish(item: WorkItem, officer: User, day: date) -> None:
    """Say what was done, and hand it in."""
    fresh(item).record_update(by=officer, on=day, percent=100, words="Đã thực hiện.")
    fresh(item).hand_in(by=officer, on=day)


@pytest.fixture
def year(cast: Cast) -> Plan:
    """Sở Y tế's work as people did it, by the verbs, up to 8/6/2024."""
    plan, officer, coordinator = cast.plan, cast.health_officer, cast.coordinator

    def owed(due: date, **deadline: object) -> WorkItem:
        task = TaskFactory(plan=plan, **({"deadline__due_dates": [due]} | deadline))
        return fresh(work_item(cast.health, task=task, due=due))

    def hand_in(item: WorkItem, day: date) -> None:
        finish(item, officer, day)

    def confirm(item: WorkItem, day: date) -> None:
        fresh(item).confirm(by=coordinator, on=day)

    in_time, late, mended, mended_late, waiting = owed(MARCH), owed(MARCH), owed(MAY), owed(MAY), owed(MAY)
    owed(date(2024, 4, 30))
    shared, moved = owed(MAY), owed(date(2024, 5, 15))
    owed(JUNE)
    whole = TaskFactory(
        plan=plan, time_text="Quý I đến Quý IV",
        deadline__due_dates=[MARCH, date(2024, 12, 31)], deadline__completes="final",
    )  # fmt: skip
    work_item(cast.health, task=whole, due=MARCH, kind=OccurrenceKind.CHECK_POINT)
    work_item(cast.health, task=whole, due=date(2024, 12, 31), ordinal=2)
    owed(MARCH, deadline__ambiguous=True)
    waived, declined = owed(MAY), owed(MAY)

    hand_in(in_time, date(2024, 3, 30))
    hand_in(late, date(2024, 4, 5))
    for item in (mended, mended_late, waiting):
        hand_in(item, MAY)
    for item in (mended, mended_late):
        fresh(item).send_back(by=coordinator, on=date(2024, 6, 3), reason="Thiếu minh chứng")
    hand_in(mended, date(2024, 6, 6))  # the third working day
    hand_in(mended_late, date(2024, 6, 7))
    for item in (in_time, late, mended, mended_late):
        confirm(item, date(2024, 6, 8))
    asked = Extension.ask(fresh(moved), by=officer, on=date(2024, 5, 10), until=JUNE, reason="Chờ hướng dẫn của Bộ.")
    asked.approve(by=coordinator, on=date(2024, 5, 13), words="Đồng ý.")
    fresh(waived).waive(by=coordinator, on=date(2024, 5, 20), reason="Không còn phù hợp")
    decline(fresh(declined), by=officer, on=date(2024, 5, 20), reason="Không đúng chức năng")
    unit = AgencyFactory(province=cast.province, parent=cast.health, kind=Agency.Kind.INTERNAL_UNIT, name="Phòng Y")
    worker = person(unit)
    [part] = break_down(fresh(shared), [unit], by=officer, on=date(2024, 5, 2), due=date(2024, 5, 20)).parts
    finish(part, worker, date(2024, 5, 18))
    fresh(part).confirm(by=officer, on=date(2024, 5, 19))
    return plan


@pytest.fixture
def report(cast: Cast, year: Plan) -> Report:
    period = PeriodFactory(plan=year, status=Period.Status.OPEN, opened_on=date(2024, 5, 20))
    return ReportFactory(period=period, agency=cast.health)


@pytest.fixture
def made(cast: Cast, year: Plan, report: Report, without_pdf: None) -> Consolidation:
    """The version of 14/6: after the cut-off two more things were done, which its figures do not know."""
    done_since = year_items(year).filter(due_date__in=[date(2024, 4, 30), JUNE], state="not_started", due_version=1)
    assert done_since.count() == 2
    for item in done_since:
        finish(item, cast.health_officer, LATER)
        fresh(item).confirm(by=cast.coordinator, on=LATER)
    submitted(report, cast.health_officer, cast.health_leader, on=ON)
    version = consolidate(report.period, by=cast.coordinator, on=ON)
    make_documents_of(version.pk)
    return version


def year_items(plan: Plan):
    return WorkItem.objects.filter(task__plan=plan)


def counted(found: Figures) -> dict[str, int]:
    return {name: getattr(found, name) for name in HAND}


def rates(found: Figures) -> tuple[float | None, ...]:
    return found.completion, found.share_of_all, found.punctuality


def test_pages_count_what_was_counted_by_hand(cast: Cast, year: Plan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("plans.views.plans.today", lambda: CUT_OFF)
    monkeypatch.setattr("sipas_tracker.views.today", lambda: CUT_OFF)
    client = Client()
    client.force_login(cast.viewer)
    plan_page = client.get(reverse("plan-detail", args=[year.pk])).context
    home = client.get(reverse("home")).context
    by_task = [row[2] for row in plan_page["rows"]]
    listed = dict(client.get(reverse("plan-list")).context["rows"])[year]
    for found in (figures(year_items(year), CUT_OFF), plan_page["figures"], home["figures"], listed):
        assert (counted(found), rates(found)) == (HAND, RATES)
    assert {name: sum(getattr(one, name) for one in by_task) for name in HAND} == HAND
    assert overdue_by_age(year_items(year), CUT_OFF) == {"1-10": 1, "11-30": 0, "31-90": 1, "trên 90": 0}
    [row] = [row for row in home["league"] if row["agency"] == cast.health.pk]
    assert {name: row[name] for name in HAND} == HAND


def test_the_report_filled_on_the_day_counts_the_same(year: Plan, report: Report):
    fill(report, CUT_OFF)
    tally = Tally.of(report.lines.all())
    assert (tally.deliveries, tally.done, tally.done_on_time, tally.handed_in, tally.overdue) == (11, 4, 2, 1, 2)
    assert (tally.completion_rate, tally.share_done, tally.on_time_rate, tally.not_updated) == (*RATES, 1)


def test_the_consolidated_report_says_the_same_in_its_figures_its_files_and_the_api(cast: Cast, made: Consolidation):
    totals = made.figures["totals"]
    counts = ("lines", "deliveries", "done", "done_on_time", "done_late", "handed_in", "under_way", "overdue")
    assert [totals[name] for name in counts] == [11, 11, 4, 2, 2, 1, 4, 2], "as of 9/6, whatever was done after it"
    assert (totals["completion_rate"], totals["share_done"], totals["on_time_rate"]) == RATES
    assert [row["count"] for row in made.figures["overdue_by_age"]] == [1, 0, 1, 0]
    for name in ("sections", "kinds", "agencies"):
        assert [row["tally"] for row in made.figures[name]] == [totals]

    with made.documents.get(kind="excel").file.open("rb") as file:
        rows = list(load_workbook(BytesIO(file.read()))["Theo cơ quan"].iter_rows(values_only=True))
    [total] = [row for row in rows if "Tổng cộng" in row]
    assert list(total[3:11]) == [11, 11, 4, 2, 2, 1, 4, 2]

    with made.documents.get(kind="word").file.open("rb") as file:
        words = "\n".join(paragraph.text for paragraph in Document(BytesIO(file.read())).paragraphs)
    assert "giao 11 đầu việc" in words
    assert "Đã hoàn thành 04 đầu việc, gồm 02 đầu việc đúng hạn và 02 đầu việc trễ hạn;" in words
    assert "02 đầu việc quá hạn chưa hoàn thành." in words
    assert "1-10 ngày: 01; 31-90 ngày: 01" in words
    for share in ("66,7%", "36,4%", "50%"):
        assert share in words

    client = Client()
    client.force_login(cast.viewer)
    answer = client.get(f"/api/consolidations/{made.pk}/").json()
    assert answer["figures"]["totals"] == totals
    lines = client.get(f"/api/consolidations/{made.pk}/lines/").json()["results"]
    assert [sum(line[name] for line in lines) for name in ("deliveries", "done", "overdue")] == [11, 4, 2]


def test_the_page_of_a_task_leaves_out_what_is_not_owed_any_more(cast: Cast, year: Plan):
    task = Task.objects.get(items__state="waived", items__agency=cast.health)
    work_item(cast.health, task=task, due=JUNE, ordinal=2)
    client = Client()
    client.force_login(cast.viewer)
    [row] = client.get(reverse("task-detail", args=[task.pk])).context["rows"]
    assert (row["done"], row["total"]) == (0, 1)
