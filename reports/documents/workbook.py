"""A version of the consolidated report as a workbook: the annex tables, and every single line with filters.

Reads frozen rows only: figures, and `ConsolidatedLine` through a server-side cursor, so that memory does not grow with
the lines.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, Any

from plans.exporting import Column, Group, Sheet, write_workbook
from plans.models import Role
from plans.models.occurrence import State, Timeliness
from reports.documents.wording import quoted
from reports.models import Consolidation

Row = list[Any]
EVERY = 2000
"""Lines between two signs of life."""
COUNTS = (
    ("Nhiệm vụ", "lines"), ("Đầu việc", "deliveries"), ("Đã hoàn thành", "done"), ("Đúng hạn", "done_on_time"),
    ("Trễ hạn", "done_late"), ("Chờ xác nhận", "handed_in"), ("Trong hạn", "under_way"), ("Quá hạn", "overdue"),
)  # fmt: skip
RATES = (
    ("Hoàn thành/đến hạn (%)", "completion_rate"), ("Hoàn thành/tổng số (%)", "share_done"),
    ("Đúng hạn/hoàn thành (%)", "on_time_rate"),
)  # fmt: skip
TALLY = [
    *(Column(head, 11, "number") for head, _ in COUNTS),
    *(Column(head, 13, "percent") for head, _ in RATES),
]
RULES = (
    "Hoàn thành/đến hạn = đã hoàn thành : (đã hoàn thành + quá hạn chưa hoàn thành). Hoàn thành/tổng số = đã hoàn thành : "
    "tổng số đầu việc. Đúng hạn/hoàn thành = hoàn thành đúng hạn : đã hoàn thành."
)
STATES = {state.value: state.label.capitalize() for state in State}
TIMELINESS = {one.value: one.label.capitalize() for one in Timeliness}
ROLES = {role.value: role.label.capitalize() for role in Role}


def write_consolidated_workbook(
    stream: IO[bytes], made: Consolidation, tell: Callable[[float], None] = lambda share: None
) -> int:
    """Write the workbook of a version; ``tell`` is called with the share of the lines that is written. Returns the rows."""
    return write_workbook(stream, _sheets(made, tell))


def _sheets(made: Consolidation, tell: Callable[[float], None]) -> Iterator[Sheet]:
    figures = made.figures
    above = _above(made)
    yield _agencies(figures, above)
    yield _tasks(figures, above)
    yield _sections(figures, above)
    if figures.get("criteria", {}).get("rows"):
        yield _criteria(figures, above)
    yield _arrivals(figures, above)
    yield _overdue(figures, above)
    yield _obstacles(figures, above)
    if figures.get("targets"):
        yield _targets(figures, above)
    yield _lines(made, tell)


def _above(made: Consolidation) -> list[str]:
    plan, period = made.figures["plan"], made.figures["period"]
    whose = f", {made.figures['collector']}" if made.figures.get("collector") else ""
    return [
        f"{period['name']}{whose}",
        f"Kế hoạch số {plan['number']} ngày {_day(plan['signed_on']):%d/%m/%Y} của {plan['issuer']}. Số liệu tính đến hết "
        f"ngày {_day(period['as_of']):%d/%m/%Y}. Phiên bản {made.version}, lập ngày {made.made_on:%d/%m/%Y}.",
    ]


def _titled(title: str, above: list[str]) -> list[str]:
    return [f"{title}. {above[0]}", above[1]]


def _tally(tally: dict[str, Any]) -> Row:
    return [*(tally[name] for _, name in COUNTS), *(tally[name] for _, name in RATES)]


def _agencies(figures: dict[str, Any], above: list[str]) -> Sheet:
    has_children = any(row.get("under") for row in figures["agencies"])
    columns = [Column("TT", 6, "number"), Column("Cơ quan, đơn vị, địa phương", 38, "text")]
    columns += [Column("Cơ quan cấp trên", 28, "text")] if has_children else []
    columns += [Column("Khối", 22, "text"), *TALLY]
    columns += [Column("Số văn bản", 16, "text"), Column("Ngày gửi", 12, "date"), Column("Chậm (ngày)", 9, "number")]
    columns += [Column("Nhận xét", 20, "text")]
    rows: list[Row] = []
    for number, row in enumerate(figures["agencies"], 1):
        under = [row.get("under", "")] if has_children else []
        late = row["days_late"] or None
        remark = "Thực hiện tốt" if row["commend"] and not late else "Cần đôn đốc" if row["remind"] else ""
        kind = row["kind"][:1].upper() + row["kind"][1:]
        sent = [row["number"], _day(row["submitted_on"]), late, remark]
        rows.append([number, row["agency"], *under, kind, *_tally(row["tally"]), *sent])
    blank = [""] if has_children else []
    rows.append(["", "Tổng cộng", *blank, "", *_tally(figures["totals"]), "", None, None, ""])
    return Sheet("Theo cơ quan", columns, rows, numbered=False, above=_titled("Theo cơ quan", above), note=RULES)


def _tasks(figures: dict[str, Any], above: list[str]) -> Sheet:
    """Return the plan's own annex: its columns as printed, then where the agencies stand, under its headings."""
    columns = [
        Column("TT", 7, "text"), Column("Nhiệm vụ", 60, "text"), Column("Cơ quan thực hiện", 32, "text"),
        Column("Thời gian thực hiện", 18, "text"), Column("Số cơ quan", 9, "number"), Column("Hoàn thành", 9, "number"),
        Column("Chờ xác nhận", 9, "number"), Column("Đang thực hiện", 9, "number"), Column("Chưa thực hiện", 9, "number"),
        Column("Cơ quan quá hạn", 9, "number"), Column("Tiến độ bình quân (%)", 11, "number"),
        Column("Hoàn thành/đến hạn (%)", 13, "percent"), Column("Kết quả, tình hình thực hiện", 60, "text"),
    ]  # fmt: skip
    return Sheet(
        "Theo nhiệm vụ",
        columns,
        _task_rows(figures["tasks"]),
        numbered=False,
        above=_titled("Kết quả thực hiện từng nhiệm vụ", above),
        note="Cột Cơ quan thực hiện và Thời gian thực hiện ghi nguyên văn Kế hoạch.",
    )


