"""What the extension desk and the obstacle desk hold for one person: the tabs of their lists and the counts of the homes."""

from dataclasses import dataclass
from datetime import date, timedelta

from agencies.access import access_of
from agencies.models import User
from plans.models import Extension, Obstacle
from plans.models.extension_rules import ExtensionQuerySet
from plans.models.obstacle import ObstacleQuerySet

MINE, OURS, ALL = "mine", "agency", "all"
TABS = {MINE: "Chờ tôi xử lý", OURS: "Của cơ quan tôi", ALL: "Tất cả"}
NEWS_DAYS = 7
"""Days for which a decision stands on the home page of the agency that asked."""

Asked = ExtensionQuerySet | ObstacleQuerySet


@dataclass(frozen=True, slots=True)
class DeskNews:
    """Counts for a home page: what waits for the person, and what was decided for their agencies of late."""

    extensions: int
    obstacles: int
    long_extensions: int
    long_obstacles: int
    decided: list[Extension]
    answered: list[Obstacle]

    @property
    def is_empty(self) -> bool:
        """Say whether the home page has nothing to show."""
        return not (self.extensions or self.obstacles or self.decided or self.answered)


def on_tab(rows: Asked, tab: str, user: User) -> Asked:
    """Return the rows of a tab; an unknown tab is the last, everything the person sees."""
    if tab == MINE:
        return rows.waiting_for(user)
    return rows.of_agencies_of(user) if tab == OURS else rows


def tab_for(asked: str, rows: Asked, user: User) -> str:
    """Return the tab to open: the one asked for, else what waits for the person, their agency's, everything."""
    if asked in TABS:
        return asked
    if rows.waiting_for(user).exists():
        return MINE
    access = access_of(user)
    return OURS if access.own and not access.coordinates else ALL


def desk_news(user: User, day: date) -> DeskNews:
    """Return the counts and the latest decisions for the person's home page as of ``day``."""
    extensions = Extension.objects.visible_to(user).waiting_for(user)
    obstacles = Obstacle.objects.visible_to(user).put_to_agencies_of(user)
    ours = Extension.objects.visible_to(user).of_agencies_of(user).active()
    decided = ours.filter(state__in=[Extension.State.APPROVED, Extension.State.REFUSED])
    answered = Obstacle.objects.visible_to(user).settleable_by(user)
    return DeskNews(
        extensions=extensions.count(),
        obstacles=obstacles.count(),
        long_extensions=extensions.waiting_long(day).count(),
        long_obstacles=obstacles.waiting_long(day).count(),
        decided=list(
            decided.filter(decided_on__gte=day - timedelta(days=NEWS_DAYS))
            .for_lists()
            .order_by("-decided_on", "-pk")[:5]
        ),
        answered=list(answered.for_lists().order_by("-answered_on", "-pk")[:5]),
    )
