"""Vietnamese text: two spellings of one word meet, search needs no diacritics, the alphabet is Vietnamese."""

import unicodedata

import pytest

from agencies.folding import fold, nfc, sort_key, squeeze, unaccent
from agencies.models import Agency
from tests.factories import AgencyFactory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sở Nội vụ", unicodedata.normalize("NFD", "Sở Nội vụ")),
        ("Sở Nội vụ", "SỞ\u00a0NỘI   VỤ"),
        ("Sở Nội vụ", "Sở\u200b Nội\u00ad vụ"),
        ("82/KH-UBND", "82/KH–UBND"),
        ("82/KH-UBND", "82/KH\u2011UBND"),
        ("hòa giải", "hoà giải"),
        ("thủy lợi", "thuỷ lợi"),
        ("khỏe", "khoẻ"),
        ("“một cửa”", '"một cửa"'),
    ],
)
def test_two_spellings_of_the_same_words_meet(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Quý", "Qúy"), ("hoàn", "hoan"), ("thu", "thú"), ("toàn", "tòan")])
def test_different_words_stay_different(one: str, other: str):
    assert fold(one) != fold(other)


def test_search_keys_have_no_diacritics():
    assert unaccent("Sở Nội vụ; Đài Phát thanh - Truyền hình") == "so noi vu; dai phat thanh - truyen hinh"


def test_squeezing_takes_line_ends_and_nul_and_keeps_letters():
    assert squeeze("  Sở\r\n Y\tt\x00ế ") == "Sở Y tế"
    assert nfc("a\nb") == "a\nb"


def test_the_alphabet_puts_ă_after_a_and_đ_after_d_and_tones_last():
    words = ["Ấ", "Đông", "Dân", "Ba", "Ân", "Ăn", "An", "Ân Thi", "E", "Án", "Ê", "Ô", "O", "Ơ", "Ư", "U"]
    assert sorted(words, key=sort_key) == [
        "An", "Án", "Ăn", "Ấ", "Ân", "Ân Thi", "Ba", "Dân", "Đông", "E", "Ê", "O", "Ô", "Ơ", "U", "Ư",
    ]  # fmt: skip


def test_numbers_sort_by_value():
    assert sorted(["Khu phố 10", "Khu phố 2", "Khu phố 1"], key=sort_key) == ["Khu phố 1", "Khu phố 2", "Khu phố 10"]


def test_the_register_comes_in_vietnamese_order_from_the_database(db: None):
    for name in (
        "UBND xã Đồng Ích",
        "UBND xã Ân Hòa",
        "UBND xã Dân Chủ",
        "UBND xã Ăn Thịnh",
        "UBND xã An Hòa",
        "UBND xã Em",
    ):
        AgencyFactory(name=name)
    names = [agency.name.removeprefix("UBND xã ") for agency in Agency.objects.all()]
    assert names == ["An Hòa", "Ăn Thịnh", "Ân Hòa", "Dân Chủ", "Đồng Ích", "Em"]


@pytest.mark.parametrize("words", ["so noi vu", "SỞ NỘI VỤ", "noi vu", "snv", "Nội Vụ"])
def test_search_without_diacritics_finds_the_agency(db: None, words: str):
    found = AgencyFactory(name="Sở Nội vụ", short_name="SNV")
    AgencyFactory(name="Sở Ngoại vụ", short_name="SNgV")
    assert list(Agency.objects.matching(words)) == [found]


def test_signs_of_search_patterns_are_ordinary_letters(db: None):
    AgencyFactory(name="Sở Nội vụ")
    assert not Agency.objects.matching("%").exists()
    assert not Agency.objects.matching("_").exists()
