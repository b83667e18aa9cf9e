"""An office's own Word templates: hostile ones are refused, wrong ones explained, good ones used; nothing made changes."""

import hashlib
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from agencies.models import Membership, User
from reports.consolidating import consolidate
from reports.documents.checking import check
from reports.documents.choosing import word_of_consolidation, word_of_report
from reports.documents.letterheads import issuer_of
from reports.documents.templating import apart
from reports.documents.templating.apart import Facts, TemplateRefused, Trouble, prepared, render
from reports.documents.templating.child import answer
from reports.documents.templating.context import consolidation_context, report_context
from reports.documents.templating.examining import examine
from reports.documents.templating.example import example_template
from reports.documents.templating.variables import BOTH, CONSOLIDATION, REPORT, sample_of, shape_of, variables_of
from reports.models import DocumentTemplate, Period, Report
from tests.cast import Cast
from tests.factories import person, work_item
from tests.reports.conftest import submitted
from tests.reports.papers import HEALTH, spoiled

ON = date(2024, 6, 14)
FACTS = Facts("Thử", "Sở Y tế")


def template(*paragraphs: str, rows: list[list[str]] | None = None) -> bytes:
    """Return a Word file with these paragraphs, and a table below them."""
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, words in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def troubles(data: bytes) -> list[str]:
    """Return what the confined process answers, asked here: starting it takes seconds."""
    question = {"shape": shape_of(REPORT), "context": prepared(sample_of(REPORT)), "title": "", "author": ""}
    said, document = answer(question, data)
    assert not document
    return [said["refused"]] if "refused" in said else [str(Trouble(**one)) for one in said["problems"]]


def troubles_apart(data: bytes, kind: str = REPORT, context: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(TemplateRefused) as refused:
        render(data, kind, context or sample_of(kind), FACTS)
    return [str(problem) for problem in refused.value.problems]


# What a template may do


def test_variables_rows_and_conditions_are_filled():
    data = template(
        "Số: {{ so_ky_hieu }}",
        "{%p if nguoi_ky %}",
        "Người ký: {{ nguoi_ky|upper }}",
        "{%p endif %}",
        rows=[["{%tr for dong in nhiem_vu %}", ""], ["{{ dong.stt }}", "{{ dong.noi_dung }}"], ["{%tr endfor %}", ""]],
    )
    words = words_of(render(data, REPORT, sample_of(REPORT, 2), FACTS))
    assert words.split("\n") == [
        "Số: 45/BC-SNV", "Người ký: TRẦN THỊ B", "1", "Rà soát, đơn giản hóa thủ tục hành chính", "2",
        "Rà soát, đơn giản hóa thủ tục hành chính",
    ]  # fmt: skip


def test_lines_of_a_text_become_paragraphs_of_the_same_look():
    data = template("{{ mo_dau }}")
    made = Document(io.BytesIO(render(data, REPORT, sample_of(REPORT) | {"mo_dau": "Một\n\nHai"}, FACTS)))
    assert [paragraph.text for paragraph in made.paragraphs] == ["Một", "Hai"]


def test_words_that_look_like_markup_or_tags_are_printed_as_they_are():
    said = "a < b & <w:p/> {{ so_ky_hieu }} {% for %}\x0b"
    made = render(template("{{ mo_dau }}"), REPORT, sample_of(REPORT) | {"mo_dau": said}, FACTS)
    assert words_of(made) == said[:-1]


@pytest.mark.parametrize("kind", BOTH)
def test_the_example_uses_every_variable_and_keeps_the_decree(kind: str):
    data = example_template(kind, HEALTH)
    source = words_of(data)
    for variable in variables_of(kind):
        assert variable.name in source
        if variable.is_list:
            assert all(f".{field.name} " in source or f".{field.name}|" in source for field in variable.fields), (
                variable.name
            )
        else:
            assert all(f"{variable.name}.{field.name} " in source for field in variable.fields), variable.name
    made = render(data, kind, sample_of(kind) | {"co_quan_ban_hanh": "SỞ Y TẾ"}, FACTS)
    assert [point.name for point in check(made).failing] == []
    assert "{{" not in words_of(made)


# What it may not do


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ so_ky_hieu.__class__ }}", "không có giá trị “__class__”"),
        ("{{ ke_hoach.__class__.__mro__ }}", "một tầng"),
        ("{{ ke_hoach.__class__ }}", "không có giá trị “__class__”"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "gọi hàm"),
        ("{{ self }}", "Không có biến “self”"),
        ("{{ range(10) }}", "gọi hàm"),
        ("{% for i in range(1000000000) %}x{% endfor %}", "Vòng lặp chỉ có dạng"),
        ("{% for i in 'aaaa' %}x{% endfor %}", "Vòng lặp chỉ có dạng"),
        ("{% include '/etc/passwd' %}", "include"),
        ("{% import 'os' as os %}", "import"),
        ("{% extends 'x' %}", "extends"),
        ("{% set a = 1 %}", "set"),
        ("{% macro a() %}{% endmacro %}", "macro"),
        ("{{ so_ky_hieu * 1000000000 }}", "biểu thức"),
        ("{{ 9 ** 9 ** 9 }}", "biểu thức"),
        ("{{ ke_hoach['so'] }}", "ngoặc vuông"),
        ("{{ so_ky_hieu|attr('x') }}", "Bộ lọc “attr”"),
        ("{{ so_ky_hieu|safe }}", "Bộ lọc “safe”"),
        ("{{ lipsum }}", "Không có biến “lipsum”"),
        ("{{r mo_dau }}", "không dùng được"),
        (
            "{% for a in nhiem_vu %}{% for b in nhiem_vu %}{% for c in nhiem_vu %}x{% endfor %}{% endfor %}{% endfor %}",
            "quá sâu",
        ),
    ],
)
def test_what_could_do_harm_is_refused_before_it_runs(tag: str, said: str):
    assert any(said in trouble for trouble in troubles(template("Đầu", tag)))


