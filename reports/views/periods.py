"""Pages of periods: the list, making and changing one, who must report, opening and closing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.folding import unaccent
from agencies.models import Agency
from plans.forms import whole_number
from plans.models import Plan
from plans.verb_forms import refuse
from plans.views.acting import say_why_not
from reports.models import ARRIVED, Period, Report
from reports.outline import SOURCES
from reports.period_forms import (
    AgencyReasonForm,
    AgencySearchForm,
    AskedForm,
    OutlineRows,
    PeriodFilterForm,
    PeriodForm,
)
from reports.periods import first_thoughts, propose_periods
from reports.reporters import OF_THE_TASK, Reporter, counts_of
from workdays.clock import today


def period_list(request: SignedInRequest) -> HttpResponse:
    """List periods; those of newly activated plans are proposed here."""
    access = access_of(request.user)
    if not (access.coordinates or access.is_viewer):
        raise Http404
    for plan in Plan.objects.coordinated_by(request.user).filter(status=Plan.Status.ACTIVE):
        propose_periods(plan)
    periods = Period.objects.overseen_by(request.user).select_related("plan")
    form = PeriodFilterForm(request.GET, plans=Plan.objects.filter(pk__in=periods.values("plan")))
    if form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if value}
        periods = periods.filter(**asked)
    expected = Q(reports__excluded_reason="", reports__collector=None)
    periods = periods.annotate(
        expected=Count("reports", filter=expected),
        arrived=Count("reports", filter=expected & Q(reports__state__in=ARRIVED)),
        waiting=Count("reports", filter=expected & Q(reports__state="submitted")),
    )
    context = {"periods": periods.order_by("-plan__signed_on", "plan", "due_date", "pk"), "form": form}
    context["coordinates"] = bool(access.coordinates)
    return render(request, "reports/period_list.html", context)


# Making and changing


def period_new(request: SignedInRequest) -> HttpResponse:
    """Make a period that no report task of the plan asks for; the plan is chosen first where there are several."""
    plans = Plan.objects.coordinated_by(request.user).filter(status=Plan.Status.ACTIVE)
    asked = whole_number(request.GET.get("ke-hoach", ""))
    plan = plans.filter(pk=asked).first() if asked is not None else plans.first() if plans.count() == 1 else None
    if plan is None:
        if not access_of(request.user).coordinates or asked is not None:
            raise Http404
        return render(request, "reports/period_plan.html", {"plans": plans.order_by("-signed_on")})
    return _edited(request, first_thoughts(plan, today()))


def period_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a period that is not closed; whoever saves second sees what changed in between."""
    period = coordinated_period(request, pk)
    if period.status == Period.Status.CLOSED:
        messages.error(request, "Kỳ báo cáo đã đóng, không điều chỉnh được nữa.")
        return redirect(period)
    return _edited(request, period)


def _edited(request: SignedInRequest, period: Period) -> HttpResponse:
    """Show the editor, do what its buttons ask of the outline, save."""
    sent = request.method == "POST"
    rows = OutlineRows.sent(request.POST) if sent else OutlineRows(period.sections)
    form = PeriodForm(request.POST if sent else None, instance=period)
    if sent and rows.act(request.POST.get("do", "")):
        form = PeriodForm(initial=_as_typed(request, form), instance=period)
    elif sent and form.is_valid() and (saved := _saved(request, period, form, rows)):
        return redirect("period-agencies", saved.pk) if period.pk is None else redirect(saved)
    now = Period.objects.get(pk=period.pk) if period.pk else period
    context = {
        "period": period,
        "form": form,
        "rows": rows.rows,
        "sources": SOURCES.items(),
        "revision": now.revision if _is_taken(form) else whole_number(request.POST.get("revision", "")) or now.revision,
        "conflicts": _conflicts(form, now) if _is_taken(form) else None,
        "last": now.events.select_related("by").last() if _is_taken(form) else None,
        "previous": period.previous,
    }
    return render(request, "reports/period_form.html", context, status=422 if form.errors else 200)


