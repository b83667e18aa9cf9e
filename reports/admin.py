"""Reports for the administrator: to be looked at, never changed past the verbs."""

from django.contrib import admin

from agencies.administration import ReadOnlyAdmin
from reports.models import Consolidation, Period, Report, ReportEvent


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Reporting periods."""

    province_path = "plan__province"
    list_display = ["name", "plan", "cut_off", "due_date", "status"]
    list_filter = ["status"]
    list_select_related = ["plan"]


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Agencies' reports."""

    province_path = "period__plan__province"
    list_display = ["agency", "period", "state", "submitted_on"]
    list_filter = ["state"]
    list_select_related = ["agency", "period"]
    search_fields = ["agency__search_key"]


@admin.register(ReportEvent)
class ReportEventAdmin(ReadOnlyAdmin):
    """The history of reports."""

    province_path = "report__period__plan__province"
    list_display = ["report", "kind", "by", "on"]
    list_select_related = ["report__agency", "report__period", "by"]


@admin.register(Consolidation)
class ConsolidationAdmin(ReadOnlyAdmin):
    """Frozen versions."""

    province_path = "period__plan__province"
    list_display = ["period", "version", "made_by", "made_on", "document_hash"]
    list_select_related = ["period", "made_by"]
