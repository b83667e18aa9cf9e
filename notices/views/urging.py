"""Pages of urging: the desk of late agencies, the recorded message, the official letters, and the log."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from agencies.access import SignedInRequest, access_of
from notices.exporting import urgings_xlsx
from notices.models import Urging
from notices.tasks import ring
from notices.urging import late_agencies, letters_of, matching, urge, urge_missing_reports, zipped
from notices.urging_forms import LateFilterForm, LetterNumberForm, UrgeForm, UrgingFilter
from plans.exporting import Download
from plans.forms import whole_number
from plans.models import Plan
from plans.views.acting import say_why_not, way_back
from reports.models import Period
from workdays.clock import today

ROWS = 50


@require_GET
def desk(request: SignedInRequest) -> HttpResponse:
    """Show who is late in a plan, by how much, and when they were last urged; the coordinator urges from here."""
    plans = _overseen(request)
    form = LateFilterForm(request.GET or None, plans=plans)
    plan = form.chosen_plan
    found = late_agencies(plan, today()) if plan else []
    shown = form.kept(matching(found, request.GET.get("q", "")))
    context = {
        "plan": plan,
        "form": form,
        "page_obj": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "late": len(found),
        "items": sum(len(one.late) for one in found),
        "may_urge": bool(plan and plan.is_coordinated_by(request.user)),
        "urge_form": UrgeForm(),
        "log": f"{reverse('urging-log')}?{urlencode({'plan': plan.pk})}" if plan else reverse("urging-log"),
    }
    return render(request, "notices/urging_desk.html", context)


@require_POST
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """Urge the ticked agencies: by a message of the system, or by letters that come as one zip file."""
    plan = get_object_or_404(Plan.objects.coordinated_by(request.user).select_related("province"), pk=pk)
    back = f"{reverse('urging-desk')}?{urlencode({'plan': plan.pk})}"
    form = UrgeForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([words for errors in form.errors.values() for words in errors])
        kind, agencies = form.cleaned_data["kind"], form.agencies(request.POST)
        done = urge(plan, agencies, kind=kind, by=request.user, on=today(), words=form.cleaned_data["words"])
    except ValidationError as error:
        say_why_not(request, error)
        return redirect(back)
    if kind == Urging.Kind.LETTER:
        return _as_zip(letters_of(plan, agencies, on=today()), f"cong-van-don-doc-{today():%Y-%m-%d}.zip")
    transaction.on_commit(ring)
    again = len(set(agencies)) - len(done)
    words = f"Đã đôn đốc {len(done)} cơ quan; thư đi trong giờ làm việc." if done else "Không đôn đốc thêm cơ quan nào."
    messages.success(
        request, f"{words} {again} cơ quan đã được đôn đốc hôm nay hoặc không còn việc quá hạn." if again else words
    )
    return redirect(back)


@require_POST
def reports(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for missing reports of a period: of all agencies of this desk, the ticked ones, or the one of a button."""
    period = get_object_or_404(Period.objects.visible_to(request.user).select_related("plan"), pk=pk)
    if not period.plan.is_coordinated_by(request.user) and not period.reports.collected_by(request.user).exists():
        raise Http404
    chosen = period.reports.missing()
    if "all" in request.POST:
        chosen = chosen.filter(collector=whole_number(request.POST.get("cua", "")))
    else:
        ticked = [request.POST["one"]] if "one" in request.POST else request.POST.getlist("reports")
        chosen = chosen.filter(pk__in=[number for words in ticked if (number := whole_number(words)) is not None])
    agencies = list(chosen.values_list("agency", flat=True))
    try:
        done = urge_missing_reports(period, agencies, by=request.user, on=today())
    except ValidationError as error:
        say_why_not(request, error)
        return redirect(way_back(request, period.get_absolute_url()))
    transaction.on_commit(ring)
    again = len(agencies) - len(done)
    said = f"Đã nhắc {len(done)} cơ quan nộp báo cáo." if done else "Không nhắc thêm cơ quan nào."
    messages.success(request, f"{said} {again} cơ quan đã được nhắc hôm nay." if again else said)
    return redirect(way_back(request, period.get_absolute_url()))


@require_GET
def log(request: SignedInRequest) -> Download:
    """Show the log of urging by plan, agency and time; it is made to be printed, or taken as Excel."""
    rows = Urging.objects.visible_to(request.user).select_related("plan", "agency", "by")
    listed = UrgingFilter(request.GET, queryset=rows, request=request)
    found = listed.qs
    if request.GET.get("export") == "xlsx":
        return urgings_xlsx(found, today())
    access = access_of(request.user)
    context = {
        "filter": listed,
        "page_obj": Paginator(found, ROWS * 4).get_page(request.GET.get("page")),
        "oversees": bool(access.coordinates) or access.is_viewer,
        "coordinates": access.coordinates,
    }
    return render(request, "notices/urging_log.html", context)


def number(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write in the number and day that the clerk gave a letter."""
    rows = Urging.objects.visible_to(request.user).filter(kind=Urging.Kind.LETTER)
    plans = Plan.objects.coordinated_by(request.user)
    urging = get_object_or_404(rows.filter(plan__in=plans).select_related("plan", "agency"), pk=pk)
    initial = {"number": urging.number, "signed_on": urging.signed_on}
    form = LetterNumberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        urging.write_number(form.cleaned_data["number"], form.cleaned_data["signed_on"], by=request.user)
        messages.success(request, "Đã ghi số và ngày công văn vào nhật ký.")
        return redirect("urging-log")
    context = {"urging": urging, "form": form}
    return render(request, "notices/urging_number.html", context, status=422 if form.errors else 200)


@require_GET
def letter(request: SignedInRequest, pk: int, agency_pk: int) -> HttpResponse:
    """Hand out the letter to one late agency, without recording anything: a look before the decision."""
    plan = get_object_or_404(Plan.objects.coordinated_by(request.user).select_related("province"), pk=pk)
    letters = letters_of(plan, [agency_pk], on=today())
    if not letters:
        raise Http404
    name, content = letters[0]
    answer = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _overseen(request: SignedInRequest) -> list[Plan]:
    """Return the active plans whose late work the person oversees; nobody else has a desk."""
    access = access_of(request.user)
    plans = Plan.objects.visible_to(request.user) if access.is_viewer else Plan.objects.coordinated_by(request.user)
    if not (access.is_viewer or access.coordinates):
        raise Http404
    return list(plans.filter(status=Plan.Status.ACTIVE).select_related("province", "coordinating_agency"))


def _as_zip(letters: list[tuple[str, bytes]], name: str) -> HttpResponse:
    answer = HttpResponse(zipped(letters), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
