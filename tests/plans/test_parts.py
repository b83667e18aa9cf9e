"""Breaking an item down to units or communes: parts stand inside the agency's share and count nowhere."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Agency, User
from notices.rules import make_notices
from notices.urging import late_agencies
from plans.giving.breaking_down import break_down, usual_due_date
from plans.importing.saving import confirm_draft
from plans.models import Extension, Plan, WorkItem
from plans.models.extension_rules import why_not_extendable
from plans.models.occurrence import State
from plans.models.work import TAKEN
from plans.statistics import figures, figures_by, league, overdue_by_age
from reports.filling import fill
from tests.cast import Cast
from tests.factories import AgencyFactory, PeriodFactory, ReportFactory, TaskFactory, person, work_item
from tests.plans.test_amending import THREE, apply, correction
from tests.plans.test_saving import STARTED, head_of, started
from tests.plans.test_work import one_job

DUE = date(2024, 6, 28)
"""A Friday."""
DAY = date(2024, 6, 10)


@pytest.fixture
def unit(cast: Cast) -> Agency:
    """Return a division of Sở Y tế."""
    return AgencyFactory(
        province=cast.province, parent=cast.health, kind=Agency.Kind.INTERNAL_UNIT, name="Phòng Nghiệp vụ Y"
    )


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Return a delivery of Sở Y tế due on Friday 28/6."""
    return work_item(cast.health, plan=cast.plan, due=DUE)


def part_of(item: WorkItem, unit: Agency, by: User, **details) -> WorkItem:
    return break_down(item, [unit], by=by, on=DAY, **details).parts[0]


def handed_in(part: WorkItem, by: User) -> WorkItem:
    part.record_update(by=by, on=DAY, percent=100, words="Phòng đã làm xong.")
    part.hand_in(by=by, on=DAY)
    return part


def state_of(item: WorkItem) -> str:
    return WorkItem.objects.get(pk=item.pk).state


# Giving


def test_each_unit_gets_an_item_of_the_same_occurrence_three_working_days_earlier(cast: Cast, item, unit):
    second = AgencyFactory(province=cast.province, parent=cast.health)
    done = break_down(item, [unit, second], by=cast.health_officer, on=DAY)
    assert [(part.agency, part.occurrence_id, part.part_of, part.due_date) for part in done.parts] == [
        (unit, item.occurrence_id, item, date(2024, 6, 25)), (second, item.occurrence_id, item, date(2024, 6, 25)),
    ]  # fmt: skip
    assert done.parts[0].due_date_versions.get().due_date == date(2024, 6, 25)
    assert [event.kind for event in done.parts[0].events.all()] == ["given"]


def test_the_inner_due_date_is_proposed_three_working_days_before_and_never_before_today(item):
    assert usual_due_date(item, DAY) == date(2024, 6, 25)
    assert usual_due_date(item, date(2024, 6, 27)) == date(2024, 6, 27)


@pytest.mark.parametrize(
    ("due", "words"), [(DUE + timedelta(days=1), "không được sau"), (DAY - timedelta(days=1), "đã qua")]
)
def test_an_inner_due_date_lies_between_today_and_the_agencys_own(cast: Cast, item, unit, due, words):
    with pytest.raises(ValidationError, match=words):
        break_down(item, [unit], by=cast.health_officer, on=DAY, due=due)
    assert not item.parts.exists()
    assert part_of(item, unit, cast.health_officer, due=DUE).due_date == DUE


def test_units_of_late_work_get_today(cast: Cast, item, unit):
    late = DUE + timedelta(days=10)
    done = break_down(item, [unit], by=cast.health_officer, on=late)
    assert done.parts[0].due_date == late


def test_a_commune_that_owes_the_occurrence_already_is_left_out_and_named(cast: Cast):
    district = work_item(cast.district, plan=cast.plan, due=DUE)
    own = work_item(cast.commune, task=district.task, due=DUE)
    second = AgencyFactory(province=cast.province, parent=cast.district, kind=Agency.Kind.COMMUNE_PC)
    done = break_down(district, [cast.commune, second], by=cast.district_officer, on=DAY)
    assert done.already == [cast.commune]
    assert [part.agency for part in done.parts] == [second]
    assert WorkItem.objects.get(pk=own.pk).part_of is None


@pytest.mark.parametrize("who", ["coordinator", "viewer", "justice_officer", "committee_officer", "stranger"])
def test_only_the_agencys_own_people_break_its_item_down(cast: Cast, item, unit, who: str):
    user = person(cast.committee) if who == "committee_officer" else getattr(cast, who)
    with pytest.raises(ValidationError, match="Chỉ người của cơ quan thực hiện"):
        break_down(item, [unit], by=user, on=DAY)
    assert not item.parts.exists()


