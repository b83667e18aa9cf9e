"""The annexes of the consolidated report: figures by agency, arrival of reports, overdue work, agencies' results."""

from typing import Any

from reports.documents import further_annexes
from reports.documents.letterheads import day_short
from reports.documents.word import Column, Paper
from reports.documents.wording import count, cut, rate, roman, small_first


def numbers_of(figures: dict[str, Any]) -> dict[str, str]:
    """Return the number of each annex that has something to show, in their order."""
    facts = figures["reporting"]
    there = {
        "agencies": True,
        "arrivals": bool(facts["late"] or facts["missing"] or facts["excluded"]),
        "overdue": bool(figures["overdue"]),
        "criteria": bool(figures.get("criteria", {}).get("rows")),
        "targets": bool(figures.get("targets")),
        "obstacles": bool(figures.get("obstacles")),
        "results": bool(figures["words"].get("results")),
    }
    shown = [name for name, shows in there.items() if shows]
    return {name: roman(number) for number, name in enumerate(shown, 1)} if len(shown) > 1 else {"agencies": ""}


def due_date_of(figures: dict[str, Any]) -> str:
    """Return the last day (ISO) of the reports that were summed up: units report to their parent on a day of their own."""
    period = figures["period"]
    name = "due_date_of_children" if figures.get("collector") else "due_date"
    return str(period.get(name, period["due_date"]))


def write(paper: Paper, figures: dict[str, Any], reference: str) -> None:
    """Write every annex that has something to show."""
    writers = {
        "agencies": _by_agency,
        "arrivals": _arrivals,
        "overdue": _overdue,
        "criteria": further_annexes.by_criterion,
        "targets": further_annexes.targets,
        "obstacles": further_annexes.obstacles,
        "results": _results,
    }
    for name, number in numbers_of(figures).items():
        writers[name](paper, figures, reference, number)


def _by_agency(paper: Paper, figures: dict[str, Any], reference: str, number: str) -> None:
    paper.annex(number, "Kết quả thực hiện nhiệm vụ của các cơ quan, đơn vị, địa phương", reference, wide=True)
    heads = (
        "Nhiệm vụ", "Đầu việc", "Đã hoàn thành", "Đúng hạn", "Trễ hạn", "Chờ xác nhận", "Trong hạn", "Quá hạn",
        "Tỷ lệ hoàn thành", "Tỷ lệ đúng hạn", "Cập nhật theo quý",
    )  # fmt: skip
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 5.6, "left"),
        *(Column(head, 1.4) for head in heads[:-1]),
        Column(heads[-1], 1.8),  # the total is as wide as "1.567/2.653"
        Column("Ghi chú", 2.8),
    ]
    rows: list[list[object]] = [
        [place, row["agency"], *_cells(row["tally"]), remark_of(row)]
        for place, row in enumerate(figures["agencies"], 1)
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


def remark_of(row: dict[str, Any]) -> str:
    """Say beside an agency's figures what stands out."""
    remarks = [f"Báo cáo chậm {row['days_late']} ngày"] if row["days_late"] else []
    if row["commend"] and not row["days_late"]:
        remarks.append("Thực hiện tốt")
    if row["remind"]:
        remarks.append("Cần đôn đốc")
    return "; ".join([*remarks[:1], *(small_first(remark) for remark in remarks[1:])])


def _arrivals(paper: Paper, figures: dict[str, Any], reference: str, number: str) -> None:
    facts = figures["reporting"]
    paper.annex(number, "Tình hình gửi báo cáo", reference, wide=False)
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 5.8, "left"),
        Column("Tình trạng", 2.4),
        Column("Ngày gửi", 2.2),
        Column("Số ngày chậm", 1.4),
        Column("Ghi chú", 3.2, "left"),
    ]
    paper.table(columns, [list(row.values()) for row in arrival_rows(facts)], size=12)
    paper.note(
        f"Hạn gửi báo cáo: {day_short(due_date_of(figures))}. Số cơ quan gửi đúng hạn: "
        f"{facts['on_time']}/{facts['expected']}."
    )


def arrival_rows(facts: dict[str, Any]) -> list[dict[str, object]]:
    """Return who came late, not yet, or need not, by the names that templates use, in the order of the columns."""
    told: list[tuple[str, str, str, object, str]] = [
        (row["agency"], "Gửi chậm", day_short(row["submitted_on"]), row["days_late"], "") for row in facts["late"]
    ]
    told += [(row["agency"], "Chưa gửi", "", row["days_late"] or "", _draft(row)) for row in facts["missing"]]
    told += [(row["agency"], "Không phải gửi", "", "", row["reason"]) for row in facts["excluded"]]
    names = ("co_quan", "tinh_trang", "ngay_gui", "so_ngay", "ghi_chu")
    return [{"stt": number} | dict(zip(names, row, strict=True)) for number, row in enumerate(told, 1)]


def _draft(row: dict[str, Any]) -> str:
    return "Đã bị trả lại" if row["state"] == "bị trả lại" else ""


def _overdue(paper: Paper, figures: dict[str, Any], reference: str, number: str) -> None:
    paper.annex(number, "Đầu việc quá hạn chưa hoàn thành", reference, wide=True)
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
            place,
            row["agency"],
            cut(row["text"], 200),
            day_short(row["due_date"]),
            row["days"],
            cut(row["results"], 200),
        ]
        for place, row in enumerate(figures["overdue"], 1)
    ]
    paper.table(columns, rows, size=11)


def _results(paper: Paper, figures: dict[str, Any], reference: str, number: str) -> None:
    told = figures["words"].get("results", [])
    paper.annex(number, "Kết quả nổi bật của các cơ quan, đơn vị, địa phương", reference, wide=False)
    columns = [
        Column("TT", 1.0),
        Column("Cơ quan, đơn vị, địa phương", 4.4, "left"),
        Column("Kết quả nổi bật trong kỳ", 10.6, "both"),
    ]
    rows = [[place, row["agency"], row["text"]] for place, row in enumerate(told, 1)]
    paper.table(columns, rows)
