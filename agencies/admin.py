"""Administration of people and of the register: accounts, roles, agencies, groups, successions."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Model
from django.http import HttpRequest

from agencies.administration import ProvincialAdmin, own_rows
from agencies.models import Agency, AgencyGroup, Membership, Province, Succession, User

admin.site.site_header = "SIPAS Tracker - Quản trị"
admin.site.site_title = "Quản trị SIPAS Tracker"
admin.site.index_title = "Người dùng, danh bạ, ngày làm việc"


class NewUserForm(BaseUserCreationForm):
    """A new account: username, name, address, and a first password that the person changes."""

    class Meta:
        model = User
        fields = ("username", "full_name", "position", "email", "province")


class MembershipInline(admin.TabularInline):
    """Where the person works, as what, from when to when."""

    model = Membership
    extra = 1
    autocomplete_fields = ("agency",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer agencies of the person's province only."""
        kwargs.setdefault("queryset", own_rows(db_field.remote_field.model, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(User)
class PersonAdmin(ProvincialAdmin, UserAdmin):
    """Accounts of the province. Rights follow from memberships; staff and superuser are given by the system's keeper."""

    province_path = "province"
    form = UserChangeForm
    add_form = NewUserForm
    inlines = (MembershipInline,)
    list_display = ("username", "full_name", "position", "email", "is_active")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Thông tin", {"fields": ("full_name", "position", "email", "province")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Thời điểm", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "position", "email", "province", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Staff of a province cannot make themselves or others keepers of the whole system."""
        province = getattr(request.user, "province_id", None)
        return (
            ("last_login", "date_joined")
            if province is None
            else ("last_login", "date_joined", "is_superuser", "province")
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Put a new account into the province of who makes it."""
        province = getattr(request.user, "province_id", None)
        if province is not None:
            obj.province_id = province
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People leave by losing `is_active`: what they did keeps their name."""
        return False


@admin.register(Agency)
class AgencyAdmin(ProvincialAdmin):
    """The register. An agency that ends gets its last day and a succession; it is never deleted."""

    province_path = "province"
    list_display = ("name", "short_name", "kind", "parent", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "code", "search_key")
    autocomplete_fields = ("parent",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Old plans and reports keep the old name for ever."""
        return False


@admin.register(AgencyGroup)
class AgencyGroupAdmin(ProvincialAdmin):
    """Groups that plans name: kinds, plus and minus named agencies."""

    province_path = "province"
    list_display = ("name", "code")
    search_fields = ("name",)
    autocomplete_fields = ("includes", "excludes")


@admin.register(Succession)
class SuccessionAdmin(ProvincialAdmin):
    """What became of agencies."""

    province_path = "predecessor__province"
    list_display = ("predecessor", "successor", "kind", "on")
    list_select_related = ("predecessor", "successor")
    autocomplete_fields = ("predecessor", "successor")


@admin.register(Province)
class ProvinceAdmin(ProvincialAdmin):
    """The province itself."""

    province_path = "pk"
    list_display = ("name", "kind", "code")
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A province is never deleted."""
        return False
