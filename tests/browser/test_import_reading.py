"""The page of a document that is being read follows it by itself and goes on to the review."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency, User
from plans.importing.starting import store_document
from plans.models import ImportDraft
from tests.plans.test_saving import small_plan

pytestmark = [pytest.mark.browser]
PATIENCE = 30_000
"""Milliseconds; a reading that nobody has taken begins when the page asks."""


def look(page: Page, name: str) -> None:
    """Keep a picture in the folder that LOOK names."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_page_follows_the_reading_and_reads_itself_when_no_worker_comes(
    empty_demonstration, sign_in: Callable[..., Page]
):
    by, agency = User.objects.get(username="dieuphoi"), Agency.objects.get(code="SNV")
    plan = small_plan(("Rà soát", "Sở Y tế", "Quý II"))
    draft = store_document(data=plan, name="90-KH-UBND.md", by=by, agency=agency)
    assert draft.take(timezone.now())
    draft.tell(ImportDraft.Stage.UNDERSTANDING, 120, 500)
    page = sign_in("dieuphoi")
    page.goto(draft.get_absolute_url())
    expect(page.get_by_text("Hiểu từng dòng: 120 trên 500")).to_be_visible()
    look(page, "reading")
    draft.tell(ImportDraft.Stage.UNDERSTANDING, 300, 500)
    expect(page.get_by_text("Hiểu từng dòng: 300 trên 500")).to_be_visible(timeout=PATIENCE)
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "reading-phone")
    ImportDraft.objects.update(claimed_until=timezone.now(), asked_at=timezone.now() - timedelta(minutes=1))
    expect(page.locator("#reading")).to_have_count(0, timeout=PATIENCE)
    draft.refresh_from_db()
    assert (draft.state, draft.attempts, draft.rows.count()) == (ImportDraft.State.OPEN, 2, 1)


def test_a_document_that_cannot_be_read_says_what_to_do(empty_demonstration, sign_in: Callable[..., Page]):
    by, agency = User.objects.get(username="dieuphoi"), Agency.objects.get(code="SNV")
    draft = store_document(data=b"%PDF-1.4 hong", name="ke-hoach-82.pdf", by=by, agency=agency)
    page = sign_in("dieuphoi")
    ImportDraft.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    page.goto(draft.get_absolute_url())
    look(page, "untaken")
    expect(page.get_by_role("heading", name="Không đọc được văn bản")).to_be_visible(timeout=PATIENCE)
    look(page, "failed")
    page.get_by_role("button", name="Đọc lại").click()
    expect(page.get_by_role("button", name="Đọc lại")).to_be_visible(timeout=PATIENCE)
    assert ImportDraft.objects.get().fault_code == "damaged"
