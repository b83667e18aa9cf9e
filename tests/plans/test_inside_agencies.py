"""Inside an agency: the leader's approval, directives, corrections, several items at once, two people at one item."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Membership, User
from plans.models import Plan, Update, WorkItem
from plans.models.occurrence import State
from plans.models.work import FOR_THE_LEADER, TAKEN
from tests.cast import Cast
from tests.factories import TaskFactory, person, work_item
from tests.plans.test_work import one_job
from workdays.clock import today

DAY = date(2024, 6, 20)


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Return an item of Sở Y tế with one update."""
    item = work_item(cast.health, plan=cast.plan)
    item.record_update(by=cast.health_officer, on=DAY, percent=60, words="Đã ban hành kế hoạch.")
    return item


def with_leaders(item: WorkItem) -> WorkItem:
    """Return the item after its plan asked for the leaders' approval."""
    Plan.objects.filter(pk=item.task.plan_id).update(leaders_approve=True)
    return WorkItem.objects.for_lists().get(pk=item.pk)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def state_of(item: WorkItem) -> str:
    return WorkItem.objects.get(pk=item.pk).state


def steps(item: WorkItem) -> list[str]:
    return list(item.events.values_list("kind", flat=True))


# The leader's approval


def test_with_the_setting_on_the_officer_puts_it_to_the_leader_who_hands_it_in(cast: Cast, item):
    item = with_leaders(item)
    with pytest.raises(ValidationError) as refusal:
        item.hand_in(by=cast.health_officer, on=DAY)
    assert refusal.value.messages == [FOR_THE_LEADER]
    item.put_to_leader(by=cast.health_officer, on=DAY)
    assert (item.proposed_on, item.proposed_by, item.state) == (DAY, cast.health_officer, State.IN_PROGRESS)
    assert list(WorkItem.objects.put_to(cast.health_leader)) == [item]
    assert not WorkItem.objects.put_to(cast.health_officer).exists()
    item.hand_in(by=cast.health_leader, on=DAY)
    now = WorkItem.objects.get(pk=item.pk)
    assert (now.state, now.handed_in_by, now.proposed_on) == (State.HANDED_IN, cast.health_leader, None)
    assert steps(item) == ["proposed", "handed_in"]


def test_the_leader_sends_it_down_with_words_and_it_can_be_put_again(cast: Cast, item):
    item = with_leaders(item)
    item.put_to_leader(by=cast.health_officer, on=DAY)
    with pytest.raises(ValidationError) as refusal:
        item.send_down(by=cast.health_leader, on=DAY, reason=" ")
    assert "reason" in refusal.value.message_dict
    with pytest.raises(ValidationError, match="Chỉ lãnh đạo"):
        item.send_down(by=cast.health_officer, on=DAY, reason="Thiếu.")
    item.send_down(by=cast.health_leader, on=DAY, reason="Thiếu số liệu quý II.")
    assert not WorkItem.objects.put_to(cast.health_leader).exists()
    item.put_to_leader(by=cast.health_officer, on=DAY)
    assert steps(item) == ["proposed", "sent_down", "proposed"]


def test_it_is_put_once_and_decided_once(cast: Cast, item):
    item = with_leaders(item)
    stale = WorkItem.objects.for_lists().get(pk=item.pk)
    item.put_to_leader(by=cast.health_officer, on=DAY)
    with pytest.raises(ValidationError, match="người khác xử lý"):
        stale.put_to_leader(by=person(cast.health), on=DAY)
    leaders = [WorkItem.objects.for_lists().get(pk=item.pk) for _ in range(2)]
    leaders[0].send_down(by=cast.health_leader, on=DAY, reason="Sửa lại.")
    with pytest.raises(ValidationError, match="người khác xử lý"):
        leaders[1].send_down(by=cast.health_leader, on=DAY, reason="Sửa nữa.")
    assert steps(item) == ["proposed", "sent_down"]


def test_without_the_setting_nothing_is_put_and_officers_hand_in(cast: Cast, item):
    with pytest.raises(ValidationError, match="không yêu cầu lãnh đạo"):
        item.put_to_leader(by=cast.health_officer, on=DAY)
    item.hand_in(by=cast.health_officer, on=DAY)
    assert state_of(item) == State.HANDED_IN


@pytest.mark.parametrize("who", ["coordinator", "viewer", "justice_officer", "district_officer"])
def test_leaders_of_others_neither_hand_in_nor_send_down(cast: Cast, item, who: str):
    item = with_leaders(item)
    item.put_to_leader(by=cast.health_officer, on=DAY)
    with pytest.raises(ValidationError):
        item.hand_in(by=getattr(cast, who), on=DAY)
    with pytest.raises(ValidationError, match="Chỉ lãnh đạo"):
        item.send_down(by=getattr(cast, who), on=DAY, reason="Sửa.")
    assert state_of(item) == State.IN_PROGRESS


