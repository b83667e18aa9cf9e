"""Work in the background that one process does at a time: the database is the queue, a claim is one UPDATE.

Who claims a row holds it for a lease and renews it with every sign of life. When the process is killed the lease runs
out and the next one begins again, a few times; the claim's number keeps out what a slow one says too late.
"""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

ATTEMPTS = 3
"""So often the work is begun again after whoever did it was killed: what kills three is not tried again."""
RELEASED: dict[str, UUID | datetime | None] = {"claim": None, "claimed_until": None}
"""What ending the work writes besides its outcome."""


class LostClaimError(Exception):
    """The work is no longer this process's: it was ended, or taken by another after the lease had run out."""


def unheld(now: datetime) -> Q:
    """Return the condition that no living process holds the row."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)


class Claimed(models.Model):
    """A row whose work is done in the background by who claims it.

    A model says with `_waiting` which rows still have work; its verbs write through `_claim` and `_of_mine` only.
    """

    LEASE: timedelta
    """How long a holder keeps the row without a sign of life."""
    UNTAKEN: timedelta
    """Work that nobody has begun for that long has no worker."""

    asked_at = models.DateTimeField("yêu cầu lúc", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    claim = models.UUIDField(null=True, blank=True, help_text="Tiến trình đang làm; tiến trình khác không ghi được.")
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def _waiting(cls) -> "QuerySet[Self]":
        """Return the rows whose work is not ended."""
        raise NotImplementedError

    def _claim(self, now: datetime, *, given_up: dict[str, Any], **begun: Any) -> bool:
        """Claim the work, writing ``begun`` with it; False when another holds it or there is none.

        Where it was begun too often, ``given_up`` is written instead.
        """
        free = self._waiting().filter(unheld(now), pk=self.pk)
        if free.filter(attempts__gte=ATTEMPTS).update(**given_up, **RELEASED):
            return False
        claim = uuid4()
        taken = free.update(claim=claim, claimed_until=now + self.LEASE, attempts=F("attempts") + 1, **begun)
        if taken:
            self.refresh_from_db()
        return bool(taken) and self.claim == claim

    def _of_mine(self, **changes: Any) -> None:
        """Write as the holder; raises LostClaimError for whoever holds it no more."""
        if not self._waiting().filter(pk=self.pk, claim=self.claim).update(**changes):
            raise LostClaimError
        self.refresh_from_db(fields=list(changes))

    def _is_unbegun(self, now: datetime) -> bool:
        """Say whether nobody does it although somebody should have begun: no worker is running, or it was killed."""
        free = self.claimed_until is None or self.claimed_until <= now
        return free and self.asked_at + self.UNTAKEN <= now
