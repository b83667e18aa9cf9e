"""Forms of periods and of the desk: they check input; the verbs of the models check rights and rules."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from agencies.models import Agency, AgencyGroup
from plans.models import Plan
from reports.desk import ASKED
from reports.models import Period
from reports.outline import LONGEST_HINT, LONGEST_TITLE, MOST_SECTIONS, SOURCES, Section, checked

MOST_ROWS = 2 * MOST_SECTIONS
"""Rows of the outline editor that are read at all."""


class PeriodForm(forms.ModelForm):
    """What a period is, but for its outline (`OutlineRows`) and who must report (`AskedForm`)."""

    words = forms.CharField(
        label="Ghi chú về việc điều chỉnh",
        required=False,
        max_length=500,
        help_text="Căn cứ, lý do (không bắt buộc); nội dung thay đổi được tự ghi vào nhật ký của kỳ.",
    )
    for_later = forms.BooleanField(
        label="Dùng đề cương và các ngưỡng này cho các kỳ sau chưa mở của kế hoạch", required=False
    )

    class Meta:
        model = Period
        fields = [
            "name", "begins_on", "ends_on", "cut_off", "due_date", "collects_children", "children_due_date",
            "commend_above", "commend_late_below", "remind_below",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the days where they stand."""
        data = super().clean() or {}
        begins, ends, cut_off = data.get("begins_on"), data.get("ends_on"), data.get("cut_off")
        due, below = data.get("due_date"), data.get("children_due_date")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "Ngày kết thúc kỳ phải sau ngày bắt đầu.")
        if begins and cut_off and cut_off < begins:
            self.add_error("cut_off", "Ngày chốt số liệu phải sau ngày bắt đầu kỳ.")
        if cut_off and due and cut_off > due:
            self.add_error("cut_off", "Ngày chốt số liệu không được sau hạn nộp báo cáo.")
        if due and below and below > due:
            self.add_error("children_due_date", "Đơn vị cấp dưới phải nộp không muộn hơn hạn nộp của cơ quan cấp trên.")
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns for `Period.change` and `Period.make`."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self) -> None:
        """Leave the instance as it is: the verb writes, in one conditional UPDATE, and checks the constraints."""


class OutlineRows:
    """The rows of the outline editor as they were sent, in their order on the page.

    Each row has a token (``row``) and its fields under it (``title-<token>`` …), so that rows may be put in another order
    without script (buttons that send the page) as well as with it (rows that move).
    """

    def __init__(self, sections: list[Section]) -> None:
        self.rows = [(f"r{number}", section) for number, section in enumerate(sections, 1)]

    @classmethod
    def sent(cls, data: QueryDict) -> "OutlineRows":
        """Return the rows of a sent page; what no page of ours sends is cut or left out."""
        found = cls([])
        for token in dict.fromkeys(data.getlist("row")[:MOST_ROWS]):
            source = data.get(f"source-{token}", "")
            section = Section(
                key=data.get(f"key-{token}", "")[:40],
                title=data.get(f"title-{token}", "").replace("\x00", "")[: LONGEST_TITLE + 1],
                hint=data.get(f"hint-{token}", "").replace("\x00", "")[: LONGEST_HINT + 1],
                required=f"required-{token}" in data,
                source=source if source in SOURCES else "",
            )
            found.rows.append((token[:20], section))
        return found

    def act(self, deed: str) -> bool:
        """Do what a button of the editor asks: "add", "up:r2", "down:r2" or "drop:r2"; say whether it was one."""
        name, _, token = deed.partition(":")
        place = next((place for place, (one, _) in enumerate(self.rows) if one == token), None)
        if name == "add":
            taken = {one for one, _ in self.rows}
            free = next(f"r{number}" for number in range(1, MOST_ROWS + 2) if f"r{number}" not in taken)
            self.rows.append((free, Section("", "")))
        elif name == "drop" and place is not None:
            del self.rows[place]
        elif name in ("up", "down") and place is not None:
            other = max(0, place - 1) if name == "up" else min(len(self.rows) - 1, place + 1)
            self.rows[place], self.rows[other] = self.rows[other], self.rows[place]
        return name in ("add", "drop", "up", "down")

    def sections(self) -> list[Section]:
        """Return the sections, checked; wholly empty rows are left out. Raises ValidationError in words."""
        return checked(section for _, section in self.rows if section.title.strip() or section.hint.strip())


class AskedForm(forms.Form):
    """Which groups and single agencies must report besides those that owe the plan's report task."""

    groups = forms.ModelMultipleChoiceField(
        queryset=AgencyGroup.objects.none(), label="Nhóm cơ quan", required=False, widget=forms.CheckboxSelectMultiple
    )
    agencies = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.none(),
        label="Cơ quan được nêu tên",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Giữ phím Ctrl để chọn nhiều cơ quan.",
    )

    def __init__(self, *args: Any, plan: Plan, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = AgencyGroup.objects.filter(province=plan.province_id)  # type: ignore[attr-defined]
        self.fields["agencies"].queryset = _agencies(plan, on)  # type: ignore[attr-defined]


class AgencyReasonForm(forms.Form):
    """One agency and a reason: to release it beforehand, or to ask it after the period was opened."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Cơ quan", empty_label="Chọn cơ quan")
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, agencies: "QuerySet[Agency]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class DeskFilterForm(forms.Form):
    """Which rows of the desk to show."""

    q = forms.CharField(
        label="Tìm cơ quan",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tìm cơ quan; gõ không dấu cũng được"}),
    )
    state = forms.ChoiceField(
        label="Tình trạng nộp",
        required=False,
        choices=[("", "Tất cả"), *((name, words) for name, (words, _) in ASKED.items())],
    )
    kind = forms.ChoiceField(label="Khối cơ quan", required=False, choices=[("", "Tất cả"), *Agency.Kind.choices])

    def asked(self) -> dict[str, str]:
        """Return what was asked and understood, for `desk.chosen`."""
        data = self.cleaned_data if self.is_valid() else {}
        return {"words": data.get("q", ""), "state": data.get("state", ""), "kind": data.get("kind", "")}


class AgencySearchForm(forms.Form):
    """Words of an agency's name."""

    q = forms.CharField(
        label="Tìm cơ quan",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tìm cơ quan; gõ không dấu cũng được"}),
    )


class PeriodFilterForm(forms.Form):
    """Which periods to show."""

    plan = forms.ModelChoiceField(queryset=Plan.objects.none(), label="Kế hoạch", required=False, empty_label="Tất cả")
    status = forms.ChoiceField(label="Trạng thái", required=False, choices=[("", "Tất cả"), *Period.Status.choices])

    def __init__(self, *args: Any, plans: "QuerySet[Plan]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]


def _agencies(plan: Plan, on: date) -> "QuerySet[Agency]":
    return Agency.objects.filter(province=plan.province_id).valid_on(on)
