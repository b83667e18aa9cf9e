"""Points of the body, and of the file as a whole."""

import unicodedata
from collections import Counter

from reports.documents.checking.formatting import tag
from reports.documents.checking.letterhead_points import MAIN, is_single_or_more, missing
from reports.documents.checking.lines import Line
from reports.documents.checking.page_points import place_of, shown
from reports.documents.checking.parts import CAPTION, Parts
from reports.documents.checking.points import Found, appendix, point

TEXT = appendix(MAIN, "6d")
TWIPS_A_CM = 567
INDENT_CM = (0.97, 1.30)
LEAST_SPACE = 120
"""Six points in twips."""
DEFAULT_TAB = 720


@point("Nội dung: cỡ chữ", "13 đến 14, thống nhất một cỡ trong văn bản", TEXT)
def body_size(parts: Parts) -> list[Found] | None:
    """One size from the first to the last paragraph, headings too."""
    counted = Counter(
        piece.letters.size for line in parts.text for piece in line.written if not _is_caption(parts, line)
    )
    if not counted:
        return missing("nội dung văn bản", "sau phần mở đầu")
    usual = counted.most_common(1)[0][0]
    if not 13 <= usual <= 14:
        return [Found(f"cỡ {usual:g}", place_of(parts.text[0]))]
    lines = [line for line in parts.text if line.sizes - {usual} and not _is_caption(parts, line)]
    return [Found("cỡ " + ", ".join(f"{size:g}" for size in sorted(line.sizes)), place_of(line)) for line in lines]


def _is_caption(parts: Parts, line: Line) -> bool:
    """Captions and notes of tables, which the decree leaves open."""
    return bool(CAPTION.match(line.words)) or (line not in parts.body and not line.is_bold)


@point("Nội dung: canh lề", "canh đều cả hai lề", TEXT)
def body_justified(parts: Parts) -> list[Found] | None:
    """Running words stand justified."""
    wrong = [line for line in parts.body if line.layout.align not in ("both", "distribute")]
    names = {"left": "canh trái", "start": "canh trái", "right": "canh phải", "center": "canh giữa"}
    return [Found(names.get(line.layout.align, line.layout.align), place_of(line)) for line in wrong]


@point("Nội dung: kiểu chữ", "chữ in thường, kiểu chữ đứng", TEXT)
def body_upright(parts: Parts) -> list[Found] | None:
    """Running words stand upright; what stands in brackets, a quotation, or the legal grounds may be italic."""
    slanted = [
        line for line in parts.body if line.is_italic and not line.words.startswith(("(", "“", "Căn cứ", "Theo đề"))
    ]
    capital = [line for line in parts.body if len(line.words) > 60 and line.words.isupper()]
    return [Found("chữ nghiêng", place_of(line)) for line in slanted] + [
        Found("in hoa cả đoạn", place_of(line)) for line in capital
    ]


@point("Nội dung: lùi đầu dòng", "1 cm hoặc 1,27 cm", TEXT)
def body_indent(parts: Parts) -> list[Found] | None:
    """The first line of every paragraph; a tab at its beginning counts as an indent."""
    found = []
    for line in _first_lines(parts):
        centimetres = line.layout.first_line / TWIPS_A_CM
        if line.layout.first_line <= 0 and line.raw.startswith("\t"):
            centimetres = DEFAULT_TAB / TWIPS_A_CM
        if not INDENT_CM[0] <= centimetres <= INDENT_CM[1]:
            found.append(Found(f"lùi {shown(centimetres * 10)}", place_of(line)))
    return found


def _first_lines(parts: Parts) -> list[Line]:
    begun: set[object] = set()
    found = []
    for line in parts.body:
        if line.paragraph not in begun:
            found.append(line)
        begun.add(line.paragraph)
    return found


@point("Nội dung: cách dòng", "tối thiểu dòng đơn, tối đa 1,5 dòng", TEXT)
def body_line_spacing(parts: Parts) -> list[Found] | None:
    """The distance of lines within a paragraph."""
    found = []
    for line in parts.body:
        if not is_single_or_more(line):
            exact = line.layout.line_rule != "auto"
            words = f"{line.layout.line / 20:g} pt" if exact else f"{line.layout.line / 240:.2g} dòng".replace(".", ",")
            found.append(Found(words, place_of(line)))
    return found


