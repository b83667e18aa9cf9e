"""What stands over a table: the heading or the appendix that its list of tasks belongs to.

Used only where a document has several lists of tasks; one list needs no name of its own.
"""

import re

from agencies.folding import fold, squeeze
from plans.importing.document import Document, Paragraph, Table
from plans.importing.understanding.headings import Headings
from plans.importing.understanding.numbers import split_label

_APPENDIX = re.compile(r"^(?:phụ lục|phụ biểu|biểu|bảng|danh mục)\b")
_BARE_APPENDIX = re.compile(r"^(?:phụ lục|phụ biểu|biểu|bảng)(?: (?:số )?[\divxlc]+)?[.:]?$")
_ASIDE = re.compile(r"^\(.*\)\.?$|^(?:kèm theo|ban hành kèm|đơn vị tính|đvt)\b")
_PLAIN_SHEET = re.compile(r"^(?:sheet|trang tính|trang)\s*\d*$")
_MAX_TITLE = 200
_ROWS_ABOVE = 6


def outline(document: Document) -> dict[int, list[str]]:
    """The headings that stand directly over each table, by the identity of the table; nothing where prose is between."""
    found: dict[int, list[str]] = {}
    walk = _Walk()
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.place.startswith("Trang tính"):
            continue
        if isinstance(block, Paragraph):
            walk.paragraph(block)
        else:
            found[id(block)] = walk.path()
            walk.table(block)
    return found


class _Walk:
    def __init__(self) -> None:
        self._headings = Headings()
        self._near: list[str] | None = None
        self._open_appendix = ""

    def paragraph(self, block: Paragraph) -> None:
        words = squeeze(block.printed.replace("\n", " "))
        folded = fold(words)
        if _ASIDE.match(folded):
            return
        number, rest = split_label(words)
        if len(words) > _MAX_TITLE or (words[-1:] in ".;," and not _BARE_APPENDIX.match(folded)):
            self._near, self._open_appendix = None, ""
        elif _BARE_APPENDIX.match(folded):
            self._appendix(words.rstrip(".:"))
            self._open_appendix = words.rstrip(".:")
        elif self._open_appendix and (block.centred or block.bold or words == words.upper()) and not number:
            self._appendix(f"{self._open_appendix}. {words}")
            self._open_appendix = ""
        elif _APPENDIX.match(folded):
            self._appendix(words)
        elif number and rest:
            self._headings.push(number, rest)
            self._near, self._open_appendix = self._headings.path(), ""
        elif block.centred or block.bold or words == words.upper():
            self._near = [words]
        else:
            self._near, self._open_appendix = None, ""

    def _appendix(self, title: str) -> None:
        self._headings = Headings()
        self._headings.push("", title)
        self._near = self._headings.path()

    def table(self, block: Table) -> None:
        """What follows a table is not directly under the heading above it any more, but still in the same section."""
        self._near, self._open_appendix = None, ""

    def path(self) -> list[str]:
        return list(self._near or [])


def title_in(table: Table, first: int, head: int) -> str:
    """The title that stands in rows of its own above the head, from row ``first`` on."""
    for row in range(head - 1, max(first, head - _ROWS_ABOVE) - 1, -1):
        words = [cell.text for cell in table.distinct(row) if cell.text]
        title = squeeze(words[0].replace("\n", " ")) if len(words) == 1 else ""
        if title and not _ASIDE.match(fold(title)) and len(title) <= _MAX_TITLE:
            return title
        if len(words) > 1:
            return ""
    return ""


def sheet_title(table: Table) -> str:
    """The name of an Excel sheet, unless it says nothing ("Sheet1")."""
    match = re.match(r"^Trang tính “(.*)”$", table.name)
    return "" if not match or _PLAIN_SHEET.match(fold(match[1])) else match[1]
