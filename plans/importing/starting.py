"""The beginning of an import: the document is stored as a draft that waits to be read (`reading_drafts` does that)."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency, Province, User
from plans.files import stored_name
from plans.importing.proposing import propose
from plans.importing.reading_drafts import read_draft
from plans.importing.refusing import KnownDocument, known_plan, refuse_known_plan
from plans.models import ImportDraft, Plan

__all__ = ["KnownDocument", "known_plan", "refuse_known_plan", "start_draft", "store_document"]


def store_document(*, data: bytes, name: str, by: User, agency: Agency, amends: Plan | None = None) -> ImportDraft:
    """Keep a plan's document as a draft to be read, and return it. A document that could not be read waits again.

    Raises `KnownDocument` in words when the same document is already a plan, or is being read or looked at: it carries
    the plan or the draft. ``amends`` is the plan that a corrected document is compared with; then nothing is refused.
    """
    digest = sha256(data).hexdigest()
    _refuse_known_document(agency.province, digest, amends)
    failed = ImportDraft.objects.filter(
        province=agency.province, coordinating_agency=agency, document_hash=digest, state=ImportDraft.State.FAILED
    ).first()
    draft = ImportDraft(
        province=agency.province,
        coordinating_agency=agency,
        uploaded_by=by,
        document_name=name[:255],
        document_hash=digest,
        state=ImportDraft.State.READING,
        amends=amends,
    )
    try:
        with transaction.atomic():
            if failed and failed.read_again(timezone.now()):
                return failed
            draft.document.save(stored_name(name), ContentFile(data), save=False)
            draft.save()
    except IntegrityError:  # the same document came twice at the same moment
        if draft.document:
            draft.document.delete(save=False)
        _refuse_known_document(agency.province, digest, amends)
        raise
    return draft


def start_draft(*, data: bytes, name: str, by: User, agency: Agency) -> ImportDraft:
    """Store and read a document that is trusted, at once and in this process, and return its open draft.

    Raises ValidationError in words when the file cannot be read, holds no task, or the plan is already there; then
    nothing is kept.
    """
    draft = store_document(data=data, name=name, by=by, agency=agency)
    read_draft(draft.pk, read=lambda data, request, *, tell, patience: propose(data, request, tell))
    draft.refresh_from_db()
    if draft.state != ImportDraft.State.OPEN:
        draft.document.delete(save=False)
        draft.delete()
        raise ValidationError(draft.fault, code=draft.fault_code)
    return draft


def _refuse_known_document(province: Province, digest: str, amends: Plan | None) -> None:
    """Raise `KnownDocument` when this very document is already in hand."""
    plan = Plan.objects.filter(province=province, document_hash=digest).first()
    if plan and amends is None:
        raise KnownDocument(
            f"Văn bản này đã được nhập: Kế hoạch {plan.number} ngày {plan.signed_on:%d/%m/%Y}.", plan=plan
        )
    draft = ImportDraft.objects.under_way().filter(province=province, document_hash=digest).first()
    if draft:
        state = "đang được đọc" if draft.state == ImportDraft.State.READING else "đang được xem lại"
        raise KnownDocument(f"Văn bản này {state} trong một bản nhập khác.", draft=draft)
