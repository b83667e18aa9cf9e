"""A document waits to be read: who reads it, what another does meanwhile, and what is left when the reader is killed."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from bench.reading import word
from plans.importing.proposing import propose
from plans.importing.reading import UnreadableDocument
from plans.importing.reading_apart import NotYetRead
from plans.importing.reading_drafts import read_draft, read_drafts
from plans.importing.starting import KnownDocument, start_draft, store_document
from plans.models import ImportDraft
from plans.models.claiming import ATTEMPTS, LostClaimError
from plans.tasks import ring
from tests.cast import Cast
from tests.plans.test_saving import small_plan
from tests.test_worker import wait_for

PLAN = small_plan(("Rà soát", "Sở Y tế", "Quý II"), ("Báo cáo", "Sở Nội vụ", "Quý IV"))
State = ImportDraft.State


def stored(cast: Cast, data: bytes = PLAN, name: str = "ke-hoach.md") -> ImportDraft:
    """Return a draft that waits to be read."""
    return store_document(data=data, name=name, by=cast.coordinator, agency=cast.home_affairs)


def here(data, request, *, tell, patience):
    """Read in this process: the tests of the queue need no other."""
    return propose(data, request, tell)


def lease_over(draft: ImportDraft) -> None:
    """Let the time pass after which a silent reader has lost its claim."""
    ImportDraft.objects.filter(pk=draft.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_a_stored_document_waits_and_one_sweep_offers_its_rows(cast: Cast):
    draft = stored(cast)
    assert (draft.state, draft.stage, draft.rows.count()) == (State.READING, ImportDraft.Stage.WAITING, 0)
    assert (read_drafts(), read_drafts()) == (1, 0)
    draft.refresh_from_db()
    assert (draft.state, draft.head["number"], draft.rows.count()) == (State.OPEN, "90/KH-UBND", 2)
    assert (draft.claim, draft.claimed_until, draft.attempts) == (None, None, 1)


def test_a_draft_that_is_being_read_is_not_read_by_another_until_its_lease_is_over(cast: Cast):
    draft, other = stored(cast), ImportDraft.objects.get()
    assert draft.take(timezone.now())
    assert not other.take(timezone.now())
    assert not read_draft(draft.pk, read=here)
    assert other.take(timezone.now() + ImportDraft.LEASE)


def test_a_sign_of_life_holds_the_draft_and_tells_how_far_it_is(cast: Cast):
    draft = stored(cast)
    draft.take(timezone.now() - ImportDraft.LEASE)
    draft.tell(ImportDraft.Stage.UNDERSTANDING, 7, 9)
    assert not ImportDraft.objects.get().take(timezone.now())
    kept = ImportDraft.objects.get()
    assert (kept.stage, kept.done, kept.total) == (ImportDraft.Stage.UNDERSTANDING, 7, 9)


def test_the_late_answer_of_a_reader_that_lost_its_claim_changes_nothing(cast: Cast):
    draft = stored(cast)

    def overtaken(data, request, *, tell, patience):
        lease_over(draft)
        assert read_draft(draft.pk, read=here)
        return propose(data, request)

    assert read_draft(draft.pk, read=overtaken)
    draft.refresh_from_db()
    assert (draft.state, draft.attempts, draft.rows.count()) == (State.OPEN, 2, 2)


def test_a_draft_given_up_while_it_is_read_stays_given_up(cast: Cast):
    draft = stored(cast)

    def dropped(data, request, *, tell, patience):
        ImportDraft.objects.update(state=State.DROPPED)
        with pytest.raises(LostClaimError):
            tell("reading", 0, 0)
        return propose(data, request)

    read_draft(draft.pk, read=dropped)
    draft.refresh_from_db()
    assert (draft.state, draft.rows.count()) == (State.DROPPED, 0)


def test_who_is_out_of_patience_leaves_the_draft_as_if_it_had_not_tried(cast: Cast):
    draft = stored(cast)

    def impatient(data, request, *, tell, patience):
        raise NotYetRead

    read_draft(draft.pk, patience=1, read=impatient)
    draft.refresh_from_db()
    assert (draft.state, draft.stage, draft.attempts, draft.claim) == (State.READING, "waiting", 0, None)


def test_what_kills_its_reader_every_time_is_not_tried_for_ever(cast: Cast):
    draft = stored(cast)
    for _ in range(ATTEMPTS):
        assert draft.take(timezone.now())
        lease_over(draft)
    assert not read_draft(draft.pk, read=here)
    draft.refresh_from_db()
    assert (draft.state, draft.fault_code) == (State.FAILED, "broken_off")
    assert "dừng giữa chừng nhiều lần" in draft.fault
    assert draft.read_again(timezone.now())
    assert read_draft(draft.pk, read=here)


def test_a_bug_in_one_draft_stops_itself_and_not_the_round(cast: Cast, monkeypatch):
    bad, good = stored(cast), stored(cast, small_plan(("Khác", "Sở Y tế", "Quý I"), number=91))
    monkeypatch.setattr(
        "plans.importing.reading_drafts._offer",
        lambda draft, proposal: 1 / 0 if draft.pk == bad.pk else draft.open(proposal["plan"], []),
    )
    with pytest.raises(ZeroDivisionError):
        read_drafts()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (State.READING, State.OPEN)


def test_why_a_document_cannot_be_read_is_written_down(cast: Cast):
    draft = stored(cast)

    def refused(data, request, *, tell, patience):
        raise UnreadableDocument("Tệp hỏng. Hãy lưu lại.", "damaged")

    read_draft(draft.pk, read=refused)
    draft.refresh_from_db()
    assert (draft.state, draft.fault, draft.fault_code) == (State.FAILED, "Tệp hỏng. Hãy lưu lại.", "damaged")


def test_a_document_whose_file_is_gone_says_so(cast: Cast):
    draft = stored(cast)
    Path(draft.document.path).unlink()
    read_draft(draft.pk, read=here)
    draft.refresh_from_db()
    assert (draft.state, draft.fault_code) == (State.FAILED, "no_file")


def test_one_document_is_under_way_only_once(cast: Cast):
    draft = stored(cast)
    with pytest.raises(KnownDocument) as refused:
        stored(cast)
    assert refused.value.draft == draft
    assert ImportDraft.objects.count() == 1


def test_the_loser_of_two_uploads_at_the_same_moment_is_led_to_the_winner(cast: Cast, monkeypatch):
    winner = stored(cast)
    under_way = ImportDraft.objects.under_way()
    answers = iter([under_way.none(), under_way])
    monkeypatch.setattr(type(under_way), "under_way", lambda self: next(answers))
    with pytest.raises(KnownDocument) as refused:
        stored(cast)
    assert refused.value.draft == winner
    assert len(list(Path(winner.document.path).parent.iterdir())) == 1


def test_a_trusted_document_is_started_and_read_at_once_or_nothing_is_kept(cast: Cast):
    draft = start_draft(data=PLAN, name="a.md", by=cast.coordinator, agency=cast.home_affairs)
    assert (draft.state, draft.rows.count()) == (State.OPEN, 2)
    with pytest.raises(ValidationError, match="Không tìm thấy nhiệm vụ"):
        start_draft(data="Giấy mời họp.".encode(), name="b.txt", by=cast.coordinator, agency=cast.home_affairs)
    assert ImportDraft.objects.count() == 1


def test_the_command_lists_what_waits_or_reads_it(cast: Cast, capsys):
    draft = stored(cast)
    call_command("read_drafts", "--dry-run")
    assert f"{draft.pk}: ke-hoach.md (đã thử 0 lần)" in capsys.readouterr().out
    call_command("read_drafts")
    assert "Đã đọc 1 văn bản." in capsys.readouterr().out


def test_a_broker_that_is_away_loses_nothing(cast: Cast, monkeypatch, caplog):
    def away(*args, **kwargs):
        raise OperationalError("Connection refused")

    monkeypatch.setattr("plans.tasks.read_draft.apply_async", away)
    draft = stored(cast)
    ring(draft.pk)
    assert "No worker could be told" in caplog.text
    assert read_drafts() == 1


# With a real worker


@pytest.fixture
def worker_files(settings, tmp_path: Path, monkeypatch) -> None:
    """Let the worker find the files of this test."""
    monkeypatch.setenv("MEDIA_ROOT", str(settings.MEDIA_ROOT))


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_reads_the_document(worker_files, cast: Cast, celery_worker_process):
    draft = stored(cast)
    ring(draft.pk)
    wait_for(lambda: ImportDraft.objects.get().state == State.OPEN, "the worker did not read the document")
    assert draft.rows.count() == 2


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_a_draft_that_is_read_again_once(
    worker_files, cast: Cast, celery_worker_process
):
    draft = stored(cast, word(2000), "dai.docx")
    ring(draft.pk)
    wait_for(lambda: ImportDraft.objects.get().stage == ImportDraft.Stage.UNDERSTANDING, "the worker did not begin")
    readers = readers_of(celery_worker_process.pid)
    os.kill(celery_worker_process.pid, signal.SIGKILL)
    celery_worker_process.wait()
    left = ImportDraft.objects.get()
    assert (left.state, left.attempts, left.rows.count()) == (State.READING, 1, 0)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in readers), "the killed worker's reader lives on")
    assert readers
    assert read_drafts() == 0, "the lease still holds"
    lease_over(left)
    assert read_drafts() == 1
    left.refresh_from_db()
    assert (left.state, left.attempts, left.rows.count()) == (State.OPEN, 2, 2000)


def readers_of(pid: int) -> list[int]:
    """Return the processes that a worker started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
