"""Reading a saved web page: visible paragraphs, and tables with their spans."""

import re
from collections.abc import Iterator

from lxml import etree, html

from agencies.folding import fold, squeeze
from plans.importing.document import Cell, Document, Paragraph, Table
from plans.importing.reading.limits import Budget, UnreadableDocument
from plans.importing.reading.lines import gather_cells
from plans.importing.reading.naming import TableNames

_MAX_CHARACTERS = 6_000_000
_HIDDEN = {"script", "style", "head", "noscript", "template", "svg", "iframe", "object", "select", "textarea", "nav"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote", "pre",
    "header", "footer", "main", "dl", "dt", "dd", "center", "tr", "td", "th", "body", "form", "table", "figure",
}  # fmt: skip
_PAGE = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]")
_PARTS = (
    (re.compile(r"<table[\s>]"), re.compile(r"</t[dr]>")),
    (re.compile(r"<p[\s>]"), re.compile(r"</p>")),
)
"""Parts of a page without its frame: how they begin and end."""
_MAX_NESTING = 8


def looks_like_html(text: str, filename: str = "") -> bool:
    """Whether the text is a web page; Markdown with a few tags in its cells is not."""
    start = text[:5000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<body", "<table", "<div", "<p", "<head", "<meta", "<?xml")):
        return _has_tags(text[:400_000].lower())
    return filename.lower().endswith((".html", ".htm")) and _has_tags(text[:400_000].lower())


def _has_tags(text: str) -> bool:
    """Whether a page or a part of one begins and ends in the text; each pattern is searched once."""
    if _PAGE.search(text):
        return True
    begun = [(opening.search(text), closing) for opening, closing in _PARTS]
    return any(opening and closing.search(text, opening.end()) for opening, closing in begun)


def read(text: str, budget: Budget, remarks: list[tuple[str, str]]) -> Document:
    """Read a web page into paragraphs and tables."""
    if len(text) > _MAX_CHARACTERS:
        raise UnreadableDocument("Trang web quá lớn. Hãy chỉ sao chép phần kế hoạch rồi dán vào.", "too_large")
    budget.spend(characters=len(text))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument("Trang web không có nội dung đọc được.", "empty") from error
    reader = _Reader(budget)
    return Document(gather_cells(list(reader.blocks(root, 0))), "html", remarks)


class _Reader:
    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._names = TableNames()
        self._count = 0

    def blocks(self, root: html.HtmlElement, depth: int) -> Iterator[Paragraph | Table]:
        words: list[str] = []
        heading: int | None = None
        for kind, value in _events(root):
            if kind == "words":
                words.append(str(value))
                continue
            yield from self._paragraphs(words, heading)
            words = []
            heading = int(value) if kind == "heading" else None  # type: ignore[call-overload]
            if kind == "table" and depth < _MAX_NESTING:
                table = self._table(value, depth)
                if table:
                    yield table
        yield from self._paragraphs(words, heading)

    def _paragraphs(self, words: list[str], heading: int | None) -> Iterator[Paragraph]:
        for line in "".join(words).split("\n"):
            text = squeeze(line)
            if text:
                self._count += 1
                yield Paragraph(text, f"Dòng {self._count}", "", heading, heading is not None)

    def _table(self, element: html.HtmlElement, depth: int) -> Table | None:
        name = self._names.reserve()
        grid: dict[tuple[int, int], Cell] = {}
        rows = [row for row in element.iter("tr") if _owner(row, "table") is element]
        for top, row in enumerate(rows):
            left = 0
            for item in row:
                if item.tag not in ("td", "th"):
                    continue
                while (top, left) in grid:
                    left += 1
                cell = self._cell(item, top, left, depth)
                self._budget.spend(cells=cell.width * cell.height)
                for place in (
                    (r, c)
                    for r in range(top, min(top + cell.height, len(rows)))
                    for c in range(left, left + cell.width)
                ):
                    grid.setdefault(place, cell)
                left += cell.width
        width = max((column for _, column in grid), default=-1) + 1
        self._budget.spend(cells=width * len(rows))
        if not width:
            return None
        filled = [[grid.get((r, c)) or Cell("", r, c) for c in range(width)] for r in range(len(rows))]
        table = Table(name, filled)
        table.name = self._names.settle(name, fold(table.text[:4000]))
        return table

    def _cell(self, element: html.HtmlElement, top: int, left: int, depth: int) -> Cell:
        nested: list[Table] = []
        lines: list[str] = []
        for block in self.blocks(element, depth + 1):
            if isinstance(block, Table):
                nested.append(block)
                lines.extend(
                    " - ".join(cell.text for cell in block.distinct(row) if cell.text) for row in range(len(block.rows))
                )
            else:
                lines.append(block.text)
        bold = element.tag == "th" or (element.find(".//b") is not None or element.find(".//strong") is not None)
        return Cell(
            "\n".join(lines),
            top,
            left,
            _span(element, "rowspan", 500),
            _span(element, "colspan", 60),
            bold,
            nested=tuple(nested),
        )


def _events(root: html.HtmlElement) -> Iterator[tuple[str, object]]:
    """Words, and the places where a paragraph, heading or table begins or ends, in the order of the page."""
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        if leaving:
            if name in _BLOCKS:
                yield "block", ""
            yield "words", _tail(element, root)
            continue
        if name == "table" and element is not root:
            yield "table", element
            yield "words", _tail(element, root)
            continue
        if name in _HIDDEN or not name:
            yield "words", _tail(element, root)
            continue
        if name == "br":
            yield "words", "\n"
        elif name in _BLOCKS:
            yield ("heading", int(name[1])) if re.fullmatch("h[1-6]", name) else ("block", "")
        yield "words", re.sub(r"\s+", " ", element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _tail(element: html.HtmlElement, root: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.tail or "") if element is not root else ""


def _owner(element: html.HtmlElement, name: str) -> html.HtmlElement | None:
    return next((parent for parent in element.iterancestors() if parent.tag == name), None)


def _span(element: html.HtmlElement, name: str, most: int) -> int:
    value = (element.get(name) or "").strip()
    return min(max(int(value), 1), most) if value.isdigit() and len(value) < 6 else 1
