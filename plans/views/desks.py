"""Pages of the extension desk [gia hạn] and the obstacle desk [vướng mắc]: lists, one request, and the verbs on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from plans.desk_forms import (
    DecisionForm,
    ExtensionAskForm,
    ObstacleAnswerForm,
    ObstacleEndForm,
    ObstaclePutForm,
    OfferAnswerForm,
)
from plans.desks import TABS, Asked, on_tab, tab_for
from plans.exporting import Download, extensions_xlsx, obstacles_xlsx
from plans.files import file_response
from plans.filters import ExtensionFilter, ObstacleFilter
from plans.models import Extension, Obstacle, Task, WorkItem
from plans.models.extension import granted_to
from plans.models.extension_rules import why_not_extendable
from plans.verb_forms import VerbForm
from plans.views.acting import act
from workdays.clock import today

EXTENSION_SORTS: dict[str, tuple[Any, ...]] = {
    "since": ("since", "pk"),
    "-since": ("-since", "-pk"),
    "asked": ("asked_on", "pk"),
    "-asked": ("-asked_on", "-pk"),
    "due": ("due_date", "pk"),
    "-due": ("-due_date", "-pk"),
    "agency": ("item__agency__sort_key", "-asked_on", "-pk"),
    "-agency": ("-item__agency__sort_key", "-asked_on", "-pk"),
}
OBSTACLE_SORTS: dict[str, tuple[Any, ...]] = {
    "since": ("since", "pk"),
    "-since": ("-since", "-pk"),
    "raised": ("raised_on", "pk"),
    "-raised": ("-raised_on", "-pk"),
    "agency": ("agency__sort_key", "-raised_on", "-pk"),
    "-agency": ("-agency__sort_key", "-raised_on", "-pk"),
    "addressee": ("addressee__sort_key", "-raised_on", "-pk"),
    "-addressee": ("-addressee__sort_key", "-raised_on", "-pk"),
}
STILL_OPEN_FIRST = F("decided_on").desc(nulls_first=True)
OPEN_FIRST = Case(When(state=Obstacle.State.OPEN, then=0), When(state=Obstacle.State.ANSWERED, then=1), default=2)


# Extensions


def extension_list(request: SignedInRequest) -> Download:
    """List requests for a later due date: those that wait for the person, their agency's, or all they may see."""
    rows = Extension.objects.visible_to(request.user).active()
    tab = tab_for(request.GET.get("tab", ""), rows, request.user)
    filters = ExtensionFilter(request.GET, on_tab(rows, tab, request.user), request=request)
    order = EXTENSION_SORTS.get(request.GET.get("sort", ""), (STILL_OPEN_FIRST, "since", "pk"))
    found = filters.qs.for_lists().order_by(*order)
    if request.GET.get("export") == "xlsx":
        return extensions_xlsx(found, today())
    return _list_page(request, "plans/extension_list.html", filters, found, _tabs(rows, tab, request))


def extension_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one request with its clock, its history and what this person may do."""
    return _extension_page(request, _extension(request, pk))


def extension_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a later due date of one item."""
    item = _reachable_item(request, pk)
    form = ExtensionAskForm(request.POST or None, request.FILES or None)
    refusal = why_not_extendable(item)
    if request.method == "POST" and form.is_valid():
        try:
            extension = form.ask(item, by=request.user, on=today())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Đã gửi đề nghị gia hạn đến {item.task.plan.coordinating_agency}.")
            return redirect(extension)
    context = {"item": item, "form": form, "refusal": refusal, "granted": granted_to(item)}
    context |= {"is_fill_in": item.agency_id not in access_of(request.user).own}
    context |= {"open_request": item.extensions.open().first()}
    return render(request, "plans/extension_ask.html", context, status=422 if form.errors else 200)


@require_POST
def extension_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve, refuse, put before the superior, or offer another day."""
    extension = _extension(request, pk)
    return _carried_out(request, extension, DecisionForm(request.POST, extension=extension), "decision_form")


@require_POST
def extension_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept or decline the day that was offered."""
    extension = _extension(request, pk)
    return _carried_out(request, extension, OfferAnswerForm(request.POST, extension=extension), "answer_form")


