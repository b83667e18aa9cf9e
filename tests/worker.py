"""A real Celery worker, in a process of its own, on the tests' database and broker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from kombu import pools

from sipas_tracker.celery import app

WORKER = ["worker", "--pool", "solo", "--loglevel", "INFO", "--without-mingle", "--without-gossip"]
PATIENCE = 90
"""Seconds until a fresh worker must answer."""


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A running worker that sees what the test commits. Its output stands in worker.log of tmp_path."""
    address = settings.DATABASES["default"]
    names = ("USER", "PASSWORD", "HOST", "PORT")
    user, password, host, port = (address[name] for name in names)
    database = connection.settings_dict["NAME"]
    app.control.purge()
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "sipas_tracker", *WORKER],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": f"postgres://{user}:{password}@{host}:{port}/{database}"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(worker, log_file=tmp_path / "worker.log")
            yield worker
        finally:
            worker.terminate()
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            # The pool of our own side keeps connections to the broker; they would be told of at the end of the run.
            pools.reset()
            app._after_fork()  # forgets the closed pool: the next test opens one of its own


def _wait_for(worker: "subprocess.Popen[bytes]", log_file: Path) -> None:
    """Return when the worker answers a ping through the broker."""
    deadline = time.monotonic() + PATIENCE
    while not app.control.ping(timeout=0.5):
        if worker.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the worker did not come up:\n{log_file.read_text()}")
