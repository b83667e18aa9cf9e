"""Looking at a template that is being uploaded: is it one, does it render, and does its paper keep the decree?"""

import hashlib
from dataclasses import dataclass
from typing import Any

from agencies.models import Agency
from plans.importing.reading.limits import UnreadableDocument, check_size, refuse_ole
from reports.documents.checking import Unreadable, check
from reports.documents.letterheads import issuer_of
from reports.documents.templating.apart import Facts, TemplateRefused, Trouble, render
from reports.documents.templating.variables import sample_of
from workdays.clock import today

MOST_BYTES = 5 * 1024 * 1024
"""Templates are a few pages and perhaps a seal's picture."""
ROWS = 3


@dataclass(frozen=True, slots=True)
class Examined:
    """A template that may be used: its hash, the trial document, and where that does not keep the decree."""

    sha256: str
    trial: bytes
    warnings: tuple[dict[str, Any], ...]


def examine(data: bytes, kind: str, agency: Agency) -> Examined:
    """Return what is to be known of a template. Raises `TemplateRefused` with every problem, its place and what to do."""
    _refuse_other_files(data)
    trial = trial_of(data, kind, agency)
    try:
        verdict = check(trial)
    except Unreadable as error:
        raise TemplateRefused([Trouble(error.message)]) from error
    warnings = tuple(answer.as_dict() for answer in verdict.failing)
    return Examined(hashlib.sha256(data).hexdigest(), trial, warnings)


def trial_of(data: bytes, kind: str, agency: Agency) -> bytes:
    """Return the document that a template makes of sample figures, with the office's own letterhead."""
    return render(data, kind, sample_for(kind, agency), Facts("Bản xem thử mẫu văn bản", agency.name))


def sample_for(kind: str, agency: Agency) -> dict[str, Any]:
    """Return sample figures in the name of an office."""
    issuer = issuer_of(agency)
    head = issuer.letterhead(f"45/BC-{issuer.symbol}", today(), today())
    return sample_of(kind, ROWS) | {
        "co_quan_chu_quan": head.superior.upper(),
        "co_quan_ban_hanh": "\n".join(line.upper() for line in head.issuer),
        "ten_co_quan": agency.name,
        "so_ky_hieu": head.number.removeprefix("Số: "),
        "dia_danh_thoi_gian": head.place_and_date,
        "quyen_han_ky": "\n".join(issuer.signing("deputy")),
        "chi_dan_phu_luc": issuer.reference("Báo cáo", f"45/BC-{issuer.symbol}", today(), today()),
    }


def _refuse_other_files(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        size = MOST_BYTES // 1024 // 1024
        raise TemplateRefused([Trouble(f"Mẫu nặng quá {size} MB. Hãy bỏ bớt hình ảnh rồi tải lên lại.")])
    try:
        check_size(data)
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            refuse_ole(data)
    except UnreadableDocument as error:
        raise TemplateRefused([Trouble(error.message.replace("nhập lại", "tải lên lại"))]) from error
    if not data.startswith(b"PK"):
        raise TemplateRefused(
            [Trouble("Tệp không phải là văn bản Word (.docx). Hãy mở bằng Word và lưu dưới dạng .docx.")]
        )
