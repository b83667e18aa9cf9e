"""An agency's own report as Word, to be signed: its words, its figures, and its tasks as an annex."""

from datetime import date

from reports.documents.letterheads import Issuer, day_short, issuer_of
from reports.documents.word import Column, Paper
from reports.documents.wording import amount, plan_subject, rate, report_subject, roman, small_first, standing_in_words
from reports.models import Report, ReportLine
from reports.naming import agency_on_paper, names_on_paper
from reports.tallies import Tally

TEXT_LIMIT = 600
"""Longest text of a task in the annex, in characters."""
RECIPIENTS = ("Như trên;", "Lưu: VT.")


def agency_report(report: Report, on: date) -> bytes:
    """Return the report as a Word file with the number and day of its paper, or with both left open."""
    issuer = issuer_of_report(report)
    lines = list(report.lines.all())
    subject = subject_of(report)
    paper = Paper(subject, report.agency_name)
    paper.letterhead(issuer.letterhead(report.number, report.dated_on, on))
    paper.title("Báo cáo", subject)
    paper.addressee(report.addressee_name)
    paper.paragraph(opening(report))
    _chapters(paper, report, lines)
    paper.paragraph(closing(report))
    paper.signature(issuer.signing(report.signed_as), report.signer, RECIPIENTS)
    _annex(paper, lines, issuer.reference("Báo cáo", report.number, report.dated_on, on))
    return paper.as_bytes()


def issuer_of_report(report: Report) -> Issuer:
    """Return the agency as the author of its report, as it was called when the report left its desk."""
    return issuer_of(agency_on_paper(names_on_paper(report)))


def subject_of(report: Report) -> str:
    """Return what the report is about."""
    names = names_on_paper(report)
    plan = names["plan"]
    return report_subject(plan["title"], names["province"]["name"], names["period"], plan["year"])


def opening(report: Report) -> str:
    """Return the sentence that a report begins with: by which plan, about which period."""
    names = names_on_paper(report)
    plan = names["plan"]
    return (
        f"Thực hiện Kế hoạch số {plan['number']} ngày {day_short(plan['signed_on'])} của {plan['issuer']} về "
        f"{plan_subject(plan['title'], names['province']['name'])}, {report.agency_name} báo cáo kết quả thực hiện "
        f"{small_first(names['period'])} như sau:"
    )


def closing(report: Report) -> str:
    """Return the sentence that a report ends with."""
    about = small_first(subject_of(report))
    return f"Trên đây là báo cáo {about}, {report.agency_name} gửi {report.addressee_name} tổng hợp./."


def _chapters(paper: Paper, report: Report, lines: list[ReportLine]) -> None:
    paper.heading("I. Kết quả thực hiện")
    paper.heading("1. Kết quả chung", 2)
    as_of = report.filled_on or report.period.cut_off
    for sentence in _figures(Tally.of(lines), len(lines), as_of):
        paper.paragraph(sentence)
    told = report.sections()
    if told and told[0][0].key == "results":
        section, text = told.pop(0)
        paper.heading(f"2. {section.title}", 2)
        _prose(paper, text)
    paper.paragraph("(Kết quả thực hiện từng nhiệm vụ tại Phụ lục kèm theo)", italic=True)
    for number, (section, text) in enumerate(told, 2):
        paper.heading(f"{roman(number)}. {section.title}")
        _prose(paper, text)


def _prose(paper: Paper, text: str) -> None:
    paper.prose(text if text.strip() else "Không có.")


def _figures(tally: Tally, tasks: int, as_of: date) -> list[str]:
    helped = tasks - tally.lines
    owed = f"Cơ quan được giao thực hiện {amount(tally.lines)} nhiệm vụ với {amount(tally.deliveries)} đầu việc phải có kết quả"
    if not tally.lines:
        return [f"Cơ quan được giao phối hợp thực hiện {amount(helped)} nhiệm vụ."] if helped else []
    sentences = [owed + (f"; phối hợp thực hiện {amount(helped)} nhiệm vụ." if helped else ".")]
    if tally.deliveries:
        sentences.append(f"Tính đến hết ngày {day_short(as_of)}: {small_first(standing_in_words(tally.as_dict()))}")
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
    rows = [list(row_of(number, line).values()) for number, line in enumerate(lines, 1)]
    paper.table(columns, rows, size=11)


def row_of(number: int, line: ReportLine) -> dict[str, object]:
    """Return a task as the annex tells it, by the names that templates use, in the order of the columns."""
    text = line.text if len(line.text) <= TEXT_LIMIT else line.text[:TEXT_LIMIT].rsplit(" ", 1)[0] + "…"
    return {
        "stt": number,
        "noi_dung": text,
        "vai_tro": line.get_role_display().capitalize(),
        "thoi_gian": line.time_text,
        "tinh_trang": standing(line),
        "tien_do": line.percent if line.is_owed else "",
        "ket_qua": "\n".join(filter(None, [line.results, *line.target_words])),
    }


def standing(line: ReportLine) -> str:
    """Say in a table cell where the line stands: state, and how it stands to its deadline."""
    if not line.is_owed:
        return ""
    state = line.get_state_display()
    return (state[:1].upper() + state[1:]) + f"\n({line.get_timeliness_display()})"
