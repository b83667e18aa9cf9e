"""The rest of the first half-year of the sample data: from 4/6 to 14/6/2024 the agencies' reports come in.

Most come in time, some late, some are returned once, one agency does not report, some never do; Lập Thạch fills in for
its communes. Played by the verbs that people use. `write_samples` makes its documents from it.
"""

from datetime import date

from agencies.models import Agency, Membership, User
from plans.models import WorkItem
from reports.documents.letterheads import issuer_of
from reports.filling import fill
from reports.models import NOT_ARRIVED, Period, Report, ReportState
from sipas_tracker.demo.report_words import NEXT, PROPOSALS, RESULTS, SHORTCOMINGS
from sipas_tracker.demo.words import RESULTS as WORK
from workdays.clock import set_demonstration_day

LAST_DAY = date(2024, 6, 14)
IN_TIME = (date(2024, 6, 5), date(2024, 6, 6), date(2024, 6, 7))
COLLECTED = (date(2024, 6, 4), date(2024, 6, 5))
LATE = {"SXD": date(2024, 6, 11), "SVHTTDL": date(2024, 6, 12), "CTHADS": date(2024, 6, 14)}
SILENT = ("SNGV", "CQLTT")
RETURNED = ("SCT", "SKHCN")
EXCLUDED = {"BQLKCN": "đã báo cáo chung trong báo cáo của Sở Kế hoạch và Đầu tư theo đề nghị của cơ quan"}
RETURN_REASON = "Đề nghị bổ sung số liệu hồ sơ thủ tục hành chính giải quyết đúng hạn và nguyên nhân các việc quá hạn."
HOME = "UBND huyện Lập Thạch"
"""The district that fills in for its communes, so that its consolidated report can be seen."""


class FirstHalf:
    """The people of the sample data bringing their reports in."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.coordinator = User.objects.get(username="dieuphoi")
        people = Membership.objects.filter(agency__province=period.plan.province).select_related("user").order_by("pk")
        self.officers = {one.agency_id: one.user for one in people if one.role == Membership.Role.OFFICER}
        self.leaders = {one.agency_id: one.user for one in people if one.role == Membership.Role.LEADER}

    def play(self) -> None:
        """Play the days up to 14/6/2024, which then is the working day."""
        self._communes(Agency.objects.get(province=self.period.plan.province, name=HOME))
        reports = self.period.reports.to_the_coordinator().select_related("agency", "period__plan", "item")
        for number, report in enumerate(reports.filter(state__in=NOT_ARRIVED).order_by("agency__sort_key")):
            code = report.agency.code
            if code in EXCLUDED:
                report.exclude(by=self.coordinator, on=IN_TIME[0], reason=EXCLUDED[code])
            elif code not in SILENT and report.agency_id in self.leaders:
                self._bring(report, LATE.get(code, IN_TIME[number % len(IN_TIME)]), number)
        set_demonstration_day(LAST_DAY)

    def _bring(self, report: Report, day: date, number: int) -> None:
        officer, leader = self.officers[report.agency_id], self.leaders[report.agency_id]
        set_demonstration_day(day)
        self._write(report, officer, day, number)
        sign = f"{40 + number * 7 % 90}/BC-{issuer_of(report.agency).symbol}"
        report.attach(by=officer, number=sign, dated_on=day, signer=leader.full_name)
        report.approve(by=leader, on=day)
        report.submit(by=officer, on=day)
        if report.agency.code in RETURNED:
            again = date(2024, 6, 10)
            report.send_back(by=self.coordinator, on=date(2024, 6, 7), reason=RETURN_REASON)
            report.approve(by=leader, on=again)
            report.submit(by=officer, on=again)
        report.refresh_from_db()
        report.accept(by=self.coordinator, on=max(day, date(2024, 6, 10)))

    def _communes(self, district: Agency) -> None:
        """Let the district write for its communes; the last two stay silent."""
        officer, leader = self.officers[district.pk], self.leaders[district.pk]
        collected = self.period.reports.filter(collector=district, state=ReportState.DRAFT)
        reports = list(collected.select_related("agency", "period__plan", "item").order_by("agency__sort_key"))
        for number, report in enumerate(reports[:-2]):
            day = COLLECTED[number % 2]
            set_demonstration_day(day)
            self._work(report.agency, officer, day, number)
            self._write(report, officer, day, number)
            report.approve(by=leader, on=day)
            report.submit(by=officer, on=day)
            report.accept(by=leader, on=day)

    def _work(self, commune: Agency, by: User, day: date, number: int) -> None:
        """Tell the commune's progress at its next quarters, on its behalf; some tasks are left silent."""
        items = WorkItem.objects.filter(task__plan=self.period.plan, agency=commune, due_date=date(2024, 6, 30)).open()
        for place, item in enumerate(items.select_related("task__plan", "task__deadline", "agency").order_by("pk")):
            if (place + number) % 4 and not item.task.is_report:
                words = WORK.get(item.task.position) or WORK[0]
                said = words[number % len(words)]
                item.record_update(by=by, on=day, percent=35 + 5 * ((place + number) % 4), words=said)

    def _write(self, report: Report, by: User, day: date, number: int) -> None:
        fill(report, day)
        said = {
            "results": RESULTS[number % len(RESULTS)],
            "shortcomings": SHORTCOMINGS[number % len(SHORTCOMINGS)],
            "outlook": NEXT[number % len(NEXT)],
        }
        if not report.words.get("proposals") and number % 5 == 0:
            said["proposals"] = PROPOSALS[number // 5 % len(PROPOSALS)]
        silent = [line for line in report.lines.all() if line.needs_words and not line.results.strip()]
        lines = {
            line.pk: "Đã thực hiện theo kế hoạch của cơ quan; số liệu chi tiết gửi kèm báo cáo." for line in silent
        }
        report.write(by=by, revision=report.revision, words=said, results_by_line=lines)
