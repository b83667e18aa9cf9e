"""The names of a province's register on a day: as a catalogue for reading cells, and as a book to look names up in."""

from collections.abc import Iterable
from datetime import date

from agencies.folding import fold, unaccent
from agencies.matching import Catalogue, Name
from agencies.models import Agency, AgencyGroup, Province


def register_catalogue(province: Province) -> Catalogue:
    """Return the province's agencies and groups, of all times, for `agencies.matching.parse_agency_cell`."""
    return Catalogue(register_names(province), province=province.name)


def register_names(province: Province) -> list[Name]:
    """Return the names in the province's register, of all times: what another process needs for its own catalogue."""
    successors: dict[int, list[str]] = {}
    for name, successor in Agency.objects.filter(province=province, successions__successor__isnull=False).values_list(
        "pk", "successions__successor__name"
    ):
        successors.setdefault(name, []).append(successor)
    agencies = (
        Name(
            name=agency.name,
            key=f"agency:{agency.pk}",
            kind=agency.kind,
            aliases=tuple(agency.aliases),
            abbreviations=(agency.short_name,) if agency.short_name else (),
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
            successors=tuple(successors.get(agency.pk, ())),
        )
        for agency in Agency.objects.filter(province=province)
    )
    groups = (
        Name(name=group.name, key=f"group:{group.pk}", group=True, aliases=tuple(group.aliases))
        for group in AgencyGroup.objects.filter(province=province)
    )
    return [*groups, *agencies]


class NameBook:
    """Agencies and groups of a province on one day, looked up by any of their names; one query each."""

    def __init__(self, province: Province, on: date) -> None:
        self._agencies = self._index(Agency.objects.filter(province=province).valid_on(on))
        self._groups = self._index(AgencyGroup.objects.filter(province=province))

    @staticmethod
    def _index(rows: Iterable[Agency | AgencyGroup]) -> dict[str, Agency | AgencyGroup]:
        """Return rows by every key; official names win over aliases, and spelling over diacritics."""
        found: dict[str, Agency | AgencyGroup] = {}
        rows = list(rows)
        for key in (fold, unaccent):
            for row in rows:
                found.setdefault(key(row.name), row)
            for row in rows:
                for name in (*row.aliases, getattr(row, "short_name", "")):
                    if name:
                        found.setdefault(key(name), row)
        return found

    def agency(self, name: str) -> Agency | None:
        """Return the agency of that name, or None."""
        found = self._agencies.get(fold(name)) or self._agencies.get(unaccent(name))
        return found if isinstance(found, Agency) else None

    def group(self, name: str) -> AgencyGroup | None:
        """Return the group of that name, or None."""
        found = self._groups.get(fold(name)) or self._groups.get(unaccent(name))
        return found if isinstance(found, AgencyGroup) else None
