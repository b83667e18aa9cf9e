"""The rules of the wording, one module a subject: each a pattern and what it builds. Tried in this order."""

from plans.deadlines.grammar import calendar_days, durations, joining, periods, recurrences

BEFORE_PHRASES = durations.RULES
AFTER_PHRASES = [*recurrences.RULES, *calendar_days.RULES, *periods.RULES, *joining.RULES]

__all__ = ["AFTER_PHRASES", "BEFORE_PHRASES"]
