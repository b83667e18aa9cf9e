"""Pages of an import: look at the proposals beside the source, mend many rows, the head, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.models import Agency, AgencyGroup
from plans.forms import PlanHeadForm, whole_number
from plans.import_forms import DraftHeadForm, ManyTimesForm, head_values
from plans.importing import mending
from plans.importing.mending_head import change_head
from plans.importing.saving import confirm_draft
from plans.models import DraftRow, ImportDraft
from plans.models.plan import Role
from plans.views import review, uploading
from workdays.clock import today

NOTHING_CHOSEN = "Chưa chọn dòng nào."


def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the proposal beside the source words; `?loc=` keeps some rows, `?muc=` a heading, `?q=` those with words."""
    found = review.draft_of(request, pk)
    if found.state == ImportDraft.State.CONFIRMED and found.plan:
        return redirect(found.plan)
    if found.state in (ImportDraft.State.READING, ImportDraft.State.FAILED):
        return uploading.reading(request, found)
    context = review.page_context(request, found, head_form=review.head_form(found))
    return render(request, "plans/import_draft.html", context)


@never_cache
def news(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what colleagues changed since the page was opened."""
    found = review.draft_of(request, pk)
    return render(request, "plans/importing/news.html", {"draft": found, "news": review.news_of(request, found)})


@never_cache
def names(request: SignedInRequest, pk: int) -> JsonResponse:
    """Return the register of the plan's day and its groups, to choose from while typing."""
    found = review.draft_of(request, pk)
    agencies = Agency.objects.filter(province=found.province).valid_on(mending.day_of(found))
    groups = AgencyGroup.objects.filter(province=found.province)
    kinds = dict(Agency.Kind.choices)
    rows = [{"name": one.name, "key": one.search_key, "kind": kinds.get(one.kind, "")} for one in agencies]
    rows += [{"name": one.name, "key": review.search_words(one), "kind": "nhóm cơ quan"} for one in groups]
    return JsonResponse({"names": rows})


@require_POST
def many(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do one thing to all ticked rows, or accept all that is clean."""
    found = review.draft_of(request, pk)
    chosen = _chosen(request)
    try:
        said = _accept_clean(request, found) if request.POST.get("do") == "clean" else _to_many(request, found, chosen)
    except ValidationError as error:
        said = review.say(request, review.refused(error), is_refusal=True)
    return review.whole_list(request, found, said)


def _chosen(request: SignedInRequest) -> dict[int, int]:
    """Return the ticked rows with the revision each was shown in."""
    found = {}
    for words in request.POST.getlist("rows"):
        pk, _, revision = words.partition("-")
        numbers = whole_number(pk), whole_number(revision)
        if numbers[0] is not None and numbers[1] is not None:
            found[numbers[0]] = numbers[1]
    return found


def _accept_clean(request: SignedInRequest, draft: ImportDraft) -> dict:
    count = mending.accept_clean(draft, by=request.user)
    review.changed(request)
    return review.say(request, f"Đã chấp nhận {count} dòng không có gì phải xem lại.")


def _to_many(request: SignedInRequest, draft: ImportDraft, chosen: dict[int, int]) -> dict:
    if not chosen:
        raise ValidationError(NOTHING_CHOSEN)
    do = request.POST.get("do")
    if do == "time":
        done, words = _set_times(request, draft, chosen), "Đã đặt thời hạn cho"
    elif do == "agency":
        done, words = _give(request, draft, chosen), "Đã ghi cơ quan cho"
    else:
        states = {"accept": DraftRow.State.ACCEPTED, "drop": DraftRow.State.DROPPED, "restore": DraftRow.State.OPEN}
        if do not in states:
            raise ValidationError("Chưa chọn việc cần làm.")
        done = mending.set_states(draft, chosen, states[do], by=request.user)
        words = {"accept": "Đã chấp nhận", "drop": "Đã bỏ", "restore": "Đã lấy lại"}[do]
    review.changed(request)
    left = len(chosen) - done
    rest = f" {left} dòng không thay đổi (đã như vậy, hoặc vừa được người khác sửa)." if left else ""
    return review.say(request, f"{words} {done} dòng.{rest}")


def _set_times(request: SignedInRequest, draft: ImportDraft, chosen: dict[int, int]) -> int:
    form = ManyTimesForm(request.POST, plan_year=draft.head.get("plan_year"))
    if not form.is_valid():
        raise ValidationError([words for errors in form.errors.values() for words in errors])
    return mending.set_times(draft, chosen, by=request.user, words=form.cleaned_data["time_text"], times=form.times())


def _give(request: SignedInRequest, draft: ImportDraft, chosen: dict[int, int]) -> int:
    typed = request.POST.get("official", "")[:500]
    name = mending.named_in_register(draft, typed)
    if name is None:
        raise ValidationError(f"Danh bạ ngày ban hành không có “{typed}”.")
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise ValidationError("Hãy chọn vai trò của cơ quan.")
    return mending.give_to_agency(draft, chosen, name, role, by=request.user, instead="instead" in request.POST)


@require_POST
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add an empty row by hand, below another one or at the end."""
    found = review.draft_of(request, pk)
    after = found.rows.filter(pk=review.number_in(request, "after")).first()
    try:
        new = mending.add_row(found, by=request.user, after=after)
    except ValidationError as error:
        return review.whole_list(request, found, review.say(request, review.refused(error), is_refusal=True))
    review.changed(request)
    said = review.say(request, f"Đã thêm dòng {new.position}. Hãy ghi nội dung nhiệm vụ, cơ quan và thời gian.")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("import-row", new.pk)
    return review.whole_list(request, found, said, new.pk)


@require_POST
def head(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the mended head of the plan; rows whose time depends on it are read again."""
    found = review.draft_of(request, pk)
    form = review.head_form(found, request.POST)
    if form.is_valid():
        revision = form.cleaned_data["head_revision"] or 0
        try:
            count = change_head(found, by=request.user, revision=revision, **form.values())
        except ValidationError as error:
            found.refresh_from_db()
            form = _after_a_colleague(found, request, error)
        else:
            rows = f" {count} dòng có thời hạn hoặc cơ quan thay đổi theo, cần xem lại." if count else ""
            messages.success(request, f"Đã lưu phần đầu của kế hoạch.{rows}")
            return review.go_back(request, found)
    context = review.page_context(request, found, head_form=form, head_is_open=True)
    return render(request, "plans/import_draft.html", context, status=422)


def _after_a_colleague(draft: ImportDraft, request: SignedInRequest, error: ValidationError) -> DraftHeadForm:
    """Return the head as typed, over the revision of the colleague who was faster, with what they wrote."""
    theirs = head_values(draft)
    data = request.POST.copy()
    data["head_revision"] = str(theirs["head_revision"])
    form = review.head_form(draft, data)
    form.is_valid()
    form.add_error(None, error)
    for name, value in theirs.items():
        if name in form.cleaned_data and name != "head_revision" and (form.cleaned_data[name] or "") != (value or ""):
            shown = f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else value
            form.add_error(name, f"{draft.head.get('edited_by') or 'Đồng nghiệp'} đã ghi: “{shown or 'để trống'}”.")
    return form


@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the import up."""
    try:
        mending.drop_draft(review.draft_of(request, pk))
        messages.success(request, "Đã bỏ bản nhập. Văn bản có thể được tải lên lại.")
    except ValidationError as error:
        messages.error(request, review.refused(error))
    return redirect("plan-list")


@require_POST
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the plan and its work, or show every problem at once."""
    found = review.draft_of(request, pk)
    form = PlanHeadForm(head_values(found))
    if form.is_valid():
        try:
            found.revision = review.number_in(request)
            plan = confirm_draft(
                found,
                head=form.save(commit=False),
                by=request.user,
                on=today(),
                skip_early=form.cleaned_data["skip_early"],
            )
        except ValidationError as error:
            refusals = error.messages
            found.refresh_from_db()
        else:
            messages.success(request, f"Kế hoạch {plan.number} đã được đưa vào theo dõi; mỗi cơ quan đã có đầu việc.")
            return redirect(plan)
    else:
        refusals = [f"Phần đầu của kế hoạch: {words}" for words in review.head_faults(found)]
    context = review.page_context(request, found, head_form=review.head_form(found), refusals=refusals)
    return render(request, "plans/import_draft.html", context, status=422)
