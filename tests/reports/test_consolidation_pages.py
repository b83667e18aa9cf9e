"""The pages of a consolidated report: words over locked figures, versions, documents, differences."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership, User
from reports import making
from reports.consolidating import consolidate, figures_of
from reports.consolidating.narrative import by_addressee, proposals_of, sections_of
from reports.making import make_documents_of
from reports.models import Consolidation, NarrativeDraft, Period, Report, ReportState
from tests.cast import Cast
from tests.factories import person, work_item
from tests.reports.conftest import submitted

ON = date(2024, 6, 14)
pytestmark = pytest.mark.usefixtures("without_pdf")


def visit(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def arrived(cast: Cast, period: Period, report_of) -> Period:
    work_item(cast.health, plan=cast.plan, due=date(2024, 4, 30))
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader)
    return period


@pytest.fixture
def made(cast: Cast, arrived: Period) -> Consolidation:
    return consolidate(arrived, by=cast.coordinator, on=ON)


def new(period: Period) -> str:
    return reverse("consolidation-new", args=[period.pk])


def typed(client: Client, period: Period, **changes: str) -> dict[str, str]:
    """Return what the browser sends when some sections were changed."""
    form = client.get(new(period)).context["form"]
    page = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in page.items() if value is not None} | changes


# Words over figures


def test_every_section_begins_with_the_products_proposal(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    context = client.get(new(arrived)).context
    assert [one.key for one in context["written"]] == [
        "results", "shortcomings", "obstacles", "proposals", "outlook", "recipients"
    ]  # fmt: skip
    assert all(one.field.value() == one.proposal and not one.is_own for one in context["written"])
    assert not NarrativeDraft.objects.exists()


def test_what_is_saved_unchanged_goes_on_following_the_proposal(cast: Cast, arrived: Period, report_of):
    client = visit(cast.coordinator)
    words = typed(client, arrived, **{"words-outlook": "Đôn đốc.\r\nKiểm tra."})
    assert client.post(new(arrived), words | {"do": "save"}).status_code == 302
    draft = NarrativeDraft.objects.get()
    assert draft.words == {"outlook": "Đôn đốc.\nKiểm tra."}
    report = report_of(cast.health)
    Report.objects.filter(pk=report.pk).update(words=report.words | {"shortcomings": "Thiếu người."})
    written = {one.key: one for one in client.get(new(arrived)).context["written"]}
    assert written["shortcomings"].field.value() == "- Sở Y tế: thiếu người."
    assert written["outlook"].is_own


def test_a_section_is_restored_and_the_others_are_kept_as_they_stand_on_the_page(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    own = {"words-outlook": "Của tôi", "words-results": "Cũng của tôi"}
    client.post(new(arrived), typed(client, arrived, **own))
    changed = typed(client, arrived, **{"words-results": "Sửa thêm"})
    answer = client.post(new(arrived), changed | {"restore": "outlook"})
    assert answer["Location"].endswith("#muc-outlook")
    assert NarrativeDraft.objects.get().words == {"results": "Sửa thêm"}


def test_a_proposal_that_changed_after_somebody_wrote_over_it_is_told(cast: Cast, arrived: Period, report_of):
    client = visit(cast.coordinator)
    client.post(new(arrived), typed(client, arrived, **{"words-shortcomings": "Không đáng kể."}))
    written = {one.key: one for one in client.get(new(arrived)).context["written"]}
    assert not written["shortcomings"].has_newer_proposal
    report = report_of(cast.health)
    Report.objects.filter(pk=report.pk).update(words=report.words | {"shortcomings": "Thiếu người."})
    page = client.get(new(arrived))
    written = {one.key: one for one in page.context["written"]}
    assert written["shortcomings"].has_newer_proposal
    assert "Nội dung soạn sẵn đã thay đổi từ khi sửa mục này" in page.content.decode()


def test_the_second_of_two_coordinators_overwrites_nothing_and_keeps_what_they_typed(cast: Cast, arrived: Period):
    first, second = visit(cast.coordinator), visit(person(cast.home_affairs, Membership.Role.COORDINATOR))
    before = typed(second, arrived, **{"words-outlook": "Lời người thứ hai"})
    first.post(new(arrived), typed(first, arrived, **{"words-outlook": "Lời người thứ nhất"}))
    answer = second.post(new(arrived), before)
    assert answer.status_code == 422
    assert "vừa được người khác lưu" in answer.content.decode()
    assert "Lời người thứ hai" in answer.content.decode()
    assert NarrativeDraft.objects.get().words == {"outlook": "Lời người thứ nhất"}


def test_two_coordinators_who_make_a_version_of_one_draft_make_one(cast: Cast, arrived: Period):
    first, second = visit(cast.coordinator), visit(person(cast.home_affairs, Membership.Role.COORDINATOR))
    page = typed(first, arrived) | {"do": "make"}
    assert first.post(new(arrived), page).status_code == 302
    assert second.post(new(arrived), page).status_code == 422
    assert Consolidation.objects.count() == 1
    draft = NarrativeDraft.objects.get()
    with pytest.raises(ValidationError) as refused:
        consolidate(arrived, by=cast.coordinator, on=ON, revision=draft.revision - 1)
    assert refused.value.code == "taken"


def test_the_version_keeps_the_words_as_they_were_and_the_draft_stays_for_the_next_one(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    page = typed(client, arrived, **{"words-outlook": "Đôn đốc.", "signer": "Trần Thị B"})
    client.post(new(arrived), page | {"do": "make"})
    made = Consolidation.objects.get()
    assert (made.narrative["outlook"], made.signer) == ("Đôn đốc.", "Trần Thị B")
    assert made.narrative["results"].startswith("Nhìn chung, các cơ quan")
    assert client.get(new(arrived)).context["form"]["words-outlook"].value() == "Đôn đốc."


def test_a_section_that_was_emptied_stays_empty_in_the_version(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    client.post(new(arrived), typed(client, arrived, **{"words-results": ""}) | {"do": "make"})
    assert Consolidation.objects.get().narrative["results"] == ""


def test_recipients_follow_the_issuer_unless_somebody_wrote_them(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    client.post(new(arrived), typed(client, arrived, issuer="committee"))
    assert "recipients" not in NarrativeDraft.objects.get().words
    assert "Chủ tịch" in client.get(new(arrived)).context["form"]["words-recipients"].value()


def test_a_section_that_the_outline_has_besides_the_usual_ones_is_compiled_from_the_agencies_words(
    cast: Cast, arrived: Period, report_of
):
    further = [{"key": "sang-kien", "title": "Sáng kiến", "hint": "", "required": False, "source": ""}]
    Period.objects.filter(pk=arrived.pk).update(outline=arrived.outline + further)
    report = report_of(cast.health)
    Report.objects.filter(pk=report.pk).update(words=report.words | {"sang-kien": "Trả kết quả tại nhà."})
    figures = figures_of(Period.objects.get(pk=arrived.pk), ON)
    keys = [key for key, _ in sections_of(figures)]
    assert keys[-3:] == ["sang-kien", "outlook", "recipients"]
    assert proposals_of(figures, "coordinator")["sang-kien"] == "- Sở Y tế: trả kết quả tại nhà."


def test_proposals_stand_under_the_agency_to_which_they_are_addressed_and_the_same_words_once():
    rows = [
        {"agency": "Sở A", "text": "- Đối với UBND tỉnh: bố trí kinh phí.\n- Đối với Sở Nội vụ: tập huấn."},
        {"agency": "Sở B", "text": "- Đối với UBND tỉnh: Bố trí kinh phí\nCần thêm người."},
    ]
    assert by_addressee(rows) == (
        "- Đối với UBND tỉnh:\n+ bố trí kinh phí (Sở A; Sở B).\n- Đối với Sở Nội vụ:\n+ tập huấn (Sở A).\n"
        "- Sở B: cần thêm người."
    )


# The paper before it is made


def test_the_preview_says_the_words_of_the_file_and_makes_no_version(cast: Cast, arrived: Period):
    client = visit(cast.coordinator)
    client.post(new(arrived), typed(client, arrived, **{"words-outlook": "Đôn đốc quyết liệt."}))
    page = client.get(reverse("consolidation-preview", args=[arrived.pk])).content.decode()
    assert all(words in page for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Đôn đốc quyết liệt.", "Sở Y tế"))
    word = client.get(reverse("consolidation-preview", args=[arrived.pk]), {"tep": "word"})
    assert word.content[:2] == b"PK"
    assert not Consolidation.objects.exists()


# Versions and their documents


def test_the_page_of_a_version_follows_its_documents_until_they_are_there(cast: Cast, made: Consolidation):
    client = visit(cast.coordinator)
    progress = reverse("consolidation-progress", args=[made.pk])
    assert progress in client.get(made.get_absolute_url()).content.decode()
    assert "HX-Redirect" not in client.get(progress).headers
    make_documents_of(made.pk)
    assert client.get(progress).headers["HX-Redirect"] == made.get_absolute_url()
    page = client.get(made.get_absolute_url()).content.decode()
    assert progress not in page
    assert all(document.get_absolute_url() in page for document in made.documents.all())


def test_where_no_worker_takes_a_version_the_page_says_so_and_makes_the_documents_itself(
    cast: Cast, made: Consolidation
):
    Consolidation.objects.filter(pk=made.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    client = visit(cast.coordinator)
    assert "Chưa có tiến trình xử lý nào" in client.get(made.get_absolute_url()).content.decode()
    assert "Lập ngay" not in visit(cast.viewer).get(made.get_absolute_url()).content.decode()
    client.post(reverse("consolidation-make", args=[made.pk]))
    assert made.documents.count() == 2


def test_a_failure_stands_on_the_page_with_a_way_to_try_again(cast: Cast, made: Consolidation, monkeypatch):
    def broken(*args: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(making, "word_of_consolidation", broken)
    make_documents_of(made.pk)
    page = visit(cast.coordinator).get(made.get_absolute_url()).content.decode()
    assert "Chưa lập được tệp Word" in page
    assert "Thử lại" in page
    assert "Thử lại</button>" not in visit(cast.viewer).get(made.get_absolute_url()).content.decode()
    monkeypatch.undo()
    visit(cast.coordinator).post(reverse("consolidation-make", args=[made.pk]))
    made.refresh_from_db()
    assert (made.failure, made.documents.filter(kind="word").count()) == ("", 1)


def test_a_failure_turns_the_health_red(cast: Cast, made: Consolidation, client: Client):
    assert client.get(reverse("health")).json()["documents_failed"] == 0
    Consolidation.objects.filter(pk=made.pk).update(failure="Hết chỗ")
    answer = client.get(reverse("health"))
    assert (answer.json()["documents_failed"], answer.json()["red"]) == (1, True)
    assert answer.status_code == 200


def test_documents_that_nobody_makes_turn_the_health_red(cast: Cast, made: Consolidation, client: Client):
    Consolidation.objects.filter(pk=made.pk).update(asked_at=timezone.now() - timedelta(hours=2))
    answer = client.get(reverse("health")).json()
    assert (answer["documents_waiting_over_an_hour"], answer["red"]) == (1, True)


# What differs


def test_the_differences_tell_figures_agencies_and_words_from_to(cast: Cast, made: Consolidation, report_of):
    report_of(cast.health).send_back(by=cast.coordinator, on=ON, reason="Thiếu")
    Agency.objects.filter(pk=cast.health.pk).update(name="Sở Y tế và Dân số")
    submitted(report_of(cast.health), cast.health_officer, cast.health_leader, on=ON)
    work_item(cast.justice, plan=cast.plan, due=date(2024, 4, 30))
    leader = person(cast.justice, Membership.Role.LEADER)
    submitted(report_of(cast.justice), cast.justice_officer, leader, on=ON)
    words = {"outlook": made.narrative["outlook"] + " Kiểm tra đột xuất."}
    second = consolidate(made.period, by=cast.coordinator, on=ON, narrative=words)
    address = reverse("consolidation-differences", args=[second.pk, made.pk])
    answer = visit(cast.viewer).get(address)
    found, page = answer.context["found"], answer.content.decode()
    tables = {table.title: table for table in found.tables}
    assert tables["Cơ quan"].came == ["Sở Tư pháp"]
    renamed = tables["Cơ quan"].changed[0]
    assert (renamed.changes[0].before, renamed.changes[0].after) == ("Sở Y tế", "Sở Y tế và Dân số")
    totals = {change.label: (change.before, change.after) for change in found.totals}
    assert totals["Đầu việc"] == ("1", "2")
    [outlook] = [words for words in found.words if words.title == "Phương hướng, nhiệm vụ thời gian tới"]
    assert [text for mark, text in outlook.after if mark == "new"] == [" Kiểm tra đột xuất."]
    assert "gone" not in {mark for mark, _ in outlook.before}
    assert "<ins> Kiểm tra đột xuất.</ins>" in page
    assert reverse("consolidation-detail", args=[made.pk]) in page


def test_the_order_in_which_two_versions_are_named_makes_no_difference(cast: Cast, made: Consolidation):
    second = consolidate(made.period, by=cast.coordinator, on=ON, narrative={"outlook": "Khác"})
    client = visit(cast.coordinator)
    for pair in ([made.pk, second.pk], [second.pk, made.pk]):
        context = client.get(reverse("consolidation-differences", args=pair)).context
        assert (context["older"], context["newer"]) == (made, second)


def test_versions_of_equal_content_differ_in_nothing(cast: Cast, made: Consolidation):
    second = consolidate(made.period, by=cast.coordinator, on=ON)
    page = visit(cast.coordinator).get(reverse("consolidation-differences", args=[made.pk, second.pk]))
    assert page.context["found"].nothing
    assert "cùng số liệu và lời văn" in page.content.decode()


# A parent sums up its children


@pytest.fixture
def commune(cast: Cast, proposed: Period) -> Report:
    """A commune that owes work and reports to its district."""
    work_item(cast.commune, plan=cast.plan, due=date(2024, 4, 30))
    proposed.open(by=cast.coordinator, on=date(2024, 5, 20))
    leader = person(cast.commune, Membership.Role.LEADER)
    report = Report.objects.get(period=proposed, agency=cast.commune)
    return submitted(report, cast.commune_officer, leader)


def collected(cast: Cast, period: Period) -> str:
    return reverse("consolidation-new-collected", args=[period.pk, cast.district.pk])


def test_a_district_sums_up_the_communes_it_has_accepted(cast: Cast, commune: Report):
    client = visit(cast.district_officer)
    address = collected(cast, commune.period)
    assert client.get(address).context["figures"]["reporting"]["counted"] == 0
    page = {"revision": "0", "signed_as": "head", "do": "make"}
    assert "Chưa tiếp nhận báo cáo nào" in client.post(address, page).content.decode()
    commune.accept(by=cast.district_officer, on=ON)
    page["revision"] = str(NarrativeDraft.objects.get().revision)
    assert client.post(address, page).status_code == 302
    made = Consolidation.objects.get()
    assert (made.collector, made.figures["collector"]) == (cast.district, "UBND huyện Lập Thạch")
    assert [row["agency"] for row in made.figures["agencies"]] == ["UBND xã Quang Sơn"]
    make_documents_of(made.pk)
    assert "UBND huyện Lập Thạch" in made.documents.get(kind="word").name
    assert client.get(made.get_absolute_url()).status_code == 200


def test_versions_of_a_district_and_of_the_province_are_numbered_apart(cast: Cast, commune: Report):
    commune.accept(by=cast.district_officer, on=ON)
    leader = person(cast.district, Membership.Role.LEADER)
    submitted(Report.objects.get(agency=cast.district), cast.district_officer, leader)
    consolidate(commune.period, by=cast.district_officer, on=ON, collector=cast.district)
    province = consolidate(commune.period, by=cast.coordinator, on=ON)
    assert province.version == 1
    assert Consolidation.objects.of(cast.district).get().version == 1


def test_nobody_else_opens_the_desk_of_a_district(cast: Cast, commune: Report):
    address = collected(cast, commune.period)
    for somebody in (cast.coordinator, cast.commune_officer, cast.justice_officer, cast.viewer, cast.stranger):
        assert visit(somebody).get(address).status_code == 404
    no_parent = reverse("consolidation-new-collected", args=[commune.period_id, cast.health.pk])
    assert visit(cast.health_officer).get(no_parent).status_code == 404


def test_a_child_counts_in_the_province_only_with_its_parents_report(cast: Cast, commune: Report):
    period = commune.period
    leader = person(cast.district, Membership.Role.LEADER)
    district = submitted(Report.objects.get(agency=cast.district), cast.district_officer, leader)
    assert [row["agency"] for row in figures_of(period, ON)["agencies"]] == ["UBND huyện Lập Thạch"]
    commune.accept(by=cast.district_officer, on=ON)
    figures = figures_of(period, ON)
    assert [(row["agency"], row["under"]) for row in figures["agencies"]] == [
        ("UBND huyện Lập Thạch", ""), ("UBND xã Quang Sơn", "UBND huyện Lập Thạch")
    ]  # fmt: skip
    assert {row["kind"]: row["agencies"] for row in figures["kinds"]} == {"UBND cấp huyện": 1, "UBND cấp xã": 1}
    assert (figures["reporting"]["arrived"], figures["reporting"]["children"]["counted"]) == (1, 1)
    type(cast.district).objects.filter(pk=cast.district.pk).update(name="UBND huyện Mới")
    assert figures_of(period, ON)["agencies"] == figures["agencies"], "the names are those of the day of the report"
    district.send_back(by=cast.coordinator, on=ON, reason="Thiếu")
    figures = figures_of(period, ON)
    assert (figures["agencies"], figures["totals"]["deliveries"]) == ([], 0)
    assert Report.objects.get(pk=commune.pk).state == ReportState.ACCEPTED


def test_a_district_that_is_released_later_leaves_the_figures_of_the_communes_it_has_accepted(
    cast: Cast, commune: Report
):
    commune.accept(by=cast.district_officer, on=ON)
    assert figures_of(commune.period, ON)["agencies"] == [], "the district has not reported yet"
    report = Report.objects.get(agency=cast.district)
    report.exclude(by=cast.coordinator, on=ON, reason="Kết thúc hoạt động cấp huyện")
    figures = figures_of(commune.period, ON)
    assert [row["agency"] for row in figures["agencies"]] == ["UBND xã Quang Sơn"]
    assert (figures["totals"]["deliveries"], figures["reporting"]["children"]["counted"]) == (1, 1)
