"""A draft of an import: started from a file, mended row by row, taken up by a colleague, dropped or confirmed."""

from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F

from agencies.folding import fold, squeeze
from agencies.models import Agency, Province, User
from agencies.naming import register_catalogue
from plans.files import stored_name
from plans.importing.proposal import PlanHead, Task
from plans.importing.reading import UnreadableDocument, read_document
from plans.importing.understanding import understand, understand_row
from plans.models import ImportDraft, Plan

SOMEBODY_FASTER = "Bản nhập vừa được người khác sửa. Hãy tải lại trang để xem nội dung mới nhất rồi sửa tiếp."


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
                proposal=proposal,
            )
            draft.document.save(stored_name(name), ContentFile(data), save=False)
            draft.save()
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


def change_row(draft: ImportDraft, row: int, *, revision: int, **words: Any) -> dict[str, Any]:
    """Understand one row anew with the words as mended and keep it. Returns the row as it now stands.

    ``words``: any of text, agencies_text, coordinating_text, time_text. Two editors never overwrite each other.
    """
    old = _row(draft, row)
    changed: dict[str, Any] = {
        name: value for name, value in words.items() if squeeze(value) != squeeze(old.get(name) or "")
    }
    mended = understand_row(
        Task.from_dict(old),
        PlanHead.from_dict(draft.proposal["plan"]),
        catalogue=register_catalogue(draft.province),
        **changed,
    ).as_dict()
    mended |= {"edited": True, "dropped": False}
    _write(draft, revision, row, mended)
    return mended


def drop_row(draft: ImportDraft, row: int, *, revision: int, dropped: bool) -> None:
    """Leave a row out because it is no task, or take it back."""
    _write(draft, revision, row, _row(draft, row) | {"dropped": dropped})


def drop_draft(draft: ImportDraft) -> None:
    """Give the import up; the document can be uploaded again."""
    changed = ImportDraft.objects.filter(pk=draft.pk, state=ImportDraft.State.OPEN).update(
        state=ImportDraft.State.DROPPED
    )
    if not changed:
        raise ValidationError(SOMEBODY_FASTER, code="taken")


def _row(draft: ImportDraft, row: int) -> dict[str, Any]:
    for task in draft.proposal["tasks"]:
        if task["row"] == row:
            return task
    raise ValidationError(f"Bản nhập không có dòng {row}.", code="missing")


def _write(draft: ImportDraft, revision: int, row: int, task: dict[str, Any]) -> None:
    tasks = [task if old["row"] == row else old for old in draft.proposal["tasks"]]
    proposal = draft.proposal | {"tasks": tasks}
    changed = ImportDraft.objects.filter(pk=draft.pk, revision=revision, state=ImportDraft.State.OPEN).update(
        proposal=proposal, revision=F("revision") + 1
    )
    if not changed:
        raise ValidationError(SOMEBODY_FASTER, code="taken")
    draft.refresh_from_db(fields=["proposal", "revision"])
