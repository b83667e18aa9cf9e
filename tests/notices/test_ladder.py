"""The ladder of one deadline, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.ladder import Ladder, Stage
from workdays.calendar import Calendar

PLAIN = Ladder(Calendar(holidays=frozenset(), make_up_days=frozenset()))
STEPS = (1, 3, 7, 14)
FRIDAY = date(2024, 6, 28)


def test_only_the_smallest_step_reached_is_told() -> None:
    assert PLAIN.stage_on(FRIDAY - timedelta(days=3), FRIDAY, STEPS) == Stage("nearly_due", "step3")
    assert PLAIN.stages(FRIDAY, FRIDAY - timedelta(days=3), FRIDAY - timedelta(days=3), STEPS) == (
        Stage("nearly_due", "step3"),
    )


def test_nothing_is_told_before_the_first_step() -> None:
    assert PLAIN.stage_on(FRIDAY - timedelta(days=15), FRIDAY, STEPS) is None


@pytest.mark.parametrize(
    ("late", "step"), [(1, "late1"), (7, "late1"), (8, "late8"), (14, "late8"), (15, "late15"), (22, "late22")]
)
def test_lateness_is_told_on_its_first_day_and_then_weekly(late: int, step: str) -> None:
    assert PLAIN.stage_on(FRIDAY + timedelta(days=late), FRIDAY, STEPS) == Stage("overdue", step)


def test_a_due_date_on_a_sunday_is_reminded_of_on_the_friday_before() -> None:
    sunday = date(2024, 6, 30)
    assert PLAIN.stage_on(date(2024, 6, 27), sunday, (7,)) == Stage("nearly_due", "step7")
    assert PLAIN.stage_on(date(2024, 6, 28), sunday, (7,)) == Stage("due", "step0")
    assert PLAIN.stage_on(date(2024, 7, 1), sunday, (7,)) == Stage("overdue", "late1")


def test_a_step_inside_tet_is_told_on_the_last_working_day_before_tet() -> None:
    tet = frozenset(date(2024, 2, 8) + timedelta(days=n) for n in range(7))
    ladder = Ladder(Calendar(holidays=tet, make_up_days=frozenset()))
    due = date(2024, 2, 16)
    assert ladder.stage_on(date(2024, 2, 6), due, (7,)) is None
    assert ladder.stage_on(date(2024, 2, 7), due, (7,)) == Stage("nearly_due", "step7")


def test_the_horizon_holds_every_due_date_that_may_speak_today_and_no_more() -> None:
    friday = date(2024, 6, 28)
    horizon = PLAIN.horizon(friday, 7)
    assert PLAIN.stage_on(friday, horizon, (7,)) == Stage("nearly_due", "step7")
    assert PLAIN.stage_on(friday, horizon + timedelta(days=1), (7,)) is None


days = st.integers(min_value=0, max_value=80).map(lambda n: date(2024, 1, 15) + timedelta(days=n))


@given(
    due=days,
    since=days,
    length=st.integers(min_value=0, max_value=60),
    steps=st.sets(st.integers(min_value=1, max_value=20), max_size=4),
    holidays=st.frozensets(days, max_size=20),
)
def test_a_late_round_finds_exactly_what_rounds_on_every_day_would_have_found(
    due: date, since: date, length: int, steps: set[int], holidays: frozenset[date]
) -> None:
    ladder = Ladder(Calendar(holidays=holidays, make_up_days=frozenset()))
    ascending = tuple(sorted(steps))
    daily = [ladder.stage_on(since + timedelta(days=n), due, ascending) for n in range(length + 1)]
    expected = tuple(dict.fromkeys(stage for stage in daily if stage))
    assert ladder.stages(due, since, since + timedelta(days=length), ascending) == expected
