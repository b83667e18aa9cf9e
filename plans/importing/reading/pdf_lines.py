"""Words of a PDF page put into lines, paragraphs and the text of cells."""

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter

from agencies.folding import squeeze
from plans.importing.document import Paragraph, Table
from plans.importing.reading.pdf_letters import Word

_BULLET = re.compile(r"^(?:[-+•*–]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[IVX]{1,5}\.\s|[a-hđ]\)\s|[A-H]\.\s)")
_PAGE_NUMBER = re.compile(r"^\d{1,3}$")


def lines(words: list[Word]) -> list[list[Word]]:
    """Words put into lines, from top to bottom and left to right."""
    found: list[list[Word]] = []
    first = 0.0
    for word in sorted(words, key=attrgetter("middle")):
        middle = word.middle
        if found and abs(first - middle) < max(2.5, 0.35 * (word.bottom - word.top)):
            found[-1].append(word)
        else:
            found.append([word])
            first = middle
    for line in found:
        line.sort(key=attrgetter("x0"))
    return found


def paragraphs(words: list[Word], page: int, height: float) -> Iterator[Paragraph]:
    """The paragraphs that words beside the tables of a page make, from top to bottom; a bare page number is none."""
    found = lines(words)
    if not found:
        return
    right = max(line[-1].x1 for line in found)
    left = min(line[0].x0 for line in found)
    group: list[list[Word]] = []
    for line in found:
        if group and _begins_anew(group[-1], line, right, left):
            yield _paragraph(group, page, left, right)
            group = []
        if not (_PAGE_NUMBER.match(words_of(line)) and (line[0].bottom < 70 or line[0].top > height - 60)):
            group.append(line)
    if group:
        yield _paragraph(group, page, left, right)


def _begins_anew(above: list[Word], line: list[Word], right: float, left: float) -> bool:
    """A line begins a paragraph when its first word would still have had room on the line above."""
    if "\t" in words_of(above) or "\t" in words_of(line):
        return True
    height = line[0].bottom - line[0].top
    first_word = line[0].x1 - line[0].x0
    if above[-1].x1 + first_word + 0.35 * height < right - 2:
        return True
    gap = line[0].top - above[0].bottom
    return gap > 0.9 * height or (bool(_BULLET.match(words_of(line))) and words_of(above)[-1:] in ".;:,")


def words_of(line: list[Word]) -> str:
    """The words of a line; a wide gap (two columns of a letterhead) becomes a tab."""
    parts = [line[0].text]
    for before, word in pairwise(line):
        wide = word.x0 - before.x1 > 2.2 * (word.bottom - word.top)
        parts.append(("\t" if wide else " ") + word.text)
    return "".join(parts)


def _paragraph(group: list[list[Word]], page_number: int, left: float, right: float) -> Paragraph:
    text = "\n".join(squeeze(part) for part in _join_lines([words_of(line) for line in group]).split("\t"))
    bold = is_bold([word for line in group for word in line])
    first = group[0]
    margins = first[0].x0 - left, right - first[-1].x1
    centred = min(margins) > 25 and abs(margins[0] - margins[1]) < 40
    return Paragraph(text, f"Trang {page_number}", bold=bold, centred=centred)


def is_bold(words: list[Word]) -> bool:
    """Whether there are words and all are bold."""
    return bool(words) and all(word.bold for word in words)


def join_paragraphs(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Put together a paragraph that a page end has cut."""
    joined: list[Paragraph | Table] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            isinstance(block, Paragraph)
            and isinstance(last, Paragraph)
            and last.place != block.place
            and block.text[:1].islower()
            and not _BULLET.match(block.text)
            and last.text[-1:] not in ".;:!?"
        ):
            joined[-1] = Paragraph(f"{last.text} {block.text}", last.place, bold=last.bold, centred=last.centred)
        else:
            joined.append(block)
    return joined


def cell_text(words: list[Word], box: tuple[float, ...]) -> str:
    """The words of a cell; a line that had room for the next word ends a paragraph."""
    found = lines(words)
    if not found:
        return ""
    padding = min(max(min(line[0].x0 for line in found) - box[0], 2), 12)
    right = max(max(line[-1].x1 for line in found), box[2] - padding)
    paragraphs: list[list[str]] = [[words_of(found[0])]]
    for above, line in pairwise(found):
        words_of_line = words_of(line)
        room = right - above[-1].x1
        starts = room > (line[0].x1 - line[0].x0) + 0.28 * (line[0].bottom - line[0].top)
        if starts or _BULLET.match(words_of_line):
            paragraphs.append([words_of_line])
        else:
            paragraphs[-1].append(words_of_line)
    return "\n".join(squeeze(_join_lines(lines_of)) for lines_of in paragraphs)


def _join_lines(lines: list[str]) -> str:
    """Lines to one text; a date or number broken by a narrow column grows together again."""
    text = lines[0]
    for line in lines[1:]:
        text += line if _is_broken(text, line) else f" {line}"
    return text


def _is_broken(above: str, line: str) -> bool:
    tail, head = re.search(r"[\d/]+$", above), re.match(r"[\d/]+", line)
    if not tail or not head or not re.search(r"/", tail[0]):
        return False
    year = re.search(r"/(\d{0,3})$", tail[0])
    return (bool(year) and len(year[1]) + len(re.match(r"\d*", head[0])[0]) in (2, 4)) or "/" in head[0]  # type: ignore[index]
