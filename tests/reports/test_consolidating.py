"""Totals are the sums of the reports that arrived; a version never changes."""

import hashlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from plans.models import WorkItem
from plans.models.occurrence import State
from reports.consolidating import consolidate, figures_of
from reports.documents.consolidated import compiled
from reports.making import make_documents_of
from reports.models import Consolidation, Period, ReportLine
from reports.tallies import Tally, Thresholds, by_age
from tests.cast import Cast
from tests.factories import SectionFactory, TaskFactory, person, work_item
from tests.reports.conftest import BEFORE, submitted, write

ON = date(2024, 6, 14)
pytestmark = pytest.mark.usefixtures("without_pdf")


def bytes_of(made: Consolidation) -> bytes:
    make_documents_of(made.pk)
    with made.documents.get(kind="word").file.open("rb") as file:
        return file.read()


@pytest.fixture
def worked(cast: Cast, period: Period, justice_leader) -> Period:
    """Sở Y tế: 2 done (1 late), 1 overdue since 1/5, 1 coming. Sở Tư pháp: 1 done, 1 coming."""
    section = SectionFactory(plan=cast.plan, title="I. Công tác chỉ đạo, điều hành")
    first = TaskFactory(plan=cast.plan, section=section, text="Ban hành kế hoạch triển khai")
    second = TaskFactory(plan=cast.plan, text="Rà soát thủ tục hành chính")
    for agency, due, day in (
        (cast.health, date(2024, 3, 31), date(2024, 3, 30)),
        (cast.health, date(2024, 4, 15), date(2024, 4, 20)),
        (cast.justice, date(2024, 3, 31), date(2024, 3, 30)),
    ):
        ordinal = 1 if due.month == 3 else 2
        item = work_item(agency, task=first, due=due, ordinal=ordinal)
        WorkItem.objects.filter(pk=item.pk).update(state=State.COMPLETED, completed_on=day, handed_in_on=day)
    work_item(cast.health, task=second, due=date(2024, 4, 30), ordinal=1)
    for agency in (cast.health, cast.justice):
        work_item(agency, task=second, due=date(2024, 6, 30), ordinal=2)
    return period


@pytest.fixture
def arrived(cast: Cast, worked: Period, report_of, justice_leader) -> Period:
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    submitted(report_of(cast.justice), cast.justice_officer, justice_leader, on=date(2024, 6, 12))
    return worked


def test_totals_are_the_sums_by_hand(arrived: Period):
    totals = figures_of(arrived, ON)["totals"]
    assert totals == {
        "lines": 4,
        "deliveries": 6,
        "done": 3,
        "done_on_time": 2,
        "done_late": 1,
        "handed_in": 0,
        "overdue": 1,
        "under_way": 2,
        "check_points": 0,
        "check_points_answered": 0,
        "not_updated": 0,
        "completion_rate": 75.0,
        "share_done": 50.0,
        "on_time_rate": 66.7,
        "late_rate": 50.0,
    }


def test_sections_kinds_and_agencies_each_add_up_to_the_totals(arrived: Period):
    figures = figures_of(arrived, ON)
    for table in ("sections", "kinds", "agencies"):
        for name in ("deliveries", "done", "done_on_time", "overdue"):
            assert sum(row["tally"][name] for row in figures[table]) == figures["totals"][name]
    assert [row["headings"] for row in figures["sections"]] == [["I. Công tác chỉ đạo, điều hành"], []]


def test_who_is_late_missing_and_excluded_is_told(cast: Cast, arrived: Period, report_of):
    facts = figures_of(arrived, ON)["reporting"]
    assert (facts["expected"], facts["arrived"], facts["on_time"]) == (3, 2, 1)
    assert [(row["agency"], row["days_late"]) for row in facts["late"]] == [("Sở Tư pháp", 3)]
    assert [(row["agency"], row["days_late"]) for row in facts["missing"]] == [("UBND huyện Lập Thạch", 5)]
    report_of(cast.district).exclude(by=cast.coordinator, on=ON, reason="Đang sắp xếp lại")
    facts = figures_of(arrived, ON)["reporting"]
    assert (facts["expected"], facts["missing"]) == (2, [])
    assert facts["excluded"] == [{"agency": "UBND huyện Lập Thạch", "under": "", "reason": "Đang sắp xếp lại"}]


