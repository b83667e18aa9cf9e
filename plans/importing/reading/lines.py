"""A table whose cells stand on lines of their own, as a page copied from a legal portal: gather them into rows again.

The head gives the order of the columns. Numbers, agencies and times are told by their form; what stands between them
is the task. A line that fits nowhere stays in the task, so that nothing is lost.
"""

import re
from dataclasses import dataclass, field

from agencies.folding import fold
from plans.importing.columns import AGENCY_ROLES, TIME_ROLES, is_task_head, role_of
from plans.importing.document import Paragraph, Table, grid_from_rows

_NUMBER = re.compile(r"^(?:[IVX]{1,5}|[A-H]|\d{1,3}(?:\.\d{1,3}){0,4})\.?$")
_AGENCY_WORDS = (
    r"(?:các |tất cả các )?(?:sở|ban|cục|chi cục|ubnd|ủy ban|uỷ ban|vp ubnd|văn phòng|công an|thanh tra|bảo hiểm|bhxh|kho bạc|"
    r"ngân hàng|trung tâm|báo|đài|cổng thông tin|hội|đoàn|tỉnh đoàn|liên đoàn|liên minh|bộ chỉ huy|bộ phận|bưu điện|"
    r"trường|viện|tòa án|viện kiểm sát|hđnd|mttq|mặt trận|thuế|hải quan|điện lực|công ty|huyện|thành phố|thị xã|xã|phường|bch)"
)
_AGENCY = re.compile(rf"^(?:{_AGENCY_WORDS}|(?:các|những) (?:cơ quan|đơn vị|phòng|tổ chức|địa phương|ngành))\b")
_ROLE_ALONE = re.compile(r"^\((?:chủ trì|thực hiện|tham mưu|phối hợp|theo dõi|đầu mối)[^()]*\)[.;]?$")
_VERBS = re.compile(
    r"\b(?:tổ chức thực hiện|chỉ đạo|tăng cường|triển khai|xây dựng|báo cáo|hướng dẫn|kiểm tra việc|tuyên truyền|thực hiện (?!\)))"
)
_BUILDING_NAME = re.compile(r"(?:\bSở )?\bXây dựng\b|\b(?:sở|đầu tư|công trình|thanh tra|quản lý) xây dựng\b")
"""Where "xây dựng" is part of a name and no verb: "Sở Xây dựng", "Ban Quản lý dự án đầu tư xây dựng"."""
_TIME = re.compile(
    r"^(?:(?:chậm nhất|muộn nhất|trước|trong|hết|cuối|đầu|giữa|từ|xong|hoàn thành)\b.{0,30})?"
    r"(?:quý|tháng|ngày|năm|tuần|\d{1,2}/\d{1,2}|\d{1,2}/20\d\d|20\d\d|hàng|hằng|thường xuyên|cả năm|6 tháng|06 tháng|"
    r"định kỳ|đột xuất|khi có|theo (?:yêu cầu|kế hoạch|quy định|hướng dẫn|tiến độ)|liên tục|ngay sau|-nt-|như trên)"
)
_END = re.compile(r"^(?:phụ lục\b|phụ biểu\b|nơi nhận\b|hiệu lực văn bản|tm\. )")
_MAX_COLUMNS = 9


def looks_like_agency(line: str) -> bool:
    """Whether a whole line is a list of agencies (or the bracketed role that belongs to one)."""
    words = fold(line).strip()
    if _ROLE_ALONE.match(words):
        return True
    if len(words) > 320 or words.endswith(":") or not _AGENCY.match(words):
        return False
    return not _VERBS.search(fold(_BUILDING_NAME.sub("", re.sub(r"\([^()]*\)", "", line))))


def looks_like_time(line: str) -> bool:
    """Whether a whole line is the time of a task."""
    words = fold(line).strip()
    return len(words) <= 90 and bool(_TIME.match(words))


