"""Pages of how a plan reminds: its settings, whom it reaches, what was sent to an agency, what goes to the chair."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agencies.access import SignedInRequest, access_of
from agencies.folding import unaccent
from agencies.models import Agency, User
from notices.escalated import escalated_of
from notices.exporting import escalated_xlsx, notices_xlsx
from notices.filters import LedgerFilter
from notices.forms import AgencySearch, PlanNoticeSettingsForm
from notices.models import Notice, PlanNoticeSettings, RoundRun
from notices.preferences import STATUTORY
from notices.reach import nearest, people_of, reach_of
from notices.recipients import People
from plans.exporting import Download
from plans.models import Plan
from workdays.clock import today

ROWS = 50
XLSX = "xlsx"


def plan_settings(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how the plan reminds to everybody who sees it; the plan's coordinator changes it."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).select_related("coordinating_agency"), pk=pk)
    settings = PlanNoticeSettings.of(plan)
    may_change = plan.is_coordinated_by(request.user)
    form = PlanNoticeSettingsForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.change(by=request.user, on=today())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Đã lưu cài đặt nhắc việc của kế hoạch.")
            return redirect("plan-notices", plan.pk)
    labels = dict(Notice.Kind.choices)
    stored = PlanNoticeSettings.of(plan)
    context = {
        "plan": plan,
        "form": form,
        "settings": stored,
        "steps": ", ".join(str(step) for step in sorted(stored.steps, reverse=True)),
        "may_change": may_change,
        "urgent": [labels.get(kind, kind) for kind in stored.urgent],
        "last_run": last_run_of(plan) if oversees(request.user, plan) else None,
        "statutory": [kind.label for kind in Notice.Kind if kind in STATUTORY],
        "tabs": tabs_of(plan, "plan-notices", request.user),
    }
    return render(request, "notices/plan_settings.html", context)


@require_GET
def plan_recipients(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show for each agency of the plan who gets its letters, and where nobody can be reached."""
    plan = overseen_plan(request.user, pk)
    everybody = reach_of(plan, today())
    only_gaps = request.GET.get("xem") == "thieu"
    words = unaccent(request.GET.get("q", ""))
    shown = [one for one in everybody if (one.is_gap or not only_gaps) and words in one.agency.search_key]
    here = reverse("plan-recipients", args=[pk])
    gaps = sum(one.is_gap for one in everybody)
    context = {
        "plan": plan,
        "tabs": tabs_of(plan, "plan-recipients", request.user),
        "views": [
            {"label": "Tất cả cơ quan", "url": here, "active": not only_gaps, "count": len(everybody)},
            {"label": "Chưa có người nhận thư", "url": f"{here}?xem=thieu", "active": only_gaps, "count": gaps},
        ],
        "search": AgencySearch(request.GET),
        "asked": bool(words),
        "only_gaps": only_gaps,
        "gaps": gaps,
        "page_obj": Paginator(shown, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "notices/plan_recipients.html", context)


@require_GET
def agency_notices(request: SignedInRequest, pk: int, agency_pk: int) -> Download:
    """Show all that was said about one agency's duties in the plan: to whom, why, by which letter, and how it ended."""
    plan = overseen_plan(request.user, pk)
    agency = get_object_or_404(Agency.objects.visible_to(request.user), pk=agency_pk)
    told = Notice.objects.filter(plan=plan, agency=agency)
    found = LedgerFilter(request.GET, queryset=told.select_related("recipient", "letter"), request=request)
    if request.GET.get("export") == XLSX:
        return notices_xlsx(found.qs.select_related("recipient", "letter", "agency"), plan, agency, today())
    context = {
        "plan": plan,
        "agency": agency,
        "filter": found,
        "page_obj": Paginator(found.qs, ROWS).get_page(request.GET.get("page")),
        "nearest": nearest(People.load(today()), agency.pk),
        "people": people_of([agency.pk], today())[agency.pk],
        "tabs": tabs_of(plan, "plan-recipients", request.user),
    }
    return render(request, "notices/agency_notices.html", context)


@require_GET
def plan_escalated(request: SignedInRequest, pk: int) -> Download:
    """Show the list that is put before the province's deputy chair: the oldest lateness, and who was told of it."""
    plan = overseen_plan(request.user, pk)
    settings = PlanNoticeSettings.of(plan)
    rows = escalated_of(plan, settings, request.user, today())
    if request.GET.get("export") == XLSX:
        return escalated_xlsx(rows, plan, today())
    context = {
        "plan": plan,
        "settings": settings,
        "rows": rows,
        "agencies": len({row.agency for row in rows}),
        "tabs": tabs_of(plan, "plan-escalated", request.user),
    }
    return render(request, "notices/plan_escalated.html", context)


# Shared by the pages above


def overseen_plan(user: User, pk: int) -> Plan:
    """Return a plan whose ledger the person may read: its coordinators, viewers, the province's administrators."""
    plan = get_object_or_404(Plan.objects.visible_to(user).select_related("coordinating_agency"), pk=pk)
    if not oversees(user, plan):
        raise Http404
    return plan


def oversees(user: User, plan: Plan) -> bool:
    """Say whether the person may read who was told what about the plan."""
    access = access_of(user)
    return plan.is_coordinated_by(user) or access.is_viewer or access.is_administrator


def last_run_of(plan: Plan) -> dict | None:
    """Return the newest run of the round, and what of it broke for this plan (or for all)."""
    run = RoundRun.objects.filter(finished_at__isnull=False).first()
    if run is None:
        return None
    return {"run": run, "errors": [error for error in run.errors if error.get("plan", str(plan)) == str(plan)]}


def tabs_of(plan: Plan, here: str, user: User) -> list[dict]:
    """Return the pages of a plan's reminding that the person may open."""
    pages = [("plan-notices", "Cài đặt")]
    if oversees(user, plan):
        pages += [("plan-recipients", "Người nhận"), ("plan-escalated", "Danh sách trình Phó Chủ tịch")]
    tabs = [
        {"label": label, "url": reverse(name, args=[plan.pk]), "active": name == here, "count": None}
        for name, label in pages
    ]
    if oversees(user, plan):
        tabs.append({"label": "Diễn tập", "url": reverse("notice-rehearsal"), "active": False, "count": None})
    return tabs
