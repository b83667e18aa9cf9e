"""What a letter says: a person's waiting notices, grouped, most urgent first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.models import User
from notices.models import Letter, Notice
from notices.wording import cut, written_day

Kind = Notice.Kind
SHOWN = 20
"""Lines of one kind in a letter; the rest is counted and linked."""


@dataclass(frozen=True, slots=True)
class Heading:
    """How a kind is headed in a letter, and counted in its subject; `to_do`: the person has to act."""

    title: str
    counted: str
    to_do: bool = True


HEADINGS = {
    Kind.URGED: Heading("Đôn đốc", "đôn đốc"),
    Kind.RETURNED: Heading("Đầu việc bị trả lại", "bị trả lại"),
    Kind.REPORT_RETURNED: Heading("Báo cáo bị trả lại", "báo cáo bị trả lại"),
    Kind.DIRECTED: Heading("Ý kiến chỉ đạo", "ý kiến chỉ đạo"),
    Kind.SENT_DOWN: Heading("Lãnh đạo yêu cầu sửa, bổ sung", "lãnh đạo yêu cầu sửa"),
    Kind.OVERDUE: Heading("Quá hạn", "quá hạn"),
    Kind.REPORT_LATE: Heading("Báo cáo trễ hạn", "báo cáo trễ hạn"),
    Kind.ESCALATED: Heading("Quá hạn kéo dài, báo cáo cấp trên", "quá hạn kéo dài"),
    Kind.DUE: Heading("Đến hạn", "đến hạn"),
    Kind.REPORT_DUE: Heading("Sắp đến hạn báo cáo", "sắp đến hạn báo cáo"),
    Kind.NEARLY_DUE: Heading("Sắp đến hạn", "sắp đến hạn"),
    Kind.EXTENSION_WAITING: Heading("Đề nghị gia hạn chưa được trả lời", "đề nghị gia hạn chưa trả lời"),
    Kind.OBSTACLE_WAITING: Heading("Vướng mắc chưa được trả lời", "vướng mắc chưa trả lời"),
    Kind.DECLINED: Heading("Nhiệm vụ bị trả lại, chờ quyết định", "nhiệm vụ bị trả lại"),
    Kind.PROPOSED: Heading("Chờ lãnh đạo duyệt", "chờ lãnh đạo duyệt"),
    Kind.UNCONFIRMED: Heading("Chờ xác nhận đã lâu", "chờ xác nhận đã lâu"),
    Kind.EXTENSION_ASKED: Heading("Đề nghị gia hạn", "đề nghị gia hạn"),
    Kind.OBSTACLE_ASKED: Heading("Vướng mắc mới", "vướng mắc mới"),
    Kind.HANDED_IN: Heading("Chờ xác nhận", "chờ xác nhận"),
    Kind.REPORT_SUBMITTED: Heading("Báo cáo mới nộp, chờ tiếp nhận", "báo cáo mới nộp"),
    Kind.NOT_UPDATED: Heading("Chưa cập nhật tại mốc", "chưa cập nhật"),
    Kind.IDLE: Heading("Lâu chưa cập nhật tiến độ", "lâu chưa cập nhật"),
    Kind.PLAN_CHANGED: Heading("Kế hoạch thay đổi", "thay đổi của kế hoạch", to_do=False),
    Kind.EXTENSION_DECIDED: Heading("Trả lời đề nghị gia hạn", "trả lời gia hạn", to_do=False),
    Kind.OBSTACLE_ANSWERED: Heading("Trả lời vướng mắc", "trả lời vướng mắc", to_do=False),
    Kind.DECLINE_DECIDED: Heading("Trả lời việc trả lại nhiệm vụ", "trả lời việc trả lại nhiệm vụ"),
    Kind.RELEASED: Heading("Không phải thực hiện phần việc", "phần việc được rút", to_do=False),
    Kind.ASSIGNED: Heading("Được giao việc", "giao việc", to_do=False),
    Kind.CONFIRMED: Heading("Đã xác nhận hoàn thành", "đã xác nhận", to_do=False),
    Kind.REPORT_ACCEPTED: Heading("Báo cáo đã tiếp nhận", "báo cáo đã tiếp nhận", to_do=False),
}
"""Every kind, most urgent first."""
WITHOUT_DISTANCE = {
    Kind.CONFIRMED,
    Kind.REPORT_ACCEPTED,
    Kind.HANDED_IN,
    Kind.UNCONFIRMED,
    Kind.REPORT_SUBMITTED,
    Kind.DECLINED,
    Kind.RELEASED,
}
"""Kinds of work that has been handed in: how far its due date is says nothing any more."""


def compose(key: str, user: User, notices: Sequence[Notice], on: date) -> Letter:
    """Return the letter of these notices (all of one person, at least one), not saved."""
    groups = _groups(notices, on)
    context = {
        "name": str(user),
        "opening": _opening(notices, on),
        "groups": groups,
        "inbox": settings.SITE_URL + reverse("notice-list"),
    }
    return Letter(
        key=key,
        recipient=user,
        address=user.email,
        on=on,
        subject=subject_of(notices),
        text=render_to_string("notices/letter.txt", context).strip() + "\n",
        html=render_to_string("notices/letter.html", context).strip() + "\n",
    )


def subject_of(notices: Sequence[Notice]) -> str:
    """Return e.g. "[SIPAS] 3 việc cần xử lý: 1 quá hạn, 2 sắp đến hạn - Sở Y tế"."""
    counts = _counts(notices)
    to_do = {kind: number for kind, number in counts.items() if HEADINGS[kind].to_do}
    told = to_do or counts
    what = "việc cần xử lý" if to_do else "thông báo"
    parts = ", ".join(f"{number} {HEADINGS[kind].counted}" for kind, number in told.items())
    agencies = {notice.agency_id: notice.agency for notice in notices}
    one = next(iter(agencies.values()))
    where = f"{len(agencies)} cơ quan" if len(agencies) > 1 else one.label if one else ""
    return cut(f"[SIPAS] {sum(told.values())} {what}: {parts}" + (f" - {where}" if where else ""), 250)


def _counts(notices: Iterable[Notice]) -> dict[Kind, int]:
    """Count by kind, most urgent first."""
    kinds = [notice.kind for notice in notices]
    return {kind: kinds.count(kind) for kind in HEADINGS if kind in kinds}


def _opening(notices: Sequence[Notice], on: date) -> str:
    to_do = sum(HEADINGS[Kind(notice.kind)].to_do for notice in notices)
    if to_do:
        return f"Tính đến ngày {written_day(on)}, anh/chị có {to_do} việc cần xử lý:"
    return f"Tính đến ngày {written_day(on)}, anh/chị có {len(notices)} thông báo mới:"


def _groups(notices: Sequence[Notice], on: date) -> list[dict]:
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    several = len({notice.agency_id for notice in notices}) > 1
    groups = []
    for kind, heading in HEADINGS.items():
        found = sorted(by_kind[kind], key=lambda notice: (notice.due_date or date.max, notice.pk))
        if found:
            lines = [_line(notice, on, name_agency=several) for notice in found[:SHOWN]]
            groups.append(
                {"title": heading.title, "count": len(found), "lines": lines, "more": max(0, len(found) - SHOWN)}
            )
    return groups


def _line(notice: Notice, on: date, *, name_agency: bool) -> dict[str, str]:
    parts = [notice.agency.label] if name_agency and notice.agency else []
    if notice.due_date and notice.kind not in WITHOUT_DISTANCE:
        parts.append(_distance(notice.due_date, on))
    return {
        "words": notice.words,
        "note": "; ".join(parts),
        "url": settings.SITE_URL + notice.get_absolute_url(),
    }


def _distance(due: date, on: date) -> str:
    days = (due - on).days
    if days == 0:
        return "đến hạn hôm nay"
    return f"còn {days} ngày" if days > 0 else f"quá hạn {-days} ngày"
