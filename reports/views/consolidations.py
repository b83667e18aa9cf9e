"""Consolidated reports: writing the words over the figures, versions, their documents, and what differs between two."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import Agency
from plans.files import file_response
from reports import making
from reports.consolidating import consolidate, figures_of
from reports.consolidating.differences import differences
from reports.consolidating.narrative import final_words, sections_of
from reports.consolidation_forms import NarrativeForm, issuers_of
from reports.documents import pdf
from reports.documents.choosing import word_of_consolidation
from reports.documents.consolidated import consolidated_report
from reports.documents.preview import blocks_of
from reports.models import Consolidation, ConsolidationDocument, NarrativeDraft, Period
from workdays.clock import today

Kind = ConsolidationDocument.Kind
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# The working draft


def consolidation_new(request: SignedInRequest, pk: int, agency: int | None = None) -> HttpResponse:
    """Look at the figures, write over the words, and make a version; for a parent agency over its children's reports."""
    period, collector = _desk(request, pk, agency)
    figures = figures_of(period, today(), collector)
    draft = NarrativeDraft.of(period, collector)
    form = NarrativeForm(request.POST or None, draft=draft, figures=figures, collector=collector)
    if request.method == "POST" and form.is_valid():
        answer = _save_and_go_on(request, form)
        if answer is not None:
            return answer
        form.draft = NarrativeDraft.of(period, collector)
    context = {
        "period": period,
        "collector": collector,
        "form": form,
        "written": form.written(),
        "figures": figures,
        "draft": form.draft,
        "limits": figures["period"],
        "versions": period.consolidations.of(collector).select_related("made_by"),
    }
    return render(request, "reports/consolidation_new.html", context, status=422 if form.errors else 200)


def _save_and_go_on(request: SignedInRequest, form: NarrativeForm) -> HttpResponse | None:
    """Save the draft, then stay, show the preview, or make the version; None when something stands in the way."""
    draft, collector, do = form.draft, form.collector, request.POST.get("do", "save")
    restored = request.POST.get("restore", "")
    try:
        draft.write(
            by=request.user, revision=form.cleaned_data["revision"], words=form.words(without=restored),
            proposals=form.proposals, signing=form.signing(),
        )  # fmt: skip
        if do == "make" and not restored:
            return redirect(_made(request, form))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    if do == "preview" and not restored:
        return redirect(_preview_url(draft.period, collector))
    messages.success(request, "Đã khôi phục nội dung soạn sẵn." if restored else "Đã lưu dự thảo lời văn.")
    address = _desk_url("consolidation-new", draft.period, collector)
    return redirect(f"{address}#muc-{restored}" if restored else address)


def _made(request: SignedInRequest, form: NarrativeForm) -> Consolidation:
    draft = form.draft
    made = consolidate(
        draft.period, by=request.user, on=today(), collector=draft.collector, issuer=draft.issuer,
        narrative=draft.words, signed_as=draft.signed_as, signer=draft.signer, revision=draft.revision,
    )  # fmt: skip
    messages.success(request, f"Đã lập phiên bản {made.version}: số liệu và lời văn đã chốt, tài liệu đang được lập.")
    return made


@never_cache
def consolidation_preview(request: SignedInRequest, pk: int, agency: int | None = None) -> HttpResponse:
    """Show what the report would say now, before a version is made; `?tep=word` or `?tep=pdf` hands out the file."""
    period, collector = _desk(request, pk, agency)
    figures = figures_of(period, today(), collector)
    would_be = _as_it_would_be(period, collector, figures)
    try:
        if wanted := request.GET.get("tep"):
            return _draft_file(word_of_consolidation(would_be), wanted)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    context = {
        "period": period,
        "collector": collector,
        "blocks": blocks_of(consolidated_report(would_be)),
        "has_pdf": pdf.is_available(),
        "edit_url": _desk_url("consolidation-new", period, collector),
        "counted": figures["reporting"]["counted"],
    }
    return render(request, "reports/consolidation_preview.html", context)


def _as_it_would_be(period: Period, collector: Agency | None, figures: dict[str, Any]) -> Consolidation:
    """Return a version that is not kept: today's figures and the draft's words."""
    draft = NarrativeDraft.of(period, collector)
    return Consolidation(
        period=period, collector=collector, version=0, made_on=today(), issuer=draft.issuer, signed_as=draft.signed_as,
        signer=draft.signer, figures=figures, narrative=final_words(figures, draft.issuer, draft.words),
    )  # fmt: skip


