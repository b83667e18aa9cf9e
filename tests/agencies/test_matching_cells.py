"""Cells of plans of many provinces and years, with a careful clerk's answers (agency_cells.json)."""

import datetime as dt
import json
from pathlib import Path

import pytest

from agencies.matching import Catalogue, parse_agency_cell

CELLS = json.loads((Path(__file__).parent / "agency_cells.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.standard()


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row["text"][:60].replace("\n", " / "))
def test_a_cell_is_read_as_a_careful_clerk_reads_it(row, catalogue):
    signed = dt.date.fromisoformat(row["plan_signed"]) if row.get("plan_signed") else None

    cell = parse_agency_cell(
        row["text"],
        column=row["column"],
        catalogue=catalogue,
        province=row.get("province"),
        issuer=row.get("issuer"),
        plan_signed=signed,
    )

    got = [
        [e.agency_or_group, e.role, "group" if e.group else "one", "stated" if e.role_stated else "inferred"]
        for e in cell.entries
    ]
    assert got == row["entries"]
    assert list(cell.excluded) == row.get("excluded", [])
    assert cell.ambiguous == row.get("ambiguous", False), cell.why
    assert list(cell.unknown) == row.get("unknown", [])
    assert sorted({warning.code for warning in cell.warnings}) == row.get("warnings", [])
