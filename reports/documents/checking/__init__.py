"""The check of a Word file against Decree 30/2020/NĐ-CP, Appendix I: `manage.py check_document`, uploads, and the tests.

``check(data)`` returns a `Verdict`; `Verdict.as_dict` is its JSON::

    {
      "kind": "báo cáo" | "công văn" | …,          # as recognised; "" when it was not
      "passes": false,                             # no point fails
      "counts": {"ok": 41, "fails": 2, "absent": 5},
      "points": [
        {
          "name": "margin_left",                   # stable; tests and other programs go by it
          "title": "Lề trái",
          "state": "ok" | "fails" | "absent",      # absent: the document has no such part and needs none
          "found": "25 mm",                        # up to three different findings, "; " between; "" unless it fails
          "wanted": "30 - 35 mm",                  # what the rule wants
          "place": "trang văn bản",                # where, in words, as many as there are findings
          "times": 1,                              # how many times it was found in all
          "source": "Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục 3"
        }, …
      ]
    }

The points stand in modules by the part of the paper they look at; each is a function under `points.point`. What is read
is the effective formatting (`formatting`), so it does not matter whether a size stands in a style or in the run.
"""

from dataclasses import dataclass

from reports.documents.checking import body_points, ending_points, letterhead_points, number_points, page_points
from reports.documents.checking.opening import Unreadable, open_word
from reports.documents.checking.parts import Parts, kind_in
from reports.documents.checking.points import KNOWN, Answer, Point

__all__ = ["POINTS", "Answer", "Unreadable", "Verdict", "check"]

ORDER = (page_points, number_points, letterhead_points, body_points, ending_points)
"""The modules of points in the order of the paper, from the top to the bottom."""
POINTS: dict[str, Point] = {
    name: point for module in ORDER for name, point in KNOWN.items() if point.look.__module__ == module.__name__
}
"""All points by name, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says about a document."""

    kind: str
    answers: tuple[Answer, ...]

    @property
    def failing(self) -> list[Answer]:
        """The points that the document does not keep."""
        return [answer for answer in self.answers if answer.state == "fails"]

    @property
    def passes(self) -> bool:
        """Say whether no point fails."""
        return not self.failing

    def as_dict(self) -> dict[str, object]:
        """Return JSON values; the shape stands at the top of this module."""
        states = [answer.state for answer in self.answers]
        return {
            "kind": self.kind,
            "passes": self.passes,
            "counts": {state: states.count(state) for state in ("ok", "fails", "absent")},
            "points": [answer.as_dict() for answer in self.answers],
        }


def check(data: bytes) -> Verdict:
    """Check a Word file. Raises `Unreadable`, with words for people, for what is no readable .docx."""
    parts = Parts.of(open_word(data))
    kind = kind_in(parts.title) if parts.title else ""
    named = parts.title.words[: len(kind)].lower() if parts.title else "công văn" if parts.is_letter else ""
    return Verdict(named, tuple(point.answer(parts) for point in POINTS.values()))
