"""API of targets with their figures, and of links between items of several plans: the same verbs as the pages."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from plans.api_verbs import VerbViewSet, VisibleField
from plans.models import ItemLink, Target, TargetFigure, Task, WorkItem
from plans.models.sharing import ItemLinkQuerySet
from plans.models.target import COMPARISONS, NewTarget
from plans.targets.figures import Reported, Total, progress_of
from workdays.clock import today


class TargetSerializer(serializers.ModelSerializer):
    """What a task must reach; ``goal`` in ``unit`` ("%": 0 to 100)."""

    plan = serializers.IntegerField(source="task.plan_id", read_only=True)

    class Meta:
        model = Target
        fields = ["id", "plan", "task", "position", "words", "unit", "comparison", "goal", "active", "revision"]


class TargetWordsSerializer(serializers.Serializer):
    """What a target says."""

    words = serializers.CharField(max_length=500)
    unit = serializers.CharField(max_length=40)
    comparison = serializers.ChoiceField(choices=COMPARISONS)
    goal = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)


class NewTargetSerializer(TargetWordsSerializer):
    """A target for a task."""

    task = VisibleField(queryset=Task.objects.all())


class ChangedTargetSerializer(TargetWordsSerializer):
    """Other words or another goal; ``revision`` is the one that was looked at."""

    revision = serializers.IntegerField()


class WithdrawnTargetSerializer(serializers.Serializer):
    """Why a target is asked for no more."""

    reason = serializers.CharField(max_length=2000)
    revision = serializers.IntegerField()


class FigureSerializer(serializers.ModelSerializer):
    """A figure of an update with the goal of its time."""

    met = serializers.BooleanField(source="is_met", read_only=True)

    class Meta:
        model = TargetFigure
        fields = ["target", "value", "words", "unit", "comparison", "goal", "met"]


class ReportedSerializer(serializers.Serializer):
    """What one agency last reported."""

    agency = serializers.IntegerField(source="agency.pk")
    agency_name = serializers.CharField(source="agency.name")
    value = serializers.DecimalField(max_digits=14, decimal_places=2)
    on = serializers.DateField()
    met = serializers.BooleanField(source="is_met")


class TotalSerializer(serializers.Serializer):
    """How far the agencies whose figures the caller may read are with one target."""

    target = TargetSerializer()
    agencies = serializers.IntegerField()
    reported = serializers.IntegerField()
    met = serializers.IntegerField()
    rows = serializers.SerializerMethodField()

    @extend_schema_field(ReportedSerializer(many=True))
    def get_rows(self, total: Total) -> list[dict[str, Any]]:
        """Return the agencies' latest values, in the order of the register."""
        rows: list[Reported] = total.rows
        return list(ReportedSerializer(rows, many=True).data)


class ItemLinkSerializer(serializers.ModelSerializer):
    """Two items of one agency in two plans that one entry of progress serves."""

    made_by = serializers.CharField(source="made_by.full_name", read_only=True)

    class Meta:
        model = ItemLink
        fields = ["id", "item", "other", "made_by", "made_on", "ended_on"]


class NewItemLinkSerializer(serializers.Serializer):
    """The two items to be linked; ``item`` is one whose words the caller may read."""

    item = VisibleField(queryset=WorkItem.objects.all())
    other = serializers.IntegerField()


class TargetFilter(django_filters.FilterSet):
    """Task and plan of targets, and whether they stand."""

    task = django_filters.NumberFilter(label="Nhiệm vụ")
    plan = django_filters.NumberFilter(field_name="task__plan", label="Kế hoạch")

    class Meta:
        model = Target
        fields = ["task", "plan", "active"]


class ItemLinkFilter(django_filters.FilterSet):
    """Links of one item; those of any date of its job where the dates are one job."""

    item = django_filters.NumberFilter(method="by_item", label="Đầu việc")

    class Meta:
        model = ItemLink
        fields = ["item"]

    def by_item(self, links: ItemLinkQuerySet, name: str, value: Decimal) -> ItemLinkQuerySet:
        """Keep the links that hold for the item."""
        item = WorkItem.objects.select_related("task__deadline").filter(pk=int(value)).first()
        return links.of(item) if item else links.none()


class TargetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Targets of tasks; figures for them are sent with an update of a work item."""

    queryset = Target.objects.none()
    serializer_class = TargetSerializer
    filterset_class = TargetFilter

    def get_queryset(self) -> QuerySet[Target]:
        """Start with what the user may see."""
        return Target.objects.visible_to(person_of(self.request)).select_related("task__plan")

    @extend_schema(request=NewTargetSerializer, responses={201: TargetSerializer})
    def create(self, request: Request) -> Response:
        """Add a target to a task; the plan's coordinator does. The same one twice is one."""
        data = self.checked(NewTargetSerializer)
        return self.shown(Target.add(data.pop("task"), NewTarget(**data), **self.now), status=201)

    @extend_schema(request=ChangedTargetSerializer, responses=TargetSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Give it other words or another goal."""
        target, data = self.get_object(), self.checked(ChangedTargetSerializer)
        revision = data.pop("revision")
        target.change(NewTarget(**data), **self.now, revision=revision)
        return self.shown(target)

    @extend_schema(request=WithdrawnTargetSerializer, responses=TargetSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Ask for it no more."""
        target = self.get_object()
        target.withdraw(**self.now, **self.checked(WithdrawnTargetSerializer))
        return self.shown(target)

    @extend_schema(responses=TotalSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def total(self, request: Request, pk: str) -> Response:
        """Say how many agencies reported and met it, and what each last reported, as far as the caller may read it."""
        target = self.get_object()
        totals = progress_of(target.task, person_of(request), today()).totals
        told = next((one for one in totals if one.target.pk == target.pk), Total(target, 0, []))
        return Response(TotalSerializer(told).data)


class ItemLinkViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Links between items of several plans."""

    queryset = ItemLink.objects.none()
    serializer_class = ItemLinkSerializer
    filterset_class = ItemLinkFilter

    def get_queryset(self) -> QuerySet[ItemLink]:
        """Start with what the user may see."""
        rows = ItemLink.objects.visible_to(person_of(self.request))
        return rows.select_related(
            *(f"{end}__task__{path}" for end in ("item", "other") for path in ("plan", "deadline"))
        )

    @extend_schema(request=NewItemLinkSerializer, responses={201: ItemLinkSerializer})
    def create(self, request: Request) -> Response:
        """Link two items; where the dates of a task are one job, its delivery is linked."""
        data = self.checked(NewItemLinkSerializer)
        others = WorkItem.objects.state_visible_to(person_of(request)).for_lists()
        other = others.filter(pk=data["other"], agency=data["item"].agency_id).first()
        if other is None:
            raise serializers.ValidationError({"other": "Không có đầu việc này của cùng cơ quan."})
        return self.shown(ItemLink.make(data["item"], other, **self.now), status=201)

    @extend_schema(request=None, responses=ItemLinkSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Take the link away; it stays in the history."""
        link = self.get_object()
        link.end(**self.now)
        return self.shown(link)
