"""Who may ask for a later due date, who decides, and what becomes of the item."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from agencies.models import Membership
from plans.models import Extension, ExtensionEvent, Plan, WorkItem
from plans.models.extension_rules import (
    EXTENSION_TAKEN,
    FORWARDED_NEEDS_DOCUMENT,
    OF_THE_PERIOD,
    OWN_NEEDS_DOCUMENT,
    ExtensionState,
    SuperiorDocument,
    why_not_extendable,
)
from plans.models.occurrence import OccurrenceKind, State, Timeliness
from plans.models.work import CLOSED, ItemStep, NewEvidence
from tests.cast import Cast
from tests.factories import MembershipFactory, TaskFactory, person, work_item

DUE = date(2024, 6, 30)
LATER = date(2024, 7, 20)
DAY = date(2024, 6, 24)
PAPER = SuperiorDocument("512/UBND-NC", date(2024, 6, 24), "UBND tỉnh Vĩnh Phúc")


def asked(cast: Cast, item: WorkItem | None = None, by=None, on: date = DAY, **details) -> Extension:
    """Return a request of Sở Y tế for 20/7/2024."""
    item = item or work_item(cast.health, plan=cast.plan)
    details = {"until": LATER, "reason": "Chờ hướng dẫn của Bộ Y tế."} | details
    return Extension.ask(item, by=by or cast.health_officer, on=on, **details)


def steps(extension: Extension) -> list[str]:
    """Return the steps in their order."""
    return list(extension.events.values_list("kind", flat=True))


def stored(extension: Extension) -> Extension:
    """Return the row as the database has it."""
    return Extension.objects.get(pk=extension.pk)


# Asking


def test_a_request_keeps_who_asked_when_why_and_for_which_day(cast: Cast):
    extension = asked(cast, reason="  Chờ hướng dẫn.  ")
    row = stored(extension)
    assert (row.asked_by, row.asked_on, row.since, row.due_date, row.asked_until, row.reason) == (
        cast.health_officer, DAY, DAY, DUE, LATER, "Chờ hướng dẫn.",
    )  # fmt: skip
    assert (row.state, row.ordinal, row.on_behalf) == (ExtensionState.ASKED, 1, False)
    assert [(event.kind, event.by, event.on, event.words) for event in row.events.all()] == [
        ("asked", cast.health_officer, DAY, "Chờ hướng dẫn.")
    ]


def test_asking_changes_neither_due_date_nor_lateness(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    asked(cast, item, on=DUE + timedelta(days=3))
    item.refresh_from_db()
    assert (item.due_date, item.due_version) == (DUE, 1)
    assert item.timeliness(DUE + timedelta(days=3)) == Timeliness.OVERDUE


def test_a_file_may_come_with_it(cast: Cast):
    extension = asked(cast, file=NewEvidence(ContentFile(b"%PDF", name="x.pdf"), "Công văn số 5.pdf"))
    assert (extension.file_name, extension.file_size) == ("Công văn số 5.pdf", 4)
    with stored(extension).file.open() as file:
        assert file.read() == b"%PDF"


@pytest.mark.parametrize("until", [DUE, DUE - timedelta(days=1)])
def test_the_day_asked_for_is_later_than_the_present_due_date(cast: Cast, until: date):
    with pytest.raises(ValidationError) as refusal:
        asked(cast, until=until)
    assert refusal.value.message_dict == {"until": ["Ngày mới phải sau hạn hiện tại (30/06/2024)."]}
    assert not Extension.objects.exists()


def test_after_the_due_date_a_day_that_is_past_already_is_refused(cast: Cast):
    with pytest.raises(ValidationError, match="ngày đã qua"):
        asked(cast, on=date(2024, 7, 10), until=date(2024, 7, 9))
    assert not Extension.objects.exists()


def test_a_request_needs_a_reason(cast: Cast):
    with pytest.raises(ValidationError) as refusal:
        asked(cast, reason="   ")
    assert "reason" in refusal.value.message_dict
    assert not Extension.objects.exists()


@pytest.mark.parametrize("who", ["justice_officer", "coordinator", "viewer", "stranger", "commune_officer"])
def test_only_the_doers_people_ask(cast: Cast, who: str):
    with pytest.raises(ValidationError, match="không được đề nghị gia hạn đầu việc của cơ quan này"):
        asked(cast, by=getattr(cast, who))
    assert not Extension.objects.exists()


def test_a_parent_asks_for_its_commune_and_the_request_says_so(cast: Cast):
    extension = asked(cast, work_item(cast.commune, plan=cast.plan), by=cast.district_officer)
    assert extension.on_behalf is True


def test_one_item_has_one_open_request(cast: Cast):
    first = asked(cast)
    with pytest.raises(ValidationError, match="đang có một đề nghị gia hạn chưa xong"):
        asked(cast, first.item, by=cast.health_leader)
    assert list(first.item.extensions.all()) == [first]


def test_the_database_itself_keeps_one_open_request_for_an_item(cast: Cast):
    first = asked(cast)
    with pytest.raises(IntegrityError, match="one_open_extension_for_an_item"), transaction.atomic():
        Extension.objects.create(
            item=first.item, due_date=DUE, asked_until=LATER, reason="x", asked_by=first.asked_by, asked_on=DAY, since=DAY
        )  # fmt: skip
    assert Extension.objects.count() == 1


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"kind": OccurrenceKind.CHECK_POINT}, "Mốc cập nhật không gia hạn"),
        ({"due": None}, "không có thời hạn"),
        ({"state": State.HANDED_IN, "handed_in_on": DAY}, "không còn ở trạng thái đang thực hiện"),
        ({"state": State.COMPLETED, "completed_on": DAY}, "không còn ở trạng thái đang thực hiện"),
        ({"state": State.WAIVED}, "không còn ở trạng thái đang thực hiện"),
    ],
)
def test_only_open_deliveries_with_a_due_date_are_extended(cast: Cast, details: dict, words: str):
    with pytest.raises(ValidationError, match=words):
        asked(cast, work_item(cast.health, plan=cast.plan, **details))
    assert not Extension.objects.exists()


def test_a_deadline_of_two_readings_must_be_settled_first(cast: Cast):
    item = work_item(cast.health, task=TaskFactory(plan=cast.plan, deadline__ambiguous=True))
    with pytest.raises(ValidationError, match="hai cách hiểu"):
        asked(cast, item)
    item.task.deadline.settle(by=cast.coordinator, on=DAY)
    assert asked(cast, WorkItem.objects.get(pk=item.pk)).state == ExtensionState.ASKED


def test_a_report_task_is_sent_to_the_page_of_its_period(cast: Cast):
    item = work_item(cast.health, task=TaskFactory(plan=cast.plan, is_report=True))
    assert why_not_extendable(item) == OF_THE_PERIOD
    with pytest.raises(ValidationError, match="trang kỳ báo cáo"):
        asked(cast, item)
    assert not Extension.objects.exists()


def test_a_closed_plan_takes_no_request_and_no_decision(cast: Cast):
    extension = asked(cast)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    other = work_item(cast.justice, plan=Plan.objects.get(pk=cast.plan.pk))
    with pytest.raises(ValidationError, match="không còn được theo dõi"):
        asked(cast, other, by=cast.justice_officer)
    with pytest.raises(ValidationError) as refusal:
        stored(extension).approve(by=cast.coordinator, on=DAY)
    assert refusal.value.messages == [CLOSED]
    with pytest.raises(ValidationError, match="người khác xử lý"):
        extension.approve(by=cast.coordinator, on=DAY)
    assert stored(extension).state == ExtensionState.ASKED


# Deciding


def test_granting_gives_the_item_a_new_version_of_its_due_date_and_nothing_else(cast: Cast):
    item = work_item(cast.health, plan=cast.plan, percent=40, state=State.IN_PROGRESS, last_update_on=DAY)
    item.due_date_versions.create(version=1, due_date=DUE, on=date(2024, 3, 20))
    extension = asked(cast, item)
    extension.approve(by=cast.coordinator, on=DAY + timedelta(days=1), words="Đồng ý.")
    row = WorkItem.objects.get(pk=item.pk)
    assert (row.due_date, row.original_due_date, row.due_version) == (LATER, DUE, 2)
    assert (row.state, row.percent, row.last_update_on) == (State.IN_PROGRESS, 40, DAY)
    assert list(row.due_date_versions.values_list("version", "due_date", "by", "reason")) == [
        (1, DUE, None, ""),
        (2, LATER, cast.coordinator.pk, "Gia hạn lần 1: Chờ hướng dẫn của Bộ Y tế."),
    ]
    assert list(row.events.values_list("kind", flat=True)) == [ItemStep.DUE_DATE_MOVED]
    done = stored(extension)
    assert (done.state, done.granted_until, done.decided_on, done.handled_by, done.answer) == (
        ExtensionState.APPROVED, LATER, DAY + timedelta(days=1), cast.coordinator, "Đồng ý.",
    )  # fmt: skip
    assert steps(done) == ["asked", "approved"]


def test_an_item_that_was_late_is_in_time_again_when_the_extension_is_granted(cast: Cast):
    extension = asked(cast, on=date(2024, 7, 3))
    assert extension.item.timeliness(date(2024, 7, 5)) == Timeliness.OVERDUE
    extension.approve(by=cast.coordinator, on=date(2024, 7, 5))
    assert WorkItem.objects.get(pk=extension.item_id).timeliness(date(2024, 7, 5)) == Timeliness.IN_TIME


def test_what_was_handed_in_while_the_request_waited_is_judged_by_the_new_day(cast: Cast):
    extension = asked(cast)
    item = extension.item
    item.record_update(by=cast.health_officer, on=date(2024, 7, 5), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=date(2024, 7, 5))
    stored(extension).approve(by=cast.coordinator, on=date(2024, 7, 8))
    row = WorkItem.objects.get(pk=item.pk)
    assert (row.state, row.handed_in_on) == (State.HANDED_IN, date(2024, 7, 5))
    assert row.timeliness(date(2024, 7, 8)) == Timeliness.ON_TIME


def test_what_is_completed_is_not_extended_any_more_and_waits_for_nobody(cast: Cast):
    extension = asked(cast)
    WorkItem.objects.filter(pk=extension.item_id).update(state=State.COMPLETED, completed_on=DAY)
    row = stored(extension)
    assert row.is_moot
    assert not row.may_be_decided_by(cast.coordinator)
    assert not Extension.objects.waiting_for(cast.coordinator).exists()
    with pytest.raises(ValidationError, match="đã hoàn thành hoặc không còn phải thực hiện"):
        row.approve(by=cast.coordinator, on=DAY)
    assert (stored(extension).state, steps(extension)) == (ExtensionState.ASKED, ["asked"])
    row = stored(extension)
    row.withdraw(by=cast.health_officer, on=DAY)
    assert stored(extension).state == ExtensionState.WITHDRAWN


def test_refusing_needs_a_reason_and_leaves_the_due_date(cast: Cast):
    extension = asked(cast)
    with pytest.raises(ValidationError) as refusal:
        extension.refuse(by=cast.coordinator, on=DAY, reason=" ")
    assert "reason" in refusal.value.message_dict
    extension.refuse(by=cast.coordinator, on=DAY, reason="Việc đã rõ, đủ thời gian.")
    row = stored(extension)
    assert (row.state, row.answer, row.item.due_date) == (ExtensionState.REFUSED, "Việc đã rõ, đủ thời gian.", DUE)
    assert steps(row) == ["asked", "refused"]


def test_after_a_refusal_one_may_ask_again(cast: Cast):
    first = asked(cast)
    first.refuse(by=cast.coordinator, on=DAY, reason="Chưa đủ căn cứ.")
    second = asked(cast, first.item, until=date(2024, 7, 10))
    assert (second.ordinal, second.state) == (1, ExtensionState.ASKED)


@pytest.mark.parametrize("who", ["health_officer", "health_leader", "justice_officer", "viewer", "stranger"])
def test_nobody_but_the_plans_coordinator_decides(cast: Cast, who: str):
    extension, person_ = asked(cast), getattr(cast, who)
    verbs = [
        lambda: extension.approve(by=person_, on=DAY),
        lambda: extension.refuse(by=person_, on=DAY, reason="Không."),
        lambda: extension.forward(by=person_, on=DAY, words="Trình."),
        lambda: extension.offer(by=person_, on=DAY, until=date(2024, 7, 10), words="Sớm hơn."),
    ]
    for verb in verbs:
        with pytest.raises(ValidationError, match="không được quyết định đề nghị này"):
            verb()
    assert (stored(extension).state, steps(extension)) == (ExtensionState.ASKED, ["asked"])


def test_who_has_both_roles_does_not_decide_for_their_own_agency(cast: Cast):
    MembershipFactory(user=cast.coordinator, agency=cast.health)
    both = type(cast.coordinator).objects.get(pk=cast.coordinator.pk)
    own, colleagues = asked(cast, by=both), asked(cast, work_item(cast.health, plan=cast.plan))
    for extension in (own, colleagues):
        with pytest.raises(ValidationError, match="không được quyết định đề nghị này"):
            stored(extension).approve(by=both, on=DAY)
        assert not stored(extension).may_be_decided_by(both)
    assert not Extension.objects.decidable_by(both).exists()
    assert not ExtensionEvent.objects.filter(kind="approved").exists()


def test_the_coordinating_agencys_own_item_is_decided_only_by_the_superiors_document(cast: Cast):
    officer = person(cast.home_affairs)
    extension = asked(cast, work_item(cast.home_affairs, plan=cast.plan), by=officer)
    with pytest.raises(ValidationError) as refusal:
        extension.approve(by=cast.coordinator, on=DAY)
    assert refusal.value.message_dict == {"document": [OWN_NEEDS_DOCUMENT]}
    with pytest.raises(ValidationError, match="văn bản của cấp trên"):
        extension.offer(by=cast.coordinator, on=DAY, until=date(2024, 7, 10), words="Sớm hơn.")
    extension.approve(by=cast.coordinator, on=DAY, document=PAPER)
    row = stored(extension)
    assert (row.state, row.document) == (ExtensionState.APPROVED, PAPER)
    assert row.item.due_date == LATER
    assert "512/UBND-NC ngày 24/06/2024 của UBND tỉnh Vĩnh Phúc" in row.events.last().words


def test_a_coordinator_who_asked_for_the_own_agency_does_not_record_the_document_too(cast: Cast):
    extension = asked(cast, work_item(cast.home_affairs, plan=cast.plan), by=cast.coordinator)
    with pytest.raises(ValidationError, match="không được quyết định đề nghị này"):
        extension.approve(by=cast.coordinator, on=DAY, document=PAPER)
    assert not Extension.objects.decidable_by(cast.coordinator).exists()
    other = person(cast.home_affairs, Membership.Role.COORDINATOR)
    extension.approve(by=other, on=DAY, document=PAPER)
    assert stored(extension).handled_by == other


# What exceeds the coordinator's power


def test_what_was_forwarded_waits_until_the_superiors_document_is_recorded(cast: Cast):
    extension = asked(cast)
    extension.forward(by=cast.coordinator, on=DAY + timedelta(days=1), words="Trình UBND tỉnh, Tờ trình số 40/TTr-SNV.")
    row = stored(extension)
    assert (row.state, row.since, row.decided_on) == (ExtensionState.FORWARDED, DAY + timedelta(days=1), None)
    for verb in (
        lambda: row.approve(by=cast.coordinator, on=DAY),
        lambda: row.refuse(by=cast.coordinator, on=DAY, reason="Cấp trên không đồng ý."),
    ):
        with pytest.raises(ValidationError) as refusal:
            verb()
        assert refusal.value.message_dict == {"document": [FORWARDED_NEEDS_DOCUMENT]}
    row.approve(by=cast.coordinator, on=DAY + timedelta(days=5), until=date(2024, 7, 15), document=PAPER)
    assert steps(row) == ["asked", "forwarded", "approved"]
    assert (stored(row).granted_until, WorkItem.objects.get(pk=row.item_id).due_date) == (date(2024, 7, 15),) * 2


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (SuperiorDocument(" ", DAY, "UBND tỉnh"), "ghi đủ số, ngày và cơ quan ban hành"),
        (SuperiorDocument("5/UBND", DAY, ""), "ghi đủ số, ngày và cơ quan ban hành"),
        (SuperiorDocument("5/UBND", DAY + timedelta(days=1), "UBND tỉnh"), "không thể sau ngày ghi quyết định"),
    ],
)
def test_the_superiors_document_has_number_day_and_issuer(cast: Cast, document: SuperiorDocument, words: str):
    extension = asked(cast)
    extension.forward(by=cast.coordinator, on=DAY, words="Trình UBND tỉnh.")
    with pytest.raises(ValidationError, match=words):
        extension.approve(by=cast.coordinator, on=DAY, document=document)
    assert stored(extension).state == ExtensionState.FORWARDED


def test_another_day_than_asked_is_offered_and_not_simply_granted(cast: Cast):
    extension = asked(cast)
    with pytest.raises(ValidationError, match="Đề xuất ngày khác"):
        extension.approve(by=cast.coordinator, on=DAY, until=date(2024, 7, 5))
    assert stored(extension).state == ExtensionState.ASKED


# Offering another day


def offered(cast: Cast, until: date = date(2024, 7, 10)) -> Extension:
    """Return a request to which the coordinator has offered 10/7/2024."""
    extension = asked(cast)
    extension.offer(by=cast.coordinator, on=DAY + timedelta(days=1), until=until, words="Phải kịp báo cáo quý.")
    return stored(extension)


def test_the_asker_accepts_another_day_and_the_due_date_moves_to_it(cast: Cast):
    extension = offered(cast)
    assert (extension.state, extension.item.due_date) == (ExtensionState.OFFERED, DUE)
    extension.accept_offer(by=cast.health_leader, on=DAY + timedelta(days=2))
    row = stored(extension)
    assert (row.state, row.granted_until, row.item.due_date) == (ExtensionState.APPROVED, *(date(2024, 7, 10),) * 2)
    assert (row.handled_by, row.answer) == (cast.coordinator, "Phải kịp báo cáo quý.")
    assert steps(row) == ["asked", "offered", "accepted"]


def test_the_asker_declines_another_day_with_a_reason_and_may_ask_anew(cast: Cast):
    extension = offered(cast)
    with pytest.raises(ValidationError, match="lý do không nhận"):
        extension.decline_offer(by=cast.health_officer, on=DAY, reason="")
    extension.decline_offer(by=cast.health_officer, on=DAY, reason="Không đủ thời gian.")
    assert (stored(extension).state, extension.item.due_date) == (ExtensionState.DECLINED, DUE)
    assert asked(cast, extension.item).state == ExtensionState.ASKED


@pytest.mark.parametrize("who", ["coordinator", "justice_officer", "viewer", "stranger"])
def test_only_the_asker_answers_an_offer(cast: Cast, who: str):
    extension = offered(cast)
    with pytest.raises(ValidationError, match="Chỉ cơ quan đề nghị trả lời"):
        extension.accept_offer(by=getattr(cast, who), on=DAY)
    assert stored(extension).state == ExtensionState.OFFERED


def test_who_offered_does_not_accept_for_the_asker(cast: Cast):
    extension = offered(cast)
    MembershipFactory(user=cast.coordinator, agency=cast.health)
    both = type(cast.coordinator).objects.get(pk=cast.coordinator.pk)
    with pytest.raises(ValidationError, match="người đề xuất không tự nhận thay"):
        extension.accept_offer(by=both, on=DAY)
    assert not extension.may_be_answered_by(both)
    assert not Extension.objects.answerable_by(both).exists()


@pytest.mark.parametrize(
    ("until", "words"),
    [(DUE, "phải sau hạn hiện tại"), (LATER, "Đồng ý gia hạn"), (date(2024, 6, 1), "phải sau hạn hiện tại")],
)
def test_an_offered_day_is_another_one_and_later_than_the_due_date(cast: Cast, until: date, words: str):
    with pytest.raises(ValidationError, match=words):
        offered(cast, until)
    assert Extension.objects.get().state == ExtensionState.ASKED


# Withdrawing, counting, the clock


def test_the_asker_withdraws_while_it_is_open_and_nobody_else(cast: Cast):
    extension = asked(cast)
    with pytest.raises(ValidationError, match="Chỉ cơ quan đề nghị được rút"):
        extension.withdraw(by=cast.coordinator, on=DAY)
    extension.withdraw(by=cast.health_officer, on=DAY, words="Đã làm kịp.")
    assert (stored(extension).state, steps(extension)) == (ExtensionState.WITHDRAWN, ["asked", "withdrawn"])
    with pytest.raises(ValidationError, match="người khác xử lý"):
        extension.withdraw(by=cast.health_officer, on=DAY)


def test_extensions_of_an_item_are_counted_and_the_third_is_flagged(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    found = []
    for month in (7, 8, 9):
        extension = asked(cast, WorkItem.objects.get(pk=item.pk), until=date(2024, month, 30))
        found.append((extension.ordinal, extension.is_flagged))
        extension.approve(by=cast.coordinator, on=DAY)
    assert found == [(1, False), (2, False), (3, True)]
    item.refresh_from_db()
    assert (item.due_version, item.due_date, item.original_due_date) == (4, date(2024, 9, 30), DUE)


def test_after_48_hours_without_an_answer_a_request_counts_as_unanswered(cast: Cast):
    extension = asked(cast)
    days = [DAY + timedelta(days=n) for n in (0, 1, 2, 9)]
    assert [Extension.objects.unanswered(day).exists() for day in days] == [False, False, True, True]
    assert [extension.waits_long(day) for day in days] == [False, False, True, True]
    extension.forward(by=cast.coordinator, on=DAY + timedelta(days=3), words="Trình UBND tỉnh.")
    assert not Extension.objects.unanswered(DAY + timedelta(days=9)).exists()
    assert Extension.objects.waiting_long(DAY + timedelta(days=9)).get() == extension


def test_the_clock_counts_from_asking_to_the_decision(cast: Cast):
    extension = asked(cast)
    assert (extension.days_open(DAY + timedelta(days=4)), extension.days_waiting(DAY + timedelta(days=4))) == (4, 4)
    extension.approve(by=cast.coordinator, on=DAY + timedelta(days=5))
    assert (extension.days_open(DAY + timedelta(days=30)), extension.days_waiting(DAY + timedelta(days=30))) == (5, 0)


def test_each_sees_what_waits_for_them(cast: Cast):
    to_decide, to_answer = asked(cast), offered(cast)
    assert list(Extension.objects.waiting_for(cast.coordinator)) == [to_decide]
    assert list(Extension.objects.waiting_for(cast.health_officer)) == [to_answer]
    assert not Extension.objects.waiting_for(cast.justice_officer).exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("health_officer", True), ("coordinator", True), ("viewer", True),
        ("justice_officer", False), ("district_officer", False), ("stranger", False),
    ],
)  # fmt: skip
def test_a_request_is_seen_by_those_who_see_the_items_words(cast: Cast, who: str, sees: bool):
    asked(cast)
    assert Extension.objects.visible_to(getattr(cast, who)).exists() is sees


# Two at once


def test_of_two_stale_decisions_the_second_is_told_and_leaves_no_event(cast: Cast):
    pk = asked(cast).pk
    first, second = Extension.objects.get(pk=pk), Extension.objects.get(pk=pk)
    first.approve(by=cast.coordinator, on=DAY)
    other = person(cast.home_affairs, Membership.Role.COORDINATOR)
    with pytest.raises(ValidationError) as refusal:
        second.refuse(by=other, on=DAY, reason="Không đồng ý.")
    assert refusal.value.messages == [EXTENSION_TAKEN]
    row = stored(first)
    assert (row.state, row.answer, steps(row)) == (ExtensionState.APPROVED, "", ["asked", "approved"])
    with pytest.raises(ValidationError, match="người khác xử lý"):
        row.refuse(by=other, on=DAY, reason="Không đồng ý.")


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_deciding_at_the_same_moment_make_one_decision_and_one_event(cast: Cast):
    pk = asked(cast).pk
    people = [cast.coordinator, person(cast.home_affairs, Membership.Role.COORDINATOR)]
    start, answers = Barrier(2), []

    def decide(by) -> None:
        try:
            extension = Extension.objects.for_lists().get(pk=pk)
            start.wait(10)
            extension.approve(by=by, on=DAY)
            answers.append("done")
        except ValidationError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=[by]) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["done", "taken"]
    item = Extension.objects.get(pk=pk).item
    assert (item.due_version, item.due_date_versions.count(), item.events.count()) == (2, 1, 1)
    assert ExtensionEvent.objects.filter(extension=pk, kind="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_asking_at_the_same_moment_make_one_request(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    start, answers = Barrier(2), []

    def ask(by) -> None:
        try:
            start.wait(10)
            asked(cast, item, by=by)
            answers.append("done")
        except ValidationError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[by]) for by in (cast.health_officer, cast.health_leader)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["done", "taken"]
    assert (Extension.objects.count(), ExtensionEvent.objects.count()) == (1, 1)


def test_when_the_due_date_cannot_move_the_decision_is_not_kept_either(cast: Cast, monkeypatch):
    extension = asked(cast)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(WorkItem, "move_due_date", broken)
    with pytest.raises(RuntimeError):
        extension.approve(by=cast.coordinator, on=DAY)
    assert (stored(extension).state, steps(extension)) == (ExtensionState.ASKED, ["asked"])
