"""Filters of notices: one FilterSet serves a page, its export and the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from notices.models import Notice, NoticeQuerySet
from plans.models import Plan


class NoticeFilter(django_filters.FilterSet):
    """Words, kind and days of notices."""

    q = django_filters.CharFilter(method="by_words", label="Tìm trong thông báo")
    kind = django_filters.ChoiceFilter(choices=Notice.Kind.choices, label="Loại thông báo", empty_label="Tất cả")
    on_from = django_filters.DateFilter(field_name="on", lookup_expr="gte", label="Từ ngày")
    on_to = django_filters.DateFilter(field_name="on", lookup_expr="lte", label="Đến hết ngày")

    class Meta:
        model = Notice
        fields = ["q", "kind", "on_from", "on_to"]

    def by_words(self, notices: NoticeQuerySet, name: str, value: str) -> QuerySet[Notice]:
        """Search without diacritics."""
        return notices.matching(value)


class InboxFilter(NoticeFilter):
    """Notices of one person: also by plan."""

    plan = django_filters.ModelChoiceFilter(queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả")

    class Meta:
        model = Notice
        fields = ["q", "kind", "plan", "on_from", "on_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user if self.request else None
        if user is not None and user.is_authenticated:
            self.filters["plan"].queryset = Plan.objects.visible_to(user)


class LedgerFilter(NoticeFilter):
    """What was said about an agency: also by how it ended."""

    state = django_filters.ChoiceFilter(choices=Notice.State.choices, label="Tình trạng", empty_label="Tất cả")

    class Meta:
        model = Notice
        fields = ["q", "kind", "state", "on_from", "on_to"]
