"""A Word file as blocks for a page: the very words of the paper, read back from the file itself, never written twice."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

MOST_ROWS = 40
"""Rows of a table that a page shows; the file holds them all."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, a centred line, a grid of words without lines (letterhead, signature), or a table."""

    kind: Literal["paragraph", "heading", "centred", "layout", "table"]
    text: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    left_out: int = 0


def blocks_of(docx: bytes) -> list[Block]:
    """Return the blocks of a paper that `word.Paper` wrote, in their order."""
    document = Document(BytesIO(docx))
    found = []
    for element in document.element.body:
        if element.tag == qn("w:p"):
            block = _paragraph(Paragraph(element, document._body))
            found += [block] if block else []
        elif element.tag == qn("w:tbl"):
            found.append(_table(element))
    return found


def _paragraph(paragraph: Paragraph) -> Block | None:
    text = paragraph.text.strip()
    if not text:
        return None
    style = paragraph.style.name if paragraph.style is not None and paragraph.style.name else ""
    if style.startswith("Mục "):
        return Block("heading", text, level=int(style[-1]))
    return Block("paragraph" if style == "Thân văn bản" else "centred", text)


def _table(element: BaseOxmlElement) -> Block:
    rows = [[_words(cell) for cell in row.iter(qn("w:tc"))] for row in element.iterchildren(qn("w:tr"))]
    has_lines = element.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}") is not None
    if not has_lines:
        return Block("layout", rows=rows)
    return Block("table", rows=rows[: MOST_ROWS + 1], left_out=max(0, len(rows) - MOST_ROWS - 1))


def _words(cell: BaseOxmlElement) -> str:
    lines = ("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in cell.iter(qn("w:p")))
    return "\n".join(lines).strip()
