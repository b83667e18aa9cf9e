"""The form in which a template is uploaded."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agencies.models import Agency
from plans.files import check_upload
from reports.models import DocumentTemplate

Desk = tuple[Agency, DocumentTemplate.Kind]


class TemplateForm(forms.Form):
    """For which paper of which office, what it is called, and the file."""

    desk = forms.ChoiceField(label="Dùng cho")
    name = forms.CharField(
        label="Tên mẫu", max_length=150, help_text="Để phân biệt với các mẫu khác, ví dụ: Mẫu báo cáo năm 2024."
    )
    file = forms.FileField(label="Tệp Word (.docx)", help_text="Tối đa 5 MB, không có macro.")

    def __init__(self, *args: Any, desks: list[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {f"{agency.pk}-{kind.value}": (agency, kind) for agency, kind in desks}
        choices = [
            (key, f"{kind.label[:1].upper()}{kind.label[1:]} - {agency}") for key, (agency, kind) in self.desks.items()
        ]
        cast(forms.ChoiceField, self.fields["desk"]).choices = choices

    def clean_file(self) -> UploadedFile:
        """Refuse what is no .docx by its name, empty or too large; what is inside is looked at afterwards."""
        file: UploadedFile = self.cleaned_data["file"]
        check_upload(file, {".docx"})
        return file

    def desk_chosen(self) -> Desk:
        """Return the office and the kind of paper."""
        return self.desks[self.cleaned_data["desk"]]
