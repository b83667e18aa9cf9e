"""A sorted cell to its deadline: the rules of time, one function for each kind of wording."""

from datetime import date, timedelta

from plans.deadlines.composition import Clause, Reader, assign_years
from plans.deadlines.dateless import impossible_time, named_in_document, needs_a_person, school_year, without_dates
from plans.deadlines.days import add_months, month_end, quarter_ends, quarter_name, vn
from plans.deadlines.draft import Cell, Draft
from plans.deadlines.items import SURE_PARTS, Point
from plans.deadlines.limits import due_of, kind_of, kind_of_list, next_year, printed_years, refine, year_of
from plans.deadlines.recurring import judge_recurring, recurring_words
from plans.deadlines.standing import ongoing, whole_year_alone
from plans.deadlines.vocabulary import PROGRESS_ACTS
from plans.deadlines.wording import BLANK


def judge(reader: Reader, cell: Cell) -> Draft:
    """The draft of the deadline; which rule speaks depends on what the cell holds."""
    _use_context_year(reader, cell)
    impossible = [p for c in reader.clauses for p in (c.first, c.last) if p and not p.possible]
    if impossible:
        return impossible_time(reader, impossible, cell)
    draft = _choose(reader, cell)
    _add_common_doubts(draft, reader)
    return draft


def _choose(reader: Reader, cell: Cell) -> Draft:
    if reader.has("school_year"):
        return school_year(reader, cell)
    if reader.follows and not reader.days:
        return needs_a_person("unspecified", "“tháng sau”, “quý sau” chưa rõ tính từ khi nào")
    standing = reader.has("ongoing") and all(r.bare for r in reader.recurs)
    if recurring_words(reader) and not standing:
        return judge_recurring(reader, cell)
    if reader.has("ongoing") or whole_year_alone(reader):
        return ongoing(reader, cell)
    if reader.has("per_document") and all(c.first.unit == "year" and not c.op and not c.last for c in reader.clauses):
        return named_in_document(reader, cell)
    if reader.clauses:
        return _dated(reader, cell)
    return without_dates(reader, cell)


def _add_common_doubts(draft: Draft, reader: Reader) -> None:
    for doubt in reader.doubts:
        draft.doubt(doubt)
    if not draft.dates:
        return
    if reader.report:
        draft.doubt("chỉ nêu kỳ báo cáo, chưa nêu ngày gửi báo cáo")
    if reader.unread:
        words = " ".join(dict.fromkeys(reader.unread))
        draft.doubt("còn chỗ để trống" if words == BLANK else f"còn chữ chưa hiểu: “{words[:80]}”")
    if reader.durations and draft.kind != "relative":
        draft.doubt("ngoài ngày in còn một thời hạn tính theo số ngày", "several_deadlines")
    if reader.has("event") and not (reader.clauses and reader.clauses[0].from_issue):
        draft.doubt("thời gian còn phụ thuộc một sự kiện")
        draft.alternative([], "chưa có ngày cho đến khi sự kiện xảy ra")
    if "about" in reader.ops:
        draft.doubt("“khoảng” không nêu ngày chính xác")
    first = reader.clauses[0] if reader.clauses else None
    if (
        reader.has("per_document")
        and first
        and set(first.acts) - PROGRESS_ACTS
        and not first.op
        and not first.within
        and first.sep == ","
    ):
        draft.doubt("thời điểm in có thể thuộc tên văn bản được dẫn")
    if reader.has("unknown_time"):
        draft.doubt("còn chữ chỉ thời gian không rõ ngày")
    if [p.words for p in reader.phrases] == ["24/7"]:
        draft.doubt("“24/7” có thể là suốt ngày đêm, cũng có thể là ngày 24 tháng 7")
    if reader.hours and not draft.time:
        draft.time = str(reader.hours[-1])


# --- the year of the cell --------------------------------------------------------------------------------


def _use_context_year(reader: Reader, cell: Cell) -> None:
    """ "Năm 2024: Quý II, Quý IV", "Quý III, năm 2024": the year dates the others and is no entry of its own."""
    clauses = reader.clauses
    finer = [c for c in clauses if c.first.unit != "year"]
    years = [c for c in clauses if c.first.unit == "year" and not c.last and not c.op and not c.first.part]
    points = [p for c in finer for p in (c.first, c.last) if p]
    if points and len(years) == 1 and not any(p.year for p in points):
        year = years[0]
        leads = clauses[0] is year and clauses[1].sep in {"", ":", ",", "("}
        dated = finer[-1].first.unit in {"month", "quarter", "day"}
        trails = clauses[-1] is year and year.sep in {",", "", "("} and dated
        if leads or (trails and (len(finer) == 1 or finer[-1].first.unit != "day")):
            clauses.remove(year)
            clauses[0].sep = ""
            for point in points:
                point.year = year.first.year or cell.plan_year
            entry = year.sep == "," or not year.first.year
            if not leads and entry and len(finer) > 1 and finer[-1].final.last != 12:
                reader.doubts.append("“năm” có thể là năm của các mốc trước, cũng có thể là một mốc riêng")
    assign_years(clauses, cell.plan_year, reader.doubts)


