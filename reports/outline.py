"""The outline of an agency's report [đề cương báo cáo]: which sections of words it has, in which order.

Pure: a list of sections that a period keeps as JSON. The default follows the outline that departments of home affairs
send out: results, shortcomings with causes, obstacles, proposals, direction for the next period.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError

from agencies.folding import squeeze, unaccent

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
LONGEST_TITLE, LONGEST_HINT, MOST_SECTIONS = 200, 500, 20
OBSTACLES, PROPOSALS = "obstacles", "proposals"
SOURCES = {"": "cơ quan tự viết", OBSTACLES: "lấy từ vướng mắc đã nêu", PROPOSALS: "lấy từ kiến nghị đã nêu"}
"""Where the first words of a section come from."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: ``key`` is stable and names it in `Report.words`; people read ``title`` and, while writing, ``hint``."""

    key: str
    title: str
    hint: str = ""
    required: bool = False
    source: str = ""


DEFAULT = (
    Section(
        "results", "Kết quả nổi bật trong kỳ", "Nêu việc đã làm, số liệu, văn bản đã ban hành; mỗi ý một dòng.", True
    ),
    Section("shortcomings", "Tồn tại, hạn chế và nguyên nhân"),
    Section("obstacles", "Khó khăn, vướng mắc", "Để trống nếu không có.", source=OBSTACLES),
    Section("proposals", "Kiến nghị, đề xuất", "Ghi rõ kiến nghị với cơ quan nào.", source=PROPOSALS),
    Section("outlook", "Phương hướng, nhiệm vụ kỳ tới", "", True),
)
"""The sections of a period whose outline nobody has changed."""


def default_outline() -> list[dict[str, Any]]:
    """Return the default as a period keeps it."""
    return as_json(DEFAULT)


def as_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Return sections as plain JSON values."""
    return [asdict(section) for section in sections]


def sections_of(outline: Iterable[dict[str, Any]]) -> list[Section]:
    """Return the sections that a period keeps."""
    return [Section(**row) for row in outline]


def checked(sections: Iterable[Section]) -> list[Section]:
    """Return the sections ready to be kept: titles squeezed, new ones with a key; raises ValidationError in words."""
    found: list[Section] = []
    for number, section in enumerate(sections, 1):
        title = squeeze(section.title)
        if not title:
            raise ValidationError(f"Mục thứ {number} của đề cương chưa có tên.")
        if len(title) > LONGEST_TITLE or len(section.hint) > LONGEST_HINT:
            raise ValidationError(
                f"Mục “{title[:60]}…” quá dài: tên tối đa {LONGEST_TITLE}, gợi ý tối đa {LONGEST_HINT} ký tự."
            )
        if title.lower() in {one.title.lower() for one in found}:
            raise ValidationError(f"Đề cương có hai mục cùng tên “{title}”.")
        if section.source not in SOURCES:
            raise ValidationError(f"Mục “{title}” lấy nội dung từ nơi không có.")
        key = section.key if KEY.fullmatch(section.key) else _new_key(title)
        key = _free(key, {one.key for one in found})
        found.append(Section(key, title, section.hint.strip(), section.required, section.source))
    if not found:
        raise ValidationError("Đề cương phải có ít nhất một mục.")
    if len(found) > MOST_SECTIONS:
        raise ValidationError(f"Đề cương có tối đa {MOST_SECTIONS} mục.")
    for source in (OBSTACLES, PROPOSALS):
        if sum(section.source == source for section in found) > 1:
            raise ValidationError(f"Chỉ một mục được {SOURCES[source]}.")
    return found


def _new_key(title: str) -> str:
    key = re.sub(r"[^a-z0-9]+", "-", unaccent(title)).strip("-")[:36].strip("-") or "muc"
    return key if KEY.fullmatch(key) else f"muc-{key[:32]}"


def _free(key: str, taken: Container[str]) -> str:
    """Return the key, with a number after it where another section has it already."""
    return next(one for one in (key, *(f"{key[:36]}-{number}" for number in range(2, 1000))) if one not in taken)
