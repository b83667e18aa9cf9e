"""What prose says about a task beside its words: "Đơn vị chủ trì: …; thời gian: …" and brackets at its end."""

import re

from agencies.folding import fold
from plans.importing.columns import AGENCY_ROLES, COORDINATE, MIXED, role_of
from plans.importing.understanding.meaning import Reading
from plans.importing.understanding.times import may_be_time
from plans.importing.understanding.verbs import BEGINS_DUTY

Attribute = tuple[str, str]
"""The role of a column (`plans.importing.columns`) and the words that would stand in it."""

_AGENCY_LABEL = (
    r"(?:(?:các\s+)?(?:cơ quan|đơn vị|phòng|bộ phận|nơi)(?:\s*[,/]\s*(?:cơ quan|đơn vị|địa phương|cá nhân))*\s+)?(?:được giao\s+)?"
    r"(?:chủ trì|đầu mối|phối hợp|thực hiện|tham mưu|theo dõi|chịu trách nhiệm(?:\s+chính)?)"
    r"(?:\s*(?:,|và|/|&|-)?\s*(?:thực hiện|chủ trì|phối hợp|triển khai|chính|tham mưu|giám sát|đôn đốc))*"
    r"|phân công(?: thực hiện)?|trách nhiệm(?: thực hiện)?"
)
_OTHER_LABEL = (
    r"(?:thời gian|thời hạn|tiến độ|lộ trình|hạn|thời điểm)(?:\s+(?:thực hiện|hoàn thành|triển khai|xong|báo cáo|gửi|trình))*"
    r"|hoàn thành|sản phẩm(?:\s+(?:đầu ra|chủ yếu|hoàn thành|dự kiến))*|kết quả(?:\s+(?:đầu ra|đạt được|dự kiến|cần đạt))*"
    r"|(?:nguồn\s+)?kinh phí(?:\s+thực hiện)?"
)
_LABEL = re.compile(
    rf"(?P<before>^|[.;,(\n]\s*|\s[-–+]\s)(?:[-–+*]\s*)?\**(?P<head>{_AGENCY_LABEL}|{_OTHER_LABEL})\**\s*:\**\s*",
    re.IGNORECASE,
)
_WHOLE_LINE = re.compile(r"^\**(?P<head>[^:]{3,60}?)\**:\**\s*(?P<value>\S.*)$", re.DOTALL)
_KEPT = frozenset({"time", "end", "start", "product", "funding"})
_BRACKET = re.compile(r"\s*\*{0,2}\(\*{0,2}(?P<inner>[^()]{4,260})\*{0,2}\)\*{0,2}\s*[.;]?\s*$")
_ROLE_WORD = re.compile(r"\b(?:chủ trì|thực hiện|phối hợp|tham mưu|đầu mối)\b")
_LONGEST_VALUE = 400


def attributes_of_line(text: str, reading: Reading) -> list[Attribute]:
    """The properties of a line that says nothing else, or nothing: "Chủ trì: Sở Y tế; thời gian: Quý I"."""
    words = text.strip(" *")
    first = _LABEL.match(words)
    if first:
        return _pairs(words)
    whole = _WHOLE_LINE.match(words)
    if not whole or len(whole["value"]) > _LONGEST_VALUE or len(whole["head"].split()) > 8:
        return []
    if BEGINS_DUTY.match(fold(whole["head"])):  # "Công bố kết quả: trước ngày 31/12" is a duty
        return []
    role = role_of(whole["head"])
    if role not in AGENCY_ROLES | _KEPT or reading.agencies(whole["head"], MIXED).entries:
        return []
    return [(role, _clean(whole["value"]))]


def cut_attributes(text: str, reading: Reading) -> tuple[str, list[Attribute]]:
    """Cut the properties off the end of a duty's words; those that cannot be read stay in the words."""
    first = _LABEL.search(text)
    if first and first.start() > 15:
        pairs = _pairs(text[first.start() :])
        if pairs:
            return text[: first.start()].rstrip(" ;,-–+(*"), pairs
    head, colon, tail = text.rpartition(": ")
    if colon and len(head) > 10 and may_be_time(tail) and _is_time(tail.strip(" .;"), reading):
        return head.rstrip(), [("time", tail.strip(" .;"))]
    bracket = _BRACKET.search(text)
    if not bracket or bracket.start() < 10:
        return text, []
    pairs = _in_bracket(bracket["inner"], reading)
    return (text[: bracket.start()].rstrip(" ;,"), pairs) if pairs else (text, [])


def _pairs(words: str) -> list[Attribute]:
    labels = list(_LABEL.finditer(words))
    ends = [label.start() for label in labels[1:]] + [len(words)]
    pairs = []
    for label, end in zip(labels, ends, strict=True):
        role, value = role_of(label["head"]), _clean(words[label.end() : end])
        if fold(label["head"]) in ("hoàn thành", "hạn"):
            role = "time"
        if not value or len(value) > _LONGEST_VALUE or role not in AGENCY_ROLES | _KEPT:
            return []
        pairs.append(("time" if role == "end" else role, value))
    return pairs


def _clean(value: str) -> str:
    return value.strip(" .;,*)" if value.count("(") < value.count(")") else " .;,*")


def _in_bracket(inner: str, reading: Reading) -> list[Attribute]:
    """The properties of "(Văn phòng UBND tỉnh chủ trì; hoàn thành trong Quý II)"; nothing unless all of it is understood."""
    pairs: list[Attribute] = []
    for part in re.split(r"\s*;\s*", inner.strip(" *")):
        if may_be_time(part) and _is_time(part, reading):
            pairs.append(("time", part))
        elif _ROLE_WORD.search(fold(part)) and _are_agencies(part, reading):
            pairs.append((COORDINATE if fold(part).startswith("phối hợp") else MIXED, part))
        elif not (part and _LABEL.match(part) and (labelled := _pairs(part))):
            return []
        else:
            pairs += labelled
    return pairs


def _is_time(words: str, reading: Reading) -> bool:
    deadline = reading.deadline(words)
    return bool(deadline.due_dates) or deadline.kind == "as_needed"


def _are_agencies(words: str, reading: Reading) -> bool:
    cell = reading.agencies(words, MIXED)
    return bool(cell.entries) and not cell.unknown
