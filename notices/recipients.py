"""Who is told: people by agency and role on one day, read once a round."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from agencies.models import Agency, Membership
from notices.models import BouncedAddress

NO_ADDRESS = "Không gửi thư vì tài khoản chưa có địa chỉ thư điện tử."
BAD_ADDRESS = "Không gửi thư vì địa chỉ thư điện tử của tài khoản không đúng dạng."
DOES_IT = "Anh/chị là chuyên viên của cơ quan thực hiện."
NO_OFFICER = "Cơ quan chưa có chuyên viên nhận được thư."
BOUNCED = "Không gửi thư vì máy chủ thư báo địa chỉ của người nhận không nhận được thư."


@dataclass(frozen=True, slots=True)
class Person:
    """An account; ``no_letter`` says why no letter can reach it, nothing when one can."""

    user_id: int
    no_letter: str = ""

    @property
    def has_address(self) -> bool:
        """Say whether a letter can reach the person."""
        return not self.no_letter


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
    by_province: dict[int, dict[int, Person]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[int, int] = field(default_factory=dict)
    _known: dict[tuple[int, int | None, str], Audience] = field(default_factory=dict)

    @classmethod
    def load(cls, on: date) -> "People":
        """Read who works where on ``on`` and which agency stands above which."""
        people = cls()
        bounced = frozenset(BouncedAddress.objects.values_list("address", flat=True))
        roles = [Membership.Role.OFFICER, Membership.Role.LEADER, Membership.Role.COORDINATOR, Membership.Role.VIEWER]
        rows = (
            Membership.objects.valid_on(on)
            .filter(role__in=roles, user__is_active=True, agency__province=F("user__province"))
            .order_by("user_id")
        )
        facts = rows.values_list("agency_id", "agency__province_id", "role", "user_id", "user__email")
        for agency_id, province_id, role, user_id, email in facts:
            person = Person(user_id, why_no_letter(email, bounced))
            if role == Membership.Role.VIEWER:
                people.by_province[province_id].setdefault(user_id, person)
            else:
                people.by_role[agency_id, role].append(person)
        above = Agency.objects.filter(parent__isnull=False).exclude(parent__kind=Agency.Kind.SUPERIOR)
        people.parents = dict(above.values_list("pk", "parent_id"))
        return people

    def doers(self, agency_id: int, responsible_id: int | None = None, why: str = DOES_IT) -> Audience:
        """Return the officer in charge, else the agency's officers, else its leaders: the nearest who can get a letter.

        Those nearer without an address are told on the page. Coordinators who are the agency's only people count as
        its officers: they do its own work.
        """
        key = (agency_id, responsible_id, why)
        if key not in self._known:
            self._known[key] = self._doers(agency_id, responsible_id, why)
        return self._known[key]

    def _doers(self, agency_id: int, responsible_id: int | None, why: str) -> Audience:
        officers = self._with(agency_id, Membership.Role.OFFICER)
        leaders = self._with(agency_id, Membership.Role.LEADER)
        coordinators = self._with(agency_id, Membership.Role.COORDINATOR)
        in_charge = [one for one in {*officers, *leaders, *coordinators} if one.user_id == responsible_id]
        told: dict[int, Recipient] = {}
        for circle, words in (
            (in_charge, "Anh/chị được phân công phụ trách đầu việc này."),
            (officers or coordinators, why),
            (leaders, f"{why} {NO_OFFICER}" if why != DOES_IT else f"Anh/chị là lãnh đạo cơ quan. {NO_OFFICER}"),
        ):
            for person in circle:
                told.setdefault(person.user_id, Recipient(person, words))
            if any(person.has_address for person in circle):
                return Audience(tuple(told.values()), gap=False)
        return Audience(tuple(told.values()), gap=True)

    def leaders(self, agency_id: int) -> Audience:
        """Return those whom lateness of the agency is reported to first."""
        circle = self._with(agency_id, Membership.Role.LEADER)
        why = "Anh/chị là lãnh đạo cơ quan có việc quá hạn kéo dài."
        return Audience(
            tuple(Recipient(person, why) for person in circle), not any(person.has_address for person in circle)
        )

    def leading_body(self, province_id: int) -> Audience:
        """Return those who look on for the province's leading body: whom the longest lateness is put before."""
        circle = list(self.by_province.get(province_id, {}).values())
        why = "Anh/chị theo dõi cho lãnh đạo UBND tỉnh; việc thuộc danh sách trình Phó Chủ tịch."
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


def why_no_letter(email: str, bounced: frozenset[str]) -> str:
    """Return in words why no letter can go to this address; nothing when it can."""
    if not email:
        return NO_ADDRESS
    try:
        validate_email(email)
    except ValidationError:
        return BAD_ADDRESS
    return BOUNCED if email.lower() in bounced else ""
