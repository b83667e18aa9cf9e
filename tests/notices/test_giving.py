"""Rules about giving work: declined tasks, work given later, parts of units, the leader's approval, directives."""

from datetime import date, timedelta

import pytest

from agencies.models import Agency, Membership
from notices.models import Notice
from notices.rules import make_notices
from notices.telling import OUTDATED
from plans.giving.breaking_down import break_down
from plans.giving.declining import decline, insist, reassign
from plans.models import Plan, WorkItem
from plans.models.occurrence import State
from tests.cast import Cast
from tests.factories import AgencyFactory, TaskFactory, person, work_item

Kind = Notice.Kind
DAY = date(2024, 6, 3)
DUE = date(2024, 6, 28)
"""A Friday."""


def told(kind: str) -> list[tuple[str, str]]:
    """Return (username, words) of what was told of this kind, overtaken notices left out."""
    rows = Notice.objects.exclude(reason=OUTDATED).filter(kind=kind).order_by("pk").select_related("recipient")
    return [(row.recipient.username, row.words) for row in rows]


def who(kind: str) -> list[str]:
    return [name for name, _ in told(kind)]


def again(item: WorkItem) -> WorkItem:
    return WorkItem.objects.for_lists().get(pk=item.pk)


@pytest.fixture
def items(cast: Cast) -> list[WorkItem]:
    """Return two deliveries of one task of Sở Y tế, told when the plan began."""
    task = TaskFactory(plan=cast.plan, deadline__due_dates=[DUE, date(2024, 9, 30)], text="Kiểm tra an toàn thực phẩm")
    rows = [
        work_item(cast.health, task=task, due=DUE),
        work_item(cast.health, task=task, due=date(2024, 9, 30), ordinal=2),
    ]
    make_notices(DAY)
    return rows


@pytest.fixture
def unit(cast: Cast) -> Agency:
    """Return a division of Sở Y tế with an officer."""
    unit = AgencyFactory(
        province=cast.province, parent=cast.health, kind=Agency.Kind.INTERNAL_UNIT, name="Phòng Nghiệp vụ Y"
    )
    person(unit, username="phong")
    return unit


def test_a_declined_task_is_told_once_to_the_coordinators_and_no_more_reminded_of(cast: Cast, items):
    decline(items[0], by=cast.health_officer, on=DAY, reason="Thuộc Sở Tư pháp.")
    for _ in range(2):
        make_notices(DAY)
    assert told(Kind.DECLINED) == [
        (
            "dieuphoi",
            "Sở Y tế trả lại nhiệm vụ (2 đầu việc): Kiểm tra an toàn thực phẩm. Lý do: Thuộc Sở Tư pháp.",
        )
    ]
    make_notices(DUE + timedelta(days=1))
    assert who(Kind.OVERDUE) == []


def test_insisting_is_told_once_to_the_agency_that_declined(cast: Cast, items):
    decline(items[0], by=cast.health_officer, on=DAY, reason="Thuộc Sở Tư pháp.")
    insist(again(items[0]), by=cast.coordinator, on=DAY, reason="Đúng Quyết định 12.")
    for _ in range(2):
        make_notices(DAY)
    assert told(Kind.DECLINE_DECIDED) == [
        (
            "yte",
            "Vẫn được giao nhiệm vụ đã trả lại (2 đầu việc): Kiểm tra an toàn thực phẩm. Đúng Quyết định 12.",
        )
    ]
    assert who(Kind.DECLINED) == [], "what was decided before any round is not asked any more"


def test_the_new_agency_is_told_once_what_it_was_given_and_the_old_one_who_got_it(cast: Cast, items):
    decline(items[0], by=cast.health_officer, on=DAY, reason="Thuộc Sở Tư pháp.")
    reassign(again(items[0]), cast.justice, by=cast.coordinator, on=DAY, reason="Theo chức năng.")
    make_notices(DAY)
    given = WorkItem.objects.filter(agency=cast.justice).order_by("pk").first()
    given.record_update(by=cast.justice_officer, on=DAY, percent=100, words="Xong.")
    given.hand_in(by=cast.justice_officer, on=DAY)
    make_notices(DAY + timedelta(days=1))
    assert told(Kind.ASSIGNED) == [
        ("yte", f"Sở Y tế được giao 1 nhiệm vụ (2 đầu việc) theo Kế hoạch {cast.plan.number}."),
        (
            "tuphap",
            "Nhiệm vụ được giao lại cho Sở Tư pháp, hạn 28/6/2024, 30/9/2024: Kiểm tra an toàn thực phẩm",
        ),
    ]
    assert [name for name, words in told(Kind.DECLINE_DECIDED) if "giao cơ quan khác" in words] == ["yte"]