def _as_typed(request: SignedInRequest, form: forms.BaseForm) -> dict[str, Any]:
    """Return what stands in the fields, for a page that is shown again without being saved."""
    ticks = {name for name, field in form.fields.items() if isinstance(field, forms.BooleanField)}
    return {name: name in request.POST if name in ticks else request.POST.get(name, "") for name in form.fields}


def _saved(request: SignedInRequest, period: Period, form: PeriodForm, rows: OutlineRows) -> Period | None:
    """Write the period; None when it was refused, with the reason on the form."""
    told = {"by": request.user, "on": today(), "words": form.cleaned_data["words"]}
    try:
        values = form.values() | {"sections": rows.sections()}
        if period.pk is None:
            made = Period.make(period.plan, **told, **values)
            messages.success(request, "Đã lập kỳ báo cáo. Hãy xem lại các cơ quan phải báo cáo rồi mở kỳ.")
            return made
        revision = whole_number(request.POST.get("revision", "")) or 0
        stored = Period.objects.get(pk=period.pk)
        stored.change(revision=revision, for_later=form.cleaned_data["for_later"], **told, **values)
    except ValidationError as error:
        refuse(form, error)
        return None
    messages.success(request, "Đã lưu kỳ báo cáo.")
    return stored


def _is_taken(form: forms.BaseForm) -> bool:
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, "taken")


def _conflicts(form: PeriodForm, now: Period) -> list[tuple[str, str, str]]:
    """Return (label, typed, stands now) where what was typed differs from what somebody else has saved."""
    labels = {name: str(form.fields[name].label) for name in form.Meta.fields}
    return now.differences_to(form.values(), labels)


