"""The REST API: a second door to the same verbs, with the same words."""

import io
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from agencies.models import User
from plans.importing import requesting
from plans.importing.reading_drafts import read_drafts
from plans.models import ImportDraft, Plan, Update, WorkItem
from plans.models.occurrence import State
from tests.cast import Cast
from tests.factories import TaskFactory, work_item
from tests.plans.test_saving import small_plan
from workdays.clock import today


def client_of(user: User) -> APIClient:
    """Return a client with the person's token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


def proof(name: str = "bao-cao.pdf", content: bytes = b"%PDF-1.7") -> SimpleUploadedFile:
    """Return a file to send."""
    return SimpleUploadedFile(name, content)


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Return an item of Sở Y tế."""
    return work_item(cast.health, plan=cast.plan, task=TaskFactory(plan=cast.plan, text="Rà soát thủ tục hành chính"))


# The door


def test_name_and_password_give_a_token_that_opens_the_api(cast: Cast):
    cast.health_officer.set_password("Mot-mat-khau-dai-1")
    cast.health_officer.save()
    cache.clear()
    answer = APIClient().post("/api/token/", {"username": "yte", "password": "Mot-mat-khau-dai-1"})
    assert answer.status_code == 200
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert client.get("/api/plans/").json()["results"][0]["number"] == "82/KH-UBND"


def test_guessing_passwords_is_slowed_down(cast: Cast):
    cache.clear()
    statuses = [
        APIClient().post("/api/token/", {"username": "yte", "password": f"sai{n}"}).status_code for n in range(11)
    ]
    cache.clear()
    assert statuses == [400] * 10 + [429]


