"""A task as the rows or paragraphs give it, before its time and agencies are understood."""

from dataclasses import dataclass, field

from plans.importing.proposal import Assignment, Warning


@dataclass
class RawTask:
    """Words and place of one task. ``agencies`` are pairs of column role and words, in the order of the columns.

    ``list_number`` counts the lists of tasks: numbers are compared within one list only. ``assignments`` are given
    where prose itself says who does what; ``time_kind`` is "date" for a real date of a sheet, "ticks" for periods that are
    only ticked.
    """

    text: str
    place: str
    no: str = ""
    heading_path: list[str] = field(default_factory=list)
    agencies: list[tuple[str, str]] = field(default_factory=list)
    time_text: str = ""
    start_text: str = ""
    product: str = ""
    funding: str = ""
    note: str = ""
    footnotes: list[str] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    assignments: list[Assignment] | None = None
    time_kind: str = "text"
    has_agency_column: bool = True
    has_time_column: bool = True
    own_number: bool = False
    list_number: int = 0
