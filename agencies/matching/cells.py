"""What the reader of agency cells gives back."""

from dataclasses import dataclass, field

LEAD, COORDINATE, IMPLEMENT, MONITOR, ADVISE = "lead", "coordinate", "implement", "monitor", "advise"
COLUMNS = (LEAD, COORDINATE, IMPLEMENT, "lead_implement")


@dataclass(frozen=True, slots=True)
class CellWarning:
    """A remark for the person who checks the import: a stable code, the words concerned, what to do (Vietnamese)."""

    code: str
    words: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency or group with one role.

    ``name`` is what is printed; ``agency_or_group`` the official name, or the printed words cleaned where
    ``known`` is false.
    ``role_stated`` is false where the role is our inference from the column and the order. ``key`` is what the
    catalogue was given for the name (a database key); None where only the national catalogue knows it.
    ``candidates`` are the nearest names of an unknown one.
    """

    name: str
    agency_or_group: str
    group: bool
    role: str
    role_stated: bool
    known: bool = True
    key: object | None = None
    candidates: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyCell:
    """What one cell says. ``why`` says in Vietnamese what makes it ambiguous (empty where it is not)."""

    entries: tuple[Entry, ...] = ()
    excluded: tuple[str, ...] = ()
    ambiguous: bool = False
    why: str = ""
    unknown: tuple[str, ...] = ()
    warnings: tuple[CellWarning, ...] = field(default_factory=tuple)
    ditto: bool = False
