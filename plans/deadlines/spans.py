"""Time cells of a plan for several years ("giai đoạn 2018-2020"): what comes again comes in each of its years."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from plans.deadlines.draft import MOST_DATES
from plans.deadlines.reading import parse_deadline
from plans.deadlines.result import Deadline, Reading

_AGAIN = frozenset({"monthly", "quarterly", "half_yearly", "yearly", "ongoing"})


def parse_over_years(
    text: str | None, *, years: Sequence[int], plan_signed: date | None, before_is_inclusive: bool = False
) -> Deadline:
    """Read a time cell of a plan for all of `years`. Never raises.

    "Hằng quý" falls due in every quarter from the signing to the end of the last year. A printed year inside the span
    is right; a day or a period without a year could be of any year that is left, so a person chooses.
    """
    left = [year for year in years if plan_signed is None or year >= plan_signed.year] or list(years[-1:])
    by_year = {
        year: parse_deadline(text, plan_year=year, plan_signed=plan_signed, before_is_inclusive=before_is_inclusive)
        for year in left
    }
    read = list(by_year.values())
    first = read[0]
    if len(read) < 2 or not first.due_dates:
        return first
    if all(one.due_dates == first.due_dates for one in read):
        return _with_printed_years(read, years)
    if first.kind in _AGAIN and all(one.kind == first.kind for one in read):
        return _in_each_year(read)
    return _of_some_year(by_year)


def _with_printed_years(read: list[Deadline], years: Sequence[int]) -> Deadline:
    """The words name their years: those of the plan are no slip of the pen."""
    best = min(read, key=lambda one: (one.ambiguous, "year_mismatch" in one.codes))
    if not all(day.year in years for day in best.due_dates):
        return best
    return replace(best, codes=tuple(code for code in best.codes if code != "year_mismatch"))


def _in_each_year(read: list[Deadline]) -> Deadline:
    days = tuple(sorted(set(chain.from_iterable(one.due_dates for one in read))))
    if len(days) > MOST_DATES:
        return replace(read[0], ambiguous=True, why="Lặp lại nhiều năm, quá nhiều mốc để lập hết; hãy xác nhận các mốc",
                       codes=_and_doubt(read[0].codes))  # fmt: skip
    periods = tuple(dict.fromkeys(chain.from_iterable(one.periods for one in read)))
    codes = tuple(dict.fromkeys(chain.from_iterable(one.codes for one in read)))
    doubtful = next((one for one in read if one.ambiguous), read[0])
    return replace(doubtful, due_dates=days, periods=periods, codes=codes)


def _of_some_year(by_year: dict[int, Deadline]) -> Deadline:
    first = next(iter(by_year.values()))
    readings = tuple(Reading(one.due_dates, f"năm {year}") for year, one in by_year.items() if one.due_dates)
    return replace(
        first,
        ambiguous=True,
        why=first.why or "Không in năm, mà kế hoạch làm trong nhiều năm",
        readings=first.readings or readings,
        codes=_and_doubt(first.codes),
    )


def _and_doubt(codes: tuple[str, ...]) -> tuple[str, ...]:
    return codes if "ambiguous_deadline" in codes else (*codes, "ambiguous_deadline")
