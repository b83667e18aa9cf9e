"""Pages of the register."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.access import SignedInRequest
from agencies.forms import AgencySearch
from agencies.models import Agency, AgencyGroup
from workdays.clock import today


def agency_list(request: SignedInRequest) -> HttpResponse:
    """Show the register of the province as of today, searched without diacritics, by kind."""
    agencies = Agency.objects.visible_to(request.user).valid_on(today()).select_related("parent")
    form = AgencySearch(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = agencies.matching(asked.get("q", ""))
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    groups = AgencyGroup.objects.filter(province=request.user.province)
    context = {
        "page_obj": Paginator(found, 60).get_page(request.GET.get("page")),
        "form": form,
        "groups": [(group, group.members(today()).count()) for group in groups],
    }
    return render(request, "agencies/agency_list.html", context)


def agency_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one agency: names, time, parent, units under it, what became of it."""
    agency = get_object_or_404(Agency.objects.visible_to(request.user).select_related("parent"), pk=pk)
    context = {
        "agency": agency,
        "children": agency.children.valid_on(today()),
        "successions": agency.successions.select_related("successor"),
        "origins": agency.origins.select_related("predecessor"),
        "people": agency.memberships.valid_on(today()).select_related("user").order_by("role", "user__full_name"),
    }
    return render(request, "agencies/agency_detail.html", context)
