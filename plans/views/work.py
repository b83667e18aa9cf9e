"""Pages of the work: lists, one item, and the verbs an officer or a coordinator calls on it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from plans.exporting import work_items_xlsx
from plans.files import file_response
from plans.filters import WorkItemFilter
from plans.forms import ConfirmForm, ReasonForm, ResponsibleForm, UpdateForm, typed, whole_number
from plans.models import Evidence, WorkItem
from plans.models.extension_rules import why_not_extendable
from plans.models.occurrence import State, WorkItemQuerySet
from workdays.clock import today

SORTS = {
    "due": (F("due_date").asc(nulls_last=True), "task__position", "pk"),
    "-due": (F("due_date").desc(nulls_last=True), "task__position", "pk"),
    "agency": ("agency__sort_key", "due_date", "pk"),
    "-agency": ("-agency__sort_key", "due_date", "pk"),
    "percent": ("percent", "due_date", "pk"),
    "-percent": ("-percent", "due_date", "pk"),
}


def work_list(request: SignedInRequest) -> HttpResponse:
    """List what the user may see in words: their own agencies', or the whole province for who coordinates it."""
    day = today()
    asked = request.GET or {"when": "open"}
    filters = WorkItemFilter(asked, WorkItem.objects.visible_to(request.user).active(), request=request)
    items: WorkItemQuerySet = filters.qs.for_lists().order_by(*SORTS.get(request.GET.get("sort", ""), SORTS["due"]))
    if request.GET.get("export") == "xlsx":
        return work_items_xlsx(items, day)
    page = Paginator(items, 50).get_page(request.GET.get("page"))
    confirmable = set(
        WorkItem.objects.confirmable_by(request.user)
        .handed_in()
        .filter(pk__in=[item.pk for item in page])
        .values_list("pk", flat=True)
    )
    ready = {item.pk for item in page if _may_be_handed_in(item, request)}
    rows = [(item, item.timeliness(day), item.pk in confirmable | ready) for item in page]
    context = {"filter": filters, "page_obj": page, "rows": rows}
    context |= {"can_confirm": bool(confirmable), "can_hand_in": bool(ready)}
    return render(request, "plans/work_list.html", context)


def _may_be_handed_in(item: WorkItem, request: SignedInRequest) -> bool:
    """Say whether the list offers to hand the item in: an open delivery with an update, of the person's agency."""
    may = item.may_be_worked_on_by(request.user) and item.is_open
    return may and bool(item.last_update_on) and not item.is_check_point and not item.task.is_report


@require_POST
def work_bulk(request: SignedInRequest) -> HttpResponse:
    """Confirm, return or hand in several items at once; what cannot be done is named, the rest is done."""
    ids = [number for words in request.POST.getlist("items") if (number := whole_number(words)) is not None]
    chosen = WorkItem.objects.visible_to(request.user).filter(pk__in=ids).for_lists()
    verbs: dict[str, tuple[str, Callable[[WorkItem], None] | None]] = {
        "confirm": ("Đã xác nhận", lambda item: item.confirm(by=request.user, on=today())),
        "return": ("Đã trả lại", lambda item: item.send_back(by=request.user, on=today(), reason=_reason(request))),
        "hand_in": ("Đã báo hoàn thành", lambda item: item.hand_in(by=request.user, on=today())),
    }
    said, verb = verbs.get(request.POST.get("do", ""), ("", None))
    done, failed = 0, []
    for item in chosen if verb else ():
        try:
            assert verb is not None
            verb(item)
            done += 1
        except ValidationError as error:
            failed.append(f"{item.agency.label}, nhiệm vụ {item.task.position}: {' '.join(error.messages)}")
    if done:
        messages.success(request, f"{said} {done} đầu việc.")
    for words in failed[:10]:
        messages.error(request, words)
    if len(failed) > 10:
        messages.error(request, f"Còn {len(failed) - 10} đầu việc khác chưa xử lý được.")
    return redirect(_back(request, reverse("work-list")))


