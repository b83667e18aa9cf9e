"""The process that opens a document from outside: ``python -m plans.importing.reading_child``, started by `reading_apart`.

It takes a pickled `Request` and the bytes of the file on standard input and answers with lines of JSON. Whatever the file
does to it, it can take neither more memory nor more time than it was given, start no program, write no file and reach no
network. No Django in here: starting it must be quick.
"""

import ctypes
import json
import os
import pickle
import resource
import sys
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO

from plans.importing.proposing import NowAndThen, Request, propose
from plans.importing.reading import UnreadableDocument

MEMORY = 352 * 1024 * 1024
"""Bytes of address space: an ordinary plan takes a third of it, and with the process that asks it stays below 500 MB."""
CPU_SECONDS = 40
"""More than the one who asks ever waits: it only counts when that one was killed."""
SMALL_FILE = 1024 * 1024
"""What may be written to standard error."""
PAUSE = 0.1
"""Seconds between two lines that only tell how far the reading is."""

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _SIGKILL = 1, 38, 9
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
              "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "pty.", "ftplib.",
              "urllib.", "shutil.")  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Read what is asked for, answer, end."""
    confine()
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    request: Request = pickle.load(sys.stdin.buffer)
    data = sys.stdin.buffer.read()
    try:
        proposal = propose(data, request, NowAndThen(partial(_tell, answer), PAUSE))
    except UnreadableDocument as refused:
        _say(answer, {"refused": refused.message, "code": refused.code})
    else:
        _say(answer, {"proposal": proposal})


def _tell(answer: BinaryIO, stage: str, done: int, total: int) -> None:
    _say(answer, {"stage": stage, "done": done, "total": total})


def _say(answer: BinaryIO, words: dict[str, Any]) -> None:
    view = memoryview(json.dumps(words, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    while view:
        view = view[answer.write(view) :]


def confine() -> None:
    """Give up what reading a file does not need. What the system does not know is left out: the rest still holds."""
    sys.dont_write_bytecode = True
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, SMALL_FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (allowed, allowed))
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if system.unshare(_NEW_NETWORK):
            system.unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed here")
    if event == "open" and not isinstance(arguments[0], int) and (arguments[2] or 0) & _WRITING:
        raise PermissionError(f"writing {arguments[0]!r} is not allowed here")


if __name__ == "__main__":
    main()
