"""Reading plan 82 as of each month of 2024: the table of docs/reminders.md is what the product does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from agencies.models import Agency, Membership
from agencies.registers import load_register
from notices.models import Notice
from notices.yearly import as_table, months_of
from plans.importing.saving import confirm_draft
from plans.importing.starting import start_draft
from plans.models import Plan
from reports.periods import propose_periods
from tests.factories import person
from tests.plans.test_plan_82 import PLAN_82
from tests.plans.test_saving import head_of
from workdays.seeding import seed_special_days

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "reminders.md"


@pytest.fixture(scope="module")
def plan_82(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Plan]:
    """Plan 82, followed from the day it was signed; every agency that owes work has an officer and a leader."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        province = load_register("Vĩnh Phúc", date(2024, 3, 20)).province
        seed_special_days(range(2024, 2025))
        department = Agency.objects.get(code="SNV", province=province)
        coordinator = person(department, Membership.Role.COORDINATOR)
        draft = start_draft(data=PLAN_82.read_bytes(), name=PLAN_82.name, by=coordinator, agency=department)
        plan = confirm_draft(draft, head=head_of(draft), by=coordinator, on=date(2024, 3, 20))
        propose_periods(plan)
        for agency in Agency.objects.filter(items__task__plan=plan).distinct():
            person(agency)
            person(agency, Membership.Role.LEADER)
        person(Agency.objects.get(code="UBNDT", province=province), Membership.Role.VIEWER)
        yield plan
        transaction.set_rollback(True)


@pytest.mark.long
def test_the_table_of_the_documentation_is_what_the_product_does(plan_82: Plan, db: None) -> None:
    table = as_table(months_of(plan_82, date(2024, 12, 31)))
    assert table in DOCUMENT.read_text("utf-8"), table
    assert not Notice.objects.exists()
