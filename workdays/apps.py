"""The ground floor: days."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Working days, holidays and the demonstration clock."""

    name = "workdays"
    verbose_name = "Ngày làm việc"
