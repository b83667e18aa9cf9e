"""Pages of the work: lists, one item, and the verbs an officer or a coordinator calls on it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from plans.exporting import Download, work_items_xlsx
from plans.files import file_response
from plans.filters import WorkItemFilter
from plans.forms import ConfirmForm, ReasonForm, ResponsibleForm, UpdateForm, typed, whole_number
from plans.history import history_of
from plans.models import Evidence, Update, WorkItem
from plans.models.extension_rules import why_not_extendable
from plans.models.occurrence import State, WorkItemQuerySet
from plans.views import giving, many, sharing
from plans.views.acting import act, item_of, reason_of
from workdays.clock import today

HANDED_IN = "Đã báo hoàn thành, chờ xác nhận."
PROPOSED = "Đã trình lãnh đạo cơ quan duyệt."
SORTS = {
    "due": (F("due_date").asc(nulls_last=True), "task__position", "pk"),
    "-due": (F("due_date").desc(nulls_last=True), "task__position", "pk"),
    "agency": ("agency__sort_key", "due_date", "pk"),
    "-agency": ("-agency__sort_key", "due_date", "pk"),
    "percent": ("percent", "due_date", "pk"),
    "-percent": ("-percent", "due_date", "pk"),
}


def work_list(request: SignedInRequest) -> Download:
    """List what the user may see in words: their own agencies', or the whole province for who coordinates it."""
    day = today()
    asked = request.GET or {"when": "open"}
    found = WorkItem.objects.visible_to(request.user).active()
    if not asked.get("part"):
        found = found.listed_for(request.user)
    filters = WorkItemFilter(asked, found, request=request)
    items: WorkItemQuerySet = filters.qs.for_lists().order_by(*SORTS.get(request.GET.get("sort", ""), SORTS["due"]))
    if request.GET.get("export") == "xlsx":
        return work_items_xlsx(items, day)
    page = Paginator(items, 50).get_page(request.GET.get("page"))
    able = {item.pk: many.deeds_for(item, request.user) for item in page}
    rows = [(item, item.timeliness(day), bool(able[item.pk])) for item in page]
    offered = set().union(*able.values())
    deeds = [(key, deed.label) for key, deed in many.ASKING.items() if key in offered]
    context = {"filter": filters, "page_obj": page, "rows": rows, "offered": offered, "deeds": deeds}
    return render(request, "plans/work_list.html", context)


