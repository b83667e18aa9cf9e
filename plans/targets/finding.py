"""Targets [chỉ tiêu] in the words of a task: "ít nhất 30% cơ quan, đơn vị được kiểm tra" is ≥ 30 %. Pure: no database.

What is found is only offered to the plan's coordinator, who adds it or not. A plain figure ("100% TTHC được công khai",
"tổ chức 02 lớp") is a floor. Not targets: dates, years, numbers of documents, spans of days, money, results of past years.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice, pairwise

PERCENT = "%"
LONGEST_WORDS = 500
MOST = 50
"""Figures of one text that are looked at; no task of a plan sets so many, and a table pasted into a cell may hold thousands."""


class Comparison(StrEnum):
    """How a reported value stands to the goal when the target is met."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    EXACTLY = "="
    AT_MOST = "≤"
    LESS_THAN = "<"

    def is_met(self, value: Decimal, goal: Decimal) -> bool:
        """Say whether the value meets the goal."""
        met = {">": value > goal, "≥": value >= goal, "=": value == goal, "≤": value <= goal, "<": value < goal}
        return met[self.value]


@dataclass(frozen=True)
class FoundTarget:
    """A target that the words seem to set; ``words`` are exactly ``text[start:end]``."""

    words: str
    start: int
    end: int
    unit: str
    comparison: Comparison
    goal: Decimal


NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?")


def read_number(words: str) -> Decimal:
    """Read a number as Vietnamese offices write it: "1.250,5" is 1250.5, "1.250" is 1250, "12,5" and "12.5" are 12.5.

    A percent sign may follow. Raises ValueError for what can be read in no way or in two ("1,250,000").
    """
    plain = re.sub(r"[\s\u00a0\u202f]+", "", words).removesuffix("%")
    if not NUMBER.fullmatch(plain):
        raise ValueError(words)
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        raise ValueError(words)
    return Decimal(plain.replace(",", "."))


def written(value: Decimal) -> str:
    """Write a number as Vietnamese offices do: 1250.50 is "1.250,5", 30.00 is "30"."""
    whole, _, part = f"{value:,.2f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


COUNTED = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
FIGURE = rf"(?:{NUMBER.pattern})(?![\d/])(?![.,]\d)"
START = r"(?<![\w/.,-])"

BEFORE: tuple[tuple[Comparison, str], ...] = (
    (Comparison.AT_LEAST, r"ít nhất(?: là)?|tối thiểu(?: là)?|không (?:dưới|thấp hơn|ít hơn|nhỏ hơn)"),
    (Comparison.AT_MOST, r"không (?:vượt quá|vượt|quá|để quá|cao hơn|nhiều hơn|lớn hơn)|tối đa(?: là)?|nhiều nhất"),
    (Comparison.EXACTLY, r"đúng|bằng"),
    (Comparison.MORE_THAN, r"trên|vượt(?: mức)?|hơn|cao hơn|lớn hơn"),
    (Comparison.LESS_THAN, r"dưới|thấp hơn|nhỏ hơn|ít hơn"),
    (Comparison.AT_MOST, r"xuống còn|giảm còn|chỉ còn|xuống"),
)
"""Words right before a figure, the surest first: "không dưới" must be asked before "dưới"."""
SURE = dict(BEFORE[:2]) | {Comparison.EXACTLY: "đúng"}
"""Words that make a target even of a number of things; "trên 3 lĩnh vực" is a place, not a floor."""

