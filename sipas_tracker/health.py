"""Is the product well? For the container's health check and whoever watches it; tells nothing about content."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from notices.models import BouncedAddress, Letter, RoundRun, WebhookDelivery
from reports.models import Consolidation

LONGEST_SILENCE = timedelta(hours=26)
"""Beat rings for the round every hour of the day's work and at midnight; after so long nobody rings any more."""


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, and the last round is not long ago and nothing broke in it; 503 otherwise.

    Rules, plans and addresses break singly: the errors are in the ledger of runs and on the page of the plan concerned.
    ``red`` is true as soon as anything asks for a look; a single letter that nobody took is no reason to answer 503,
    after which a container would be restarted.
    """
    try:
        last = RoundRun.objects.first()
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    stuck = Letter.objects.filter(state="waiting", created_at__lt=timezone.now() - timedelta(days=3)).count()
    silent = last is not None and not settings.DEMO and timezone.now() - last.started_at > LONGEST_SILENCE
    since = timezone.now() - timedelta(days=1)
    failed = Letter.objects.filter(state="failed", next_attempt_at__gte=since).count()
    undelivered = WebhookDelivery.objects.filter(state="failed", next_attempt_at__gte=since).count()
    unmade = Consolidation.objects.failed().count()
    waiting = Consolidation.objects.unfinished().filter(asked_at__lt=timezone.now() - timedelta(hours=1)).count()
    answer = {
        "database": "ok",
        "last_round": last.started_at.isoformat() if last else None,
        "round_errors": len(last.errors) if last else 0,
        "round_is_overdue": silent,
        "letters_waiting_over_3_days": stuck,
        "letters_failed_since_yesterday": failed,
        "messages_failed_since_yesterday": undelivered,
        "addresses_refused": BouncedAddress.objects.count(),
        "documents_failed": unmade,
        "documents_waiting_over_an_hour": waiting,
    }
    answer["red"] = bool(answer["round_errors"] or silent or stuck or failed or undelivered or unmade or waiting)
    return JsonResponse(answer, status=503 if answer["round_errors"] or silent else 200)
