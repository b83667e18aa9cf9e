"""Drafts that wait are read: claimed by one UPDATE with a lease, read in a process apart, kept in one transaction.

The database is the queue. A reader that is killed leaves a draft whose lease runs out; whoever comes next reads it again,
and the killed one's late answer finds that the claim is no longer its own.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.folding import fold
from agencies.models import Province
from agencies.naming import register_names
from criteria.models import Criterion, Framework
from plans.importing.proposing import NowAndThen, Request
from plans.importing.reading import UnreadableDocument
from plans.importing.reading_apart import NotYetRead, read_apart
from plans.importing.refusing import refuse_known_plan
from plans.models import DraftRow, ImportDraft
from plans.models.claiming import LostClaimError

logger = logging.getLogger(__name__)

PAUSE = 0.7
"""Seconds between two notes of how far a reading is, unless its stage is new."""
NO_TASK = (
    "Không tìm thấy nhiệm vụ nào trong văn bản. Hãy kiểm tra tệp có phụ lục phân công nhiệm vụ, "
    "hoặc chép bảng nhiệm vụ dán vào ô nội dung."
)
NO_FILE = "Không còn thấy tệp đã tải lên trên máy chủ. Hãy bỏ bản nhập này và tải tệp lên lại."


def read_drafts(*, patience: float | None = None) -> int:
    """Read every draft that waits and that nobody holds; return how many were tried. Safe to call at any time."""
    waiting = ImportDraft.objects.free_to_read(timezone.now()).order_by("asked_at", "pk").values_list("pk", flat=True)
    tried, broken = 0, []
    for pk in list(waiting):
        try:
            tried += read_draft(pk, patience=patience)
        except Exception as error:  # one bad draft stops itself, not the round
            logger.exception("Import draft %s could not be read", pk)
            broken.append(error)
    if broken:
        raise broken[0]
    return tried


def read_draft(pk: int, *, patience: float | None = None, read: Callable[..., dict[str, Any]] = read_apart) -> bool:
    """Read one draft and offer its proposal, or write down why not; False when it is not free to be read.

    After ``patience`` seconds the draft is let go, to be read by who has more time.
    """
    draft = ImportDraft.objects.select_related("province").filter(pk=pk).first()
    if draft is None or not draft.take(timezone.now()):
        return False
    try:
        _read(draft, patience, read)
    except LostClaimError:
        logger.info("Import draft %s was given up or taken over while it was read", pk)
    return True


def _method() -> tuple[tuple[str, str], ...]:
    """The codes and names of the newest measuring method, to which tasks may be linked."""
    newest = Framework.objects.order_by("-first_year").first()
    return tuple(Criterion.objects.filter(framework=newest).values_list("code", "text")) if newest else ()


def _read(draft: ImportDraft, patience: float | None, read: Callable[..., dict[str, Any]]) -> None:
    province = draft.province
    request = Request(draft.document_name, tuple(register_names(province)), province.name, criteria=_method())
    try:
        with draft.document.open("rb") as file:
            data = file.read()
        proposal = read(data, request, tell=NowAndThen(partial(_note, draft), PAUSE), patience=patience)
    except NotYetRead:
        draft.let_go()
    except FileNotFoundError:
        draft.fail(NO_FILE, "no_file")
    except UnreadableDocument as error:
        draft.fail(error.message, error.code)
    else:
        _offer(draft, proposal)


def _note(draft: ImportDraft, stage: str, done: int, total: int) -> None:
    draft.tell(ImportDraft.Stage(stage), done, total)


def _offer(draft: ImportDraft, proposal: dict[str, Any]) -> None:
    """Check the proposal against what is there and keep it, all or nothing."""
    head, tasks = proposal["plan"], proposal["tasks"]
    draft.tell(ImportDraft.Stage.MATCHING, len(tasks), len(tasks))
    if not tasks:
        draft.fail(NO_TASK, "no_task", head=head)
        return
    try:
        if draft.amends_id is None:
            refuse_known_plan(draft.province, head.get("number"), head.get("signed"), issuer=head.get("issuer"))
    except ValidationError as error:
        draft.fail(" ".join(error.messages), "known", head=head)
        return
    with transaction.atomic():
        draft.open(head, [*proposal["warnings"], *_warning_of_another_province(head, draft.province)])
        offered = [task | {"offered": True} for task in proposal.get("offered") or ()]
        DraftRow.objects.bulk_create(
            DraftRow(
                draft=draft,
                position=position,
                task=task,
                source=task,
                state=DraftRow.State.DROPPED if task.get("offered") else DraftRow.State.OPEN,
            )
            for position, task in enumerate([*tasks, *offered], start=1)
        )


def _warning_of_another_province(head: dict[str, Any], province: Province) -> list[dict[str, str]]:
    """Say so when the document's head names another province than the one that imports it."""
    named = head.get("province")
    if not named or fold(named) == fold(province.name):
        return []
    message = f"Văn bản ghi tỉnh, thành phố {named}, không phải {province.full_name}. Hãy kiểm tra đúng tệp."
    return [{"code": "other_province", "words": named, "message": message}]
