"""Pages that tie plans together: a plan for another year, and the parent plan that a plan carries out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agencies.access import SignedInRequest
from agencies.models import User
from plans.carrying_out import lines_of, link, set_parent
from plans.copying import copy_plan
from plans.forms import CopyForm, ParentForm, whole_number
from plans.models import Plan
from plans.models.plan import number_key
from plans.views.acting import say_why_not
from workdays.clock import today


def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the year and make the draft of its plan."""
    plans = Plan.objects.coordinated_by(request.user).exclude(status=Plan.Status.DRAFT)
    plan = get_object_or_404(plans.select_related("province", "coordinating_agency"), pk=pk)
    form = CopyForm(request.POST or None, initial={"year": plan.year + 1})
    if request.method == "POST" and form.is_valid():
        try:
            draft = copy_plan(plan, year=form.cleaned_data["year"], by=request.user)
        except ValidationError as error:
            form.add_error("year", ValidationError(error.messages))
        else:
            messages.success(request, "Đã lập dự thảo. Hãy điền số, ngày ban hành và xem lại từng nhiệm vụ.")
            return redirect(draft)
    context = {"plan": plan, "form": form, "tasks": plan.tasks.standing().count()}
    return render(request, "plans/plan_copy.html", context, status=422 if form.errors else 200)


def carry_out(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the parent plan and say which of its tasks each task carries out."""
    plans = Plan.objects.visible_to(request.user).select_related("parent", "coordinating_agency")
    plan = get_object_or_404(plans, pk=pk)
    may_link = plan.is_coordinated_by(request.user)
    suggested = _parent_named_in(plan, request.user)
    initial = {"parent": plan.parent_id or (suggested.pk if suggested else None)}
    data = request.POST if "parent" in request.POST else None
    form = ParentForm(data, plan=plan, user=request.user, initial=initial)
    if request.method == "POST":
        try:
            if "parent" in request.POST:
                if form.is_valid():
                    set_parent(plan, form.cleaned_data["parent"], by=request.user)
                    messages.success(request, "Đã ghi kế hoạch cấp trên.")
            else:
                changed = link(plan, _wanted(request), by=request.user, on=today())
                messages.success(request, f"Đã ghi {changed} thay đổi liên kết." if changed else "Không có thay đổi.")
        except ValidationError as error:
            say_why_not(request, error)
        if not form.errors:
            return redirect("plan-carry-out", pk)
    parent_seen = plan.parent_id is None or Plan.objects.visible_to(request.user).filter(pk=plan.parent_id).exists()
    lines = lines_of(plan) if plan.parent_id and parent_seen else []
    context = {
        "plan": plan,
        "form": form,
        "lines": lines,
        "linked": sum(bool(line.linked) for line in lines),
        "may_link": may_link,
        "suggested": suggested,
    }
    return render(request, "plans/plan_carry_out.html", context, status=422 if form.errors else 200)


def _parent_named_in(plan: Plan, user: User) -> Plan | None:
    """Return the plan that the document itself says it carries out, while none was chosen."""
    draft = getattr(plan, "draft", None)
    number = draft.head.get("parent_number") if draft else None
    if plan.parent_id or not number:
        return None
    known = Plan.objects.visible_to(user).filter(number_key=number_key(number), signed_on__lte=plan.signed_on)
    return known.exclude(pk=plan.pk).exclude(status=Plan.Status.DRAFT).order_by("-signed_on").first()


def _wanted(request: SignedInRequest) -> dict[int, set[int]]:
    """Return the ticks of the page: each task that was shown, with the parent's tasks ticked for it."""
    shown = [number for words in request.POST.getlist("shown") if (number := whole_number(words)) is not None]
    wanted: dict[int, set[int]] = {number: set() for number in shown}
    for words in request.POST.getlist("links"):
        task, _, parent = words.partition(":")
        numbers = whole_number(task), whole_number(parent)
        if numbers[0] in wanted and numbers[1] is not None:
            wanted[numbers[0]].add(numbers[1])
    return wanted
