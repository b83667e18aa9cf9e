"""Deadlines inside sentences: only words that bind somebody to a day, not every year that a text names."""

import re

_DAY = r"\d{1,2}(?:\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?|\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?)"
_PERIOD = r"(?:quý\s+(?:iv|i{1,3}|[1-4])(?:\s*[/-]\s*\d{4}|\s+năm\s+\d{4})?|tháng\s+\d{1,2}(?:\s*[/-]\s*\d{4}|\s+năm\s+\d{4})?)"
_LIMIT = r"(?:trước|chậm nhất(?: là)?(?: vào)?|muộn nhất(?: là)?|đến hết|hết|xong trước|không quá)"
_BOUND = re.compile(
    rf"(?:(?:hoàn thành|xong|gửi|báo cáo|nộp)[^.;()]{{0,60}}?\s)?"
    rf"(?P<time>{_LIMIT}\s+(?:ngày\s+)?(?:{_DAY}|{_PERIOD})(?:\s+(?:hằng|hàng)\s+(?:tháng|quý|năm))?)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"(?:hoàn thành|ban hành|thực hiện|triển khai|tổ chức)\s[^.;()]{{0,80}}?(?P<time>(?:trong|vào)\s+{_PERIOD})",
    re.IGNORECASE,
)
_EVERY, _SIX_MONTHS = r"(?:hằng|hàng)\s+", r"(?:0?6|sáu)\s+tháng"
_REPORTING = re.compile(
    r"(?P<time>"
    rf"{_EVERY}(?:tháng|quý|năm)(?:\s*[,;]?\s*(?:và\s+)?{_SIX_MONTHS})?(?:\s*[,;]?\s*(?:và\s+)?(?:cuối\s+|{_EVERY})?năm)?\b|"
    rf"{_PERIOD}(?:\s*(?:,|;|và|-)\s*(?:{_PERIOD}|(?:cả\s+)?năm\s+\d{{4}}))*|"
    rf"{_SIX_MONTHS}(?:\s+đầu năm)?\s*(?:,|và)\s*(?:cả\s+)?năm(?:\s+\d{{4}})?|"
    rf"định kỳ\s+(?:{_EVERY})?(?:tháng|quý|{_SIX_MONTHS}|năm)(?:\s*(?:,|và)\s*(?:{_SIX_MONTHS}|năm))*"
    r")",
    re.IGNORECASE,
)
_SCORING = re.compile(r"(?:trong|giai đoạn|từ)\s+$", re.IGNORECASE)


def time_in(text: str, *, is_report: bool = False) -> str:
    """The words of the deadline that a sentence sets, or "". In a report's sentence also how often it is due."""
    bound = _BOUND.search(text) or _WITHIN.search(text)
    if bound and not re.search(r"\bđã\s(?:\S+\s){0,12}$", text[: bound.start("time")]):
        return bound["time"].strip()
    if is_report:
        for match in _REPORTING.finditer(text):
            if not _SCORING.search(text[: match.start()]) and _near_report(text, match.start()):
                return match["time"].strip()
    return ""


def _near_report(text: str, position: int) -> bool:
    """Whether the words before speak of reporting and not of measuring or past results."""
    before = text[max(0, position - 160) : position].lower()
    return "báo cáo" in before or text[:30].lower().startswith(("định kỳ", "hàng", "hằng"))
