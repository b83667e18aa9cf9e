"""API of the extension desk and the obstacle desk: the same querysets, filters and verbs as the pages."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from agencies.models import Agency
from plans.api_verbs import VerbViewSet, VisibleField
from plans.files import EVIDENCE_TYPES, check_upload, file_response
from plans.filters import ExtensionFilter, ObstacleFilter
from plans.models import Extension, ExtensionEvent, Obstacle, ObstacleEvent, Task, WorkItem
from plans.models.extension import SuperiorDocument
from plans.models.work import NewEvidence
from workdays.clock import today


class ClockSerializer(serializers.ModelSerializer):
    """What both requests say of time, as of today: whole days since asked, days at this step, 48 hours or more."""

    days_open = serializers.SerializerMethodField()
    days_waiting = serializers.SerializerMethodField()
    waits_long = serializers.SerializerMethodField()

    @cached_property
    def _today(self) -> date:
        """The working day, asked once for all rows of an answer."""
        return today()

    def get_days_open(self, row: Extension | Obstacle) -> int:
        """Return the calendar days from asking to the end, or to today."""
        return row.days_open(self._today)

    def get_days_waiting(self, row: Extension | Obstacle) -> int:
        """Return the calendar days that whoever has to act has had so far."""
        return row.days_waiting(self._today)

    def get_waits_long(self, row: Extension | Obstacle) -> bool:
        """Say whether the present step has waited 48 hours or more."""
        return row.waits_long(self._today)


class ExtensionSerializer(ClockSerializer):
    """A request for a later due date."""

    plan = serializers.IntegerField(source="item.task.plan_id", read_only=True)
    agency = serializers.IntegerField(source="item.agency_id", read_only=True)
    agency_name = serializers.CharField(source="item.agency.name", read_only=True)

    class Meta:
        model = Extension
        fields = [
            "id", "item", "plan", "agency", "agency_name", "ordinal", "state", "due_date", "asked_until", "offered_until",
            "granted_until", "reason", "asked_on", "on_behalf", "since", "decided_on", "answer", "document_number",
            "document_date", "document_issuer", "file_name", "days_open", "days_waiting", "waits_long",
        ]  # fmt: skip
        read_only_fields = fields


class ObstacleSerializer(ClockSerializer):
    """An obstacle and its answer. Opening the item or the task needs their own rights."""

    plan = serializers.IntegerField(source="task.plan_id", read_only=True)
    agency_name = serializers.CharField(source="agency.name", read_only=True)
    addressee_name = serializers.CharField(source="addressee.name", read_only=True)

    class Meta:
        model = Obstacle
        fields = [
            "id", "plan", "task", "item", "agency", "agency_name", "words", "cause", "proposal", "addressee",
            "addressee_name", "state", "raised_on", "on_behalf", "since", "answer", "answer_document", "answered_on",
            "answered_on_behalf", "settled_on", "revision", "file_name", "days_open", "days_waiting", "waits_long",
        ]  # fmt: skip
        read_only_fields = fields


class ExtensionEventSerializer(serializers.ModelSerializer):
    """A step of a request."""

    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = ExtensionEvent
        fields = ["kind", "by", "on", "at", "words"]


class ObstacleEventSerializer(serializers.ModelSerializer):
    """A step of an obstacle."""

    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = ObstacleEvent
        fields = ["kind", "by", "on", "at", "words", "to", "on_behalf"]


class WithFile(serializers.Serializer):
    """A body that may carry one file (multipart form data)."""

    file = serializers.FileField(required=False, allow_empty_file=True)

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        """Check size and type."""
        check_upload(file, EVIDENCE_TYPES)
        return file


class NewExtensionSerializer(WithFile):
    """What asking takes."""

    item = VisibleField(queryset=WorkItem.objects.all())
    until = serializers.DateField()
    reason = serializers.CharField(max_length=4000)


class NewObstacleSerializer(WithFile):
    """What raising takes: an item, or a task with the agency; without addressee it goes to the coordinating agency."""

    item = VisibleField(queryset=WorkItem.objects.all(), required=False)
    task = VisibleField(queryset=Task.objects.all(), required=False)
    agency = VisibleField(queryset=Agency.objects.all(), required=False)
    addressee = VisibleField(queryset=Agency.objects.all(), required=False)
    words = serializers.CharField(max_length=10_000)
    cause = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    proposal = serializers.CharField(max_length=10_000)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Take task and agency from the item where there is one."""
        item = data.get("item")
        if item is not None:
            return data | {"task": item.task, "agency": item.agency}
        if "task" not in data or "agency" not in data:
            raise serializers.ValidationError("Hãy gửi item, hoặc task cùng agency.")
        return data


class SuperiorDocumentSerializer(serializers.Serializer):
    """The superior's document."""

    number = serializers.CharField(max_length=100)
    dated_on = serializers.DateField()
    issuer = serializers.CharField(max_length=255)


class ApproveSerializer(serializers.Serializer):
    """An approval; another day than the one asked for only by the superior's document."""

    words = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    until = serializers.DateField(required=False, allow_null=True, default=None)
    document = SuperiorDocumentSerializer(required=False, allow_null=True, default=None)


class RefuseSerializer(serializers.Serializer):
    """A refusal with its reason."""

    reason = serializers.CharField(max_length=4000)
    document = SuperiorDocumentSerializer(required=False, allow_null=True, default=None)


class OfferSerializer(serializers.Serializer):
    """Another day, and why."""

    until = serializers.DateField()
    words = serializers.CharField(max_length=4000)


class WordsSerializer(serializers.Serializer):
    """Words that must be there."""

    words = serializers.CharField(max_length=4000)


