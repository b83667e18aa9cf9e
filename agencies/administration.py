"""Pages of administration keep to the tenant: staff of a province see its rows; staff without one run the system."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest


class ProvincialAdmin(admin.ModelAdmin):
    """Rows of a province for its own staff, and choices of that province only.

    ``province_path`` leads from a row to its province. Rows that belong to no province leave it empty and are seen by
    staff without a province only.
    """

    province_path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the person's province: lists, single pages and histories all begin here."""
        rows = super().get_queryset(request)
        province = getattr(request.user, "province_id", None)
        if province is None:
            return rows
        return rows.filter(**{self.province_path: province}) if self.province_path else rows.none()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Leave out pages that could only be empty."""
        ours = bool(self.province_path) or getattr(request.user, "province_id", None) is None
        return ours and super().has_view_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows of the person's province only; the form refuses what it does not offer."""
        kwargs.setdefault("queryset", own_rows(db_field.remote_field.model, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows of the person's province only."""
        kwargs.setdefault("queryset", own_rows(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def own_rows(model: Any, request: HttpRequest) -> QuerySet[Any]:
    """Return the model's rows that staff of this province may choose."""
    province = getattr(request.user, "province_id", None)
    rows = model._default_manager.all()
    if province is None:
        return rows
    if model._meta.model_name == "province":
        return rows.filter(pk=province)
    names = {field.name for field in model._meta.get_fields()}
    return rows.filter(province=province) if "province" in names else rows


class ReadOnlyAdmin(ProvincialAdmin):
    """Rows that only verbs, the round and the sending may write; each province sees its own."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False
