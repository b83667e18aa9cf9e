"""Obstacles as they are asked about: states, steps, refusals in words, and to whom one can be put."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from agencies.access import access_of
from agencies.models import Agency, AgencyQuerySet, User
from plans.models.plan import Assignment, Plan, Task
from plans.models.work import CLOSED, WorkItem

OBSTACLE_TAKEN = "Vướng mắc vừa được người khác xử lý hoặc đã đổi nội dung. Hãy tải lại trang để xem nội dung mới nhất."
NOT_YOURS_TO_ANSWER = (
    "Chỉ cơ quan được kiến nghị hoặc cơ quan điều phối kế hoạch được trả lời; cơ quan nêu vướng mắc không tự trả lời."
)
OWN_NEEDS_PAPER = "Vướng mắc của chính cơ quan điều phối: hãy ghi số, ngày, cơ quan ban hành văn bản trả lời."
NOT_YOURS_TO_SETTLE = "Chỉ cơ quan nêu vướng mắc được kết thúc hoặc hỏi lại."


class ObstacleState(models.TextChoices):
    """Who has to act: the addressee, the asker, nobody."""

    OPEN = "open", "chờ trả lời"
    ANSWERED = "answered", "đã trả lời"
    SETTLED = "settled", "đã kết thúc"


class ObstacleStep(models.TextChoices):
    """What somebody did with an obstacle."""

    RAISED = "raised", "nêu vướng mắc"
    FORWARDED = "forwarded", "chuyển cơ quan khác"
    ANSWERED = "answered", "trả lời"
    REOPENED = "reopened", "hỏi lại"
    SETTLED = "settled", "kết thúc"


def addressees(agency: Agency, on: date) -> AgencyQuerySet:
    """Return the agencies of the province to which an obstacle of this agency can be put on that day."""
    return Agency.objects.filter(province=agency.province_id).valid_on(on).exclude(pk=agency.pk)


def must_be_theirs(agency: Agency, task: Task, item: WorkItem | None, by: User) -> None:
    """Raise unless the person writes for the agency, and the agency has that item, or a part in that task."""
    if agency.pk not in access_of(by).reach:
        raise ValidationError("Anh/chị không được nêu vướng mắc của cơ quan này.")
    if task.plan.status != Plan.Status.ACTIVE:
        raise ValidationError(CLOSED)
    if item is not None and (item.task_id, item.agency_id) != (task.pk, agency.pk):
        raise ValidationError("Đầu việc không thuộc nhiệm vụ và cơ quan này.")
    if item is None and not Assignment.objects.filter(task=task, agency=agency).exists():
        raise ValidationError("Cơ quan không được phân công ở nhiệm vụ này.")


def must_be_another(addressee: Agency, agency: Agency, on: date) -> None:
    """Raise unless the addressee is another agency of the province that exists on that day."""
    if addressee.pk == agency.pk:
        raise ValidationError({"addressee": "Cơ quan được kiến nghị phải khác cơ quan nêu vướng mắc."})
    if not addressees(agency, on).filter(pk=addressee.pk).exists():
        raise ValidationError({"addressee": "Hãy chọn một cơ quan của tỉnh đang hoạt động."})
