"""`manage.py prepare_demo [--empty]`: what must be there before `make run` serves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrations, the demonstration's data and the list of its accounts, in one process; may run again at any time."""

    help = "Chuẩn bị cơ sở dữ liệu và dữ liệu mẫu cho `make run`, rồi in các tài khoản mẫu."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="chỉ danh bạ cơ quan và tài khoản, không có kế hoạch")

    def handle(self, *args: Any, empty: bool = False, **options: Any) -> None:
        """Progress goes to stderr, the accounts alone to stdout."""
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stderr)
        call_command("load_demo", *(["--empty"] if empty else []), stdout=self.stderr)
        call_command("demo_accounts", stdout=self.stdout)
