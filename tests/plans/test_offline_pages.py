"""The pages of the annex that is filled offline, as an officer goes through them."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Agency, User
from plans.models import OfflineReturn, Plan, WorkItem
from plans.models.occurrence import State
from tests.cast import Cast
from tests.factories import AgencyFactory, PlanFactory, work_item
from tests.plans.test_offline import DAY, MEMORY, Filling


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Keep uploads of a test to itself."""
    settings.MEDIA_ROOT = tmp_path


def browser(user: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def download(client: Client, plan: Plan, agency: Agency) -> bytes:
    """Return the annex as the page hands it out."""
    answer = client.get(reverse("offline-annex", args=[plan.pk, agency.pk]))
    assert answer.status_code == 200
    return answer.getvalue()


def upload(client: Client, plan: Plan, agency: Agency, data: bytes, name: str = "phu-luc.xlsx", **more: Any) -> Any:
    """Send a filled annex."""
    url = reverse("offline-agency", args=[plan.pk, agency.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, **more)


def answers(page: Any, **more: str) -> dict[str, str]:
    """Return what the form of the page sends when nothing is touched: changes are taken, conflicts keep what stands."""
    sent = {}
    for line in page.context["change"] + page.context["conflict"]:
        sent[f"revision-{line.code}"] = str(line.item.revision)
        sent[f"take-{line.code}"] = "mine" if line.kind == "change" else "keep"
    return sent | more


def test_an_annex_goes_out_is_filled_comes_back_is_looked_at_and_written(cast: Cast):
    done, half = work_item(cast.health, plan=cast.plan), work_item(cast.health, plan=cast.plan)
    client = browser(cast.health_officer)
    assert [row[2] for row in client.get(reverse("offline-list")).context["rows"]] == [2]
    filling = (
        Filling(download(client, cast.plan, cast.health))
        .fill(done, 100, "Đã ban hành")
        .fill(half, 45, "Đang lấy ý kiến")
    )
    page = upload(client, cast.plan, cast.health, filling.saved(), follow=True)
    assert [line.percent for line in page.context["change"]] == [100, 45]
    assert not done.updates.exists()
    url = page.redirect_chain[-1][0]
    after = client.post(url, answers(page, hand_in_all="on"), follow=True)
    said = [str(message) for message in after.context["messages"]]
    assert said == ["Đã ghi 2 cập nhật từ tệp, báo hoàn thành 1 đầu việc."]
    assert {item.state for item in WorkItem.objects.all()} == {State.HANDED_IN, State.IN_PROGRESS}
    assert "nhập từ tệp Excel “phu-luc.xlsx”" in client.get(half.get_absolute_url()).content.decode()
    again = client.post(url, answers(page), follow=True)
    assert "đã được xử lý xong" in str(next(iter(again.context["messages"])))
    assert half.updates.count() == 1


def test_a_conflict_is_shown_beside_what_stands_and_kept_unless_chosen(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    client = browser(cast.health_officer)
    data = Filling(download(client, cast.plan, cast.health)).fill(item, 80, "Lời trong tệp").saved()
    item.record_update(by=cast.health_leader, on=DAY, percent=60, words="Lời của lãnh đạo")
    page = upload(client, cast.plan, cast.health, data, follow=True)
    shown = page.content.decode()
    assert "Lời trong tệp" in shown
    assert "Lời của lãnh đạo" in shown
    assert str(cast.health_leader) in shown
    url = page.redirect_chain[-1][0]
    client.post(url, answers(page))
    item.refresh_from_db()
    assert item.percent == 60
    assert "Lời trong tệp" in client.get(url).content.decode()


def test_the_same_file_twice_leads_to_the_one_that_waits(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    client = browser(cast.health_officer)
    data = Filling(download(client, cast.plan, cast.health)).fill(item, 80, "Một lần").saved()
    first = upload(client, cast.plan, cast.health, data)
    second = upload(client, cast.plan, cast.health, data, name="ban-sao.xlsx")
    assert first.headers["Location"] == second.headers["Location"]
    assert OfflineReturn.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ("plan", "Phụ lục này là của Kế hoạch số 83/KH-UBND"),
        ("agency", "Phụ lục này là của UBND xã Quang Sơn"),
        ("hidden", "Phụ lục này là của một kế hoạch khác"),
    ],
)
def test_the_annex_of_another_plan_or_agency_is_refused_by_name_when_the_person_may_know_it(
    cast: Cast, make: str, words: str
):
    who, by = cast.district, cast.district_officer
    work_item(cast.district, plan=cast.plan)
    work_item(cast.commune, plan=cast.plan)
    other = PlanFactory(province=cast.province, number="83/KH-UBND", coordinating_agency=cast.home_affairs)
    work_item(cast.district, plan=other)
    client = browser(by)
    data = download(client, other, who) if make != "agency" else download(client, cast.plan, cast.commune)
    if make == "hidden":
        filling = load_workbook(io.BytesIO(data))
        filling["Nhận dạng"]["B2"] = PlanFactory(province=cast.stranger.province).pk
        stream = io.BytesIO()
        filling.save(stream)
        data = stream.getvalue()
    answer = upload(client, cast.plan, who, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OfflineReturn.objects.exists()


@pytest.mark.parametrize("name", ["van-ban.pdf", "phu-luc.xlsm", "phu-luc.xlsx"])
def test_a_file_that_cannot_be_read_is_refused_in_words_and_nothing_is_kept(cast: Cast, name: str):
    work_item(cast.health, plan=cast.plan)
    answer = upload(browser(cast.health_officer), cast.plan, cast.health, b"PK\x03\x04hong", name=name)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not OfflineReturn.objects.exists()


def test_a_district_fills_in_for_its_commune_and_a_neighbour_finds_nothing(cast: Cast):
    item = work_item(cast.commune, plan=cast.plan)
    work_item(cast.health, plan=cast.plan)
    client = browser(cast.district_officer)
    data = Filling(download(client, cast.plan, cast.commune)).fill(item, 30, "Huyện ghi thay").saved()
    page = upload(client, cast.plan, cast.commune, data, follow=True)
    assert "điền thay" in client.get(reverse("offline-list")).content.decode()
    returned = OfflineReturn.objects.get()
    neighbours = [cast.health_officer, cast.stranger, cast.coordinator, cast.viewer]
    for person in neighbours:
        found = browser(person)
        for url in (
            reverse("offline-annex", args=[cast.plan.pk, cast.commune.pk]),
            returned.get_absolute_url(),
            reverse("offline-file", args=[returned.pk]),
        ):
            assert found.get(url).status_code == 404
        assert found.post(reverse("offline-drop", args=[returned.pk])).status_code == 404
    assert client.post(page.redirect_chain[-1][0], answers(page)).status_code == 302
    assert item.updates.get().on_behalf


def test_an_agency_without_work_in_the_plan_has_no_annex(cast: Cast):
    client = browser(cast.health_officer)
    assert client.get(reverse("offline-agency", args=[cast.plan.pk, cast.health.pk])).status_code == 404
    assert "Chưa có đầu việc nào để điền" in client.get(reverse("offline-list")).content.decode()


def test_a_dropped_return_can_still_be_read(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    client = browser(cast.health_officer)
    data = Filling(download(client, cast.plan, cast.health)).fill(item, 80, "Không mất lời").saved()
    url = upload(client, cast.plan, cast.health, data).headers["Location"]
    client.post(reverse("offline-drop", args=[OfflineReturn.objects.get().pk]))
    page = client.get(url)
    assert "Không mất lời" in page.content.decode()
    assert not page.context["may_apply"]
    client.post(url, answers(page))
    assert not item.updates.exists()
    assert client.get(reverse("offline-file", args=[OfflineReturn.objects.get().pk])).getvalue() == data


def test_the_comparison_asks_the_same_of_the_database_for_few_and_many_rows(
    cast: Cast, django_assert_max_num_queries: Any
):
    items = [work_item(cast.health, plan=cast.plan) for _ in range(30)]
    client = browser(cast.health_officer)
    filling = Filling(download(client, cast.plan, cast.health))
    for item in items:
        item.record_update(by=cast.health_leader, on=DAY, percent=20, words="Trước")
        filling.fill(item, 50, "Sau")
    url = upload(client, cast.plan, cast.health, filling.saved()).headers["Location"]
    client.get(url)
    with django_assert_max_num_queries(24):
        assert len(client.get(url).context["conflict"]) == 30


def test_the_list_asks_the_same_for_few_and_many_agencies(cast: Cast, django_assert_max_num_queries: Any):
    for _ in range(20):
        commune = AgencyFactory(province=cast.province, parent=cast.district, kind=Agency.Kind.COMMUNE_PC)
        work_item(commune, plan=cast.plan)
    client = browser(cast.district_officer)
    client.get(reverse("offline-list"))
    with django_assert_max_num_queries(20):
        assert len(client.get(reverse("offline-list")).context["rows"]) == 20


@pytest.mark.parametrize("made_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_forged_memory_of_strange_days_and_signs_is_kept_without_them_and_the_pages_still_open(
    cast: Cast, made_at: str
):
    item = work_item(cast.health, plan=cast.plan)
    client = browser(cast.health_officer)
    filling = Filling(download(client, cast.plan, cast.health)).fill(item, 40, "Đã làm.")
    memory = filling.book[MEMORY]
    memory.cell(4, 2).value = made_at
    memory.cell(6, 5).value, memory.cell(6, 6).value = "not_started_x0000_", "_x0000__xFFFF_"
    filling.sheet.append(["_x0000_", "_x0000_"] * 6)
    answer = upload(client, cast.plan, cast.health, filling.saved(), follow=True)
    assert answer.status_code == 200
    returned = OfflineReturn.objects.get()
    assert (returned.downloaded_at, len(answer.context["change"]) + len(answer.context["conflict"])) == (None, 1)
    for path in (returned.get_absolute_url(), reverse("offline-list")):
        assert client.get(path).status_code == 200
