"""Forms of the annex that is filled offline: the upload, and the answers of the page that compares."""

from collections.abc import Iterable, Mapping

from django import forms
from django.core.files.uploadedfile import UploadedFile

from plans.files import check_upload
from plans.forms import whole_number
from plans.offline.applying import Answer
from plans.offline.comparing import Line

ANNEX_TYPES = {".xlsx"}
MAX_BYTES = 5 * 1024 * 1024
"""A filled annex of 1,000 rows with many words stays below one million bytes."""


class AnnexForm(forms.Form):
    """The filled annex."""

    file = forms.FileField(
        label="Phụ lục đã điền", allow_empty_file=True, help_text="Tệp Excel (.xlsx) tải về từ trang này; tối đa 5 MB."
    )

    def clean_file(self) -> UploadedFile:
        """Check size and type."""
        file: UploadedFile = self.cleaned_data["file"]
        check_upload(file, ANNEX_TYPES)
        if file.size and file.size > MAX_BYTES:
            raise forms.ValidationError("Tệp vượt 5 MB. Hãy bỏ hình ảnh, trang tính không dùng rồi tải lên lại.")
        return file


def answers_of(data: Mapping[str, str], lines: Iterable[Line]) -> dict[str, Answer]:
    """Return what the person chose for each row that waits; a row without the revision of their page has no answer.

    ``take-CODE`` is "mine" or nothing; ``revision-CODE`` the item's on the page; ``hand_in-CODE`` or ``hand_in_all``.
    """
    found = {}
    for line in lines:
        revision = whole_number(data.get(f"revision-{line.code}", ""))
        if line.waits and revision is not None:
            hand_in = f"hand_in-{line.code}" in data or "hand_in_all" in data
            found[line.code] = Answer(data.get(f"take-{line.code}") == "mine", revision, hand_in)
    return found
