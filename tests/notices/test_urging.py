"""Urging late agencies: the desk, the recorded message, the official letters and the log."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from docx import Document

from notices.models import Notice, Urging
from notices.rules import make_notices
from notices.urging import late_agencies, letters_of, urge
from plans.models import WorkItem
from plans.models.occurrence import OccurrenceKind, State
from reports.documents.checking import check
from tests.cast import Cast
from tests.factories import work_item
from workdays.clock import set_demonstration_day

ON = date(2024, 7, 15)


@pytest.fixture
def late(cast: Cast) -> list[WorkItem]:
    """Sở Y tế is late with two tasks, Sở Tư pháp with one, the district with none."""
    return [
        work_item(cast.health, plan=cast.plan, due=date(2024, 6, 28)),
        work_item(cast.health, plan=cast.plan, due=date(2024, 7, 10)),
        work_item(cast.justice, plan=cast.plan, due=date(2024, 6, 30)),
        work_item(cast.district, plan=cast.plan, due=date(2024, 7, 30)),
    ]


@pytest.fixture
def client(client: Client, cast: Cast, settings) -> Client:
    """The coordinator's browser, on 15/7/2024."""
    settings.DEMO = True
    set_demonstration_day(ON)
    client.force_login(cast.coordinator)
    return client


def names(rows) -> list[str]:
    return [row.agency.name for row in rows]


def test_the_desk_shows_late_agencies_those_that_are_latest_first(cast: Cast, late: list[WorkItem]):
    found = late_agencies(cast.plan, ON)
    assert [(one.agency.name, len(one.late), one.most_late) for one in found] == [
        ("Sở Y tế", 2, 17),
        ("Sở Tư pháp", 1, 15),
    ]


def test_what_was_handed_in_and_check_points_are_not_urged(cast: Cast, late: list[WorkItem]):
    WorkItem.objects.filter(pk=late[2].pk).update(state=State.HANDED_IN, handed_in_on=ON)
    work_item(cast.district, plan=cast.plan, due=date(2024, 6, 1), kind=OccurrenceKind.CHECK_POINT)
    assert names(late_agencies(cast.plan, ON)) == ["Sở Y tế"]


def test_a_message_is_recorded_with_the_list_as_it_stood_and_told_once(cast: Cast, late: list[WorkItem]):
    ids = [cast.health.pk, cast.justice.pk, cast.district.pk]
    done = urge(
        cast.plan, ids, kind=Urging.Kind.MESSAGE, by=cast.coordinator, on=ON, words="Đề nghị báo cáo trong tuần."
    )
    assert sorted(names(done)) == ["Sở Tư pháp", "Sở Y tế"]
    make_notices(ON)
    make_notices(ON)
    told = Notice.objects.filter(kind=Notice.Kind.URGED, agency=cast.health)
    assert {notice.recipient for notice in told} == {cast.health_officer, cast.health_leader}
    assert told.count() == 2
    assert "còn 2 việc quá hạn" in told.first().words
    assert "Đề nghị báo cáo trong tuần." in told.first().words
    WorkItem.objects.filter(pk=late[0].pk).update(state=State.WAIVED)
    assert Urging.objects.get(agency=cast.health).count == 2, "the record stays as it was"


def test_the_same_agency_is_urged_once_a_day_in_one_way(cast: Cast, late: list[WorkItem]):
    for _ in range(2):
        urge(cast.plan, [cast.health.pk], kind=Urging.Kind.MESSAGE, by=cast.coordinator, on=ON)
    urge(cast.plan, [cast.health.pk], kind=Urging.Kind.LETTER, by=cast.coordinator, on=ON)
    assert sorted(Urging.objects.values_list("kind", flat=True)) == ["letter", "message"]
    assert late_agencies(cast.plan, ON)[0].urged == 2


def test_only_the_coordinator_urges_and_only_who_is_late(cast: Cast, late: list[WorkItem]):
    with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối"):
        urge(cast.plan, [cast.health.pk], kind="message", by=cast.health_officer, on=ON)
    with pytest.raises(ValidationError, match="không còn việc quá hạn"):
        urge(cast.plan, [cast.district.pk], kind="message", by=cast.coordinator, on=ON)
    with pytest.raises(ValidationError, match="ít nhất một cơ quan"):
        urge(cast.plan, [], kind="message", by=cast.coordinator, on=ON)


def test_each_late_agency_gets_a_letter_of_its_own_with_its_table(cast: Cast, late: list[WorkItem]):
    letters = letters_of(cast.plan, [cast.health.pk, cast.justice.pk], on=ON)
    assert [name for name, _ in letters] == ["don-doc-so-tu-phap.docx", "don-doc-so-y-te.docx"]
    document = Document(BytesIO(letters[1][1]))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Kính gửi: Sở Y tế." in words
    assert "còn 02 việc quá hạn" in words
    assert "trước ngày 22/7/2024" in words
    head = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert "V/v đôn đốc thực hiện Kế hoạch số 82/KH-UBND" in " ".join(head.split())
    rows = document.tables[1].rows
    assert [row.cells[4].text for row in rows] == ["Quá hạn (ngày)", "17", "5"]