def test_a_wrong_token_is_told_401(cast: Cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token sai")
    assert client.get("/api/work-items/").status_code == 401


# Reading


def test_items_are_listed_with_their_two_axes_most_urgent_first(cast: Cast, item: WorkItem):
    later = work_item(cast.health, plan=cast.plan, due=date(2024, 9, 30))
    rows = client_of(cast.health_officer).get("/api/work-items/").json()["results"]
    assert [row["id"] for row in rows] == [item.pk, later.pk]
    assert (rows[0]["state"], rows[0]["timeliness"], rows[0]["due_date"]) == ("not_started", "overdue", "2024-06-30")


@pytest.mark.parametrize(
    ("words", "count"), [("ra soat thu tuc", 1), ("RÀ SOÁT", 1), ("so y te", 1), ("tuyen truyen", 0)]
)
def test_search_needs_no_diacritics(cast: Cast, item: WorkItem, words: str, count: int):
    assert client_of(cast.coordinator).get("/api/work-items/", {"q": words}).json()["count"] == count


def test_filters_of_the_list_work_in_the_api(cast: Cast, item: WorkItem):
    work_item(cast.justice, plan=cast.plan, due=date(2099, 1, 1))
    client = client_of(cast.coordinator)
    counts = {
        query: client.get(f"/api/work-items/?{query}").json()["count"]
        for query in (
            "when=overdue",
            f"agency={item.agency_id}",
            "state=completed",
            "due_before=2024-06-29",
            "kind=delivery",
            f"plan={cast.plan.pk}",
        )
    }
    assert list(counts.values()) == [1, 1, 0, 0, 2, 2]


def test_a_filter_nobody_understands_is_400_with_words(cast: Cast):
    answer = client_of(cast.coordinator).get("/api/work-items/?when=hom-qua")
    assert answer.status_code == 400
    assert "when" in answer.json()


def test_everybody_in_the_province_reads_the_state_of_each_agency_without_words(cast: Cast, item: WorkItem):
    rows = client_of(cast.justice_officer).get(f"/api/tasks/{item.task_id}/states/").json()
    assert [(row["agency_name"], row["state"], row["timeliness"]) for row in rows] == [
        ("Sở Y tế", "not_started", "overdue")
    ]
    assert not {"words", "updates", "id"} & rows[0].keys()


def test_lists_ask_the_same_number_of_questions_for_10_and_60_rows(cast: Cast, django_assert_max_num_queries):
    client = client_of(cast.coordinator)
    for count in (10, 50):
        for _ in range(count):
            work_item(cast.health, plan=cast.plan)
        with django_assert_max_num_queries(10):
            assert client.get("/api/work-items/").status_code == 200


# The verbs


def test_an_update_with_a_file_then_handing_in_then_confirming(cast: Cast, item: WorkItem):
    officer, coordinator = client_of(cast.health_officer), client_of(cast.coordinator)
    body = {"percent": 100, "words": "Đã ban hành.", "revision": item.revision, "dated_on": "2024-06-18"}
    answer = officer.post(
        f"/api/work-items/{item.pk}/updates/", body | {"files": [proof(), proof("anh.png")]}, format="multipart"
    )
    assert answer.status_code == 201, answer.json()
    assert [file["name"] for file in answer.json()["evidence"]] == ["bao-cao.pdf", "anh.png"]
    stored = officer.get(answer.json()["evidence"][0]["url"])
    assert b"".join(stored.streaming_content) == b"%PDF-1.7"
    assert officer.post(f"/api/work-items/{item.pk}/hand-in/").json()["state"] == "handed_in"
    assert coordinator.post(f"/api/work-items/{item.pk}/confirm/").json()["state"] == "completed"
    assert len(coordinator.get(f"/api/work-items/{item.pk}/updates/").json()) == 1


def test_sending_back_needs_a_reason(cast: Cast, item: WorkItem):
    item.record_update(by=cast.health_officer, on=today(), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=today())
    coordinator = client_of(cast.coordinator)
    refused = coordinator.post(f"/api/work-items/{item.pk}/send-back/", {})
    assert (refused.status_code, list(refused.json())) == (400, ["reason"])
    answer = coordinator.post(f"/api/work-items/{item.pk}/send-back/", {"reason": "Thiếu số liệu."})
    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")
    assert answer.json()["return_until"] is not None


def test_a_broken_rule_is_400_in_the_words_of_the_model(cast: Cast, item: WorkItem):
    answer = client_of(cast.health_officer).post(f"/api/work-items/{item.pk}/hand-in/")
    assert answer.status_code == 400
    assert answer.json() == ["Hãy cập nhật kết quả thực hiện trước khi báo hoàn thành."]


def test_an_old_revision_is_refused_and_nothing_is_written(cast: Cast, item: WorkItem):
    officer = client_of(cast.health_officer)
    body = {"percent": 10, "words": "Một.", "revision": item.revision}
    assert officer.post(f"/api/work-items/{item.pk}/updates/", body).status_code == 201
    again = officer.post(f"/api/work-items/{item.pk}/updates/", body | {"words": "Hai."})
    assert (again.status_code, "người khác xử lý" in again.json()[0]) == (400, True)
    assert Update.objects.count() == 1


def test_the_coordinator_does_not_update_for_an_agency(cast: Cast, item: WorkItem):
    answer = client_of(cast.coordinator).post(f"/api/work-items/{item.pk}/updates/", {"percent": 10, "words": "Hộ."})
    assert answer.status_code == 400
    assert WorkItem.objects.get(pk=item.pk).state == State.NOT_STARTED


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (lambda: proof(content=b""), "trống"),
        (lambda: proof("virus.exe"), "Không nhận tệp loại “.exe”"),
        (lambda: proof(content=b"x" * 2000), "vượt mức"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_in_words_and_nothing_is_saved(
    cast: Cast, item: WorkItem, settings, file, words
):
    settings.UPLOAD_LIMIT = 1000
    body = {"percent": 10, "words": "Một.", "files": [file()]}
    answer = client_of(cast.health_officer).post(f"/api/work-items/{item.pk}/updates/", body, format="multipart")
    assert answer.status_code == 400
    assert words in str(answer.json()["files"])
    assert not Update.objects.exists()


# Importing


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    """Let the sender wait for the proposal, however busy the machine is."""
    monkeypatch.setattr(requesting, "QUICK", None)


def test_a_plan_is_imported_by_the_api(cast: Cast):
    client = client_of(cast.coordinator)
    document = proof("90.md", small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    answer = client.post(
        "/api/imports/", {"document": document, "coordinating_agency": cast.home_affairs.pk}, format="multipart"
    )
    assert answer.status_code == 201, answer.json()
    draft = answer.json()
    head = {
        "number": "90/KH-UBND",
        "signed_on": "2024-03-20",
        "issuer": "UBND tỉnh Vĩnh Phúc",
        "title": "Kế hoạch",
        "year": 2024,
    }
    made = client.post(f"/api/imports/{draft['id']}/confirm/", head | {"revision": draft["revision"]}, format="json")
    assert (made.status_code, made.json()["status"]) == (201, "active")
    assert WorkItem.objects.filter(task__plan=made.json()["id"]).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("trong.docx", b"", "trống"),
        ("khac.exe", b"MZ", "Không nhận tệp loại"),
    ],
)
def test_a_document_that_can_be_no_plan_is_refused_in_words_and_nothing_is_saved(cast: Cast, name, content, words):
    body = {"document": proof(name, content), "coordinating_agency": cast.home_affairs.pk}
    answer = client_of(cast.coordinator).post("/api/imports/", body, format="multipart")
    assert answer.status_code == 400
    assert words in str(answer.json())
    assert not ImportDraft.objects.exists()


def test_a_document_that_cannot_be_read_says_why_and_can_be_read_again(cast: Cast):
    client = client_of(cast.coordinator)
    body = {"document": proof("hong.docx", b"PK\x03\x04hong"), "coordinating_agency": cast.home_affairs.pk}
    answer = client.post("/api/imports/", body, format="multipart")
    draft = answer.json()
    assert (answer.status_code, draft["state"], draft["fault_code"]) == (201, "failed", "damaged")
    assert "bị hỏng" in draft["fault"]
    again = client.post(f"/api/imports/{draft['id']}/read/").json()
    assert (again["state"], again["attempts"]) == ("failed", 1)


def test_a_long_document_is_read_by_a_worker_and_the_api_tells_how_far_it_is(cast: Cast, monkeypatch):
    monkeypatch.setattr(requesting, "QUICK", 0.0)
    monkeypatch.setattr(requesting, "ring", lambda pk: None)
    client = client_of(cast.coordinator)
    document = proof("90.md", small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    body = {"document": document, "coordinating_agency": cast.home_affairs.pk}
    sent = client.post("/api/imports/", body, format="multipart").json()
    assert (sent["state"], sent["stage"], sent["done"], sent["total"]) == ("reading", "waiting", 0, 0)
    read_drafts()
    read = client.get(f"/api/imports/{sent['id']}/").json()
    assert (read["state"], read["stage"], len(read["proposal"]["tasks"])) == ("open", "matching", 1)


def test_who_does_not_coordinate_imports_nothing(cast: Cast):
    document = proof("90.md", small_plan(("Rà soát", "Sở Y tế", "Quý II")))
    body = {"document": document, "coordinating_agency": cast.home_affairs.pk}
    answer = client_of(cast.health_officer).post("/api/imports/", body, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, ["coordinating_agency"])
    assert not ImportDraft.objects.exists()
    assert Plan.objects.count() == 1


# The schema


def test_the_schema_is_made_without_a_warning(db: None):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=(out := io.StringIO()))
    assert "/api/work-items/{id}/hand-in/" in out.getvalue()


def test_the_page_of_the_schema_asks_no_other_host_and_no_inline_script(cast: Cast):
    client = APIClient()
    client.force_login(cast.health_officer)
    page = client.get("/api/docs/").content.decode()
    assert "//cdn" not in page
    assert "<script>" not in page
    assert "http://" not in page.replace("http://testserver", "")
