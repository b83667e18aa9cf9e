"""Rows of a task table that are no task: sums, signatures, forms to be filled in; and rows that carry on the one above."""

import re
from collections.abc import Sequence

from agencies.folding import fold
from plans.importing.understanding.grid import Line
from plans.importing.understanding.numbers import as_tuple, split_bullet, split_label
from plans.importing.understanding.raw import RawTask

_SUM = re.compile(
    r"^(?:tổng cộng|tổng số|tổng|cộng)(?:\s*(?:\(.*\)|[ivx\d+:.]+|(?:mục|phần|nhóm|kinh phí|toàn)\b.*))*\.?$"
)
_SIGNED = re.compile(
    r"^(?:nơi nhận\b|tm\. |kt\. |người lập|thủ trưởng(?: cơ quan| đơn vị)*$|kế toán trưởng|(?:phó )?(?:chủ tịch|giám đốc)$)"
)
_MATTERS = re.compile(
    r"\b(?:quý|tháng|ngày|năm 20\d\d|\d{1,2}/\d{1,2}|thời (?:hạn|gian)|gia hạn|điều chỉnh|lùi|thay|trừ|không (?:bao gồm|áp dụng)"
    r"|chuyển sang|nhiệm vụ (?:số|tại))"
)
_OPEN_END = re.compile(
    r"(?:[,;(/–-]|\b(?:và|của|về|với|các|cho|trong|theo|sở|ban|ubnd|quý|tháng|ngày|năm|trước|cấp|từ|đến))$"
)


def is_sum(line: Line) -> bool:
    """Whether a row only adds up: "Tổng cộng"."""
    return not line.has_cells and bool(_SUM.match(fold(line.words).strip()))


def is_signature(cells: Sequence[str]) -> bool:
    """Whether the words of a row are those under a document: recipients, offices and names of who signs."""
    return any(_SIGNED.match(fold(words)) for words in cells)


def note_matters(words: str) -> bool:
    """Whether a note under a table speaks of times or of single tasks, and may change them."""
    return bool(_MATTERS.search(fold(words)))


def carries_on(line: Line, above: RawTask) -> bool:
    """Whether a row without a number is the rest of the row above, cut by the end of a page or typed on two rows.

    Its words begin in the middle of a sentence, and every other cell carries on the cell above it. A row that has words
    only under the agencies adds to them.
    """
    if line.no or line.across or line.heading_begins:
        return False
    if line.text and (not line.text[:1].islower() or split_bullet(line.text)[0] or split_label(line.text)[0]):
        return False
    pairs = list(_pairs(line, above))
    only_agencies = not line.text and not line.time and not line.start
    return bool(pairs) and (only_agencies or _all_open(pairs))


def _pairs(line: Line, above: RawTask) -> list[tuple[str, str]]:
    """The filled cells of a row with the words of the row above in the same column."""
    upper = dict(above.agencies)
    pairs = [(words, upper.get(role, "")) for role, words in line.agencies if words]
    pairs += [(words, old) for words, old in ((line.time, above.time_text), (line.start, above.start_text)) if words]
    product = line.others.get("product", "")
    return pairs + ([(product, above.product)] if product else [])


def _all_open(pairs: list[tuple[str, str]]) -> bool:
    return bool(pairs) and all(words[:1].islower() or _OPEN_END.search(fold(old)) for words, old in pairs)


def numbers_agree(before: str, after: str) -> bool:
    """Whether no row is missing between two numbers, as far as they can be compared."""
    first, second = as_tuple(before), as_tuple(after)
    if not first or not second:
        return True
    return second[-1] == 1 or second == (*first[:-1], first[-1] + 1) or second == (first[0] + 1,)
