"""What a point of the check is: its stable name, its rule and source, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reports.documents.checking.parts import Parts

State = Literal["ok", "fails", "absent"]
"""``absent``: the document has no such part, and it needs none (a letter has no title, a report no "V/v")."""

SHOWN = 3
"""So many places of a point are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that does not follow the rule: what stands there, and where."""

    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a point says about a document."""

    name: str
    title: str
    wanted: str
    source: str
    state: State
    found: tuple[Found, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the point as JSON values (shape: `reports.documents.checking`)."""
        return {
            "name": self.name,
            "title": self.title,
            "state": self.state,
            "found": "; ".join(dict.fromkeys(one.words for one in self.found[:SHOWN])),
            "wanted": self.wanted,
            "place": "; ".join(dict.fromkeys(one.place for one in self.found[:SHOWN])),
            "times": len(self.found),
            "source": self.source,
        }


Look = Callable[["Parts"], list[Found] | None]
"""Returns what does not follow the rule; nothing found is well; None: the document has no such part."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the check and the function that looks."""

    name: str
    title: str
    wanted: str
    source: str
    look: Look

    def answer(self, parts: "Parts") -> Answer:
        """Look at a document."""
        found = self.look(parts)
        state: State = "absent" if found is None else "fails" if found else "ok"
        return Answer(self.name, self.title, self.wanted, self.source, state, tuple(found or ()))


KNOWN: dict[str, Point] = {}
"""All points by name, as their modules were read."""


def point(title: str, wanted: str, source: str) -> Callable[[Look], Look]:
    """Make a function a point of the check; its name is the point's name."""

    def keep(look: Look) -> Look:
        KNOWN[look.__name__] = Point(look.__name__, title, wanted, source, look)
        return look

    return keep


def appendix(section: str, item: str) -> str:
    """Name a place in the decree: "Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 1b"."""
    return f"Nghị định 30/2020/NĐ-CP, Phụ lục I, phần {section}, mục {item}"
