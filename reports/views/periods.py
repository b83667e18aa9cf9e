"""The coordinator's desk: periods, who has reported, and the consolidated report."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from plans.files import file_response
from plans.forms import whole_number
from plans.models import Plan
from reports.consolidating import consolidate, figures_of
from reports.documents.consolidated import compiled, default_recipients
from reports.forms import ConsolidationForm, ReportFilterForm
from reports.models import ARRIVED, Consolidation, Period, Report
from reports.periods import propose_periods
from reports.views.reports import narrowed
from workdays.clock import today


def period_list(request: SignedInRequest) -> HttpResponse:
    """List periods; those of newly activated plans are proposed here."""
    access = access_of(request.user)
    if not (access.coordinates or access.is_viewer):
        raise Http404
    for plan in Plan.objects.coordinated_by(request.user).filter(status=Plan.Status.ACTIVE):
        propose_periods(plan)
    expected = Q(reports__excluded_reason="")
    periods = Period.objects.overseen_by(request.user).select_related("plan")
    periods = periods.annotate(
        expected=Count("reports", filter=expected),
        arrived=Count("reports", filter=expected & Q(reports__state__in=ARRIVED)),
    )
    return render(request, "reports/period_list.html", {"periods": periods.order_by("-plan__signed_on", "due_date")})


def period_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who has reported, who has not, how late, and what waits for a decision."""
    period = overseen_period(request, pk)
    day = today()
    reports = period.reports.select_related("agency", "period__plan")
    form = ReportFilterForm(request.GET)
    shown = narrowed(reports, form).order_by("agency__sort_key", "pk")
    context = {
        "period": period,
        "form": form,
        "figures": _arrival_figures(list(reports)),
        "rows": [(report, report.days_late(day), report.may_be_decided_by(request.user)) for report in shown],
        "coordinates": period.plan.is_coordinated_by(request.user),
        "consolidations": period.consolidations.select_related("made_by"),
        "reporting_agencies": len(period.owed()) if period.status == Period.Status.PROPOSED else 0,
    }
    return render(request, "reports/period_detail.html", context)


def _arrival_figures(reports: list[Report]) -> dict[str, int]:
    day = today()
    expected = [report for report in reports if not report.excluded_reason]
    arrived = [report for report in expected if report.has_arrived]
    late = sum(bool(report.days_late(day)) for report in arrived)
    missing = [report for report in expected if not report.has_arrived]
    return {
        "expected": len(expected),
        "arrived": len(arrived),
        "late": late,
        "missing": len(missing),
        "overdue": sum(bool(report.days_late(day)) for report in missing),
        "waiting": sum(report.state == "submitted" for report in arrived),
        "excluded": len(reports) - len(expected),
    }


@require_POST
def period_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Open or close the period."""
    period = overseen_period(request, pk)
    try:
        if step == "mo":
            made = period.open(by=request.user, on=today())
            messages.success(request, f"Đã mở kỳ báo cáo cho {made} cơ quan.")
        else:
            period.close(by=request.user)
            messages.success(request, "Đã đóng kỳ báo cáo.")
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    return redirect(period)


@require_POST
def period_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept the reports that were ticked; one that cannot be accepted says why and holds up no other."""
    period = overseen_period(request, pk)
    ticked = [number for words in request.POST.getlist("reports") if (number := whole_number(words)) is not None]
    reports = period.reports.visible_to(request.user).filter(pk__in=ticked)
    accepted = 0
    for report in reports.select_related("agency", "period__plan"):
        try:
            report.accept(by=request.user, on=today())
            accepted += 1
        except ValidationError as error:
            messages.error(request, f"{report.agency}: {' '.join(error.messages)}")
    if accepted:
        messages.success(request, f"Đã tiếp nhận {accepted} báo cáo.")
    return redirect(period)


def consolidation_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look at the figures, write over the words, and make a version."""
    period = overseen_period(request, pk)
    if not period.plan.is_coordinated_by(request.user) or period.status == Period.Status.PROPOSED:
        raise Http404
    figures = figures_of(period, today())
    form = ConsolidationForm(request.POST or None, period=period, initial=_first_words(period, figures))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        signing = {name: data[name] for name in ("issuer", "signed_as", "signer")}
        try:
            made = consolidate(period, by=request.user, on=today(), narrative=form.narrative(), **signing)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Đã lập phiên bản {made.version}. Hãy tải tệp Word để trình ký.")
            return redirect(made)
    context = {"period": period, "form": form, "figures": figures}
    return render(request, "reports/consolidation_new.html", context, status=422 if form.errors else 200)


def _first_words(period: Period, figures: dict[str, Any]) -> dict[str, str]:
    """Begin with the words of the last version, or with what the agencies wrote."""
    last = period.consolidations.first()
    if last:
        return {**last.narrative, "issuer": last.issuer, "signed_as": last.signed_as, "signer": last.signer}
    words = {name: compiled(figures["words"][name]) for name in ("shortcomings", "obstacles", "proposals")}
    recipients = default_recipients(Consolidation.Issuer.COORDINATOR, figures["plan"]["coordinator"])
    return {**words, "outlook": "", "recipients": recipients}


def consolidation_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a frozen version: its figures, its words, its hash, and the other versions."""
    made = visible_consolidation(request, pk)
    versions = made.period.consolidations.select_related("made_by")
    context = {"made": made, "figures": made.figures, "versions": versions}
    context["as_of"] = date.fromisoformat(made.figures["period"]["as_of"])
    return render(request, "reports/consolidation_detail.html", context)


def consolidation_document(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the version's Word file as it was made."""
    made = visible_consolidation(request, pk)
    return file_response(made.document, made.document_name)


def overseen_period(request: SignedInRequest, pk: int) -> Period:
    """Return the period, or 404 for whoever does not oversee it."""
    periods = Period.objects.overseen_by(request.user)
    return get_object_or_404(periods.select_related("plan__coordinating_agency", "plan__province"), pk=pk)


def visible_consolidation(request: SignedInRequest, pk: int) -> Consolidation:
    """Return the version, or 404 for whoever may not see it."""
    rows = Consolidation.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("period__plan", "made_by"), pk=pk)
