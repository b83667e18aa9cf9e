"""`manage.py make_documents`: make the documents of consolidated reports that wait, by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.making import make_documents
from reports.models import Consolidation


class Command(BaseCommand):
    """Make what waits; with --dry-run only list it."""

    help = (
        "Lập tài liệu (Word, Excel, PDF) của các báo cáo tổng hợp đang chờ, kể cả khi tiến trình trước dừng giữa chừng."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how to answer."""
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê phiên bản đang chờ, không lập")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Make or list; an exit code other than 0 when a document could not be made."""
        if dry_run:
            for made in Consolidation.objects.free_to_make(timezone.now()).select_related("period"):
                self.stdout.write(f"{made.pk}: {made} (đã thử {made.attempts} lần)")
            return
        outcome = make_documents()
        self.stdout.write(f"Đã lập tài liệu của {outcome.made} phiên bản.")
        if outcome.failed:
            raise CommandError(
                f"Chưa lập được tài liệu của {outcome.failed} phiên bản; lý do ghi trên trang của phiên bản."
            )
