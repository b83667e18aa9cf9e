"""A saved plan becomes work: who owes what, at which moments."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.models import Agency, AgencyGroup
from plans.activation import activate, occurrences_of
from plans.models import Assignment, Occurrence, Plan, PrintedAssignment, Task, WorkItem
from plans.models.occurrence import OccurrenceKind
from plans.models.plan import Role
from tests.cast import Cast
from tests.factories import AgencyFactory, AgencyGroupFactory, PlanFactory, TaskFactory

SIGNED = date(2024, 3, 20)
STARTED = date(2024, 3, 25)
QUARTERS = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a plan that is saved and not yet followed."""
    return PlanFactory(
        province=cast.province,
        coordinating_agency=cast.home_affairs,
        signed_on=SIGNED,
        status=Plan.Status.DRAFT,
        activated_on=None,
    )


@pytest.fixture
def departments(cast: Cast) -> AgencyGroup:
    """Return the group of the three departments of the cast."""
    return AgencyGroupFactory(province=cast.province)


def printed(
    task: Task, role: str, *, agency: Agency | None = None, group: AgencyGroup | None = None
) -> PrintedAssignment:
    """Name an agency or a group in the document."""
    position = task.printed_assignments.count() + 1
    words = str(agency or group)
    return PrintedAssignment.objects.create(
        task=task, position=position, words=words, role=role, agency=agency, group=group
    )


def owed(task: Task) -> set[tuple[str, str]]:
    """Return who owes the task under which role."""
    return set(task.items.values_list("agency__name", "role"))


def test_a_group_is_expanded_as_of_the_signing_day(cast: Cast, draft: Plan, departments: AgencyGroup):
    AgencyFactory(province=cast.province, name="Sở Mới lập", valid_from=date(2024, 3, 21))
    AgencyFactory(province=cast.province, name="Sở Đã giải thể", valid_to=date(2024, 3, 19))
    AgencyFactory(province=cast.province, name="Sở Còn đến hôm ký", valid_to=SIGNED)
    task = TaskFactory(plan=draft)
    printed(task, Role.IMPLEMENT, group=departments)
    assert activate(draft, by=cast.coordinator, on=STARTED) == 4
    assert {name for name, _ in owed(task)} == {"Sở Nội vụ", "Sở Y tế", "Sở Tư pháp", "Sở Còn đến hôm ký"}
    draft.refresh_from_db()
    assert (draft.status, draft.activated_on) == (Plan.Status.ACTIVE, STARTED)


def test_a_group_never_reaches_into_another_province(cast: Cast, draft: Plan, departments: AgencyGroup):
    task = TaskFactory(plan=draft)
    printed(task, Role.IMPLEMENT, group=departments)
    activate(draft, by=cast.coordinator, on=STARTED)
    assert not WorkItem.objects.exclude(agency__province=cast.province).exists()


def test_a_named_agency_that_is_also_in_the_group_owes_once_as_named(cast: Cast, draft: Plan, departments: AgencyGroup):
    task = TaskFactory(plan=draft)
    printed(task, Role.IMPLEMENT, group=departments)
    printed(task, Role.LEAD, agency=cast.health)
    assert activate(draft, by=cast.coordinator, on=STARTED) == 3
    assert owed(task) == {("Sở Y tế", "lead"), ("Sở Nội vụ", "implement"), ("Sở Tư pháp", "implement")}


def test_monitoring_stands_beside_the_work_of_the_group(cast: Cast, draft: Plan, departments: AgencyGroup):
    task = TaskFactory(plan=draft)
    printed(task, Role.MONITOR, agency=cast.health)
    printed(task, Role.IMPLEMENT, group=departments)
    activate(draft, by=cast.coordinator, on=STARTED)
    assert ("Sở Y tế", "implement") in owed(task)
    assert set(Assignment.objects.filter(agency=cast.health).values_list("role", flat=True)) == {"monitor", "implement"}


def test_who_only_coordinates_or_monitors_owes_nothing(cast: Cast, draft: Plan):
    task = TaskFactory(plan=draft)
    printed(task, Role.ADVISE, agency=cast.justice)
    printed(task, Role.COORDINATE, agency=cast.health)
    printed(task, Role.MONITOR, agency=cast.home_affairs)
    assert activate(draft, by=cast.coordinator, on=STARTED) == 1
    assert owed(task) == {("Sở Tư pháp", "advise")}
    assert task.assignments.count() == 3


def test_in_two_groups_the_stronger_role_holds(cast: Cast, draft: Plan, departments: AgencyGroup):
    everybody = AgencyGroupFactory(
        province=cast.province, name="Các cơ quan, đơn vị", kinds=["department", "district_pc"]
    )
    task = TaskFactory(plan=draft)
    printed(task, Role.COORDINATE, group=everybody)
    printed(task, Role.IMPLEMENT, group=departments)
    activate(draft, by=cast.coordinator, on=STARTED)
    assert {name for name, _ in owed(task)} == {"Sở Nội vụ", "Sở Y tế", "Sở Tư pháp"}
    assert task.assignments.get(agency=cast.district).role == Role.COORDINATE


