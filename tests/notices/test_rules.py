"""The round: who is told what, and that no way of running it loses or doubles anything."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership
from notices import rules
from notices.models import Notice, PlanNoticeSettings, RoundRun
from notices.rules import make_notices
from notices.telling import Round, Telling
from plans.models import DueDateVersion, Plan, WorkItem, WorkItemEvent
from plans.models.occurrence import OccurrenceKind, State
from reports.models import Period, Report, ReportEvent, ReportState
from tests.cast import Cast
from tests.factories import AgencyFactory, PeriodFactory, TaskFactory, UserFactory, person, work_item

Kind = Notice.Kind
DUE = date(2024, 6, 28)
"""A Friday."""


def told(kind: str | None = None, **about: object) -> list[tuple[str, str]]:
    """Return (username, step of the key) of what was told, overtaken notices left out."""
    rows = Notice.objects.exclude(reason=rules.OUTDATED).filter(**about).order_by("pk")
    if kind:
        rows = rows.filter(kind=kind)
    return [(row.recipient.username, row.key.split(":")[-3]) for row in rows.select_related("recipient")]


def keys() -> set[str]:
    return set(Notice.objects.values_list("key", flat=True))


# Deadlines


def test_a_task_imported_three_days_before_its_due_date_gives_one_notice(cast: Cast) -> None:
    PlanNoticeSettings.objects.create(plan=cast.plan, steps=[14, 7, 3, 1])
    cast.plan.activated_on = DUE - timedelta(days=3)
    cast.plan.save()
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=3))
    assert [notice.key for notice in Notice.objects.filter(item=item)] == [
        f"nearly_due:item:{item.pk}:v1:step3:user:{cast.health_officer.pk}"
    ]


def test_each_stage_is_told_once_however_often_the_round_runs(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    for back in (7, 6, 2, 1, 0, -1, -2, -8):
        for _ in range(2):
            make_notices(DUE - timedelta(days=back))
    steps = [
        key.split(":")[-3] for key in Notice.objects.filter(item=item).order_by("pk").values_list("key", flat=True)
    ]
    assert steps == ["step7", "step1", "step0", "late1", "late8", "leader"]


def test_a_skipped_week_is_made_up_and_only_the_newest_stage_waits_for_a_letter(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=8))
    make_notices(DUE + timedelta(days=1))
    rows = Notice.objects.filter(item=item).order_by("pk")
    assert [(row.key.split(":")[-3], row.state, row.read_at is None) for row in rows] == [
        ("step7", "suppressed", False),
        ("step1", "suppressed", False),
        ("step0", "suppressed", False),
        ("late1", "waiting", True),
    ]


def test_a_newer_stage_sets_an_older_one_aside_that_still_waits(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=1))
    make_notices(DUE)
    states = dict(Notice.objects.filter(item=item).values_list("kind", "state"))
    assert states == {"nearly_due": "suppressed", "due": "waiting"}


def _world(cast: Cast) -> None:
    """Items of all sorts that stay as they are."""
    for days in (-3, 0, 4, 9, 30):
        work_item(cast.health, plan=cast.plan, due=DUE + timedelta(days=days))
    work_item(cast.commune, plan=cast.plan, due=DUE)
    work_item(cast.justice, plan=cast.plan, due=DUE - timedelta(days=1), kind=OccurrenceKind.CHECK_POINT)
    work_item(cast.justice, plan=cast.plan, due=DUE, state=State.HANDED_IN, handed_in_on=DUE)
    work_item(AgencyFactory(province=cast.province), plan=cast.plan, due=DUE)
    period = PeriodFactory(plan=cast.plan, due_date=DUE, status=Period.Status.OPEN, opened_on=cast.plan.activated_on)
    Report.objects.create(period=period, agency=cast.health)
    PeriodFactory(plan=cast.plan, name="Năm 2024", due_date=DUE + timedelta(days=10))


@pytest.mark.long
def test_late_twice_or_in_pieces_gives_the_same_notices_as_every_day(cast: Cast) -> None:
    PlanNoticeSettings.objects.create(plan=cast.plan, steps=[14, 7, 3, 1])
    cast.plan.activated_on = first = DUE - timedelta(days=18)
    cast.plan.save()
    _world(cast)

    def keys_of_rounds(days: Iterable[int]) -> set[str]:
        Notice.objects.all().delete()
        RoundRun.objects.all().delete()
        for day in days:
            make_notices(first + timedelta(days=day))
        return keys()

    every_day = keys_of_rounds(range(28))
    assert len(every_day) > 40
    for pieces in [(0, 27), (0, 3, 20, 27), (0, 0, 7, 7, 8, 23, 27, 27), (27,)]:
        assert keys_of_rounds(pieces) == every_day


def test_a_round_that_was_red_is_made_up_by_the_next_good_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=8))
    with monkeypatch.context() as broken:
        broken.setitem(rules.RULES, "thời hạn đầu việc", _break)
        make_notices(DUE - timedelta(days=7))
    make_notices(DUE - timedelta(days=1))
    assert {"step7", "step1"} == {key.split(":")[-3] for key in keys() if key.startswith("nearly_due")}


def test_a_moved_deadline_starts_a_new_cycle(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=7))
    later = DUE + timedelta(days=5)
    WorkItem.objects.filter(pk=item.pk).update(due_date=later, due_version=2)
    DueDateVersion.objects.create(item=item, version=2, due_date=later, on=DUE - timedelta(days=2))
    make_notices(DUE - timedelta(days=2))
    newest = Notice.objects.filter(item=item, state="waiting").get()
    assert newest.key == f"nearly_due:item:{item.pk}:v2:step7:user:{cast.health_officer.pk}"
    assert newest.due_date == later


def test_what_was_over_before_the_plan_was_followed_is_told_once_and_never_reported_upwards(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=cast.plan.activated_on - timedelta(days=20))
    work_item(
        cast.health, plan=cast.plan, due=cast.plan.activated_on - timedelta(days=20), kind=OccurrenceKind.CHECK_POINT
    )
    for weeks in (0, 1, 3, 8):
        make_notices(cast.plan.activated_on + timedelta(weeks=weeks))
    assert [notice.kind for notice in Notice.objects.exclude(kind=Kind.ASSIGNED)] == ["overdue"]
    assert Notice.objects.get(kind=Kind.OVERDUE).item == item


@pytest.mark.parametrize("status", [Plan.Status.DRAFT, Plan.Status.CLOSED])
def test_nothing_is_told_of_a_plan_that_is_not_active(cast: Cast, status: str) -> None:
    cast.plan.status = status
    cast.plan.save()
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=30))
    assert keys() == set()


def test_a_deadline_with_two_readings_is_silent_until_a_person_confirms_it(cast: Cast) -> None:
    task = TaskFactory(plan=cast.plan, deadline__due_dates=[DUE], deadline__ambiguous=True)
    item = work_item(cast.health, task=task, due=DUE)
    make_notices(DUE + timedelta(days=1))
    assert told(item=item) == []
    task.deadline.confirmed_on = DUE + timedelta(days=1)
    task.deadline.save()
    make_notices(DUE + timedelta(days=1))
    assert told(item=item) == [("yte", "late1")]


def test_finished_or_handed_in_work_is_not_reminded_of(cast: Cast) -> None:
    for state in (State.HANDED_IN, State.COMPLETED, State.DECLINED, State.WAIVED):
        work_item(cast.health, plan=cast.plan, due=DUE, state=state, handed_in_on=DUE, completed_on=DUE)
    make_notices(DUE + timedelta(days=30))
    assert Notice.objects.filter(kind__in=[*rules.ONE_DEADLINE, Kind.ESCALATED]).count() == 0


def test_within_the_grace_of_a_return_nothing_is_late(cast: Cast) -> None:
    grace = DUE + timedelta(days=4)
    item = work_item(cast.health, plan=cast.plan, due=DUE, state=State.IN_PROGRESS, return_until=grace)
    make_notices(grace)
    assert told(item=item) == []
    make_notices(grace + timedelta(days=1))
    assert told(item=item) == [("yte", "late1")]


def test_a_check_point_gives_one_line_that_does_not_call_it_overdue_and_never_goes_upwards(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE, kind=OccurrenceKind.CHECK_POINT)
    for days in (-7, -1, 0, 1, 8, 15, 30):
        make_notices(DUE + timedelta(days=days))
    only = Notice.objects.get(item=item)
    assert only.kind == Kind.NOT_UPDATED
    assert only.recipient == cast.health_officer
    assert only.words.startswith("Chưa cập nhật tiến độ tại mốc 28/6/2024: ")
    assert "quá hạn" not in only.words.lower()


# Upwards


def test_lateness_goes_upwards_by_its_age_each_circle_once_and_says_why(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    for days in (6, 7, 8, 14, 15, 16, 29, 30, 31, 60):
        make_notices(DUE + timedelta(days=days))
    assert told(Kind.ESCALATED, item=item) == [
        ("yte.lanhdao", "leader"),
        ("dieuphoi", "coordinator"),
        ("ubnd", "chair"),
    ]
    assert list(Notice.objects.filter(kind=Kind.ESCALATED).order_by("pk").values_list("why", flat=True)) == [
        "Anh/chị là lãnh đạo cơ quan có việc quá hạn kéo dài.",
        "Anh/chị điều phối kế hoạch; việc quá hạn từ 15 ngày được báo cáo cơ quan điều phối.",
        "Anh/chị theo dõi cho lãnh đạo UBND tỉnh; việc thuộc danh sách trình Phó Chủ tịch.",
    ]
    first = Notice.objects.get(kind=Kind.ESCALATED, recipient=cast.health_leader)
    assert first.on == DUE + timedelta(days=7)
    assert first.words.startswith("Sở Y tế quá hạn 7 ngày (hạn 28/6/2024): ")


# Whom


def test_the_officer_in_charge_is_told_instead_of_the_whole_agency(cast: Cast) -> None:
    charge = person(cast.health, username="phutrach")
    item = work_item(cast.health, plan=cast.plan, due=DUE, responsible=charge)
    make_notices(DUE)
    assert told(item=item) == [("phutrach", "step0")]


def test_an_officer_in_charge_who_left_the_agency_is_not_told(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE, responsible=cast.justice_officer)
    make_notices(DUE)
    assert told(item=item) == [("yte", "step0")]


def test_without_an_officer_with_an_address_the_leader_is_told_and_why(cast: Cast) -> None:
    cast.health_officer.email = ""
    cast.health_officer.save()
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE)
    on_page = Notice.objects.get(kind=Kind.DUE, item=item, recipient=cast.health_officer)
    by_letter = Notice.objects.get(kind=Kind.DUE, item=item, recipient=cast.health_leader)
    assert (on_page.state, "chưa có địa chỉ thư" in on_page.reason) == ("suppressed", True)
    assert (by_letter.state, "lãnh đạo" in by_letter.why) == ("waiting", True)


def test_agencies_with_nobody_to_write_to_are_named_to_the_coordinator_in_one_line(cast: Cast) -> None:
    lonely = [AgencyFactory(province=cast.province, name=f"UBND xã {name}") for name in ("An Hòa", "Bá Hiến")]
    for agency in lonely:
        work_item(agency, plan=cast.plan, due=DUE)
        work_item(agency, plan=cast.plan, due=DUE)
    make_notices(DUE)
    line = Notice.objects.get(kind=Kind.DUE)
    assert line.recipient == cast.coordinator
    assert line.words == (
        "2 cơ quan (UBND xã An Hòa, UBND xã Bá Hiến) chưa có người nhận thư: 4 việc đến hạn, hạn 28/6/2024."
    )


def test_when_nobody_at_all_has_an_address_the_notice_stays_on_the_page(cast: Cast) -> None:
    for user in (cast.health_officer, cast.health_leader, cast.coordinator):
        user.email = ""
        user.save()
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE)
    rows = Notice.objects.filter(kind=Kind.DUE)
    assert {row.recipient for row in rows.filter(item=item)} == {cast.health_officer, cast.health_leader}
    assert rows.filter(recipient=cast.coordinator).exists()
    assert {row.state for row in rows} == {"suppressed"}
    assert all("chưa có địa chỉ thư" in row.reason for row in rows)


def test_people_who_left_or_were_locked_out_are_not_told(cast: Cast) -> None:
    Membership.objects.filter(user=cast.health_leader).update(valid_to=DUE - timedelta(days=1))
    locked = person(cast.health, username="khoa")
    locked.is_active = False
    locked.save()
    work_item(cast.health, plan=cast.plan, due=DUE - timedelta(days=10))
    make_notices(DUE)
    assert {name for name, _ in told()} == {"yte", "dieuphoi"}
    assert told(Kind.ESCALATED) == [("dieuphoi", "leader")]


def test_another_province_hears_nothing(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=20))
    assert not Notice.objects.filter(recipient=cast.stranger).exists()


# Given, handed in, returned, confirmed


def test_an_agency_is_told_once_how_much_a_plan_gives_it(cast: Cast) -> None:
    task = TaskFactory(plan=cast.plan)
    for ordinal in (1, 2, 3):
        work_item(cast.health, task=task, ordinal=ordinal, due=DUE)
    work_item(cast.health, plan=cast.plan, due=DUE)
    for day in (20, 10):
        make_notices(DUE - timedelta(days=day))
    line = Notice.objects.get(kind=Kind.ASSIGNED)
    assert line.recipient == cast.health_officer
    assert line.words == "Sở Y tế được giao 2 nhiệm vụ (4 đầu việc) theo Kế hoạch 82/KH-UBND."


def _handed_in(cast: Cast, agency: object, by: object) -> WorkItem:
    item = work_item(agency, plan=cast.plan, due=DUE)  # type: ignore[arg-type]
    item.record_update(by=by, on=DUE, percent=100, words="Đã xong.")  # type: ignore[arg-type]
    item.hand_in(by=by, on=DUE)  # type: ignore[arg-type]
    return item


def test_handing_in_is_told_to_the_district_for_a_commune_and_to_the_coordinator_for_a_department(cast: Cast) -> None:
    commune = _handed_in(cast, cast.commune, cast.commune_officer)
    department = _handed_in(cast, cast.health, cast.health_officer)
    for _ in range(2):
        make_notices(DUE)
    assert [name for name, _ in told(Kind.HANDED_IN, item=commune)] == ["lapthach"]
    assert [name for name, _ in told(Kind.HANDED_IN, item=department)] == ["dieuphoi"]


def test_whoever_handed_in_for_another_is_not_asked_to_confirm_it(cast: Cast) -> None:
    item = _handed_in(cast, cast.commune, cast.district_officer)
    make_notices(DUE)
    assert [name for name, _ in told(Kind.HANDED_IN, item=item)] == ["dieuphoi"]


def test_a_return_is_told_with_its_reason_and_again_when_it_happens_again(cast: Cast) -> None:
    item = _handed_in(cast, cast.health, cast.health_officer)
    item.send_back(by=cast.coordinator, on=DUE, reason="Thiếu quyết định phê duyệt.")
    make_notices(DUE)
    words = Notice.objects.get(kind=Kind.RETURNED).words
    assert "Lý do: Thiếu quyết định phê duyệt." in words
    assert "bổ sung đến hết ngày 03/7/2024" in words
    item.hand_in(by=cast.health_officer, on=DUE)
    item.send_back(by=cast.coordinator, on=DUE, reason="Vẫn thiếu.")
    for _ in range(2):
        make_notices(DUE)
    assert [name for name, _ in told(Kind.RETURNED)] == ["yte", "yte"]


def test_a_return_that_was_already_answered_is_not_told(cast: Cast) -> None:
    item = _handed_in(cast, cast.health, cast.health_officer)
    item.send_back(by=cast.coordinator, on=DUE, reason="Thiếu văn bản.")
    item.hand_in(by=cast.health_officer, on=DUE)
    make_notices(DUE)
    assert told(Kind.RETURNED) == []
    assert len(told(Kind.HANDED_IN)) == 1


def test_confirmation_is_told_to_the_doers_once(cast: Cast) -> None:
    item = _handed_in(cast, cast.health, cast.health_officer)
    item.confirm(by=cast.coordinator, on=DUE)
    for _ in range(2):
        make_notices(DUE)
    assert [name for name, _ in told(Kind.CONFIRMED, item=item)] == ["yte"]


def test_an_event_of_tomorrow_is_not_told_today(cast: Cast) -> None:
    item = _handed_in(cast, cast.health, cast.health_officer)
    WorkItemEvent.objects.filter(item=item).update(on=DUE + timedelta(days=1))
    make_notices(DUE)
    assert told(Kind.HANDED_IN) == []


# Reports


@pytest.fixture
def report(cast: Cast) -> Report:
    """Sở Y tế owes the report of a period that is open; the plan's report task gave the item."""
    task = TaskFactory(plan=cast.plan, is_report=True, text="Báo cáo kết quả 6 tháng")
    item = work_item(cast.health, task=task, due=DUE)
    period = PeriodFactory(
        plan=cast.plan, due_date=DUE, cut_off=DUE, occurrence=item.occurrence, status=Period.Status.OPEN
    )
    return Report.objects.create(period=period, agency=cast.health, item=item)


