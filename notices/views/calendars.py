"""Private calendar addresses: the page where they are given and revoked, and the calendar itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import Agency
from notices.calendar_feed import feed_of
from notices.models import CalendarAddress
from plans.forms import whole_number
from plans.views.acting import say_why_not
from workdays.clock import now, today


@require_GET
def calendar_list(request: SignedInRequest) -> HttpResponse:
    """Show the person's addresses, and what an address may still be asked for."""
    mine = list(CalendarAddress.objects.visible_to(request.user).standing().select_related("agency"))
    had = [address.agency_id for address in mine if address.agency_id]
    own = Agency.objects.visible_to(request.user).filter(pk__in=access_of(request.user).own).exclude(pk__in=had)
    context = {
        "rows": [(address, request.build_absolute_uri(address.get_absolute_url())) for address in mine],
        "agencies": own,
        "may_have_own": all(address.agency_id for address in mine),
    }
    return render(request, "notices/calendar_list.html", context)


@require_POST
def calendar_give(request: SignedInRequest) -> HttpResponse:
    """Give the person an address: their own, or that of an agency of theirs."""
    number = whole_number(request.POST.get("agency", ""))
    agency = get_object_or_404(Agency.objects.visible_to(request.user), pk=number) if number else None
    try:
        CalendarAddress.give(request.user, agency)
    except ValidationError as error:
        say_why_not(request, error)
    else:
        messages.success(request, "Đã lập địa chỉ lịch. Hãy giữ kín: ai có địa chỉ này đều đọc được lịch.")
    return redirect("calendar-list")


@require_POST
def calendar_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an address."""
    address = get_object_or_404(CalendarAddress.objects.visible_to(request.user).standing(), pk=pk)
    address.revoke()
    messages.success(request, "Đã thu hồi địa chỉ lịch; điện thoại dùng địa chỉ cũ không còn đọc được.")
    return redirect("calendar-list")


@login_not_required
@require_GET
@cache_control(private=True, max_age=900)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a phone that knows the address; whatever else is asked for is not there."""
    address = CalendarAddress.answering_to(token)
    if address is None:
        raise Http404
    CalendarAddress.objects.filter(pk=address.pk).update(read_at=timezone.now())
    content = feed_of(address, today(), now(), f"{request.scheme}://{request.get_host()}")
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="sipas.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
