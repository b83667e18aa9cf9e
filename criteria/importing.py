"""Frameworks: the tree of a measuring method, from its data file into the database."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies.folding import unaccent
from criteria.models import Criterion, Framework

DATA = Path(__file__).parent / "data"
# Quyết định 1001/QĐ-BNV ngày 11/12/2023: 39 + 8 + 10 + 10 tiêu chí, giai đoạn 2023-2026.
SIPAS_2023 = DATA / "1001-QD-BNV.json"


@dataclass(frozen=True, slots=True)
class LoadedFramework:
    """What `load_framework` did: the framework, and how many nodes are new or have new words."""

    framework: Framework
    added: int
    reworded: int


@transaction.atomic
def load_framework(path: Path = SIPAS_2023) -> LoadedFramework:
    """Load a method and its tree by code; a second load changes nothing, corrected words are taken over.

    The parent of a node is the node of its code without the last part ("I.1.4.14" stands under "I.1.4"). Raises
    `ValueError` when a parent or an equal criterion (``same_as``) is not in the file; nothing is written then.
    """
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = document.pop("criteria")
    _check(rows)
    framework, _ = Framework.objects.get_or_create(
        code=document["code"], defaults={**document, "signed_on": date.fromisoformat(document["signed_on"])}
    )
    framework = Framework.objects.select_for_update().get(pk=framework.pk)
    reworded = _take_over_words(framework, rows)
    added = _add_missing(framework, rows)
    return LoadedFramework(framework, added, reworded)


def _check(rows: list[dict[str, Any]]) -> None:
    codes = {row["code"] for row in rows}
    for row in rows:
        if row["level"] != Criterion.Level.PART and _parent(row) not in codes:
            raise ValueError(f"Không tìm thấy mục cấp trên của {row['code']}.")
        if row.get("same_as", row["code"]) not in codes:
            raise ValueError(f"Không tìm thấy tiêu chí {row['same_as']} trùng với {row['code']}.")


def _take_over_words(framework: Framework, rows: list[dict[str, Any]]) -> int:
    words = {row["code"]: row["text"] for row in rows}
    changed = [node for node in framework.criteria.all() if words.get(node.code, node.text) != node.text]
    for node in changed:
        node.text = words[node.code]
        node.search_key = unaccent(f"{node.code} {node.text}")
    Criterion.objects.bulk_update(changed, ["text", "search_key"])
    return len(changed)


def _add_missing(framework: Framework, rows: list[dict[str, Any]]) -> int:
    """Add the nodes level by level, so that every parent has its id, then tie the equal criteria to each other."""
    ids = dict(framework.criteria.values_list("code", "pk"))
    added: dict[str, Criterion] = {}
    for level in Criterion.Level.values:
        nodes = Criterion.objects.bulk_create(
            Criterion(
                framework=framework,
                code=row["code"],
                level=row["level"],
                parent_id=ids.get(_parent(row)),
                position=position,
                text=row["text"],
                search_key=unaccent(f"{row['code']} {row['text']}"),
            )
            for position, row in enumerate(rows, start=1)
            if row["level"] == level and row["code"] not in ids
        )
        added |= {node.code: node for node in nodes}
        ids |= {node.code: node.pk for node in nodes}
    twins = [row for row in rows if "same_as" in row and row["code"] in added]
    for row in twins:
        added[row["code"]].same_as_id = ids[row["same_as"]]
    Criterion.objects.bulk_update([added[row["code"]] for row in twins], ["same_as"])
    return len(added)


def _parent(row: dict[str, Any]) -> str:
    return row["code"].rpartition(".")[0]
