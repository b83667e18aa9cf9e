"""Pages of an import: upload, look and mend, confirm."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from plans.importing import requesting
from plans.importing.reading_drafts import read_drafts
from plans.models import ImportDraft, Plan, WorkItem
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.plans.test_reading import small_pdf
from tests.plans.test_saving import small_plan

PLAN_82 = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"
WORDS = b"<" + b"11" * 32 + b">"
LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O " + WORDS + b" /U " + WORDS + b" >> /ID [<00> <00>]"
"""What stands in the trailer of a PDF with a password."""


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    """Let the sender wait for the proposal, however busy the machine is."""
    monkeypatch.setattr(requesting, "QUICK", None)


@pytest.fixture
def client(cast: Cast) -> Client:
    """Return the coordinator's browser."""
    client = Client()
    client.force_login(cast.coordinator)
    return client


def upload(client: Client, cast: Cast, data: bytes, name: str = "ke-hoach.md", **details):
    """Send a document as the page does."""
    body = {"document": SimpleUploadedFile(name, data), "coordinating_agency": cast.home_affairs.pk} | details
    return client.post(reverse("plan-upload"), body)


def started(client: Client, cast: Cast, *rows: tuple[str, str, str]) -> ImportDraft:
    answer = upload(client, cast, small_plan(*(rows or [("Rà soát", "Sở Y tế", "Quý II")])))
    assert answer.status_code == 302
    return ImportDraft.objects.get()


def head(draft: ImportDraft, **details) -> dict:
    return {
        "number": "90/KH-UBND", "signed_on": "20/03/2024", "issuer": "UBND tỉnh Vĩnh Phúc", "title": "Kế hoạch", "year": 2024,
        "revision": draft.revision,
    } | details  # fmt: skip


@pytest.mark.parametrize(("name", "data", "words"), [("trong.docx", b"", "trống"), ("la.exe", b"MZ", "loại “.exe”")])
def test_a_file_that_can_be_no_plan_is_refused_in_words_and_nothing_is_saved(
    client: Client, cast: Cast, name, data, words
):
    answer = upload(client, cast, data, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportDraft.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "hình ảnh"),
        ("hong.docx", PLAN_82.read_bytes()[:9000], "hỏng"),
        ("thu.txt", "Giấy mời họp".encode(), "Không tìm thấy nhiệm vụ nào"),
        ("khoa.pdf", small_pdf(trailer=LOCKED), "mật khẩu"),
    ],
    ids=["picture", "damaged", "letter", "locked"],
)
def test_a_file_that_cannot_be_read_says_why_and_is_kept_to_be_read_again(
    client: Client, cast: Cast, name, data, words
):
    page = client.get(upload(client, cast, data, name).headers["Location"]).content.decode()
    draft = ImportDraft.objects.get()
    assert (draft.state, draft.attempts, draft.rows.count()) == (ImportDraft.State.FAILED, 1, 0)
    with draft.document.open("rb") as file:
        assert file.read() == data
    for said in (words, "Đọc lại", "Bỏ", "Tải lên tệp khác"):
        assert said in page


def test_the_same_file_sent_again_after_a_failure_is_read_again_in_the_same_draft(client: Client, cast: Cast):
    first = upload(client, cast, b"%PDF-1.4 hong", "hong.pdf").headers["Location"]
    assert upload(client, cast, b"%PDF-1.4 hong", "hong.pdf").headers["Location"] == first
    assert ImportDraft.objects.get().state == ImportDraft.State.FAILED


def test_a_document_under_review_leads_to_its_draft_for_who_may_see_it(client: Client, cast: Cast):
    draft = started(client, cast)
    answer = upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    assert answer.headers["Location"] == draft.get_absolute_url()
    assert ImportDraft.objects.count() == 1
    department = MembershipFactory(agency=cast.health, role=Membership.Role.COORDINATOR).user
    other = Client()
    other.force_login(department)
    body = {"document": SimpleUploadedFile("a.md", small_plan(("Rà soát", "Sở Y tế", "Quý II")))}
    refused = other.post(reverse("plan-upload"), body | {"coordinating_agency": cast.health.pk})
    assert refused.status_code == 422
    assert "đang được xem lại trong một bản nhập khác" in refused.content.decode()


