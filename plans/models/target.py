"""Targets of a task [chỉ tiêu] and the figures that agencies report for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q

from agencies.models import User
from plans.models.plan import Plan, Task
from plans.targets.finding import LONGEST_WORDS, PERCENT, Comparison, written

if TYPE_CHECKING:
    from plans.models.progress import Update

LARGEST = Decimal("999999999999.99")
"""The largest goal or value that is kept: 14 digits, two of them decimals."""
TAKEN = "Chỉ tiêu này vừa được người khác sửa. Hãy tải lại trang để xem nội dung mới nhất."
COMPARISONS = [
    (Comparison.AT_LEAST.value, "ít nhất (≥)"),
    (Comparison.MORE_THAN.value, "trên (>)"),
    (Comparison.EXACTLY.value, "đúng bằng (=)"),
    (Comparison.AT_MOST.value, "không quá (≤)"),
    (Comparison.LESS_THAN.value, "dưới (<)"),
]


@dataclass(frozen=True)
class NewTarget:
    """What a target says: words as printed, what is counted ("%" or a noun), and the goal."""

    words: str
    unit: str
    comparison: str
    goal: Decimal

    def checked(self) -> "NewTarget":
        """Return it without idle spaces; raises ValidationError with words for each field that cannot be."""
        words, unit = " ".join(self.words.split()), " ".join(self.unit.split())
        faults: dict[str, str] = {}
        if not 0 < len(words) <= LONGEST_WORDS:
            faults["words"] = f"Hãy ghi nội dung chỉ tiêu, tối đa {LONGEST_WORDS} ký tự."
        if not 0 < len(unit) <= 40:
            faults["unit"] = "Hãy ghi đơn vị tính: % hoặc lượt, lớp, cơ quan …, tối đa 40 ký tự."
        if self.comparison not in dict(COMPARISONS):
            faults["comparison"] = "Hãy chọn cách so sánh."
        if fault := fault_of(self.goal, unit):
            faults["goal"] = fault
        if faults:
            raise ValidationError(faults)
        return NewTarget(words, unit, self.comparison, self.goal)


def fault_of(value: Decimal, unit: str) -> str:
    """Return in words why a goal or a reported value cannot be; empty when it can."""
    if not value.is_finite() or not 0 <= value <= LARGEST or value != round(value, 2):
        return "Hãy ghi một số không âm, tối đa hai chữ số sau dấu phẩy."
    return "Tỷ lệ phần trăm là số từ 0 đến 100." if unit == PERCENT and value > 100 else ""


class Measured(models.Model):
    """A unit, a comparison and a goal, with what people read of them."""

    unit = models.CharField("đơn vị tính", max_length=40)
    comparison = models.CharField("so sánh", max_length=1, choices=COMPARISONS)
    goal = models.DecimalField("mức phải đạt", max_digits=14, decimal_places=2)

    class Meta:
        abstract = True

    @property
    def goal_words(self) -> str:
        """Return the goal as people read it: "≥ 30 %", "100 %", "≥ 2 lớp"."""
        whole = self.unit == PERCENT and self.goal == 100 and self.comparison == Comparison.AT_LEAST
        return f"{'' if whole else self.comparison + ' '}{written(self.goal)} {self.unit}"

    @property
    def is_percent(self) -> bool:
        """Say whether the target is a share, 0 to 100."""
        return self.unit == PERCENT

    def is_met_by(self, value: Decimal) -> bool:
        """Say whether the value meets the goal."""
        return Comparison(self.comparison).is_met(value, self.goal)


class TargetQuerySet(models.QuerySet["Target"]):
    """Targets as questions ask for them."""

    def visible_to(self, user: User) -> "TargetQuerySet":
        """Targets are words of the plan: who sees the task sees them."""
        return self.filter(task__in=Task.objects.visible_to(user))

    def active(self) -> "TargetQuerySet":
        """Leave out those that were withdrawn."""
        return self.filter(active=True)


class Target(Measured):
    """What a task must reach [chỉ tiêu], added by the plan's coordinator; figures for it come with updates.

    Changing it keeps the figures reported before with the goal they were reported under (`TargetFigure`).
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="targets", verbose_name="nhiệm vụ")
    position = models.PositiveSmallIntegerField("thứ tự")
    words = models.CharField("nội dung chỉ tiêu", max_length=LONGEST_WORDS)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi")
    made_on = models.DateField("ngày ghi")
    active = models.BooleanField("đang áp dụng", default=True)
    revision = models.PositiveIntegerField(default=1)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["task_id", "position"]
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="target_position_is_unique_in_task"),
            models.UniqueConstraint(
                fields=["task", "words", "unit", "comparison", "goal"],
                condition=Q(active=True),
                name="target_stands_once_in_a_task",
                violation_error_message="Nhiệm vụ đã có chỉ tiêu này.",
            ),
            models.CheckConstraint(condition=Q(goal__gte=0), name="target_goal_is_not_negative"),
            models.CheckConstraint(condition=~Q(unit=PERCENT) | Q(goal__lte=100), name="percent_target_is_at_most_100"),
            models.CheckConstraint(
                condition=Q(comparison__in=[one.value for one in Comparison]), name="target_comparison_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.goal_words})"

    # Verbs

    @classmethod
    @transaction.atomic
    def add(cls, task: Task, new: NewTarget, *, by: User, on: date) -> "Target":
        """Add a target to the task; the plan's coordinator does, and a second click of the same one changes nothing."""
        _must_set(task, by)
        new = new.checked()
        Task.objects.select_for_update().get(pk=task.pk)
        same = {"words": new.words, "unit": new.unit, "comparison": new.comparison, "goal": new.goal}
        if standing := cls.objects.active().filter(task=task, **same).first():
            return standing
        last = cls.objects.filter(task=task).aggregate(last=Max("position"))["last"] or 0
        target = cls.objects.create(task=task, position=last + 1, made_by=by, made_on=on, **same)
        target._note(TargetChange.Kind.ADDED, by=by, on=on)
        return target

    @transaction.atomic
    def change(self, new: NewTarget, *, by: User, on: date, revision: int) -> None:
        """Give the target other words or another goal; figures reported before stay with the goal of their time."""
        _must_set(self.task, by)
        new = new.checked()
        before = self._said()
        changes = {"words": new.words, "unit": new.unit, "comparison": new.comparison, "goal": new.goal}
        Task.objects.select_for_update().get(pk=self.task_id)
        if Target.objects.active().filter(task=self.task_id, **changes).exclude(pk=self.pk).exists():
            raise ValidationError({"words": "Nhiệm vụ đã có chỉ tiêu này."})
        self._write(revision, changes)
        self._note(TargetChange.Kind.CHANGED, by=by, on=on, before=before)

    @transaction.atomic
    def withdraw(self, *, by: User, on: date, reason: str, revision: int) -> None:
        """Ask for it no more, with a reason; what was reported stays readable."""
        _must_set(self.task, by)
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do bỏ chỉ tiêu."})
        self._write(revision, {"active": False})
        self._note(TargetChange.Kind.WITHDRAWN, by=by, on=on, reason=reason.strip())

    def _write(self, revision: int, changes: dict[str, Any]) -> None:
        rows = Target.objects.active().filter(pk=self.pk, revision=revision)
        if not rows.update(revision=F("revision") + 1, **changes):
            raise ValidationError(TAKEN, code="taken")
        self.refresh_from_db(fields=[*changes, "revision"])

    def _said(self) -> str:
        return f"{self.words} ({self.goal_words})"

    def _note(self, kind: str, *, by: User, on: date, before: str = "", reason: str = "") -> None:
        self.changes.create(kind=kind, by=by, on=on, before=before, after=self._said(), reason=reason)


def _must_set(task: Task, by: User) -> None:
    if not task.plan.is_coordinated_by(by):
        raise ValidationError("Chỉ cơ quan điều phối kế hoạch được ghi chỉ tiêu của nhiệm vụ.")
    if task.plan.status != Plan.Status.ACTIVE or task.withdrawn_by_id:
        raise ValidationError("Nhiệm vụ này không còn được theo dõi; chỉ tiêu không thay đổi nữa.")


class TargetChange(models.Model):
    """A step of a target with who, when and why; append-only."""

    class Kind(models.TextChoices):
        """What was done."""

        ADDED = "added", "thêm chỉ tiêu"
        CHANGED = "changed", "sửa chỉ tiêu"
        WITHDRAWN = "withdrawn", "bỏ chỉ tiêu"

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField("việc", max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField(auto_now_add=True)
    before = models.CharField("trước khi sửa", max_length=600, blank=True)
    after = models.CharField("nội dung", max_length=600)
    reason = models.TextField("lý do", blank=True)

    class Meta:
        ordering = ["target_id", "pk"]
        verbose_name = "thay đổi của chỉ tiêu"
        verbose_name_plural = "thay đổi của chỉ tiêu"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.after}"


class TargetFigure(Measured):
    """What an agency reported for a target with an update, and the goal as it stood on that day (copied, rule of snapshots).

    The value tells how far the work has come up to the day of the update, from the beginning of the job [lũy kế].
    """

    update = models.ForeignKey("plans.Update", on_delete=models.CASCADE, related_name="figures")
    target = models.ForeignKey(Target, on_delete=models.RESTRICT, related_name="figures", verbose_name="chỉ tiêu")
    value = models.DecimalField("đã đạt", max_digits=14, decimal_places=2)
    words = models.CharField("nội dung chỉ tiêu", max_length=LONGEST_WORDS)

    class Meta:
        ordering = ["update_id", "target__position"]
        verbose_name = "số liệu của chỉ tiêu"
        verbose_name_plural = "số liệu của chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["update", "target"], name="update_reports_a_target_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_figure_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(unit=PERCENT) | Q(value__lte=100), name="percent_figure_is_at_most_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value_words} ({self.goal_words})"

    @property
    def value_words(self) -> str:
        """Return the value as people read it."""
        return f"{written(self.value)} {self.unit}"

    @property
    def is_met(self) -> bool:
        """Say whether the goal of its time is met."""
        return self.is_met_by(self.value)


def record_figures(update: "Update", task: Task, figures: Mapping[int, Decimal]) -> None:
    """Keep what an update reports: target id → value. Raises ValidationError, in words, for what cannot be."""
    if not figures:
        return
    targets = {target.pk: target for target in Target.objects.active().filter(task=task, pk__in=figures)}
    if missing := figures.keys() - targets.keys():
        raise ValidationError(
            {
                "figures": f"Chỉ tiêu số {', '.join(map(str, sorted(missing)))} không thuộc nhiệm vụ này hoặc đã được bỏ."
                " Hãy tải lại trang."
            }
        )
    for pk, value in figures.items():
        if fault := fault_of(value, targets[pk].unit):
            raise ValidationError({"figures": f"{targets[pk].words}: {fault}"})
    TargetFigure.objects.bulk_create(
        TargetFigure(
            update=update,
            target=target,
            value=figures[pk],
            words=target.words,
            unit=target.unit,
            comparison=target.comparison,
            goal=target.goal,
        )
        for pk, target in targets.items()
    )
