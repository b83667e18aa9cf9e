"""What the shell and the parts of pages promise to everybody who writes or reads a page."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import LazySettings, settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from agencies.models import User
from sipas_tracker.shell import PageShell, page_shell
from sipas_tracker.templatetags import marks, pages
from tests.cast import Cast
from tests.factories import person

TODAY = date(2024, 6, 3)
OURS = Path(settings.BASE_DIR) / "templates"


def show(source: str, path: str = "/", **context: object) -> str:
    """Render a piece of a template as a page would, on one line."""
    request = RequestFactory().get(path)
    return " ".join(engines["django"].from_string(source).render({**context}, request).split())


def asked_by(user: User | AnonymousUser, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return request


def labels(user: User) -> list[str]:
    return [entry.label for entry in PageShell(asked_by(user)).entries]


class UpdateForm(forms.Form):
    """A form with one field of each shape."""

    words = forms.CharField(label="Kết quả", widget=forms.Textarea, help_text="Nêu số liệu.")
    percent = forms.IntegerField(label="Tỷ lệ", max_value=100)
    due = forms.DateField(label="Ngày")
    how = forms.ChoiceField(label="Xử lý", choices=[("a", "Xác nhận"), ("b", "Trả lại")], widget=forms.RadioSelect)
    ok = forms.BooleanField(label="Đã ký", required=False)
    file = forms.FileField(label="Minh chứng", required=False)
    signed_as = forms.ChoiceField(label="Thẩm quyền ký", choices=[("head", "người đứng đầu")], required=False)
    id = forms.IntegerField(widget=forms.HiddenInput)


# Dates and figures


def test_dates_stand_day_first_with_equal_widths_in_tables() -> None:
    assert pages.day(date(2024, 6, 3)) == "03/06/2024"


def test_dates_in_sentences_are_written_as_decree_30_prints_them() -> None:
    assert [pages.day_official(date(2024, month, 3)) for month in (2, 6, 11)] == [
        "03/02/2024",
        "03/6/2024",
        "03/11/2024",
    ]


def test_a_moment_is_told_in_the_time_of_vietnam() -> None:
    assert pages.moment(datetime(2024, 6, 2, 18, 5, tzinfo=UTC)) == "01:05, 03/06/2024"
    assert pages.day(datetime(2024, 6, 2, 18, 5, tzinfo=UTC)) == "03/06/2024"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2024, 6, 8), "còn 5 ngày"),
        (date(2024, 6, 4), "đến hạn ngày mai"),
        (date(2024, 6, 3), "đến hạn hôm nay"),
        (date(2024, 6, 2), "quá hạn 1 ngày"),
        (None, "không có thời hạn"),
    ],
)
def test_days_left_are_said_in_words(due: date | None, words: str) -> None:
    assert pages.days_words(due, TODAY) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [(date(2024, 6, 8), "còn 5 ngày"), (date(2024, 6, 3), "đến mốc hôm nay"), (date(2024, 6, 1), "đã qua 2 ngày")],
)
def test_a_check_point_is_never_called_overdue(due: date, words: str) -> None:
    assert pages.days_to_mark(due, TODAY) == words


def test_an_entry_of_the_history_stands_on_the_working_day_that_counts() -> None:
    at = datetime(2024, 6, 3, 7, 5, tzinfo=UTC)
    entry = "{% event at=at what='Trả lại' on=on %}{% endevent %}"
    assert "14:05, 03/06/2024" in show(entry, at=at, on=date(2024, 6, 3))
    assert "14:05" not in show(entry, at=at, on=date(2024, 5, 20))
    assert "20/05/2024" in show(entry, at=at, on=date(2024, 5, 20))


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("37.50"), "37,5 %"), (100, "100 %"), (0, "0 %"), (None, "–"), (33.333, "33,3 %"), (20, "20 %")],
)
def test_percentages_have_a_comma_and_no_useless_zero(value: object, words: str) -> None:
    assert pages.percent_vi(value) == words


def test_a_share_of_nothing_is_no_figure_rather_than_nought() -> None:
    assert pages.percent_vi(pages.share_of(0, 0)) == "–"
    assert pages.percent_vi(pages.share_of(1, 4)) == "25 %"


def test_years_and_ids_can_be_shown_without_a_separator_of_thousands() -> None:
    assert show("{{ year }} {{ year|plain }}", year=2024) == "2.024 2024"


# Marks, icons, bars


@pytest.mark.parametrize(
    "kind", [marks.STATES, marks.TIMELINESS, marks.REPORTS, marks.PLANS], ids=["state", "time", "report", "plan"]
)
def test_every_mark_has_a_word_an_icon_that_exists_and_a_known_tone(kind: dict[str, marks.Mark]) -> None:
    for mark in kind.values():
        assert mark.word
        assert mark.tone in marks.TONES
        assert (pages.ICONS / f"{mark.icon}.svg").is_file(), mark.icon
    icons = [mark.icon for mark in kind.values()]
    assert len(set(icons)) == len(icons), "two marks of one kind share an icon: then only colour would tell them apart"


def test_the_word_of_the_model_wins_over_the_default_word() -> None:
    html = show('{% state_badge "in_progress" "đang làm dở" %}')
    assert "đang làm dở" in html
    assert "Đang thực hiện" not in html


def test_a_value_nobody_knows_is_still_shown_in_words() -> None:
    assert "bàn giao" in show('{% state_badge "transferred" "bàn giao" %}')


def test_every_icon_that_a_template_names_exists() -> None:
    named = re.compile(r'{%\s*icon\s+"([a-z0-9-]+)"|icon="([a-z0-9-]+)"')
    missing = {
        f"{path.name}: {name}"
        for path in OURS.rglob("*.html")
        for pair in named.findall(path.read_text("utf-8"))
        if (name := pair[0] or pair[1]) and not (pages.ICONS / f"{name}.svg").is_file()
    }
    assert missing == set()


def test_an_icon_is_silent_unless_it_is_given_words() -> None:
    assert 'aria-hidden="true"' in show('{% icon "x" %}')
    assert 'role="img" aria-label="Đóng &lt;b&gt;"' in show('{% icon "x" 18 words %}', words="Đóng <b>")


def test_an_icon_cannot_be_asked_for_outside_its_folder() -> None:
    assert show('[{% icon "../../img/seal" %}]') == "[]"


def test_a_bar_gives_its_percentage_in_words_and_a_plain_number_to_the_browser() -> None:
    html = show('{% progress_bar 3 8 label="Tiến độ Sở Y tế" %}')
    assert 'value="37.5"' in html
    assert 'aria-label="Tiến độ Sở Y tế"' in html
    assert "38 %" in html


def test_a_bar_without_a_whole_is_empty_and_says_so() -> None:
    html = show("{% progress_bar 0 0 %}")
    assert 'value="0"' in html
    assert "–" in html


def test_the_parts_of_a_bar_fill_it_and_are_named() -> None:
    html = show("{% segments parts %}", parts=[("good", "Hoàn thành", 3), ("seal", "Quá hạn", 1)])
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', html) == [("0.00", "75.00"), ("75.00", "25.00")]
    assert "Quá hạn <strong>1</strong>" in html


# Forms


def test_a_field_ties_its_help_and_its_faults_to_the_control() -> None:
    html = show("{% field form.words %}", form=UpdateForm({}))
    described = re.search(r'<textarea[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html
    assert len(described[1].split()) == 2


def test_help_given_by_the_page_is_tied_to_the_control_too() -> None:
    html = show('{% field form.percent help="Từ 0 đến 100" %}', form=UpdateForm())
    assert 'aria-describedby="id_percent_helptext"' in html
    assert 'id="id_percent_helptext"' in html


def test_faults_of_django_are_put_in_the_words_of_an_office() -> None:
    form = UpdateForm({"percent": "140", "due": "31/2/2024"})
    assert "Không được lớn hơn 100." in show("{% field form.percent %}", form=form)
    assert "Ngày chưa đúng. Viết ngày trước" in show("{% field form.due %}", form=form)
    assert "Cần điền mục này." in show("{% field form.words %}", form=form)


def test_words_that_a_form_of_ours_wrote_are_left_as_they_are() -> None:
    form = UpdateForm({"percent": "5"})
    form.add_error("percent", ValidationError("Kế hoạch này đã đóng.", code="required"))
    assert "Kế hoạch này đã đóng." in show("{% field form.percent %}", form=form)


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = show("{% field form.how %}", form=UpdateForm())
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_a_date_is_typed_as_text_so_that_no_browser_turns_day_and_month_round() -> None:
    html = show("{% field form.due %}", form=UpdateForm())
    assert 'type="text"' in html
    assert "data-date" in html


def test_a_hidden_field_has_no_label() -> None:
    html = show("{% field form.id %}", form=UpdateForm())
    assert 'type="hidden"' in html
    assert "<label" not in html


def test_the_summary_of_faults_leads_to_each_field() -> None:
    html = show("{% form_errors form %}", form=UpdateForm({"words": "x", "due": "1/6/2024", "how": "a"}))
    assert 'role="alert"' in html
    assert 'href="#id_percent"' in html
    assert show("{% form_errors form %}", form=UpdateForm()) == ""


# Lists


def test_a_page_of_a_list_keeps_the_filter_that_was_asked_for() -> None:
    page = Paginator(range(132), 12).get_page(2)
    html = show('{% pager page noun="đầu việc" %}', "/?q=y+te&page=2", page=page)
    assert "13–24 trong 132 đầu việc" in html
    assert 'href="?q=y+te&amp;page=3" rel="next"' in html


def test_ordering_by_a_column_turns_round_at_the_second_click_and_starts_at_the_first_page() -> None:
    html = show('{% sort_header "due" "Hạn" %}', "/?sort=due&page=4&q=x")
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-due&amp;q=x"' in html


def test_the_export_of_a_list_holds_what_the_list_shows() -> None:
    class Filters(forms.Form):
        q = forms.CharField(required=False)
        state = forms.CharField(required=False)

    html = show('{% filter_bar form export="/xuat/" %}', "/?q=so+y+te&state=overdue&page=3", form=Filters())
    assert 'href="/xuat/?q=so+y+te&amp;state=overdue"' in html
    assert "Xóa bộ lọc" in html


def test_an_export_address_that_has_its_query_is_left_alone() -> None:
    form = type("Filters", (forms.Form,), {"q": forms.CharField(required=False)})()
    html = show(
        '{% with_query export="xlsx" page=None as url %}{% filter_bar form export=url %}', "/?q=y&page=2", form=form
    )
    assert 'href="?q=y&amp;export=xlsx"' in html


def test_words_of_a_page_are_escaped_in_every_block() -> None:
    source = (
        "{% page_head title=evil meta=evil %}{{ evil }}{% endpage_head %}{% panel title=evil %}{{ evil }}{% endpanel %}"
        '{% quote source=evil %}{{ evil }}{% endquote %}{% dialog id="d" title=evil %}{{ evil }}{% enddialog %}'
        "{% event at=at what=evil by=evil %}{{ evil }}{% endevent %}{% bulk_bar noun=evil %}{% endbulk_bar %}"
        "{% crumb evil %}{% state_badge evil evil %}{% steps evil 1 %}{% segments parts label=evil %}"
    )
    evil = "<script>alert(1)</script>"
    html = show(source, evil=evil, at=datetime(2024, 6, 3, tzinfo=UTC), parts=[("good", evil, 1)])
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 13


def test_no_template_breaks_the_content_security_policy() -> None:
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:|https?://", re.I)
    outside_letters = [path for path in OURS.rglob("*.html") if "letter" not in path.name]
    found = {
        f"{path.relative_to(OURS)}: {hit.group(0)}"
        for path in outside_letters
        for hit in forbidden.finditer(path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', ""))
    }
    assert found == set()


# The shell


def test_an_officer_sees_no_entry_that_only_coordinators_use(cast: Cast) -> None:
    assert "Tổng hợp" not in labels(cast.health_officer)
    assert "Tổng hợp" in labels(cast.coordinator)
    assert "Tổng hợp" in labels(cast.viewer)


def test_the_entry_of_the_page_that_is_open_is_marked(cast: Cast) -> None:
    entries = PageShell(asked_by(cast.coordinator, "/")).entries
    assert [entry.label for entry in entries if entry.active] == ["Trang chủ"]


def test_a_visitor_has_no_navigation_and_no_memberships() -> None:
    shell = PageShell(asked_by(AnonymousUser()))
    assert (shell.entries, shell.memberships, shell.unread) == ([], [], 0)


def test_the_shell_asks_the_database_nothing_until_a_page_shows_it(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    request = asked_by(cast.health_officer)
    with django_assert_num_queries(0):
        page_shell(request)


def test_only_the_coordinator_moves_the_day_and_only_in_the_demonstration(cast: Cast, settings: LazySettings) -> None:
    settings.DEMO = True
    assert PageShell(asked_by(cast.coordinator)).may_move_the_day
    assert not PageShell(asked_by(cast.health_officer)).may_move_the_day
    settings.DEMO = False
    assert not PageShell(asked_by(cast.coordinator)).may_move_the_day


def test_accounts_of_the_sample_data_are_offered_only_in_the_demonstration(cast: Cast, settings: LazySettings) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, "mot-mat-khau-de-thu"
    assert cast.coordinator in [row.user for row in PageShell(asked_by(AnonymousUser())).demo_accounts]
    settings.DEMO = False
    shell = PageShell(asked_by(AnonymousUser()))
    assert (shell.demo_accounts, shell.demo_password) == ([], "")


def test_a_person_reads_where_they_work_and_as_what(cast: Cast) -> None:
    [membership] = PageShell(asked_by(cast.health_leader)).memberships
    assert (membership.agency, membership.get_role_display()) == (cast.health, "lãnh đạo cơ quan")


def test_the_sign_in_page_stands_without_a_person_and_forbids_foreign_hosts(client: Client, db: None) -> None:
    answer = client.get(reverse("account_login"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Đăng nhập" in page
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_a_wrong_password_is_refused_in_words(client: Client, cast: Cast) -> None:
    answer = client.post(reverse("account_login"), {"login": cast.coordinator.username, "password": "sai-mat-khau"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_an_address_that_is_not_there_answers_with_a_page_in_vietnamese(client: Client, cast: Cast) -> None:
    client.force_login(cast.health_officer)
    answer = client.get("/khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.content.decode()


def test_the_page_of_a_failure_needs_nothing_that_may_have_failed() -> None:
    page = engines["django"].get_template("500.html").render({})
    assert "Hệ thống gặp lỗi" in page
    assert "<nav" not in page


def test_a_page_signs_out_by_post_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.health_officer)
    page = client.get(reverse("account_change_password")).content.decode()
    address = reverse("account_logout")
    assert f'<form method="post" action="{address}">' in page
    assert f'href="{address}"' not in page


def test_the_banner_names_the_assumed_day(client: Client, settings: LazySettings) -> None:
    html = show(
        '{% include "components/demo_banner.html" %}', shell=SimpleNamespace(today=TODAY, may_move_the_day=False)
    )
    assert "Dữ liệu mẫu - ngày làm việc giả định <strong>03/6/2024</strong>" in html
    assert "<form" not in html


def test_an_administrator_finds_the_administration(cast: Cast) -> None:
    chief = person(cast.home_affairs, "administrator", username="quantri")
    assert "Quản trị" in labels(chief)
    assert "Quản trị" not in labels(cast.health_officer)


def test_many_filters_fold_away_but_a_folded_one_that_is_asked_for_stands_open() -> None:
    class Filters(forms.Form):
        state = forms.MultipleChoiceField(
            required=False, choices=[("a", "đang làm"), ("b", "xong")], widget=forms.CheckboxSelectMultiple
        )
        two, three, four = (forms.CharField(required=False) for _ in range(3))
        five = forms.CharField(required=False)

    source = "{% filter_bar form %}"
    assert '<details class="filter-far">' in show(source, "/?two=x", form=Filters({"two": "x"}))
    html = show(source, "/?five=x&state=a&state=b", form=Filters({"five": "x", "state": ["a", "b"]}))
    assert '<details class="filter-far" open>' in html
    assert "2 đã chọn" in html


def test_the_choices_of_a_list_begin_with_a_capital() -> None:
    assert ">Người đứng đầu</option>" in show("{% field form.signed_as %}", form=UpdateForm())
