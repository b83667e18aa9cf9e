"""What a stranger, a guesser or a broken file may not do: files built to harm, nonsense in forms, other provinces' rows."""

import io
import os
import subprocess
import sys
import time
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib import admin
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as WordDocument
from openpyxl import load_workbook
from rest_framework.authtoken.models import Token

from agencies.management.commands.parse_agencies import read_line
from agencies.matching import Catalogue, parse_agency_cell
from agencies.models import User
from notices.models import BouncedAddress
from plans.deadlines import parse_deadline
from plans.files import stored_name
from plans.importing.reading import UnreadableDocument, read_document
from plans.models import Task
from plans.models.work import NewEvidence
from reports.making import make_documents_of
from reports.models import Period, ReportState
from tests.cast import Cast
from tests.factories import PeriodFactory, ReportFactory, work_item
from tests.plans.plan_files import archive
from tests.plans.test_saving import small_plan
from workdays.models import SpecialDay

DAY = date(2024, 6, 5)
PASSWORD = "Dung-mat-khau-1"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def browser(person: User) -> Client:
    """Return the browser of a person; a broken page answers 500 as it would for people."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


# Files built to harm


def sheet_file(body: str, path: str = "worksheets/sheet1.xml") -> bytes:
    """Return the smallest workbook with this sheet, which may stand at any path."""
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{path}"/></Relationships>',
            f"xl/{path}": f'<worksheet xmlns="{SHEET}">{body}</worksheet>',
        }
    )


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_document(data, "kế hoạch")
    return refused.value.code


@pytest.mark.parametrize("path", ["worksheets/sheet1.xml", "elsewhere.xml"])
def test_a_sheet_whose_cells_lie_far_apart_does_not_take_the_memory_for_what_lies_between(path: str):
    body = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="700"><c r="XFD700"><v>1</v></c></row></sheetData>'
    assert code_of(sheet_file(body, path)) == "too_many_rows"


def test_a_part_of_a_workbook_that_was_not_checked_is_not_opened():
    body = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    assert len(list(read_document(sheet_file(body)).tables)) == 1
    assert code_of(sheet_file(body, "media/picture.png")) == "damaged"


def test_merged_ranges_that_cover_each_other_again_and_again_are_refused():
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 500))
    merges = '<mergeCell ref="A1:BH499"/>' * 500
    assert code_of(sheet_file(f"<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>")) == "too_many_rows"


def test_text_boxes_inside_each_other_are_read_once():
    deep = 40
    inner = "<w:p><w:r><w:t>Một lần</w:t></w:r></w:p>"
    body = "<w:p><w:r><w:txbxContent>" * deep + inner + "</w:txbxContent></w:r></w:p>" * deep
    data = archive({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})
    assert [paragraph.text for paragraph in read_document(data).paragraphs] == ["Một lần"]


def test_a_stream_of_a_pdf_that_is_packed_twice_counts_with_what_it_holds_in_the_end():
    packed = zlib.compress(zlib.compress(bytes(40_000_000), 9), 9)
    data = (
        b"%PDF-1.4\n1 0 obj\n<</Length 1/Filter[/FlateDecode/FlateDecode]>>stream\n" + packed + b"\nendstream\nendobj\n"
    )
    assert code_of(data) == "zip_bomb"


@pytest.mark.parametrize("tag", ["<p ", "<table "])
def test_a_page_of_tags_that_never_close_is_read_at_once(tag: str):
    began = time.process_time()
    read_document((tag * 40_000 + "Rà soát thủ tục hành chính, công khai kết quả").encode(), "ke-hoach.html")
    assert time.process_time() - began < 3


NASTY = ["1.", "từ ", "trừ ", "trừ Sở Y tế, ", "((a)", "1/1/", "UBND huyện ", "Sở Y tế (", "liên quan ", "quý I đến "]


@pytest.mark.parametrize("words", NASTY)
def test_cells_of_nothing_but_one_word_keep_nobody_waiting(words: str):
    catalogue = Catalogue.standard()
    for length in (2_000, 4_000, 100_000):
        text = (words * length)[:length]
        began = time.process_time()
        parse_agency_cell(text, column="lead_implement", catalogue=catalogue)
        parse_deadline(text, plan_year=2024, plan_signed=date(2024, 3, 20))
        assert time.process_time() - began < 3, length


def test_a_line_of_brackets_without_end_costs_parse_agencies_only_that_line():
    assert read_line("[" * 100_000, Catalogue.standard()).entries == ()


# Nonsense where pages send numbers and words


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "", "1e9", "\x00"])
def test_no_number_breaks_a_page_or_the_api(cast: Cast, number: str):
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN)
    report = ReportFactory(period=period, agency=cast.health)
    client, officer = browser(cast.coordinator), browser(cast.health_officer)
    client.post(
        reverse("plan-upload"),
        {
            "document": SimpleUploadedFile("90.md", small_plan(("Rà soát", "Sở Y tế", "Quý II"))),
            "coordinating_agency": cast.home_affairs.pk,
        },
    )
    draft = client.get(reverse("plan-list")).context["drafts"][0]
    answers = [
        client.post(reverse("work-bulk"), {"do": "confirm", "items": [number]}),
        client.post(reverse("period-many", args=[period.pk]), {"do": "accept", "reports": [number]}),
        client.post(reverse("import-row", args=[draft.rows.get().pk]), {"revision": number, "drop": 1}),
        client.post(reverse("import-confirm", args=[draft.pk]), {"revision": number}),
        officer.post(
            reverse("api-report-write", args=[report.pk]),
            {"revision": 1, "results": "x", "lines": {number: "x"}},
            content_type="application/json",
        ),
    ]
    assert {answer.status_code for answer in answers} <= {200, 302, 400, 422}


def test_words_that_cannot_be_stored_are_refused_in_words(cast: Cast):
    item = work_item(cast.health, plan=cast.plan)
    item.record_update(by=cast.health_officer, on=DAY, percent=100, words="Xong.")
    item.hand_in(by=cast.health_officer, on=DAY)
    client = browser(cast.coordinator)
    for name, field in (("work-return", "reason"), ("work-confirm", "document"), ("work-waive", "reason")):
        for words in ("a\x00b", "a" * 3000):
            answer = client.post(reverse(name, args=[item.pk]), {field: words}, follow=True)
            assert answer.status_code == 200
            assert any(message.level_tag == "error" for message in answer.context["messages"]), (name, words[:3])
    item.refresh_from_db()
    assert item.state == "handed_in"


def test_json_without_end_is_answered_with_400(cast: Cast):
    url = reverse("api-report-write", args=[ReportFactory(period__plan=cast.plan, agency=cast.health).pk])
    answer = browser(cast.health_officer).post(url, "[" * 200_000, content_type="application/json")
    assert answer.status_code == 400


def test_control_characters_in_pasted_words_break_no_document_and_no_workbook(cast: Cast):
    pasted = "Kết\x0bquả\x01 tốt\x1b\ufffe"
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN)
    draft = ReportFactory(period=period, agency=cast.health, words={"results": pasted}, signer=pasted)
    ReportFactory(
        period=period, agency=cast.justice, words={"results": pasted}, state=ReportState.SUBMITTED, submitted_on=DAY
    )
    Task.objects.filter(pk=work_item(cast.health, plan=cast.plan).task_id).update(text=f"=1+1 {pasted}")
    client = browser(cast.coordinator)
    words = {"issuer": "coordinator", "signed_as": "head", "signer": pasted, "words-results": pasted}
    page = words | {"revision": 0, "do": "make"}
    made = client.post(reverse("consolidation-new", args=[period.pk]), page, follow=True)
    assert made.status_code == 200
    make_documents_of(period.consolidations.get().pk)
    for url in (
        reverse("report-document", args=[draft.pk]),
        reverse("consolidation-document", args=[period.consolidations.get().pk, "word"]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        content = answer.getvalue() if answer.streaming else answer.content
        assert "quả tốt" in "\n".join(one.text for one in WordDocument(io.BytesIO(content)).paragraphs)
    sheet = load_workbook(io.BytesIO(client.get(reverse("work-list"), {"export": "xlsx"}).content)).active
    cell = sheet["D2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("=1+1 Kết")


# Files people send


def test_a_file_is_kept_under_a_short_plain_name_and_handed_out_under_its_own(cast: Cast):
    name = "𠀀" * 90 + " Báo cáo số 5.PDF"
    assert stored_name("Báo cáo số 5.PDF") == "bao-cao-so-5.pdf"
    assert stored_name("\u202e..pdf") == "tep.pdf"
    item = work_item(cast.health, plan=cast.plan)
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    update = item.record_update(
        by=cast.health_officer, on=DAY, percent=10, words="Đã làm.", evidence=[NewEvidence(file, name)]
    )
    evidence = update.evidence.get()
    assert len(os.path.basename(evidence.file.name).encode()) < 100
    assert evidence.name == name
    answer = browser(cast.health_officer).get(evidence.get_absolute_url())
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == b"%PDF-1.7"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
def test_a_request_beyond_the_limit_is_refused_before_anything_reads_it(db: None, kind: str):
    size = configured.REQUEST_LIMIT + 1 if kind.startswith("multipart") else configured.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    for url in (reverse("account_login"), reverse("api-token"), reverse("work-bulk")):
        answer = Client().generic("POST", url, b"x", content_type=kind, CONTENT_LENGTH=str(size))
        assert answer.status_code == 413
        assert "MB" in answer.content.decode()


# Other provinces


def test_an_id_of_another_province_is_answered_like_one_that_does_not_exist(cast: Cast):
    period = PeriodFactory(plan=cast.plan, status=Period.Status.OPEN)
    report = ReportFactory(period=period, agency=cast.health)
    item = work_item(cast.health, plan=cast.plan)
    client = browser(cast.stranger)
    for url, pk in (
        ("/api/periods/?plan=", cast.plan.pk),
        ("/api/reports/?period=", period.pk),
        ("/api/reports/?agency=", cast.health.pk),
        ("/api/consolidations/?period=", period.pk),
        ("/api/notices/?item=", item.pk),
        ("/api/notices/?report=", report.pk),
        ("/api/work-items/?plan=", cast.plan.pk),
        ("/api/work-items/?agency=", cast.health.pk),
        ("/api/tasks/?plan=", cast.plan.pk),
        ("/api/agencies/?parent=", cast.committee.pk),
    ):
        theirs, nobodys = client.get(f"{url}{pk}"), client.get(f"{url}987654321")
        assert (theirs.status_code, theirs.content.replace(str(pk).encode(), b"#")) == (
            nobodys.status_code,
            nobodys.content.replace(b"987654321", b"#"),
        ), url


def test_the_administration_shows_a_province_its_own_rows_only(cast: Cast):
    report = ReportFactory(period__plan=cast.plan, agency=cast.health, words={"results": "Mật của Sở Y tế."})
    ours, theirs = cast.coordinator, cast.stranger
    User.objects.filter(pk__in=[ours.pk, theirs.pk]).update(is_staff=True, is_superuser=True)
    page = reverse("admin:reports_report_change", args=[report.pk])
    assert "Mật của Sở Y tế." in browser(ours).get(page).content.decode()
    assert "Mật của Sở Y tế." not in browser(theirs).get(page, follow=True).content.decode()
    BouncedAddress.objects.create(address=cast.health_officer.email, at=timezone.now(), answer="550 5.1.1")
    for model, pages in admin.site._registry.items():
        answer = browser(theirs).get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        if answer.status_code != 403 and getattr(pages, "province_path", ""):
            rows = answer.context["cl"].queryset
            assert not rows.filter(**{pages.province_path: cast.province.pk}).exists(), model
        else:
            assert answer.status_code == 403 or model in (SpecialDay, BouncedAddress), model
        assert cast.health_officer.email not in answer.content.decode(), model


def test_the_administration_lists_no_token_and_opens_by_the_one_door(cast: Cast):
    assert not [model for model in admin.site._registry if issubclass(model, Token)]
    answer = Client().post(reverse("admin:login"), {"username": "yte", "password": "đoán"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


# The door


@pytest.fixture
def officer(cast: Cast) -> User:
    """Return an officer with a password, before a door that nobody has knocked at."""
    cache.clear()
    cast.health_officer.set_password(PASSWORD)
    cast.health_officer.save()
    return cast.health_officer


def ask_for_token(password: str, **headers: str) -> Any:
    return Client().post(reverse("api-token"), {"username": "yte", "password": password}, headers=headers)


def test_a_guesser_of_passwords_is_stopped_whatever_address_the_request_claims(officer: User):
    statuses = [ask_for_token(f"sai {n}", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(12)]
    assert statuses[-1] == 429
    assert 200 not in statuses


def test_five_wrong_passwords_close_the_account_to_the_api_for_a_while(officer: User, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(6):
        assert ask_for_token(f"sai {n}", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code == 400
    assert ask_for_token(PASSWORD, **{"X-Forwarded-For": "10.0.1.1"}).status_code == 400


def test_a_token_is_given_for_the_right_password_of_an_active_account_only(officer: User):
    assert ask_for_token(PASSWORD).json()["token"] == Token.objects.get(user=officer).key
    User.objects.filter(pk=officer.pk).update(is_active=False)
    answer = ask_for_token(PASSWORD)
    assert answer.status_code == 400
    assert "token" not in answer.json()


def test_the_page_with_the_token_is_kept_by_no_browser(cast: Cast):
    answer = browser(cast.coordinator).post(reverse("account-token"))
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["yte@vinhphuc.example", "khong-co@vinhphuc.example"])
def test_a_forgotten_password_answers_alike_for_known_and_unknown_even_without_a_mail_server(
    officer: User, settings, address: str
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = Client(raise_request_exception=False).post(reverse("account_reset_password"), {"email": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_reset_password_done"))


@pytest.mark.parametrize(
    "environment",
    [
        {"PRODUCTION": "1", "SECRET_KEY": "x" * 60, "DEBUG": "1"},
        {"PRODUCTION": "1", "SECRET_KEY": "x" * 60, "DEMO_CLOCK": "1"},
        {"PRODUCTION": "1", "SECRET_KEY": ""},
        {"ALLOWED_HOSTS": "sipas.vinhphuc.gov.vn", "SECRET_KEY": ""},
        {"ALLOWED_HOSTS": "*", "SECRET_KEY": ""},
    ],
    ids=lambda one: " ".join(one),
)
def test_an_unsafe_installation_does_not_start(environment: dict[str, str]):
    command = [sys.executable, "-c", "import sipas_tracker.settings"]
    place = Path(configured.BASE_DIR)
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    assert subprocess.run(command, cwd=place, env=clean, check=False).returncode == 0
    done = subprocess.run(command, cwd=place, env=clean | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
