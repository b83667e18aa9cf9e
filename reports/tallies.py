"""Sums of deliveries and the rates that everybody quotes (domain.md, "Figures everybody quotes")."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from plans.statistics import percent
from reports.models import Period, ReportLine

AGES = (("1-10 ngày", 1, 10), ("11-30 ngày", 11, 30), ("31-90 ngày", 31, 90), ("trên 90 ngày", 91, None))
"""How long overdue, in days after the due date."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In percent: commended above the first and below the second, reminded below the third."""

    commend_above: float = 90
    commend_late_below: float = 10
    remind_below: float = 50

    @classmethod
    def of(cls, period: Period) -> "Thresholds":
        """Return those of a period."""
        return cls(period.commend_above, period.commend_late_below, period.remind_below)


@dataclass(slots=True)
class Tally:
    """Counts of deliveries; a task of an agency is one line. Check-points stand apart and are in no rate."""

    lines: int = 0
    deliveries: int = 0
    done: int = 0
    done_on_time: int = 0
    handed_in: int = 0
    overdue: int = 0
    check_points: int = 0
    check_points_answered: int = 0

    @classmethod
    def of(cls, lines: Iterable[ReportLine]) -> "Tally":
        """Add up the lines in which the agency owes work."""
        tally = cls()
        for line in lines:
            if line.is_owed:
                tally.add(line)
        return tally

    def add(self, line: ReportLine) -> None:
        """Count one more line."""
        self.lines += 1
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(line, name))

    @property
    def done_late(self) -> int:
        """Return deliveries done after their due date."""
        return self.done - self.done_on_time

    @property
    def under_way(self) -> int:
        """Return deliveries that are neither done, nor handed in, nor overdue."""
        return self.deliveries - self.done - self.handed_in - self.overdue

    @property
    def not_updated(self) -> int:
        """Return check-points that passed without an update."""
        return self.check_points - self.check_points_answered

    @property
    def completion_rate(self) -> float | None:
        """Return done ÷ (done + overdue and not done), in percent; None when nothing has come due."""
        return percent(self.done, self.done + self.overdue)

    @property
    def share_done(self) -> float | None:
        """Return done ÷ all deliveries of the plan, in percent."""
        return percent(self.done, self.deliveries)

    @property
    def on_time_rate(self) -> float | None:
        """Return done on time ÷ done, in percent."""
        return percent(self.done_on_time, self.done)

    @property
    def late_rate(self) -> float | None:
        """Return (done late + overdue) ÷ (done + overdue), in percent: how much of what came due was late."""
        return percent(self.done_late + self.overdue, self.done + self.overdue)

    def is_to_be_commended(self, limits: Thresholds) -> bool:
        """Say whether more than the first share of what came due is done, and less than the second was late."""
        done, late = self._due_and_done(), self.done_late + self.overdue
        return done is not None and done > limits.commend_above and late * 100 < limits.commend_late_below * self._due()

    def is_to_be_reminded(self, limits: Thresholds) -> bool:
        """Say whether less than the third share of what came due is done."""
        done = self._due_and_done()
        return done is not None and done < limits.remind_below

    def _due(self) -> int:
        return self.done + self.overdue

    def _due_and_done(self) -> float | None:
        """Return the completion rate unrounded: 90.04 % is above 90 %, although both print as 90 %."""
        return self.done * 100 / self._due() if self._due() else None

    def as_dict(self) -> dict[str, Any]:
        """Return counts and rates, to be kept as they are."""
        return asdict(self) | {name: getattr(self, name) for name in DERIVED}


COUNTED = ("deliveries", "done", "done_on_time", "handed_in", "overdue", "check_points", "check_points_answered")
DERIVED = ("done_late", "under_way", "not_updated", "completion_rate", "share_done", "on_time_rate", "late_rate")


def by_age(overdue_dates: Iterable[date], as_of: date) -> list[dict[str, Any]]:
    """Return how many overdue deliveries are how old on the day, in the four usual classes."""
    days = [(as_of - due).days for due in overdue_dates]
    return [
        {"age": name, "count": sum(low <= day and (high is None or day <= high) for day in days)}
        for name, low, high in AGES
    ]
