"""`load_demo`: everything the sample data holds, in an order that can be run again."""

import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from agencies.models import Agency, Province, User
from agencies.registers import load_register
from criteria.importing import load_framework
from notices.round import run_days
from plans.models import Plan, WorkItem
from reports.models import Period
from reports.periods import propose_periods
from sipas_tracker.demo.accounts import make_accounts
from sipas_tracker.demo.asking import tell_requests
from sipas_tracker.demo.reporting import tell_reports
from sipas_tracker.demo.story import ACTIVATED, TODAY, Story
from sipas_tracker.demo.targets import set_targets
from workdays.clock import set_demonstration_day
from workdays.models import DemonstrationDay
from workdays.seeding import seed_special_days

REGISTER_DAY = date(2024, 3, 20)
LINKS = Path(settings.BASE_DIR) / "plans" / "data" / "82-KH-UBND-links.json"


def load_demo(*, empty: bool = False) -> list[str]:
    """Load what is missing; returns what was done, in words. ``empty``: register and accounts, but no plan."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Dữ liệu mẫu chỉ nạp được khi DEMO_CLOCK=1.")
    seed_special_days(range(2023, 2028))
    loaded = load_register("Vĩnh Phúc", REGISTER_DAY)
    load_framework()
    make_accounts(loaded.province)
    done = [f"Danh bạ Vĩnh Phúc: {loaded.province.agencies.count()} cơ quan, đơn vị."]
    if not DemonstrationDay.objects.exists():
        set_demonstration_day(ACTIVATED if empty else TODAY)
    if not empty and not Plan.objects.filter(province=loaded.province).exists():
        with transaction.atomic():
            done.append(_tell_the_story(loaded.province))
        run_days(date(2024, 5, 26), TODAY)
    return done


def _tell_the_story(province: Province) -> str:
    """Play the weeks from 25/3 to 3/6/2024: import, work, open period, reports."""
    coordinator = User.objects.get(username="dieuphoi")
    story = Story(coordinator)
    set_demonstration_day(ACTIVATED)
    plan = story.import_plan(Agency.objects.get(province=province, code="SNV"))
    story.link_criteria(plan, json.loads(LINKS.read_text("utf-8"))["links"])
    story.targets = set_targets(plan, by=coordinator, on=ACTIVATED)
    set_demonstration_day(TODAY)
    story.live(plan)
    tell_requests(plan, story)
    propose_periods(plan)
    period = Period.objects.filter(plan=plan).order_by("due_date").first()
    if period is not None:
        period.open(by=coordinator, on=date(2024, 5, 20))
        tell_reports(period, story)
    return f"Kế hoạch {plan.number}: {plan.tasks.count()} nhiệm vụ, {WorkItem.objects.filter(task__plan=plan).count()} đầu việc."
