"""PDF by LibreOffice: where it is there, within its time, and without a trace."""

import io
import os
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pdfplumber
import pytest

from reports.documents import pdf
from tests.reports.papers import sound_report

needs_libreoffice = pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed here")


@pytest.fixture
def tmp_is_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep temporary folders where the test sees them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let a script of the test take the place of LibreOffice."""
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "program", lambda: str(file))


@needs_libreoffice
def test_a_word_file_becomes_a_pdf_with_its_words_and_pages(tmp_is_ours: Path):
    with pdfplumber.open(io.BytesIO(pdf.pdf_of(sound_report()))) as document:
        assert len(document.pages) == 3
        assert (round(document.pages[0].width), round(document.pages[1].width)) == (595, 842)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in (document.pages[0].extract_text() or "")
    assert list(tmp_is_ours.iterdir()) == []


def test_without_libreoffice_it_is_not_offered_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "program", lambda: "")
    assert not pdf.is_available()
    with pytest.raises(pdf.PdfFailed, match="chưa cài LibreOffice"):
        pdf.pdf_of(sound_report())


def test_what_takes_too_long_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_is_ours: Path):
    stand_in(monkeypatch, tmp_is_ours, f"sleep 300 & echo $! > {tmp_is_ours}/child\nwait")
    begun = time.monotonic()
    with pytest.raises(pdf.PdfFailed, match="quá nhiều thời gian"):
        pdf.pdf_of(sound_report(), time_limit=1)
    child = (tmp_is_ours / "child").read_text().strip()
    for _ in range(50):
        state = subprocess.run(["ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False).stdout
        if not state.strip() or state.startswith("Z"):
            break
        time.sleep(0.1)
    assert not state.strip() or state.startswith("Z")
    assert time.monotonic() - begun < 20
    assert sorted(file.name for file in tmp_is_ours.iterdir()) == ["child", "soffice"]


def test_a_refusal_is_said_in_words(monkeypatch: pytest.MonkeyPatch, tmp_is_ours: Path):
    stand_in(monkeypatch, tmp_is_ours, "exit 1")
    with pytest.raises(pdf.PdfFailed, match="Chưa lập được tệp PDF"):
        pdf.pdf_of(b"khong phai Word")


def test_each_conversion_has_a_profile_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_is_ours: Path):
    log = tmp_is_ours / "log"
    stand_in(monkeypatch, tmp_is_ours, f'echo "$1" >> {log}\nprintf "%%PDF-1.7" > van-ban.pdf')
    assert [pdf.pdf_of(b""), pdf.pdf_of(b"")] == [b"%PDF-1.7"] * 2
    profiles = log.read_text().split()
    assert len(set(profiles)) == 2
    assert not any(os.path.exists(profile.removeprefix("-env:UserInstallation=file://")) for profile in profiles)
