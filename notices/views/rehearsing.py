"""The page of a rehearsal: what would go out on a day, and to whom."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.access import SignedInRequest, access_of
from notices.forms import RehearsalForm
from notices.rehearsal import rehearse
from workdays.clock import today

ROWS = 30


@require_GET
def rehearsal(request: SignedInRequest) -> HttpResponse:
    """Rehearse the round of a day; without a day only ask for one."""
    access = access_of(request.user)
    if not (access.coordinates or access.is_viewer):
        raise Http404
    form = RehearsalForm(request.GET or None, present=today())
    found = rehearse(form.cleaned_data["on"], request.user) if form.is_valid() else None
    page = Paginator(found.people, ROWS).get_page(request.GET.get("page")) if found else None
    return render(request, "notices/rehearsal.html", {"form": form, "found": found, "page_obj": page})
