"""Points of the upper part: nation and motto, issuer, number, place and date, title, addressee."""

import re

from reports.documents.checking.formatting import SINGLE
from reports.documents.checking.lines import Line
from reports.documents.checking.page_points import place_of, shown
from reports.documents.checking.parts import KINDS, Parts, kind_in
from reports.documents.checking.points import Found, appendix, point

MAIN = "II"
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
OPEN = r"[\s.…_]*"
NUMBER = re.compile(rf"^Số:\s?({OPEN}|\d+)/([A-ZĐa-zr]+(?:[-.][A-ZĐa-zr0-9&]+)*)$")
DATE = re.compile(
    rf"^(.+?),\s*ngày({OPEN}|\s*\d{{1,2}}\s+)tháng({OPEN}|\s*\d{{1,2}}\s+)năm\s*(\d{{4}}|20{OPEN}|{OPEN})$"
)
LENGTHS = (0.32, 0.52)
"""A third to a half of the line, and a little for rounding."""
RULE_SLACK = 0.12
"""Rules are as long as the line within this share: fonts differ a little between computers."""


def style(lines: list[Line], sizes: tuple[float, float], *, bold: bool | None, italic: bool = False) -> list[Found]:
    """Return what does not stand upright (or italic), bold (or not), within the sizes."""
    found = []
    for line in lines:
        wrong = [f"cỡ {size:g}" for size in sorted(line.sizes) if not sizes[0] <= size <= sizes[1]]
        if bold is not None and line.is_bold != bold:
            wrong.append("chữ không đậm" if bold else "chữ đậm")
        slanted = [piece.letters.italic for piece in line.written]
        if not all(one == italic for one in slanted):
            wrong.append("chữ không nghiêng" if italic else "chữ nghiêng")
        found += [Found(words, place_of(line)) for words in wrong]
    return found


def missing(what: str, place: str = "trang 1") -> list[Found]:
    """Return that a part every paper has was not found."""
    return [Found(f"không tìm thấy {what}", place)]


@point("Quốc hiệu: chữ ghi", f"“{NATION}”, chữ in hoa", appendix(MAIN, "1a"))
def nation_words(parts: Parts) -> list[Found] | None:
    """The nation's name, in capitals; HOÀ is the same as HÒA."""
    line = parts.nation
    if line is None:
        return missing("Quốc hiệu")
    return [] if line.words.replace("HOÀ", "HÒA") == NATION else [Found(line.words, line.place)]


@point("Quốc hiệu: kiểu chữ", "cỡ 12 đến 13, đứng, đậm", appendix(MAIN, "1a"))
def nation_style(parts: Parts) -> list[Found] | None:
    """How the nation's name looks."""
    return style([parts.nation], (12, 13), bold=True) if parts.nation else None


@point("Tiêu ngữ: chữ ghi", f"“{MOTTO}”, gạch nối có cách chữ", appendix(MAIN, "1b"))
def motto_words(parts: Parts) -> list[Found] | None:
    """The motto; dashes of either length."""
    line = parts.motto
    if line is None:
        return missing("Tiêu ngữ")
    return [] if line.words.replace("–", "-") == MOTTO else [Found(line.words, line.place)]


@point("Tiêu ngữ: kiểu chữ", "cỡ 13 đến 14, đứng, đậm, canh giữa dưới Quốc hiệu", appendix(MAIN, "1b"))
def motto_style(parts: Parts) -> list[Found] | None:
    """How the motto looks."""
    if parts.motto is None:
        return None
    aside = [] if parts.motto.is_centred else [Found("không canh giữa", place_of(parts.motto))]
    return style([parts.motto], (13, 14), bold=True) + aside


@point("Tiêu ngữ: đường kẻ dưới", "nét liền, dài bằng dòng chữ", appendix(MAIN, "1b"))
def motto_rule(parts: Parts) -> list[Found] | None:
    """The rule is as long as the motto."""
    if parts.motto is None:
        return None
    length = parts.rule_below([parts.motto])
    if length is None:
        return [Found("không có đường kẻ", place_of(parts.motto))]
    share = length / parts.motto.width if length else 1
    well = 1 - RULE_SLACK <= share <= 1 + RULE_SLACK
    return [] if well else [Found(_lengths(length, parts.motto.width), place_of(parts.motto))]


def _lengths(rule: float, line: float) -> str:
    return f"đường kẻ {shown(rule * 10)}, dòng chữ {shown(line * 10)}"