def test_a_template_that_would_never_end_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "LONGEST", 3.0)
    loops = "{% for a in nhiem_vu %}{% for b in nhiem_vu %}" + "{{ b.noi_dung }}" * 200 + "{% endfor %}{% endfor %}"
    [trouble] = troubles_apart(template(loops), context=sample_of(REPORT, 5000))
    assert "quá nhiều thời gian hoặc bộ nhớ" in trouble


def changed(data: bytes, **parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return out.getvalue()


OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://ngoai.example/mau.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(template("A"), **{"word/vbaProject.bin": b"x"}), "macro"),
        (changed(template("A"), **{"word/_rels/settings.xml.rels": OUTSIDE}), "bên ngoài"),
        (changed(template("A"), **{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "không an toàn"),
        (changed(template("A"), **{"word/media/a.png": b"\0" * 60_000_000}), "bất thường"),
    ],
    ids=["macro", "outside", "entities", "bomb"],
)
def test_dangerous_files_are_refused(data: bytes, said: str):
    assert any(said in trouble for trouble in troubles(data))


# What is said to whoever wrote a wrong one


def test_an_unknown_name_is_told_with_its_place_and_the_nearest_known_one():
    [trouble] = troubles(template("Mở đầu", "Hôm nay: {{ dia_danh_thoigian }}"))
    assert trouble == (
        "Không có biến “dia_danh_thoigian”. Có phải là “dia_danh_thoi_gian”? (nội dung: “Hôm nay: {{ dia_danh_thoigian }}”)"
    )


def test_all_problems_are_told_at_once():
    told = troubles(template("{{ mot }}", "{{ hai }}", "{{ ke_hoach.soo }}", "{{ nhiem_vu }}"))
    assert [trouble.split(".")[0] for trouble in told] == [
        "Không có biến “mot”", "Không có biến “hai”", "“ke_hoach” không có giá trị “soo”",
        "“nhiem_vu” có nhiều giá trị: hãy ghi rõ, ví dụ {{ dong",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (["{%p for dong in nhiem_vu %}", "{{ dong.stt }}"], "thiếu thẻ đóng"),
        (["{{ so ky hieu }}"], "viết sai"),
        (["{% neu so_ky_hieu %}"], "thẻ “neu” không dùng được"),
        (["{%p for dong in nhiem_vuu %}", "{{ dong.stt }}", "{%p endfor %}"], "Có phải là “nhiem_vu”"),
        (["{%p for dong in nhiem_vu %}", "{{ dong.noidung }}", "{%p endfor %}"], "Có phải là “noi_dung”"),
        (["{{ ke_hoach }}"], "ví dụ {{ ke_hoach.so }}"),
        (["{{ số }}"], "Không có biến"),
    ],
)
def test_wrong_tags_are_explained(paragraphs: list[str], said: str):
    assert any(said in trouble for trouble in troubles(template(*paragraphs)))