PRODUCTS = (
    r"tin, bài|tin bài|bài, tin|lớp|cuộc|hội nghị|hội thảo|tọa đàm|toạ đàm|buổi|đợt|lượt|phóng sự|chuyên mục|"
    r"chuyên đề|chuyên trang|mô hình|sáng kiến|video|clip|tờ rơi|tờ gấp|pa-nô|pano|áp phích|phiếu|tin|bài"
)
"""What offices make or hold and count: a plain number before one of these is a target too."""
THINGS = (
    r"cơ quan, đơn vị|cơ quan|đơn vị|công chức|viên chức|cán bộ|thủ tục|người dân|người|doanh nghiệp|dịch vụ công|"
    r"dịch vụ|văn bản|hồ sơ|tổ dân phố|bậc|lần|điểm|phút"
)
NOT_COUNTED = r"ngày|tháng|năm|giờ|tuần|quý|h|đồng|triệu|tỷ|tỉ|nghìn|ngàn|vnđ|đ|kỳ"
"""Spans of time are deadlines or limits of service; money is funding."""
NOUN = rf"(?!(?:{NOT_COUNTED})\b)(?:{PRODUCTS}|{THINGS}|[^\W\d_]+)\b"
PER = r"(?:\s*/\s*\d*\s*(?:lượt giao dịch|cơ quan|đơn vị|thủ tục|hồ sơ|người dân|[^\W\d_]+))?"

PERCENTS = re.compile(rf"{START}(?P<goal>{FIGURE})\s*(?P<unit>%|phần trăm)", re.I)
SPREAD = re.compile(
    rf"{START}(?P<low>{FIGURE})\s*(?:%|phần trăm)?\s*(?:-|–|đến)\s*(?P<high>{FIGURE})\s*(?:%|phần trăm)", re.I
)
CHANGE = re.compile(
    rf"\btừ\s+{FIGURE}\s*(?:%|phần trăm)?\s+(?:tăng |giảm )?(?P<way>lên|xuống còn|xuống|còn)\s+"
    rf"(?:(?:trên|dưới|tối thiểu|tối đa|ít nhất|đến|mức)\s+)*(?P<goal>{FIGURE})\s*(?:%|phần trăm)",
    re.I,
)
PRODUCED = re.compile(rf"{START}(?P<goal>{FIGURE})\s+(?P<unit>(?:{PRODUCTS})\b{PER})", re.I)
ASKED = re.compile(
    rf"\b(?:{'|'.join(SURE.values())})(?: từ)?\s+(?P<goal>{FIGURE}|(?:{'|'.join(COUNTED)})\b)\s+(?P<unit>{NOUN}{PER})",
    re.I,
)

BREAK = re.compile(
    r"[\n;]|[.!?…](?=\s+[-–+•*(]?\s*[A-ZÀ-ỸĐ0-9])|[.!?…]\s*$|(?<=\s)[-–+•]\s(?=[A-ZÀ-ỸĐ])"
    r"(?!.\s(?:Truyền hình|Thương binh|Xã hội|Thể thao|Du lịch|Kỹ thuật|Hành chính|Tài chính))"
)
GOES_ON = re.compile(r"\s*(?:UBND|Ủy ban|[Cc]ác sở|Sở |cấp |Ban |Văn phòng|Thanh tra)")
DONE = re.compile(r"\b(?:được|đã|đạt|có|công khai|thực hiện|hoàn thành)\b", re.I)
AIM = re.compile(r",\s+(?=(?:bảo đảm|đảm bảo|đảm|phấn đấu|trong đó)\b)", re.I)
FACT = re.compile(r"\b(?:đã|mới|chỉ|hiện|hiện nay|ước) đạt\b|\bđã\b|xếp hạng \d|khoảng\s*$|chừng\s*$", re.I)
CONDITION = re.compile(
    r"\b(?:cơ quan|đơn vị|địa phương|xã|huyện|sở|công chức|người|hồ sơ|trường hợp)\b[^,;]*\bcó\b[^,;]*$", re.I
)
PAST_YEAR = re.compile(r"(?<!so với )(?<!so với cùng kỳ )\bnăm (20\d\d)\b", re.I)
HOPE = re.compile(r"phấn đấu|bảo đảm|đảm bảo|nâng|ít nhất|tối thiểu|trở lên", re.I)
CITED = re.compile(r"(?:\bsố|điều|khoản|điểm|mục|phụ lục|biểu|mức độ|đề án|nghị quyết|quyết định)\s*$", re.I)