def test_the_coordinator_switches_the_setting_on_the_plan_page_and_nobody_else(cast: Cast):
    address = reverse("plan-leaders", args=[cast.plan.pk])
    assert address in browser(cast.coordinator).get(cast.plan.get_absolute_url()).content.decode()
    assert address not in browser(cast.health_leader).get(cast.plan.get_absolute_url()).content.decode()
    answer = browser(cast.health_leader).post(address, {"on": "1"}, follow=True)
    assert said(answer) == ["Chỉ cơ quan điều phối kế hoạch được đổi cài đặt này."]
    assert Plan.objects.get(pk=cast.plan.pk).leaders_approve is False
    browser(cast.coordinator).post(address, {"on": "1"})
    assert Plan.objects.get(pk=cast.plan.pk).leaders_approve is True
    browser(cast.coordinator).post(address, {})
    assert Plan.objects.get(pk=cast.plan.pk).leaders_approve is False


def test_the_leader_finds_it_at_home_in_the_list_and_in_the_api_and_approves_on_the_page(cast: Cast, item):
    item = with_leaders(item)
    officer, leader = browser(cast.health_officer), browser(cast.health_leader)
    page = officer.get(item.get_absolute_url()).content.decode()
    assert reverse("work-propose", args=[item.pk]) in page
    assert reverse("work-hand-in", args=[item.pk]) not in page
    officer.post(reverse("work-propose", args=[item.pk]))
    assert [one.pk for one in leader.get(reverse("home")).context["to_approve"]] == [item.pk]
    rows = leader.get(reverse("work-list"), {"waiting": "me"}).context["rows"]
    assert [row[0] for row in rows] == [item]
    api = APIClient()
    api.force_authenticate(cast.health_leader)
    found = api.get("/api/work-items/?waiting=me").json()["results"]
    assert [(row["id"], row["proposed_by"]) for row in found] == [(item.pk, cast.health_officer.pk)]
    page = leader.get(item.get_absolute_url()).content.decode()
    assert reverse("work-send-down", args=[item.pk]) in page
    leader.post(reverse("work-hand-in", args=[item.pk]))
    assert state_of(item) == State.HANDED_IN


def test_saving_and_putting_to_the_leader_is_one_step(cast: Cast, item):
    item = with_leaders(item)
    data = {"percent": 100, "words": "Xong.", "revision": item.revision, "propose": "1"}
    answer = browser(cast.health_officer).post(item.get_absolute_url(), data, follow=True)
    assert said(answer) == ["Đã ghi cập nhật tiến độ.", "Đã trình lãnh đạo cơ quan duyệt."]
    assert WorkItem.objects.get(pk=item.pk).proposed_on == today()


# Directives


def leader_of(cast: Cast, name: str) -> User:
    return person(getattr(cast, name), Membership.Role.LEADER)


@pytest.mark.parametrize("name", ["health", "committee", "home_affairs"])
def test_leaders_of_the_agency_its_parent_and_the_coordinating_agency_direct(cast: Cast, item, name: str):
    leader = leader_of(cast, name)
    item.direct(by=leader, on=DAY, words="Hoàn thành trước 25/6.")
    event = item.events.get()
    assert (event.kind, event.by, event.words) == ("directed", leader, "Hoàn thành trước 25/6.")
    assert item in WorkItem.objects.visible_to(leader)


@pytest.mark.parametrize("who", ["health_officer", "coordinator", "viewer", "justice_leader", "stranger"])
def test_nobody_else_directs(cast: Cast, item, who: str):
    user = leader_of(cast, "justice") if who == "justice_leader" else getattr(cast, who)
    with pytest.raises(ValidationError, match="Chỉ lãnh đạo"):
        item.direct(by=user, on=DAY, words="Làm đi.")
    assert steps(item) == []


def test_a_directive_stands_at_the_head_of_the_page_until_the_next_update(cast: Cast, item):
    item.direct(by=cast.health_leader, on=DAY, words="Tập trung xử lý hồ sơ quá hạn.")
    client = browser(cast.health_officer)
    answer = client.get(item.get_absolute_url())
    assert [event.words for event in answer.context["directives"]] == ["Tập trung xử lý hồ sơ quá hạn."]
    item.refresh_from_db()
    item.record_update(by=cast.health_officer, on=DAY, percent=80, words="Đã xử lý 12 hồ sơ.")
    answer = client.get(item.get_absolute_url())
    assert answer.context["directives"] == []
    assert "Tập trung xử lý hồ sơ quá hạn." in answer.content.decode(), "it stays in the history"


