"""API of periods: the same verbs as the pages, the list of who must report, and the desk of who has."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import access_of, person_of
from agencies.models import Agency, AgencyGroup
from plans.api_verbs import VerbViewSet, VisibleField
from plans.forms import whole_number
from plans.models import Plan
from reports.desk import collectors_of, desk_rows
from reports.models import Period
from reports.outline import SOURCES, Section
from workdays.clock import today


class PeriodSerializer(serializers.ModelSerializer):
    """A reporting period."""

    class Meta:
        model = Period
        fields = [
            "id", "plan", "name", "begins_on", "ends_on", "cut_off", "due_date", "collects_children", "children_due_date",
            "status", "opened_on", "outline", "commend_above", "commend_late_below", "remind_below", "revision",
        ]  # fmt: skip


class SectionSerializer(serializers.Serializer):
    """A section of the outline; without ``key`` it is a new one."""

    key = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    title = serializers.CharField(max_length=200)
    hint = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    required = serializers.BooleanField(required=False, default=False)  # type: ignore[assignment]
    source = serializers.ChoiceField(choices=list(SOURCES.items()), required=False, default="", allow_blank=True)  # type: ignore[assignment]


class ChangePeriodSerializer(serializers.ModelSerializer):
    """What may be changed; what is not named stays. ``words`` says why, for the period's history."""

    revision = serializers.IntegerField(help_text="Lần sửa của kỳ như đã thấy.")
    sections = SectionSerializer(many=True, required=False)
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)
    for_later = serializers.BooleanField(required=False)

    class Meta:
        model = Period
        fields = [
            "revision", "name", "begins_on", "ends_on", "cut_off", "due_date", "collects_children", "children_due_date",
            "commend_above", "commend_late_below", "remind_below", "groups", "agencies", "sections", "words", "for_later",
        ]  # fmt: skip
        extra_kwargs = {name: {"required": False} for name in fields if name != "revision"}
        validators: list[Any] = []

    def get_fields(self) -> dict[str, serializers.Field]:
        """Offer only groups and agencies of the person's province."""
        fields: dict[str, Any] = super().get_fields()
        if request := self.context.get("request"):
            visible = Agency.objects.visible_to(person_of(request))
            fields["agencies"].child_relation.queryset = visible
            fields["groups"].child_relation.queryset = AgencyGroup.objects.filter(
                province=access_of(person_of(request)).province_id
            )
        return fields

    def values(self) -> dict[str, Any]:
        """Return the keywords of `Period.change` and `Period.make`."""
        given = dict(self.validated_data)
        if "sections" in given:
            given["sections"] = [Section(**row) for row in given["sections"]]
        return given


class NewPeriodSerializer(ChangePeriodSerializer):
    """A period that no report task of the plan asks for."""

    revision = None  # type: ignore[assignment]
    for_later = None  # type: ignore[assignment]
    plan = VisibleField(queryset=Plan.objects.all())

    class Meta(ChangePeriodSerializer.Meta):
        fields = ["plan", *(one for one in ChangePeriodSerializer.Meta.fields if one not in ("revision", "for_later"))]
        extra_kwargs = {
            name: {"required": name in ("name", "begins_on", "ends_on", "cut_off", "due_date")} for name in fields
        }


class AgencyReasonSerializer(serializers.Serializer):
    """An agency and a reason; for taking an exception back the reason may be left out."""

    agency = VisibleField(queryset=Agency.objects.all())
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ReporterSerializer(serializers.Serializer):
    """One agency that must report, to whom and why."""

    agency = serializers.IntegerField(source="agency.pk")
    agency_name = serializers.CharField(source="agency.name")
    collector = serializers.IntegerField(source="collector.pk", default=None, allow_null=True)
    sources = serializers.ListField(child=serializers.CharField())
    excluded = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True)


class DeskRowSerializer(serializers.Serializer):
    """One report on the desk; ``late`` in days."""

    report = serializers.IntegerField(source="report.pk")
    agency = serializers.IntegerField(source="report.agency_id")
    agency_name = serializers.CharField(source="report.agency.name")
    state = serializers.CharField(source="report.state")
    submitted_on = serializers.DateField(source="report.submitted_on", allow_null=True)
    late = serializers.IntegerField()
    is_on_behalf = serializers.BooleanField()
    excluded_reason = serializers.CharField(source="report.excluded_reason")
    children_expected = serializers.IntegerField(source="below.expected", default=0)
    children_arrived = serializers.IntegerField(source="below.arrived", default=0)


class PeriodVerbs(VerbViewSet):
    """What may be done with a period besides opening, closing and summing up."""

    @extend_schema(request=NewPeriodSerializer, responses={201: PeriodSerializer})
    def create(self, request: Request) -> Response:
        """Make a period that no report task of the plan asks for."""
        given = self._given(NewPeriodSerializer)
        made = Period.make(given.pop("plan"), by=person_of(request), on=today(), **given)
        return Response(PeriodSerializer(made).data, status=201)

    @extend_schema(request=ChangePeriodSerializer, responses=PeriodSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change days, outline, thresholds and, before opening, who must report."""
        period = self.get_object()
        period.change(by=person_of(request), on=today(), **self._given(ChangePeriodSerializer))
        return Response(PeriodSerializer(period).data)

    @extend_schema(request=AgencyReasonSerializer, responses=PeriodSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Ask one more agency after the period was opened."""
        period = self.get_object()
        period.ask(by=person_of(request), on=today(), **self.checked(AgencyReasonSerializer))
        return Response(PeriodSerializer(period).data)

    @extend_schema(request=AgencyReasonSerializer, responses=PeriodSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Know before opening that an agency does not report."""
        period = self.get_object()
        period.except_for(by=person_of(request), on=today(), **self.checked(AgencyReasonSerializer))
        return Response(PeriodSerializer(period).data)

    @extend_schema(request=AgencyReasonSerializer, responses=PeriodSerializer)
    @action(detail=True, methods=["post"], url_path="release-no-more")
    def release_no_more(self, request: Request, pk: str) -> Response:
        """Take such an exception back before the period is opened."""
        period = self.get_object()
        period.except_no_more(self.checked(AgencyReasonSerializer)["agency"], by=person_of(request), on=today())
        return Response(PeriodSerializer(period).data)

    @extend_schema(responses=ReporterSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def reporters(self, request: Request, pk: str) -> Response:
        """Return who must report if the period opens today, to whom and why."""
        period = get_object_or_404(Period.objects.overseen_by(person_of(request)), pk=pk)
        return Response(ReporterSerializer(period.reporters(today()), many=True).data)

    @extend_schema(
        responses=DeskRowSerializer(many=True),
        parameters=[OpenApiParameter("collector", OpenApiTypes.INT, description="Cơ quan cấp trên tiếp nhận")],
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def desk(self, request: Request, pk: str) -> Response:
        """Return who has and has not submitted: the coordinator's desk, or that of ``collector`` over its units."""
        user, period = person_of(request), self.get_object()
        asked = request.query_params.get("collector", "")
        collector = get_object_or_404(collectors_of(period), pk=whole_number(asked)) if asked else None
        if collector is None or collector.pk not in access_of(user).own:
            get_object_or_404(Period.objects.overseen_by(user), pk=pk)
        return Response(DeskRowSerializer(desk_rows(period, collector, user=user, on=today()), many=True).data)

    def _given(self, serializer: type[ChangePeriodSerializer]) -> dict[str, Any]:
        body = serializer(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return body.values()
