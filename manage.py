#!/usr/bin/env python
"""Django's command line for SIPAS Tracker."""

import os
import sys
from contextlib import ExitStack

from django.core.management import execute_from_command_line

from sipas_tracker import embedded

COMMANDS_ON_TEXT = {"parse_agencies", "parse_deadlines", "read_plan"}
"""They read a text and answer at once: settings_for_reading leaves out what takes long to load and is not used."""
COMMANDS_WITHOUT_DATABASE = COMMANDS_ON_TEXT | {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "startapp",
    "version",
}


def hold_servers(words: list[str], until_the_end: ExitStack) -> None:
    """For a command that needs a database and was given no URL: the embedded servers, running or started for it.

    They hold the data of `make run`, so the command lives by the demonstration clock too.
    """
    missing = embedded.missing_urls()
    asks_for_words = {"-h", "--help", "--version"} & set(words)
    if not missing or not words or words[0] in COMMANDS_WITHOUT_DATABASE or asks_for_words:
        return
    if os.environ.get("PRODUCTION"):
        raise embedded.CannotServe(f"PRODUCTION: thiếu {', '.join(missing)}. / {', '.join(missing)} is not set.")
    held = until_the_end.enter_context(embedded.lease(missing.values()))
    if "DATABASE_URL" in missing:
        os.environ["DATABASE_URL"] = held.database_url
        os.environ.setdefault("DEMO_CLOCK", "1")
    if "REDIS_URL" in missing:
        os.environ["REDIS_URL"] = held.redis_url


def main() -> None:
    """Run the command named on the command line."""
    on_text = sys.argv[1:2] and sys.argv[1] in COMMANDS_ON_TEXT
    settings = "sipas_tracker.settings_for_reading" if on_text else "sipas_tracker.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    with ExitStack() as until_the_end:
        try:
            hold_servers(sys.argv[1:], until_the_end)
        except embedded.CannotServe as error:
            sys.exit(str(error))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