def with_field(*pieces: str) -> bytes:
    """Return a Word file with a field whose instruction stands in these runs."""
    document = Document()
    runs = [f"<w:instrText>{piece}</w:instrText>" for piece in pieces]
    paragraph = document.add_paragraph()
    for inside in ('<w:fldChar w:fldCharType="begin"/>', *runs, '<w:fldChar w:fldCharType="end"/>'):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inside}</w:r>"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("pieces", "field"),
    [
        ([' INCLUDETEXT "C:\\mat.docx"'], "INCLUDETEXT"),
        (["DDEA", "UTO c:\\windows\\cmd.exe"], "DDEAUTO"),
        ([" includepicture http://ngoai.example/a.png"], "INCLUDEPICTURE"),
    ],
)
def test_fields_that_fetch_other_files_or_start_programs_are_refused(pieces: list[str], field: str):
    [said] = troubles(with_field(*pieces))
    assert f"trường {field} lấy nội dung từ tệp hoặc chương trình khác" in said


def test_page_numbers_and_addresses_are_fields_that_a_template_may_have():
    for pieces in ([" PAGE "], [' HYPERLINK "http://tinh.example/link include/rd"']):
        question = {"shape": shape_of(REPORT), "context": prepared(sample_of(REPORT)), "title": "", "author": ""}
        assert answer(question, with_field(*pieces))[0] == {"done": True}


def test_tags_of_rows_outside_tables_are_explained():
    data = template("{% for dong in nhiem_vu %}", rows=[["{{ dong.stt }}", "{% endfor %}"]])
    assert any("{%tr for" in trouble for trouble in troubles(data))


def test_the_decree_is_told_as_a_warning_and_does_not_refuse(cast: Cast):
    examined = examine(template("BÁO CÁO", "{{ trich_yeu }}"), REPORT, cast.health)
    assert {"nation_words", "signature_form"} <= {warning["name"] for warning in examined.warnings}


