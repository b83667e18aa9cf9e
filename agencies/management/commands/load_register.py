"""`manage.py load_register`: give a province its register of agencies and groups as of a day."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.registers import Register, UnknownProvinceError, register_of, save_register
from workdays.clock import today


def a_day(text: str) -> date:
    """Read 2024-03-20 or 20/03/2024."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ArgumentTypeError(f"“{text}” không phải là ngày (ví dụ: 20/03/2024 hoặc 2024-03-20)")


class Command(BaseCommand):
    """Thin door to `agencies.registers`."""

    help = (
        "Nạp sổ cơ quan và nhóm cơ quan của một tỉnh, thành phố theo tổ chức bộ máy tại một ngày. "
        "Chạy lại không thay đổi gì; cơ quan đã có trong sổ được giữ nguyên."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the options in Vietnamese."""
        parser.add_argument("--province", required=True, metavar="TÊN", help='Tên tỉnh, thành phố, ví dụ: "Sơn La".')
        parser.add_argument(
            "--as-of", type=a_day, metavar="NGÀY", help="Bộ máy tại ngày nào, ví dụ: 20/03/2024. Mặc định: hôm nay."
        )
        parser.add_argument(
            "--with", nargs="+", default=[], dest="including", metavar="MÃ", help="Thêm cơ quan chỉ một số tỉnh có."
        )
        parser.add_argument(
            "--without", nargs="+", default=[], dest="excluding", metavar="MÃ", help="Bỏ cơ quan mà tỉnh không có."
        )
        parser.add_argument("--dry-run", action="store_true", help="Chỉ liệt kê, không ghi vào cơ sở dữ liệu.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compose, then save or list."""
        try:
            register = register_of(
                options["province"],
                options["as_of"] or today(),
                including=options["including"],
                excluding=options["excluding"],
            )
            if options["dry_run"]:
                self._list(register)
                return
            loaded = save_register(register)
        except (UnknownProvinceError, ValueError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"Sổ cơ quan {loaded.province.full_name} ngày {register.as_of:%d/%m/%Y}: "
            f"thêm {loaded.agencies_added} cơ quan, {loaded.groups_added} nhóm; "
            f"danh mục có {len(register.agencies)} cơ quan, {len(register.groups)} nhóm."
        )
        self._name_what_is_left_out(register)

    def _list(self, register: Register) -> None:
        for body in register.agencies:
            self.stdout.write(f"{body.code:<12} {body.name}")
        self._name_what_is_left_out(register)

    def _name_what_is_left_out(self, register: Register) -> None:
        """Say which bodies a person should think of: not every province has them."""
        if register.left_out:
            names = "; ".join(f"{body.name} ({body.code})" for body in register.left_out)
            self.stdout.write(f"Chưa đưa vào vì không phải tỉnh nào cũng có, nếu có hãy thêm bằng --with: {names}.")
