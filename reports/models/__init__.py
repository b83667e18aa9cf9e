"""What is reported: periods of a plan, each agency's report, and the consolidated reports."""

from reports.models.consolidation import (
    ConsolidatedLine,
    Consolidation,
    ConsolidationDocument,
    NarrativeDraft,
    must_collect,
)
from reports.models.parts import ReportAttachment, ReportEvent, ReportLine
from reports.models.period import Period
from reports.models.period_parts import PeriodEvent, PeriodExclusion, PeriodStep
from reports.models.report import (
    ARRIVED,
    EDITABLE,
    NOT_ARRIVED,
    Report,
    ReportQuerySet,
    ReportState,
    SignedAs,
)
from reports.models.template import DocumentTemplate, TemplateEvent

__all__ = [
    "ARRIVED",
    "EDITABLE",
    "NOT_ARRIVED",
    "ConsolidatedLine",
    "Consolidation",
    "ConsolidationDocument",
    "DocumentTemplate",
    "NarrativeDraft",
    "Period",
    "PeriodEvent",
    "PeriodExclusion",
    "PeriodStep",
    "Report",
    "ReportAttachment",
    "ReportEvent",
    "ReportLine",
    "ReportQuerySet",
    "ReportState",
    "SignedAs",
    "TemplateEvent",
    "must_collect",
]