def _task_rows(tasks: list[dict[str, Any]]) -> Iterator[Row | Group]:
    path: list[str] = []
    for task in tasks:
        for depth, heading in enumerate(task["headings"]):
            if task["headings"][: depth + 1] != path[: depth + 1]:
                yield Group(heading)
        path = task["headings"]
        states = task["states"]
        words = [line for one in task["words"] for line in quoted(one["agency"], one["results"])]
        yield [
            task["number"] or str(task["position"]), task["text"], task.get("agencies_text", ""), task["time_text"],
            task["agencies"], states["completed"], states["handed_in"], states["in_progress"], states["not_started"],
            task["overdue_agencies"], task["percent"], task["tally"]["completion_rate"], "\n".join(words),
        ]  # fmt: skip


def _sections(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [Column("TT", 6, "text"), Column("Nội dung, khối cơ quan", 60, "text"), *TALLY]
    rows: list[Row | Group] = [Group("Theo nội dung Kế hoạch")]
    for number, row in enumerate(figures["sections"], 1):
        rows.append([str(number), " › ".join(row["headings"]) or "Nhiệm vụ khác", *_tally(row["tally"])])
    rows.append(["", "Tổng cộng", *_tally(figures["totals"])])
    rows.append(Group("Theo khối cơ quan"))
    for number, row in enumerate(figures["kinds"], 1):
        kind = row["kind"][:1].upper() + row["kind"][1:]
        rows.append([str(number), f"{kind} ({row['agencies']} cơ quan)", *_tally(row["tally"])])
    rows.append(["", "Tổng cộng", *_tally(figures["totals"])])
    title = "Theo nội dung và khối cơ quan"
    return Sheet("Theo nội dung, khối", columns, rows, numbered=False, above=_titled(title, above), note=RULES)


def _criteria(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [Column("Mã", 12, "text"), Column("Tiêu chí", 60, "text"), Column("Số nhiệm vụ", 9, "number")]
    rows: list[Row] = [
        [row["code"], row["name"], len(row["tasks"]), *_tally(row["tally"])] for row in figures["criteria"]["rows"]
    ]
    for name, key in (("Nhiệm vụ gắn với ít nhất một tiêu chí", "served"), ("Nhiệm vụ không gắn tiêu chí", "unserved")):
        row = figures["criteria"][key]
        rows.append(["", name, len(row["tasks"]), *_tally(row["tally"])])
    note = f"Nhiệm vụ gắn với nhiều tiêu chí được tính ở từng tiêu chí. {RULES}"
    above = _titled("Theo tiêu chí đo lường sự hài lòng", above)
    return Sheet("Theo tiêu chí", [*columns, *TALLY], rows, numbered=False, above=above, note=note)


def _arrivals(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [
        Column("TT", 6, "number"), Column("Cơ quan, đơn vị, địa phương", 38, "text"), Column("Gửi qua", 28, "text"),
        Column("Tình trạng", 18, "text"), Column("Ngày gửi", 12, "date"), Column("Chậm (ngày)", 9, "number"),
        Column("Ghi chú", 50, "text"),
    ]  # fmt: skip
    facts = figures["reporting"]
    rows: list[Row | Group] = list(_arrival_rows(facts))
    if "children" in facts:
        rows += [Group("Đơn vị cấp dưới báo cáo qua cơ quan cấp trên trực tiếp"), *_arrival_rows(facts["children"])]
    note = f"Cơ quan gửi đúng hạn: {facts['on_time']}/{facts['expected']}; bảng này ghi các trường hợp còn lại."
    return Sheet("Gửi báo cáo", columns, rows, above=_titled("Tình hình gửi báo cáo", above), note=note)


def _arrival_rows(facts: dict[str, Any]) -> Iterator[Row]:
    for row in facts["late"]:
        yield [row["agency"], row.get("under", ""), "Gửi chậm", _day(row["submitted_on"]), row["days_late"], ""]
    for row in facts["missing"]:
        returned = "Đã bị trả lại" if row["state"] == "bị trả lại" else ""
        yield [row["agency"], row.get("under", ""), "Chưa gửi", None, row["days_late"] or None, returned]
    for row in facts["excluded"]:
        yield [row["agency"], row.get("under", ""), "Không phải gửi", None, None, row["reason"]]


def _overdue(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [
        Column("TT", 6, "number"), Column("Cơ quan, đơn vị, địa phương", 38, "text"), Column("Số TT nhiệm vụ", 9, "text"),
        Column("Nhiệm vụ", 60, "text"), Column("Hạn", 12, "date"), Column("Quá hạn (ngày)", 9, "number"),
        Column("Tình hình thực hiện", 50, "text"),
    ]  # fmt: skip
    rows = (
        [
            row["agency"], row["number"] or str(row.get("position", "")), row["text"], _day(row["due_date"]), row["days"],
            row["results"],
        ]
        for row in figures["overdue"]
    )  # fmt: skip
    ages = "; ".join(f"{row['age']}: {row['count']}" for row in figures["overdue_by_age"])
    above = _titled("Đầu việc quá hạn chưa hoàn thành", above)
    return Sheet("Quá hạn", columns, rows, above=above, note=f"Theo thời gian quá hạn: {ages}.")


def _obstacles(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [
        Column("TT", 6, "number"), Column("Cơ quan nêu", 34, "text"), Column("Nhiệm vụ số", 9, "number"),
        Column("Vướng mắc", 50, "text"), Column("Nguyên nhân", 40, "text"), Column("Kiến nghị", 50, "text"),
        Column("Ngày nêu", 12, "date"), Column("Trả lời", 50, "text"), Column("Văn bản trả lời", 26, "text"),
        Column("Ngày trả lời", 12, "date"), Column("Ngày giải quyết xong", 12, "date"),
    ]  # fmt: skip
    rows: list[Row | Group] = []
    for one in figures.get("obstacles", []):
        rows.append(Group(f"Đối với {one['addressee']}"))
        for row in one["rows"]:
            rows.append([
                row["agency"], row["task"], row["words"], row["cause"], row["proposal"], _day(row["raised_on"]),
                row["answer"], row["answer_document"], _day(row["answered_on"]), _day(row["settled_on"]),
            ])  # fmt: skip
    above = _titled("Vướng mắc, kiến nghị theo cơ quan giải quyết", above)
    return Sheet("Vướng mắc, kiến nghị", columns, rows, above=above)


def _targets(figures: dict[str, Any], above: list[str]) -> Sheet:
    columns = [
        Column("TT", 6, "number"), Column("Số TT nhiệm vụ", 9, "text"), Column("Nhiệm vụ", 60, "text"),
        Column("Chỉ tiêu", 50, "text"), Column("Mức phải đạt", 16, "text"), Column("Cơ quan thực hiện", 10, "number"),
        Column("Đã báo số liệu", 10, "number"), Column("Đạt", 9, "number"), Column("Chưa đạt", 9, "number"),
    ]  # fmt: skip
    rows = (
        [
            row["number"] or str(row["position"]), row["text"], row["words"], row["goal_words"], row["agencies"],
            row["reported"], row["met"], row["reported"] - row["met"],
        ]
        for row in figures["targets"]
    )  # fmt: skip
    return Sheet("Chỉ tiêu", columns, rows, above=_titled("Chỉ tiêu của các nhiệm vụ", above))


LINE_COLUMNS = [
    Column("TT", 8, "number"), Column("Cơ quan", 34, "text"), Column("Khối", 20, "text"),
    Column("Đề mục", 36, "text"), Column("Số TT", 7, "text"),
    Column("Nhiệm vụ", 60, "text"), Column("Vai trò", 12, "text"), Column("Thời gian (nguyên văn)", 18, "text"),
    Column("Hạn", 12, "date"), Column("Trạng thái", 16, "text"), Column("So với hạn", 14, "text"),
    Column("Tiến độ (%)", 9, "number"), Column("Số mốc", 8, "number"), Column("Hoàn thành", 9, "number"),
    Column("Đúng hạn", 8, "number"), Column("Quá hạn", 8, "number"), Column("Kết quả, tình hình thực hiện", 60, "text"),
]  # fmt: skip


def _lines(made: Consolidation, tell: Callable[[float], None]) -> Sheet:
    """Return every line of every report; the parent agency only where there are children: an idle column costs seconds."""
    has_children = any(row.get("under") for row in made.figures["agencies"])
    further = [Column("Cơ quan cấp trên", 26, "text")] if has_children else []
    return Sheet("Chi tiết", [*LINE_COLUMNS, *further], _line_rows(made, tell, has_children))


def _line_rows(made: Consolidation, tell: Callable[[float], None], has_children: bool) -> Iterator[Row]:
    names = (
        "agency", "agency_kind", "headings", "number", "position", "text", "role", "time_text", "due_date", "state",
        "timeliness", "percent", "deliveries", "done", "done_on_time", "overdue", "results",
    )  # fmt: skip
    lines = made.lines.order_by("position", "pk")
    total = lines.count()
    wanted = lines.values_list(*names, *(["collector"] if has_children else []))
    for number, line in enumerate(wanted.iterator(chunk_size=EVERY), 1):
        agency, kind, headings, printed, position, text, role, time, due, state, timeliness, *figures = line
        if number % EVERY == 0:
            tell(number / total)
        yield [
            agency, kind, headings[-1] if headings else "", printed or str(position), text, ROLES[role], time, due,
            STATES[state], TIMELINESS[timeliness], *figures,
        ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
