"""What a person may see and do, computed once for a request; every `visible_to(user)` starts here."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.http import HttpRequest

from workdays.clock import today

if TYPE_CHECKING:
    from agencies.models import User


AT_WORK = ("officer", "leader", "coordinator")
"""Roles of people who work in the agency; a viewer or an administrator does not do its work."""


@dataclass(frozen=True, slots=True)
class Access:
    """A person's standing on one day: ids of agencies by what the person is there.

    ``own``: works there (officer, leader or coordinator); ``leads``: approves what leaves it; ``children``: units right
    under ``own``, whose work the person sees and may fill in; ``coordinates``: plans of these agencies are theirs.
    """

    on: date
    province_id: int | None
    own: frozenset[int]
    leads: frozenset[int]
    children: frozenset[int]
    coordinates: frozenset[int]
    is_viewer: bool
    is_administrator: bool

    @property
    def reach(self) -> frozenset[int]:
        """Agencies for which the person may write: their own and those right under them."""
        return self.own | self.children


NOBODY = Access(date.min, None, frozenset(), frozenset(), frozenset(), frozenset(), False, False)


def access_of(user: Any, on: date | None = None) -> Access:
    """Return the standing of a user (anybody, signed in or not) on the day (default today). Cached on the user object for that day."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    on = on or today()
    cached = getattr(user, "_access", None)
    if cached is None or cached.on != on:
        cached = _compute(cast("User", user), on)
        user._access = cached
    return cached


def _compute(user: "User", on: date) -> Access:
    roles: dict[str, set[int]] = {}
    rows = user.memberships.valid_on(on).filter(agency__province=user.province)
    for role, agency_id in rows.values_list("role", "agency_id"):
        roles.setdefault(role, set()).add(agency_id)
    own = frozenset(set().union(*(roles.get(role, set()) for role in AT_WORK)))
    children = apps.get_model("agencies", "Agency").objects.filter(parent_id__in=own).values_list("pk", flat=True)
    return Access(
        on=on,
        province_id=user.province_id,
        own=own,
        leads=frozenset(roles.get("leader", ())),
        children=frozenset(children) if own else frozenset(),
        coordinates=frozenset(roles.get("coordinator", ())),
        is_viewer="viewer" in roles,
        is_administrator="administrator" in roles,
    )


class SignedInRequest(HttpRequest):
    """A request that passed the sign-in: what every page of ours is called with (LoginRequiredMiddleware sees to it)."""

    user: "User"


def person_of(request: Any) -> "User":
    """Return the person behind a request of the API, which answers nobody else (IsAuthenticated)."""
    return request.user
