"""Real servers for the tests: PostgreSQL and a broker of this run alone, in a temporary folder, gone afterwards.

A pytest plugin (`-p tests.servers` in pyproject.toml) and not a conftest, since the addresses must stand in the
environment before Django reads its settings. DATABASE_URL and REDIS_URL of the environment win.
"""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sipas_tracker import embedded

OURS = "SIPAS_TESTS_RUN_THEIR_OWN_SERVERS"
"""Set for the processes of a parallel run, which find the servers of the first one in the environment."""
LEASE = pytest.StashKey[embedded.Lease]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start what the environment does not name, before pytest-django sets Django up."""
    missing = embedded.missing_urls()
    if missing and not early_config.known_args_namespace.help:
        folder = Path(tempfile.mkdtemp(prefix="sipas-tests-"))
        try:
            held = embedded.take_lease(list(missing.values()), folder, "sipas", durable=False)
        except embedded.CannotServe as error:
            pytest.exit(str(error), returncode=3)
        early_config.stash[LEASE] = held
        os.environ |= {name: url for name, url in _urls(held).items() if url} | {OURS: "1"}
    # A browser keeps its line to the test's server open, and with it a thread that would hold a connection to a database
    # which is dropped at the end.
    os.environ["CONN_MAX_AGE"] = "0"
    if os.environ.get(OURS):
        os.environ["REDIS_URL"] = _broker_of_this_process(os.environ["REDIS_URL"])
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what we started. A killed run stops it too: the servers end with their last lease."""
    if held := config.stash.get(LEASE, None):
        held.release()


def _broker_of_this_process(url: str) -> str:
    """Return a database of the broker for each process of a parallel run: none hears what another one rings for."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return urlsplit(url)._replace(path=f"/{int(number) % 15 + 1}").geturl() if number.isdecimal() else url


def _urls(held: embedded.Lease) -> dict[str, str]:
    return {"DATABASE_URL": held.database_url, "REDIS_URL": held.redis_url}
