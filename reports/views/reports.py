"""Pages of an agency's report: the list, the report itself, its steps, its files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.folding import unaccent
from plans.forms import whole_number
from plans.verb_forms import refuse
from plans.views.acting import act
from reports.filling import fill
from reports.forms import ReasonForm, ReportFilterForm, ReportForm
from reports.models import Report
from reports.models.report import ReportQuerySet
from reports.views.report_page import conflicts_of, page_of
from workdays.clock import today

STEPS: dict[str, tuple[Callable[..., None], str]] = {
    "duyet": (Report.approve, "Đã duyệt báo cáo. Số liệu và lời văn giữ nguyên từ lúc này; báo cáo có thể nộp."),
    "mo-lai": (Report.reopen, "Đã mở lại báo cáo để sửa. Sau khi sửa cần lãnh đạo duyệt lại."),
    "nop": (Report.submit, "Đã nộp báo cáo."),
    "tiep-nhan": (Report.accept, "Đã tiếp nhận báo cáo."),
}
REASONED: dict[str, tuple[Callable[..., None], str, str]] = {
    "tra-lai": (Report.send_back, "Trả lại báo cáo", "Đã trả lại báo cáo."),
    "khong-phai-bao-cao": (Report.exclude, "Không phải báo cáo trong kỳ", "Đã đưa cơ quan ra khỏi kỳ báo cáo."),
    "phai-bao-cao": (Report.include, "Yêu cầu báo cáo trở lại", "Cơ quan phải báo cáo trở lại trong kỳ này."),
}
OWN, BELOW = 0, 1


def report_list(request: SignedInRequest) -> HttpResponse:
    """List reports of the user's agencies, then those of the units under them; a viewer sees the whole province's."""
    reports = Report.objects.visible_to(request.user).select_related("agency", "period__plan")
    access = access_of(request.user)
    if not access.is_viewer:
        reports = reports.filter(agency__in=access.reach)
    form = ReportFilterForm(request.GET)
    rank = Case(When(agency__in=access.own, then=Value(OWN)), default=Value(BELOW), output_field=IntegerField())
    found = narrowed(reports, form).annotate(rank=rank)
    page = Paginator(found.order_by("rank", "-due_date", "agency__sort_key", "pk"), 50).get_page(
        request.GET.get("page")
    )
    rows: list[tuple[Any, int]] = [(report, report.days_late(today())) for report in page]
    groups = [
        ("Báo cáo của cơ quan", [row for row in rows if row[0].rank == OWN]),
        ("Báo cáo của đơn vị cấp dưới", [row for row in rows if row[0].rank == BELOW]),
    ]
    if not groups[BELOW][1] or not access.own:
        groups = [("", rows)]
    return render(request, "reports/report_list.html", {"form": form, "page_obj": page, "groups": groups})


def narrowed(reports: ReportQuerySet, form: ReportFilterForm) -> ReportQuerySet:
    """Return the reports that a filter asks for."""
    if not form.is_valid():
        return reports
    state = form.cleaned_data["state"]
    if form.cleaned_data["q"]:
        reports = reports.filter(agency__search_key__contains=unaccent(form.cleaned_data["q"]))
    if state == "missing":
        return reports.missing()
    if state == "late":
        return reports.late(today())
    if state == "excluded":
        return reports.exclude(excluded_reason="")
    if state == "expected":
        return reports.expected()
    if state == "arrived":
        return reports.expected().arrived()
    if state == "arrived_late":
        return reports.expected().arrived().late(today())
    return reports.expected().filter(state=state) if state else reports


def report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a report; while it is a draft its writers edit it here, and its figures are those of today."""
    report = visible_report(request, pk)
    if not (report.is_editable and report.may_be_written_by(request.user)):
        if request.method == "POST":
            messages.error(request, "Báo cáo không còn sửa được: đã duyệt, đã nộp hoặc kỳ đã đóng.")
            return redirect(report)
        return render(request, "reports/report_detail.html", page_of(request, report))
    if request.method == "GET":
        fill(report, today())
    form = ReportForm(request.POST or None, report=report, lines=list(report.lines.all()))
    if request.method == "POST" and form.is_valid() and written(request, report, form):
        messages.success(request, "Đã lưu báo cáo.")
        return redirect(report)
    status = 422 if form.errors else 200
    taken = form.is_bound and form.has_error(NON_FIELD_ERRORS, "taken")
    conflicts = conflicts_of(report, form) if taken else []
    context = page_of(request, report, form) | {"conflicts": conflicts}
    return render(request, "reports/report_detail.html", context, status=status)


def written(request: SignedInRequest, report: Report, form: ReportForm) -> bool:
    """Save the changed texts; when somebody was faster at the same text, keep what was typed and say so."""
    told: dict[str, Any] = {"words": form.words(), "results_by_line": form.results_by_line(), "seen": form.seen()}
    if not told["words"] and not told["results_by_line"]:
        return True
    try:
        report.write(by=request.user, revision=form.cleaned_data["revision"], on=today(), **told)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def report_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Approve (as the page showed it), reopen, submit or accept."""
    report = visible_report(request, pk)
    if step not in STEPS:
        raise Http404
    verb, done = STEPS[step]
    seen = {"revision": whole_number(request.POST.get("revision", ""))} if step == "duyet" else {}
    return act(request, report, done, lambda: verb(report, by=request.user, on=today(), **seen))


def report_reason(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Return a report, exclude its agency from the period, or ask for it after all, with a reason."""
    report = visible_report(request, pk)
    if not report.is_collected_by(request.user):
        raise Http404
    verb, title, done = REASONED[step]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(report, by=request.user, on=today(), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, done)
            return redirect(report)
    context = {"report": report, "form": form, "title": title, "step": step}
    return render(request, "reports/report_reason.html", context, status=422 if form.errors else 200)


def visible_report(request: SignedInRequest, pk: int) -> Report:
    """Return the report, or 404 for whoever may not see it."""
    reports = Report.objects.visible_to(request.user)
    related = ("agency__province", "agency__parent", "collector", "period__plan__coordinating_agency")
    return get_object_or_404(reports.select_related(*related), pk=pk)
