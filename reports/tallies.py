"""Sums of deliveries and the rates that everybody quotes (domain.md, "Figures everybody quotes")."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from plans.statistics import percent
from reports.models import ReportLine

AGES = (("1-10 ngày", 1, 10), ("11-30 ngày", 11, 30), ("31-90 ngày", 31, 90), ("trên 90 ngày", 91, None))
"""How long overdue, in days after the due date."""
COMMEND_DONE, COMMEND_LATE, REMIND_DONE = 90.0, 10.0, 50.0
"""Thresholds in percent: commended above the first and below the second, reminded below the third."""


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

    @property
    def is_to_be_commended(self) -> bool:
        """Say whether more than 90 % is done and less than 10 % was late."""
        done, late = self.completion_rate, self.late_rate
        return done is not None and late is not None and done > COMMEND_DONE and late < COMMEND_LATE

    @property
    def is_to_be_reminded(self) -> bool:
        """Say whether less than 50 % of what came due is done."""
        return self.completion_rate is not None and self.completion_rate < REMIND_DONE

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
