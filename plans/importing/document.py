"""A document as every reader hands it over: ordered paragraphs and tables, each knowing where it stands.

Formats differ only up to here. A table is a grid in which merges are resolved: every position holds a cell, and
positions covered by one merged cell hold the *same* ``Cell`` object.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body.

    ``number`` is a number that the word processor prints by itself ("1.1.", "-"); it is not part of ``text``.
    ``level`` is the outline level of a heading style (1 is the highest), or None.
    """

    text: str
    place: str = ""
    number: str = ""
    level: int | None = None
    bold: bool = False
    centred: bool = False

    @property
    def printed(self) -> str:
        """The words as they stand on paper, with the automatic number in front."""
        return f"{self.number} {self.text}".strip()


@dataclass(eq=False)
class Cell:
    """A cell of a table; ``height`` and ``width`` count the rows and columns it covers.

    ``value_kind`` is "date" for a real date of a spreadsheet, "number" for a bare number, else "text".
    ``notes`` are the footnotes called in it; ``nested`` the tables that stand inside it.
    """

    text: str
    top: int
    left: int
    height: int = 1
    width: int = 1
    bold: bool = False
    value_kind: str = "text"
    notes: tuple[str, ...] = ()
    nested: tuple["Table", ...] = ()

    @property
    def lines(self) -> list[str]:
        """The words line by line, blank lines left out."""
        return [line.strip() for line in self.text.split("\n") if line.strip()]


@dataclass(eq=False)
class Table:
    """A grid of cells; every row has the same number of positions.

    ``name`` is what a person calls it ("Bảng 5", "Trang tính “Phụ lục V”"); ``row_names`` are the numbers of its rows
    where they do not simply count from 1, ``places`` whole descriptions where the rows come from several pages or
    tables. ``joined`` are the rows (counted from 0) that were put together from the two sides of a break.
    """

    name: str
    rows: list[list[Cell]]
    row_names: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)

    @property
    def width(self) -> int:
        """Number of columns of the grid."""
        return len(self.rows[0]) if self.rows else 0

    def place(self, row: int) -> str:
        """Say where a row stands, for people: "Bảng 5, dòng 12"."""
        if row < len(self.places):
            return self.places[row]
        number = self.row_names[row] if row < len(self.row_names) else row + 1
        return f"{self.name}, dòng {number}"

    def distinct(self, row: int) -> list[Cell]:
        """The different cells of a row from left to right; a merged cell comes once."""
        return list(dict.fromkeys(self.rows[row]))

    @property
    def text(self) -> str:
        """All words of the table, row by row."""
        return "\n".join("\t".join(cell.text for cell in self.distinct(row)) for row in range(len(self.rows)))


@dataclass
class Document:
    """Blocks in the order of the document, and what the reader could not take over (``remarks``, in Vietnamese)."""

    blocks: list[Paragraph | Table]
    format: str = ""
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def tables(self) -> Iterator[Table]:
        """All tables in order, an outer one before those nested in it."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield from _with_nested(block)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of the body in order, without those in tables."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]


def _with_nested(table: Table) -> Iterator[Table]:
    yield table
    for row in range(len(table.rows)):
        for cell in table.distinct(row):
            if cell.top == row:
                for inner in cell.nested:
                    yield from _with_nested(inner)


def grid_from_rows(rows: list[list[str]], name: str, row_names: list[int] | None = None) -> Table:
    """Build a table without merges from plain words; short rows are filled with empty cells."""
    width = max((len(row) for row in rows), default=0)
    grid = [
        [Cell(row[column] if column < len(row) else "", top, column) for column in range(width)]
        for top, row in enumerate(rows)
    ]
    return Table(name, grid, row_names or [])
