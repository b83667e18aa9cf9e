"""What the coordinator does with the targets of a task, and what its page shows of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.models import User
from plans.forms import whole_number
from plans.models import Plan, Target, TargetChange, Task
from plans.target_forms import TargetForm, WithdrawTargetForm, said_of
from plans.targets.figures import progress_of
from plans.targets.finding import LONGEST_WORDS, FoundTarget, find_targets
from plans.views.acting import say_why_not
from workdays.clock import today


def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a new target of the task and add it; also takes one that was found in its words, with one click."""
    tasks = Task.objects.filter(plan__in=Plan.objects.coordinated_by(request.user))
    task = get_object_or_404(tasks.select_related("plan"), pk=pk)
    form = TargetForm(request.POST or None, initial=_found(request, task))
    if request.method == "POST" and form.is_valid():
        try:
            target = Target.add(task, form.new(), by=request.user, on=today())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Đã ghi chỉ tiêu: {target.goal_words}.")
            return redirect(task)
    context = {"task": task, "form": form, "may_set": may_set(task, request.user)}
    return render(request, "plans/target_form.html", context, status=422 if form.errors else 200)


def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one target to its coordinator: other words or another goal, or asked for no more."""
    target = _target(request, pk)
    form = TargetForm(request.POST or None, initial=said_of(target))
    if request.method == "POST" and form.is_valid():
        try:
            revision = form.cleaned_data["revision"] or 0
            target.change(form.new(), by=request.user, on=today(), revision=revision)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Đã sửa chỉ tiêu: {target.goal_words}.")
            return redirect(target.task)
    context = {
        "task": target.task,
        "target": target,
        "form": form,
        "withdraw_form": WithdrawTargetForm(initial={"revision": target.revision}, auto_id="withdraw_%s"),
        "may_set": may_set(target.task, request.user) and target.active,
        "changes": target.changes.select_related("by"),
    }
    return render(request, "plans/target_form.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the target no more, with a reason."""
    target = _target(request, pk)
    form = WithdrawTargetForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError("Hãy ghi lý do bỏ chỉ tiêu.")
        target.withdraw(by=request.user, on=today(), **form.cleaned_data)
        messages.success(request, "Đã bỏ chỉ tiêu; số liệu đã báo cáo được giữ nguyên.")
    except ValidationError as error:
        say_why_not(request, error)
    return redirect(target.task)


def may_set(task: Task, user: User) -> bool:
    """Say whether the user sets the targets of the task: the plan's coordinator, while it is under way."""
    under_way = task.plan.status == Plan.Status.ACTIVE and not task.withdrawn_by_id
    return under_way and task.plan.is_coordinated_by(user)


def targets_context(task: Task, user: User) -> dict:
    """Return what the page of a task shows of its targets: totals, what its words offer, and the history."""
    progress = progress_of(task, user, today())
    changes = list(TargetChange.objects.filter(target__task=task).select_related("by").order_by("-pk"))
    mine = may_set(task, user)
    return {
        "targets": progress,
        "may_set_targets": mine,
        "found_targets": offered(task, changes) if mine else [],
        "target_changes": changes,
    }


def offered(task: Task, changes: list[TargetChange]) -> list[tuple[Target, TargetForm]]:
    """Return the targets found in the task's words and product, each as a form to be sent with one click.

    What was added once is not offered again, also after it was mended or withdrawn.
    """
    known = {words for one in changes for words in (one.before, one.after)}
    found = [
        Target(**_said(one)) for text in (task.text, task.product) for one in find_targets(text, year=task.plan.year)
    ]
    fresh = {str(one): one for one in found if str(one) not in known}
    return [(one, TargetForm(initial=said_of(one), auto_id=f"found_{n}_%s")) for n, one in enumerate(fresh.values())]


def _found(request: SignedInRequest, task: Task) -> dict[str, Any] | None:
    """Return the offer that is to be mended before it is added (``?found=0``: the first)."""
    wanted = whole_number(request.GET.get("found", ""))
    if wanted is None:
        return None
    offers = offered(task, list(TargetChange.objects.filter(target__task=task)))
    return said_of(offers[wanted][0]) if wanted < len(offers) else None


def _said(found: FoundTarget) -> dict[str, Any]:
    words = " ".join(found.words.split())[:LONGEST_WORDS]
    return {"words": words, "unit": found.unit, "comparison": found.comparison.value, "goal": found.goal}


def _target(request: SignedInRequest, pk: int) -> Target:
    targets = Target.objects.filter(task__plan__in=Plan.objects.coordinated_by(request.user))
    return get_object_or_404(targets.select_related("task__plan"), pk=pk)
