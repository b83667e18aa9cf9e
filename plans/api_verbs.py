"""What the doors of the API share: bodies that are checked, ids of rows that the caller may see, who acts and when."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from agencies.access import person_of
from workdays.clock import today


class VisibleField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the caller may see; any other is unknown."""

    def get_queryset(self) -> QuerySet[Any]:
        """Start with what the user may see."""
        rows: Any = super().get_queryset()
        request = self.context.get("request")
        return rows.visible_to(person_of(request)) if request else rows.none()


class ReasonSerializer(serializers.Serializer):
    """A reason in words."""

    reason = serializers.CharField(max_length=2000)


class VerbViewSet(viewsets.GenericViewSet):
    """Rows that the caller may read, and verbs on them."""

    def checked(self, serializer: type[serializers.BaseSerializer]) -> dict[str, Any]:
        """Return the checked body of the request, or answer 400."""
        body = serializer(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    @property
    def now(self) -> dict[str, Any]:
        """Return who acts and on which day, as every verb takes it."""
        return {"by": person_of(self.request), "on": today()}

    def shown(self, row: Model, status: int = 200) -> Response:
        """Answer with the row as it stands."""
        return Response(self.get_serializer(row).data, status=status)