def _short_rule(parts: Parts, lines: list[Line]) -> list[Found]:
    """Return what is wrong with a rule of a third to a half of the (longest) line."""
    length = parts.rule_below(lines)
    if length is None:
        return [Found("không có đường kẻ", place_of(lines[-1]))]
    room = parts._room(lines[-1]) or 16.0
    longest = min(max(line.width for line in lines), room)
    # People take the line right above the rule, or the longest one of the name.
    bases = {longest, min(lines[-1].width, room)}
    well = not length or any(LENGTHS[0] <= length / base <= LENGTHS[1] for base in bases if base)
    return [] if well else [Found(_lengths(length, longest), place_of(lines[-1]))]


@point("Cơ quan ban hành: kiểu chữ", "chữ in hoa, cỡ 12 đến 13, đứng, đậm, canh giữa", appendix(MAIN, "2c"))
def issuer_style(parts: Parts) -> list[Found] | None:
    """How the issuer's name looks."""
    if not parts.issuer:
        return missing("tên cơ quan ban hành")
    small = [Found("không in hoa", place_of(line)) for line in parts.issuer if line.words != line.words.upper()]
    aside = [Found("không canh giữa", place_of(line)) for line in parts.issuer if not line.is_centred]
    return small + aside + style(parts.issuer, (12, 13), bold=True)


@point("Cơ quan ban hành: đường kẻ dưới", "dài từ 1/3 đến 1/2 dòng chữ, cân đối", appendix(MAIN, "2c"))
def issuer_rule(parts: Parts) -> list[Found] | None:
    """The short rule below the issuer's name."""
    return _short_rule(parts, parts.issuer) if parts.issuer else None


@point("Cơ quan chủ quản: kiểu chữ", "chữ in hoa, cỡ 12 đến 13, đứng, không đậm", appendix(MAIN, "2c"))
def superior_style(parts: Parts) -> list[Found] | None:
    """How the superior's name looks, where the paper has one."""
    if not parts.superior:
        return None
    small = [Found("không in hoa", place_of(line)) for line in parts.superior if line.words != line.words.upper()]
    return small + style(parts.superior, (12, 13), bold=False)


@point(
    "Số, ký hiệu: cách ghi",
    "“Số: 05/BC-SNV”: sau “Số” có dấu hai chấm, số nhỏ hơn 10 thêm số 0, ký hiệu đúng tên loại, không cách chữ",
    appendix(MAIN, "3"),
)
def number_form(parts: Parts) -> list[Found] | None:
    """The form of number and symbol; the number may be left open."""
    line = parts.number
    if line is None:
        return missing("dòng số, ký hiệu")
    match = NUMBER.match(line.words)
    if match is None:
        return [Found(line.words, line.place)]
    number, symbol = match.group(1).strip(" .…_"), match.group(2)
    if number.isdecimal() and int(number) < 10 and len(number) < 2:
        return [Found(f"{line.words} (thiếu số 0)", line.place)]
    wanted = KINDS.get(kind_in(parts.title)) if parts.title else None
    if wanted and symbol.split("-")[0] != wanted:
        return [Found(f"ký hiệu {symbol}, tên loại {parts.title.words if parts.title else ''}", line.place)]
    return []


@point("Số, ký hiệu: kiểu chữ", "cỡ 13, đứng, không đậm", appendix(MAIN, "3c"))
def number_style(parts: Parts) -> list[Found] | None:
    """How number and symbol look."""
    return style([parts.number], (13, 13), bold=False) if parts.number else None


@point(
    "Địa danh, thời gian: cách ghi",
    "“Vĩnh Phúc, ngày 05 tháng 02 năm 2024”: thêm số 0 trước ngày nhỏ hơn 10 và tháng 1, 2; các số khác không thêm",
    appendix(MAIN, "4"),
)
def date_form(parts: Parts) -> list[Found] | None:
    """Place, comma, and the day in figures; the day may be left open."""
    line = parts.place_and_date
    if line is None:
        return missing("địa danh và thời gian ban hành")
    match = DATE.match(line.words)
    if match is None or not match.group(1)[:1].isupper():
        return [Found(line.words, line.place)]
    day, month = (part.strip(" .…_") for part in match.group(2, 3))
    well = (not day or day == f"{int(day):02d}") and (
        not month or month == (f"{int(month):02d}" if int(month) < 3 else str(int(month)))
    )
    return [] if well else [Found(line.words, line.place)]


