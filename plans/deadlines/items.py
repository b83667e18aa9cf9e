"""What the scanner finds in a cell: points in time, recurrences, operators, and the words between them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from plans.deadlines.days import add_months, month_end, month_name, nearest_day, quarter_name, valid_day

PARTS_OF_MONTH = {"thuong": 10, "trung": 20, "nua_dau": 15}
SURE_PARTS = {"", "cuoi", "ha", "thuong", "trung", "nua_dau", "nua_cuoi"}
"""Parts of a period with one reading; beginning, middle and weeks always leave a doubt."""


@dataclass(slots=True)
class Point:
    """A day or a period: months `first` to `last` of a year; with `day` a day of `first`.

    `year` None means not printed. `part` is "", or which part of the period is meant ("dau", "giua", "tuan2" …).
    """

    unit: str
    first: int = 1
    last: int = 12
    day: int | None = None
    year: int | None = None
    part: str = ""
    words: str = ""
    doubts: list[str] = field(default_factory=list)
    shift: int = 0
    """Years after the plan year: "năm sau" is 1."""
    given: bool = False
    """The year was printed with this point."""
    bare: bool = False
    """Only numbers were printed ("12/2024"), without the word for the unit."""
    code: str = ""
    report: bool = False

    @property
    def possible(self) -> bool:
        if self.day is not None:
            return valid_day(self.year or 2024, self.first, self.day) is not None
        return 1 <= self.first <= self.last <= 12 and (self.year is None or 1990 <= self.year <= 2100)

    def begin(self, year: int) -> date:
        start = date(year, self.first, self.day or 1)
        if self.day is None and self.part in {"cuoi", "ha", "nua_cuoi", "tuan5", "tuancuoi"}:
            return self.end(year).replace(day=21 if self.part == "ha" else 16 if self.part == "nua_cuoi" else 22)
        if self.part in {"giua", "trung"}:
            return self.end(year)
        return start

    def end(self, year: int) -> date:
        """The last day of the point: the rules of the Civil Code 2015, art. 146, for beginning, middle and end."""
        if self.day is not None:
            return date(year, self.first, self.day)
        final = month_end(year, self.last)
        if self.part in {"", "ca", "item", "context", "cuoi", "ha", "nua_cuoi", "tuancuoi"}:
            return final
        if self.part == "cuoi_lam_viec":
            return final - timedelta(days=max(0, final.weekday() - 4))
        if self.part.startswith("tuan"):
            return final.replace(day=min(7 * int(self.part[4:]), final.day))
        if self.part in PARTS_OF_MONTH and self.first == self.last:
            return final.replace(day=PARTS_OF_MONTH[self.part])
        if self.part == "dau":
            return date(year, self.first, 1)
        return self._middle(year)

    def _middle(self, year: int) -> date:
        months = self.last - self.first + 1
        if months == 12:
            return date(year, 6, 30)
        return date(year, self.first + months // 2, 15)

    def other_end(self, year: int) -> tuple[date, str] | None:
        """The second reading of a beginning, a middle or a week."""
        start = date(year, self.first, 1)
        length = self.last - self.first + 1
        if self.part == "dau":
            later = start.replace(day=10) if length == 1 else month_end(year, self.first if length < 12 else 3)
            return later, "tính hết phần đầu của kỳ chứ không phải ngày đầu tiên"
        if self.part == "giua":
            later = start.replace(day=20) if length == 1 else month_end(year, self.first + length // 2)
            return later, "tính hết phần giữa của kỳ"
        if self.part.startswith("tuan") and self.part != "tuancuoi":
            return self._calendar_week_end(year), "tính theo tuần của lịch (đến Chủ nhật)"
        return None

    def _calendar_week_end(self, year: int) -> date:
        first = date(year, self.first, 1)
        sunday = first + timedelta(days=6 - first.weekday() + 7 * (int(self.part[4:]) - 1))
        return min(sunday, month_end(year, self.last))

    def suggestion(self, year: int) -> date | None:
        """For an impossible point: what was probably meant, to be confirmed by a person."""
        year = self.year if self.year and 1990 <= self.year <= 2100 else year
        if self.day is not None:
            return nearest_day(year, self.first, self.day)
        if self.unit == "quarter":
            number = (self.first + 2) // 3
            return month_end(year, 12 if number > 4 else 3)
        if self.unit == "month":
            return month_end(year, 12 if self.first > 12 else 1)
        return None

    def periods(self, year: int) -> tuple[str, ...]:
        if self.day is not None:
            return ()
        final = month_end(year, self.last)
        if self.unit == "year":
            return (str(year),)
        if self.unit == "quarter":
            return (quarter_name(final),)
        if (self.first, self.last) in {(1, 6), (7, 12)}:
            return (f"{year}-H{1 if self.first == 1 else 2}",)
        return tuple(month_name(add_months(date(year, self.first, 1), n)) for n in range(self.last - self.first + 1))


@dataclass(slots=True)
class Recur:
    """Every month, quarter, half-year …; `unit` is week, month, quarter, half, year or nine (the nine-month report)."""

    unit: str
    bare: bool = False
    """Only the word ("quý", "6 tháng"), which is a recurrence in a list of such words."""
    times: int = 1
    words: str = ""
    plural: bool = False


@dataclass(slots=True)
class MonthOfQuarter:
    """ "tháng cuối quý": which month of every quarter (1, 2, 3), or 4 for the first month of the next one."""

    which: int


@dataclass(slots=True)
class DayOnly:
    """ "ngày 20" without a month."""

    day: int
    bare: bool = False


@dataclass(slots=True)
class Op:
    """before, by, to, from, after, within."""

    name: str


@dataclass(slots=True)
class Sep:
    """How two entries are joined: ";", ",", "va", "or", "\\n", "-" (a range), ":" and the brackets."""

    mark: str


@dataclass(slots=True)
class Hour:
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


@dataclass(slots=True)
class Part:
    """Beginning, middle, end, a week: of the point or of the unit that follows."""

    part: str


@dataclass(slots=True)
class Duration:
    """`count` days, weeks or months from `event` on ("issue": the plan's signing; "other"; "" not said)."""

    count: int
    unit: str
    event: str
    words: str
    after: bool = False


@dataclass(slots=True)
class Phrase:
    """A meaning without a date: ongoing, as_needed, per_document, event, issue, periodic, school_year, unknown_time."""

    name: str
    words: str = ""
    hidden: tuple[Point, ...] = ()


@dataclass(slots=True)
class Act:
    """A verb of the task (hoàn thành, báo cáo, trình): it tells a list of deliveries from several jobs."""

    words: str


@dataclass(slots=True)
class Unread:
    words: str


@dataclass(slots=True)
class Follow:
    """ "sau", "kế tiếp" after a unit: the next month, quarter or year."""

    unit: str


Item = Point | Recur | MonthOfQuarter | DayOnly | Op | Sep | Hour | Part | Duration | Phrase | Act | Unread | Follow
