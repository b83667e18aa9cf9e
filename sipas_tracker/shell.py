"""What every page shows around its own content: navigation by role, the working day, the person and the inbox."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from agencies.access import Access, access_of
from agencies.models import Membership
from notices.models import Notice
from workdays.clock import today

SHOWN_ACCOUNTS = 8
"""Accounts on the sign-in page of the demonstration: the first memberships made are those of the roles to try."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; `count` is a number worth telling, 0 for none."""

    label: str
    url: str
    icon: str
    active: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry leads and which pages belong to it, by the beginnings of their URL names."""

    label: str
    url_name: str
    icon: str
    belonging: tuple[str, ...]


HOME = Place("Trang chủ", "home", "house", ("home",))
PLANS = Place("Kế hoạch", "plan-list", "scroll-text", ("plan-", "import-", "task-"))
WORK = Place("Đầu việc", "work-list", "list-checks", ("work-",))
EXTENSIONS = Place("Gia hạn", "extension-list", "calendar-plus", ("extension-",))
OBSTACLES = Place("Vướng mắc", "obstacle-list", "traffic-cone", ("obstacle-",))
REPORTS = Place("Báo cáo", "report-list", "file-text", ("report-",))
PERIODS = Place("Tổng hợp", "period-list", "files", ("period-", "consolidation-"))
URGING = Place("Đôn đốc", "urging-desk", "megaphone", ("urging-",))
NOTICES = Place("Thông báo", "notice-list", "bell", ("notice-",))
CRITERIA = Place("Chỉ số SIPAS", "criterion-list", "gauge", ("criterion-",))
AGENCIES = Place("Cơ quan", "agency-list", "landmark", ("agency-",))
LETTERS = Place("Thư (bản mẫu)", "letter-list", "mails", ("letter-",))
ADMIN = Place("Quản trị", "admin:index", "settings", ("admin:",))


class PageShell:
    """The shell of one request. Each part is computed when a template asks for it, so an API answer costs nothing."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.user: Any = getattr(request, "user", None)

    @property
    def signed_in(self) -> bool:
        """Return whether a person is signed in."""
        return bool(self.user and self.user.is_authenticated)

    @cached_property
    def access(self) -> Access:
        """Return what the person may do today."""
        return access_of(self.user)

    @cached_property
    def entries(self) -> list[Entry]:
        """Return the navigation of this person: only pages that exist and that they have a use for."""
        if not self.signed_in:
            return []
        entries = [self._entry(place) for place in self._places()]
        return [entry for entry in entries if entry is not None]

    def _places(self) -> list[Place]:
        places = [HOME, PLANS, WORK, EXTENSIONS, OBSTACLES, REPORTS]
        if self.access.coordinates or self.access.is_viewer:
            places += [PERIODS, URGING]
        places += [NOTICES, CRITERIA, AGENCIES]
        if settings.DEMO and not settings.LETTERS_LEAVE:
            places.append(LETTERS)
        if self.user.is_staff or self.access.is_administrator:
            places.append(ADMIN)
        return places

    def _entry(self, place: Place) -> Entry | None:
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            return None
        match = self.request.resolver_match
        here = match.view_name if match else ""
        active = any(here.startswith(start) for start in place.belonging)
        return Entry(place.label, url, place.icon, active, self.unread if place is NOTICES else 0)

    @cached_property
    def unread(self) -> int:
        """Return how many notices the person has not read."""
        return Notice.objects.unread_of(self.user).count() if self.signed_in else 0

    @cached_property
    def memberships(self) -> list[Membership]:
        """Return where the person works today and as what."""
        if not self.signed_in:
            return []
        return list(self.user.memberships.valid_on(self.today).select_related("agency").order_by("agency__sort_key"))

    @cached_property
    def today(self) -> date:
        """Return the working day."""
        return today()

    @property
    def is_demo(self) -> bool:
        """Return whether the day is assumed and the data a sample."""
        return bool(settings.DEMO)

    @cached_property
    def demo_accounts(self) -> list[Membership]:
        """Return the accounts of the sample data that the sign-in page offers; nothing outside the demonstration."""
        if not self.demo_password:
            return []
        rows = Membership.objects.valid_on(self.today).filter(user__is_active=True)
        return list(rows.select_related("user", "agency").order_by("pk")[:SHOWN_ACCOUNTS])

    @property
    def demo_password(self) -> str:
        """Return the password that all accounts of the sample data share, or nothing."""
        return str(getattr(settings, "DEMO_PASSWORD", "")) if self.is_demo else ""

    @property
    def may_move_the_day(self) -> bool:
        """Return whether this person moves the demonstration forward: the coordinator, where the page exists."""
        return self.is_demo and self.signed_in and bool(self.access.coordinates) and bool(self.clock_url)

    @cached_property
    def clock_url(self) -> str:
        """Return the address that moves the demonstration's day, or nothing."""
        return address_of("clock-advance")

    @cached_property
    def token_url(self) -> str:
        """Return the address of the person's API token, or nothing."""
        return address_of("account-token")

    @cached_property
    def api_url(self) -> str:
        """Return the address of the page that describes the API, or nothing."""
        return address_of("api-docs")


def address_of(name: str) -> str:
    """Return the address of that name, or nothing where the installation does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def page_shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: everything the shell shows stands under one name, `shell`."""
    return {"shell": PageShell(request)}
