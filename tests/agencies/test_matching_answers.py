"""Agency cells of plans of many provinces and years against answer keys written by hand (cell_answers*.txt)."""

import datetime as dt
from pathlib import Path

import pytest

from agencies.matching import Catalogue, parse_agency_cell

LINES = [
    line
    for key in sorted(Path(__file__).parent.glob("cell_answers*.txt"))
    for line in key.read_text("utf-8").splitlines()
]
ANSWERS = [line.split("#") for line in LINES if line and not line.startswith("##")]
ROLES = {"L": "lead", "C": "coordinate", "I": "implement", "M": "monitor", "A": "advise"}
CATALOGUE = Catalogue.standard()


def wanted(words):
    names, _, role = words.rpartition(":")
    return names.split("|"), ROLES[role[0]], "g" in role, "?" not in role, "x" in role


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: "|".join(row[:5])[:90])
def test_an_agency_cell_means_what_a_careful_clerk_says(row):
    column, province, issuer, signed, text, entries, excluded, unknown = row
    expected = [wanted(words) for words in entries.split("~") if words and words != "*"]

    cell = parse_agency_cell(
        text.replace("\\n", "\n"),
        column=column,
        catalogue=CATALOGUE,
        province=province or None,
        issuer=issuer or None,
        plan_signed=dt.date.fromisoformat(signed) if signed else None,
    )

    assert entries == "*" or len(cell.entries) == len(expected), cell.entries
    for read, (names, role, group, stated, loose) in zip(cell.entries, expected, strict=entries != "*"):
        assert "*" in names or read.agency_or_group in names
        assert loose or (read.role, read.group, read.role_stated) == (role, group, stated), read
    assert excluded == "*" or list(cell.excluded) == [name for name in excluded.split(";") if name]
    assert unknown == "*" or list(cell.unknown) == [name for name in unknown.split(";") if name]
