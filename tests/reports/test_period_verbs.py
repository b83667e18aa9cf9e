"""A period before and while it is open: what may change, who must report, who is asked later, what its history says."""

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from agencies.models import Agency
from plans.models.occurrence import State
from reports.models import Period, Report, ReportEvent, ReportState
from reports.outline import DEFAULT, Section, as_json, checked
from reports.periods import first_thoughts, propose_periods
from tests.cast import Cast
from tests.factories import AgencyFactory, AgencyGroupFactory, PeriodFactory, person, work_item
from tests.reports.conftest import submitted, write
from workdays.models import SpecialDay

ON = date(2024, 5, 20)
LATER = date(2024, 7, 1)
WORDS = [*DEFAULT, Section("", "Công tác tuyên truyền")]


def changed(period: Period, cast: Cast, **values: object) -> Period:
    """Return the period after the coordinator changed it."""
    fresh = Period.objects.get(pk=period.pk)
    fresh.change(by=cast.coordinator, on=ON, revision=fresh.revision, **values)
    return fresh


def history(period: Period) -> list[str]:
    return list(period.events.values_list("words", flat=True))


@pytest.fixture
def with_children(cast: Cast, proposed: Period) -> Period:
    """Return the six-month period; the district's commune owes work in the plan."""
    work_item(cast.commune, plan=cast.plan)
    return proposed


# Days


def test_units_that_report_through_their_parent_are_given_a_day_three_working_days_earlier(cast: Cast, report_task):
    work_item(cast.commune, plan=cast.plan)
    [period] = propose_periods(cast.plan)
    assert period.due_date == date(2024, 6, 9), "a Sunday"
    assert period.children_due_date == date(2024, 6, 5), "Friday, Thursday, Wednesday"


def test_a_holiday_moves_the_day_of_the_units_further_back(cast: Cast, report_task):
    SpecialDay.objects.create(date=date(2024, 6, 6), kind=SpecialDay.Kind.HOLIDAY, name="Nghỉ")
    work_item(cast.commune, plan=cast.plan)
    [period] = propose_periods(cast.plan)
    assert period.children_due_date == date(2024, 6, 4)


def test_without_units_that_owe_work_no_day_is_proposed_for_them(proposed: Period):
    assert proposed.children_due_date is None


def test_a_due_date_that_a_person_has_set_is_not_put_back(cast: Cast, proposed: Period):
    changed(proposed, cast, due_date=date(2024, 6, 12))
    propose_periods(cast.plan)
    assert Period.objects.get(pk=proposed.pk).due_date == date(2024, 6, 12)


def test_reports_follow_the_new_due_dates_each_their_own(cast: Cast, with_children: Period):
    with_children.open(by=cast.coordinator, on=ON)
    changed(with_children, cast, due_date=date(2024, 6, 20), children_due_date=date(2024, 6, 15))
    days = dict(with_children.reports.values_list("agency__name", "due_date"))
    assert days["Sở Y tế"] == date(2024, 6, 20)
    assert days["UBND xã Quang Sơn"] == date(2024, 6, 15)


def test_a_moved_delivery_takes_the_units_along(cast: Cast, report_task):
    work_item(cast.commune, plan=cast.plan)
    [period] = propose_periods(cast.plan)
    period.open(by=cast.coordinator, on=ON)
    period.occurrence.due_date = date(2024, 6, 24)
    period.occurrence.save()
    propose_periods(cast.plan)
    assert period.reports.get(agency=cast.commune).due_date == date(2024, 6, 19)
    assert period.reports.get(agency=cast.health).due_date == date(2024, 6, 24)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cut_off": date(2024, 6, 30)}, "không được sau hạn nộp"),
        ({"ends_on": date(2023, 12, 31)}, "kết thúc kỳ phải sau"),
        ({"children_due_date": date(2024, 6, 30)}, "nộp không muộn hơn"),
        ({"commend_above": 120}, "từ 0 đến 100"),
    ],
)
def test_days_that_do_not_fit_are_refused_in_words(cast: Cast, proposed: Period, values: dict, words: str):
    with pytest.raises(ValidationError, match=words):
        changed(proposed, cast, **values)
    assert Period.objects.get(pk=proposed.pk).revision == proposed.revision


def test_two_periods_of_a_plan_do_not_have_one_name(cast: Cast, proposed: Period):
    PeriodFactory(plan=cast.plan, name="Năm 2024", due_date=date(2024, 12, 9))
    with pytest.raises(ValidationError, match="cùng tên"):
        changed(proposed, cast, name="Năm 2024")


