"""The side of the embedded services that asks: finds the keeper of a folder, or starts one, and holds on to it."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sipas_tracker.embedded.account import CannotServe

PROJECT = Path(__file__).resolve().parent.parent.parent
DATA_FOLDER = PROJECT / "var" / "embedded"
"""Where `make run` keeps its data."""
DEFAULT_DATABASE = "sipas"
SERVERS_BY_URL = {"DATABASE_URL": "postgres", "REDIS_URL": "broker"}
KEEPER = "sipas_tracker.embedded.keeper"
PATIENCE = 120
"""Seconds until a keeper must have answered; the first start initialises the data, a later one may recover a crash."""
NO_ANSWER = (
    "Dịch vụ kèm theo không trả lời; xem {folder}/keeper.log.\nThe embedded services do not answer; see the log."
)
NOT_OURS = (
    "Không ghi được vào {folder}: thư mục thuộc tài khoản khác. Hãy dùng đúng tài khoản đã tạo ra nó, hoặc xóa nó.\n"
    "{folder} belongs to another account."
)


def missing_urls() -> dict[str, str]:
    """Variables of the environment that name no server, with the embedded server that can take its place."""
    return {name: server for name, server in SERVERS_BY_URL.items() if not os.environ.get(name)}


def current_database() -> str:
    """Name of the database that the last `make run` used; the empty demonstration has one of its own."""
    name = DATA_FOLDER / "current-database"
    return name.read_text().strip() if name.exists() else DEFAULT_DATABASE


def remember_database(name: str) -> None:
    """Make `name` the database that commands without DATABASE_URL work on."""
    DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    (DATA_FOLDER / "current-database").write_text(name + "\n")


class Lease:
    """The right to use the servers of a folder, held through an open connection to their keeper.

    A URL is empty when its server was not asked for.
    """

    def __init__(self, line: socket.socket | None, database_url: str = "", redis_url: str = "") -> None:
        self.database_url, self.redis_url = database_url, redis_url
        self._line = line

    def is_lost(self) -> bool:
        """True when the keeper has gone, and the servers with it."""
        if self._line is None:
            return False
        try:
            return self._line.recv(1, socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def release(self) -> None:
        """Give the right back; if it was the last one, returns when both servers have stopped."""
        if self._line is None:
            return
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
            self._line.settimeout(60)
            self._line.recv(1)
        self._line.close()


@contextmanager
def lease(
    want: Iterable[str], folder: Path = DATA_FOLDER, *, database: str = "", durable: bool = True
) -> Iterator[Lease]:
    """Hold servers of `folder` for the length of a `with`; CannotServe, with words for people, when they cannot be had.

    `want` names servers (the values of SERVERS_BY_URL); wanting none starts none. `database` is made if it is not
    there. `durable` False is for tests: nothing is synced to disk and the folder is removed at the end; it counts only
    for the lease that starts the servers.
    """
    held = take_lease(list(want), folder, database or current_database(), durable=durable)
    try:
        yield held
    finally:
        held.release()


def take_lease(want: list[str], folder: Path, database: str, *, durable: bool) -> Lease:
    """As lease(), for callers that release it themselves."""
    if not want:
        return Lease(None)
    request = json.dumps({"want": want, "database": database}).encode() + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(3):  # a keeper that is just ending hangs up on us; the next one is ours
            line = _connect_or_start(folder, durable)
            line.settimeout(PATIENCE)
            with suppress(ConnectionError, BrokenPipeError):
                line.sendall(request)
                if answer := line.makefile("rb").readline():
                    line.settimeout(None)
                    return _lease_from(line, json.loads(answer))
            line.close()
    except PermissionError as error:
        raise CannotServe(NOT_OURS.format(folder=folder)) from error
    except TimeoutError as error:
        raise CannotServe(NO_ANSWER.format(folder=folder)) from error
    raise CannotServe(NO_ANSWER.format(folder=folder))


def _lease_from(line: socket.socket, answer: dict[str, str]) -> Lease:
    if "error" in answer:
        line.close()
        raise CannotServe(answer["error"])
    return Lease(line, answer.get("database_url", ""), answer.get("redis_url", ""))


def _connect_or_start(folder: Path, durable: bool) -> socket.socket:
    """A connection to the folder's keeper; one asker at a time looks for it and starts it if there is none."""
    with (folder / "start.lock").open("a") as lock, _socket_name(folder) as name:
        fcntl.flock(lock, fcntl.LOCK_EX)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(name)
        except (FileNotFoundError, ConnectionRefusedError):
            _start_keeper(folder, name, durable)
            line.connect(name)
        return line


def _start_keeper(folder: Path, name: str, durable: bool) -> None:
    """Open the door ourselves and hand it to a new keeper: whoever knocks from now on waits for its answer."""
    with suppress(FileNotFoundError):
        os.unlink(name)
    with socket.socket(socket.AF_UNIX) as door, (folder / "keeper.log").open("wb") as log:
        door.bind(name)
        os.chmod(name, 0o600)
        door.listen(64)
        keeper = [sys.executable, "-m", KEEPER, str(folder), str(door.fileno()), "durable" if durable else "throwaway"]
        # The shell leaves at once, so the keeper is nobody's child: it outlives its asker when others need it.
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *keeper],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[door.fileno()],
            start_new_session=True,
            check=True,
        )


@contextmanager
def _socket_name(folder: Path) -> Iterator[str]:
    """Name of the keeper's door; short however deep the folder is, since a socket's name has 107 bytes at most."""
    deep = os.open(folder, os.O_RDONLY)
    try:
        short = Path(f"/proc/self/fd/{deep}")
        yield str((short if short.exists() else folder) / "keeper.socket")
    finally:
        os.close(deep)
