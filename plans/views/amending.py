"""Pages of a corrected document: upload it for a plan under way, see what differs, apply what is confirmed."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from agencies.access import SignedInRequest
from plans.amending import amend
from plans.forms import AmendForm, CorrectionForm, whole_number
from plans.importing import requesting
from plans.importing.comparing import Comparison, Difference, compare
from plans.importing.refusing import KnownDocument
from plans.importing.starting import store_document
from plans.models import ImportDraft, Plan, TaskChange, WorkItem
from plans.models.occurrence import OPEN_STATES, State
from workdays.clock import today


def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the corrected document of a plan, to be read and laid beside it."""
    plans = Plan.objects.coordinated_by(request.user).filter(status=Plan.Status.ACTIVE)
    plan = get_object_or_404(plans.select_related("coordinating_agency__province"), pk=pk)
    form = CorrectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["document"]
        try:
            draft = store_document(
                data=file.read(), name=file.name, by=request.user, agency=plan.coordinating_agency, amends=plan
            )
        except KnownDocument as error:
            if error.draft and error.draft.amends_id == plan.pk:
                return redirect(error.draft)
            form.add_error("document", error)
        else:
            requesting.read_soon(draft)
            return redirect(draft)
    context = {"plan": plan, "form": form, "drafts": plan.amending_drafts.under_way()}
    return render(request, "plans/plan_correct.html", context, status=422 if form.errors else 200)


def comparison(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what differs from the plan under way; apply what is ticked.

    `?ghep=row:task` says which task a row is (task 0: a new one); it may come several times.
    """
    drafts = ImportDraft.objects.visible_to(request.user).filter(state=ImportDraft.State.OPEN, amends__isnull=False)
    draft = get_object_or_404(drafts.select_related("amends__province", "amends__coordinating_agency"), pk=pk)
    plan = get_object_or_404(Plan.objects.select_related("province", "coordinating_agency"), pk=draft.amends_id)
    pairing = _pairing(request.POST if request.method == "POST" else request.GET)
    form = AmendForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        draft.revision = form.cleaned_data["revision"]
        accepted = set(request.POST.getlist("differences"))
        try:
            amendment = amend(
                draft, accepted=accepted, pairing=pairing, by=request.user, on=today(), words=form.cleaned_data["words"]
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            draft.refresh_from_db()
        else:
            messages.success(request, f"Đã điều chỉnh kế hoạch lần {amendment.ordinal}: {len(accepted)} thay đổi.")
            return redirect(plan)
    context = {"draft": draft, "plan": plan, "form": form, "pairing": pairing} | _shown(compare(draft, plan, pairing))
    return render(request, "plans/import_compare.html", context, status=422 if form.errors else 200)


def _pairing(data: QueryDict) -> dict[int, int | None]:
    """Return what the page says about rows and tasks; what no page of ours sends is left out."""
    found: dict[int, int | None] = {}
    for words in data.getlist("ghep"):
        row, _, task = words.partition(":")
        numbers = whole_number(row), whole_number(task)
        if numbers[0] is not None and numbers[1] is not None:
            found[numbers[0]] = numbers[1] or None
    return found


def _shown(found: Comparison) -> dict[str, object]:
    """Return the differences by kind, each task with how much of its work is open and how much is done."""
    kind = TaskChange.Kind
    work = _work_of(one.task.pk for one in found.differences if one.task)

    def with_work(name: str) -> list[tuple[Difference, dict[str, int] | None]]:
        return [(one, work.get(one.task.pk) if one.task else None) for one in found.of_kind(name)]

    return {
        "head": with_work("head"),
        "added": with_work(kind.ADDED),
        "changed": with_work(kind.CHANGED),
        "gone": with_work(kind.GONE),
        "unchanged": found.unchanged,
        "count": len(found.differences),
    }


def _work_of(tasks: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return for each task how many of its items are unfinished and how many are completed."""
    unfinished = Count("pk", filter=Q(state__in=[*OPEN_STATES, State.HANDED_IN]))
    done = Count("pk", filter=Q(state=State.COMPLETED))
    rows = (
        WorkItem.objects.given().filter(task__in=list(tasks)).values("task").annotate(unfinished=unfinished, done=done)
    )
    return {row["task"]: {"unfinished": row["unfinished"], "done": row["done"]} for row in rows.order_by("task")}
