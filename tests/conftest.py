"""What every test may use. The servers of the run stand in tests/servers.py, which starts before this file is read."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.cast", "tests.worker", "tests.chromium"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """Keep the files of a test out of the files of people."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
