"""Forms of a plan's settings, of a person's wishes, and of the demonstration's clock."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField

from agencies.models import User
from notices.models import MutedKind, Notice, PlanNoticeSettings
from notices.preferences import ALWAYS_URGENT, MAY_BE_URGENT, STATUTORY, may_read_weekly, set_wishes, wishes_of
from notices.wording import written_day

FARTHEST = 60
"""Days that the demonstration may be moved at once."""


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


class RehearsalForm(forms.Form):
    """The day of a rehearsal: today or later, within a year."""

    on = forms.DateField(label="Ngày diễn tập")

    def __init__(self, *args: Any, present: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_on(self) -> date:
        """Refuse a day that is over: what was told stands in the ledger; and one too far away to mean anything."""
        on: date = self.cleaned_data["on"]
        if not self.present <= on <= self.present + timedelta(days=366):
            raise forms.ValidationError("Hãy chọn từ hôm nay đến một năm tới; ngày đã qua xem ở sổ thông báo.")
        return on


class AgencySearch(forms.Form):
    """Words of an agency's name."""

    q = forms.CharField(
        label="Tìm cơ quan",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tìm cơ quan, gõ không dấu cũng được"}),
    )


class StepsField(forms.CharField):
    """Days before a due date, as people write them: "14, 7, 3, 1"."""

    def prepare_value(self, value: Any) -> Any:
        """Show the days from the farthest to the nearest."""
        return ", ".join(str(step) for step in sorted(value, reverse=True)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return the numbers, farthest first; raises when there is anything else."""
        words = [word for word in re.split(r"[\s,;]+", super().to_python(value) or "") if word]
        if not all(word.isdecimal() and len(word) < 5 for word in words):
            raise forms.ValidationError("Hãy ghi các số ngày, cách nhau bằng dấu phẩy, ví dụ: 14, 7, 3, 1.")
        return sorted((int(word) for word in words), reverse=True)


def kinds(*, statutory: bool | None = None) -> list[tuple[str, str]]:
    """Return kinds of notices to choose from, in the order of the glossary; all, the statutory ones, or the others."""
    chosen = [kind for kind in Notice.Kind if statutory is None or (kind in STATUTORY) is statutory]
    return [(kind.value, kind.label[:1].upper() + kind.label[1:]) for kind in chosen]


class PlanNoticeSettingsForm(forms.ModelForm):
    """How a plan reminds. The rules stand with the model; this takes what people type."""

    steps = StepsField(
        label="Nhắc trước hạn (ngày)",
        help_text="Số ngày trước hạn, cách nhau bằng dấu phẩy, ví dụ: 14, 7, 3, 1. Mốc rơi vào ngày nghỉ được nhắc "
        "vào ngày làm việc liền trước.",
    )
    urgent = forms.MultipleChoiceField(
        label="Loại thông báo gửi ngay, mỗi thông báo một thư",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Đôn đốc luôn gửi ngay. Các loại khác được gom vào thư tổng hợp.",
    )

    class Meta:
        model = PlanNoticeSettings
        fields = [
            "steps",
            "overdue_every",
            "leader_age",
            "coordinator_age",
            "chair_age",
            "idle_days",
            "unconfirmed_days",
            "digest",
            "opens",
            "closes",
            "urgent",
        ]
        widgets = {"opens": forms.TimeInput(format="%H:%M"), "closes": forms.TimeInput(format="%H:%M")}
        labels = {
            "overdue_every": "Nhắc lại việc quá hạn sau mỗi (ngày)",
            "leader_age": "Báo lãnh đạo cơ quan khi quá hạn (ngày)",
            "coordinator_age": "Báo cơ quan điều phối khi quá hạn (ngày)",
            "chair_age": "Đưa vào danh sách trình Phó Chủ tịch UBND tỉnh khi quá hạn (ngày)",
            "idle_days": "Nhắc khi việc đang làm không có cập nhật trong (ngày)",
            "unconfirmed_days": "Nhắc người xác nhận sau (ngày làm việc)",
            "digest": "Thư tổng hợp",
            "opens": "Gửi thư từ (giờ)",
            "closes": "Đến trước (giờ)",
        }
        help_texts = {
            "chair_age": "Để trống: không lập danh sách trình.",
            "idle_days": "Để trống: không nhắc.",
            "overdue_every": "Lần đầu vào ngày liền sau hạn.",
            "unconfirmed_days": "Tính từ ngày cơ quan báo hoàn thành hoặc nộp báo cáo; sau đó nhắc lại mỗi tuần.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urgent"].choices = [one for one in kinds() if one[0] in MAY_BE_URGENT]  # type: ignore[attr-defined]

    def clean_urgent(self) -> list[str]:
        """Keep what always leaves at once among them."""
        return [kind for kind, _ in kinds() if kind in {*self.cleaned_data["urgent"], *ALWAYS_URGENT}]


class WishesForm(forms.Form):
    """What a person wants to hear of, by kind and channel: a tick is wanted. Statutory kinds are not asked about."""

    weekly = forms.BooleanField(
        label="Gom vào một thư mỗi tuần",
        required=False,
        help_text="Gửi vào ngày làm việc đầu tuần. Việc đến hạn trước thư tuần sau, việc quá hạn, bị trả lại và đôn đốc "
        "vẫn được gửi trong ngày.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        off = wishes_of(user)
        if not may_read_weekly(user):
            del self.fields["weekly"]
        else:
            self.fields["weekly"].initial = hasattr(user, "weekly_letter")
        for kind, label in kinds(statutory=False):
            for channel in MutedKind.Channel:
                self.fields[f"{channel}_{kind}"] = forms.BooleanField(
                    label=f"{label}: {channel.label}", required=False, initial=channel not in off.get(kind, ())
                )

    def rows(self) -> Iterator[tuple[str, list[tuple[str, BoundField]]]]:
        """Yield each kind that may be switched off with its tick on each channel."""
        for kind, label in kinds(statutory=False):
            yield label, [(str(channel.label), self[f"{channel}_{kind}"]) for channel in MutedKind.Channel]

    def save(self, on: date) -> None:
        """Take the wishes over."""
        muted = {
            (kind, str(channel))
            for kind, _ in kinds(statutory=False)
            for channel in MutedKind.Channel
            if not self.cleaned_data[f"{channel}_{kind}"]
        }
        set_wishes(self.user, muted, weekly=bool(self.cleaned_data.get("weekly")), on=on)
