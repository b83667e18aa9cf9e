"""The letters, words and lines of a PDF page.

`pdfminer` interprets the page and `pdfplumber` finds the tables between its lines. What both keep of every single letter
(colours, matrices, marks) is most of the time and memory of a long plan: here a letter is its place and whether it is
bold, and what a font says of a letter is asked once.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTPage, LTRect
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.utils import apply_matrix_rect, translate_matrix
from pdfplumber.page import Page
from pdfplumber.utils.clustering import cluster_objects
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import LIGATURES, WordExtractor

from plans.importing.reading.pdf_content import ContentInterpreter

_GAP = 1.5
"""Points between two letters from which on they belong to two words."""
_STEP = 2.0
"""Points by which the letters of a line may stand higher or lower."""

_LONG = 20.0
"""Points from which on an upright line may part the columns of a table."""
_CLOSE = 6.0
"""Points within which a line across closes the lines that end there."""

_Box = tuple[float, float, float, float]
_Letter = dict[str, Any]
_Written = list[tuple[str, float, float]]
"""The letters of a string, where each begins along the line and how far it reaches."""


@dataclass(slots=True)
class Word:
    """A word and its place on the page in points from the upper left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool

    @property
    def middle(self) -> float:
        """Height of the middle of the word."""
        return (self.top + self.bottom) / 2

    def lies_in(self, box: tuple[float, ...]) -> bool:
        """Whether the middle of the word lies in the box (left, top, right, bottom)."""
        return box[0] <= (self.x0 + self.x1) / 2 <= box[2] and box[1] <= (self.top + self.bottom) / 2 <= box[3]


class LetterPage(Page):
    """A page of pdfplumber that knows only letters, lines and pictures: what words and tables need."""

    @classmethod
    def of(cls, page: Page) -> "LetterPage":
        """The same page."""
        return cls(page.pdf, page.page_obj, page.page_number, page.initial_doctop)

    @property
    def words(self) -> list[Word]:
        """The words of the page in the order in which it was written; those that stand upright by their lines."""
        words: list[Word] = []
        for upright, group in groupby(self.chars, itemgetter("upright")):
            letters = list(group)
            words += _words(letters) if upright else _turned_words(letters)
        return words

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The lines of the page, and one across where a table without lines between its rows is cut by the page's end."""
        edges: list[dict[str, Any]] = super().edges
        upright = [edge for edge in edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > _LONG]
        across = [edge for edge in edges if edge["orientation"] == "h"]
        added = []
        for end in ("top", "bottom"):
            for ends in cluster_objects(upright, itemgetter(end), _STEP):
                height, left, right = ends[0][end], min(e["x0"] for e in ends), max(e["x0"] for e in ends)
                closed = any(
                    abs(edge["top"] - height) < _CLOSE and edge["x1"] > left and edge["x0"] < right for edge in across
                )
                if len(ends) > 2 and not closed:
                    added.append(_line_across(height, left, right))
        return edges + added

    def parse_objects(self) -> dict[str, list[dict[str, Any]]]:
        """Take what the page draws; raises ``PdfminerException`` when it cannot be interpreted."""
        left, top = self.mediabox[:2]
        device = _Pen(self.pdf.rsrcmgr, self.page_number, float(left), float(self.height + top))
        try:
            ContentInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
        except Exception as error:
            raise PdfminerException(error) from error
        objects: dict[str, list[dict[str, Any]]] = {"char": device.letters}
        self._collect(device.get_result(), objects)
        return objects

    def _collect(self, drawn: LTContainer[Any] | LTPage, objects: dict[str, list[dict[str, Any]]]) -> None:
        for item in drawn:
            if isinstance(item, LTContainer):
                self._collect(item, objects)
            elif isinstance(item, LTCurve):
                kind = "line" if isinstance(item, LTLine) else "rect" if isinstance(item, LTRect) else "curve"
                objects.setdefault(kind, []).append(self._line(item, kind))
            elif isinstance(item, LTImage):
                objects.setdefault("image", []).append({})

    def _line(self, item: LTCurve, kind: str) -> dict[str, Any]:
        """What pdfplumber needs of a line, a rectangle or a curve to find tables."""
        left, top = self.mediabox[:2]
        upper = (self.height - item.y1) + top
        line = {
            "object_type": kind,
            "x0": item.x0 + left,
            "x1": item.x1 + left,
            "y0": item.y0,
            "y1": item.y1,
            "top": upper,
            "bottom": (self.height - item.y0) + top,
            "doctop": self.initial_doctop + upper,
            "width": item.width,
            "height": item.height,
        }
        if kind == "curve":
            line["pts"] = list(map(self.point2coord, item.pts))
        return line


def _line_across(height: float, left: float, right: float) -> dict[str, Any]:
    return {
        "object_type": "line",
        "orientation": "h",
        "x0": left,
        "x1": right,
        "top": height,
        "bottom": height,
        "doctop": height,
        "width": right - left,
        "height": 0,
    }