def test_a_document_that_is_a_plan_already_leads_to_the_plan(client: Client, cast: Cast):
    draft = started(client, cast)
    client.post(reverse("import-confirm", args=[draft.pk]), head(draft))
    answer = upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    plan = Plan.objects.get(number="90/KH-UBND")
    assert answer.status_code == 422
    assert f'href="{plan.get_absolute_url()}"' in answer.content.decode()


def test_another_version_of_a_plan_that_is_there_fails_and_leads_to_the_plan(client: Client, cast: Cast):
    draft = started(client, cast)
    client.post(reverse("import-confirm", args=[draft.pk]), head(draft, issuer=draft.head["issuer"]))
    answer = upload(client, cast, small_plan(("Rà soát lại", "Sở Y tế", "Quý II")), follow=True)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "đã có trong hệ thống, không nhập lần nữa" in page
    assert f'href="{Plan.objects.get(number="90/KH-UBND").get_absolute_url()}"' in page


# Reading in the background


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """Return the drafts that a worker was told of; the sender waits for nothing."""
    told: list[int] = []
    monkeypatch.setattr(requesting, "ring", told.append)
    monkeypatch.setattr(requesting, "QUICK", 0.0)
    return told


def test_a_long_document_is_left_to_a_worker_and_its_page_tells_how_far_it_is(client: Client, cast: Cast, rung):
    page = upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II"))).headers["Location"]
    draft = ImportDraft.objects.get()
    assert (draft.state, draft.attempts, draft.claim, rung) == (ImportDraft.State.READING, 0, None, [draft.pk])
    assert f'hx-get="{reverse("import-progress", args=[draft.pk])}"' in client.get(page).content.decode()
    assert draft.take(timezone.now())
    draft.tell(ImportDraft.Stage.UNDERSTANDING, 120, 500)
    told = client.get(reverse("import-progress", args=[draft.pk])).content.decode()
    assert "Hiểu từng dòng: 120 trên 500" in told
    draft.let_go()
    assert read_drafts() == 1
    answer = client.get(reverse("import-progress", args=[draft.pk]), headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == page
    assert "1 nhiệm vụ được đọc" in client.get(page).content.decode()


def test_without_a_worker_the_page_says_so_and_reads_the_document_itself(client: Client, cast: Cast, rung):
    upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    draft = ImportDraft.objects.get()
    read = reverse("import-read", args=[draft.pk])
    client.post(read)
    draft.refresh_from_db()
    assert draft.state == ImportDraft.State.READING, "a worker has its time to begin"
    ImportDraft.objects.update(asked_at=timezone.now() - timedelta(seconds=6))
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Chưa có tiến trình xử lý" in page
    assert f'hx-post="{read}"' in page
    assert client.post(read).headers["Location"] == draft.get_absolute_url()
    draft.refresh_from_db()
    assert draft.state == ImportDraft.State.OPEN


def test_an_import_can_be_given_up_while_it_is_read_or_after_it_failed(client: Client, cast: Cast, rung):
    for state in (ImportDraft.State.READING, ImportDraft.State.FAILED):
        upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")))
        draft = ImportDraft.objects.latest("pk")
        ImportDraft.objects.filter(pk=draft.pk).update(state=state)
        client.post(reverse("import-drop", args=[draft.pk]))
        draft.refresh_from_db()
        assert draft.state == ImportDraft.State.DROPPED
        assert client.get(reverse("import-progress", args=[draft.pk])).status_code == 404


def test_a_file_above_the_limit_is_refused_in_words(client: Client, cast: Cast, settings):
    settings.UPLOAD_LIMIT = 1000
    answer = upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")) * 5)
    assert answer.status_code == 422
    assert "vượt mức" in answer.content.decode()
    assert not ImportDraft.objects.exists()


def test_neither_file_nor_words_is_asked_for(client: Client, cast: Cast):
    answer = client.post(reverse("plan-upload"), {"coordinating_agency": cast.home_affairs.pk})
    assert "Hãy chọn tệp hoặc dán nội dung kế hoạch." in answer.content.decode()


def test_pasted_words_are_read_like_a_file(client: Client, cast: Cast):
    text = small_plan(("Rà soát", "Sở Y tế", "Quý II")).decode()
    answer = client.post(reverse("plan-upload"), {"text": text, "coordinating_agency": cast.home_affairs.pk})
    assert answer.status_code == 302
    assert len(ImportDraft.objects.get().proposal["tasks"]) == 1


def test_the_real_plan_is_shown_row_by_row_with_what_has_to_be_mended(client: Client, cast: Cast):
    cast.plan.delete()
    assert upload(client, cast, PLAN_82.read_bytes(), "82.docx").status_code == 302
    page = ImportDraft.objects.get().get_absolute_url()
    answer = client.get(page, {"loc": "tat-ca"})
    assert len(answer.context["page_obj"]) == 33
    assert answer.context["review"].problems, "the small register of this test knows few agencies"
    only = client.get(page)
    assert only.context["only"] == "can-xem"
    assert len(only.context["page_obj"]) == only.context["review"].counts["can-xem"] < 33


def test_a_row_is_mended_dropped_and_taken_back_on_the_page(client: Client, cast: Cast):
    draft = started(client, cast, ("Rà soát", "Sở Hàng không", "Quý II"), ("Tổng", "Sở Y tế", "Quý II"))
    first, second = draft.rows.all()
    row = reverse("import-row", args=[first.pk])
    data = {"text": "Rà soát", "agencies_text": "Sở Y tế", "coordinating_text": "", "time_text": "Quý III"}
    client.post(row, data | {"revision": first.revision}, follow=True)
    assert draft.proposal["tasks"][0]["deadline"]["due_dates"] == ["2024-09-30"]
    client.post(reverse("import-row", args=[second.pk]), {"drop": "1", "revision": second.revision}, follow=True)
    assert draft.proposal["tasks"][1]["dropped"] is True
    answer = client.post(row, {"drop": "1", "revision": "chữ"}, follow=True)
    assert "vừa được người khác sửa" in str(next(iter(answer.context["messages"])))


def test_confirming_makes_the_plan_and_goes_to_it(client: Client, cast: Cast):
    draft = started(client, cast)
    answer = client.post(reverse("import-confirm", args=[draft.pk]), head(draft))
    plan = Plan.objects.get(number="90/KH-UBND")
    assert answer.headers["Location"] == plan.get_absolute_url()
    assert plan.signed_on == date(2024, 3, 20)
    assert WorkItem.objects.filter(task__plan=plan).count() == 1
    assert client.get(draft.get_absolute_url()).headers["Location"] == plan.get_absolute_url()


def test_problems_are_told_with_a_link_to_each_row_and_nothing_is_saved(client: Client, cast: Cast):
    draft = started(client, cast, ("Rà soát", "Sở Hàng không vũ trụ", "Quý II"))
    answer = client.post(reverse("import-confirm", args=[draft.pk]), head(draft))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "chưa nhận ra “Sở Hàng không vũ trụ”" in page
    assert f'?dong={draft.rows.get().pk}#dong-{draft.rows.get().pk}">Dòng 1</a>' in page
    assert not Plan.objects.filter(number="90/KH-UBND").exists()


def test_a_plan_that_is_there_is_refused_in_words(client: Client, cast: Cast):
    draft = started(client, cast)
    client.post(reverse("import-head", args=[draft.pk]), head(draft, number="82/KH-UBND", issuer=cast.plan.issuer))
    draft.refresh_from_db()
    answer = client.post(reverse("import-confirm", args=[draft.pk]), head(draft))
    assert answer.status_code == 422
    assert "đã có trong hệ thống, không nhập lần nữa" in answer.content.decode()


def test_dropping_twice_says_so_and_the_document_can_come_again(client: Client, cast: Cast):
    draft = started(client, cast)
    ImportDraft.objects.filter(pk=draft.pk).update(state=ImportDraft.State.CONFIRMED)
    answer = client.post(reverse("import-drop", args=[draft.pk]), follow=True)
    assert "vừa được người khác sửa" in str(next(iter(answer.context["messages"])))
    ImportDraft.objects.filter(pk=draft.pk).update(state=ImportDraft.State.OPEN)
    client.post(reverse("import-drop", args=[draft.pk]))
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II"))).status_code == 302


def test_a_colleague_who_coordinates_takes_the_draft_up_and_others_do_not_find_it(client: Client, cast: Cast):
    draft = started(client, cast)
    for user in (cast.health_officer, cast.viewer, cast.stranger):
        other = Client()
        other.force_login(user)
        assert other.get(draft.get_absolute_url()).status_code == 404
        assert other.get(reverse("plan-upload")).status_code == 404