def test_a_report_task_and_its_period_give_one_stream(cast: Cast, report: Report) -> None:
    for days in (-7, -6, -1, 0, 1, 2, 7, 8, 15, 16):
        make_notices(DUE + timedelta(days=days))
    about = Notice.objects.exclude(kind=Kind.ASSIGNED)
    assert set(about.values_list("kind", flat=True)) == {"report_due", "report_late", "escalated"}
    assert about.filter(item__isnull=False).count() == 0
    steps = [
        key.split(":")[-3]
        for key in about.filter(recipient=cast.health_officer).order_by("pk").values_list("key", flat=True)
    ]
    assert steps == ["step7", "step1", "step0", "late1", "late8", "late15"]
    assert told(Kind.ESCALATED) == [("yte.lanhdao", "leader"), ("dieuphoi", "coordinator")]


def test_a_report_says_whether_only_the_submission_is_left(cast: Cast, report: Report) -> None:
    Report.objects.update(state=ReportState.APPROVED)
    make_notices(DUE)
    assert Notice.objects.get(kind=Kind.REPORT_DUE, state="waiting").words == (
        "Báo cáo 6 tháng đầu năm 2024 theo Kế hoạch 82/KH-UBND đến hạn nộp 28/6/2024 (lãnh đạo đã duyệt, chưa nộp)."
    )


