"""What differs between two versions of a consolidated report: figures from → to, agencies that came or left, words.

Pure: compares two frozen versions and nothing else, so the answer is the same for ever.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from reports.consolidating.narrative import sections_of
from reports.documents.wording import count, rate
from reports.models import Consolidation

Row = dict[str, Any]
Mark = Literal["same", "gone", "new"]
COUNTED = {
    "agencies": "Số cơ quan",
    "lines": "Nhiệm vụ",
    "deliveries": "Đầu việc",
    "done": "Đã hoàn thành",
    "done_on_time": "Đúng hạn",
    "done_late": "Trễ hạn",
    "handed_in": "Chờ xác nhận",
    "under_way": "Trong hạn",
    "overdue": "Quá hạn",
    "overdue_agencies": "Cơ quan quá hạn",
    "check_points_answered": "Mốc đã cập nhật",
    "percent": "Tiến độ bình quân (%)",
    "reported": "Đã báo số liệu chỉ tiêu",
    "met": "Đạt chỉ tiêu",
    "days_late": "Số ngày chậm",
    "expected": "Phải báo cáo",
    "arrived": "Đã nộp",
    "on_time": "Nộp đúng hạn",
    "counted": "Được tính vào số liệu",
}
RATED = {
    "completion_rate": "Tỷ lệ hoàn thành",
    "share_done": "Hoàn thành trên tổng số",
    "on_time_rate": "Tỷ lệ đúng hạn",
}


@dataclass(frozen=True)
class Change:
    """One figure or detail that is not the same: both as people read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """A row of a table (an agency, a task, a heading …) and what changed in it."""

    name: str
    changes: list[Change] = field(default_factory=list)
    words: list["Words"] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """Words that changed, side by side: pieces of each text with their marks."""

    title: str
    before: list[tuple[Mark, str]]
    after: list[tuple[Mark, str]]


@dataclass(frozen=True)
class Table:
    """A table of the report: rows that came, that left, and that changed."""

    title: str
    came: list[str]
    left: list[str]
    changed: list[Changed]

    @property
    def differs(self) -> bool:
        """Say whether there is anything to show."""
        return bool(self.came or self.left or self.changed)


@dataclass(frozen=True)
class Differences:
    """Everything that differs from the older to the newer version."""

    totals: list[Change]
    tables: list[Table]
    words: list[Words]
    details: list[Change]

    @property
    def nothing(self) -> bool:
        """Say whether both say the same, but for the day and number of the version."""
        return not (self.totals or self.tables or self.words or self.details)


def differences(older: Consolidation, newer: Consolidation) -> Differences:
    """Compare two versions of one desk."""
    old, new = older.figures, newer.figures
    tables = [
        _arrivals(old, new),
        _table("Cơ quan", old, new, "agencies", _agency, lambda row: row["agency"]),
        _table("Nội dung Kế hoạch", old, new, "sections", lambda row: tuple(row["headings"]), _heading),
        _table("Khối cơ quan", old, new, "kinds", lambda row: row["kind"], lambda row: row["kind"]),
        _table("Nhiệm vụ", old, new, "tasks", lambda row: row["position"], _task),
        _criteria(old, new),
        _table("Chỉ tiêu", old, new, "targets", _target, lambda row: f"{_task(row)}: {row['words']}"),
        _obstacles(old, new),
    ]
    return Differences(
        totals=_figures(old["totals"], new["totals"]),
        tables=[table for table in tables if table.differs],
        words=_narrative(older, newer),
        details=_details(older, newer),
    )


def _details(older: Consolidation, newer: Consolidation) -> list[Change]:
    """Whose paper it is, who signs, up to which day, and by which thresholds."""
    old, new = older.figures["period"], newer.figures["period"]
    names = {
        "name": "Tên kỳ", "as_of": "Số liệu tính đến", "cut_off": "Ngày chốt số liệu", "due_date": "Hạn nộp báo cáo",
        "commend_above": "Ngưỡng biểu dương: hoàn thành trên (%)",
        "commend_late_below": "Ngưỡng biểu dương: trễ hạn dưới (%)",
        "remind_below": "Ngưỡng nhắc nhở: hoàn thành dưới (%)",
    }  # fmt: skip
    found = [(label, _told(old.get(name)), _told(new.get(name))) for name, label in names.items()]
    found += [
        ("Cơ quan ban hành", older.get_issuer_display(), newer.get_issuer_display()),
        ("Thẩm quyền ký", older.get_signed_as_display(), newer.get_signed_as_display()),
        ("Người ký", older.signer or "để trống", newer.signer or "để trống"),
    ]
    return [Change(*one) for one in found if one[1] != one[2]]


