"""Files built to harm end in words for the person, within ten seconds of computing and 500 MB for reader and asker together."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from plans.importing import reading_apart
from plans.importing.proposing import Request, propose
from plans.importing.reading import UnreadableDocument
from plans.importing.reading_apart import NotYetRead, read_apart
from tests.plans.hostile_files import FILES, ROWS, rows_of
from tests.plans.plan_files import table_plan

SECONDS, MEBIBYTES = 10, 500
TRIED_ALWAYS = [
    "bomb.docx", "columns.xlsx", "cut.pdf", "deep.docx", "flate.pdf", "junk-utf16.txt", "laughs.xlsx", "macro.xlsx",
    "outside.docx", "page-cycle.pdf",
]  # fmt: skip
"""At least one of each kind; the others are tried with the long tests."""
TRIED_LONG = sorted({*FILES} - {*TRIED_ALWAYS})


def outcomes(folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Read these files in a fresh process that does nothing else, as a worker does; return what each took."""
    for name in names:
        (folder / name).write_bytes(FILES[name][0]())
    command = [sys.executable, "-m", "tests.plans.hostile_files", str(folder)]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, check=True, timeout=len(names) * SECONDS * 2
    )
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what the files took that are tried always."""
    return outcomes(tmp_path_factory.mktemp("quick"), TRIED_ALWAYS)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what the others took."""
    return outcomes(tmp_path_factory.mktemp("slow"), TRIED_LONG)


def faults_of(outcome: dict[str, Any]) -> list[str]:
    """Return what is wrong: a file ends as it may, in time, with little memory, and with words for the person."""
    wrong = {
        f"ended as {outcome['ended']}": outcome["ended"] not in FILES[outcome["name"]][1].split(),
        # of computing: on a machine with other work the clock says more
        f"computed {outcome['computed']} s": outcome["computed"] >= SECONDS,
        f"took {outcome['seconds']} s": outcome["seconds"] >= reading_apart.LONGEST + 5,
        f"took {outcome['memory']} MiB": outcome["memory"] >= MEBIBYTES,
        f"said {outcome['message']!r}": not outcome["ended"].isdecimal() and not outcome["message"].endswith("."),
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


@pytest.mark.parametrize("name", TRIED_ALWAYS)
def test_a_file_built_to_harm_ends_in_words_in_time_and_with_little_memory(quick, name):
    assert faults_of(quick[name]) == []


@pytest.mark.long
@pytest.mark.parametrize("name", TRIED_LONG)
def test_another_file_built_to_harm_ends_in_words_in_time_and_with_little_memory(slow, name):
    assert faults_of(slow[name]) == []


def test_what_is_read_apart_is_what_would_be_read_here():
    data = table_plan([*ROWS, ["2", "Báo cáo kết quả", "Các sở, ban, ngành", "Trước 10/12"]])
    told: list[tuple[str, int, int]] = []
    assert read_apart(data, Request("a.docx"), tell=lambda *words: told.append(words)) == propose(
        data, Request("a.docx")
    )
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["reading", "finding", "understanding"]
    assert ("understanding", 0, 2) in told


def test_the_asker_that_has_no_more_patience_is_told_so_and_the_reader_is_gone():
    before = set(children())
    with pytest.raises(NotYetRead):
        read_apart(table_plan(ROWS), Request("a.docx"), patience=0.05)
    assert set(children()) <= before


def test_a_reader_that_is_killed_or_breaks_down_ends_in_words(monkeypatch):
    def kill(*_: object) -> None:
        for pid in set(children()) - before:
            os.kill(pid, signal.SIGSEGV)

    before = set(children())
    with pytest.raises(UnreadableDocument) as refused:
        read_apart(table_plan(ROWS), Request("a.docx"), tell=kill)
    assert refused.value.code == "damaged"


def test_rows_that_take_longer_than_they_add_use_up_the_time(monkeypatch):
    monkeypatch.setattr(reading_apart, "BASE_SECONDS", 0.5)
    monkeypatch.setattr(reading_apart, "SECONDS_A_ROW", 0.0001)
    with pytest.raises(UnreadableDocument) as refused:
        read_apart(rows_of("(" * 300 + "Sở " * 200, 400), Request("a.md"))
    assert refused.value.code == "too_slow"


@pytest.mark.parametrize(
    "deed",
    [
        "__import__('socket').create_connection(('127.0.0.1', 9))",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
        "open('{place}', 'w')",
        "__import__('os').remove('{place}')",
    ],
    ids=["network", "program", "shell", "file", "removal"],
)
def test_the_reader_reaches_no_network_starts_no_program_and_writes_no_file(tmp_path, deed):
    place = tmp_path / "x"
    place.write_text("giữ")
    code = f"from plans.importing.reading_child import confine; confine(); {deed.format(place=place)}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert "is not allowed here" in done.stderr
    assert place.read_text() == "giữ"


def test_the_reader_sees_no_secret_of_the_server(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "bí mật")
    seen: list[str] = []

    def look(*_: object) -> None:
        for pid in set(children()) - before:
            seen.append(Path(f"/proc/{pid}/environ").read_text())

    before = set(children())
    read_apart(table_plan(ROWS), Request("a.docx"), tell=look)
    assert seen
    assert not any("SECRET_KEY" in one or "DATABASE_URL" in one for one in seen)


def children() -> list[int]:
    """Return the processes that this one started and that are still there."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
