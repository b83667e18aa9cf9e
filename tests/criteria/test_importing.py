"""The framework of Quyết định 1001/QĐ-BNV and the links of the demonstration plan to it."""

import json
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from criteria.importing import SIPAS_2023, load_framework
from criteria.models import Criterion, Framework

GOLD = Path(settings.BASE_DIR).parent / "shared" / "gold"
LINKS = Path(settings.BASE_DIR) / "plans" / "data" / "82-KH-UBND-links.json"


def gold(name: str) -> dict:
    """Return a hand-made file, or skip loudly."""
    if not GOLD.exists():
        pytest.skip("the hand-made files are not beside the project")
    return json.loads((GOLD / name).read_text(encoding="utf-8"))


@pytest.fixture
def framework(db: None) -> Framework:
    """Load the method in force."""
    return load_framework().framework


def test_the_method_has_67_criteria_in_four_parts(framework: Framework) -> None:
    criteria = framework.criteria.filter(level=Criterion.Level.CRITERION).values_list("code", flat=True)
    levels = Counter(framework.criteria.values_list("level", flat=True))

    assert Counter(code.split(".")[0] for code in criteria) == {"I": 39, "II": 8, "III": 10, "IV": 10}
    assert levels == {"part": 4, "content": 2, "factor": 9, "criterion": 67}


def test_the_method_holds_for_2023_to_2026_and_averages_criteria(framework: Framework) -> None:
    assert (framework.code, framework.signed_on) == ("1001/QĐ-BNV", date(2023, 12, 11))
    assert (framework.first_year, framework.last_year) == (2023, 2026)
    assert framework.averaging == Framework.Averaging.CRITERIA


def test_every_criterion_has_the_code_and_words_of_the_hand_made_list(framework: Framework) -> None:
    expected = {}
    for part in gold("criteria.json")["appendices"]:
        groups = [factor for content in part.get("contents", []) for factor in content["factors"]] or [part]
        expected |= {row["code"]: row["text"] for group in groups for row in group["criteria"]}

    loaded = dict(framework.criteria.filter(level="criterion").values_list("code", "text"))

    assert loaded == expected


def test_a_criterion_stands_under_its_factor_content_and_part(framework: Framework) -> None:
    criterion = framework.criteria.get(code="I.2.5.39")

    assert criterion.parent.text == "Việc tiếp nhận, xử lý phản ánh, kiến nghị của người dân"
    assert criterion.parent.parent.text == "Cung ứng dịch vụ hành chính công"
    assert criterion.parent.parent.parent.code == "I"
    assert framework.criteria.get(code="III.04").parent.code == "III"


def test_criteria_come_in_the_order_of_the_decision(framework: Framework) -> None:
    codes = list(framework.criteria.values_list("code", flat=True))

    assert codes[:4] == ["I", "I.1", "I.1.1", "I.1.1.01"]
    assert codes[-1] == "IV.10"
    assert list(framework.criteria.filter(level="part").values_list("code", flat=True)) == ["I", "II", "III", "IV"]


def test_impact_criteria_are_the_results_of_part_one_and_the_other_way_round(framework: Framework) -> None:
    pairs = dict(framework.criteria.exclude(same_as=None).values_list("code", "same_as__code"))

    assert len(pairs) == 20
    assert all(pairs[f"IV.{number:02d}"] == f"I.1.4.{number + 13}" for number in range(1, 11))
    assert all(pairs[twin] == code for code, twin in pairs.items())


def test_a_criterion_is_found_without_diacritics(framework: Framework) -> None:
    assert framework.criteria.filter(search_key__contains="nuoc sinh hoat").count() == 3


def test_loading_twice_changes_nothing(framework: Framework) -> None:
    before = list(Criterion.objects.order_by("pk").values())

    again = load_framework()

    assert (again.framework, again.added, again.reworded) == (framework, 0, 0)
    assert list(Criterion.objects.order_by("pk").values()) == before


def test_corrected_words_are_taken_over_under_the_same_code(framework: Framework, tmp_path: Path) -> None:
    old = framework.criteria.get(code="II.01")
    corrected = json.loads(SIPAS_2023.read_text(encoding="utf-8"))
    next(row for row in corrected["criteria"] if row["code"] == "II.01")["text"] = "Mức độ quan tâm"
    file = tmp_path / "corrected.json"
    file.write_text(json.dumps(corrected), encoding="utf-8")

    loaded = load_framework(file)

    new = framework.criteria.get(code="II.01")
    assert (loaded.added, loaded.reworded) == (0, 1)
    assert (new.pk, new.text, new.search_key) == (old.pk, "Mức độ quan tâm", "ii.01 muc do quan tam")


def test_a_tree_with_a_missing_branch_is_refused_and_nothing_is_saved(db: None, tmp_path: Path) -> None:
    broken = json.loads(SIPAS_2023.read_text(encoding="utf-8"))
    broken["criteria"] = [row for row in broken["criteria"] if row["code"] != "I.1.2"]
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken), encoding="utf-8")

    with pytest.raises(CommandError, match=r"I\.1\.2\.03"):
        call_command("load_framework", str(file))

    assert Framework.objects.count() == 0


def test_the_command_says_how_many_criteria_there_are(db: None) -> None:
    out = StringIO()

    call_command("load_framework", stdout=out)

    assert out.getvalue().strip() == "1001/QĐ-BNV: thêm 82 mục, sửa lời văn 0 mục; có 67 tiêu chí."


def test_the_links_of_plan_82_name_its_33_tasks_and_known_codes(framework: Framework) -> None:
    links = json.loads(LINKS.read_text(encoding="utf-8"))
    codes = set(framework.criteria.values_list("code", flat=True))
    linked = {code for row in links["links"] for code in row["criteria"]}
    unlinked = set(framework.criteria.filter(level="criterion").values_list("code", flat=True)) - {
        code for row in links["links"] if row["scope"] == "improves" for code in row["criteria"]
    }

    assert [row["row"] for row in links["links"]] == list(range(1, 34))
    assert linked <= codes
    assert {sure for row in links["links"] for sure in row["criteria"].values()} == {"high", "medium", "low"}
    assert sum(len(row["criteria"]) for row in links["links"]) == 145
    assert unlinked <= {"II.01", "II.08", "III.04"}


def test_the_links_of_plan_82_are_those_made_by_hand() -> None:
    expected = {
        row["row"]: {link["code"]: link["confidence"] for link in row["links"]} for row in gold("links.json")["links"]
    }
    links = json.loads(LINKS.read_text(encoding="utf-8"))["links"]
    tasks = {task["row"]: task["text"] for task in gold("vinhphuc_tasks.json")["tasks"]}

    assert {row["row"]: row["criteria"] for row in links} == expected
    assert all(tasks[row["row"]].startswith(row["text_starts"]) for row in links)
