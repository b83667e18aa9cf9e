"""A numbered version of the consolidated report, frozen: figures, single lines and words, in one transaction.

Everything is copied: figures and words as they stand on the day on which the version is made, names of agencies as they
were when each report came (an agency that was renamed since keeps its old name here). Its documents are made afterwards,
in the background, from these copies only (`reports.making`). A correction is a new version.
"""

import hashlib
import json
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Case, CharField, F, Max, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from agencies.models import Agency, User
from reports.consolidating.arrivals import Gathered
from reports.consolidating.figures import figures_of
from reports.consolidating.narrative import final_words
from reports.models import (
    ConsolidatedLine,
    Consolidation,
    NarrativeDraft,
    Period,
    ReportLine,
    SignedAs,
    must_collect,
)
from reports.models.consolidation import DRAFT_TAKEN
from reports.tasks import ring

COPIED = (
    "position", "headings", "number", "text", "time_text", "role", "due_date", "state", "timeliness", "percent",
    "deliveries", "done", "done_on_time", "handed_in", "overdue", "results", "targets",
)  # fmt: skip
"""Columns that a line of a version takes from the agency's report as they are."""


@transaction.atomic
def consolidate(
    period: Period,
    *,
    by: User,
    on: date,
    collector: Agency | None = None,
    issuer: str = Consolidation.Issuer.COORDINATOR,
    narrative: dict[str, str] | None = None,
    signed_as: str = SignedAs.HEAD,
    signer: str = "",
    revision: int | None = None,
) -> Consolidation:
    """Make a new version: the province's, or that of ``collector`` over its children's reports.

    ``narrative`` holds the words that people wrote, by section; elsewhere the product's proposal stands. ``revision`` is
    the working draft's as the person saw it: of two who decide at once the second is told so (``code="taken"``). The
    period is locked, so that no report moves between the figures and the lines.
    """
    must_collect(period, collector, by)
    held = Period.objects.select_for_update(of=("self",)).select_related("plan__coordinating_agency__province")
    period = held.get(pk=period.pk)
    if period.status == Period.Status.PROPOSED:
        raise ValidationError("Kỳ báo cáo chưa mở: hãy mở kỳ trước khi tổng hợp.")
    _take_draft(period, collector, revision)
    gathered = Gathered.of(period, collector)
    figures = figures_of(period, on, collector, gathered=gathered)
    if not figures["reporting"]["counted"]:
        raise ValidationError(_nothing_yet(collector))
    issuer = Consolidation.Issuer.COORDINATOR if collector else issuer
    made = Consolidation.objects.create(
        period=period,
        collector=collector,
        version=_next_version(period, collector),
        made_by=by,
        made_on=on,
        issuer=issuer,
        signed_as=signed_as,
        signer=signer.strip(),
        figures=figures,
        figures_hash=hash_of(figures),
        narrative=final_words(figures, issuer, narrative or {}),
    )
    keep_lines(made, gathered)
    transaction.on_commit(partial(ring, made.pk))
    return made


def _nothing_yet(collector: Agency | None) -> str:
    if collector:
        return "Chưa tiếp nhận báo cáo nào của đơn vị cấp dưới: chưa có số liệu để tổng hợp."
    return "Chưa có cơ quan nào nộp báo cáo: chưa có số liệu để tổng hợp."


def _take_draft(period: Period, collector: Agency | None, revision: int | None) -> None:
    """Let one version come out of one state of the draft; words stay for the next version."""
    if revision is None:
        return
    drafts = NarrativeDraft.objects.filter(period=period, collector=collector, revision=revision)
    if not drafts.update(revision=F("revision") + 1):
        raise ValidationError(DRAFT_TAKEN, code="taken")


def _next_version(period: Period, collector: Agency | None) -> int:
    last = Consolidation.objects.filter(period=period).of(collector).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def hash_of(figures: dict[str, Any]) -> str:
    """Return the SHA-256 of the figures' canonical JSON (sorted keys, no spaces)."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def keep_lines(made: Consolidation, gathered: Gathered) -> int:
    """Copy the lines of the reports that count, in the plan's order, names included; returns how many.

    One INSERT … SELECT: a hundred thousand lines never pass through this process.
    """
    columns, rows = _copied_lines(made, gathered)
    query, values = rows.query.sql_with_params()
    column_of = {field.name: str(field.column) for field in ConsolidatedLine._meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(column_of[name]) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {ConsolidatedLine._meta.db_table} ({quoted}) {query}", values)
        return cursor.rowcount


def _copied_lines(made: Consolidation, gathered: Gathered) -> tuple[list[str], QuerySet[Any, Any]]:
    """Return the columns to write, and the query that reads them in the same order."""
    kind = _then("agency__kind", "agency__kind")
    kinds = [When(kind_then=key, then=Value(str(label))) for key, label in Agency.Kind.choices]
    given = {
        "consolidation": Value(made.pk),
        "agency": _then("agency__name", "agency__name"),
        "agency_kind": Case(*kinds, default=Value(""), output_field=CharField()),
        "collector": Case(When(report__collector=None, then=Value("")), default=_then("addressee", "collector__name")),
        "agencies_text": F("task__agencies_text"),
    }
    lines = ReportLine.objects.filter(report__in=[report.pk for report in gathered.counted]).annotate(kind_then=kind)
    lines = lines.annotate(**{f"said_{name}": how for name, how in given.items()})
    place = ("position", F("report__collector__sort_key").asc(nulls_first=True), "report__agency__sort_key", "pk")
    return [*given, *COPIED], lines.order_by(*place).values_list(*(f"said_{name}" for name in given), *COPIED)


def _then(kept: str, now: str) -> Coalesce:
    """Return what the report calls something since it left its desk (`Standing.names`), else what it is called today."""
    *path, last = kept.split("__")
    place: Any = "report__names"
    for name in path:
        place = KeyTransform(name, place)
    return Coalesce(KeyTextTransform(last, place), F(f"report__{now}"), output_field=CharField())
