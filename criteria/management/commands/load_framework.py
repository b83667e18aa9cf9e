"""`manage.py load_framework`: load the measuring method and its criteria."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from criteria.importing import SIPAS_2023, load_framework


class Command(BaseCommand):
    """Thin door to `criteria.importing`."""

    help = (
        "Nạp phương pháp đo lường sự hài lòng và bộ tiêu chí (mặc định: Quyết định 1001/QĐ-BNV, giai đoạn 2023-2026). "
        "Chạy lại không thay đổi gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Another method may be loaded from its own file."""
        parser.add_argument("file", nargs="?", type=Path, default=SIPAS_2023, help="Tệp bộ tiêu chí (JSON).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what is new."""
        try:
            loaded = load_framework(options["file"])
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"Không nạp được tệp {options['file']}: {error}") from error
        self.stdout.write(
            f"{loaded.framework.code}: thêm {loaded.added} mục, sửa lời văn {loaded.reworded} mục; "
            f"có {loaded.framework.criteria.filter(level='criterion').count()} tiêu chí."
        )
