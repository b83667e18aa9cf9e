"""Pages of giving work: a declined task and its decision, parts for units, the leader's approval, directives."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from plans.forms import ReasonForm
from plans.giving import breaking_down, declining
from plans.models import Plan, WorkItem
from plans.models.work import ItemStep
from plans.verb_forms import VerbForm
from plans.views.acting import act, item_of, reason_of, say_why_not
from plans.work_forms import BreakDownForm, DecideForm
from workdays.clock import today


def inside_context(item: WorkItem, user: User) -> dict[str, Any]:
    """Return what the item's page shows of giving: the declined task, the parts, the leader's approval, directives."""
    return {
        "decline_form": ReasonForm(auto_id="decline_%s") if item.may_be_declined_by(user) else None,
        "decline_count": _open_with(item).count() if item.may_be_declined_by(user) else 0,
        "may_decide": declining.may_be_decided_by(item, user),
        "parts": _part_rows(item, user),
        "open_parts": breaking_down.open_parts(item) if item.is_open else 0,
        "may_break_down": item.may_be_broken_down_by(user) and breaking_down.free_units_of(item, today()).exists(),
        "direct_form": ReasonForm(auto_id="direct_%s") if item.may_be_directed_by(user) else None,
        "send_down_form": ReasonForm(auto_id="down_%s") if item.may_be_sent_down_by(user) else None,
        "sees_giver": item.giver_id in access_of(user).own,
    }


def _open_with(item: WorkItem) -> Any:
    return WorkItem.objects.given().open().filter(task=item.task_id, agency=item.agency_id)


def _part_rows(item: WorkItem, user: User) -> list[tuple[WorkItem, str, bool]]:
    """Return the parts of the item, each with its timeliness and whether this person may confirm it here."""
    day = today()
    found = item.parts.for_lists().order_by("agency__sort_key", "pk")
    return [
        (part, part.timeliness(day), part.state == "handed_in" and part.may_be_confirmed_by(user)) for part in found
    ]


# A declined task


@require_POST
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decline the task of the item for its agency."""
    item = item_of(request, pk)

    def verb() -> None:
        count = declining.decline(item, by=request.user, on=today(), reason=reason_of(request))
        messages.info(request, f"{count} đầu việc của nhiệm vụ chờ {item.task.plan.coordinating_agency} quyết định.")

    return act(request, item, "Đã trả lại nhiệm vụ.", verb)


def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on a declined task: another agency, or the same one."""
    item = item_of(request, pk)
    if not item.task.plan.is_coordinated_by(request.user):
        raise Http404
    if not declining.may_be_decided_by(item, request.user):
        messages.error(request, declining.why_not_decidable(item))
        return redirect(item)
    form = DecideForm(request.POST or None, item=item, on=today())
    if done := _carried_out(request, form):
        return done
    declined = list(declining.declined_with(item).for_lists())
    event = item.events.select_related("by").filter(kind=ItemStep.DECLINED).last()
    late = any(one.due_date and one.due_date < today() and not one.is_check_point for one in declined)
    context = {"item": item, "form": form, "declined": declined, "event": event, "late": late}
    return render(request, "plans/work_decide.html", context, status=422 if form.errors else 200)


# Parts


def break_down(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give parts of the item to units right under its agency."""
    item = item_of(request, pk)
    if not item.may_be_broken_down_by(request.user):
        raise Http404
    form = BreakDownForm(request.POST or None, item=item, on=today())
    if done := _carried_out(request, form):
        return done
    owing = WorkItem.objects.filter(occurrence=item.occurrence_id, agency__in=breaking_down.units_of(item, today()))
    context = {
        "item": item,
        "form": form,
        "already": owing.exclude(state="waived").for_lists().order_by("agency__sort_key"),
        "is_late": item.due_date is not None and item.due_date < today(),
    }
    return render(request, "plans/work_break_down.html", context, status=422 if form.errors else 200)


def _carried_out(request: SignedInRequest, form: Any) -> HttpResponse | None:
    """Call the verb of a form that was sent and is right; return the way on, or nothing when the form stays."""
    assert isinstance(form, VerbForm)
    if not form.is_valid():
        return None
    try:
        messages.success(request, form.carry_out(by=request.user, on=today()))
    except ValidationError as error:
        form.refuse(error)
        return None
    return redirect(form.item)  # type: ignore[attr-defined]


# The leader


@require_POST
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the item to the agency's leader."""
    item = item_of(request, pk)
    said = "Đã trình lãnh đạo cơ quan duyệt."
    return act(request, item, said, lambda: item.put_to_leader(by=request.user, on=today()))


@require_POST
def send_down(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give it back to the officers with words."""
    item = item_of(request, pk)
    said = "Đã yêu cầu sửa, bổ sung."
    return act(request, item, said, lambda: item.send_down(by=request.user, on=today(), reason=reason_of(request)))


@require_POST
def direct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a directive on the item."""
    item = item_of(request, pk)
    said = "Đã ghi ý kiến chỉ đạo."
    return act(request, item, said, lambda: item.direct(by=request.user, on=today(), words=reason_of(request)))


@require_POST
def ask_leaders(request: SignedInRequest, pk: int) -> HttpResponse:
    """Switch the leader's approval of a plan on or off."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    try:
        plan.ask_leaders("on" in request.POST, by=request.user)
    except ValidationError as error:
        say_why_not(request, error)
    else:
        said = "Từ nay lãnh đạo cơ quan duyệt trước khi báo hoàn thành."
        messages.success(request, said if plan.leaders_approve else "Chuyên viên tự báo hoàn thành, không phải trình.")
    return redirect(plan)
