"""Check a Word file against Decree 30/2020/NĐ-CP, Appendix I."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reports.documents.checking import Unreadable, Verdict, check

MARKS = {"ok": "đạt", "fails": "CHƯA ĐẠT", "absent": "không có"}


class Command(BaseCommand):
    """`manage.py check_document FILE.docx [--json]`: exit code 0 when all is well, 1 when points fail, 2 when unreadable.

    The JSON is that of `reports.documents.checking`; a file that cannot be read gives {"error": words}.
    """

    help = "Kiểm tra thể thức tệp Word theo Nghị định 30/2020/NĐ-CP, Phụ lục I (mã thoát: 0 đạt, 1 chưa đạt, 2 không đọc được)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and the form of the answer."""
        parser.add_argument("file", type=Path, metavar="TỆP.docx", help="tệp Word cần kiểm tra")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--all", action="store_true", help="in cả các mục đã đạt")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Check and print."""
        try:
            verdict = check(file.read_bytes())
        except OSError as error:
            self._refuse(f"Không mở được tệp “{file}”: {error.strerror}.", options["json"])
        except Unreadable as error:
            self._refuse(error.message, options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2))
        else:
            self._tell(file, verdict, everything=options["all"])
        if not verdict.passes:
            sys.exit(1)

    def _refuse(self, words: str, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"error": words}, ensure_ascii=False))
        else:
            self.stderr.write(words)
        sys.exit(2)

    def _tell(self, file: Path, verdict: Verdict, *, everything: bool) -> None:
        for answer in verdict.answers:
            if answer.state == "fails" or everything:
                self.stdout.write(f"[{MARKS[answer.state]}] {answer.title} ({answer.name})")
            if answer.state == "fails":
                for one in answer.found[:10]:
                    self.stdout.write(f"    - {one.words} - {one.place}")
                if len(answer.found) > 10:
                    self.stdout.write(f"    - … và {len(answer.found) - 10} chỗ khác")
                self.stdout.write(f"    Quy định: {answer.wanted}. Căn cứ: {answer.source}.")
        kept = sum(answer.state == "ok" for answer in verdict.answers)
        looked = kept + len(verdict.failing)
        kind = verdict.kind or "không nhận ra tên loại"
        self.stdout.write(f"{file.name} ({kind}): đạt {kept}/{looked} mục kiểm tra.")
