"""A period in words: what its history says of opening and changing it, and what whoever saved second is shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reports.outline import Section

Values = dict[str, Any]
LABELS = {
    "name": "Tên kỳ", "begins_on": "Từ ngày", "ends_on": "Đến hết ngày", "cut_off": "Ngày chốt số liệu",
    "due_date": "Hạn nộp", "collects_children": "Đơn vị cấp dưới báo cáo qua cơ quan cấp trên",
    "children_due_date": "Hạn của đơn vị cấp dưới", "commend_above": "Biểu dương khi hoàn thành trên (%)",
    "commend_late_below": "Biểu dương khi trễ hạn dưới (%)", "remind_below": "Nhắc nhở khi hoàn thành dưới (%)",
    "groups": "Nhóm phải báo cáo", "agencies": "Cơ quan được nêu tên",
}  # fmt: skip
"""What the history calls the values of a period."""


def in_words(value: Any) -> str:
    """Return a value as an office reads it: a day, có / không, names, or "–" for nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list | tuple | set):
        return ", ".join(sorted(str(one) for one in value)) or "–"
    return str(value)


def differences(labels: dict[str, str], before: Values, after: Values) -> list[tuple[str, str, str]]:
    """Return (label, before, after) of the values that differ, in the order of ``labels``."""
    return [
        (label, in_words(before[name]), in_words(after[name]))
        for name, label in labels.items()
        if name in before and name in after and before[name] != after[name]
    ]


def outline_changes(before: Iterable[Section], after: Iterable[Section]) -> list[str]:
    """Return what was done to the sections: added, taken away, renamed, changed, put in another order."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    said = [f"thêm mục “{one.title}”" for key, one in new.items() if key not in old]
    said += [f"bỏ mục “{one.title}”" for key, one in old.items() if key not in new]
    for key, one in new.items():
        was = old.get(key)
        if was and was.title != one.title:
            said.append(f"đổi tên mục “{was.title}” thành “{one.title}”")
        elif was and was != one:
            said.append(f"sửa mục “{one.title}”")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        said.append("đổi thứ tự các mục")
    return said


def opening_words(counts: Mapping[str, int]) -> str:
    """Return how many must report and how many are released (`reporters.counts_of`), as a sentence."""
    said = [f"{counts['above']} cơ quan phải báo cáo"]
    said += [f"{counts['below']} đơn vị cấp dưới báo cáo qua cơ quan cấp trên"] if counts["below"] else []
    said += [f"{counts['released']} cơ quan không phải báo cáo"] if counts["released"] else []
    return "; ".join(said) + "."
