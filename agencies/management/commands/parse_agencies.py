"""``manage.py parse_agencies``: JSON lines of agency cells in, JSON lines of what they say out; no database."""

import datetime as dt
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from agencies.matching import AgencyCell, Catalogue, parse_agency_cell
from agencies.matching.cells import COLUMNS


class Command(BaseCommand):
    """Read agency cells with the national catalogue.

    In, one JSON object a line: ``{"text", "column", "province", "issuer", "plan_signed"}``, the last three may be
    missing. Out, one for one in order: ``{"entries", "excluded", "ambiguous", "unknown", "why", "warnings"}``. A
    line that is no JSON object is read as the bare text of a cell; no line stops the run.
    """

    help = "Đọc ô cơ quan (mỗi dòng một đối tượng JSON) và trả về cơ quan, nhóm, vai trò; không dùng cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line of standard input."""
        catalogue = Catalogue.standard()
        lines = sys.stdin.buffer.read().decode("utf-8", errors="replace").removeprefix("\ufeff").split("\n")
        if lines and not lines[-1].strip():
            lines.pop()
        out = sys.stdout
        for line in lines:
            answer = as_json(read_line(line, catalogue))
            out.buffer.write((json.dumps(answer, ensure_ascii=False) + "\n").encode("utf-8", errors="replace"))
        out.flush()


def read_line(line: str, catalogue: Catalogue) -> AgencyCell:
    """Read one line of input; what is missing or of the wrong type counts as not given."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        asked = line
    if not isinstance(asked, dict):
        asked = {"text": asked if isinstance(asked, str) else line}
    text, column = asked.get("text"), asked.get("column")
    return parse_agency_cell(
        text if isinstance(text, str) else "",
        column=column if column in COLUMNS else "lead_implement",
        catalogue=catalogue,
        province=_words(asked.get("province")),
        issuer=_words(asked.get("issuer")),
        plan_signed=_day(asked.get("plan_signed")),
    )


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def as_json(cell: AgencyCell) -> dict[str, Any]:
    """Return the cell in the shape that ``read_plan --json`` uses for assignments."""
    return {
        "entries": [
            {
                "name": entry.name,
                "agency_or_group": entry.agency_or_group,
                "group": entry.group,
                "role": entry.role,
                "role_stated": entry.role_stated,
                "known": entry.known,
                "candidates": list(entry.candidates),
                "excluded": list(entry.excluded),
            }
            for entry in cell.entries
        ],
        "excluded": list(cell.excluded),
        "ambiguous": cell.ambiguous,
        "unknown": list(cell.unknown),
        "why": cell.why,
        "ditto": cell.ditto,
        "warnings": [{"code": w.code, "words": w.words, "message": w.message} for w in cell.warnings],
    }
