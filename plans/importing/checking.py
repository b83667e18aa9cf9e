"""What keeps a proposed row from becoming work, in words for the person who mends it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agencies.models import Agency, AgencyGroup, Province
from agencies.naming import NameBook
from plans.importing.proposal import REMARKS


def problems_of(row: dict[str, Any], book: NameBook) -> list[str]:
    """Return what keeps one row from becoming work, each with its row."""
    return [f"Dòng {row['row']}: {words}" for words in faults_of(row, book)]


def faults_of(row: Mapping[str, Any], book: NameBook) -> list[str]:
    """Return the same without the row."""
    found = []
    if not (row.get("text") or "").strip():
        found.append("chưa có nội dung nhiệm vụ.")
    for entry in unknown_entries(row, book):
        near = ", ".join(entry.get("candidates") or []) or "chưa có tên nào gần giống"
        found.append(
            f"chưa nhận ra “{entry.get('name') or entry['agency_or_group']}”. "
            f"Hãy sửa ô cơ quan theo tên trong danh bạ ({near})."
        )
    strange = dict.fromkeys(
        name for entry in row["assignments"] for name in excluded_names(entry, row) if not book.agency(name)
    )
    found += [f"chưa nhận ra “{name}” trong phần “trừ”. Hãy sửa ô cơ quan theo tên trong danh bạ." for name in strange]
    return found


def unknown_entries(row: Mapping[str, Any], book: NameBook) -> list[dict[str, Any]]:
    """Return the entries of a row whose name the register of the plan's day does not hold."""
    return [entry for entry in row["assignments"] if look_up(entry, book) is None]


def excluded_names(entry: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Return the names that "trừ …" of the entry, or of the whole cell, takes out of a group."""
    return [*(entry.get("excluded") or []), *(row.get("excluded") or [])] if entry["group"] else []


def look_up(entry: Mapping[str, Any], book: NameBook) -> Agency | AgencyGroup | None:
    """Return the agency or group of an entry; None when the register does not hold it on the plan's day."""
    name = entry["agency_or_group"]
    if entry["group"]:
        return book.group(name) or book.agency(name)
    return book.agency(name) or book.group(name)


def counted_warnings(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the warnings of a row without mere remarks."""
    return [warning for warning in row.get("warnings") or [] if warning.get("code") not in REMARKS]


def remarks(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is shown for information only."""
    return [warning for warning in row.get("warnings") or [] if warning.get("code") in REMARKS]


def is_clean(row: Mapping[str, Any], book: NameBook) -> bool:
    """Say whether nothing of the row asks for a look: no counted warning, no problem."""
    return not counted_warnings(row) and not faults_of(row, book)


class QuickBook(NameBook):
    """A book that remembers its answers: the same few names stand in hundreds of rows."""

    def __init__(self, province: Province, on: date) -> None:
        super().__init__(province, on)
        self._said: dict[tuple[str, str], Agency | AgencyGroup | None] = {}

    def agency(self, name: str) -> Agency | None:
        """Return the agency of that name, or None."""
        key = ("agency", name)
        if key not in self._said:
            self._said[key] = super().agency(name)
        found = self._said[key]
        return found if isinstance(found, Agency) else None

    def group(self, name: str) -> AgencyGroup | None:
        """Return the group of that name, or None."""
        key = ("group", name)
        if key not in self._said:
            self._said[key] = super().group(name)
        found = self._said[key]
        return found if isinstance(found, AgencyGroup) else None
