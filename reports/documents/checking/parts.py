"""The parts of an administrative paper, found again in a Word file from anywhere: letterhead, title, body, signature."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from agencies.folding import unaccent
from reports.documents.checking.formatting import tag, value
from reports.documents.checking.lines import Line, read_lines
from reports.documents.checking.opening import Opened, is_on

HEAD_REACH = 60
"""The letterhead stands within so many lines from the top."""
KINDS = {
    "bao cao": "BC", "ke hoach": "KH", "to trinh": "TTr", "thong bao": "TB", "quyet dinh": "QĐ", "chi thi": "CT",
    "huong dan": "HD", "chuong trinh": "CTr", "phuong an": "PA", "de an": "ĐA", "du an": "DA", "nghi quyet": "NQ",
    "quy che": "QC", "quy dinh": "QyĐ", "thong cao": "TC", "bien ban": "BB", "hop dong": "HĐ", "cong dien": "CĐ",
    "giay uy quyen": "GUQ", "giay moi": "GM", "giay gioi thieu": "GGT", "giay nghi phep": "GNP", "phieu gui": "PG",
    "phieu chuyen": "PC", "phieu bao": "PB", "ban ghi nho": "BGN", "ban thoa thuan": "BTT",
}  # fmt: skip
"""Kinds of papers, folded, with their abbreviations (Appendix III, I)."""
CAPTION = re.compile(r"^(bảng|biểu|hình|biểu đồ|phụ biểu)\s+[\dIVX]+|^(ghi chú|nguồn|đơn vị tính)\s*:", re.IGNORECASE)
ANNEX = re.compile(r"^phu luc(\s+[ivxlcdm0-9]+)?[.:]?$")
LONG_LINE = 100
"""A centred line longer than this is body text that was centred, not a caption."""


@dataclass
class Parts:
    """A document taken apart. A part that is not there is None or empty; the points say whether it should be."""

    opened: Opened
    lines: list[Line] = field(default_factory=list)
    sections: list[etree._Element] = field(default_factory=list)
    blocks: list[etree._Element] = field(default_factory=list)

    @classmethod
    def of(cls, opened: Opened) -> "Parts":
        """Read a document's lines."""
        read = read_lines(opened.body, opened.formatting)
        return cls(opened, read.lines, read.sections, read.blocks)

    @cached_property
    def seen(self) -> list[Line]:
        """The lines that show words."""
        return [line for line in self.lines if line.written]

    # Letterhead

    @cached_property
    def nation(self) -> Line | None:
        """The line of the nation's name."""
        return next((line for line in self.seen[:HEAD_REACH] if line.key.startswith("cong hoa xa hoi")), None)

    @cached_property
    def motto(self) -> Line | None:
        """The line of the motto."""
        head = self.seen[:HEAD_REACH]
        return next((line for line in head if "doc lap" in line.key and "hanh phuc" in line.key), None)

    @cached_property
    def letterhead(self) -> list[Line]:
        """All lines of the table that the nation's name stands in, also the empty ones."""
        anchor = self.nation or self.motto or self.number
        if anchor is None or anchor.table < 0:
            return []
        return [line for line in self.lines if line.table == anchor.table]

    @cached_property
    def issuer_side(self) -> list[Line]:
        """The lines of the letterhead's left column."""
        return [line for line in self.letterhead if line.cell == 0]

    @cached_property
    def nation_side(self) -> list[Line]:
        """The lines of the letterhead's right column."""
        return [line for line in self.letterhead if line.cell > 0]

    @cached_property
    def number(self) -> Line | None:
        """The line of number and symbol."""
        head = self.seen[:HEAD_REACH]
        return next((line for line in head if re.match(r"so\s*[:.…\d]", line.key) and "/" in line.key), None)

    @cached_property
    def names(self) -> list[Line]:
        """The lines above the number: the superior agency and the issuer."""
        found = []
        for line in self.issuer_side:
            if line is self.number or line.key.startswith("v/v"):
                break
            if line.written and not re.fullmatch(r"[_\-–—=\s]+", line.words):
                found.append(line)
        return found

    @cached_property
    def issuer(self) -> list[Line]:
        """The bold lines of names; where none is bold, the last line."""
        bold = [line for line in self.names if line.is_bold]
        return bold or self.names[-1:]

    @cached_property
    def superior(self) -> list[Line]:
        """The lines of names above the issuer."""
        first = self.names.index(self.issuer[0]) if self.issuer else 0
        return self.names[:first]

    @cached_property
    def place_and_date(self) -> Line | None:
        """The line of place and date."""
        head = self.seen[:HEAD_REACH]
        return next((line for line in head if re.search(r"ngay.*thang.*nam", line.key) and len(line.words) < 80), None)

    @cached_property
    def letter_subject(self) -> list[Line]:
        """The lines "V/v …" of a letter."""
        side = self.issuer_side
        start = next((place for place, line in enumerate(side) if re.match(r"v/v|ve viec", line.key)), None)
        return [] if start is None else [line for line in side[start:] if line.written]

    # Title and body

    @cached_property
    def title(self) -> Line | None:
        """The line of the document's kind: BÁO CÁO, KẾ HOẠCH …"""
        for line in self.seen[:HEAD_REACH]:
            if line.table < 0 and line.section == 0 and kind_in(line):
                return line
        return None

    @property
    def is_letter(self) -> bool:
        """Say whether it is an official letter, which has no name of a kind."""
        return self.title is None and bool(self.letter_subject)

    @cached_property
    def abstract(self) -> list[Line]:
        """The lines of the abstract below the title, up to its rule, the addressee or the body."""
        found: list[Line] = []
        if self.title is None:
            return found
        for line in self.lines[self.lines.index(self.title) + 1 :]:
            if not line.written or line.table >= 0 or line.key.startswith("kinh gui") or _is_underscores(line):
                break
            if not (line.is_centred or line.is_bold) or len(found) == 6:
                break
            found.append(line)
        return found

    @cached_property
    def addressee(self) -> list[Line]:
        """The line "Kính gửi", and the list of more than one addressee below it."""
        for place, line in enumerate(self.seen):
            if line.key.startswith("kinh gui"):
                found = [line]
                for following in self.seen[place + 1 :]:
                    if (
                        not following.words.startswith("-")
                        or len(following.words) > LONG_LINE * 2
                        or line.words[-1:] != ":"
                    ):
                        break
                    found.append(following)
                return found
            if place > HEAD_REACH:
                break
        return []

    @cached_property
    def signature_table(self) -> int:
        """The table that holds the recipients or the signature, or -1."""
        return next((line.table for line in self.seen if line.key.startswith("noi nhan") and line.table >= 0), -1)

    @cached_property
    def text(self) -> list[Line]:
        """The lines between the head and the signature that stand outside tables, headings with them."""
        head = [line for line in (self.title, *self.abstract, *self.addressee, self.place_and_date) if line]
        head += [line for line in self.letterhead if line.written] + self.names
        begin = max((line.block for line in head), default=-1)
        signature = [line.block for line in self.lines if line.table == self.signature_table >= 0]
        end = min(signature, default=len(self.blocks))
        first_annex = min((line.block for line in self.annex_heads), default=len(self.blocks))
        return [line for line in self.seen if begin < line.block < min(end, first_annex) and line.table < 0]

    @cached_property
    def body(self) -> list[Line]:
        """The paragraphs of running words: no headings, captions, notes and rules."""
        return [line for line in self.text if not self._stands_apart(line)]

    def _stands_apart(self, line: Line) -> bool:
        short_centred = line.is_centred and len(line.words) <= LONG_LINE
        is_heading = line.is_bold and len(line.words) <= LONG_LINE * 2
        return short_centred or is_heading or bool(CAPTION.match(line.words)) or _is_underscores(line)

    # Signature

    @cached_property
    def recipients(self) -> list[Line]:
        """The line "Nơi nhận:" and its list."""
        for place, line in enumerate(self.seen):
            if line.key.startswith("noi nhan"):
                return [line, *(other for other in self.seen[place + 1 :] if _stands_in_same_cell(other, line))]
        return []

    @cached_property
    def signing(self) -> list[Line]:
        """The lines of the cell beside the recipients: titles, the gap, the name."""
        if self.signature_table < 0 or not self.recipients:
            return []
        beside = self.recipients[0].cell + 1
        return [line for line in self.lines if line.table == self.signature_table and line.cell == beside]

    @cached_property
    def signing_titles(self) -> list[Line]:
        """The lines in capitals above the signature; the first lines where none is."""
        written = [line for line in self.signing if line.written]
        name = self.signer
        return [line for line in written if line is not name]

    @cached_property
    def signer(self) -> Line | None:
        """The line of the name: the last one below a gap, or one that is not in capitals."""
        written = [line for line in self.signing if line.written]
        if not written:
            return None
        last = written[-1]
        place, before = self.signing.index(last), len(written) > 1
        gap = before and self.signing.index(written[-2]) < place - 1
        return last if gap or (before and not last.words.isupper()) else None

    # Annexes

    @cached_property
    def annex_heads(self) -> list[Line]:
        """The lines "Phụ lục I", each on top of its annex."""
        after = max((line.block for line in self.recipients), default=0)
        return [line for line in self.seen if line.block >= after and line.table < 0 and ANNEX.match(line.key)]

    def below(self, head: Line) -> list[Line]:
        """Return the lines below an annex's head up to its first table or the first line that is not centred."""
        found = []
        for line in self.seen[self.seen.index(head) + 1 :]:
            if line.table >= 0 or not line.is_centred or line in self.annex_heads:
                break
            found.append(line)
        return found

    # Rules

    def rule_below(self, lines: list[Line]) -> float | None:
        """Return the length in cm of the rule under these lines, 0 when it cannot be measured, None without a rule.

        A rule is a border of the line or of the next paragraph, a drawing, an underline, or a row of underscores.
        """
        last = lines[-1]
        after = next((line for line in self.lines[self.lines.index(last) + 1 :] if line.last), None)
        same_cell = after is not None and _stands_in_same_cell(after, last)
        if last.border("bottom"):
            return self._room(last)
        if same_cell and after is not None and (after.has_border and not after.written):
            return self._room(after)
        if same_cell and after is not None and _is_underscores(after):
            return after.width
        if any(piece.letters.underlined for piece in last.written):
            return last.width
        for line in [*lines, *([after] if same_cell and after is not None else [])]:
            if line.has_drawing:
                return drawn_length(line.paragraph)
        return None

    def _room(self, line: Line) -> float:
        """Return how wide a border is drawn: the cell or the page, less the paragraph's indents."""
        twips = self._cell_width(line) or self._page_width(line)
        return max(0, twips - line.layout.left - line.layout.right) / 567

    def _cell_width(self, line: Line) -> int:
        cell = line.paragraph.getparent()
        while cell is not None and cell.tag != tag("tc"):
            cell = cell.getparent()
        if cell is None:
            return 0
        width = cell.find(f"{tag('tcPr')}/{tag('tcW')}")
        words = value(width, "w") or ""
        return (int(words) - 216) if words.isdecimal() and value(width, "type") == "dxa" else 0

    def _page_width(self, line: Line) -> int:
        section = self.sections[min(line.section, len(self.sections) - 1)] if self.sections else None
        if section is None:
            return 0
        size, margins = section.find(tag("pgSz")), section.find(tag("pgMar"))
        numbers = [value(size, "w"), value(margins, "left"), value(margins, "right")]
        if not all(words and words.isdecimal() for words in numbers):
            return 0
        page, left, right = (int(words or 0) for words in numbers)
        return page - left - right

    @property
    def has_even_headers(self) -> bool:
        """Say whether even pages have headers of their own."""
        return is_on(self.opened.settings, "evenAndOddHeaders")


