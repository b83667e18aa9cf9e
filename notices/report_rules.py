"""Rules about reports of periods. A report task and its period are one duty: these rules speak for both."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from notices.models import Notice
from notices.recipients import Recipient
from notices.telling import GAP, Gap, Round, Telling, followed_from
from notices.wording import cut, written_day
from notices.work_rules import above, untold
from plans.models import Plan
from reports.models import Period, Report, ReportEvent, ReportState

Kind = Notice.Kind
KINDS = {"nearly_due": Kind.REPORT_DUE, "due": Kind.REPORT_DUE, "overdue": Kind.REPORT_LATE}
HEADS = {"nearly_due": "sắp đến hạn nộp", "due": "đến hạn nộp", "overdue": "đã quá hạn nộp"}


def report_deadlines(this: Round) -> Iterator[Telling]:
    """Remind of reports of open periods by the plan's steps, on the day, and weekly when late.

    The due date itself is the version in the key: a moved period starts anew.
    """
    for report in missing(this, until=this.horizon):
        period, plan = report.period, this.plans[report.period.plan_id]
        audience = this.people.doers(report.agency_id, report.item.responsible_id if report.item else None)
        for stage, outdated in this.stages(plan, report.due_date, _since(report, this.on)):
            kind = KINDS[stage.phase]
            gap = Gap(kind, plan.pk, report.due_date, f"report{period.pk}:{stage.step}", outdated)
            this.note_gap(audience, report.agency_id, gap)
            yield Telling(
                kind=kind,
                stem=f"{kind}:report:{report.pk}:due{report.due_date:%Y%m%d}:{stage.step}",
                to=audience.people,
                words=f"{_title(period, plan)} {HEADS[stage.phase]} {written_day(report.due_date)}"
                + (" (lãnh đạo đã duyệt, chưa nộp)." if report.state == ReportState.APPROVED else "."),
                plan_id=plan.pk,
                agency_id=report.agency_id,
                report_id=report.pk,
                due_date=report.due_date,
                outdated=outdated,
            )


def report_escalations(this: Round) -> Iterator[Telling]:
    """Report late reports upwards by age: the agency's leaders, coordinators, the province's leaders; each once.

    A report that goes to a parent agency is the parent's matter: after the agency's leaders its people are told, and
    nobody above.
    """
    if not this.plans:
        return
    youngest = min(this.settings[plan].leader_age for plan in this.plans)
    for report in missing(this, until=this.on - timedelta(days=youngest)):
        period, plan = report.period, this.plans[report.period.plan_id]
        if report.due_date < followed_from(plan) or _in_grace(report, this.on):
            continue
        late = (this.on - report.due_date).days
        for circle, age in this.settings[plan.pk].ages.items():
            if late >= age and not (report.collector_id and circle == "chair"):
                yield Telling(
                    kind=Kind.ESCALATED,
                    stem=f"escalated:report:{report.pk}:due{report.due_date:%Y%m%d}:{circle}",
                    to=_above(this, circle, plan, report, age),
                    words=f"{this.agencies[report.agency_id]} trễ {late} ngày: {_title(period, plan)}, "
                    f"hạn nộp {written_day(report.due_date)}.",
                    plan_id=plan.pk,
                    agency_id=report.agency_id,
                    report_id=report.pk,
                    due_date=report.due_date,
                )


def periods_to_open(this: Round) -> Iterator[Telling]:
    """Tell the coordinators that a period nears its due date and is not open: until then no agency is reminded."""
    rows = Period.objects.filter(plan__in=this.plans, status=Period.Status.PROPOSED, due_date__lte=this.horizon)
    for period in rows.order_by("pk"):
        plan = this.plans[period.plan_id]
        if period.due_date < followed_from(plan):
            continue
        for stage, outdated in this.stages(plan, period.due_date, date.min):
            if stage.phase != "overdue":
                yield Telling(
                    kind=Kind.REPORT_DUE,
                    stem=f"report_due:period:{period.pk}:due{period.due_date:%Y%m%d}:{stage.step}",
                    to=this.people.coordinators(plan.coordinating_agency_id, "Anh/chị điều phối kế hoạch."),
                    words=f"Kỳ báo cáo {period.name} theo Kế hoạch {plan.number} chưa mở, "
                    f"hạn nộp {written_day(period.due_date)}: các cơ quan chưa nộp được.",
                    plan_id=plan.pk,
                    due_date=period.due_date,
                    outdated=outdated,
                )


def submitted(this: Round) -> Iterator[Telling]:
    """Tell whoever collects it that a report came in: the plan's coordinators, or the agency right above."""
    for event in untold(
        last_steps(this, ReportEvent.Kind.SUBMITTED, ReportState.SUBMITTED), Kind.REPORT_SUBMITTED, "report_id"
    ):
        plan = this.plans[event.report.period.plan_id]
        agency = this.agencies[event.report.agency_id]
        words = f"{agency} nộp ngày {written_day(event.on)}: {_title(event.report.period, plan)}."
        to = _desk(this, event, plan)
        yield _told(event, Kind.REPORT_SUBMITTED, plan, to, words)