# Two people


def test_the_second_of_two_coordinators_does_not_overwrite_the_first(cast: Cast, proposed: Period):
    stale = Period.objects.get(pk=proposed.pk)
    changed(proposed, cast, name="Sơ kết 6 tháng")
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        stale.change(by=cast.coordinator, on=ON, revision=stale.revision, name="Của người thứ hai")
    assert Period.objects.get(pk=proposed.pk).name == "Sơ kết 6 tháng"


def test_only_the_coordinator_changes_a_period(cast: Cast, proposed: Period):
    for somebody in (cast.health_leader, cast.viewer):
        with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
            proposed.change(by=somebody, on=ON, revision=proposed.revision, name="X")


def test_a_closed_period_does_not_change(cast: Cast, period: Period):
    period.close(by=cast.coordinator, on=LATER)
    with pytest.raises(ValidationError):
        changed(period, cast, name="X")


def test_the_history_says_what_changed(cast: Cast, proposed: Period):
    changed(proposed, cast, due_date=date(2024, 6, 12), sections=WORDS, words="Theo Công văn 12/SNV")
    assert history(proposed) == [
        "Theo Công văn 12/SNV\nHạn nộp: 09/06/2024 → 12/06/2024\nĐề cương: thêm mục “Công tác tuyên truyền”"
    ]


# The outline


def test_a_new_period_takes_over_outline_and_thresholds_of_the_one_before_it(cast: Cast, proposed: Period):
    changed(proposed, cast, sections=WORDS, commend_above=95)
    task = work_item(cast.health, plan=cast.plan, due=date(2024, 12, 9)).task
    task.is_report = True
    task.save()
    [year] = propose_periods(cast.plan)
    assert ([one.title for one in year.sections][-1], year.commend_above) == ("Công tác tuyên truyền", 95)


def test_an_outline_is_handed_on_to_later_periods_that_are_not_open_when_that_is_wanted(cast: Cast, proposed: Period):
    later = PeriodFactory(plan=cast.plan, name="Năm 2024", due_date=date(2024, 12, 9))
    earlier = PeriodFactory(plan=cast.plan, name="Quý I", due_date=date(2024, 3, 31), cut_off=date(2024, 3, 14))
    opened = PeriodFactory(plan=cast.plan, name="Quý III", due_date=date(2024, 9, 30), status=Period.Status.OPEN)
    changed(proposed, cast, sections=WORDS, for_later=True)
    outlines = {one.name: len(one.sections) for one in Period.objects.filter(plan=cast.plan)}
    assert outlines == {"6 tháng đầu năm 2024": 6, "Năm 2024": 6, "Quý I": 5, "Quý III": 5}
    assert history(later) == ["Lấy đề cương và các ngưỡng của kỳ “6 tháng đầu năm 2024”."]
    assert (history(earlier), history(opened)) == ([], [])


def test_a_section_in_which_somebody_has_written_stays(cast: Cast, period: Period, report_of):
    write(report_of(cast.health), cast.health_officer)
    with pytest.raises(ValidationError, match="đã viết vào mục bị bỏ"):
        changed(period, cast, sections=[one for one in DEFAULT if one.key != "results"])
    assert len(Period.objects.get(pk=period.pk).sections) == 5


def test_words_that_only_the_product_put_there_do_not_hold_a_section(cast: Cast, period: Period, report_of):
    words = {"obstacles": "- Thiếu máy."}
    Report.objects.filter(pk=report_of(cast.health).pk).update(words=words, prefilled=words)
    changed(period, cast, sections=[one for one in DEFAULT if one.key != "obstacles"])
    assert [one.key for one in Period.objects.get(pk=period.pk).sections] == [
        "results", "shortcomings", "proposals", "outlook",
    ]  # fmt: skip


def test_after_a_report_was_approved_sections_stay_and_hints_may_still_change(cast: Cast, period: Period, report_of):
    write(report_of(cast.health), cast.health_officer).approve(by=cast.health_leader, on=date(2024, 6, 5))
    with pytest.raises(ValidationError, match="chỉ sửa được gợi ý"):
        changed(period, cast, sections=WORDS)
    hinted = [replace(DEFAULT[0], hint="Nêu ba kết quả lớn nhất."), *DEFAULT[1:]]
    assert changed(period, cast, sections=hinted).sections[0].hint == "Nêu ba kết quả lớn nhất."


# Who must report


