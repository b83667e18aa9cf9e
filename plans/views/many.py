"""Several work items at once: which deeds a person may do on which, and doing one; what cannot be done is named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.models import User
from plans.forms import whole_number
from plans.models import WorkItem
from plans.models.occurrence import State
from plans.views.acting import do_each, way_back
from plans.work_forms import ManyGiveForm, ManyUpdateForm, ManyWordsForm
from workdays.clock import today


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with several items: its name in a list, what is said of it, whose right it is, the verb.

    A deed with a ``form`` (made for the chosen items) first asks for words or a name on a page of its own.
    """

    label: str
    said: str
    may: Callable[[WorkItem, User], bool]
    verb: Callable[..., object]
    form: Callable[..., forms.Form] | None = None
    is_final: bool = False


def _confirms(item: WorkItem, user: User) -> bool:
    return item.state == State.HANDED_IN and not item.task.is_report and item.may_be_confirmed_by(user)


def _works(item: WorkItem, user: User) -> bool:
    return item.is_open and item.may_be_worked_on_by(user)


def _update(item: WorkItem, *, by: User, percent: int, words: str, **when: Any) -> None:
    item.record_update(by=by, percent=percent, words=words, **when)


DEEDS = {
    "confirm": Deed(
        "Xác nhận hoàn thành", "Đã xác nhận", _confirms, lambda item, by, on: item.confirm(by=by, on=on)
    ),
    "hand_in": Deed(
        "Báo hoàn thành",
        "Đã báo hoàn thành",
        lambda item, user: bool(item.last_update_on) and item.may_be_handed_in_by(user),
        lambda item, by, on: item.hand_in(by=by, on=on),
    ),
    "propose": Deed(
        "Trình lãnh đạo duyệt",
        "Đã trình lãnh đạo",
        lambda item, user: bool(item.last_update_on) and item.may_be_put_to_leader_by(user),
        lambda item, by, on: item.put_to_leader(by=by, on=on),
    ),
    "return": Deed(
        "Trả lại", "Đã trả lại", _confirms,
        lambda item, by, on, reason: item.send_back(by=by, on=on, reason=reason),
        lambda *sent, items: ManyWordsForm(*sent, label="Lý do trả lại"), is_final=True,
    ),
    "update": Deed("Cập nhật tiến độ", "Đã ghi cập nhật cho", _works, _update, lambda *sent, items: ManyUpdateForm(*sent)),
    "give": Deed(
        "Phân công người phụ trách", "Đã ghi người phụ trách cho", _works,
        lambda item, by, on, responsible: item.give_to(responsible, by=by), ManyGiveForm,
    ),
    "direct": Deed(
        "Cho ý kiến chỉ đạo", "Đã ghi ý kiến chỉ đạo ở",
        lambda item, user: item.may_be_directed_by(user),
        lambda item, by, on, reason: item.direct(by=by, on=on, words=reason),
        lambda *sent, items: ManyWordsForm(*sent, label="Ý kiến chỉ đạo"),
    ),
    "waive": Deed(
        "Miễn thực hiện", "Đã miễn thực hiện", lambda item, user: item.may_be_waived_by(user),
        lambda item, by, on, reason: item.waive(by=by, on=on, reason=reason),
        lambda *sent, items: ManyWordsForm(*sent, label="Lý do miễn thực hiện"), is_final=True,
    ),
}  # fmt: skip
ASKING = {key: deed for key, deed in DEEDS.items() if deed.form and key != "return"}
"""Deeds that the bar of the list offers as "another": each asks for something on the next page."""


def deeds_for(item: WorkItem, user: User) -> set[str]:
    """Return the deeds that the list offers this person on the item; no query for an item of `for_lists`."""
    return {key for key, deed in DEEDS.items() if deed.may(item, user)}


@require_POST
def work_bulk(request: SignedInRequest) -> HttpResponse:
    """Do one deed on several items: what cannot be done is named, the rest is done."""
    ids = [number for words in request.POST.getlist("items") if (number := whole_number(words)) is not None]
    chosen = list(WorkItem.objects.visible_to(request.user).filter(pk__in=ids).for_lists().most_urgent_first())
    key = request.POST.get("ask" if request.POST.get("do") == "ask" else "do", "")
    deed = DEEDS.get(key)
    if deed is None or not chosen:
        return redirect(way_back(request, reverse("work-list")))
    data: dict[str, Any] = {}
    if deed.form is not None:
        form = _form_of(deed, request, chosen)
        if not form.is_valid():
            context = {"deed": deed, "key": key, "form": form, "items": chosen, "next": way_back(request, "")}
            context["able"] = sum(deed.may(item, request.user) for item in chosen)
            return render(request, "plans/work_many.html", context, status=422 if form.is_bound else 200)
        data = form.cleaned_data
    when = {"by": request.user, "on": today()}
    do_each(
        request, chosen, lambda item: deed.verb(item, **when, **data), said=deed.said, noun="đầu việc", name=_name_of
    )
    return redirect(way_back(request, reverse("work-list")))


def _form_of(deed: Deed, request: SignedInRequest, items: list[WorkItem]) -> forms.Form:
    """Return the form of the deed; bound when anything of it was sent."""
    assert deed.form is not None
    form = deed.form(items=items)
    sent = "sure" in request.POST or any(request.POST.get(name) for name in form.fields)
    return deed.form(request.POST, items=items) if sent else form


def _name_of(item: WorkItem) -> str:
    return f"{item.agency.label}, nhiệm vụ {item.task.position}"
