"""Processes of our own in which files from outside are opened: started with little, heard, killed with their group.

What such a process gives up itself stands in `plans.importing.reading_child.confine`.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")


def start(module: str, question: IO[bytes], complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start ``python -m module`` in a process group of its own: the question on its standard input, no secrets around it."""
    own = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=question,
        stdout=subprocess.PIPE,
        stderr=complaints,
        cwd=ROOT,
        env=own | {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
        start_new_session=True,
    )


def last_words(complaints: IO[bytes]) -> str:
    """Return the end of what a process complained of, for our log."""
    complaints.seek(0)
    return complaints.read(20_000).decode("utf-8", "replace")[-2_000:]