def drawn_length(paragraph: etree._Element) -> float:
    """Return the length in cm of the first drawn line of a paragraph, 0 when the file does not say it plainly."""
    for extent in paragraph.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"):
        words = str(extent.get("cx", ""))
        if words.isdecimal():
            return int(words) / 360000
    for line in paragraph.iter("{urn:schemas-microsoft-com:vml}line"):
        ends = [re.match(r"(-?[\d.]+)(pt)?\s*,", str(line.get(end, ""))) for end in ("from", "to")]
        if all(ends):
            begin, stop = (float(end.group(1)) for end in ends if end)
            return abs(stop - begin) * 2.54 / 72
    return 0.0


def kind_in(line: Line) -> str:
    """Return the kind of paper, folded, that a line is: the whole line, or its beginning in capitals; "" for none."""
    if line.key.strip(" .") in KINDS:
        return line.key.strip(" .")
    starts = (kind for kind in KINDS if line.key.startswith(f"{kind} ") and line.words[: len(kind)].isupper())
    return max(starts, key=len, default="")


def folded(words: str) -> str:
    """Return words small and without accents."""
    return unaccent(words).lower()


def _is_underscores(line: Line) -> bool:
    return bool(re.fullmatch(r"[_\-–—=\s]{3,}", line.words))


def _stands_in_same_cell(line: Line, other: Line) -> bool:
    return (line.table, line.row, line.cell) == (other.table, other.row, other.cell)