def test_submitted_returned_and_accepted_reports_are_told_to_the_other_side(cast: Cast, report: Report) -> None:
    def step(kind: str, state: str, by: object) -> list[str]:
        Report.objects.update(state=state, submitted_on=DUE, submitted_by=cast.health_officer)
        ReportEvent.objects.create(report=report, kind=kind, by=by, on=DUE, words="Thiếu số liệu.")
        for _ in range(2):
            make_notices(DUE)
        return [name for name, _ in told(f"report_{kind}")]

    assert step("submitted", "submitted", cast.health_officer) == ["dieuphoi"]
    assert step("returned", "returned", cast.coordinator) == ["yte"]
    assert step("accepted", "accepted", cast.coordinator) == ["yte"]
    assert "Lý do: Thiếu số liệu." in Notice.objects.get(kind=Kind.REPORT_RETURNED).words


def test_an_excluded_agency_is_not_asked_for_its_report(cast: Cast, report: Report) -> None:
    Report.objects.update(excluded_reason="Mới thành lập")
    make_notices(DUE + timedelta(days=20))
    assert told(report=report) == []


def test_the_coordinator_hears_that_a_period_nears_its_end_and_is_not_open(cast: Cast, report: Report) -> None:
    Report.objects.all().delete()
    Period.objects.update(status=Period.Status.PROPOSED)
    make_notices(DUE - timedelta(days=7))
    line = Notice.objects.get(kind=Kind.REPORT_DUE)
    assert line.recipient == cast.coordinator
    assert "chưa mở, hạn nộp 28/6/2024" in line.words


