"""One entry of progress for several plans: items of one agency in different plans, linked by a person, never by words.

An update of one is recorded on the linked ones in the same transaction, each as an update of its own (`share_with`);
handing in stays separate, since each plan confirms for itself. Only direct links count: what the page lists is what
is written, and nothing can go round in a circle.
"""

from datetime import date
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from agencies.models import User
from plans.models.occurrence import OPEN_STATES, OccurrenceKind
from plans.models.plan import Plan

if TYPE_CHECKING:
    from plans.models.item import Item
    from plans.models.work import WorkItem

GONE = "Liên kết này vừa được người khác bỏ. Hãy tải lại trang."


class ItemLinkQuerySet(models.QuerySet["ItemLink"]):
    """Links as questions ask for them."""

    def visible_to(self, user: User) -> "ItemLinkQuerySet":
        """Return links of which the user may read one of the two items."""
        items = cast("type[WorkItem]", self.model._meta.get_field("item").related_model).objects.visible_to(user)
        return self.filter(Q(item__in=items) | Q(other__in=items))

    def standing(self) -> "ItemLinkQuerySet":
        """Leave out links that were ended."""
        return self.filter(ended_on__isnull=True)

    def of(self, item: "Item") -> "ItemLinkQuerySet":
        """Return the links of the item, standing and ended; dates of one job share them."""
        if item.is_one_job:
            first = Q(item__task=item.task_id, item__agency=item.agency_id)
            return self.filter(first | Q(other__task=item.task_id, other__agency=item.agency_id))
        return self.filter(Q(item=item.pk) | Q(other=item.pk))


class ItemLink(models.Model):
    """Two items of one agency in two plans that one piece of work serves; ``item`` is the one with the smaller id.

    Where the dates of a task are one job, the link is kept at its delivery and holds for all of them. Ended links stay
    as history.
    """

    item = models.ForeignKey("plans.WorkItem", on_delete=models.CASCADE, related_name="+", verbose_name="đầu việc")
    other = models.ForeignKey(
        "plans.WorkItem", on_delete=models.CASCADE, related_name="+", verbose_name="đầu việc ở kế hoạch khác"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người liên kết")
    made_on = models.DateField("ngày liên kết")
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người bỏ liên kết"
    )
    ended_on = models.DateField("ngày bỏ liên kết", null=True, blank=True)

    objects = ItemLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "liên kết đầu việc"
        verbose_name_plural = "liên kết đầu việc"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "other"], condition=Q(ended_on__isnull=True), name="two_items_are_linked_once"
            ),
            models.CheckConstraint(condition=Q(item__lt=F("other")), name="linked_pair_stands_in_one_order"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="ended_link_has_day_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} ↔ {self.other}"

    def far_from(self, item: "Item") -> "WorkItem":
        """Return the end that is not in the item's plan."""
        return self.other if self.item.task_id == item.task_id else self.item

    @classmethod
    @transaction.atomic
    def make(cls, item: "WorkItem", other: "WorkItem", *, by: User, on: date) -> "ItemLink":
        """Link two items of one agency; its people do, or a coordinator who reads both. A second click changes nothing.

        A link carries words from each plan to the other, so a coordinator of one plan alone, who may not read what the
        agency writes in the other, makes none. Raises ValidationError when they are of one plan, of two agencies, closed,
        or not the person's to link.
        """
        item, other = delivery_of(item), delivery_of(other)
        _check(item, other, by)
        first, second = sorted((item, other), key=lambda one: one.pk)
        rows = type(item).objects.filter(pk__in=[first.pk, second.pk], state__in=OPEN_STATES)
        if len(rows.order_by("pk").select_for_update().values_list("pk", flat=True)) < 2:
            raise ValidationError("Chỉ liên kết được đầu việc đang thực hiện; một trong hai đầu việc đã khép lại.")
        link, _ = cls.objects.get_or_create(
            item=first, other=second, ended_on=None, defaults={"made_by": by, "made_on": on}
        )
        return link

    def end(self, *, by: User, on: date) -> None:
        """Take the link away; what was recorded on both stays. The same people may who may link."""
        if not _may_link(self.item, self.other, by):
            raise ValidationError("Anh/chị không được bỏ liên kết này.")
        if not ItemLink.objects.standing().filter(pk=self.pk).update(ended_by=by, ended_on=on):
            raise ValidationError(GONE, code="taken")
        self.refresh_from_db(fields=["ended_by", "ended_on"])


def may_be_linked_by(item: "Item", user: User) -> bool:
    """Say whether the user may link the item: the agency's people, or the coordinator of its plan."""
    active = item.task.plan.status == Plan.Status.ACTIVE
    return active and (item.may_be_worked_on_by(user) or item.task.plan.is_coordinated_by(user))


def _may_link(item: "Item", other: "Item", user: User) -> bool:
    return may_be_linked_by(item, user) or may_be_linked_by(other, user)


def _reads_both(item: "WorkItem", other: "WorkItem", user: User) -> bool:
    return type(item).objects.visible_to(user).filter(pk__in=[item.pk, other.pk]).count() == 2


def _check(item: "WorkItem", other: "WorkItem", by: User) -> None:
    plans = [item.task.plan, other.task.plan]
    if plans[0].province_id != plans[1].province_id or not _may_link(item, other, by):
        raise ValidationError("Anh/chị không được liên kết hai đầu việc này.")
    if item.agency_id != other.agency_id:
        raise ValidationError("Chỉ liên kết được đầu việc của cùng một cơ quan.")
    if not _reads_both(item, other, by):
        raise ValidationError(
            "Anh/chị không được liên kết với đầu việc của kế hoạch mà anh/chị không được đọc nội dung."
        )
    if plans[0].pk == plans[1].pk:
        raise ValidationError("Hai đầu việc phải thuộc hai kế hoạch khác nhau.")
    if any(plan.status != Plan.Status.ACTIVE for plan in plans):
        raise ValidationError("Chỉ liên kết được với kế hoạch đang theo dõi.")
    if item.task.is_report or other.task.is_report:
        raise ValidationError("Nhiệm vụ báo cáo hoàn thành bằng báo cáo của từng kế hoạch, không liên kết.")


def delivery_of(item: "WorkItem") -> "WorkItem":
    """Return the item at which the job ends: itself, or the delivery where the task's dates are one job."""
    if not item.is_one_job or not item.is_check_point:
        return item
    job = type(item).objects.filter(task=item.task_id, agency=item.agency_id, kind=OccurrenceKind.DELIVERY)
    return job.for_lists().order_by("-occurrence__ordinal").first() or item


def hold_with_linked(item: "Item") -> list["WorkItem"]:
    """Lock the item's job and the jobs linked with it, all in one order; return the open items that are linked.

    Two people at two linked items never wait for each other in a circle. A link made while this waits counts next time.
    """
    items = cast("type[WorkItem]", type(item)).objects
    pairs = ItemLink.objects.standing().of(item).values_list("item", "other")
    linked = {pk for pair in pairs for pk in pair}
    if not linked and not item.is_one_job:
        return []
    held = Q(pk__in=[item.pk, *linked])
    for one in items.filter(held).select_related("task__deadline"):
        if one.is_one_job:
            held |= Q(task=one.task_id, agency=one.agency_id)
    list(items.filter(held).order_by("pk").select_for_update().values_list("pk", flat=True))
    if not linked:
        return []
    still = {pk for pair in ItemLink.objects.standing().of(item).values_list("item", "other") for pk in pair} & linked
    others = items.active().open().filter(pk__in=still, agency=item.agency_id).exclude(task=item.task_id)
    return list(others.for_lists().order_by("pk"))
