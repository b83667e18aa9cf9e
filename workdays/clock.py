"""The one place that knows the day. Everything else is handed the day it works on."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from workdays.models import DemonstrationDay


def today() -> date:
    """Return the working day: the demonstration's assumed day if it is on, else the calendar day in Vietnam."""
    if settings.DEMO:
        assumed = DemonstrationDay.objects.values_list("date", flat=True).first()
        if assumed is not None:
            return assumed
    return timezone.localdate()


def now() -> datetime:
    """Return the present moment on the working day (the demonstration keeps the real time of day)."""
    present = timezone.localtime()
    return present + timedelta(days=(today() - present.date()).days)


def set_demonstration_day(day: date) -> None:
    """Put the demonstration on ``day``. Only `load_demo` and the button of the demonstration call this."""
    if not settings.DEMO:
        raise RuntimeError("Đồng hồ giả định chỉ có trong bản dữ liệu mẫu.")
    DemonstrationDay.objects.update_or_create(id=1, defaults={"date": day})
