"""`manage.py write_samples FOLDER`: one of each document, from the sample data, in a database of its own."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand
from django.test.utils import override_settings

from sipas_tracker.demo.apart import database_of_its_own
from sipas_tracker.demo.first_half import FirstHalf
from sipas_tracker.demo.loading import load_demo
from sipas_tracker.demo.samples import half_year_of, write_samples

PLAN = "82/KH-UBND"


class Command(BaseCommand):
    """Loads the sample data, plays it to 14/6/2024, writes the documents and their pictures; nothing else is touched."""

    help = "Lập mỗi loại tài liệu một bản từ dữ liệu mẫu (Word, Excel, PDF) kèm ảnh trang đầu, vào thư mục cho trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Say which files were written."""
        with (
            TemporaryDirectory(prefix="sipas-samples-") as media,
            override_settings(DEMO=True, MEDIA_ROOT=media),
            database_of_its_own(),
        ):
            load_demo()
            period = half_year_of(PLAN)
            FirstHalf(period).play()
            for path in write_samples(period, folder):
                self.stdout.write(f"{path.name} ({path.stat().st_size // 1024} kB)")