# What breaks


def _break(this: Round) -> Iterator[Telling]:
    raise ZeroDivisionError("hỏng")
    yield


def test_a_broken_rule_leaves_the_others_alone_and_turns_the_run_red(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    monkeypatch.setitem(rules.RULES, "được giao việc", _break)
    with pytest.raises(CommandError) as stopped:
        call_command("make_notices", "--as-of", str(DUE))
    assert stopped.value.returncode == 1
    assert told(Kind.DUE) == [("yte", "step0")]
    run = RoundRun.objects.get()
    assert run.errors == [{"rule": "được giao việc", "error": "ZeroDivisionError: hỏng"}]
    assert run.finished_at is not None
    assert "được giao việc" in capsys.readouterr().err


def test_a_rule_that_breaks_half_way_leaves_nothing_of_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(this: Round) -> Iterator[Telling]:
        yield from rules.work_rules.assigned(this)
        raise ZeroDivisionError

    work_item(cast.health, plan=cast.plan, due=DUE)
    monkeypatch.setattr(rules, "BATCH", 1)
    monkeypatch.setitem(rules.RULES, "được giao việc", half)
    assert make_notices(DUE).errors
    assert told(Kind.ASSIGNED) == []


def test_a_rehearsal_counts_and_writes_nothing(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    call_command("make_notices", "--as-of", str(DUE), "--dry-run")
    assert (Notice.objects.count(), RoundRun.objects.count()) == (0, 0)
    assert capsys.readouterr().out.splitlines() == [
        "Diễn tập, không ghi lại. Sẽ tạo 2 thông báo ngày 28/06/2024.",
        "  được giao việc: 1",
        "  đến hạn hôm nay: 1",
        "  ghi bù, đã có thông báo mới hơn thay: 2",
    ]


def test_queries_of_a_round_do_not_grow_with_items_or_agencies(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            make_notices(DUE)
        return len(seen)

    work_item(cast.health, plan=cast.plan, due=DUE - timedelta(days=16))
    _handed_in(cast, cast.health, cast.health_officer)
    few = queries()
    for _ in range(8):
        agency = AgencyFactory(province=cast.province)
        officer = person(agency)
        person(agency, Membership.Role.LEADER)
        work_item(agency, plan=cast.plan, due=DUE - timedelta(days=16))
        _handed_in(cast, agency, officer)
    assert queries() == few


def test_a_person_without_any_office_is_never_told(cast: Cast) -> None:
    nobody = UserFactory(province=cast.province)
    work_item(cast.health, plan=cast.plan, due=DUE, responsible=nobody)
    make_notices(DUE)
    assert not Notice.objects.filter(recipient=nobody).exists()
