"""The ledger of what was told, for administrators: to read, never to change."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from agencies.administration import ReadOnlyAdmin
from agencies.models import User
from notices.models import BouncedAddress, Letter, Notice, PlanNoticeSettings, RoundRun, WebhookDelivery


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told what, and whether it left."""

    province_path = "recipient__province"
    list_display = ["on", "kind", "recipient", "agency", "words", "why", "state", "reason"]
    list_filter = ["kind", "state", "on"]
    list_select_related = ["recipient", "agency"]
    search_fields = ["key", "recipient__full_name", "recipient__email"]
    show_full_result_count = False


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Letters and their attempts."""

    province_path = "recipient__province"
    list_display = ["on", "recipient", "address", "subject", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "on"]
    list_select_related = ["recipient"]
    search_fields = ["address", "recipient__full_name", "subject"]
    show_full_result_count = False


@admin.register(RoundRun)
class RoundRunAdmin(ReadOnlyAdmin):
    """Runs of the round; a run with errors is red on the health page."""

    list_display = ["on", "started_at", "finished_at", "made", "errors"]


@admin.register(PlanNoticeSettings)
class PlanNoticeSettingsAdmin(ReadOnlyAdmin):
    """How each plan reminds; its coordinator changes it on the plan's page."""

    province_path = "plan__province"
    list_display = ["plan", "steps", "overdue_every", "digest", "opens", "closes", "changed_by", "changed_on"]
    list_select_related = ["plan", "changed_by"]


@admin.register(BouncedAddress)
class BouncedAddressAdmin(ReadOnlyAdmin):
    """Addresses that cannot be reached; taking a row away lets letters go there again."""

    list_display = ["address", "at", "answer"]
    search_fields = ["address"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BouncedAddress]:
        """Show staff of a province the addresses of its people; who runs the system sees all."""
        rows = BouncedAddress.objects.all()
        province = getattr(request.user, "province_id", None)
        if province is None:
            return rows
        people = User.objects.filter(province=province).annotate(key=Lower("email"))
        return rows.filter(address__in=people.values("key"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Staff with the right may look, of whichever province."""
        return admin.ModelAdmin.has_view_permission(self, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Lifting the mark is the one thing that is done here."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was handed to the province's own messenger, and how it went."""

    province_path = "notice__recipient__province"
    list_display = ["notice", "state", "attempts", "sent_at", "error"]
    list_filter = ["state"]
    list_select_related = ["notice"]
    show_full_result_count = False
