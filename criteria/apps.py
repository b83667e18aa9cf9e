"""App configuration."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Floor of the house that knows what is measured."""

    name = "criteria"
    verbose_name = "Tiêu chí SIPAS"
