"""The check of Word files: each point finds its own fault and no other; files from anywhere get an answer in words."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from docx import Document
from docx.shared import Pt

from reports.documents.checking import POINTS, Unreadable, check
from tests.reports.papers import SPOILED, SPOILED_LETTERS, line, sound_letter, sound_report, spoiled

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "samples"


def failing(data: bytes) -> list[str]:
    return [answer.name for answer in check(data).failing]


@pytest.mark.parametrize("paper", [sound_report, sound_letter])
def test_a_sound_paper_keeps_every_point(paper):
    assert failing(paper()) == []


@pytest.mark.parametrize(("name", "spoil"), SPOILED, ids=[f"{n}-{name}" for n, (name, _) in enumerate(SPOILED)])
def test_a_spoiled_report_fails_in_exactly_that_point(name: str, spoil):
    assert failing(spoiled(sound_report(), spoil)) == [name]


@pytest.mark.parametrize(("name", "spoil"), SPOILED_LETTERS)
def test_a_spoiled_letter_fails_in_exactly_that_point(name: str, spoil):
    assert failing(spoiled(sound_letter(), spoil)) == [name]


def test_every_point_has_a_paper_that_fails_in_it():
    assert {name for name, _ in [*SPOILED, *SPOILED_LETTERS]} == set(POINTS)
    assert len(POINTS) >= 25


def test_a_finding_says_what_where_and_by_which_rule():
    paper = spoiled(sound_report(), lambda document: setattr(line(document, "Đã hoàn").runs[0].font, "size", Pt(11)))
    [row] = [row for row in check(paper).as_dict()["points"] if row["state"] == "fails"]
    assert row == {
        "name": "body_size",
        "title": "Nội dung: cỡ chữ",
        "state": "fails",
        "found": "cỡ 11",
        "wanted": "13 đến 14, thống nhất một cỡ trong văn bản",
        "place": "đoạn 7 (“Đã hoàn thành 05 nhiệm vụ được giao.”)",
        "times": 1,
        "source": "Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 6d",
    }


def test_a_letter_has_no_title_and_needs_none():
    states = {row["name"]: row["state"] for row in check(sound_letter()).as_dict()["points"]}
    assert (states["title_style"], states["abstract_style"], states["annex_heading"]) == ("absent",) * 3
    assert states["letter_subject"] == "ok"


def test_formatting_of_styles_counts_like_that_of_runs():
    def bold_by_style(document):
        document.styles["Mục 1"].font.size = Pt(11)

    assert failing(spoiled(sound_report(), bold_by_style)) == ["body_size"]


def test_a_switch_in_two_styles_turns_itself_over():
    def twice(document):
        style = document.styles.add_style("Đậm", 2)
        style.font.italic = True
        document.styles["Thân văn bản"].font.italic = True
        line(document, "Đã hoàn thành").runs[0].style = style

    # All body lines but one are italic now: that one is italic twice, which is upright.
    [answer] = check(spoiled(sound_report(), twice)).failing
    assert answer.name == "body_upright"
    assert not any("Đã hoàn thành" in found.place for found in answer.found)


def zipped(**parts: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "rỗng"),
        (b"Ch\xc3\xa0o", "không phải là văn bản Word"),
        (sound_report()[:5000], "hỏng"),
        (zipped(hello_xml="<a/>"), "không có phần nội dung"),
        (zipped(word__document_xml="<w:document"), "hỏng"),
        (zipped(word__document_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "không an toàn"),
        (zipped(word__document_xml=b" " * 40_000_000), "bất thường"),
        (zipped(word__document_xml="<a/>"), "không có nội dung"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "hỏng"),
    ],
    ids=["empty", "text", "cut", "other zip", "broken xml", "entities", "bomb", "no body", "broken ole"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data: bytes, words: str):
    with pytest.raises(Unreadable) as refused:
        check(data)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<w:p/>",
        "<w:tbl/>",
        "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>",
        "<w:p><w:r><w:t>Số: /</w:t></w:r></w:p>",
        '<w:p><w:pPr><w:ind w:firstLine="x"/><w:spacing w:line="" w:before="1e999"/></w:pPr><w:r><w:rPr><w:sz w:val="nan"/></w:rPr>'
        "<w:t>BÁO CÁO</w:t></w:r></w:p><w:sectPr/>",
        "<w:p><w:r><w:t>Nơi nhận:</w:t></w:r></w:p><w:p><w:r><w:t>Phụ lục I</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Nơi nhận:</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        '<w:p><w:pPr><w:pStyle w:val="?"/><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>V/v gì</w:t></w:r></w:p>',
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>CỘNG HÒA XÃ HỘI</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    ],
)
def test_odd_documents_get_an_answer(inside: str):
    verdict = check(zipped(word__document_xml=BODY % inside))
    assert len(verdict.answers) == len(POINTS)
    assert not verdict.passes


def test_styles_that_are_based_on_each_other_end():
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = BODY % '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Chào</w:t></w:r></w:p>'
    assert not check(zipped(word__document_xml=body, word__styles_xml=styles)).passes


@pytest.mark.skipif(not SAMPLES.exists(), reason="the printed plans are not beside the project")
@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.docx")), ids=lambda file: file.name)
def test_plans_from_other_offices_get_an_answer(file: Path):
    verdict = check(file.read_bytes())
    assert verdict.kind == ("" if file.stem.endswith("-tin") else "kế hoạch")  # one is a piece of news
    assert {"page_size", "margin_top"} <= {answer.name for answer in verdict.answers if answer.state == "ok"}


def run(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_document", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_ends_with_0_when_all_is_well(tmp_path: Path):
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(sound_report())
    code, out, _ = run(str(file))
    assert (code, "bao-cao.docx (báo cáo): đạt" in out) == (0, True)


def test_the_command_ends_with_1_and_names_the_points(tmp_path: Path):
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(spoiled(sound_report(), dict(SPOILED)["margin_left"]))
    code, out, _ = run(str(file), "--json")
    told = json.loads(out)
    assert (code, told["passes"], told["counts"]["fails"]) == (1, False, 1)
    code, out, _ = run(str(file))
    assert (code, "[CHƯA ĐẠT] Lề trái (margin_left)" in out) == (1, True)


@pytest.mark.parametrize("name", ["khong-co.docx", "hong.docx"])
def test_the_command_ends_with_2_and_a_sentence_for_what_it_cannot_read(tmp_path: Path, name: str):
    (tmp_path / "hong.docx").write_bytes(b"PK\x03\x04")
    code, _, err = run(str(tmp_path / name))
    assert (code, err.strip().endswith(".")) == (2, True)
    code, out, _ = run(str(tmp_path / name), "--json")
    assert (code, list(json.loads(out))) == (2, ["error"])


def test_a_document_without_any_style_is_read_with_words_own_defaults():
    document = Document()
    document.add_paragraph("Chào anh/chị")
    out = io.BytesIO()
    document.save(out)
    assert "nation_words" in failing(out.getvalue())