def test_the_list_before_opening_says_where_each_comes_from(cast: Cast, with_children: Period):
    group = AgencyGroupFactory(province=cast.province, name="Các sở")
    with_children.groups.set([group])
    found = {one.agency.name: (one.sources, one.collector) for one in with_children.reporters(ON)}
    assert found == {
        "Sở Nội vụ": (["thành viên nhóm “Các sở”"], None),
        "Sở Tư pháp": (["nhiệm vụ báo cáo trong kế hoạch", "thành viên nhóm “Các sở”"], None),
        "Sở Y tế": (["nhiệm vụ báo cáo trong kế hoạch", "thành viên nhóm “Các sở”"], None),
        "UBND huyện Lập Thạch": (["nhiệm vụ báo cáo trong kế hoạch"], None),
        "UBND xã Quang Sơn": (["trực thuộc UBND huyện Lập Thạch"], cast.district),
    }


def test_opening_makes_a_report_for_every_line_of_the_list(cast: Cast, with_children: Period):
    listed = {(one.agency.pk, one.collector and one.collector.pk, one.item) for one in with_children.reporters(ON)}
    with_children.open(by=cast.coordinator, on=ON)
    assert set(with_children.reports.values_list("agency", "collector", "item")) == listed
    assert history(with_children)[-1] == "3 cơ quan phải báo cáo; 1 đơn vị cấp dưới báo cáo qua cơ quan cấp trên."


def test_an_agency_excluded_beforehand_stands_with_its_reason_and_its_item_is_waived(cast: Cast, proposed: Period):
    proposed.except_for(cast.justice, by=cast.coordinator, on=ON, reason="Mới thành lập.")
    assert proposed.open(by=cast.coordinator, on=ON) == 2
    report = proposed.reports.get(agency=cast.justice)
    assert (report.excluded_reason, report.item.state) == ("Mới thành lập.", State.WAIVED)
    assert [event.kind for event in report.events.all()] == [ReportEvent.Kind.EXCLUDED]


def test_a_unit_excluded_beforehand_is_released_although_its_parent_collects_it(cast: Cast, with_children: Period):
    with_children.except_for(cast.commune, by=cast.coordinator, on=ON, reason="Đang sáp nhập.")
    with_children.open(by=cast.coordinator, on=ON)
    report = with_children.reports.get(agency=cast.commune)
    assert (report.excluded_reason, report.collector) == ("Đang sáp nhập.", cast.district)


def test_units_of_an_excluded_agency_stand_with_the_coordinator_and_may_be_asked_after_all(
    cast: Cast, with_children: Period
):
    with_children.except_for(cast.district, by=cast.coordinator, on=ON, reason="Giải thể.")
    with_children.open(by=cast.coordinator, on=ON)
    report = with_children.reports.get(agency=cast.commune)
    assert report.collector is None
    assert report.excluded_reason.endswith("không phải báo cáo: Giải thể.")
    report.include(by=cast.coordinator, on=ON, reason="Báo cáo trực tiếp.")
    assert Report.objects.expected().filter(pk=report.pk).exists()


def test_an_exception_is_taken_back_before_opening_and_not_after(cast: Cast, proposed: Period):
    proposed.except_for(cast.justice, by=cast.coordinator, on=ON, reason="Nhầm.")
    proposed.except_no_more(cast.justice, by=cast.coordinator, on=ON)
    assert proposed.open(by=cast.coordinator, on=ON) == 3
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        proposed.except_for(cast.justice, by=cast.coordinator, on=ON, reason="Muộn.")


def test_a_period_in_which_everybody_is_excluded_does_not_open(cast: Cast, proposed: Period):
    for agency in (cast.health, cast.justice, cast.district):
        proposed.except_for(agency, by=cast.coordinator, on=ON, reason="Thôi.")
    with pytest.raises(ValidationError, match="Chưa có cơ quan nào phải báo cáo"):
        proposed.open(by=cast.coordinator, on=ON)
    assert Period.objects.get(pk=proposed.pk).status == Period.Status.PROPOSED


def test_one_more_agency_is_asked_after_opening_once_and_with_a_reason(cast: Cast, period: Period):
    with pytest.raises(ValidationError, match="Hãy ghi lý do"):
        period.ask(cast.home_affairs, by=cast.coordinator, on=ON, reason=" ")
    period.ask(cast.home_affairs, by=cast.coordinator, on=ON, reason="Có nhiệm vụ mới.")
    assert period.reports.get(agency=cast.home_affairs).due_date == period.due_date
    with pytest.raises(ValidationError, match="đã có báo cáo trong kỳ"):
        period.ask(cast.home_affairs, by=cast.coordinator, on=ON, reason="Lần nữa.")
    assert history(period)[-1] == "Sở Nội vụ: Có nhiệm vụ mới."


