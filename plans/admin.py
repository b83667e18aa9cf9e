"""Requests of agencies for the administrator: to be looked at, never changed past the verbs."""

from django.contrib import admin

from agencies.administration import ReadOnlyAdmin
from plans.models import Extension, ExtensionEvent, Obstacle, ObstacleEvent


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    """Requests for a later due date."""

    province_path = "item__task__plan__province"
    list_display = ["item", "asked_until", "state", "asked_on", "decided_on"]
    list_filter = ["state"]
    list_select_related = ["item__agency", "item__task"]
    search_fields = ["item__agency__search_key"]


@admin.register(ExtensionEvent)
class ExtensionEventAdmin(ReadOnlyAdmin):
    """The history of requests."""

    province_path = "extension__item__task__plan__province"
    list_display = ["extension", "kind", "by", "on"]
    list_select_related = ["extension__item__agency", "by"]


@admin.register(Obstacle)
class ObstacleAdmin(ReadOnlyAdmin):
    """Obstacles."""

    province_path = "task__plan__province"
    list_display = ["agency", "short_words", "addressee", "state", "raised_on"]
    list_filter = ["state"]
    list_select_related = ["agency", "addressee"]
    search_fields = ["agency__search_key"]


@admin.register(ObstacleEvent)
class ObstacleEventAdmin(ReadOnlyAdmin):
    """The history of obstacles."""

    province_path = "obstacle__task__plan__province"
    list_display = ["obstacle", "kind", "by", "on"]
    list_select_related = ["obstacle__agency", "by"]