def unaccepted(this: Round) -> Iterator[Telling]:
    """Remind whoever collects them of reports that wait: after the plan's working days, then every week."""
    for event in last_steps(this, ReportEvent.Kind.SUBMITTED, ReportState.SUBMITTED).iterator(chunk_size=2000):
        period, plan = event.report.period, this.plans[event.report.period.plan_id]
        first = this.after_working_days(event.on, this.settings[plan.pk].unconfirmed_days)
        for number, outdated in this.repeats(first):
            yield Telling(
                kind=Kind.UNCONFIRMED,
                stem=f"unconfirmed:report_event:{event.pk}:again{number}",
                to=_desk(this, event, plan),
                words=f"{this.agencies[event.report.agency_id]} nộp từ ngày {written_day(event.on)}, chưa được tiếp nhận "
                f"hoặc trả lại: {_title(period, plan)}.",
                plan_id=plan.pk,
                agency_id=event.report.agency_id,
                report_id=event.report_id,
                due_date=event.report.due_date,
                outdated=outdated,
            )


def returned(this: Round) -> Iterator[Telling]:
    """Tell the agency that its report came back, with the reason. Urgent."""
    for event in untold(
        last_steps(this, ReportEvent.Kind.RETURNED, ReportState.RETURNED), Kind.REPORT_RETURNED, "report_id"
    ):
        plan = this.plans[event.report.period.plan_id]
        audience = this.people.doers(event.report.agency_id, event.report.submitted_by_id)
        to = audience.people
        if audience.gap:
            to += this.people.coordinators(plan.coordinating_agency_id, GAP)
        until = event.report.return_until
        grace = f", bổ sung đến hết ngày {written_day(until)}" if until else ""
        words = f"{_title(event.report.period, plan)} bị trả lại{grace}. Lý do: {cut(event.words, 300)}"
        yield _told(event, Kind.REPORT_RETURNED, plan, to, words)


def accepted(this: Round) -> Iterator[Telling]:
    """Tell the agency that its report was taken."""
    for event in untold(
        last_steps(this, ReportEvent.Kind.ACCEPTED, ReportState.ACCEPTED), Kind.REPORT_ACCEPTED, "report_id"
    ):
        plan = this.plans[event.report.period.plan_id]
        to = this.people.doers(event.report.agency_id, event.report.submitted_by_id).people
        yield _told(event, Kind.REPORT_ACCEPTED, plan, to, f"{_title(event.report.period, plan)} đã được tiếp nhận.")


# Shared by the rules above


def missing(this: Round, until: date) -> Iterator[Report]:
    """Stream reports that are owed by ``until`` and have not come."""
    rows = this.reports().missing().filter(due_date__lte=until).select_related("period", "item")
    fields = ("state", "agency_id", "period__plan_id", "period__name", "due_date", "collector_id", "period__opened_on")
    return rows.only(*fields, "return_until", "item__responsible_id").order_by("pk").iterator(chunk_size=2000)


def last_steps(this: Round, kind: str, state: str) -> "QuerySet[ReportEvent]":
    """Return the newest event of that kind of each report that still stands there."""
    newer = ReportEvent.objects.filter(report=OuterRef("report"), kind=kind, pk__gt=OuterRef("pk"), on__lte=this.on)
    return (
        ReportEvent.objects.filter(kind=kind, on__lte=this.on, report__state=state, report__period__plan__in=this.plans)
        .filter(~Exists(newer))
        .select_related("report__period")
        .order_by("pk")
    )


def _told(event: ReportEvent, kind: str, plan: Plan, to: tuple, words: str) -> Telling:
    return Telling(
        kind=kind,
        stem=f"{kind}:event:{event.pk}",
        to=to,
        words=words,
        plan_id=plan.pk,
        agency_id=event.report.agency_id,
        report_id=event.report_id,
        due_date=event.report.due_date,
    )


def _desk(this: Round, event: ReportEvent, plan: Plan) -> tuple[Recipient, ...]:
    """Return who accepts or returns the report: the parent agency's people, or the plan's coordinators."""
    collector = event.report.collector_id
    if collector:
        why = "Anh/chị thuộc cơ quan cấp trên trực tiếp, tiếp nhận báo cáo của đơn vị này."
        near = this.people.doers(collector, why=why).people
        return tuple(one for one in near if one.person.user_id != event.by_id)
    why = "Anh/chị điều phối kế hoạch, tiếp nhận báo cáo."
    return this.people.coordinators(plan.coordinating_agency_id, why, without=event.by_id)


def _above(this: Round, circle: str, plan: Plan, report: Report, age: int) -> tuple[Recipient, ...]:
    if circle == "coordinator" and report.collector_id:
        why = f"Đơn vị trực thuộc quá hạn nộp báo cáo từ {age} ngày; cơ quan anh/chị tiếp nhận báo cáo này."
        return this.people.doers(report.collector_id, why=why).people
    return above(this, circle, plan, report.agency_id, report.due_date, age)


def _title(period: Period, plan: Plan) -> str:
    return f"Báo cáo {period.name} theo Kế hoạch {plan.number}"


def _in_grace(report: Report, on: date) -> bool:
    return report.return_until is not None and report.return_until >= on


def _since(report: Report, on: date) -> date:
    """Return the first day that counts for this report: the opening of its period, or the end of a return's grace.

    Within the grace that is tomorrow: nothing is told.
    """
    opened = report.period.opened_on or date.min
    if report.return_until and report.due_date < on:
        return max(opened, report.return_until + timedelta(days=1))
    return opened
