"""What a column of a task table holds, told by the words of its head.

Plans name and order their columns freely; these words were collected from administrative reform plans of many provinces.
"""

import re
from dataclasses import dataclass

from agencies.folding import fold

LEAD, COORDINATE, IMPLEMENT, MIXED, LEAD_COORDINATE, MONITOR = (
    "lead",
    "coordinate",
    "implement",
    "lead_implement",
    "lead_coordinate",
    "monitor",
)
AGENCY_ROLES = frozenset({LEAD, COORDINATE, IMPLEMENT, MIXED, LEAD_COORDINATE, MONITOR})
TIME_ROLES = frozenset({"time", "start", "end", "mark"})
TEXT_ROLES = frozenset({"text", "heading"})

_MAX_HEAD = 110
_NUMBER = re.compile(r"^(s\.? ?tt|t\.? ?t|số ?tt|số thứ tự|thứ tự|stt.*|tt ?\(.*\))\.?$")
_PERIOD = re.compile(
    r"^(quý ?(?:iv|i{1,3}|[1-4])|tháng ?\d{1,2}|t ?\d{1,2}|q[1-4]|(?:năm )?20\d\d)(?:[ /]+(?:năm )?20\d\d)?$"
)
_COUNTED = re.compile(r"(?P<unit>tháng|quý)\b(?!.*\d+ (?:tháng|quý))")
_COUNT = {"tháng": re.compile(r"0?[1-9]|1[0-2]"), "quý": re.compile(r"[1-4]|i{1,3}|iv")}
_RULES: tuple[tuple[str, str], ...] = (
    ("other", r"(?:tỷ lệ|tỉ lệ|mức độ|tình trạng) (?:%? ?)hoàn thành"),
    ("product", r"^(?:sản phẩm|kết quả|đầu ra)\b(?!.*(?:thời gian|thời hạn|tiến độ))"),
    ("funding", r"^kp$|kinh phí|nguồn vốn|dự toán|ngân sách"),
    ("start", r"bắt đầu|khởi đầu|từ ngày"),
    ("end", r"kết thúc|đến ngày"),
    (
        "time",
        r"thời gian|tiến độ|thời hạn|thời điểm|hạn hoàn thành|hoàn thành|lộ trình|kỳ hạn|mốc|ngày trình|deadline|"
        r"^tg(?:ht|th)?\b|^hạn\b|\bhạn (?:định|cuối|chót|xử lý|nộp|gửi|báo cáo|thực hiện)|^xong trước|^khi nào",
    ),
    (
        "other",
        r"đơn vị tính|đvt|vị thứ|xếp hạng|thứ hạng|tỷ lệ|tỉ lệ|điểm|số lượng|số phiếu|"
        r"cấp trình|(?:cấp|cơ quan|đơn vị) (?:ban hành|phê duyệt|thẩm định|thẩm tra|quyết định|nhận báo cáo)",
    ),
    (
        "person",
        r"lãnh đạo|người (?:phụ trách|thực hiện|theo dõi|chịu trách nhiệm|chỉ đạo)|cán bộ|chuyên viên|công chức",
    ),
    (LEAD_COORDINATE, r"chủ trì.*phối hợp"),
    (
        COORDINATE,
        r"phối hợp|cùng (?:tham gia |triển khai )?thực hiện|(?:cơ quan|đơn vị|ngành).*(?:hỗ trợ|tham gia|liên quan)",
    ),
    (MIXED, r"chủ trì\s*(?:[,/;&-]|và\b|hoặc\b).*thực hiện|thực hiện\s*(?:[,/;&-]|và\b).*chủ trì"),
    (LEAD, r"chủ trì|đầu mối|tham mưu|chịu trách nhiệm chính|trách nhiệm chính|soạn thảo|phụ trách|được giao"),
    (MONITOR, r"(?:cơ quan|đơn vị).*(?:theo dõi|giám sát|đôn đốc)"),
    ("product", r"sản phẩm|kết quả|đầu ra|văn bản|hình thức|^sp$"),
    (IMPLEMENT, r"(?:cơ quan|đơn vị|cq|đv|địa phương|nơi|tổ chức|bộ phận).*thực hiện"),
    (MIXED, r"cơ quan|đơn vị|^cq\b|^đv\b|phân công|trách nhiệm|ngành, địa phương|phòng, ban|sở, ngành"),
    ("note", r"^gc$|ghi chú|căn cứ|diễn giải|tài liệu|nguồn"),
    (
        "heading",
        r"^(?:tên |nội dung |các )*(?:tiêu chí|chỉ số|lĩnh vực|yếu tố)\b(?!.*(?:nhiệm vụ|giải pháp|công việc|hoạt động))",
    ),
    ("text", r"nhiệm vụ|công việc|hoạt động|đầu việc|việc (?:thực hiện|cần)|giải pháp|biện pháp|nội dung|công tác"),
    (
        "heading",
        r"lĩnh vực|tiêu chí|yếu tố|nhóm|mục tiêu|chỉ số|chỉ tiêu|danh mục|mục|tên|loại báo cáo|đề án|dự án|chương trình",
    ),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _RULES)