def test_an_agency_asked_later_answers_its_item_of_the_report_task(cast: Cast, proposed: Period, report_task):
    proposed.open(by=cast.coordinator, on=ON)
    item = work_item(cast.home_affairs, task=report_task, due=date(2024, 6, 9))
    proposed.ask(cast.home_affairs, by=cast.coordinator, on=ON, reason="Bổ sung phân công.")
    assert proposed.reports.get(agency=cast.home_affairs).item == item


def test_an_agency_of_another_province_is_neither_asked_nor_excluded(cast: Cast, period: Period):
    elsewhere = Agency.objects.exclude(province=cast.province).get()
    with pytest.raises(ValidationError, match="không thuộc tỉnh"):
        period.ask(elsewhere, by=cast.coordinator, on=ON, reason="X")
    with pytest.raises(ValidationError, match="không thuộc tỉnh"):
        period.except_for(elsewhere, by=cast.coordinator, on=ON, reason="X")


# By hand


def test_an_extraordinary_report_begins_with_sensible_days_and_the_outline_of_the_last_period(
    cast: Cast, proposed: Period
):
    changed(proposed, cast, sections=WORDS)
    thought = first_thoughts(cast.plan, date(2024, 8, 15))
    assert (thought.name, thought.cut_off, thought.due_date) == (
        "Báo cáo đột xuất tháng 8/2024", date(2024, 8, 15), date(2024, 8, 22),
    )  # fmt: skip
    assert [one.title for one in thought.sections][-1] == "Công tác tuyên truyền"


def test_a_period_made_by_hand_asks_the_agencies_that_are_named(cast: Cast):
    days = {"begins_on": date(2024, 1, 1), "ends_on": ON, "cut_off": ON, "due_date": date(2024, 5, 27)}
    made = Period.make(cast.plan, by=cast.coordinator, on=ON, name="Đột xuất", agencies=[cast.health], **days)
    assert made.open(by=cast.coordinator, on=ON) == 1
    assert made.reports.get().agency == cast.health
    with pytest.raises(ValidationError, match="cùng tên"):
        Period.make(cast.plan, by=cast.coordinator, on=ON, name="Đột xuất", **days)


def test_only_what_was_made_by_hand_and_never_opened_is_dropped(cast: Cast, proposed: Period):
    with pytest.raises(ValidationError, match="theo nhiệm vụ báo cáo của kế hoạch"):
        proposed.drop(by=cast.coordinator)
    made = PeriodFactory(plan=cast.plan, name="Đột xuất")
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        made.drop(by=cast.health_leader)
    made.drop(by=cast.coordinator)
    assert not Period.objects.filter(name="Đột xuất").exists()
    opened = PeriodFactory(plan=cast.plan, name="Đột xuất", status=Period.Status.OPEN)
    with pytest.raises(ValidationError, match="được người khác xử lý"):
        opened.drop(by=cast.coordinator)


# Closing


def test_a_units_submitted_report_is_decided_by_its_parent_before_the_period_closes(cast: Cast, with_children: Period):
    with_children.open(by=cast.coordinator, on=ON)
    report = with_children.reports.get(agency=cast.commune)
    leader = person(cast.commune, "leader", username="quangson.lanhdao")
    submitted(report, cast.commune_officer, leader)
    with pytest.raises(ValidationError, match="trong đó 1 báo cáo của đơn vị cấp dưới"):
        with_children.close(by=cast.coordinator, on=LATER)
    Report.objects.get(pk=report.pk).accept(by=cast.district_officer, on=LATER)
    with_children.close(by=cast.coordinator, on=LATER)
    assert Period.objects.get(pk=with_children.pk).status == Period.Status.CLOSED


# Two at once, really


