"""Rules about requests and changes: extensions, obstacles, a corrected plan, long silence, long waiting."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.models import Agency
from notices.models import Notice, PlanNoticeSettings, RoundRun
from notices.rules import make_notices
from notices.telling import OUTDATED
from plans.models import Amendment, Extension, Obstacle, TaskChange, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.models.work import WorkItem as Item
from reports.models import Period, Report
from tests.cast import Cast
from tests.factories import AgencyFactory, PeriodFactory, TaskFactory, work_item

Kind = Notice.Kind
DUE = date(2024, 6, 28)
"""A Friday."""


def told(kind: str) -> list[tuple[str, str, str]]:
    """Return (day, username, words) of what was told of this kind, overtaken notices left out."""
    rows = Notice.objects.exclude(reason=OUTDATED).filter(kind=kind).order_by("pk").select_related("recipient")
    return [(f"{row.on:%d/%m}", row.recipient.username, row.words) for row in rows]


def who(kind: str) -> list[str]:
    return [name for _, name, _ in told(kind)]


def asked(cast: Cast, on: date, until: date = DUE + timedelta(days=14)) -> Extension:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    return Extension.ask(item, by=cast.health_officer, on=on, until=until, reason="Chờ hướng dẫn của Bộ.")


def raised(cast: Cast, on: date, to: Agency | None = None) -> Obstacle:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    return Obstacle.put(
        by=cast.health_officer,
        on=on,
        agency=cast.health,
        task=item.task,
        item=item,
        words="Chưa có phần mềm dùng chung.",
        proposal="Cấp phần mềm.",
        addressee=to or cast.justice,
    )


# Extensions


def test_a_request_for_an_extension_is_told_once_to_the_coordinator_and_leads_to_the_request(cast: Cast) -> None:
    extension = asked(cast, DUE - timedelta(days=10))
    for _ in range(2):
        make_notices(DUE - timedelta(days=10))
    assert told(Kind.EXTENSION_ASKED) == [
        (
            "18/06",
            "dieuphoi",
            f"Sở Y tế đề nghị gia hạn đến 12/7/2024 (hạn 28/6/2024): {extension.item.task.short_text} "
            "Lý do: Chờ hướng dẫn của Bộ.",
        )
    ]
    notice = Notice.objects.get(kind=Kind.EXTENSION_ASKED)
    assert notice.get_absolute_url() == reverse("extension-detail", args=[extension.pk])


def test_a_request_without_an_answer_for_48_hours_is_reminded_of_and_then_weekly(cast: Cast) -> None:
    asked(cast, DUE - timedelta(days=20))
    for back in range(20, 9, -1):
        make_notices(DUE - timedelta(days=back))
    assert [(day, name) for day, name, _ in told(Kind.EXTENSION_WAITING)] == [
        ("10/06", "dieuphoi"),
        ("17/06", "dieuphoi"),
    ]


def test_a_decision_is_told_to_the_asker_and_the_new_deadline_starts_a_new_cycle(cast: Cast) -> None:
    extension = asked(cast, DUE - timedelta(days=3))
    make_notices(DUE - timedelta(days=3))
    extension.approve(by=cast.coordinator, on=DUE - timedelta(days=2))
    make_notices(DUE - timedelta(days=2))
    assert who(Kind.EXTENSION_DECIDED) == ["yte"]
    assert told(Kind.EXTENSION_DECIDED)[0][2].startswith("Đã được gia hạn đến 12/7/2024: ")
    make_notices(DUE + timedelta(days=7))
    assert Notice.objects.filter(item=extension.item, key__contains=":v2:step7:").count() == 1
    assert not Notice.objects.filter(item=extension.item, kind=Kind.OVERDUE).exists()
    assert who(Kind.EXTENSION_WAITING) == []


def test_an_offer_of_another_day_is_told_to_the_asker_and_the_reply_to_the_coordinator(cast: Cast) -> None:
    extension = asked(cast, DUE - timedelta(days=9))
    extension.offer(
        by=cast.coordinator, on=DUE - timedelta(days=8), until=DUE + timedelta(days=7), words="Đủ một tuần."
    )
    make_notices(DUE - timedelta(days=8))
    assert [(name, words[:56]) for _, name, words in told(Kind.EXTENSION_DECIDED)] == [
        ("yte", "Được đề xuất ngày khác, cần trả lời đến 05/7/2024: Rà so")
    ]
    assert who(Kind.EXTENSION_ASKED) == []  # what was answered before any round is not asked any more
    make_notices(DUE - timedelta(days=6))
    assert who(Kind.EXTENSION_WAITING) == ["yte"]
    extension.accept_offer(by=cast.health_officer, on=DUE - timedelta(days=6))
    make_notices(DUE - timedelta(days=6))
    assert who(Kind.EXTENSION_DECIDED) == ["yte", "dieuphoi"]


# Obstacles


def test_an_obstacle_is_told_to_the_agency_it_is_put_to_and_its_answer_to_the_asker(cast: Cast) -> None:
    obstacle = raised(cast, DUE - timedelta(days=9))
    for _ in range(2):
        make_notices(DUE - timedelta(days=9))
    assert who(Kind.OBSTACLE_ASKED) == ["tuphap"]
    assert (
        Notice.objects.get(kind=Kind.OBSTACLE_ASKED).why
        == "Cơ quan của anh/chị được kiến nghị giải quyết vướng mắc này."
    )
    obstacle.answer_it(by=cast.justice_officer, on=DUE - timedelta(days=8), words="Sẽ cấp trong tháng 7.")
    make_notices(DUE - timedelta(days=8))
    make_notices(DUE - timedelta(days=1))
    assert [(name, words) for _, name, words in told(Kind.OBSTACLE_ANSWERED)] == [
        ("yte", "Sở Tư pháp trả lời vướng mắc: Sẽ cấp trong tháng 7.")
    ]
    assert who(Kind.OBSTACLE_WAITING) == []


def test_an_obstacle_without_an_answer_for_48_hours_is_told_to_the_addressee_and_the_coordinator(cast: Cast) -> None:
    obstacle = raised(cast, DUE - timedelta(days=9))
    for back in (9, 8, 7, 6):
        make_notices(DUE - timedelta(days=back))
    assert [(day, name) for day, name, _ in told(Kind.OBSTACLE_WAITING)] == [("21/06", "tuphap"), ("21/06", "dieuphoi")]
    obstacle.forward(by=cast.justice_officer, on=DUE - timedelta(days=6), to=cast.district, reason="Việc của huyện.")
    make_notices(DUE - timedelta(days=6))
    assert who(Kind.OBSTACLE_ASKED) == ["tuphap", "lapthach"]


def test_an_obstacle_put_to_an_agency_without_anybody_goes_to_the_coordinator(cast: Cast) -> None:
    raised(cast, DUE - timedelta(days=9), to=AgencyFactory(province=cast.province))
    make_notices(DUE - timedelta(days=9))
    assert who(Kind.OBSTACLE_ASKED) == ["dieuphoi"]


# A corrected plan


def test_a_corrected_plan_is_told_once_to_each_agency_concerned_with_what_changes_for_it(cast: Cast) -> None:
    first, second = (TaskFactory(plan=cast.plan, position=number) for number in (5, 9))
    amendment = Amendment.objects.create(plan=cast.plan, ordinal=1, on=DUE, by=cast.coordinator)
    moved = TaskChange.objects.create(
        amendment=amendment, task=first, kind=TaskChange.Kind.CHANGED, fields={"time": ["Quý II", "Quý III"]}
    )
    gone = TaskChange.objects.create(amendment=amendment, task=second, kind=TaskChange.Kind.GONE)
    moved.agencies.set([cast.health, cast.justice])
    gone.agencies.set([cast.health])
    make_notices(DUE - timedelta(days=1))
    assert who(Kind.PLAN_CHANGED) == []
    for _ in range(2):
        make_notices(DUE)
    assert [(name, words) for _, name, words in told(Kind.PLAN_CHANGED)] == [
        (
            "yte",
            "Kế hoạch 82/KH-UBND điều chỉnh lần 1 ngày 28/6/2024, đối với Sở Y tế: sửa 1 nhiệm vụ (5), bỏ 1 nhiệm vụ (9).",
        ),
        (
            "tuphap",
            "Kế hoạch 82/KH-UBND điều chỉnh lần 1 ngày 28/6/2024, đối với Sở Tư pháp: sửa 1 nhiệm vụ (5).",
        ),
    ]


# Silence and waiting


def running(cast: Cast, heard: date, due: date = DUE + timedelta(days=90)) -> WorkItem:
    return work_item(cast.health, plan=cast.plan, due=due, state=State.IN_PROGRESS, last_update_on=heard, percent=40)


def test_a_running_task_without_an_update_is_asked_about_once_a_silence(cast: Cast) -> None:
    item = running(cast, DUE - timedelta(days=30))
    make_notices(DUE - timedelta(days=1))
    assert who(Kind.IDLE) == []
    for days in (0, 1, 40):
        make_notices(DUE + timedelta(days=days))
    assert [(day, name) for day, name, _ in told(Kind.IDLE)] == [("28/06", "yte")]
    Item.objects.filter(pk=item.pk).update(last_update_on=DUE + timedelta(days=41))
    make_notices(DUE + timedelta(days=71))
    assert who(Kind.IDLE) == ["yte", "yte"]


def test_silence_after_the_deadline_is_lateness_and_not_told_twice(cast: Cast) -> None:
    running(cast, DUE - timedelta(days=20), due=DUE)
    make_notices(DUE + timedelta(days=30))
    assert who(Kind.IDLE) == []


def test_while_a_check_point_lies_ahead_it_asks_and_nothing_else(cast: Cast) -> None:
    item = running(cast, DUE - timedelta(days=40))
    work_item(cast.health, task=item.task, ordinal=2, due=DUE, kind=OccurrenceKind.CHECK_POINT)
    make_notices(DUE)
    assert who(Kind.IDLE) == []
    make_notices(DUE + timedelta(days=1))
    assert who(Kind.IDLE) == ["yte"]


def test_a_plan_may_leave_silence_alone(cast: Cast) -> None:
    PlanNoticeSettings.objects.create(plan=cast.plan, idle_days=None)
    running(cast, DUE - timedelta(days=80))
    make_notices(DUE)
    assert who(Kind.IDLE) == []


def handed_in(cast: Cast, on: date) -> WorkItem:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    item.record_update(by=cast.health_officer, on=on, percent=100, words="Đã xong.")
    item.hand_in(by=cast.health_officer, on=on)
    return item


def test_what_waits_for_confirmation_is_reminded_of_after_three_working_days_and_then_weekly(cast: Cast) -> None:
    item = handed_in(cast, DUE)
    for days in range(12):
        make_notices(DUE + timedelta(days=days))
    assert [(day, name) for day, name, _ in told(Kind.HANDED_IN)] == [("28/06", "dieuphoi")]
    assert [(day, name) for day, name, _ in told(Kind.UNCONFIRMED)] == [("03/07", "dieuphoi")]
    make_notices(DUE + timedelta(days=12))
    assert [day for day, _, _ in told(Kind.UNCONFIRMED)] == ["03/07", "10/07"]
    item.confirm(by=cast.coordinator, on=DUE + timedelta(days=12))
    make_notices(DUE + timedelta(days=40))
    assert len(told(Kind.UNCONFIRMED)) == 2


def test_a_report_that_waits_to_be_accepted_is_reminded_of_as_well(cast: Cast) -> None:
    period = PeriodFactory(plan=cast.plan, due_date=DUE, status=Period.Status.OPEN)
    report = Report.objects.create(
        period=period, agency=cast.health, state="submitted", submitted_on=DUE, submitted_by=cast.health_officer
    )
    report.events.create(kind="submitted", by=cast.health_officer, on=DUE)
    for days in (0, 4, 5, 6):
        make_notices(DUE + timedelta(days=days))
    assert [(day, name) for day, name, _ in told(Kind.UNCONFIRMED)] == [("03/07", "dieuphoi")]


# Late, twice or in pieces


FIRST = DUE - timedelta(days=16)
LENGTH = 52


@pytest.fixture
def world(cast: Cast) -> Cast:
    """One of each thing that is told, as it stands and stays."""
    PlanNoticeSettings.objects.create(plan=cast.plan, steps=[14, 7, 3, 1], overdue_every=5, chair_age=20)
    cast.plan.activated_on = FIRST
    cast.plan.save()
    for days in (-3, 0, 4, 30):
        work_item(cast.health, plan=cast.plan, due=DUE + timedelta(days=days))
    work_item(cast.justice, plan=cast.plan, due=DUE - timedelta(days=1), kind=OccurrenceKind.CHECK_POINT)
    work_item(AgencyFactory(province=cast.province), plan=cast.plan, due=DUE)
    running(cast, FIRST - timedelta(days=20), due=DUE + timedelta(days=20))
    handed_in(cast, DUE - timedelta(days=5))
    asked(cast, DUE - timedelta(days=9), until=DUE + timedelta(days=60))
    raised(cast, DUE + timedelta(days=1))
    period = PeriodFactory(plan=cast.plan, due_date=DUE, status=Period.Status.OPEN, opened_on=FIRST)
    Report.objects.create(period=period, agency=cast.health)
    amendment = Amendment.objects.create(plan=cast.plan, ordinal=1, on=DUE, by=cast.coordinator)
    change = TaskChange.objects.create(amendment=amendment, task=TaskFactory(plan=cast.plan), kind="added")
    change.agencies.set([cast.justice])
    return cast


def keys_of(days: list[int]) -> set[str]:
    """Run the round on these days, counted from the first, on a clean ledger; return the keys it holds afterwards."""
    Notice.objects.all().delete()
    RoundRun.objects.all().delete()
    for day in days:
        assert make_notices(FIRST + timedelta(days=day)).errors == []
    return set(Notice.objects.values_list("key", flat=True))


@pytest.mark.long
def test_however_the_rounds_are_spread_the_same_notices_come_out(world: Cast) -> None:
    every_day = keys_of(list(range(LENGTH + 1)))
    assert {key.split(":")[0] for key in every_day} >= {
        "assigned", "nearly_due", "due", "overdue", "not_updated", "idle", "escalated", "handed_in", "unconfirmed",
        "report_due", "report_late", "extension_asked", "extension_waiting", "obstacle_asked", "obstacle_waiting",
        "plan_changed",
    }  # fmt: skip

    @settings(
        max_examples=4,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # a failure is told at once: its gaps are short enough to read
    )
    @given(gaps=st.lists(st.integers(min_value=0, max_value=LENGTH), max_size=6))
    def spread(gaps: list[int]) -> None:
        assert keys_of([*sorted(gaps), LENGTH]) == every_day

    spread()


def test_only_one_notice_of_what_waits_goes_into_a_letter_however_late_the_round(world: Cast) -> None:
    keys_of([LENGTH])
    for kind in (Kind.UNCONFIRMED, Kind.EXTENSION_WAITING):
        rows = Notice.objects.filter(kind=kind)
        assert rows.count() > 2
        assert rows.filter(state="waiting").count() == 1
