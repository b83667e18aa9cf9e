"""Pages of the work, as a person uses them: what they say, what they keep, what they refuse."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import User
from plans.models import Evidence, Update, WorkItem
from plans.models.occurrence import State
from plans.models.work import TAKEN
from tests.cast import Cast
from tests.factories import TaskFactory, work_item
from workdays.clock import today


def browser(user: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def said(answer) -> list[str]:
    """Return what the page told the person."""
    return [str(message) for message in answer.context["messages"]]


def handed_in(cast: Cast, **details) -> WorkItem:
    item = work_item(cast.health, plan=cast.plan, **details)
    item.record_update(by=cast.health_officer, on=today(), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=today())
    return item


@pytest.fixture
def item(cast: Cast) -> WorkItem:
    """Return an open item of Sở Y tế."""
    return work_item(cast.health, plan=cast.plan)


def body(item: WorkItem, **details) -> dict:
    return {"percent": 60, "words": "Đã ban hành kế hoạch.", "revision": item.revision} | details


def test_an_update_with_files_is_recorded_and_the_page_says_so(cast: Cast, item: WorkItem):
    files = [SimpleUploadedFile("a.pdf", b"%PDF"), SimpleUploadedFile("b.docx", b"PK")]
    data = body(item, files=files, dated_on="03/04/2024")
    answer = browser(cast.health_officer).post(item.get_absolute_url(), data, follow=True)
    assert said(answer) == ["Đã ghi cập nhật tiến độ."]
    assert list(Evidence.objects.values_list("name", "dated_on")) == [
        ("a.pdf", date(2024, 4, 3)), ("b.docx", date(2024, 4, 3)),
    ]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), [("03/04/2024", date(2024, 4, 3)), ("25/04/2024", date(2024, 4, 25))])
def test_a_form_reads_the_day_first(cast: Cast, item: WorkItem, typed: str, meant: date):
    data = body(item, files=[SimpleUploadedFile("a.pdf", b"%PDF")], dated_on=typed)
    browser(cast.health_officer).post(item.get_absolute_url(), data)
    assert Evidence.objects.get().dated_on == meant


def test_saving_and_handing_in_is_one_step(cast: Cast, item: WorkItem):
    answer = browser(cast.health_officer).post(item.get_absolute_url(), body(item, hand_in="1"), follow=True)
    assert said(answer) == ["Đã ghi cập nhật tiến độ.", "Đã báo hoàn thành, chờ xác nhận."]
    assert WorkItem.objects.get(pk=item.pk).state == State.HANDED_IN


def test_when_a_colleague_was_faster_the_words_stay_on_the_page_and_can_be_sent_again(cast: Cast, item: WorkItem):
    client, old = browser(cast.health_officer), body(item, words="Bản thảo dài của tôi.")
    item.record_update(by=cast.health_leader, on=today(), percent=30, words="Lãnh đạo cập nhật.")
    answer = client.post(item.get_absolute_url(), old)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert TAKEN in page
    assert "Bản thảo dài của tôi." in page
    assert "Lãnh đạo cập nhật." in page
    assert item.updates.count() == 1
    again = {**old, "revision": answer.context["form"]["revision"].value()}
    assert client.post(item.get_absolute_url(), again).status_code == 302
    assert list(item.updates.values_list("words", flat=True)) == ["Lãnh đạo cập nhật.", "Bản thảo dài của tôi."]


def test_an_update_that_comes_after_handing_in_is_refused_and_not_swallowed(cast: Cast, item: WorkItem):
    item.record_update(by=cast.health_officer, on=today(), percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=today())
    answer = browser(cast.health_leader).post(item.get_absolute_url(), body(item, words="Chậm một bước."))
    assert answer.status_code == 422
    assert "Chậm một bước." in answer.content.decode()
    assert item.updates.count() == 1


def test_a_viewer_who_sends_an_update_is_told_no(cast: Cast, item: WorkItem):
    answer = browser(cast.viewer).post(item.get_absolute_url(), body(item), follow=True)
    assert said(answer) == ["Anh/chị không được cập nhật đầu việc này."]
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("trong.pdf", b""), "Tệp “trong.pdf” trống"),
        (SimpleUploadedFile("virus.exe", b"MZ"), "Không nhận tệp loại “.exe”"),
        (SimpleUploadedFile("to.pdf", b"x" * 2000), "vượt mức"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_in_words_and_nothing_is_saved(cast: Cast, item, settings, file, words):
    settings.UPLOAD_LIMIT = 1000
    file.seek(0)
    answer = browser(cast.health_officer).post(item.get_absolute_url(), body(item, files=[file]))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Update.objects.exists()
    assert not Evidence.objects.exists()


def test_the_district_is_told_that_it_writes_for_the_commune(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    page = browser(cast.district_officer).get(item.get_absolute_url()).content.decode()
    assert "Anh/chị đang cập nhật thay cho UBND xã Quang Sơn" in page


def test_confirming_returning_and_waiving_have_their_buttons_for_the_coordinator_only(cast: Cast, item: WorkItem):
    waiting = handed_in(cast)
    for user, buttons in ((cast.coordinator, True), (cast.viewer, False), (cast.health_officer, False)):
        page = browser(user).get(waiting.get_absolute_url()).content.decode()
        assert (reverse("work-confirm", args=[waiting.pk]) in page) is buttons
        assert (reverse("work-return", args=[waiting.pk]) in page) is buttons
        page = browser(user).get(item.get_absolute_url()).content.decode()
        assert (reverse("work-waive", args=[item.pk]) in page) is buttons


def test_the_coordinator_confirms_several_at_once_and_what_cannot_be_done_is_named(cast: Cast):
    good, report = handed_in(cast), work_item(cast.health, task=TaskFactory(plan=cast.plan, is_report=True))
    WorkItem.objects.filter(pk=report.pk).update(state=State.HANDED_IN, handed_in_on=today())
    data = {"do": "confirm", "items": [good.pk, report.pk, "sai", 999999]}
    answer = browser(cast.coordinator).post(reverse("work-bulk"), data, follow=True)
    assert said(answer)[0] == "Đã xác nhận 1 đầu việc."
    assert "trang báo cáo" in said(answer)[1]
    assert WorkItem.objects.get(pk=good.pk).state == State.COMPLETED
    assert WorkItem.objects.get(pk=report.pk).state == State.HANDED_IN


def test_several_are_returned_with_one_reason(cast: Cast):
    items = [handed_in(cast), handed_in(cast)]
    data = {"do": "return", "items": [item.pk for item in items], "reason": "Thiếu số liệu."}
    browser(cast.coordinator).post(reverse("work-bulk"), data)
    assert {item.events.last().words for item in items} == {"Thiếu số liệu."}


def test_ticking_items_of_others_changes_nothing(cast: Cast):
    item = handed_in(cast)
    browser(cast.justice_officer).post(reverse("work-bulk"), {"do": "return", "items": [item.pk], "reason": "Phá."})
    assert WorkItem.objects.get(pk=item.pk).state == State.HANDED_IN


def test_a_form_never_sends_the_browser_to_another_site(cast: Cast, item: WorkItem):
    answer = browser(cast.health_officer).post(
        reverse("work-hand-in", args=[item.pk]), {"next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == item.get_absolute_url()


# Lists


@pytest.mark.parametrize("words", ["ra soat", "RÀ SOÁT", "so y te"])
def test_the_list_is_searched_without_diacritics(cast: Cast, words: str):
    item = work_item(cast.health, task=TaskFactory(plan=cast.plan, text="Rà soát thủ tục"))
    work_item(cast.justice, task=TaskFactory(plan=cast.plan, text="Tuyên truyền"))
    rows = browser(cast.coordinator).get(reverse("work-list"), {"q": words}).context["rows"]
    assert [row[0] for row in rows] == [item]


def test_the_list_is_filtered_by_plan_and_sorted_with_undated_items_last(cast: Cast, item: WorkItem):
    undated, elsewhere = work_item(cast.health, plan=cast.plan, due=None), work_item(cast.health)
    client = browser(cast.coordinator)
    for sort, order in (("due", [item, undated]), ("-due", [item, undated])):
        rows = client.get(reverse("work-list"), {"plan": cast.plan.pk, "sort": sort}).context["rows"]
        assert [row[0] for row in rows] == order
    assert elsewhere.task.plan != cast.plan


def test_a_filter_nobody_understands_does_not_break_the_page(cast: Cast, item: WorkItem):
    answer = browser(cast.coordinator).get(
        reverse("work-list"), {"when": "hom-qua", "plan": "x", "page": "y", "sort": "z"}
    )
    assert answer.status_code == 200


def test_the_export_is_what_is_shown_with_words_as_text_and_dates_as_dates(cast: Cast, tmp_path):
    work_item(cast.health, task=TaskFactory(plan=cast.plan, text="=1+1"))
    work_item(cast.justice, plan=cast.plan)
    answer = browser(cast.coordinator).get(reverse("work-list"), {"export": "xlsx", "agency": cast.health.pk})
    (tmp_path / "list.xlsx").write_bytes(answer.content)
    sheet = load_workbook(tmp_path / "list.xlsx").active
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == 1
    assert (rows[0][3].value, rows[0][3].data_type) == ("=1+1", "s")
    assert rows[0][6].value.date() == date(2024, 6, 30)
    assert rows[0][6].number_format == "dd/mm/yyyy"


def test_an_officers_home_shows_the_most_urgent_first_and_a_coordinators_the_province(cast: Cast, item: WorkItem):
    answer = browser(cast.health_officer).get(reverse("home"))
    groups = {group["title"]: group["count"] for group in answer.context["groups"]}
    assert groups["Quá hạn"] == 1
    page = browser(cast.coordinator).get(reverse("home")).content.decode()
    assert "Sở Y tế" in page
