"""Forms of plans and work: they check input; the verbs of the models check rights and rules."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from agencies.access import AT_WORK, access_of
from agencies.models import Agency, Membership, User
from plans.files import EVIDENCE_TYPES, check_upload
from plans.models import Plan, Update, WorkItem
from plans.models.work import NewEvidence
from plans.target_forms import figure_fields
from workdays.clock import today

LONGEST_NUMBER = 18
"""Digits of the largest whole number that the database keeps."""
PLAN_TYPES = {".docx", ".xlsx", ".pdf", ".txt", ".html", ".htm", ".md"}


def whole_number(words: str) -> int | None:
    """Return the number that a hidden field or a ticked row carries; None for whatever no page of ours sends."""
    return int(words) if words.isdecimal() and len(words) <= LONGEST_NUMBER else None


def typed(data: Mapping[str, Any], name: str, longest: int) -> str:
    """Return the words of one field; raises ValidationError when they are too long or hold what cannot be stored."""
    field = forms.CharField(required=False, max_length=longest, strip=False)
    return str(field.clean(data.get(name, "")))


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each checked by `check_upload`."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the list of files (may be empty)."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        for file in files:
            check_upload(file, EVIDENCE_TYPES)
        return files


class UpdateForm(forms.Form):
    """Progress of one item: percent, words, evidence, and a figure for each target of the task."""

    percent = forms.IntegerField(label="Tiến độ (%)", min_value=0, max_value=100)
    words = forms.CharField(
        label="Kết quả, tình hình thực hiện",
        widget=forms.Textarea,
        max_length=10_000,
        help_text="Nêu việc đã làm, số liệu, văn bản đã ban hành.",
    )
    files = ManyFilesField(  # type: ignore[assignment]
        label="Minh chứng",
        required=False,
        help_text="PDF, Word, Excel, ảnh …; tối đa 25 MB mỗi tệp, chọn được nhiều tệp.",
    )
    dated_on = forms.DateField(label="Ngày của minh chứng", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    corrects = forms.ModelChoiceField(queryset=Update.objects.none(), required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: WorkItem, corrects: Update | None = None, **kwargs: Any) -> None:
        initial = {"percent": item.percent, "revision": item.revision, "opened": timezone.now().isoformat()}
        if corrects is not None:
            initial |= {"corrects": corrects.pk, "words": corrects.words}
            initial |= {f"figure_{figure.target_id}": figure.value for figure in corrects.figures.all()}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.fields["corrects"].queryset = item.updates.all()  # type: ignore[attr-defined]
        self.item = item
        self.was_taken = False
        self.figure_names = figure_fields(item, today())
        self.fields.update(self.figure_names)

    def figure_inputs(self) -> list[forms.BoundField]:
        """Return the inputs for figures, in the order of the targets."""
        return [self[name] for name in self.figure_names]

    def figures(self) -> dict[int, Decimal]:
        """Return the figures that were typed: target id → value."""
        typed = {name: self.cleaned_data[name] for name in self.figure_names}
        return {int(name.removeprefix("figure_")): value for name, value in typed.items() if value is not None}

    def written_meanwhile(self) -> list[Update]:
        """Return what others wrote since the page was opened, to be read beside one's own words; else the latest."""
        updates = self.item.updates.select_related("by").order_by("-pk")
        try:
            opened = datetime.fromisoformat(str(self.data.get("opened", "")))
        except ValueError:
            return list(updates[:1])
        since = opened if timezone.is_aware(opened) else timezone.make_aware(opened)
        return list(updates.filter(at__gt=since)[:5]) or list(updates[:1])

    def refuse(self, error: forms.ValidationError) -> None:
        """Say why the update was not recorded, and keep what was typed.

        When somebody was faster the form takes the present revision: after looking, the same words can be sent again.
        """
        self.add_error(None, forms.ValidationError(error.messages))
        self.was_taken = getattr(error, "code", None) == "taken"
        if self.was_taken:
            self.item.refresh_from_db()
            self.data = {**self.data.dict(), "revision": str(self.item.revision)}  # type: ignore[attr-defined]

    def evidence(self) -> list[NewEvidence]:
        """Return the files as new evidence."""
        dated_on = self.cleaned_data["dated_on"]
        return [NewEvidence(file, file.name or "tệp", dated_on) for file in self.cleaned_data["files"]]


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label="Lý do", widget=forms.Textarea, max_length=2000)


class ConfirmForm(forms.Form):
    """A confirmation; the coordinating agency's own work needs the superior's document."""

    document = forms.CharField(
        label="Văn bản chấp nhận của cấp trên",
        max_length=300,
        required=False,
        help_text="Chỉ cần với việc của chính cơ quan điều phối: số, ngày, cơ quan ban hành.",
    )