def test_parts_go_only_to_units_right_under_the_agency_that_exist_today(cast: Cast, item, unit):
    gone = AgencyFactory(province=cast.province, parent=cast.health, valid_to=DAY - timedelta(days=1))
    for other in (cast.justice, cast.commune, gone, cast.health):
        with pytest.raises(ValidationError) as refusal:
            break_down(item, [unit, other], by=cast.health_officer, on=DAY)
        assert "units" in refusal.value.message_dict
    assert not item.parts.exists()


def test_reports_check_points_and_finished_work_are_not_broken_down(cast: Cast, unit):
    report = work_item(cast.health, task=TaskFactory(plan=cast.plan, is_report=True))
    check_point, *_ = one_job(cast)
    done = work_item(cast.health, plan=cast.plan, state=State.HANDED_IN, handed_in_on=DAY)
    for wrong, words in ((report, "báo cáo theo kỳ"), (check_point, "Mốc cập nhật không chia"), (done, TAKEN)):
        with pytest.raises(ValidationError, match=words):
            break_down(wrong, [unit], by=cast.health_officer, on=DAY)
    assert not WorkItem.objects.filter(part_of__isnull=False).exists()


def test_a_part_that_was_taken_back_can_be_given_again(cast: Cast, item, unit):
    part = part_of(item, unit, cast.health_officer)
    part.waive(by=cast.health_leader, on=DAY, reason="Phòng khác làm.")
    assert state_of(part) == State.WAIVED
    assert part_of(item, unit, cast.health_officer, due=DUE) == part
    assert state_of(part) == State.NOT_STARTED
    assert [version.due_date for version in part.due_date_versions.all()] == [date(2024, 6, 25), DUE]


@pytest.mark.parametrize("who", ["coordinator", "justice_officer", "unit_officer", "viewer"])
def test_only_who_gave_a_part_takes_it_back(cast: Cast, item, unit, who: str):
    part = part_of(item, unit, cast.health_officer)
    user = person(unit) if who == "unit_officer" else getattr(cast, who)
    with pytest.raises(ValidationError, match="Chỉ cơ quan đã chia"):
        part.waive(by=user, on=DAY, reason="Thôi.")
    assert not part.may_be_waived_by(user)
    assert state_of(part) == State.NOT_STARTED


# Working on parts


def test_the_unit_works_and_the_agency_that_gave_it_confirms_never_the_province(cast: Cast, item, unit):
    officer = person(unit)
    part = handed_in(part_of(item, unit, cast.health_officer), officer)
    assert not WorkItem.objects.confirmable_by(cast.coordinator).handed_in().exists()
    with pytest.raises(ValidationError, match="không được xác nhận"):
        part.confirm(by=cast.coordinator, on=DAY)
    assert list(WorkItem.objects.confirmable_by(cast.health_officer).handed_in()) == [part]
    part.confirm(by=cast.health_officer, on=DAY)
    assert (state_of(part), state_of(item)) == (State.COMPLETED, State.NOT_STARTED)


def test_a_part_can_be_returned_by_the_agency_that_gave_it(cast: Cast, item, unit):
    part = handed_in(part_of(item, unit, cast.health_officer), person(unit))
    part.send_back(by=cast.health_officer, on=DAY, reason="Thiếu số liệu.")
    assert state_of(part) == State.IN_PROGRESS


def test_the_agency_may_hand_in_with_open_parts_and_they_close_when_it_is_confirmed(cast: Cast, item, unit):
    second = AgencyFactory(province=cast.province, parent=cast.health)
    officer = person(unit)
    done = handed_in(part_of(item, unit, cast.health_officer), officer)
    done.confirm(by=cast.health_officer, on=DAY)
    left = part_of(item, second, cast.health_officer)
    handed_in(item, cast.health_officer)
    assert state_of(left) == State.NOT_STARTED
    item.confirm(by=cast.coordinator, on=DAY)
    assert (state_of(done), state_of(left)) == (State.COMPLETED, State.WAIVED)
    assert left.events.last().words == "Đầu việc của cơ quan giao đã hoàn thành."


def test_parts_of_parts_close_as_well_when_the_work_is_waived(cast: Cast):
    district = work_item(cast.district, plan=cast.plan, due=DUE)
    part = part_of(district, cast.commune, cast.district_officer)
    desk = AgencyFactory(province=cast.province, parent=cast.commune, kind=Agency.Kind.INTERNAL_UNIT)
    inner = part_of(part, desk, cast.commune_officer)
    district.waive(by=cast.coordinator, on=DAY, reason="Không phát sinh.")
    assert (state_of(part), state_of(inner)) == (State.WAIVED, State.WAIVED)


