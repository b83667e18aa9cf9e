"""Forms of the register."""

from django import forms

from agencies.models import Agency


class AgencySearch(forms.Form):
    """Words and kind; everything may be left out."""

    q = forms.CharField(
        label="Tìm cơ quan",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tên, viết tắt; gõ không dấu cũng được"}),
    )
    kind = forms.ChoiceField(label="Loại", required=False, choices=[("", "Mọi loại"), *Agency.Kind.choices])
