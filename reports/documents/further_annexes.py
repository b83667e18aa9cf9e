"""Annexes of the consolidated report beyond agencies and dates: criteria, targets, obstacles by addressee."""

from typing import Any

from reports.documents.letterheads import day_short
from reports.documents.word import Column, Paper
from reports.documents.wording import count, cut, rate

Figures = dict[str, Any]
TALLY = ("lines", "deliveries", "done", "done_on_time", "handed_in", "overdue")


def by_criterion(paper: Paper, figures: Figures, reference: str, number: str) -> None:
    """Write the totals of each criterion of the method, and of the tasks that serve none."""
    paper.annex(number, "Kết quả thực hiện theo tiêu chí đo lường sự hài lòng", reference, wide=True)
    heads = ("Số nhiệm vụ", "Lượt cơ quan", "Đầu việc", "Đã hoàn thành", "Đúng hạn", "Chờ xác nhận", "Quá hạn")
    columns = [Column("Mã", 2.0), Column("Tiêu chí", 10.2, "left"), *(Column(head, 1.55) for head in heads)]
    columns.append(Column("Tỷ lệ hoàn thành", 1.8))
    facts = figures["criteria"]
    rows: list[list[object]] = [[row["code"], row["name"], *_cells(row)] for row in facts["rows"]]
    if facts["unserved"]["tasks"]:
        rows.append(["", "Nhiệm vụ không gắn với tiêu chí nào", *_cells(facts["unserved"])])
    paper.table(columns, rows, size=11)
    paper.note(
        "Ghi chú: Nhiệm vụ gắn với nhiều tiêu chí được tính ở từng tiêu chí, nên tổng các dòng lớn hơn tổng số đầu việc. "
        "Tỷ lệ hoàn thành = đã hoàn thành : (đã hoàn thành + quá hạn)."
    )


def _cells(row: Figures) -> list[str]:
    tally = row["tally"]
    return [count(len(row["tasks"])), *(count(tally[name]) for name in TALLY), rate(tally["completion_rate"])]


def targets(paper: Paper, figures: Figures, reference: str, number: str) -> None:
    """Write each target of the plan's tasks: how many agencies reported a figure, how many met it."""
    paper.annex(number, "Kết quả thực hiện các chỉ tiêu", reference, wide=True)
    columns = [
        Column("TT", 1.0),
        Column("Nhiệm vụ", 8.0, "left"),
        Column("Chỉ tiêu", 7.0, "left"),
        Column("Mức phải đạt", 2.4),
        Column("Cơ quan thực hiện", 1.7),
        Column("Đã báo số liệu", 1.7),
        Column("Đạt", 1.7),
        Column("Chưa đạt", 1.7),
    ]
    rows = [
        [
            place,
            f"{row['number'] or row['position']}. {cut(row['text'], 160)}",
            row["words"],
            row["goal_words"],
            count(row["agencies"]),
            count(row["reported"]),
            count(row["met"]),
            count(row["reported"] - row["met"]),
        ]
        for place, row in enumerate(figures["targets"], 1)
    ]
    paper.table(columns, rows, size=11)


def obstacles(paper: Paper, figures: Figures, reference: str, number: str) -> None:
    """Write obstacles and proposals under the agency to which they are addressed, with its answers."""
    paper.annex(number, "Vướng mắc, kiến nghị theo cơ quan giải quyết", reference, wide=True)
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan nêu", 4.2, "left"),
        Column("Vướng mắc, nguyên nhân", 7.4, "left"),
        Column("Kiến nghị", 6.4, "left"),
        Column("Kết quả giải quyết", 6.2, "left"),
    ]
    for one in figures["obstacles"]:
        paper.caption(f"Đối với {one['addressee']} ({count(len(one['rows']))} vướng mắc, kiến nghị)")
        rows = [
            [place, row["agency"], _told(row), row["proposal"], _answered(row)]
            for place, row in enumerate(one["rows"], 1)
        ]
        paper.table(columns, rows, size=11)


def _told(row: Figures) -> str:
    cause = f" Nguyên nhân: {row['cause'].strip().rstrip('.')}." if row["cause"].strip() else ""
    return f"{row['words'].strip().rstrip('.')} (nhiệm vụ {row['task']}).{cause}"


def _answered(row: Figures) -> str:
    if row["settled_on"] and not row["answer"]:
        return f"Đã giải quyết xong ngày {day_short(row['settled_on'])}"
    if not row["answer"]:
        return "Chưa được trả lời"
    paper = f" ({row['answer_document']})" if row["answer_document"] else ""
    return f"{row['answer'].strip().rstrip('.')}{paper}, ngày {day_short(row['answered_on'])}"
