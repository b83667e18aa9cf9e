"""PDF of a Word file, made by LibreOffice where it is installed; pages offer it only then.

Each conversion runs in a process group of its own with its own profile folder (two conversions at once in one profile
refuse each other), has a time limit, is killed with its children when it takes longer, and leaves nothing behind.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError

TIME_LIMIT = 120
"""Seconds; three are usual, a report with annexes of 100 pages takes about 20 on one processor."""
PROGRAMS = ("soffice", "libreoffice")
USUAL_PLACES = ("/usr/lib/libreoffice/program", "/opt/libreoffice/program", "/snap/bin")


class PdfFailed(ValidationError):
    """The PDF could not be made; the message says so for people, the Word file is still there."""


@cache
def program() -> str:
    """Return the path of LibreOffice, "" when it is not installed; looked up once a process."""
    paths = os.pathsep.join([os.environ.get("PATH", os.defpath), *USUAL_PLACES])
    return next((found for name in PROGRAMS if (found := shutil.which(name, path=paths))), "")


def is_available() -> bool:
    """Say whether PDF can be offered here."""
    return bool(program())


def pdf_of(docx: bytes, *, time_limit: float = TIME_LIMIT) -> bytes:
    """Return the Word file as PDF. Raises `PdfFailed` in words when LibreOffice is missing, too slow, or refuses."""
    if not is_available():
        raise PdfFailed("Máy chủ chưa cài LibreOffice nên chưa lập được tệp PDF. Anh/chị tải tệp Word để sử dụng.")
    with tempfile.TemporaryDirectory(prefix="sipas-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / "van-ban.docx"
        source.write_bytes(docx)
        _convert(source, folder, time_limit)
        made = folder / "van-ban.pdf"
        content = made.read_bytes() if made.exists() else b""
    if not content.startswith(b"%PDF-"):
        raise PdfFailed("Chưa lập được tệp PDF từ tệp Word này. Anh/chị tải tệp Word để sử dụng.")
    return content


def _convert(source: Path, folder: Path, time_limit: float) -> None:
    command = [
        program(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
        "--nolockcheck", "--nodefault", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    surroundings = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(  # our own program and files, no shell
        command,
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(time_limit)
        except subprocess.TimeoutExpired as error:
            raise PdfFailed(
                "Lập tệp PDF mất quá nhiều thời gian nên đã dừng. Anh/chị tải tệp Word để sử dụng."
            ) from error
        finally:
            _kill_with_children(process.pid)


def _kill_with_children(group: int) -> None:
    """Kill what is left of the process group: soffice is a script that starts a program that starts others."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
