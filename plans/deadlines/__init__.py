"""The reader of Vietnamese time cells: the words of a plan's time column to due dates. Pure; never raises.

    >>> parse_deadline("Trước 10/6/2024", plan_year=2024, plan_signed=None).due_dates
    (datetime.date(2024, 6, 9),)

The walk: `wording` makes one canonical wording of what was typed, `scanner` finds the points in time, `composition`
joins them to limits, ranges and lists, `judgement` and `recurring` apply the rules, `draft` makes the last checks.
"""

from plans.deadlines.reading import parse_deadline
from plans.deadlines.result import Deadline, Reading
from plans.deadlines.spans import parse_over_years
from plans.deadlines.wording import is_ditto

__all__ = ["Deadline", "Reading", "is_ditto", "parse_deadline", "parse_over_years"]
