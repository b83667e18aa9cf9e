"""What people wish to hear of: kinds switched off by channel, a letter a week, and which kinds cannot be switched off."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import User
from notices.models import MutedKind, Notice, PlanNoticeSettings, WeeklyLetter

Kind = Notice.Kind
Channel = MutedKind.Channel
STATUTORY = frozenset({Kind.OVERDUE, Kind.ESCALATED, Kind.RETURNED, Kind.REPORT_LATE, Kind.REPORT_RETURNED, Kind.URGED})
"""Kinds that an official is bound to receive: they reach everybody on the page and by letter. See the constraint
`statutory_kind_is_never_muted`."""
ALWAYS_URGENT = frozenset({Kind.URGED})
"""Kinds that leave at once whatever a plan says."""
MAY_BE_URGENT = (
    Kind.RETURNED,
    Kind.REPORT_RETURNED,
    Kind.HANDED_IN,
    Kind.REPORT_SUBMITTED,
    Kind.EXTENSION_ASKED,
    Kind.EXTENSION_DECIDED,
    Kind.OBSTACLE_ASKED,
    Kind.OBSTACLE_ANSWERED,
    Kind.PLAN_CHANGED,
    Kind.DECLINED,
    Kind.DECLINE_DECIDED,
    Kind.DIRECTED,
    Kind.PROPOSED,
    Kind.SENT_DOWN,
)
"""Kinds that a plan may let leave at once: single events. Kinds that come in dozens on a due date stay in the digest."""
OPTED_OUT = "Người nhận đã chọn không nhận thư về loại thông báo này."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What everybody has switched off, read once a round."""

    muted: frozenset[tuple[int, str, str]]

    @classmethod
    def load(cls) -> "Wishes":
        """Read the whole table: a row only where somebody switched something off."""
        return cls(frozenset(MutedKind.objects.values_list("user_id", "kind", "channel")))

    def refuses(self, user_id: int, kind: str, channel: str) -> bool:
        """Say whether the person does not want this kind there. What is statutory is wanted."""
        return (user_id, kind, channel) in self.muted and kind not in STATUTORY


def wishes_of(user: User) -> dict[str, set[str]]:
    """Return the channels that the person has switched off, by kind."""
    found: dict[str, set[str]] = {}
    for kind, channel in MutedKind.objects.filter(user=user).values_list("kind", "channel"):
        found.setdefault(kind, set()).add(channel)
    return found


@transaction.atomic
def set_wishes(user: User, muted: set[tuple[str, str]], *, weekly: bool, on: date) -> None:
    """Take the person's wishes over: exactly these (kind, channel) are off from now on; one letter a week or not.

    Letters that wait already and are not wanted any more are not written. Raises ValidationError for statutory kinds.
    """
    if bound := {kind for kind, _ in muted} & STATUTORY:
        names = ", ".join(sorted(f"“{Kind(kind).label}”" for kind in bound))
        raise ValidationError(f"Không tắt được loại thông báo bắt buộc: {names}.")
    User.objects.select_for_update().get(pk=user.pk)  # a second click waits its turn
    MutedKind.objects.filter(user=user).delete()
    MutedKind.objects.bulk_create([MutedKind(user=user, kind=kind, channel=channel) for kind, channel in sorted(muted)])
    unwanted = [kind for kind, channel in muted if channel == Channel.LETTER]
    waiting = Notice.objects.filter(recipient=user, kind__in=unwanted, state=Notice.State.WAITING, letter__isnull=True)
    waiting.update(state=Notice.State.SUPPRESSED, reason=OPTED_OUT)
    if weekly and may_read_weekly(user):
        WeeklyLetter.objects.get_or_create(user=user, defaults={"since": on})
    else:
        WeeklyLetter.objects.filter(user=user).delete()


def may_read_weekly(user: User) -> bool:
    """Say whether any active plan of the province lets people choose one letter a week (the default does)."""
    plans = PlanNoticeSettings.objects.filter(plan__province=user.province_id, plan__status="active")
    fixed = plans.exclude(digest=PlanNoticeSettings.Digest.CHOICE).count()
    return user.province is not None and user.province.plans.filter(status="active").count() > fixed
