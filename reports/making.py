"""Documents of versions, made once from frozen rows: claimed by one UPDATE with a lease, each kept as soon as it is there.

The database is the queue. A file is written first and then named by a row; a maker that is killed in between leaves a
file that no row names, which whoever finishes the version takes away. Its lease runs out, and the next maker goes on with
the document that is missing. Two makers at once (the first was slow) end with one row a document: the later one loses.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from plans.models.claiming import LostClaimError
from reports.documents import pdf
from reports.documents.choosing import word_of_consolidation
from reports.documents.wording import small_first
from reports.documents.workbook import write_consolidated_workbook
from reports.models import Consolidation, ConsolidationDocument

logger = logging.getLogger(__name__)

Kind = ConsolidationDocument.Kind
SUFFIX = {Kind.WORD: "docx", Kind.EXCEL: "xlsx", Kind.PDF: "pdf"}
PDF_HOLD = timedelta(seconds=pdf.TIME_LIMIT + 20)
"""LibreOffice gives no sign of life while it works."""
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What a sweep did: versions whose documents are all there now, and those that failed."""

    made: int = 0
    failed: int = 0


def make_documents() -> Outcome:
    """Make the documents of every version that waits and that nobody holds. Safe to call at any time."""
    waiting = Consolidation.objects.free_to_make(timezone.now()).order_by("asked_at", "pk").values_list("pk", flat=True)
    ended = [make_documents_of(pk) for pk in list(waiting)]
    return Outcome(ended.count(True), ended.count(False))


def make_documents_of(pk: int) -> bool | None:
    """Make what is missing of one version: True when all is there, False when it failed, None when it is not free.

    A failure is written down in words for people and stays until somebody asks again; it stops no other version.
    """
    made = Consolidation.objects.select_related("period__plan", "collector").filter(pk=pk).first()
    if made is None or not made.take(timezone.now()):
        return None
    kind = Kind.WORD
    try:
        for kind in missing_kinds(made):
            _make(made, kind)
        made.finish()
    except LostClaimError:
        logger.info("Consolidation %s was taken over while its documents were made", pk)
        return None
    except Exception as error:
        logger.exception("The %s document of consolidation %s could not be made", kind, pk)
        made.fail(_words_for(error, kind))
        return False
    tidy(made)
    return True


def missing_kinds(made: Consolidation) -> list[Kind]:
    """Return the documents that are still to be made; PDF only where LibreOffice is installed."""
    wanted = [Kind.WORD, Kind.EXCEL, *([Kind.PDF] if pdf.is_available() else [])]
    there = set(made.documents.values_list("kind", flat=True))
    return [kind for kind in wanted if kind not in there]


def _make(made: Consolidation, kind: Kind) -> None:
    begins = {Kind.WORD: 5, Kind.EXCEL: 25, Kind.PDF: 80}[kind]
    made.tell(begins, hold=PDF_HOLD if kind == Kind.PDF else timedelta(seconds=60))
    if kind == Kind.EXCEL:
        with TemporaryFile() as stream:
            write_consolidated_workbook(stream, made, tell=_teller(made, begins, 75))
            _keep(made, kind, stream)
        return
    content = word_of_consolidation(made) if kind == Kind.WORD else pdf.pdf_of(_word_of(made))
    _keep(made, kind, BytesIO(content))


def _teller(made: Consolidation, begins: int, ends: int) -> Callable[[float], None]:
    """Return what writes down a share of a document that is done as progress between two percents."""
    return lambda share: made.tell(begins + round((ends - begins) * share))


def _word_of(made: Consolidation) -> bytes:
    with made.documents.get(kind=Kind.WORD).file.open("rb") as file:
        return file.read()


def _keep(made: Consolidation, kind: Kind, content: IO[bytes]) -> None:
    """Write the file, then the row that names it; the claim is asked for in between, so no late maker adds a row."""
    digest, size = _measured(content)
    storage = _storage()
    path = storage.save(f"{_folder(made)}/{made.claim}.{SUFFIX[kind]}", File(content))
    try:
        with transaction.atomic():
            made.tell(made.progress)
            ConsolidationDocument.objects.create(
                consolidation=made, kind=kind, file=path, name=document_name(made, kind), sha256=digest, size=size
            )
    except IntegrityError:
        storage.delete(path)  # another maker was faster; its document stands
    except BaseException:
        storage.delete(path)
        raise


def _measured(content: IO[bytes]) -> tuple[str, int]:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    for piece in iter(lambda: content.read(PIECE), b""):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    return digest.hexdigest(), size


def tidy(made: Consolidation) -> None:
    """Take away files in the version's folder that no row names: left by makers that were killed."""
    storage = _storage()
    named = {str(one.file.name).rpartition("/")[2] for one in made.documents.all()}
    for name in _files(storage, _folder(made)):
        if name not in named:
            storage.delete(f"{_folder(made)}/{name}")


def _files(storage: Storage, folder: str) -> Iterator[str]:
    try:
        yield from storage.listdir(folder)[1]
    except FileNotFoundError:
        return


def _storage() -> Storage:
    return ConsolidationDocument._meta.get_field("file").storage


def _folder(made: Consolidation) -> str:
    return f"consolidations/{made.made_on:%Y}/{made.pk}"


def document_name(made: Consolidation, kind: str) -> str:
    """Return the name under which people save the file; "/" in a plan's number is no letter of a file's name."""
    plan, period, collector = made.figures["plan"], made.figures["period"], made.figures.get("collector", "")
    number = plan["number"].replace("/", "-")
    whose = f"{collector} - " if collector else ""
    name = f"Báo cáo tổng hợp {small_first(period['name'])} - {whose}Kế hoạch {number} - bản {made.version}"
    return f"{name.replace('/', '-')[:240]}.{SUFFIX[Kind(kind)]}"


def _words_for(error: Exception, kind: Kind) -> str:
    """Return why a document could not be made, and what to do, in words for people."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, OSError):
        return (
            f"Chưa lưu được tệp {kind.label}: máy chủ không ghi được tệp ({error.strerror or 'lỗi đọc, ghi'}). Hãy báo người "
            "quản trị kiểm tra chỗ lưu tệp rồi bấm Thử lại."
        )
    return (
        f"Chưa lập được tệp {kind.label} do lỗi của chương trình; số liệu của phiên bản vẫn nguyên vẹn. Hãy bấm Thử lại, nếu "
        "vẫn không được thì báo người quản trị."
    )
