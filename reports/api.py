"""API of periods, reports and consolidations: the same querysets and verbs as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from plans.api import ReasonSerializer
from plans.files import file_response
from plans.forms import whole_number
from reports.consolidating import consolidate
from reports.filling import fill
from reports.filters import ConsolidationFilter, PeriodFilter, ReportFilter
from reports.forms import LONGEST
from reports.models import Consolidation, Period, Report, ReportLine
from workdays.clock import today


class PeriodSerializer(serializers.ModelSerializer):
    """A reporting period."""

    class Meta:
        model = Period
        fields = ["id", "plan", "name", "begins_on", "ends_on", "cut_off", "due_date", "status", "opened_on"]


class ReportLineSerializer(serializers.ModelSerializer):
    """One task in a report."""

    class Meta:
        model = ReportLine
        fields = [
            "id", "task", "position", "section", "text", "role", "due_date", "time_text", "state", "timeliness", "percent",
            "deliveries", "done", "done_on_time", "overdue", "results",
        ]  # fmt: skip


class ReportSerializer(serializers.ModelSerializer):
    """An agency's report."""

    agency_name = serializers.CharField(source="agency.name", read_only=True)

    class Meta:
        model = Report
        fields = [
            "id", "period", "agency", "agency_name", "state", "results", "shortcomings", "obstacles", "proposals", "outlook",
            "number", "dated_on", "signer", "submitted_on", "excluded_reason", "revision",
        ]  # fmt: skip
        read_only_fields = ["period", "agency", "state", "submitted_on", "excluded_reason"]


class WriteReportSerializer(serializers.ModelSerializer):
    """What an officer writes; ``lines`` maps a line's id to its words."""

    revision = serializers.IntegerField()
    lines = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST), required=False)

    class Meta:
        model = Report
        fields = [*Report.NARRATIVE, "number", "dated_on", "signer", "revision", "lines"]
        extra_kwargs = {name: {"max_length": LONGEST} for name in Report.NARRATIVE}


class PaperSerializer(serializers.ModelSerializer):
    """The signed paper: its details, and its scan or digitally signed PDF."""

    signed_file = serializers.FileField(required=False)

    class Meta:
        model = Report
        fields = ["number", "dated_on", "signer", "signed_file"]


class ConsolidationSerializer(serializers.ModelSerializer):
    """A frozen version of the province's report."""

    class Meta:
        model = Consolidation
        fields = ["id", "period", "version", "made_on", "figures", "narrative", "document_hash"]


class PeriodViewSet(viewsets.ReadOnlyModelViewSet):
    """Reporting periods and their opening, closing and consolidation."""

    queryset = Period.objects.none()
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter

    def get_queryset(self) -> QuerySet[Period]:
        """Start with what the user may see."""
        return Period.objects.visible_to(person_of(self.request)).select_related("plan")

    @extend_schema(request=None, responses=PeriodSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Open the period."""
        period = self.get_object()
        period.open(by=person_of(request), on=today())
        return Response(self.get_serializer(period).data)

    @extend_schema(request=None, responses=PeriodSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close the period."""
        period = self.get_object()
        period.close(by=person_of(request))
        return Response(self.get_serializer(period).data)

    @extend_schema(request=None, responses={201: ConsolidationSerializer})
    @action(detail=True, methods=["post"])
    def consolidate(self, request: Request, pk: str) -> Response:
        """Make a new frozen version of the province's report."""
        made = consolidate(self.get_object(), by=person_of(request), on=today())
        return Response(ConsolidationSerializer(made).data, status=201)


class ReportViewSet(viewsets.ReadOnlyModelViewSet):
    """Reports the user may read, and the verbs on them."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Report]:
        """Start with what the user may see."""
        return Report.objects.visible_to(person_of(self.request)).select_related("agency", "period__plan", "item")

    @extend_schema(request=WriteReportSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str) -> Response:
        """Save the officer's words."""
        report = self.get_object()
        words = _checked(WriteReportSerializer, request)
        revision = words.pop("revision")
        given = words.pop("lines", {}).items()
        lines = {number: said for key, said in given if (number := whole_number(key)) is not None}
        report.write(by=person_of(request), revision=revision, words=words, results_by_line=lines)
        return Response(self.get_serializer(report).data)

    @extend_schema(request=PaperSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def paper(self, request: Request, pk: str) -> Response:
        """Record the signed paper: number, day, signer, and its PDF."""
        report = self.get_object()
        paper = _checked(PaperSerializer, request)
        file = paper.pop("signed_file", None)
        report.attach(by=person_of(request), file=file, name=file.name if file else "", **paper)
        return Response(self.get_serializer(report).data)

    @extend_schema(responses=ReportLineSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def lines(self, request: Request, pk: str) -> Response:
        """Return the lines, prefilled while it is a draft."""
        report = self.get_object()
        fill(report, today())
        return Response(ReportLineSerializer(report.lines.all(), many=True).data)

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """The leader approves it."""
        return self._verb(lambda report: report.approve(by=person_of(request), on=today()))

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take an approved report back to the desk."""
        return self._verb(lambda report: report.reopen(by=person_of(request), on=today()))

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send it."""
        return self._verb(lambda report: report.submit(by=person_of(request), on=today()))

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take it."""
        return self._verb(lambda report: report.accept(by=person_of(request), on=today()))

    @extend_schema(request=ReasonSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return it with a reason."""
        reason = _checked(ReasonSerializer, request)["reason"]
        return self._verb(lambda report: report.send_back(by=person_of(request), on=today(), reason=reason))

    def _verb(self, verb: Any) -> Response:
        report = self.get_object()
        verb(report)
        return Response(self.get_serializer(report).data)


class ConsolidationViewSet(viewsets.ReadOnlyModelViewSet):
    """Frozen versions, and their Word documents."""

    queryset = Consolidation.objects.none()
    serializer_class = ConsolidationSerializer
    filterset_class = ConsolidationFilter

    def get_queryset(self) -> QuerySet[Consolidation]:
        """Start with what the user may see."""
        return Consolidation.objects.visible_to(person_of(self.request))

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True)
    def document(self, request: Request, pk: str) -> Any:
        """Hand out the Word document."""
        made = self.get_object()
        return file_response(made.document, made.document_name)


def _checked(serializer: type[serializers.BaseSerializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
