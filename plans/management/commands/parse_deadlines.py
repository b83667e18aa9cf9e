"""`parse_deadlines`: JSON lines of time cells in, one JSON object a line out. Touches no database."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand

from plans.deadlines import Deadline, parse_deadline
from plans.deadlines.reading import unreadable


class Command(BaseCommand):
    help = (
        'Đọc thời hạn: mỗi dòng vào là một đối tượng JSON {"text", "plan_year", "plan_signed"} '
        "(hai khóa sau có thể thiếu), mỗi dòng ra là thời hạn đã đọc, đúng thứ tự, một dòng cho một dòng."
    )
    requires_system_checks: list = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        out = self.stdout
        for line in _lines():
            out.write(json.dumps(read_line(line).as_dict(), ensure_ascii=False))
            out.flush()


def _lines() -> Iterator[str]:
    """The lines of standard input; bytes that are no UTF-8 are replaced, so that a bad line costs only itself."""
    binary = getattr(sys.stdin, "buffer", None)
    for line in binary if binary is not None else sys.stdin:
        text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
        yield text.removeprefix("\ufeff").rstrip("\r\n")


def read_line(line: str) -> Deadline:
    """The deadline of one line; a line that is no such object is answered as unreadable, with the reason."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return unreadable("dòng vào không phải JSON")
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str | None):
        return unreadable("dòng vào phải là đối tượng JSON có khóa “text” là chuỗi")
    try:
        year, signed = _year(entry.get("plan_year")), _day(entry.get("plan_signed"))
    except (ValueError, TypeError, OverflowError):
        return unreadable("“plan_year” phải là năm, “plan_signed” phải là ngày dạng YYYY-MM-DD")
    return parse_deadline(entry.get("text"), plan_year=year, plan_signed=signed)


def _year(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise TypeError("plan_year")
    return int(value)


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    return datetime.fromisoformat(value).date()
