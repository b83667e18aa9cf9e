"""API of agencies' reports: the same querysets and verbs as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from plans.api_verbs import ReasonSerializer, VerbViewSet
from plans.forms import whole_number
from reports.filling import fill
from reports.filters import ReportFilter
from reports.forms import LONGEST
from reports.models import Report, ReportAttachment, ReportLine
from workdays.clock import today


class ReportLineSerializer(serializers.ModelSerializer):
    """One task in a report; ``evidence`` lists the newest files: id, name, dated_on, on (the day of the update)."""

    class Meta:
        model = ReportLine
        fields = [
            "id", "task", "position", "section", "text", "role", "due_date", "time_text", "state", "timeliness", "percent",
            "deliveries", "done", "done_on_time", "overdue", "results", "prefilled", "targets", "evidence",
        ]  # fmt: skip


class AttachmentSerializer(serializers.ModelSerializer):
    """A file that goes with a report; ``url`` hands it out to whoever may see the report."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = ReportAttachment
        fields = ["id", "name", "size", "at", "url"]


class WrittenSectionSerializer(serializers.Serializer):
    """A section of the outline with this report's words and those that the product took from the obstacle desk."""

    key = serializers.CharField()
    title = serializers.CharField()
    hint = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    source = serializers.CharField()  # type: ignore[assignment]
    words = serializers.CharField()
    prefilled = serializers.CharField()


class ReportSerializer(serializers.ModelSerializer):
    """An agency's report; names are those of the day on which it left the agency's desk."""

    agency_name = serializers.CharField(read_only=True)
    addressee_name = serializers.CharField(read_only=True)
    sections = serializers.SerializerMethodField()
    attachments = AttachmentSerializer(many=True, read_only=True)

    class Meta:
        model = Report
        fields = [
            "id", "period", "agency", "agency_name", "addressee_name", "collector", "due_date", "state", "words",
            "sections", "obstacle_rows", "attachments", "number", "dated_on", "signer", "signed_as", "filled_on",
            "submitted_on", "return_until", "excluded_reason", "revision",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WrittenSectionSerializer(many=True))
    def get_sections(self, report: Report) -> list[dict[str, Any]]:
        """Return the outline with its words."""
        return [
            {
                "key": section.key,
                "title": section.title,
                "hint": section.hint,
                "required": section.required,
                "source": section.source,
                "words": text,
                "prefilled": report.prefilled.get(section.key, ""),
            }
            for section, text in report.sections()
        ]


class WriteReportSerializer(serializers.ModelSerializer):
    """What an officer writes: ``words`` by section key; ``lines`` maps a line's id to its words."""

    revision = serializers.IntegerField()
    words = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST), required=False)
    lines = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST), required=False)

    class Meta:
        model = Report
        fields = ["words", "number", "dated_on", "signer", "revision", "lines"]


class RestoreSerializer(serializers.Serializer):
    """Which text gives way to the product's own words: a section by its key, or a line by its id."""

    revision = serializers.IntegerField()
    section = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    line = serializers.IntegerField(required=False, default=None, allow_null=True)


class ApproveReportSerializer(serializers.Serializer):
    """The revision that was read."""

    revision = serializers.IntegerField(required=False)


class PaperSerializer(serializers.ModelSerializer):
    """The signed paper: its details, and its scan or digitally signed PDF."""

    signed_file = serializers.FileField(required=False)

    class Meta:
        model = Report
        fields = ["number", "dated_on", "signer", "signed_as", "signed_file"]


class OnBehalfSerializer(serializers.Serializer):
    """On which day the signed paper came, and a remark for the history."""

    came_on = serializers.DateField()
    words = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class FilesSerializer(serializers.Serializer):
    """Files that go with a report."""

    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), min_length=1)


class PlaceSerializer(serializers.Serializer):
    """A place of the report's page."""

    label = serializers.CharField()  # type: ignore[assignment]
    anchor = serializers.CharField()