@require_POST
def extension_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the request back."""
    extension = _extension(request, pk)
    return act(request, extension, "Đã rút đề nghị gia hạn.", lambda: extension.withdraw(by=request.user, on=today()))


def extension_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the file that came with the request."""
    extension = _extension(request, pk)
    return file_response(extension.file, extension.file_name)


def _extension(request: SignedInRequest, pk: int) -> Extension:
    rows = (
        Extension.objects.visible_to(request.user).for_lists().select_related("item__task__plan__coordinating_agency")
    )
    return get_object_or_404(rows, pk=pk)


def _extension_forms(extension: Extension, user: User) -> dict[str, VerbForm]:
    """Return the forms of what this person may do with the request."""
    forms: dict[str, VerbForm] = {}
    if extension.may_be_decided_by(user):
        forms["decision_form"] = DecisionForm(extension=extension)
    if extension.may_be_answered_by(user):
        forms["answer_form"] = OfferAnswerForm(extension=extension)
    return forms


def _extension_page(
    request: SignedInRequest, extension: Extension, refused: VerbForm | None = None, name: str = ""
) -> HttpResponse:
    user, day = request.user, today()
    context = {
        "extension": extension,
        "item": extension.item,
        "timeliness": extension.item.timeliness(day),
        "events": extension.events.select_related("by"),
        "earlier": extension.item.extensions.exclude(pk=extension.pk).order_by("pk"),
        "days_open": extension.days_open(day),
        "days_waiting": extension.days_waiting(day),
        "waits_long": extension.waits_long(day),
        "may_withdraw": extension.may_be_withdrawn_by(user),
    }
    context |= _extension_forms(extension, user) | ({name: refused} if refused else {})
    return render(request, "plans/extension_detail.html", context, status=422 if refused else 200)


# Obstacles


def obstacle_list(request: SignedInRequest) -> Download:
    """List obstacles: those that wait for the person, their agency's, or all they may see."""
    rows = Obstacle.objects.visible_to(request.user).active()
    tab = tab_for(request.GET.get("tab", ""), rows, request.user)
    filters = ObstacleFilter(request.GET, on_tab(rows, tab, request.user), request=request)
    order = OBSTACLE_SORTS.get(request.GET.get("sort", ""), (OPEN_FIRST, "since", "pk"))
    found = filters.qs.for_lists().order_by(*order)
    if request.GET.get("export") == "xlsx":
        return obstacles_xlsx(found, today())
    return _list_page(request, "plans/obstacle_list.html", filters, found, _tabs(rows, tab, request))


def obstacle_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one obstacle with its clock, its history and what this person may do."""
    return _obstacle_page(request, _obstacle(request, pk))


def obstacle_put(request: SignedInRequest, pk: int) -> HttpResponse:
    """Raise an obstacle on one item."""
    item = _reachable_item(request, pk)
    return _put_page(request, item.task, item)


def obstacle_put_on_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Raise an obstacle on a task in which an agency of the person has a part."""
    task = get_object_or_404(Task.objects.visible_to(request.user).select_related("plan__coordinating_agency"), pk=pk)
    if not task.assignments.filter(agency__in=access_of(request.user).reach).exists():
        raise Http404
    return _put_page(request, task, None)


def _put_page(request: SignedInRequest, task: Task, item: WorkItem | None) -> HttpResponse:
    post, files = request.POST or None, request.FILES or None
    form = ObstaclePutForm(post, files, task=task, item=item, user=request.user, on=today())
    if request.method == "POST" and form.is_valid():
        try:
            obstacle = form.put(by=request.user, on=today())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Đã gửi vướng mắc, kiến nghị đến {obstacle.addressee}.")
            return redirect(obstacle)
    context: dict[str, Any] = {"task": task, "item": item, "form": form}
    context |= {"is_fill_in": item is not None and item.agency_id not in access_of(request.user).own}
    return render(request, "plans/obstacle_put.html", context, status=422 if form.errors else 200)


@require_POST
def obstacle_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer, or pass on to another agency."""
    obstacle = _obstacle(request, pk)
    return _carried_out(
        request, obstacle, ObstacleAnswerForm(request.POST, obstacle=obstacle, on=today()), "answer_form"
    )


@require_POST
def obstacle_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close, or ask again."""
    obstacle = _obstacle(request, pk)
    return _carried_out(request, obstacle, ObstacleEndForm(request.POST, obstacle=obstacle), "end_form")


