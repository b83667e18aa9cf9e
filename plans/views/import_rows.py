"""Pages and parts of pages for one row of an import: mend, accept, drop, split, join, name an agency, add one."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django_htmx.http import retarget

from agencies.access import SignedInRequest
from plans.forms import whole_number
from plans.import_forms import NewAgencyForm, RowForm
from plans.importing import mending
from plans.importing.checking import QuickBook
from plans.importing.showing import Review
from plans.models import DraftRow
from plans.views import review


def row(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one row open for mending (`?xem`: as it stands), or do to it what was asked, and come back to it."""
    found = review.row_of(request, pk)
    if request.method != "POST":
        form = None if "xem" in request.GET else _form(found)
        return _open(request, found, form)
    do = request.POST.get("do") or ("drop" if "drop" in request.POST else "save")
    if do == "save":
        return _save(request, found)
    return _do(request, found, do)


def _form(found: DraftRow, data: Any = None) -> RowForm:
    return RowForm(data, row=found, book=QuickBook(found.draft.province, mending.day_of(found.draft)))


def _open(
    request: SignedInRequest, found: DraftRow, form: RowForm | None, said: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """Show the row with its form: as a part of the list, or alone on a page."""
    if request.htmx and not more.get("status"):  # type: ignore[attr-defined]
        return review.one_row(request, found.draft, found.pk, said or {}, form)
    counted = Review(found.draft)
    shown = counted.shown(found.pk)
    context = review.counts_context(request, found.draft, counted) | {"shown": shown, "form": form or _form(found)}
    return render(request, "plans/import_row.html", context | (said or {}), status=more.get("status", 200))


def _save(request: SignedInRequest, found: DraftRow) -> HttpResponse:
    """Keep what was mended; where a colleague was faster show both, with nothing of it lost."""
    form = _form(found, request.POST)
    if not form.is_valid():
        if "editor" in request.POST:
            return _again(request, found, form, {})
        words = " ".join(str(word) for errors in form.errors.values() for word in errors)
        return review.one_row(request, found.draft, found.pk, review.say(request, words, is_refusal=True))
    position = found.position
    try:
        mending.change_row(found, by=request.user, revision=form.cleaned_data["revision"], **form.changed())
    except ValidationError as error:
        return _refused(request, form, found, error)
    review.changed(request)
    state = "đã chấp nhận" if found.state == DraftRow.State.ACCEPTED else "còn điểm cần xem"
    return review.one_row(request, found.draft, found.pk, review.say(request, f"Đã lưu dòng {position}: {state}."))


def _refused(request: SignedInRequest, form: RowForm, found: DraftRow, error: ValidationError) -> HttpResponse:
    if error.code != "taken" or "editor" not in request.POST:
        return review.one_row(
            request, found.draft, found.pk, review.say(request, review.refused(error), is_refusal=True)
        )
    now = review.row_of(request, found.pk)
    merged, conflicts = form.merged(now)
    merged.is_valid()
    said = {"said": "", "conflicts": conflicts, "colleague": now.edited_by, "colleague_at": now.edited_at}
    return _again(request, now, merged, said)


def _again(request: SignedInRequest, found: DraftRow, form: RowForm, said: dict[str, Any]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return review.one_row(request, found.draft, found.pk, said, form)
    return _open(request, found, form, said, status=422)


# What a button does


def _do(request: SignedInRequest, found: DraftRow, do: str) -> HttpResponse:
    """Do what a button asks; the answer is the row, or the whole list where other rows change as well."""
    do = do.partition(":")[0]
    verb = VERBS.get(do)
    try:
        if verb is None:
            raise ValidationError("Chưa chọn việc cần làm.")
        words, row_to_show = verb(request, found)
    except ValidationError as error:
        said = review.say(request, review.refused(error), is_refusal=True)
        if do in ON_MANY:
            return review.whole_list(request, found.draft, said, found.pk)
        return review.one_row(request, found.draft, found.pk, said)
    review.changed(request)
    said = review.say(request, words)
    if do in ON_MANY:
        return review.whole_list(request, found.draft, said, row_to_show)
    return review.one_row(request, found.draft, row_to_show, said)


Done = tuple[str, int]
"""What was done, in words, and the row to stand at."""


def _argument(request: SignedInRequest) -> int | None:
    """Return the number that a button carries after what it does: "split:120"."""
    return whole_number(request.POST.get("do", "").partition(":")[2])


def _accept(request: SignedInRequest, found: DraftRow) -> Done:
    mending.accept_row(found, by=request.user, revision=review.number_in(request))
    return f"Đã chấp nhận dòng {found.position}.", found.pk


def _reopen(request: SignedInRequest, found: DraftRow) -> Done:
    mending.accept_row(found, by=request.user, revision=review.number_in(request), accepted=False)
    return f"Dòng {found.position} trở lại danh sách chờ xem.", found.pk


def _drop(request: SignedInRequest, found: DraftRow) -> Done:
    mending.drop_row(found, by=request.user, revision=review.number_in(request), dropped=True)
    return f"Đã bỏ dòng {found.position}.", found.pk


def _restore(request: SignedInRequest, found: DraftRow) -> Done:
    mending.drop_row(found, by=request.user, revision=review.number_in(request), dropped=False)
    return f"Đã lấy lại dòng {found.position}.", found.pk


def _revert(request: SignedInRequest, found: DraftRow) -> Done:
    mending.revert_row(found, by=request.user, revision=review.number_in(request))
    return f"Dòng {found.position} đã trở về như văn bản.", found.pk


def _reading(request: SignedInRequest, found: DraftRow) -> Done:
    number = _argument(request)
    times = mending.Times(reading=-1 if number is None else number)
    mending.change_row(found, by=request.user, revision=review.number_in(request), times=times)
    return f"Đã chọn cách hiểu thời hạn của dòng {found.position}.", found.pk


def _split(request: SignedInRequest, found: DraftRow) -> Done:
    at = _argument(request)
    new = mending.split_row(found, -1 if at is None else at, by=request.user, revision=review.number_in(request))
    return f"Đã tách thành dòng {found.position} và dòng {new.position}. Hãy xem lại cả hai.", new.pk


def _join(request: SignedInRequest, found: DraftRow, *, below: bool) -> Done:
    other = mending.neighbour(found, below=below)
    upper, lower = (found, other) if below else (other, found)
    mine = review.number_in(request)
    revisions = (mine, other.revision) if below else (other.revision, mine)
    mending.join_rows(upper, lower, by=request.user, revisions=revisions)
    return f"Đã nhập dòng {lower.position} vào dòng {upper.position}. Hãy xem lại.", upper.pk


def _join_up(request: SignedInRequest, found: DraftRow) -> Done:
    return _join(request, found, below=False)


def _join_down(request: SignedInRequest, found: DraftRow) -> Done:
    return _join(request, found, below=True)


def _name(request: SignedInRequest, found: DraftRow) -> Done:
    """Say who unknown words stand for: a candidate of a button, or a name typed."""
    words = request.POST.get("words", "")[:500]
    typed = (request.POST.get("candidate") or request.POST.get("official") or "")[:500]
    name = mending.named_in_register(found.draft, typed)
    if name is None:
        raise ValidationError(f"Danh bạ ngày ban hành không có “{typed}”. Hãy chọn tên trong danh sách gợi ý.")
    count = mending.name_agency(found.draft, words, name, by=request.user, remember="remember" in request.POST)
    return f"“{words}” là {name.name}: đã ghi ở {count} dòng.", found.pk


VERBS: dict[str, Callable[[SignedInRequest, DraftRow], Done]] = {
    "accept": _accept,
    "reopen": _reopen,
    "drop": _drop,
    "restore": _restore,
    "revert": _revert,
    "reading": _reading,
    "split": _split,
    "join-up": _join_up,
    "join-down": _join_down,
    "name": _name,
}
ON_MANY = frozenset({"revert", "split", "join-up", "join-down", "name"})
"""What may change more rows than the one it is asked of."""


def new_agency(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add the unknown body of a row to the register, and name it in every row of the draft."""
    found = review.row_of(request, pk)
    words = (request.POST.get("words") or request.GET.get("words") or "")[:255]
    parent = found.draft.coordinating_agency.parent_id
    form = NewAgencyForm(
        request.POST or None,
        user=request.user,
        draft=found.draft,
        initial={"name": words, "parent": parent},
        auto_id="moi_%s",
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        details = {name: data[name] for name in ("name", "kind", "parent", "valid_from")}
        try:
            agency, count = mending.add_agency(
                found.draft, words, by=request.user, details=details, remember=data["remember"]
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            review.changed(request)
            said = review.say(request, f"Đã thêm {agency.name} vào danh bạ và ghi ở {count} dòng.")
            answer = review.whole_list(request, found.draft, said, found.pk)
            return retarget(answer, "#nhap") if request.htmx else answer  # type: ignore[attr-defined]
    back = review.query_of(request).urlencode()
    context = {"form": form, "row": found, "draft": found.draft, "words": words, "back": back}
    in_part = request.htmx  # type: ignore[attr-defined]
    page = "plans/importing/new_agency.html" if in_part else "plans/import_agency.html"
    return render(request, page, context, status=422 if form.errors and not in_part else 200)
