"""The pages of periods: the editor with its outline, who must report, making one by hand; for the coordinator only."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from reports.models import Period
from tests.cast import Cast
from tests.factories import AgencyGroupFactory, PlanFactory

ON = date(2024, 5, 20)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch) -> None:
    """Let the pages stand on 20/5/2024."""
    monkeypatch.setattr("reports.views.periods.today", lambda: ON)


def typed(period: Period, **changes: object) -> dict[str, object]:
    """Return what the browser sends from the editor when the coordinator has changed these fields."""
    page: dict[str, object] = {"revision": period.revision, "do": "save", "row": []}
    for name in ("name", "commend_above", "commend_late_below", "remind_below"):
        page[name] = getattr(period, name)
    for name in ("begins_on", "ends_on", "cut_off", "due_date"):
        page[name] = f"{getattr(period, name):%d/%m/%Y}"
    for number, section in enumerate(period.sections, 1):
        page["row"].append(f"r{number}")  # type: ignore[attr-defined]
        page |= {f"key-r{number}": section.key, f"title-r{number}": section.title, f"hint-r{number}": section.hint}
        page |= {f"source-r{number}": section.source} | ({f"required-r{number}": "on"} if section.required else {})
    return {**page, **changes}


def edited(user: User, period: Period, **changes: object):
    return as_user(user).post(reverse("period-edit", args=[period.pk]), typed(period, **changes))


def titles(period: Period) -> list[str]:
    return [section.title for section in Period.objects.get(pk=period.pk).sections]


def test_the_editor_saves_days_thresholds_and_sections_in_the_order_of_the_page(cast: Cast, proposed: Period):
    answer = edited(
        cast.coordinator, proposed, due_date="12/06/2024", remind_below="40", row=["r2", "r1", "r3", "r4", "r5"],
        **{"title-r1": "Kết quả chủ yếu"},
    )  # fmt: skip
    assert answer.status_code == 302
    fresh = Period.objects.get(pk=proposed.pk)
    assert (fresh.due_date, fresh.remind_below) == (date(2024, 6, 12), 40)
    assert titles(proposed)[:2] == ["Tồn tại, hạn chế và nguyên nhân", "Kết quả chủ yếu"]
    assert fresh.sections[1].key == "results", "the key stays: it names the words that agencies write"


@pytest.mark.parametrize(
    ("deed", "first"), [("down:r1", "Tồn tại, hạn chế và nguyên nhân"), ("drop:r1", "Tồn tại, hạn chế và nguyên nhân")]
)
def test_the_buttons_of_the_outline_work_without_script_and_save_nothing(
    cast: Cast, proposed: Period, deed: str, first: str
):
    page = edited(cast.coordinator, proposed, do=deed, name="Tên mới")
    assert page.status_code == 200
    assert page.context["rows"][0][1].title == first
    assert 'value="Tên mới"' in page.content.decode(), "what was typed stays"
    assert titles(proposed)[0] == "Kết quả nổi bật trong kỳ"


def test_a_section_is_added_without_script(cast: Cast, proposed: Period):
    page = edited(cast.coordinator, proposed, do="add")
    token = page.context["rows"][-1][0]
    assert token == "r6"
    rows = [f"r{number}" for number in range(1, 7)]
    edited(
        cast.coordinator, proposed, row=rows, **{f"title-{token}": "Công tác tuyên truyền", f"required-{token}": "on"}
    )
    assert Period.objects.get(pk=proposed.pk).sections[-1].required
    assert titles(proposed)[-1] == "Công tác tuyên truyền"


def test_a_section_without_a_title_is_refused_in_words_and_what_was_typed_stays(cast: Cast, proposed: Period):
    page = edited(cast.coordinator, proposed, **{"title-r2": " ", "hint-r2": "Gợi ý"})
    assert page.status_code == 422
    assert "Mục thứ 2 của đề cương chưa có tên." in page.content.decode()


def test_the_second_person_sees_what_the_first_changed_and_may_save_knowingly(cast: Cast, proposed: Period):
    stale = Period.objects.get(pk=proposed.pk)
    edited(cast.coordinator, proposed, name="Sơ kết 6 tháng", due_date="12/06/2024")
    page = edited(cast.coordinator, stale, name="Báo cáo sơ kết")
    words = page.content.decode()
    assert page.status_code == 422
    assert ("tên kỳ", "Báo cáo sơ kết", "Sơ kết 6 tháng") in [
        (label.lower(), said, now) for label, said, now in page.context["conflicts"]
    ]
    assert "Hạn nộp: 09/06/2024 → 12/06/2024" in words
    assert Period.objects.get(pk=proposed.pk).name == "Sơ kết 6 tháng"
    edited(cast.coordinator, stale, name="Báo cáo sơ kết", revision=page.context["revision"])
    assert Period.objects.get(pk=proposed.pk).name == "Báo cáo sơ kết"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cut_off": "30/06/2024"}, "không được sau hạn nộp"),
        ({"children_due_date": "30/06/2024"}, "nộp không muộn hơn hạn nộp"),
        ({"ends_on": "01/01/2020"}, "phải sau ngày bắt đầu"),
        ({"begins_on": "hôm nay"}, "ngày"),
    ],
)
def test_wrong_days_are_said_where_they_stand(cast: Cast, proposed: Period, changes: dict, words: str):
    page = edited(cast.coordinator, proposed, **changes)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(changes)
    assert words in page.content.decode()


def test_a_proposed_period_says_when_it_is_due_and_who_will_report(cast: Cast, proposed: Period):
    page = as_user(cast.viewer).get(proposed.get_absolute_url())
    assert (page.context["above"], page.context["below"]) == (3, 0)
    assert "Kết quả nổi bật trong kỳ" in page.content.decode()
    assert reverse("period-open", args=[proposed.pk]) not in page.content.decode(), "a viewer opens nothing"


def test_groups_and_agencies_are_added_before_opening(cast: Cast, proposed: Period):
    group = AgencyGroupFactory(province=cast.province, name="Các sở")
    address = reverse("period-agencies", args=[proposed.pk])
    body = {"revision": proposed.revision, "groups": [group.pk], "agencies": [cast.commune.pk]}
    assert as_user(cast.coordinator).post(address, body).status_code == 302
    page = as_user(cast.coordinator).get(address)
    assert {one.agency.name for one in page.context["reporters"]} >= {"Sở Nội vụ", "UBND xã Quang Sơn"}
    assert as_user(cast.coordinator).post(address, body).status_code == 422, "an old revision overwrites nothing"
    assert as_user(cast.viewer).post(address, body).status_code == 404


def test_an_agency_is_released_beforehand_and_asked_again(cast: Cast, proposed: Period):
    client, address = as_user(cast.coordinator), reverse("period-except", args=[proposed.pk])
    client.post(address, {"agency": cast.justice.pk, "reason": "Giải thể."})
    assert [(one.agency, one.reason) for one in proposed.exclusions.all()] == [(cast.justice, "Giải thể.")]
    client.post(address, {"agency": cast.justice.pk, "do": "undo"})
    assert not proposed.exclusions.exists()


def test_one_more_agency_is_asked_after_opening(cast: Cast, period: Period):
    client, address = as_user(cast.coordinator), reverse("period-ask", args=[period.pk])
    assert client.post(address, {"agency": cast.health.pk, "reason": "Đã có."}).status_code == 422
    client.post(address, {"agency": cast.home_affairs.pk, "reason": "Bổ sung nhiệm vụ."})
    assert period.reports.filter(agency=cast.home_affairs).exists()
    sources = {
        one.agency.name: one.sources
        for one in client.get(reverse("period-agencies", args=[period.pk])).context["reporters"]
    }
    assert sources["Sở Nội vụ"] == ["yêu cầu thêm sau khi mở kỳ"]
    assert sources["Sở Y tế"] == ["nhiệm vụ báo cáo trong kế hoạch"]


def test_an_extraordinary_period_is_made_looked_at_and_dropped(cast: Cast):
    client = as_user(cast.coordinator)
    page = client.get(reverse("period-new"))
    thought = page.context["period"]
    answer = client.post(reverse("period-new"), typed(thought, name="Báo cáo đột xuất về Đề án 06"))
    made = Period.objects.get(name="Báo cáo đột xuất về Đề án 06")
    assert answer.headers["Location"] == reverse("period-agencies", args=[made.pk])
    assert [event.kind for event in made.events.all()] == ["made"]
    client.post(reverse("period-drop", args=[made.pk]))
    assert not Period.objects.filter(pk=made.pk).exists()


def test_with_several_plans_the_plan_is_chosen_first(cast: Cast):
    PlanFactory(province=cast.province, coordinating_agency=cast.home_affairs, number="90/KH-UBND")
    client = as_user(cast.coordinator)
    assert "90/KH-UBND" in client.get(reverse("period-new")).content.decode()
    page = client.get(reverse("period-new"), {"ke-hoach": cast.plan.pk})
    assert page.context["period"].plan == cast.plan


def test_the_plan_of_somebody_else_gets_no_period(cast: Cast):
    other = PlanFactory(province=cast.province, coordinating_agency=cast.health)
    assert as_user(cast.coordinator).get(reverse("period-new"), {"ke-hoach": other.pk}).status_code == 404
    assert as_user(cast.health_leader).get(reverse("period-new")).status_code == 404


def test_the_list_is_narrowed_by_plan_and_status(cast: Cast, proposed: Period):
    client = as_user(cast.coordinator)
    assert list(client.get(reverse("period-list"), {"status": "open"}).context["periods"]) == []
    assert list(client.get(reverse("period-list"), {"status": "proposed"}).context["periods"]) == [proposed]


def test_the_desk_of_a_closed_period_shows_its_history_and_no_buttons(cast: Cast, period: Period):
    period.close(by=cast.coordinator, on=date(2024, 7, 1))
    words = as_user(cast.coordinator).get(period.get_absolute_url()).content.decode()
    assert "Còn 3 báo cáo chưa nộp." in words
    assert 'name="reports"' not in words
    assert as_user(cast.coordinator).get(reverse("period-edit", args=[period.pk])).status_code == 302
