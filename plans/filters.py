"""Filters of work items and plans: one FilterSet serves the list page, its export and the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.access import person_of
from agencies.models import Agency
from plans.models import Extension, Obstacle, Plan, Role, Task, WorkItem
from plans.models.extension_rules import ExtensionQuerySet
from plans.models.obstacle import ObstacleQuerySet
from plans.models.occurrence import OccurrenceKind, State, WorkItemQuerySet
from workdays.clock import today

WHEN = [
    ("overdue", "Quá hạn"),
    ("nearly_due", "Đến hạn trong 7 ngày"),
    ("month", "Đến hạn trong 30 ngày"),
    ("open", "Chưa xong"),
]


PARTS = [("parts", "Phần việc đã chia cho đơn vị"), ("all", "Cả hai")]
LEADER = [("leader", "Chờ lãnh đạo duyệt"), ("me", "Chờ tôi duyệt")]


class WorkItemFilter(django_filters.FilterSet):
    """Words, plan, agency, state, time, kind and role of work items; parts of units; what waits for a leader."""

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
    part = django_filters.ChoiceFilter(
        method="by_part", label="Chia việc", choices=PARTS, empty_label="Đầu việc của cơ quan"
    )
    waiting = django_filters.ChoiceFilter(
        method="by_waiting", label="Lãnh đạo duyệt", choices=LEADER, empty_label="Tất cả"
    )
    due_before = django_filters.DateFilter(field_name="due_date", lookup_expr="lte", label="Hạn đến hết ngày")
    due_after = django_filters.DateFilter(field_name="due_date", lookup_expr="gte", label="Hạn từ ngày")

    class Meta:
        model = WorkItem
        fields = ["q", "when", "state", "plan", "task", "agency", "agency_kind", "kind", "role", "part", "waiting"]

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

    def by_part(self, items: WorkItemQuerySet, name: str, value: str) -> WorkItemQuerySet:
        """Keep the parts that agencies gave to their units, or everything."""
        return items.filter(part_of__isnull=False) if value == "parts" else items

    def by_waiting(self, items: WorkItemQuerySet, name: str, value: str) -> WorkItemQuerySet:
        """Keep what was put to a leader, or to the person as one."""
        if value == "me" and self.request is not None:
            return items.put_to(person_of(self.request))
        return items.open().filter(proposed_on__isnull=False)


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


Asked = ExtensionQuerySet | ObstacleQuerySet
WAITING = [("48h", "Từ 48 giờ")]


class _DeskFilter(django_filters.FilterSet):
    """What both desks ask by: words, whether it has waited 48 hours, state, agency and plan."""

    q = django_filters.CharFilter(method="by_words", label="Tìm trong nội dung, nhiệm vụ, cơ quan")
    waiting = django_filters.ChoiceFilter(
        method="by_waiting", label="Thời gian chờ", choices=WAITING, empty_label="Tất cả"
    )
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label="Cơ quan", empty_label="Tất cả")
    plan = django_filters.ModelChoiceFilter(queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user if self.request else None
        if user is not None and user.is_authenticated:
            self.filters["plan"].queryset = Plan.objects.visible_to(user)
            for name in {"agency", "addressee"} & set(self.filters):
                self.filters[name].queryset = Agency.objects.visible_to(user)

    def by_words(self, rows: Asked, name: str, value: str) -> Asked:
        """Search without diacritics."""
        return rows.matching(value)

    def by_waiting(self, rows: Asked, name: str, value: str) -> Asked:
        """Keep what has waited 48 hours or more for whoever has to act."""
        return rows.waiting_long(today())


class ExtensionFilter(_DeskFilter):
    """Words, state, waiting time, agency, plan and item of requests for a later due date."""

    state = django_filters.ChoiceFilter(choices=Extension.State.choices, label="Trạng thái", empty_label="Tất cả")
    agency = django_filters.ModelChoiceFilter(
        field_name="item__agency", queryset=Agency.objects.none(), label="Cơ quan", empty_label="Tất cả"
    )
    plan = django_filters.ModelChoiceFilter(
        field_name="item__task__plan", queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả"
    )
    item = django_filters.NumberFilter(label="Đầu việc", widget=forms.HiddenInput)

    class Meta:
        model = Extension
        fields = ["q", "state", "waiting", "agency", "plan", "item"]


class ObstacleFilter(_DeskFilter):
    """Words, state, waiting time, both agencies, plan and item of obstacles."""

    state = django_filters.ChoiceFilter(choices=Obstacle.State.choices, label="Trạng thái", empty_label="Tất cả")
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label="Cơ quan nêu", empty_label="Tất cả")
    addressee = django_filters.ModelChoiceFilter(
        queryset=Agency.objects.none(), label="Gửi đến cơ quan", empty_label="Tất cả"
    )
    plan = django_filters.ModelChoiceFilter(
        field_name="task__plan", queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả"
    )
    item = django_filters.NumberFilter(label="Đầu việc", widget=forms.HiddenInput)

    class Meta:
        model = Obstacle
        fields = ["q", "state", "waiting", "agency", "addressee", "plan", "item"]
