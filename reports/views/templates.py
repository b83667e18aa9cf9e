"""Pages of an office's own Word templates: list, upload, look, take into use, download, and an example to begin with."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.models import Agency
from plans.files import file_response
from plans.views.acting import act, say_why_not
from reports.documents import pdf
from reports.documents.letterheads import issuer_of
from reports.documents.templating.apart import TemplateRefused
from reports.documents.templating.examining import Examined, examine, trial_of
from reports.documents.templating.example import example_template
from reports.documents.templating.variables import variables_of
from reports.models import DocumentTemplate
from reports.models.template import managed_by
from reports.template_forms import TemplateForm
from reports.views.handing_out import pdf_response, word_response
from workdays.clock import today

STEPS = {"dung": DocumentTemplate.activate, "ngung": DocumentTemplate.stop}
DONE = {
    "dung": "Đã đưa mẫu vào sử dụng. Văn bản lập từ lúc này theo mẫu này; văn bản đã lập không thay đổi.",
    "ngung": "Đã ngừng dùng mẫu. Văn bản lập từ lúc này theo mẫu có sẵn của hệ thống.",
}
EXAMPLES = {"co-quan": DocumentTemplate.Kind.REPORT, "tong-hop": DocumentTemplate.Kind.CONSOLIDATION}
"""The kinds of papers as addresses name them."""
SLUGS = {kind: slug for slug, kind in EXAMPLES.items()}
MOST_PROBLEMS = 30
"""So many problems of a template are shown at once."""


def template_list(request: SignedInRequest) -> HttpResponse:
    """Show, for each kind of paper the user lays out, the template in use and the earlier ones."""
    mine = managed_by(request.user)
    if not mine:
        raise Http404
    found: dict[tuple[int, str], list[DocumentTemplate]] = {}
    templates = DocumentTemplate.objects.visible_to(request.user).select_related("uploaded_by", "agency")
    for template in templates.order_by("-is_active", "-pk"):
        found.setdefault((template.agency_id, template.kind), []).append(template)
    desks = [
        {"agency": agency, "kind": kind, "slug": SLUGS[kind], "templates": found.get((agency.pk, kind.value), [])}
        for agency, kind in mine
    ]
    return render(request, "reports/template_list.html", {"desks": desks})


def template_upload(request: SignedInRequest) -> HttpResponse:
    """Take a template: it is kept only when it renders; where its paper does not keep the decree is shown afterwards."""
    desks = managed_by(request.user)
    if not desks:
        raise Http404
    form = TemplateForm(
        request.POST or None, request.FILES or None, desks=desks, initial={"desk": request.GET.get("cho")}
    )
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _kept(request, form)
        except TemplateRefused as error:
            problems = error.problems
        else:
            messages.success(request, "Đã tải mẫu lên và tạo bản xem thử. Hãy xem bản xem thử rồi đưa mẫu vào sử dụng.")
            return redirect(made)
    context = {
        "form": form,
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        "examples": [(agency, kind, SLUGS[kind]) for agency, kind in desks],
        "variables": [(kind, variables_of(kind.value)) for kind in DocumentTemplate.Kind],
    }
    return render(request, "reports/template_upload.html", context, status=422 if form.errors or problems else 200)


def _kept(request: SignedInRequest, form: TemplateForm) -> DocumentTemplate:
    agency, kind = form.desk_chosen()
    file = form.cleaned_data["file"]
    data = file.read()
    examined: Examined = examine(data, kind, agency)
    return DocumentTemplate.keep(
        by=request.user, on=today(), agency=agency, kind=kind, name=form.cleaned_data["name"], file_name=file.name or "mau.docx",
        data=data, sha256=examined.sha256, warnings=examined.warnings,
    )  # fmt: skip


def template_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a template: what it is for, what does not keep the decree, its history, and what may be done."""
    template = managed_template(request, pk)
    context = {
        "template": template,
        "events": template.events.select_related("by"),
        "pdf_offered": pdf.is_available(),
    }
    return render(request, "reports/template_detail.html", context)


@require_POST
def template_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Take a template into use, or out of it."""
    template = managed_template(request, pk)
    if step not in STEPS:
        raise Http404
    return act(request, template, DONE[step], lambda: STEPS[step](template, by=request.user, on=today()))


def template_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the template as it was uploaded."""
    template = managed_template(request, pk)
    return file_response(template.file, template.file_name)


def template_trial(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """Hand out a paper made of sample figures, as Word or PDF."""
    template = managed_template(request, pk)
    if form not in ("word", "pdf") or (form == "pdf" and not pdf.is_available()):
        raise Http404
    try:
        with template.file.open("rb") as file:
            trial = trial_of(file.read(), template.kind, template.agency)
        answer = (
            pdf_response(trial, f"Xem thử - {template}")
            if form == "pdf"
            else word_response(trial, f"Xem thử - {template}")
        )
    except TemplateRefused as error:
        messages.error(request, "; ".join(str(problem) for problem in error.problems[:3]))
    except ValidationError as error:
        say_why_not(request, error)
    else:
        return answer
    return redirect(template)


def template_example(request: SignedInRequest, agency: int, kind: str) -> HttpResponse:
    """Hand out a template to begin with, in the name of one of the user's offices."""
    wanted = next((one for one, of in managed_by(request.user) if one.pk == agency and SLUGS[of] == kind), None)
    if wanted is None:
        raise Http404
    paper = EXAMPLES[kind]
    return word_response(example_template(paper, issuer_of(wanted)), f"Mẫu {paper.label} - {wanted.label}")


def managed_template(request: SignedInRequest, pk: int) -> DocumentTemplate:
    """Return a template whose kind the user lays out for its office, or 404."""
    templates = DocumentTemplate.objects.visible_to(request.user)
    template: DocumentTemplate = get_object_or_404(
        templates.select_related("agency__province", "agency__parent", "uploaded_by"), pk=pk
    )
    mine: list[tuple[Agency, Any]] = managed_by(request.user)
    if not any(agency.pk == template.agency_id and kind == template.kind for agency, kind in mine):
        raise Http404
    return template
