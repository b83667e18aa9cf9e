"""Points of the page: paper, margins, font, page numbers."""

from collections.abc import Callable

from lxml import etree

from reports.documents.checking.formatting import Letters, tag, value, whole
from reports.documents.checking.lines import Line
from reports.documents.checking.parts import Parts
from reports.documents.checking.points import Found, appendix, point

TWIPS_A_MM = 1440 / 25.4
SLACK_MM = 0.6
"""Word rounds margins to whole twips, and people to tenths of a centimetre."""
FONT = "Times New Roman"
GENERAL = "I"


def _millimetres(element: etree._Element | None, name: str) -> float:
    return abs(whole(value(element, name))) / TWIPS_A_MM


def _size(section: etree._Element) -> tuple[float, float]:
    size = section.find(tag("pgSz"))
    return _millimetres(size, "w"), _millimetres(size, "h")


def _is_lying(section: etree._Element) -> bool:
    width, height = _size(section)
    return width > height


def _place(parts: Parts, section: etree._Element) -> str:
    number = parts.sections.index(section) + 1
    return f"phần {number} của văn bản" if len(parts.sections) > 1 else "trang văn bản"


def shown(millimetres: float) -> str:
    """Return a length as people write it: "20 mm", "12,7 mm"."""
    return f"{millimetres:.1f}".removesuffix(".0").replace(".", ",") + " mm"


@point("Khổ giấy", "khổ A4 (210 mm x 297 mm)", appendix(GENERAL, "1"))
def page_size(parts: Parts) -> list[Found] | None:
    """Every section is on A4."""
    found = []
    for section in parts.sections:
        sides = sorted(_size(section))
        if abs(sides[0] - 210) > 1 or abs(sides[1] - 297) > 1:
            words = f"{shown(_size(section)[0])} x {shown(_size(section)[1])}"
            found.append(Found(words, _place(parts, section)))
    return found or ([] if parts.sections else [Found("văn bản không ghi khổ giấy", "trang văn bản")])


@point("Kiểu trình bày", "theo chiều dài của khổ A4; chỉ phụ lục có bảng, biểu được để ngang", appendix(GENERAL, "2"))
def page_orientation(parts: Parts) -> list[Found] | None:
    """The paper itself stands upright; annexes may lie."""
    main = parts.sections[:1]
    return [Found("trang đầu để ngang", _place(parts, one)) for one in main if _is_lying(one)]


def _margin(parts: Parts, side: str, least: float, most: float) -> list[Found]:
    found = []
    for section in parts.sections:
        margin = _millimetres(section.find(tag("pgMar")), side)
        if not _is_lying(section) and not least - SLACK_MM <= margin <= most + SLACK_MM:
            found.append(Found(shown(margin), _place(parts, section)))
    return found


@point("Lề trên", "20 - 25 mm", appendix(GENERAL, "3"))
def margin_top(parts: Parts) -> list[Found] | None:
    """The upper margin of upright pages."""
    return _margin(parts, "top", 20, 25)


@point("Lề dưới", "20 - 25 mm", appendix(GENERAL, "3"))
def margin_bottom(parts: Parts) -> list[Found] | None:
    """The lower margin of upright pages."""
    return _margin(parts, "bottom", 20, 25)


@point("Lề trái", "30 - 35 mm", appendix(GENERAL, "3"))
def margin_left(parts: Parts) -> list[Found] | None:
    """The left margin of upright pages."""
    return _margin(parts, "left", 30, 35)


@point("Lề phải", "15 - 20 mm", appendix(GENERAL, "3"))
def margin_right(parts: Parts) -> list[Found] | None:
    """The right margin of upright pages."""
    return _margin(parts, "right", 15, 20)


UPRIGHT = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
BOUND_ABOVE = {"top": (30, 35), "bottom": (15, 20), "left": (20, 25), "right": (20, 25)}


@point(
    "Lề trang phụ lục để ngang",
    "trên, dưới 20 - 25 mm, trái 30 - 35 mm, phải 15 - 20 mm; hoặc cạnh đóng gáy ở trên: trên 30 - 35 mm, "
    "dưới 15 - 20 mm, hai bên 20 - 25 mm",
    appendix(GENERAL, "2 và 3"),
)
def margins_of_lying_pages(parts: Parts) -> list[Found] | None:
    """A lying page keeps the margins as read on the screen, or those of the sheet turned by a quarter."""
    found = []
    lying = [section for section in parts.sections if _is_lying(section)]
    for section in lying:
        margins = {side: _millimetres(section.find(tag("pgMar")), side) for side in UPRIGHT}
        if not any(
            all(reading[side][0] - SLACK_MM <= margins[side] <= reading[side][1] + SLACK_MM for side in margins)
            for reading in (UPRIGHT, BOUND_ABOVE)
        ):
            names = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
            words = ", ".join(f"{names[side]} {shown(margins[side])}" for side in margins)
            found.append(Found(words, _place(parts, section)))
    return found if lying else None


def _of_letters(parts: Parts, judge: Callable[[Letters], str]) -> list[Found]:
    found = []
    for line in parts.seen:
        words = next((words for piece in line.written if (words := judge(piece.letters))), "")
        if words:
            found.append(Found(words, place_of(line)))
    return found


def place_of(line: Line) -> str:
    """Say where a line stands, with its first words."""
    words = line.words if len(line.words) <= 40 else line.words[:40].rsplit(" ", 1)[0] + "…"
    return f"{line.place} (“{words}”)"


def _wrong_font(letters: Letters) -> str:
    return "" if letters.font == FONT else letters.font or "không rõ phông"


def _wrong_scripts(letters: Letters) -> str:
    other = [name for name in (letters.east_asian, letters.complex_script) if name and name != FONT]
    return " và ".join(dict.fromkeys(other))


def _wrong_colour(letters: Letters) -> str:
    return f"màu {letters.colour}" if letters.colour else ""


@point("Phông chữ", "Times New Roman cho toàn bộ chữ", appendix(GENERAL, "4"))
def font(parts: Parts) -> list[Found] | None:
    """The effective font of every run."""
    return _of_letters(parts, _wrong_font)


@point(
    "Phông chữ dự phòng", "Times New Roman cũng cho chữ Đông Á và chữ phức hợp (eastAsia, cs)", appendix(GENERAL, "4")
)
def font_of_other_scripts(parts: Parts) -> list[Found] | None:
    """The effective fonts of other scripts: some programs print Vietnamese letters in them."""
    return _of_letters(parts, _wrong_scripts)


@point("Màu chữ", "màu đen", appendix(GENERAL, "4"))
def text_colour(parts: Parts) -> list[Found] | None:
    """The effective colour of every run."""
    return _of_letters(parts, _wrong_colour)
