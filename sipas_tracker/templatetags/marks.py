"""How a value of the domain looks on a page: its word, its icon and its tone, said once.

Colour never stands alone: every mark has a word, and its icon differs from its neighbours' by shape.
"""

from dataclasses import dataclass

__all__ = ["EXTENSIONS", "OBSTACLES", "PLANS", "REPORTS", "ROLES", "STATES", "TIMELINESS", "TONES", "Mark"]

TONES = frozenset({"quiet", "plain", "act", "good", "warn", "seal"})
"""quiet: recedes; plain: neutral; act: somebody is at work; good: done; warn: look soon; seal: late or refused."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The word shown when the caller gives none, the lucide icon, and the tone (one of `TONES`)."""

    word: str
    icon: str
    tone: str


STATES = {
    "not_started": Mark("Chưa thực hiện", "circle-dashed", "plain"),
    "in_progress": Mark("Đang thực hiện", "circle-dot", "act"),
    "handed_in": Mark("Chờ xác nhận", "hourglass", "warn"),
    "completed": Mark("Hoàn thành", "circle-check", "good"),
    "declined": Mark("Trả lại nhiệm vụ", "undo-2", "seal"),
    "waived": Mark("Không phải thực hiện", "circle-slash", "quiet"),
}
TIMELINESS = {
    "in_time": Mark("Trong hạn", "clock", "plain"),
    "nearly_due": Mark("Sắp đến hạn", "alarm-clock", "warn"),
    "overdue": Mark("Quá hạn", "clock-alert", "seal"),
    "no_deadline": Mark("Không có hạn", "calendar-off", "quiet"),
    "on_time": Mark("Đúng hạn", "calendar-check", "good"),
    "late": Mark("Trễ hạn", "calendar-x", "seal"),
    "not_updated": Mark("Chưa cập nhật", "message-circle-off", "warn"),
}
REPORTS = {
    "draft": Mark("Đang soạn", "file-pen", "plain"),
    "approved": Mark("Lãnh đạo đã duyệt", "stamp", "act"),
    "submitted": Mark("Đã nộp, chờ tiếp nhận", "send", "warn"),
    "returned": Mark("Bị trả lại", "undo-2", "seal"),
    "accepted": Mark("Đã tiếp nhận", "circle-check", "good"),
}
PLANS = {
    "draft": Mark("Dự thảo", "file-pen", "plain"),
    "active": Mark("Đang thực hiện", "circle-dot", "act"),
    "closed": Mark("Đã kết thúc", "archive", "quiet"),
}
ROLES = {
    "lead": Mark("Chủ trì", "", "act"),
    "coordinate": Mark("Phối hợp", "", "quiet"),
    "implement": Mark("Thực hiện", "", "plain"),
    "monitor": Mark("Theo dõi", "", "quiet"),
    "advise": Mark("Tham mưu", "", "plain"),
}
EXTENSIONS = {
    "asked": Mark("Chờ quyết định", "hourglass", "warn"),
    "forwarded": Mark("Đã trình cấp trên", "corner-up-right", "act"),
    "offered": Mark("Đã đề xuất ngày khác", "calendar-sync", "warn"),
    "approved": Mark("Đã gia hạn", "calendar-check", "good"),
    "refused": Mark("Không đồng ý", "calendar-x", "seal"),
    "declined": Mark("Không nhận ngày đề xuất", "circle-slash", "quiet"),
    "withdrawn": Mark("Đã rút", "undo-2", "quiet"),
}
OBSTACLES = {
    "open": Mark("Chờ trả lời", "hourglass", "warn"),
    "answered": Mark("Đã trả lời", "message-square-reply", "act"),
    "settled": Mark("Đã kết thúc", "circle-check", "good"),
}
