"""Deadlines inside sentences: only words that bind somebody to a day, not every year that a text names."""

import re

_YEAR = r"(?:\s*[/-]\s*(?:19|20)\d\d|\s+năm\s+(?:19|20)\d\d)"
_DAY = (
    r"(?:(?:ngày\s+)?\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?(?![\d/%])|"
    r"(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|"
    r"ngày\s+\d{1,2}(?=\s*(?:,|và)\s*ngày\s+\d|\s+(?:hằng|hàng|của|mỗi|các)\s+(?:tháng|quý|năm)))"
)
_QUARTER, _MONTH = r"(?:iv|i{1,3}|[1-4])", r"(?:1[0-2]|0?[1-9])"
_AND = r"\s*(?:,|và|&|-|–|đến)\s*"
_PERIOD = (
    rf"(?:(?:quý\s+{_QUARTER}\b{_YEAR}?(?:{_AND}(?:quý\s+)?{_QUARTER}\b{_YEAR}?)*)|"
    rf"(?:tháng\s+{_MONTH}\b{_YEAR}?(?:{_AND}(?:tháng\s+)?{_MONTH}\b{_YEAR}?)*))"
)
_HALF = r"(?:0?6|sáu)\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+20\d\d)?"
_LIMIT = (
    r"(?:trước(?:\s+và\s+trong)?|chậm nhất(?:\s+là)?(?:\s+vào)?|muộn nhất(?:\s+là)?|đến hết|hết|xong trước|không quá)"
)
_OFTEN = r"(?:\s+(?:hằng|hàng|của|mỗi|các)\s+(?:tháng(?:\s+cuối(?:\s+(?:mỗi|của))?\s+quý)?|quý|năm))"
_POINT = rf"(?:{_DAY}|{_PERIOD}|năm\s+20\d\d)"
_BOUND = re.compile(
    rf"(?P<time>{_LIMIT}\s+{_POINT}(?:\s*(?:,|và|;)\s*(?:{_LIMIT}\s+)?{_DAY})*{_OFTEN}?)",
    re.IGNORECASE,
)
_DONE = r"(?:hoàn thành|xong|kết thúc)"
_WITHIN = re.compile(
    rf"(?:{_DONE}|ban hành|thực hiện|triển khai|tổ chức|lần\s+(?:thứ\s+)?\S+)\s(?:[^.;()]{{0,80}}?\s)??"
    rf"(?P<time>(?:trong|vào)\s+(?:{_PERIOD}|{_HALF}))|"
    rf"{_DONE}\s+(?P<at>(?:(?:trong|vào)\s+)?(?:{_DAY}|{_PERIOD}|{_HALF}|(?:trong\s+|cuối\s+)năm\s+20\d\d))",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"(?:{_DONE}|thực hiện|triển khai|tổ chức)\s(?:[^.;()]{{0,80}}?\s)??(?P<time>từ\s+{_POINT}\s+đến\s+(?:hết\s+)?{_POINT})",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    rf"\s(?P<time>(?:trong|vào)\s+(?:{_PERIOD}|{_HALF})|"
    r"(?:định kỳ\s+)?(?:hằng|hàng)\s+(?:tuần|tháng|quý)|"
    r"(?:định kỳ\s+)?(?:0?6|sáu)\s+tháng\s*(?:/|một |1 |01 )\s*lần|(?:mỗi\s+)?(?:tháng|quý)\s+(?:một|1|01)\s+lần|"
    r"0?1\s+lần\s*/\s*(?:tháng|quý))\s*[.;,)]*\s*$",
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
_PAST = re.compile(r"\bđã\s(?:\S+\s){0,12}$|(?:số liệu|tính|chốt)\s(?:\S+\s){0,4}$", re.IGNORECASE)
_DONE_BEFORE = re.compile(r"\bđã\s(?:\S+\s){1,6}$", re.IGNORECASE)
_ALONE = re.compile(
    r"^(?:hoàn thành|xong|thời (?:gian|hạn)|trước|trong|quý|tháng|thường xuyên|hằng|hàng|từ|đến|chậm nhất|muộn nhất|"
    r"định kỳ|ngày \d|cả năm|khi |\d{1,2}[/.-]\d|(?:0?6|sáu) tháng)",
    re.IGNORECASE,
)


def times_in(text: str) -> list[str]:
    """Every wording of a sentence that sets a last day, in order."""
    found: list[tuple[int, int]] = []
    for pattern in (_BOUND, _SPAN, _WITHIN, _AT_THE_END):
        for match in pattern.finditer(text):
            group = "time" if match["time"] else "at"
            start, end = match.span(group)
            if _PAST.search(text[:start]) or any(start < last and first < end for first, last in found):
                continue
            found.append((start, end))
    return [text[start:end].strip() for start, end in sorted(found)]


def time_in(text: str, *, is_report: bool = False) -> str:
    """The words of the deadline that a sentence sets, or "". In a report's sentence also how often it is due.

    Several days set by one sentence ("lần thứ nhất trong tháng 5, lần thứ hai trong tháng 10") are joined by ";".
    """
    found = times_in(text)
    if found:
        return "; ".join(dict.fromkeys(found))
    if is_report:
        for match in _REPORTING.finditer(text):
            if not _SCORING.search(text[: match.start()]) and _near_report(text, match.start()):
                return match["time"].strip()
    return ""


def doubtful_time_in(text: str) -> str:
    """A limit after "đã": it may bind the duty, or only say which files are meant ("người dân đã giao dịch trước ngày …")."""
    return next((one["time"] for one in _BOUND.finditer(text) if _DONE_BEFORE.search(text[: one.start()])), "")


def may_be_time(words: str) -> bool:
    """Whether words standing alone, in brackets or after a colon, begin as times do."""
    return len(words) < 120 and bool(_ALONE.match(words.strip()))


def _near_report(text: str, position: int) -> bool:
    """Whether the words before speak of reporting and not of measuring or past results."""
    before = text[max(0, position - 160) : position].lower()
    return "báo cáo" in before or text[:30].lower().startswith(("định kỳ", "hàng", "hằng"))
