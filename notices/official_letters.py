"""Công văn đôn đốc: one official letter to one late agency as Word, in the layout of Decree 30/2020/NĐ-CP, Appendix I.

Number and day are left open for the clerk; who signs is the head of the coordinating agency unless the clerk changes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from agencies.models import Agency
from plans.models import Plan
from reports.documents.letterheads import day_short, issuer_of
from reports.documents.word import SPACES, Column, Paper
from reports.documents.wording import amount, plan_subject
from reports.models.report import SignedAs
from workdays.calendar import Calendar

if TYPE_CHECKING:
    from notices.urging import LateItem

ANSWER_WITHIN = 5
"""Working days that the letter gives to answer, counted from the day it is made."""
TEXT_LIMIT = 400
"""Longest text of a task in the table, in characters."""
COLUMNS = (
    Column("TT", 1.0),
    Column("Nhiệm vụ", 6.6, "left"),
    Column("Thời gian theo Kế hoạch", 2.9),
    Column("Thời hạn", 2.2),
    Column("Quá hạn (ngày)", 1.7),
    Column("Tiến độ (%)", 1.6),
)


def urging_letter(plan: Plan, agency: Agency, late: "Sequence[LateItem]", on: date) -> bytes:
    """Return the letter of the plan's coordinating agency to ``agency`` about its late work as of ``on``."""
    issuer = issuer_of(plan.coordinating_agency)
    about = f"đôn đốc thực hiện Kế hoạch số {plan.number}"
    paper = Paper(f"V/v {about}", plan.coordinating_agency.name)
    head = issuer.letterhead(f"{SPACES}/{issuer.symbol}", None, on)
    paper.letterhead(replace(head, about=about))
    paper.addressee(agency.name, before=12)
    paper.paragraph(
        f"Thực hiện Kế hoạch số {plan.number} ngày {day_short(plan.signed_on)} của {plan.issuer} về "
        f"{plan_subject(plan.title, plan.province.name)}, {plan.coordinating_agency.name} đã theo dõi tiến độ thực hiện "
        f"của các cơ quan, đơn vị. Tính đến hết ngày {day_short(on)}, {agency.name} còn {amount(len(late))} việc quá "
        "hạn chưa báo cáo hoàn thành, cụ thể như sau:"
    )
    paper.table(COLUMNS, [_row(place, item) for place, item in enumerate(late, start=1)])
    answer_by = Calendar.load().add_working_days(on, ANSWER_WITHIN)
    paper.paragraph(
        f"{plan.coordinating_agency.name} đề nghị {agency.name} khẩn trương hoàn thành các việc nêu trên; cập nhật kết "
        f"quả, minh chứng trên hệ thống theo dõi trước ngày {day_short(answer_by)}. Trường hợp có khó khăn, vướng mắc "
        "hoặc cần gia hạn, đề nghị nêu rõ nguyên nhân, giải pháp và thời gian hoàn thành để tổng hợp, báo cáo "
        "cấp có thẩm quyền xem xét.",
        before=6,
    )
    paper.paragraph(f"{plan.coordinating_agency.name} đề nghị {agency.name} quan tâm, phối hợp thực hiện./.")
    recipients = ["Như trên;", f"{plan.issuer} (để báo cáo);", "Lãnh đạo cơ quan;", "Lưu: VT."]
    paper.signature(issuer.signing(SignedAs.HEAD), "", recipients)
    return paper.as_bytes()


def _row(place: int, item: "LateItem") -> list[object]:
    text = item.text if len(item.text) <= TEXT_LIMIT else item.text[:TEXT_LIMIT].rsplit(" ", 1)[0] + " …"
    return [place, text, item.time_text or "không ghi", day_short(item.due_date), item.late_days, item.percent]
