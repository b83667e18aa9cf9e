"""What holds for every text: the reader never fails, and spelling habits of files do not change what it reads."""

import datetime as dt
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.matching import Catalogue, parse_agency_cell

CATALOGUE = Catalogue.standard()
NAMES = [
    "Sở Nội vụ", "Văn phòng UBND tỉnh", "Sở Lao động - Thương binh và Xã hội", "các sở, ban, ngành", "UBND cấp huyện",
    "UBND các xã, phường, thị trấn", "Công an tỉnh", "các cơ quan, đơn vị có liên quan",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Trung tâm Phục vụ hành chính công tỉnh", "Bảo hiểm xã hội tỉnh", "Các cơ quan ngành dọc Trung ương",
]  # fmt: skip
MARKS = ["(chủ trì)", "(phối hợp)", "(trừ", ")", "(", ";", ",", "và", "\n- ", "chủ trì", "phối hợp với", ":", "1."]
PIECES = [*NAMES, *MARKS, "-nt-", "huyện", "Sở"]
LETTERS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
CELLS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True).map("; ".join)
KEYS = sorted(Path(__file__).parent.glob("cell_answers*.txt"))
ROWS = [
    line.split("#")[:5] for key in KEYS for line in key.read_text("utf-8").splitlines() if line and line[:2] != "##"
]
RESPELT = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "double spaces": lambda text: text.replace(" ", "  "),
    "zero-width": lambda text: text.replace(" ", " \u200b").replace("u", "u\u00ad"),
    "long dashes": lambda text: text.replace("-", "–"),
    "space around": lambda text: f"  {text} ",
    "capitals": str.upper,
}


def read(text, column="lead_implement"):
    cell = parse_agency_cell(text, column=column, catalogue=CATALOGUE, plan_signed=dt.date(2024, 3, 20))
    assert cell.why != "không đọc được ô này"
    return [(e.agency_or_group, e.role, e.group, e.role_stated) for e in cell.entries], cell.unknown, cell.ambiguous


@settings(max_examples=150, deadline=None)
@given(LETTERS)
def test_any_text_gets_an_answer(text):
    entries, unknown, _ = read(text)

    assert isinstance(entries, list)
    assert all(words.strip() for words in unknown)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), st.sampled_from(["lead", "coordinate", "other"]))
def test_any_mixture_of_names_and_marks_gets_an_answer(text, column):
    entries, _, _ = read(text, column)

    assert len(entries) == len(set(entries))


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_a_list_of_names_gives_each_name_once_and_nothing_else(text):
    entries, unknown, ambiguous = read(text)

    assert len(entries) == text.count(";") + 1
    assert not unknown
    assert not ambiguous


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_decomposed_letters_capitals_and_odd_spaces_change_nothing(text):
    wanted = read(text)

    assert read(unicodedata.normalize("NFD", text)) == wanted
    assert read(text.upper()) == wanted
    assert read(text.lower()) == wanted
    assert read(text.replace(" ", "\u00a0 ")) == wanted
    assert read(text.replace("; ", ";\n")) == wanted
    assert read("\u200b" + text.replace("-", "–") + ".") == wanted


@pytest.mark.parametrize("way", RESPELT)
def test_every_cell_of_the_answer_keys_says_the_same_when_respelt(way):
    other = []
    for column, province, issuer, signed, text in ROWS:
        plain, respelt = (
            parse_agency_cell(
                words.replace("\\n", "\n"),
                column=column,
                catalogue=CATALOGUE,
                province=province or None,
                issuer=issuer or None,
                plan_signed=dt.date.fromisoformat(signed) if signed else None,
            )
            for words in (text, RESPELT[way](text.replace("\\n", "\n")))
        )
        said = [
            {(e.agency_or_group.casefold(), e.role, e.group, e.role_stated) for e in cell.entries}
            for cell in (plain, respelt)
        ]
        # Names of places and abbreviations can be told from other words only by their capitals: all in capitals, they
        # may be read worse, but never silently.
        if said[0] != said[1] and not (way == "capitals" and (respelt.unknown or respelt.ambiguous)):
            other.append(text)
    assert other == []
