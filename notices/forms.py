"""Forms of the inbox and of the demonstration's clock."""

from datetime import date, timedelta
from typing import Any

from django import forms

from notices.models import Notice
from notices.wording import written_day

FARTHEST = 60
"""Days that the demonstration may be moved at once."""
KINDS = [("", "Tất cả các loại"), *((kind.value, kind.label[:1].upper() + kind.label[1:]) for kind in Notice.Kind)]


class NoticeFilterForm(forms.Form):
    """What of the inbox is shown."""

    kind = forms.ChoiceField(label="Loại thông báo", required=False, choices=KINDS)


class ClockForm(forms.Form):
    """How far the demonstration goes on: some days, or to a day. Forward only."""

    days = forms.IntegerField(label="Số ngày", required=False, min_value=1, max_value=FARTHEST)
    to = forms.DateField(label="Đến ngày", required=False)

    def __init__(self, *args: Any, present: date, **kwargs: Any) -> None:
        """Know the day that the demonstration is on."""
        super().__init__(*args, **kwargs)
        self.present = present

    def clean(self) -> dict:
        """Work out the day; refuse what is not ahead or too far."""
        values = super().clean() or {}
        if self.errors:
            return values
        target = values.get("to") or (self.present + timedelta(days=values["days"]) if values.get("days") else None)
        if target is None:
            raise forms.ValidationError("Hãy chọn số ngày hoặc ngày cần chuyển đến.")
        if target <= self.present:
            raise forms.ValidationError(f"Chỉ chuyển được đến sau ngày {written_day(self.present)}.")
        if target > self.present + timedelta(days=FARTHEST):
            raise forms.ValidationError(f"Mỗi lần chỉ chuyển được nhiều nhất {FARTHEST} ngày.")
        values["target"] = target
        return values
