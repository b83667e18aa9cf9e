"""A sentence that orders several things: cut where a new duty with a day of its own begins."""

import re

from agencies.folding import fold
from plans.importing.understanding.times import time_in, times_in
from plans.importing.understanding.verbs import BEGINS_DUTY

_BORDER = re.compile(r";\s+|(?<=[^\W\d_][.])\s+(?=[A-ZĐÀ-Ỹ])|(?<=\d[.])\s+(?=[A-ZĐÀ-Ỹ][a-zà-ỹ])")
_REPORTS = re.compile(
    r"^(?:đồng thời,? )?(?:định kỳ |hằng (?:tháng|quý|năm),? |hàng (?:tháng|quý|năm),? |6 tháng,? )?"
    r"(?:tổng hợp(?:,| và|,? kết quả)? (?:\S+ ){0,3}?)?(?:gửi |lập |xây dựng )?báo cáo\b"
)
_AFTER_COMMA = re.compile(r",\s+(?=định kỳ (?:tổng hợp,? )?(?:và )?báo cáo\b)", re.IGNORECASE)
_SHORTEST = 25


def duties_in(text: str) -> list[str]:
    """The duties of a paragraph, mostly one. A report with its own time, and what else begins with a verb and sets a
    day after another has set one, is a duty of its own: it is due on another day."""
    duties: list[str] = []
    end = 0
    for start, next_start in _borders(text):
        before, after = text[end:start], text[next_start:]
        if not before.strip():
            continue
        own = after[: _next_border(after)]
        if _is_report(own) or _has_both(before, own):
            duties.append(before.strip(" ;,"))
            end = next_start
    return [*duties, text[end:].strip()]


def _borders(text: str) -> list[tuple[int, int]]:
    found = [match.span() for pattern in (_BORDER, _AFTER_COMMA) for match in pattern.finditer(text)]
    return sorted(span for span in found if text.count("(", 0, span[0]) == text.count(")", 0, span[0]))


def _next_border(text: str) -> int:
    match = _BORDER.search(text)
    return match.start() if match else len(text)


def _is_report(clause: str) -> bool:
    return bool(_REPORTS.match(fold(clause))) and bool(time_in(clause, is_report=True))


def _has_both(before: str, clause: str) -> bool:
    return (
        len(clause) >= _SHORTEST
        and bool(times_in(before))
        and bool(times_in(clause))
        and bool(BEGINS_DUTY.match(fold(clause)))
    )
