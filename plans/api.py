"""API of plans, tasks and work items: the same querysets, filters and verbs as the pages."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import access_of, person_of
from agencies.models import Agency
from plans.api_verbs import ReasonSerializer, VerbViewSet
from plans.files import EVIDENCE_TYPES, check_upload, file_response
from plans.filters import PlanFilter, TaskFilter, WorkItemFilter
from plans.forms import PLAN_TYPES, PlanHeadForm, whole_number
from plans.giving_api import GivingActions
from plans.importing.requesting import read_again, read_soon
from plans.importing.saving import confirm_draft
from plans.importing.starting import store_document
from plans.models import Evidence, ImportDraft, Plan, Task, Update, WorkItem
from plans.models.occurrence import Timeliness
from plans.models.work import NewEvidence
from plans.progress_api import FigureSerializer
from workdays.clock import today


class PlanSerializer(serializers.ModelSerializer):
    """A plan's head."""

    coordinating_agency_name = serializers.CharField(source="coordinating_agency.name", read_only=True)

    class Meta:
        model = Plan
        fields = [
            "id", "number", "title", "issuer", "signed_on", "signer", "year", "target", "status", "activated_on",
            "coordinating_agency", "coordinating_agency_name", "parent", "before_is_inclusive", "leaders_approve",
        ]  # fmt: skip


class DeadlineField(serializers.Serializer):
    """What was understood of the time cell."""

    kind = serializers.CharField()
    due_dates = serializers.ListField(child=serializers.DateField())
    completes = serializers.CharField()
    ambiguous = serializers.BooleanField()
    why = serializers.CharField()


class TaskSerializer(serializers.ModelSerializer):
    """A task with the words as printed."""

    section_title = serializers.CharField(source="section.title", default="", read_only=True)
    deadline = DeadlineField(read_only=True)

    class Meta:
        model = Task
        fields = [
            "id", "plan", "position", "number", "section_title", "text", "product", "funding", "note", "agencies_text",
            "coordinating_text", "time_text", "place", "is_report", "deadline",
        ]  # fmt: skip


class StateSerializer(serializers.ModelSerializer):
    """The state of an agency on a task: what everybody in the province sees, without words."""

    agency_name = serializers.CharField(source="agency.name", read_only=True)
    timeliness = serializers.SerializerMethodField()

    class Meta:
        model = WorkItem
        fields = ["agency", "agency_name", "role", "kind", "due_date", "state", "percent", "timeliness"]

    @cached_property
    def _today(self) -> date:
        """The working day, asked once for all rows of an answer."""
        return today()

    def get_timeliness(self, item: WorkItem) -> Timeliness:
        """Return the second axis as of today."""
        return item.timeliness(self._today)


class EvidenceSerializer(serializers.ModelSerializer):
    """A file of evidence; its address hands it out."""

    url = serializers.HyperlinkedIdentityField(view_name="api-evidence-file")

    class Meta:
        model = Evidence
        fields = ["id", "name", "size", "dated_on", "url"]


class UpdateSerializer(serializers.ModelSerializer):
    """Progress as it was reported."""

    by = serializers.CharField(source="by.full_name", read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    figures = FigureSerializer(many=True, read_only=True)

    class Meta:
        model = Update
        fields = [
            "id",
            "item",
            "by",
            "on",
            "at",
            "percent",
            "words",
            "on_behalf",
            "corrects",
            "shared_from",
            "evidence",
            "figures",
        ]


class WorkItemSerializer(StateSerializer):
    """A work item whose words the user may see."""

    task_text = serializers.CharField(source="task.text", read_only=True)
    plan = serializers.IntegerField(source="task.plan_id", read_only=True)

    class Meta:
        model = WorkItem
        fields = [
            "id", "plan", "task", "task_text", "agency", "agency_name", "role", "kind", "due_date", "original_due_date",
            "state", "timeliness", "percent", "responsible", "handed_in_on", "completed_on", "return_until",
            "last_update_on", "part_of", "proposed_on", "proposed_by", "revision",
        ]  # fmt: skip


class NewUpdateSerializer(serializers.Serializer):
    """What an update takes; files as multipart form data under `files`."""

    percent = serializers.IntegerField(min_value=0, max_value=100)
    words = serializers.CharField(max_length=10_000)
    revision = serializers.IntegerField(required=False)
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), required=False)
    dated_on = serializers.DateField(required=False, allow_null=True)
    corrects = serializers.IntegerField(required=False, help_text="Cập nhật của chính đầu việc này được đính chính.")
    figures = serializers.DictField(
        child=serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0),
        required=False,
        help_text='Target id → value, e.g. {"12": "85.5"}; as form data: figures.12=85.5',
    )

    def validate_figures(self, figures: dict[str, Decimal]) -> dict[int, Decimal]:
        """Read the ids."""
        ids = {key: whole_number(key) for key in figures}
        if None in ids.values():
            raise serializers.ValidationError("Khóa phải là số hiệu của chỉ tiêu.")
        return {number: figures[key] for key, number in ids.items() if number is not None}

    def validate_files(self, files: list[UploadedFile]) -> list[UploadedFile]:
        """Check size and type of each."""
        for file in files:
            check_upload(file, EVIDENCE_TYPES)
        return files


