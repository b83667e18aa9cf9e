"""Build agencies/data/units.tsv, the administrative units of the country, from the releases of `vietnam-provinces`.

Run from the root of the project: ``python -m bin.build_units`` (needs pip and a package index, nothing else). The
product never runs this: it reads the file. What the lists show, and their mistakes: agencies/data/README.md.
"""

import argparse
import csv
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from agencies.folding import fold, squeeze

TARGET = Path(__file__).resolve().parent.parent / "agencies" / "data" / "units.tsv"
COLUMNS = ("code", "parent", "kind", "name", "from", "until")


@dataclass(frozen=True)
class Release:
    """One state of the General Statistics Office's list: in which release it is, and from which day we use it."""

    version: str
    sha256: str
    valid_from: str
    counts: tuple[int, int, int]


RELEASES = (
    Release("0.4.3", "22be3c499998d29a457120a4be7a484c11570d3507f948f23e3418ad6c152e5f", "", (63, 705, 10_603)),
    Release(
        "0.5.0", "c56acf6c4ad3b4275b77ebf00903d862f04a389e385813c7df9a89b6490dbdfc", "2023-05-07", (63, 705, 10_598)
    ),
    Release(
        "0.6.0", "4b5772870efdcb7c58a64fbdc0e0c9ce497e67017a0c189dff99582ddadb7815", "2025-01-01", (63, 696, 10_051)
    ),
    Release(
        "2025.10.1", "1693dece496b1e04e2b637a3dd79a87a22666e13c91c51cf06dc27e482987f57", "2025-07-01", (34, 0, 3_321)
    ),
)
# Communes that ended in 2019-2020 and come back in the list of 4/1/2025, all under districts newly joined to others.
_LONG_GONE = {
    "07693",
    "07732",
    "07744",
    "16387",
    "16411",
    "18448",
    "20176",
    "20674",
    "25102",
    "25174",
    "25177",
    "25186",
}
# The list writes this one province the old way, all others the new one.
_SPELLING = {"Tỉnh Hoà Bình": "Tỉnh Hòa Bình"}
_KINDS = re.compile(r"^(tỉnh|thành phố|thị xã|quận|huyện|phường|xã|thị trấn|đặc khu) (?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """A row of the file: a unit under one parent, kind and name, from ``since`` to ``until``, both days included."""

    code: str
    parent: str
    kind: str
    name: str
    since: str = ""
    until: str = ""


def unit(code: str, parent: str, printed: str, kind_without_word: str = "") -> Unit:
    """Make a unit of the printed name: "Thị Trấn  Thổ Tang" is the "thị trấn" of the name "Thổ Tang".

    The first letter of a name is a capital ("Xã é Tòng" in the source is a misprint).
    """
    words = squeeze(_SPELLING.get(printed, printed))
    found = _KINDS.match(words)
    if not found and not kind_without_word:
        raise ValueError(f"{code}: no kind in {printed!r}")
    kind = found.group(1).casefold() if found else kind_without_word
    name = words[found.end() :] if found else words
    return Unit(code, parent, kind, name[0].upper() + name[1:])


def read(wheel: Path) -> dict[str, Unit]:
    """Return the units of one release by code. Codes have 2, 3 and 5 digits, as the Statistics Office prints them."""
    with zipfile.ZipFile(wheel) as archive:
        provinces = json.loads(archive.read("vietnam_provinces/data/nested-divisions.json"))
    units = []
    for province in provinces:
        top = f"{province['code']:02d}"
        units.append(unit(top, "", province["name"], "tỉnh"))
        for district in province.get("districts", [None]):
            parent = f"{district['code']:03d}" if district else top
            if district:
                units.append(unit(parent, top, district["name"]))
            units += [unit(f"{ward['code']:05d}", parent, ward["name"]) for ward in (district or province)["wards"]]
    return {one.code: one for one in units}


def join(lists: list[tuple[Release, dict[str, Unit]]]) -> list[Unit]:
    """Join the lists, oldest first, into rows with the days on which they hold.

    A unit that only changes its spelling ("Xuân Hoà", "Xuân Hòa") stays one row, in the newest spelling.
    """
    done: list[Unit] = []
    current: dict[str, Unit] = {}
    for release, units in lists:
        following = {}
        for code, new in units.items():
            old = current.pop(code, None)
            same = old is not None and (old.parent, old.kind, fold(old.name)) == (new.parent, new.kind, fold(new.name))
            following[code] = replace(new, since=old.since if old and same else release.valid_from)
            if old and not same:
                done.append(ended(old, release))
        done += [ended(old, release) for old in current.values()]
        current = following
    return sorted([*done, *current.values()], key=lambda row: (len(row.code), row.code, row.since))


def ended(old: Unit, release: Release) -> Unit:
    """Return the unit with the day before the release as its last."""
    return replace(old, until=(date.fromisoformat(release.valid_from) - timedelta(days=1)).isoformat())


def fetch(release: Release, folder: Path) -> Path:
    """Download the wheel of a release without its dependencies, check its hash and return its path."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(folder)]
    subprocess.run([*command, f"vietnam-provinces=={release.version}"], check=True)
    wheel = next(folder.glob(f"vietnam_provinces-{release.version}-*.whl"))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != release.sha256:
        raise SystemExit(f"{wheel.name}: sha256 is {digest}, expected {release.sha256}")
    return wheel


def counted(release: Release, units: dict[str, Unit]) -> dict[str, Unit]:
    """Return the units that exist; stop when the list is not the one that was looked through."""
    counts = tuple(sum(len(code) == digits for code in units) for digits in (2, 3, 5))
    if counts != release.counts:
        raise SystemExit(f"{release.version}: {counts} provinces, districts, communes; expected {release.counts}")
    if release.version == "0.6.0":
        return {code: one for code, one in units.items() if code not in _LONG_GONE}
    return units


def main() -> None:
    """Fetch, check, join, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    target = parser.parse_args().target
    with tempfile.TemporaryDirectory() as folder:
        lists = [(release, counted(release, read(fetch(release, Path(folder))))) for release in RELEASES]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.code, row.parent, row.kind, row.name, row.since, row.until) for row in join(lists))


if __name__ == "__main__":
    main()
