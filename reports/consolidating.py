"""The province's consolidated report: figures from frozen lines, then a numbered version that never changes.

Everything is copied: names of agencies, words and numbers are those of the day on which the version was made, and the
Word file is kept byte for byte. A correction is a new version.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from agencies.folding import unaccent
from agencies.models import User
from plans.models.occurrence import State
from reports.documents.consolidated import consolidated_report
from reports.documents.letterheads import issuer_of
from reports.documents.wording import small_first
from reports.filling import fill_reports
from reports.models import Consolidation, Period, Report, ReportLine, SignedAs
from reports.models.period import must_coordinate
from reports.tallies import Tally, by_age

NARRATIVE = ("results", "shortcomings", "obstacles", "proposals", "outlook", "recipients")
"""Sections of words that the coordinator writes or edits over the agencies' own."""
NAMED_WITH_WORDS = 3
"""Up to so many agencies owing a task, the body quotes each of them; a task of forty is told in figures."""


def consolidate(
    period: Period,
    *,
    by: User,
    on: date,
    issuer: str = Consolidation.Issuer.COORDINATOR,
    narrative: dict[str, str] | None = None,
    signed_as: str = SignedAs.HEAD,
    signer: str = "",
) -> Consolidation:
    """Make a new version of the period's consolidated report, with its Word file.

    Figures come from the frozen lines of submitted and accepted reports. The file is written before the row; a process
    killed in between leaves a file that no row names, never a version without its file.
    """
    must_coordinate(period.plan, by)
    if period.status == Period.Status.PROPOSED:
        raise ValidationError("Kỳ báo cáo chưa mở: hãy mở kỳ trước khi tổng hợp.")
    fill_reports(period, on)
    figures = figures_of(period, on)
    if not figures["reporting"]["arrived"]:
        raise ValidationError("Chưa có cơ quan nào nộp báo cáo: chưa có số liệu để tổng hợp.")
    words = {name: (narrative or {}).get(name, "").strip() for name in NARRATIVE}
    draft = Consolidation(
        period=period, made_by=by, made_on=on, issuer=issuer, signed_as=signed_as, signer=signer.strip(),
        figures=figures, narrative=words,
    )  # fmt: skip
    content = consolidated_report(draft)
    return _keep(draft, content)


@transaction.atomic
def _keep(draft: Consolidation, content: bytes) -> Consolidation:
    """Number the version under the period's lock and keep the file with its hash."""
    period = Period.objects.select_for_update().get(pk=draft.period_id)
    last = period.consolidations.aggregate(last=Max("version"))["last"] or 0
    draft.version = last + 1
    draft.document_name = document_name(draft)
    draft.document_hash = hashlib.sha256(content).hexdigest()
    path = f"ky-{period.pk}-phien-ban-{draft.version}.docx"
    draft.document.save(path, ContentFile(content), save=False)
    draft.save(force_insert=True)
    return draft


def document_name(consolidation: Consolidation) -> str:
    """Return the name under which people save the file; "/" in a plan's number is no letter of a file's name."""
    plan, period = consolidation.figures["plan"], consolidation.figures["period"]
    number = plan["number"].replace("/", "-")
    return f"Báo cáo tổng hợp {small_first(period['name'])} - Kế hoạch {number} - bản {consolidation.version}.docx"


# Figures


def figures_of(period: Period, on: date) -> dict[str, Any]:
    """Return everything that the consolidated report says, as plain JSON values: reports, totals, tables, words."""
    reports = list(period.reports.select_related("agency", "period").order_by("agency__sort_key"))
    arrived = [report for report in reports if report.has_arrived]
    owned = ReportLine.objects.filter(report__in=arrived).select_related("report__agency")
    lines = list(owned.order_by("position", "report__agency__sort_key"))
    by_report: dict[int, list[ReportLine]] = {report.pk: [] for report in arrived}
    for line in lines:
        by_report[line.report_id].append(line)
    owed = [line for line in lines if line.is_owed]
    as_of = min(on, period.cut_off)
    agencies = [_agency_row(report, by_report[report.pk]) for report in arrived]
    return {
        "plan": _plan_facts(period),
        "period": _period_facts(period, as_of),
        "reporting": _reporting(reports, on),
        "totals": Tally.of(lines).as_dict(),
        "tasks_total": period.plan.tasks.standing().count(),
        "sections": _sections(owed),
        "kinds": _kinds(arrived, by_report),
        "agencies": agencies,
        "overdue_by_age": by_age((due for line in owed for due in line.overdue_dates), as_of),
        "overdue": _overdue(owed, as_of),
        "tasks": _tasks(lines),
        "coming": _coming(owed, as_of),
        "commend": [row["agency"] for row in agencies if row["commend"] and not row["days_late"]],
        "remind": [row["agency"] for row in agencies if row["remind"]],
        "words": {name: _words(arrived, name) for name in Report.NARRATIVE},
    }


def _plan_facts(period: Period) -> dict[str, Any]:
    plan = period.plan
    author = issuer_of(plan.coordinating_agency)
    return {
        "number": plan.number,
        "title": plan.title,
        "issuer": plan.issuer,
        "signed_on": plan.signed_on.isoformat(),
        "year": plan.year,
        "province": plan.province.name,
        "province_kind": plan.province.get_kind_display(),
        "coordinator": plan.coordinating_agency.name,
        "author": asdict(author) | {"lines": list(author.lines)},
    }


def _period_facts(period: Period, as_of: date) -> dict[str, Any]:
    days = ("begins_on", "ends_on", "cut_off", "due_date")
    return {"name": period.name, "as_of": as_of.isoformat()} | {
        name: getattr(period, name).isoformat() for name in days
    }


