"""Where a cell stands: whose plan it is in, of which province and day."""

import datetime as dt
import functools
import re
from dataclasses import dataclass

from agencies.folding import unaccent

from .catalogue import Catalogue
from .localities import Locality, is_central_city, read_locality
from .words import Words, clean


@dataclass(frozen=True)
class Context:
    """Where the cell stands: whose plan, of which day and province."""

    catalogue: Catalogue
    column: str
    issuer: str = ""
    on: dt.date | None = None
    province: str | None = None
    city: bool = False

    @functools.cached_property
    def internal(self) -> bool:
        """Say whether a department or another single body issued the plan, not a people's committee."""
        return bool(
            re.match(
                r"so |thanh tra |ban |cuc |chi cuc |truong |trung tam |benh vien |bao hiem ",
                unaccent(self.issuer) + " ",
            )
        )

    @functools.cached_property
    def of_department(self) -> bool:
        """Say whether a department issued the plan."""
        return unaccent(self.issuer).startswith("so ")

    @functools.cached_property
    def of_ministry(self) -> bool:
        """Say whether a ministry issued the plan."""
        return bool(re.match(r"bo (?!chi huy|tu lenh)", unaccent(self.issuer)))

    @functools.cached_property
    def local_issuer(self) -> Locality | None:
        """Return the district or commune that issued the plan, if one did."""
        words = Words(clean(self.issuer))
        found = read_locality(words, 0) if self.issuer else None
        return None if found and self.is_province_city(found) else found

    def is_province_city(self, place: Locality) -> bool:
        """Say whether a named place is the province itself: a city run by the centre."""
        name = place.official.partition(place.place)[2].strip()
        return place.place == "thành phố" and is_central_city(name, self.on, self.province)