@point("Nội dung: cách đoạn", "tối thiểu 6 pt giữa các đoạn văn", TEXT)
def body_paragraph_spacing(parts: Parts) -> list[Found] | None:
    """The distance between neighbouring paragraphs: the larger of the space below one and above the next."""
    found = []
    for above, below in zip(parts.body, parts.body[1:], strict=False):
        if above.paragraph is below.paragraph or below.block != above.block + 1:
            continue
        space = max(above.layout.after, below.layout.before)
        if space < LEAST_SPACE:
            found.append(Found(f"{space / 20:g} pt", place_of(below)))
    return found


@point(
    "Kết thúc nội dung",
    "dấu chấm, gạch chéo, dấu chấm “./.” ở cuối nội dung",
    "mẫu văn bản, Nghị định 30/2020/NĐ-CP, Phụ lục III",
)
def body_ending(parts: Parts) -> list[Found] | None:
    """The last line of the body ends with "./."."""
    if not parts.text:
        return None
    last = parts.text[-1]
    return [] if last.words.endswith("./.") else [Found(f"…{last.words[-30:]}", place_of(last))]


@point("Bảng mã chữ", "Unicode dựng sẵn (NFC) theo TCVN 6909:2001", appendix("I", "4"))
def unicode_form(parts: Parts) -> list[Found] | None:
    """Vietnamese letters are written as one sign each, without signs that nobody sees."""
    found = []
    for line in parts.seen:
        if unicodedata.normalize("NFC", line.raw) != line.raw:
            found.append(Found("chữ Unicode tổ hợp", place_of(line)))
        elif any(letter in "\u200b\u200c\u200d\ufeff\u00ad" for letter in line.raw):
            found.append(Found("ký tự ẩn", place_of(line)))
    return found


@point("Đoạn trống", "không dùng đoạn trống để giãn cách", "khoảng cách đoạn theo " + TEXT)
def empty_paragraphs(parts: Parts) -> list[Found] | None:
    """Space is made by spacing; only the gap of the signature, and what Word itself needs around tables, is empty."""
    return [
        Found("đoạn trống", line.place if line.table >= 0 else f"{line.place}, sau “{_before(parts, line)}”")
        for position, line in enumerate(parts.lines)
        if not line.raw.strip() and line.last and not _may_be_empty(parts, position, line)
    ]


def _before(parts: Parts, line: Line) -> str:
    earlier = [other for other in parts.lines[: parts.lines.index(line)] if other.written]
    return earlier[-1].words[:30] if earlier else ""


def _may_be_empty(parts: Parts, position: int, line: Line) -> bool:
    if line.has_border or line.has_drawing or line.breaks_page:
        return True
    if line.table >= 0:
        in_signature = line.table == parts.signature_table
        alone = not any(other.paragraph is not line.paragraph for other in _cell_of(parts, position, line))
        return in_signature or alone or line in parts.letterhead
    if position and parts.lines[position - 1].paragraph is line.paragraph:
        return False
    after = parts.blocks[line.block + 1] if line.block + 1 < len(parts.blocks) else None
    before = parts.blocks[line.block - 1] if line.block else None
    table = tag("tbl")
    between = before is not None and before.tag == table and (after is None or after.tag == table)
    return between


def _cell_of(parts: Parts, position: int, line: Line) -> list[Line]:
    near = parts.lines[max(0, position - 50) : position + 50]
    cell = (line.table, line.row, line.cell)
    return [other for other in near if (other.table, other.row, other.cell) == cell]


@point(
    "Ngôn ngữ của văn bản",
    "tiếng Việt (vi-VN), để soát lỗi và đọc bằng máy đúng",
    "ngoài Nghị định: thuộc tính ngôn ngữ của Word",
)
def language(parts: Parts) -> list[Found] | None:
    """Every run is marked as Vietnamese."""
    found = []
    for line in parts.seen:
        other = {
            piece.letters.language or "không ghi"
            for piece in line.written
            if not piece.letters.language.startswith("vi")
        }
        if other:
            found.append(Found(", ".join(sorted(other)), place_of(line)))
    return found
