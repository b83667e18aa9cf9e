"""The desk of whoever collects reports: the plan's coordinators, and the people of agencies whose units report to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import Agency
from plans.exporting import Download
from plans.forms import whole_number
from plans.views.acting import do_each, way_back
from reports.desk import children_figures, chosen, collectors_of, desk_rows, desk_xlsx, endings, figures_of_desk
from reports.forms import ReasonForm
from reports.models import Period, Report
from reports.period_forms import DeskFilterForm
from reports.views.periods import overseen_period, proposed_period
from workdays.clock import today

ROWS = 200
"""Rows of one page: the agencies of a province fit."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with several reports: its name, what is said of it, the verb, what it means, and whether it asks why."""

    label: str
    said: str
    verb: Callable[..., None]
    words: str
    asks_why: bool = True
    is_final: bool = True


DEEDS = {
    "accept": Deed("Tiếp nhận", "Đã tiếp nhận", Report.accept, "", asks_why=False),
    "return": Deed(
        "Trả lại báo cáo", "Đã trả lại", Report.send_back,
        "Cơ quan nhận được lý do này và có 3 ngày làm việc để nộp lại; số liệu của báo cáo ra khỏi bản tổng hợp cho đến "
        "khi nộp lại.",
    ),
    "exclude": Deed(
        "Không phải báo cáo trong kỳ", "Đã đưa ra khỏi kỳ báo cáo", Report.exclude,
        "Cơ quan không còn phải nộp báo cáo kỳ này; lý do được in trong báo cáo tổng hợp.",
    ),
    "include": Deed(
        "Đưa trở lại kỳ báo cáo", "Đã đưa trở lại kỳ báo cáo", Report.include,
        "Cơ quan lại phải nộp báo cáo kỳ này và được nhắc theo lịch của kế hoạch.", is_final=False,
    ),
}  # fmt: skip


@require_GET
def period_detail(request: SignedInRequest, pk: int) -> Download:
    """Show the coordinator's desk; ``?cua=<agency>`` looks at the reports of that agency's units, without deciding."""
    period = overseen_period(request, pk)
    if period.status == Period.Status.PROPOSED:
        return proposed_period(request, period)
    asked = request.GET.get("cua", "")
    collector = get_object_or_404(collectors_of(period), pk=whole_number(asked)) if asked else None
    return _desk(request, period, collector, reverse("period-detail", args=[pk]))


@require_GET
def period_collected(request: SignedInRequest, pk: int) -> Download:
    """Show the desk of an agency whose units report to it, to the people who work there."""
    period = _visible_period(request, pk)
    own = list(collectors_of(period).filter(pk__in=access_of(request.user).own))
    asked = whole_number(request.GET.get("cua", ""))
    collector = next((one for one in own if asked in (one.pk, None)), None)
    if collector is None:
        raise Http404
    return _desk(request, period, collector, reverse("period-collected", args=[pk]), own)


def _desk(
    request: SignedInRequest, period: Period, collector: Agency | None, path: str, own: list[Agency] | None = None
) -> Download:
    day = today()
    rows = desk_rows(period, collector, user=request.user, on=day)
    form = DeskFilterForm(request.GET)
    shown = chosen(rows, **form.asked(), sort=request.GET.get("sort", ""))
    if request.GET.get("export") == "xlsx":
        return desk_xlsx(period, collector, shown, day)
    collects = collector.pk in access_of(request.user).own if collector else period.plan.is_coordinated_by(request.user)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "period": period,
        "collector": collector,
        "own": [(one, f"{path}?{urlencode({'cua': one.pk})}") for one in own or ()],
        "is_own_desk": own is not None,
        "whose": f"cua={collector.pk}&" if collector else "",
        "form": form,
        "figures": figures_of_desk(rows),
        "missing_tone": "seal" if day > (period.due_date_of_children if collector else period.due_date) else "",
        "children": children_figures(period) if collector is None else None,
        "page_obj": page,
        "collects": collects,
        "may_act": collects and period.is_open,
        "consolidations": period.consolidations.filter(collector=collector).select_related("made_by"),
        "events": period.events.select_related("by") if collector is None else (),
        "clock": timezone.localtime(),
    }
    return render(request, "reports/period_detail.html", context)


@require_POST
def period_many(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept, return, release or ask again: the ticked reports, or the one whose button was pressed.

    What cannot be done is named with its reason and holds up no other; a deed that needs a reason asks for it first.
    """
    period = _collected_period(request, pk)
    key = next((name for name in DEEDS if name in request.POST), request.POST.get("do", ""))
    ids = [request.POST[key]] if key in request.POST else request.POST.getlist("reports")
    ticked = [number for words in ids if (number := whole_number(words)) is not None]
    reports = list(_reports(request, period).filter(pk__in=ticked).order_by("agency__sort_key"))
    back = way_back(request, period.get_absolute_url())
    if key not in DEEDS or not reports:
        messages.error(request, "Hãy chọn ít nhất một báo cáo.")
        return redirect(back)
    deed, given = DEEDS[key], {}
    if deed.asks_why:
        form = _reason_form(request, key, reports)
        if not form.is_valid():
            context = {"period": period, "deed": deed, "key": key, "form": form, "reports": reports, "back": back}
            return render(request, "reports/period_many.html", context, status=422 if form.is_bound else 200)
        given = form.cleaned_data
    when = {"by": request.user, "on": today()}
    do_each(
        request, reports, lambda report: deed.verb(report, **when, **given), said=deed.said, noun="báo cáo",
        name=lambda report: str(report.agency),
    )  # fmt: skip
    return redirect(back)


def _reason_form(request: SignedInRequest, key: str, reports: list[Report]) -> ReasonForm:
    """Return the form of the reason; for agencies that are no more it begins with what became of them."""
    if "sure" in request.POST:
        return ReasonForm(request.POST)
    words = endings([report.agency for report in reports], today()).values() if key == "exclude" else ()
    known = set(words)
    said = known.pop() if len(known) == 1 and len(words) == len(reports) else ""
    return ReasonForm(initial={"reason": f"{said[:1].upper()}{said[1:]}."} if said else None)


def _visible_period(request: SignedInRequest, pk: int) -> Period:
    periods = Period.objects.visible_to(request.user).select_related("plan__coordinating_agency", "plan__province")
    return get_object_or_404(periods, pk=pk)


def _collected_period(request: SignedInRequest, pk: int) -> Period:
    """Return the period, or 404 for whoever collects nothing in it."""
    period = _visible_period(request, pk)
    collects = period.plan.is_coordinated_by(request.user)
    if not collects and not period.reports.collected_by(request.user).exists():
        raise Http404
    return period


def _reports(request: SignedInRequest, period: Period) -> Any:
    reports = period.reports.visible_to(request.user)
    return reports.select_related("agency", "period__plan")
