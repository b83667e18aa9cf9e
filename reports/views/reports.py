"""Pages of an agency's report: the list, the report itself, its steps, its files."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.folding import unaccent
from plans.files import file_response
from reports.documents.agency_report import agency_report
from reports.documents.wording import small_first
from reports.filling import fill
from reports.forms import LINE, PaperForm, ReasonForm, ReportFilterForm, ReportForm
from reports.models import NOT_ARRIVED, Report, ReportLine, ReportState
from reports.models.report import ReportQuerySet
from reports.tallies import Tally
from workdays.clock import today

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STEPS: dict[str, tuple[Callable[..., None], str]] = {
    "duyet": (Report.approve, "Đã duyệt báo cáo. Số liệu và lời văn giữ nguyên từ lúc này; báo cáo có thể nộp."),
    "mo-lai": (Report.reopen, "Đã mở lại báo cáo để sửa. Sau khi sửa cần lãnh đạo duyệt lại."),
    "nop": (Report.submit, "Đã nộp báo cáo."),
    "tiep-nhan": (Report.accept, "Đã tiếp nhận báo cáo."),
}
REASONED: dict[str, tuple[Callable[..., None], str, str]] = {
    "tra-lai": (Report.send_back, "Trả lại báo cáo", "Đã trả lại báo cáo."),
    "khong-phai-bao-cao": (Report.exclude, "Không phải báo cáo trong kỳ", "Đã đưa cơ quan ra khỏi kỳ báo cáo."),
}


def report_list(request: SignedInRequest) -> HttpResponse:
    """List reports of the user's agencies and the units under them; a viewer sees the whole province's."""
    reports = Report.objects.visible_to(request.user).select_related("agency", "period__plan")
    access = access_of(request.user)
    if not access.is_viewer:
        reports = reports.filter(agency__in=access.reach)
    form = ReportFilterForm(request.GET)
    page = Paginator(narrowed(reports, form).order_by("-period__due_date", "agency__sort_key", "pk"), 50)
    found = page.get_page(request.GET.get("page"))
    rows = [(report, report.days_late(today())) for report in found]
    return render(request, "reports/report_list.html", {"form": form, "page_obj": found, "rows": rows})


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
        return render(request, "reports/report_detail.html", _context(request, report))
    if request.method == "GET":
        fill(report, today())
    form = ReportForm(request.POST or None, report=report, lines=list(report.lines.all()))
    if request.method == "POST" and form.is_valid() and _written(request, report, form):
        messages.success(request, "Đã lưu báo cáo.")
        return redirect(report)
    context = _context(request, report, form)
    return render(request, "reports/report_detail.html", context, status=422 if form.errors else 200)


def _written(request: SignedInRequest, report: Report, form: ReportForm) -> bool:
    """Save the words; when somebody was faster, keep what was typed on the page and show what stands now beside it."""
    revision = form.cleaned_data["revision"]
    try:
        report.write(by=request.user, revision=revision, words=form.words(), results_by_line=form.results_by_line())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def report_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Approve, reopen, submit or accept."""
    report = visible_report(request, pk)
    if step not in STEPS:
        raise Http404
    verb, done = STEPS[step]
    try:
        verb(report, by=request.user, on=today())
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    else:
        messages.success(request, done)
    return redirect(report)


def report_reason(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Return a report, or exclude its agency from the period, with a reason."""
    report = visible_report(request, pk)
    if not report.period.plan.is_coordinated_by(request.user):
        raise Http404
    verb, title, done = REASONED[step]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(report, by=request.user, on=today(), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return redirect(report)
    context = {"report": report, "form": form, "title": title, "step": step}
    return render(request, "reports/report_reason.html", context, status=422 if form.errors else 200)


def report_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the signed paper and its PDF."""
    report = visible_report(request, pk)
    if not report.may_be_written_by(request.user) or report.state not in NOT_ARRIVED:
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None, instance=Report.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["signed_file"]
        try:
            report.attach(by=request.user, file=file, name=file.name if file else "", **form.paper())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Đã ghi thông tin bản ký.")
            return redirect(report)
    context = {"report": report, "form": form}
    return render(request, "reports/report_paper.html", context, status=422 if form.errors else 200)


def report_document(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand out the report as a Word file to be signed."""
    report = visible_report(request, pk)
    name = f"Báo cáo {small_first(report.period.name)} - {report.agency.label}.docx".replace("/", "-")
    response = HttpResponse(agency_report(report, today()), content_type=WORD)
    response.headers["Content-Disposition"] = attachment(name)
    return response


def report_signed_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the signed PDF."""
    report = visible_report(request, pk)
    return file_response(report.signed_file, report.signed_file_name or "bao-cao.pdf")


def visible_report(request: SignedInRequest, pk: int) -> Report:
    """Return the report, or 404 for whoever may not see it."""
    reports = Report.objects.visible_to(request.user)
    return get_object_or_404(reports.select_related("agency__province", "period__plan__coordinating_agency"), pk=pk)


def attachment(name: str) -> str:
    """Return the header under which a browser saves a file with a Vietnamese name."""
    header = content_disposition_header(as_attachment=True, filename=name)
    assert header is not None
    return header


def _context(request: SignedInRequest, report: Report, form: ReportForm | None = None) -> dict[str, Any]:
    lines = list(report.lines.all())
    user, day = request.user, today()
    writes = report.may_be_written_by(user) and not report.excluded_reason and report.period.is_open
    problems = report.problems() if report.state in NOT_ARRIVED else []
    return {
        "report": report,
        "form": form,
        "sections": _sections(lines, form),
        "tally": Tally.of(lines),
        "line_count": len(lines),
        "days_late": report.days_late(day),
        "problems": problems,
        "remarks": report.remarks() if report.state in NOT_ARRIVED else [],
        "events": report.events.select_related("by"),
        "narrative": [(ReportForm.base_fields[name].label, getattr(report, name)) for name in Report.NARRATIVE],
        "conflicts": _conflicts(report, form),
        "may_approve": form is not None and report.may_be_approved_by(user),
        "may_submit": writes and report.state == ReportState.APPROVED,
        "may_attach": writes and report.state in NOT_ARRIVED,
        "may_decide": report.state == ReportState.SUBMITTED and report.may_be_decided_by(user),
        "may_exclude": report.state in NOT_ARRIVED and report.period.plan.is_coordinated_by(user),
        "writes_for_another": writes and report.agency_id not in access_of(user).own,
    }


def _sections(lines: list[ReportLine], form: ReportForm | None) -> list[dict[str, Any]]:
    """Group lines under their headings, each with its form field while it may be edited."""
    return [
        {
            "title": path[-1] if path else "",
            "above": " › ".join(path[:-1]),
            "lines": [(line, form[f"{LINE}{line.pk}"] if form else None) for line in found],
        }
        for path, found in groupby(lines, key=lambda line: line.headings)
    ]


def _conflicts(report: Report, form: ReportForm | None) -> list[tuple[str, str]]:
    """Return what stands in the database where it differs from what was typed, after somebody else was faster."""
    if form is None or not form.is_bound or not form.has_error(NON_FIELD_ERRORS, "taken"):
        return []
    now = Report.objects.get(pk=report.pk)
    differing = [
        name for name in Report.NARRATIVE if getattr(now, name) != form.data.get(name, "").replace("\r\n", "\n")
    ]
    return [(str(form.fields[name].label), getattr(now, name)) for name in differing]