def people_at_work_in(agencies: Collection[int]) -> QuerySet[User]:
    """Return the people who do the work of these agencies today, by name."""
    places = Membership.objects.valid_on(today()).filter(agency__in=agencies, role__in=AT_WORK)
    return User.objects.filter(memberships__in=places, is_active=True).distinct().order_by("full_name")


class ResponsibleForm(forms.Form):
    """Who in the agency is in charge of the item."""

    responsible = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Người phụ trách", required=False, empty_label="Chưa phân công"
    )

    def __init__(self, *args: Any, item: WorkItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"responsible": item.responsible_id})
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = people_at_work_in([item.agency_id])  # type: ignore[attr-defined]


class PlanSearch(forms.Form):
    """Words of tasks, inside one plan."""

    q = forms.CharField(
        label="Tìm trong kế hoạch",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Tìm nhiệm vụ, gõ không dấu cũng được"}),
    )


class UploadForm(forms.Form):
    """A plan's document: a file, or its text pasted."""

    document = forms.FileField(
        label="Tệp kế hoạch",
        required=False,
        allow_empty_file=True,
        help_text="Word (.docx), Excel (.xlsx), PDF có lớp chữ, hoặc văn bản (.txt, .html); tối đa 25 MB.",
    )
    text = forms.CharField(
        label="Hoặc dán nội dung kế hoạch",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2_000_000,
    )
    coordinating_agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Cơ quan điều phối")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["coordinating_agency"]
        agencies = Agency.objects.visible_to(user).filter(pk__in=access_of(user).coordinates)
        field.queryset = agencies  # type: ignore[attr-defined]
        field.initial = agencies.first()

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, and check the file."""
        data = super().clean() or self.cleaned_data
        if not data.get("document") and not (data.get("text") or "").strip():
            if "document" not in self.errors:
                self.add_error("document", "Hãy chọn tệp hoặc dán nội dung kế hoạch.")
        elif data.get("document"):
            try:
                check_upload(data["document"], PLAN_TYPES)
            except forms.ValidationError as error:
                self.add_error("document", error)
        return data

    def content(self) -> tuple[bytes, str]:
        """Return the bytes and the name of what was sent."""
        file = self.cleaned_data["document"]
        return (file.read(), file.name) if file else (self.cleaned_data["text"].encode(), "noi-dung-dan.txt")

    def refuse(self, error: forms.ValidationError) -> None:
        """Say beside what was sent why it is not taken."""
        self.add_error("document" if self.cleaned_data.get("document") else "text", error)


class PlanHeadForm(forms.ModelForm):
    """What the head of the document says; the coordinator corrects it before confirming."""

    skip_early = forms.BooleanField(
        label="Bỏ mốc cập nhật đến hạn trong 15 ngày đầu sau khi ban hành",
        required=False,
        help_text="Ví dụ kế hoạch ký ngày 20/3: mốc 31/3 quá sát để có kết quả.",
    )

    class Meta:
        model = Plan
        fields = ["number", "signed_on", "issuer", "title", "year", "target", "signer", "before_is_inclusive"]


class CorrectionForm(forms.Form):
    """The corrected document of a plan under way."""

    document = forms.FileField(
        label="Văn bản điều chỉnh, đính chính",
        help_text="Bản đầy đủ của kế hoạch sau khi sửa: Word (.docx), Excel (.xlsx), PDF có lớp chữ; tối đa 25 MB.",
    )

    def clean_document(self) -> UploadedFile:
        """Check size and type."""
        file: UploadedFile = self.cleaned_data["document"]
        check_upload(file, PLAN_TYPES)
        return file


class AmendForm(forms.Form):
    """Which differences of a corrected document are applied, and on what ground."""

    words = forms.CharField(
        label="Căn cứ điều chỉnh",
        max_length=500,
        required=False,
        help_text="Số, ngày, cơ quan ban hành văn bản điều chỉnh; được ghi vào lịch sử của kế hoạch.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class CopyForm(forms.Form):
    """The year of a plan that is made after this one."""

    year = forms.IntegerField(label="Năm của kế hoạch mới", min_value=2000, max_value=2100)


class ParentForm(forms.Form):
    """The plan that this one carries out."""

    parent = forms.ModelChoiceField(
        queryset=Plan.objects.none(),
        label="Kế hoạch cấp trên",
        required=False,
        empty_label="Không cụ thể hóa kế hoạch nào",
    )

    def __init__(self, *args: Any, plan: Plan, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"parent": plan.parent_id})
        super().__init__(*args, **kwargs)
        plans = Plan.objects.visible_to(user).exclude(pk=plan.pk).exclude(status=Plan.Status.DRAFT)
        self.fields["parent"].queryset = plans  # type: ignore[attr-defined]
