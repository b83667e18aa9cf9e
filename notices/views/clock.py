"""The button that moves the demonstration's day."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from notices.forms import ClockForm
from notices.round import Passage, run_days
from notices.wording import written_day
from workdays.clock import set_demonstration_day, today
from workdays.models import DemonstrationDay


@require_POST
def clock_advance(request: SignedInRequest) -> HttpResponse:
    """Move the demonstration to a later day, running the round and the sending of every day passed."""
    access = access_of(request.user)
    if not settings.DEMO or not (access.coordinates or access.is_administrator):
        raise Http404
    with transaction.atomic():
        DemonstrationDay.objects.select_for_update().first()  # a second click waits, then starts from the new day
        present = today()
        form = ClockForm(request.POST, present=present)
        if form.is_valid():
            set_demonstration_day(form.cleaned_data["target"])
    if form.is_valid():
        _say(request, run_days(present, form.cleaned_data["target"]), written_day(form.cleaned_data["target"]))
    for error in [str(words) for found in form.errors.values() for words in found]:
        messages.error(request, error)
    return redirect(_back(request))


def _say(request: SignedInRequest, passage: Passage, day: str) -> None:
    words = f"Đã chuyển đến ngày {day}: {passage.notices} thông báo mới, {passage.letters} thư."
    if passage.errors:
        messages.warning(request, f"{words} Có {passage.errors} lỗi trong vòng nhắc việc.")
    else:
        messages.success(request, words)


def _back(request: SignedInRequest) -> str:
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe else reverse("home")
