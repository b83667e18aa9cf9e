"""Files people send and receive: what is taken, and how one is handed out only to those who may see it."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.text import slugify

from agencies.folding import unaccent

EVIDENCE_TYPES = {
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".txt", ".csv",
    ".jpg", ".jpeg", ".png", ".heic", ".webp", ".zip", ".eml", ".msg",
}  # fmt: skip


def check_upload(file: UploadedFile, types: set[str]) -> None:
    """Raise a Vietnamese ValidationError when the file is empty, too large or of a type that is not taken."""
    name = file.name or "tệp"
    if not file.size:
        raise ValidationError(f"Tệp “{name}” trống. Hãy kiểm tra và chọn lại.")
    if file.size > settings.UPLOAD_LIMIT:
        raise ValidationError(
            f"Tệp “{name}” nặng {file.size / 1024 / 1024:.0f} MB, vượt mức {settings.UPLOAD_LIMIT // 1024 // 1024} MB."
        )
    suffix = PurePath(name).suffix.lower()
    if suffix not in types:
        raise ValidationError(f"Không nhận tệp loại “{suffix or 'không rõ'}”. Loại nhận: {', '.join(sorted(types))}.")


def stored_name(name: str) -> str:
    """Return a short plain name for the disk: "Báo cáo số 5.PDF" gives "bao-cao-so-5.pdf"; people see the name they gave."""
    path = PurePath(name)
    suffix = path.suffix.lower() if path.suffix.isascii() else ""
    return (slugify(unaccent(path.stem))[:60] or "tep") + suffix[:10]


def file_response(file: FieldFile, name: str, **kwargs: Any) -> FileResponse:
    """Hand out a stored file as a download under its Vietnamese name; never shown inside the page."""
    if not file:
        raise Http404
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=name, **kwargs)
    response["X-Content-Type-Options"] = "nosniff"
    return response