def _reporting(reports: list[Report], on: date) -> dict[str, Any]:
    expected = [report for report in reports if not report.excluded_reason]
    arrived = [report for report in expected if report.has_arrived]
    late = [report for report in arrived if report.days_late(on)]
    missing = [report for report in expected if not report.has_arrived]
    return {
        "expected": len(expected),
        "arrived": len(arrived),
        "on_time": len(arrived) - len(late),
        "late": [_arrival(report, on) for report in late],
        "missing": [_arrival(report, on) for report in missing],
        "excluded": [
            {"agency": report.agency.name, "reason": report.excluded_reason}
            for report in reports
            if report.excluded_reason
        ],
    }


def _arrival(report: Report, on: date) -> dict[str, Any]:
    return {
        "agency": report.agency.name,
        "state": report.get_state_display(),
        "submitted_on": report.submitted_on.isoformat() if report.submitted_on and report.has_arrived else None,
        "days_late": report.days_late(on),
    }


def _agency_row(report: Report, lines: list[ReportLine]) -> dict[str, Any]:
    tally = Tally.of(lines)
    return {
        "agency": report.agency.name,
        "kind": report.agency.get_kind_display(),
        "number": report.number,
        "dated_on": report.dated_on.isoformat() if report.dated_on else None,
        "submitted_on": report.submitted_on.isoformat() if report.submitted_on else None,
        "days_late": max(0, (report.submitted_on - report.period.due_date).days) if report.submitted_on else 0,
        "tally": tally.as_dict(),
        "commend": tally.is_to_be_commended,
        "remind": tally.is_to_be_reminded,
    }


def _sections(lines: Iterable[ReportLine]) -> list[dict[str, Any]]:
    """Total by the two upper levels of headings, in the plan's order (plan 82: I; II; III.1; III.2)."""
    groups = _grouped(lines, lambda line: line.headings[:2])
    return [{"headings": list(path), "tally": Tally.of(found).as_dict()} for path, found in groups]


def _kinds(reports: list[Report], by_report: dict[int, list[ReportLine]]) -> list[dict[str, Any]]:
    kinds: dict[str, list[Report]] = {}
    for report in reports:
        kinds.setdefault(report.agency.get_kind_display(), []).append(report)
    return [
        {
            "kind": kind,
            "agencies": len(found),
            "tally": Tally.of(line for report in found for line in by_report[report.pk]).as_dict(),
        }
        for kind, found in kinds.items()
    ]


def _overdue(lines: Iterable[ReportLine], as_of: date) -> list[dict[str, Any]]:
    rows = [
        {
            "agency": line.report.agency.name,
            "number": line.number,
            "text": line.text,
            "due_date": due.isoformat(),
            "days": (as_of - due).days,
            "results": line.results,
        }
        for line in lines
        for due in line.overdue_dates
    ]
    return sorted(rows, key=lambda row: (-row["days"], row["agency"]))


def _tasks(lines: Iterable[ReportLine]) -> list[dict[str, Any]]:
    """Tell each task in the plan's order: how many agencies stand where, and the words of those who own it."""
    rows = []
    for (position, *_), found in _grouped(lines, lambda line: [line.position]):
        owed = [line for line in found if line.is_owed]
        if not owed:
            continue
        quoted = owed if len(owed) <= NAMED_WITH_WORDS else [line for line in owed if line.role in ("lead", "advise")]
        rows.append(
            {
                "position": position,
                "number": owed[0].number,
                "headings": owed[0].headings,
                "text": owed[0].text,
                "time_text": owed[0].time_text,
                "agencies": len(owed),
                "owners": [line.report.agency.name for line in owed][:NAMED_WITH_WORDS],
                "overdue_agencies": sum(bool(line.overdue) for line in owed),
                "states": {state.value: sum(line.state == state for line in owed) for state in State},
                "percent": round(sum(line.percent for line in owed) / len(owed)),
                "tally": Tally.of(owed).as_dict(),
                "words": [
                    {"agency": line.report.agency.name, "results": line.results, "percent": line.percent}
                    for line in quoted
                    if line.results.strip()
                ],
            }
        )
    return rows


def _coming(lines: Iterable[ReportLine], as_of: date) -> list[dict[str, Any]]:
    """Return what is still to come by due date: how many tasks and deliveries of agencies."""
    days: dict[date, list[ReportLine]] = {}
    for line in lines:
        if line.due_date and line.due_date >= as_of and line.state != State.COMPLETED:
            days.setdefault(line.due_date, []).append(line)
    return [
        {
            "due_date": day.isoformat(),
            "tasks": len({line.task_id for line in found}),
            "items": len(found),
            "texts": list({line.task_id: line.text for line in found}.values()),
        }
        for day, found in sorted(days.items())
    ]


def _words(reports: Iterable[Report], name: str) -> list[dict[str, str]]:
    return [
        {"agency": report.agency.name, "text": text}
        for report in reports
        if (text := getattr(report, name).strip()) and not _says_nothing(text)
    ]


NOTHING = {"khong", "co", "kho", "khan", "vuong", "mac", "ton", "tai", "han", "che", "kien", "nghi", "de", "xuat"}


def _says_nothing(text: str) -> bool:
    """Say whether the section only says that there is nothing: "Không", "Không có khó khăn, vướng mắc."."""
    words = "".join(letter if letter.isalnum() else " " for letter in unaccent(text)).split()
    return not words or (words[0] == "khong" and NOTHING.issuperset(words))


def _grouped(
    lines: Iterable[ReportLine], key: Callable[[ReportLine], list[Any]]
) -> Iterable[tuple[list[Any], list[ReportLine]]]:
    """Group neighbours, in the plan's order: the same heading printed at two places stays two places."""
    ordered = sorted(lines, key=lambda line: line.position)
    return [(path, list(found)) for path, found in groupby(ordered, key=key)]
