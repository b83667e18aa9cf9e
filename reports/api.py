"""API of periods, reports and consolidations: the same querysets and verbs as the pages."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import person_of
from agencies.models import Agency
from plans.api_verbs import VisibleField
from plans.files import file_response
from reports.consolidating import consolidate
from reports.consolidating.differences import differences
from reports.filters import ConsolidationFilter, PeriodFilter
from reports.forms import LONGEST
from reports.models import (
    ConsolidatedLine,
    Consolidation,
    ConsolidationDocument,
    NarrativeDraft,
    Period,
    SignedAs,
    must_collect,
)
from reports.models.consolidation import ConsolidationQuerySet
from reports.period_api import PeriodSerializer, PeriodVerbs
from reports.tasks import ring
from workdays.clock import today


class ConsolidationDocumentSerializer(serializers.ModelSerializer):
    """A file of a version."""

    class Meta:
        model = ConsolidationDocument
        fields = ["kind", "name", "sha256", "size"]


class ConsolidationSerializer(serializers.ModelSerializer):
    """A frozen version of the province's report."""

    documents = ConsolidationDocumentSerializer(many=True, read_only=True)

    class Meta:
        model = Consolidation
        fields = [
            "id", "period", "collector", "version", "made_on", "made_at", "issuer", "signed_as", "signer", "figures",
            "figures_hash", "narrative", "progress", "failure", "documents",
        ]  # fmt: skip


class ConsolidatedLineSerializer(serializers.ModelSerializer):
    """One line of a version, as it was frozen."""

    class Meta:
        model = ConsolidatedLine
        exclude = ["id", "consolidation"]


class ConsolidateSerializer(serializers.Serializer):
    """What a new version is to be; ``words`` by section, elsewhere those of the working draft or the product's proposal."""

    collector = VisibleField(queryset=Agency.objects.all(), required=False, allow_null=True)
    issuer = serializers.ChoiceField(choices=Consolidation.Issuer.choices, required=False)
    signed_as = serializers.ChoiceField(choices=SignedAs.choices, required=False)
    signer = serializers.CharField(max_length=150, allow_blank=True, required=False)
    words = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST), required=False)
    revision = serializers.IntegerField(required=False, help_text="Lần sửa của dự thảo lời văn như đã thấy.")


class PeriodViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, PeriodVerbs):
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
        period.close(by=person_of(request), on=today())
        return Response(self.get_serializer(period).data)

    @extend_schema(request=ConsolidateSerializer, responses={201: ConsolidationSerializer})
    @action(detail=True, methods=["post"])
    def consolidate(self, request: Request, pk: str) -> Response:
        """Make a new frozen version: the province's, or ``collector``'s over the reports of its children."""
        period = self.get_object()
        asked = self.checked(ConsolidateSerializer)
        draft = NarrativeDraft.of(period, asked.get("collector"))
        words = draft.words | asked.pop("words", {})
        signing = {name: getattr(draft, name) for name in ("issuer", "signed_as", "signer")}
        made = consolidate(period, by=person_of(request), on=today(), narrative=words, **(signing | asked))
        return Response(ConsolidationSerializer(made).data, status=201)


class ConsolidationViewSet(viewsets.ReadOnlyModelViewSet):
    """Frozen versions, their single lines, documents and differences."""

    queryset = Consolidation.objects.none()
    serializer_class = ConsolidationSerializer
    filterset_class = ConsolidationFilter

    def get_queryset(self) -> ConsolidationQuerySet:
        """Start with what the user may see."""
        return Consolidation.objects.visible_to(person_of(self.request)).prefetch_related("documents")

    @extend_schema(responses=ConsolidatedLineSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def lines(self, request: Request, pk: str) -> Response:
        """Return the single lines, page by page, in the plan's order."""
        page = self.paginate_queryset(self.get_object().lines.order_by("position", "pk"))
        return self.get_paginated_response(ConsolidatedLineSerializer(page, many=True).data)

    @extend_schema(responses={200: dict})
    @action(detail=True, url_path=r"differences/(?P<other>\d+)")
    def differences(self, request: Request, pk: str, other: str) -> Response:
        """Return what differs between this version and another one of the same desk, from the older to the newer."""
        one = self.get_object()
        rows = self.get_queryset().filter(period=one.period_id).of(one.collector)
        older, newer = sorted((one, get_object_or_404(rows, pk=other)), key=lambda made: made.version)
        return Response({"older": older.pk, "newer": newer.pk} | asdict(differences(older, newer)))

    @extend_schema(request=None, responses=ConsolidationSerializer)
    @action(detail=True, methods=["post"], url_path="make-documents")
    def make_documents(self, request: Request, pk: str) -> Response:
        """Ask again for documents that could not be made; a worker makes them."""
        made = self.get_object()
        must_collect(made.period, made.collector, person_of(request))
        if made.make_again(timezone.now()):
            ring(made.pk)
        return Response(ConsolidationSerializer(self.get_object()).data)

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True, url_path="document(?:/(?P<kind>word|excel|pdf))?")
    def document(self, request: Request, pk: str, kind: str | None = None) -> Any:
        """Hand out a document of the version, Word unless another kind is asked for."""
        made = get_object_or_404(self.get_object().documents, kind=kind or ConsolidationDocument.Kind.WORD)
        return file_response(made.file, made.name)
