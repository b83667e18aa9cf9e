"""The account that the embedded servers run under, and how a server is started so that it never outlives its keeper."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SMALL_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}
"""What a server inherits; nothing of ours (passwords, PGHOST, library paths) goes along."""
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class CannotServe(Exception):
    """The embedded services cannot start; the text tells the person what to do, in Vietnamese and English."""


def end_with_parent(by: signal.Signals) -> Callable[[], None]:
    """A preexec_fn: Linux sends the child the signal `by` when its parent dies in whatever way."""

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, by)

    return ask


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Account:
    """Our own account, or `nobody` when we are root: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def fitting(cls) -> "Account":
        """The account for a process started by the present user."""
        if os.geteuid():
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def _identity(self) -> dict[str, Any]:
        """Arguments of Popen that change to this account; none when we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def folder(self, path: Path) -> Path:
        """Make `path` if missing, closed to everybody but this account."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Hand `path` to this account."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str | Path], **more: Any) -> "subprocess.CompletedProcess[str]":
        """Run to the end under this account; output is kept as text, the exit code is not checked."""
        environment = {**SMALL_ENVIRONMENT, **more.pop("env", {})}
        return subprocess.run(
            [str(word) for word in command],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=300,
            check=False,
            **self._identity,
            **more,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may walk through every parent of `folder` and into it."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder]).returncode == 0

    def answer_of(self, program: Path) -> str:
        """What `program --version` says under this account; empty when the account cannot run it."""
        try:
            done = self.run([program, "--version"])
        except OSError:
            return ""
        return "" if done.returncode else done.stdout.strip()

    def start(
        self, command: Sequence[str | Path], log: IO[bytes], kept_open: Sequence[int], text: str = ""
    ) -> "subprocess.Popen[bytes]":
        """Start a server that ends with this process. It inherits the descriptors `kept_open`; `text` is its input."""
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd="/",
            env=SMALL_ENVIRONMENT,
            stdin=subprocess.PIPE if text else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=kept_open,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),  # quick and clean for both servers
            **self._identity,
        )
        if process.stdin:
            process.stdin.write(text.encode())
            process.stdin.close()
        return process


def end(process: "subprocess.Popen[bytes] | None", patience: float = 20) -> None:
    """Ask a server to end with SIGINT and wait; kill it after `patience` seconds."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
