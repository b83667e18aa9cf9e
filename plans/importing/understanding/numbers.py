"""The printed numbers of sections and tasks: A, I, 1, 1.1, a) and bullets."""

import re

_LABEL = re.compile(
    r"^\(?(?P<no>[A-H]|[IVXl]{1,6}|\d{1,3}(?:\.\d{1,3}){0,5}|[a-zđ])(?P<end>[.)/:]+|(?=\s|$)| ?-(?= ))\s*(?P<rest>.*)$",
    re.DOTALL,
)
_BULLET = re.compile(
    r"^(?P<mark>[-–—+*•●▪◦✓➢o])\s+(?P<rest>\S.*)$|^(?P<glued>[-–—+•●▪])(?P<word>[^\W\d].*)$", re.DOTALL
)
_ROMAN = re.compile(r"^[IVX]+$")
BULLET_LEVELS = {"-": 20, "+": 21, "*": 21, "•": 20}


def split_label(text: str) -> tuple[str, str]:
    """Cut the number off a line: "1.2. Sở Nội vụ" gives ("1.2", "Sở Nội vụ"); without a number ("", text).

    A lone letter or number needs a sign after it ("a)", "1."); "I" and "1.1" do not.
    """
    match = _LABEL.match(text)
    if not match:
        return "", text
    number, end, rest = match["no"], match["end"], match["rest"]
    if not end and not ("." in number or _ROMAN.match(number)):
        return "", text
    if not end and _ROMAN.match(number) and len(number) == 1 and not rest[:1].isupper():
        return "", text
    if number.isdigit() and end.startswith("/"):
        return "", text
    if rest[:1].isdigit() and end in (".", "/") and "." not in number and not rest[:3].endswith("%"):
        return "", text
    return number, rest.strip()


def is_numbered_list(rest: str) -> bool:
    """Whether what follows a number goes on with items of the same list: "… \\n2. Kiểm tra văn bản"."""
    return bool(re.search(r"\n\s*\d{1,2}[.)]\s", rest))


def split_bullet(text: str) -> tuple[str, str]:
    """Cut a bullet off a line: "- Rà soát …" gives ("-", "Rà soát …"); without a bullet ("", text)."""
    match = _BULLET.match(text)
    if not match:
        return "", text
    mark = match["mark"] or match["glued"]
    rest = match["rest"] or match["word"]
    return ("-" if mark in "-–—•●▪➢✓" else "+"), rest.strip()


def clean_number(text: str) -> str:
    """The number of a cell without signs around it: "(1.1.)" gives "1.1"; other words stay as they are."""
    words = " ".join(text.split())
    match = re.match(r"^\(?([A-Za-zĐđ]|[IVXl]{1,6}|\d{1,3}(?:[.,]\d{1,3}){0,5})[.)/:]*$", words)
    return match[1].replace(",", ".").replace("l", "I") if match else words


def level_of(number: str) -> int:
    """How deep a number stands: A is 0, I is 1, 1 is 2, 1.1 is 3, a) is 12; 15 for anything else."""
    if _ROMAN.match(number):
        return 1
    if re.fullmatch(r"[A-HĐ]", number):
        return 0
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3})*", number):
        return 2 + number.count(".")
    if re.fullmatch(r"[a-zđ]", number):
        return 12
    return 15


def as_tuple(number: str) -> tuple[int, ...] | None:
    """(1, 2) for "1.2"; None for letters and Roman numerals."""
    return tuple(map(int, number.split("."))) if re.fullmatch(r"\d{1,3}(?:\.\d{1,3})*", number) else None


def is_child(number: str, parent: str) -> bool:
    """Whether a number stands directly or indirectly under another: 1.1 under 1, 1 under I, I under A."""
    if number.startswith(f"{parent}."):
        return True
    return level_of(number) > level_of(parent) and not ("." in number or level_of(number) == 15)
