"""Handing out a report's papers: Word made on the spot, PDF where LibreOffice is installed, the signed one, attached files."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header

from agencies.access import SignedInRequest
from plans.files import file_response
from plans.views.acting import say_why_not
from reports.documents import pdf
from reports.documents.choosing import word_of_report
from reports.documents.wording import small_first
from reports.models import Report, ReportAttachment
from reports.views.reports import visible_report
from workdays.clock import today

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_response(content: bytes, name: str) -> HttpResponse:
    """Return a Word file as a download under a Vietnamese name, given without its ending."""
    return _download(content, WORD, f"{name}.docx")


def pdf_response(word: bytes, name: str) -> HttpResponse:
    """Return a Word file as PDF. Raises ValidationError in words when it cannot be made."""
    return _download(pdf.pdf_of(word), "application/pdf", f"{name}.pdf")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    header = content_disposition_header(as_attachment=True, filename=name.replace("/", "-"))
    assert header is not None
    response.headers["Content-Disposition"] = header
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def name_of_report(report: Report) -> str:
    """Return under which name people save a report, without its ending."""
    return f"Báo cáo {small_first(report.period.name)} - {report.agency.label}"


def report_document(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand out the report as a Word file to be signed."""
    return _paper(request, visible_report(request, pk), word_response)


def report_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand out the report as PDF; there is no such address where LibreOffice is not installed."""
    report = visible_report(request, pk)
    if not pdf.is_available():
        raise Http404
    return _paper(request, report, pdf_response)


def _paper(request: SignedInRequest, report: Report, made: Callable[[bytes, str], HttpResponse]) -> HttpResponse:
    try:
        return made(word_of_report(report, today()), name_of_report(report))
    except ValidationError as error:
        say_why_not(request, error)
        return redirect(report)


def report_signed_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the signed PDF."""
    report = visible_report(request, pk)
    return file_response(report.signed_file, report.signed_file_name or "bao-cao.pdf")


def report_attachment(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out a file that goes with a report."""
    found = get_object_or_404(ReportAttachment.objects.visible_to(request.user), pk=pk)
    return file_response(found.file, found.name)
