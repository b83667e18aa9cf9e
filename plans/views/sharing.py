"""Pages on which an item is linked with items of other plans that the same piece of work serves."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from plans.forms import whole_number
from plans.linking import candidates, ended_links_of, links_of
from plans.models import ItemLink, Update, WorkItem
from plans.models.sharing import may_be_linked_by
from plans.views.acting import item_of, say_why_not
from workdays.clock import today


def link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer the agency's items of other plans, and link the one that was picked."""
    item = item_of(request, pk)
    offered = candidates(item, request.user) if may_be_linked_by(item, request.user) and not item.task.is_report else []
    if request.method == "POST":
        picked = whole_number(request.POST.get("other", ""))
        other = next((one.item for one in offered if one.item.pk == picked), None)
        try:
            if other is None:
                raise ValidationError("Hãy chọn một đầu việc đang thực hiện của cùng cơ quan ở kế hoạch khác.")
            ItemLink.make(item, other, by=request.user, on=today())
        except ValidationError as error:
            say_why_not(request, error)
            return redirect("work-link", pk)
        messages.success(request, f"Đã liên kết. Cập nhật tiến độ từ nay được ghi cùng lúc cho {_place_of(other)}.")
        return redirect(item)
    context = {
        "item": item,
        "suggested": [one for one in offered if one.is_suggested],
        "others": [one for one in offered if not one.is_suggested],
        "links": shown_links(request, item),
        "may_link": may_be_linked_by(item, request.user),
    }
    return render(request, "plans/work_link.html", context)


@require_POST
def unlink(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a link of the item away; it stays in the history."""
    item = item_of(request, pk)
    picked = whole_number(request.POST.get("link", ""))
    standing = next((one for one in links_of(item) if one.pk == picked), None)
    try:
        if standing is None:
            raise ValidationError("Liên kết này không còn. Hãy tải lại trang.")
        standing.end(by=request.user, on=today())
        messages.success(request, "Đã bỏ liên kết; những gì đã ghi ở hai kế hoạch được giữ nguyên.")
    except ValidationError as error:
        say_why_not(request, error)
    return redirect(item)


def shown_links(request: SignedInRequest, item: WorkItem) -> list[tuple[ItemLink, WorkItem, bool]]:
    """Return each standing link with its far end, and whether the person may open that."""
    ends = [(one, one.far_from(item)) for one in links_of(item)]
    readable = set()
    if ends:
        seen = WorkItem.objects.visible_to(request.user).filter(pk__in=[far.pk for _, far in ends])
        readable = set(seen.values_list("pk", flat=True))
    return [(one, far, far.pk in readable) for one, far in ends]


def links_context(request: SignedInRequest, item: WorkItem) -> dict:
    """Return what the page of an item shows of its links with other plans."""
    return {
        "links": shown_links(request, item),
        "ended_links": [(one, one.far_from(item)) for one in ended_links_of(item)],
        "may_link": may_be_linked_by(item, request.user) and item.is_open and not item.task.is_report,
        "may_unlink": may_be_linked_by(item, request.user),
    }


def say_where_shared(request: SignedInRequest, item: WorkItem, update: Update) -> None:
    """Tell in which other plans the update was recorded as well, and where it was not."""
    copies = update.copies.select_related("item__task__plan")
    told = {copy.item_id for copy in copies}
    if told:
        places = Counter(_place_of(copy.item) for copy in copies)
        messages.success(request, f"Đã ghi cùng lúc cho {'; '.join(places)}.")
    for one in links_of(item):
        if (far := one.far_from(item)).pk not in told:
            state = far.get_state_display()
            messages.warning(
                request, f"Không ghi cho {_place_of(far)}: đầu việc ở đó {state}, không nhận cập nhật nữa."
            )


def _place_of(item: WorkItem) -> str:
    return f"Kế hoạch {item.task.plan.number} (nhiệm vụ {item.task.position})"
