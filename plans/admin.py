"""Requests of agencies, targets, links and returned annexes for the administrator: looked at, never changed past the verbs."""

from django.contrib import admin

from agencies.administration import ReadOnlyAdmin
from plans.models import (
    Extension,
    ExtensionEvent,
    ItemLink,
    Obstacle,
    ObstacleEvent,
    OfflineReturn,
    Target,
    TargetChange,
)


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


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    """Targets of tasks."""

    province_path = "task__plan__province"
    list_display = ["words", "goal_words", "task", "active"]
    list_filter = ["active"]
    list_select_related = ["task"]


@admin.register(TargetChange)
class TargetChangeAdmin(ReadOnlyAdmin):
    """The history of targets."""

    province_path = "target__task__plan__province"
    list_display = ["target", "kind", "by", "on"]
    list_select_related = ["target", "by"]


@admin.register(ItemLink)
class ItemLinkAdmin(ReadOnlyAdmin):
    """Items of two plans that one piece of work serves."""

    province_path = "item__task__plan__province"
    list_display = ["item", "other", "made_by", "made_on", "ended_on"]
    list_select_related = ["item__agency", "item__task", "other__agency", "other__task", "made_by"]


@admin.register(OfflineReturn)
class OfflineReturnAdmin(ReadOnlyAdmin):
    """Filled annexes that came back."""

    province_path = "plan__province"
    list_display = ["agency", "plan", "file_name", "state", "by", "at"]
    list_filter = ["state"]
    list_select_related = ["agency", "plan", "by"]
    search_fields = ["agency__search_key"]
