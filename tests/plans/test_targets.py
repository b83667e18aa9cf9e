"""Which targets the words of a task set; the answers were written by hand before the finder (`target_answers.tsv`)."""

import json
from decimal import Decimal
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from agencies.folding import fold
from plans.targets.finding import MOST, Comparison, find_targets, read_number, written

ANSWERS = Path(__file__).parent / "target_answers.tsv"
GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"


def answers() -> list[tuple[str, list[str]]]:
    """Return each sentence with the targets it sets."""
    lines = [line.split("\t") for line in ANSWERS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(sentence, [] if told == "-" else told.split("; ")) for sentence, told in lines]


def gold_tasks(name: str) -> list[dict]:
    """Return the tasks of a plan that was read by hand."""
    path = GOLD / f"{name}_tasks.json"
    if not path.exists():
        pytest.skip(f"Không có {path}: không so được với bản đọc bằng tay.")
    return json.loads(path.read_text("utf-8"))["tasks"]


@pytest.mark.parametrize(("sentence", "told"), answers(), ids=[sentence[:60] for sentence, _ in answers()])
def test_a_sentence_sets_the_targets_that_a_reader_finds_in_it(sentence: str, told: list[str]):
    found = find_targets(sentence, year=2024)
    assert [f"{one.comparison} {one.goal:f} {one.unit}".replace(".", ",") for one in found] == told


def test_the_words_of_a_target_are_a_place_in_the_text():
    sentences = [sentence for sentence, _ in answers()]
    found = [(sentence, one) for sentence in sentences for one in find_targets(sentence, year=2024)]
    assert len(found) > 50
    assert all(sentence[one.start : one.end] == one.words for sentence, one in found)


def test_two_targets_of_one_sentence_share_it_out():
    text = "Tỷ lệ hồ sơ trực tuyến đạt 60%, thanh toán trực tuyến đạt 50%; xây dựng 05 phóng sự, 12 chuyên mục."
    assert [one.words for one in find_targets(text)] == [
        "Tỷ lệ hồ sơ trực tuyến đạt 60%", "thanh toán trực tuyến đạt 50%", "xây dựng 05 phóng sự", "12 chuyên mục",
    ]  # fmt: skip


def test_sections_of_a_list_of_agencies_stay_together():
    text = "Bảo đảm 100% sở, ngành; UBND cấp huyện; UBND cấp xã công khai TTHC; tổ chức kiểm tra định kỳ."
    assert [one.words for one in find_targets(text)] == [
        "Bảo đảm 100% sở, ngành; UBND cấp huyện; UBND cấp xã công khai TTHC"
    ]


def test_every_target_of_the_plan_of_son_la_is_found_with_its_words_and_nothing_else():
    wrong = []
    seen = 0
    for task in gold_tasks("sonla"):
        told = task.get("targets", [])
        found = find_targets(task["text"], year=2022)
        seen += len(told)
        alike = [fuzz.token_set_ratio(fold(one), fold(other.words)) for one, other in zip(told, found, strict=False)]
        figures = [fuzz.partial_ratio(f"{other.goal:f}%", one) for one, other in zip(told, found, strict=False)]
        if len(told) != len(found) or min([100.0, *alike]) < 75 or min([100.0, *figures]) < 100:
            wrong.append((task.get("no"), told, [one.words for one in found]))
    assert (seen, wrong) == (10, [])


@pytest.mark.parametrize("name", ["vinhphuc", "gtvt", "binhdinh"])
def test_plans_that_print_no_target_offer_none(name: str):
    assert [one.words for task in gold_tasks(name) for one in find_targets(task["text"])] == []


def test_the_plan_of_hue_holds_one_limit():
    found = [one for task in gold_tasks("hue") for one in find_targets(task["text"])]
    assert [(one.comparison, one.goal, one.unit) for one in found] == [(Comparison.AT_MOST, 1, "lần")]


def test_a_figure_of_an_earlier_year_is_a_result_and_one_of_the_plans_year_is_asked_for():
    text = "Năm 2023, tỷ lệ hồ sơ trực tuyến đạt 52%."
    assert find_targets(text, year=2024) == []
    assert [one.goal for one in find_targets(text, year=2023)] == [52]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1.250,5", "1250.5"), ("1.250", "1250"), ("12,5", "12.5"), ("12.5", "12.5"), ("02", "2"), (" 98,7 % ", "98.7"),
        ("1.250.000", "1250000"), ("0.500", "0.500"), ("12 500", "12500"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_vietnamese_offices_write_it(words: str, number: str):
    assert read_number(words) == Decimal(number)


@pytest.mark.parametrize("words", ["1,250,000", "", "%", "-5", "1.2.3", "năm", "1.25,0.0", "1e5", "NaN", "١٢"])
def test_what_can_be_read_in_no_way_or_two_is_not_read(words: str):
    with pytest.raises(ValueError, match=r".*"):
        read_number(words)


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_what_is_written_is_read_back(number: Decimal):
    assert read_number(written(number)) == number


@given(st.text(alphabet=st.sampled_from("100%5,.;()- \nítnhấttừđạttrởlênkhôngquáđơnvịlớpvà١"), max_size=120))
def test_no_text_is_too_strange_to_be_read(text: str):
    for one in find_targets(text):
        assert text[one.start : one.end] == one.words
        assert one.goal >= 0
        assert one.unit != "%" or one.goal <= 100


@pytest.mark.parametrize(
    ("comparison", "met"), [("≥", [0, 1, 1]), (">", [0, 0, 1]), ("=", [0, 1, 0]), ("≤", [1, 1, 0]), ("<", [1, 0, 0])]
)
def test_each_comparison_is_met_on_its_side(comparison: str, met: list[int]):
    values = [Decimal("84.99"), Decimal(85), Decimal("85.01")]
    assert [Comparison(comparison).is_met(value, Decimal("85.00")) for value in values] == [bool(one) for one in met]


@pytest.mark.parametrize(
    "text",
    ["100% " * 30_000, "ít nhất 2 lớp, " * 10_000, "x; " * 30_000 + "đạt 5%"],
    ids=["shares", "counts", "breaks"],
)
def test_a_text_that_is_no_task_takes_no_long_time(text: str):
    begun = monotonic()
    assert 0 < len(find_targets(text)) <= MOST
    assert monotonic() - begun < 10