def work_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one item and take an update of it, or a correction of an earlier one (``?dinh-chinh=<id>``)."""
    item = item_of(request, pk)
    writes = request.method == "POST"
    form = None
    if item.may_be_worked_on_by(request.user) and (item.is_open or writes):
        form = _update_form(request, item)
    elif writes:
        messages.error(request, "Anh/chị không được cập nhật đầu việc này.")
        return redirect(item)
    if form is not None and writes and form.is_valid():
        try:
            update = _record(request, item, form)
        except ValidationError as error:
            form.refuse(error)
            item = item_of(request, pk)
        else:
            return _after_update(request, item, update)
    status = 422 if form is not None and form.errors else 200
    return render(request, "plans/work_item.html", _item_context(request, item, form), status=status)


def _update_form(request: SignedInRequest, item: WorkItem) -> UpdateForm:
    if request.method == "POST":
        return UpdateForm(request.POST, request.FILES, item=item)
    wanted = whole_number(request.GET.get("dinh-chinh", ""))
    corrects = item.updates.filter(pk=wanted, corrections__isnull=True).first() if wanted is not None else None
    return UpdateForm(item=item, corrects=corrects)


def _record(request: SignedInRequest, item: WorkItem, form: UpdateForm) -> Update:
    return item.record_update(
        by=request.user,
        on=today(),
        percent=form.cleaned_data["percent"],
        words=form.cleaned_data["words"],
        revision=form.cleaned_data["revision"],
        evidence=form.evidence(),
        corrects=form.cleaned_data["corrects"],
        figures=form.figures(),
    )


def _after_update(request: SignedInRequest, item: WorkItem, update: Update) -> HttpResponse:
    """Say what was recorded; hand in (or put to the leader) right away when the second button was used."""
    messages.success(request, "Đã ghi cập nhật tiến độ.")
    sharing.say_where_shared(request, item, update)
    if "hand_in" in request.POST:
        return act(request, item, HANDED_IN, lambda: item.hand_in(by=request.user, on=today()))
    if "propose" in request.POST:
        return act(request, item, PROPOSED, lambda: item.put_to_leader(by=request.user, on=today()))
    return redirect(item)


def _item_context(request: SignedInRequest, item: WorkItem, form: UpdateForm | None) -> dict:
    user = request.user
    by_hand = item.state == State.HANDED_IN and not item.task.is_report
    confirmable = by_hand and item.may_be_confirmed_by(user)
    mine = item.may_be_worked_on_by(user)
    return {
        "item": item,
        "timeliness": item.timeliness(today()),
        "form": form,
        "corrected": _corrected(form),
        "same_job": item.task.items.filter(agency=item.agency)
        .select_related("occurrence")
        .order_by("occurrence__ordinal"),
        "can_hand_in": item.may_be_handed_in_by(user),
        "can_propose": item.may_be_put_to_leader_by(user),
        "confirm_form": ConfirmForm() if confirmable else None,
        "reason_form": ReasonForm() if confirmable else None,
        "responsible_form": ResponsibleForm(item=item) if mine and item.is_open else None,
        "needs_document": item.agency_id == item.task.plan.coordinating_agency_id and not item.task.is_report,
        "is_fill_in": mine and item.agency_id not in access_of(user).own,
        "waive_form": ReasonForm(auto_id="waive_%s") if item.may_be_waived_by(user) else None,
        **_asked_of(item, mine),
        **history_of(item),
        **giving.inside_context(item, user),
        **sharing.links_context(request, item),
    }


def _corrected(form: UpdateForm | None) -> Update | None:
    """Return the update that the form is going to correct."""
    wanted = whole_number(str(form["corrects"].value() or "")) if form is not None else None
    return form.item.updates.filter(pk=wanted).first() if form is not None and wanted is not None else None


def _asked_of(item: WorkItem, mine: bool) -> dict:
    """Return the extensions and obstacles of the item, and what the person may still ask for."""
    extensions = list(item.extensions.order_by("pk"))
    open_extension = next((one for one in extensions if one.is_open), None)
    return {
        "extensions": extensions,
        "open_extension": open_extension,
        "granted": sum(one.state == one.State.APPROVED for one in extensions),
        "obstacles": item.obstacles.select_related("addressee").order_by("pk"),
        "may_ask_extension": mine and open_extension is None and not why_not_extendable(item),
        "may_put_obstacle": mine,
    }


@require_POST
def hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that the item is done."""
    item = item_of(request, pk)
    return act(request, item, HANDED_IN, lambda: item.hand_in(by=request.user, on=today()))


@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept what was handed in."""
    item = item_of(request, pk)

    def verb() -> None:
        item.confirm(by=request.user, on=today(), document=typed(request.POST, "document", 300))

    return act(request, item, "Đã xác nhận hoàn thành.", verb)


@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return it with a reason."""
    item = item_of(request, pk)

    def verb() -> None:
        item.send_back(by=request.user, on=today(), reason=reason_of(request))

    return act(request, item, "Đã trả lại đầu việc.", verb)


@require_POST
def waive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release the agency from the item."""
    item = item_of(request, pk)

    def verb() -> None:
        item.waive(by=request.user, on=today(), reason=reason_of(request))

    said = "Đã rút lại phần việc." if item.is_part else "Đã miễn thực hiện."
    return act(request, item, said, verb)


@require_POST
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name the officer in charge."""
    item = item_of(request, pk)
    form = ResponsibleForm(request.POST, item=item)
    if not form.is_valid():
        messages.error(request, "Người phụ trách phải thuộc cơ quan thực hiện.")
        return redirect(item)
    officer = form.cleaned_data["responsible"]
    return act(request, item, "Đã ghi người phụ trách.", lambda: item.give_to(officer, by=request.user))


def evidence_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out a file of evidence to those who may see its words."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    return file_response(evidence.file, evidence.name)
