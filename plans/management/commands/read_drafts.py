"""`manage.py read_drafts`: read the documents that wait, by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.importing.reading_drafts import read_drafts
from plans.models import ImportDraft


class Command(BaseCommand):
    """Read what waits; with --dry-run only list it."""

    help = "Đọc các văn bản kế hoạch đã tải lên và đang chờ đọc (kể cả khi tiến trình trước dừng giữa chừng)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how to answer."""
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê văn bản đang chờ, không đọc")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Read or list."""
        if dry_run:
            for draft in ImportDraft.objects.free_to_read(timezone.now()):
                self.stdout.write(f"{draft.pk}: {draft.document_name} (đã thử {draft.attempts} lần)")
            return
        self.stdout.write(f"Đã đọc {read_drafts()} văn bản.")
