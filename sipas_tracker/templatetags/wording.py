"""Dates and figures as an office writes them. Plain functions; pages.py registers them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
NOTHING = "–"
"""Stands where there is no value, so that an empty cell is never taken for a fault of the page."""


def _as_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


def day(value: Any) -> str:
    """Return a date as 03/06/2024: equal widths, for tables; "–" for none."""
    moment = _as_day(value)
    return f"{moment:%d/%m/%Y}" if moment else NOTHING


def day_official(value: Any) -> str:
    """Return a date as 03/6/2024, the way documents print it (Decree 30/2020: a zero before days and months 1, 2)."""
    moment = _as_day(value)
    if not moment:
        return NOTHING
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return f"{moment.day:02d}/{month}/{moment.year}"


def moment(value: Any) -> str:
    """Return a point in time as 14:05, 03/06/2024 in the office's time zone."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M, %d/%m/%Y}"


def weekday(value: Any) -> str:
    """Return the name of the day of the week."""
    moment = _as_day(value)
    return WEEKDAYS[moment.weekday()] if moment else ""


def days_words(due: Any, today: Any) -> str:
    """Say how a due date stands to today: "còn 5 ngày", "đến hạn hôm nay", "quá hạn 12 ngày"."""
    last, now = _as_day(due), _as_day(today)
    if last is None or now is None:
        return "không có thời hạn"
    left = (last - now).days
    if left == 0:
        return "đến hạn hôm nay"
    if left == 1:
        return "đến hạn ngày mai"
    return f"còn {number_format(left)} ngày" if left > 0 else f"quá hạn {number_format(-left)} ngày"


def days_to_mark(due: Any, today: Any) -> str:
    """Say the same of a check-point, which is never overdue: "còn 5 ngày", "đến mốc hôm nay", "đã qua 12 ngày"."""
    words = days_words(due, today)
    return words.replace("quá hạn", "đã qua").replace("đến hạn", "đến mốc")


def percent_vi(value: Any, decimals: int = 1) -> str:
    """Return 37.5 as "37,5 %" and 100 as "100 %" (the value is already in percent); "–" for none."""
    if value is None or value == "":
        return NOTHING
    rounded = round(Decimal(str(value)), int(decimals)).normalize()
    return f"{number_format(rounded, use_l10n=True)} %"


def share_of(part: Any, whole: Any) -> Decimal | None:
    """Return part ÷ whole in percent, or None when there is nothing to divide by."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None