def test_an_agency_named_twice_keeps_the_stronger_role_in_either_order(cast: Cast, draft: Plan):
    task, turned = TaskFactory(plan=draft), TaskFactory(plan=draft)
    printed(task, Role.LEAD, agency=cast.health)
    printed(task, Role.COORDINATE, agency=cast.health)
    printed(turned, Role.COORDINATE, agency=cast.health)
    printed(turned, Role.LEAD, agency=cast.health)
    assert activate(draft, by=cast.coordinator, on=STARTED) == 2
    assert owed(task) == owed(turned) == {("Sở Y tế", "lead")}


def test_exclusions_of_the_words_and_of_the_group_are_left_out(cast: Cast, draft: Plan, departments: AgencyGroup):
    departments.excludes.add(cast.home_affairs)
    departments.includes.add(cast.district)
    task, all_of_them = TaskFactory(plan=draft), TaskFactory(plan=draft)
    printed(task, Role.IMPLEMENT, group=departments).excluded.add(cast.justice)
    printed(all_of_them, Role.IMPLEMENT, group=departments)
    activate(draft, by=cast.coordinator, on=STARTED)
    assert {name for name, _ in owed(task)} == {"Sở Y tế", "UBND huyện Lập Thạch"}
    assert {name for name, _ in owed(all_of_them)} == {"Sở Y tế", "Sở Tư pháp", "UBND huyện Lập Thạch"}


def test_a_group_that_owes_and_is_empty_stops_with_words_and_nothing_is_saved(cast: Cast, draft: Plan):
    schools = AgencyGroupFactory(province=cast.province, name="Các trường trực thuộc", kinds=[])
    good, bad = TaskFactory(plan=draft, position=1), TaskFactory(plan=draft, position=7)
    printed(good, Role.LEAD, agency=cast.health)
    printed(bad, Role.IMPLEMENT, group=schools)
    with pytest.raises(ValidationError) as refusal:
        activate(draft, by=cast.coordinator, on=STARTED)
    assert refusal.value.messages == [
        "Nhiệm vụ 7: nhóm “Các trường trực thuộc” không có cơ quan nào vào ngày 20/03/2024. "
        "Hãy chọn thành viên của nhóm hoặc thay bằng tên cơ quan cụ thể."
    ]
    assert not WorkItem.objects.exists()
    assert Plan.objects.get(pk=draft.pk).status == Plan.Status.DRAFT


def test_an_empty_group_that_only_coordinates_does_not_stop(cast: Cast, draft: Plan):
    task = TaskFactory(plan=draft)
    printed(task, Role.LEAD, agency=cast.health)
    printed(task, Role.COORDINATE, group=AgencyGroupFactory(province=cast.province, kinds=[]))
    assert activate(draft, by=cast.coordinator, on=STARTED) == 1


def test_a_group_of_which_everybody_is_excluded_counts_as_empty(cast: Cast, draft: Plan, departments: AgencyGroup):
    line = printed(TaskFactory(plan=draft), Role.IMPLEMENT, group=departments)
    line.excluded.set([cast.health, cast.justice, cast.home_affairs])
    with pytest.raises(ValidationError, match="không có cơ quan nào"):
        activate(draft, by=cast.coordinator, on=STARTED)
    assert not Assignment.objects.exists()


def test_a_plan_is_activated_once(cast: Cast, draft: Plan):
    printed(TaskFactory(plan=draft), Role.LEAD, agency=cast.health)
    stale = Plan.objects.get(pk=draft.pk)
    activate(draft, by=cast.coordinator, on=STARTED)
    with pytest.raises(ValidationError, match="đã được đưa vào theo dõi"):
        activate(stale, by=cast.coordinator, on=STARTED)
    assert WorkItem.objects.count() == 1


def test_every_item_starts_with_its_printed_date_as_version_one(cast: Cast, draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=[date(2024, 6, 9)])
    printed(task, Role.LEAD, agency=cast.health)
    activate(draft, by=cast.coordinator, on=STARTED)
    item = task.items.get()
    assert (item.due_date, item.original_due_date, item.due_version) == (date(2024, 6, 9), date(2024, 6, 9), 1)
    assert [(one.version, one.due_date, one.on) for one in item.due_date_versions.all()] == [
        (1, date(2024, 6, 9), STARTED)
    ]


# Moments


def moments(task: Task, **how) -> list[tuple[int, str, date | None]]:
    """Return the moments of a task: ordinal, kind, day."""
    return [(one.ordinal, one.kind, one.due_date) for one in occurrences_of(task, **how)]


def test_each_date_is_a_delivery_of_its_own(draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=QUARTERS[1:3], deadline__completes="each")
    assert moments(task) == [(1, "delivery", QUARTERS[1]), (2, "delivery", QUARTERS[2])]


def test_where_the_last_date_closes_the_task_the_earlier_ones_are_check_points(draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=QUARTERS, deadline__completes="final")
    assert [kind for _, kind, _ in moments(task)] == ["check_point", "check_point", "check_point", "delivery"]


