"""Writing a report: saving while somebody types, taking the product's own words back, files, the signed paper."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from plans.verb_forms import refuse
from plans.views.acting import say_why_not
from reports.filling import fill
from reports.forms import (
    LINE,
    SECTION,
    AttachmentsForm,
    OnBehalfForm,
    PaperForm,
    ReportForm,
    RestoreForm,
    texts_of,
)
from reports.models import NOT_ARRIVED, Report
from reports.views.report_page import next_steps
from reports.views.reports import visible_report, written
from workdays.clock import today

LOCKED = (
    "Báo cáo không còn sửa được: đã duyệt, đã nộp hoặc kỳ đã đóng. Nội dung anh/chị vừa gõ chưa được lưu và vẫn còn "
    "trong các ô; hãy chép lại trước khi rời trang."
)
GONE = "Có nhiệm vụ không còn trong báo cáo này. Nội dung anh/chị vừa gõ chưa được lưu; hãy chép lại rồi tải lại trang."


@require_POST
def report_save(request: SignedInRequest, pk: int) -> JsonResponse:
    """Save the texts that were sent, while somebody types; answers what the page's script needs to go on.

    200: ``revision``, ``saved_at``, ``next`` (the panel of the next step) and, where others had saved meanwhile,
    ``texts`` as they stand. 409: somebody changed the same text (``revision``, ``texts``) or nothing may be written any
    more (``locked``). 422: what was typed cannot be kept.
    """
    report = visible_report(request, pk)
    if not report.may_be_written_by(request.user):
        raise Http404
    if not report.is_editable:
        return JsonResponse({"locked": True, "message": LOCKED}, status=409)
    lines = list(report.lines.all())
    form = ReportForm(request.POST, report=report, lines=lines, only=request.POST)
    gone = [name for name in request.POST if name.startswith((LINE, SECTION)) and name not in form.fields]
    if gone:
        return JsonResponse({"locked": True, "message": GONE}, status=409)
    if form.is_valid() and written(request, report, form):
        return _saved(request, report, merged=form.cleaned_data["revision"] + 1 != report.revision)
    if form.has_error(NON_FIELD_ERRORS, "taken"):
        now = visible_report(request, pk)
        if not now.is_editable:
            return JsonResponse({"locked": True, "message": LOCKED}, status=409)
        return JsonResponse({"revision": now.revision, "texts": texts_of(now, now.lines.all())}, status=409)
    errors = {name: " ".join(str(words) for words in found) for name, found in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422)


def _saved(request: SignedInRequest, report: Report, *, merged: bool) -> JsonResponse:
    panel = render_to_string("reports/report_next.html", next_steps(request.user, report, is_form=True), request)
    answer: dict[str, Any] = {
        "revision": report.revision,
        "saved_at": f"{timezone.localtime():%H:%M}",
        "next": panel,
    }
    if merged:
        answer["texts"] = texts_of(report, report.lines.all())
    return JsonResponse(answer)


@require_POST
def report_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the words of the obstacle desk back into a section, or those of the latest update on a line."""
    report = visible_report(request, pk)
    form = RestoreForm(request.POST)
    anchor = ""
    if form.is_valid():
        asked = form.cleaned_data
        anchor = f"#nhiem-vu-{asked['line']}" if asked["line"] is not None else f"#muc-{asked['section']}"
        try:
            report.restore(by=request.user, **asked)
        except ValidationError as error:
            say_why_not(request, error)
        else:
            messages.success(request, "Đã lấy lại nội dung lấy sẵn.")
    return redirect(f"{report.get_absolute_url()}{anchor}")


@require_POST
def report_attach(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add files that go with the report."""
    report = visible_report(request, pk)
    form = AttachmentsForm(request.POST, request.FILES)
    faults = [str(words) for found in form.errors.values() for words in found]
    if form.is_valid():
        try:
            report.add_attachments(form.cleaned_data["files"], by=request.user)
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, f"Đã đính kèm {len(form.cleaned_data['files'])} tệp.")
    for words in faults:
        messages.error(request, words)
    return redirect(f"{report.get_absolute_url()}#tai-lieu")


@require_POST
def report_attachment_remove(request: SignedInRequest, pk: int, attachment: int) -> HttpResponse:
    """Take an attached file away again."""
    report = visible_report(request, pk)
    try:
        report.remove_attachment(attachment, by=request.user)
    except ValidationError as error:
        say_why_not(request, error)
    else:
        messages.success(request, "Đã bỏ tệp đính kèm.")
    return redirect(f"{report.get_absolute_url()}#tai-lieu")


def report_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the signed paper and its PDF."""
    report = visible_report(request, pk)
    if not report.may_be_written_by(request.user) or report.state not in NOT_ARRIVED:
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None, instance=Report.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid() and _attached(request, report, form):
        messages.success(request, "Đã ghi thông tin bản ký.")
        return redirect(report)
    context = {"report": report, "form": form}
    return render(request, "reports/report_paper.html", context, status=422 if form.errors else 200)


def report_on_behalf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit a report for an agency whose signed paper came another way; marked in the history."""
    report = visible_report(request, pk)
    if not report.is_collected_by(request.user) or report.agency_id in access_of(request.user).own:
        raise Http404
    if report.state not in NOT_ARRIVED or report.excluded_reason:
        messages.error(request, "Báo cáo này đã nộp hoặc cơ quan không phải báo cáo.")
        return redirect(report)
    if report.is_editable:
        fill(report, today())
    initial = {"came_on": today()}
    form = OnBehalfForm(
        request.POST or None, request.FILES or None, instance=Report.objects.get(pk=pk), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("came_on", "words")}
        submit = partial(report.submit_on_behalf, by=request.user, on=today(), **told)
        if _attached(request, report, form, then=submit):
            messages.success(request, f"Đã nộp thay {report.agency_name}. Người khác tiếp nhận báo cáo này.")
            return redirect(report)
    context = {"report": report, "form": form, "line_count": report.lines.count()}
    return render(request, "reports/report_on_behalf.html", context, status=422 if form.errors else 200)


def _attached(
    request: SignedInRequest, report: Report, form: PaperForm, then: Callable[[], None] | None = None
) -> bool:
    """Record the paper of a form, and do ``then`` with it, both or neither; say why where it cannot be."""
    file, paper = form.cleaned_data["signed_file"], form.paper()
    try:
        report.attach(by=request.user, on=today(), file=file, name=file.name if file else "", then=then, **paper)
    except ValidationError as error:
        refuse(form, error)
        return False
    return True
