"""Named districts and communes: "UBND huyện Yên Lạc", "các huyện Yên Lạc, Vĩnh Tường", "Công an thành phố Vĩnh Yên".

They are known by their pattern, without a register. A city is of the district level unless it is one of the cities
run by the centre.
"""

import datetime as dt
import re
from dataclasses import dataclass

from agencies import standard
from agencies.folding import fold

from .group_words import PLACE_NAMES
from .groups import ends_here, read_unit
from .words import Words

_CLASS = re.compile(
    r"(huyen dao|huyen|thi xa|tx|thanh pho|tp(?: \.)?|quan|xa|phuong|thi tran|tt|dac khu|p(?: \.)?|h \.|q \.|tx \.) "
)
_SPELT = {
    "huyen dao": "huyện đảo",
    "huyen": "huyện",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "tp .": "thành phố",
    "quan": "quận",
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "dac khu": "đặc khu",
    "p": "phường",
    "p .": "phường",
    "h .": "huyện",
    "q .": "quận",
    "tx .": "thị xã",
}
_KINDS = {word for kind in _SPELT.values() for word in kind.split()}
_MANY = re.compile("cac ")
_PLACE = re.compile(f"(?:{PLACE_NAMES}) ")
_OF_PROVINCE = re.compile(f"(?:, |- )?(?:thuoc )?tinh (?:{PLACE_NAMES}) ")
_ENDS = frozenset(
    re.findall(
        r"\w+",
        """chủ phối tham theo thực triển tổ đôn kiểm giám chịu là làm đề trừ không và cùng với hoặc hỗ báo được để nhằm
        hướng tổng cũ tỉnh có thuộc trên trong các ubnd hđnd ủy sở ban công đầu chỉ""",
    )
)
_BEGINNINGS = frozenset(("ubnd", "hđnd", "ủy", "sở", "ban", "tỉnh", "báo", "các"))
_COMPOUNDS = {
    pair.split("+")[0]: pair.split("+")[1].split("/")
    for pair in re.findall(
        r"\S+",
        """chủ+trì phối+hợp tham+gia/mưu theo+dõi thực+hiện triển+khai tổ+chức đôn+đốc kiểm+tra giám+sát đề+xuất hỗ+trợ
        hướng+dẫn tổng+hợp công+an/bố/khai/chức/đoàn/ty đầu+mối chỉ+đạo/huy chịu+trách làm+đầu/việc không+bao/gồm""",
    )
}
_CITIES = {fold(name) for name in standard.city_names()} | {"hcm"}


@dataclass(frozen=True, slots=True)
class Locality:
    """A named place: ``official`` ("UBND huyện Yên Lạc"), its kind of place, whether "các" stood before it."""

    official: str
    unit: str
    place: str
    end: int
    many: bool


def is_central_city(name: str, on: dt.date | None, province: str | None) -> bool:
    """Say whether "thành phố <name>" is a city run by the centre; Huế only since 2025 or where the plan is Huế's
    own."""
    key = fold(name).removeprefix("tp ").removeprefix("tp. ")
    if key not in _CITIES:
        return False
    if key == "huế" and on is None:
        return standard.is_city(province)
    return key == "hcm" or standard.is_city(name, on)


def read_locality(words: Words, at: int, *, unit: str | None = None) -> Locality | None:
    """Return the named place that starts at a token, perhaps with a unit before it ("UBND", "Bộ phận Một cửa")."""
    place = at
    if unit is None:
        unit, place = read_unit(words, at)
    many = words.match(_MANY, place)
    place = many or place
    start = words.match(_CLASS, place)
    if start is None or any(
        token.key not in _KINDS and token.key != token.plain for token in words.tokens[place:start]
    ):
        return None
    kind = _SPELT[words.sub(place, start)]
    if (short := kind in ("phường", "thị trấn") and len(words.plain(place)) <= 2) and unit is None:
        return None
    end = name_end(words, start)
    if end is None or (short and not end):
        return None
    if unit is None and words.text != words.text.lower() and words.tokens[start].text[0].islower():
        return None  # "xã hội nghề nghiệp" is no commune
    name = spelt_name(words.printed(start, end))
    end = words.match(_OF_PROVINCE, end) or end
    return Locality(f"{unit or 'UBND'} {kind} {name}", unit or "UBND", kind, end, many is not None)


def name_end(words: Words, at: int) -> int | None:
    """Return the token after a proper name of one to five words."""
    if (known := words.match(_PLACE, at)) is not None and ends_here(words, known):
        return known
    end = at
    while words.is_word(end) and not _closes_name(words, at, end) and end - at < 5:
        end += 1
        if (
            words.plain(end) == "-"
            and words.is_word(end + 1)
            and words.tokens[end + 1].text[:1].isupper()
            and end - at < 4
            and words.match(_CLASS, end + 1) is None
            and words.tokens[end + 1].key not in _ENDS
        ):
            end += 1
    return end if at < end and (ends_here(words, end) or words.tokens[end].key in _ENDS) else None


def _closes_name(words: Words, at: int, end: int) -> bool:
    """Say whether a word ends the name before it. One with a capital is part of it ("Hướng Hóa", "Thành Công"),
    unless a small word follows ("Yên Lạc Chủ trì") or an agency begins with it.
    """
    word = words.tokens[end]
    if word.key not in _ENDS:
        return False
    cased = words.text != words.text.upper() and words.text != words.text.lower()
    if (cased and not word.text[0].isupper()) or (end > at and word.key in _BEGINNINGS):
        return True
    compound = _COMPOUNDS.get(word.key)
    if words.is_word(end + 1) and (compound or cased):
        return words.tokens[end + 1].key in (compound or ())
    return end == at or (not cased and not compound)


def spelt_name(printed: str) -> str:
    """Return a proper name with capitals, where it was printed in capitals or small letters only."""
    return printed if printed != printed.upper() and printed != printed.lower() else printed.title()
