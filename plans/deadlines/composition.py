"""Items to clauses: which numbers belong together, what is a range, what is a list, and which year each one has."""

from dataclasses import dataclass, field

from plans.deadlines.items import (
    Act,
    DayOnly,
    Duration,
    Follow,
    Hour,
    Item,
    MonthOfQuarter,
    Op,
    Part,
    Phrase,
    Point,
    Recur,
    Sep,
    Unread,
)
from plans.deadlines.tidying import names_only_a_report, tidy
from plans.deadlines.vocabulary import PROGRESS_ACTS

LIST_MARKS = {",", ";", "va", "or", "/", "\n"}


@dataclass(slots=True)
class Clause:
    """One limit: a point, or a range from `first` to `last`, with the operator before it and how it was joined."""

    first: Point
    last: Point | None = None
    op: str = ""
    sep: str = ""
    acts: tuple[str, ...] = ()
    before_last: bool = False
    from_issue: bool = False
    within: bool = False

    @property
    def final(self) -> Point:
        return self.last or self.first


@dataclass(slots=True)
class Reader:
    """A cell, sorted: its clauses, its recurrences, its phrases, and what could not be read."""

    clauses: list[Clause] = field(default_factory=list)
    recurs: list[Recur] = field(default_factory=list)
    days: list[DayOnly] = field(default_factory=list)
    months_of_quarter: list[MonthOfQuarter] = field(default_factory=list)
    durations: list[Duration] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    follows: list[Follow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    hours: list[Hour] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ops: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    report: bool = False
    day_op: str = ""
    kept_up: bool = False
    """A period stood by itself before "và thường xuyên": do it by then, and keep it up."""

    def has(self, name: str) -> bool:
        return any(phrase.name == name for phrase in self.phrases)


def compose(items: list[Item]) -> Reader:
    """Sort the items of one cell."""
    items = tidy(items)
    reader = Reader(report=names_only_a_report(items))
    _Composer(reader).run(items)
    if reader.days and not reader.day_op and all(day.bare for day in reader.days):
        reader.unread += [str(day.day) for day in reader.days]
        reader.days = []
    return reader


class _Composer:
    """Walks over the items once and fills the reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.op = ""
        self.sep = ""
        self.acts: list[str] = []
        self.open_range = False
        self.issue_start = False
        self.within = False
        self.depth = 0

    def run(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Point):
                self._point(item)
            elif isinstance(item, Op):
                self._operator(item)
            elif isinstance(item, Sep):
                self._separator(item)
            elif isinstance(item, Act):
                self.acts.append(item.words)
            else:
                self._other(item)
        self._acts_of_the_last()

    def _acts_of_the_last(self) -> None:
        """Verbs after a date ("tháng 7 ban hành, …") belong to that date, if none stood before it."""
        clauses = self.reader.clauses
        if clauses and not clauses[-1].acts:
            clauses[-1].acts = tuple(self.acts)
        self.acts = []

    def _operator(self, op: Op) -> None:
        clauses = self.reader.clauses
        self.reader.ops.append(op.name)
        if op.name == "within":
            self.within = True
            return
        start = bool(clauses) and clauses[-1].op == "from"
        joins = clauses and clauses[-1].last is None and clauses[-1].op in {"", "from"}
        joins = joins and self.sep in ({"", ",", ";", "va", "\n"} if start and op.name == "by" else {"", ","})
        begun = bool(joins and clauses[-1].op == "from")
        reaches = op.name == "to" and (joins or self.issue_start) and (begun or not self.sep or not clauses)
        if reaches or (op.name == "by" and begun):
            self.open_range = True
        elif op.name in {"before"} and self.open_range:
            self.op = "before_last"
        else:
            self.op = op.name
        if op.name == "before" and joins and clauses[-1].op == "from" and self.sep != ",":
            self.open_range, self.op = True, "before_last"

    def _separator(self, sep: Sep) -> None:
        clauses = self.reader.clauses
        self.depth += {"(": 1, ")": -1}.get(sep.mark, 0)
        if clauses and sep.mark in {",", ";", "\n"}:
            self._acts_of_the_last()
        if sep.mark == "-" and clauses and clauses[-1].last is None and clauses[-1].op != "before" and not self.sep:
            self.open_range = True
        elif sep.mark == "-":
            self.sep = self.sep or ","
        elif sep.mark == "\n" and self.open_range:
            return
        elif (sep.mark != ":" or not self.sep) and not (sep.mark == "(" and self.sep in LIST_MARKS):
            self.sep = self.sep if self.sep in {";", "(", "or"} and sep.mark in {"\n", ","} else sep.mark
            if sep.mark in {";", "\n", ")"} and self.open_range:
                self.open_range = False
        if self.op in {"from", "after"} and clauses and sep.mark in LIST_MARKS:
            self.op = ""

    def _point(self, point: Point) -> None:
        clauses = self.reader.clauses
        if self._finishes(clauses):
            self.open_range, self.op = True, "before_last" if self.op == "before" else ""
        if self.open_range and clauses and clauses[-1].last is None:
            clauses[-1].last = point
            clauses[-1].before_last = self.op == "before_last"
            self.op, self.open_range = "", False
        else:
            op = self.op
            main = next((c for c in reversed(clauses) if self.depth or c.sep != "("), None)
            dates_it = main and point.unit == "year" and main.first.unit != "year" and not main.first.year
            if not op and main and main.op in {"before", "by", "to"} and self.sep in LIST_MARKS and not dates_it:
                op = main.op
                self._doubt_other_unit(main.first, point, op)
            op = "before" if op == "before_last" else op
            sep = self.sep if self._begun() else ""
            clause = Clause(point, None, op, sep, tuple(self.acts), from_issue=self.issue_start, within=self.within)
            clauses.append(clause)
            self.op = ""
        self.acts, self.sep, self.issue_start, self.open_range, self.within = [], "", False, False, False

    def _finishes(self, clauses: list[Clause]) -> bool:
        """ "Từ Quý II, hoàn thành trong Quý IV": start and end of one job."""
        begins = bool(clauses) and clauses[-1].op == "from" and clauses[-1].last is None
        return begins and bool(set(self.acts) & PROGRESS_ACTS) and self.sep in {"", ",", ";", "-", "\n"}

    def _stands_before(self) -> bool:
        """Say whether the last clause is one period or day, joined by "và", "," or ";" to what follows."""
        last = self.reader.clauses[-1] if self.reader.clauses else None
        if last is None or last.last or last.within or last.first.unit == "year" or last.op not in {"", "before", "by"}:
            return False
        return self.sep == "va" or (not last.op and self.sep in {",", ";", "\n"})

    def _begun(self) -> bool:
        reader = self.reader
        return bool(reader.clauses or reader.phrases or reader.recurs or reader.days)

    def _doubt_other_unit(self, before: Point, point: Point, op: str) -> None:
        if op == "before" and before.unit != point.unit:
            self.reader.doubts.append("không rõ chữ “trước” có dùng cho mốc sau hay không")

    def _other(self, item: Item) -> None:
        reader = self.reader
        if isinstance(item, Phrase):
            self.issue_start = self.issue_start or item.name == "issue"
            reader.kept_up = reader.kept_up or (item.name == "ongoing" and self._stands_before())
            reader.phrases.append(item)
        elif isinstance(item, DayOnly):
            reader.days.append(item)
            reader.day_op = reader.day_op or self.op
            self.op = ""
        elif isinstance(item, Follow):
            self._follow(item)
        elif isinstance(item, Unread):
            reader.unread.append(item.words)
        else:
            self._keep(item)
            self.sep = "" if isinstance(item, Hour) else self.sep

    def _keep(self, item: Item) -> None:
        reader = self.reader
        match item:
            case Recur():
                reader.recurs.append(item)
            case MonthOfQuarter():
                reader.months_of_quarter.append(item)
            case Duration():
                reader.durations.append(item)
            case Hour():
                reader.hours.append(item)
            case Part():
                reader.parts.append(item)

    def _follow(self, item: Follow) -> None:
        if item.unit in {"year", "year_before"} and self.reader.clauses:
            self.reader.clauses[-1].final.shift = 1 if item.unit == "year" else -1
        else:
            self.reader.follows.append(item)


def assign_years(clauses: list[Clause], plan_year: int | None, doubts: list[str]) -> None:
    """Give every point its year: a printed one wins, then the printed year beside it, then the plan's."""
    points = [p for clause in clauses for p in (clause.first, clause.last) if p]
    for point in points:
        point.given = point.year is not None
    for index in range(len(points) - 1, -1, -1):
        _year_from_the_right(points, index)
    for index in range(len(points)):
        _year_from_the_left(points, index, plan_year, doubts)
    for point in points:
        if point.year is None and plan_year is not None:
            point.year = plan_year + point.shift


def _year_from_the_right(points: list[Point], index: int) -> None:
    point = points[index]
    following = points[index + 1] if index + 1 < len(points) else None
    if point.year is not None or point.shift or following is None or following.year is None:
        return
    later = (point.first, point.day or 0) > (following.last, following.day or 99) and following.unit != "year"
    point.year = following.year - later


def _year_from_the_left(points: list[Point], index: int, plan_year: int | None, doubts: list[str]) -> None:
    point = points[index]
    before = points[index - 1] if index else None
    if point.year is not None or point.shift or before is None or before.year is None:
        return
    if before.unit == "year":
        point.year = before.year
        return
    earlier = (point.last, point.day or 99) < (before.first, before.day or 0)
    point.year = before.year + earlier
    if earlier or (plan_year is not None and point.year != plan_year):
        doubts.append("năm của mốc sau không được in")