def _draft_file(word: bytes, wanted: str) -> HttpResponse:
    """Return the paper as Word, in the office's own layout where it has one, or as PDF."""
    as_pdf = wanted == "pdf"
    answer = HttpResponse(pdf.pdf_of(word) if as_pdf else word, content_type="application/pdf" if as_pdf else DOCX)
    name = f"du-thao-bao-cao-tong-hop.{'pdf' if as_pdf else 'docx'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# Versions


def consolidation_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a frozen version: its figures, its documents, its hash, and the other versions."""
    made = visible_consolidation(request, pk)
    versions = list(made.period.consolidations.of(made.collector).select_related("made_by"))
    context = {
        **_documents(request, made),
        "figures": made.figures,
        "limits": made.figures["period"],
        "versions": versions,
        "issuer": dict(issuers_of(made.figures))[made.issuer],
        "narrative": [(title, made.narrative.get(key, "")) for key, title in sections_of(made.figures)],
        "as_of": date.fromisoformat(made.figures["period"]["as_of"]),
        "new_url": _desk_url("consolidation-new", made.period, made.collector),
    }
    return render(request, "reports/consolidation_detail.html", context)


@never_cache
def consolidation_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the page's question how far the documents are; the browser goes on when all are there."""
    made = visible_consolidation(request, pk)
    answer = render(request, "reports/consolidation_documents.html", _documents(request, made))
    if made.is_made or made.failure:
        answer["HX-Redirect"] = made.get_absolute_url()
    return answer


@require_POST
def consolidation_make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make documents that failed again, or those that no worker has taken: then here, however long it takes."""
    made = visible_consolidation(request, pk)
    if not _sums_up(request, made.period, made.collector):
        raise Http404
    now = timezone.now()
    if made.make_again(now) or made.is_untaken(now):
        making.make_documents_of(made.pk)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(made)


def consolidation_document(request: SignedInRequest, pk: int, kind: str) -> FileResponse:
    """Hand out a file of the version as it was made."""
    document = get_object_or_404(visible_consolidation(request, pk).documents, kind=kind)
    return file_response(document.file, document.name)


def consolidation_differences(request: SignedInRequest, pk: int, other: int) -> HttpResponse:
    """Show what differs between two versions of one desk, from the older to the newer."""
    one = visible_consolidation(request, pk)
    versions = one.period.consolidations.of(one.collector).select_related("made_by")
    older, newer = sorted((one, get_object_or_404(versions, pk=other)), key=lambda made: made.version)
    context = {"older": older, "newer": newer, "found": differences(older, newer), "versions": versions}
    return render(request, "reports/consolidation_differences.html", context)


def _documents(request: SignedInRequest, made: Consolidation) -> dict[str, Any]:
    documents = {document.kind: document for document in made.documents.all()}
    wanted = [Kind.WORD, Kind.EXCEL, *([Kind.PDF] if pdf.is_available() or Kind.PDF in documents else [])]
    return {
        "made": made,
        "documents": [documents[kind] for kind in wanted if kind in documents],
        "stages": [(kind, documents.get(kind)) for kind in wanted],
        "has_pdf": Kind.PDF in wanted,
        "untaken": made.is_untaken(timezone.now()) and _sums_up(request, made.period, made.collector),
        "may_make": _sums_up(request, made.period, made.collector),
    }


# Who may


def _desk(request: SignedInRequest, pk: int, agency: int | None) -> tuple[Period, Agency | None]:
    """Return the period and whose desk it is, or 404 for whoever does not sum up there."""
    periods = Period.objects.visible_to(request.user).exclude(status=Period.Status.PROPOSED)
    period = get_object_or_404(periods.select_related("plan__coordinating_agency", "plan__province"), pk=pk)
    parents = Agency.objects.filter(pk__in=period.reports.values("collector"))
    collector = get_object_or_404(parents, pk=agency) if agency else None
    if not _sums_up(request, period, collector):
        raise Http404
    return period, collector


def _sums_up(request: SignedInRequest, period: Period, collector: Agency | None) -> bool:
    """Say whether the person makes versions at this desk: the plan's coordinator, or people of the parent agency."""
    if collector is None:
        return period.plan.is_coordinated_by(request.user)
    return collector.pk in access_of(request.user).own


def _desk_url(name: str, period: Period, collector: Agency | None) -> str:
    return (
        reverse(f"{name}-collected", args=[period.pk, collector.pk]) if collector else reverse(name, args=[period.pk])
    )


def _preview_url(period: Period, collector: Agency | None) -> str:
    return _desk_url("consolidation-preview", period, collector)


def visible_consolidation(request: SignedInRequest, pk: int) -> Consolidation:
    """Return the version, or 404 for whoever may not see it."""
    rows = Consolidation.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("period__plan", "made_by", "collector"), pk=pk)