class CheckSerializer(serializers.Serializer):
    """One thing that is missing: ``holds_up`` says whether the report cannot be approved without it."""

    words = serializers.CharField()
    holds_up = serializers.BooleanField()
    places = PlaceSerializer(many=True)


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Reports the user may read, and the verbs on them."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Report]:
        """Start with what the user may see."""
        reports = Report.objects.visible_to(person_of(self.request))
        related = ("agency__province", "agency__parent", "collector", "period__plan__coordinating_agency", "item")
        return reports.select_related(*related).prefetch_related("attachments")

    @extend_schema(request=WriteReportSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str) -> Response:
        """Save the officer's words."""
        paper = self.checked(WriteReportSerializer)
        revision = paper.pop("revision")
        given = paper.pop("lines", {}).items()
        words = paper.pop("words", {})
        lines = {number: said for key, said in given if (number := whole_number(key)) is not None}
        told = {"revision": revision, "words": words, "results_by_line": lines, "paper": paper}
        return self._verb(lambda report: report.write(by=person_of(request), on=today(), **told))

    @extend_schema(request=RestoreSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Put the words of the obstacle desk back into a section, or those of the latest update on a line."""
        asked = self.checked(RestoreSerializer)
        return self._verb(lambda report: report.restore(by=person_of(request), **asked))

    @extend_schema(request=PaperSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def paper(self, request: Request, pk: str) -> Response:
        """Record the signed paper: number, day, signer, and its PDF."""
        paper = self.checked(PaperSerializer)
        file = paper.pop("signed_file", None)
        told = {"file": file, "name": file.name if file else "", "on": today(), **paper}
        return self._verb(lambda report: report.attach(by=person_of(request), **told))

    @extend_schema(request={"multipart/form-data": FilesSerializer}, responses=ReportSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def attachments(self, request: Request, pk: str) -> Response:
        """Add files that go with the report."""
        files = self.checked(FilesSerializer)["files"]
        return self._verb(lambda report: report.add_attachments(files, by=person_of(request)))

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["delete"], url_path="attachments/(?P<attachment>[0-9]{1,18})")
    def attachment(self, request: Request, pk: str, attachment: str) -> Response:
        """Take an attached file away again."""
        return self._verb(lambda report: report.remove_attachment(int(attachment), by=person_of(request)))

    @extend_schema(responses=ReportLineSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def lines(self, request: Request, pk: str) -> Response:
        """Return the lines, prefilled while it is a draft."""
        report = self.get_object()
        fill(report, today())
        return Response(ReportLineSerializer(report.lines.all(), many=True).data)

    @extend_schema(responses=CheckSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def checks(self, request: Request, pk: str) -> Response:
        """Return what is missing before the report may be approved, and what is only worth a look."""
        report = self.get_object()
        found = [(check, True) for check in report.checks()] + [(check, False) for check in report.remarks()]
        rows = [
            {
                "words": check.words,
                "holds_up": holds_up,
                "places": [{"label": label, "anchor": anchor} for label, anchor in check.places],
            }
            for check, holds_up in found
        ]
        return Response(CheckSerializer(rows, many=True).data)

    @extend_schema(request=ApproveReportSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """The leader approves it; with ``revision``, only as it was read."""
        seen = self.checked(ApproveReportSerializer)
        return self._verb(lambda report: report.approve(by=person_of(request), on=today(), **seen))

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

    @extend_schema(request=OnBehalfSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path="submit-on-behalf")
    def submit_on_behalf(self, request: Request, pk: str) -> Response:
        """Record a report whose signed paper (see ``paper``) came another way; by whoever collects it, marked."""
        told = self.checked(OnBehalfSerializer)

        def submit(report: Report) -> None:
            fill(report, today())
            report.submit_on_behalf(by=person_of(request), on=today(), **told)

        return self._verb(submit)

    @extend_schema(request=None, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take it."""
        return self._verb(lambda report: report.accept(by=person_of(request), on=today()))

    @extend_schema(request=ReasonSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return it with a reason."""
        return self._with_reason(request, Report.send_back)

    @extend_schema(request=ReasonSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def exclude(self, request: Request, pk: str) -> Response:
        """Release the agency from this period, with a reason."""
        return self._with_reason(request, Report.exclude)

    @extend_schema(request=ReasonSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def include(self, request: Request, pk: str) -> Response:
        """Ask an excluded agency for its report after all, with a reason."""
        return self._with_reason(request, Report.include)

    def _with_reason(self, request: Request, verb: Callable[..., None]) -> Response:
        reason = self.checked(ReasonSerializer)["reason"]
        return self._verb(lambda report: verb(report, by=person_of(request), on=today(), reason=reason))

    def checked(self, serializer: type[serializers.BaseSerializer]) -> dict[str, Any]:
        """Return what was sent, checked; who may not see the report learns nothing of what could be sent."""
        self.get_object()
        return super().checked(serializer)

    def _verb(self, verb: Callable[[Report], None]) -> Response:
        report = self.get_object()
        verb(report)
        return Response(self.get_serializer(self.get_object()).data)
