"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Floor of the house that knows what is said."""

    name = "notices"
    verbose_name = "Thông báo"