@point("Địa danh, thời gian: kiểu chữ", "cỡ 13 đến 14, nghiêng, không đậm", appendix(MAIN, "4c"))
def date_style(parts: Parts) -> list[Found] | None:
    """How place and date look."""
    return style([parts.place_and_date], (13, 14), bold=False, italic=True) if parts.place_and_date else None


@point("Tên loại văn bản", "chữ in hoa, cỡ 13 đến 14, đứng, đậm, canh giữa", appendix(MAIN, "5c"))
def title_style(parts: Parts) -> list[Found] | None:
    """How the kind of the paper looks; a letter has none."""
    line = parts.title
    if line is None:
        return None if parts.is_letter else missing("tên loại văn bản")
    if line.key.strip(" .") not in KINDS and not line.words.isupper():
        return [Found("tên loại và trích yếu trên cùng một dòng", place_of(line))]
    wrong = [] if line.words == line.words.upper() else [Found("không in hoa", place_of(line))]
    wrong += [] if line.is_centred else [Found("không canh giữa", place_of(line))]
    return wrong + style([line], (13, 14), bold=True)


@point("Trích yếu nội dung", "chữ in thường, cỡ 13 đến 14, đứng, đậm, canh giữa dưới tên loại", appendix(MAIN, "5c"))
def abstract_style(parts: Parts) -> list[Found] | None:
    """How the abstract looks."""
    if parts.title is None or parts.title.key.strip(" .") not in KINDS:
        return None
    if not parts.abstract:
        return missing("trích yếu nội dung", place_of(parts.title))
    wrong = [
        Found("in hoa", place_of(line)) for line in parts.abstract if len(line.words) > 12 and line.words.isupper()
    ]
    wrong += [Found("không canh giữa", place_of(line)) for line in parts.abstract if not line.is_centred]
    return wrong + style(parts.abstract, (13, 14), bold=True)


@point("Trích yếu: đường kẻ dưới", "dài từ 1/3 đến 1/2 dòng chữ, cân đối", appendix(MAIN, "5c"))
def abstract_rule(parts: Parts) -> list[Found] | None:
    """The short rule below the abstract."""
    return _short_rule(parts, parts.abstract) if parts.abstract else None


@point(
    "Trích yếu công văn", "“V/v …”, chữ in thường, cỡ 12 đến 13, đứng, canh giữa dưới số, ký hiệu", appendix(MAIN, "5c")
)
def letter_subject(parts: Parts) -> list[Found] | None:
    """The subject of an official letter."""
    if not parts.is_letter:
        return None
    lines = parts.letter_subject
    first = [] if lines[0].words.startswith("V/v ") else [Found(lines[0].words, lines[0].place)]
    aside = [Found("không canh giữa", place_of(line)) for line in lines if not line.is_centred]
    return first + aside + style(lines, (12, 13), bold=False)


@point(
    "Kính gửi",
    "sau “Kính gửi” có dấu hai chấm; gửi một nơi ghi cùng dòng; nhiều nơi mỗi nơi một dòng, gạch đầu dòng, cuối dòng "
    "chấm phẩy, dòng cuối dấu chấm; cỡ 13 đến 14, đứng",
    appendix(MAIN, "9d"),
)
def addressee_form(parts: Parts) -> list[Found] | None:
    """To whom the paper goes: letters always, reports and submissions that go upwards."""
    if not parts.addressee:
        return missing("“Kính gửi”") if parts.is_letter else None
    first, *more = parts.addressee
    found = style(parts.addressee, (13, 14), bold=False)
    if not re.match(r"Kính gửi:", first.words) or (not more and first.words.rstrip().endswith(":")):
        found.append(Found(first.words, first.place))
    ends = [line for line in more[:-1] if not line.words.endswith(";")] + [
        line for line in more[-1:] if not line.words.endswith(".")
    ]
    return found + [Found(line.words[-30:], place_of(line)) for line in ends]


def is_single_or_more(line: Line) -> bool:
    """Say whether lines stand single to one and a half apart (Appendix I, II.6d)."""
    layout = line.layout
    if layout.line_rule == "auto":
        return SINGLE <= layout.line <= SINGLE * 1.5
    single = max(line.sizes, default=14) * 1.15
    points = layout.line / 20
    if layout.line_rule == "atLeast":
        return points <= single * 1.5
    return single * 0.97 <= points <= single * 1.5


def capitals(words: str) -> bool:
    """Say whether words are written in capitals."""
    return words == words.upper() and any(letter.isalpha() for letter in words)
