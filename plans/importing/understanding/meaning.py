"""The time and the agencies of one task: words of its cells → deadline, assignments, warnings."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agencies.folding import fold
from agencies.matching import AgencyCell, Catalogue, CellWarning, parse_agency_cell
from plans.deadlines import Deadline, parse_deadline, parse_over_years
from plans.importing.columns import COORDINATE, IMPLEMENT, LEAD_COORDINATE, MIXED, MONITOR
from plans.importing.proposal import Assignment, PlanHead, Task, Warning
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import split_bullet
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.span import years_of
from plans.importing.understanding.ticks import TICKS, as_ticked
from plans.importing.understanding.verbs import AFTER_PARTNERS_PRINTED

_LONG_TEXT = 2500
_MIXED_COLUMNS = (MIXED, LEAD_COORDINATE)
_REPORT = re.compile(
    r"^(?:định kỳ |tổng hợp(?:, | và )|xây dựng |thực hiện |gửi |chế độ |hàng quý |hằng quý |hàng tháng |hằng tháng )*(?:chế độ )?báo cáo\b"
    r"(?! viên)|^tổng hợp.{0,60}\bbáo cáo (?:ubnd|ủy ban|sở|bộ)|^định kỳ .{0,40}báo cáo"
)
_PARTNERS = re.compile(
    r"(?:phối hợp(?: chặt chẽ)?(?: với| cùng(?: với)?)|ký (?:kết )?hợp đồng với)\s+(?P<who>[^.;:\n]{3,160})",
    re.IGNORECASE,
)
_NOTE_CHANGES = re.compile(
    r"gia hạn|điều chỉnh|lùi|chuyển sang|thay (?:đổi|thế)|trước ngày|đến ngày|hoàn thành|không (?:bao gồm|áp dụng)|trừ\b",
    re.IGNORECASE,
)
_AIM_YEAR = re.compile(
    r"(?:nâng cao|phấn đấu|phân đầu|cải thiện|duy trì)[^.;]{0,50}[Cc]hỉ số[^.;]{0,30}năm (?P<year>20\d\d)(?!\s*(?:[-–]|đến))",
    re.IGNORECASE,
)
_LAUNCH = re.compile(
    r"(?:chỉ đạo|ban hành|văn bản)[^.;]{0,40}triển khai (?:thực hiện )?kế hoạch|^(?:xây dựng|ban hành)[^.;]{0,10} kế hoạch"
)
STRUCTURAL = frozenset(
    {"continued_row", "row_lost", "nested_table", "ditto", "duplicate_no", "missing_no", "number_gap", "duplicate_task"}
    | {
        "table_without_head",
        "missing_cell",
        "long_text",
        "report_task",
        "several_tasks",
        "note_changes_task",
        "encoding",
    }
)
"""Codes that come from the place of a row in its document; editing the time or the agencies does not change them."""

_ABOUT_AGENCIES = frozenset(
    {
        "unknown_agency",
        "misspelt_agency",
        "obsolete_agency",
        "same_agency_two_roles",
        "missing_lead",
        "request_not_order",
    }
    | {"partner_in_text"}
)


_DO = {
    "unknown_agency": "Hãy chọn cơ quan tương ứng hoặc thêm mới.",
    "misspelt_agency": "Hãy xác nhận cơ quan được chọn.",
    "obsolete_agency": "Hãy chọn cơ quan kế thừa.",
    "missing_lead": "Hãy bổ sung cơ quan thực hiện.",
}


@dataclass(frozen=True)
class Reading:
    """What the meaning of a cell depends on: the plan's year and day, who issued it, the known names, the plan's switch."""

    plan: PlanHead
    catalogue: Catalogue
    before_is_inclusive: bool = False

    @property
    def signed(self) -> date | None:
        """The signing day."""
        try:
            return date.fromisoformat(self.plan.signed) if self.plan.signed else None
        except ValueError:
            return None

    def deadline(self, words: str) -> Deadline:
        """Read the words of a time cell."""
        if years := years_of(self.plan):
            return parse_over_years(
                words, years=years, plan_signed=self.signed, before_is_inclusive=self.before_is_inclusive
            )
        return parse_deadline(
            words, plan_year=self.plan.plan_year, plan_signed=self.signed, before_is_inclusive=self.before_is_inclusive
        )

    def agencies(self, words: str, column: str) -> AgencyCell:
        """Read the words of an agency cell of a column."""
        known = {MONITOR: IMPLEMENT, LEAD_COORDINATE: MIXED}.get(column, column)
        return parse_agency_cell(
            words,
            column=known,
            catalogue=self.catalogue,
            province=self.plan.province,
            issuer=self.plan.issuer,
            plan_signed=self.signed,
        )


def understand_task(raw: RawTask, row: int, reading: Reading) -> Task:
    """Give a raw task its deadline and assignments, and say what a person should look at."""
    deadline, time_warnings = _deadline(raw, reading)
    assignments, excluded, agency_warnings = _assignments(raw, reading)
    main = [(column, words) for column, words in raw.agencies if column != COORDINATE]
    task = Task(
        row,
        raw.no,
        list(raw.heading_path),
        raw.text,
        assignments,
        "\n".join(words for _, words in main if words),
        "\n".join(words for column, words in raw.agencies if column == COORDINATE and words),
        raw.time_text,
        deadline.as_dict(),
        raw.product,
        raw.funding,
        "\n".join([note for note in (raw.note, *raw.footnotes) if note]),
        raw.place,
        [*raw.warnings, *time_warnings, *agency_warnings],
        bool(_REPORT.match(fold(split_bullet(raw.text)[1]))),
        _column_of(main),
        excluded,
    )
    task.warnings += _text_warnings(task, raw, reading)
    task.warnings += _ending_agencies(task, deadline, reading)
    task.warnings = list({(one.code, one.words): one for one in task.warnings}.values())
    return task


def understand_row(
    task: Task,
    plan: PlanHead,
    *,
    text: str | None = None,
    time_text: str | None = None,
    agencies_text: str | None = None,
    coordinating_text: str | None = None,
    catalogue: Catalogue | None = None,
    before_is_inclusive: bool = False,
) -> Task:
    """Understand one row again after a person has edited its words; arguments that are None stay as they are.

    Warnings about the row's place in the document stay; those about time and agencies are made anew. Assignments that
    prose gave stay as long as the words of the agencies are not edited.
    """
    reading = Reading(plan, catalogue or Catalogue.standard(plan.province), before_is_inclusive)
    kept_assignments = list(task.assignments) if agencies_text is None and coordinating_text is None else None
    raw = _raw_again(task, text, time_text, agencies_text, coordinating_text)
    raw.assignments = kept_assignments
    again = understand_task(raw, task.row, reading)
    again.agencies_column = task.agencies_column
    again.criteria = list(task.criteria)
    if kept_assignments is not None:
        again.excluded = list(task.excluded)
        again.warnings += [one for one in task.warnings if one.code in _ABOUT_AGENCIES and one not in again.warnings]
    return again


def _raw_again(
    task: Task, text: str | None, time_text: str | None, agencies_text: str | None, coordinating_text: str | None
) -> RawTask:
    """The words of a task as they stand after the edit, with what was said about its place."""
    main = task.agencies_text if agencies_text is None else agencies_text
    partners = task.coordinating_text if coordinating_text is None else coordinating_text
    was_missing = any(one.code == "missing_deadline" for one in task.warnings)
    return RawTask(
        task.text if text is None else text,
        task.place,
        task.no,
        task.heading_path,
        [(task.agencies_column, main), (COORDINATE, partners)],
        task.time_text if time_text is None else time_text,
        product=task.product,
        funding=task.funding,
        note=task.note,
        warnings=[
            one for one in task.warnings if one.code in STRUCTURAL and (one.code != "ditto" or time_text is None)
        ],
        has_time_column=time_text is not None or bool(task.time_text) or was_missing,
    )


def _column_of(main: list[tuple[str, str]]) -> str:
    return next((column for column, words in main if words), main[0][0] if main else MIXED)


def _deadline(raw: RawTask, reading: Reading) -> tuple[Deadline, list[Warning]]:
    words = raw.time_text
    if not words and raw.start_text:
        words = f"từ {raw.start_text}"
    deadline = reading.deadline(words)
    if raw.time_kind == TICKS:
        deadline = as_ticked(deadline)
    codes = list(deadline.codes)
    if "missing_deadline" in codes and not raw.has_time_column:
        codes.remove("missing_deadline")
    if raw.time_kind == "date" and "excel_serial" in codes:
        codes.remove("excel_serial")
    warnings = [_time_warning(code, raw.time_text, deadline) for code in codes]
    if deadline.ambiguous and not codes:
        warnings.append(_time_warning("ambiguous_deadline", raw.time_text, deadline))
    start = reading.deadline(raw.start_text) if raw.start_text and raw.time_text else None
    if start and start.due_dates and deadline.due_dates and start.due_dates[0] > deadline.due_dates[-1]:
        warnings.append(warning("start_after_due", f"{raw.start_text} - {raw.time_text}"))
    return deadline, warnings


def _time_warning(code: str, words: str, deadline: Deadline) -> Warning:
    plain = warning(code, words)
    return (
        replace(plain, message=f"{plain.message} ({deadline.why})") if deadline.why and not plain.is_remark else plain
    )


def _assignments(raw: RawTask, reading: Reading) -> tuple[list[Assignment], list[str], list[Warning]]:
    if raw.assignments is not None:
        missing = not raw.assignments and raw.has_agency_column
        excluded = list(dict.fromkeys(name for one in raw.assignments for name in one.excluded))
        return list(raw.assignments), excluded, [warning("missing_lead")] if missing else _doubtful_names(raw, reading)
    found: dict[tuple[str, str], Assignment] = {}
    excluded = []
    warnings: list[Warning] = []
    columns_of: dict[str, set[str]] = {}
    for column, words in raw.agencies:
        if not words.strip():
            continue
        cell = reading.agencies(words, column)
        excluded.extend(name for name in cell.excluded if name not in excluded)
        warnings.extend(_about_agency(one) for one in cell.warnings)
        if cell.ambiguous and not cell.warnings:
            warnings.append(warning("missing_lead", words, f"Chưa rõ vai trò của cơ quan: {cell.why}. Hãy xác nhận."))
        for assignment in entries_as_assignments(cell, column):
            columns_of.setdefault(assignment.agency_or_group, set()).add(column)
            found.setdefault((assignment.agency_or_group, assignment.role), assignment)
    for name, columns in columns_of.items():
        if len(columns) > 1:
            warnings.append(warning("same_agency_two_roles", name))
    leads = [one for one in found.values() if one.role != COORDINATE]
    if (
        not leads
        and raw.has_agency_column
        and not any(one.code in ("missing_lead", "unknown_agency") for one in warnings)
    ):
        warnings.append(warning("missing_lead"))
    return list(found.values()), excluded, warnings


def _doubtful_names(raw: RawTask, reading: Reading) -> list[Warning]:
    """What the register says about the agencies that prose names: unknown, misspelt, ended before signing."""
    found = {
        (one.code, one.words): _about_agency(one)
        for assignment in raw.assignments or ()
        for one in reading.agencies(assignment.name or assignment.agency_or_group, COORDINATE).warnings
        if one.code in ("unknown_agency", "misspelt_agency", "obsolete_agency")
    }
    return list(found.values())


def _about_agency(found: CellWarning) -> Warning:
    """What the matching found out, and where it does not say so itself, what to do."""
    message = found.message
    if not re.search(r"hãy|kiểm tra|chọn|xác nhận|bổ sung", fold(message)):
        message = f"{message} {_DO.get(found.code, 'Hãy xác nhận.')}"
    return warning(found.code, found.words, message)


def entries_as_assignments(cell: AgencyCell, column: str, source: str = "cell") -> list[Assignment]:
    """The entries of a cell as assignments; an inferred role gives way to the role of a column of one's own."""
    result: list[Assignment] = []
    for entry in cell.entries:
        role, stated = entry.role, entry.role_stated
        if column == MONITOR and role == IMPLEMENT:
            role, stated = MONITOR, True
        elif column == LEAD_COORDINATE and role == IMPLEMENT and not stated:
            role = COORDINATE
        result.append(
            Assignment(
                entry.agency_or_group, role, entry.group, stated, entry.name, entry.known, source,
                tuple(entry.excluded), tuple(entry.candidates), entry.key,
            )
        )  # fmt: skip
    return result