class MaybeWordsSerializer(serializers.Serializer):
    """Words that may be there, and the revision that was looked at."""

    words = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    revision = serializers.IntegerField(required=False, allow_null=True, default=None)


class AnswerSerializer(serializers.Serializer):
    """An answer, with its document if there is one."""

    words = serializers.CharField(max_length=10_000)
    document = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    revision = serializers.IntegerField(required=False, allow_null=True, default=None)


class ForwardSerializer(serializers.Serializer):
    """The agency to which an obstacle goes on, and why."""

    to = VisibleField(queryset=Agency.objects.all())
    reason = serializers.CharField(max_length=4000)
    revision = serializers.IntegerField(required=False, allow_null=True, default=None)


class DeskViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """What both desks share."""

    parser_classes = [JSONParser, MultiPartParser, FormParser]


class ExtensionViewSet(DeskViewSet):
    """Requests for a later due date, and the decisions on them."""

    queryset = Extension.objects.none()
    serializer_class = ExtensionSerializer
    filterset_class = ExtensionFilter

    def get_queryset(self) -> QuerySet[Extension]:
        """Start with what the user may see."""
        return Extension.objects.visible_to(person_of(self.request)).for_lists()

    @extend_schema(request=NewExtensionSerializer, responses={201: ExtensionSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a later due date."""
        data = self.checked(NewExtensionSerializer)
        file = _new_file(data.pop("file", None))
        return self.shown(Extension.ask(data.pop("item"), **self.now, file=file, **data), status=201)

    @extend_schema(responses=ExtensionEventSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def events(self, request: Request, pk: str) -> Response:
        """List the steps in their order."""
        return Response(ExtensionEventSerializer(self.get_object().events.select_related("by"), many=True).data)

    @extend_schema(request=ApproveSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Grant the day; the item's due date moves."""
        row, data = self.get_object(), self.checked(ApproveSerializer)
        row.approve(**self.now, **data | {"document": _document(data["document"])})
        return self.shown(row)

    @extend_schema(request=RefuseSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse, with a reason."""
        row, data = self.get_object(), self.checked(RefuseSerializer)
        row.refuse(**self.now, **data | {"document": _document(data["document"])})
        return self.shown(row)

    @extend_schema(request=WordsSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def forward(self, request: Request, pk: str) -> Response:
        """Put it before the superior."""
        row = self.get_object()
        row.forward(**self.now, **self.checked(WordsSerializer))
        return self.shown(row)

    @extend_schema(request=OfferSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, pk: str) -> Response:
        """Offer another day."""
        row = self.get_object()
        row.offer(**self.now, **self.checked(OfferSerializer))
        return self.shown(row)

    @extend_schema(request=None, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"], url_path="accept-offer")
    def accept_offer(self, request: Request, pk: str) -> Response:
        """Take the day that was offered."""
        row = self.get_object()
        row.accept_offer(**self.now)
        return self.shown(row)

    @extend_schema(request=WordsSerializer, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"], url_path="decline-offer")
    def decline_offer(self, request: Request, pk: str) -> Response:
        """Decline the day that was offered."""
        row = self.get_object()
        row.decline_offer(**self.now, reason=self.checked(WordsSerializer)["words"])
        return self.shown(row)

    @extend_schema(request=None, responses=ExtensionSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back."""
        row = self.get_object()
        row.withdraw(**self.now)
        return self.shown(row)

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> Any:
        """Hand out the file."""
        row = self.get_object()
        return file_response(row.file, row.file_name)


class ObstacleViewSet(DeskViewSet):
    """Obstacles, and what is done about them."""

    queryset = Obstacle.objects.none()
    serializer_class = ObstacleSerializer
    filterset_class = ObstacleFilter

    def get_queryset(self) -> QuerySet[Obstacle]:
        """Start with what the user may see."""
        return Obstacle.objects.visible_to(person_of(self.request)).for_lists()

    @extend_schema(request=NewObstacleSerializer, responses={201: ObstacleSerializer})
    def create(self, request: Request) -> Response:
        """Raise an obstacle."""
        data = self.checked(NewObstacleSerializer)
        file = _new_file(data.pop("file", None))
        return self.shown(Obstacle.put(**self.now, file=file, **data), status=201)

    @extend_schema(responses=ObstacleEventSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def events(self, request: Request, pk: str) -> Response:
        """List the steps in their order."""
        return Response(ObstacleEventSerializer(self.get_object().events.select_related("by"), many=True).data)

    @extend_schema(request=AnswerSerializer, responses=ObstacleSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer."""
        row = self.get_object()
        row.answer_it(**self.now, **self.checked(AnswerSerializer))
        return self.shown(row)

    @extend_schema(request=ForwardSerializer, responses=ObstacleSerializer)
    @action(detail=True, methods=["post"])
    def forward(self, request: Request, pk: str) -> Response:
        """Pass it on to another agency."""
        row = self.get_object()
        row.forward(**self.now, **self.checked(ForwardSerializer))
        return self.shown(row)

    @extend_schema(request=MaybeWordsSerializer, responses=ObstacleSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Close it."""
        row = self.get_object()
        row.settle(**self.now, **self.checked(MaybeWordsSerializer))
        return self.shown(row)

    @extend_schema(request=MaybeWordsSerializer, responses=ObstacleSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Ask again."""
        row = self.get_object()
        row.reopen(**self.now, **self.checked(MaybeWordsSerializer))
        return self.shown(row)

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> Any:
        """Hand out the file."""
        row = self.get_object()
        return file_response(row.file, row.file_name)


def _new_file(file: UploadedFile | None) -> NewEvidence | None:
    return NewEvidence(file, file.name or "tệp") if file else None


def _document(data: dict[str, Any] | None) -> SuperiorDocument | None:
    return SuperiorDocument(**data) if data else None