def test_an_extension_of_the_agency_leaves_parts_where_they_are_and_parts_have_none(cast: Cast, item, unit):
    part = part_of(item, unit, cast.health_officer)
    request = Extension.ask(item, by=cast.health_officer, on=DAY, until=date(2024, 7, 31), reason="Chờ Bộ.")
    request.approve(by=cast.coordinator, on=DAY)
    assert WorkItem.objects.get(pk=item.pk).due_date == date(2024, 7, 31)
    assert WorkItem.objects.get(pk=part.pk).due_date == date(2024, 6, 25)
    assert "nội bộ" in why_not_extendable(WorkItem.objects.for_lists().get(pk=part.pk))


# A corrected plan


def broken_down(cast: Cast) -> tuple[Plan, WorkItem, WorkItem]:
    """Return a plan of three tasks under way, the first item (of UBND huyện) and its part for a commune."""
    rows = (("Rà soát thủ tục", "UBND huyện Lập Thạch", "Quý II"), *THREE[1:])
    draft = started(cast, *rows)
    plan = confirm_draft(draft, head=head_of(draft), by=cast.coordinator, on=STARTED)
    item = WorkItem.objects.for_lists().get(task__plan=plan, agency=cast.district)
    return plan, item, break_down(item, [cast.commune], by=cast.district_officer, on=STARTED).parts[0]


def test_a_corrected_plan_that_asks_the_unit_itself_makes_the_part_its_own_work(cast: Cast):
    plan, item, part = broken_down(cast)
    rows = (("Rà soát thủ tục", "UBND huyện Lập Thạch; UBND xã Quang Sơn", "Quý II"), *THREE[1:])
    apply(cast, correction(cast, plan, *rows), on=DAY)
    assert WorkItem.objects.get(pk=part.pk).part_of is None
    assert WorkItem.objects.filter(occurrence=item.occurrence_id, agency=cast.commune).count() == 1


def test_a_corrected_plan_that_names_another_agency_ends_the_parts_of_the_one_before(cast: Cast):
    plan, item, part = broken_down(cast)
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "Sở Tư pháp", "Quý II"), *THREE[1:]), on=DAY)
    assert (state_of(item), state_of(part)) == (State.WAIVED, State.WAIVED)


def test_an_inner_due_date_only_gives_way_when_the_plan_moves_its_own(cast: Cast):
    plan, item, part = broken_down(cast)
    inner = part.due_date
    apply(cast, correction(cast, plan, ("Rà soát thủ tục", "UBND huyện Lập Thạch", "Quý III"), *THREE[1:]), on=DAY)
    assert WorkItem.objects.get(pk=item.pk).due_date == date(2024, 9, 30)
    assert WorkItem.objects.get(pk=part.pk).due_date == inner


# Counting


def test_parts_count_in_no_figure(cast: Cast, item, unit):
    before = figures(WorkItem.objects.all(), DUE + timedelta(days=5))
    handed_in(part_of(item, unit, cast.health_officer), person(unit)).confirm(by=cast.health_officer, on=DAY)
    part_of(item, AgencyFactory(province=cast.province, parent=cast.health), cast.health_officer)
    late = DUE + timedelta(days=5)
    everything = WorkItem.objects.all()
    assert everything.count() == 3
    assert figures(everything, late) == before
    assert (before.total, before.overdue) == (1, 1)
    assert figures_by(everything, "agency", late).keys() == {cast.health.pk}
    assert [row["agency"] for row in league(everything, late)] == [cast.health.pk]
    assert sum(overdue_by_age(everything, late).values()) == 1
    assert [len(one.late) for one in late_agencies(cast.plan, late)] == [1]


def test_pages_of_plan_task_and_home_show_the_same_numbers_with_parts(cast: Cast, item, unit):
    part_of(item, unit, cast.health_officer)
    client = browser(cast.coordinator)
    assert client.get(cast.plan.get_absolute_url()).context["figures"].total == 1
    task = client.get(item.task.get_absolute_url())
    assert [row["agency"] for row in task.context["rows"]] == [cast.health]
    assert client.get(reverse("home")).context["agency_count"] == 1
    rows = client.get(reverse("work-list"), {"state": ""}).context["rows"]
    assert [row[0] for row in rows] == [item]


