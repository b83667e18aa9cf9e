"""What must hold for every text: the reader never fails, and how a cell was typed does not change what it says."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.deadlines import parse_deadline

WORDS = [
    "Quý",
    "quý",
    "tháng",
    "ngày",
    "năm",
    "Trước",
    "đến",
    "từ",
    "hàng",
    "hằng",
    "6_tháng",
    "đầu",
    "cuối",
    "I",
    "II",
    "IV",
    "VI",
    "3",
    "12",
    "15",
    "31",
    "2024",
    "2025",
    "10/6",
    "31/6/2024",
    "06/2024",
    "-",
    "–",
    ",",
    ";",
    "và",
    "(",
    ")",
    "thường_xuyên",
    "định_kỳ",
    "theo",
    "Kế_hoạch",
    "sau_khi",
    "kể_từ_ngày",
    "ký",
    "tuần",
    "lần",
    "/",
    "17h",
    "%",
    "chậm_nhất",
    "hoặc",
]
WORDS = [*(word.replace("_", " ") for word in WORDS), "\n"]
cells = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
cells_without_a_year = st.lists(
    st.sampled_from([word for word in WORDS if not re.search(r"20\d\d", word)]), max_size=9
).map(" ".join)
years = st.one_of(st.none(), st.integers(1800, 2300))
days = st.one_of(st.none(), st.dates())
CLEAR = """Quý III- Quý IV/2024 | Trước ngày 10/6/2024 | Tháng 06, tháng 12/2024 | Quý I đến Quý IV | Hàng tháng
 | Quý II; Quý III | Trước ngày 20 hằng tháng | Thường xuyên | Từ tháng 4 đến tháng 10/2024 | Cả năm | 6 tháng đầu năm
 | Theo Kế hoạch | Trung tuần tháng 6 | Trước ngày 14 của tháng cuối quý | Đến hết ngày 31/10/2024
 | Giai đoạn 2024 - 2026""".replace("\n", "").split(" | ")


KEYS = sorted(Path(__file__).parent.glob("deadline_answers*.txt"))
ROWS = [
    line.split("|")[:3] for key in KEYS for line in key.read_text("utf-8").splitlines() if line[:1] not in ("", "#")
]
RESPELT = {
    "decomposed": lambda words: unicodedata.normalize("NFD", words),
    "capitals": str.upper,
    "small letters": str.lower,
    "no-break spaces": lambda words: words.replace(" ", "\u00a0"),
    "double spaces": lambda words: words.replace(" ", "  "),
    "zero-width": lambda words: words.replace(" ", " \u200b").replace("u", "u\u00ad"),
    "long dashes": lambda words: words.replace("-", "–"),
    "space around": lambda words: f"  {words} ",
}


def read(words):
    return parse_deadline(words, plan_year=2024, plan_signed=date(2024, 3, 20))


def holds_together(deadline):
    assert list(deadline.due_dates) == sorted(set(deadline.due_dates))
    assert all(1990 <= day.year <= 2100 for day in deadline.due_dates)
    assert (deadline.completes is None) == (not deadline.due_dates)
    assert deadline.final_due == (deadline.due_dates[-1] if deadline.due_dates else None)
    assert deadline.why or not deadline.ambiguous
    assert deadline.kind != "unspecified" or (deadline.ambiguous and not deadline.due_dates)
    assert deadline.ambiguous or not deadline.readings
    assert "readings" in deadline.as_dict()
    return True


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=60), year=years, signed=days)
def test_no_text_makes_the_reader_fail(text, year, signed):
    assert holds_together(parse_deadline(text, plan_year=year, plan_signed=signed))


@settings(max_examples=600, deadline=None)
@given(text=cells, year=years, signed=days)
def test_no_mixture_of_words_of_time_makes_the_reader_fail(text, year, signed):
    assert holds_together(parse_deadline(text, plan_year=year, plan_signed=signed))


@settings(max_examples=400, deadline=None)
@given(text=cells_without_a_year, year=st.integers(2019, 2030))
def test_dates_without_a_printed_year_stay_near_the_plan_year(text, year):
    read_now = parse_deadline(text, plan_year=year, plan_signed=date(year, 1, 15))

    assert all(year - 1 <= day.year <= year + 10 for day in read_now.due_dates), text


@pytest.mark.parametrize("way", RESPELT)
def test_every_wording_of_the_answer_keys_says_the_same_when_respelt(way):
    other = []
    for words, year, signed in ROWS:
        day = date(*map(int, reversed(signed.split("/")))) if signed else None
        words = words.replace("\\n", "\n")
        plain = parse_deadline(words, plan_year=int(year), plan_signed=day)
        respelt = parse_deadline(RESPELT[way](words), plan_year=int(year), plan_signed=day)
        if (plain.kind, plain.due_dates, plain.completes, plain.ambiguous) != (
            respelt.kind,
            respelt.due_dates,
            respelt.completes,
            respelt.ambiguous,
        ):
            other.append(words)
    assert other == []


@settings(max_examples=150, deadline=None)
@given(text=cells)
def test_the_form_of_unicode_and_the_case_change_nothing(text):
    plain = read(text)
    assert read(unicodedata.normalize("NFD", text)).as_dict() == plain.as_dict()
    assert read(text.upper()).as_dict() == plain.as_dict()


@pytest.mark.parametrize("words", CLEAR)
def test_spaces_dashes_and_invisible_signs_change_nothing(words):
    plain = read(words).as_dict()
    spaces = [words.replace(" ", other) for other in ("\u00a0", "   ", "\u3000", " \u200b")]
    dashes = [words.replace("-", other) for other in ("–", "—", "\u2011", "÷")]
    forms = [unicodedata.normalize("NFD", words), words.lower(), words.upper(), words.replace("u", "u\u00ad")]
    for changed in (*spaces, *dashes, *forms, f"  {words} \n", f"{words}."):
        assert read(changed).as_dict() == plain, repr(changed)


@pytest.mark.parametrize(
    "words", ["9" * 5000, "(" * 1500, "quý " * 400, "- " * 900, "10/6 " * 300, "ngày " * 400, "tháng 6, " * 200]
)
def test_a_monstrous_cell_is_answered_too(words):
    assert holds_together(read(words))
