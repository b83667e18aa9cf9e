"""API of the register."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework import serializers, viewsets

from agencies.access import person_of
from agencies.models import Agency


class AgencySerializer(serializers.ModelSerializer):
    """An agency of the province."""

    class Meta:
        model = Agency
        fields = ["id", "code", "kind", "name", "short_name", "aliases", "parent", "valid_from", "valid_to"]


def _agencies_of(request: HttpRequest | None) -> QuerySet[Agency]:
    """Return the agencies one may filter by; none where the schema is made without a request."""
    return Agency.objects.visible_to(person_of(request)) if request else Agency.objects.none()


class AgencyFilter(django_filters.FilterSet):
    """Words, kind and parent of agencies."""

    q = django_filters.CharFilter(method="by_words")
    parent = django_filters.ModelChoiceFilter(queryset=_agencies_of)

    class Meta:
        model = Agency
        fields = ["kind", "parent", "code"]

    def by_words(self, agencies: Any, name: str, value: str) -> Any:
        """Search without diacritics."""
        return agencies.matching(value)


class AgencyViewSet(viewsets.ReadOnlyModelViewSet):
    """The register of the user's province."""

    queryset = Agency.objects.none()
    serializer_class = AgencySerializer
    filterset_class = AgencyFilter

    def get_queryset(self) -> QuerySet[Agency]:
        """Start with what the user may see."""
        return Agency.objects.visible_to(person_of(self.request))
