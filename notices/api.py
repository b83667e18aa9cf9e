"""API of the inbox."""

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from agencies.access import person_of
from notices.filters import InboxFilter
from notices.models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    """What the person was told."""

    class Meta:
        model = Notice
        fields = [
            "id",
            "kind",
            "agency",
            "plan",
            "item",
            "report",
            "extension",
            "obstacle",
            "on",
            "due_date",
            "words",
            "why",
            "state",
            "reason",
            "read_at",
        ]


class InboxApiFilter(InboxFilter):
    """Also state, item and report; any number is taken and finds only what the person was told."""

    item = django_filters.NumberFilter(field_name="item_id")
    report = django_filters.NumberFilter(field_name="report_id")

    class Meta:
        model = Notice
        fields = ["kind", "state", "item", "report"]


class NoticeViewSet(viewsets.ReadOnlyModelViewSet):
    """The user's own inbox."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = InboxApiFilter

    def get_queryset(self) -> QuerySet[Notice]:
        """Start with what the user may see."""
        return Notice.objects.in_inbox_of(person_of(self.request))
