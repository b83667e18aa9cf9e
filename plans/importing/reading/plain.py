"""Reading text: what is pasted or saved as .txt, Markdown with pipe tables, tables copied from Word or Excel (tabs)."""

import html
import re

from agencies.folding import nfc, squeeze
from plans.importing.document import Document, Paragraph, Table, grid_from_rows
from plans.importing.reading.limits import Budget, not_a_document
from plans.importing.reading.lines import gather_cells
from plans.importing.reading.naming import TableNames

_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
_BREAKING_TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr)\b[^<>]{0,200}/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SEPARATOR = re.compile(r"^[|\s:-]*-[|\s:-]*$")
_HASHES = re.compile(r"^(#{1,6})\s+")


def decode(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Turn bytes into text; raises ``UnreadableDocument`` for what is no text. Says when the encoding had to be guessed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            return _plausible(data.decode("utf-8-sig")), []
        except UnicodeDecodeError:
            text = data.decode("cp1258", "replace")
    text = _plausible(nfc(text))
    damaged = text.count("\ufffd")
    if damaged > max(3, len(text) // 50):
        raise not_a_document()
    if damaged or (data[:2] not in (b"\xff\xfe", b"\xfe\xff") and _VIETNAMESE.search(text)):
        return text, [("encoding", "Tệp không dùng mã UTF-8; hãy xem lại dấu tiếng Việt trong các nhiệm vụ.")]
    return text, []


def _plausible(text: str) -> str:
    sample = text[:20000]
    if len(_CONTROLS.findall(sample)) + sample.count("\x00") > max(2, len(sample) // 200):
        raise not_a_document()
    if not any(letter.isalpha() for letter in sample):
        raise not_a_document()
    return text


def read(text: str, budget: Budget, remarks: list[tuple[str, str]]) -> Document:
    """Read text into paragraphs and tables."""
    lines = nfc(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    budget.spend(characters=len(text), cells=len(lines) // 4)
    blocks: list[Paragraph | Table] = []
    names = TableNames()
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.lstrip().startswith("|") and line.count("|") > 1:
            position = _read_pipes(lines, position, blocks, names, budget)
        elif "\t" in line.strip():
            position = _read_tabs(lines, position, blocks, names, budget)
        else:
            paragraph = _paragraph(line, position + 1)
            if paragraph:
                blocks.append(paragraph)
            position += 1
    return Document(gather_cells(blocks), "text", remarks)


def _paragraph(line: str, number: int) -> Paragraph | None:
    level = _HASHES.match(line)
    words = squeeze(_ANY_TAG.sub("", _HASHES.sub("", line)))
    if words.startswith("```") or _SEPARATOR.match(words):
        return None
    bold = words.startswith("**") or bool(level)
    words = words.removeprefix("**").removesuffix("**").strip()
    if not words:
        return None
    return Paragraph(html.unescape(words), f"Dòng {number}", "", len(level[1]) if level else None, bold)


def cell_text(words: str) -> str:
    """The words of a Markdown cell: tags of lists and headings become line ends, entities letters."""
    broken = _ANY_TAG.sub("", _BREAKING_TAG.sub("\n", words.replace("\\|", "|")))
    lines = (squeeze(html.unescape(line)) for line in broken.split("\n"))
    return "\n".join(line.removeprefix("**").removesuffix("**") for line in lines if line)


def _read_pipes(
    lines: list[str], position: int, blocks: list[Paragraph | Table], names: TableNames, budget: Budget
) -> int:
    rows: list[list[str]] = []
    numbers: list[int] = []
    while position < len(lines) and lines[position].lstrip().startswith("|"):
        line = lines[position].strip()
        if not _SEPARATOR.match(line):
            inner = line.removeprefix("|")
            inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
            rows.append([cell_text(cell) for cell in re.split(r"(?<!\\)\|", inner)])
            numbers.append(position + 1)
            budget.spend(cells=len(rows[-1]))
        position += 1
    kept = [index for index, row in enumerate(rows) if any(row)]
    if kept:
        blocks.append(grid_from_rows([rows[i] for i in kept], names.reserve(), [numbers[i] for i in kept]))
    return position


def _read_tabs(
    lines: list[str], position: int, blocks: list[Paragraph | Table], names: TableNames, budget: Budget
) -> int:
    """Read lines that hold tabs as one table; a cell in double quotes may run over several lines, as Excel copies it."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    while position < len(lines) and "\t" in lines[position].rstrip():
        start = position
        line = lines[position]
        while _is_open(line) and position + 1 < len(lines) and position - start < 60:
            position += 1
            line += "\n" + lines[position]
        if _is_open(line):
            position, line = start, lines[start]
        rows.append([_unquoted(cell) for cell in line.split("\t")])
        numbers.append(start + 1)
        budget.spend(cells=len(rows[-1]))
        position += 1
    if len(rows) == 1 and sum(bool(cell) for cell in rows[0]) < 3:
        paragraph = _paragraph(" ".join(cell for cell in rows[0] if cell), numbers[0])
        if paragraph:
            blocks.append(paragraph)
    else:
        blocks.append(grid_from_rows(rows, names.reserve(), numbers))
    return position


def _is_open(line: str) -> bool:
    last = line.rsplit("\t", 1)[-1] if line.count('"') % 2 else ""
    return last.startswith('"') and line.count('"') % 2 == 1


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        cell = cell[1:-1].replace('""', '"')
    return "\n".join(line for line in map(squeeze, cell.split("\n")) if line)
