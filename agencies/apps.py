"""App configuration."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Floor of the house that knows who: provinces, agencies, groups, people."""

    name = "agencies"
    verbose_name = "Cơ quan, người dùng"
