"""Pages of letters."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from notices.models import Letter, LetterQuerySet

ROWS = 30


def readable_letters(user: User) -> LetterQuerySet:
    """Return the user's own letters; in the demonstration its coordinators and administrators read the province's."""
    access = access_of(user)
    if settings.DEMO and access.province_id and (access.coordinates or access.is_administrator):
        return Letter.objects.filter(recipient__province_id=access.province_id)
    return Letter.objects.visible_to(user)


@require_GET
def letter_list(request: SignedInRequest) -> HttpResponse:
    """List letters, newest first."""
    letters = readable_letters(request.user).select_related("recipient").defer("text", "html")
    page = Paginator(letters, ROWS).get_page(request.GET.get("page"))
    context = {"page_obj": page, "letters_leave": settings.LETTERS_LEAVE}
    return render(request, "notices/letter_list.html", context)


@require_GET
def letter_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a letter as it was written. Its HTML is of our own template, which escaped what people typed."""
    letter = get_object_or_404(readable_letters(request.user).select_related("recipient"), pk=pk)
    return render(request, "notices/letter_detail.html", {"letter": letter, "body": mark_safe(letter.html)})
