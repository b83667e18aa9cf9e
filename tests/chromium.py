"""A real Chromium for the walks through the pages (marker `browser`): Debian's, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
MISSING = "NO CHROMIUM ON THIS MACHINE: the walks through the pages were SKIPPED (as root: apt-get install chromium)"
OFFICE_SCREEN = {"width": 1366, "height": 768}


def chromium_path() -> str | None:
    """Where the browser is, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run. Playwright keeps a loop in this thread, so Django must be told to allow it."""
    path = chromium_path()
    if path is None:
        pytest.skip(MISSING)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield browser
            browser.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def browser_context(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A visitor with a fresh browser: Vietnamese, an office's screen, addresses relative to the live server."""
    context = chromium.new_context(
        base_url=live_server.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport=OFFICE_SCREEN
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """That visitor's page."""
    return browser_context.new_page()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A skipped walk must not go by unseen."""
    if chromium_path() is None:
        terminalreporter.write_sep("!", MISSING, red=True, bold=True)
