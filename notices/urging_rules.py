"""The rule of urging: what a coordinator recorded is told to the agency's people at once."""

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from notices.models import Notice, Urging
from notices.recipients import Recipient
from notices.telling import GAP, Round, Telling
from notices.wording import cut, written_day
from plans.models import Plan
from reports.models import Report


def urged(this: Round) -> Iterator[Telling]:
    """Tell the agency's officers and leaders that the coordinator urges them; each recorded message once."""
    start = Concat(Value("urged:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    told = Notice.objects.filter(agency=OuterRef("agency"), kind=Notice.Kind.URGED, key__startswith=start)
    rows = Urging.objects.filter(plan__in=this.plans, kind=Urging.Kind.MESSAGE, on__lte=this.on).filter(~Exists(told))
    collector = Report.objects.filter(period=OuterRef("period"), agency=OuterRef("agency")).values("collector")
    rows = rows.annotate(report_collector=Subquery(collector[:1]))
    for urging in rows.order_by("pk").iterator(chunk_size=500):
        plan = this.plans[urging.plan_id]
        audience = this.people.doers(urging.agency_id)
        to: dict[int, Recipient] = {one.person.user_id: one for one in audience.people}
        for one in this.people.leaders(urging.agency_id).people:
            to.setdefault(one.person.user_id, one)
        people = tuple(to.values())
        if not any(not one.person.no_letter for one in people):
            people += this.people.coordinators(plan.coordinating_agency_id, GAP)
        yield Telling(
            kind=Notice.Kind.URGED,
            stem=f"urged:{urging.pk}",
            to=people,
            words=_words(this, urging, plan),
            plan_id=plan.pk,
            agency_id=urging.agency_id,
            report_id=urging.late[0]["report"] if urging.period_id and urging.late else None,
        )


def _words(this: Round, urging: Urging, plan: Plan) -> str:
    own = f" {cut(urging.words, 300)}" if urging.words else ""
    if not urging.period_id:
        return (
            f"{this.agencies[plan.coordinating_agency_id]} đôn đốc ngày {written_day(urging.on)}: "
            f"{this.agencies[urging.agency_id]} còn {urging.count} việc quá hạn theo Kế hoạch {plan.number}.{own}"
        )
    report = urging.late[0]
    late = f", đã quá hạn {report['late_days']} ngày" if report["late_days"] > 0 else ""
    above = this.agencies[urging.report_collector or plan.coordinating_agency_id]  # type: ignore[attr-defined]
    return (
        f"{above} nhắc ngày {written_day(urging.on)}: {this.agencies[urging.agency_id]} chưa nộp {report['text']}{late}, "
        f"theo Kế hoạch {plan.number}.{own}"
    )
