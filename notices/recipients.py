"""Who is told: people by agency and role on one day, read once a round."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F

from agencies.models import Agency, Membership

NO_ADDRESS = "Không gửi thư vì tài khoản chưa có địa chỉ thư điện tử."


@dataclass(frozen=True, slots=True)
class Person:
    """An account with or without an address."""

    user_id: int
    has_address: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is told, and why it is them."""

    person: Person
    why: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Those of the agency who are told. `gap`: none of them can get a letter, so the plan's coordinators must know."""

    people: tuple[Recipient, ...]
    gap: bool


@dataclass
class People:
    """Members of all agencies on one day (inactive accounts left out), asked with one query."""

    by_role: dict[tuple[int, str], list[Person]] = field(default_factory=lambda: defaultdict(list))
    parents: dict[int, int] = field(default_factory=dict)
    _known: dict[tuple[int, int | None], Audience] = field(default_factory=dict)

    @classmethod
    def load(cls, on: date) -> "People":
        """Read who works where on ``on`` and which agency stands above which."""
        people = cls()
        roles = [Membership.Role.OFFICER, Membership.Role.LEADER, Membership.Role.COORDINATOR]
        rows = (
            Membership.objects.valid_on(on)
            .filter(role__in=roles, user__is_active=True, agency__province=F("user__province"))
            .order_by("user_id")
        )
        for agency_id, role, user_id, email in rows.values_list("agency_id", "role", "user_id", "user__email"):
            people.by_role[agency_id, role].append(Person(user_id, bool(email)))
        above = Agency.objects.filter(parent__isnull=False).exclude(parent__kind=Agency.Kind.SUPERIOR)
        people.parents = dict(above.values_list("pk", "parent_id"))
        return people

    def doers(self, agency_id: int, responsible_id: int | None = None) -> Audience:
        """Return the officer in charge, else the agency's officers, else its leaders: the nearest who can get a letter.

        Those nearer without an address are told on the page. Coordinators who are the agency's only people count as
        its officers: they do its own work.
        """
        key = (agency_id, responsible_id)
        if key not in self._known:
            self._known[key] = self._doers(agency_id, responsible_id)
        return self._known[key]

    def _doers(self, agency_id: int, responsible_id: int | None) -> Audience:
        officers = self._with(agency_id, Membership.Role.OFFICER)
        leaders = self._with(agency_id, Membership.Role.LEADER)
        coordinators = self._with(agency_id, Membership.Role.COORDINATOR)
        in_charge = [one for one in {*officers, *leaders, *coordinators} if one.user_id == responsible_id]
        told: dict[int, Recipient] = {}
        for circle, why in (
            (in_charge, "Anh/chị được phân công phụ trách đầu việc này."),
            (officers or coordinators, "Anh/chị là chuyên viên của cơ quan thực hiện."),
            (leaders, "Anh/chị là lãnh đạo cơ quan; cơ quan chưa có chuyên viên nhận được thư."),
        ):
            for person in circle:
                told.setdefault(person.user_id, Recipient(person, why))
            if any(person.has_address for person in circle):
                return Audience(tuple(told.values()), gap=False)
        return Audience(tuple(told.values()), gap=True)

    def leaders(self, agency_id: int) -> Audience:
        """Return those whom lateness of the agency is reported to first."""
        circle = self._with(agency_id, Membership.Role.LEADER)
        why = "Anh/chị là lãnh đạo cơ quan có việc quá hạn."
        return Audience(
            tuple(Recipient(person, why) for person in circle), not any(person.has_address for person in circle)
        )

    def coordinators(self, agency_id: int, why: str, without: int | None = None) -> tuple[Recipient, ...]:
        """Return the coordinators of the plans of that coordinating agency."""
        circle = self._with(agency_id, Membership.Role.COORDINATOR)
        return tuple(Recipient(person, why) for person in circle if person.user_id != without)

    def confirmers(self, agency_id: int, coordinating_id: int, handed_in_by: int | None) -> tuple[Recipient, ...]:
        """Return who confirms: officers of the agency above (never of the province's leading body), else coordinators.

        Whoever handed it in does not confirm it.
        """
        above = self.parents.get(agency_id, 0)
        why = "Anh/chị thuộc cơ quan cấp trên trực tiếp, xác nhận việc của cơ quan này."
        circle = [*self._with(above, Membership.Role.OFFICER), *self._with(above, Membership.Role.LEADER)]
        near = tuple(Recipient(person, why) for person in dict.fromkeys(circle) if person.user_id != handed_in_by)
        if any(one.person.has_address for one in near):
            return near
        why = "Anh/chị điều phối kế hoạch, xác nhận kết quả của cơ quan thực hiện."
        return near + self.coordinators(coordinating_id, why, without=handed_in_by)

    def _with(self, agency_id: int, role: str) -> list[Person]:
        return self.by_role.get((agency_id, role), [])
