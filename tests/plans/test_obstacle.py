"""Who may raise an obstacle, who sees and answers it, and how it comes to its end."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from agencies.models import Membership
from plans.models import Obstacle, ObstacleEvent, Plan
from plans.models.obstacle_rules import OBSTACLE_TAKEN, ObstacleState
from plans.models.plan import Assignment, Role
from plans.models.work import CLOSED, NewEvidence
from tests.cast import Cast
from tests.factories import AgencyFactory, MembershipFactory, TaskFactory, person, work_item

DAY = date(2024, 6, 10)


def put(cast: Cast, *, by=None, on: date = DAY, item=None, **details) -> Obstacle:
    """Return an obstacle of Sở Y tế on one of its items, put to Sở Nội vụ unless said otherwise."""
    item = item or work_item(cast.health, plan=cast.plan)
    details = {
        "agency": item.agency, "task": item.task, "item": item, "words": "Phần mềm một cửa chưa kết nối.",
        "cause": "Chưa có trục liên thông.", "proposal": "Đề nghị bố trí kết nối trong tháng 6.",
    } | details  # fmt: skip
    return Obstacle.put(by=by or cast.health_officer, on=on, **details)


def steps(obstacle: Obstacle) -> list[str]:
    """Return the steps in their order."""
    return list(obstacle.events.values_list("kind", flat=True))


def stored(obstacle: Obstacle) -> Obstacle:
    """Return the row as the database has it."""
    return Obstacle.objects.get(pk=obstacle.pk)


# Raising


def test_an_obstacle_goes_to_the_coordinating_agency_unless_another_is_named(cast: Cast):
    row = stored(put(cast))
    assert (row.addressee, row.state, row.raised_by, row.raised_on, row.since) == (
        cast.home_affairs, ObstacleState.OPEN, cast.health_officer, DAY, DAY,
    )  # fmt: skip
    assert (row.words, row.cause, row.proposal) == (
        "Phần mềm một cửa chưa kết nối.", "Chưa có trục liên thông.", "Đề nghị bố trí kết nối trong tháng 6.",
    )  # fmt: skip
    event = row.events.get()
    assert (event.kind, event.by, event.on, event.to) == ("raised", cast.health_officer, DAY, cast.home_affairs)
    assert put(cast, addressee=cast.committee).addressee == cast.committee


def test_it_may_stand_on_a_task_without_one_item(cast: Cast):
    task = TaskFactory(plan=cast.plan)
    Assignment.objects.create(task=task, agency=cast.health, role=Role.COORDINATE)
    row = Obstacle.put(
        by=cast.health_officer,
        on=DAY,
        agency=cast.health,
        task=task,
        words="Thiếu số liệu.",
        proposal="Đề nghị cung cấp.",
    )
    assert (row.item, row.task) == (None, task)


def test_a_task_that_the_agency_has_no_part_in_is_refused(cast: Cast):
    with pytest.raises(ValidationError, match="không được phân công ở nhiệm vụ này"):
        Obstacle.put(
            by=cast.health_officer,
            on=DAY,
            agency=cast.health,
            task=TaskFactory(plan=cast.plan),
            words="x",
            proposal="y",
        )
    assert not Obstacle.objects.exists()


def test_the_item_must_belong_to_task_and_agency(cast: Cast):
    other = work_item(cast.justice, plan=cast.plan)
    with pytest.raises(ValidationError, match="không thuộc nhiệm vụ và cơ quan này"):
        put(cast, agency=cast.health, item=other, task=other.task)
    assert not Obstacle.objects.exists()


@pytest.mark.parametrize("who", ["justice_officer", "coordinator", "viewer", "stranger", "commune_officer"])
def test_only_the_agencys_people_raise_it(cast: Cast, who: str):
    with pytest.raises(ValidationError, match="không được nêu vướng mắc của cơ quan này"):
        put(cast, by=getattr(cast, who))
    assert not Obstacle.objects.exists()


def test_a_parent_raises_it_for_its_commune_and_that_is_marked(cast: Cast):
    assert put(cast, by=cast.district_officer, item=work_item(cast.commune, plan=cast.plan)).on_behalf is True


@pytest.mark.parametrize("missing", ["words", "proposal"])
def test_it_says_what_stands_in_the_way_and_what_is_proposed(cast: Cast, missing: str):
    with pytest.raises(ValidationError) as refusal:
        put(cast, **{missing: "  "})
    assert missing in refusal.value.message_dict
    assert not Obstacle.objects.exists()


def test_the_coordinating_agency_names_another_addressee_for_its_own(cast: Cast):
    officer, item = person(cast.home_affairs), work_item(cast.home_affairs, plan=cast.plan)
    with pytest.raises(ValidationError, match="phải khác cơ quan nêu vướng mắc"):
        put(cast, by=officer, item=item)
    assert put(cast, by=officer, item=item, addressee=cast.committee).addressee == cast.committee


def test_the_database_itself_refuses_an_obstacle_put_to_oneself(cast: Cast):
    obstacle = put(cast)
    with pytest.raises(IntegrityError, match="obstacle_is_put_to_another_agency"), transaction.atomic():
        Obstacle.objects.filter(pk=obstacle.pk).update(addressee=cast.health)
    assert stored(obstacle).addressee == cast.home_affairs


def test_agencies_of_another_province_and_those_that_are_gone_are_no_addressees(cast: Cast):
    elsewhere = cast.stranger.memberships.get().agency
    gone = AgencyFactory(province=cast.province, valid_to=DAY - timedelta(days=1))
    for addressee in (elsewhere, gone):
        with pytest.raises(ValidationError, match="một cơ quan của tỉnh đang hoạt động"):
            put(cast, addressee=addressee)
    assert not Obstacle.objects.exists()


def test_a_file_may_come_with_it(cast: Cast):
    obstacle = put(cast, file=NewEvidence(ContentFile(b"%PDF", name="x.pdf"), "Công văn số 7.pdf"))
    assert (obstacle.file_name, obstacle.file_size) == ("Công văn số 7.pdf", 4)


# Answering


def test_the_addressee_answers_and_the_asker_closes(cast: Cast):
    obstacle = put(cast, addressee=cast.justice)
    obstacle.answer_it(by=cast.justice_officer, on=DAY + timedelta(days=1), words="Đã bố trí.", document="15/STP-VP")
    row = stored(obstacle)
    assert (row.state, row.answer, row.answer_document, row.answered_by, row.answered_on, row.answered_on_behalf) == (
        ObstacleState.ANSWERED, "Đã bố trí.", "15/STP-VP", cast.justice_officer, DAY + timedelta(days=1), False,
    )  # fmt: skip
    row.settle(by=cast.health_leader, on=DAY + timedelta(days=3))
    row = stored(obstacle)
    assert (row.state, row.settled_on, row.days_open(DAY + timedelta(days=99))) == (
        ObstacleState.SETTLED, DAY + timedelta(days=3), 3,
    )  # fmt: skip
    assert steps(row) == ["raised", "answered", "settled"]


def test_the_coordinator_answers_for_the_addressee_and_that_is_marked(cast: Cast):
    obstacle = put(cast, addressee=cast.committee)
    obstacle.answer_it(by=cast.coordinator, on=DAY, words="UBND tỉnh đã đồng ý.", document="99/UBND-NC")
    assert stored(obstacle).answered_on_behalf is True
    assert obstacle.events.last().on_behalf is True


def test_an_answer_needs_words(cast: Cast):
    obstacle = put(cast)
    with pytest.raises(ValidationError) as refusal:
        obstacle.answer_it(by=cast.coordinator, on=DAY, words="  ")
    assert "words" in refusal.value.message_dict
    assert stored(obstacle).state == ObstacleState.OPEN


@pytest.mark.parametrize("who", ["health_officer", "health_leader", "district_officer", "viewer", "stranger"])
def test_nobody_else_answers_or_passes_it_on(cast: Cast, who: str):
    obstacle, other = put(cast, addressee=cast.justice), getattr(cast, who)
    with pytest.raises(ValidationError, match="Chỉ cơ quan được kiến nghị"):
        obstacle.answer_it(by=other, on=DAY, words="Đã xong.")
    with pytest.raises(ValidationError, match="Chỉ cơ quan được kiến nghị"):
        obstacle.forward(by=other, on=DAY, to=cast.committee, reason="Vượt thẩm quyền.")
    assert (stored(obstacle).state, steps(obstacle)) == (ObstacleState.OPEN, ["raised"])


def test_who_works_in_both_agencies_does_not_answer_their_own(cast: Cast):
    MembershipFactory(user=cast.justice_officer, agency=cast.health)
    both = type(cast.justice_officer).objects.get(pk=cast.justice_officer.pk)
    obstacle = put(cast, addressee=cast.justice)
    with pytest.raises(ValidationError, match="không tự trả lời"):
        obstacle.answer_it(by=both, on=DAY, words="Đã xong.")
    assert not obstacle.may_be_answered_by(both)
    assert not Obstacle.objects.answerable_by(both).exists()


def test_an_answer_to_the_coordinating_agencys_own_obstacle_needs_the_document(cast: Cast):
    officer, item = person(cast.home_affairs), work_item(cast.home_affairs, plan=cast.plan)
    obstacle = put(cast, by=officer, item=item, addressee=cast.committee)
    with pytest.raises(ValidationError) as refusal:
        obstacle.answer_it(by=cast.coordinator, on=DAY, words="Đã đồng ý.")
    assert "document" in refusal.value.message_dict
    obstacle.answer_it(
        by=cast.coordinator, on=DAY, words="Đã đồng ý.", document="99/UBND-NC ngày 10/6/2024 của UBND tỉnh"
    )
    assert stored(obstacle).state == ObstacleState.ANSWERED


# Passing on


def test_it_is_passed_on_with_a_reason_and_the_new_addressees_clock_starts(cast: Cast):
    obstacle = put(cast)
    obstacle.forward(by=cast.coordinator, on=DAY + timedelta(days=3), to=cast.justice, reason="Thuộc Sở Tư pháp.")
    row = stored(obstacle)
    assert (row.addressee, row.state, row.since, row.raised_on) == (
        cast.justice, ObstacleState.OPEN, DAY + timedelta(days=3), DAY,
    )  # fmt: skip
    event = row.events.last()
    assert (event.kind, event.to, event.words) == ("forwarded", cast.justice, "Thuộc Sở Tư pháp.")
    row.answer_it(by=cast.justice_officer, on=DAY + timedelta(days=4), words="Đã kết nối.")
    assert steps(row) == ["raised", "forwarded", "answered"]


@pytest.mark.parametrize(
    ("to", "reason", "words"),
    [("home_affairs", "x", "đang ở cơ quan này"), ("health", "x", "phải khác cơ quan nêu"), ("justice", " ", "lý do")],
)
def test_it_is_passed_on_to_a_third_agency_and_never_without_a_reason(cast: Cast, to: str, reason: str, words: str):
    obstacle = put(cast)
    with pytest.raises(ValidationError, match=words):
        obstacle.forward(by=cast.coordinator, on=DAY, to=getattr(cast, to), reason=reason)
    assert (stored(obstacle).addressee, steps(obstacle)) == (cast.home_affairs, ["raised"])


# The end, and beginning again


def test_without_an_answer_it_is_closed_only_with_words(cast: Cast):
    obstacle = put(cast)
    with pytest.raises(ValidationError, match="đã được giải quyết thế nào"):
        obstacle.settle(by=cast.health_officer, on=DAY)
    obstacle.settle(by=cast.health_officer, on=DAY, words="Đơn vị đã tự khắc phục.")
    assert stored(obstacle).state == ObstacleState.SETTLED


@pytest.mark.parametrize("who", ["coordinator", "justice_officer", "viewer"])
def test_only_the_asker_closes_or_asks_again(cast: Cast, who: str):
    obstacle = put(cast)
    obstacle.answer_it(by=cast.coordinator, on=DAY, words="Đã bố trí.")
    with pytest.raises(ValidationError, match="Chỉ cơ quan nêu vướng mắc"):
        obstacle.settle(by=getattr(cast, who), on=DAY, words="x")
    with pytest.raises(ValidationError, match="Chỉ cơ quan nêu vướng mắc"):
        obstacle.reopen(by=getattr(cast, who), on=DAY, words="x")
    assert stored(obstacle).state == ObstacleState.ANSWERED


@pytest.mark.parametrize("closed", [False, True])
def test_who_is_not_content_asks_again_in_words_and_the_clock_starts_anew(cast: Cast, closed: bool):
    obstacle = put(cast)
    obstacle.answer_it(by=cast.coordinator, on=DAY + timedelta(days=1), words="Đã bố trí.")
    if closed:
        obstacle.settle(by=cast.health_officer, on=DAY + timedelta(days=2))
    with pytest.raises(ValidationError, match="nội dung còn vướng"):
        obstacle.reopen(by=cast.health_officer, on=DAY, words=" ")
    obstacle.reopen(by=cast.health_officer, on=DAY + timedelta(days=5), words="Vẫn chưa kết nối được.")
    row = stored(obstacle)
    assert (row.state, row.since, row.settled_on, row.answer) == (
        ObstacleState.OPEN, DAY + timedelta(days=5), None, "Đã bố trí.",
    )  # fmt: skip
    assert steps(row)[-1] == "reopened"


def test_a_closed_plan_takes_nothing_more(cast: Cast):
    obstacle = put(cast)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    for verb in (
        lambda one: one.answer_it(by=cast.coordinator, on=DAY, words="x"),
        lambda one: one.settle(by=cast.health_officer, on=DAY, words="x"),
    ):
        with pytest.raises(ValidationError) as refusal:
            verb(stored(obstacle))
        assert refusal.value.messages == [CLOSED]
        with pytest.raises(ValidationError, match="người khác xử lý"):
            verb(obstacle)
    assert steps(obstacle) == ["raised"]


# The clock and who sees it


def test_after_48_hours_without_an_answer_it_counts_as_unanswered(cast: Cast):
    obstacle = put(cast)
    days = [DAY + timedelta(days=n) for n in (0, 1, 2, 30)]
    assert [Obstacle.objects.unanswered(day).exists() for day in days] == [False, False, True, True]
    assert [obstacle.waits_long(day) for day in days] == [False, False, True, True]
    obstacle.forward(by=cast.coordinator, on=DAY + timedelta(days=3), to=cast.justice, reason="Thuộc Sở Tư pháp.")
    assert not Obstacle.objects.unanswered(DAY + timedelta(days=4)).exists()
    assert Obstacle.objects.unanswered(DAY + timedelta(days=5)).exists()
    obstacle.answer_it(by=cast.justice_officer, on=DAY + timedelta(days=6), words="Đã xong.")
    assert not Obstacle.objects.unanswered(DAY + timedelta(days=30)).exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("health_officer", True), ("coordinator", True), ("viewer", True), ("justice_officer", True),
        ("district_officer", False), ("commune_officer", False), ("stranger", False),
    ],
)  # fmt: skip
def test_it_is_seen_by_the_agency_the_coordinator_viewers_and_the_addressee(cast: Cast, who: str, sees: bool):
    put(cast, addressee=cast.justice)
    assert Obstacle.objects.visible_to(getattr(cast, who)).exists() is sees


def test_the_parent_and_the_tasks_lead_and_monitors_see_it_as_well(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    put(cast, by=cast.commune_officer, item=item)
    assert Obstacle.objects.visible_to(cast.district_officer).exists()
    assert not Obstacle.objects.visible_to(cast.justice_officer).exists()
    Assignment.objects.create(task=item.task, agency=cast.justice, role=Role.MONITOR)
    assert Obstacle.objects.visible_to(cast.justice_officer).exists()


def test_who_passed_it_on_still_follows_what_becomes_of_it_but_does_not_answer_any_more(cast: Cast):
    obstacle = put(cast, addressee=cast.justice)
    obstacle.forward(by=cast.justice_officer, on=DAY, to=cast.committee, reason="Vượt thẩm quyền.")
    assert Obstacle.objects.visible_to(cast.justice_officer).exists()
    with pytest.raises(ValidationError, match="Chỉ cơ quan được kiến nghị"):
        stored(obstacle).answer_it(by=cast.justice_officer, on=DAY, words="Đã xong.")
    assert stored(obstacle).state == ObstacleState.OPEN


def test_each_sees_what_waits_for_them(cast: Cast):
    to_justice, answered = put(cast, addressee=cast.justice), put(cast)
    answered.answer_it(by=cast.coordinator, on=DAY, words="Đã bố trí.")
    assert list(Obstacle.objects.waiting_for(cast.justice_officer)) == [to_justice]
    assert list(Obstacle.objects.waiting_for(cast.health_officer)) == [answered]
    assert not Obstacle.objects.waiting_for(cast.coordinator).exists()
    assert list(Obstacle.objects.answerable_by(cast.coordinator)) == [to_justice]


# Two at once


def test_an_answer_written_on_an_old_page_is_refused_and_the_other_stays(cast: Cast):
    obstacle = put(cast)
    seen = obstacle.revision
    obstacle.answer_it(by=cast.coordinator, on=DAY, words="Lần một.")
    obstacle.reopen(by=cast.health_officer, on=DAY, words="Chưa đủ.")
    with pytest.raises(ValidationError) as refusal:
        stored(obstacle).answer_it(by=cast.coordinator, on=DAY, words="Viết từ trang cũ.", revision=seen)
    assert refusal.value.messages == [OBSTACLE_TAKEN]
    assert (stored(obstacle).answer, steps(obstacle)) == ("Lần một.", ["raised", "answered", "reopened"])


@pytest.mark.django_db(transaction=True)
def test_answering_and_passing_on_at_the_same_moment_is_one_step_and_one_event(cast: Cast):
    pk = put(cast).pk
    other = person(cast.home_affairs, Membership.Role.COORDINATOR)
    verbs = [
        lambda one: one.answer_it(by=cast.coordinator, on=DAY, words="Đã bố trí."),
        lambda one: one.forward(by=other, on=DAY, to=cast.justice, reason="Thuộc Sở Tư pháp."),
    ]
    start, answers = Barrier(2), []

    def act(verb) -> None:
        try:
            obstacle = Obstacle.objects.for_lists().get(pk=pk)
            start.wait(10)
            verb(obstacle)
            answers.append("done")
        except ValidationError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["done", "taken"]
    assert ObstacleEvent.objects.filter(obstacle=pk).count() == 2
