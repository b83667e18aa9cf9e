"""Reports that had come by 3/6/2024 in the sample data."""

from datetime import date

from agencies.models import Membership, User
from reports.filling import fill
from reports.models import Period, Report
from sipas_tracker.demo.story import Story

ARRIVED = {
    "STP": date(2024, 5, 30),
    "SKHDT": date(2024, 5, 31),
    "SGDDT": date(2024, 5, 31),
    "BHXHT": date(2024, 6, 3),
    "TTRT": date(2024, 6, 3),
}
ACCEPTED = ("STP",)
RESULTS = (
    "Cơ quan đã triển khai đầy đủ các nhiệm vụ được giao tại Kế hoạch số 82/KH-UBND; công khai, minh bạch thủ tục hành chính; "
    "tăng cường tuyên truyền chính sách đến người dân bằng nhiều hình thức."
)
SHORTCOMINGS = "Một số nội dung tuyên truyền chưa thường xuyên; nguyên nhân do công chức kiêm nhiệm nhiều việc."
PROPOSALS = "Đề nghị Sở Nội vụ tổ chức tập huấn phương pháp đo lường sự hài lòng theo Quyết định số 1001/QĐ-BNV."
OUTLOOK = "Tiếp tục rà soát, đơn giản hóa thủ tục hành chính; nâng tỷ lệ hồ sơ trực tuyến; xử lý kịp thời phản ánh, kiến nghị."


def tell_reports(period: Period, story: Story) -> None:
    """Let the agencies above write, approve and submit; Sở Nội vụ has accepted the first."""
    for report in period.reports.filter(agency__code__in=ARRIVED).select_related("agency", "period__plan", "item"):
        day = ARRIVED[report.agency.code]
        officer = story.officers[report.agency_id]
        leader = User.objects.filter(
            memberships__agency=report.agency, memberships__role=Membership.Role.LEADER
        ).first()
        assert leader is not None
        _write(report, officer, day)
        report.approve(by=leader, on=day)
        report.submit(by=officer, on=day)
        if report.agency.code in ACCEPTED:
            report.accept(by=story.coordinator, on=date(2024, 6, 3))


def _write(report: Report, officer: User, day: date) -> None:
    fill(report, day)
    words = {
        "results": RESULTS,
        "shortcomings": SHORTCOMINGS,
        "proposals": PROPOSALS,
        "outlook": OUTLOOK,
    }
    lines = {line.pk: line.results or "Đã thực hiện theo kế hoạch, bảo đảm tiến độ." for line in report.lines.all()}
    report.write(by=officer, revision=report.revision, words=words, results_by_line=lines)
