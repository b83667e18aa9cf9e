"""What the pages of a review share: the draft, what of it was asked for, and answers as a whole page or as a part of it.

Every form of the review works as a plain form (then it comes back by a redirect, with a message) and through htmx (then
only its part of the page is answered). Both carry ``ve``, the query of the page they came from.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_htmx.http import trigger_client_event

from agencies.access import SignedInRequest
from agencies.folding import unaccent
from agencies.models import AgencyGroup
from agencies.registering import may_register
from plans.forms import PlanHeadForm, whole_number
from plans.import_forms import DraftHeadForm, RowForm, head_values
from plans.importing.mending_head import head_revision
from plans.importing.showing import Asked, News, Review, news_since
from plans.models import DraftRow, ImportDraft
from plans.models.plan import Role

KEPT = ("loc", "muc", "q", "page", "dong")
"""Keys of the page's address that stay when a form comes back."""


def draft_of(request: SignedInRequest, pk: int) -> ImportDraft:
    """Return a draft that is not given up, for who coordinates its plan."""
    drafts = ImportDraft.objects.visible_to(request.user).exclude(state=ImportDraft.State.DROPPED)
    related = ("province", "coordinating_agency", "uploaded_by", "plan", "amends", "copied_from")
    return get_object_or_404(drafts.select_related(*related), pk=pk)


def row_of(request: SignedInRequest, pk: int) -> DraftRow:
    """Return a row of an open draft, for who coordinates its plan."""
    drafts = ImportDraft.objects.visible_to(request.user).filter(state=ImportDraft.State.OPEN)
    rows = DraftRow.objects.filter(draft__in=drafts).select_related("draft__province", "draft__coordinating_agency")
    return get_object_or_404(rows, pk=pk)


def number_in(request: SignedInRequest, name: str = "revision") -> int:
    """Return a number that a hidden field carries; 0, which no revision has, when it is missing."""
    return whole_number(request.POST.get(name, "")) or 0


def kept_query(query: QueryDict) -> QueryDict:
    """Return the part of a query that says which rows are shown."""
    kept = QueryDict(mutable=True)
    for key in KEPT:
        if query.get(key):
            kept[key] = str(query[key])[:200]
    return kept


def query_of(request: SignedInRequest) -> QueryDict:
    """Return which rows the page shows that was asked for, or that a form came from."""
    if request.method == "POST" or "ve" in request.GET:
        return kept_query(QueryDict((request.POST.get("ve") or request.GET.get("ve") or "")[:1000]))
    return kept_query(request.GET)


def asked_in(query: QueryDict) -> Asked:
    """Return what a query asks for."""
    return Asked(
        only=query.get("loc", ""),
        heading=query.get("muc", ""),
        words=query.get("q", "").strip(),
        page=query.get("page", "1"),
        row=whole_number(query.get("dong", "")),
    )


def refused(error: ValidationError) -> str:
    """Return the words of a refusal."""
    return " ".join(error.messages)


def search_words(group: AgencyGroup) -> str:
    """Return the names of a group as one searches for them, without diacritics."""
    return " | ".join(unaccent(words) for words in (group.name, *group.aliases))


# Contexts


def page_context(request: SignedInRequest, draft: ImportDraft, **more: Any) -> dict[str, Any]:
    """Return what the list of rows shows, with its counts."""
    query = query_of(request)
    request.GET = query  # type: ignore[assignment]  # links of the list keep the query of the page, also in a part of it
    asked, review = asked_in(query), Review(draft)
    context = {
        "page_obj": review.page(asked),
        "lead": review.lead,
        "only": review.only(asked),
        "asked": asked,
        "filters": review.filters,
        "is_narrowed": bool(asked.words or asked.heading),
    }
    return context | counts_context(request, draft, review, query) | more


def counts_context(
    request: SignedInRequest, draft: ImportDraft, review: Review, query: QueryDict | None = None
) -> dict[str, Any]:
    """Return what the bar of progress and the panel of confirming show."""
    query = query_of(request) if query is None else query
    asked = asked_in(query)
    return {
        "draft": draft,
        "review": review,
        "filters": review.filters,
        "only": review.only(asked),
        "asked": asked,
        "back": query.urlencode(),
        "head_faults": head_faults(draft),
        "roles": Role.choices,
        "may_register": may_register(request.user),
    } | known_context(request, draft)


