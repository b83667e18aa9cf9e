"""PostgreSQL and a broker from pip wheels, for the trial (`make run`), for commands of manage.py and for the tests.

Never for production. One keeper process a folder owns both servers; whoever needs them holds a Lease, a connection to
the keeper. When the last lease ends, by release or because its process died in whatever way, the keeper stops both
servers and ends too. So nothing is left running, and two commands at a time share one server.

    with lease(["postgres", "broker"]) as held:
        held.database_url, held.redis_url

A URL in the environment always wins: see manage.py. Nothing is ever written into a server found by chance.
"""

from sipas_tracker.embedded.account import CannotServe
from sipas_tracker.embedded.leases import (
    DATA_FOLDER,
    DEFAULT_DATABASE,
    Lease,
    lease,
    missing_urls,
    remember_database,
    take_lease,
)

__all__ = [
    "DATA_FOLDER",
    "DEFAULT_DATABASE",
    "CannotServe",
    "Lease",
    "lease",
    "missing_urls",
    "remember_database",
    "take_lease",
]
