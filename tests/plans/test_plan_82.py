"""Plan 82/KH-UBND of Vĩnh Phúc, from its Word file into the register of its signing day: the work is what counting gives."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings

from agencies.models import Agency, Membership, User
from agencies.registers import load_register
from plans.importing.saving import confirm_draft
from plans.importing.starting import start_draft
from plans.models import Deadline, ImportDraft, Plan, WorkItem
from tests.factories import person
from tests.plans.test_saving import STARTED, head_of, small_plan

PLAN_82 = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"


@dataclass
class Imported:
    """Plan 82 as it was imported, with who did it."""

    plan: Plan
    coordinator: User
    department: Agency
    media: Path


@pytest.fixture(scope="module")
def plan_82(django_db_setup, django_db_blocker, tmp_path_factory):
    """Import plan 82 from its Word file into the register of its signing day; taken back after this module."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        load_register("Vĩnh Phúc", date(2024, 3, 20))
        department = Agency.objects.get(code="SNV")
        coordinator = person(department, Membership.Role.COORDINATOR)
        draft = start_draft(data=PLAN_82.read_bytes(), name=PLAN_82.name, by=coordinator, agency=department)
        plan = confirm_draft(draft, head=head_of(draft), by=coordinator, on=STARTED)
        yield Imported(plan, coordinator, department, media)
        transaction.set_rollback(True)


def test_plan_82_has_33_tasks_under_14_headings_in_the_order_of_the_document(plan_82: Imported, db: None):
    plan = plan_82.plan
    assert [task.position for task in plan.tasks.all()] == list(range(1, 34))
    assert [(heading.depth, heading.title.split(" ")[0]) for heading in plan.sections.all()] == [
        (0, "I."), (0, "II."), (0, "III."),
        (1, "1."), (2, "1.1."), (2, "1.2."), (2, "1.3."), (2, "1.4."),
        (1, "2."), (2, "2.1."), (2, "2.2."), (2, "2.3."), (2, "2.4."), (2, "2.5."),
    ]  # fmt: skip
    of_section = [task.section.title.split(" ")[0] for task in plan.tasks.select_related("section")]
    assert of_section == (
        ["I."] * 4 + ["II."] + ["1.1.", "1.2."] + ["1.3."] * 3 + ["1.4."] * 8
        + ["2.1."] * 2 + ["2.2."] * 4 + ["2.3."] * 5 + ["2.4."] * 3 + ["2.5."]
    )  # fmt: skip
    assert plan.sections.get(title__startswith="1.4.").parent.title.startswith("1. Nâng cao sự hài lòng")


def test_the_head_of_plan_82_and_its_document_are_kept(plan_82: Imported, db: None, settings):
    plan = Plan.objects.get(pk=plan_82.plan.pk)
    assert (plan.number, plan.issuer, plan.signed_on, plan.year, plan.status, plan.activated_on) == (
        "82/KH-UBND", "UBND tỉnh Vĩnh Phúc", date(2024, 3, 20), 2024, Plan.Status.ACTIVE, STARTED,
    )  # fmt: skip
    assert plan.coordinating_agency == plan_82.department
    settings.MEDIA_ROOT = plan_82.media
    with plan.document.open() as stored:
        assert stored.read() == PLAN_82.read_bytes()
    assert plan.draft.state == ImportDraft.State.CONFIRMED


@pytest.mark.parametrize(
    ("code", "items", "deliveries"),
    [
        # A department that is only in "Các sở, ban, ngành": rows 1-3 once; 12 rows of four quarters (6-8, 18-23, 29, 30, 33).
        ("STC", 3 + 12 * 4, 3 + 12),
        # Sở Y tế: the same, and rows 9 and 10 of its own.
        ("SYT", 3 + 14 * 4, 3 + 14),
        # Văn phòng UBND tỉnh: the same, rows 24 and 25, row 28 twice, row 32 monthly from 31/3; watching (30, 33) is beside.
        ("VPUBND", 3 + 14 * 4 + 2 + 10, 3 + 14 + 2 + 10),
        # Sở Nội vụ: the same, row 4 twice, row 5 over two quarters, row 24.
        ("SNV", 3 + 13 * 4 + 2 + 2, 3 + 13 + 2 + 1),
        # Bảo hiểm xã hội tỉnh: rows 1-3; 7 rows for central agencies (6, 7, 18, 21, 23, 30, 33); row 17 by name.
        ("BHXHT", 3 + 8 * 4, 3 + 8),
        # Trung tâm Phục vụ hành chính công: rows 19 and 20 by name.
        ("TTPVHCC", 2 * 4, 2),
    ],
)
def test_the_work_of_an_agency_is_what_counting_in_plan_82_gives(plan_82: Imported, db: None, code, items, deliveries):
    owed = WorkItem.objects.filter(task__plan=plan_82.plan, agency__code=code)
    assert (owed.count(), owed.deliveries().count()) == (items, deliveries)


def test_every_district_and_every_commune_has_the_same_work(plan_82: Imported, db: None):
    counts = {}
    for kind in ("district_pc", "commune_pc"):
        agencies = Agency.objects.filter(kind=kind)
        counts[kind] = (agencies.count(), {agency.items.count() for agency in agencies})
    assert counts == {"district_pc": (9, {3 + 15 * 4 + 2}), "commune_pc": (136, {12 * 4 + 2})}
    assert WorkItem.objects.filter(task__plan=plan_82.plan).count() == 8835


def test_the_dates_of_plan_82_are_the_last_days_on_time(plan_82: Imported, db: None):
    days = {task.position: task.deadline.due_dates for task in plan_82.plan.tasks.select_related("deadline")}
    assert days[2] == [date(2024, 6, 9)]
    assert days[3] == [date(2024, 12, 9)]
    assert days[5] == [date(2024, 9, 30), date(2024, 12, 31)]
    assert days[28] == [date(2024, 6, 30), date(2024, 9, 30)]
    assert (len(days[32]), days[32][0], days[32][-1]) == (10, date(2024, 3, 31), date(2024, 12, 31))
    assert not Deadline.objects.filter(task__plan=plan_82.plan, ambiguous=True).exists()


def test_the_two_reports_of_plan_82_are_report_tasks(plan_82: Imported, db: None):
    assert list(plan_82.plan.tasks.filter(is_report=True).values_list("position", flat=True)) == [2, 3]


def test_the_same_file_again_is_refused_in_words(plan_82: Imported, db: None):
    with pytest.raises(ValidationError) as refusal:
        start_draft(data=PLAN_82.read_bytes(), name="khac.docx", by=plan_82.coordinator, agency=plan_82.department)
    assert refusal.value.messages == ["Văn bản này đã được nhập: Kế hoạch 82/KH-UBND ngày 20/03/2024."]
    assert ImportDraft.objects.count() == 1


def test_the_same_plan_from_another_file_is_refused_in_words(plan_82: Imported, db: None):
    copy = small_plan(("Rà soát thủ tục", "Sở Y tế", "Quý II"), number=82)
    with pytest.raises(ValidationError, match="82/KH-UBND ngày 20/03/2024 đã có trong hệ thống, không nhập lần nữa"):
        start_draft(data=copy, name="82.md", by=plan_82.coordinator, agency=plan_82.department)
    assert ImportDraft.objects.count() == 1
