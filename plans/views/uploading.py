"""Pages where a plan's document is uploaded or pasted, and where one sees how far its reading is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from plans.forms import UploadForm
from plans.importing import requesting
from plans.importing.refusing import KnownDocument, plan_known_as
from plans.importing.starting import store_document
from plans.models import ImportDraft, Plan


def upload(request: SignedInRequest) -> HttpResponse:
    """Take a plan's document or its pasted text, and go on to its proposal, or to what is known of it already."""
    if not access_of(request.user).coordinates:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    known: Plan | None = None
    if request.method == "POST" and form.is_valid():
        data, name = form.content()
        try:
            new = store_document(data=data, name=name, by=request.user, agency=form.cleaned_data["coordinating_agency"])
        except KnownDocument as error:
            if error.draft and ImportDraft.objects.visible_to(request.user).filter(pk=error.draft.pk).exists():
                messages.info(request, "Văn bản này đã được tải lên trước đó; đây là bản nhập đang có.")
                return redirect(error.draft)
            known = error.plan
            form.refuse(error)
        except ValidationError as error:
            form.refuse(error)
        else:
            requesting.read_soon(new)
            return redirect(new)
    return render(request, "plans/plan_upload.html", {"form": form, "known": known}, status=422 if form.errors else 200)


def reading(request: SignedInRequest, draft: ImportDraft) -> HttpResponse:
    """Show how far the reading of a draft is, or why the document cannot be read."""
    return render(request, "plans/import_reading.html", _context(draft))


@never_cache
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the page's question how far the reading is; the browser goes on when it has ended."""
    draft = _draft(request, pk)
    answer = render(request, "plans/import_reading_progress.html", _context(draft))
    if draft.state != ImportDraft.State.READING:
        answer["HX-Redirect"] = draft.get_absolute_url()
    return answer


@require_POST
def read_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read a document again that could not be read, or one that no worker has taken: then here, with the same limits."""
    draft = _draft(request, pk)
    known = _known_plan(draft)
    if "compare" in request.POST and known and known.is_coordinated_by(request.user):
        requesting.compare_with(draft, known)
    else:
        requesting.read_again(draft)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(draft)


def _context(draft: ImportDraft) -> dict:
    known = _known_plan(draft)
    stages = list(ImportDraft.Stage)[1:]
    now = stages.index(ImportDraft.Stage(draft.stage)) if draft.stage in stages else -1
    return {
        "draft": draft,
        "known": known,
        "may_compare": bool(known and known.status == Plan.Status.ACTIVE),
        "stages": [
            (stage, "done" if place < now else "now" if place == now else "") for place, stage in enumerate(stages)
        ],
        "untaken": draft.is_untaken(timezone.now()),
    }


def _known_plan(draft: ImportDraft) -> Plan | None:
    """Return the plan as which the document was refused."""
    head = draft.head
    if draft.fault_code != "known":
        return None
    return plan_known_as(draft.province, head.get("number"), head.get("signed"), issuer=head.get("issuer"))


def _draft(request: SignedInRequest, pk: int) -> ImportDraft:
    drafts = ImportDraft.objects.visible_to(request.user).exclude(state=ImportDraft.State.DROPPED)
    return get_object_or_404(drafts.select_related("province", "coordinating_agency", "uploaded_by", "plan"), pk=pk)