def test_a_part_stands_in_the_units_own_report_only_and_in_no_total(cast: Cast, item, unit):
    officer = person(unit)
    part = part_of(item, unit, cast.health_officer)
    part.record_update(by=officer, on=DAY, percent=40, words="Phòng đã rà soát 5 thủ tục.")
    period = PeriodFactory(plan=cast.plan, status="open", cut_off=date(2024, 6, 30), due_date=date(2024, 6, 30))
    theirs = ReportFactory(period=period, agency=unit)
    above = ReportFactory(period=period, agency=cast.health)
    fill(theirs, date(2024, 6, 30))
    fill(above, date(2024, 6, 30))
    line = theirs.lines.get()
    assert (line.results, line.percent, line.is_owed) == ("Phòng đã rà soát 5 thủ tục.", 40, False)
    assert above.lines.get().results == ""
    assert above.lines.get().deliveries == 1


# Seeing


def test_the_units_people_see_their_part_and_not_the_agencys_item(cast: Cast, item, unit):
    part = part_of(item, unit, cast.health_officer)
    officer = person(unit)
    assert list(WorkItem.objects.visible_to(officer)) == [part]
    rows = browser(officer).get(reverse("work-list")).context["rows"]
    assert [row[0] for row in rows] == [part]
    home = browser(officer).get(reverse("home"))
    assert sum(group["count"] for group in home.context["groups"]) == 1


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_agency_breaks_down_on_a_page_and_confirms_on_the_items_page(cast: Cast, item, unit):
    client = browser(cast.health_officer)
    WorkItem.objects.filter(pk=item.pk).update(due_date=date(2099, 6, 26))
    address = reverse("work-break-down", args=[item.pk])
    assert client.get(address).context["form"]["due"].value() == date(2099, 6, 23)
    answer = client.post(address, {"units": [unit.pk], "due": "20/06/2099"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Đã chia cho 1 đơn vị."]
    part = item.parts.get()
    assert part.due_date == date(2099, 6, 20)
    handed_in(part, person(unit))
    page = client.get(item.get_absolute_url()).content.decode()
    assert "Phòng Nghiệp vụ Y" in page
    assert reverse("work-confirm", args=[part.pk]) in page
    client.post(reverse("work-confirm", args=[part.pk]), {"next": item.get_absolute_url()})
    assert state_of(part) == State.COMPLETED


def test_handing_in_asks_when_parts_are_open(cast: Cast, item, unit):
    item.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong.")
    client = browser(cast.health_officer)
    assert "phần việc chia cho đơn vị chưa xong" not in client.get(item.get_absolute_url()).content.decode()
    part_of(item, unit, cast.health_officer)
    assert "Còn 1 phần việc chia cho đơn vị chưa xong" in client.get(item.get_absolute_url()).content.decode()


def test_the_list_shows_parts_of_units_when_asked_on_the_page_and_in_the_api(cast: Cast, item, unit):
    part = part_of(item, unit, cast.health_officer)
    rows = browser(cast.health_officer).get(reverse("work-list"), {"part": "parts"}).context["rows"]
    assert [row[0] for row in rows] == [part]
    api = APIClient()
    api.force_authenticate(cast.health_officer)
    counts = [api.get(f"/api/work-items/{query}").json()["count"] for query in ("", "?part=parts", "?part=all")]
    assert counts == [1, 1, 2]
    assert api.get(f"/api/work-items/{part.pk}/").json()["part_of"] == item.pk


def test_the_api_breaks_down_and_says_what_is_left_out(cast: Cast, item, unit):
    api = APIClient()
    api.force_authenticate(cast.health_officer)
    WorkItem.objects.filter(pk=item.pk).update(due_date=date(2099, 6, 26))
    body = {"units": [unit.pk], "due": "2099-06-20"}
    first = api.post(f"/api/work-items/{item.pk}/break-down/", body, format="json")
    second = api.post(f"/api/work-items/{item.pk}/break-down/", body, format="json")
    assert (first.status_code, first.json()) == (201, {"parts": [item.parts.get().pk], "already": []})
    assert second.json() == {"parts": [], "already": [unit.pk]}


@pytest.mark.parametrize("due", [date(1, 1, 1), DAY - timedelta(days=1)])
def test_units_of_undated_work_get_no_day_that_has_passed_and_the_nights_round_goes_on(cast: Cast, unit, due: date):
    item = work_item(cast.health, plan=cast.plan, due=None)
    with pytest.raises(ValidationError, match="ngày đã qua"):
        break_down(item, [unit], by=cast.health_officer, on=DAY, due=due)
    assert not item.parts.exists()
    assert part_of(item, unit, cast.health_officer, due=DAY).due_date == DAY
    assert make_notices(DAY).errors == []