def test_a_returned_report_leaves_the_totals_until_it_is_sent_again(cast: Cast, arrived: Period, report_of):
    report_of(cast.health).send_back(by=cast.coordinator, on=ON, reason="Thiếu")
    assert figures_of(arrived, ON)["totals"]["deliveries"] == 2
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader, on=ON)
    assert figures_of(arrived, ON)["totals"]["deliveries"] == 6


def test_an_agency_that_was_renamed_after_it_reported_keeps_its_old_name(cast: Cast, arrived: Period):
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số", kind=Agency.Kind.BOARD)
    Agency.objects.filter(pk=cast.district.pk).update(name="UBND huyện Lập Thạch mới")
    figures = figures_of(arrived, ON)
    assert {row["agency"] for row in figures["agencies"]} == {"Sở Y tế", "Sở Tư pháp"}
    assert {row["agency"] for row in figures["overdue"]} == {"Sở Y tế"}
    assert {row["kind"]: row["agencies"] for row in figures["kinds"]} == {"sở": 2}
    assert {name for task in figures["tasks"] for name in task["owners"]} == {"Sở Y tế", "Sở Tư pháp"}
    assert "Sở Y tế và Dân số" not in str(figures["words"])
    missing = {row["agency"] for row in figures["reporting"]["missing"]}
    assert missing == {"UBND huyện Lập Thạch mới"}, "who has not reported is called what it is called today"
    made = consolidate(arrived, by=cast.coordinator, on=ON)
    kept = set(made.lines.values_list("agency", "agency_kind"))
    assert kept == {("Sở Y tế", "sở"), ("Sở Tư pháp", "sở")}


def test_a_draft_is_in_no_total(cast: Cast, worked: Period, report_of):
    write(report_of(cast.health), cast.health_officer)
    assert figures_of(worked, ON)["totals"]["deliveries"] == 0


def test_work_done_after_the_submission_changes_nothing(arrived: Period):
    before = figures_of(arrived, ON)["totals"]
    WorkItem.objects.filter(task__is_report=False).update(
        state=State.COMPLETED, completed_on=date(2024, 4, 1), handed_in_on=date(2024, 4, 1)
    )
    assert figures_of(arrived, ON)["totals"] == before


def test_overdue_work_is_told_by_age_and_by_name(arrived: Period):
    figures = figures_of(arrived, ON)
    assert [(row["age"], row["count"]) for row in figures["overdue_by_age"] if row["count"]] == [("31-90 ngày", 1)]
    [row] = figures["overdue"]
    assert (row["agency"], row["due_date"], row["days"]) == ("Sở Y tế", "2024-04-30", 40)


@pytest.mark.parametrize(("days", "age"), [(1, 0), (10, 0), (11, 1), (30, 1), (31, 2), (90, 2), (91, 3), (400, 3)])
def test_the_four_ages_meet_without_gap_or_overlap(days: int, age: int):
    due = date.fromordinal(date(2024, 6, 9).toordinal() - days)
    counts = [row["count"] for row in by_age([due], date(2024, 6, 9))]
    assert counts == [int(index == age) for index in range(4)]


@pytest.mark.parametrize(
    ("done", "overdue", "deliveries", "rate", "share"),
    [(16_051, 223, 21_914, 98.6, 73.2), (2_501, 222, 2_723, 91.8, 91.8), (0, 0, 5, None, 0.0)],
)
def test_the_published_examples_come_out_of_the_formulas(done, overdue, deliveries, rate, share):
    tally = Tally(deliveries=deliveries, done=done, overdue=overdue)
    assert (tally.completion_rate, tally.share_done) == (rate, share)


def test_a_rate_just_below_the_whole_is_not_shown_as_the_whole():
    assert Tally(done=21_913, overdue=1, deliveries=21_914).completion_rate == 99.9


@pytest.mark.parametrize(
    ("done", "on_time", "overdue", "commended", "reminded"),
    [(91, 91, 9, True, False), (90, 90, 10, False, False), (95, 89, 0, True, False), (100, 90, 0, False, False),
     (49, 49, 51, False, True), (50, 50, 50, False, False), (0, 0, 0, False, False)],
)  # fmt: skip
def test_thresholds_of_praise_and_reminder(done, on_time, overdue, commended, reminded):
    tally = Tally(deliveries=100, done=done, done_on_time=on_time, overdue=overdue)
    limits = Thresholds()
    assert (tally.is_to_be_commended(limits), tally.is_to_be_reminded(limits)) == (commended, reminded)


