"""Whom notices reach: for each agency of a plan who gets its letters, what was sent so far, and where nobody can be reached."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from agencies.models import Agency, Membership, User
from notices.models import BouncedAddress, Notice
from notices.recipients import People, why_no_letter
from plans.models import Plan, WorkItem
from plans.models.occurrence import State

COUNTED = {
    "sent": Q(state=Notice.State.SENT),
    "waiting": Q(state=Notice.State.WAITING),
    "failed": Q(state=Notice.State.FAILED),
    "kept": Q(state=Notice.State.SUPPRESSED),
}
NEAREST = {
    "officer": "Chuyên viên",
    "leader": "Lãnh đạo cơ quan, vì chưa có chuyên viên nhận được thư",
    "coordinator": "Cơ quan điều phối, vì cơ quan chưa có ai nhận được thư",
}
"""Who gets the letters of an agency, nearest first (the fallback of the rules)."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A person of the agency: role, and why no letter reaches them (nothing when one does)."""

    name: str
    role: str
    email: str
    no_letter: str


@dataclass
class Reach:
    """One agency of the plan. ``nearest``: officer, leader, or coordinator when nobody of its own can be reached."""

    agency: Agency
    nearest: str
    people: list[Reached]
    counts: dict[str, int] = field(default_factory=dict)
    last: date | None = None

    @property
    def is_gap(self) -> bool:
        """Say whether nobody of the agency gets a letter."""
        return self.nearest == "coordinator"

    @property
    def who(self) -> str:
        """Say in words who gets the agency's letters."""
        return NEAREST[self.nearest]


def reach_of(plan: Plan, on: date) -> list[Reach]:
    """Return the agencies that owe work in the plan, those that nobody can be reached in first; five queries."""
    owing = WorkItem.objects.filter(task__plan=plan).given().exclude(state__in=[State.WAIVED, State.DECLINED])
    agencies = list(Agency.objects.filter(pk__in=owing.values("agency")).order_by("sort_key"))
    known = People.load(on)
    people = people_of([agency.pk for agency in agencies], on)
    told = {row["agency"]: row for row in _told(plan)}
    found = []
    for agency in agencies:
        its = told.get(agency.pk, {})
        counts = {name: its.get(name, 0) for name in COUNTED}
        found.append(Reach(agency, nearest(known, agency.pk), people[agency.pk], counts, its.get("last")))
    return sorted(found, key=lambda reach: not reach.is_gap)


def nearest(people: People, agency_id: int) -> str:
    """Return which circle of the agency gets its letters, as the rules fall back."""
    if people.doers(agency_id).gap:
        return "coordinator"
    leaders = {one.person for one in people.leaders(agency_id).people}
    reached = [one.person for one in people.doers(agency_id).people if one.person.has_address]
    return "leader" if all(person in leaders for person in reached) else "officer"


def people_of(agencies: list[int], on: date) -> dict[int, list[Reached]]:
    """Return who works in each agency on the day, officers first, with what stands between them and a letter."""
    bounced = frozenset(BouncedAddress.objects.values_list("address", flat=True))
    roles = [Membership.Role.OFFICER, Membership.Role.COORDINATOR, Membership.Role.LEADER]
    rows = Membership.objects.valid_on(on).filter(agency__in=agencies, role__in=roles, user__is_active=True)
    found: dict[int, list[Reached]] = defaultdict(list)
    for row in sorted(rows.select_related("user"), key=lambda row: (roles.index(Membership.Role(row.role)), row.pk)):
        user: User = row.user
        no_letter = why_no_letter(user.email, bounced)
        found[row.agency_id].append(Reached(str(user), row.get_role_display(), user.email, no_letter))
    return found


def _told(plan: Plan) -> list[dict[str, Any]]:
    """Count the plan's notices by agency and state, with the day of the newest."""
    rows: Any = Notice.objects.filter(plan=plan, agency__isnull=False).values("agency")
    return list(rows.annotate(last=Max("on"), **{name: Count("pk", filter=its) for name, its in COUNTED.items()}))
