"""Reading text: what is pasted or saved as .txt, Markdown with pipe tables, tables copied from Word or Excel (tabs)."""

import csv
import html
import re
from collections.abc import Sequence

from agencies.folding import nfc, squeeze
from plans.importing.columns import is_task_head, role_of
from plans.importing.document import Document, Paragraph, Table, grid_from_rows
from plans.importing.reading.limits import Budget, not_a_document
from plans.importing.reading.lines import gather_cells
from plans.importing.reading.naming import TableNames

_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
_BREAKING_TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr)\b[^<>]{0,200}/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SEPARATOR = re.compile(r"^[|\s:-]*-[|\s:-]*$")
_LABEL = re.compile(r"^\(?(?:[IVX]{1,6}|[A-HĐ]|\d{1,3}(?:\.\d{1,3}){0,4}|[a-zđ](?=[.)]))[.)]*(?:\s|$)")
_MAX_PIECES = 12
_MAX_BETWEEN = 4
_MAX_HEADS = 400
_BAR = " | "
_SIGNS = (";", ",")
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
        elif _BAR in line and _is_barred(lines, position):
            position = _read_pipes(lines, position, blocks, names, budget, barred=True)
        elif separator := _separator(lines, position):
            position = _read_values(lines, position, separator, blocks, names, budget)
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


def _is_barred(lines: list[str], position: int) -> bool:
    """Whether a table with bars only between its cells begins here: two or more lines with as many bars."""
    bars = lines[position].count(_BAR)
    return bars > 1 and position + 1 < len(lines) and lines[position + 1].count(_BAR) == bars


def _separator(lines: list[str], position: int) -> str:
    """The sign between the values of a file saved as .csv, when the head of a task table stands here; else nothing."""
    line = lines[position]
    for sign in _SIGNS if position + 1 < len(lines) and len(line) < _MAX_HEADS else ():
        if line.count(sign) > 1 and lines[position + 1].count(sign) >= line.count(sign):
            roles = [role_of(head) for head in _values([line], sign)[0]]
            if all(roles) and len(set(roles)) > 2 and is_task_head(roles):
                return sign
    return ""


def _values(lines: Sequence[str], sign: str) -> list[list[str]]:
    return [row for row in csv.reader(lines, delimiter=sign) if row] or [[]]


def _read_values(
    lines: list[str], position: int, sign: str, blocks: list[Paragraph | Table], names: TableNames, budget: Budget
) -> int:
    """Read the lines of a .csv file from a head on, up to a blank line outside quotes."""
    end, quotes = position, 0
    while end < len(lines) and (lines[end].strip() or quotes % 2):
        quotes += lines[end].count('"')
        end += 1
    rows = _values([f"{line}\n" for line in lines[position:end]], sign)
    budget.spend(cells=sum(map(len, rows)))
    cells = [["\n".join(filter(None, map(squeeze, cell.split("\n")))) for cell in row] for row in rows]
    blocks.append(grid_from_rows(cells, names.reserve(), list(range(position + 1, position + 1 + len(cells)))))
    return end


def _read_pipes(
    lines: list[str],
    position: int,
    blocks: list[Paragraph | Table],
    names: TableNames,
    budget: Budget,
    barred: bool = False,
) -> int:
    rows: list[list[str]] = []
    numbers: list[int] = []
    while position < len(lines) and (lines[position].lstrip().startswith("|") or (barred and _BAR in lines[position])):
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
    width = 0
    while position < len(lines) and "\t" in lines[position].rstrip():
        start = position
        line = lines[position]
        while _is_open(line) and position + 1 < len(lines) and position - start < 60:
            position += 1
            line += "\n" + lines[position]
        if _is_open(line):
            position, line = start, lines[start]
        line, position = _mended(lines, line, position, width)
        rows.append([_unquoted(cell) for cell in line.split("\t")])
        numbers.append(start + 1)
        width = max(width, len(rows[-1]))
        budget.spend(cells=len(rows[-1]))
        position = _between(lines, position + 1, rows, numbers)
    if len(rows) == 1 and sum(bool(cell) for cell in rows[0]) < 3:
        paragraph = _paragraph(" ".join(cell for cell in rows[0] if cell), numbers[0])
        if paragraph:
            blocks.append(paragraph)
    else:
        blocks.append(grid_from_rows(rows, names.reserve(), numbers))
    return position


def _between(lines: list[str], position: int, rows: list[list[str]], numbers: list[int]) -> int:
    """Lines without tabs between the rows: a heading merged over the whole row, or the rest of the last cell."""
    end = position
    while end < len(lines) and lines[end].strip() and "\t" not in lines[end].strip():
        end += 1
    goes_on = end < len(lines) and lines[end].count("\t") > 1 and role_of(lines[end].split("\t")[0]) != "no"
    if not goes_on or end - position > _MAX_BETWEEN:
        return position
    if len(rows) < 2 and not is_task_head([role_of(head) for head in rows[0]]):
        return position
    for number in range(position, end):
        words = squeeze(lines[number])
        if _LABEL.match(words) or words == words.upper():
            rows.append([words])
            numbers.append(number + 1)
        else:
            rows[-1][-1] = f"{rows[-1][-1]}\n{words}".strip()
    return end


def _mended(lines: list[str], line: str, position: int, width: int) -> tuple[str, int]:
    """Word copies a line end inside a cell as a line end: put a torn row together when its pieces make a whole one."""
    tabs, end = line.count("\t"), position
    torn = line
    while tabs < width - 1 and end + 1 < len(lines) and end - position < _MAX_PIECES:
        piece = lines[end + 1]
        first = piece.split("\t")[0].strip()
        if not first or _LABEL.match(first):
            break
        tabs, torn, end = tabs + piece.count("\t"), f"{torn}\n{piece}", end + 1
    return (torn, end) if tabs == width - 1 and end > position else (line, position)


def _is_open(line: str) -> bool:
    last = line.rsplit("\t", 1)[-1] if line.count('"') % 2 else ""
    return last.startswith('"') and line.count('"') % 2 == 1


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        cell = cell[1:-1].replace('""', '"')
    return "\n".join(line for line in map(squeeze, cell.split("\n")) if line)