@dataclass(frozen=True)
class _Figure:
    """A figure in the text: ``begin`` is where its qualifier starts, ``end`` where the figure (or its unit) ends."""

    begin: int
    end: int
    unit: str
    comparison: Comparison
    goal: Decimal


def find_targets(text: str, *, year: int | None = None) -> list[FoundTarget]:
    """Return the targets that the words seem to set, in their order.

    ``year``: the plan's; a figure said of an earlier year ("Năm 2023 … đạt 81,90%") is a result, not a target.
    """
    figures = [figure for figure in _figures(text) if _is_aim(text, figure, year)]
    ends = [0, *(brk.end() for brk in BREAK.finditer(text)), len(text)]
    clauses = [(a, b) for a, b in pairwise(ends) if a < b]
    found = []
    for place, figure in enumerate(figures):
        clause = next(index for index, (a, b) in enumerate(clauses) if a <= figure.begin < b)
        before = figures[place - 1] if place and figures[place - 1].end > clauses[clause][0] else None
        after = figures[place + 1] if place + 1 < len(figures) else None
        start, end = _words_of(text, clauses, clause, figure, before, after)
        found.append(FoundTarget(text[start:end], start, end, figure.unit, figure.comparison, figure.goal))
    return found


def _figures(text: str) -> list[_Figure]:
    """Return every figure that could be a goal, none twice."""
    found: list[_Figure] = []
    taken = bytearray(len(text))
    kinds = (_changes(text), _spreads(text), _percents(text), _counts(text))
    for figure in chain.from_iterable(islice(kind, MOST) for kind in kinds):
        if not any(taken[figure.begin : figure.end]):
            taken[figure.begin : figure.end] = b"x" * (figure.end - figure.begin)
            found.append(figure)
    return sorted(found, key=lambda one: one.begin)[:MOST]


def _changes(text: str) -> Iterator[_Figure]:
    """Yield "từ 12% xuống còn 5%": only the second is asked for."""
    for match in CHANGE.finditer(text):
        comparison = Comparison.AT_LEAST if match["way"].lower() == "lên" else Comparison.AT_MOST
        yield _Figure(match.start(), match.end(), PERCENT, comparison, read_number(match["goal"]))


def _spreads(text: str) -> Iterator[_Figure]:
    """Yield "từ 85% đến 90%": the lower end is the floor."""
    for match in SPREAD.finditer(text):
        begin, _ = _qualifier(text, match.start())
        yield _Figure(begin, match.end(), PERCENT, Comparison.AT_LEAST, read_number(match["low"]))


def _percents(text: str) -> Iterator[_Figure]:
    for match in PERCENTS.finditer(text):
        begin, comparison = _qualifier(text, match.start())
        comparison = _after(text, match.end()) or comparison
        yield _Figure(begin, match.end(), PERCENT, comparison, read_number(match["goal"]))


def _counts(text: str) -> Iterator[_Figure]:
    """Yield numbers of things: any thing after "ít nhất" and the like, products of offices also without it."""
    for match in chain(ASKED.finditer(text), PRODUCED.finditer(text)):
        begin, comparison = _qualifier(text, match.start("goal"))
        if CITED.search(text[max(0, match.start("goal") - 40) : match.start("goal")]):
            continue
        goal = Decimal(COUNTED.get(match["goal"].lower(), 0)) or read_number(match["goal"])
        unit = " ".join(match["unit"].split()).replace(" /", "/").replace("/ ", "/")
        yield _Figure(begin, match.end(), unit, _after(text, match.end()) or comparison, goal)


