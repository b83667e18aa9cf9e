"""Pages of an import: upload, look and mend beside the source, confirm."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.naming import NameBook
from plans.forms import PlanHeadForm, RowForm, UploadForm, whole_number
from plans.importing.drafts import change_row, drop_draft, drop_row, start_draft
from plans.importing.proposal import REMARKS
from plans.importing.saving import confirm_draft, problems_of
from plans.models import ImportDraft
from workdays.clock import today


def upload(request: SignedInRequest) -> HttpResponse:
    """Take a plan's document or its pasted text, and go on to its proposal."""
    if not access_of(request.user).coordinates:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file, text = form.cleaned_data["document"], form.cleaned_data["text"]
        data, name = (file.read(), file.name) if file else (text.encode(), "noi-dung-dan.txt")
        try:
            new = start_draft(data=data, name=name, by=request.user, agency=form.cleaned_data["coordinating_agency"])
        except ValidationError as error:
            form.add_error("document" if file else "text", error)
        else:
            return redirect(new)
    return render(request, "plans/plan_upload.html", {"form": form}, status=422 if form.errors else 200)


def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the proposal beside the source words; `?loc=canh-bao` keeps rows with warnings only."""
    found = _draft(request, pk)
    if found.state == ImportDraft.State.CONFIRMED and found.plan:
        return redirect(found.plan)
    return render(request, "plans/import_draft.html", _context(request, found, _head_form(found)))


@require_POST
def row(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Mend one row, leave it out or take it back, and come back to it."""
    found = _draft(request, pk)
    try:
        if "drop" in request.POST or "restore" in request.POST:
            drop_row(found, row, revision=_revision(request), dropped="drop" in request.POST)
        else:
            form = RowForm(request.POST)
            if not form.is_valid():
                raise ValidationError([words for errors in form.errors.values() for words in errors])
            data = dict(form.cleaned_data)
            change_row(found, row, revision=data.pop("revision"), **data)
            messages.success(request, f"Đã đọc lại dòng {row}.")
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    query = "?loc=canh-bao" if request.POST.get("loc") == "canh-bao" else ""
    return redirect(f"{found.get_absolute_url()}{query}#dong-{row}")


@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the import up."""
    try:
        drop_draft(_draft(request, pk))
        messages.success(request, "Đã bỏ bản nhập. Văn bản có thể được tải lên lại.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("plan-list")


@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the plan and its work, or show every problem at once."""
    found = _draft(request, pk)
    form = PlanHeadForm(request.POST)
    if form.is_valid():
        try:
            found.revision = _revision(request)
            plan = confirm_draft(
                found,
                head=form.save(commit=False),
                by=request.user,
                on=today(),
                skip_early=form.cleaned_data["skip_early"],
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            found.refresh_from_db()
        else:
            messages.success(request, f"Kế hoạch {plan.number} đã được đưa vào theo dõi; mỗi cơ quan đã có đầu việc.")
            return redirect(plan)
    return render(request, "plans/import_draft.html", _context(request, found, form), status=422)


def _draft(request: SignedInRequest, pk: int) -> ImportDraft:
    drafts = ImportDraft.objects.visible_to(request.user).exclude(state=ImportDraft.State.DROPPED)
    return get_object_or_404(drafts.select_related("province", "coordinating_agency", "uploaded_by", "plan"), pk=pk)


def _revision(request: SignedInRequest) -> int:
    """Return the revision the page was opened with; 0, which no draft has, when it is missing."""
    return whole_number(request.POST.get("revision", "")) or 0


def _head_form(found: ImportDraft) -> PlanHeadForm:
    head = found.proposal["plan"]
    signed = date.fromisoformat(head["signed"]) if head.get("signed") else None
    return PlanHeadForm(
        initial={
            "number": head.get("number"),
            "signed_on": signed,
            "issuer": head.get("issuer") or f"UBND {found.province.full_name}",
            "title": head.get("title"),
            "year": head.get("plan_year") or (signed.year if signed else None),
            "target": head.get("target") or "",
            "signer": head.get("signer") or "",
        }
    )


def _context(request: SignedInRequest, found: ImportDraft, form: PlanHeadForm) -> dict:
    """Return the rows with what is wrong with each; the filter keeps what a person has to look at."""
    signed = found.proposal["plan"].get("signed")
    book = NameBook(found.province, date.fromisoformat(signed) if signed else today())
    rows = [_shown(task, book) for task in found.proposal["tasks"]]
    only = request.GET.get("loc") == "canh-bao" or request.POST.get("loc") == "canh-bao"
    return {
        "draft": found,
        "form": form,
        "rows": [shown for shown in rows if not only or shown["warnings"] or shown["problems"]],
        "only_warned": only,
        "count": sum(not shown["task"].get("dropped") for shown in rows),
        "warned": sum(bool(shown["warnings"] or shown["problems"]) for shown in rows),
        "problem_count": sum(len(shown["problems"]) for shown in rows),
        "document_warnings": found.proposal.get("warnings") or [],
    }


def _shown(task: dict, book: NameBook) -> dict:
    deadline = task["deadline"]
    return {
        "task": task,
        "days": [date.fromisoformat(day) for day in deadline.get("due_dates") or []],
        "warnings": [warning for warning in task.get("warnings") or [] if warning.get("code") not in REMARKS],
        "remarks": [warning for warning in task.get("warnings") or [] if warning.get("code") in REMARKS],
        "problems": [] if task.get("dropped") else problems_of(task, book),
    }