def test_the_letter_keeps_every_point_of_the_decree(cast: Cast, late: list[WorkItem]):
    for _, letter in letters_of(cast.plan, [cast.health.pk, cast.justice.pk], on=ON):
        verdict = check(letter)
        assert (verdict.kind, verdict.failing) == ("công văn", [])


def test_letters_come_as_one_zip_and_are_recorded(client: Client, cast: Cast, late: list[WorkItem]):
    body = {"kind": "letter", "agencies": [cast.health.pk, cast.justice.pk]}
    answer = client.post(reverse("urging-send", args=[cast.plan.pk]), body)
    with ZipFile(BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == 2
    assert Urging.objects.filter(kind=Urging.Kind.LETTER).count() == 2
    urging = Urging.objects.get(agency=cast.health)
    client.post(reverse("urging-number", args=[urging.pk]), {"number": "512/SNV-CCHC", "signed_on": "16/07/2024"})
    log = client.get(reverse("urging-log")).content.decode()
    assert "số 512/SNV-CCHC ngày 16/07/2024" in log


def test_only_the_coordinator_writes_a_number_and_only_to_a_letter(cast: Cast, late: list[WorkItem]):
    [message] = urge(cast.plan, [cast.health.pk], kind="message", by=cast.coordinator, on=ON)
    [letter] = urge(cast.plan, [cast.health.pk], kind="letter", by=cast.coordinator, on=ON)
    for urging, by in ((message, cast.coordinator), (letter, cast.health_officer)):
        with pytest.raises(ValidationError, match="Chỉ cơ quan điều phối được ghi số công văn"):
            urging.write_number("512/SNV", ON, by=by)
    assert not Urging.objects.exclude(number="").exists()


def test_the_desk_filters_by_words_days_and_what_was_urged_before(client: Client, cast: Cast, late: list[WorkItem]):
    urge(cast.plan, [cast.health.pk], kind="message", by=cast.coordinator, on=ON)
    desk = reverse("urging-desk")
    assert names(client.get(desk, {"q": "so tu phap"}).context["page_obj"]) == ["Sở Tư pháp"]
    assert names(client.get(desk, {"days": 16}).context["page_obj"]) == ["Sở Y tế"]
    assert names(client.get(desk, {"urged": "no"}).context["page_obj"]) == ["Sở Tư pháp"]
    assert client.get(desk, {"days": "x", "plan": "999"}).status_code == 200


def test_urging_on_the_page_says_what_was_done(client: Client, cast: Cast, late: list[WorkItem]):
    body = {"kind": "message", "agencies": [cast.health.pk, cast.district.pk], "words": "Khẩn trương."}
    answer = client.post(reverse("urging-send", args=[cast.plan.pk]), body, follow=True)
    said = str(next(iter(answer.context["messages"])))
    assert "Đã đôn đốc 1 cơ quan" in said
    assert "1 cơ quan đã được đôn đốc hôm nay hoặc không còn việc quá hạn" in said


def test_an_agency_reads_how_it_was_urged_and_not_how_others_were(client: Client, cast: Cast, late: list[WorkItem]):
    ids = [cast.health.pk, cast.justice.pk]
    urge(cast.plan, ids, kind="message", by=cast.coordinator, on=ON, words="Khẩn trương hoàn thành.")
    client.force_login(cast.health_officer)
    page = client.get(reverse("urging-log"))
    assert names(page.context["page_obj"]) == ["Sở Y tế"]
    assert client.get(reverse("urging-desk")).status_code == 404


def test_the_log_is_taken_as_excel_and_asks_as_often_for_many_as_for_few(
    client: Client, cast: Cast, late: list[WorkItem], django_assert_max_num_queries
):
    urge(cast.plan, [cast.health.pk, cast.justice.pk], kind="message", by=cast.coordinator, on=ON)
    with django_assert_max_num_queries(18):
        assert client.get(reverse("urging-log")).status_code == 200
    answer = client.get(reverse("urging-log"), {"export": "xlsx"})
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")


def test_the_desk_asks_as_often_for_many_agencies_as_for_few(
    client: Client, cast: Cast, late: list[WorkItem], django_assert_max_num_queries
):
    for number in range(10):
        work_item(cast.commune, plan=cast.plan, due=date(2024, 6, 1 + number))
    with django_assert_max_num_queries(16):
        client.get(reverse("urging-desk"))