class _Pen(PDFPageAggregator):
    """Takes down each letter that a page writes; lines and pictures are left to pdfminer."""

    def __init__(self, resources: Any, page_number: int, left: float, height: float) -> None:
        super().__init__(resources, pageno=page_number)
        self.letters: list[_Letter] = []
        self._left = left
        self._height = height
        self._fonts: dict[int, tuple[PDFFont, bool, dict[int, tuple[str, float]]]] = {}

    def render_string_horizontal(
        self,
        seq: Any,
        matrix: Any,
        pos: tuple[float, float],
        font: PDFFont,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: Any,
        graphicstate: Any,
    ) -> tuple[float, float]:
        """Write a string; returns where the next one begins. Places as in `LTChar` and `PDFTextDevice`."""
        bold, known = self._font(font)
        x, y = pos
        written: _Written = []
        spaced = False
        for part in seq:
            if isinstance(part, int | float):
                x -= part * dxscale
                spaced = True
            elif isinstance(part, bytes):
                for cid in font.decode(part):
                    if spaced:
                        x += charspace
                    text, width = known.get(cid) or self._know(known, font, cid)
                    advance = width * fontsize * scaling
                    written.append((text, x, advance))
                    x += advance
                    if cid == 32 and wordspace:
                        x += wordspace
                    spaced = True
        low = font.get_descent() * fontsize + rise
        upright = matrix[0] * matrix[3] * scaling > 0 and matrix[1] * matrix[2] <= 0
        put_down = self._put_straight if upright and not matrix[1] and not matrix[2] else self._put_turned
        put_down(written, matrix, y, (low, low + fontsize), bold, upright)
        return x, y

    def render_char(self, *drawn: Any) -> float:
        """Write a letter of a font that runs from top to bottom."""
        advance = super().render_char(*drawn)
        letter = self.cur_item._objs.pop()
        assert isinstance(letter, LTChar)
        box = (letter.x0, letter.y0, letter.x1, letter.y1)
        self._put(box, letter.get_text(), self._font(drawn[1])[0], bool(letter.upright))
        return advance

    def _font(self, font: PDFFont) -> tuple[bool, dict[int, tuple[str, float]]]:
        """Whether a font is bold, and what is known of its letters."""
        if id(font) not in self._fonts:
            self._fonts[id(font)] = (font, "bold" in str(font.fontname).lower(), {})
        return self._fonts[id(font)][1:]

    def _know(self, known: dict[int, tuple[str, float]], font: PDFFont, cid: int) -> tuple[str, float]:
        """Ask a font for a letter and its width."""
        try:
            text = font.to_unichr(cid)
            assert isinstance(text, str), str(type(text))
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, cid)
        known[cid] = text, font.char_width(cid)
        return known[cid]

    def _put_straight(
        self, written: _Written, matrix: Any, y: float, reach: tuple[float, float], bold: bool, upright: bool
    ) -> None:
        """Put the letters of a string down that is written along the page: nearly all are."""
        a, _, _, d, e, f = matrix
        f = y * d + f
        heights = d * reach[0] + f, d * reach[1] + f
        top, bottom = self._height - max(heights), self._height - min(heights)
        for text, x, advance in written:
            x0 = x * a + e
            x1 = a * advance + x0
            if x1 < x0:
                x0, x1 = x1, x0
            self.letters.append(_letter(text, x0 + self._left, x1 + self._left, top, bottom, upright, bold))

    def _put_turned(
        self, written: _Written, matrix: Any, y: float, reach: tuple[float, float], bold: bool, upright: bool
    ) -> None:
        """Put the letters of a string down that is turned, slanted or mirrored."""
        for text, x, advance in written:
            box = apply_matrix_rect(translate_matrix(matrix, (x, y)), (0.0, reach[0], advance, reach[1]))
            self._put(box, text, bold, upright)

    def _put(self, box: _Box, text: str, bold: bool, upright: bool) -> None:
        top, bottom = self._height - box[3], self._height - box[1]
        self.letters.append(_letter(text, box[0] + self._left, box[2] + self._left, top, bottom, upright, bold))


def _letter(text: str, x0: float, x1: float, top: float, bottom: float, upright: bool, bold: bool) -> _Letter:
    return {
        "text": text,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "upright": upright,
        "bold": bold,
    }


def _words(letters: list[_Letter]) -> list[Word]:
    """Letters that stand upright, put into words: as `WordExtractor` does, without what only other scripts need."""
    words: list[Word] = []
    for row in _rows(letters):
        word: list[_Letter] = []
        x0, x1, top = 0.0, 0.0, 0.0
        for letter in row:
            text, own = letter["text"], letter["x0"]
            blank = not text or text.isspace()
            if word and (blank or own < x0 or own > x1 + _GAP or not -_STEP <= letter["top"] - top <= _STEP):
                words.append(_word(word))
                word = []
            if not blank:
                word.append(letter)
                x0, x1, top = own, letter["x1"], letter["top"]
        if word:
            words.append(_word(word))
    return words


def _rows(letters: list[_Letter]) -> list[list[_Letter]]:
    """Letters of about one height, from top to bottom, each row from left to right."""
    row_at: dict[float, list[_Letter]] = {}
    rows: list[list[_Letter]] = []
    last = 0.0
    for top in sorted({letter["top"] for letter in letters}):
        if not rows or top > last + _STEP:
            rows.append([])
        row_at[top] = rows[-1]
        last = top
    for letter in letters:
        row_at[letter["top"]].append(letter)
    for row in rows:
        row.sort(key=itemgetter("x0"))
    return rows


def _word(letters: list[_Letter]) -> Word:
    return Word(
        "".join([LIGATURES.get(letter["text"]) or letter["text"] for letter in letters]),
        min([letter["x0"] for letter in letters]),
        min([letter["top"] for letter in letters]),
        max([letter["x1"] for letter in letters]),
        max([letter["bottom"] for letter in letters]),
        all(letter["bold"] for letter in letters),
    )


def _turned_words(letters: list[_Letter]) -> list[Word]:
    """Letters that are turned, put into words by pdfplumber."""
    extractor = WordExtractor(x_tolerance=_GAP, y_tolerance=_STEP)
    return [_word(group) for _, group in extractor.iter_extract_tuples(letters)]
