"""Whose a consolidated report is, and to whom it goes: all from frozen figures."""

from dataclasses import asdict, dataclass
from typing import Any

from agencies.models import Agency
from reports.documents.letterheads import Issuer, committee_of, issuer_of, named_place
from reports.models import Consolidation


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a consolidated report: its letterhead, what it calls itself, and to whom it reports."""

    issuer: Issuer
    name: str
    to: str
    """As after "Kính gửi:"."""
    to_short: str
    """As inside a sentence."""


def author_facts(agency: Agency, to: Agency) -> dict[str, Any]:
    """Return what `figures["author"]` keeps of a parent agency that sums up its children's reports for ``to``."""
    issuer = issuer_of(agency)
    return {"issuer": asdict(issuer) | {"lines": list(issuer.lines)}, "name": agency.name, "to": to.name}


def author_of(consolidation: Consolidation) -> Author:
    """Return the author of a version.

    A collector (a district of its communes) where the figures name one; else the province's committee for its own
    draft, which goes to the ministry; else the plan's coordinating agency, which reports to the committee.
    """
    figures = consolidation.figures
    plan, collector = figures["plan"], figures.get("author")
    if collector:
        return Author(_thawed(collector["issuer"]), collector["name"], collector["to"], collector["to"])
    full_name = f"{plan['province_kind']} {plan['province']}"
    if consolidation.issuer == Consolidation.Issuer.COMMITTEE:
        place = named_place(plan["province_kind"], plan["province"])
        return Author(committee_of(place, full_name), f"UBND {full_name}", "Bộ Nội vụ", "Bộ Nội vụ")
    to = f"Ủy ban nhân dân {full_name}"
    return Author(_thawed(plan["author"]), plan["coordinator"], to, f"UBND {plan['province_kind']}")


def _thawed(facts: dict[str, Any]) -> Issuer:
    return Issuer(**{**facts, "lines": tuple(facts["lines"])})
