"""What a report's paper calls things, copied when the report leaves the agency's desk, and read again by documents.

Pure copies of columns: when an agency, the plan or the outline gets another name, papers made before keep the old one.
"""

from typing import TYPE_CHECKING, Any

from agencies.models import Agency, Province
from reports.outline import as_json

if TYPE_CHECKING:
    from reports.models.standing import Standing

Names = dict[str, Any]
"""Keys: agency, parent (None at the top), province: columns by name; addressee: name; plan: number, title, issuer,
signed_on (ISO), year; period: name; sections: the outline as a period keeps it."""


def names_of(report: "Standing") -> Names:
    """Return the names as they are now."""
    agency, plan = report.agency, report.period.plan
    return {
        "agency": _of_agency(agency) | {"code": agency.code, "aliases": list(agency.aliases)},
        "parent": _of_agency(agency.parent) if agency.parent else None,
        "province": {"name": agency.province.name, "kind": agency.province.kind},
        "addressee": report.addressee.name,
        "plan": {
            "number": plan.number,
            "title": plan.title,
            "issuer": plan.issuer,
            "signed_on": plan.signed_on.isoformat() if plan.signed_on else None,
            "year": plan.year,
        },
        "period": report.period.name,
        "sections": as_json(report.period.sections),
    }


def names_on_paper(report: "Standing") -> Names:
    """Return the names that the report's paper carries: those it keeps, or today's while it is being written."""
    return report.names or names_of(report)


def agency_on_paper(names: Names) -> Agency:
    """Return the agency as it stood, with its parent and province: an object for the letterhead, never to be saved."""
    province = Province(**names["province"])
    parent = Agency(**names["parent"], province=province) if names["parent"] else None
    return Agency(**names["agency"], province=province, parent=parent)


def _of_agency(agency: Agency) -> dict[str, str]:
    return {"name": agency.name, "kind": agency.kind}