_TEXT_STRENGTH = (
    r"nhiệm vụ cụ thể|việc cụ thể",
    r"nhiệm vụ|công việc|hoạt động|đầu việc",
    r"giải pháp|biện pháp",
    r"nội dung|công tác",
)


@dataclass(frozen=True)
class Column:
    """A column: its role and the words of its head (with the words above it, for a head of two rows)."""

    index: int
    role: str
    head: str


def role_of(head: str, above: str = "") -> str:
    """The role that the head of a column gives it, or "" when its words say nothing."""
    own, parent = fold(head).strip(" :.*"), fold(above).strip(" :.*")
    if not own and not parent:
        return ""
    if len(own) > _MAX_HEAD:
        return ""
    if _NUMBER.match(own):
        return "no"
    if _PERIOD.match(own) or counted_period(head, above):
        return "mark"
    alone = _match(own)
    if parent and parent != own:
        both = _match(f"{parent} {own}")
        if alone in ("", "heading", "note") or (alone == MIXED and both != MIXED):
            return both
        if alone in ("product", "text") and _match(parent) in AGENCY_ROLES | {"time"}:
            return _match(parent)
    return alone


def counted_period(head: str, above: str) -> str:
    """The period that a bare number stands for under a head that counts months or quarters, or "" for another head.

    "5" below "Thời gian thực hiện (tháng)" is "Tháng 5"; "II" below "Quý" is "Quý II".
    """
    own = fold(head).strip(" :.*")
    found = _COUNTED.search(fold(above))
    if not found or not _COUNT[found["unit"]].fullmatch(own):
        return ""
    return f"{found['unit'].capitalize()} {own.upper()}"


def period_of(head: str) -> str:
    """The words of the period that a column of ticks stands for; ``head`` may hold the words above it ("Quý: II")."""
    above, _, own = head.rpartition(": ")
    return counted_period(own, above) or (f"Năm {own}" if own.isdigit() else own)


def _match(folded: str) -> str:
    if not folded:
        return ""
    if folded in ("thực hiện", "triển khai thực hiện"):
        return IMPLEMENT
    for role, pattern in _COMPILED:
        if pattern.search(folded):
            return role
    return ""


def with_task_column(columns: list[Column]) -> list[Column]:
    """Let a list with agencies and times but without a plain task column ("Tên văn bản", "Tên đề án") have one.

    Where only persons are named, their column stands for the agencies.
    """
    roles = {column.role for column in columns}
    if not roles & AGENCY_ROLES:
        columns = [Column(one.index, MIXED, one.head) if one.role == "person" else one for one in columns]
        roles = {column.role for column in columns}
    if "text" in roles or not (roles & AGENCY_ROLES and roles & TIME_ROLES):
        return columns
    for role in ("heading", "product"):
        found = next((column for column in columns if column.role == role), None)
        if found:
            return [Column(one.index, "text", one.head) if one is found else one for one in columns]
    return columns


def text_strength(head: str) -> int:
    """How surely a head means the task itself: 0 is surest, 4 not at all."""
    folded = fold(head)
    for strength, pattern in enumerate(_TEXT_STRENGTH):
        if re.search(pattern, folded):
            return strength
    return len(_TEXT_STRENGTH)


def is_task_head(roles: list[str]) -> bool:
    """Whether these columns make a table of tasks: the task, and who or when."""
    known = set(roles)
    return "text" in known and bool(known & (AGENCY_ROLES | TIME_ROLES))