def test_one_final_date_is_a_delivery(draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=QUARTERS[3:], deadline__completes="final")
    assert moments(task) == [(1, "delivery", QUARTERS[3])]


def test_without_a_date_the_task_is_owed_once_without_a_day(cast: Cast, draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=[], deadline__kind="as_needed", deadline__completes="")
    printed(task, Role.LEAD, agency=cast.health)
    activate(draft, by=cast.coordinator, on=STARTED)
    item = task.items.get()
    assert (item.kind, item.due_date) == (OccurrenceKind.DELIVERY, None)
    assert not item.due_date_versions.exists()


def test_an_early_check_point_can_be_skipped_and_the_rest_keeps_its_order(draft: Plan):
    task = TaskFactory(plan=draft, deadline__due_dates=QUARTERS, deadline__completes="final")
    assert moments(task, skip_early=True) == [
        (1, "check_point", QUARTERS[1]),
        (2, "check_point", QUARTERS[2]),
        (3, "delivery", QUARTERS[3]),
    ]


def test_skipping_early_dates_never_skips_a_delivery(draft: Plan):
    single = TaskFactory(plan=draft, deadline__due_dates=QUARTERS[:1], deadline__completes="final")
    monthly = TaskFactory(
        plan=draft, deadline__due_dates=[date(2024, 3, 31), date(2024, 4, 30)], deadline__completes="each"
    )
    assert len(moments(single, skip_early=True)) == 1
    assert len(moments(monthly, skip_early=True)) == 2


def test_the_fifteenth_day_after_signing_is_still_early_the_sixteenth_is_not(draft: Plan):
    days = [date(2024, 4, 4), date(2024, 4, 5), date(2024, 12, 31)]
    task = TaskFactory(plan=draft, deadline__due_dates=days, deadline__completes="final")
    assert [day for _, _, day in moments(task, skip_early=True)] == days[1:]


def test_a_moment_knows_the_period_it_stands_for(draft: Plan):
    task = TaskFactory(
        plan=draft,
        deadline__due_dates=QUARTERS[2:],
        deadline__periods=["2024-Q3", "2024-Q4"],
        deadline__completes="each",
    )
    assert [one.period for one in occurrences_of(task)] == ["2024-Q3", "2024-Q4"]


# What the database keeps


def test_a_moment_has_its_number_once_in_a_task(draft: Plan):
    task = TaskFactory(plan=draft)
    Occurrence.objects.create(task=task, ordinal=1, kind="delivery")
    with pytest.raises(IntegrityError, match="occurrence_ordinal_is_unique"), transaction.atomic():
        Occurrence.objects.create(task=task, ordinal=1, kind="check_point")
    assert task.occurrences.count() == 1


def test_an_assignment_is_said_once(cast: Cast, draft: Plan):
    task = TaskFactory(plan=draft)
    Assignment.objects.create(task=task, agency=cast.health, role=Role.LEAD)
    with pytest.raises(IntegrityError, match="assignment_is_said_once"), transaction.atomic():
        Assignment.objects.create(task=task, agency=cast.health, role=Role.LEAD)
    assert task.assignments.count() == 1


def test_a_printed_assignment_names_an_agency_or_a_group_and_not_both(
    cast: Cast, draft: Plan, departments: AgencyGroup
):
    task = TaskFactory(plan=draft)
    with pytest.raises(IntegrityError, match="names_an_agency_or_a_group"), transaction.atomic():
        printed(task, Role.LEAD)
    with pytest.raises(IntegrityError, match="names_an_agency_or_a_group"), transaction.atomic():
        printed(task, Role.LEAD, agency=cast.health, group=departments)
    assert not task.printed_assignments.exists()


def test_two_spellings_of_one_plan_are_one_plan(cast: Cast):
    PlanFactory(province=cast.province, number="90/KH-UBND", issuer="UBND tỉnh Vĩnh Phúc", signed_on=SIGNED)
    with pytest.raises(IntegrityError, match="plan_is_known_by_number_issuer_and_day"), transaction.atomic():
        PlanFactory(
            province=cast.province, number="90 / kh–ubnd", issuer="Uỷ ban nhân dân tỉnh Vĩnh Phúc", signed_on=SIGNED
        )
    district = PlanFactory(province=cast.province, number="90/KH-UBND", issuer="UBND huyện Lập Thạch", signed_on=SIGNED)
    assert district.pk


def test_activating_asks_the_same_number_of_questions_for_few_and_many_tasks(
    cast: Cast, departments: AgencyGroup, django_assert_max_num_queries
):
    for count in (3, 30):
        plan = PlanFactory(province=cast.province, coordinating_agency=cast.home_affairs, status=Plan.Status.DRAFT)
        for _ in range(count):
            printed(TaskFactory(plan=plan, deadline__due_dates=QUARTERS), Role.IMPLEMENT, group=departments)
        with django_assert_max_num_queries(16):
            assert activate(plan, by=cast.coordinator, on=STARTED) == count * 4 * 3