def _text_warnings(task: Task, raw: RawTask, reading: Reading) -> list[Warning]:
    found: list[Warning] = []
    if not task.text:
        found.append(warning("missing_cell"))
    if len(task.text) > _LONG_TEXT:
        found.append(warning("long_text", f"{task.text[:80]}…"))
    if task.is_report:
        found.append(warning("report_task", f"{task.text[:80]}"))
    if re.match(r"(?:[-+]\s*)?đề nghị\b", fold(task.text)):
        found.append(warning("request_not_order", task.text[:80]))
    given = {one.agency_or_group for one in task.assignments}
    if raw.assignments is None:
        missing = [one for one in partners_in(task.text, reading) if one.agency_or_group not in given]
        found += [warning("partner_in_text", one.name or one.agency_or_group) for one in missing]
    found += [warning("note_changes_task", note) for note in raw.footnotes if _NOTE_CHANGES.search(note)]
    found += _years_in_text(task, reading)
    if _has_several_tasks(task):
        found.append(warning("several_tasks", task.time_text))
    return found


def _years_in_text(task: Task, reading: Reading) -> list[Warning]:
    """An aim for a year that is over, and the launch of a plan that is due again at the end of its year."""
    year, found = reading.plan.plan_year, list[Warning]()
    if not year:
        return found
    for match in _AIM_YEAR.finditer(task.text):
        if int(match["year"]) < year:
            message = f"Nội dung đặt mục tiêu cho năm {match['year']} trong kế hoạch năm {year}. Hãy xác nhận hoặc sửa lại năm."
            found.append(warning("year_mismatch", match[0], message))
    dates = task.deadline.get("due_dates") or []
    launches = _LAUNCH.search(fold(task.text)) and not task.is_report and task.deadline.get("completes") == "each"
    if launches and len(dates) > 1 and dates[-1] >= f"{year}-10-01":
        message = "Việc triển khai kế hoạch được ghi nhiều mốc, có mốc vào cuối năm. Hãy xác nhận mỗi mốc là một lần phải hoàn thành."
        found.append(warning("several_deadlines", task.time_text, message))
    return found


