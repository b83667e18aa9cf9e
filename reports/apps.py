"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Floor of the house that knows what is reported."""

    name = "reports"
    verbose_name = "Báo cáo, tổng hợp"
