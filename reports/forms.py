"""Forms of reports: they check input; the verbs of the models check rights and rules."""

from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from plans.forms import ManyFilesField
from reports.models import Report, ReportLine, ReportState
from reports.models.report import Seen, check_signed_pdf
from reports.outline import Section

LINE, SECTION = "line-", "section-"
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
    """An officer's words: the sections of the period's outline, and what is to be said on single tasks.

    Every text carries what the page showed (`show_hidden_initial`), so that only texts the officer changed are written
    and newer prefilled ones stay. ``only`` names the fields that were sent where a page saves while somebody types.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, report: Report, lines: list[ReportLine], only: Container[str] | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"revision": report.revision}
        super().__init__(*args, **kwargs)
        self.outline = report.section_list()
        for section, text in report.sections():
            self._add_text(f"{SECTION}{section.key}", section.title, section.hint, text)
        for line in lines:
            name = f"{LINE}{line.pk}"
            self._add_text(name, f"Kết quả, tình hình thực hiện nhiệm vụ {line.position}", "", line.results)
        if only is not None:
            self.fields = {name: one for name, one in self.fields.items() if name == "revision" or name in only}

    def _add_text(self, name: str, label: str, hint: str, text: str) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            help_text=hint,
            required=False,
            max_length=LONGEST,
            initial=text,
            show_hidden_initial=True,
            widget=forms.Textarea(attrs={"data-saved": True, "data-label": label}),
        )

    def clean(self) -> dict[str, Any]:
        """Write line ends the one way the database keeps them."""
        data = super().clean() or {}
        return {key: value.replace("\r\n", "\n") if isinstance(value, str) else value for key, value in data.items()}

    @property
    def texts(self) -> list[str]:
        """Return the names of the texts."""
        return [name for name in self.fields if name != "revision"]

    def changed_texts(self) -> list[str]:
        """Return the names of the texts that differ from what the page showed."""
        return [name for name in self.texts if self.cleaned_data.get(name, "") != self.shown(name)]

    def shown(self, name: str) -> str:
        """Return what the page showed of a text before it was changed."""
        bound = self[name]
        return str(self.data.get(bound.html_initial_name, bound.initial) or "").replace("\r\n", "\n")

    def words(self) -> dict[str, str]:
        """Return the sections whose words the officer changed, by key."""
        changed = [name for name in self.changed_texts() if name.startswith(SECTION)]
        return {name.removeprefix(SECTION): self.cleaned_data[name] for name in changed}

    def results_by_line(self) -> dict[int, str]:
        """Return the lines whose words the officer changed, by id."""
        changed = [name for name in self.changed_texts() if name.startswith(LINE)]
        return {int(name.removeprefix(LINE)): self.cleaned_data[name] for name in changed}

    def seen(self) -> Seen:
        """Return what the page showed of the changed texts; a text sent without it was not seen."""
        told = {name: self.shown(name) for name in self.changed_texts() if self[name].html_initial_name in self.data}
        return Seen(
            {name.removeprefix(SECTION): text for name, text in told.items() if name.startswith(SECTION)},
            {int(name.removeprefix(LINE)): text for name, text in told.items() if name.startswith(LINE)},
        )

    def section_fields(self) -> list[tuple[Section, forms.BoundField]]:
        """Return the sections with their fields, in their order."""
        return [(section, self[f"{SECTION}{section.key}"]) for section in self.outline]

    def lay_beside(self, now: dict[str, str], revision: int) -> list[tuple[str, str]]:
        """After somebody was faster: keep what was typed, take over what only they changed, return what both changed.

        Returned are (label, their text). The form then stands on the present revision: whoever has read both texts may
        save again.
        """
        data: dict[str, Any] = dict(self.data.items())
        both = []
        for name in self.texts:
            initial, theirs = self[name].html_initial_name, now[name]
            typed = str(self.data.get(name, "")).replace("\r\n", "\n")
            seen = self.shown(name) if initial in self.data else None
            if typed == seen:
                data[name] = theirs
            elif theirs.strip() not in (typed.strip(), seen.strip() if seen is not None else typed.strip()):
                both.append((str(self.fields[name].label), theirs))
            data[initial] = theirs
        data["revision"] = str(revision)
        self.data = data
        return both


def texts_of(report: Report, lines: Iterable[ReportLine]) -> dict[str, str]:
    """Return the texts of a report as they stand, by the name of their field."""
    sections = {f"{SECTION}{section.key}": text for section, text in report.sections()}
    return sections | {f"{LINE}{line.pk}": line.results for line in lines}


class AttachmentsForm(forms.Form):
    """Files that go with the report."""

    files = ManyFilesField(  # type: ignore[assignment]
        label="Tài liệu kèm theo",
        help_text="PDF, Word, Excel, ảnh …; tối đa 25 MB mỗi tệp, chọn được nhiều tệp.",
    )


class RestoreForm(forms.Form):
    """Which text gives way to the product's own words again."""

    revision = forms.IntegerField()
    section = forms.CharField(required=False, max_length=40)
    line = forms.IntegerField(required=False)


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


class OnBehalfForm(PaperForm):
    """A report whose signed paper came past this product: the paper, and the day on which it came."""

    came_on = forms.DateField(label="Ngày nhận báo cáo", help_text="Ngày văn bản đến; dùng để tính đúng hạn hay chậm.")
    words = forms.CharField(
        label="Ghi chú",
        required=False,
        max_length=500,
        help_text="Ví dụ: nhận qua đường văn thư, đơn vị chưa đăng nhập được.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "dated_on", "signer"):
            self.fields[name].required = True
        self.fields["signed_file"].required = not self.instance.signed_file


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