# --- dates -----------------------------------------------------------------------------------------------


def _dated(reader: Reader, cell: Cell) -> Draft:
    clauses = refine(reader.clauses, reader)
    draft = _single(clauses[0], reader, cell) if len(clauses) == 1 else _several(clauses, reader, cell)
    if reader.has("orientation"):
        draft.doubt("phần định hướng, tầm nhìn không phải thời hạn")
    if reader.has("later_years"):
        draft.kind, draft.ongoing, draft.long_term = "year_range", True, True
        draft.doubt("không nêu năm kết thúc")
    if reader.days or reader.parts:
        draft.doubt("còn một ngày hoặc tuần không rõ thuộc tháng nào")
    return draft


def _single(clause: Clause, reader: Reader, cell: Cell) -> Draft:
    if clause.op in {"from", "after"} and clause.last is None:
        return _open_end(clause, cell)
    draft = _range(clause, reader, cell) if clause.last else _point(clause, reader, cell)
    _doubts_of_points(draft, [clause], cell)
    return draft


def _point(clause: Clause, reader: Reader, cell: Cell) -> Draft:
    point, year = clause.first, year_of(clause.first, cell)
    before = clause.op in {"before", "before_end"}
    draft = Draft(kind=kind_of(clause), dates=[due_of(clause, cell, reader.hours)], years=printed_years([clause]))
    if point.day is not None:
        draft.printed, draft.inclusive = point.end(year), draft.dates[0] == point.end(year)
    elif not before:
        draft.periods = list(point.periods(year))
    if clause.op == "before_end":
        draft.dates = [point.end(year)]
        draft.alternative([point.end(year) - timedelta(days=1)], "không tính ngày cuối cùng")
        draft.doubt("“trước hết” vừa loại trừ vừa bao gồm ngày cuối")
    draft.long_term = (point.unit == "year" and bool(point.year)) or clause.op == "to"
    if reader.hours:
        draft.time = str(reader.hours[-1])
    if clause.from_issue:
        draft.kind, draft.clip = "date_range", False
    return draft


def _doubts_of_points(draft: Draft, clauses: list[Clause], cell: Cell) -> None:
    for clause in clauses:
        for point in (clause.first, clause.last):
            for doubt in point.doubts if point else ():
                draft.doubt(doubt, "excel_serial" if point and point.code == "excel_month" else "ambiguous_deadline")
        point, year = clause.final, year_of(clause.final, cell)
        others = [d for d in draft.dates if d != due_of(clause, cell, [])]
        if clause.op == "before" and point.part == "dau":
            continue
        half_of_quarter = point.part == "nua_dau" and point.unit != "month"
        if (point.part not in SURE_PARTS or half_of_quarter) and point.part not in {
            "ca",
            "item",
            "context",
            "cuoi_lam_viec",
        }:
            draft.doubt("đầu, giữa kỳ hoặc tuần trong tháng có nhiều cách tính")
            other = point.other_end(year)
            if other and clause.op != "before":
                draft.alternative([*others, other[0]], other[1])
        elif clause.op == "before" and point.part in {"cuoi", "ha", "nua_cuoi"}:
            draft.doubt("“trước cuối kỳ” không rõ là trước ngày nào")
        if point.part == "cuoi_lam_viec":
            draft.doubt("ngày làm việc cuối cùng còn tùy lịch nghỉ lễ")
        if point.code == "excel_month":
            draft.alternative([*others, month_end(year, point.first)], "cả tháng")
        if point.code.startswith("or_day:"):
            draft.alternative([*others, date(year, point.first, int(point.code[7:]))], "ngày/tháng/năm")


# --- ranges ----------------------------------------------------------------------------------------------


def _range(clause: Clause, reader: Reader, cell: Cell) -> Draft:
    first, last = clause.first, clause.last
    assert last is not None
    begin, end = first.begin(year_of(first, cell)), due_of(clause, cell, reader.hours)
    wrapped = begin > end
    if wrapped and not (first.given and last.given) and begin.month > end.month:
        end = next_year(end)
    draft = _range_of(first, last, begin, end)
    draft.years = printed_years([clause])
    draft.long_term = len(draft.years) > 1 or first.unit == "year"
    if wrapped:
        draft.doubt("thời điểm bắt đầu sau thời điểm kết thúc", "start_after_due")
        if begin > end or first.day:
            draft.alternative([begin], "hai mốc bị in đảo")
    if last.unit == "day" and last.day is not None:
        draft.printed, draft.inclusive = last.end(year_of(last, cell)), not clause.before_last
    return draft


