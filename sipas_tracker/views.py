"""Pages that join all apps: the two home pages and the person's API token."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from rest_framework.authtoken.models import Token

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from plans.desks import desk_news
from plans.models import Plan, WorkItem
from plans.models.occurrence import OccurrenceKind, WorkItemQuerySet
from plans.statistics import FORMULAS, figures, league, overdue_by_age
from reports.models import ARRIVED, Period, Report, ReportState
from workdays.clock import today

SHOWN = 12


def home(request: SignedInRequest) -> HttpResponse:
    """Open the province's picture for who coordinates or looks on, the agency's duties for everybody else."""
    access = access_of(request.user)
    if access.coordinates or access.is_viewer:
        return province_home(request)
    return agency_home(request)


def agency_home(request: SignedInRequest) -> HttpResponse:
    """Answer: what do I owe, most urgent first?"""
    user, day = request.user, today()
    access = access_of(user)
    own = WorkItem.objects.state_visible_to(user).active().filter(agency__in=access.own).for_lists()
    told_by_report = Q(task__is_report=True, occurrence__reporting_period__status=Period.Status.OPEN)
    open_items = own.open().exclude(told_by_report).most_urgent_first()
    overdue = open_items.overdue(day)
    week = open_items.nearly_due(day)
    month = open_items.nearly_due(day, days=30).exclude(due_date__lte=day + timedelta(days=7))
    reports = Report.objects.visible_to(user).filter(agency__in=access.own, period__status=Period.Status.OPEN)
    returned = open_items.filter(return_until__isnull=False)
    context = {
        "groups": [_group("Bị trả lại", returned, day), *_by_time(overdue, week, month, day)],
        "later": open_items.given().filter(due_date__gt=day + timedelta(days=30)).count(),
        "waiting": own.given().handed_in().count(),
        "to_approve": WorkItem.objects.visible_to(user).active().put_to(user).for_lists().order_by("proposed_on", "pk"),
        "to_confirm": WorkItem.objects.confirmable_by(user).active().handed_in().for_lists()[:SHOWN],
        "reports": reports.missing().select_related("period__plan", "agency"),
        "collected": _collected(user),
        "figures": figures(own, day),
        "formulas": FORMULAS,
        "news": desk_news(user, day),
    }
    return render(request, "home_agency.html", context)


def _collected(user: User) -> list[Period]:
    """Return the open periods in which units report to the person's agency: how many must, have, and wait for it."""
    theirs = Q(reports__collector__in=access_of(user).own, reports__excluded_reason="")
    periods = Period.objects.visible_to(user).open().filter(reports__collector__in=access_of(user).own)
    return list(
        periods.select_related("plan")
        .annotate(
            expected=Count("reports", filter=theirs, distinct=True),
            arrived=Count("reports", filter=theirs & Q(reports__state__in=ARRIVED), distinct=True),
            waiting=Count("reports", filter=theirs & Q(reports__state=ReportState.SUBMITTED), distinct=True),
        )
        .order_by("due_date", "pk")
    )


def _by_time(overdue: WorkItemQuerySet, week: WorkItemQuerySet, month: WorkItemQuerySet, day: date) -> list[dict]:
    return [
        _group("Quá hạn", overdue.deliveries(), day),
        _group("Mốc chưa cập nhật", overdue.filter(kind=OccurrenceKind.CHECK_POINT), day),
        _group("Trong 7 ngày tới", week, day),
        _group("Trong 30 ngày tới", month, day),
    ]


def _group(title: str, items: WorkItemQuerySet, day: date) -> dict:
    """Return a group of the home page: title, how many, and the first rows with their timeliness."""
    return {
        "title": title,
        "count": items.count(),
        "rows": [(item, item.timeliness(day)) for item in items[:SHOWN]],
        "tone": "seal" if title in ("Quá hạn", "Bị trả lại") else "plain",
    }


def province_home(request: SignedInRequest) -> HttpResponse:
    """Answer: how is the plan doing today, who is late, and what waits for a decision?"""
    user, day = request.user, today()
    items = WorkItem.objects.visible_to(user).active()
    table = list(league(items, day))
    periods = Period.objects.visible_to(user).filter(status=Period.Status.OPEN).select_related("plan")
    waiting = WorkItem.objects.confirmable_by(user).active().handed_in()
    context = {
        "plans": Plan.objects.visible_to(user).filter(status=Plan.Status.ACTIVE),
        "figures": figures(items, day),
        "formulas": FORMULAS,
        "ages": overdue_by_age(items, day),
        "league": [_linked(row) for row in table if row["overdue"] or row["nearly_due"]][:15],
        "agency_count": len(table),
        "to_confirm": waiting.for_lists().order_by("handed_in_on", "pk")[:8],
        "to_confirm_count": waiting.count(),
        "declined_count": items.given().declined().count(),
        "periods": [(period, _counts(period)) for period in periods],
        "news": desk_news(user, day),
    }
    return render(request, "home_province.html", context)


def _linked(row: dict) -> dict:
    """Add the address of the list behind the row's numbers."""
    return row | {"list_url": f"{reverse('work-list')}?agency={row['agency']}"}


def _counts(period: Period) -> dict[str, int]:
    expected = period.reports.to_the_coordinator().expected()
    return {
        "expected": expected.count(),
        "arrived": expected.arrived().count(),
        "waiting": expected.submitted().count(),
    }


@never_cache
def account_token(request: SignedInRequest) -> HttpResponse:
    """Show whether the person has an API token; make a new one (shown once) or take it away."""
    shown = ""
    if request.method == "POST":
        Token.objects.filter(user=request.user).delete()
        if "revoke" in request.POST:
            messages.success(request, "Đã thu hồi mã API.")
            return redirect("account-token")
        shown = Token.objects.create(user=request.user).key
    context = {"shown": shown, "has_token": Token.objects.filter(user=request.user).exists()}
    return render(request, "account_token.html", context)
