"""Extensions as they are asked for: states, steps, the superior's document, and which items can be extended."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import User
from plans.models.attachment import WAITING_LONG
from plans.models.occurrence import OPEN_STATES, State
from plans.models.plan import Plan
from plans.models.work import CLOSED, WorkItem

if TYPE_CHECKING:
    from plans.models.extension import Extension as Extension

FLAGGED_FROM = 3
"""The extension of one item from which on the page warns [gia hạn lần thứ ba]."""
MOVABLE = (*OPEN_STATES, State.HANDED_IN)
"""States of an item whose due date may still move: what was handed in while the request waited is decided as well."""
EXTENSION_TAKEN = (
    "Đề nghị vừa được người khác xử lý hoặc đã đổi trạng thái. Hãy tải lại trang để xem nội dung mới nhất."
)
NOT_YOURS_TO_DECIDE = (
    "Anh/chị không được quyết định đề nghị này: chỉ cơ quan điều phối kế hoạch quyết định, người đề nghị và cơ quan "
    "đề nghị không tự quyết định."
)
OWN_NEEDS_DOCUMENT = (
    "Việc của chính cơ quan điều phối chỉ được gia hạn theo văn bản của cấp trên: hãy ghi số, ngày và cơ quan ban hành."
)
FORWARDED_NEEDS_DOCUMENT = "Đề nghị đã trình cấp trên: hãy ghi số, ngày và cơ quan ban hành văn bản quyết định."

OF_THE_PERIOD = (
    "Nhiệm vụ này là một báo cáo: hạn nộp theo kỳ báo cáo và do cơ quan điều phối điều chỉnh ở trang kỳ báo cáo, "
    "không gia hạn riêng từng cơ quan."
)


class ExtensionState(models.TextChoices):
    """Where a request stands. It never goes back, so that two decisions cannot both find it open."""

    ASKED = "asked", "chờ quyết định"
    FORWARDED = "forwarded", "đã trình cấp trên"
    OFFERED = "offered", "đã đề xuất ngày khác"
    APPROVED = "approved", "đã gia hạn"
    REFUSED = "refused", "không đồng ý"
    DECLINED = "declined", "không nhận ngày đề xuất"
    WITHDRAWN = "withdrawn", "đã rút"


OPEN_EXTENSIONS = (ExtensionState.ASKED, ExtensionState.FORWARDED, ExtensionState.OFFERED)
DECIDABLE = (ExtensionState.ASKED, ExtensionState.FORWARDED)


class ExtensionStep(models.TextChoices):
    """What somebody did with a request."""

    ASKED = "asked", "đề nghị gia hạn"
    FORWARDED = "forwarded", "trình cấp trên quyết định"
    OFFERED = "offered", "đề xuất ngày khác"
    APPROVED = "approved", "đồng ý gia hạn"
    ACCEPTED = "accepted", "nhận ngày được đề xuất"
    REFUSED = "refused", "không đồng ý gia hạn"
    DECLINED = "declined", "không nhận ngày được đề xuất"
    WITHDRAWN = "withdrawn", "rút đề nghị"


@dataclass(frozen=True, slots=True)
class SuperiorDocument:
    """The superior's paper that decides what exceeds the coordinator's power: number, date, issuer."""

    number: str
    dated_on: date
    issuer: str

    def __str__(self) -> str:
        return f"Văn bản số {self.number} ngày {self.dated_on:%d/%m/%Y} của {self.issuer}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Requests as questions ask for them."""

    def visible_to(self, user: User) -> "ExtensionQuerySet":
        """Words of a request follow the item's rule."""
        return self.filter(item__in=WorkItem.objects.visible_to(user))

    def active(self) -> "ExtensionQuerySet":
        """Return requests of plans that are being carried out."""
        return self.filter(item__task__plan__status=Plan.Status.ACTIVE)

    def open(self) -> "ExtensionQuerySet":
        """Return requests that stand undecided, whoever has to act."""
        return self.filter(state__in=OPEN_EXTENSIONS)

    def waiting(self) -> "ExtensionQuerySet":
        """Return open requests that still mean something: the item's due date can be moved (see `MOVABLE`)."""
        return self.active().open().filter(item__state__in=MOVABLE)

    def unanswered(self, day: date) -> "ExtensionQuerySet":
        """Return requests that the coordinator has left without any answer for 48 hours or more as of ``day``.

        Calendar time, weekends and holidays included, counted in days because the working day is all that is kept:
        asked on the 10th, unanswered from the 12th.
        """
        return self.waiting().filter(state=ExtensionState.ASKED, since__lte=day - timedelta(days=WAITING_LONG))

    def waiting_long(self, day: date) -> "ExtensionQuerySet":
        """Return open requests whose present step (decision, superior, asker) has waited 48 hours or more."""
        return self.waiting().filter(since__lte=day - timedelta(days=WAITING_LONG))

    def decidable_by(self, user: User) -> "ExtensionQuerySet":
        """Return requests on which this person may decide: as the plan's coordinator, never as (one of) the asker."""
        access = access_of(user)
        foreign = ~Q(item__agency__in=access.own) | Q(item__agency=F("item__task__plan__coordinating_agency"))
        return (
            self.waiting()
            .filter(foreign, state__in=DECIDABLE, item__task__plan__in=Plan.objects.coordinated_by(user))
            .exclude(asked_by=user.pk)
        )

    def answerable_by(self, user: User) -> "ExtensionQuerySet":
        """Return offers of another date that this person may accept or decline for the asking agency."""
        items = WorkItem.objects.reachable_by(user)
        return self.waiting().filter(state=ExtensionState.OFFERED, item__in=items).exclude(handled_by=user.pk)

    def waiting_for(self, user: User) -> "ExtensionQuerySet":
        """Return requests on which this person has to act: to decide, or to answer an offer."""
        mine = Q(pk__in=self.decidable_by(user).values("pk")) | Q(pk__in=self.answerable_by(user).values("pk"))
        return self.filter(mine)

    def of_agencies_of(self, user: User) -> "ExtensionQuerySet":
        """Return requests of the agencies in which the person works, and of the units right under them."""
        return self.filter(item__agency__in=access_of(user).reach)

    def matching(self, words: str) -> "ExtensionQuerySet":
        """Return requests whose task, agency or reason holds the words, diacritics aside."""
        key = unaccent(words)
        return self.filter(
            Q(search_key__contains=key)
            | Q(item__task__search_key__contains=key)
            | Q(item__agency__search_key__contains=key)
        )

    def for_lists(self) -> "ExtensionQuerySet":
        """Fetch with each request what a list shows of it, in the same query."""
        return self.select_related("item__agency", "item__task__plan", "item__task__deadline", "asked_by", "handled_by")


