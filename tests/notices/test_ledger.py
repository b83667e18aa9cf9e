"""Who can be reached, what was sent to an agency, and what is put before the deputy chair."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import Settings

from agencies.models import Membership
from notices.models import BouncedAddress, Letter, Notice
from notices.reach import reach_of
from notices.rules import make_notices
from tests.cast import Cast
from tests.factories import AgencyFactory, person, work_item
from workdays.clock import set_demonstration_day

DUE = date(2024, 6, 28)


@pytest.fixture(autouse=True)
def on_a_day(db: None, settings: Settings) -> None:
    """The working day is forty days after the due date."""
    settings.DEMO = True
    set_demonstration_day(DUE + timedelta(days=40))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(cast: Cast, name: str, *more: Any, who: Any = None, **asked: Any) -> Any:
    return signed_in(who or cast.coordinator).get(reverse(name, args=[cast.plan.pk, *more]), asked)


# Whom letters reach


def nearest(cast: Cast) -> dict[str, str]:
    return {one.agency.name: one.nearest for one in reach_of(cast.plan, DUE)}


def test_letters_of_an_agency_fall_back_from_officer_to_leader_to_coordinator(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan)
    assert nearest(cast) == {"Sở Y tế": "officer"}
    cast.health_officer.email = ""
    cast.health_officer.save()
    assert nearest(cast) == {"Sở Y tế": "leader"}
    BouncedAddress.objects.create(address=cast.health_leader.email, at=timezone.now(), answer="550 5.1.1")
    assert nearest(cast) == {"Sở Y tế": "coordinator"}


def test_an_address_that_bounced_or_is_none_counts_as_no_address(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    cast.health_officer.email = "Y.Te@vinhphuc.example"
    cast.health_officer.save()
    BouncedAddress.objects.create(address="y.te@vinhphuc.example", at=timezone.now())
    make_notices(DUE)
    rows = Notice.objects.filter(kind="due").values_list("recipient__username", "state", "reason")
    assert sorted(rows) == [
        ("yte", "suppressed", "Không gửi thư vì máy chủ thư báo địa chỉ của người nhận không nhận được thư."),
        ("yte.lanhdao", "waiting", ""),
    ]
    cast.health_leader.email = "khong-phai-dia-chi"
    cast.health_leader.save()
    assert nearest(cast) == {"Sở Y tế": "coordinator"}


def test_the_page_shows_the_gap_first_and_what_to_do(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan)
    lonely = AgencyFactory(province=cast.province, name="UBND xã An Hòa")
    work_item(lonely, plan=cast.plan)
    html = page(cast, "plan-recipients").content.decode()
    assert "1 cơ quan chưa có ai nhận được thư" in html
    assert html.index("UBND xã An Hòa") < html.index("Sở Y tế</a>")
    only = page(cast, "plan-recipients", xem="thieu").content.decode()
    assert "UBND xã An Hòa" in only
    assert "Sở Y tế</a>" not in only
    found = page(cast, "plan-recipients", q="an hoa").content.decode()
    assert "Sở Y tế</a>" not in found


def test_an_administrator_of_the_province_sees_the_gap_and_an_officer_does_not(cast: Cast) -> None:
    administrator = person(cast.home_affairs, Membership.Role.ADMINISTRATOR)
    assert page(cast, "plan-recipients", who=administrator).status_code == 200
    for user in (cast.health_officer, cast.health_leader, cast.stranger):
        assert page(cast, "plan-recipients", who=user).status_code == 404


# What was sent to this agency


def sent(cast: Cast) -> Notice:
    """One notice of Sở Y tế that left by letter, and others in other states."""
    work_item(cast.health, plan=cast.plan, due=DUE)
    work_item(cast.justice, plan=cast.plan, due=DUE)
    make_notices(DUE)
    at = timezone.make_aware(timezone.datetime(2024, 6, 28, 8, 5))  # type: ignore[attr-defined]
    letter = Letter.objects.create(
        key="t1", recipient=cast.health_officer, address="yte@vinhphuc.example", on=DUE, subject="Nhắc", text="", html="",
        state="sent", sent_at=at,
    )  # fmt: skip
    notice = Notice.objects.get(kind="due", agency=cast.health)
    Notice.objects.filter(pk=notice.pk).update(state="sent", letter=letter)
    return notice


def test_the_coordinator_reads_what_was_sent_to_an_agency_to_whom_why_and_when(cast: Cast) -> None:
    notice = sent(cast)
    html = page(cast, "plan-agency-notices", cast.health.pk).content.decode()
    assert notice.words in html
    assert "08:05, 28/06/2024" in html
    assert "yte@vinhphuc.example" in html
    assert "Anh/chị là chuyên viên của cơ quan thực hiện." in html
    assert "Đã có thông báo mới hơn về cùng việc này." in html
    assert "tuphap" not in html
    rows = page(cast, "plan-agency-notices", cast.health.pk, state="sent").context["page_obj"].object_list
    assert [row.pk for row in rows] == [notice.pk]


def test_another_plans_coordinator_and_the_agency_itself_do_not_read_the_ledger(cast: Cast) -> None:
    sent(cast)
    other = person(cast.justice, Membership.Role.COORDINATOR)
    for user in (other, cast.health_officer, cast.stranger):
        assert page(cast, "plan-agency-notices", cast.health.pk, who=user).status_code == 404
    assert page(cast, "plan-agency-notices", cast.health.pk, who=cast.viewer).status_code == 200


def test_the_ledger_of_an_agency_is_exported_as_it_is_shown(cast: Cast) -> None:
    notice = sent(cast)
    answer = page(cast, "plan-agency-notices", cast.health.pk, state="sent", export="xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("TT", "Ngày", "Loại", "Nội dung")
    assert len(rows) == 2
    assert (rows[1][3], rows[1][5], rows[1][7]) == (notice.words, str(cast.health_officer), "đã gửi")
    assert f"{rows[1][9]:%H:%M %d/%m/%Y}" == "08:05 28/06/2024"


# The list for the deputy chair


def test_the_oldest_lateness_is_listed_for_the_deputy_chair_with_who_was_told_when(cast: Cast) -> None:
    old = work_item(cast.health, plan=cast.plan, due=DUE)
    work_item(cast.justice, plan=cast.plan, due=DUE + timedelta(days=11))
    for days in (7, 15, 30, 40):
        make_notices(DUE + timedelta(days=days))
    (row,) = page(cast, "plan-escalated", who=cast.viewer).context["rows"]
    assert (row.agency, row.url, row.days) == (cast.health, old.get_absolute_url(), 40)
    assert row.told == (
        ("lãnh đạo cơ quan", DUE + timedelta(days=7)),
        ("cơ quan điều phối", DUE + timedelta(days=15)),
        ("lãnh đạo UBND tỉnh", DUE + timedelta(days=30)),
    )
    answer = page(cast, "plan-escalated", export="xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][1] == "Sở Y tế"
    assert rows[1][7] == (
        "lãnh đạo cơ quan ngày 05/7/2024; cơ quan điều phối ngày 13/7/2024; lãnh đạo UBND tỉnh ngày 28/7/2024"
    )


def test_without_anybody_of_the_province_s_leaders_the_coordinator_is_told_to_submit_the_list(cast: Cast) -> None:
    Membership.objects.filter(user=cast.viewer).delete()
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=30))
    last = Notice.objects.get(key__contains=":chair:")
    assert last.recipient == cast.coordinator
    assert "anh/chị trình danh sách" in last.why


# Queries


@pytest.mark.parametrize(
    ("name", "of_an_agency"),
    [("plan-recipients", False), ("plan-escalated", False), ("plan-agency-notices", True), ("plan-notices", False)],
)
def test_queries_of_a_page_do_not_grow_with_its_rows(cast: Cast, name: str, of_an_agency: bool) -> None:
    address = reverse(name, args=[cast.plan.pk, *([cast.health.pk] if of_an_agency else [])])

    def queries(number: int) -> int:
        for _ in range(number):
            agency = AgencyFactory(province=cast.province)
            person(agency)
            work_item(agency, plan=cast.plan, due=DUE)
            work_item(cast.health, plan=cast.plan, due=DUE)
        for days in (0, 30):
            make_notices(DUE + timedelta(days=days))
        client = signed_in(cast.coordinator)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = queries(1)
    assert few <= 28
    assert queries(8) == few
