"""``read_plan FILE [--json]``: show what the importer understands of a document. No database, writes nothing.

The file is opened in a process apart, with limits, as when it is uploaded.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.importing.proposal import Proposal, Task
from plans.importing.proposing import Request
from plans.importing.reading import UnreadableDocument
from plans.importing.reading_apart import read_apart

_ROLES = {
    "lead": "chủ trì",
    "coordinate": "phối hợp",
    "implement": "thực hiện",
    "monitor": "theo dõi",
    "advise": "tham mưu",
}


class Command(BaseCommand):
    """Read one plan; exit status 1 with words on stderr when the file is refused."""

    help = "Đọc một tệp kế hoạch và in các nhiệm vụ nhận ra được; không ghi vào cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, form of the answer, and the plan's switch for "trước ngày"."""
        parser.add_argument("file", help="tệp .docx, .xlsx, .pdf, .txt, .html hoặc .md; dấu - là đọc từ bàn phím")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")
        parser.add_argument("--before-is-inclusive", action="store_true", help="“trước ngày 10” tính cả ngày 10")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, understand, print."""
        try:
            name = options["file"]
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            request = Request(name, before_is_inclusive=options["before_is_inclusive"])
            proposal = read_apart(data, request)
        except OSError as error:
            raise CommandError(f"Không mở được tệp: {error.strerror or error}.") from error
        except UnreadableDocument as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(proposal, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_readable(Proposal.from_dict(proposal))))


def _readable(proposal: Proposal) -> list[str]:
    plan = proposal.plan
    lines = [
        plan.title or "(chưa rõ tên kế hoạch)",
        f"Số: {plan.number or '…'}   Ngày ký: {_day(plan.signed)}   Cơ quan ban hành: {plan.issuer or '…'}",
        f"Tỉnh: {plan.province or '…'}   Năm: {plan.plan_year or '…'}   Mục tiêu: {plan.target or '…'}",
        f"Số nhiệm vụ: {len(proposal.tasks)}",
        "",
    ]
    path: list[str] = []
    for task in proposal.tasks:
        if task.heading_path != path:
            path = task.heading_path
            lines += [" > ".join(path), ""] if path else []
        lines += _task_lines(task)
    for one in proposal.warnings:
        lines.append(f"! {one.message} {one.words}".rstrip())
    return lines


def _task_lines(task: Task) -> list[str]:
    text = " ".join(task.text.split())
    agencies = "; ".join(f"{one.agency_or_group} ({_ROLES.get(one.role, one.role)})" for one in task.assignments)
    days = ", ".join(map(_day, task.deadline.get("due_dates") or [])) or "chưa có ngày"
    lines = [
        f"{task.row}. {text if len(text) < 160 else text[:157] + '…'}",
        f"   Cơ quan: {agencies or '…'}",
        f"   Thời hạn: {' '.join(task.time_text.split()) or '…'} → {days}",
    ]
    return [*lines, *(f"   ! {one.message} [{one.words}]" for one in task.counted_warnings), ""]


def _day(iso: str | None) -> str:
    return "/".join(reversed(iso.split("-"))) if iso else "…"
