"""How a plan reminds: settings that its coordinator changes, and that the round obeys."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from notices import rules
from notices.models import Letter, Notice, PlanNoticeSettings, RoundRun
from notices.rules import make_notices
from notices.telling import Round, Telling
from plans.models import Plan
from tests.cast import Cast
from tests.factories import PlanFactory, work_item

Kind = Notice.Kind
DUE = date(2024, 6, 28)
GOOD = {
    "steps": "14, 7, 3, 1",
    "overdue_every": "3",
    "leader_age": "5",
    "coordinator_age": "10",
    "chair_age": "20",
    "idle_days": "",
    "unconfirmed_days": "2",
    "digest": "daily",
    "opens": "08:00",
    "closes": "16:30",
    "urgent": ["returned", "handed_in"],
}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(cast: Cast, who: Any = None, **differently: Any) -> Any:
    """Send the form of the settings page as the coordinator, or as somebody else."""
    return signed_in(who or cast.coordinator).post(
        reverse("plan-notices", args=[cast.plan.pk]), {**GOOD, **differently}, follow=True
    )


def told(kind: str) -> list[tuple[int, str]]:
    """Return (days from the due date, username) of what was told of this kind."""
    rows = Notice.objects.filter(kind=kind).exclude(reason=rules.OUTDATED).order_by("pk").select_related("recipient")
    return [((row.on - DUE).days, row.recipient.username) for row in rows]


# The page


def test_the_coordinator_changes_the_settings_and_the_page_says_who_did(cast: Cast) -> None:
    page = change(cast)
    row = PlanNoticeSettings.objects.get(plan=cast.plan)
    assert (row.ascending_steps, row.overdue_every, row.ages) == (
        (1, 3, 7, 14),
        3,
        {"leader": 5, "coordinator": 10, "chair": 20},
    )
    assert (row.idle_days, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") == (None, "08:00", "16:30")
    assert row.urgent == ["handed_in", "returned", "urged"]
    assert row.changed_by == cast.coordinator
    assert "Đã lưu cài đặt nhắc việc" in page.content.decode()
    assert 'value="14, 7, 3, 1"' in page.content.decode()


def test_everybody_in_the_province_sees_how_the_plan_reminds_and_only_the_coordinator_changes_it(cast: Cast) -> None:
    page = signed_in(cast.health_officer).get(reverse("plan-notices", args=[cast.plan.pk])).content.decode()
    assert "7, 1 ngày" in page
    assert "Lưu cài đặt" not in page
    refused = change(cast, cast.health_officer).content.decode()
    assert not PlanNoticeSettings.objects.exists()
    assert "Đã lưu" not in refused


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"steps": ""}, "Trường này là bắt buộc"),
        ({"steps": "0"}, "từ 1 đến 60"),
        ({"steps": "7, 61"}, "từ 1 đến 60"),
        ({"steps": "7; ba"}, "cách nhau bằng dấu phẩy"),
        ({"steps": "7, 7"}, "ghi hai lần"),
        ({"steps": "9 8 7 6 5 4 3 2 1"}, "Hãy ghi từ 1 đến 8 mốc"),
        ({"leader_age": "10"}, "phải tăng dần"),
        ({"chair_age": "9"}, "phải tăng dần"),
        ({"overdue_every": "0"}, "từ 1 đến 365"),
        ({"idle_days": "400"}, "từ 1 đến 365"),
        ({"opens": "17:00"}, "Giờ bắt đầu gửi thư phải trước giờ kết thúc"),
        ({"opens": "05:00"}, "trong khoảng từ 06:00 đến 20:00"),
        ({"urgent": ["overdue"]}, "overdue"),
    ],
)
def test_what_cannot_be_worked_with_is_refused_in_words(cast: Cast, wrong: dict, words: str) -> None:
    page = change(cast, **wrong)
    assert not PlanNoticeSettings.objects.exists()
    errors = str(page.context["form"].errors) + page.content.decode()
    assert words in errors or (wrong == {"steps": ""} and "steps" in page.context["form"].errors)


def test_the_database_keeps_the_order_of_the_ages(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanNoticeSettings.objects.create(plan=cast.plan, leader_age=15, coordinator_age=15)


def test_nobody_but_the_coordinator_calls_the_verb(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        PlanNoticeSettings(plan=cast.plan).change(by=cast.viewer, on=DUE)


# The round obeys


def test_the_pause_of_lateness_and_the_ages_are_those_of_the_plan(cast: Cast) -> None:
    change(cast)
    work_item(cast.health, plan=cast.plan, due=DUE)
    for days in range(22):
        make_notices(DUE + timedelta(days=days))
    days_told = Notice.objects.filter(kind=Kind.OVERDUE).order_by("pk").values_list("on", flat=True)
    assert [(on - DUE).days for on in days_told] == [1, 4, 7, 10, 13, 16, 19]
    assert told(Kind.ESCALATED) == [(5, "yte.lanhdao"), (10, "dieuphoi"), (20, "ubnd")]


def test_a_plan_that_puts_nothing_before_the_chair_tells_the_chair_nothing(cast: Cast) -> None:
    change(cast, chair_age="")
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=200))
    assert [name for _, name in told(Kind.ESCALATED)] == ["yte.lanhdao", "dieuphoi"]


def test_a_departments_own_plan_is_by_default_not_put_before_the_provinces_leaders(cast: Cast) -> None:
    child = PlanFactory(province=cast.province, parent=cast.plan, coordinating_agency=cast.health)
    work_item(cast.health, plan=child, due=DUE)
    make_notices(DUE + timedelta(days=200))
    assert "ubnd" not in [name for _, name in told(Kind.ESCALATED)]


def test_other_ages_from_now_on_report_nothing_upwards_a_second_time(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=8))
    change(cast, leader_age="9", coordinator_age="12")
    for days in (9, 10, 12):
        make_notices(DUE + timedelta(days=days))
    assert told(Kind.ESCALATED) == [(8, "yte.lanhdao"), (12, "dieuphoi")]


def test_another_pause_from_now_on_skips_and_repeats_no_day_of_lateness(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    for days in range(1, 10):
        make_notices(DUE + timedelta(days=days))
    change(cast, overdue_every="4")
    for days in range(10, 19):
        make_notices(DUE + timedelta(days=days))
    keys = Notice.objects.filter(item=item, kind=Kind.OVERDUE).order_by("pk").values_list("key", flat=True)
    assert [key.split(":")[-3] for key in keys] == ["late1", "late8", "late9", "late13", "late17"]


def test_kinds_that_the_plan_calls_urgent_are_marked_to_leave_at_once(cast: Cast) -> None:
    change(cast)
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    item.record_update(by=cast.health_officer, on=DUE, percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=DUE)
    make_notices(DUE)
    assert dict(Notice.objects.values_list("kind", "urgent")) == {"assigned": False, "handed_in": True}


def test_a_reminder_that_no_letter_could_carry_before_the_deadline_stays_on_the_page_and_says_so(cast: Cast) -> None:
    saturday = DUE + timedelta(days=1)
    cast.plan.activated_on = saturday
    cast.plan.save()
    work_item(cast.health, plan=cast.plan, due=saturday + timedelta(days=1))
    make_notices(saturday)
    notice = Notice.objects.get(kind=Kind.DUE)
    assert (notice.state, notice.read_at) == ("suppressed", None)
    assert notice.reason == "Từ ngày này đến hết hạn là ngày nghỉ, không gửi thư; thông báo hiện trên trang."


# What breaks stops only itself


@pytest.fixture
def two_plans(cast: Cast) -> Plan:
    """Another active plan with an item of Sở Tư pháp; return it."""
    other = PlanFactory(province=cast.province, number="90/KH-UBND", coordinating_agency=cast.home_affairs)
    work_item(cast.health, plan=cast.plan, due=DUE)
    work_item(cast.justice, plan=other, due=DUE)
    return other


def test_a_plan_with_settings_of_no_use_stops_only_itself_and_turns_the_run_red(cast: Cast, two_plans: Plan) -> None:
    PlanNoticeSettings.objects.create(plan=two_plans, steps=[])
    with pytest.raises(CommandError) as stopped:
        call_command("make_notices", "--as-of", str(DUE))
    assert stopped.value.returncode == 1
    assert [name for _, name in told(Kind.DUE)] == ["yte"]
    errors = RoundRun.objects.get().errors
    assert [(error["rule"], error["plan"]) for error in errors] == [("cài đặt nhắc việc", "90/KH-UBND ngày 20/03/2024")]
    assert "Hãy ghi từ 1 đến 8 mốc" in errors[0]["error"]


def test_a_plan_that_breaks_a_rule_leaves_the_other_plans_alone(
    cast: Cast, two_plans: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = rules.RULES["thời hạn đầu việc"]

    def breaks_on_one(this: Round) -> Iterator[Telling]:
        for telling in rule(this):
            if telling.plan_id == two_plans.pk:
                raise ZeroDivisionError("hỏng")
            yield telling

    monkeypatch.setitem(rules.RULES, "thời hạn đầu việc", breaks_on_one)
    run = make_notices(DUE)
    assert [name for _, name in told(Kind.DUE)] == ["yte"]
    assert run.errors == [
        {"rule": "thời hạn đầu việc", "error": "ZeroDivisionError: hỏng", "plan": "90/KH-UBND ngày 20/03/2024"}
    ]
    assert len(told(Kind.ASSIGNED)) == 2


def test_a_red_run_shows_on_the_health_page_and_on_the_page_of_the_plan_it_concerns(
    cast: Cast, two_plans: Plan
) -> None:
    PlanNoticeSettings.objects.create(plan=two_plans, steps=[])
    make_notices(DUE)
    health = Client().get(reverse("health"))
    assert (health.status_code, health.json()["round_errors"]) == (503, 1)
    its = signed_in(cast.coordinator).get(reverse("plan-notices", args=[two_plans.pk])).content.decode()
    other = signed_in(cast.coordinator).get(reverse("plan-notices", args=[cast.plan.pk])).content.decode()
    assert "có lỗi đối với kế hoạch này" in its
    assert "không có lỗi" in other


def test_a_round_that_nobody_rings_for_turns_the_health_page_red(cast: Cast, settings: Settings) -> None:
    settings.DEMO = False
    make_notices(DUE)
    assert Client().get(reverse("health")).status_code == 200
    RoundRun.objects.update(started_at=timezone.now() - timedelta(hours=27))
    answer = Client().get(reverse("health"))
    assert (answer.status_code, answer.json()["round_is_overdue"]) == (503, True)


def test_a_letter_that_nobody_took_turns_the_health_page_red_without_stopping_anything(cast: Cast) -> None:
    make_notices(DUE)
    assert Client().get(reverse("health")).json()["red"] is False
    Letter.objects.create(
        key="thu-hong", recipient=cast.health_officer, address="sai@vinhphuc.example", on=DUE, subject="Nhắc việc",
        text="Nhắc", html="<p>Nhắc</p>", state=Letter.State.FAILED, next_attempt_at=timezone.now(),
    )  # fmt: skip
    answer = Client().get(reverse("health"))
    assert (answer.status_code, answer.json()["red"]) == (200, True)
    assert answer.json()["letters_failed_since_yesterday"] == 1
