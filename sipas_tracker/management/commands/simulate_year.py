"""`manage.py simulate_year`: 2024 with everything that can break broken, in a database of its own."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from agencies.models import Agency, Membership, User
from notices.simulation.year import Account, Faults, Year, as_json
from plans.models import Plan, WorkItem
from sipas_tracker.demo.apart import database_of_its_own
from sipas_tracker.demo.loading import load_demo
from sipas_tracker.demo.story import ACTIVATED, Story
from workdays.clock import set_demonstration_day

PLAN = "82/KH-UBND"
KILLED_DAYS = 0.3
"""Share of the working days on which the workers are killed, twice each, with --kill."""
WITHOUT_ADDRESS = 40
"""Every so many-th agency without an account gets people without an address: the gaps must show."""


class Command(BaseCommand):
    """Exit status 1 when a notice was lost, doubled, invented or sent on a day off."""

    help = (
        "Chạy thử cả năm 2024 với sự cố cố ý (ngắt tiến trình, máy chủ thư lỗi, ngày không chạy) trong một cơ sở dữ liệu "
        "riêng, rồi so thư đã nhận với những gì phải báo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what shall go wrong."""
        parser.add_argument("--plan", default=PLAN, choices=[PLAN], help="kế hoạch của dữ liệu mẫu")
        parser.add_argument("--seed", type=int, default=7, help="hạt giống: cùng số thì cùng diễn biến")
        parser.add_argument("--kill", action="store_true", help="ngắt tiến trình gửi thư bằng SIGKILL vào lúc bất kỳ")
        parser.add_argument(
            "--smtp-errors", type=float, default=0, metavar="%", help="tỷ lệ thư bị máy chủ từ chối tạm"
        )
        parser.add_argument("--skip-days", type=int, default=0, metavar="N", help="số ngày làm việc không chạy gì")
        parser.add_argument("--until", type=date.fromisoformat, default=date(2024, 12, 31), metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **asked: Any) -> None:
        """Make the database, go through the year, say what came of it."""
        if asked["until"].year != 2024:
            raise CommandError("Chỉ chạy thử được trong năm 2024.")
        faults = Faults(
            seed=asked["seed"],
            kill=KILLED_DAYS if asked["kill"] else 0,
            smtp_errors=asked["smtp_errors"],
            lost_answers=asked["smtp_errors"] / 10,
            skip_days=asked["skip_days"],
            refusing=max(10, asked["smtp_errors"]),
            relay_away_days=1,
            broker_losses=1,
            two_workers=True,
        )
        with database_of_its_own(), override_settings(DEMO=True):
            account = Year(
                plan=load_plan(),
                first=ACTIVATED,
                last=asked["until"],
                faults=faults,
                broker_url=settings.REDIS_URL,
                share=0.5,
                begins=set_demonstration_day,
            ).run()
        self.stdout.write(as_json(account) if asked["as_json"] else in_words(account))
        if not account.sound:
            raise CommandError("Có thông báo bị mất, bị lặp, thừa hoặc gửi vào ngày nghỉ.", returncode=1)


def load_plan() -> Plan:
    """Load the register and accounts of the sample data and its plan, and give every agency that owes people."""
    load_demo(empty=True)
    coordinator = User.objects.get(username="dieuphoi")
    set_demonstration_day(ACTIVATED)
    plan = Story(coordinator).import_plan(Agency.objects.get(province=coordinator.province, code="SNV"))
    owing = WorkItem.objects.filter(task__plan=plan).values("agency")
    manned = Membership.objects.filter(role=Membership.Role.OFFICER).values("agency")
    for number, agency in enumerate(Agency.objects.filter(pk__in=owing).exclude(pk__in=manned).order_by("pk")):
        for role in (Membership.Role.OFFICER, Membership.Role.LEADER)[: 1 if number % 3 == 0 else 2]:
            name = f"{role}.{agency.pk}"
            email = "" if number % WITHOUT_ADDRESS == 0 else f"{name}@vinhphuc.example"
            user = User.objects.create(username=name, full_name=agency.name, email=email, province=plan.province)
            Membership.objects.create(user=user, agency=agency, role=role)
    return plan


def in_words(account: Account) -> str:
    """Return the account for a person."""
    return (
        f"Phải báo {account.due}, đã báo {account.told}, mất {account.lost}, lặp {account.doubled}, "
        f"thừa {account.uncalled}, gửi vào ngày nghỉ {account.on_days_off}; {account.letters} thư, "
        f"{account.doubled_in_the_window} thư đến hai lần cùng Message-ID; {account.kills} lần ngắt tiến trình; "
        f"hạt giống {account.seed}; {account.seconds} giây."
    )
