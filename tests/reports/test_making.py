"""A version's documents are made once, in the background, from what was frozen."""

import hashlib
import signal
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from kombu.exceptions import OperationalError
from openpyxl import load_workbook

from agencies.models import Agency
from plans.models import Task
from plans.models.claiming import ATTEMPTS, LostClaimError
from reports import making
from reports.consolidating import consolidate, hash_of
from reports.documents import pdf
from reports.making import make_documents, make_documents_of
from reports.models import ConsolidatedLine, Consolidation, ConsolidationDocument, Period
from reports.tasks import make_documents_of as rung
from tests.cast import Cast
from tests.factories import work_item
from tests.reports.conftest import submitted
from tests.test_worker import wait_for

ON = date(2024, 6, 14)


@pytest.fixture
def made(cast: Cast, period: Period, report_of) -> Consolidation:
    work_item(cast.health, plan=cast.plan, due=date(2024, 4, 30))
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    return consolidate(period, by=cast.coordinator, on=ON)


def bytes_of(made: Consolidation, kind: str) -> bytes:
    with made.documents.get(kind=kind).file.open("rb") as file:
        return file.read()


def files_of(media: Path) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


@pytest.fixture
def media_of_workers(media: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a worker that is started after this write to the files of the test."""
    monkeypatch.setenv("MEDIA_ROOT", str(media))
    return media


def expire(made: Consolidation) -> None:
    """Let the lease of whoever held it run out."""
    Consolidation.objects.filter(pk=made.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_a_version_is_there_at_once_and_its_documents_follow(made: Consolidation, without_pdf: None):
    assert (made.progress, made.documents.count(), made.lines.count()) == (0, 0, 1)
    assert make_documents_of(made.pk) is True
    made.refresh_from_db()
    assert (made.progress, made.claim, made.failure) == (100, None, "")
    assert set(made.documents.values_list("kind", flat=True)) == {"word", "excel"}
    for document in made.documents.all():
        content = bytes_of(made, document.kind)
        assert (document.sha256, document.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
def test_where_libreoffice_is_installed_the_pdf_comes_with_them(made: Consolidation):
    assert make_documents_of(made.pk) is True
    assert bytes_of(made, "pdf").startswith(b"%PDF-")
    assert made.documents.get(kind="pdf").name.endswith("bản 1.pdf")


def test_made_twice_nothing_is_made_anew(made: Consolidation, without_pdf: None):
    make_documents()
    before = list(made.documents.values_list("pk", "sha256", "file"))
    assert make_documents_of(made.pk) is None
    assert make_documents() == making.Outcome(0, 0)
    assert list(made.documents.values_list("pk", "sha256", "file")) == before


def test_two_makers_at_once_only_one_gets_it(made: Consolidation):
    now = timezone.now()
    first, second = Consolidation.objects.get(pk=made.pk), Consolidation.objects.get(pk=made.pk)
    assert (first.take(now), second.take(now)) == (True, False)


def test_a_slow_maker_whose_lease_ran_out_adds_nothing(made: Consolidation, without_pdf: None, media: Path):
    slow = Consolidation.objects.get(pk=made.pk)
    slow.take(timezone.now())
    expire(made)
    assert make_documents_of(made.pk) is True
    before = files_of(media)
    with pytest.raises(LostClaimError):
        making._keep(slow, ConsolidationDocument.Kind.WORD, BytesIO(b"late"))
    assert files_of(media) == before
    assert made.documents.count() == 2


def test_what_a_killed_maker_left_is_taken_away_by_who_finishes(made: Consolidation, without_pdf: None, media: Path):
    killed = Consolidation.objects.get(pk=made.pk)
    killed.take(timezone.now())
    half = media / "consolidations" / "2024" / str(made.pk) / f"{killed.claim}.docx"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"PK half")
    assert make_documents_of(made.pk) is None
    expire(made)
    assert make_documents_of(made.pk) is True
    assert not half.exists()
    named = set(made.documents.values_list("file", flat=True))
    assert {name for name in files_of(media) if name.startswith("consolidations")} == named


def test_the_next_maker_goes_on_with_the_document_that_is_missing(made: Consolidation, without_pdf: None, monkeypatch):
    monkeypatch.setattr(making, "write_consolidated_workbook", broken)
    assert make_documents_of(made.pk) is False
    word = made.documents.get().sha256
    monkeypatch.undo()
    monkeypatch.setattr("reports.documents.pdf.is_available", lambda: False)
    made.make_again(timezone.now())
    assert make_documents_of(made.pk) is True
    assert made.documents.get(kind="word").sha256 == word


def broken(*args: object, **kwargs: object) -> int:
    raise RuntimeError("wrong")


def test_a_failure_is_said_in_words_and_waits_for_a_person(made: Consolidation, without_pdf: None, monkeypatch):
    monkeypatch.setattr(making, "word_of_consolidation", broken)
    assert make_documents_of(made.pk) is False
    made.refresh_from_db()
    assert made.failure.startswith("Chưa lập được tệp Word do lỗi của chương trình")
    assert make_documents() == making.Outcome(0, 0)
    made.make_again(timezone.now())
    with pytest.raises(CommandError):
        call_command("make_documents")


def test_a_disk_that_takes_nothing_is_named(made: Consolidation, without_pdf: None, media: Path):
    media.mkdir(exist_ok=True)
    (media / "consolidations").write_text("no folder")
    assert make_documents_of(made.pk) is False
    made.refresh_from_db()
    assert "máy chủ không ghi được tệp" in made.failure
    assert made.documents.count() == 0


def test_what_kills_its_maker_three_times_is_not_tried_again_until_asked(made: Consolidation, without_pdf: None):
    for _ in range(ATTEMPTS):
        assert Consolidation.objects.get(pk=made.pk).take(timezone.now())
        expire(made)
    assert make_documents_of(made.pk) is None
    made.refresh_from_db()
    assert "dừng giữa chừng nhiều lần" in made.failure
    assert made.make_again(timezone.now())
    assert make_documents_of(made.pk) is True


def test_one_version_that_fails_stops_no_other(cast: Cast, made: Consolidation, without_pdf: None, monkeypatch):
    other = consolidate(made.period, by=cast.coordinator, on=ON)
    whole = making.word_of_consolidation
    monkeypatch.setattr(making, "word_of_consolidation", lambda one: broken() if one.pk == made.pk else whole(one))
    assert make_documents() == making.Outcome(made=1, failed=1)
    other.refresh_from_db()
    assert other.is_made


def test_without_a_broker_the_version_stands_and_the_sweep_makes_its_documents(
    cast: Cast, made: Consolidation, without_pdf: None, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(rung, "apply_async", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        second = consolidate(made.period, by=cast.coordinator, on=ON)
    assert second.version == 2
    make_documents()
    second.refresh_from_db()
    assert second.is_made


def test_the_command_lists_what_waits(made: Consolidation, without_pdf: None, capsys):
    call_command("make_documents", "--dry-run")
    assert f"{made.pk}: {made}" in capsys.readouterr().out
    assert not made.documents.exists()
    call_command("make_documents")
    assert made.documents.count() == 2


def test_a_frozen_version_keeps_every_byte_whatever_changes_afterwards(
    cast: Cast, made: Consolidation, without_pdf: None, report_of
):
    make_documents_of(made.pk)
    kept = {kind: bytes_of(made, kind) for kind in ("word", "excel")}
    lines = list(made.lines.values())
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số")
    Task.objects.filter(plan=cast.plan).update(text="Khác hẳn", agencies_text="Khác")
    report_of(cast.health).send_back(by=cast.coordinator, on=ON, reason="Thiếu")
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader, on=ON)
    second = consolidate(made.period, by=cast.coordinator, on=ON)
    make_documents_of(second.pk)
    old = Consolidation.objects.get(pk=made.pk)
    assert {kind: bytes_of(old, kind) for kind in kept} == kept
    assert (hash_of(old.figures), list(old.lines.values())) == (made.figures_hash, lines)
    assert second.figures_hash != made.figures_hash
    assert second.lines.get().agency == "Sở Y tế và Dân số"


def test_documents_of_an_old_version_tell_the_names_of_its_day_also_when_made_late(
    cast: Cast, made: Consolidation, without_pdf: None
):
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số")
    make_documents_of(made.pk)
    book = load_workbook(BytesIO(bytes_of(made, "excel")), read_only=True)
    names = {row[1] for row in book["Chi tiết"].iter_rows(min_row=2, values_only=True)}
    assert names == {"Sở Y tế"}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_no_half_file_and_the_next_one_finishes_once(
    made: Consolidation, media_of_workers: Path, celery_worker_process, without_pdf: None
):
    line = made.lines.get()
    copies = [ConsolidatedLine(**{**_values(line), "position": number}) for number in range(20_000)]
    ConsolidatedLine.objects.bulk_create(copies, batch_size=5000)
    rung.delay(made.pk)
    wait_for(lambda: Consolidation.objects.get(pk=made.pk).progress > 25, "the worker made no document")
    celery_worker_process.send_signal(signal.SIGKILL)
    celery_worker_process.wait()
    kinds = set(made.documents.values_list("kind", flat=True))
    assert kinds == {"word"}
    word = bytes_of(made, "word")
    expire(made)
    assert make_documents() == making.Outcome(made=1)
    assert bytes_of(made, "word") == word
    assert made.documents.count() == 2
    named = set(made.documents.values_list("file", flat=True))
    assert {name for name in files_of(media_of_workers) if name.startswith("consolidations")} == named
    for document in made.documents.all():
        assert hashlib.sha256(bytes_of(made, document.kind)).hexdigest() == document.sha256


def _values(line: ConsolidatedLine) -> dict[str, object]:
    return {field.attname: getattr(line, field.attname) for field in line._meta.fields if field.attname != "id"}