def at_once(*deeds) -> list[str | None]:
    """Do the deeds in threads of their own at the same moment; return what became of each."""
    start, answers = Barrier(len(deeds)), []

    def run(deed) -> None:
        try:
            start.wait(10)
            deed()
            answers.append("done")
        except ValidationError as error:
            answers.append(getattr(error, "code", None) or "refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(answers)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_opening_at_the_same_moment_open_once(cast: Cast, proposed: Period):
    second = person(cast.home_affairs, "coordinator", username="dieuphoi2")
    copies = [(Period.objects.get(pk=proposed.pk), by) for by in (cast.coordinator, second)]
    opening = [lambda copy=copy, by=by: copy.open(by=by, on=ON) for copy, by in copies]
    assert at_once(*opening) == ["done", "taken"]
    assert (proposed.reports.count(), proposed.events.filter(kind="opened").count()) == (3, 1)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_accepting_and_returning_one_report_at_the_same_moment_is_one_decision(cast: Cast, period: Period, report_of):
    second = person(cast.home_affairs, "coordinator", username="dieuphoi2")
    report = submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    one, other = Report.objects.get(pk=report.pk), Report.objects.get(pk=report.pk)
    answers = at_once(
        lambda: one.accept(by=cast.coordinator, on=LATER),
        lambda: other.send_back(by=second, on=LATER, reason="Thiếu số liệu."),
    )
    assert answers == ["done", "taken"]
    decisions = ReportEvent.objects.filter(report=report, kind__in=["accepted", "returned"])
    assert decisions.count() == 1
    state = Report.objects.get(pk=report.pk).state
    assert state == {"accepted": ReportState.ACCEPTED, "returned": ReportState.RETURNED}[decisions.get().kind]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_closing_while_a_report_is_submitted_leaves_nothing_undecided(cast: Cast, period: Period, report_of):
    report = write(report_of(cast.health), cast.health_officer)
    report.approve(by=cast.health_leader, on=date(2024, 6, 5))
    answers = at_once(
        lambda: Period.objects.get(pk=period.pk).close(by=cast.coordinator, on=LATER),
        lambda: Report.objects.get(pk=report.pk).submit(by=cast.health_officer, on=date(2024, 6, 5)),
    )
    assert answers in (["done", "refused"], ["done", "taken"])
    closed = Period.objects.get(pk=period.pk).status == Period.Status.CLOSED
    assert closed != Report.objects.submitted().exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_asking_one_agency_twice_at_the_same_moment_makes_one_report(cast: Cast, period: Period):
    copies = [Period.objects.get(pk=period.pk) for _ in range(2)]
    asking = [
        lambda copy=copy: copy.ask(cast.home_affairs, by=cast.coordinator, on=ON, reason="Thêm.") for copy in copies
    ]
    assert at_once(*asking) == ["done", "refused"]
    assert (period.reports.filter(agency=cast.home_affairs).count(), period.events.filter(kind="asked").count()) == (
        1,
        1,
    )


def test_an_outline_is_kept_as_plain_values(proposed: Period):
    assert proposed.outline == as_json(DEFAULT)


def test_an_agency_that_is_no_more_is_shown_as_such_in_the_list(cast: Cast, proposed: Period):
    Agency.objects.filter(pk=cast.justice.pk).update(valid_to=date(2024, 4, 30))
    gone = {one.agency.name: one.ended_on for one in proposed.reporters(ON) if one.ended_on}
    assert gone == {"Sở Tư pháp": date(2024, 4, 30)}


def test_the_number_of_queries_of_the_list_does_not_grow(cast: Cast, proposed: Period, django_assert_max_num_queries):
    for _ in range(12):
        agency = AgencyFactory(province=cast.province)
        proposed.agencies.add(agency)
        work_item(AgencyFactory(province=cast.province, parent=agency), plan=cast.plan)
    with django_assert_max_num_queries(8):
        assert len(proposed.reporters(ON)) == 27


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_period_has_no_day_of_another_century(cast: Cast, proposed: Period, day: date):
    days = {"begins_on": date(2024, 1, 1), "ends_on": date(2024, 6, 30), "cut_off": date(2024, 6, 1)}
    for name in ("due_date", "children_due_date"):
        told = days | {"due_date": date(2024, 6, 9), name: day}
        with pytest.raises(ValidationError, match="từ năm 2000 đến năm 2100") as refused:
            Period.make(cast.plan, by=cast.coordinator, on=ON, name="Đột xuất", **told)
        assert list(refused.value.message_dict) == [name]
        with pytest.raises(ValidationError, match="từ năm 2000 đến năm 2100"):
            changed(proposed, cast, **{name: day})
    assert Period.objects.get() == proposed


def test_keys_of_new_sections_are_found_whatever_stands_before_them_and_stay_with_a_new_title():
    long = "k" * 36
    rows = [Section(long, "Một"), Section(f"{long}-3", "Hai"), Section(long, "Ba"), Section("", "2024: kết quả")]
    made = checked(rows)
    assert [one.key for one in made] == [long, f"{long}-3", f"{long}-2", "muc-2024-ket-qua"]
    assert checked([replace(made[-1], title="Kết quả năm")])[0].key == "muc-2024-ket-qua"
