"""The extension desk and the obstacle desk as people use them: pages, export, homes and API."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from rest_framework.test import APIClient

from agencies.models import Membership, User
from plans.models import Extension, Obstacle, Plan, WorkItem
from plans.models.extension_rules import EXTENSION_TAKEN, OF_THE_PERIOD, ExtensionState
from plans.models.obstacle_rules import OBSTACLE_TAKEN, ObstacleState
from tests.cast import Cast
from tests.factories import TaskFactory, person, work_item
from workdays.clock import today


def browser(user: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def api(user: User) -> APIClient:
    """Return a client of the API."""
    client = APIClient()
    client.force_login(user)
    return client


def said(answer) -> list[str]:
    """Return what the page told the person."""
    return [str(message) for message in answer.context["messages"]]


def due_item(cast: Cast, agency=None, days: int = 6, **details) -> WorkItem:
    """Return an open item that is due in some days."""
    return work_item(
        agency or cast.health, plan=details.pop("plan", cast.plan), due=today() + timedelta(days), **details
    )


def written(day: date) -> str:
    """Return the day as people type it."""
    return f"{day:%d/%m/%Y}"


def asked(
    cast: Cast, item: WorkItem | None = None, *, days_ago: int = 0, by=None, reason="Chờ hướng dẫn."
) -> Extension:
    """Return a request asked some days ago."""
    item, on = item or due_item(cast), today() - timedelta(days_ago)
    return Extension.ask(item, by=by or cast.health_officer, on=on, until=today() + timedelta(30), reason=reason)


def put(cast: Cast, item: WorkItem | None = None, *, days_ago: int = 0, by=None, **details) -> Obstacle:
    """Return an obstacle of Sở Y tế raised some days ago."""
    item, on = item or due_item(cast), today() - timedelta(days_ago)
    details = {"words": "Phần mềm chưa kết nối.", "proposal": "Đề nghị bố trí kết nối."} | details
    return Obstacle.put(by=by or cast.health_officer, on=on, agency=item.agency, task=item.task, item=item, **details)


def rows(answer) -> list:
    """Return the rows of a list page."""
    return [row[0] for row in answer.context["rows"]]


# Asking, from the item's page


def test_the_officer_asks_from_the_items_page_and_the_item_says_so(cast: Cast):
    item, client = due_item(cast), browser(cast.health_officer)
    assert reverse("extension-ask", args=[item.pk]) in client.get(item.get_absolute_url()).content.decode()
    until = today() + timedelta(20)
    body = {"until": written(until), "reason": "Chờ Bộ Y tế.", "file": SimpleUploadedFile("cv.pdf", b"%PDF")}
    answer = client.post(reverse("extension-ask", args=[item.pk]), body, follow=True)
    assert said(answer) == ["Đã gửi đề nghị gia hạn đến Sở Nội vụ."]
    assert Extension.objects.get().asked_until == until
    page = client.get(item.get_absolute_url()).content.decode()
    assert f"đang xin gia hạn đến {written(until)}" in page
    assert reverse("extension-ask", args=[item.pk]) not in page


@pytest.mark.parametrize(("body", "words"), [
    ({"until": "", "reason": "x"}, "until"), ({"until": "31/12/2999", "reason": ""}, "reason"),
])  # fmt: skip
def test_what_is_missing_is_said_at_the_field_and_nothing_is_sent(cast: Cast, body: dict, words: str):
    answer = browser(cast.health_officer).post(reverse("extension-ask", args=[due_item(cast).pk]), body)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors
    assert not Extension.objects.exists()


def test_a_day_that_is_not_later_is_refused_at_its_field_and_the_reason_stays(cast: Cast):
    item = due_item(cast)
    body = {"until": written(item.due_date), "reason": "Lý do dài của tôi."}
    answer = browser(cast.health_officer).post(reverse("extension-ask", args=[item.pk]), body)
    assert "until" in answer.context["form"].errors
    assert "Lý do dài của tôi." in answer.content.decode()


def test_a_report_task_says_where_its_day_is_changed(cast: Cast):
    task = TaskFactory(plan=cast.plan, is_report=True)
    item = work_item(cast.health, task=task, due=today() + timedelta(9))
    page = browser(cast.health_officer).get(reverse("extension-ask", args=[item.pk])).content.decode()
    assert OF_THE_PERIOD in page
    assert "Gửi đề nghị" not in page


def test_an_item_with_an_open_request_leads_to_it_instead_of_asking_twice(cast: Cast):
    extension = asked(cast)
    page = browser(cast.health_leader).get(reverse("extension-ask", args=[extension.item_id])).content.decode()
    assert extension.get_absolute_url() in page
    assert "Gửi đề nghị" not in page


def test_only_those_who_write_for_the_agency_find_the_form(cast: Cast):
    item = due_item(cast)
    for who in (cast.coordinator, cast.viewer, cast.justice_officer, cast.stranger):
        for name in ("extension-ask", "obstacle-put"):
            assert browser(who).get(reverse(name, args=[item.pk])).status_code == 404


# Deciding


def decide(user: User, extension: Extension, **body):
    """Send a decision."""
    return browser(user).post(reverse("extension-decide", args=[extension.pk]), body, follow=True)


def test_the_coordinator_grants_it_and_the_item_has_its_new_day(cast: Cast):
    extension = asked(cast)
    answer = decide(cast.coordinator, extension, decision="approve", words="")
    assert said(answer) == ["Đã gia hạn; hạn của đầu việc đã đổi."]
    assert WorkItem.objects.get(pk=extension.item_id).due_date == extension.asked_until
    page = browser(cast.health_officer).get(extension.item.get_absolute_url()).content.decode()
    assert "đã gia hạn 1 lần" in page
    assert f"Từ {written(extension.due_date)} đến {written(extension.asked_until)}" in page


def test_a_refusal_without_a_reason_comes_back_with_the_form(cast: Cast):
    extension = asked(cast)
    answer = decide(cast.coordinator, extension, decision="refuse", words=" ")
    assert answer.status_code == 422
    assert answer.context["decision_form"].errors["words"] == ["Hãy ghi lý do không đồng ý."]
    assert Extension.objects.get().state == ExtensionState.ASKED


def test_another_day_is_offered_and_the_asker_takes_it_on_the_page(cast: Cast):
    extension, until = asked(cast), today() + timedelta(15)
    decide(cast.coordinator, extension, decision="offer", until=written(until), words="Phải kịp báo cáo.")
    page = browser(cast.health_officer).get(extension.get_absolute_url())
    assert "answer_form" in page.context
    assert "answer_form" not in browser(cast.coordinator).get(extension.get_absolute_url()).context
    url = reverse("extension-answer", args=[extension.pk])
    answer = browser(cast.health_officer).post(url, {"decision": "accept"}, follow=True)
    assert said(answer) == ["Đã nhận ngày được đề xuất; hạn của đầu việc đã đổi."]
    assert WorkItem.objects.get(pk=extension.item_id).due_date == until


def test_an_offer_needs_its_day(cast: Cast):
    answer = decide(cast.coordinator, asked(cast), decision="offer", words="Sớm hơn.")
    assert answer.context["decision_form"].errors["until"] == ["Hãy ghi ngày đề xuất."]


def test_what_was_forwarded_takes_the_superiors_document_with_the_decision(cast: Cast):
    extension = asked(cast)
    decide(cast.coordinator, extension, decision="forward", words="Trình UBND tỉnh, Tờ trình số 40/TTr-SNV.")
    answer = decide(cast.coordinator, extension, decision="approve")
    assert "document_number" in answer.context["decision_form"].errors
    answer = decide(cast.coordinator, extension, decision="approve", document_number="512/UBND-NC")
    assert set(answer.context["decision_form"].errors) == {"document_date", "document_issuer"}
    paper = {"document_number": "512/UBND-NC", "document_date": written(today()), "document_issuer": "UBND tỉnh"}
    answer = decide(cast.coordinator, extension, decision="approve", **paper)
    assert Extension.objects.get().document.number == "512/UBND-NC"
    assert "512/UBND-NC" in answer.content.decode()


def test_who_may_not_decide_sees_no_form_and_is_told_no(cast: Cast):
    extension = asked(cast)
    for who in (cast.health_officer, cast.viewer):
        assert "decision_form" not in browser(who).get(extension.get_absolute_url()).context
        assert "không được quyết định đề nghị này" in said(decide(who, extension, decision="approve"))[0]
    assert Extension.objects.get().state == ExtensionState.ASKED


def test_the_second_of_two_coordinators_is_told_that_it_is_decided(cast: Cast):
    extension, other = asked(cast), person(cast.home_affairs, Membership.Role.COORDINATOR)
    decide(cast.coordinator, extension, decision="approve")
    answer = decide(other, extension, decision="refuse", words="Không đồng ý.")
    assert said(answer) == [EXTENSION_TAKEN]
    assert Extension.objects.get().events.count() == 2


def test_the_asker_withdraws_on_the_page(cast: Cast):
    extension = asked(cast)
    url = reverse("extension-withdraw", args=[extension.pk])
    assert said(browser(cast.coordinator).post(url, follow=True)) == ["Chỉ cơ quan đề nghị được rút đề nghị."]
    assert said(browser(cast.health_officer).post(url, follow=True)) == ["Đã rút đề nghị gia hạn."]


def test_the_third_extension_is_flagged_in_list_and_page(cast: Cast):
    extension = asked(cast)
    Extension.objects.update(ordinal=3)
    client = browser(cast.coordinator)
    assert "lần thứ 3" in client.get(reverse("extension-list")).content.decode()
    assert "lần gia hạn thứ 3" in client.get(extension.get_absolute_url()).content.decode()


# Obstacles


def test_an_obstacle_is_raised_on_an_item_and_answered_and_closed(cast: Cast):
    item, officer = due_item(cast), browser(cast.health_officer)
    form = officer.get(reverse("obstacle-put", args=[item.pk])).context["form"]
    assert form["addressee"].value() == cast.home_affairs.pk
    body = {"agency": cast.health.pk, "words": "Thiếu kinh phí.", "cause": "", "proposal": "Đề nghị cấp bổ sung.",
            "addressee": cast.justice.pk}  # fmt: skip
    answer = officer.post(reverse("obstacle-put", args=[item.pk]), body, follow=True)
    assert said(answer) == ["Đã gửi vướng mắc, kiến nghị đến Sở Tư pháp."]
    obstacle = Obstacle.objects.get()
    assert (obstacle.item, obstacle.task, obstacle.agency) == (item, item.task, cast.health)
    justice = browser(cast.justice_officer)
    page = justice.get(obstacle.get_absolute_url())
    assert item.get_absolute_url() not in page.content.decode()
    body = {"decision": "answer", "words": "Đã bố trí.", "revision": obstacle.revision}
    assert said(justice.post(reverse("obstacle-answer", args=[obstacle.pk]), body, follow=True)) == ["Đã gửi trả lời."]
    assert "Đã bố trí." in officer.get(obstacle.get_absolute_url()).content.decode()
    body = {"decision": "settle", "words": "", "revision": obstacle.revision + 1}
    assert said(officer.post(reverse("obstacle-end", args=[obstacle.pk]), body, follow=True)) == [
        "Đã kết thúc vướng mắc."
    ]
    assert obstacle.short_words in officer.get(item.get_absolute_url()).content.decode()


def test_it_is_passed_on_to_another_agency_on_the_page(cast: Cast):
    obstacle, client = put(cast), browser(cast.coordinator)
    url = reverse("obstacle-answer", args=[obstacle.pk])
    body = {"decision": "forward", "words": "Thuộc Sở Tư pháp.", "revision": 1}
    assert client.post(url, body).context["answer_form"].errors["to"] == ["Hãy chọn cơ quan nhận."]
    assert said(client.post(url, body | {"to": cast.justice.pk}, follow=True)) == ["Đã chuyển đến Sở Tư pháp."]
    assert Obstacle.objects.get().addressee == cast.justice


def test_an_answer_from_an_old_page_is_kept_on_the_page_and_can_be_sent_again(cast: Cast):
    obstacle, client = put(cast), browser(cast.coordinator)
    obstacle.answer_it(by=cast.coordinator, on=today(), words="Lần một.")
    obstacle.reopen(by=cast.health_officer, on=today(), words="Chưa đủ.")
    body = {"decision": "answer", "words": "Viết từ trang cũ.", "revision": 1}
    url = reverse("obstacle-answer", args=[obstacle.pk])
    answer = client.post(url, body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert OBSTACLE_TAKEN in page
    assert "Viết từ trang cũ." in page
    again = body | {"revision": answer.context["answer_form"]["revision"].value()}
    assert said(client.post(url, again, follow=True)) == ["Đã gửi trả lời."]
    assert Obstacle.objects.get().answer == "Viết từ trang cũ."


def test_an_agency_that_only_coordinates_raises_it_on_the_task(cast: Cast):
    task = TaskFactory(plan=cast.plan)
    task.assignments.create(agency=cast.justice, role="coordinate")
    client, url = browser(cast.justice_officer), reverse("obstacle-put-on-task", args=[task.pk])
    assert url in client.get(task.get_absolute_url()).content.decode()
    body = {"agency": cast.justice.pk, "words": "Thiếu dữ liệu.", "proposal": "Đề nghị cung cấp.",
            "addressee": cast.health.pk}  # fmt: skip
    client.post(url, body)
    assert Obstacle.objects.get().item is None
    assert browser(cast.health_officer).get(url).status_code == 404


def test_the_file_of_a_request_is_for_those_who_see_the_request(cast: Cast):
    item = due_item(cast)
    body = {"until": written(today() + timedelta(20)), "reason": "x", "file": SimpleUploadedFile("cv.pdf", b"%PDF")}
    browser(cast.health_officer).post(reverse("extension-ask", args=[item.pk]), body)
    url = reverse("extension-file", args=[Extension.objects.get().pk])
    answer = browser(cast.coordinator).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert browser(cast.justice_officer).get(url).status_code == 404


# Lists


def test_the_list_opens_on_what_waits_for_the_person(cast: Cast):
    extension = asked(cast)
    answer = browser(cast.coordinator).get(reverse("extension-list"))
    assert (answer.context["tab"], rows(answer)) == ("mine", [extension])
    answer = browser(cast.health_officer).get(reverse("extension-list"))
    assert (answer.context["tab"], rows(answer)) == ("agency", [extension])
    answer = browser(cast.viewer).get(reverse("extension-list"))
    assert (answer.context["tab"], rows(answer)) == ("all", [extension])
    assert rows(browser(cast.justice_officer).get(reverse("extension-list"), {"tab": "all"})) == []


def test_waiting_48_hours_is_a_filter_and_a_mark(cast: Cast):
    old, new = asked(cast, days_ago=2), asked(cast, days_ago=1)
    answer = browser(cast.coordinator).get(reverse("extension-list"), {"waiting": "48h"})
    assert rows(answer) == [old]
    assert [row[1:] for row in answer.context["rows"]] == [(2, 2, True)]
    assert new not in rows(answer)
    late, fresh = put(cast, days_ago=5), put(cast, days_ago=1)
    answer = browser(cast.coordinator).get(reverse("obstacle-list"), {"waiting": "48h", "tab": "all"})
    assert rows(answer) == [late]
    assert fresh not in rows(answer)


@pytest.mark.parametrize("words", ["cho huong dan", "CHỜ HƯỚNG DẪN", "so y te", "ra soat"])
def test_requests_are_searched_without_diacritics(cast: Cast, words: str):
    extension = asked(cast, due_item(cast), reason="Chờ hướng dẫn của Bộ.")
    other = asked(cast, work_item(cast.justice, task=TaskFactory(plan=cast.plan, text="Tuyên truyền"),
                                  due=today() + timedelta(5)), by=cast.justice_officer, reason="Khác.")  # fmt: skip
    found = rows(browser(cast.coordinator).get(reverse("extension-list"), {"q": words, "tab": "all"}))
    assert found == [extension]
    assert other not in found


def test_obstacles_are_searched_filtered_and_sorted(cast: Cast):
    one = put(cast, words="Thiếu kinh phí")
    two = put(
        cast, due_item(cast, cast.justice), by=cast.justice_officer, words="Chậm cấp tài khoản", addressee=cast.health
    )
    client, url = browser(cast.coordinator), reverse("obstacle-list")
    assert rows(client.get(url, {"q": "kinh phi", "tab": "all"})) == [one]
    assert rows(client.get(url, {"addressee": cast.health.pk, "tab": "all"})) == [two]
    assert rows(client.get(url, {"agency": cast.justice.pk, "tab": "all"})) == [two]
    assert rows(client.get(url, {"state": "answered", "tab": "all"})) == []
    assert rows(client.get(url, {"tab": "all", "sort": "agency"})) == [two, one]
    assert rows(client.get(url, {"tab": "all", "sort": "-agency"})) == [one, two]


def test_the_tab_stays_when_the_list_is_filtered(cast: Cast):
    asked(cast)
    page = browser(cast.coordinator).get(reverse("extension-list"), {"tab": "all", "q": "x"}).content.decode()
    assert '<input type="hidden" name="tab" value="all">' in page
    assert "?tab=mine&amp;q=x" in page


def test_a_filter_nobody_understands_does_not_break_the_pages(cast: Cast):
    asked(cast)
    for name in ("extension-list", "obstacle-list"):
        asked_for = {"tab": "x", "plan": "x", "agency": "y", "sort": "z", "page": "u", "waiting": "v", "item": "w"}
        assert browser(cast.coordinator).get(reverse(name), asked_for).status_code == 200


def test_requests_of_closed_plans_are_off_the_desk(cast: Cast):
    asked(cast)
    put(cast)
    Plan.objects.filter(pk=cast.plan.pk).update(status=Plan.Status.CLOSED)
    for name in ("extension-list", "obstacle-list"):
        assert rows(browser(cast.coordinator).get(reverse(name), {"tab": "all"})) == []


def test_the_export_is_what_is_shown(cast: Cast, tmp_path):
    asked(cast, reason="=1+1", days_ago=3)
    asked(cast, due_item(cast, cast.justice), by=cast.justice_officer)
    put(cast, words="Thiếu kinh phí")
    client = browser(cast.coordinator)
    answer = client.get(reverse("extension-list"), {"export": "xlsx", "tab": "all", "agency": cast.health.pk})
    (tmp_path / "a.xlsx").write_bytes(answer.content)
    found = list(load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2))
    assert len(found) == 1
    assert (found[0][1].value, found[0][7].value, found[0][7].data_type) == ("Sở Y tế", "=1+1", "s")
    assert (found[0][8].value.date(), found[0][12].value, found[0][13].value) == (today() - timedelta(3), 3, "có")
    answer = client.get(reverse("obstacle-list"), {"export": "xlsx", "tab": "all"})
    (tmp_path / "b.xlsx").write_bytes(answer.content)
    found = list(load_workbook(tmp_path / "b.xlsx").active.iter_rows(min_row=2, values_only=True))
    assert [row[4] for row in found] == ["Thiếu kinh phí"]


@pytest.mark.parametrize(("name", "make"), [("extension-list", asked), ("obstacle-list", put)])
@pytest.mark.parametrize("export", ["", "xlsx"])
def test_a_list_of_thirty_asks_no_more_of_the_database_than_a_list_of_two(cast: Cast, name: str, make, export: str):
    client, counts = browser(cast.coordinator), []
    for more in (2, 28):
        for _ in range(more):
            make(cast)
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(name), {"tab": "all", "export": export})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_the_page_of_an_item_asks_a_fixed_number_of_questions(cast: Cast):
    item, client, counts = due_item(cast), browser(cast.health_officer), []
    for _ in range(2):
        for _ in range(4):
            put(cast, item)
        client.get(item.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(item.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


# Homes


def test_the_coordinators_home_says_how_many_decisions_wait(cast: Cast):
    asked(cast, days_ago=4)
    put(cast, days_ago=1)
    page = browser(cast.coordinator).get(reverse("home")).content.decode()
    assert "Chờ quyết định của tôi" in page
    assert "1 đề nghị gia hạn chờ xử lý" in page
    assert "trong đó 1 đã chờ từ 48 giờ" in page
    assert "1 vướng mắc chờ trả lời" in page


def test_the_agencys_home_shows_the_answers_to_what_it_asked(cast: Cast):
    client = browser(cast.health_officer)
    assert "Trả lời cho đề nghị của tôi" not in client.get(reverse("home")).content.decode()
    extension, obstacle = asked(cast), put(cast)
    extension.approve(by=cast.coordinator, on=today())
    obstacle.answer_it(by=cast.coordinator, on=today(), words="Đã bố trí.")
    page = client.get(reverse("home")).content.decode()
    assert extension.get_absolute_url() in page
    assert obstacle.get_absolute_url() in page
    Extension.objects.update(decided_on=today() - timedelta(8))
    assert extension.get_absolute_url() not in client.get(reverse("home")).content.decode()


# API


def test_the_api_takes_a_request_through_all_its_steps(cast: Cast):
    item, until = due_item(cast), today() + timedelta(20)
    body = {"item": item.pk, "until": until.isoformat(), "reason": "Chờ Bộ Y tế."}
    made = api(cast.health_officer).post(reverse("api-extension-list"), body, format="json")
    assert (made.status_code, made.json()["state"], made.json()["ordinal"]) == (201, "asked", 1)
    pk = made.json()["id"]
    again = api(cast.health_officer).post(reverse("api-extension-list"), body, format="json")
    assert (again.status_code, Extension.objects.count()) == (400, 1)
    sooner = (until - timedelta(5)).isoformat()
    offer = reverse("api-extension-offer", args=[pk])
    assert api(cast.health_officer).post(offer, {"until": sooner, "words": "x"}, format="json").status_code == 400
    assert api(cast.coordinator).post(offer, {"until": sooner, "words": "Sớm hơn."}, format="json").status_code == 200
    taken = api(cast.health_officer).post(reverse("api-extension-accept-offer", args=[pk]))
    assert (taken.json()["state"], taken.json()["granted_until"]) == ("approved", sooner)
    events = api(cast.health_officer).get(reverse("api-extension-events", args=[pk])).json()
    assert [event["kind"] for event in events] == ["asked", "offered", "accepted"]
    assert WorkItem.objects.get(pk=item.pk).due_date.isoformat() == sooner


def test_the_api_records_the_superiors_document(cast: Cast):
    extension = asked(cast)
    client = api(cast.coordinator)
    client.post(reverse("api-extension-forward", args=[extension.pk]), {"words": "Trình UBND tỉnh."}, format="json")
    url = reverse("api-extension-approve", args=[extension.pk])
    assert "document" in client.post(url, {}, format="json").json()
    paper = {"number": "512/UBND-NC", "dated_on": today().isoformat(), "issuer": "UBND tỉnh"}
    answer = client.post(url, {"document": paper}, format="json")
    assert (answer.json()["state"], answer.json()["document_number"]) == ("approved", "512/UBND-NC")


def test_the_api_takes_an_obstacle_through_all_its_steps(cast: Cast):
    item = due_item(cast)
    body = {"item": item.pk, "words": "Thiếu kinh phí.", "proposal": "Đề nghị cấp.", "addressee": cast.justice.pk}
    made = api(cast.health_officer).post(reverse("api-obstacle-list"), body, format="json")
    assert (made.status_code, made.json()["state"], made.json()["agency"]) == (201, "open", cast.health.pk)
    pk = made.json()["id"]
    answer = reverse("api-obstacle-answer", args=[pk])
    assert api(cast.health_officer).post(answer, {"words": "Tự trả lời."}, format="json").status_code == 400
    stale = {"words": "Từ trang cũ.", "revision": 9}
    assert api(cast.justice_officer).post(answer, stale, format="json").status_code == 400
    assert api(cast.justice_officer).post(answer, {"words": "Đã cấp."}, format="json").json()["state"] == "answered"
    reopen, settle = reverse("api-obstacle-reopen", args=[pk]), reverse("api-obstacle-settle", args=[pk])
    assert api(cast.health_officer).post(reopen, {"words": "Chưa đủ."}, format="json").json()["state"] == "open"
    forward = reverse("api-obstacle-forward", args=[pk])
    moved = api(cast.justice_officer).post(
        forward, {"to": cast.home_affairs.pk, "reason": "Vượt quyền."}, format="json"
    )
    assert moved.json()["addressee"] == cast.home_affairs.pk
    closed = api(cast.health_officer).post(settle, {"words": "Đã tự khắc phục."}, format="json")
    assert (closed.json()["state"], Obstacle.objects.get().state) == ("settled", ObstacleState.SETTLED)
    events = api(cast.viewer).get(reverse("api-obstacle-events", args=[pk])).json()
    assert [event["kind"] for event in events] == ["raised", "answered", "reopened", "forwarded", "settled"]


def test_the_api_knows_no_item_of_others(cast: Cast):
    item = due_item(cast)
    body = {"item": item.pk, "until": (today() + timedelta(20)).isoformat(), "reason": "x"}
    for who in (cast.justice_officer, cast.stranger):
        answer = api(who).post(reverse("api-extension-list"), body, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["item"])
    assert not Extension.objects.exists()
