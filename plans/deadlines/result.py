"""What the reader of time cells answers: one deadline, its dates and its doubts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the printed words: the dates it gives, and in Vietnamese why one may read it so."""

    due_dates: tuple[date, ...]
    why: str

    def as_dict(self) -> dict:
        return {"due_dates": [day.isoformat() for day in self.due_dates], "why": self.why}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The meaning of one time cell.

    `due_dates` are the last days on which the work is still on time, ascending. `completes` is "each" when every date
    is a delivery of its own, "final" when the earlier dates are check-points and the last one closes the task.
    `kind` None means that no time is printed at all; "unspecified" that words are there which nobody can turn into a
    date. Nothing `ambiguous` may become overdue before a person has confirmed it: `readings` says what to choose from.
    `codes` are the importer's warning codes that concern the time cell.
    """

    kind: str | None
    periods: tuple[str, ...] = ()
    due_dates: tuple[date, ...] = ()
    completes: str | None = None
    stated: bool = True
    ambiguous: bool = False
    why: str = ""
    readings: tuple[Reading, ...] = ()
    suggested_due: tuple[date, ...] = ()
    ongoing: bool = False
    time: str | None = None
    printed_date: date | None = None
    inclusive: bool | None = None
    past_at_signing: bool = False
    needs_input: bool = False
    codes: tuple[str, ...] = ()

    @property
    def final_due(self) -> date | None:
        return self.due_dates[-1] if self.due_dates else None

    def as_dict(self) -> dict:
        """JSON-ready; what is not there (an hour, a printed date) is left out, the rest is always present."""
        answer = {
            "kind": self.kind,
            "periods": list(self.periods),
            "due_dates": [day.isoformat() for day in self.due_dates],
            "final_due": self.final_due.isoformat() if self.final_due else None,
            "completes": self.completes,
            "stated": self.stated,
            "ambiguous": self.ambiguous,
            "why": self.why,
            "readings": [reading.as_dict() for reading in self.readings],
            "suggested_due": [day.isoformat() for day in self.suggested_due],
            "ongoing": self.ongoing,
            "past_at_signing": self.past_at_signing,
            "needs_input": self.needs_input,
            "codes": list(self.codes),
        }
        if self.time:
            answer["time"] = self.time
        if self.printed_date:
            answer["printed_date"] = self.printed_date.isoformat()
            answer["inclusive"] = bool(self.inclusive)
        return answer
