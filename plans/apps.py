"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Floor of the house that knows what must be done."""

    name = "plans"
    verbose_name = "Kế hoạch, đầu việc"
