"""The page of a review: what it shows, its forms with and without htmx, two people, no more questions for more rows."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership
from plans.importing import mending
from plans.importing.mending_head import change_head, head_revision
from plans.models import DraftRow, ImportDraft, Plan
from tests.cast import Cast
from tests.factories import AgencyGroupFactory, MembershipFactory
from tests.plans.test_saving import row, started

HTMX = {"hx-request": "true"}
OPEN, ACCEPTED, DROPPED = DraftRow.State.OPEN, DraftRow.State.ACCEPTED, DraftRow.State.DROPPED


@pytest.fixture
def client(cast: Cast) -> Client:
    """Return the coordinator's browser."""
    return browser(cast.coordinator)


@pytest.fixture
def colleague(cast: Cast):
    """Return a colleague who coordinates the same plans."""
    person = MembershipFactory(agency=cast.home_affairs, role=Membership.Role.COORDINATOR).user
    person.full_name = "Trần Thị Bình"
    person.save()
    return person


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(one: DraftRow) -> str:
    return reverse("import-row", args=[one.pk])


def page_of(client: Client, draft: ImportDraft, **query) -> str:
    return client.get(draft.get_absolute_url(), query).content.decode()


def typed(one: DraftRow, **details) -> dict:
    """Return what the open form of a row sends, with some fields typed otherwise."""
    task = one.task
    fields = {
        "do": "save", "editor": "1", "revision": one.revision, "no": task["no"], "text": task["text"],
        "heading": " › ".join(task["heading_path"]), "product": task["product"], "time_text": task["time_text"],
        "time": "words", "days": "", "completes": "each", "agencies_text": task["agencies_text"],
        "coordinating_text": task["coordinating_text"], "agency": [one["agency_or_group"] for one in task["assignments"]],
        "role": [one["role"] for one in task["assignments"]], "except": ["" for _ in task["assignments"]],
    }  # fmt: skip
    was = {f"was_{name}": fields[name] for name in ("no", "heading", "text", "product", "time_text")}
    was |= {f"was_{name}": fields[name] for name in ("agencies_text", "coordinating_text")}
    lines = zip(fields["agency"], fields["role"], fields["except"], strict=True)
    was |= {"was_time": "words  ", "was_entries": "\n".join("|".join(line) for line in lines)}
    return fields | was | details


# What is shown


def test_an_officer_lands_on_what_needs_a_look_and_on_everything_when_nothing_does(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Hàng không", "Quý II"))
    answer = client.get(draft.get_absolute_url())
    assert [shown.row.position for shown in answer.context["page_obj"]] == [2]
    mending.name_agency(draft, "Sở Hàng không", cast.health, by=cast.coordinator)
    answer = client.get(draft.get_absolute_url())
    assert answer.context["only"] == "tat-ca"
    assert len(answer.context["page_obj"]) == 2


def test_filters_count_and_find_rows_without_diacritics_and_by_heading(client: Client, cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "Quý II") for n in range(3)], ("Rà soát", "Sở Tư pháp", "Quý III"))
    first, _, third, _ = draft.rows.all()
    mending.drop_row(first, by=cast.coordinator, revision=1, dropped=True)
    mending.accept_row(third, by=cast.coordinator, revision=1)
    for one in draft.rows.filter(position__gte=3):
        one.task["heading_path"] = ["I. Chung", f"{one.position}. Riêng"]
        one.save()

    def shown(**query) -> list[int]:
        return [one.row.position for one in client.get(draft.get_absolute_url(), query).context["page_obj"]]

    assert client.get(draft.get_absolute_url()).context["review"].counts == {
        "tat-ca": 4, "can-xem": 0, "chua-duyet": 2, "da-bo": 1, "ngoai-bang": 0,
    }  # fmt: skip
    assert shown(loc="da-bo") == [1]
    assert shown(loc="chua-duyet") == [2, 4]
    assert shown(q="ra soat") == [4]
    assert shown(q="so tu phap") == [4]
    headings = client.get(draft.get_absolute_url()).context["review"].headings
    assert [(one["title"], one["count"]) for one in headings] == [("I. Chung", 2), ("3. Riêng", 1), ("4. Riêng", 1)]
    assert shown(loc="tat-ca", muc=headings[0]["key"]) == [3, 4]
    assert shown(loc="tat-ca", muc=headings[2]["key"]) == [4]


def test_a_plan_of_many_rows_is_paged_and_one_row_is_found_on_its_page(client: Client, cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "Quý II") for n in range(1, 121)])
    last = row(draft, 120)
    answer = client.get(draft.get_absolute_url(), {"dong": last.pk})
    assert [one.row.position for one in answer.context["page_obj"]] == list(range(101, 121))
    assert f'id="dong-{last.pk}"' in answer.content.decode()


