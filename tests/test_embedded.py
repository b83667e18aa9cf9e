"""The embedded PostgreSQL and broker: shared by leases, gone with the last one, and well after a crash."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest
import redis

import manage
from sipas_tracker import embedded
from sipas_tracker.embedded import account, broker, keeper, postgres

BOTH = ["postgres", "broker"]
HOLD = """
import sys, time
from pathlib import Path
from sipas_tracker import embedded
with embedded.lease(["postgres", "broker"], Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with data, shared by the tests of this file. Any account may enter it, unlike pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="sipas-embedded-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def servers_of(folder: Path) -> dict[int, str]:
    """The keeper and the servers that work in the folder: command lines by process number."""
    lines = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if any(word.startswith(str(folder)) for word in words) and "-c" not in words[1:2]:
                lines[int(process.name)] = " ".join(words)
    return lines


def query(url: str, sql: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def kill_keeper(folder: Path) -> None:
    for number, words in servers_of(folder).items():
        if "embedded.keeper" in words:
            os.kill(number, signal.SIGKILL)


def wait_until(condition, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def holder(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds a lease on the folder's servers."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_was_written_is_there_after_a_restart(folder):
    with embedded.lease(["postgres"], folder) as held:
        query(held.database_url, "CREATE TABLE plan (number text)")
        query(held.database_url, "INSERT INTO plan VALUES ('82/KH-UBND')")
    with embedded.lease(["postgres"], folder) as held:
        assert query(held.database_url, "SELECT number FROM plan") == [("82/KH-UBND",)]


def test_messages_of_the_broker_are_there_after_a_restart(folder):
    with embedded.lease(["broker"], folder) as held, redis.from_url(held.redis_url) as client:
        client.lpush("celery", "ring")
    with embedded.lease(["broker"], folder) as held, redis.from_url(held.redis_url) as client:
        assert client.lrange("celery", 0, -1) == [b"ring"]


def test_nothing_runs_once_the_last_lease_is_released(folder):
    with embedded.lease(BOTH, folder):
        assert len(servers_of(folder)) >= 2
    assert servers_of(folder) == {}
    assert not (folder / "addresses.json").exists()


def test_two_holders_share_the_servers_and_the_second_keeps_them(folder):
    with embedded.lease(BOTH, folder) as second:
        with embedded.lease(BOTH, folder) as first:
            assert first.database_url == second.database_url
        assert query(second.database_url, "SELECT 1") == [(1,)]
        with redis.from_url(second.redis_url) as client:
            assert client.ping()


def test_a_killed_holder_leaves_nothing_running(folder, holder):
    assert servers_of(folder)
    holder.kill()
    assert wait_until(lambda: not servers_of(folder)), servers_of(folder)


def test_a_holder_notices_that_the_servers_are_gone(folder):
    held = embedded.take_lease(["postgres"], folder, "sipas", durable=True)
    assert not held.is_lost()
    kill_keeper(folder)
    assert wait_until(held.is_lost)
    held.release()


def test_data_survives_the_killing_of_everything(folder):
    with embedded.lease(["postgres"], folder) as held:
        query(held.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
        for number in servers_of(folder):
            os.kill(number, signal.SIGKILL)
    with embedded.lease(["postgres"], folder) as held:
        assert query(held.database_url, "SELECT one FROM kept") == [(1,)]


def test_a_leftover_pid_file_that_names_a_living_process_stops_nobody(folder):
    with embedded.lease(["postgres"], folder):
        data = folder / "postgres" / "data"
    (data / "postmaster.pid").write_text(f"{os.getppid()}\n{data}\n1\n5432\n\n127.0.0.1\n0 0\nready   \n")
    with embedded.lease(["postgres"], folder) as held:
        assert query(held.database_url, "SELECT 1") == [(1,)]


def test_the_servers_let_in_only_who_knows_the_password(folder):
    with embedded.lease(BOTH, folder) as held:
        port = held.redis_url.rsplit(":", 1)[1].split("/")[0]
        with redis.Redis(port=int(port)) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        address = held.database_url.split("@")[1]
        with pytest.raises(psycopg.OperationalError, match="password"):
            query(f"postgres://sipas:guess@{address}", "SELECT 1")


def test_a_throwaway_folder_is_gone_afterwards(folder):
    place = folder / "tests"
    with embedded.lease(BOTH, place, durable=False) as held:
        assert query(held.database_url, "SHOW fsync") == [("off",)]
    assert not place.exists()


def test_the_data_of_the_trial_is_synced_to_disk(folder):
    with embedded.lease(["postgres"], folder) as held:
        assert query(held.database_url, "SHOW fsync") == [("on",)]


def test_capitals_of_vietnamese_letters_are_known_to_the_database(folder):
    with embedded.lease(["postgres"], folder) as held:
        assert query(held.database_url, "SELECT upper('đặng thị ước')") == [("ĐẶNG THỊ ƯỚC",)]


def test_a_very_deep_folder_is_no_obstacle(folder):
    deep = folder / ("thư-mục-rất-sâu-" * 5) / ("x" * 100)
    with embedded.lease(["broker"], deep, durable=False) as held, redis.from_url(held.redis_url) as client:
        assert client.ping()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers under another account")
def test_root_serves_from_a_closed_home_too():
    of_others = set(keeper.ELSEWHERE.glob("*/postgres/server.log"))
    with tempfile.TemporaryDirectory(dir=Path.home()) as closed:
        with embedded.lease(BOTH, Path(closed) / "var", durable=False) as held:
            assert query(held.database_url, "SELECT current_user") == [("sipas",)]
        assert set(keeper.ELSEWHERE.glob("*/postgres/server.log")) <= of_others


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers under another account")
def test_programs_that_nobody_can_read_are_copied_beside_the_data(folder):
    programs = postgres.program_folders()[0]
    copy = postgres.readable_copy(programs, folder)
    assert copy != programs
    assert account.Account.fitting().answer_of(copy / "postgres").startswith("postgres (PostgreSQL)")


def test_a_machine_without_postgresql_is_told_what_to_install(folder, monkeypatch):
    monkeypatch.setattr(postgres, "program_folders", lambda: [])
    server = postgres.Postgres(account.Account.fitting(), folder / "bare", durable=True, lock=-1)
    with pytest.raises(embedded.CannotServe, match="apt-get install postgresql"):
        server.start()


def test_a_machine_without_a_broker_is_told_what_to_install(folder, monkeypatch):
    monkeypatch.setattr(broker, "programs", lambda: [])
    with pytest.raises(embedded.CannotServe, match="redis-server"):
        broker.Broker(account.Account.fitting(), folder / "bare", durable=True, lock=-1).start()


def test_data_of_another_postgresql_is_not_touched(folder):
    server = postgres.Postgres(account.Account.fitting(), folder / "old", durable=True, lock=-1)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.CannotServe, match="PostgreSQL 12"):
        server.start()


def test_a_url_of_the_environment_wins_over_the_embedded_servers(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://office@db.example/sipas")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example/0")
    monkeypatch.setattr(embedded, "lease", None)
    with ExitStack() as stack:
        manage.hold_servers(["migrate"], stack)
        assert os.environ["DATABASE_URL"] == "postgres://office@db.example/sipas"


@pytest.mark.parametrize("words", [["parse_deadlines"], ["read_plan", "KE-HOACH.docx"], ["migrate", "--help"], []])
def test_commands_that_need_no_database_start_none(words, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setattr(embedded, "lease", None)
    with ExitStack() as stack:
        manage.hold_servers(words, stack)
        assert "DATABASE_URL" not in os.environ


def test_a_command_without_urls_gets_the_embedded_servers_and_the_demonstration_clock(folder, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO_CLOCK"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    real = embedded.lease
    monkeypatch.setattr(embedded, "lease", lambda want: real(want, folder))
    with ExitStack() as stack:
        manage.hold_servers(["migrate"], stack)
        assert query(os.environ["DATABASE_URL"], "SELECT 1") == [(1,)]
        assert os.environ["DEMO_CLOCK"] == "1"


def test_production_is_never_served_by_embedded_servers(monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("PRODUCTION", "1")
    with ExitStack() as stack, pytest.raises(embedded.CannotServe, match="DATABASE_URL"):
        manage.hold_servers(["migrate"], stack)