def obstacle_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the file that came with the obstacle."""
    obstacle = _obstacle(request, pk)
    return file_response(obstacle.file, obstacle.file_name)


def _obstacle(request: SignedInRequest, pk: int) -> Obstacle:
    rows = Obstacle.objects.visible_to(request.user).for_lists().select_related("task__plan__coordinating_agency")
    return get_object_or_404(rows, pk=pk)


def _obstacle_forms(obstacle: Obstacle, user: User) -> dict[str, VerbForm]:
    """Return the forms of what this person may do with the obstacle."""
    forms: dict[str, VerbForm] = {}
    if obstacle.may_be_answered_by(user):
        forms["answer_form"] = ObstacleAnswerForm(obstacle=obstacle, on=today())
    if obstacle.may_be_settled_by(user) or obstacle.may_be_reopened_by(user):
        forms["end_form"] = ObstacleEndForm(obstacle=obstacle)
    return forms


def _obstacle_page(
    request: SignedInRequest, obstacle: Obstacle, refused: VerbForm | None = None, name: str = ""
) -> HttpResponse:
    user, day = request.user, today()
    context: dict[str, Any] = {
        "obstacle": obstacle,
        "events": obstacle.events.select_related("by", "to"),
        "days_open": obstacle.days_open(day),
        "days_waiting": obstacle.days_waiting(day),
        "waits_long": obstacle.waits_long(day),
        "answers_on_behalf": obstacle.is_answered_on_behalf_by(user),
        "item": obstacle.item if obstacle.item_id and _sees(user, obstacle.item_id) else None,
    }
    context |= _obstacle_forms(obstacle, user) | ({name: refused} if refused else {})
    return render(request, "plans/obstacle_detail.html", context, status=422 if refused else 200)


def _sees(user: User, item: int) -> bool:
    """Say whether the person may open the item: an addressee sees the obstacle, not the agency's other words."""
    return WorkItem.objects.visible_to(user).filter(pk=item).exists()


# Both


def _list_page(
    request: SignedInRequest, template: str, filters: Any, found: Asked, tabs: list[dict[str, Any]]
) -> HttpResponse:
    day = today()
    page: Any = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [(row, row.days_waiting(day), row.days_open(day), row.waits_long(day)) for row in page]
    context = {"filter": filters, "page_obj": page, "rows": rows, "tabs": tabs}
    context["tab"] = next(tab["key"] for tab in tabs if tab["active"])
    return render(request, template, context)


def _tabs(rows: Asked, tab: str, request: SignedInRequest) -> list[dict[str, Any]]:
    """Return the tabs; only what waits for the person is counted. Changing the tab keeps the filters."""
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for key, label in TABS.items():
        query["tab"] = key
        count = on_tab(rows, key, request.user).count() if key == "mine" else None
        tabs.append({"key": key, "label": label, "url": f"?{query.urlencode()}", "active": key == tab, "count": count})
    return tabs


def _carried_out(request: SignedInRequest, row: Extension | Obstacle, form: VerbForm, name: str) -> HttpResponse:
    """Call the verb of the form. What it refuses stands on the page with what was typed, while the form is offered."""
    if form.is_valid():
        try:
            messages.success(request, form.carry_out(by=request.user, on=today()))
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect(row)
    if isinstance(row, Extension):
        extension = _extension(request, row.pk)
        offered, page = (
            _extension_forms(extension, request.user),
            lambda: _extension_page(request, extension, form, name),
        )
    else:
        obstacle = _obstacle(request, row.pk)
        form.take_revision(obstacle.revision)
        offered, page = _obstacle_forms(obstacle, request.user), lambda: _obstacle_page(request, obstacle, form, name)
    if name in offered:
        return page()
    for words in form.all_errors():
        messages.error(request, words)
    return redirect(row)


def _reachable_item(request: SignedInRequest, pk: int) -> WorkItem:
    """Return the item if the person may write for its agency, else 404."""
    items = WorkItem.objects.reachable_by(request.user).for_lists().select_related("task__plan__coordinating_agency")
    return get_object_or_404(items, pk=pk)
