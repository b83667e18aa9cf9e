"""`manage.py demo_accounts`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from agencies.models import Membership
from sipas_tracker.demo.accounts import TO_TRY


class Command(BaseCommand):
    """The accounts to try, one line each."""

    help = "In các tài khoản mẫu."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print name, role and agency of each."""
        names = [row[0] for row in TO_TRY]
        places = Membership.objects.filter(user__username__in=names).select_related("user", "agency").order_by("pk")
        self.stdout.write(f"Tài khoản mẫu (mật khẩu chung: {settings.DEMO_PASSWORD})")
        for place in places:
            self.stdout.write(f"  {place.user.username:<16} {place.get_role_display():<22} {place.agency.name}")
