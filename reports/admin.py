"""Reports for the administrator: to be looked at, never changed past the verbs."""

from django.contrib import admin

from agencies.administration import ReadOnlyAdmin
from reports.models import Consolidation, DocumentTemplate, Period, PeriodEvent, Report, ReportEvent, TemplateEvent


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Reporting periods."""

    province_path = "plan__province"
    list_display = ["name", "plan", "cut_off", "due_date", "status"]
    list_filter = ["status"]
    list_select_related = ["plan"]


@admin.register(PeriodEvent)
class PeriodEventAdmin(ReadOnlyAdmin):
    """The history of periods."""

    province_path = "period__plan__province"
    list_display = ["period", "kind", "by", "on"]
    list_select_related = ["period", "by"]


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
    list_display = ["period", "collector", "version", "made_by", "made_on", "progress", "figures_hash"]
    list_select_related = ["period", "collector", "made_by"]


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(ReadOnlyAdmin):
    """Templates of offices."""

    province_path = "agency__province"
    list_display = ["name", "agency", "kind", "is_active", "uploaded_on"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["agency"]


@admin.register(TemplateEvent)
class TemplateEventAdmin(ReadOnlyAdmin):
    """The history of templates."""

    province_path = "template__agency__province"
    list_display = ["template", "kind", "by", "on"]
    list_select_related = ["template", "by"]