def _qualifier(text: str, start: int) -> tuple[int, Comparison]:
    """Return what stands right before a figure: where it begins, and what it makes of the figure."""
    before = text[max(0, start - 40) : start]
    offset = start - len(before)
    for comparison, words in BEFORE:
        if match := re.search(rf"(?:\bđạt\s+)?\b(?:{words})(?:\s+từ)?\s+$", before, re.I):
            return offset + match.start(), comparison
    match = re.search(r"\b(?:đạt\s+)?từ\s+$", before, re.I)
    return (offset + match.start() if match else start), Comparison.AT_LEAST


def _after(text: str, end: int) -> Comparison | None:
    """Return what "trở lên" or "trở xuống" makes of a figure that ends at ``end``."""
    match = re.match(r"[^;.\n%]{0,60}?\btrở (lên|xuống)\b", text[end:], re.I)
    return {"lên": Comparison.AT_LEAST, "xuống": Comparison.AT_MOST}[match[1].lower()] if match else None


def _is_aim(text: str, figure: _Figure, year: int | None) -> bool:
    """Say whether the figure is asked for: not reached already, not the condition of something else."""
    start = max((match.end() for match in BREAK.finditer(text, 0, figure.begin)), default=0)
    left = text[start : figure.begin]
    if figure.unit == PERCENT and figure.goal > 100:
        return False
    right = re.split(r"[;\n]", text[figure.end : figure.end + 60])[0]
    if figure.comparison in (Comparison.LESS_THAN, Comparison.AT_MOST) and "mỗi" not in left and CONDITION.search(left):
        return False
    if FACT.search(left) or re.match(r",?\s*xếp (?:hạng|thứ)", right):
        return False
    years = list(PAST_YEAR.finditer(left))
    if not year or not years or int(years[-1][1]) >= year:
        return True
    said = max(left.rfind(",", 0, years[-1].start()), 0)
    return bool(HOPE.search(text[start + said : figure.end]))


def _words_of(
    text: str,
    clauses: list[tuple[int, int]],
    clause: int,
    figure: _Figure,
    before: _Figure | None,
    after: _Figure | None,
) -> tuple[int, int]:
    """Return where the words that tell the target begin and end: its clause, without its neighbours' part."""
    start, end = clauses[clause]
    while clause + 1 < len(clauses) and text[end - 1] == ";" and GOES_ON.match(text, end):
        if DONE.search(text, figure.end, end):
            break
        clause += 1
        end = clauses[clause][1]
    says_what = len(re.sub(r"\W|trở lên|trở xuống", "", text[figure.end : min(end, figure.end + LONGEST_WORDS)])) > 2
    commas = [match.end() for match in re.finditer(r",\s+|\s+và\s+", text[start : figure.begin])]
    if says_what and commas and start + commas[-1] == figure.begin:
        start = figure.begin
    elif before is not None:
        between = re.compile(r",\s+|\s+và\s+|\(|\s+trong đó\s+").search(text, before.end, figure.begin)
        start = between.end() if between else max(start, before.end)
    elif aims := [match.end() for match in AIM.finditer(text, start, figure.begin)]:
        start = aims[-1]
    if after is not None and after.begin < end:
        end = _end_before(text, figure.end, after.begin)
    return _trimmed(text, start, min(end, start + LONGEST_WORDS))


def _end_before(text: str, begin: int, end: int) -> int:
    """Return where the words of a figure that ends at ``begin`` stop, before the next one, whose words begin by ``end``."""
    separators = list(re.finditer(r",\s+|\s+và\s+|\(|\s+trong đó\s+", text[begin:end]))
    if not separators:
        return end
    direct = separators[-1].end() == end - begin
    return begin + (separators[-1] if direct else separators[0]).start()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out marks at both ends, and a bracket whose other half is elsewhere."""
    while start < end and (text[start] in " \t\n-–+•*.,;:" or (text[start] == "(" and ")" not in text[start:end])):
        start += 1
    while end > start and (text[end - 1] in " \t\n-–+•*.,;:" or (text[end - 1] == ")" and "(" not in text[start:end])):
        end -= 1
    return start, end
