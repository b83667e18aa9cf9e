"""The ledger of what was told, for administrators: to read, never to change."""

from django.contrib import admin

from agencies.administration import ReadOnlyAdmin
from notices.models import Letter, Notice, RoundRun


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told what, and whether it left."""

    province_path = "recipient__province"
    list_display = ["on", "kind", "recipient", "agency", "words", "state", "reason"]
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
