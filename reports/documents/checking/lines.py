"""The lines of a Word document as a reader sees them, each with its formatting and its place in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from agencies.folding import unaccent
from reports.documents.checking.formatting import Formatting, Layout, Letters, runs, tag, value
from reports.documents.measuring import width_cm

MAX_NESTING = 8
_NAMES_OF_DRAWINGS = ("drawing", "pict", "object")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one run with the way they look."""

    words: str
    letters: Letters


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that ends with a paragraph or with a line break set by hand.

    ``table`` and ``cell`` count tables, and cells of a row, from 0; both are -1 outside tables. ``place`` says for
    people where it stands. ``last`` marks the line that ends its paragraph.
    """

    pieces: tuple[Piece, ...]
    layout: Layout
    paragraph: etree._Element
    place: str
    section: int
    block: int
    table: int = -1
    row: int = -1
    cell: int = -1
    last: bool = True

    @property
    def raw(self) -> str:
        """The words with all their spaces."""
        return "".join(piece.words for piece in self.pieces)

    @property
    def words(self) -> str:
        """The words with single spaces, without those around; capitals by formatting count as capitals."""
        shown = "".join(piece.words.upper() if piece.letters.capitals else piece.words for piece in self.pieces)
        return re.sub(r"\s+", " ", shown).strip()

    @property
    def key(self) -> str:
        """The words without accents, small, for recognition."""
        return unaccent(self.words).lower()

    @property
    def written(self) -> list[Piece]:
        """The runs that show something."""
        return [piece for piece in self.pieces if piece.words.strip() and not piece.letters.hidden]

    @property
    def sizes(self) -> set[float]:
        """The sizes in points that occur."""
        return {piece.letters.size for piece in self.written}

    @property
    def is_bold(self) -> bool:
        """Say whether every word is bold."""
        return bool(self.written) and all(piece.letters.bold for piece in self.written)

    @property
    def is_italic(self) -> bool:
        """Say whether every word is italic."""
        return bool(self.written) and all(piece.letters.italic for piece in self.written)

    @property
    def is_centred(self) -> bool:
        """Say whether it stands in the middle."""
        return self.layout.align == "center"

    @property
    def width(self) -> float:
        """The length of the words in centimetres."""
        return sum(
            width_cm(piece.words.upper() if piece.letters.capitals else piece.words, piece.letters.size, bold=piece.letters.bold)
            for piece in self.pieces
            if piece.words
        )  # fmt: skip

    @property
    def has_drawing(self) -> bool:
        """Say whether its paragraph holds a drawing, a picture or an object."""
        return any(next(self.paragraph.iter(tag(name)), None) is not None for name in _NAMES_OF_DRAWINGS)

    @property
    def has_border(self) -> bool:
        """Say whether its paragraph is drawn with a border above or below."""
        return self.border("top") or self.border("bottom")

    def border(self, side: str) -> bool:
        """Say whether the paragraph has a border on that side; it may come from the direct formatting only."""
        mark = self.paragraph.find(f"{tag('pPr')}/{tag('pBdr')}/{tag(side)}")
        return mark is not None and (value(mark) or "nil") not in ("nil", "none")

    @property
    def breaks_page(self) -> bool:
        """Say whether its paragraph only breaks a page or ends a section."""
        return self.paragraph.find(f"{tag('pPr')}/{tag('sectPr')}") is not None or any(
            value(mark, "type") in ("page", "column") for mark in self.paragraph.iter(tag("br"))
        )


@dataclass
class Lines:
    """All lines of a body in reading order, and its sections."""

    lines: list[Line] = field(default_factory=list)
    sections: list[etree._Element] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)
    blocks: list[etree._Element] = field(default_factory=list)


def read_lines(body: etree._Element, formatting: Formatting) -> Lines:
    """Return the lines of a document's body."""
    return _Reader(formatting).read(body)


class _Reader:
    def __init__(self, formatting: Formatting) -> None:
        self._formatting = formatting
        self._made = Lines()
        self._paragraphs = 0
        self._table_styles: dict[str, str] = {}

    def read(self, body: etree._Element) -> Lines:
        for block in _flattened(body):
            if block.tag == tag("sectPr"):
                self._made.sections.append(block)
                continue
            self._made.blocks.append(block)
            if block.tag == tag("p"):
                self._paragraphs += 1
                self._add(block, f"đoạn {self._paragraphs}")
                inner = block.find(f"{tag('pPr')}/{tag('sectPr')}")
                if inner is not None:
                    self._made.sections.append(inner)
            elif block.tag == tag("tbl"):
                self._add_table(block, 0, "")
        return self._made

    def _add_table(self, table: etree._Element, depth: int, inside: str) -> None:
        if depth > MAX_NESTING:
            return
        number = len(self._made.tables)
        self._made.tables.append(table)
        style = value(table.find(f"{tag('tblPr')}/{tag('tblStyle')}")) or ""
        for row_number, row in enumerate(one for one in _flattened(table) if one.tag == tag("tr")):
            cells = [one for one in _flattened(row) if one.tag == tag("tc")]
            for cell_number, cell in enumerate(cells):
                place = f"{inside}bảng {number + 1}, dòng {row_number + 1}, ô {cell_number + 1}"
                for block in _flattened(cell):
                    if block.tag == tag("p"):
                        self._add(block, place, style, number, row_number, cell_number)
                    elif block.tag == tag("tbl"):
                        self._add_table(block, depth + 1, f"{place}, ")

    def _add(
        self, paragraph: etree._Element, place: str, style: str = "", table: int = -1, row: int = -1, cell: int = -1
    ) -> None:
        layout = self._formatting.layout(paragraph, style)
        broken: list[list[Piece]] = [[]]
        known: dict[bytes, Letters] = {}
        for run in runs(paragraph):
            letters = self._letters(run, paragraph, style, known)
            for position, words in enumerate(_words(run).split("\n")):
                if position:
                    broken.append([])
                if words:
                    broken[-1].append(Piece(words, letters))
        for position, pieces in enumerate(broken):
            self._made.lines.append(
                Line(
                    tuple(pieces), layout, paragraph, place, len(self._made.sections), len(self._made.blocks) - 1,
                    table, row, cell, last=position == len(broken) - 1,
                )
            )  # fmt: skip

    def _letters(
        self, run: etree._Element, paragraph: etree._Element, style: str, known: dict[bytes, Letters]
    ) -> Letters:
        """Work out each different formatting of a paragraph once: Word writes many runs that look the same."""
        own = run.find(tag("rPr"))
        key = b"" if own is None else etree.tostring(own)
        if key not in known:
            known[key] = self._formatting.letters(run, paragraph, style)
        return known[key]


def _words(run: etree._Element) -> str:
    """Return the words of a run; a break of the line is a line feed, a tab stays a tab."""
    parts = []
    for child in run:
        if child.tag == tag("t"):
            parts.append(child.text or "")
        elif child.tag == tag("tab"):
            parts.append("\t")
        elif child.tag == tag("noBreakHyphen"):
            parts.append("-")
        elif child.tag in (tag("br"), tag("cr")) and value(child, "type") not in ("page", "column"):
            parts.append("\n")
    return "".join(parts)


def _flattened(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the children, looking through content controls and marks of changes."""
    for child in parent:
        if child.tag == tag("sdt"):
            content = child.find(tag("sdtContent"))
            if content is not None:
                yield from _flattened(content)
        elif child.tag in (tag("ins"), tag("moveTo"), tag("customXml")):
            yield from _flattened(child)
        elif isinstance(child.tag, str):
            yield child
