"""Pages of an import: look and mend beside the source, confirm."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.naming import NameBook
from plans.forms import PlanHeadForm, RowForm, whole_number
from plans.importing.mending import change_row, drop_draft, drop_row
from plans.importing.proposal import REMARKS
from plans.importing.saving import confirm_draft, problems_of
from plans.models import DraftRow, ImportDraft
from workdays.clock import today


def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the proposal beside the source words; `?loc=canh-bao` keeps rows with warnings only."""
    found = _draft(request, pk)
    if found.state == ImportDraft.State.CONFIRMED and found.plan:
        return redirect(found.plan)
    return render(request, "plans/import_draft.html", _context(request, found, _head_form(found)))


@require_POST
def row(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mend one row, leave it out or take it back, and come back to it."""
    drafts = ImportDraft.objects.visible_to(request.user)
    rows = DraftRow.objects.filter(draft__in=drafts).select_related("draft__province")
    found = get_object_or_404(rows, pk=pk)
    try:
        if "drop" in request.POST or "restore" in request.POST:
            drop_row(found, by=request.user, revision=_revision(request), dropped="drop" in request.POST)
        else:
            form = RowForm(request.POST)
            if not form.is_valid():
                raise ValidationError([words for errors in form.errors.values() for words in errors])
            data = dict(form.cleaned_data)
            change_row(found, by=request.user, revision=data.pop("revision"), **data)
            messages.success(request, f"Đã đọc lại dòng {found.position}.")
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
    query = "?loc=canh-bao" if request.POST.get("loc") == "canh-bao" else ""
    return redirect(f"{found.draft.get_absolute_url()}{query}#dong-{found.position}")


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
    head = found.head
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
    signed = found.head.get("signed")
    book = NameBook(found.province, date.fromisoformat(signed) if signed else today())
    rows = [_shown(row, book) for row in found.rows.all()]
    only = request.GET.get("loc") == "canh-bao" or request.POST.get("loc") == "canh-bao"
    return {
        "draft": found,
        "form": form,
        "rows": [shown for shown in rows if not only or shown["warnings"] or shown["problems"]],
        "only_warned": only,
        "count": sum(not shown["task"].get("dropped") for shown in rows),
        "warned": sum(bool(shown["warnings"] or shown["problems"]) for shown in rows),
        "problem_count": sum(len(shown["problems"]) for shown in rows),
        "document_warnings": found.warnings,
    }


def _shown(row: DraftRow, book: NameBook) -> dict:
    task = row.as_dict()
    deadline = task["deadline"]
    return {
        "row": row,
        "task": task,
        "days": [date.fromisoformat(day) for day in deadline.get("due_dates") or []],
        "warnings": [warning for warning in task.get("warnings") or [] if warning.get("code") not in REMARKS],
        "remarks": [warning for warning in task.get("warnings") or [] if warning.get("code") in REMARKS],
        "problems": [] if task.get("dropped") else problems_of(task, book),
    }
