"""Runs the whole product on one machine for a trial: `make run` calls `python -m sipas_tracker.running`.

Database, broker, demonstration data, web server, worker and beat. Ctrl-C, SIGTERM, a closed terminal or the end of any
part ends all of them; if this process itself is killed, the system ends its children and the keeper ends the servers.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sipas_tracker import embedded
from sipas_tracker.embedded.account import end_with_parent

PROJECT = Path(__file__).resolve().parent.parent
VAR = PROJECT / "var"
HOST = "127.0.0.1"
DATABASES = {"plan82": embedded.DEFAULT_DATABASE, "empty": "sipas_empty"}
"""Each demonstration keeps its data in a database of its own, so both can be looked at in turn."""
PREPARING = "prepare_demo"
PATIENCE = 10
"""Seconds that a part has to end by itself before it is killed."""


class Stopped(BaseException):
    """Somebody wants an end: Ctrl-C, SIGTERM or a closed terminal."""


class Failed(Exception):
    """The run cannot start or go on; the text tells the person why."""


def say(words: str) -> None:
    """Print for the person at the terminal, who may have closed it."""
    with suppress(OSError):
        print(words, flush=True)


def listen_to_signals() -> None:
    """Turn the first signal that asks for an end into Stopped."""

    def stop(*_: Any) -> None:
        ignore_signals()
        raise Stopped

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:  # nohup lives on
            signal.signal(name, stop)


def ignore_signals() -> None:
    """While we tidy up, a second Ctrl-C must not leave anything behind."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


@contextmanager
def the_only_run(port: int) -> Iterator[None]:
    """Hold the lock of the one run that a project folder may have; Failed when another run holds it."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Failed(
                f"SIPAS Tracker đang chạy rồi, tại {lock.read().strip()}. "
                "Muốn chạy lại, hãy dừng lần chạy đó bằng Ctrl-C trước."
            ) from None
        lock.truncate(0)
        lock.write(f"http://{HOST}:{port} (tiến trình {os.getpid()})\n")
        lock.flush()
        yield


def check_port(port: int) -> None:
    """Failed when somebody listens on the port. Parts of a killed run get a moment to let it go."""
    for _ in range(15):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return
        time.sleep(0.2)
    raise Failed(f"Cổng {port} đang được chương trình khác dùng. Hãy chọn cổng khác, ví dụ: make run PORT={port + 1}")


class Parts:
    """The processes of a run. Leaving the `with` ends them all."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> "Parts":
        return self

    def __exit__(self, *_: object) -> None:
        ignore_signals()
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            # Whatever a part has started shares its group and goes with it; the system needs a moment for that.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                for _moment in range(50):
                    os.killpg(process.pid, 0)
                    time.sleep(0.02)

    def start(self, name: str, *words: str, stdout: int | None = None) -> "subprocess.Popen[str]":
        """Start a part: `python WORDS` in a group of its own, which a Ctrl-C of the terminal does not reach."""
        self.running[name] = subprocess.Popen(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
        return self.running[name]

    def finish(self, name: str) -> str:
        """Wait for a part that must end well by itself, started with `stdout` a pipe; its output."""
        process = self.running[name]
        output, _ = process.communicate()
        del self.running[name]
        if process.returncode:
            raise Failed(f"Không chuẩn bị được dữ liệu ({name}).")
        return output

    def check(self) -> None:
        """Failed when a part has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Failed(f"Tiến trình {name} đã dừng (mã {process.returncode}); dừng tất cả.")


def environment_for(port: int, held: embedded.Lease) -> dict[str, str]:
    """The environment of all parts: ours, and what it leaves open."""
    environment = {"SITE_URL": f"http://{HOST}:{port}", "DEMO_CLOCK": "1", **os.environ}
    if held.database_url:
        environment["DATABASE_URL"] = held.database_url
    if held.redis_url:
        environment["REDIS_URL"] = held.redis_url
    return environment


def start_serving(parts: Parts, demo: str, port: int) -> str:
    """Prepare the data, then start the web server; when it answers, worker and beat follow.

    Returns the list of accounts. The port is closed until the data is there: whoever gets an answer can sign in.
    """
    parts.start(PREPARING, "manage.py", PREPARING, *(["--empty"] if demo == "empty" else []), stdout=subprocess.PIPE)
    accounts = parts.finish(PREPARING)
    bind = f"{HOST}:{port}"
    gunicorn = ("-m", "gunicorn", "sipas_tracker.wsgi", "--bind", bind, "--log-level", "warning", "--no-control-socket")
    parts.start("web", *gunicorn, "--preload", "--workers", "2", "--threads", "4", "--graceful-timeout", "5")
    while not answers(f"http://{bind}/"):
        parts.check()
        time.sleep(0.1)
    celery = ("-W", "ignore:You're running the worker", "-m", "celery", "--app", "sipas_tracker", "--quiet")
    schedule = str(VAR / "celerybeat-schedule")
    parts.start("worker", *celery, "worker", "--loglevel", "WARNING", "--concurrency", "1", "--without-mingle")
    parts.start("beat", *celery, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", schedule)
    return accounts


def answers(url: str) -> bool:
    """Whether somebody speaks HTTP at the address, whatever he says."""
    try:
        urllib.request.urlopen(url, timeout=30).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def watch(parts: Parts, held: embedded.Lease) -> None:
    """Wait until a part ends (Failed) or somebody asks for an end (Stopped)."""
    while True:
        parts.check()
        if held.is_lost():
            raise Failed("Cơ sở dữ liệu hoặc hàng đợi đã dừng; dừng tất cả.")
        time.sleep(0.3)


def run(demo: str, port: int) -> None:
    """Serve until an end is asked for."""
    started = time.monotonic()
    missing = embedded.missing_urls()
    with the_only_run(port):
        check_port(port)
        if "DATABASE_URL" in missing:
            embedded.remember_database(DATABASES[demo])
        with embedded.lease(missing.values()) as held, Parts(environment_for(port, held)) as parts:
            say("Đang chuẩn bị dữ liệu (lần đầu có thể mất vài phút) …")
            accounts = start_serving(parts, demo, port)
            seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
            say(f"\n{accounts.rstrip()}\n\nSIPAS Tracker: http://{HOST}:{port}  (sẵn sàng sau {seconds} giây)")
            say("Nhấn Ctrl-C để dừng.\n")
            watch(parts, held)


def main() -> int:
    """Exit code: 0 after an end that was asked for, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--demo", choices=DATABASES, default="plan82")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    listen_to_signals()
    try:
        run(chosen.demo, chosen.port)
    except Stopped:
        say("\nĐã dừng. Dữ liệu còn trong thư mục var/.")
        return 0
    except (Failed, embedded.CannotServe) as error:
        say(str(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