def gather_cells(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Replace each run of lines that is a task table by the table; other blocks stay as they are."""
    result: list[Paragraph | Table] = []
    position = 0
    while position < len(blocks):
        roles, heads = _head_at(blocks, position)
        if roles:
            lines = _lines_from(blocks, position + len(roles))
            table, used = _gather(lines, roles, heads)
            if table:
                result.append(table)
                position += len(roles) + used
                continue
        result.append(blocks[position])
        position += 1
    return result


def _head_at(blocks: list[Paragraph | Table], position: int) -> tuple[list[str], list[str]]:
    """The roles of the columns whose heads stand on the lines from here, or nothing."""
    roles: list[str] = []
    heads: list[str] = []
    for block in blocks[position : position + _MAX_COLUMNS]:
        role = role_of(block.text) if isinstance(block, Paragraph) and len(block.text) < 70 else ""
        if not role or role in roles:
            break
        roles.append(role)
        heads.append(block.text)
    if len(roles) >= 3 and roles[0] == "no" and is_task_head(roles):
        return roles, heads
    return [], []


def _lines_from(blocks: list[Paragraph | Table], position: int) -> list[Paragraph]:
    lines: list[Paragraph] = []
    for block in blocks[position:]:
        if not isinstance(block, Paragraph) or _END.match(fold(block.text)):
            break
        lines.append(block)
    return lines


@dataclass
class _Row:
    start: int
    no: str = ""
    heading: str = ""
    text: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    time: str = ""
    end: int = 0


def _gather(lines: list[Paragraph], roles: list[str], heads: list[str]) -> tuple[Table | None, int]:
    rows: list[_Row] = []
    row = _Row(0)
    time_first = _first(roles, TIME_ROLES) < _first(roles, AGENCY_ROLES)
    for position, line in enumerate(lines):
        words = line.printed
        kind = _kind(words, row)
        complete = bool(row.agencies) and (bool(row.time) or kind in ("no", "free"))
        if time_first:
            complete = bool(row.time) and (kind in ("no", "free") or (bool(row.agencies) and kind == "time"))
        if complete or (kind == "no" and (row.no or row.text)):
            rows.append(row)
            row = _Row(position)
            kind = _kind(words, row)
        _put(row, kind, words, has_heading="heading" in roles)
        row.end = position + 1
    if row.agencies or row.time:
        rows.append(row)
    done = [one for one in rows if one.agencies or one.time]
    if len(done) < 2:
        return None, 0
    used = done[-1].end
    rows = [one for one in rows if one.end <= used]
    numbers = [_line_number(lines[one.start]) for one in rows]
    table = grid_from_rows([heads, *(_cells(one, roles) for one in rows)], "Văn bản", [numbers[0] - 1, *numbers])
    return table, used


def _kind(words: str, row: _Row) -> str:
    if _NUMBER.match(words):
        return "no"
    has_task = bool(row.text)
    if has_task and looks_like_agency(words) and (not row.time or not row.agencies):
        return "agency"
    if has_task and (row.agencies or not row.time) and looks_like_time(words) and not row.time:
        return "time" if row.agencies or len(words) < 40 else "free"
    return "free"


def _put(row: _Row, kind: str, words: str, has_heading: bool) -> None:
    if kind == "no":
        row.no = words
    elif kind == "agency":
        row.agencies.append(words)
    elif kind == "time":
        row.time = words
    elif has_heading and row.no and not row.heading and not row.text:
        row.heading = words
    else:
        row.text.append(words)


def _cells(row: _Row, roles: list[str]) -> list[str]:
    agency_columns = [role for role in roles if role in AGENCY_ROLES]
    split = 1 if len(agency_columns) > 1 and len(row.agencies) > 1 else len(row.agencies)
    cells: list[str] = []
    for role in roles:
        if role in AGENCY_ROLES:
            is_first = role == agency_columns[0]
            part = row.agencies[:split] if is_first else row.agencies[split:] if role == agency_columns[1] else []
            cells.append("\n".join(part))
        else:
            cells.append(
                {"no": row.no, "heading": row.heading, "text": "\n".join(row.text), "time": row.time}.get(role, "")
            )
    return cells


def _first(roles: list[str], wanted: frozenset[str]) -> int:
    return next((place for place, role in enumerate(roles) if role in wanted), len(roles))


def _line_number(line: Paragraph) -> int:
    number = line.place.rsplit(" ", 1)[-1]
    return int(number) if number.isdigit() else 0
