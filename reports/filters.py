"""Filters of the API of reports: what one may not see is no choice, so that an answer tells nothing of other provinces."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.access import person_of
from agencies.models import Agency
from plans.models import Plan
from reports.models import Consolidation, Period, Report


def _plans_of(request: HttpRequest | None) -> QuerySet[Plan]:
    """Return the plans one may filter by; none where the schema is made without a request."""
    return Plan.objects.visible_to(person_of(request)) if request else Plan.objects.none()


def _periods_of(request: HttpRequest | None) -> QuerySet[Period]:
    return Period.objects.visible_to(person_of(request)) if request else Period.objects.none()


def _agencies_of(request: HttpRequest | None) -> QuerySet[Agency]:
    return Agency.objects.visible_to(person_of(request)) if request else Agency.objects.none()


class PeriodFilter(django_filters.FilterSet):
    """Plan and status of periods."""

    plan = django_filters.ModelChoiceFilter(queryset=_plans_of)

    class Meta:
        model = Period
        fields = ["plan", "status"]


class ReportFilter(django_filters.FilterSet):
    """Period, agency and state of reports."""

    period = django_filters.ModelChoiceFilter(queryset=_periods_of)
    agency = django_filters.ModelChoiceFilter(queryset=_agencies_of)

    class Meta:
        model = Report
        fields = ["period", "agency", "state"]


class ConsolidationFilter(django_filters.FilterSet):
    """Period of consolidations."""

    period = django_filters.ModelChoiceFilter(queryset=_periods_of)

    class Meta:
        model = Consolidation
        fields = ["period"]
