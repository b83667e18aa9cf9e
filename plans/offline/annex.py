"""What the writer and the reader of the annex agree on: names of sheets and heads, codes of rows, what a row remembers."""

import hashlib
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from agencies.folding import nfc, printable

SHEET = "Phụ lục"
MEMORY = "Nhận dạng"
"""The hidden, locked sheet that says whose the file is and what each row was when it was downloaded."""
MARK = "sipas-phu-luc-ngoai-tuyen"
VERSION = 1
PERCENT = "Tiến độ mới (%)"
WORDS = "Kết quả, tình hình thực hiện mới"
CODE = "Mã dòng"
LONGEST = 10_000
"""Characters of the words of one update, as on the item's page."""
_LETTERS = "BCDFGHKLMNPQRSTVXZ"
_CODE_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the workbook remembers of one item: revision, percent, state and a hash of the last words when it was made.

    Nothing of this is trusted: rights and states are asked again, and the revision only tells what the person had seen.
    """

    item: int
    revision: int
    percent: int
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row as it came back. ``place`` is its line in the sheet; ``percent`` None where nothing was written.

    ``fault`` says in Vietnamese, with the address of the cell, why the row cannot be taken; its words are kept all the same.
    """

    code: str
    place: int
    percent: int | None
    words: str
    fault: str = ""
    task: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written in the columns to fill."""
        return self.percent is None and not self.words and not self.fault


def code_of(item: int) -> str:
    """Return the code of an item's row: letters without a meaning, so that dragging a cell down copies it, not counts it."""
    number = int.from_bytes(salted_hmac("plans.offline.annex", str(item), algorithm="sha256").digest()[:8])
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def as_carried(words: str) -> str:
    """Return words as they come back from a workbook: composed, with one kind of line end and nothing at the ends."""
    return nfc(printable(words.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def hash_of(words: str) -> str:
    """Return the key under which the same words meet."""
    return hashlib.sha256(as_carried(words).encode()).hexdigest()[:20]
