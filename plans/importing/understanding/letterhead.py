"""Number and day of a document, from its letterhead or from the caption of an appendix; a blank stays a blank."""

import re
from datetime import date

from agencies.folding import squeeze
from plans.importing.document import Paragraph

_SYMBOL = (
    r"(?P<number>\d{1,5}[a-z]?)\s*/\s*(?P<symbol>(?:20\d\d\s*/\s*)?(?:KH|CTr|CTHĐ|ĐA|QĐ|NQ|CT)\s*-\s*[A-ZĐ][A-Za-zĐđ&]*"
    r"(?:\s*[-.]\s*[A-ZĐ&]+)*)"
)
_ANY_SYMBOL = (
    r"(?P<number>\d{1,5}[a-z]?)\s*/\s*(?P<symbol>(?:20\d\d\s*/\s*)?[A-ZĐ][A-Za-zĐđ]{0,7}(?:\s*-\s*[A-ZĐ][A-Za-zĐđ&]*)+)"
)
_NUMBER_LINE = re.compile(rf"^\s*(?:Số|SỐ)\s*:?\s*{_ANY_SYMBOL}", re.MULTILINE)
_PARTY_NUMBER = re.compile(r"^\s*(?:Số|SỐ)\s*:?\s*(?P<number>\d{1,5}\s*-\s*(?:KH|CTr|ĐA)\s*/\s*[A-ZĐ]+)", re.MULTILINE)
"""The form of the Party's documents: "Số: 03-KH/BCĐ"."""
_BLANK_NUMBER = re.compile(
    r"(?:^\s*(?:Số|SỐ)|[Kk]èm theo\s+(?:Kế hoạch|Quyết định|Chương trình)\s+số)\s*:?\s*[.…_\s]*/\s*(?:KH|CTr|ĐA|QĐ)\s*-\s*[A-ZĐ]+",
    re.MULTILINE,
)
_BLANK_DAY = re.compile(r",?\s*ngày\s*(?:\d{1,2}|[.…_\s]*)\s*tháng\s*(?:\d{1,2}|[.…_\s]*)\s*năm\b", re.IGNORECASE)
_PARENT = re.compile(rf"(?:Thực hiện|Triển khai|Căn cứ|Cụ thể hóa)[^.;\n]{{0,60}}?[Kk]ế hoạch\s+số\s*:?\s*{_SYMBOL}")
_ATTACHED = re.compile(rf"[Kk]èm theo\s+(?:Kế hoạch|Quyết định|Chương trình)\s+số\s*:?\s*{_SYMBOL}")
_NAMED = re.compile(rf"[Kk]ế hoạch\s+số\s*:?\s*{_SYMBOL}")
_WORD_DAY = re.compile(
    r"ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>(?:19|20)\d\d)", re.IGNORECASE
)
_SHORT_DAY = re.compile(
    r"ngày\s+(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>(?:19|20)\d\d)", re.IGNORECASE
)


def number_of(opening: str, whole: str) -> str | None:
    """The number and symbol; None where it is left blank, and never that of another document the text refers to."""
    if party := _PARTY_NUMBER.search(opening):
        return re.sub(r"\s+", "", party["number"])
    if _BLANK_NUMBER.search(opening) and not _NUMBER_LINE.search(opening):
        return None
    match = _NUMBER_LINE.search(opening) or _ATTACHED.search(whole)
    if not match:
        quoted = [one for one in _NAMED.finditer(opening) if not _is_basis(opening, one.start())]
        match = quoted[0] if quoted else None
    return f"{match['number']}/{re.sub(r'[ ]+', '', match['symbol'])}" if match else None


def _is_basis(text: str, position: int) -> bool:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return bool(re.match(r"\s*(?:Căn cứ|Thực hiện|Theo)\b", line))


def signed_of(opening: str, whole: str, number: str | None) -> str | None:
    """The signing day as an ISO date; None where it is left blank or not in the calendar."""
    place = re.search(r",\s*" + _WORD_DAY.pattern, opening, re.IGNORECASE)
    if place:
        return _day(place)
    if re.search(r",\s*ngày\s*[.…\s]*tháng[.…\s\d]*năm", opening, re.IGNORECASE):
        return None
    for marker in (
        r"[Kk]èm theo[^()\n]{0,60}",
        re.escape(number.split("/")[0]) + r"\s*/\s*KH[^\n]{0,25}?" if number else "(?!)",
    ):
        for pattern in (_WORD_DAY, _SHORT_DAY):
            match = re.search(marker + pattern.pattern, whole, re.IGNORECASE)
            if match:
                return _day(match)
    match = re.search(_SHORT_DAY.pattern + r",[^\n]{0,40}ban hành", opening, re.IGNORECASE)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> str | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        return None


def parent_of(number: str | None, paragraphs: list[Paragraph]) -> str | None:
    """The number of the plan that this one carries out: the first that its preamble names, unless it is this plan itself."""
    for paragraph in paragraphs[:40]:
        for match in _PARENT.finditer(paragraph.text):
            found = f"{match['number']}/{re.sub(r'[ ]+', '', match['symbol'])}"
            if found != number and match["symbol"].startswith("KH"):
                return found
    return None


def blanks_in(opening: str, number: str | None, signed: str | None) -> str:
    """The printed blanks to be filled in ("Số:     /KH-UBND"), for the warning."""
    blanks = [_BLANK_NUMBER.search(opening) if not number else None]
    blanks.append(_BLANK_DAY.search(opening) if not signed else None)
    return "; ".join(squeeze(blank[0]).strip(" ,") for blank in blanks if blank)
