"""The annexes of the consolidated report: figures by agency, arrival of reports, overdue work, agencies' results."""

from typing import Any

from reports.documents.letterheads import day_short
from reports.documents.word import Column, Paper
from reports.documents.wording import count, cut, rate


def write(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    """Write every annex that has something to show, numbered I, II, III … in their fixed places."""
    _by_agency(paper, figures, reference)
    _arrivals(paper, figures, reference)
    _overdue(paper, figures, reference)
    _results(paper, figures, reference)


def _by_agency(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    paper.annex("I", "Kết quả thực hiện nhiệm vụ của các cơ quan, đơn vị, địa phương", reference, wide=True)
    heads = (
        "Nhiệm vụ", "Đầu việc", "Đã hoàn thành", "Đúng hạn", "Trễ hạn", "Chờ xác nhận", "Trong hạn", "Quá hạn",
        "Tỷ lệ hoàn thành", "Tỷ lệ đúng hạn", "Cập nhật theo quý",
    )  # fmt: skip
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 5.6, "left"),
        *(Column(head, 1.4) for head in heads),
        Column("Ghi chú", 3.2),
    ]
    rows: list[list[object]] = [
        [number, row["agency"], *_cells(row["tally"]), _remark(row)]
        for number, row in enumerate(figures["agencies"], 1)
    ]
    rows.append(["", "Tổng cộng", *_cells(figures["totals"]), ""])
    paper.table(columns, rows, size=11, total=True)
    paper.note(
        "Ghi chú: Tỷ lệ hoàn thành = đã hoàn thành : (đã hoàn thành + quá hạn). Tỷ lệ đúng hạn = đúng hạn : đã hoàn "
        "thành. Cập nhật theo quý: số mốc đã cập nhật/số mốc đã qua của các nhiệm vụ thường xuyên, không tính vào "
        f"tỷ lệ. Số liệu tính đến hết ngày {day_short(figures['period']['as_of'])}."
    )


def _cells(tally: dict[str, Any]) -> list[str]:
    names = ("lines", "deliveries", "done", "done_on_time", "done_late", "handed_in", "under_way", "overdue")
    return [
        *(count(tally[name]) for name in names),
        rate(tally["completion_rate"]),
        rate(tally["on_time_rate"]),
        f"{tally['check_points_answered']}/{tally['check_points']}",
    ]


def _remark(row: dict[str, Any]) -> str:
    remarks = [f"Báo cáo chậm {row['days_late']} ngày"] if row["days_late"] else []
    if row["commend"] and not row["days_late"]:
        remarks.append("Thực hiện tốt")
    if row["remind"]:
        remarks.append("Cần đôn đốc")
    return "; ".join(remarks)


def _arrivals(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    facts = figures["reporting"]
    paper.annex("II", "Tình hình gửi báo cáo", reference, wide=False)
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 5.0, "left"),
        Column("Tình trạng", 2.6),
        Column("Ngày gửi", 2.3),
        Column("Số ngày chậm", 1.5),
        Column("Ghi chú", 3.6, "left"),
    ]
    rows: list[list[object]] = [
        [row["agency"], "Gửi chậm", day_short(row["submitted_on"]), row["days_late"], ""] for row in facts["late"]
    ]
    rows += [[row["agency"], "Chưa gửi", "", row["days_late"] or "", _draft(row)] for row in facts["missing"]]
    rows += [[row["agency"], "Không phải gửi", "", "", row["reason"]] for row in facts["excluded"]]
    if rows:
        paper.table(columns, [[number, *row] for number, row in enumerate(rows, 1)], size=12)
        paper.note(
            f"Hạn gửi báo cáo: {day_short(figures['period']['due_date'])}. Số cơ quan gửi đúng hạn: "
            f"{facts['on_time']}/{facts['expected']}."
        )
    else:
        paper.paragraph("Tất cả các cơ quan, đơn vị, địa phương đã gửi báo cáo đúng hạn.")


def _draft(row: dict[str, Any]) -> str:
    return "Đã bị trả lại" if row["state"] == "bị trả lại" else ""


def _overdue(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    paper.annex("III", "Đầu việc quá hạn chưa hoàn thành", reference, wide=True)
    if not figures["overdue"]:
        paper.paragraph("Không có đầu việc quá hạn.")
        return
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 5.2, "left"),
        Column("Nhiệm vụ", 8.4, "left"),
        Column("Hạn", 2.4),
        Column("Quá hạn (ngày)", 1.8),
        Column("Tình hình thực hiện", 6.2, "left"),
    ]
    rows = [
        [
            number,
            row["agency"],
            cut(row["text"], 200),
            day_short(row["due_date"]),
            row["days"],
            cut(row["results"], 200),
        ]
        for number, row in enumerate(figures["overdue"], 1)
    ]
    paper.table(columns, rows, size=11)


def _results(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    if not figures["words"]["results"]:
        return
    paper.annex("IV", "Kết quả nổi bật của các cơ quan, đơn vị, địa phương", reference, wide=False)
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 4.4, "left"),
        Column("Kết quả nổi bật trong kỳ", 10.6, "both"),
    ]
    rows = [[number, row["agency"], row["text"]] for number, row in enumerate(figures["words"]["results"], 1)]
    paper.table(columns, rows)
