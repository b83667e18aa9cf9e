"""How a page acts: fetch as the person may see it, call one verb, say what happened, go on; on one row or on several."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from agencies.access import SignedInRequest
from plans.forms import typed
from plans.models import WorkItem

NAMED = 10
"""Rows that could not be done and are named before they are only counted."""
Row = TypeVar("Row")


class HasPage(Protocol):
    """A row with a page of its own."""

    def get_absolute_url(self) -> str:
        """Return the address of the page."""


def item_of(request: SignedInRequest, pk: int) -> WorkItem:
    """Return the item if the person may read its words, else 404."""
    items = WorkItem.objects.visible_to(request.user).for_lists().select_related("task__plan__coordinating_agency")
    return get_object_or_404(items, pk=pk)


def act(request: SignedInRequest, row: HasPage, said: str, verb: Callable[[], object]) -> HttpResponse:
    """Call one verb on a row, say what happened, go on: where the form says, else to the row's page."""
    try:
        verb()
        messages.success(request, said)
    except ValidationError as error:
        say_why_not(request, error)
    return redirect(way_back(request, row.get_absolute_url()))


def do_each(
    request: SignedInRequest, rows: Iterable[Row], verb: Callable[[Row], object], *, said: str, noun: str,
    name: Callable[[Row], str],
) -> None:  # fmt: skip
    """Call a verb on each row and say how many were done ("Đã tiếp nhận 3 báo cáo."); what was refused is named with why."""
    done, failed = 0, []
    for row in rows:
        try:
            verb(row)
            done += 1
        except ValidationError as error:
            failed.append(f"{name(row)}: {' '.join(error.messages)}")
    if done:
        messages.success(request, f"{said} {done} {noun}.")
    for words in failed[:NAMED]:
        messages.error(request, words)
    if len(failed) > NAMED:
        messages.error(request, f"Còn {len(failed) - NAMED} {noun} khác chưa xử lý được.")


def say_why_not(request: HttpRequest, error: ValidationError) -> None:
    """Say what a verb refuses."""
    for words in error.messages:
        messages.error(request, words)


def reason_of(request: SignedInRequest) -> str:
    """Return the reason that was typed."""
    return typed(request.POST, "reason", 2000)


def way_back(request: SignedInRequest, otherwise: str) -> str:
    """Return the path of this site that the form names in `next`, else the given one."""
    path = request.POST.get("next", "")
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}) else otherwise
