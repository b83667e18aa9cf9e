"""Who has reported, who is late, missing or excluded; which reports count; and what they say in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.folding import sort_key, unaccent
from agencies.models import Agency
from reports.models import Period, Report, ReportState

Row = dict[str, Any]


@dataclass(frozen=True)
class Gathered:
    """The reports of one desk: ``desk`` come to it, ``children`` to the parents among them, ``counted`` are summed up.

    A report that has arrived counts, submitted or accepted. A child's counts when its parent has accepted it and the
    parent's own report counts: a district that is returned takes its communes' figures with it. One that was released
    from reporting after it had accepted them leaves them in. A parent that sums up its children counts those it has
    accepted.
    """

    desk: list[Report]
    children: list[Report]
    counted: list[Report]

    @classmethod
    def of(cls, period: Period, collector: Agency | None) -> "Gathered":
        """Read the reports of the period that concern this desk; one query."""
        rows = period.reports.select_related("agency", "collector", "period")
        if collector is not None:
            desk = list(rows.filter(collector=collector).order_by("agency__sort_key", "pk"))
            return cls(desk, [], [report for report in desk if report.state == ReportState.ACCEPTED])
        found = list(rows.order_by("agency__sort_key", "pk"))
        desk = [report for report in found if report.collector_id is None]
        children = [report for report in found if report.collector_id is not None]
        counted = []
        for report in desk:
            if report.has_arrived or report.excluded_reason:
                accepted = (child for child in children if child.state == ReportState.ACCEPTED)
                counted += [report] if report.has_arrived else []
                counted += [child for child in accepted if child.collector_id == report.agency_id]
        return cls(desk, children, counted)


def reporting(gathered: Gathered, on: date) -> Row:
    """Tell the arrival of reports at this desk; those of children, which go to their parents, apart."""
    told = _arrivals(gathered.desk, on) | {"counted": len(gathered.counted)}
    if gathered.children:
        counted = sum(report.collector_id is not None for report in gathered.counted)
        told["children"] = _arrivals(gathered.children, on) | {"counted": counted}
    return told


def _arrivals(reports: Iterable[Report], on: date) -> Row:
    reports = list(reports)
    expected = [report for report in reports if not report.excluded_reason]
    arrived = [report for report in expected if report.has_arrived]
    late = [report for report in arrived if report.days_late(on)]
    return {
        "expected": len(expected),
        "arrived": len(arrived),
        "accepted": sum(report.state == ReportState.ACCEPTED for report in arrived),
        "on_time": len(arrived) - len(late),
        "late": [_arrival(report, on) for report in late],
        "missing": [_arrival(report, on) for report in expected if not report.has_arrived],
        "excluded": [
            {"agency": report.agency_name, "under": _under(report), "reason": report.excluded_reason}
            for report in reports
            if report.excluded_reason
        ],
    }


def _arrival(report: Report, on: date) -> Row:
    return {
        "agency": report.agency_name,
        "under": _under(report),
        "state": report.get_state_display(),
        "submitted_on": report.submitted_on.isoformat() if report.submitted_on and report.has_arrived else None,
        "days_late": report.days_late(on),
    }


def _under(report: Report) -> str:
    """Return the agency that collects the report, as it was called when the report came to it."""
    return report.addressee_name if report.collector_id else ""


def words_of(reports: Iterable[Report], key: str) -> list[dict[str, str]]:
    """Return what the agencies wrote in one section; who only says that there is nothing is left out."""
    return [
        {"agency": report.agency_name, "text": text}
        for report in reports
        if (text := report.words_of(key).strip()) and not says_nothing(text)
    ]


NOTHING = {"khong", "co", "kho", "khan", "vuong", "mac", "ton", "tai", "han", "che", "kien", "nghi", "de", "xuat"}


def says_nothing(text: str) -> bool:
    """Say whether the section only says that there is nothing: "Không", "Không có khó khăn, vướng mắc."."""
    words = "".join(letter if letter.isalnum() else " " for letter in unaccent(text)).split()
    return not words or (words[0] == "khong" and NOTHING.issuperset(words))


def obstacles(reports: Iterable[Report]) -> list[Row]:
    """Return obstacles and proposals by the agency to which they are addressed, those of most concern first."""
    by_addressee: dict[str, list[Row]] = {}
    kept = ("task", "words", "cause", "proposal", "raised_on", "answer", "answer_document", "answered_on", "settled_on")
    for report in reports:
        for row in report.obstacle_rows:
            told = {"agency": report.agency_name, "under": _under(report)} | {name: row.get(name) for name in kept}
            by_addressee.setdefault(row["addressee"], []).append(told)
    ordered = sorted(by_addressee, key=lambda name: (-len(by_addressee[name]), sort_key(name)))
    return [{"addressee": name, "rows": by_addressee[name]} for name in ordered]
