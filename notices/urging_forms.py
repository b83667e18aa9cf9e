"""Forms and filter of urging."""

from collections.abc import Iterable, Sequence
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict

from agencies.models import Agency
from notices.models import Urging, UrgingQuerySet
from notices.urging import LateAgency
from plans.forms import whole_number
from plans.models import Plan


class LateFilterForm(forms.Form):
    """Which late agencies to show: of one plan, by kind, by days and number of late items, by when they were urged."""

    q = forms.CharField(
        label="Tìm cơ quan, nhiệm vụ",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tìm cơ quan, nhiệm vụ; gõ không dấu cũng được"}),
    )
    plan = forms.ChoiceField(label="Kế hoạch", required=False)
    kind = forms.ChoiceField(label="Khối cơ quan", required=False, choices=[("", "Tất cả"), *Agency.Kind.choices])
    days = forms.IntegerField(label="Quá hạn từ (ngày)", required=False, min_value=1, max_value=9999)
    urged = forms.ChoiceField(
        label="Đã đôn đốc",
        required=False,
        choices=[("", "Tất cả"), ("no", "Chưa đôn đốc lần nào"), ("yes", "Đã đôn đốc")],
    )

    def __init__(self, data: QueryDict | None, *, plans: Sequence[Plan]) -> None:
        super().__init__(data)
        self._plans = {str(plan.pk): plan for plan in plans}
        self.fields["plan"].choices = [(pk, str(plan)) for pk, plan in self._plans.items()]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def chosen_plan(self) -> Plan | None:
        """Return the plan asked for, else the first one."""
        asked = self.data.get("plan", "") if self.is_bound else ""
        return self._plans.get(asked) or next(iter(self._plans.values()), None)

    def kept(self, found: Iterable[LateAgency]) -> list[LateAgency]:
        """Return the agencies that the filter keeps; what was not understood keeps all."""
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        kind, days, urged = asked.get("kind"), asked.get("days"), asked.get("urged")
        return [
            one
            for one in found
            if (not kind or one.agency.kind == kind)
            and (not days or one.most_late >= days)
            and (not urged or bool(one.urged) is (urged == "yes"))
        ]


class UrgeForm(forms.Form):
    """How the ticked agencies are urged, and in which words."""

    kind = forms.ChoiceField(choices=Urging.Kind.choices, label="Hình thức")
    words = forms.CharField(
        label="Nội dung đôn đốc",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi thêm yêu cầu, thời hạn trả lời nếu có. Danh sách việc quá hạn được kèm sẵn.",
    )

    def agencies(self, data: QueryDict) -> list[int]:
        """Return the ticked agencies; what no page of ours sends is left out."""
        return [number for words in data.getlist("agencies") if (number := whole_number(words)) is not None]


class LetterNumberForm(forms.Form):
    """Number and day of a letter as the clerk registered it."""

    number = forms.CharField(label="Số, ký hiệu công văn", max_length=50)
    signed_on = forms.DateField(label="Ngày công văn")


class UrgingFilter(django_filters.FilterSet):
    """Words, plan, agency, form and days of urgings."""

    q = django_filters.CharFilter(method="by_words", label="Tìm cơ quan, nội dung")
    plan = django_filters.ModelChoiceFilter(queryset=Plan.objects.none(), label="Kế hoạch", empty_label="Tất cả")
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.none(), label="Cơ quan", empty_label="Tất cả")
    on_from = django_filters.DateFilter(field_name="on", lookup_expr="gte", label="Từ ngày")
    on_to = django_filters.DateFilter(field_name="on", lookup_expr="lte", label="Đến hết ngày")
    kind = django_filters.ChoiceFilter(choices=Urging.Kind.choices, label="Hình thức", empty_label="Tất cả")

    class Meta:
        model = Urging
        fields = ["q", "plan", "agency", "on_from", "on_to", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user if self.request else None
        if user is not None and user.is_authenticated:
            self.filters["plan"].queryset = Plan.objects.visible_to(user)
            self.filters["agency"].queryset = Agency.objects.visible_to(user)

    def by_words(self, urgings: UrgingQuerySet, name: str, value: str) -> UrgingQuerySet:
        """Search without diacritics."""
        return urgings.matching(value)
