"""Addresses of the whole product."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.urls import include, path
from rest_framework.authtoken.models import TokenProxy

from sipas_tracker import health, views

# One door with one limit of attempts: the administration has no sign-in of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Pages of other packages show rows of every province; tokens even with their secret. Rights come from memberships, not groups.
admin.site.unregister([Group, EmailAddress, TokenProxy])

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("plans.urls")),
    path("", include("reports.urls")),
    path("", include("notices.urls")),
    path("", include("agencies.urls")),
    path("tai-khoan/ma-api/", views.account_token, name="account-token"),
    path("tai-khoan/", include("sipas_tracker.signing_in")),
    path("quan-tri/", admin.site.urls),
    path("api/", include("sipas_tracker.api")),
    path("suc-khoe/", login_not_required(health.health), name="health"),
]
