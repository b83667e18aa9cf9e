"""Administration of holidays and make-up working days."""

from django.contrib import admin

from workdays.models import SpecialDay


@admin.register(SpecialDay)
class SpecialDayAdmin(admin.ModelAdmin):
    """The table that reminders go by; the same for all provinces, as the Prime Minister's yearly decision is."""

    list_display = ("date", "kind", "name")
    list_filter = ("kind",)
    date_hierarchy = "date"
