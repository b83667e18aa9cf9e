"""The national catalogue of names that provincial plans use: departments, equal bodies, central agencies, groups.

``data/standard_agencies.json`` holds one row a name. Sources: Nghị định 24/2014/NĐ-CP (departments until 28/02/2025),
45/2025/NĐ-CP and 150/2025/NĐ-CP (since 01/3/2025), Quyết định 381/QĐ-BTC (tax). ``valid_to`` is the usual last
day; each province fixed its own by resolution, so a register of a province, where there is one, overrules this
file. A row has no ``valid_to`` where the day is not certain: a wrong "đã giải thể" is worse than none; it may have
``reorganised``, the usual day since which the name is to be checked.

``parts`` of a department are its subjects with their abbreviations; every mixture of them is a usual spelling
("Sở NN và PTNT", "Sở Nông nghiệp & PTNT", "SNNPTNT").
"""

import datetime as dt
import functools
import itertools
import json
import re
from pathlib import Path
from typing import Any

from .folding import fold

DATA = Path(__file__).parent / "data" / "standard_agencies.json"
MERGED = dt.date(2025, 7, 1)
"""First day of the 34 provinces and of the two levels: no district, no thị trấn since."""


@functools.cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return data


def province_names() -> tuple[str, ...]:
    """Return the names of the provinces that are called tỉnh, those of before 01/7/2025 and of today."""
    return tuple(_file()["provinces"])


def city_names() -> tuple[str, ...]:
    """Return the names of the cities run by the centre; Huế became one on 01/01/2025."""
    return tuple(city["name"] for city in _file()["cities"])


def is_city(province: str | None, on: dt.date | None = None) -> bool:
    """Say whether a province is a city run by the centre on a day (today's state where no day is given)."""
    wanted = _bare(province)
    for city in _file()["cities"]:
        if fold(city["name"]) == wanted:
            return not (city["since"] and on and on < dt.date.fromisoformat(city["since"]))
    return False


def province_of(words: str | None) -> str:
    """Return the key of the province that the words name; the two names of Huế are one province."""
    key = _bare(words)
    return {"hcm": "hồ chí minh", "tphcm": "hồ chí minh", "thừa thiên huế": "huế"}.get(key, key)


def merged_into(province: str, on: dt.date | None) -> str | None:
    """Return the province that another one became part of on 01/07/2025 (Nghị quyết 202/2025/QH15), from that day on."""
    if on is None or on < MERGED:
        return None
    merged: dict[str, str] = _file()["merged"]
    wanted = province_of(province)
    return next((whole for part, whole in merged.items() if province_of(part) == wanted), None)


def full_province(words: str, on: dt.date | None = None) -> str:
    """Return "tỉnh Vĩnh Phúc", "thành phố Hà Nội" for a province named in any usual spelling."""
    wanted = province_of(words)
    for name in (*province_names(), *city_names()):
        if province_of(name) == wanted:
            return f"{'thành phố' if is_city(name, on) else 'tỉnh'} {name}"
    return words


def _bare(province: str | None) -> str:
    words = fold(province or "")
    for lead in ("thành phố ", "tỉnh ", "tp. ", "tp ", "tp."):
        words = words.removeprefix(lead)
    return words.strip(" .")


@functools.cache
def rows() -> tuple[dict[str, Any], ...]:
    """Return the catalogue as rows ready for ``matching.Name``: parts spelt out, Party bodies of cities added,
    days as dates."""
    found: list[dict[str, Any]] = []
    for row in _file()["names"]:
        found.append(_spelt_out(row))
        if _of_city(row["name"]) != row["name"]:
            found.append(_spelt_out(_party_of_city(row)))
    return tuple(found)


def _of_city(words: str) -> str:
    return words.replace("Tỉnh ủy", "Thành ủy").replace("Tỉnh đoàn", "Thành đoàn")


def _party_of_city(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of the same Party body or youth union in a city, with those spellings only that name the city."""
    kept = {
        key: [_of_city(words) for words in row.get(key, ()) if _of_city(words) != words]
        for key in ("aliases", "abbreviations")
    }
    return {**row, **kept, "name": _of_city(row["name"])}


def _spelt_out(row: dict[str, Any]) -> dict[str, Any]:
    spellings = [*row.get("aliases", ())]
    short = [*row.get("abbreviations", ())]
    if row.get("parts"):
        spellings += ["Sở " + " ".join(choice) for choice in itertools.product(*row["parts"])]
        spellings += ["S " + " ".join(part[0] for part in row["parts"])]
        short.append("S" + "".join(part[1] for part in row["parts"]))
    short += [_without_stroke(words) for words in [*short, *spellings] if _without_stroke(words) != words]
    return {
        "name": row["name"],
        "kind": row["kind"],
        "group": row.get("group", False),
        "aliases": tuple(dict.fromkeys(spellings)),
        "abbreviations": tuple(dict.fromkeys(short)),
        "valid_from": _day(row.get("valid_from")),
        "valid_to": _day(row.get("valid_to")),
        "successors": tuple(row.get("successors", ())),
        "reorganised": _day(row.get("reorganised")),
    }


def _without_stroke(words: str) -> str:
    """Return an abbreviation as typed without Đ: "Sở GDĐT" as "Sở GDDT"; whole words keep theirs."""
    return re.sub(
        r"\b[\w&-]*Đ[\w&-]*",
        lambda word: (
            word.group().replace("Đ", "D") if word.group().isupper() and len(word.group()) > 3 else word.group()
        ),
        words,
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
