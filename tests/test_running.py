"""`make run`: one run at a time, and nothing of it left behind, whatever ends it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sipas_tracker import running
from sipas_tracker.embedded.account import free_port

PARENT_OF_A_SLEEPER = "import subprocess; subprocess.run(['sleep', '987654'])"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(987654)"


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """A run takes the signals of its process; the tests take them back."""
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.fixture
def var(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(running, "VAR", tmp_path / "var")
    return tmp_path / "var"


def living(words: str) -> list[str]:
    """Command lines of living processes that contain the words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words in line:
            found.append(line)
    return found


def test_a_second_run_is_told_where_the_first_one_serves(var):
    first, second = running.the_only_run(8123), running.the_only_run(8124)
    with first, pytest.raises(running.Failed, match=r"đang chạy rồi, tại http://127\.0\.0\.1:8123"), second:
        pytest.fail("two runs at a time")


def test_after_a_run_another_may_start(var):
    with running.the_only_run(8123):
        pass
    with running.the_only_run(8124):
        assert "8124" in (var / "run.lock").read_text()


def test_a_taken_port_is_said_in_words_with_a_way_out(monkeypatch):
    monkeypatch.setattr(running.time, "sleep", lambda seconds: None)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(running.Failed, match=f"make run PORT={port + 1}"):
            running.check_port(port)


def test_what_a_part_has_started_ends_with_it():
    with running.Parts(dict(os.environ)) as parts:
        parts.start("web", "-c", PARENT_OF_A_SLEEPER)
        deadline = time.monotonic() + 20
        while not living("sleep 987654 ") and time.monotonic() < deadline:
            time.sleep(0.05)
    assert living("sleep 987654 ") == []


def test_a_part_that_will_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.5)
    with running.Parts(dict(os.environ)) as parts:
        part = parts.start("worker", "-c", STUBBORN)
        time.sleep(1)
    assert part.returncode == -signal.SIGKILL


def test_the_end_of_one_part_ends_the_run():
    with running.Parts(dict(os.environ)) as parts:
        parts.start("beat", "-c", "raise SystemExit(3)").wait()
        with pytest.raises(running.Failed, match=r"beat đã dừng \(mã 3\)"):
            parts.check()


def test_the_environment_of_the_visitor_wins(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://thu.example.vn")
    environment = running.environment_for(8123, running.embedded.Lease(None, database_url="postgres://embedded/sipas"))
    assert environment["SITE_URL"] == "https://thu.example.vn"
    assert environment["DATABASE_URL"] == "postgres://embedded/sipas"
    assert environment["DEMO_CLOCK"] == "1"


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project in another folder, so that a run for the tests and one of the developer do not meet."""
    place = tmp_path_factory.mktemp("run") / "sipas"
    left_out = shutil.ignore_patterns(
        ".venv", ".git", "var", "media", "node_modules", "icons", "__pycache__", ".*_cache"
    )
    shutil.copytree(settings.BASE_DIR, place, ignore=left_out)
    return place


def start_run(copy: Path, port: int) -> "subprocess.Popen[str]":
    """A run of the empty demonstration that answers; its output up to there is kept in `copy`/run.txt."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    process = subprocess.Popen(
        [sys.executable, "-m", "sipas_tracker.running", "--demo", "empty", "--port", str(port)],
        cwd=copy,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Nhấn Ctrl-C" in line:
            break
    (copy / "run.txt").write_text("".join(lines))
    assert process.poll() is None, "".join(lines)
    return process


@pytest.mark.long
def test_a_run_answers_and_names_its_accounts(copy):
    port = free_port()
    process = start_run(copy, port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/suc-khoe/", timeout=20) as answer:
            assert answer.status == 200
        printed = (copy / "run.txt").read_text()
        assert f"http://127.0.0.1:{port}" in printed
        assert "Tài khoản mẫu" in printed
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.long
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_whatever_ends_a_run_leaves_nothing_running(copy, name):
    process = start_run(copy, free_port())
    assert living(str(copy))
    process.send_signal(signal.Signals[name])
    process.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while name == "SIGKILL" and living(str(copy)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert living(str(copy)) == []


@pytest.mark.long
@pytest.mark.parametrize("part", ["celery .* worker", "celery .* beat", "gunicorn", "embedded.keeper"])
def test_the_death_of_any_part_ends_the_whole_run(copy, part):
    port = free_port()
    process = start_run(copy, port)
    ours = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    numbers = [
        int(line.split()[0])
        for line in ours.splitlines()
        if re.search(part, line) and (line.split()[1] == str(process.pid) or str(copy) in line)
    ]
    os.kill(numbers[0], signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == 1
    assert living(str(copy)) == []
