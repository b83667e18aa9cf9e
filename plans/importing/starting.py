"""The beginning of an import: a file is read and understood, and its proposal kept as a draft."""

from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from agencies.folding import fold
from agencies.models import Agency, Province, User
from agencies.naming import register_catalogue
from plans.files import stored_name
from plans.importing.reading import UnreadableDocument, read_document
from plans.importing.understanding import understand
from plans.models import DraftRow, ImportDraft, Plan


def start_draft(*, data: bytes, name: str, by: User, agency: Agency) -> ImportDraft:
    """Read and understand a plan's document and keep the proposal.

    Raises ValidationError in words when the file cannot be read, holds no task, or the plan is already there; then
    nothing is saved.
    """
    province = agency.province
    digest = sha256(data).hexdigest()
    _refuse_known_document(province, digest)
    try:
        document = read_document(data, name)
    except UnreadableDocument as error:
        raise ValidationError(str(error), code="unreadable") from error
    proposal = understand(document, catalogue=register_catalogue(province)).as_dict()
    head = proposal["plan"]
    refuse_known_plan(province, head.get("number"), head.get("signed"), issuer=head.get("issuer"))
    _warn_of_another_province(proposal, province)
    if not proposal["tasks"]:
        raise ValidationError(
            "Không tìm thấy nhiệm vụ nào trong văn bản. Hãy kiểm tra tệp có phụ lục phân công nhiệm vụ, "
            "hoặc chép bảng nhiệm vụ dán vào ô nội dung.",
            code="no_task",
        )
    try:
        with transaction.atomic():
            draft = ImportDraft(
                province=province,
                coordinating_agency=agency,
                uploaded_by=by,
                document_name=name[:255],
                document_hash=digest,
                head=proposal["plan"],
                warnings=proposal["warnings"],
            )
            draft.document.save(stored_name(name), ContentFile(data), save=False)
            draft.save()
            DraftRow.objects.bulk_create(
                DraftRow(draft=draft, position=position, task=task, source=task)
                for position, task in enumerate(proposal["tasks"], start=1)
            )
    except IntegrityError as error:
        draft.document.delete(save=False)
        raise ValidationError("Văn bản này đang được xem lại trong một bản nhập khác.", code="known") from error
    return draft


def _warn_of_another_province(proposal: dict[str, Any], province: Province) -> None:
    """Say so when the document's head names another province than the one that imports it."""
    named = proposal["plan"].get("province")
    if named and fold(named) != fold(province.name):
        proposal["warnings"].append(
            {
                "code": "other_province",
                "words": named,
                "message": f"Văn bản ghi tỉnh, thành phố {named}, không phải {province.full_name}. Hãy kiểm tra đúng tệp.",
            }
        )


def _refuse_known_document(province: Province, digest: str) -> None:
    plan = Plan.objects.filter(province=province, document_hash=digest).first()
    if plan:
        raise ValidationError(
            f"Văn bản này đã được nhập: Kế hoạch {plan.number} ngày {plan.signed_on:%d/%m/%Y}.", code="known"
        )
    if ImportDraft.objects.filter(province=province, document_hash=digest, state=ImportDraft.State.OPEN).exists():
        raise ValidationError("Văn bản này đang được xem lại trong một bản nhập khác.", code="known")


def refuse_known_plan(
    province: Province, number: str | None, signed: date | str | None, *, issuer: str | None = None
) -> None:
    """Raise ValidationError in words when the province already has this issuer's plan of this number and day.

    Without an issuer any plan of that number and day counts.
    """
    if not number or not signed:
        return
    plan = Plan.objects.filter(province=province).known_as(number, issuer, signed).first()
    if plan:
        raise known_plan(plan)


def known_plan(plan: Plan) -> ValidationError:
    """Return the refusal of a plan that is already there, in words."""
    return ValidationError(
        f"Kế hoạch {plan.number} ngày {plan.signed_on:%d/%m/%Y} đã có trong hệ thống, không nhập lần nữa. "
        "Mở kế hoạch đó để xem và cập nhật.",
        code="known",
    )
