"""What a page of a PDF does, step by step: pdfminer's interpreter, with its parser passed by where the content is plain.

Taking the content apart letter by letter was half of the time of a long plan. What office programs write is known by one
regular expression; anything else (inline pictures, comments, brackets in brackets, very long content) is left to the
parser of pdfminer, which knows every corner of the format.
"""

import re
from collections.abc import Sequence
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import LIT

_MOST = 512 * 1024
"""Bytes of content that are taken apart at once; an ordinary page has a twentieth."""
_TOKEN = re.compile(
    rb"[ \t\r\n\f]*(?:"
    rb"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+))"
    rb"|<(?P<hex>(?:[0-9A-Fa-f]{2})*)>"
    rb"|\((?P<string>[^()\\]*)\)"
    rb"|(?P<open>\[)|(?P<close>\])"
    rb"|/(?P<name>[^#/%\[\]()<>{}\s\x00]+)"
    rb"|(?P<word>[A-Za-z][^#/%\[\]()<>{}\s\x00]*|['\"])"
    rb"|(?P<properties><<(?:[^<>()]|\([^<>()\\]*\))*>>)"
    rb")"
)
_METHODS = {"*": "_a", '"': "_w", "'": "_q"}
_Step = tuple[bytes | None, Any]
"""A word of command and nothing, or nothing and what stands before one."""


class ContentInterpreter(PDFPageInterpreter):
    """Does the same as its parent, sooner."""

    def execute(self, streams: Sequence[object]) -> None:
        """Carry out the content of a page or of a drawing that it places."""
        found = [stream_value(stream) for stream in streams]
        known = {stream.objid for stream in found}
        steps = None
        if None not in known and not known & self.parent_stream_ids:
            steps = _steps(b"\n".join([stream.get_data() for stream in found]))
        if steps is None:
            super().execute(streams)
            return
        self.stream_ids = {number for number in known if number is not None}
        methods: dict[bytes, tuple[Any, int]] = {}
        for word, value in steps:
            if word is None:
                self.push(value)
                continue
            method, wanted = methods.get(word) or methods.setdefault(word, self._method(word))
            if method is None:
                continue
            given = self.pop(wanted) if wanted else []
            if len(given) == wanted:
                method(*given)

    def _method(self, word: bytes) -> tuple[Any, int]:
        """What carries a word of command out, and how many values it takes."""
        name = "".join(_METHODS.get(letter, letter) for letter in word.decode("latin-1"))
        method = getattr(self, f"do_{name}", None)
        return method, method.__code__.co_argcount - 1 if method else 0


def _steps(content: bytes) -> list[_Step] | None:
    """The words of a content and the values before them; None where it is not plain."""
    try:
        return _taken_apart(content) if len(content) <= _MOST else None
    except ValueError:  # a name in another script, a number without end
        return None


def _taken_apart(content: bytes) -> list[_Step] | None:
    steps: list[_Step] = []
    array: list[Any] | None = None
    place = 0
    for match in iter(_TOKEN.scanner(content).match, None):  # type: ignore[attr-defined]
        kind, place = match.lastgroup, match.end()
        if kind == "word":
            word = match["word"]
            if array is not None or word in (b"BI", b"true", b"false"):
                return None
            steps.append((word, None))
        elif kind == "open" or kind == "close":
            if (array is None) == (kind == "close"):
                return None
            if array is not None:
                steps.append((None, array))
            array = [] if kind == "open" else None
        elif array is not None:
            array.append(_value(kind, match))
        else:
            steps.append((None, _value(kind, match)))
    return steps if array is None and not content[place:].strip() else None


def _value(kind: str | None, match: "re.Match[bytes]") -> Any:
    text = match[kind or 0]
    if kind == "number":
        return float(text) if b"." in text else int(text)
    if kind == "hex":
        return bytes.fromhex(text.decode())
    if kind == "name":
        return LIT(text.decode("utf-8"))
    return text if kind == "string" else {}