@require_POST
def period_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away a period that was made by hand and never opened."""
    period = coordinated_period(request, pk)
    try:
        period.drop(by=request.user)
    except ValidationError as error:
        say_why_not(request, error)
        return redirect("period-detail", pk)
    messages.success(request, f"Đã xóa kỳ “{period.name}”.")
    return redirect("period-list")


# Who must report


def period_agencies(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who must report, to whom and why; before opening, groups and single agencies may be added."""
    period = overseen_period(request, pk)
    day, is_mine = today(), period.plan.is_coordinated_by(request.user)
    if request.method == "POST" and not is_mine:
        raise Http404
    initial = {"groups": period.groups.all(), "agencies": period.agencies.all()}
    form = AskedForm(request.POST or None, plan=period.plan, on=day, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revision = whole_number(request.POST.get("revision", "")) or 0
            period.change(by=request.user, on=day, revision=revision, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã lưu các nhóm và cơ quan phải báo cáo.")
            return redirect("period-agencies", pk)
    is_proposed = period.status == Period.Status.PROPOSED
    found = period.reporters(day) if is_proposed else _asked_reporters(period)
    key = unaccent(request.GET.get("q", ""))
    context = {
        "period": period,
        "form": form,
        "search": AgencySearchForm(request.GET or None),
        "reporters": [one for one in found if key in one.agency.search_key],
        "is_mine": is_mine,
        "is_proposed": is_proposed,
    }
    context |= {"released_by_hand": set(period.exclusions.values_list("agency", flat=True)), **counts_of(found)}
    return render(request, "reports/period_agencies.html", context, status=422 if form.errors else 200)


def _asked_reporters(period: Period) -> list[Reporter]:
    """Return who was asked once a period is open, each with where it came from."""
    known = {one.agency.pk: one.sources for one in period.reporters(period.opened_on or today())}
    reports = period.reports.select_related("agency", "collector")
    order = ("collector__sort_key", "agency__sort_key")
    found = [
        Reporter(
            report.agency, known.get(report.agency_id) or [_source_of(report)], report.item_id, report.collector,
            report.excluded_reason,
        )
        for report in reports.order_by(*order)
    ]  # fmt: skip
    return [one for one in found if one.collector is None] + [one for one in found if one.collector is not None]


def _source_of(report: Report) -> str:
    """Say why an agency was asked that would not be asked anew: released since, or asked by hand."""
    if report.collector is not None:
        return f"trực thuộc {report.collector.name}"
    return OF_THE_TASK if report.item_id else "yêu cầu thêm sau khi mở kỳ"


def period_except(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release an agency beforehand, with a reason; ``do=undo`` takes it back."""
    period = coordinated_period(request, pk)
    agencies = Agency.objects.filter(pk__in=[one.agency.pk for one in period.reporters(today())])
    data = request.POST or None
    if request.POST.get("do") == "undo":
        agency = get_object_or_404(Agency, exclusion_of(period), pk=whole_number(request.POST.get("agency", "")))
        return _done(request, period, "Cơ quan phải báo cáo trở lại.", period.except_no_more, agency)
    form = AgencyReasonForm(data, agencies=agencies, initial={"agency": request.GET.get("agency")})
    return _asked_why(request, period, form, period.except_for, "Đã ghi cơ quan không phải báo cáo.", "except")


def exclusion_of(period: Period) -> Q:
    """Return the condition of agencies that are released beforehand."""
    return Q(pk__in=period.exclusions.values("agency"))


def period_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask one more agency for a report after the period was opened."""
    period = coordinated_period(request, pk)
    agencies = Agency.objects.filter(province=period.plan.province_id).valid_on(today())
    agencies = agencies.exclude(pk__in=period.reports.values("agency"))
    form = AgencyReasonForm(request.POST or None, agencies=agencies)
    return _asked_why(request, period, form, period.ask, "Đã yêu cầu cơ quan báo cáo.", "ask")


def _asked_why(
    request: SignedInRequest, period: Period, form: AgencyReasonForm, verb: Any, said: str, deed: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        agency, reason = form.cleaned_data["agency"], form.cleaned_data["reason"]
        try:
            verb(agency, by=request.user, on=today(), reason=reason)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{agency}: {said[:1].lower()}{said[1:]}")
            return redirect("period-agencies" if deed == "except" else "period-detail", period.pk)
    context = {"period": period, "form": form, "deed": deed}
    return render(request, "reports/period_agency.html", context, status=422 if form.errors else 200)


def _done(request: SignedInRequest, period: Period, said: str, verb: Any, agency: Agency) -> HttpResponse:
    try:
        verb(agency, by=request.user, on=today())
        messages.success(request, f"{agency}: {said[:1].lower()}{said[1:]}")
    except ValidationError as error:
        say_why_not(request, error)
    return redirect("period-agencies", period.pk)


# Opening and closing


def proposed_period(request: SignedInRequest, period: Period) -> HttpResponse:
    """Show a period that is not open: its days, its outline, who will have to report; the desk comes with opening."""
    found = period.reporters(today())
    delivery = period.occurrence.due_date if period.occurrence else None
    context = {
        "period": period,
        "is_mine": period.plan.is_coordinated_by(request.user),
        "delivery": delivery if delivery != period.due_date else None,
        "reporters": found,
        "events": period.events.select_related("by"),
        "ended": [one for one in found if one.ended_on and one.is_asked],
        **counts_of(found),
    }
    return render(request, "reports/period_proposed.html", context)


@require_POST
def period_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Open or close the period."""
    period = overseen_period(request, pk)
    try:
        if step == "mo":
            made = period.open(by=request.user, on=today())
            messages.success(request, f"Đã mở kỳ báo cáo cho {made} cơ quan, đơn vị.")
        else:
            period.close(by=request.user, on=today())
            messages.success(request, "Đã đóng kỳ báo cáo.")
    except ValidationError as error:
        say_why_not(request, error)
    return redirect("period-detail", pk)


def overseen_period(request: SignedInRequest, pk: int) -> Period:
    """Return the period, or 404 for whoever does not oversee it."""
    periods = Period.objects.overseen_by(request.user)
    return get_object_or_404(periods.select_related("plan__coordinating_agency", "plan__province", "occurrence"), pk=pk)


def coordinated_period(request: SignedInRequest, pk: int) -> Period:
    """Return the period, or 404 for whoever does not coordinate its plan."""
    period = overseen_period(request, pk)
    if not period.plan.is_coordinated_by(request.user):
        raise Http404
    return period
