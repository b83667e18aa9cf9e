"""Cells without a date of their own: impossible days, events, durations, references to other documents."""

from datetime import date, timedelta

from plans.deadlines.composition import Reader
from plans.deadlines.days import add_months, add_working_days, vn
from plans.deadlines.draft import Cell, Draft
from plans.deadlines.items import Point
from plans.deadlines.limits import due_of, kind_of, kind_of_list, printed_years, year_of


def needs_a_person(kind: str, why: str) -> Draft:
    draft = Draft(kind, needs_input=True)
    draft.doubt(why)
    return draft


def impossible_time(reader: Reader, points: list[Point], cell: Cell) -> Draft:
    """31/6, Quý VI, tháng 13: no date for it, a suggestion, and a person decides."""
    year = cell.plan_year or (cell.signed.year if cell.signed else 2000)
    named = ", ".join(p.words for p in points)
    single = reader.clauses[0] if len(reader.clauses) == 1 and not reader.clauses[0].last else None
    good = [c for c in reader.clauses if not c.last and c.first.possible] if not single else []
    draft = Draft(kind_of(single) if single else "unspecified", needs_input=False)
    draft.kind = kind_of_list(reader.clauses) if good else draft.kind
    draft.dates = [due_of(c, cell, []) for c in good]
    draft.periods = [p for c in good if c.op != "before" for p in c.first.periods(year_of(c.first, cell))]
    draft.doubt(f"thời điểm “{named}” không có trên lịch", "impossible_date")
    for point in points:
        guess = point.suggestion(point.year or year)
        if guess:
            draft.suggested.append(guess)
            draft.alternative([*draft.dates, guess], f"có thể là {vn(guess)}")
    draft.years = printed_years(good)
    return draft


def school_year(reader: Reader, cell: Cell) -> Draft:
    draft = needs_a_person("unspecified", "năm học không trùng năm của kế hoạch; cần xác định ngày kết thúc")
    years = [
        int(w)
        for p in reader.phrases
        for w in p.words.replace("-", " ").replace("/", " ").split()
        if w.isdigit() and len(w) == 4
    ]
    year = years[1] if len(years) > 1 else years[0] + 1 if years else cell.plan_year
    if year:
        draft.suggested = [date(year, 5, 31)]
        draft.alternative([date(year, 5, 31)], "kết thúc năm học cuối tháng 5")
        draft.alternative([date(year, 8, 31)], "kết thúc năm học cuối tháng 8")
    return draft


def without_dates(reader: Reader, cell: Cell) -> Draft:
    if reader.durations:
        return counted_from_signing(reader, cell)
    if reader.has("issue") and not reader.has("event"):
        draft = Draft("relative", needs_input=True, note="tính từ khi ban hành kế hoạch; cần xác nhận ngày")
        draft.suggested = [cell.signed] if cell.signed else []
        return draft
    if reader.has("event"):
        return dateless("relative", "thời hạn tính từ một sự kiện chưa có ngày; cần nhập ngày", reader, cell)
    if reader.has("as_needed") and not (reader.has("periodic") or reader.has("per_document")):
        return dateless("as_needed", "", reader, cell)
    if reader.has("per_document"):
        return dateless("per_document", "thời hạn nằm ở văn bản khác; cần nhập ngày", reader, cell)
    if reader.has("periodic"):
        return needs_a_person("unspecified", "“định kỳ” nhưng không nêu bao lâu một lần")
    if reader.has("unknown_time"):
        return needs_a_person("unspecified", "chữ chỉ thời gian không rõ ngày")
    if reader.days:
        return needs_a_person("unspecified", "có ngày nhưng không rõ tháng")
    draft = Draft("unspecified")
    draft.doubt("không đọc được thời hạn từ chữ in")
    return draft


def named_in_document(reader: Reader, cell: Cell) -> Draft:
    """ "Theo Kế hoạch thanh tra, kiểm tra năm 2024": the year belongs to the name of the document."""
    draft = dateless("per_document", "thời hạn nằm ở văn bản khác; cần nhập ngày", reader, cell)
    if reader.clauses and not reader.clauses[0].acts:
        draft.doubt("năm in có thể là hạn, cũng có thể thuộc tên văn bản")
        draft.alternative([c.first.end(year_of(c.first, cell)) for c in reader.clauses], "lấy năm in làm hạn")
    return draft


def dateless(kind: str, note: str, reader: Reader, cell: Cell) -> Draft:
    draft = Draft(kind, needs_input=kind != "as_needed", note=note)
    hidden = [p for phrase in reader.phrases for p in phrase.hidden]
    if hidden:
        days = [p.end(year_of(p, cell)) for p in hidden]
        draft.doubt("có thời điểm in trong chữ dẫn chiếu", "ambiguous_deadline")
        draft.alternative(days, "lấy thời điểm in trong chữ dẫn chiếu")
        draft.suggested = days
    return draft


def counted_from_signing(reader: Reader, cell: Cell) -> Draft:
    """ "n ngày kể từ ngày ký": counted from the signing day, which is not counted itself (Civil Code, art. 147)."""
    duration = reader.durations[0]
    draft = Draft("relative")
    day = _after(duration.count, duration.unit, cell.signed) if cell.signed else None
    if duration.event == "issue" and day and len(reader.durations) == 1:
        draft.dates = [day]
        draft.note = "tính từ ngày ký kế hoạch, không tính ngày ký" + (
            "; chưa trừ ngày nghỉ lễ" if "lam viec" in duration.unit else ""
        )
        if duration.after:
            draft.doubt("“sau … ngày” có thể là ngày bắt đầu")
        return draft
    draft.needs_input = True
    draft.note = "thời hạn tính từ một sự kiện chưa có ngày; cần nhập ngày"
    if len(reader.durations) > 1:
        draft.doubt("ô có nhiều thời hạn tính theo số ngày", "several_deadlines")
    if day and duration.event == "other" and "ke hoach" in duration.words:
        draft.suggested = [day]
    return draft


def _after(count: int, unit: str, start: date) -> date | None:
    if count > 1000:
        return None
    if unit == "ngay lam viec":
        return add_working_days(start, count)
    if unit in {"thang", "nam"}:
        months = count if unit == "thang" else 12 * count
        return add_months(start, months) if months <= 240 else None
    return start + timedelta(days={"ngay": count, "tuan": 7 * count, "gio": (count + 23) // 24}[unit])