def _has_several_tasks(task: Task) -> bool:
    """As many items in the text as lines in the time cell: each item has its own time."""
    items = [line for line in task.text.split("\n") if split_bullet(line)[0] or re.match(r"\d{1,2}[.)]\s", line)]
    times = [line for line in task.time_text.split("\n") if re.search(r"\d|quý|tháng", fold(line))]
    return len(times) > 1 and len(items) == len(times)


def partners_in(
    text: str, reading: Reading, general: bool = False, named: re.Pattern[str] | None = None
) -> list[Assignment]:
    """The known agencies that a text names as partners: "phối hợp với UBND các xã tăng cường …".

    ``general``: also words that name nobody in particular, such as "các cơ quan có liên quan". ``named``: how the name of
    a unit looks that the register need not know.
    """
    partners: dict[str, Assignment] = {}
    for match in _PARTNERS.finditer(text[:3000]):
        who = AFTER_PARTNERS_PRINTED.split(f" {match['who']}", maxsplit=1)[0].strip(" ,")
        if not who:
            continue
        for assignment in entries_as_assignments(reading.agencies(who, COORDINATE), COORDINATE, "text"):
            is_name = bool(named and named.match(assignment.name) and len(assignment.name) < 80)
            if is_name if not assignment.known else general or not _is_general(assignment):
                partners.setdefault(assignment.agency_or_group, replace(assignment, role_stated=True))
    return list(partners.values())


def _is_general(assignment: Assignment) -> bool:
    return bool(re.match(r"các (?:cơ quan|đơn vị|tổ chức|ngành|bộ phận)", fold(assignment.agency_or_group)))


def _ending_agencies(task: Task, deadline: Deadline, reading: Reading) -> list[Warning]:
    if not deadline.due_dates:
        return []
    found: list[Warning] = []
    for assignment in task.assignments:
        name: Any = reading.catalogue.named(assignment.agency_or_group) if assignment.known else None
        ends = getattr(name, "valid_to", None)
        if ends and (reading.signed is None or ends >= reading.signed) and ends < deadline.due_dates[-1]:
            heirs = ", ".join(getattr(name, "successors", ()))
            advice = f"Nhiệm vụ sẽ do {heirs} tiếp nhận; hãy xác nhận." if heirs else "Hãy dự kiến cơ quan kế thừa."
            message = (
                f"{assignment.agency_or_group} kết thúc hoạt động ngày {ends:%d/%m/%Y}, trước khi đến hạn. {advice}"
            )
            found.append(warning("agency_ends_before_due", assignment.agency_or_group, message))
    return found
