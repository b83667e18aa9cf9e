"""Misprints that typing and text recognition leave in plans, where the right words are beyond doubt.

Not a spelling checker: each entry is a form that is no word of its own in this place. Tone marks are what recognition loses
first (ổ → ô, ấ → ă), doubled syllables and letters are what typing leaves.
"""

import re

from agencies.folding import nfc

_FORMS: tuple[tuple[str, str], ...] = (
    (r"\bC[ôộ]ng (thông tin điện tử|thông tin|dịch vụ công|TTĐT|DVC)", r"Cổng \1"),
    (r"\bcông (thông tin điện tử|dịch vụ công của)", r"cổng \1"),
    (r"\bkiên nghị", "kiến nghị"),
    (r"\bphản ánh nghị\b", "phản ánh, kiến nghị"),
    (r"\bvăn đề\b", "vấn đề"),
    (r"\bnhững nhi[ễề]u\b(?! (?:hơn|nhất|năm|nơi|vấn))", "nhũng nhiễu"),
    (r"\bchuyên biến\b", "chuyển biến"),
    (r"\bphân đầu\b", "phấn đấu"),
    (r"\b(của|trong|địa bàn) tinh\b", r"\1 tỉnh"),
    (r"\bdự hài lòng\b", "sự hài lòng"),
    (r"\bkhách hành\b", "khách hàng"),
    (r"\bvũng mạnh\b", "vững mạnh"),
    (r"\bBệnh viên (công lập|tuyến|đa khoa)", r"Bệnh viện \1"),
    (r"\b(?:TTTHC|TTHTC|TTHHC)\b", "TTHC"),
    (r"\bCBCCVV\b", "CBCCVC"),
    (r"\bCQHCCNN\b", "CQHCNN"),
    (r"\bcua (người dân|tỉnh|Sở|UBND)", r"của \1"),
    (r"\bdichvuccong\b", "dichvucong"),
    (r"\bthủ tục hành chinh\b", "thủ tục hành chính"),
    (r"\bnguời\b", "người"),
    (r"\bthưc hiện\b|\bthực hiên\b", "thực hiện"),
    (r", đảm 100%", ", đảm bảo 100%"),
)
_COMPILED = tuple((re.compile(form), right) for form, right in _FORMS)
_TWICE = re.compile(
    r"\b(?P<word>người|nước|hành chính|thủ tục|và|của|các|được|thực hiện|sự) (?P=word)\b", re.IGNORECASE
)
_LONGEST = 5000


def misprints_in(text: str) -> list[tuple[str, str]]:
    """The misprints of a text with the right words, each once, in the order of the list above."""
    words = nfc(text[:_LONGEST])
    found = [(match[0], match.expand(right)) for form, right in _COMPILED if (match := form.search(words))]
    found += [(match[0], match["word"]) for match in _TWICE.finditer(words)]
    return list(dict.fromkeys(found))