def test_an_agency_that_works_in_the_plan_already_is_told_of_the_new_task_too(cast: Cast, items):
    work_item(cast.justice, plan=cast.plan, due=DUE)
    make_notices(DAY)
    decline(items[0], by=cast.health_officer, on=DAY, reason="Thuộc Sở Tư pháp.")
    reassign(again(items[0]), cast.justice, by=cast.coordinator, on=DAY, reason="Theo chức năng.")
    make_notices(DAY)
    assert who(Kind.ASSIGNED) == ["yte", "tuphap", "tuphap"]


def test_a_unit_is_told_its_part_reminded_of_it_and_its_lateness_goes_to_who_gave_it(cast: Cast, items, unit):
    part = break_down(items[0], [unit], by=cast.health_officer, on=DAY, due=date(2024, 6, 21)).parts[0]
    make_notices(DAY)
    assert told(Kind.ASSIGNED)[-1] == (
        "phong", "Sở Y tế chia việc cho Phòng Nghiệp vụ Y, hạn 21/6/2024: Kiểm tra an toàn thực phẩm",
    )  # fmt: skip
    make_notices(date(2024, 6, 20))
    assert "phong" in who(Kind.NEARLY_DUE)
    make_notices(date(2024, 6, 28))
    make_notices(date(2024, 7, 25))
    about = Notice.objects.filter(item=part, kind=Kind.ESCALATED)
    assert set(about.values_list("recipient__username", flat=True)) == {"yte"}
    assert about.get().words.startswith("Phòng Nghiệp vụ Y quá hạn 7 ngày phần việc được chia")


def test_a_part_that_is_handed_in_waits_for_the_agency_that_gave_it(cast: Cast, items, unit):
    part = break_down(items[0], [unit], by=cast.health_officer, on=DAY).parts[0]
    officer = Membership.objects.get(agency=unit).user
    part.record_update(by=officer, on=DAY, percent=100, words="Xong.")
    part.hand_in(by=officer, on=DAY)
    make_notices(DAY)
    make_notices(DAY + timedelta(days=10))
    assert set(who(Kind.HANDED_IN) + who(Kind.UNCONFIRMED)) == {"yte"}


def test_a_unit_without_anybody_to_write_to_leaves_it_to_the_agency_not_to_the_province(cast: Cast, items):
    empty = AgencyFactory(province=cast.province, parent=cast.health, kind=Agency.Kind.INTERNAL_UNIT)
    part = break_down(items[0], [empty], by=cast.health_officer, on=DAY, due=date(2024, 6, 21)).parts[0]
    make_notices(DAY)
    make_notices(date(2024, 6, 20))
    make_notices(date(2024, 6, 24))
    assert set(Notice.objects.filter(item=part).values_list("recipient__username", flat=True)) == {"yte"}
    assert not Notice.objects.filter(recipient=cast.coordinator, key__contains=":gap:").exists()


def test_a_part_taken_back_is_told_to_the_unit(cast: Cast, items, unit):
    part = break_down(items[0], [unit], by=cast.health_officer, on=DAY).parts[0]
    part.waive(by=cast.health_officer, on=DAY, reason="Phòng khác làm.")
    for _ in range(2):
        make_notices(DAY)
    assert told(Kind.RELEASED) == [
        ("phong", "Không phải thực hiện phần việc nữa: Kiểm tra an toàn thực phẩm. Phòng khác làm.")
    ]


def test_directives_are_told_to_the_doers_once_each_with_the_days_letter(cast: Cast, items):
    for words in ("Hoàn thành trước 25/6.", "Báo cáo bằng văn bản."):
        items[0].direct(by=cast.health_leader, on=DAY, words=words)
    for _ in range(2):
        make_notices(DAY)
    assert [(name, words.split(": ")[1][:12]) for name, words in told(Kind.DIRECTED)] == [
        ("yte", "Hoàn thành t"), ("yte", "Báo cáo bằng"),
    ]  # fmt: skip
    assert not Notice.objects.filter(kind=Kind.DIRECTED, urgent=True).exists()


def test_leaders_are_told_what_waits_for_them_and_officers_what_was_sent_down(cast: Cast, items):
    Plan.objects.filter(pk=cast.plan.pk).update(leaders_approve=True)
    person(cast.health, Membership.Role.LEADER, username="yte.pho")
    item = again(items[0])
    item.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong.")
    item.put_to_leader(by=cast.health_officer, on=DAY)
    for _ in range(2):
        make_notices(DAY)
    assert sorted(who(Kind.PROPOSED)) == ["yte.lanhdao", "yte.pho"]
    item.send_down(by=cast.health_leader, on=DAY, reason="Thiếu số liệu.")
    make_notices(DAY)
    assert [(name, words.split("Nội dung: ")[1]) for name, words in told(Kind.SENT_DOWN)] == [("yte", "Thiếu số liệu.")]
    assert again(items[0]).state == State.IN_PROGRESS
