"""The reader of time cells against what careful people read: the seed plans' gold, and a clerk's list of wordings."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from plans.deadlines import is_ditto, parse_deadline

GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"
WORDINGS = Path(__file__).parent / "deadline_wordings.tsv"
FIELDS = (
    "due_dates",
    "final_due",
    "ambiguous",
    "kind",
    "completes",
    "periods",
    "ongoing",
    "past_at_signing",
    "printed_date",
    "inclusive",
)


def gold_cells():
    """Every different time cell of the gold: words, the plan's year and signing day, the deadline a person read."""
    if not GOLD.is_dir():
        return [
            pytest.param(
                None, None, None, None, marks=pytest.mark.skip(reason="THE GOLD OF THE SEED PLANS IS NOT THERE")
            )
        ]
    cells = {}
    for path in sorted(GOLD.glob("*_tasks.json")):
        gold = json.loads(path.read_text("utf-8"))
        signed = date.fromisoformat(gold["plan"]["signed"])
        for task in gold["tasks"]:
            also = [*task.get("also_accept", []), *task["deadline"].get("also_accept", [])]
            cells[path.name, task["time_text"]] = (
                task["time_text"],
                gold["plan"]["plan_year"],
                signed,
                {**task["deadline"], "also": also},
            )
    return [pytest.param(*cell, id=f"{name[:5]}-{words}") for (name, words), cell in cells.items()]


@pytest.mark.parametrize(("words", "year", "signed", "gold"), gold_cells())
def test_a_time_cell_of_the_seed_plans_is_read_as_the_gold_says(words, year, signed, gold):
    answer = parse_deadline(words, plan_year=year, plan_signed=signed).as_dict()
    if not gold["stated"]:
        assert answer["due_dates"] == []
        return
    assert answer["due_dates"] in [gold["due_dates"], *gold["also"]]
    for field in FIELDS:
        if field in gold and field != "due_dates":
            assert answer.get(field) == gold[field], field
    if "suggested_due" in gold:
        assert answer["suggested_due"] == gold["suggested_due"]


def _day(words: str, year: int) -> date:
    parts = [int(part) for part in words.split("/")]
    return date(parts[2] if len(parts) == 3 else year, parts[1], parts[0])


def clerk_answers():
    """Words, due dates, ambiguity, kind, the plan's year and signing day, as the list has them."""
    return list(_clerk_answers())


def _clerk_answers():
    with WORDINGS.open(encoding="utf-8") as file:
        for words, due, ambiguous, kind, year, signed in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not words.startswith("# text"):
                days = tuple(sorted(_day(day, int(year)) for day in due.split()))
                signed_on = datetime.strptime(signed, "%d/%m/%Y").date()
                yield pytest.param(
                    words.replace("\\n", "\n"), days, bool(ambiguous), kind, int(year), signed_on, id=words
                )


@pytest.mark.parametrize(("words", "due", "ambiguous", "kind", "year", "signed"), clerk_answers())
def test_a_wording_of_real_plans_is_read_as_a_careful_clerk_reads_it(words, due, ambiguous, kind, year, signed):
    deadline = parse_deadline(words, plan_year=year, plan_signed=signed)
    assert deadline.due_dates == due
    assert deadline.ambiguous is ambiguous
    assert not kind or deadline.kind == kind
    assert bool(deadline.readings) <= ambiguous
    assert deadline.why or not ambiguous


@pytest.mark.parametrize("words", [None, "", "   ", "-", "–", "…", "...", "\u00a0", "\u200b", "/"])
def test_an_empty_cell_has_no_deadline_and_is_not_ambiguous(words):
    deadline = parse_deadline(words, plan_year=2024, plan_signed=date(2024, 3, 20))
    assert (deadline.kind, deadline.due_dates, deadline.completes) == (None, (), None)
    assert (deadline.stated, deadline.ambiguous) == (False, False)
    assert deadline.codes == ("missing_deadline",)


@pytest.mark.parametrize(
    "words", ["-nt-", "- nt -", "nt", "Như trên", "NHƯ TRÊN", "“", '"', "''", "〃", "n/t", "Như mục trên."]
)
def test_as_above_is_left_to_the_reader_of_the_table(words):
    deadline = parse_deadline(words, plan_year=2024, plan_signed=None)
    assert is_ditto(words)
    assert (deadline.kind, deadline.due_dates, deadline.ambiguous, deadline.codes) == (
        "unspecified",
        (),
        True,
        ("ditto",),
    )


@pytest.mark.parametrize("words", [None, "", "-", "Quý II", "Như Kế hoạch số 5", "không", "ntn"])
def test_other_cells_are_no_ditto(words):
    assert not is_ditto(words)
