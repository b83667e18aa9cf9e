"""API of giving work: declined tasks, parts for units, the leader's approval, directives; the verbs of the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from agencies.models import Agency
from plans.api_verbs import ReasonSerializer, VerbViewSet, VisibleField
from plans.giving import declining
from plans.giving.breaking_down import break_down
from plans.models import WorkItem
from workdays.clock import today


class DirectiveSerializer(serializers.Serializer):
    """Words of a directive."""

    words = serializers.CharField(max_length=2000)


class IdField(serializers.IntegerField):
    """A row by its id."""

    def to_representation(self, row: Any) -> int:
        """Return the id."""
        return int(row.pk)


class ReassignSerializer(serializers.Serializer):
    """Another agency for a declined task, and why."""

    reason = serializers.CharField(max_length=2000)
    to = VisibleField(queryset=Agency.objects.all())


class ReassignedSerializer(serializers.Serializer):
    """What giving a task to another agency made: its items, those it owed before, check-points not asked for."""

    items = serializers.ListField(child=IdField(), read_only=True)
    already = serializers.ListField(child=IdField(), read_only=True)
    passed = serializers.IntegerField(read_only=True)


class BreakDownSerializer(serializers.Serializer):
    """Units right under the agency, and the inner due date (left out: three working days before the item's own)."""

    units = VisibleField(queryset=Agency.objects.all(), many=True)
    due = serializers.DateField(required=False, allow_null=True)


class BrokenDownSerializer(serializers.Serializer):
    """What breaking an item down made: parts by id, and agencies that owe the occurrence already."""

    parts = serializers.ListField(child=IdField(), read_only=True)
    already = serializers.ListField(child=IdField(), read_only=True)


class GivingActions(VerbViewSet):
    """The verbs of giving work on one item."""

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """Release the agency from the item; take a part back."""
        item = self.get_object()
        item.waive(by=person_of(request), on=today(), reason=self.checked(ReasonSerializer)["reason"])
        return self._fresh(item)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="put-to-leader")
    def put_to_leader(self, request: Request, pk: str) -> Response:
        """Put the item to the agency's leader before it is handed in."""
        item = self.get_object()
        item.put_to_leader(by=person_of(request), on=today())
        return self._fresh(item)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="send-down")
    def send_down(self, request: Request, pk: str) -> Response:
        """Give back to the officers what was put to the leader."""
        item = self.get_object()
        item.send_down(by=person_of(request), on=today(), reason=self.checked(ReasonSerializer)["reason"])
        return self._fresh(item)

    @extend_schema(request=DirectiveSerializer)
    @action(detail=True, methods=["post"])
    def direct(self, request: Request, pk: str) -> Response:
        """Write a directive of a leader on the item."""
        item = self.get_object()
        item.direct(by=person_of(request), on=today(), words=self.checked(DirectiveSerializer)["words"])
        return self._fresh(item)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline the task of the item for its agency: all open items of it."""
        item = self.get_object()
        declining.decline(item, by=person_of(request), on=today(), reason=self.checked(ReasonSerializer)["reason"])
        return self._fresh(item)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def insist(self, request: Request, pk: str) -> Response:
        """Leave a declined task with its agency."""
        item = self.get_object()
        declining.insist(item, by=person_of(request), on=today(), reason=self.checked(ReasonSerializer)["reason"])
        return self._fresh(item)

    @extend_schema(request=ReassignSerializer, responses=ReassignedSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        """Give a declined task to another agency of the province."""
        item, said = self.get_object(), self.checked(ReassignSerializer)
        done = declining.reassign(item, said["to"], by=person_of(request), on=today(), reason=said["reason"])
        return Response(ReassignedSerializer(done).data)

    @extend_schema(request=BreakDownSerializer, responses={201: BrokenDownSerializer})
    @action(detail=True, methods=["post"], url_path="break-down")
    def break_down(self, request: Request, pk: str) -> Response:
        """Give parts of the item to units right under its agency."""
        item, said = self.get_object(), self.checked(BreakDownSerializer)
        done = break_down(item, said["units"], by=person_of(request), on=today(), due=said.get("due"))
        return Response(BrokenDownSerializer(done).data, status=201)

    def _fresh(self, item: WorkItem) -> Response:
        """Answer with the item as it stands now."""
        item.refresh_from_db()
        return Response(self.get_serializer(item).data)
