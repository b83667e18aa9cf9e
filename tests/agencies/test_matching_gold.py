"""The agency cells of the seed plans read as a careful reader reads them."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings

from agencies.matching import Catalogue, parse_agency_cell

GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"
PLANS = {
    "vinhphuc": ("UBND tỉnh Vĩnh Phúc", {"agencies_text": "lead_implement"}),
    "sonla": ("UBND tỉnh Sơn La", {"agencies_text": "lead", "coordinating_text": "coordinate"}),
}
HEADINGS = {"hue": "UBND tỉnh Thừa Thiên Huế", "gtvt": "Sở Giao thông vận tải Thừa Thiên Huế"}


def plan(name: str) -> dict:
    path = GOLD / f"{name}_tasks.json"
    if not path.exists():
        pytest.skip(f"GOLD DATA MISSING: {path}")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("name", PLANS)
def test_every_agency_cell_of_a_table_is_read_as_the_gold_says(name):
    gold = plan(name)
    issuer, columns = PLANS[name]
    signed = dt.date.fromisoformat(gold["plan"]["signed"])
    wrong = []
    for task in gold["tasks"]:
        got, doubts = [], []
        for key, column in columns.items():
            cell = (
                parse_agency_cell(
                    task.get(key) or "",
                    column=column,
                    catalogue=Catalogue.standard(gold["plan"]["province"]),
                    issuer=issuer,
                    plan_signed=signed,
                )
                if task.get(key)
                else None
            )
            if cell:
                got += [(e.agency_or_group, e.role, e.group, e.role_stated) for e in cell.entries]
                doubts += [*cell.unknown, *cell.warnings, *([cell.why] if cell.ambiguous else [])]
        want = [(a["agency_or_group"], a["role"], a["group"], a["role_stated"]) for a in task["assignments"]]
        if sorted(got) != sorted(want) or doubts:
            wrong.append((task["row"], got, want, doubts))

    assert wrong == []


@pytest.mark.parametrize("name", HEADINGS)
def test_every_agency_heading_of_a_prose_plan_names_the_agencies_of_its_tasks(name):
    gold = plan(name)
    wrong = []
    for task in gold["tasks"]:
        if not task.get("agencies_text"):
            continue
        cell = parse_agency_cell(
            task["agencies_text"], column="lead_implement", catalogue=Catalogue.standard(), issuer=HEADINGS[name]
        )
        from_heading = {a["agency_or_group"] for a in task["assignments"] if a.get("source") in ("heading", "text")}
        named = {e.agency_or_group for e in cell.entries}
        if not named or not named <= from_heading or cell.unknown:
            wrong.append((task["row"], task["agencies_text"], named, from_heading))

    assert wrong == []


def test_every_name_of_the_gold_register_is_known_under_its_aliases_and_abbreviations():
    path = GOLD / "agencies.json"
    if not path.exists():
        pytest.skip(f"GOLD DATA MISSING: {path}")
    register = json.loads(path.read_text("utf-8"))["agencies"]
    wrong = []
    for agency in register:
        name = agency["name"].partition(" (")[0]
        spellings = [name, *agency.get("aliases_in_seeds", ()), *agency.get("abbreviations", ())]
        for words in spellings:
            if "[" in words or words == "Văn phòng":
                continue
            cell = parse_agency_cell(words, column="implement", catalogue=Catalogue.standard(), issuer="UBND tỉnh")
            if [e.agency_or_group for e in cell.entries] != [name] or cell.ambiguous or cell.unknown:
                wrong.append((words, name, [e.agency_or_group for e in cell.entries], cell.why, cell.unknown))

    assert wrong == []
