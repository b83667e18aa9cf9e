"""The process that owns the embedded servers of one folder and ends with its last lease. Started by leases.py:

    python -m sipas_tracker.embedded.keeper FOLDER DOOR durable|throwaway

DOOR is the descriptor of a listening socket. An asker writes one line `{"want": ["postgres", "broker"], "database": …}`
and reads one line, `{"database_url": …, "redis_url": …}` or `{"error": …}`; then the open connection is its lease.
"""

import fcntl
import hashlib
import json
import os
import re
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from sipas_tracker.embedded.account import Account, CannotServe
from sipas_tracker.embedded.broker import Broker
from sipas_tracker.embedded.postgres import Postgres

ELSEWHERE = Path("/var/lib/sipas-tracker")
"""Where root keeps the data when `nobody` cannot enter the project's folder, e.g. under a closed /root."""
STILL_RUNNING = (
    "Một tiến trình máy chủ cũ trong {folder} chưa dừng. Hãy chờ một lát rồi thử lại.\n"
    "A former server of {folder} is still running; wait a moment and try again."
)


class Keeper:
    """Owns both servers of a folder; see the module."""

    def __init__(self, folder: Path, door: socket.socket, durable: bool) -> None:
        self.folder, self.door, self.durable = folder, door, durable
        self.account = Account.fitting()
        self.place = folder
        self.lock = -1
        self.postgres: Postgres | None = None
        self.broker: Broker | None = None
        self.leases: set[socket.socket] = set()
        self.told_to_end = False

    def serve(self) -> None:
        """Answer askers until nobody holds a lease, a server dies or SIGTERM comes; then stop everything."""
        signal.signal(signal.SIGTERM, self._be_told)
        desk = selectors.DefaultSelector()
        desk.register(self.door, selectors.EVENT_READ)
        try:
            while not self.told_to_end and self._servers_live():
                for key, _ in desk.select(timeout=0.5):
                    if key.fileobj is self.door:
                        line, _ = self.door.accept()
                        if self._admit(line):
                            desk.register(line, selectors.EVENT_READ)
                    elif isinstance(key.fileobj, socket.socket):
                        desk.unregister(key.fileobj)
                        if not self._leave(key.fileobj):
                            return
        except Exception:
            traceback.print_exc()
        finally:
            self._end()

    def _be_told(self, *_: object) -> None:
        self.told_to_end = True

    def _servers_live(self) -> bool:
        servers = [server for server in (self.postgres, self.broker) if server]
        return all(server.process and server.process.poll() is None for server in servers)

    def _admit(self, line: socket.socket) -> bool:
        """Read a request and answer it; True when the asker now holds a lease."""
        line.settimeout(10)
        try:
            request = line.makefile("rb").readline()
            if not request:
                raise ConnectionError
            answer = self._addresses(json.loads(request))
        except CannotServe as error:
            answer = {"error": str(error)}
        except OSError:
            line.close()
            self.told_to_end = not self.leases
            return False
        with suppress(OSError):
            line.sendall(json.dumps(answer).encode() + b"\n")
        self.leases.add(line)
        return True

    def _leave(self, line: socket.socket) -> bool:
        """A holder let go. False when it was the last one: it then waits until the servers have stopped."""
        if self.leases == {line}:
            return False
        self.leases.discard(line)
        line.close()
        return True

    def _addresses(self, request: dict[str, Any]) -> dict[str, str]:
        """Start what is asked for and not running yet; its addresses, also kept in addresses.json for people."""
        self._settle()
        answer = {}
        wanted = request["want"]
        if "postgres" in wanted:
            database = re.sub(r"\W", "_", request["database"])
            if self.postgres is None:
                self.postgres = Postgres(self.account, self.place, self.durable, self.lock)
                self.postgres.start()
            self.postgres.make_database(database)
            answer["database_url"] = self.postgres.url(database)
        if "broker" in wanted:
            if self.broker is None:
                self.broker = Broker(self.account, self.place, self.durable, self.lock)
                self.broker.start()
            answer["redis_url"] = self.broker.url()
        addresses = self.folder / "addresses.json"
        addresses.touch(mode=0o600)
        addresses.write_text(json.dumps(answer, indent=2) + "\n")
        return answer

    def _settle(self) -> None:
        """Choose the place of the data and take its lock, which our servers inherit and hold as long as one lives."""
        if self.lock >= 0:
            return
        if not self.durable:
            self.folder.chmod(0o755)
        if not self.account.can_enter(self.folder):
            self.place = ELSEWHERE / hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
            self.place.mkdir(parents=True, exist_ok=True)
        self.lock = os.open(self.place / "servers.lock", os.O_RDWR | os.O_CREAT, 0o600)
        for _ in range(300):
            with suppress(BlockingIOError):
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(0.1)
        raise CannotServe(STILL_RUNNING.format(folder=self.place))

    def _end(self) -> NoReturn:
        """Close the door first, so that a new asker starts a new keeper; it waits for our lock."""
        (self.folder / "keeper.socket").unlink(missing_ok=True)
        self.door.close()
        for server in (self.postgres, self.broker):
            if server:
                server.stop()
        (self.folder / "addresses.json").unlink(missing_ok=True)
        if not self.durable:
            shutil.rmtree(self.place, ignore_errors=True)
            shutil.rmtree(self.folder, ignore_errors=True)
        sys.stderr.flush()
        os._exit(0)  # closes the lines of the last askers, who wait for it, only now that we are gone


if __name__ == "__main__":
    Keeper(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), sys.argv[3] == "durable").serve()
