"""One entry of progress for several plans: who links items, what an update of one writes on the other, and what it leaves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Membership, User
from plans.linking import candidates, ended_links_of, links_of
from plans.models import Evidence, ItemLink, Plan, TaskLink, Update, WorkItem
from plans.models.occurrence import OccurrenceKind, State
from plans.models.work import TAKEN, NewEvidence
from tests.cast import Cast
from tests.factories import MembershipFactory, PlanFactory, TaskFactory, person, work_item
from workdays.clock import today

DAY = date(2024, 6, 5)


@dataclass
class Two:
    """Items of Sở Y tế in the plan of Sở Nội vụ and in one of Sở Tư pháp, and the coordinator of the latter."""

    here: WorkItem
    there: WorkItem
    other_plan: Plan
    other_coordinator: User


@pytest.fixture
def two(cast: Cast) -> Two:
    """Return two items that nobody has linked yet."""
    plan = PlanFactory(province=cast.province, number="90/KH-UBND", coordinating_agency=cast.justice)
    coordinator = person(cast.justice, Membership.Role.COORDINATOR)
    return Two(work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=plan), plan, coordinator)


def linked(cast: Cast, two: Two) -> ItemLink:
    return ItemLink.make(two.here, two.there, by=cast.health_officer, on=DAY)


def updated(item: WorkItem, by: User, on: date = DAY, **details: Any) -> Update:
    return item.record_update(by=by, on=on, **({"percent": 60, "words": "Đã rà soát 12 thủ tục."} | details))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def one_job(cast: Cast, plan: Plan) -> list[WorkItem]:
    """Return a check-point 30/6 and the delivery 31/12 of one job of Sở Y tế."""
    days = [date(2024, 6, 30), date(2024, 12, 31)]
    task = TaskFactory(plan=plan, deadline__due_dates=days, deadline__completes="final")
    kinds = [OccurrenceKind.CHECK_POINT, OccurrenceKind.DELIVERY]
    return [
        work_item(cast.health, task=task, due=day, kind=kind, ordinal=ordinal)
        for ordinal, (day, kind) in enumerate(zip(days, kinds, strict=True), start=1)
    ]


# Linking


@pytest.mark.parametrize("who", ["health_officer", "coordinator"])
def test_the_agencys_people_and_a_coordinator_who_reads_both_link(cast: Cast, two: Two, who: str):
    by = getattr(cast, who)
    if who == "coordinator":
        MembershipFactory(user=by, agency=cast.justice, role=Membership.Role.COORDINATOR)
    link = ItemLink.make(two.there, two.here, by=by, on=DAY)
    assert (link.made_by, link.made_on, {link.item_id, link.other_id}) == (by, DAY, {two.here.pk, two.there.pk})
    assert link.item_id < link.other_id


@pytest.mark.parametrize("who", ["justice_officer", "commune_officer", "viewer", "stranger"])
def test_nobody_else_links(cast: Cast, two: Two, who: str):
    with pytest.raises(ValidationError, match="không được liên kết"):
        ItemLink.make(two.here, two.there, by=getattr(cast, who), on=DAY)
    assert not ItemLink.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "other_coordinator"])
def test_a_coordinator_makes_no_link_to_words_of_a_plan_that_they_may_not_read(cast: Cast, two: Two, who: str):
    by = getattr(two, who, None) or getattr(cast, who)
    here, there = (two.here, two.there) if who == "coordinator" else (two.there, two.here)
    with pytest.raises(ValidationError, match="không được liên kết"):
        ItemLink.make(here, there, by=by, on=DAY)
    assert not candidates(here, by)
    client = APIClient()
    client.force_login(by)
    assert client.post(reverse("api-item-link-list"), {"item": here.pk, "other": there.pk}).status_code == 400
    updated(there, cast.health_officer)
    assert not ItemLink.objects.exists()
    assert not here.updates.exists()


def test_a_second_click_makes_no_second_link(cast: Cast, two: Two):
    first = linked(cast, two)
    second = ItemLink.make(two.there, two.here, by=cast.health_officer, on=DAY)
    assert (first.pk, ItemLink.objects.count()) == (second.pk, 1)


def test_two_items_of_one_plan_are_not_linked(cast: Cast, two: Two):
    with pytest.raises(ValidationError, match="hai kế hoạch khác nhau"):
        ItemLink.make(two.here, work_item(cast.health, plan=cast.plan), by=cast.health_officer, on=DAY)


def test_items_of_two_agencies_are_not_linked(cast: Cast, two: Two):
    with pytest.raises(ValidationError, match="cùng một cơ quan"):
        ItemLink.make(two.here, work_item(cast.justice, plan=two.other_plan), by=cast.coordinator, on=DAY)


def test_a_plan_that_is_over_is_not_linked_with(cast: Cast, two: Two):
    Plan.objects.filter(pk=two.other_plan.pk).update(status=Plan.Status.CLOSED)
    there = WorkItem.objects.get(pk=two.there.pk)
    with pytest.raises(ValidationError, match="đang theo dõi"):
        ItemLink.make(two.here, there, by=cast.health_officer, on=DAY)


def test_finished_work_is_not_linked(cast: Cast, two: Two):
    WorkItem.objects.filter(pk=two.there.pk).update(state=State.COMPLETED, completed_on=DAY)
    with pytest.raises(ValidationError, match="đã khép lại"):
        linked(cast, two)


def test_a_report_is_not_linked(cast: Cast, two: Two):
    two.there.task.is_report = True
    with pytest.raises(ValidationError, match="Nhiệm vụ báo cáo"):
        linked(cast, two)


def test_a_link_that_was_taken_away_stays_in_the_history_and_can_be_made_anew(cast: Cast, two: Two):
    link = linked(cast, two)
    link.end(by=two.other_coordinator, on=date(2024, 6, 9))
    assert (links_of(two.here), ended_links_of(two.there)) == ([], [link])
    assert (link.ended_by, link.ended_on) == (two.other_coordinator, date(2024, 6, 9))
    with pytest.raises(ValidationError, match="vừa được người khác bỏ"):
        link.end(by=cast.health_officer, on=DAY)
    assert linked(cast, two).pk != link.pk


def test_a_stranger_takes_no_link_away(cast: Cast, two: Two):
    link = linked(cast, two)
    with pytest.raises(ValidationError, match="không được bỏ"):
        link.end(by=cast.justice_officer, on=DAY)
    assert links_of(two.here) == [link]


def test_the_database_keeps_a_link_single_and_in_one_order(cast: Cast, two: Two):
    link = linked(cast, two)
    same = {"item_id": link.item_id, "other_id": link.other_id, "made_by": cast.health_officer, "made_on": DAY}
    broken = [
        lambda: ItemLink.objects.create(**same),
        lambda: ItemLink.objects.create(**same | {"item_id": link.other_id, "other_id": link.item_id}),
        lambda: ItemLink.objects.update(ended_on=DAY),
    ]
    for wrong in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    assert ItemLink.objects.count() == 1


# Recording


def test_an_update_of_one_is_recorded_on_the_other_and_says_where_it_came_from(cast: Cast, two: Two):
    linked(cast, two)
    update = updated(two.here, cast.health_officer)
    copy = two.there.updates.get()
    assert (copy.shared_from, copy.by, copy.on, copy.percent, copy.words) == (
        update, cast.health_officer, DAY, 60, "Đã rà soát 12 thủ tục.",
    )  # fmt: skip
    two.there.refresh_from_db()
    assert (two.there.state, two.there.percent, two.there.last_update_on) == (State.IN_PROGRESS, 60, DAY)
    assert Update.objects.count() == 2


def test_it_works_in_both_directions(cast: Cast, two: Two):
    linked(cast, two)
    update = updated(two.there, cast.health_officer)
    assert [one.shared_from for one in two.here.updates.all()] == [update]


def test_evidence_is_shared_without_a_second_file(cast: Cast, two: Two, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    linked(cast, two)
    proof = NewEvidence(ContentFile(b"%PDF-1.7", name="bao-cao.pdf"), "Báo cáo.pdf", DAY)
    updated(two.here, cast.health_officer, evidence=[proof])
    rows = Evidence.objects.values_list("update__item", "name", "size", "dated_on", "file")
    first, second = rows.order_by("pk")
    assert {first[0], second[0]} == {two.here.pk, two.there.pk}
    assert first[1:] == second[1:]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_who_may_read_only_the_other_plan_opens_its_row_of_the_file(cast: Cast, two: Two, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    linked(cast, two)
    proof = NewEvidence(ContentFile(b"%PDF-1.7", name="bao-cao.pdf"), "Báo cáo.pdf")
    update = updated(two.here, cast.health_officer, evidence=[proof])
    client = browser(two.other_coordinator)
    answer = client.get(two.there.updates.get().evidence.get().get_absolute_url())
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert client.get(update.evidence.get().get_absolute_url()).status_code == 404


def test_one_row_of_a_shared_file_may_go_and_the_other_still_opens(cast: Cast, two: Two, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    linked(cast, two)
    proof = NewEvidence(ContentFile(b"%PDF-1.7", name="bao-cao.pdf"), "Báo cáo.pdf")
    update = updated(two.here, cast.health_officer, evidence=[proof])
    update.delete()
    copy = two.there.updates.get()
    assert copy.shared_from is None
    with copy.evidence.get().file.open("rb") as file:
        assert file.read() == b"%PDF-1.7"


@pytest.mark.parametrize("state", [State.HANDED_IN, State.COMPLETED, State.WAIVED, State.DECLINED])
def test_what_is_no_longer_open_takes_nothing(cast: Cast, two: Two, state: State):
    linked(cast, two)
    WorkItem.objects.filter(pk=two.there.pk).update(state=state, completed_on=DAY, handed_in_on=DAY)
    updated(two.here, cast.health_officer)
    assert (two.here.updates.count(), two.there.updates.count()) == (1, 0)


def test_a_plan_that_was_closed_meanwhile_takes_nothing(cast: Cast, two: Two):
    linked(cast, two)
    Plan.objects.filter(pk=two.other_plan.pk).update(status=Plan.Status.CLOSED)
    updated(two.here, cast.health_officer)
    assert two.there.updates.count() == 0


def test_a_link_that_was_taken_away_shares_nothing_more(cast: Cast, two: Two):
    linked(cast, two).end(by=cast.health_officer, on=DAY)
    updated(two.here, cast.health_officer)
    assert two.there.updates.count() == 0


def test_a_chain_of_links_shares_with_direct_neighbours_only_and_never_goes_round(cast: Cast, two: Two):
    third = work_item(cast.health, plan=PlanFactory(province=cast.province, coordinating_agency=cast.home_affairs))
    linked(cast, two)
    ItemLink.make(two.there, third, by=cast.health_officer, on=DAY)
    updated(two.here, cast.health_officer)
    assert [item.updates.count() for item in (two.here, two.there, third)] == [1, 1, 0]
    ItemLink.make(two.here, third, by=cast.health_officer, on=DAY)
    updated(two.here, cast.health_officer, percent=70)
    assert [item.updates.count() for item in (two.here, two.there, third)] == [2, 2, 1]


def test_handing_in_stays_separate(cast: Cast, two: Two):
    linked(cast, two)
    updated(two.here, cast.health_officer, percent=100)
    two.here.hand_in(by=cast.health_officer, on=DAY)
    two.here.confirm(by=cast.coordinator, on=DAY)
    two.there.refresh_from_db()
    assert (two.there.state, two.there.percent) == (State.IN_PROGRESS, 100)
    two.there.hand_in(by=cast.health_officer, on=DAY)
    assert two.there.state == State.HANDED_IN


def test_who_had_the_other_page_open_is_told_that_somebody_was_faster(cast: Cast, two: Two):
    linked(cast, two)
    stale = two.there.revision
    updated(two.here, cast.health_officer)
    with pytest.raises(ValidationError) as error:
        updated(two.there, cast.health_leader, revision=stale)
    assert error.value.messages == [TAKEN]


def test_when_one_update_fails_neither_is_recorded(cast: Cast, two: Two, monkeypatch):
    linked(cast, two)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Evidence.objects, "bulk_create", broken)
    with pytest.raises(RuntimeError):
        updated(two.here, cast.health_officer)
    assert (Update.objects.count(), WorkItem.objects.filter(state=State.IN_PROGRESS).count()) == (0, 0)


def test_a_correction_corrects_the_copy_as_well(cast: Cast, two: Two):
    linked(cast, two)
    wrong = updated(two.here, cast.health_officer)
    right = updated(two.here, cast.health_officer, corrects=wrong, words="Đã rà soát 21 thủ tục.")
    first, second = two.there.updates.order_by("pk")
    assert (first.shared_from, second.shared_from, second.corrects) == (wrong, right, first)


def test_figures_of_targets_are_not_shared(cast: Cast, two: Two):
    linked(cast, two)
    update = updated(two.here, cast.health_officer)
    assert (update.figures.count(), two.there.updates.get().figures.count()) == (0, 0)


# Tasks whose dates are one job


def test_a_link_of_one_job_stands_at_its_delivery_and_holds_for_every_date(cast: Cast, two: Two):
    check_point, delivery = one_job(cast, two.other_plan)
    link = ItemLink.make(two.here, check_point, by=cast.health_officer, on=DAY)
    assert {link.item_id, link.other_id} == {two.here.pk, delivery.pk}
    assert links_of(check_point) == links_of(delivery) == [link]
    updated(check_point, cast.health_officer, percent=30)
    assert two.here.updates.get().percent == 30


def test_an_update_from_elsewhere_answers_the_check_points_it_speaks_to(cast: Cast, two: Two):
    check_point, delivery = one_job(cast, two.other_plan)
    ItemLink.make(two.here, delivery, by=cast.health_officer, on=DAY)
    updated(two.here, cast.health_officer, percent=40)
    check_point.refresh_from_db()
    delivery.refresh_from_db()
    assert (check_point.state, check_point.completed_on) == (State.COMPLETED, DAY)
    assert (delivery.state, delivery.percent, delivery.updates.count()) == (State.IN_PROGRESS, 40, 1)


# Two people at once


@pytest.mark.django_db(transaction=True)
def test_two_people_at_two_linked_items_never_wait_for_each_other_in_a_circle(two: Two, cast: Cast):
    linked(cast, two)
    start = Barrier(2)

    def work(pk: int) -> list[str]:
        faults = []
        try:
            start.wait(10)
            for _ in range(12):
                try:
                    updated(WorkItem.objects.get(pk=pk), cast.health_officer)
                except ValidationError as error:  # pragma: no cover
                    faults += error.messages
        finally:
            connection.close()
        return faults

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, [two.here.pk, two.there.pk])) == [[], []]
    assert [item.updates.count() for item in (two.here, two.there)] == [24, 24]


# What is offered


def test_linked_tasks_are_offered_first_then_alike_words_then_the_rest(cast: Cast, two: Two):
    two.here.task.text = "Rà soát, đơn giản hóa thủ tục hành chính"
    alike = two.there.task
    alike.text = "Thường xuyên rà soát, đơn giản hóa thủ tục hành chính, giảm giấy tờ"
    alike.save()
    tied = work_item(cast.health, task=TaskFactory(plan=two.other_plan, text="Tập huấn kỹ năng giao tiếp"))
    rest = work_item(cast.health, task=TaskFactory(plan=two.other_plan, text="Mua sắm xe"))
    TaskLink.objects.create(task=tied.task, parent_task=two.here.task, made_by=cast.coordinator, made_on=DAY)
    offered = candidates(two.here, cast.health_officer)
    assert [one.item for one in offered] == [tied, two.there, rest]
    assert [one.is_suggested for one in offered] == [True, True, False]


def test_only_open_work_of_the_agency_in_other_active_plans_is_offered(cast: Cast, two: Two):
    draft = PlanFactory(province=cast.province, coordinating_agency=cast.justice, status=Plan.Status.CLOSED)
    check_point, delivery = one_job(cast, two.other_plan)
    for item in [
        work_item(cast.health, plan=cast.plan),
        work_item(cast.justice, plan=two.other_plan),
        work_item(cast.health, plan=draft),
        work_item(cast.health, task=TaskFactory(plan=two.other_plan, is_report=True)),
        work_item(cast.health, plan=two.other_plan, state=State.COMPLETED, completed_on=DAY),
    ]:
        assert item.pk
    offered = {one.item for one in candidates(two.here, cast.health_officer)}
    assert offered == {two.there, delivery}
    linked(cast, two)
    assert {one.item for one in candidates(two.here, cast.health_officer)} == {delivery}
    assert check_point not in offered


# Pages and API


def test_a_person_links_on_the_page_and_the_next_update_says_where_it_went(cast: Cast, two: Two):
    client = browser(cast.health_officer)
    page = client.get(reverse("work-link", args=[two.here.pk]))
    assert "90/KH-UBND" in page.content.decode()
    answer = client.post(reverse("work-link", args=[two.here.pk]), {"other": two.there.pk}, follow=True)
    number = two.there.task.position
    assert said(answer) == [
        f"Đã liên kết. Cập nhật tiến độ từ nay được ghi cùng lúc cho Kế hoạch 90/KH-UBND (nhiệm vụ {number})."
    ]
    body = {"percent": 60, "words": "Đã làm.", "revision": two.here.revision}
    answer = client.post(two.here.get_absolute_url(), body, follow=True)
    assert said(answer) == [
        "Đã ghi cập nhật tiến độ.", f"Đã ghi cùng lúc cho Kế hoạch 90/KH-UBND (nhiệm vụ {number}).",
    ]  # fmt: skip
    there = client.get(two.there.get_absolute_url()).content.decode()
    assert "Ghi cùng cập nhật ở Kế hoạch 82/KH-UBND" in there


def test_the_page_says_where_an_update_was_not_recorded(cast: Cast, two: Two):
    linked(cast, two)
    WorkItem.objects.filter(pk=two.there.pk).update(state=State.HANDED_IN, handed_in_on=DAY)
    body = {"percent": 60, "words": "Đã làm.", "revision": two.here.revision}
    answer = browser(cast.health_officer).post(two.here.get_absolute_url(), body, follow=True)
    assert len(said(answer)) == 2
    assert said(answer)[1].startswith("Không ghi cho Kế hoạch 90/KH-UBND")
    assert "chờ xác nhận" in said(answer)[1]


@pytest.mark.parametrize("other", ["", "x", "999999999"])
def test_the_page_links_nothing_that_it_did_not_offer(cast: Cast, two: Two, other: str):
    url = reverse("work-link", args=[two.here.pk])
    browser(cast.health_officer).post(url, {"other": other})
    browser(cast.health_officer).post(url, {"other": str(work_item(cast.justice, plan=two.other_plan).pk)})
    assert not ItemLink.objects.exists()


def test_unlinking_on_the_page_leaves_history(cast: Cast, two: Two):
    link = linked(cast, two)
    client = browser(cast.health_officer)
    answer = client.post(reverse("work-unlink", args=[two.here.pk]), {"link": link.pk}, follow=True)
    assert said(answer) == ["Đã bỏ liên kết; những gì đã ghi ở hai kế hoạch được giữ nguyên."]
    assert "Liên kết đã bỏ" in answer.content.decode()
    answer = client.post(reverse("work-unlink", args=[two.here.pk]), {"link": link.pk}, follow=True)
    assert said(answer) == ["Liên kết này không còn. Hãy tải lại trang."]


def test_a_link_of_another_item_is_not_taken_away_from_here(cast: Cast, two: Two):
    link = linked(cast, two)
    elsewhere = work_item(cast.health, plan=cast.plan)
    browser(cast.health_officer).post(reverse("work-unlink", args=[elsewhere.pk]), {"link": link.pk})
    link.refresh_from_db()
    assert link.ended_on is None


def test_the_api_links_lists_and_ends(cast: Cast, two: Two):
    client = APIClient()
    client.force_login(cast.health_officer)
    body = {"item": two.here.pk, "other": two.there.pk}
    made = client.post(reverse("api-item-link-list"), body, format="json")
    assert made.status_code == 201
    listed = client.get(reverse("api-item-link-list"), {"item": two.here.pk}).json()["results"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    answer = client.post(reverse("api-work-item-updates", args=[two.here.pk]), {"percent": 5, "words": "Đã làm."})
    assert answer.status_code == 201
    copies = client.get(reverse("api-work-item-updates", args=[two.there.pk])).json()
    assert [one["shared_from"] for one in copies] == [answer.json()["id"]]
    ended = client.post(reverse("api-item-link-end", args=[made.json()["id"]]))
    assert ended.json()["ended_on"] == today().isoformat()
    wrong = client.post(reverse("api-item-link-list"), body | {"other": 10**9}, format="json")
    assert wrong.status_code == 400
