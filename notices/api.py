"""API of the inbox."""

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from agencies.access import person_of
from notices.models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    """What the person was told."""

    class Meta:
        model = Notice
        fields = ["id", "kind", "agency", "plan", "item", "report", "on", "due_date", "words", "state", "read_at"]


class NoticeFilter(django_filters.FilterSet):
    """Kind, state, item and report of notices; any number is taken and finds only what the person was told."""

    item = django_filters.NumberFilter(field_name="item_id")
    report = django_filters.NumberFilter(field_name="report_id")

    class Meta:
        model = Notice
        fields = ["kind", "state", "item", "report"]


class NoticeViewSet(viewsets.ReadOnlyModelViewSet):
    """The user's own inbox."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[Notice]:
        """Start with what the user may see."""
        return Notice.objects.visible_to(person_of(self.request))
