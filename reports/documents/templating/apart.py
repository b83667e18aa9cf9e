"""Rendering a template in a process of its own, which is killed when it takes too much: see `child` for its limits."""

import json
import logging
import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from agencies.folding import printable
from plans.processes import last_words, start
from reports.documents.templating.variables import shape_of

logger = logging.getLogger(__name__)

LONGEST = 45.0
"""Seconds by the clock on the wall; the process itself may compute 40."""
MAX_ANSWER = 48 * 1024 * 1024
NEW_PARAGRAPH = "\a"
"""docxtpl begins a new paragraph, in the same look, at this sign."""
TOO_MUCH = "Mẫu cần quá nhiều thời gian hoặc bộ nhớ để tạo văn bản. Hãy bớt vòng lặp, bảng và hình ảnh trong mẫu."


class TemplateRefused(Exception):
    """The template cannot be used; ``problems`` say in Vietnamese what is wrong, where, and what to do."""

    def __init__(self, problems: list["Trouble"]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: the words for people, and where in the template ("" for the file as a whole)."""

    words: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.place})" if self.place else self.words


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written into the file's properties."""

    title: str
    author: str = field(default="")


def render(template: bytes, kind: str, context: dict[str, Any], facts: Facts) -> bytes:
    """Return the document that a template makes of a context. Raises `TemplateRefused`; the file is never trusted."""
    question = {
        "shape": shape_of(kind),
        "context": prepared(context),
        "title": printable(facts.title)[:255],
        "author": printable(facts.author)[:255],
    }
    said, document = _ask(json.dumps(question, ensure_ascii=False).encode("utf-8", "replace") + b"\n" + template)
    if "refused" in said:
        raise TemplateRefused([Trouble(str(said["refused"]))])
    if "problems" in said:
        raise TemplateRefused([Trouble(one["words"], one["place"]) for one in said["problems"]])
    return document


def prepared(value: Any) -> Any:
    """Return values as docxtpl writes them: each line of a text a paragraph, no signs that XML forbids."""
    if isinstance(value, dict):
        return {key: prepared(one) for key, one in value.items()}
    if isinstance(value, list):
        return [prepared(one) for one in value]
    lines = [line.rstrip() for line in str(value).splitlines() if line.strip()]
    return NEW_PARAGRAPH.join(printable(line.replace("\t", " ")) for line in lines)


def _ask(question: bytes) -> tuple[dict[str, Any], bytes]:
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complaints:
        asked.write(question)
        asked.seek(0)
        process = start("reports.documents.templating.child", asked, complaints)
        try:
            answer, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired as error:
            raise TemplateRefused([Trouble(TOO_MUCH)]) from error
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            if process.stdout:
                process.stdout.close()
            process.wait()
        head, _, document = answer.partition(b"\n")
        if process.returncode or not head or len(answer) > MAX_ANSWER:
            words = last_words(complaints)
            logger.warning("The renderer of a template ended with %s: %s", process.returncode, words)
            raise TemplateRefused([Trouble(_broken_down(process.returncode, words))])
        return json.loads(head), document


def _broken_down(code: int, words: str) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT) or "MemoryError" in words:
        return TOO_MUCH
    return "Mẫu bị hỏng hoặc chứa nội dung bất thường nên không tạo được văn bản. Hãy mở bằng Word, lưu lại rồi tải lên lần nữa."