def why_not_extendable(item: WorkItem) -> str:
    """Return in words why the item's due date cannot be extended; nothing when it can.

    Only open deliveries with a settled deadline. A report task's due date is its period's: it moves there, for all. The
    date of a part is a matter of the agency that gave it.
    """
    if item.task.plan.status != Plan.Status.ACTIVE:
        return CLOSED
    if item.task.is_report:
        return OF_THE_PERIOD
    if item.is_part:
        return "Hạn của phần việc do cơ quan giao đặt trong nội bộ: hãy trao đổi với cơ quan đó."
    if item.is_check_point:
        return "Mốc cập nhật không gia hạn: chỉ cần cập nhật tiến độ; hãy đề nghị gia hạn ở mốc sản phẩm."
    if item.due_date is None:
        return "Đầu việc không có thời hạn nên không cần gia hạn."
    if not item.task.deadline.is_settled:
        return (
            "Thời hạn của nhiệm vụ có hai cách hiểu, chưa được xác nhận: hãy chờ cơ quan điều phối xác nhận thời hạn."
        )
    if not item.is_open:
        return "Đầu việc không còn ở trạng thái đang thực hiện nên không gia hạn được."
    return ""


def must_be_later(until: date, due_date: date, on: date, field: str) -> None:
    """Raise when the new day is not after the present due date, or lies in the past on ``on``."""
    if until <= due_date:
        raise ValidationError({field: f"Ngày mới phải sau hạn hiện tại ({due_date:%d/%m/%Y})."})
    if until < on:
        raise ValidationError({field: "Ngày mới không thể là ngày đã qua."})
