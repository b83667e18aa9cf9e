"""Forms of reports: they check input; the verbs of the models check rights and rules."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from reports.models import Consolidation, Period, Report, ReportLine, ReportState, SignedAs
from reports.models.report import check_signed_pdf

LINE = "line-"
FOUND_BY = [
    ("expected", "phải báo cáo"),
    ("arrived", "đã nộp (kể cả đã tiếp nhận)"),
    ("missing", "chưa nộp (kể cả bị trả lại)"),
    ("late", "chậm (nộp chậm hoặc quá hạn nộp)"),
    ("arrived_late", "nộp chậm"),
    ("excluded", "không phải báo cáo"),
]
"""What the lists of reports are asked for besides a state."""
LONGEST = 20_000
"""Longest section of words, in characters: about ten pages."""


def _words(label: str, help_text: str = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReportForm(forms.Form):
    """An officer's words: the five sections, and what is to be said on single tasks.

    Lines carry what the page showed (`show_hidden_initial`), so that only words the officer changed are saved and newer
    prefilled words of other lines stay.
    """

    results = _words("Kết quả nổi bật trong kỳ", "Nêu việc đã làm, số liệu, văn bản đã ban hành; mỗi ý một dòng.")
    shortcomings = _words("Tồn tại, hạn chế và nguyên nhân")
    obstacles = _words("Khó khăn, vướng mắc", "Để trống nếu không có.", 4)
    proposals = _words("Kiến nghị, đề xuất", "Ghi rõ kiến nghị với cơ quan nào.", 4)
    outlook = _words("Phương hướng, nhiệm vụ kỳ tới")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, lines: list[ReportLine], **kwargs: Any) -> None:
        saved = {name: getattr(report, name) for name in Report.NARRATIVE} | {"revision": report.revision}
        kwargs["initial"] = saved
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"{LINE}{line.pk}"] = forms.CharField(
                label=f"Kết quả, tình hình thực hiện nhiệm vụ {line.position}",
                required=False,
                max_length=LONGEST,
                initial=line.results,
                show_hidden_initial=True,
                widget=forms.Textarea(attrs={"rows": 3, "cols": 44}),
            )

    def clean(self) -> dict[str, Any]:
        """Write line ends the one way the database keeps them."""
        data = super().clean() or {}
        return {key: value.replace("\r\n", "\n") if isinstance(value, str) else value for key, value in data.items()}

    def words(self) -> dict[str, str]:
        """Return the five sections."""
        return {name: self.cleaned_data[name] for name in Report.NARRATIVE}

    def results_by_line(self) -> dict[int, str]:
        """Return the lines whose words the officer changed."""
        changed = [name for name in self.changed_data if name.startswith(LINE)]
        return {int(name.removeprefix(LINE)): self.cleaned_data[name] for name in changed}


class PaperForm(forms.ModelForm):
    """The signed paper: number, day, signer, scan or digitally signed PDF."""

    signed_file = forms.FileField(
        label="Bản ký (PDF)", required=False, help_text="Bản quét hoặc bản ký số, tối đa 25 MB."
    )

    class Meta:
        model = Report
        fields = [*Report.PAPER]

    def clean_signed_file(self) -> UploadedFile | None:
        """Refuse what is no PDF."""
        file = self.cleaned_data.get("signed_file")
        if file:
            check_signed_pdf(file)
        return file

    def paper(self) -> dict[str, Any]:
        """Return the details for `Report.attach`."""
        return {name: self.cleaned_data[name] for name in Report.PAPER}


class ReasonForm(forms.Form):
    """A reason that the other side will read."""

    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class ReportFilterForm(forms.Form):
    """What to look for among reports."""

    q = forms.CharField(label="Tìm", required=False)
    state = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[("", "Tất cả"), *FOUND_BY, *((state.value, state.label) for state in ReportState)],
    )


class ConsolidationForm(forms.Form):
    """Whose paper the consolidated report is, who signs, and the words over the figures."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành", choices=Consolidation.Issuer.choices)
    signed_as = forms.ChoiceField(label="Thẩm quyền ký", choices=SignedAs.choices)
    signer = forms.CharField(label="Người ký", required=False, max_length=150, help_text="Có thể để trống.")
    results = _words("Đánh giá chung về kết quả", "Đứng đầu mục II, trước kết quả từng nội dung. Có thể để trống.")
    shortcomings = _words("Tồn tại, hạn chế và nguyên nhân", "Số liệu quá hạn, chậm báo cáo được tự ghi ở đầu mục.", 6)
    obstacles = _words("Khó khăn, vướng mắc", "Tập hợp từ báo cáo các cơ quan; sửa được.", 6)
    proposals = _words("Kiến nghị, đề xuất", "Tập hợp từ báo cáo các cơ quan; sửa được.", 6)
    outlook = _words("Phương hướng, nhiệm vụ thời gian tới", "Các mốc đến hạn được tự ghi ở cuối mục.", 6)
    recipients = _words("Nơi nhận", "Mỗi nơi một dòng. Để trống: nơi nhận thông thường.", 4)

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = f"UBND {period.plan.province.get_kind_display()}"
        cast(forms.ChoiceField, self.fields["issuer"]).choices = [
            (Consolidation.Issuer.COORDINATOR.value, f"{period.plan.coordinating_agency.name} báo cáo {committee}"),
            (Consolidation.Issuer.COMMITTEE.value, f"{committee} ban hành (dự thảo trình ký)"),
        ]

    def narrative(self) -> dict[str, str]:
        """Return the words."""
        names = ("results", "shortcomings", "obstacles", "proposals", "outlook", "recipients")
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in names}