class DocumentSerializer(serializers.Serializer):
    """The superior's document, needed for the coordinating agency's own work."""

    document = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PlanViewSet(viewsets.ReadOnlyModelViewSet):
    """Plans of the province."""

    queryset = Plan.objects.none()
    serializer_class = PlanSerializer
    filterset_class = PlanFilter

    def get_queryset(self) -> QuerySet[Plan]:
        """Start with what the user may see."""
        return Plan.objects.visible_to(person_of(self.request)).select_related("coordinating_agency")


class TaskViewSet(viewsets.ReadOnlyModelViewSet):
    """Tasks of the plans, and the state of each agency on them."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[Task]:
        """Start with what the user may see."""
        return Task.objects.visible_to(person_of(self.request)).select_related("section", "deadline")

    @extend_schema(responses=StateSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def states(self, request: Request, pk: str) -> Response:
        """Return every agency's state on the task."""
        items = WorkItem.objects.state_visible_to(person_of(request)).given().filter(task=self.get_object()).for_lists()
        return Response(StateSerializer(items, many=True).data)


class WorkItemViewSet(GivingActions, viewsets.ReadOnlyModelViewSet):
    """Work items the user may read, and the verbs on them."""

    queryset = WorkItem.objects.none()
    serializer_class = WorkItemSerializer
    filterset_class = WorkItemFilter
    parser_classes = [JSONParser, MultiPartParser, FormParser]

    def get_queryset(self) -> QuerySet[WorkItem]:
        """Start with what the user may see; the list leaves parts of others out unless `part` asks for them."""
        items = WorkItem.objects.visible_to(person_of(self.request))
        if self.action == "list" and not self.request.query_params.get("part"):
            items = items.listed_for(person_of(self.request))
        return items.for_lists().most_urgent_first()

    @extend_schema(methods=["GET"], responses=UpdateSerializer(many=True))
    @extend_schema(methods=["POST"], request=NewUpdateSerializer, responses={201: UpdateSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def updates(self, request: Request, pk: str) -> Response:
        """List the updates of the item, or record one."""
        item = self.get_object()
        if request.method == "GET":
            updates = item.updates.select_related("by").prefetch_related("evidence", "figures")
            return Response(UpdateSerializer(updates, many=True, context={"request": request}).data)
        data = self.checked(NewUpdateSerializer)
        update = item.record_update(
            by=person_of(request),
            on=today(),
            percent=data["percent"],
            words=data["words"],
            revision=data.get("revision"),
            evidence=[NewEvidence(file, file.name, data.get("dated_on")) for file in data.get("files", [])],
            corrects=_corrected(item, data.get("corrects")),
            figures=data.get("figures"),
        )
        return Response(UpdateSerializer(update, context={"request": request}).data, status=201)

    @extend_schema(request=None, responses=WorkItemSerializer)
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request: Request, pk: str) -> Response:
        """Say that the item is done."""
        item = self.get_object()
        item.hand_in(by=person_of(request), on=today())
        return Response(self.get_serializer(item).data)

    @extend_schema(request=DocumentSerializer, responses=WorkItemSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Accept what was handed in."""
        item = self.get_object()
        item.confirm(by=person_of(request), on=today(), document=self.checked(DocumentSerializer)["document"])
        return Response(self.get_serializer(item).data)

    @extend_schema(request=ReasonSerializer, responses=WorkItemSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return it with a reason."""
        item = self.get_object()
        item.send_back(by=person_of(request), on=today(), reason=self.checked(ReasonSerializer)["reason"])
        return Response(self.get_serializer(item).data)


class EvidenceViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Files of evidence."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceSerializer

    def get_queryset(self) -> QuerySet[Evidence]:
        """Start with what the user may see."""
        return Evidence.objects.visible_to(person_of(self.request))

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True, url_path="file")
    def file(self, request: Request, pk: str) -> Any:
        """Hand out the file."""
        evidence = self.get_object()
        return file_response(evidence.file, evidence.name)


class ImportDraftSerializer(serializers.ModelSerializer):
    """An import under way with its proposal (shape of `read_plan --json`)."""

    document = serializers.FileField(write_only=True, allow_empty_file=True)
    proposal = serializers.JSONField(read_only=True)

    class Meta:
        model = ImportDraft
        fields = [
            "id", "document", "document_name", "coordinating_agency", "uploaded_at", "state", "stage", "done", "total",
            "attempts", "fault", "fault_code", "revision", "proposal", "plan",
        ]  # fmt: skip
        read_only_fields = [name for name in fields if name not in ("document", "coordinating_agency")]

    def validate_coordinating_agency(self, agency: Agency) -> Agency:
        """Only for agencies whose plans the user coordinates."""
        if agency.pk not in access_of(person_of(self.context["request"])).coordinates:
            raise serializers.ValidationError("Anh/chị không điều phối kế hoạch của cơ quan này.")
        return agency

    def validate_document(self, file: UploadedFile) -> UploadedFile:
        """Check size and type."""
        check_upload(file, PLAN_TYPES)
        return file

    def create(self, data: dict[str, Any]) -> ImportDraft:
        """Keep the document and read it: at once when that is quick, else a worker does, and `state` is "reading"."""
        file = data["document"]
        user = person_of(self.context["request"])
        draft = store_document(data=file.read(), name=file.name, by=user, agency=data["coordinating_agency"])
        read_soon(draft)
        return draft


class PlanHeadSerializer(serializers.ModelSerializer):
    """The head of the plan as checked by a person."""

    skip_early = serializers.BooleanField(required=False, default=False)
    revision = serializers.IntegerField()

    class Meta:
        model = Plan
        fields = [*PlanHeadForm.Meta.fields, "skip_early", "revision"]


class ImportDraftViewSet(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Imports: send a document, ask until it is read (`state`, `stage`, `done` of `total`), look at the proposal, confirm."""

    queryset = ImportDraft.objects.none()
    serializer_class = ImportDraftSerializer
    parser_classes = [MultiPartParser, JSONParser]

    def get_queryset(self) -> QuerySet[ImportDraft]:
        """Start with what the user may see."""
        return (
            ImportDraft.objects.visible_to(person_of(self.request))
            .select_related("province", "coordinating_agency")
            .prefetch_related("rows")
        )

    @extend_schema(request=None, responses=ImportDraftSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Read a document again that could not be read, or one that no worker has taken."""
        draft = self.get_object()
        read_again(draft)
        draft.refresh_from_db()
        return Response(self.get_serializer(draft).data)

    @extend_schema(request=PlanHeadSerializer, responses={201: PlanSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Make the plan and its work."""
        draft = self.get_object()
        head = self.checked(PlanHeadSerializer)
        draft.revision = head.pop("revision")
        skip_early = head.pop("skip_early")
        plan = confirm_draft(draft, head=Plan(**head), by=person_of(request), on=today(), skip_early=skip_early)
        return Response(PlanSerializer(plan).data, status=201)


def _corrected(item: WorkItem, pk: int | None) -> Update | None:
    """Return the update of the item that is corrected, if any is named; 400 for one that is not the item's."""
    if pk is None:
        return None
    update = item.updates.filter(pk=pk).first()
    if update is None:
        raise serializers.ValidationError({"corrects": "Đầu việc không có cập nhật này."})
    return update
