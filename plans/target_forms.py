"""Forms of targets, and the inputs in which an update reports figures for them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from plans.models import Target, WorkItem
from plans.models.target import COMPARISONS, NewTarget, fault_of
from plans.targets.figures import latest_figures
from plans.targets.finding import LONGEST_WORDS, read_number, written
from plans.verb_forms import VerbForm


class NumberField(forms.Field):
    """A number typed the Vietnamese way: "1.250,5"; a percent sign may follow. Returns a Decimal, None when empty."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        """Read the number; raises ValidationError with an example of how to write it."""
        words = str(value or "").strip()
        if not words:
            return None
        try:
            number = read_number(words[:40])
        except ValueError:
            raise forms.ValidationError("Hãy ghi số theo cách viết tiếng Việt, ví dụ 1.250,5.") from None
        if fault := fault_of(number, self.unit):
            raise forms.ValidationError(fault)
        return number

    def prepare_value(self, value: Any) -> Any:
        """Show a number as it is typed."""
        return written(value) if isinstance(value, Decimal) else value


class TargetForm(VerbForm):
    """What a target says; the coordinator may mend what was found in the words of the task."""

    words = forms.CharField(
        label="Nội dung chỉ tiêu",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nguyên văn trong văn bản, ví dụ: 100% TTHC được công khai.",
    )
    comparison = forms.ChoiceField(label="So sánh", choices=COMPARISONS)
    goal = NumberField(label="Mức phải đạt")
    unit = forms.CharField(label="Đơn vị tính", max_length=40, help_text="% hoặc lượt, lớp, cơ quan …")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def new(self) -> NewTarget:
        """Return what was typed."""
        data = self.cleaned_data
        return NewTarget(data["words"], data["unit"], data["comparison"], data["goal"])

    def hidden_copies(self) -> list[SafeString]:
        """Return its fields as hidden inputs: what was found can be sent with one click."""
        names = ("words", "unit", "comparison", "goal")
        return [self[name].as_hidden({"id": f"{self[name].auto_id}"}) for name in names]


def said_of(target: Target) -> dict[str, Any]:
    """Return what the form of a standing target begins with."""
    names = ("words", "unit", "comparison", "goal", "revision")
    return {name: getattr(target, name) for name in names}


class WithdrawTargetForm(forms.Form):
    """Why a target is asked for no more."""

    reason = forms.CharField(label="Lý do bỏ chỉ tiêu", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    revision = forms.IntegerField(widget=forms.HiddenInput)


def figure_fields(item: WorkItem, on: date) -> dict[str, NumberField]:
    """Return one optional input for each target of the item's task, by its name in the form: "figure_12"."""
    targets = list(Target.objects.active().filter(task=item.task_id))
    if not targets:
        return {}
    latest = latest_figures(WorkItem.objects.filter(pk=item.pk), on)
    fields = {}
    for target in targets:
        before = latest.get((item.agency_id, target.pk))
        last = f"; lần gần nhất {written(before[0])} {target.unit} ({before[1]:%d/%m/%Y})" if before else ""
        fields[f"figure_{target.pk}"] = NumberField(
            label=f"{target.words} ({target.unit})",
            required=False,
            unit=target.unit,
            help_text=f"Chỉ tiêu: {target.goal_words}{last}. Số tính từ đầu đến nay; bỏ trống nếu chưa có.",
        )
    return fields
