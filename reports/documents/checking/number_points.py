"""Points of page numbers: where they stand, what they look like, and how annexes count."""

from collections.abc import Iterator

from lxml import etree

from reports.documents.checking.formatting import runs, tag, value
from reports.documents.checking.parts import Parts
from reports.documents.checking.points import Found, appendix, point

NUMBERS = appendix("I", "7")
ARABIC = (None, "decimal", "numberInDash")


def _header(parts: Parts, section: etree._Element, kind: str, name: str = "headerReference") -> etree._Element | None:
    """Return a section's header; a section without one shows that of the section before (ECMA-376, 17.10.5)."""
    for one in parts.sections[parts.sections.index(section) :: -1]:
        for reference in one.findall(tag(name)):
            if (value(reference, "type") or "default") == kind:
                ids = [str(words) for key, words in reference.attrib.items() if str(key).endswith("}id")]
                return parts.opened.headers.get(ids[0]) if ids else None
    return None


def _numbered(header: etree._Element | None) -> Iterator[etree._Element]:
    """Yield the paragraphs that print the page's number."""
    for paragraph in header.iter(tag("p")) if header is not None else ():
        codes = [mark.text or "" for mark in paragraph.iter(tag("instrText"))]
        codes += [value(mark, "instr") or "" for mark in paragraph.iter(tag("fldSimple"))]
        if any(code.split()[:1] == ["PAGE"] for code in codes):
            yield paragraph


def _is_in_the_middle(parts: Parts, paragraph: etree._Element) -> bool:
    frame = paragraph.find(f"{tag('pPr')}/{tag('framePr')}")
    if frame is not None and value(frame, "xAlign"):
        return value(frame, "xAlign") == "center"
    if next(paragraph.iter(tag("ptab")), None) is not None:
        return any(value(mark, "alignment") == "center" for mark in paragraph.iter(tag("ptab")))
    return parts.opened.formatting.layout(paragraph).align == "center"


@point("Vị trí số trang", "canh giữa theo chiều ngang trong phần lề trên", NUMBERS)
def page_number_place(parts: Parts) -> list[Found] | None:
    """Every section prints its number in the middle of the header, and in no footer."""
    found = []
    for number, section in enumerate(parts.sections, 1):
        place = f"phần {number}"
        kinds = ["default", "even"] if parts.has_even_headers else ["default"]
        for kind in kinds:
            above = list(_numbered(_header(parts, section, kind)))
            below = list(_numbered(_header(parts, section, kind, "footerReference")))
            if below:
                found.append(Found("số trang ở lề dưới", place))
            elif not above:
                found.append(Found("không có số trang ở lề trên", place))
            elif not all(_is_in_the_middle(parts, paragraph) for paragraph in above):
                found.append(Found("số trang không ở giữa", place))
    return found


@point("Số trang thứ nhất", "không hiển thị", NUMBERS)
def first_page_number_hidden(parts: Parts) -> list[Found] | None:
    """The first page of the paper shows no number."""
    if not parts.sections:
        return None
    first = parts.sections[0]
    title_page = first.find(tag("titlePg"))
    if title_page is None or (value(title_page) or "true") in ("0", "false", "off"):
        above = bool(list(_numbered(_header(parts, first, "default"))))
        return [Found("số trang hiện cả ở trang thứ nhất", "trang 1")] if above else []
    names = ("headerReference", "footerReference")
    shown = any(list(_numbered(_header(parts, first, "first", name))) for name in names)
    return [Found("số trang hiện cả ở trang thứ nhất", "trang 1")] if shown else []


@point("Cách ghi số trang", "chữ số Ả Rập, cỡ 13 đến 14, kiểu chữ đứng, bắt đầu từ số 1", NUMBERS)
def page_number_form(parts: Parts) -> list[Found] | None:
    """Figures, size and beginning of the number."""
    found = []
    for number, section in enumerate(parts.sections, 1):
        place, kind = f"phần {number}", section.find(tag("pgNumType"))
        if value(kind, "fmt") not in ARABIC:
            found.append(Found(f"kiểu số {value(kind, 'fmt')}", place))
        if value(kind, "start") not in (None, "1"):
            found.append(Found(f"bắt đầu từ số {value(kind, 'start')}", place))
        for paragraph in _numbered(_header(parts, section, "default")):
            for letters in {parts.opened.formatting.letters(run, paragraph) for run in runs(paragraph)}:
                if not 13 <= letters.size <= 14:
                    found.append(Found(f"cỡ {letters.size:g}", place))
                if letters.italic:
                    found.append(Found("kiểu chữ nghiêng", place))
    return found


@point("Số trang của phụ lục", "đánh số riêng theo từng phụ lục, từ số 1", appendix("III", "1e"))
def annex_page_numbers(parts: Parts) -> list[Found] | None:
    """Every annex begins a section that counts from 1."""
    if not parts.annex_heads:
        return None
    found = []
    for head in parts.annex_heads:
        section = parts.sections[min(head.section, len(parts.sections) - 1)] if parts.sections else None
        begins = section is not None and value(section.find(tag("pgNumType")), "start") == "1"
        if head.section == 0 or not begins:
            found.append(Found("số trang đánh nối tiếp", f"{head.place} (“{head.words}”)"))
    return found
