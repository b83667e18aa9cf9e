"""The country's administrative units with the days on which each exists. Pure: no database, for readers without one."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit [đơn vị hành chính] as the Statistics Office lists it.

    ``code`` has 2 digits (province), 3 (district) or 5 (commune); ``kind`` is the word before the name ("thị trấn").
    """

    code: str
    parent: str
    kind: str
    name: str
    since: date | None
    until: date | None

    def exists_on(self, day: date) -> bool:
        """Return whether the unit is in the list that holds on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def full_name(self) -> str:
        """Return "huyện Lập Thạch", with a small first letter: for the middle of a sentence."""
        return f"{self.kind} {self.name}"


@cache
def units() -> tuple[Unit, ...]:
    """Return every unit of the country with the days on which it exists, provinces first."""
    with (DATA / "units.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        next(rows)
        return tuple(Unit(row[0], row[1], row[2], row[3], day_of(row[4]), day_of(row[5])) for row in rows)


def day_of(text: str | None) -> date | None:
    """Return the day of an ISO date in a data file; None where the cell is empty."""
    return date.fromisoformat(text) if text else None