def test_tasks_come_in_the_plans_order_and_small_ones_quote_their_agencies(cast: Cast, arrived: Period):
    tasks = figures_of(arrived, ON)["tasks"]
    assert [task["text"] for task in tasks] == ["Ban hành kế hoạch triển khai", "Rà soát thủ tục hành chính"]
    assert [(words["agency"], words["results"]) for words in tasks[1]["words"]] == [("Sở Y tế", "Đã thực hiện.")]


def test_the_same_words_of_several_agencies_are_said_once():
    rows = [{"agency": name, "text": "Phần mềm chưa ổn định."} for name in ("Sở A", "Sở B")]
    assert compiled([*rows, {"agency": "Sở C", "text": "Thiếu người\nThiếu máy"}]) == (
        "- Sở A; Sở B: phần mềm chưa ổn định.\n- Sở C:\n+ Thiếu người\n+ Thiếu máy"
    )


def test_who_reports_no_obstacle_is_not_listed_under_obstacles(cast: Cast, worked: Period, report_of, justice_leader):
    for agency, officer, leader, words in (
        (cast.health, cast.health_officer, cast.health_leader, "Không có khó khăn, vướng mắc."),
        (cast.justice, cast.justice_officer, justice_leader, "Không đủ nhân lực."),
    ):
        report = write(report_of(agency), officer)
        report.write(by=officer, revision=report.revision, words={"obstacles": words}, results_by_line={})
        report.approve(by=leader, on=BEFORE)
        report.submit(by=officer, on=BEFORE)
    obstacles = figures_of(worked, ON)["words"]["obstacles"]
    assert obstacles == [{"agency": "Sở Tư pháp", "text": "Không đủ nhân lực."}]


def test_a_version_has_number_hash_and_the_file_it_names(cast: Cast, arrived: Period):
    made = consolidate(arrived, by=cast.coordinator, on=ON)
    content = bytes_of(made)
    word = made.documents.get(kind="word")
    assert (made.version, word.sha256) == (1, hashlib.sha256(content).hexdigest())
    assert word.name == "Báo cáo tổng hợp 6 tháng đầu năm 2024 - Kế hoạch 82-KH-UBND - bản 1.docx"


def test_a_correction_is_a_new_version_and_the_old_one_stays_byte_for_byte(cast: Cast, arrived: Period, report_of):
    first = consolidate(arrived, by=cast.coordinator, on=ON)
    content, figures = bytes_of(first), first.figures
    report_of(cast.health).send_back(by=cast.coordinator, on=ON, reason="Thiếu")
    Agency.objects.filter(pk=cast.justice.pk).update(name="Sở Tư pháp và Hộ tịch")
    second = consolidate(arrived, by=cast.coordinator, on=ON, narrative={"outlook": "Khác"})
    old = Consolidation.objects.get(pk=first.pk)
    assert (bytes_of(old), old.figures, old.version) == (content, figures, 1)
    assert second.version == 2
    assert [row["agency"] for row in second.figures["agencies"]] == ["Sở Tư pháp"], "its report came under that name"


def test_only_the_coordinator_consolidates(cast: Cast, arrived: Period):
    for somebody in (cast.health_leader, cast.viewer, cast.stranger):
        with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
            consolidate(arrived, by=somebody, on=ON)
    assert not Consolidation.objects.exists()


def test_without_any_report_there_is_nothing_to_consolidate(cast: Cast, worked: Period):
    with pytest.raises(ValidationError, match="Chưa có cơ quan nào nộp"):
        consolidate(worked, by=cast.coordinator, on=ON)


def test_the_number_of_queries_does_not_grow_with_reports(cast: Cast, arrived: Period):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures_of(Period.objects.get(pk=arrived.pk), ON)
        return len(captured)

    few = queries()
    task = ReportLine.objects.filter(report__period=arrived).first().task
    for _ in range(5):
        agency = person(Agency.objects.create(province=cast.province, code=f"C{_}", name=f"Sở {_}", kind="department"))
        report = arrived.reports.create(
            agency=agency.memberships.get().agency, state="submitted", submitted_on=BEFORE, submitted_by=agency
        )
        report.lines.create(task=task, position=1, text="x", role="implement", state="completed", timeliness="on_time")
    assert queries() == few
