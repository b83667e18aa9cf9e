"""Pages of a person's own notices: the inbox, and what they wish to hear of."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest
from notices.filters import InboxFilter
from notices.forms import WishesForm, kinds
from notices.models import MutedKind, Notice
from workdays.clock import today

ROWS = 30


@require_GET
def notice_list(request: SignedInRequest) -> HttpResponse:
    """List what the person was told, newest first, each with why it came to them."""
    mine = Notice.objects.in_inbox_of(request.user)
    only_unread = request.GET.get("doc") == "chua"
    shown = mine.filter(read_at__isnull=True) if only_unread else mine
    found = InboxFilter(request.GET, queryset=shown.select_related("agency", "letter", "plan"), request=request)
    inbox = reverse("notice-list")
    tabs = [
        {"label": "Tất cả", "url": inbox, "active": not only_unread, "count": None},
        {
            "label": "Chưa đọc",
            "url": f"{inbox}?doc=chua",
            "active": only_unread,
            "count": Notice.objects.unread_of(request.user).count(),
        },
    ]
    page = Paginator(found.qs, ROWS).get_page(request.GET.get("page"))
    return render(request, "notices/notice_list.html", {"page_obj": page, "filter": found, "tabs": tabs})


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


def notice_wishes(request: SignedInRequest) -> HttpResponse:
    """Show and take over what the person wants to hear of, on the page and by letter."""
    form = WishesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save(today())
        messages.success(request, "Đã lưu tùy chọn nhận thông báo.")
        return redirect("notice-wishes")
    context = {"form": form, "statutory": [label for _, label in kinds(statutory=True)], "channels": MutedKind.Channel}
    return render(request, "notices/wishes.html", context)
