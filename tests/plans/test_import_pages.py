"""Pages of an import: upload, look and mend, confirm."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plans.models import ImportDraft, Plan, WorkItem
from tests.cast import Cast
from tests.plans.test_reading import small_pdf
from tests.plans.test_saving import small_plan

PLAN_82 = Path(settings.BASE_DIR) / "sipas_tracker" / "demo" / "82-KH-UBND-2024.docx"


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


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("trong.docx", b"", "trống"),
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "hình ảnh"),
        ("hong.docx", PLAN_82.read_bytes()[:9000], "hỏng"),
        ("la.exe", b"MZ", "Không nhận tệp loại “.exe”"),
        ("thu.txt", "Giấy mời họp".encode(), "Không tìm thấy nhiệm vụ nào"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_words_and_nothing_is_saved(client: Client, cast: Cast, name, data, words):
    answer = upload(client, cast, data, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportDraft.objects.exists()


def test_a_file_above_the_limit_is_refused_in_words(client: Client, cast: Cast, settings):
    settings.UPLOAD_LIMIT = 1000
    answer = upload(client, cast, small_plan(("Rà soát", "Sở Y tế", "Quý II")) * 5)
    assert answer.status_code == 422
    assert "vượt mức" in answer.content.decode()
    assert not ImportDraft.objects.exists()


def test_a_file_with_a_password_is_refused_in_words(client: Client, cast: Cast):
    words = b"<" + b"11" * 32 + b">"
    encrypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O " + words + b" /U " + words + b" >> /ID [<00> <00>]"
    answer = upload(client, cast, small_pdf(trailer=encrypt), "khoa.pdf")
    assert answer.status_code == 422
    assert "mật khẩu" in answer.content.decode()
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
    answer = client.get(ImportDraft.objects.get().get_absolute_url())
    assert answer.context["count"] == 33
    assert answer.context["problem_count"] > 0, "the small register of this test knows few agencies"
    only = client.get(ImportDraft.objects.get().get_absolute_url(), {"loc": "canh-bao"})
    assert len(only.context["rows"]) == only.context["warned"] < 33


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


def test_problems_keep_the_head_as_typed_and_save_nothing(client: Client, cast: Cast):
    draft = started(client, cast, ("Rà soát", "Sở Hàng không vũ trụ", "Quý II"))
    answer = client.post(reverse("import-confirm", args=[draft.pk]), head(draft, title="Tên đã sửa"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 1: chưa nhận ra" in page
    assert "Tên đã sửa" in page
    assert not Plan.objects.filter(number="90/KH-UBND").exists()


def test_a_plan_that_is_there_is_refused_in_words(client: Client, cast: Cast):
    draft = started(client, cast)
    answer = client.post(
        reverse("import-confirm", args=[draft.pk]), head(draft, number="82/KH-UBND", issuer=cast.plan.issuer)
    )
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
