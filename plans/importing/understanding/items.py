"""The paragraphs of a document as items: those a page end has cut are joined, numbers and bullets are cut off."""

import re
from dataclasses import dataclass, replace

from agencies.folding import fold
from plans.importing.document import Document, Paragraph, Table
from plans.importing.understanding.numbers import split_bullet, split_label

_PART = re.compile(
    r"^\**(?:Phần|PHẦN|Chương|CHƯƠNG)\s+(?:thứ\s+)?(?P<no>[IVX]{1,5}|\d{1,2}|[A-E]|[\w]{2,5})\**\s*[.:]?\s*"
)


@dataclass
class Item:
    """A paragraph with its number or bullet cut off; ``part`` is true for "Phần I", "Chương II"."""

    label: str
    bullet: str
    text: str
    place: str
    bold: bool
    level: int | None
    part: bool = False


def joined(document: Document) -> list[Paragraph]:
    """The paragraphs, those put together that a page end has cut in the middle of a sentence."""
    result: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Table):
            continue
        last = result[-1] if result else None
        goes_on = (
            block.text[:1].islower()
            and not block.number
            and not split_label(block.text)[0]
            and not split_bullet(block.text)[0]
        )
        if last and goes_on and last.text[-1:] not in ".;:!?…/" and len(last.text) > 40:
            result[-1] = replace(last, text=f"{last.text} {block.text}")
        else:
            result.append(block)
    return result


def items_of(document: Document) -> list[Item]:
    """The items of the body in order. A line "Phần II" takes the line below it as its title."""
    items: list[Item] = []
    for paragraph in joined(document):
        item = _item(paragraph)
        if items and items[-1].part and not items[-1].text and item.text:
            items[-1].text = item.text
        elif item.text or item.part:
            items.append(item)
    return [item for item in items if item.text]


def _item(paragraph: Paragraph) -> Item:
    part = _PART.match(paragraph.printed)
    if part and (len(paragraph.printed) < 120 or paragraph.printed == paragraph.printed.upper()):
        rest = paragraph.printed[part.end() :].strip(" *")
        if re.fullmatch(r"[IVX]+|\d+|[A-E]|nhất|hai|ba|bốn|tư|năm|sáu", fold(part["no"]).upper()) or fold(part["no"]) in (
            "nhất", "hai", "ba", "bốn", "tư", "năm", "sáu",
        ):  # fmt: skip
            return Item(part["no"], "", rest, paragraph.place, paragraph.bold, paragraph.level, True)
    bullet, text = split_bullet(paragraph.printed)
    label, rest = ("", text) if bullet else split_label(text)
    if bullet and split_label(text)[0][:1].islower() and split_label(text)[0]:
        bullet, (label, rest) = "", split_label(text)
    return Item(label, bullet, rest, paragraph.place, paragraph.bold, paragraph.level)