def work_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one item and take an update of it."""
    item = _item(request, pk)
    writes = request.method == "POST"
    form = None
    if item.may_be_worked_on_by(request.user) and (item.is_open or writes):
        form = UpdateForm(request.POST if writes else None, request.FILES if writes else None, item=item)
    elif writes:
        messages.error(request, "Anh/chị không được cập nhật đầu việc này.")
        return redirect(item)
    if form is not None and writes and form.is_valid():
        try:
            _record(request, item, form)
        except ValidationError as error:
            form.refuse(error)
            item = _item(request, pk)
        else:
            return _after_update(request, item)
    status = 422 if form is not None and form.errors else 200
    return render(request, "plans/work_item.html", _item_context(request, item, form), status=status)


def _record(request: SignedInRequest, item: WorkItem, form: UpdateForm) -> None:
    item.record_update(
        by=request.user,
        on=today(),
        percent=form.cleaned_data["percent"],
        words=form.cleaned_data["words"],
        revision=form.cleaned_data["revision"],
        evidence=form.evidence(),
    )


def _after_update(request: SignedInRequest, item: WorkItem) -> HttpResponse:
    """Say what was recorded; hand in right away when the second button was used."""
    messages.success(request, "Đã ghi cập nhật tiến độ.")
    if "hand_in" in request.POST:
        return _act(
            request, item, "Đã báo hoàn thành, chờ xác nhận.", lambda: item.hand_in(by=request.user, on=today())
        )
    return redirect(item)


def _item_context(request: SignedInRequest, item: WorkItem, form: UpdateForm | None) -> dict:
    by_hand = item.state == State.HANDED_IN and not item.task.is_report
    confirmable = by_hand and item.may_be_confirmed_by(request.user)
    mine = item.may_be_worked_on_by(request.user)
    return {
        "item": item,
        "timeliness": item.timeliness(today()),
        "form": form,
        "updates": item.updates.select_related("by").prefetch_related("evidence"),
        "events": item.events.select_related("by"),
        "same_job": item.task.items.filter(agency=item.agency)
        .select_related("occurrence")
        .order_by("occurrence__ordinal"),
        "can_hand_in": mine and item.is_open and not item.is_check_point and not item.task.is_report,
        "confirm_form": ConfirmForm() if confirmable else None,
        "reason_form": ReasonForm() if confirmable else None,
        "responsible_form": ResponsibleForm(item=item) if mine and item.is_open else None,
        "needs_document": item.agency_id == item.task.plan.coordinating_agency_id and not item.task.is_report,
        "is_fill_in": mine and item.agency_id not in access_of(request.user).own,
        "waive_form": ReasonForm(auto_id="waive_%s") if item.may_be_waived_by(request.user) else None,
        **_asked_of(item, mine),
    }


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
    item = _item(request, pk)
    return _act(request, item, "Đã báo hoàn thành, chờ xác nhận.", lambda: item.hand_in(by=request.user, on=today()))


@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept what was handed in."""
    item = _item(request, pk)

    def verb() -> None:
        item.confirm(by=request.user, on=today(), document=typed(request.POST, "document", 300))

    return _act(request, item, "Đã xác nhận hoàn thành.", verb)


@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return it with a reason."""
    item = _item(request, pk)

    def verb() -> None:
        item.send_back(by=request.user, on=today(), reason=_reason(request))

    return _act(request, item, "Đã trả lại đầu việc.", verb)


@require_POST
def waive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release the agency from the item."""
    item = _item(request, pk)

    def verb() -> None:
        item.waive(by=request.user, on=today(), reason=_reason(request))

    return _act(request, item, "Đã miễn thực hiện.", verb)


@require_POST
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name the officer in charge."""
    item = _item(request, pk)
    form = ResponsibleForm(request.POST, item=item)
    if not form.is_valid():
        messages.error(request, "Người phụ trách phải thuộc cơ quan thực hiện.")
        return redirect(item)
    officer = form.cleaned_data["responsible"]
    return _act(request, item, "Đã ghi người phụ trách.", lambda: item.give_to(officer, by=request.user))


def evidence_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out a file of evidence to those who may see its words."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    return file_response(evidence.file, evidence.name)


def _item(request: SignedInRequest, pk: int) -> WorkItem:
    items = WorkItem.objects.visible_to(request.user).for_lists().select_related("task__plan__coordinating_agency")
    return get_object_or_404(items, pk=pk)


def _act(request: SignedInRequest, item: WorkItem, said: str, verb: Callable[[], None]) -> HttpResponse:
    """Call one verb, say what happened, go on."""
    try:
        verb()
        messages.success(request, said)
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    return redirect(_back(request, item.get_absolute_url()))


def _reason(request: SignedInRequest) -> str:
    return typed(request.POST, "reason", 2000)


def _back(request: SignedInRequest, otherwise: str) -> str:
    """Return the path of this site that the form names in `next`, else the given one."""
    path = request.POST.get("next", "")
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}) else otherwise
