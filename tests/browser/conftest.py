"""What the walks share: the sample data, signing in, and pictures for docs/ when PICTURES names a folder."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser, BrowserContext, Page

from sipas_tracker.demo.loading import load_demo

TakePicture = Callable[[Page, str], None]
TakePaper = Callable[[Path, str], None]


@pytest.fixture
def demonstration(settings, transactional_db) -> None:
    """The sample data on its assumed day, without a mail server."""
    settings.DEMO = True
    settings.LETTERS_LEAVE = False
    load_demo()


@pytest.fixture
def empty_demonstration(settings, transactional_db) -> None:
    """Register and accounts, no plan."""
    settings.DEMO = True
    settings.LETTERS_LEAVE = False
    load_demo(empty=True)


@pytest.fixture
def picture() -> TakePicture:
    """Save what the page shows under docs/pictures when pictures are asked for; do nothing in an ordinary run."""
    folder = os.environ.get("PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), caret="initial")  # hiding it is an inline style

    return take


@pytest.fixture
def picture_of_paper(tmp_path: Path) -> TakePaper:
    """Save the first page of a Word file beside the pictures, where LibreOffice and Poppler can draw it."""
    folder, office, draw = os.environ.get("PICTURES"), shutil.which("soffice"), shutil.which("pdftoppm")

    def take(paper: Path, name: str) -> None:
        if folder and office and draw:
            copy = tmp_path / f"{name}.docx"
            copy.write_bytes(paper.read_bytes())
            home = f"-env:UserInstallation=file://{tmp_path}/office"
            convert = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(copy)]
            subprocess.run(convert, check=True, capture_output=True, timeout=120)
            pdf = str(tmp_path / f"{name}.pdf")
            drawing = [draw, "-png", "-r", "90", "-gray", "-singlefile", pdf, str(Path(folder) / name)]
            subprocess.run(drawing, check=True, capture_output=True, timeout=60)

    return take


@pytest.fixture
def sign_in(chromium: Browser, live_server) -> Callable[..., Page]:
    """Return a function that signs a person in with a fresh browser; any error of the page's scripts fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def enter(username: str, *, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = chromium.new_context(
            base_url=live_server.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport=size
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto("/")
        page.fill("#id_login", username)
        page.fill("#id_password", project.DEMO_PASSWORD)
        page.click("form:has(#id_password) button.btn-primary")
        page.wait_for_load_state()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []
