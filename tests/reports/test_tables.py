"""Whatever the lines: every grouping adds up to the totals, and nothing is counted twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Agency
from criteria.models import Criterion
from plans.models.occurrence import State
from reports.consolidating import tables
from reports.models import Report, ReportLine
from reports.tallies import Tally, Thresholds, by_age

AS_OF = date(2024, 6, 9)
COUNTS = (
    "lines",
    "deliveries",
    "done",
    "done_on_time",
    "done_late",
    "handed_in",
    "overdue",
    "under_way",
    "check_points",
)
KINDS = ("department", "district_pc", "commune_pc")
HEADINGS = (
    [],
    ["I. Chỉ đạo"],
    ["II. Nhiệm vụ", "1. Thể chế"],
    ["II. Nhiệm vụ", "1. Thể chế", "1.1. Rà soát"],
    ["III. Khác"],
)


@st.composite
def lines_of(draw: st.DrawFn, report: Report, task: int) -> ReportLine:
    """Draw one line: some of its deliveries done, handed in or overdue."""
    done_on_time, done_late, handed_in, overdue, under_way = (draw(st.integers(0, 4)) for _ in range(5))
    points = draw(st.integers(0, 4))
    ages = draw(st.lists(st.integers(1, 400), min_size=overdue, max_size=overdue))
    return ReportLine(
        report=report, task_id=task, position=task, headings=HEADINGS[task % len(HEADINGS)], text=f"Việc {task}",
        role=draw(st.sampled_from(["lead", "implement", "advise", "coordinate", "monitor"])),
        state=draw(st.sampled_from(["not_started", "in_progress", "handed_in", "completed"])),
        percent=draw(st.integers(0, 100)), due_date=draw(st.sampled_from([None, AS_OF - timedelta(1), AS_OF, AS_OF + timedelta(9)])),
        deliveries=done_on_time + done_late + handed_in + overdue + under_way, done=done_on_time + done_late,
        done_on_time=done_on_time, handed_in=handed_in, overdue=overdue,
        overdue_dates=[AS_OF - timedelta(days=age) for age in ages], check_points=points,
        check_points_answered=draw(st.integers(0, points)), results="Đã làm.",
        targets=[_target(draw(st.sampled_from([None, True, False])))] if task % 2 else [],
    )  # fmt: skip


def _target(met: bool | None) -> dict[str, object]:
    value = None if met is None else "30" if met else "10"
    return {"words": "≥ 30 %", "unit": "%", "comparison": "≥", "goal": "30", "value": value, "met": met}


@st.composite
def reports_with_lines(draw: st.DrawFn) -> tuple[list[Report], dict[int, list[ReportLine]]]:
    """Draw up to six reports of agencies of several kinds, each with up to eight tasks."""
    reports, by_report = [], {}
    for number in range(1, draw(st.integers(0, 6)) + 1):
        agency = Agency(pk=number, name=f"Cơ quan {number}", kind=draw(st.sampled_from(KINDS)))
        report = Report(pk=number, agency=agency, due_date=AS_OF, submitted_on=AS_OF)
        tasks = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
        by_report[number] = [draw(lines_of(report, task)) for task in tasks]
        reports.append(report)
    return reports, by_report


CRITERIA = [Criterion(pk=n, framework_id=1, position=n, code=f"I.{n}", text=f"Tiêu chí {n}") for n in range(1, 5)]
LINKS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(CRITERIA)), unique_by=lambda one: (one[0], one[1].pk))


def summed(tallies: list[dict]) -> dict[str, int]:
    return {name: sum(tally[name] for tally in tallies) for name in COUNTS}


def counts(tally: dict) -> dict[str, int]:
    return {name: tally[name] for name in COUNTS}


@given(reports_with_lines())
def test_sections_kinds_agencies_and_tasks_each_add_up_to_the_totals(drawn):
    reports, by_report = drawn
    lines = [line for found in by_report.values() for line in found]
    totals = counts(Tally.of(lines).as_dict())
    groupings = {
        "sections": tables.sections(lines),
        "kinds": tables.kinds(reports, by_report),
        "agencies": tables.agencies(reports, by_report, Thresholds()),
        "tasks": tables.tasks(lines, {}),
    }
    assert {name: summed([row["tally"] for row in rows]) for name, rows in groupings.items()} == dict.fromkeys(
        groupings, totals
    )
    assert sum(row["agencies"] for row in groupings["kinds"]) == len(reports)


@given(reports_with_lines(), LINKS)
def test_what_serves_a_criterion_and_what_serves_none_add_up_to_the_totals(drawn, links):
    lines = [line for found in drawn[1].values() for line in found]
    found = tables.criteria(lines, links)
    totals = counts(Tally.of(lines).as_dict())
    assert summed([found["served"]["tally"], found["unserved"]["tally"]]) == totals
    assert not set(found["served"]["tasks"]) & set(found["unserved"]["tasks"])


@given(reports_with_lines(), LINKS)
def test_each_criterion_counts_the_lines_of_its_tasks_once(drawn, links):
    lines = [line for found in drawn[1].values() for line in found]
    for row in tables.criteria(lines, links)["rows"]:
        tasks = {task for task, criterion in links if criterion.code == row["code"]}
        assert row["tally"] == Tally.of(line for line in lines if line.task_id in tasks).as_dict()
        assert len(row["tasks"]) == len(set(row["tasks"]))


@given(reports_with_lines())
def test_every_overdue_delivery_is_named_once_and_has_one_age(drawn):
    lines = [line for found in drawn[1].values() for line in found]
    overdue = Tally.of(lines).overdue
    ages = by_age((due for line in lines if line.is_owed for due in line.overdue_dates), AS_OF)
    assert (len(tables.overdue(lines, AS_OF)), sum(row["count"] for row in ages)) == (overdue, overdue)


@given(reports_with_lines())
def test_the_states_of_a_task_are_as_many_as_its_agencies(drawn):
    lines = [line for found in drawn[1].values() for line in found]
    rows = tables.tasks(lines, {})
    assert [sum(row["states"].values()) for row in rows] == [row["agencies"] for row in rows]
    assert sum(row["agencies"] for row in rows) == Tally.of(lines).lines
    assert {State(state) for row in rows for state in row["states"]} <= set(State)


@given(reports_with_lines())
def test_targets_count_each_agency_that_owes_the_task_once(drawn):
    lines = [line for found in drawn[1].values() for line in found]
    owed = [line for line in lines if line.is_owed and line.targets]
    rows = tables.targets(lines)
    assert sum(row["agencies"] for row in rows) == len(owed)
    assert sum(row["reported"] for row in rows) == sum(line.targets[0]["value"] is not None for line in owed)
    assert all(row["met"] <= row["reported"] <= row["agencies"] for row in rows)
    assert [row["position"] for row in rows] == sorted({line.position for line in owed})


@given(reports_with_lines())
def test_rates_stand_between_nothing_and_all(drawn):
    tally = Tally.of(line for found in drawn[1].values() for line in found)
    for rate in (tally.completion_rate, tally.share_done, tally.on_time_rate, tally.late_rate):
        assert rate is None or 0 <= rate <= 100
    assert not (tally.is_to_be_commended(Thresholds()) and tally.is_to_be_reminded(Thresholds()))


def test_the_published_example_of_21914_tasks_comes_out_of_lines():
    """16,051 of 21,914 tasks done (14,068 on time, 1,983 late), 5,863 open of which 223 overdue: 98.6 %."""
    agency = Agency(pk=1, name="Tỉnh", kind="department")
    report = Report(pk=1, agency=agency, due_date=AS_OF, submitted_on=AS_OF)
    whole = ReportLine(
        report=report, task_id=1, position=1, role="implement", state="in_progress", deliveries=21_914, done=16_051,
        done_on_time=14_068, overdue=223,
    )  # fmt: skip
    tally = tables.kinds([report], {1: [whole]})[0]["tally"]
    assert (tally["done_late"], tally["deliveries"] - tally["done"], tally["completion_rate"]) == (1_983, 5_863, 98.6)
    assert (tally["under_way"], tally["share_done"], tally["on_time_rate"]) == (5_640, 73.2, 87.6)


def test_the_published_example_of_2501_done_and_222_overdue_comes_out():
    tally = Tally(deliveries=2_723, done=2_501, overdue=222)
    assert tally.completion_rate == 91.8
