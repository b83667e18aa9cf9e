"""What is reported: periods of a plan, each agency's report, and the province's consolidation."""

from reports.models.consolidation import Consolidation
from reports.models.period import Period
from reports.models.report import (
    ARRIVED,
    EDITABLE,
    NOT_ARRIVED,
    Report,
    ReportEvent,
    ReportLine,
    ReportQuerySet,
    ReportState,
    SignedAs,
)

__all__ = [
    "ARRIVED",
    "EDITABLE",
    "NOT_ARRIVED",
    "Consolidation",
    "Period",
    "Report",
    "ReportEvent",
    "ReportLine",
    "ReportQuerySet",
    "ReportState",
    "SignedAs",
]
