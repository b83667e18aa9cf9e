"""What an officer and a coordinator may do with a work item, and what the day makes of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Membership
from plans.models import Assignment, Deadline, Evidence, Plan, Update, WorkItem
from plans.models.occurrence import OccurrenceKind, State, Timeliness
from plans.models.plan import Role
from plans.models.work import CLOSED, FOR_THE_REPORT, TAKEN, NewEvidence
from tests.cast import Cast
from tests.factories import MembershipFactory, TaskFactory, person, work_item
from workdays.models import SpecialDay

DUE = date(2024, 6, 30)
DAY = date(2024, 6, 20)


def updated(item: WorkItem, by, on: date = DAY, **details) -> Update:
    """Record an update that says little."""
    return item.record_update(by=by, on=on, **({"percent": 50, "words": "Đã ban hành kế hoạch."} | details))


def handed_in(cast: Cast, on: date = DAY, **details) -> WorkItem:
    """Return an item of Sở Y tế that its officer has handed in."""
    item = work_item(cast.health, plan=cast.plan, **details)
    updated(item, cast.health_officer, on)
    item.hand_in(by=cast.health_officer, on=on)
    return item


def one_job(cast: Cast, agency=None) -> list[WorkItem]:
    """Return check-points 31/3, 30/6, 30/9 and the delivery 31/12 of one job."""
    days = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    task = TaskFactory(plan=cast.plan, deadline__due_dates=days, deadline__completes="final")
    kinds = [OccurrenceKind.CHECK_POINT] * 3 + [OccurrenceKind.DELIVERY]
    return [
        work_item(agency or cast.health, task=task, due=day, kind=kind, ordinal=ordinal)
        for ordinal, (day, kind) in enumerate(zip(days, kinds, strict=True), start=1)
    ]


def states(items: list[WorkItem]) -> list[str]:
    """Return the states as the database has them."""
    return [WorkItem.objects.get(pk=item.pk).state for item in items]


# Updates


def test_an_update_is_kept_with_who_when_how_far_and_in_which_words(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    update = updated(item, cast.health_officer, percent=40, words="  Đã rà soát 12 thủ tục.  ")
    item.refresh_from_db()
    assert (update.by, update.on, update.percent, update.words) == (
        cast.health_officer, DAY, 40, "Đã rà soát 12 thủ tục.",
    )  # fmt: skip
    assert (item.state, item.percent, item.last_update_on) == (State.IN_PROGRESS, 40, DAY)


def test_a_correction_is_another_update_and_the_first_stays(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    wrong = updated(item, cast.health_officer, percent=90, words="Đã xong 90 %.")
    updated(item, cast.health_officer, percent=60, words="Đính chính: 60 %.", corrects=wrong)
    assert [update.percent for update in item.updates.all()] == [90, 60]
    assert item.updates.last().corrects == wrong
    item.refresh_from_db()
    assert item.percent == 60


@pytest.mark.parametrize("percent", [-1, 101, 1000])
def test_progress_is_between_0_and_100_percent(cast: Cast, percent: int):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(ValidationError) as refusal:
        updated(item, cast.health_officer, percent=percent)
    assert refusal.value.message_dict == {"percent": ["Tiến độ là số từ 0 đến 100."]}
    assert not item.updates.exists()


def test_the_database_itself_keeps_percent_below_101(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(IntegrityError, match="percent_is_at_most_100"), transaction.atomic():
        WorkItem.objects.filter(pk=item.pk).update(percent=101)
    assert item.percent == 0


def test_an_update_without_words_is_refused(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(ValidationError) as refusal:
        updated(item, cast.health_officer, words="   ")
    assert "words" in refusal.value.message_dict
    assert not item.updates.exists()


def test_the_parent_fills_in_for_a_commune_and_the_update_says_so(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    assert updated(item, cast.district_officer).on_behalf is True
    assert updated(item, cast.commune_officer).on_behalf is False


@pytest.mark.parametrize("who", ["justice_officer", "coordinator", "viewer", "stranger", "commune_officer"])
def test_nobody_else_updates_or_hands_in(cast: Cast, who: str):
    item = work_item(cast.health, plan=cast.plan)
    updated(item, cast.health_officer)
    with pytest.raises(ValidationError, match="không được cập nhật đầu việc của cơ quan này"):
        updated(item, getattr(cast, who))
    with pytest.raises(ValidationError, match="không được cập nhật đầu việc của cơ quan này"):
        item.hand_in(by=getattr(cast, who), on=DAY)
    assert item.updates.count() == 1
    assert states([item]) == [State.IN_PROGRESS]


def test_a_child_does_not_write_for_its_parent(cast: Cast):
    item = work_item(cast.district, plan=cast.plan)
    with pytest.raises(ValidationError, match="không được cập nhật"):
        updated(item, cast.commune_officer)
    assert not item.updates.exists()


def test_who_has_left_the_agency_no_longer_writes(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    leaver = person(cast.health)
    leaver.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="không được cập nhật"):
        updated(item, leaver)
    assert not item.updates.exists()


def test_of_two_stale_pages_the_second_is_refused_and_the_first_update_stays(cast: Cast):
    pk = work_item(cast.health, plan=cast.plan).pk
    mine, colleagues = WorkItem.objects.get(pk=pk), WorkItem.objects.get(pk=pk)
    updated(mine, cast.health_officer, percent=70, words="Của tôi.", revision=mine.revision)
    with pytest.raises(ValidationError, match="người khác xử lý") as refusal:
        updated(colleagues, cast.health_leader, percent=10, words="Của bạn.", revision=colleagues.revision)
    assert refusal.value.code == "taken"
    assert refusal.value.messages == [TAKEN]
    assert [update.words for update in mine.updates.all()] == ["Của tôi."]
    assert WorkItem.objects.get(pk=pk).percent == 70


def test_two_clicks_on_hand_in_make_one_event(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    updated(item, cast.health_officer)
    first, second = WorkItem.objects.get(pk=item.pk), WorkItem.objects.get(pk=item.pk)
    first.hand_in(by=cast.health_officer, on=DAY)
    with pytest.raises(ValidationError, match="người khác xử lý"):
        second.hand_in(by=cast.health_officer, on=DAY)
    assert item.events.count() == 1


def test_two_coordinators_decide_once(cast: Cast):
    item = handed_in(cast)
    other = person(cast.home_affairs, Membership.Role.COORDINATOR)
    first, second = WorkItem.objects.get(pk=item.pk), WorkItem.objects.get(pk=item.pk)
    first.confirm(by=cast.coordinator, on=DAY)
    with pytest.raises(ValidationError, match="người khác xử lý"):
        second.send_back(by=other, on=DAY, reason="Thiếu số liệu.")
    assert states([item]) == [State.COMPLETED]
    assert list(item.events.values_list("kind", flat=True)) == ["handed_in", "confirmed"]


def test_evidence_keeps_its_name_size_and_own_date(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    file = ContentFile(b"%PDF-1.7 ...", name="bao-cao.pdf")
    updated(item, cast.health_officer, evidence=[NewEvidence(file, "Báo cáo số 15.pdf", date(2024, 6, 18))])
    evidence = Evidence.objects.get()
    assert (evidence.name, evidence.size, evidence.dated_on) == ("Báo cáo số 15.pdf", 12, date(2024, 6, 18))
    with evidence.file.open() as stored:
        assert stored.read() == b"%PDF-1.7 ..."


# Handing in, confirming, returning


def test_handing_in_stops_the_doers_clock_and_waits_for_confirmation(cast: Cast):
    item = handed_in(cast)
    item.refresh_from_db()
    assert (item.state, item.percent, item.handed_in_on, item.handed_in_by) == (
        State.HANDED_IN, 100, DAY, cast.health_officer,
    )  # fmt: skip
    assert item.timeliness(DUE + timedelta(days=30)) == Timeliness.ON_TIME


def test_nothing_is_handed_in_before_its_first_update(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(ValidationError, match="Hãy cập nhật kết quả thực hiện"):
        item.hand_in(by=cast.health_officer, on=DAY)
    assert states([item]) == [State.NOT_STARTED]


def test_what_waits_for_confirmation_takes_no_update(cast: Cast):
    item = handed_in(cast)
    with pytest.raises(ValidationError, match="đã đổi trạng thái"):
        updated(item, cast.health_officer, percent=10)
    assert item.updates.count() == 1


def test_the_day_of_handing_in_counts_not_the_day_of_confirming(cast: Cast):
    item = handed_in(cast, on=DUE)
    item.confirm(by=cast.coordinator, on=DUE + timedelta(days=40))
    item.refresh_from_db()
    assert (item.state, item.completed_on) == (State.COMPLETED, DUE)
    assert item.timeliness(DUE + timedelta(days=41)) == Timeliness.ON_TIME


def test_handed_in_the_day_after_the_due_date_is_late(cast: Cast):
    item = handed_in(cast, on=DUE + timedelta(days=1))
    item.confirm(by=cast.coordinator, on=DUE + timedelta(days=2))
    assert item.timeliness(DUE + timedelta(days=2)) == Timeliness.LATE


@pytest.mark.parametrize("who", ["health_leader", "justice_officer", "viewer", "stranger", "district_officer"])
def test_only_the_parent_agency_and_the_coordinator_confirm_or_return(cast: Cast, who: str):
    item = handed_in(cast)
    with pytest.raises(ValidationError, match="không được xác nhận đầu việc này"):
        item.confirm(by=getattr(cast, who), on=DAY)
    with pytest.raises(ValidationError, match="không được xác nhận đầu việc này"):
        item.send_back(by=getattr(cast, who), on=DAY, reason="Thiếu.")
    assert states([item]) == [State.HANDED_IN]
    assert item not in WorkItem.objects.confirmable_by(getattr(cast, who))


def test_the_district_confirms_for_its_communes(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    updated(item, cast.commune_officer)
    item.hand_in(by=cast.commune_officer, on=DAY)
    assert list(WorkItem.objects.confirmable_by(cast.district_officer)) == [item]
    item.confirm(by=cast.district_officer, on=DAY)
    assert states([item]) == [State.COMPLETED]


def test_the_doer_never_confirms_even_when_filling_in_for_a_commune(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    updated(item, cast.district_officer)
    item.hand_in(by=cast.district_officer, on=DAY)
    with pytest.raises(ValidationError, match="người báo hoàn thành không tự xác nhận"):
        item.confirm(by=cast.district_officer, on=DAY)
    assert item not in WorkItem.objects.confirmable_by(cast.district_officer)
    item.confirm(by=person(cast.district), on=DAY)
    assert states([item]) == [State.COMPLETED]


def test_the_coordinating_agencys_own_delivery_needs_the_superiors_document_and_another_person(cast: Cast):
    item = work_item(cast.home_affairs, plan=cast.plan)
    updated(item, cast.coordinator)
    item.hand_in(by=cast.coordinator, on=DAY)
    colleague = person(cast.home_affairs, Membership.Role.COORDINATOR)
    with pytest.raises(ValidationError, match="người báo hoàn thành không tự xác nhận"):
        item.confirm(by=cast.coordinator, on=DAY, document="Quyết định số 12/QĐ-UBND")
    with pytest.raises(ValidationError) as refusal:
        item.confirm(by=colleague, on=DAY, document="  ")
    assert "document" in refusal.value.message_dict
    item.confirm(by=colleague, on=DAY, document="Thông báo số 45/TB-UBND ngày 25/6/2024 của UBND tỉnh")
    assert states([item]) == [State.COMPLETED]
    assert item.events.last().words == "Thông báo số 45/TB-UBND ngày 25/6/2024 của UBND tỉnh"


def test_a_return_needs_a_reason_and_keeps_it(cast: Cast):
    item = handed_in(cast)
    with pytest.raises(ValidationError) as refusal:
        item.send_back(by=cast.coordinator, on=DAY, reason=" ")
    assert "reason" in refusal.value.message_dict
    item.send_back(by=cast.coordinator, on=DAY, reason="Thiếu số liệu quý II.")
    event = item.events.last()
    assert (event.kind, event.by, event.words) == ("returned", cast.coordinator, "Thiếu số liệu quý II.")
    assert states([item]) == [State.IN_PROGRESS]


def test_a_return_gives_three_working_days_over_weekends_and_holidays(cast: Cast):
    SpecialDay.objects.create(date=date(2024, 6, 24), kind=SpecialDay.Kind.HOLIDAY, name="Ngày nghỉ thử")
    item = handed_in(cast)
    item.send_back(by=cast.coordinator, on=date(2024, 6, 20), reason="Thiếu.")  # a Thursday
    assert item.return_until == date(2024, 6, 26)


def test_handing_in_again_within_the_grace_counts_as_the_first_day(cast: Cast):
    item = handed_in(cast, on=DUE)
    item.send_back(by=cast.coordinator, on=date(2024, 7, 1), reason="Thiếu.")
    again = date(2024, 7, 4)
    assert item.return_until == again
    assert item.timeliness(again) == Timeliness.IN_TIME
    item.hand_in(by=cast.health_officer, on=again)
    item.confirm(by=cast.coordinator, on=date(2024, 7, 10))
    assert item.completed_on == DUE
    assert item.timeliness(date(2024, 7, 10)) == Timeliness.ON_TIME


def test_handing_in_after_the_grace_counts_on_its_own_day(cast: Cast):
    item = handed_in(cast, on=DUE)
    item.send_back(by=cast.coordinator, on=date(2024, 7, 1), reason="Thiếu.")
    assert item.timeliness(date(2024, 7, 5)) == Timeliness.OVERDUE
    item.hand_in(by=cast.health_officer, on=date(2024, 7, 5))
    assert item.handed_in_on == date(2024, 7, 5)


def test_a_page_opened_before_the_return_still_keeps_the_first_day(cast: Cast):
    item = handed_in(cast, on=DUE)
    stale = WorkItem.objects.get(pk=item.pk)
    item.send_back(by=cast.coordinator, on=date(2024, 7, 1), reason="Thiếu.")
    stale.hand_in(by=cast.health_officer, on=date(2024, 7, 2))
    assert stale.handed_in_on == DUE


def test_the_overdue_list_leaves_out_what_is_being_mended_in_time(cast: Cast):
    item = handed_in(cast, on=DUE)
    item.send_back(by=cast.coordinator, on=date(2024, 7, 1), reason="Thiếu.")
    assert not WorkItem.objects.overdue(date(2024, 7, 4)).exists()
    assert list(WorkItem.objects.overdue(date(2024, 7, 5))) == [item]


# Report tasks


def test_a_report_task_is_not_handed_in_confirmed_or_returned_by_hand(cast: Cast):
    task = TaskFactory(plan=cast.plan, is_report=True)
    item = work_item(cast.health, task=task)
    updated(item, cast.health_officer)
    with pytest.raises(ValidationError, match="hãy nộp báo cáo của kỳ"):
        item.hand_in(by=cast.health_officer, on=DAY)
    item.hand_in(by=cast.health_officer, on=DAY, through_report=True)
    with pytest.raises(ValidationError) as refusal:
        item.confirm(by=cast.coordinator, on=DAY)
    assert refusal.value.messages == [FOR_THE_REPORT]
    with pytest.raises(ValidationError) as refusal:
        item.send_back(by=cast.coordinator, on=DAY, reason="Thiếu.")
    assert refusal.value.messages == [FOR_THE_REPORT]
    assert item not in WorkItem.objects.confirmable_by(cast.coordinator)
    assert states([item]) == [State.HANDED_IN]


# Check-points


def test_an_update_answers_the_check_point_and_shows_at_the_delivery(cast: Cast):
    march, june, september, delivery = one_job(cast)
    updated(march, cast.health_officer, on=date(2024, 3, 29), percent=20)
    assert states([march, june, september, delivery]) == ["completed", "not_started", "not_started", "in_progress"]
    delivery.refresh_from_db()
    assert delivery.percent == 20
    march.refresh_from_db()
    assert march.timeliness(date(2024, 4, 30)) == Timeliness.ON_TIME


def test_an_update_of_one_check_point_does_not_answer_the_next(cast: Cast):
    march, june, september, delivery = one_job(cast)
    updated(june, cast.health_officer, on=date(2024, 6, 1))
    assert states([march, june, september, delivery]) == ["completed", "completed", "not_started", "in_progress"]


def test_an_update_of_the_delivery_answers_the_check_point_to_come_and_the_missed_ones(cast: Cast):
    march, june, september, delivery = one_job(cast)
    updated(delivery, cast.health_officer, on=date(2024, 5, 6))
    assert states([march, june, september, delivery]) == ["completed", "completed", "not_started", "in_progress"]
    march.refresh_from_db()
    june.refresh_from_db()
    assert march.timeliness(date(2024, 5, 6)) == Timeliness.LATE
    assert june.timeliness(date(2024, 5, 6)) == Timeliness.ON_TIME


def test_progress_of_one_agency_answers_nothing_for_another(cast: Cast):
    mine = one_job(cast)
    others = [
        work_item(cast.justice, task=mine[0].task, due=item.due_date, kind=item.kind, ordinal=ordinal)
        for ordinal, item in enumerate(mine, start=1)
    ]
    updated(mine[0], cast.health_officer, on=date(2024, 3, 20))
    assert states(others) == ["not_started"] * 4


def test_a_check_point_is_never_handed_in_or_confirmed(cast: Cast):
    march, *_ = one_job(cast)
    with pytest.raises(ValidationError, match="không cần báo hoàn thành"):
        march.hand_in(by=cast.health_officer, on=date(2024, 3, 20))
    updated(march, cast.health_officer, on=date(2024, 3, 20))
    with pytest.raises(ValidationError, match="đã đổi trạng thái"):
        march.confirm(by=cast.coordinator, on=date(2024, 3, 21))
    assert not march.events.exists()


def test_a_second_update_of_a_check_point_keeps_the_day_on_which_it_was_answered(cast: Cast):
    march, *_ = one_job(cast)
    updated(march, cast.health_officer, on=date(2024, 3, 29))
    updated(march, cast.health_officer, on=date(2024, 4, 5), words="Bổ sung số liệu.")
    march.refresh_from_db()
    assert march.completed_on == date(2024, 3, 29)
    assert march.last_update_on == date(2024, 4, 5)
    assert march.updates.count() == 2


def test_a_missed_check_point_is_not_updated_rather_than_overdue(cast: Cast):
    march, *_ = one_job(cast)
    assert march.timeliness(date(2024, 3, 31)) == Timeliness.NEARLY_DUE
    assert march.timeliness(date(2024, 4, 1)) == Timeliness.NOT_UPDATED


def test_finishing_the_delivery_closes_the_check_points_that_remain(cast: Cast):
    march, june, september, delivery = one_job(cast)
    updated(delivery, cast.health_officer, on=date(2024, 3, 25), percent=100)
    delivery.hand_in(by=cast.health_officer, on=date(2024, 3, 25))
    assert states([june, september]) == ["not_started", "not_started"]
    delivery.confirm(by=cast.coordinator, on=date(2024, 7, 8))
    assert states([march, june, september, delivery]) == ["completed"] * 4
    june.refresh_from_db()
    assert june.completed_on == date(2024, 3, 25), "closed by the day of the work, not by the day somebody looked at it"


def test_separate_deliveries_of_one_task_stay_separate(cast: Cast):
    task = TaskFactory(plan=cast.plan, deadline__completes="each", deadline__due_dates=[DUE, date(2024, 9, 30)])
    june = work_item(cast.health, task=task, due=DUE)
    september = work_item(cast.health, task=task, due=date(2024, 9, 30), ordinal=2)
    updated(june, cast.health_officer)
    june.hand_in(by=cast.health_officer, on=DAY)
    june.confirm(by=cast.coordinator, on=DAY)
    assert states([june, september]) == ["completed", "not_started"]


# Waiving, the officer in charge


def test_the_coordinator_waives_with_a_reason(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(ValidationError) as refusal:
        item.waive(by=cast.coordinator, on=DAY, reason="")
    assert "reason" in refusal.value.message_dict
    item.waive(by=cast.coordinator, on=DAY, reason="Không có thủ tục hành chính thuộc lĩnh vực này.")
    assert states([item]) == [State.WAIVED]
    assert item.events.last().words == "Không có thủ tục hành chính thuộc lĩnh vực này."
    assert not WorkItem.objects.overdue(date(2025, 1, 1)).exists()


@pytest.mark.parametrize("who", ["health_leader", "health_officer", "viewer", "stranger"])
def test_nobody_but_the_coordinator_waives(cast: Cast, who: str):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        item.waive(by=getattr(cast, who), on=DAY, reason="Bận.")
    assert states([item]) == [State.NOT_STARTED]


def test_waiving_the_delivery_of_one_job_waives_its_open_check_points(cast: Cast):
    march, june, september, delivery = one_job(cast)
    updated(march, cast.health_officer, on=date(2024, 3, 20))
    delivery.waive(by=cast.coordinator, on=DAY, reason="Không phát sinh.")
    assert states([march, june, september, delivery]) == ["completed", "waived", "waived", "waived"]


def test_an_item_is_given_only_to_somebody_who_works_in_the_agency_today(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    item.give_to(cast.health_leader, by=cast.health_officer)
    item.refresh_from_db()
    assert item.responsible == cast.health_leader
    former = person(cast.health)
    former.memberships.update(valid_to=date(2024, 1, 1))
    for somebody in (cast.justice_officer, former):
        with pytest.raises(ValidationError, match="phải thuộc cơ quan thực hiện"):
            item.give_to(somebody, by=cast.health_officer)
    with pytest.raises(ValidationError, match="không được cập nhật"):
        item.give_to(None, by=cast.justice_officer)
    item.refresh_from_db()
    assert item.responsible == cast.health_leader


# A plan that is closed


def test_in_a_closed_plan_nothing_changes_any_more(cast: Cast):
    pending, other = handed_in(cast), work_item(cast.health, plan=cast.plan)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    pending, other = WorkItem.objects.get(pk=pending.pk), WorkItem.objects.get(pk=other.pk)
    for verb in (
        lambda: updated(other, cast.health_officer),
        lambda: other.hand_in(by=cast.health_officer, on=DAY),
        lambda: pending.confirm(by=cast.coordinator, on=DAY),
        lambda: pending.send_back(by=cast.coordinator, on=DAY, reason="Thiếu."),
    ):
        with pytest.raises(ValidationError) as refusal:
            verb()
        assert refusal.value.messages == [CLOSED]
    with pytest.raises(ValidationError):
        other.waive(by=cast.coordinator, on=DAY, reason="Thôi.")
    assert states([pending, other]) == [State.HANDED_IN, State.NOT_STARTED]


def test_a_page_opened_before_the_plan_was_closed_changes_nothing(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    stale = WorkItem.objects.select_related("task__plan", "task__deadline").get(pk=item.pk)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    with pytest.raises(ValidationError, match="đã đổi trạng thái"):
        updated(stale, cast.health_officer)
    assert not item.updates.exists()


# Timeliness: a state, a day, and what people read


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DUE - timedelta(days=8), Timeliness.IN_TIME),
        (DUE - timedelta(days=7), Timeliness.NEARLY_DUE),
        (DUE, Timeliness.NEARLY_DUE),
        (DUE + timedelta(days=1), Timeliness.OVERDUE),
        (DUE + timedelta(days=300), Timeliness.OVERDUE),
    ],
)
@pytest.mark.parametrize("state", [State.NOT_STARTED, State.IN_PROGRESS])
def test_an_open_item_is_overdue_from_the_day_after_its_due_date(cast: Cast, day, expected, state):
    item = work_item(cast.health, plan=cast.plan, state=state)
    assert item.timeliness(day) == expected
    assert WorkItem.objects.overdue(day).exists() is (expected == Timeliness.OVERDUE)
    assert WorkItem.objects.nearly_due(day).exists() is (expected == Timeliness.NEARLY_DUE)


@pytest.mark.parametrize("state", [State.DECLINED, State.WAIVED])
def test_what_is_not_owed_any_more_is_never_overdue(cast: Cast, state):
    item = work_item(cast.health, plan=cast.plan, state=state)
    assert item.timeliness(DUE + timedelta(days=1)) == Timeliness.IN_TIME
    assert not WorkItem.objects.overdue(DUE + timedelta(days=1)).exists()


@pytest.mark.parametrize("state", [State.HANDED_IN, State.COMPLETED])
@pytest.mark.parametrize(("done", "expected"), [(DUE, Timeliness.ON_TIME), (DUE + timedelta(days=1), Timeliness.LATE)])
def test_finished_work_is_on_time_or_late_by_the_day_of_handing_in(cast: Cast, state, done, expected):
    completed = done if state == State.COMPLETED else None
    item = work_item(cast.health, plan=cast.plan, state=state, handed_in_on=done, completed_on=completed)
    assert item.timeliness(date(2025, 1, 1)) == expected
    assert not WorkItem.objects.overdue(date(2025, 1, 1)).exists()


def test_without_a_due_date_there_is_no_deadline_in_any_state(cast: Cast):
    item = work_item(cast.health, plan=cast.plan, due=None)
    for state in State:
        item.state = state
        assert item.timeliness(date(2030, 1, 1)) == Timeliness.NO_DEADLINE
    assert not WorkItem.objects.overdue(date(2030, 1, 1)).exists()


def test_an_ambiguous_date_makes_nothing_overdue_before_a_person_has_confirmed_it(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    later = DUE + timedelta(days=1)
    Deadline.objects.filter(task=item.task_id).update(ambiguous=True)
    item = WorkItem.objects.get(pk=item.pk)
    assert item.timeliness(later) == Timeliness.NO_DEADLINE
    assert not WorkItem.objects.overdue(later).exists()
    Deadline.objects.filter(task=item.task_id).update(confirmed_on=DAY, confirmed_by=cast.coordinator)
    item = WorkItem.objects.get(pk=item.pk)
    assert item.timeliness(later) == Timeliness.OVERDUE
    assert list(WorkItem.objects.overdue(later)) == [item]


# Who sees the words


@pytest.mark.parametrize("who", ["health_officer", "health_leader", "coordinator", "viewer"])
def test_words_are_for_the_agency_the_coordinator_and_the_viewer(cast: Cast, who: str):
    item = handed_in(cast)
    assert list(WorkItem.objects.visible_to(getattr(cast, who))) == [item]
    assert Update.objects.visible_to(getattr(cast, who)).count() == 1


@pytest.mark.parametrize("who", ["justice_officer", "district_officer", "commune_officer"])
def test_others_of_the_province_see_the_state_and_not_the_words(cast: Cast, who: str):
    item = handed_in(cast)
    assert list(WorkItem.objects.state_visible_to(getattr(cast, who))) == [item]
    assert not WorkItem.objects.visible_to(getattr(cast, who)).exists()
    assert not Update.objects.visible_to(getattr(cast, who)).exists()


def test_another_province_sees_neither(cast: Cast):
    handed_in(cast)
    assert not WorkItem.objects.state_visible_to(cast.stranger).exists()
    assert not WorkItem.objects.visible_to(cast.stranger).exists()


def test_the_parent_sees_the_words_of_its_units_only(cast: Cast):
    commune = work_item(cast.commune, plan=cast.plan)
    district = work_item(cast.district, plan=cast.plan)
    assert set(WorkItem.objects.visible_to(cast.district_officer)) == {commune, district}
    assert set(WorkItem.objects.visible_to(cast.commune_officer)) == {commune}


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.LEAD, True), (Role.MONITOR, True), (Role.COORDINATE, False), (Role.IMPLEMENT, False)]
)
def test_lead_and_monitoring_agencies_of_the_task_see_the_words_of_the_others(cast: Cast, role, sees):
    item = work_item(cast.health, plan=cast.plan)
    Assignment.objects.create(task=item.task, agency=cast.justice, role=role)
    assert (item in WorkItem.objects.visible_to(cast.justice_officer)) is sees


def test_a_person_in_two_agencies_sees_and_writes_for_both(cast: Cast):
    MembershipFactory(user=cast.justice_officer, agency=cast.health)
    item = work_item(cast.health, plan=cast.plan)
    assert updated(item, cast.justice_officer).on_behalf is False


# What the database keeps


def test_an_agency_owes_an_occurrence_once(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(IntegrityError, match="agency_owes_an_occurrence_once"), transaction.atomic():
        work_item(cast.health, task=item.task)
    assert WorkItem.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "name"), [("completed", "completed_item_has_its_day"), ("handed_in", "handed_in_item_has_its_day")]
)
def test_finished_states_have_their_day(cast: Cast, state: str, name: str):
    item = work_item(cast.health, plan=cast.plan)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        WorkItem.objects.filter(pk=item.pk).update(state=state)
    assert states([item]) == [State.NOT_STARTED]
