"""Before the clauses: remarks and labels go, days take the month beside them, parts join their period."""

from plans.deadlines.items import (
    Act,
    DayOnly,
    Duration,
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


def tidy(items: list[Item]) -> list[Item]:
    """The items as a reader of the cell would group them."""
    items = _attach_parts(_drop_bullets(_drop_remarks(items)))
    items = _carry_days(_join_days(items))
    return _name_reports(_drop_labels(items))


def _drop_remarks(items: list[Item]) -> list[Item]:
    """Words in brackets that hold no limit ("(báo cáo năm)", "(thứ Hai)", "(số liệu chốt đến 30/11)") are a remark on
    what stands before them."""
    if not any(isinstance(i, Point | Recur | DayOnly | Phrase | Duration) for i in _outside(items)):
        return items
    kept: list[Item] = []
    start = None
    for item in items:
        if isinstance(item, Sep) and item.mark == "(":
            start = len(kept)
        kept.append(item)
        if isinstance(item, Sep) and item.mark == ")" and start is not None:
            cut_off = any(isinstance(i, Act) and "so lieu" in i.words for i in kept[start:])
            telling = (
                []
                if cut_off
                else [
                    i
                    for i in kept[start:]
                    if not isinstance(i, Sep | Act | Unread | Op) and not (isinstance(i, Recur) and i.bare)
                ]
            )
            kept = kept if telling else kept[:start]
            start = None
    return kept


def _outside(items: list[Item]) -> list[Item]:
    depth, kept = 0, []
    for item in items:
        if isinstance(item, Sep) and item.mark in "()":
            depth = max(0, depth + (1 if item.mark == "(" else -1))
        elif not depth:
            kept.append(item)
    return kept


def _drop_bullets(items: list[Item]) -> list[Item]:
    """A dash at the start of the cell or of a line is no range."""
    kept: list[Item] = []
    for item in items:
        if (
            isinstance(item, Sep)
            and item.mark == "-"
            and (not kept or (isinstance(kept[-1], Sep) and kept[-1].mark != ")"))
        ):
            continue
        if (
            isinstance(item, Sep)
            and item.mark == "-"
            and not any(isinstance(k, Point | DayOnly | Recur | Phrase) for k in kept)
        ):
            continue
        kept.append(item)
    while kept and isinstance(kept[-1], Sep):
        kept.pop()
    return kept


def _attach_parts(items: list[Item]) -> list[Item]:
    """ "đầu", "tuần 2": of the point that follows, over a list if need be ("tuần 1, tuần 3 tháng 5")."""
    kept: list[Item] = []
    for index, item in enumerate(items):
        if not isinstance(item, Part):
            kept.append(item)
            continue
        target = next(
            (i for i in items[index + 1 :] if isinstance(i, Point | Recur | MonthOfQuarter | Phrase | DayOnly)), None
        )
        later_part = any(isinstance(i, Part) for i in items[index + 1 : index + 3])
        if isinstance(target, Point) and target.day is None and later_part:
            kept.append(
                Point(target.unit, target.first, target.last, year=target.year, part=item.part, words=target.words)
            )
        elif isinstance(target, Point) and target.day is None:
            target.part = item.part
        else:
            kept.append(item)
    return kept


def _join_days(items: list[Item]) -> list[Item]:
    """ "10, 20/6", "từ 15 đến 20/6", "Tháng 6, trước ngày 25": a day takes the month beside it."""
    recurring = any(
        isinstance(i, MonthOfQuarter) or (isinstance(i, Recur) and i.unit == "month" and not i.bare) for i in items
    )
    out: list[Item] = list(items)
    for index in range(len(out) - 1, -1, -1):
        item = out[index]
        if not isinstance(item, DayOnly):
            continue
        if _starts_a_span(out[index + 1 :]):
            out[index] = Op("within")
            continue
        following = next((i for i in out[index + 1 :] if not isinstance(i, Op | Sep | Act | Unread)), None)
        if isinstance(following, Point) and following.unit == "day" and not recurring:
            out[index] = Point("day", following.first, following.first, item.day, following.year, words=f"{item.day}")
            continue
        preceding = [i for i in out[:index] if isinstance(i, Point)]
        if not item.bare and not recurring and preceding and preceding[-1].unit == "month" and not preceding[-1].part:
            month = preceding[-1]
            out[index] = Point("day", month.first, month.first, item.day, month.year, words=f"ngày {item.day}")
    return out


def _starts_a_span(rest: list[Item]) -> bool:
    """ "Ngày 01 đến ngày 05 hằng tháng": only the last of the days is a limit."""
    joined = rest and (
        (isinstance(rest[0], Op) and rest[0].name == "to") or (isinstance(rest[0], Sep) and rest[0].mark == "-")
    )
    return bool(joined) and len(rest) > 1 and isinstance(rest[1], DayOnly)


def _carry_days(items: list[Item]) -> list[Item]:
    """ "Trước ngày 15 tháng 6, tháng 12": the same day of the second month."""
    day: Point | None = None
    joined = False
    for index, item in enumerate(items):
        if isinstance(item, Sep) and item.mark in {",", "va"}:
            joined = True
        elif isinstance(item, Point):
            if day and joined and item.unit == "month" and not item.part and not item.bare:
                items[index] = item = Point(
                    "day", item.first, item.first, day.day, item.year, words=f"thang {item.first}"
                )
            day, joined = (item if item.unit == "day" and "thang" in item.words else None), False
        else:
            day = None
    return items


def _name_reports(items: list[Item]) -> list[Item]:
    """ "Quý I, 6 tháng, Quý III và năm": the bare words are periods of their own beside named quarters."""
    items = _name_year(items)
    named = any(isinstance(i, Point) and i.unit in {"quarter", "half", "months"} for i in items)
    recurring = any(isinstance(i, Recur) and not i.bare for i in items)
    if not named or recurring:
        return items
    months = {"half": (1, 6, "half"), "nine": (1, 9, "months"), "three": (1, 3, "months"), "year": (1, 12, "year")}
    out: list[Item] = []
    for item in items:
        if isinstance(item, Recur) and item.unit in months:
            first, last, unit = months[item.unit]
            out.append(Point(unit, first, last, words=item.words, part="item" if unit == "year" else ""))
        else:
            out.append(item)
    for item in out:
        if isinstance(item, Point) and item.part == "context":
            item.part = ""
    return out


def _name_year(items: list[Item]) -> list[Item]:
    """ "6 tháng và cả năm": the whole year behind a bare period is the report of the year, no span."""
    out = list(items)
    for index in range(2, len(out)):
        period, joint, year = out[index - 2 : index + 1]
        if (
            isinstance(period, Recur)
            and period.bare
            and period.unit != "year"
            and isinstance(joint, Sep)
            and joint.mark in {",", ";", "va"}
            and isinstance(year, Point)
            and year.unit == "year"
            and year.part == "ca"
        ):
            out[index] = Recur("year", bare=True, words=year.words)
    return out


def _drop_labels(items: list[Item]) -> list[Item]:
    """ "Báo cáo 6 tháng trước ngày 10/6": the date counts, the name of the report before it does not."""
    out: list[Item] = []
    told: list[Item] = [item for item in items if not isinstance(item, Act | Unread)]
    passed, last = 0, None
    for item in items:
        if isinstance(item, Act | Unread):
            out.append(item)
            continue
        passed += 1
        rest = told[passed:]
        label = isinstance(item, Recur) and item.bare
        if label and _introduces_a_date(rest):
            continue
        if isinstance(item, Point) and item.part in {"", "ca"} and _labels(item, rest):
            continue
        if label and isinstance(last, Point) and last.unit == "day":
            continue
        out.append(item)
        last = item
    return out


def _introduces_a_date(rest: list[Item]) -> bool:
    """Say whether "trước", "chậm nhất" or a sign follows, and then a day or a month."""
    joined = rest and (
        (isinstance(rest[0], Op) and rest[0].name in {"before", "by"})
        or (isinstance(rest[0], Sep) and rest[0].mark in {":", "-", "("})
    )
    if not joined:
        return False
    target = next((item for item in rest if isinstance(item, Point | DayOnly | Recur | Phrase)), None)
    return isinstance(target, Point) and target.unit in {"day", "month"}


def _labels(period: Point, rest: list[Item]) -> bool:
    """ "Báo cáo quý II trước ngày 15/6": the quarter names the report, the day limits it."""
    colon = bool(rest) and isinstance(rest[0], Sep) and rest[0].mark == ":"
    rest = rest[1:] if colon else rest
    limited = bool(rest) and isinstance(rest[0], Op) and rest[0].name in {"before", "by"}
    rest = rest[1:] if limited else rest
    if period.unit == "day" or not rest or not (limited or colon):
        return False
    day = rest[0]
    if not isinstance(day, Point) or day.unit != "day" or not period.first <= day.first <= period.last + 1:
        return False
    day.year = day.year or period.year
    return True


def names_only_a_report(items: list[Item]) -> bool:
    """ "báo cáo CCHC Quý III": the period of a report, not the day on which to send it."""
    times = [n for n, item in enumerate(items) if isinstance(item, Point | Recur)]
    if not times or any(
        isinstance(i, Op | DayOnly | MonthOfQuarter) or (isinstance(i, Point) and i.unit == "day") for i in items
    ):
        return False
    return any(isinstance(i, Act) and i.words in {"bao cao", "so ket", "tong ket"} for i in items[: times[0]])
