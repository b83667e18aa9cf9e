"""Pages of the inbox, of letters, and the button that moves the demonstration's day."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from notices.forms import ClockForm, NoticeFilterForm
from notices.models import Letter, LetterQuerySet, Notice
from notices.round import Passage, run_days
from notices.wording import written_day
from workdays.clock import set_demonstration_day, today
from workdays.models import DemonstrationDay

ROWS = 30


@require_GET
def notice_list(request: SignedInRequest) -> HttpResponse:
    """List what the person was told, newest first, each with why it came to them."""
    mine = Notice.objects.visible_to(request.user)
    form = NoticeFilterForm(request.GET)
    rows = mine.select_related("agency", "letter")
    if form.is_valid() and form.cleaned_data["kind"]:
        rows = rows.filter(kind=form.cleaned_data["kind"])
    unread = Notice.objects.unread_of(request.user)
    only_unread = request.GET.get("doc") == "chua"
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    inbox = reverse("notice-list")
    tabs = [
        {"label": "Tất cả", "url": inbox, "active": not only_unread, "count": None},
        {"label": "Chưa đọc", "url": f"{inbox}?doc=chua", "active": only_unread, "count": unread.count()},
    ]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "notices/notice_list.html", {"page_obj": page, "form": form, "tabs": tabs})


@require_GET
def notice_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go to what it speaks of."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect(notice.get_absolute_url())


@require_POST
def notice_read_all(request: SignedInRequest) -> HttpResponse:
    """Mark everything as read."""
    read = Notice.objects.unread_of(request.user).update(read_at=timezone.now())
    messages.success(request, f"Đã đánh dấu {read} thông báo là đã đọc." if read else "Không có thông báo chưa đọc.")
    return redirect("notice-list")


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