def test_the_page_asks_no_more_for_more_rows(client: Client, cast: Cast, django_assert_max_num_queries):
    for number, count in ((91, 3), (92, 120)):
        rows = [(f"Việc {n}", "Sở Hàng không; Sở Y tế", "Quý IV/2023") for n in range(count)]
        draft = started(cast, *rows, number=number)
        client.get(draft.get_absolute_url())
        with django_assert_max_num_queries(18):
            client.get(draft.get_absolute_url())
        one = row(draft, 1)
        with django_assert_max_num_queries(26):
            client.post(at(one), {"do": "accept", "revision": 1}, headers=HTMX)


def test_what_differs_from_the_document_is_marked_and_can_be_taken_back(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    one = row(draft, 1)
    client.post(at(one), typed(one, text="Rà soát lại", time_text="Quý III"))
    shown = page_of(client, draft)
    assert "đã sửa: nội dung, thời gian" in shown
    assert "Trả về như văn bản" in shown
    client.post(at(one), {"do": "revert", "revision": row(draft, 1).revision})
    assert row(draft, 1).task == one.source


# One row, with and without htmx


def test_a_row_opens_for_mending_as_a_part_and_as_a_page_of_its_own(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    one = row(draft, 1)
    part = client.get(at(one), headers=HTMX).content.decode()
    assert part.lstrip().startswith("<article")
    assert 'name="time_text" value="Quý II"' in part
    alone = client.get(at(one)).content.decode()
    assert "<html" in alone
    assert "Sửa dòng 1" in alone
    assert "data-editor" not in client.get(at(one), {"xem": ""}, headers=HTMX).content.decode()


def test_everything_of_a_row_is_mended_in_one_form(client: Client, cast: Cast):
    AgencyGroupFactory(province=cast.province, name="Các sở, ban, ngành")
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    one = row(draft, 1)
    details = {
        "no": "7", "heading": "I. Chung > 1. Riêng", "text": "Rà soát\r\nlần hai", "product": "Báo cáo", "time": "hand",
        "days": "15/5/2024; 20.08.2024", "completes": "final", "is_report": "on",
        "agency": ["so tu phap", "Các sở, ban, ngành", ""], "role": ["coordinate", "implement", "lead"],
        "except": ["", "Sở Y tế", ""],
    }  # fmt: skip
    answer = client.post(at(one), typed(one, **details), headers=HTMX)
    assert "Đã lưu dòng 1: đã chấp nhận." in answer.content.decode()
    task = row(draft, 1).task
    assert (task["no"], task["heading_path"], task["text"]) == ("7", ["I. Chung", "1. Riêng"], "Rà soát\nlần hai")
    assert (task["product"], task["is_report"]) == ("Báo cáo", True)
    assert (task["deadline"]["due_dates"], task["deadline"]["completes"]) == (["2024-05-15", "2024-08-20"], "final")
    entries = [(one["agency_or_group"], one["role"], one["group"], one["excluded"]) for one in task["assignments"]]
    assert entries == [
        ("Sở Tư pháp", "coordinate", False, []),
        ("Các sở, ban, ngành", "implement", True, ["Sở Y tế"]),
    ]


def test_saving_without_a_change_changes_nothing_of_the_task(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế (chủ trì); Sở Tư pháp", "Quý II đến Quý IV"))
    one = row(draft, 1)
    client.post(at(one), typed(one))
    assert row(draft, 1).task == one.task
    assert row(draft, 1).state == ACCEPTED


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("", "ít nhất một ngày"), ("31/6/2024", "Không có ngày 31/6/2024"), ("30/6/2204", "quá xa năm của kế hoạch"),
        ("cuối tháng", "ngày/tháng/năm"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_refused_in_words_and_what_was_typed_stays(client: Client, cast: Cast, days, words):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    one = row(draft, 1)
    page = client.post(at(one), typed(one, text="Rà soát kỹ", time="hand", days=days), headers=HTMX).content.decode()
    assert words in page
    assert "Rà soát kỹ" in page
    assert row(draft, 1).task == one.task
    assert client.post(at(one), typed(one, time="hand", days=days)).status_code == 422


def test_a_reading_is_chosen_with_one_click(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý IV/2023"))
    one = row(draft, 1)
    assert "Chọn cách hiểu thời hạn" in page_of(client, draft)
    client.post(at(one), {"do": "reading:1", "revision": one.revision})
    chosen = row(draft, 1).task["deadline"]
    assert chosen["due_dates"] == chosen["readings"][1]["due_dates"]
    assert chosen["settled"]["by"] == cast.coordinator.pk


@pytest.mark.parametrize("htmx", [True, False])
def test_each_button_of_a_row_works_with_and_without_htmx(client: Client, cast: Cast, htmx: bool):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý III"))
    headers = HTMX if htmx else {}

    def press(do: str, position: int) -> str:
        one = row(draft, position)
        answer = client.post(at(one), {"do": do, "revision": one.revision, "ve": "loc=tat-ca&evil=1"}, headers=headers)
        if not htmx:
            assert answer.headers["Location"].startswith(f"{draft.get_absolute_url()}?loc=tat-ca#dong-")
        return row(draft, position).state

    assert press("accept", 1) == ACCEPTED
    assert press("reopen", 1) == OPEN
    assert press("drop", 1) == DROPPED
    assert press("restore", 1) == OPEN
    press("join-down", 1)
    assert row(draft, 1).task["text"] == "Rà soát\nKiểm tra"
    press(f"split:{len('Rà soát') + 1}", 1)
    assert [one.task["text"] for one in draft.rows.exclude(state=DROPPED)] == ["Rà soát", "Kiểm tra"]
    press("join-up", 2)
    assert row(draft, 1).task["text"] == "Rà soát\nKiểm tra"
    assert press("no such thing", 1) == OPEN


def test_a_row_added_by_hand_is_opened(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    answer = client.post(reverse("import-add", args=[draft.pk]), {"after": row(draft, 1).pk})
    new = row(draft, 2)
    assert answer.headers["Location"] == at(new)
    part = client.post(reverse("import-add", args=[draft.pk]), {}, headers=HTMX)
    assert json.loads(part.headers["HX-Trigger-After-Settle"]) == {"import-focus": {"row": row(draft, 3).pk}}


# Names


def test_an_unknown_name_shows_candidates_to_click_and_a_typed_name_works_too(client: Client, cast: Cast):
    draft = started(cast, ("Việc", "Sở Hàng không", "Quý II"), ("Khác", "Sở Hàng không", "Quý III"))
    for one in draft.rows.all():
        one.task["assignments"][0]["candidates"] = ["Sở Tư pháp", "Sở Không có"]
        one.save()
    page = page_of(client, draft)
    assert "Đúng là Sở Tư pháp" in page
    assert "Đúng là Sở Không có" not in page, "only what the register of the day holds"
    assert "Chọn một lần cho cả 2 dòng" in page
    one = row(draft, 1)
    body = {"do": "name", "words": "Sở Hàng không", "official": "so y te", "revision": one.revision}
    client.post(at(one), body)
    assert {one.task["assignments"][0]["agency_or_group"] for one in draft.rows.all()} == {"Sở Y tế"}
    cast.health.refresh_from_db()
    assert cast.health.aliases == []
    refused = client.post(at(one), body | {"official": "Sở Lạ"}, headers=HTMX).content.decode()
    assert "Danh bạ ngày ban hành không có “Sở Lạ”" in refused


def test_a_missing_agency_is_added_from_the_page(client: Client, cast: Cast):
    draft = started(cast, ("Việc", "Sở Hàng không", "Quý II"))
    address = reverse("import-agency", args=[row(draft, 1).pk])
    assert 'value="Sở Hàng không"' in client.get(address, {"words": "Sở Hàng không"}).content.decode()
    body = {"words": "Sở Hàng không", "name": "Sở Hàng không", "kind": "department", "parent": cast.committee.pk}
    client.post(address, body)
    assert Agency.objects.get(name="Sở Hàng không").province == cast.province
    assert client.get(draft.get_absolute_url()).context["review"].problems == []
    again = client.post(address, body)
    assert again.status_code == 422
    assert "Danh bạ đã có" in again.content.decode()


def test_names_to_choose_from_are_those_of_the_plans_day_in_this_province(client: Client, cast: Cast):
    AgencyGroupFactory(province=cast.province, name="Các sở, ban, ngành")
    Agency.objects.filter(pk=cast.justice.pk).update(valid_to="2020-01-01")
    draft = started(cast, ("Việc", "Sở Y tế", "Quý II"))
    names = client.get(reverse("import-names", args=[draft.pk])).json()["names"]
    found = {one["name"]: one["key"] for one in names}
    assert found["Sở Y tế"] == "so y te"
    assert "Các sở, ban, ngành" in found
    assert "Sở Tư pháp" not in found


# Many rows


def test_ticked_rows_are_accepted_dropped_timed_and_given_at_once(client: Client, cast: Cast):
    draft = started(cast, *[(f"Việc {n}", "Sở Y tế", "") for n in range(3)])
    address = reverse("import-many", args=[draft.pk])

    def send(**body) -> str:
        rows = [f"{pk}-{revision}" for pk, revision in draft.rows.values_list("pk", "revision")]
        return client.post(address, {"rows": rows[:2]} | body, headers=HTMX).content.decode()

    assert "Đã đặt thời hạn cho 2 dòng." in send(do="time", time_text="Quý III")
    assert "Đã đặt thời hạn cho 2 dòng." in send(do="time", days="30/9/2024")
    assert "Hãy ghi thời gian" in send(do="time")
    assert "Đã ghi cơ quan cho 2 dòng." in send(do="agency", official="Sở Tư pháp", role="coordinate")
    assert "không có “Sở Lạ”" in send(do="agency", official="Sở Lạ", role="lead")
    assert "Đã chấp nhận 2 dòng." in send(do="accept")
    assert "Đã bỏ 2 dòng." in send(do="drop")
    assert "Đã lấy lại 2 dòng." in send(do="restore")
    assert "Chưa chọn dòng nào" in client.post(address, {"do": "accept"}, headers=HTMX).content.decode()
    assert "Đã chấp nhận 2 dòng không có gì phải xem lại." in send(do="clean")


# The head


def head(draft: ImportDraft, **details) -> dict:
    return {
        "number": "90/KH-UBND", "signed_on": "20/03/2024", "issuer": "UBND tỉnh Vĩnh Phúc", "title": "Kế hoạch", "year": 2024,
        "head_revision": head_revision(draft),
    } | details  # fmt: skip


def test_the_head_is_kept_and_says_how_many_rows_changed_with_it(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý II/2024"))
    address = reverse("import-head", args=[draft.pk])
    answer = client.post(address, head(draft, year=2025, legal_basis="Luật A\r\n\r\nNghị định B"), follow=True)
    assert "2 dòng có thời hạn hoặc cơ quan thay đổi theo" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.head["plan_year"] == 2025
    assert draft.head["legal_basis"] == ["Luật A", "Nghị định B"]
    assert client.post(address, head(draft, number="")).status_code == 422


def test_who_comes_second_at_the_head_sees_both_and_loses_nothing(client: Client, cast: Cast, colleague):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    change_head(ImportDraft.objects.get(pk=draft.pk), by=colleague, revision=0, title="Tên của đồng nghiệp")
    answer = client.post(reverse("import-head", args=[draft.pk]), head(draft, title="Tên của tôi"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tên của tôi" in page
    assert "Trần Thị Bình đã ghi: “Tên của đồng nghiệp”" in page
    draft.refresh_from_db()
    client.post(reverse("import-head", args=[draft.pk]), head(draft, title="Tên của tôi"))
    draft.refresh_from_db()
    assert draft.head["title"] == "Tên của tôi"


def test_a_head_without_number_is_told_before_and_at_confirming(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    ImportDraft.objects.filter(pk=draft.pk).update(head=draft.head | {"number": None})
    assert "Số, ký hiệu" in page_of(client, draft)
    answer = client.post(reverse("import-confirm", args=[draft.pk]), {"revision": draft.revision})
    assert answer.status_code == 422
    assert not Plan.objects.exclude(pk=cast.plan.pk).exists()


# Two people


def test_who_comes_second_at_a_row_sees_both_texts_and_loses_nothing(client: Client, cast: Cast, colleague):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    mine = row(draft, 1)
    theirs = row(draft, 1)
    mending.change_row(theirs, by=colleague, revision=1, text="Của đồng nghiệp", product="Báo cáo quý")
    answer = client.post(at(mine), typed(mine, text="Của tôi", time_text="Quý III"), headers=HTMX)
    page = answer.content.decode()
    assert "Trần Thị Bình vừa sửa dòng này" in page
    assert "“Của đồng nghiệp”" in page
    assert "Của tôi</textarea>" in page
    assert 'value="Quý III"' in page
    assert "Báo cáo quý</textarea>" in page, "what only the colleague changed is taken over"
    assert row(draft, 1).task["text"] == "Của đồng nghiệp"
    now = row(draft, 1)
    client.post(at(mine), typed(now, text="Của tôi", time_text="Quý III"), headers=HTMX)
    assert (row(draft, 1).task["text"], row(draft, 1).task["product"]) == ("Của tôi", "Báo cáo quý")


def test_without_htmx_the_second_person_gets_the_same_on_a_page(client: Client, cast: Cast, colleague):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    mine = row(draft, 1)
    mending.change_row(row(draft, 1), by=colleague, revision=1, text="Của đồng nghiệp")
    answer = client.post(at(mine), typed(mine, text="Của tôi"))
    assert answer.status_code == 409 or answer.status_code == 422
    assert "Trần Thị Bình vừa sửa dòng này" in answer.content.decode()
    assert "Của tôi</textarea>" in answer.content.decode()


def test_a_banner_names_the_rows_that_a_colleague_changed_meanwhile(client: Client, cast: Cast, colleague):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý II"))
    opened = {"opened": (timezone.now() - timedelta(seconds=1)).isoformat(), "known": draft.revision}
    address = reverse("import-news", args=[draft.pk])
    assert "vừa được" not in client.get(address, opened).content.decode()
    second = row(draft, 2)
    mending.change_row(second, by=colleague, revision=1, text="Kiểm tra lại")
    page = client.get(address, opened).content.decode()
    assert "<strong>1 dòng</strong> vừa được Trần Thị Bình sửa" in page
    assert f"?dong={second.pk}" in page


def test_confirming_waits_until_the_changes_of_a_colleague_were_loaded(client: Client, cast: Cast, colleague):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"), ("Kiểm tra", "Sở Y tế", "Quý II"))
    opened = {"opened": (timezone.now() - timedelta(seconds=1)).isoformat(), "known": draft.revision}
    mending.change_row(row(draft, 2), by=colleague, revision=1, text="Kiểm tra lại")
    one = row(draft, 1)
    answer = client.post(at(one), opened | {"do": "accept", "revision": 1}, headers=HTMX)
    assert answer.context["known"] == 1, "the page's own change does not make it know the colleague's"
    confirm = reverse("import-confirm", args=[draft.pk])
    assert client.post(confirm, {"revision": 1}).status_code == 422
    loaded = client.get(draft.get_absolute_url())
    assert client.post(confirm, {"revision": loaded.context["known"]}).status_code == 302


def test_ones_own_changes_do_not_stand_in_the_way_of_confirming(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    opened = {"opened": timezone.now().isoformat(), "known": draft.revision}
    answer = client.post(at(row(draft, 1)), opened | {"do": "accept", "revision": 1}, headers=HTMX)
    assert (
        client.post(reverse("import-confirm", args=[draft.pk]), {"revision": answer.context["known"]}).status_code
        == 302
    )


def test_the_question_before_confirming_says_how_many_warned_rows_nobody_saw(client: Client, cast: Cast):
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý IV/2023"), ("Kiểm tra", "Sở Y tế", "Quý II"))
    assert "Còn 1 dòng có cảnh báo chưa ai xem." in page_of(client, draft)
    mending.accept_row(row(draft, 1), by=cast.coordinator, revision=1)
    assert "chưa ai xem." not in page_of(client, draft)


# Duties in the words of the plan, beside its table


def beside_the_table(cast: Cast) -> ImportDraft:
    """Return a draft with one row of the table and one duty that only the words of the plan give."""
    draft = started(cast, ("Rà soát", "Sở Y tế", "Quý II"))
    first = draft.rows.get()
    task = first.task | {"text": "Kiểm tra công vụ", "offered": True}
    draft.rows.create(position=2, task=task, source=task, state=DROPPED)
    return draft


def test_a_duty_beside_the_table_is_no_task_until_a_person_takes_it_over(client: Client, cast: Cast):
    draft = beside_the_table(cast)
    page = client.get(draft.get_absolute_url(), {"loc": "ngoai-bang"})
    assert [shown.task["text"] for shown in page.context["page_obj"]] == ["Kiểm tra công vụ"]
    assert "Thêm vào kế hoạch" in page.content.decode()
    assert "<strong>0/1</strong> dòng đã xem" in page.content.decode(), "nobody has to decide about it"
    offered = draft.rows.get(position=2)
    client.post(at(offered), {"do": "restore", "revision": offered.revision})
    page = client.get(draft.get_absolute_url(), {"loc": "tat-ca"})
    assert [shown.task["text"] for shown in page.context["page_obj"]] == ["Rà soát", "Kiểm tra công vụ"]


def test_the_filter_of_duties_beside_the_table_shows_only_where_there_are_any(client: Client, cast: Cast):
    assert "Gợi ý ngoài bảng" in page_of(client, beside_the_table(cast))
    ImportDraft.objects.all().delete()
    assert "Gợi ý ngoài bảng" not in page_of(client, started(cast, ("Rà soát", "Sở Y tế", "Quý II")))
