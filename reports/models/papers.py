"""Files of a report: the signed PDF, and what goes with the report."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File

from agencies.models import User
from plans.files import EVIDENCE_TYPES, check_upload, stored_name
from reports.models.parts import ReportAttachment

if TYPE_CHECKING:
    from reports.models.report import Report


def check_signed_pdf(file: File) -> None:
    """Refuse what is no PDF, is empty or larger than the office's limit. Raises ValidationError in words for people."""
    if not file.size:
        raise ValidationError("Tệp rỗng: hãy chọn lại bản ký.")
    if file.size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(f"Tệp lớn hơn {limit} MB: hãy quét ở độ phân giải thấp hơn.")
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" not in head:
        raise ValidationError("Bản ký phải là tệp PDF (bản quét hoặc bản ký số).")


def check_attached(file: File) -> None:
    """Refuse what the product does not take as evidence either: other types, empty or too large files."""
    check_upload(file, EVIDENCE_TYPES)  # type: ignore[arg-type]


def stored_attachment(report: "Report", file: File, by: User) -> ReportAttachment:
    """Write the file and its row, under the name people gave it; on the disk it has a plain one."""
    name = (file.name or "tệp")[-255:]
    file.name = stored_name(name)
    return report.attachments.create(file=file, name=name, size=file.size, by=by)
