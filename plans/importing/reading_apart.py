"""Reading a document in a process of its own, which is killed when it takes too much: see `reading_child` for its limits.

Works wherever it is called: a thread of the web server, a Celery worker, a command, a test; as root or not.
"""

import json
import logging
import os
import pickle
import selectors
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from plans.importing.proposing import Request, Tell, silent
from plans.importing.reading import UnreadableDocument
from plans.importing.reading.limits import too_demanding, too_slow
from plans.processes import last_words, start

logger = logging.getLogger(__name__)

BASE_SECONDS = 8.0
"""Of computing, for a file of which no row has been read (yet): other work on the machine does not count."""
SECONDS_A_ROW = 0.01
"""What each row adds when it is read, and once more when it is understood: some times what a machine of 2024 needs, so
that a slow or busy one is enough. A row that is built to take longer adds less than it costs."""
LONGEST = 40.0
"""By the clock on the wall: no file gets more, whatever it holds and however busy the machine is."""
LOOK = 0.25
"""Seconds between two looks at how much the reader has computed."""
TICK = 0.5
"""Seconds between two calls of ``tell`` while nothing new is said: who asks can say that it still lives."""
MAX_ANSWER = 48 * 1024 * 1024
_OUT_OF_MEMORY = (-signal.SIGKILL, -signal.SIGABRT)
"""How a process ends that the system kills for its memory, or whose native library finds none."""


class NotYetRead(Exception):
    """The patience of the one who asks is over, not that of `read_apart`: the file may well be read by who waits longer."""


def read_apart(data: bytes, request: Request, *, tell: Tell = silent, patience: float | None = None) -> dict[str, Any]:
    """Return the proposal of a document in the shape of ``read_plan --json``.

    Raises ``UnreadableDocument`` with words for the person, also when the reader takes too much time or memory or breaks
    down; `NotYetRead` after ``patience`` seconds. Whatever ``tell`` raises ends the reading and is passed on.
    """
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as complaints:
        pickle.dump(request, question)
        question.write(data)
        question.seek(0)
        process = start("plans.importing.reading_child", question, complaints)
        watch = _Watch(process, tell, patience)
        try:
            watch.listen()
        finally:
            code = _end(process)
        if watch.answer is None:
            words = last_words(complaints)
            logger.warning("The reader of %r ended with %s: %s", request.name, code, words)
            raise _broken_down(code, words)
    if "proposal" in watch.answer:
        return dict(watch.answer["proposal"])
    raise UnreadableDocument(watch.answer["refused"], watch.answer["code"])


def _end(process: "subprocess.Popen[bytes]") -> int:
    """Kill what is left of the process and its group; return how it ended by itself, or -SIGKILL."""
    ended = None
    with suppress(ChildProcessError):
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        until = time.monotonic() + 1.0
        while process.stdout and process.stdout.closed and ended is None and time.monotonic() < until:
            ended = os.waitid(os.P_PID, process.pid, flags)
            time.sleep(0 if ended else 0.01)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout:
        process.stdout.close()
    return process.wait()


def _computed(pid: int, passed: float) -> float:
    """Return how many seconds a process has computed; where the system does not tell, those that have passed."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return passed


def _broken_down(code: int, words: str) -> UnreadableDocument:
    """Return what the end of a reader without an answer means for the person."""
    if code == -signal.SIGXCPU:
        return too_slow()
    if code in _OUT_OF_MEMORY or "MemoryError" in words:
        return too_demanding()
    return UnreadableDocument(
        "Trình đọc tệp dừng đột ngột: tệp hỏng hoặc chứa dữ liệu bất thường. Hãy mở bằng Word hoặc Excel, lưu lại rồi nhập lại.",
        "damaged",
    )


@dataclass
class _Watch:
    """Listens to a reader: passes on how far it is and ends when it has answered, fallen silent or used up its time."""

    process: "subprocess.Popen[bytes]"
    tell: Tell
    patience: float | None
    answer: dict[str, Any] | None = None
    _heard: bytearray = field(default_factory=bytearray)
    _last: tuple[str, int, int] = ("reading", 0, 0)
    _rows_read: int = 0
    _rows_understood: int = 0

    def listen(self) -> None:
        """Return when the reader has answered or closed its mouth; raises ``UnreadableDocument``, `NotYetRead`."""
        assert self.process.stdout is not None
        begun = quiet_since = time.monotonic()
        os.set_blocking(self.process.stdout.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while self.answer is None:
                passed = time.monotonic() - begun
                self._check_time(passed)
                patience = LOOK if self.patience is None else self.patience - passed
                if selector.select(max(0.01, min(LOOK, patience))):
                    quiet_since = time.monotonic()
                    if not self._hear(self.process.stdout):
                        self.process.stdout.close()
                        return
                elif time.monotonic() >= quiet_since + TICK:
                    quiet_since = time.monotonic()
                    self.tell(*self._last)

    def _check_time(self, passed: float) -> None:
        """Raise when the reader, or the one who asks, has no more time."""
        allowed = BASE_SECONDS + SECONDS_A_ROW * (self._rows_read + self._rows_understood)
        if passed >= LONGEST or (passed >= BASE_SECONDS and _computed(self.process.pid, passed) >= allowed):
            raise too_slow()
        if self.patience is not None and passed >= self.patience:
            raise NotYetRead

    def _hear(self, stream: IO[bytes]) -> bool:
        """Take what was said; False when nothing more will come."""
        piece = os.read(stream.fileno(), 1 << 20)
        self._heard += piece
        if len(self._heard) > MAX_ANSWER:
            raise too_demanding()
        if b"\n" in piece:
            *lines, rest = bytes(self._heard).split(b"\n")
            self._heard = bytearray(rest)
            for line in lines:
                self._take(json.loads(line))
        return bool(piece)

    def _take(self, said: dict[str, Any]) -> None:
        if "stage" in said:
            stage, done = str(said["stage"]), int(said["done"])
            self._last = (stage, done, int(said["total"]))
            if stage == "understanding":
                self._rows_understood = done
            else:
                self._rows_read = max(self._rows_read, done)
            self.tell(*self._last)
        else:
            self.answer = said