def _told(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return "–" if value is None else str(value)


def _figures(old: Row, new: Row) -> list[Change]:
    """Compare the counts and rates that both rows hold, also those of their tallies."""
    old, new = old | old.get("tally", {}), new | new.get("tally", {})
    found = [
        Change(label, _number(old.get(name)), _number(new.get(name)))
        for name, label in COUNTED.items()
        if isinstance(old.get(name, 0), int) and isinstance(new.get(name, 0), int) and old.get(name) != new.get(name)
    ]
    found += [
        Change(label, rate(old.get(name)), rate(new.get(name)))
        for name, label in RATED.items()
        if old.get(name) != new.get(name)
    ]
    return found


def _number(value: int | None) -> str:
    return "–" if value is None else count(value)


def _table(title: str, old: Row, new: Row, name: str, key: Callable[[Row], Any], called: Callable[[Row], str]) -> Table:
    return _rows(title, old.get(name, []), new.get(name, []), key, called)


def _rows(
    title: str, old: Iterable[Row], new: Iterable[Row], key: Callable[[Row], Any], called: Callable[[Row], str]
) -> Table:
    before, after = {key(row): row for row in old}, {key(row): row for row in new}
    changed = []
    for place, row in after.items():
        if place in before:
            one = Changed(called(row), _row_changes(before[place], row, called), _row_words(before[place], row))
            if one.changes or one.words:
                changed.append(one)
    came = [called(row) for place, row in after.items() if place not in before]
    left = [called(row) for place, row in before.items() if place not in after]
    return Table(title, came, left, changed)


def _row_changes(old: Row, new: Row, called: Callable[[Row], str]) -> list[Change]:
    renamed = [Change("Tên", called(old), called(new))] if called(old) != called(new) else []
    return renamed + _figures(old, new)


def _row_words(old: Row, new: Row) -> list[Words]:
    """Compare what single agencies say of a task."""
    if not isinstance(new.get("words"), list):
        return []
    said_before = {row["agency"]: row["results"] for row in old["words"]}
    said_after = {row["agency"]: row["results"] for row in new["words"]}
    return [
        marked(name, said_before.get(name, ""), said_after.get(name, ""))
        for name in dict.fromkeys([*said_after, *said_before])
        if said_before.get(name, "") != said_after.get(name, "")
    ]


def _agency(row: Row) -> Any:
    """Return what stays the same when an agency is renamed."""
    return row.get("agency_id", row["agency"])


def _heading(row: Row) -> str:
    return " › ".join(row["headings"]) or "Nhiệm vụ khác"


def _task(row: Row) -> str:
    return f"Nhiệm vụ {row['number'] or row['position']}. {' '.join(row['text'].split())}"


def _target(row: Row) -> tuple[Any, ...]:
    return row["position"], row["words"], row["comparison"], row["goal"], row["unit"]


def _criteria(old: Row, new: Row) -> Table:
    before, after = (figures.get("criteria", {}).get("rows", []) for figures in (old, new))
    return _rows("Tiêu chí", before, after, lambda row: row["code"], lambda row: f"{row['code']} {row['name']}")


def _obstacles(old: Row, new: Row) -> Table:
    """Compare by addressee what was put to it, row by row."""
    old_rows, new_rows = _addressed(old), _addressed(new)
    table = _rows("Vướng mắc, kiến nghị", old_rows, new_rows, _obstacle_key, _obstacle)
    before, after = ({_obstacle_key(row): row for row in rows} for rows in (old_rows, new_rows))
    answered = [
        Changed(_obstacle(row), [Change("Trả lời", before[key]["answer"] or "chưa có", row["answer"] or "chưa có")])
        for key, row in after.items()
        if key in before and before[key]["answer"] != row["answer"]
    ]
    return Table(table.title, table.came, table.left, answered)


def _addressed(figures: Row) -> list[Row]:
    return [row | {"addressee": one["addressee"]} for one in figures.get("obstacles", []) for row in one["rows"]]


def _obstacle_key(row: Row) -> tuple[Any, ...]:
    return row["agency"], row["addressee"], row["task"], row["raised_on"], row["words"]


def _obstacle(row: Row) -> str:
    return f"{row['agency']} → {row['addressee']}: {' '.join(row['words'].split())}"


STATES = (("late", "nộp chậm"), ("missing", "chưa nộp"), ("excluded", "không phải báo cáo"))


def _arrivals(old: Row, new: Row) -> Table:
    """Compare how each report stands: in time, late, missing, excluded."""
    before, after = _standing(old), _standing(new)
    changed = []
    for name in sorted({*before, *after}):
        was, now = before.get(name) or _otherwise(name, old), after.get(name) or _otherwise(name, new)
        if was != now:
            changed.append(Changed(name, [Change("Tình trạng", was, now)]))
    overall = _figures(old["reporting"], new["reporting"])
    return Table("Nộp báo cáo", [], [], [*([Changed("Tổng số", overall)] if overall else []), *changed])


def _otherwise(name: str, figures: Row) -> str:
    """Say how a report stands that is neither late nor missing nor excluded."""
    counted = any(row["agency"] == name for row in figures["agencies"])
    return "nộp đúng hạn" if counted else "không có trong danh sách phải báo cáo"


def _standing(figures: Row) -> dict[str, str]:
    desks = [figures["reporting"], figures["reporting"].get("children", {})]
    return {row["agency"]: words for desk in desks for name, words in STATES for row in desk.get(name, [])}


def _narrative(older: Consolidation, newer: Consolidation) -> list[Words]:
    titles = dict(sections_of(older.figures)) | dict(sections_of(newer.figures))
    old, new = older.narrative, newer.narrative
    return [
        marked(titles.get(key, key), old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*titles, *new, *old])
        if old.get(key, "") != new.get(key, "")
    ]


def marked(title: str, before: str, after: str) -> Words:
    """Lay two texts side by side, word by word: what is gone from the first, what is new in the second."""
    old, new = _pieces(before), _pieces(after)
    left: list[tuple[Mark, str]] = []
    right: list[tuple[Mark, str]] = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        same = tag == "equal"
        if i < j:
            left.append(("same" if same else "gone", "".join(old[i:j])))
        if k < m:
            right.append(("same" if same else "new", "".join(new[k:m])))
    return Words(title, left, right)


MOST_WORDS = 4000
"""Longer texts are compared line by line: comparing words takes time that grows with their square."""


def _pieces(text: str) -> list[str]:
    words = re.findall(r"\s*\S+|\s+$", text)
    return words if len(words) <= MOST_WORDS else text.splitlines(keepends=True)
