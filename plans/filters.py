"""Filters of work items and plans: one FilterSet serves the list page, its export and the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.access import person_of
from agencies.models import Agency
from plans.models import Plan, Role, Task, WorkItem
from plans.models.occurrence import OccurrenceKind, State, WorkItemQuerySet
from workdays.clock import today

WHEN = [
    ("overdue", "Quá hạn"),
    ("nearly_due", "Đến hạn trong 7 ngày"),
    ("month", "Đến hạn trong 30 ngày"),
    ("open", "Chưa xong"),
]


class WorkItemFilter(django_filters.FilterSet):
    """Words, plan, agency, state, time, kind and role of work items."""

    q = django_filters.CharFilter(method="by_words", label="Tìm nhiệm vụ, cơ quan")
    when = django_filters.ChoiceFilter(method="by_time", label="Thời hạn", choices=WHEN, empty_label="Tất cả")
    state = django_filters.ChoiceFilter(choices=State.choices, label="Trạng thái", empty_label="Tất cả")
    plan = django_filters.ModelChoiceFilter(
        field_name="task__plan", queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả"
    )
    task = django_filters.ModelChoiceFilter(queryset=Task.objects.none(), label="Nhiệm vụ", widget=forms.HiddenInput)
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label="Cơ quan", empty_label="Tất cả")
    agency_kind = django_filters.ChoiceFilter(
        field_name="agency__kind", choices=Agency.Kind.choices, label="Khối cơ quan", empty_label="Tất cả"
    )
    kind = django_filters.ChoiceFilter(choices=OccurrenceKind.choices, label="Loại mốc", empty_label="Tất cả")
    role = django_filters.ChoiceFilter(choices=Role.choices, label="Vai trò", empty_label="Tất cả")
    due_before = django_filters.DateFilter(field_name="due_date", lookup_expr="lte", label="Hạn đến hết ngày")
    due_after = django_filters.DateFilter(field_name="due_date", lookup_expr="gte", label="Hạn từ ngày")

    class Meta:
        model = WorkItem
        fields = ["q", "when", "state", "plan", "task", "agency", "agency_kind", "kind", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user if self.request else None
        if user is not None and user.is_authenticated:
            self.filters["plan"].queryset = Plan.objects.visible_to(user)
            self.filters["task"].queryset = Task.objects.visible_to(user)
            self.filters["agency"].queryset = Agency.objects.visible_to(user)

    def by_words(self, items: WorkItemQuerySet, name: str, value: str) -> WorkItemQuerySet:
        """Search without diacritics."""
        return items.matching(value)

    def by_time(self, items: WorkItemQuerySet, name: str, value: str) -> WorkItemQuerySet:
        """Keep what is open and due in the span."""
        day = today()
        return {
            "overdue": lambda: items.overdue(day),
            "nearly_due": lambda: items.nearly_due(day),
            "month": lambda: items.nearly_due(day, days=30),
            "open": lambda: items.open(),
        }[value]()


def _plans_of(request: HttpRequest | None) -> QuerySet[Plan]:
    """Return the plans one may filter by; none where the schema is made without a request."""
    return Plan.objects.visible_to(person_of(request)) if request else Plan.objects.none()


class PlanFilter(django_filters.FilterSet):
    """Year and status of plans."""

    class Meta:
        model = Plan
        fields = ["year", "status", "number"]


class TaskFilter(django_filters.FilterSet):
    """Words and plan of tasks."""

    q = django_filters.CharFilter(method="by_words", label="Tìm nhiệm vụ")
    plan = django_filters.ModelChoiceFilter(queryset=_plans_of)

    class Meta:
        model = Task
        fields = ["plan", "is_report"]

    def by_words(self, tasks: Any, name: str, value: str) -> Any:
        """Search without diacritics."""
        return tasks.matching(value)