@pytest.mark.parametrize(
    "data", [b"", b"chao", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK" + b"x" * 6_000_000]
)
def test_what_is_no_word_file_is_refused_in_words(cast: Cast, data: bytes):
    with pytest.raises(TemplateRefused) as refused:
        examine(data, REPORT, cast.health)
    assert all(problem.words.endswith(".") for problem in refused.value.problems)


# In use


@pytest.fixture
def arrived(cast: Cast, period: Period, report_of) -> Report:
    work_item(cast.health, plan=cast.plan, due=date(2024, 4, 30))
    return submitted(report_of(cast.health), cast.health_officer, cast.health_leader)


def kept(by: User, agency, kind: str = REPORT, data: bytes | None = None, name: str = "Mẫu") -> DocumentTemplate:
    data = data or example_template(kind, issuer_of(agency))
    return DocumentTemplate.keep(
        by=by, on=ON, agency=agency, kind=kind, name=name, file_name="Mẫu báo cáo.docx", data=data,
        sha256=hashlib.sha256(data).hexdigest(), warnings=[],
    )  # fmt: skip


def shaped(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted(value)
    return {tuple(sorted(row)) for row in value} if isinstance(value, list) else "text"


def test_contexts_hold_exactly_the_documented_variables(cast: Cast, arrived: Report):
    made = consolidate(arrived.period, by=cast.coordinator, on=ON, narrative={"outlook": "Đôn đốc."})
    for kind, context in ((REPORT, report_context(arrived, ON)), (CONSOLIDATION, consolidation_context(made))):
        shape = shape_of(kind)
        assert sorted(context) == sorted(shape)
        for name, value in context.items():
            if isinstance(value, list):
                assert shape[name]["is_list"], name
                assert all(sorted(row) == sorted(shape[name]["fields"]) for row in value), name
            elif isinstance(value, dict):
                assert sorted(value) == sorted(shape[name]["fields"]), name
            else:
                assert not shape[name]["fields"], name


def test_a_report_is_made_in_the_template_in_use_and_keeps_the_decree(cast: Cast, arrived: Report):
    built_in = word_of_report(arrived, ON)
    own = kept(
        cast.health_officer, cast.health, data=spoiled(example_template(REPORT, issuer_of(cast.health)), _signed)
    )
    assert word_of_report(arrived, ON)[:2] == built_in[:2]
    own.activate(by=cast.health_officer, on=ON)
    made = word_of_report(arrived, ON)
    assert "Theo mẫu riêng của Sở" in words_of(made)
    assert "Đã ban hành kế hoạch triển khai." in words_of(made)
    assert [point.name for point in check(made).failing] == []
    own.stop(by=cast.health_officer, on=ON)
    assert "Theo mẫu riêng" not in words_of(word_of_report(arrived, ON))


def _signed(document: Any) -> None:
    ending = next(paragraph for paragraph in document.paragraphs if paragraph.text == "{{ ket_thuc }}")
    ending.insert_paragraph_before("Theo mẫu riêng của Sở.", style=ending.style)


def test_a_consolidation_is_made_in_the_coordinators_template(cast: Cast, arrived: Report):
    made = consolidate(arrived.period, by=cast.coordinator, on=ON, narrative={"outlook": "Đôn đốc."})
    kept(cast.coordinator, cast.home_affairs, CONSOLIDATION).activate(by=cast.coordinator, on=ON)
    document = word_of_consolidation(made)
    assert "Cơ quan lập báo cáo: Sở Nội vụ." in words_of(document)
    assert [point.name for point in check(document).failing] == []


def test_one_template_of_an_office_and_kind_is_used(cast: Cast):
    first, second = (kept(cast.health_officer, cast.health, name=name) for name in ("Mẫu 1", "Mẫu 2"))
    first.activate(by=cast.health_officer, on=ON)
    second.activate(by=cast.health_officer, on=ON)
    assert list(DocumentTemplate.objects.filter(is_active=True)) == [second]
    first.refresh_from_db()
    assert [event.kind for event in first.events.all()] == ["uploaded", "activated", "stopped"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentTemplate.objects.update(is_active=True)


def test_the_second_of_two_people_is_told_that_it_is_done(cast: Cast):
    own = kept(cast.health_officer, cast.health)
    stale = DocumentTemplate.objects.get(pk=own.pk)
    own.activate(by=cast.health_officer, on=ON)
    with pytest.raises(ValidationError, match="người khác xử lý"):
        stale.activate(by=cast.health_leader, on=ON)
    assert own.events.count() == 2


def test_only_the_offices_own_people_manage_its_templates(cast: Cast):
    own = kept(cast.health_officer, cast.health)
    for user in (cast.justice_officer, cast.coordinator, cast.viewer):
        with pytest.raises(ValidationError):
            own.activate(by=user, on=ON)
        with pytest.raises(ValidationError):
            kept(user, cast.health)
    with pytest.raises(ValidationError):
        kept(cast.health_officer, cast.health, CONSOLIDATION)  # Sở Y tế has nothing to sum up
    assert kept(cast.district_officer, cast.district, CONSOLIDATION).pk


def test_a_file_changed_behind_the_products_back_is_not_used(cast: Cast, arrived: Report):
    own = kept(cast.health_officer, cast.health)
    own.activate(by=cast.health_officer, on=ON)
    with own.file.storage.open(own.file.name, "wb") as file:
        file.write(template("Giả"))
    with pytest.raises(ValidationError, match="đã bị thay đổi"):
        word_of_report(arrived, ON)


# On the pages


def upload(client: Client, data: bytes, desk: str) -> Any:
    file = SimpleUploadedFile("Mẫu.docx", data)
    return client.post("/mau-van-ban/tai-len/", {"desk": desk, "name": "Mẫu 2024", "file": file})


def test_an_officer_uploads_looks_and_takes_a_template_into_use(cast: Cast, arrived: Report, client: Client):
    client.force_login(cast.health_officer)
    example = client.get(f"/mau-van-ban/goi-y/{cast.health.pk}/co-quan/")
    sent = upload(client, example.content, f"{cast.health.pk}-report")
    own = DocumentTemplate.objects.get()
    assert (sent.status_code, sent.url, own.is_active, own.warnings) == (302, own.get_absolute_url(), False, [])
    assert "đúng thể thức" in client.get(own.get_absolute_url()).content.decode()
    trial = client.get(f"/mau-van-ban/{own.pk}/xem-thu/word/")
    assert "SỞ Y TẾ" in words_of(trial.content)
    client.post(f"/mau-van-ban/{own.pk}/buoc/dung/")
    own.refresh_from_db()
    assert own.is_active
    assert "Đang dùng" in client.get("/mau-van-ban/").content.decode()
    report = client.get(f"/bao-cao/{arrived.pk}/tai-ve/")
    assert "Cơ quan lập báo cáo: Sở Y tế." in words_of(report.content)


def test_a_wrong_template_is_not_kept_and_the_page_says_where(cast: Cast, client: Client):
    client.force_login(cast.health_officer)
    page_sent = upload(client, template("Số {{ so_ki_hieu }}"), f"{cast.health.pk}-report")
    page = page_sent.content.decode()
    assert (page_sent.status_code, DocumentTemplate.objects.count()) == (422, 0)
    assert "Không có biến “so_ki_hieu”. Có phải là “so_ky_hieu”?" in page
    assert "Nội dung: “Số {{ so_ki_hieu }}”" in page


def test_nobody_uploads_for_another_office(cast: Cast, client: Client):
    client.force_login(cast.justice_officer)
    page_sent = upload(client, template("A"), f"{cast.health.pk}-report")
    assert (page_sent.status_code, DocumentTemplate.objects.count()) == (422, 0)
    assert client.get(f"/mau-van-ban/goi-y/{cast.health.pk}/co-quan/").status_code == 404


def test_a_report_as_pdf_is_offered_only_with_libreoffice(cast: Cast, arrived: Report, client: Client, monkeypatch):
    client.force_login(cast.health_officer)
    address = f"/bao-cao/{arrived.pk}/tai-ve/pdf/"
    monkeypatch.setattr("reports.documents.pdf.program", lambda: "")
    assert (client.get(address).status_code, address in client.get(f"/bao-cao/{arrived.pk}/").content.decode()) == (
        404,
        False,
    )
    monkeypatch.setattr("reports.documents.pdf.program", lambda: "/usr/bin/soffice")
    monkeypatch.setattr("reports.documents.pdf.pdf_of", lambda docx: b"%PDF-1.7")
    assert client.get(address).content == b"%PDF-1.7"
    assert address in client.get(f"/bao-cao/{arrived.pk}/").content.decode()


def test_an_officer_of_a_district_has_both_kinds(cast: Cast, client: Client):
    client.force_login(person(cast.district, Membership.Role.LEADER))
    page = client.get("/mau-van-ban/").content.decode()
    assert ("Báo cáo của cơ quan" in page, "Báo cáo tổng hợp" in page) == (True, True)
