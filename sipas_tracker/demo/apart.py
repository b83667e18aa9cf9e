"""A database of its own for commands that play the sample data: made empty on the same server, dropped at the end."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def database_of_its_own() -> Iterator[None]:
    """Make an empty database on the same server, and drop it at the end; the real one is never touched."""
    real = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"sipas_apart_{os.getpid()}"
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit("Đã dừng."))  # a stopped run drops it too
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        connection.creation.destroy_test_db(real, verbosity=0)
