"""Forms of giving work: a declined task, parts for units, several items at once. The verbs check rights and rules."""

from datetime import date
from typing import Any

from django import forms

from agencies.folding import unaccent
from agencies.models import Agency, AgencyQuerySet, User
from plans.forms import people_at_work_in
from plans.giving.breaking_down import BrokenDown, break_down, free_units_of, usual_due_date
from plans.giving.declining import Reassigned, insist, others, reassign
from plans.models import WorkItem
from plans.verb_forms import VerbForm

NAMED = 5
"""Agencies that a message names before it only counts."""


def named(agencies: list[str]) -> str:
    """Return the names in a sentence, the first of them where there are many."""
    rest = len(agencies) - NAMED
    return ", ".join(agencies[:NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")


class AgencyNameField(forms.CharField):
    """An agency found by what was typed of its name, short name or alias, diacritics aside; the page offers the names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.agencies: AgencyQuerySet = Agency.objects.none()

    def clean(self, value: Any) -> Agency | None:
        """Return the one agency that is meant; raise when none or several are."""
        words = super().clean(value).strip()
        if not words:
            return None
        found = list(self.agencies.matching(words).order_by("sort_key")[: NAMED + 1])
        key = unaccent(words)
        exact = [one for one in found if key in {unaccent(name) for name in (one.name, one.short_name, *one.aliases)}]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError(f"Không có cơ quan nào của tỉnh đang hoạt động có tên “{words}”.")
        names = "; ".join(one.name for one in found[:NAMED])
        raise forms.ValidationError(f"Có nhiều cơ quan khớp với “{words}”: {names}. Hãy ghi rõ hơn.")


class DecideForm(VerbForm):
    """What the coordinator decides on a declined task: another agency, or the same one."""

    decision = forms.ChoiceField(
        label="Quyết định",
        widget=forms.RadioSelect,
        choices=[("reassign", "Giao cơ quan khác"), ("insist", "Tiếp tục giao cơ quan này")],
    )
    to = AgencyNameField(
        label="Giao cho cơ quan",
        required=False,
        help_text="Gõ một phần tên, có thể không dấu, rồi chọn. Chỉ điền khi giao cơ quan khác.",
    )
    reason = forms.CharField(
        label="Lý do", widget=forms.Textarea, max_length=2000, help_text="Cả hai cơ quan đọc được lý do này."
    )

    def __init__(self, *args: Any, item: WorkItem, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["to"].agencies = others(item, on)  # type: ignore[attr-defined]

    @property
    def names(self) -> list[str]:
        """Return the names that the page offers while one types."""
        agencies = self.fields["to"].agencies  # type: ignore[attr-defined]
        return list(agencies.order_by("sort_key").values_list("name", flat=True))

    def clean(self) -> dict[str, Any]:
        """Ask for the agency."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "reassign" and not data.get("to") and "to" not in self.errors:
            self.add_error("to", "Hãy chọn cơ quan nhận nhiệm vụ.")
        return data

    def carry_out(self, *, by: User, on: date) -> str:
        """Decide; returns what to tell the person."""
        data = self.cleaned_data
        if data["decision"] == "insist":
            count = insist(self.item, by=by, on=on, reason=data["reason"])
            return f"Tiếp tục giao {self.item.agency.name}: {count} đầu việc trở lại như trước khi trả."
        return _said_of(reassign(self.item, data["to"], by=by, on=on, reason=data["reason"]), data["to"])


def _said_of(done: Reassigned, to: Agency) -> str:
    parts = [f"Đã giao {to.name} {len(done.items)} đầu việc." if done.items else f"{to.name} không có đầu việc mới."]
    if done.already:
        days = ", ".join(f"{row.due_date:%d/%m/%Y}" for row in done.already if row.due_date) or "không có hạn"
        parts.append(f"Cơ quan này đã được giao từ trước {len(done.already)} đầu việc (hạn {days}), giữ nguyên.")
    if done.passed:
        parts.append(f"{done.passed} mốc cập nhật đã qua không yêu cầu nữa.")
    return " ".join(parts)


class BreakDownForm(VerbForm):
    """Units right under the agency, and the inner due date."""

    units = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.none(), label="Đơn vị được chia", widget=forms.CheckboxSelectMultiple
    )
    due = forms.DateField(label="Hạn nội bộ", required=False)

    def __init__(self, *args: Any, item: WorkItem, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"due": usual_due_date(item, on)})
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["units"].queryset = free_units_of(item, on).order_by("sort_key")  # type: ignore[attr-defined]
        self.fields["due"].help_text = (
            f"Không sau hạn của cơ quan ({item.due_date:%d/%m/%Y}); đề xuất sớm hơn 3 ngày làm việc."
            if item.due_date
            else "Đầu việc không có hạn; có thể để trống."
        )

    def carry_out(self, *, by: User, on: date) -> str:
        """Give the parts; returns what to tell the person."""
        done = break_down(self.item, self.cleaned_data["units"], by=by, on=on, due=self.cleaned_data["due"])
        return said_of_parts(done)


def said_of_parts(done: BrokenDown) -> str:
    """Say how many parts were given and which units have this work already."""
    said = f"Đã chia cho {len(done.parts)} đơn vị."
    if done.already:
        said += f" Đã được giao từ trước, không chia lại: {named([unit.name for unit in done.already])}."
    return said


class ManyUpdateForm(forms.Form):
    """The same progress for several items."""

    percent = forms.IntegerField(label="Tiến độ (%)", min_value=0, max_value=100)
    words = forms.CharField(
        label="Kết quả, tình hình thực hiện",
        widget=forms.Textarea,
        max_length=10_000,
        help_text="Ghi vào từng đầu việc đã chọn như một cập nhật riêng.",
    )


class ManyGiveForm(forms.Form):
    """Who is in charge of several items."""

    responsible = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Người phụ trách", required=False, empty_label="Chưa phân công"
    )

    def __init__(self, *args: Any, items: list[WorkItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_at_work_in({item.agency_id for item in items})
        self.fields["responsible"].queryset = people  # type: ignore[attr-defined]


class ManyWordsForm(forms.Form):
    """Words that every chosen item gets: the reason of a waiver or a return, a directive."""

    reason = forms.CharField(label="Lý do", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