def test_finished_work_is_not_directed_any_more(cast: Cast, item):
    item.hand_in(by=cast.health_officer, on=DAY)
    item.confirm(by=cast.coordinator, on=DAY)
    with pytest.raises(ValidationError, match="chưa kết thúc"):
        item.direct(by=cast.health_leader, on=DAY, words="Làm đi.")
    assert "directed" not in steps(item)


# Corrections


def test_a_correction_from_the_page_keeps_both_and_strikes_the_old_one(cast: Cast, item):
    wrong = item.updates.get()
    client = browser(cast.health_officer)
    page = client.get(f"{item.get_absolute_url()}?dinh-chinh={wrong.pk}")
    form = page.context["form"]
    assert (form["words"].value(), form["corrects"].value()) == (wrong.words, wrong.pk)
    data = {"percent": 50, "words": "Mới ban hành dự thảo.", "revision": item.revision, "corrects": wrong.pk}
    client.post(item.get_absolute_url(), data)
    assert Update.objects.get(words="Mới ban hành dự thảo.").corrects == wrong
    page = client.get(item.get_absolute_url()).content.decode()
    assert "<del><p>Đã ban hành kế hoạch.</p></del>" in page
    assert f"?dinh-chinh={wrong.pk}" not in page


def test_an_update_is_corrected_once_then_the_correction_is(cast: Cast, item):
    wrong = item.updates.get()
    right = item.record_update(by=cast.health_officer, on=DAY, percent=50, words="Dự thảo.", corrects=wrong)
    with pytest.raises(ValidationError, match="đã được đính chính"):
        item.record_update(by=cast.health_leader, on=DAY, percent=40, words="Khác.", corrects=wrong)
    item.record_update(by=cast.health_leader, on=DAY, percent=40, words="Khác.", corrects=right)
    assert [update.corrects for update in item.updates.all()] == [None, wrong, right]


def test_the_database_itself_keeps_one_correction_an_update(cast: Cast, item):
    wrong = item.updates.get()
    details = {"by": cast.health_officer, "on": DAY, "percent": 1, "words": "x", "corrects": wrong}
    item.updates.create(**details)
    with pytest.raises(IntegrityError, match="an_update_is_corrected_once"), transaction.atomic():
        item.updates.create(**details)
    assert item.updates.count() == 2


def test_updates_of_other_items_cannot_be_corrected_here(cast: Cast, item):
    other = work_item(cast.justice, plan=cast.plan)
    theirs = other.record_update(by=cast.justice_officer, on=DAY, percent=5, words="Của Sở Tư pháp.")
    with pytest.raises(ValidationError, match="không thuộc đầu việc này"):
        item.record_update(by=cast.health_officer, on=DAY, percent=1, words="x", corrects=theirs)
    data = {"percent": 1, "words": "x", "revision": item.revision, "corrects": theirs.pk}
    assert browser(cast.health_officer).post(item.get_absolute_url(), data).status_code == 422
    api = APIClient()
    api.force_authenticate(cast.health_officer)
    body = {"percent": 1, "words": "x", "corrects": theirs.pk}
    answer = api.post(f"/api/work-items/{item.pk}/updates/", body, format="json")
    assert (answer.status_code, list(answer.json())) == (400, ["corrects"])
    assert not Update.objects.filter(corrects=theirs).exists()


# Two people at one item


def test_the_second_sees_what_the_other_wrote_beside_the_own_words(cast: Cast, item):
    client = browser(cast.health_officer)
    opened = client.get(item.get_absolute_url()).context["form"]["opened"].value()
    item.record_update(by=cast.health_leader, on=today(), percent=70, words="Lãnh đạo ghi.")
    data = {"percent": 30, "words": "Chuyên viên ghi.", "revision": item.revision - 1, "opened": opened}
    answer = client.post(item.get_absolute_url(), data)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert [update.words for update in form.written_meanwhile()] == ["Lãnh đạo ghi."]
    assert form["words"].value() == "Chuyên viên ghi."
    assert "Người khác vừa ghi" in answer.content.decode()


# Several at once


def bulk(user: User, items: list[WorkItem], **data):
    return browser(user).post(reverse("work-bulk"), {"items": [item.pk for item in items], **data}, follow=True)