def _range_of(first: Point, last: Point, begin: date, end: date) -> Draft:
    """Quarters and years have a check-point at each end; months and days only their end."""
    if first.unit == "quarter" and last.unit in {"quarter", "year", "half"} and begin <= end:
        dates = list(quarter_ends(begin, end)) or [end]
        whole = len(dates) >= 4 and dates[0].month == 3 and dates[-1].month == 12
        return Draft("quarter_range", dates, [quarter_name(d) for d in dates], "final", clip=True, ongoing=whole)
    if first.unit == "year" and last.unit == "year" and begin <= end:
        dates = [date(y, 12, 31) for y in range(begin.year, end.year + 1)]
        return Draft("year_range", dates, [str(d.year) for d in dates], "final", clip=True)
    if first.unit == "day" or last.unit == "day":
        return Draft("date_range", [end])
    kind = "quarter_range" if first.unit == "quarter" and last.unit == "quarter" else "month_range"
    months = []
    if begin <= end and first.unit == "month":
        count = (end.year - begin.year) * 12 + end.month - begin.month
        months = [f"{add_months(begin.replace(day=1), n):%Y-%m}" for n in range(min(count, 120) + 1)]
    return Draft(kind, [end], months)


def _open_end(clause: Clause, cell: Cell) -> Draft:
    """ "từ Quý II", "sau 30/6": no end is printed; taken to the end of the year, and doubtful."""
    point, year = clause.first, year_of(clause.first, cell)
    begin = point.begin(year) if clause.op == "from" else point.end(year) + timedelta(days=1)
    end = date(begin.year, 12, 31)
    last = Point("quarter", 10, 12) if point.unit == "quarter" else Point(point.unit, 12, 12)
    if point.unit == "day":
        last = Point("day", 12, 12, 31)
    draft = _range_of(point, last, begin, end)
    draft.years = printed_years([clause])
    draft.doubt("chỉ nêu thời điểm bắt đầu, không nêu thời điểm kết thúc")
    draft.alternative([point.end(year)], "hoàn thành ngay trong kỳ đã nêu")
    return draft


def _several(clauses: list[Clause], reader: Reader, cell: Cell) -> Draft:
    """A list: one delivery for each entry."""
    dates = [due_of(c, cell, reader.hours) for c in clauses]
    periods = [p for c in clauses if c.op != "before" and not c.last for p in c.first.periods(year_of(c.first, cell))]
    draft = Draft(kind_of_list(clauses), sorted(dates), periods, years=printed_years(clauses))
    draft.long_term = len(draft.years) > 1
    if any(c.sep == "or" for c in clauses):
        draft.dates = [max(dates)]
        draft.doubt("hai thời điểm để lựa chọn", "several_deadlines")
        for day in dates:
            draft.alternative([day], f"chọn hạn {vn(day)}")
    else:
        doubt = _doubt_of_list(clauses, reader)
        if doubt:
            draft.doubt(doubt, "several_deadlines")
    if any(c.sep == "/" for c in clauses):
        draft.doubt("dấu gạch chéo giữa các mốc chưa rõ nghĩa")
    if 0 < len(reader.hours) < len(clauses):
        draft.doubt("giờ chỉ in cho một mốc")
    if draft.doubts:
        draft.alternative([max(dates)], "một việc, hoàn thành ở mốc cuối")
    _doubts_of_points(draft, clauses, cell)
    return draft


def _doubt_of_list(clauses: list[Clause], reader: Reader) -> str:
    """Why the entries may be something else than deliveries of one kind; empty where they are a plain list."""
    acts = [set(c.acts) for c in clauses]
    other_jobs = any(a and a != acts[0] for a in acts[1:])
    if other_jobs or any(c.last or c.sep == "(" for c in clauses):
        return "ô có nhiều thời hạn cho nhiều việc khác nhau"
    ops = [c.op for c in clauses]
    if (len(set(ops)) > 1 and all(ops)) or (not ops[0] and {"before", "by"} & set(ops[1:])):
        return "các mốc được giới hạn bằng chữ khác nhau"
    if reader.has("share"):
        return "các mốc theo tỷ lệ hoàn thành, có thể chỉ mốc cuối là hạn của nhiệm vụ"
    if any(c.op in {"from", "after"} for c in clauses):
        return "có mốc bắt đầu xen với mốc kết thúc"
    whole = len(clauses) == 2 and {c.first.part == "ca" for c in clauses} == {True, False}
    if whole and clauses[1].sep in ({";", "\n"} if clauses[0].first.unit in {"half", "months"} else {";", ",", "\n"}):
        return "vừa có thời hạn cụ thể vừa ghi cả năm"
    bare_days = all(c.first.unit == "day" and not c.op for c in clauses)
    if len(clauses) == 2 and clauses[1].sep == "\n" and bare_days:
        return "hai ngày trên hai dòng, có thể là ngày bắt đầu và ngày kết thúc"
    return "không rõ là liệt kê hay một khoảng thời gian" if any(not c.sep for c in clauses[1:]) else ""
