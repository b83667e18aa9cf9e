"""Pages of the annex that is filled offline: where to get it, where it is given back, and what it would change."""

from dataclasses import asdict
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import Agency
from plans.files import file_response
from plans.forms import whole_number
from plans.importing.reading.limits import UnreadableDocument
from plans.models import OfflineReturn, Plan, WorkItem
from plans.models.occurrence import OPEN_STATES
from plans.offline.applying import Outcome, apply_return
from plans.offline.comparing import Kind, Line, compare, missing
from plans.offline.reading import Filled, read_annex
from plans.offline.standing import lines_of_work
from plans.offline.writing import annex_xlsx
from plans.offline_forms import AnnexForm, answers_of
from plans.views.acting import NAMED, act, say_why_not
from workdays.clock import today


def offline_list(request: SignedInRequest) -> HttpResponse:
    """List the plans and agencies for which the person may fill in an annex, their own agencies first."""
    access = access_of(request.user)
    if not access.reach:
        raise Http404
    asked = whole_number(request.GET.get("plan", ""))
    items = WorkItem.objects.reachable_by(request.user).active()
    if asked is not None:
        items = items.filter(task__plan=asked)
    counted = (
        lines_of_work(items).values("task__plan", "agency").annotate(open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    )
    plans = Plan.objects.in_bulk({row["task__plan"] for row in counted})
    agencies = Agency.objects.in_bulk({row["agency"] for row in counted})
    rows = [(plans[row["task__plan"]], agencies[row["agency"]], row["open"]) for row in counted]
    rows.sort(key=lambda row: (row[1].pk not in access.own, row[1].sort_key, -row[0].signed_on.toordinal()))
    context = {
        "rows": [(plan, agency, count, agency.pk in access.own) for plan, agency, count in rows],
        "waiting": _returns(request).filter(state=OfflineReturn.State.WAITING),
        "asked": plans.get(asked) if asked is not None else None,
    }
    return render(request, "plans/offline_list.html", context)


def offline_agency(request: SignedInRequest, plan: int, agency: int) -> HttpResponse:
    """Show how an agency's annex goes out and back, and take a filled one."""
    work, who = _whose(request, plan, agency)
    form = AnnexForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            returned = _receive(request, work, who, form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(returned)
    context = {
        "plan": work,
        "agency": who,
        "form": form,
        "returns": _returns(request).filter(plan=work, agency=who)[:20],
        "open_count": lines_of_work(WorkItem.objects.filter(task__plan=work, agency=who).open()).count(),
        "is_fill_in": who.pk not in access_of(request.user).own,
    }
    return render(request, "plans/offline_agency.html", context, status=422 if form.errors else 200)


def offline_annex(request: SignedInRequest, plan: int, agency: int) -> HttpResponseBase:
    """Hand out the annex of the agency as it stands now."""
    work, who = _whose(request, plan, agency)
    return annex_xlsx(work, who, now=timezone.localtime(), today=today())


def offline_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what a returned annex would change, and write what the person chose."""
    returned = _returned(request, pk)
    if request.method == "POST":
        answers = answers_of(request.POST.dict(), compare(returned, request.user))
        try:
            outcome = apply_return(returned, answers, by=request.user, on=today(), now=timezone.now())
        except ValidationError as error:
            say_why_not(request, error)
        else:
            _say(request, outcome)
        return redirect(returned)
    lines = compare(returned, request.user)
    by_kind: dict[Kind, list[Line]] = {kind: [line for line in lines if line.kind == kind] for kind in Kind}
    context = {
        "returned": returned,
        "is_fill_in": returned.agency_id not in access_of(request.user).own,
        "may_apply": returned.is_waiting and returned.plan.status == Plan.Status.ACTIVE,
        "missing": missing(returned),
        "can_hand_in": sum(line.may_hand_in for line in lines if line.waits),
        "waits": sum(line.waits for line in lines),
        **{kind.value: found for kind, found in by_kind.items()},
    }
    return render(request, "plans/offline_return.html", context)


@require_POST
def offline_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a returned annex; what was written in it stays readable."""
    returned = _returned(request, pk)
    said = "Đã bỏ lần nộp này. Tệp và nội dung đã điền vẫn xem lại được."
    return act(request, returned, said, lambda: returned.drop(by=request.user, now=timezone.now()))


def offline_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the file as it was uploaded."""
    returned = _returned(request, pk)
    return file_response(returned.file, returned.file_name)


def _whose(request: SignedInRequest, plan: int, agency: int) -> tuple[Plan, Agency]:
    """Return a plan under way and an agency the person works in or fills in for, which has work there; else 404."""
    plans = Plan.objects.visible_to(request.user).filter(status=Plan.Status.ACTIVE)
    agencies = Agency.objects.filter(pk__in=access_of(request.user).reach)
    found = get_object_or_404(plans, pk=plan), get_object_or_404(agencies, pk=agency)
    if not WorkItem.objects.filter(task__plan=plan, agency=agency).exists():
        raise Http404
    return found


def _returns(request: SignedInRequest) -> QuerySet[OfflineReturn]:
    return OfflineReturn.objects.visible_to(request.user).select_related("plan", "agency", "by", "ended_by")


def _returned(request: SignedInRequest, pk: int) -> OfflineReturn:
    return get_object_or_404(_returns(request), pk=pk)


def _receive(request: SignedInRequest, plan: Plan, agency: Agency, file: UploadedFile) -> OfflineReturn:
    """Read and keep a filled annex; raises ValidationError when it is none, or another plan's or agency's."""
    data = file.read()
    try:
        filled = read_annex(data)
    except UnreadableDocument as error:
        raise ValidationError(error.message) from error
    _must_be_of(filled, plan, agency, request)
    return OfflineReturn.receive(
        plan,
        agency,
        by=request.user,
        name=file.name or "phu-luc.xlsx",
        data=data,
        downloaded_at=_moment(filled.made_at),
        remembered={code: asdict(one) for code, one in filled.remembered.items()},
        rows=[asdict(row) for row in filled.rows],
    )


def _must_be_of(filled: Filled, plan: Plan, agency: Agency, request: SignedInRequest) -> None:
    """Refuse the annex of another plan or agency; one that the person may see is named."""
    if filled.plan != plan.pk:
        other = Plan.objects.visible_to(request.user).filter(pk=filled.plan).first()
        named = f"Kế hoạch số {other.number}" if other else "một kế hoạch khác"
        raise ValidationError(f"Phụ lục này là của {named}, không phải của Kế hoạch số {plan.number}.")
    if filled.agency != agency.pk:
        known = Agency.objects.visible_to(request.user).filter(pk=filled.agency).first()
        named = known.name if known else "một cơ quan khác"
        raise ValidationError(f"Phụ lục này là của {named}, không phải của {agency.name}.")


def _moment(words: str) -> datetime | None:
    """Return the moment that a file names; None for one that we never wrote: some of year 1 the database cannot give back."""
    try:
        moment = parse_datetime(words)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) and 2000 <= moment.year <= 2100 else None


def _say(request: SignedInRequest, outcome: Outcome) -> None:
    """Tell what was done and what could not be."""
    if outcome.taken:
        handed = f", báo hoàn thành {outcome.handed_in} đầu việc" if outcome.handed_in else ""
        messages.success(request, f"Đã ghi {outcome.taken} cập nhật từ tệp{handed}.")
    elif not outcome.faults:
        messages.info(request, "Không có cập nhật nào được ghi; các đầu việc giữ nguyên như hiện tại.")
    for words in outcome.faults[:NAMED]:
        messages.error(request, words)
    if len(outcome.faults) > NAMED:
        messages.error(request, f"Còn {len(outcome.faults) - NAMED} dòng khác chưa ghi được.")
