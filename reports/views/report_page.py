"""What the page of a report shows: lines under their headings, checks, history, children, and what the person may do."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from reports.documents import pdf
from reports.forms import LINE, AttachmentsForm, ReportForm, texts_of
from reports.models import EDITABLE, NOT_ARRIVED, Report, ReportEvent, ReportLine, ReportState
from reports.outline import OBSTACLES, PROPOSALS
from reports.tallies import Tally
from workdays.clock import today

MARKS = {
    ReportEvent.Kind.WRITTEN: ("pencil", "plain"),
    ReportEvent.Kind.APPROVED: ("check", "act"),
    ReportEvent.Kind.REOPENED: ("pencil", "plain"),
    ReportEvent.Kind.SUBMITTED: ("send", "act"),
    ReportEvent.Kind.RETURNED: ("undo-2", "seal"),
    ReportEvent.Kind.ACCEPTED: ("check-check", "good"),
    ReportEvent.Kind.EXCLUDED: ("x", "quiet"),
    ReportEvent.Kind.INCLUDED: ("rotate-ccw", "plain"),
}
"""Icon and tone of each step in the history."""
EVIDENCE_SHOWN = 3


def page_of(request: SignedInRequest, report: Report, form: ReportForm | None = None) -> dict[str, Any]:
    """Return the whole page."""
    lines = list(report.lines.all())
    events = list(report.events.select_related("by"))
    return {
        **next_steps(request.user, report, is_form=form is not None),
        "form": form,
        "sections": _sections(lines, form),
        "narrative": _narrative(report, form),
        "tally": Tally.of(lines),
        "line_count": len(lines),
        "days_late": report.days_late(today()),
        "events": [(event, *MARKS[ReportEvent.Kind(event.kind)]) for event in events],
        "returned": _standing_return(report, events),
        "attachments": report.attachments.select_related("by"),
        "attachments_form": AttachmentsForm(),
        "children": _children(request.user, report),
        "pdf_offered": pdf.is_available(),
    }


def next_steps(user: User, report: Report, *, is_form: bool) -> dict[str, Any]:
    """Return what is still missing and what this person may do next; also asked for after each saving while typing."""
    open_period = report.period.is_open
    writes = report.may_be_written_by(user) and not report.excluded_reason and open_period
    collects = report.is_collected_by(user) and open_period
    waits = report.state in NOT_ARRIVED
    is_other = report.is_written_on_behalf_by(user)
    return {
        "report": report,
        "checks": report.checks() if waits and not report.excluded_reason else [],
        "remarks": report.remarks() if waits and not report.excluded_reason else [],
        "is_form": is_form,
        "may_approve": is_form and report.may_be_approved_by(user),
        "may_submit": writes and report.state == ReportState.APPROVED,
        "may_attach": writes and waits,
        "may_add_files": writes and report.state in EDITABLE,
        "may_decide": collects and report.state == ReportState.SUBMITTED and report.submitted_by_id != user.pk,
        "may_exclude": collects and waits and not report.excluded_reason,
        "may_include": collects and bool(report.excluded_reason),
        "may_submit_for": collects and waits and is_other and not report.excluded_reason,
        "writes_for_another": writes and is_other,
    }


def _sections(lines: Iterable[ReportLine], form: ReportForm | None) -> list[dict[str, Any]]:
    """Group lines under their headings, each with its form field; headings above are said where they change."""
    found, above = [], ""
    for path, members in groupby(lines, key=lambda line: line.headings):
        now = " › ".join(path[:-1])
        title = path[-1] if path else ""
        found.append(
            {"title": title, "above": now if now != above else "", "lines": [_line(one, form) for one in members]}
        )
        above = now
    return found


def _line(line: ReportLine, form: ReportForm | None) -> dict[str, Any]:
    return {
        "line": line,
        "cell": form[f"{LINE}{line.pk}"] if form else None,
        "restorable": bool(line.prefilled.strip()) and line.results != line.prefilled,
        "newest": [_dated(row) for row in line.evidence[:EVIDENCE_SHOWN]],
        "older": [_dated(row) for row in line.evidence[EVIDENCE_SHOWN:]],
    }


def _narrative(report: Report, form: ReportForm | None) -> list[dict[str, Any]]:
    """Return the sections with their words or fields, and the rows of the obstacle desk beside those filled from it."""
    fields = {section.key: bound for section, bound in form.section_fields()} if form else {}
    return [
        {
            "section": section,
            "text": text,
            "cell": fields.get(section.key),
            "rows": [_dated(row) for row in report.obstacle_rows] if section.source in (OBSTACLES, PROPOSALS) else [],
            "is_proposals": section.source == PROPOSALS,
            "from_desk": bool(section.source),
            "shows_desk": bool(section.source) and (form is not None or bool(report.obstacle_rows)),
            "prefilled": report.prefilled.get(section.key, ""),
            "is_own": text != report.prefilled.get(section.key, ""),
            "restorable": text != report.prefilled.get(section.key, "") != "",
        }
        for section, text in report.sections()
    ]


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Return a copied row with its days as days: JSON keeps them as text."""
    days = ("on", "dated_on", "raised_on", "answered_on", "settled_on")
    return row | {name: date.fromisoformat(row[name]) for name in days if row.get(name)}


def _standing_return(report: Report, events: list[ReportEvent]) -> ReportEvent | None:
    """Return the return that has not been answered by sending again."""
    if report.state not in NOT_ARRIVED:
        return None
    kinds = (ReportEvent.Kind.RETURNED, ReportEvent.Kind.SUBMITTED)
    last = next((event for event in reversed(events) if event.kind in kinds), None)
    return last if last and last.kind == ReportEvent.Kind.RETURNED else None


def _children(user: User, report: Report) -> dict[str, Any] | None:
    """Return how the reports of the units right under the agency stand, and the ways to collect and sum them up."""
    count = report.count_of_children()
    if not any(count.values()):
        return None
    own = report.agency_id in access_of(user).own
    return {
        **count,
        "desk": reverse("period-collected", args=[report.period_id]) if own else "",
        "summary": reverse("consolidation-new-collected", args=[report.period_id, report.agency_id]) if own else "",
        "reports": report.children().select_related("agency").order_by("agency__sort_key", "pk"),
    }


def conflicts_of(report: Report, form: ReportForm) -> list[tuple[str, str]]:
    """Return the texts that somebody else changed as well, and let the form stand on what the database holds now."""
    now = Report.objects.select_related("period", "agency").get(pk=report.pk)
    standing = texts_of(now, now.lines.all())
    return form.lay_beside(standing | {name: "" for name in form.texts if name not in standing}, now.revision)