def test_the_same_update_is_recorded_on_several_of_ones_own_items(cast: Cast, item):
    second, other = work_item(cast.health, plan=cast.plan), work_item(cast.justice, plan=cast.plan)
    asks = bulk(cast.health_officer, [item, second], do="ask", ask="update")
    assert asks.status_code == 200
    assert [row.pk for row in asks.context["items"]] == [item.pk, second.pk]
    assert not second.updates.exists()
    answer = bulk(
        cast.health_officer, [item, second, other], do="update", sure="1", percent=75, words="Đã tập huấn 64 người."
    )
    assert said(answer) == ["Đã ghi cập nhật cho 2 đầu việc."]
    assert [one.updates.last().words for one in (item, second)] == ["Đã tập huấn 64 người."] * 2
    assert not other.updates.exists()


def test_what_cannot_be_updated_is_named_and_the_rest_is_done(cast: Cast, item):
    done = work_item(cast.health, plan=cast.plan, state=State.HANDED_IN, handed_in_on=DAY)
    answer = bulk(cast.health_officer, [item, done], do="update", percent=75, words="Đã tập huấn.")
    assert said(answer) == [
        "Đã ghi cập nhật cho 1 đầu việc.", f"Sở Y tế, nhiệm vụ {done.task.position}: {TAKEN}",
    ]  # fmt: skip
    assert item.updates.last().words == "Đã tập huấn."


def test_a_form_that_is_not_filled_in_is_asked_again_and_nothing_is_done(cast: Cast, item):
    answer = bulk(cast.health_officer, [item], do="update", sure="1", percent=500, words="")
    assert answer.status_code == 422
    assert item.updates.count() == 1


def test_an_officer_is_named_for_several(cast: Cast, item):
    second = work_item(cast.health, plan=cast.plan)
    asks = bulk(cast.health_leader, [item, second], do="ask", ask="give")
    assert set(asks.context["form"].fields["responsible"].queryset) == {cast.health_officer, cast.health_leader}
    bulk(cast.health_leader, [item, second], do="give", sure="1", responsible=cast.health_officer.pk)
    assert {WorkItem.objects.get(pk=one.pk).responsible for one in (item, second)} == {cast.health_officer}


def test_the_coordinator_waives_several_with_one_reason(cast: Cast, item):
    second = work_item(cast.justice, plan=cast.plan)
    asks = bulk(cast.coordinator, [item, second], do="ask", ask="waive")
    assert asks.context["able"] == 2
    answer = bulk(cast.coordinator, [item, second], do="waive", sure="1", reason="Không phát sinh.")
    assert said(answer) == ["Đã miễn thực hiện 2 đầu việc."]
    assert {one.events.last().words for one in (item, second)} == {"Không phát sinh."}


def test_a_leader_directs_several(cast: Cast, item):
    second = work_item(cast.health, plan=cast.plan)
    bulk(cast.health_leader, [item, second], do="direct", sure="1", reason="Hoàn thành trước 25/6.")
    assert [steps(one) for one in (item, second)] == [["directed"], ["directed"]]


def test_a_leader_approves_several(cast: Cast, item):
    second = work_item(cast.health, task=TaskFactory(plan=cast.plan))
    second.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong.")
    items = [with_leaders(item), with_leaders(second)]
    answer = bulk(cast.health_officer, items, do="propose")
    assert said(answer) == ["Đã trình lãnh đạo 2 đầu việc."]
    bulk(cast.health_leader, items, do="hand_in")
    assert [state_of(one) for one in items] == [State.HANDED_IN] * 2


def test_the_bar_offers_only_what_the_person_can_do_with_the_rows_in_sight(cast: Cast, item):
    lists = {
        name: browser(getattr(cast, name)).get(reverse("work-list"), {"state": ""}).context["offered"]
        for name in ("health_officer", "health_leader", "coordinator", "viewer")
    }
    assert lists == {
        "health_officer": {"update", "give", "hand_in"},
        "health_leader": {"update", "give", "hand_in", "direct"},
        "coordinator": {"waive"},
        "viewer": set(),
    }


def test_the_list_asks_the_same_number_of_questions_for_5_and_45_rows(cast: Cast, django_assert_max_num_queries):
    for number in range(5):
        work_item(cast.health, plan=cast.plan, due=DAY + timedelta(days=number))
    client = browser(cast.health_officer)
    client.get(reverse("work-list"))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse("work-list"))
    for number in range(40):
        work_item(cast.health, plan=cast.plan, due=DAY + timedelta(days=number))
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(reverse("work-list")).context["rows"]) == 45


def test_check_points_take_the_update_of_several_as_well(cast: Cast):
    march, june, *_ = one_job(cast)
    bulk(cast.health_officer, [march, june], do="update", percent=40, words="Đã rà soát.")
    assert [state_of(one) for one in (march, june)] == [State.COMPLETED] * 2
