"""A wrongly given task: its agency declines it, the coordinator gives it to another agency or insists."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Agency, Membership, User
from plans.giving.breaking_down import break_down
from plans.giving.declining import decline, insist, may_be_decided_by, reassign
from plans.models import Assignment, DueDateVersion, Plan, PrintedAssignment, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.models.plan import Role
from plans.models.work import CLOSED, TAKEN
from plans.statistics import figures
from tests.cast import Cast, make_cast
from tests.factories import AgencyFactory, MembershipFactory, TaskFactory, person, work_item
from tests.plans.test_work import one_job
from workdays.clock import today

DAY = date(2024, 6, 20)
JUNE, SEPTEMBER = date(2024, 6, 30), date(2024, 9, 30)
REASON = "Không thuộc chức năng của Sở Y tế."


def quarterly(cast: Cast) -> list[WorkItem]:
    """Return two deliveries of one task of Sở Y tế, as "Sở Y tế" is printed in the plan."""
    task = TaskFactory(plan=cast.plan, deadline__due_dates=[JUNE, SEPTEMBER])
    items = [
        work_item(cast.health, task=task, due=day, ordinal=ordinal, role=Role.LEAD)
        for ordinal, day in enumerate((JUNE, SEPTEMBER), start=1)
    ]
    printed = PrintedAssignment.objects.create(
        task=task, position=1, words="Sở Y tế", role=Role.LEAD, agency=cast.health
    )
    Assignment.objects.filter(task=task).update(printed=printed)
    return items


def declined(cast: Cast) -> list[WorkItem]:
    items = quarterly(cast)
    decline(items[0], by=cast.health_officer, on=DAY, reason=REASON)
    return [again(item) for item in items]


def again(item: WorkItem) -> WorkItem:
    """Return a fresh copy from the database."""
    return WorkItem.objects.for_lists().get(pk=item.pk)


def states(items: list[WorkItem]) -> list[str]:
    return [WorkItem.objects.get(pk=item.pk).state for item in items]


def steps(item: WorkItem) -> list[str]:
    return list(item.events.values_list("kind", flat=True))


# Declining


def test_all_open_items_of_the_task_are_declined_at_once_each_with_its_event(cast: Cast):
    june, september = quarterly(cast)
    other = work_item(cast.health, plan=cast.plan)
    assert decline(june, by=cast.health_officer, on=DAY, reason=REASON) == 2
    assert states([june, september, other]) == [State.DECLINED, State.DECLINED, State.NOT_STARTED]
    assert [steps(item) for item in (june, september)] == [["declined"], ["declined"]]
    assert june.events.get().words == REASON


def test_what_was_handed_in_or_done_stays_when_the_rest_is_declined(cast: Cast):
    june, september = quarterly(cast)
    june.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong.")
    june.hand_in(by=cast.health_officer, on=DAY)
    assert decline(september, by=cast.health_officer, on=DAY, reason=REASON) == 1
    assert states([june, september]) == [State.HANDED_IN, State.DECLINED]


@pytest.mark.parametrize("who", ["committee_officer", "coordinator", "viewer", "justice_officer", "stranger"])
def test_only_people_of_the_agency_itself_decline(cast: Cast, who: str):
    june, september = quarterly(cast)
    user = person(cast.committee) if who == "committee_officer" else getattr(cast, who)
    with pytest.raises(ValidationError, match="Chỉ người của cơ quan được giao"):
        decline(june, by=user, on=DAY, reason=REASON)
    assert not june.may_be_declined_by(user)
    assert states([june, september]) == [State.NOT_STARTED] * 2


def test_a_reason_is_asked_for(cast: Cast):
    june, _ = quarterly(cast)
    with pytest.raises(ValidationError) as refusal:
        decline(june, by=cast.health_officer, on=DAY, reason="  ")
    assert "reason" in refusal.value.message_dict
    assert states([june]) == [State.NOT_STARTED]


def test_a_report_is_not_declined(cast: Cast):
    item = work_item(cast.health, task=TaskFactory(plan=cast.plan, is_report=True))
    with pytest.raises(ValidationError, match="đưa ra khỏi kỳ"):
        decline(item, by=cast.health_officer, on=DAY, reason=REASON)
    assert states([item]) == [State.NOT_STARTED]


def test_two_officers_decline_once(cast: Cast):
    june, september = quarterly(cast)
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    with pytest.raises(ValidationError) as refusal:
        decline(september, by=cast.health_leader, on=DAY, reason="Tôi cũng thấy vậy.")
    assert refusal.value.messages == [TAKEN]
    assert [steps(item) for item in (june, september)] == [["declined"], ["declined"]]


def test_what_is_declined_is_in_no_rate_and_never_overdue(cast: Cast):
    items = declined(cast)
    now = figures(WorkItem.objects.filter(task__plan=cast.plan), SEPTEMBER + timedelta(days=30))
    assert (now.total, now.overdue, now.share_of_all) == (0, 0, None)
    assert not WorkItem.objects.overdue(SEPTEMBER + timedelta(days=30)).exists()
    assert items[0].timeliness(SEPTEMBER + timedelta(days=30)) == "in_time"


# Insisting


def test_insisting_gives_every_item_back_as_it_was(cast: Cast):
    june, september = quarterly(cast)
    june.record_update(by=cast.health_officer, on=DAY, percent=30, words="Đã bắt đầu.")
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    june = again(june)
    assert insist(june, by=cast.coordinator, on=DAY, reason="Đúng chức năng theo Quyết định 12.") == 2
    assert states([june, september]) == [State.IN_PROGRESS, State.NOT_STARTED]
    assert steps(september) == ["declined", "reinstated"]
    assert september.events.last().words == "Đúng chức năng theo Quyết định 12."
    assert WorkItem.objects.get(pk=june.pk).percent == 30


def test_the_decider_is_never_the_decliner(cast: Cast):
    both = person(cast.health)
    MembershipFactory(user=both, agency=cast.home_affairs, role=Membership.Role.COORDINATOR)
    june, _ = quarterly(cast)
    decline(june, by=both, on=DAY, reason=REASON)
    june = again(june)
    assert not may_be_decided_by(june, both)
    with pytest.raises(ValidationError, match="không tự quyết định"):
        insist(june, by=both, on=DAY, reason="Thôi.")
    with pytest.raises(ValidationError, match="không tự quyết định"):
        reassign(june, cast.justice, by=both, on=DAY, reason="Thôi.")
    assert may_be_decided_by(june, cast.coordinator)
    assert states([june]) == [State.DECLINED]


def test_the_coordinating_agencys_own_task_is_decided_by_another_of_its_coordinators(cast: Cast):
    item = work_item(cast.home_affairs, plan=cast.plan)
    decline(item, by=cast.coordinator, on=DAY, reason="Thuộc Sở Tư pháp.")
    item = again(item)
    colleague = person(cast.home_affairs, Membership.Role.COORDINATOR)
    assert not may_be_decided_by(item, cast.coordinator)
    insist(item, by=colleague, on=DAY, reason="Đúng chức năng.")
    assert states([item]) == [State.NOT_STARTED]


@pytest.mark.parametrize("who", ["health_officer", "health_leader", "viewer", "justice_officer", "stranger"])
def test_nobody_but_the_plans_coordinator_decides(cast: Cast, who: str):
    june, _ = declined(cast)
    for verb in (
        lambda: insist(june, by=getattr(cast, who), on=DAY, reason="Vậy."),
        lambda: reassign(june, cast.justice, by=getattr(cast, who), on=DAY, reason="Vậy."),
    ):
        with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
            verb()
    assert states([june]) == [State.DECLINED]


# Giving it to another agency


def test_another_agency_gets_the_role_the_printed_line_and_items_of_its_own(cast: Cast):
    june, september = declined(cast)
    done = reassign(june, cast.justice, by=cast.coordinator, on=DAY, reason="Theo chức năng.")
    assert [(item.agency, item.due_date, item.role, item.state) for item in done.items] == [
        (cast.justice, JUNE, Role.LEAD, State.NOT_STARTED), (cast.justice, SEPTEMBER, Role.LEAD, State.NOT_STARTED),
    ]  # fmt: skip
    assert {item.occurrence_id for item in done.items} == {june.occurrence_id, september.occurrence_id}
    given = Assignment.objects.get(task=june.task, agency=cast.justice)
    assert (given.role, given.printed.words) == (Role.LEAD, "Sở Y tế")
    assert DueDateVersion.objects.filter(item__in=done.items).count() == 2
    assert steps(done.items[0]) == ["given"]


def test_the_declined_items_are_waived_and_their_history_names_the_new_agency(cast: Cast):
    june, september = declined(cast)
    reassign(june, cast.justice, by=cast.coordinator, on=DAY, reason="Theo chức năng.")
    assert states([june, september]) == [State.WAIVED, State.WAIVED]
    assert steps(june) == ["declined", "reassigned"]
    assert june.events.last().words == "Giao lại cho Sở Tư pháp. Theo chức năng."
    assert june.events.first().words == REASON


def test_a_moved_due_date_goes_over_as_it_stands_now(cast: Cast):
    june, _ = quarterly(cast)
    june.move_due_date(date(2024, 7, 15), by=cast.coordinator, on=DAY, reason="Gia hạn.")
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    done = reassign(again(june), cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    assert [item.due_date for item in done.items] == [date(2024, 7, 15), SEPTEMBER]


def test_what_the_other_agency_owes_already_stays_and_is_said(cast: Cast):
    june, september = quarterly(cast)
    known = work_item(cast.justice, task=june.task, due=JUNE, ordinal=1, role=Role.IMPLEMENT)
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    done = reassign(again(june), cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    assert done.already == [known]
    assert [item.due_date for item in done.items] == [SEPTEMBER]
    assert list(Assignment.objects.filter(task=june.task, agency=cast.justice).values_list("role", flat=True)) == [
        Role.IMPLEMENT
    ]
    assert states([june, september, known]) == [State.WAIVED, State.WAIVED, State.NOT_STARTED]


def test_a_part_from_another_giver_becomes_the_new_agencys_own_work_and_counts(cast: Cast):
    june, _ = quarterly(cast)
    unit = AgencyFactory(province=cast.province, parent=cast.justice, kind=Agency.Kind.INTERNAL_UNIT)
    other = work_item(cast.justice, task=june.task, due=JUNE, ordinal=1, role=Role.IMPLEMENT)
    part = break_down(other, [unit], by=cast.justice_officer, on=DAY).parts[0]
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    done = reassign(again(june), unit, by=cast.coordinator, on=DAY, reason="Vậy.")
    assert part in done.items
    assert (again(part).part_of, again(part).due_date) == (None, JUNE)


def test_a_task_that_comes_back_uses_the_items_it_left(cast: Cast):
    june, september = declined(cast)
    first = reassign(june, cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    decline(again(first.items[0]), by=cast.justice_officer, on=DAY, reason="Cũng không phải.")
    back = reassign(again(first.items[0]), cast.health, by=cast.coordinator, on=DAY, reason="Đã xem lại.")
    assert {item.pk for item in back.items} == {june.pk, september.pk}
    assert states([june, september]) == [State.NOT_STARTED] * 2
    assert steps(june) == ["declined", "reassigned", "given"]


def test_check_points_that_have_passed_are_not_asked_of_the_new_agency(cast: Cast):
    *_, delivery = one_job(cast)
    decline(delivery, by=cast.health_officer, on=DAY, reason=REASON)
    done = reassign(again(delivery), cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    assert (done.passed, [(item.kind, item.due_date.month) for item in done.items]) == (
        1,
        [(OccurrenceKind.CHECK_POINT, 6), (OccurrenceKind.CHECK_POINT, 9), (OccurrenceKind.DELIVERY, 12)],
    )


def test_an_agency_of_another_province_or_of_another_time_gets_nothing(cast: Cast):
    june, _ = declined(cast)
    gone = AgencyFactory(province=cast.province, valid_to=DAY - timedelta(days=1))
    elsewhere = Agency.objects.exclude(province=cast.province).get()
    for agency in (gone, elsewhere, cast.health):
        with pytest.raises(ValidationError) as refusal:
            reassign(june, agency, by=cast.coordinator, on=DAY, reason="Vậy.")
        assert "to" in refusal.value.message_dict
    assert states([june]) == [State.DECLINED]


def test_units_lose_their_parts_of_a_task_that_goes_to_another_agency(cast: Cast):
    unit = AgencyFactory(province=cast.province, parent=cast.health, kind=Agency.Kind.INTERNAL_UNIT)
    june, _ = quarterly(cast)
    part = break_down(june, [unit], by=cast.health_officer, on=DAY).parts[0]
    decline(june, by=cast.health_officer, on=DAY, reason=REASON)
    assert states([part]) == [State.NOT_STARTED]
    reassign(again(june), cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    assert states([part]) == [State.WAIVED]
    assert "giao lại cho Sở Tư pháp" in part.events.last().words


def test_of_two_coordinators_with_stale_pages_one_decides(cast: Cast):
    june, september = declined(cast)
    other = person(cast.home_affairs, Membership.Role.COORDINATOR)
    first, second = again(june), again(september)
    reassign(first, cast.justice, by=cast.coordinator, on=DAY, reason="Vậy.")
    with pytest.raises(ValidationError) as refusal:
        insist(second, by=other, on=DAY, reason="Không.")
    assert refusal.value.messages == [TAKEN]
    assert [steps(item) for item in (june, september)] == [["declined", "reassigned"]] * 2


def test_in_a_closed_plan_nothing_is_declined_or_decided(cast: Cast):
    june, _ = declined(cast)
    other = work_item(cast.health, plan=cast.plan)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    with pytest.raises(ValidationError):
        decline(again(other), by=cast.health_officer, on=DAY, reason=REASON)
    with pytest.raises(ValidationError) as refusal:
        insist(again(june), by=cast.coordinator, on=DAY, reason="Vậy.")
    assert refusal.value.messages == [CLOSED]
    assert states([june, other]) == [State.DECLINED, State.NOT_STARTED]


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_at_the_same_moment_one_decides_and_one_event_is_written():
    cast = make_cast()
    june, september = declined(cast)
    people = [cast.coordinator, person(cast.home_affairs, Membership.Role.COORDINATOR)]
    start, outcomes = threading.Barrier(2), []

    def decides(user: User, verb) -> None:
        try:
            start.wait(10)
            verb(user)
            outcomes.append("done")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connections.close_all()

    verbs = [
        lambda user: reassign(again(june), cast.justice, by=user, on=DAY, reason="Vậy."),
        lambda user: insist(again(september), by=user, on=DAY, reason="Không."),
    ]
    threads = [threading.Thread(target=decides, args=pair) for pair in zip(people, verbs, strict=True)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    connection.close()
    assert sorted(outcomes, key=len) == ["done", TAKEN]
    assert {len(steps(item)) for item in (june, september)} == {2}


# Pages


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_an_officer_declines_on_the_page_of_the_item(cast: Cast):
    june, september = quarterly(cast)
    client = browser(cast.health_officer)
    assert reverse("work-decline", args=[june.pk]) in client.get(june.get_absolute_url()).content.decode()
    answer = client.post(reverse("work-decline", args=[june.pk]), {"reason": REASON}, follow=True)
    assert said(answer) == ["2 đầu việc của nhiệm vụ chờ Sở Nội vụ quyết định.", "Đã trả lại nhiệm vụ."]
    assert states([june, september]) == [State.DECLINED] * 2
    assert (
        reverse("work-decline", args=[june.pk])
        not in browser(cast.viewer).get(june.get_absolute_url()).content.decode()
    )


def test_the_coordinator_finds_what_was_declined_from_the_home_page_and_gives_it_away(cast: Cast):
    june, september = declined(cast)
    client = browser(cast.coordinator)
    home = client.get(reverse("home"))
    assert home.context["declined_count"] == 2
    rows = client.get(f"{reverse('work-list')}?state=declined").context["rows"]
    assert [row[0] for row in rows] == [june, september]
    page = client.get(reverse("work-decide", args=[june.pk]))
    assert REASON in page.content.decode()
    assert "Sở Tư pháp" in page.context["form"].names
    data = {"decision": "reassign", "to": "so tu phap", "reason": "Theo chức năng."}
    answer = client.post(reverse("work-decide", args=[june.pk]), data, follow=True)
    assert said(answer) == ["Đã giao Sở Tư pháp 2 đầu việc."]
    assert WorkItem.objects.filter(agency=cast.justice, state=State.NOT_STARTED).count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Hãy chọn cơ quan nhận nhiệm vụ."),
        ("Sở Không Có", "Không có cơ quan nào"),
        ("Sở", "Có nhiều cơ quan khớp"),
        ("Sở Y tế", "Không có cơ quan nào"),
    ],
)
def test_an_agency_that_is_not_clear_is_asked_for_again_and_the_words_stay(cast: Cast, typed: str, words: str):
    june, _ = declined(cast)
    data = {"decision": "reassign", "to": typed, "reason": "Lý do dài của tôi."}
    answer = browser(cast.coordinator).post(reverse("work-decide", args=[june.pk]), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Lý do dài của tôi." in page
    assert states([june]) == [State.DECLINED]


def test_the_second_coordinator_is_told_that_it_is_decided(cast: Cast):
    june, _ = declined(cast)
    insist(june, by=cast.coordinator, on=today(), reason="Vậy.")
    other = browser(person(cast.home_affairs, Membership.Role.COORDINATOR))
    answer = other.post(reverse("work-decide", args=[june.pk]), {"decision": "insist", "reason": "X"}, follow=True)
    assert said(answer) == [TAKEN]


def test_the_api_declines_gives_away_and_insists_by_the_same_rules(cast: Cast):
    june, september = quarterly(cast)
    officer, coordinator = APIClient(), APIClient()
    officer.force_authenticate(cast.health_officer)
    coordinator.force_authenticate(cast.coordinator)
    address = f"/api/work-items/{june.pk}"
    assert officer.post(f"{address}/decline/", {"reason": REASON}, format="json").json()["state"] == "declined"
    assert officer.post(f"{address}/insist/", {"reason": "Vậy."}, format="json").status_code == 400
    assert coordinator.post(f"{address}/insist/", {"reason": "Vậy."}, format="json").json()["state"] == "not_started"
    officer.post(f"{address}/decline/", {"reason": REASON}, format="json")
    elsewhere = Agency.objects.exclude(province=cast.province).get()
    unknown = coordinator.post(f"{address}/reassign/", {"to": elsewhere.pk, "reason": "Vậy."}, format="json")
    assert (unknown.status_code, list(unknown.json())) == (400, ["to"])
    done = coordinator.post(f"{address}/reassign/", {"to": cast.justice.pk, "reason": "Vậy."}, format="json").json()
    made = list(WorkItem.objects.filter(agency=cast.justice).order_by("pk").values_list("pk", flat=True))
    assert done == {"items": made, "already": [], "passed": 0}
    assert states([june, september]) == [State.WAIVED] * 2