def known_context(request: SignedInRequest, draft: ImportDraft) -> dict[str, Any]:
    """Return the revision that the page may confirm, since when it is open, and what others did since.

    A page learns of its own changes only: while somebody else's are unseen its revision stays behind, and confirming is
    refused until the page was loaded again.
    """
    opened = opened_at(request)
    if opened is None:
        return {"known": draft.revision, "opened": timezone.now(), "news": None}
    known = whole_number(request.POST.get("known", "") or request.GET.get("known", "")) or 0
    mine = getattr(request, "changed_here", 0)
    if known + mine == draft.revision:
        return {"known": draft.revision, "opened": opened, "news": None}
    return {"known": known, "opened": opened, "news": news_since(draft, opened, request.user)}


def opened_at(request: SignedInRequest) -> datetime | None:
    """Return when the page was opened that this request comes from."""
    try:
        found = parse_datetime(request.POST.get("opened", "") or request.GET.get("opened", ""))
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def head_faults(draft: ImportDraft) -> list[str]:
    """Return the fields of the head that a person still has to fill in, each with why."""
    form = PlanHeadForm(head_values(draft))
    return [
        f"{form.fields[name].label}: {' '.join(map(str, errors))}"
        for name, errors in form.errors.items()
        if name in form.fields
    ]


def head_form(draft: ImportDraft, data: Any = None) -> DraftHeadForm:
    """Return the form of the head as kept in the draft."""
    return DraftHeadForm(data, initial=head_values(draft) | {"head_revision": head_revision(draft)}, auto_id="dau_%s")


# Answers


def changed(request: SignedInRequest) -> None:
    """Remember that this request changed the draft once: the page may know its revision."""
    request.changed_here = getattr(request, "changed_here", 0) + 1  # type: ignore[attr-defined]


def say(request: SignedInRequest, words: str, *, is_refusal: bool = False) -> dict[str, Any]:
    """Tell what happened: in the part that htmx swaps, else as a message of the next page."""
    if not request.htmx:  # type: ignore[attr-defined]
        (messages.error if is_refusal else messages.success)(request, words)
    return {"said": words, "said_is_refusal": is_refusal}


def go_back(request: SignedInRequest, draft: ImportDraft, row: int | None = None) -> HttpResponse:
    """Return to the page a plain form came from, at a row."""
    query = query_of(request).urlencode()
    anchor = f"#dong-{row}" if row else ""
    return redirect(f"{draft.get_absolute_url()}{'?' + query if query else ''}{anchor}")


def whole_list(
    request: SignedInRequest, draft: ImportDraft, said: dict[str, Any], row: int | None = None
) -> HttpResponse:
    """Answer with the whole list, where several rows may have changed; the browser then stands at ``row``."""
    if not request.htmx:  # type: ignore[attr-defined]
        return go_back(request, draft, row)
    draft.refresh_from_db()
    answer = render(request, "plans/importing/list.html", page_context(request, draft, **said))
    return trigger_client_event(answer, "import-focus", {"row": row}, after="settle") if row else answer


def one_row(
    request: SignedInRequest, draft: ImportDraft, pk: int, said: dict[str, Any], form: RowForm | None = None
) -> HttpResponse:
    """Answer with one row and the counts that it may have changed; with ``form`` the row is open for mending."""
    if not request.htmx:  # type: ignore[attr-defined]
        return go_back(request, draft, pk)
    draft.refresh_from_db()
    review = Review(draft)
    try:
        shown = review.shown(pk)
    except LookupError:
        return whole_list(request, draft, said)
    context = counts_context(request, draft, review) | said | {"shown": shown, "form": form, "in_part": True}
    row = render_to_string("plans/importing/row.html", context, request)
    rest = render_to_string("plans/importing/counts.html", context | {"oob": True}, request)
    return HttpResponse(row + rest)


def news_of(request: SignedInRequest, draft: ImportDraft) -> News | None:
    """Return what others did since the page was opened."""
    return known_context(request, draft)["news"]
