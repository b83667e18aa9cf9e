"""An agency's own report as Word, to be signed: its words, its figures, and its tasks as an annex."""

from datetime import date

from reports.documents.letterheads import day_short, issuer_of
from reports.documents.word import Column, Paper
from reports.documents.wording import amount, plan_subject, rate, report_subject, small_first
from reports.models import Report, ReportLine
from reports.tallies import Tally

TEXT_LIMIT = 600
"""Longest text of a task in the annex, in characters."""


def agency_report(report: Report, on: date) -> bytes:
    """Return the report as a Word file with the number and day of its paper, or with both left open."""
    plan, agency = report.period.plan, report.agency
    issuer = issuer_of(agency)
    lines = list(report.lines.all())
    subject = report_subject(plan.title, plan.province.name, report.period.name, plan.year)
    paper = Paper(subject, agency.name)
    paper.letterhead(issuer.letterhead(report.number, report.dated_on, on))
    paper.title("Báo cáo", subject)
    paper.addressee(plan.coordinating_agency.name)
    paper.paragraph(
        f"Thực hiện Kế hoạch số {plan.number} ngày {day_short(plan.signed_on)} của {plan.issuer} về "
        f"{plan_subject(plan.title, plan.province.name)}, {agency.name} báo cáo kết quả thực hiện "
        f"{small_first(report.period.name)} như sau:"
    )
    _chapters(paper, report, lines)
    paper.paragraph(
        f"Trên đây là báo cáo {small_first(subject)}, {agency.name} gửi {plan.coordinating_agency.name} tổng hợp./."
    )
    paper.signature(issuer.signing(report.signed_as), report.signer, ["Như trên;", "Lưu: VT."])
    number = report.number or f"{' ' * 8}/BC-{issuer.symbol}"
    _annex(paper, lines, f"Kèm theo Báo cáo số: {number} của {agency.name}")
    return paper.as_bytes()


def _chapters(paper: Paper, report: Report, lines: list[ReportLine]) -> None:
    paper.heading("I. Kết quả thực hiện")
    paper.heading("1. Kết quả chung", 2)
    as_of = report.filled_on or report.period.cut_off
    for sentence in _figures(Tally.of(lines), len(lines), as_of):
        paper.paragraph(sentence)
    paper.heading("2. Kết quả nổi bật", 2)
    _prose(paper, report.results)
    paper.paragraph("(Kết quả thực hiện từng nhiệm vụ tại Phụ lục kèm theo)", italic=True)
    paper.heading("II. Tồn tại, hạn chế và nguyên nhân")
    _prose(paper, report.shortcomings)
    paper.heading("III. Khó khăn, vướng mắc và kiến nghị, đề xuất")
    paper.heading("1. Khó khăn, vướng mắc", 2)
    _prose(paper, report.obstacles)
    paper.heading("2. Kiến nghị, đề xuất", 2)
    _prose(paper, report.proposals)
    paper.heading("IV. Phương hướng, nhiệm vụ thời gian tới")
    _prose(paper, report.outlook)


def _prose(paper: Paper, text: str) -> None:
    paper.prose(text if text.strip() else "Không có.")


def _figures(tally: Tally, tasks: int, as_of: date) -> list[str]:
    sentences = [
        f"Cơ quan được giao tham gia {amount(tasks)} nhiệm vụ, trong đó có trách nhiệm thực hiện {amount(tally.lines)} "
        f"nhiệm vụ với {amount(tally.deliveries)} đầu việc phải có kết quả. Tính đến hết ngày {day_short(as_of)}: đã "
        f"hoàn thành {amount(tally.done)} đầu việc (đúng hạn {amount(tally.done_on_time)}, trễ hạn "
        f"{amount(tally.done_late)}); chờ xác nhận {amount(tally.handed_in)}; đang thực hiện trong hạn "
        f"{amount(tally.under_way)}; quá hạn chưa hoàn thành {amount(tally.overdue)}."
    ]
    if tally.completion_rate is not None:
        sentences.append(
            f"Tỷ lệ hoàn thành đối với đầu việc đã đến hạn: {rate(tally.completion_rate)}"
            + (f"; tỷ lệ đúng hạn: {rate(tally.on_time_rate)}." if tally.done else ".")
        )
    if tally.check_points:
        sentences.append(
            f"Đã cập nhật kết quả {amount(tally.check_points_answered)}/{amount(tally.check_points)} lượt theo mốc quý "
            "của các nhiệm vụ thực hiện thường xuyên."
        )
    return sentences


def _annex(paper: Paper, lines: list[ReportLine], reference: str) -> None:
    paper.annex("", "Kết quả thực hiện từng nhiệm vụ", reference, wide=True)
    columns = [
        Column("TT", 1.0),
        Column("Nhiệm vụ", 8.2, "both"),
        Column("Vai trò", 1.9),
        Column("Thời gian theo Kế hoạch", 2.6),
        Column("Tình trạng", 2.8),
        Column("Tiến độ (%)", 1.5),
        Column("Kết quả, tình hình thực hiện", 7.2, "both"),
    ]
    rows: list[list[object]] = []
    for number, line in enumerate(lines, 1):
        text = line.text if len(line.text) <= TEXT_LIMIT else line.text[:TEXT_LIMIT].rsplit(" ", 1)[0] + "…"
        rows.append(
            [
                number,
                text,
                line.get_role_display().capitalize(),
                line.time_text,
                standing(line),
                line.percent if line.is_owed else "",
                line.results,
            ]
        )
    paper.table(columns, rows, size=11)


def standing(line: ReportLine) -> str:
    """Say in a table cell where the line stands: state, and how it stands to its deadline."""
    if not line.is_owed:
        return ""
    state = line.get_state_display()
    return (state[:1].upper() + state[1:]) + f"\n({line.get_timeliness_display()})"
