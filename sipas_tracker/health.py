"""Is the product well? For the container's health check and whoever watches it; tells nothing about content."""

from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from notices.models import Letter, RoundRun


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and the last round did not break; 503 otherwise."""
    try:
        last = RoundRun.objects.first()
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    stuck = Letter.objects.filter(state="waiting", created_at__lt=timezone.now() - timedelta(days=3)).count()
    answer = {
        "database": "ok",
        "last_round": last.started_at.isoformat() if last else None,
        "round_errors": len(last.errors) if last else 0,
        "letters_waiting_over_3_days": stuck,
    }
    return JsonResponse(answer, status=503 if answer["round_errors"] else 200)
