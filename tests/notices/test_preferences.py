"""What people wish to hear of, by kind and channel; and what nobody can switch off."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.models import MutedKind, Notice, PlanNoticeSettings, WeeklyLetter
from notices.preferences import OPTED_OUT, STATUTORY, set_wishes
from notices.rules import make_notices
from tests.cast import Cast
from tests.factories import work_item

Kind = Notice.Kind
DUE = date(2024, 6, 28)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ticks(**off: bool) -> dict[str, str]:
    """Return the form with every tick set but those named, e.g. ``letter_due=False``."""
    names = [f"{channel}_{kind}" for kind in Kind if kind not in STATUTORY for channel in MutedKind.Channel]
    return {name: "on" for name in names if off.get(name, True)}


def test_a_kind_that_is_not_wanted_by_letter_stays_on_the_page_and_the_ledger_says_why(cast: Cast) -> None:
    client = signed_in(cast.health_officer)
    client.post(reverse("notice-wishes"), ticks(letter_nearly_due=False))
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=7))
    notice = Notice.objects.get(kind=Kind.NEARLY_DUE)
    assert (notice.state, notice.reason, notice.on_page) == ("suppressed", OPTED_OUT, True)
    assert notice.words in client.get(reverse("notice-list")).content.decode()


def test_a_kind_that_is_not_wanted_on_the_page_is_not_in_the_inbox_and_still_comes_by_letter(cast: Cast) -> None:
    client = signed_in(cast.health_officer)
    client.post(reverse("notice-wishes"), ticks(page_nearly_due=False))
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=7))
    notice = Notice.objects.get(kind=Kind.NEARLY_DUE)
    assert (notice.state, notice.on_page) == ("waiting", False)
    assert notice.words not in client.get(reverse("notice-list")).content.decode()
    assert Kind.NEARLY_DUE not in Notice.objects.unread_of(cast.health_officer).values_list("kind", flat=True)


def test_wishes_hold_for_oneself_only(cast: Cast) -> None:
    set_wishes(cast.justice_officer, {(Kind.NEARLY_DUE, "letter")}, weekly=False, on=DUE)
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=7))
    assert Notice.objects.get(kind=Kind.NEARLY_DUE).state == "waiting"


def test_a_letter_that_waits_is_not_written_once_it_is_not_wanted_any_more(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE - timedelta(days=7))
    set_wishes(cast.health_officer, {(Kind.NEARLY_DUE, "letter")}, weekly=False, on=DUE)
    assert dict(Notice.objects.values_list("kind", "state")) == {"assigned": "waiting", "nearly_due": "suppressed"}


@pytest.mark.parametrize("kind", sorted(STATUTORY))
def test_what_is_statutory_cannot_be_switched_off(cast: Cast, kind: str) -> None:
    with pytest.raises(ValidationError, match="bắt buộc"):
        set_wishes(cast.health_officer, {(kind, "letter")}, weekly=False, on=DUE)
    with pytest.raises(IntegrityError), transaction.atomic():
        MutedKind.objects.create(user=cast.health_officer, kind=kind, channel="letter")


def test_the_page_names_what_is_statutory_and_asks_only_about_the_rest(cast: Cast) -> None:
    page = signed_in(cast.health_officer).get(reverse("notice-wishes"))
    html = page.content.decode()
    assert "Luôn được gửi, không tắt được: quá hạn, báo cáo cấp trên, bị trả lại" in html
    assert 'name="letter_overdue"' not in html
    assert html.count('type="checkbox"') >= 2 * (len(Kind) - len(STATUTORY))


def test_a_forged_form_switches_nothing_statutory_off(cast: Cast) -> None:
    signed_in(cast.health_officer).post(reverse("notice-wishes"), {})
    assert not MutedKind.objects.filter(kind__in=STATUTORY).exists()
    work_item(cast.health, plan=cast.plan, due=DUE)
    make_notices(DUE + timedelta(days=1))
    overdue = Notice.objects.get(kind=Kind.OVERDUE)
    assert (overdue.state, overdue.on_page) == ("waiting", True)


def test_a_letter_a_week_is_offered_where_a_plan_allows_it_and_taken_back_again(cast: Cast) -> None:
    client = signed_in(cast.health_officer)
    assert 'name="weekly"' in client.get(reverse("notice-wishes")).content.decode()
    client.post(reverse("notice-wishes"), ticks() | {"weekly": "on"})
    assert WeeklyLetter.objects.get().user == cast.health_officer
    client.post(reverse("notice-wishes"), ticks())
    assert not WeeklyLetter.objects.exists()
    PlanNoticeSettings.objects.create(plan=cast.plan, digest="daily")
    assert 'name="weekly"' not in client.get(reverse("notice-wishes")).content.decode()
    client.post(reverse("notice-wishes"), ticks() | {"weekly": "on"})
    assert not WeeklyLetter.objects.exists()


def test_wishes_saved_twice_are_the_same_wishes(cast: Cast) -> None:
    for _ in range(2):
        signed_in(cast.health_officer).post(reverse("notice-wishes"), ticks(letter_due=False, page_idle=False))
    assert set(MutedKind.objects.values_list("kind", "channel")) == {("due", "letter"), ("idle", "page")}


# The inbox


def test_the_inbox_says_why_and_is_searched_without_diacritics_and_filtered_by_plan_and_day(cast: Cast) -> None:
    item = work_item(cast.health, plan=cast.plan, due=DUE)
    item.task.text = "Cải tạo Bộ phận Một cửa"
    item.task.save()
    make_notices(DUE - timedelta(days=7))
    client = signed_in(cast.health_officer)

    def found(**asked: Any) -> list[str]:
        return [notice.kind for notice in client.get(reverse("notice-list"), asked).context["page_obj"]]

    assert found() == ["nearly_due", "assigned"]
    assert found(q="cai tao bo phan") == ["nearly_due"]
    assert found(plan=cast.plan.pk) == ["nearly_due", "assigned"]
    assert found(on_from="22/06/2024") == []
    assert found(kind="assigned") == ["assigned"]
    page = client.get(reverse("notice-list")).content.decode()
    assert "Vì sao anh/chị nhận: Anh/chị là chuyên viên của cơ quan thực hiện." in page
    Notice.objects.filter(kind="assigned").update(read_at=timezone.now())
    assert found(doc="chua") == ["nearly_due"]
