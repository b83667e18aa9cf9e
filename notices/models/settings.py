"""How a plan reminds, and how a person wants to be told."""

from datetime import date, time

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from agencies.models import User
from notices.models.notice import Notice
from plans.models import Plan

MOST_STEPS, FARTHEST_STEP, LONGEST_PAUSE = 8, 60, 365
"""Limits of a plan's settings: steps before a due date, days of the farthest step, days of the longest pause."""
EARLIEST, LATEST = time(6), time(20)
"""Hours between which a plan may let its letters leave."""


def usual_steps() -> list[int]:
    """Return the days before a due date on which a plan reminds unless its coordinator says otherwise."""
    return [7, 1]


def usual_urgent() -> list[str]:
    """Return the kinds that leave at once unless the coordinator says otherwise."""
    return [Notice.Kind.RETURNED, Notice.Kind.REPORT_RETURNED, Notice.Kind.URGED]


class PlanNoticeSettings(models.Model):
    """How a plan reminds [cài đặt nhắc việc]: one row a plan; a plan without one has the defaults below.

    Days before and after a due date are calendar days; reminders that fall on a day off go out on the working day
    before. Answers and confirmations are waited for in working days.
    """

    class Digest(models.TextChoices):
        """How often the letter that gathers everything leaves. Urgent and statutory kinds never wait for a week."""

        DAILY = "daily", "mỗi ngày làm việc một thư"
        CHOICE = "choice", "mỗi ngày; ai muốn thì chọn mỗi tuần"
        WEEKLY = "weekly", "mỗi tuần một thư"

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="notice_settings")
    steps = ArrayField(models.PositiveSmallIntegerField(), default=usual_steps, verbose_name="nhắc trước hạn (ngày)")
    overdue_every = models.PositiveSmallIntegerField("nhắc lại việc quá hạn sau mỗi (ngày)", default=7)
    opens = models.TimeField("gửi thư từ", default=time(7))
    closes = models.TimeField("đến trước", default=time(18))
    digest = models.CharField("thư tổng hợp", max_length=10, choices=Digest.choices, default=Digest.CHOICE)
    leader_age = models.PositiveSmallIntegerField("quá hạn bao nhiêu ngày thì báo lãnh đạo cơ quan", default=7)
    coordinator_age = models.PositiveSmallIntegerField("… thì báo cơ quan điều phối", default=15)
    chair_age = models.PositiveSmallIntegerField(
        "… thì đưa vào danh sách trình Phó Chủ tịch", null=True, blank=True, default=30
    )
    idle_days = models.PositiveSmallIntegerField(
        "việc đang làm không cập nhật sau (ngày) thì nhắc", null=True, blank=True, default=30
    )
    unconfirmed_days = models.PositiveSmallIntegerField("chờ xác nhận quá (ngày làm việc) thì nhắc", default=3)
    urgent = ArrayField(models.CharField(max_length=20), default=usual_urgent, blank=True, verbose_name="gửi ngay")
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "cài đặt nhắc việc"
        verbose_name_plural = "cài đặt nhắc việc"
        constraints = [
            models.CheckConstraint(
                condition=Q(leader_age__lt=F("coordinator_age"))
                & (Q(chair_age__isnull=True) | Q(coordinator_age__lt=F("chair_age"))),
                name="lateness_goes_upwards_by_age",
                violation_error_message="Số ngày quá hạn để báo cáo cấp trên phải tăng dần: "
                "lãnh đạo cơ quan, rồi cơ quan điều phối, rồi Phó Chủ tịch.",
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="letters_leave_between_two_hours",
                violation_error_message="Giờ bắt đầu gửi thư phải trước giờ kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(overdue_every__gte=1, leader_age__gte=1, unconfirmed_days__gte=1)
                & (Q(idle_days__isnull=True) | Q(idle_days__gte=1)),
                name="pauses_of_reminders_are_at_least_a_day",
                violation_error_message="Các khoảng thời gian nhắc việc ít nhất là 1 ngày.",
            ),
        ]

    def __str__(self) -> str:
        return f"Cài đặt nhắc việc của {self.plan}"

    def clean(self) -> None:
        """Raise in words what the round could not work with; the round asks the same of every plan it meets."""
        problems: dict[str, str] = {}
        if not self.steps or len(self.steps) > MOST_STEPS:
            problems["steps"] = f"Hãy ghi từ 1 đến {MOST_STEPS} mốc nhắc trước hạn, ví dụ: 14, 7, 3, 1."
        elif not all(1 <= step <= FARTHEST_STEP for step in self.steps):
            problems["steps"] = f"Mỗi mốc nhắc là số ngày trước hạn, từ 1 đến {FARTHEST_STEP}."
        elif len(set(self.steps)) < len(self.steps):
            problems["steps"] = "Có mốc nhắc bị ghi hai lần."
        if self.opens < EARLIEST or self.closes > LATEST:
            problems["opens"] = f"Thư chỉ gửi trong khoảng từ {EARLIEST:%H:%M} đến {LATEST:%H:%M}."
        if not set(self.urgent) <= set(Notice.Kind.values):
            problems["urgent"] = "Có loại thông báo không có trong hệ thống."
        for name in ("overdue_every", "unconfirmed_days", "idle_days", "leader_age", "coordinator_age", "chair_age"):
            days = getattr(self, name)
            if days is not None and not 1 <= days <= LONGEST_PAUSE:
                problems[name] = f"Số ngày phải từ 1 đến {LONGEST_PAUSE}."
        if problems:
            raise ValidationError(problems)

    @property
    def ascending_steps(self) -> tuple[int, ...]:
        """Return the steps, nearest to the due date first."""
        return tuple(sorted(self.steps))

    @property
    def ages(self) -> dict[str, int]:
        """Return the circles that lateness is reported to with the days of lateness, nearest circle first."""
        ages = {"leader": self.leader_age, "coordinator": self.coordinator_age}
        return ages | ({"chair": self.chair_age} if self.chair_age else {})

    @classmethod
    def of(cls, plan: Plan) -> "PlanNoticeSettings":
        """Return the plan's settings; the defaults, not saved, where it has none."""
        return cls.objects.filter(plan=plan).first() or cls.usual(plan)

    @classmethod
    def usual(cls, plan: Plan) -> "PlanNoticeSettings":
        """Return the defaults. Lateness in a department's own plan is not put before the province's leaders."""
        settings = cls(plan=plan)
        if plan.parent_id:
            settings.chair_age = None
        return settings

    def change(self, *, by: User, on: date) -> None:
        """Save the settings as they stand on this object; the plan's coordinator decides, and the row says who did."""
        if not self.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được đổi cài đặt nhắc việc.")
        self.changed_by, self.changed_on = by, on
        self.full_clean()
        self.save()


class MutedKind(models.Model):
    """A kind of notice that a person does not want on a channel. Statutory kinds cannot be muted."""

    class Channel(models.TextChoices):
        """Where a notice reaches a person."""

        PAGE = "page", "trên trang"
        LETTER = "letter", "thư điện tử"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="muted_kinds")
    kind = models.CharField("loại", max_length=20, choices=Notice.Kind.choices)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)

    class Meta:
        ordering = ["user_id", "kind", "channel"]
        verbose_name = "loại thông báo đã tắt"
        verbose_name_plural = "loại thông báo đã tắt"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="kind_is_muted_once_a_channel"),
            models.CheckConstraint(
                condition=~Q(kind__in=["overdue", "escalated", "returned", "report_late", "report_returned", "urged"]),
                name="statutory_kind_is_never_muted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()} ({self.get_channel_display()})"


class WeeklyLetter(models.Model):
    """A person who chose one letter a week where the plan allows it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="weekly_letter")
    since = models.DateField("từ ngày")

    class Meta:
        verbose_name = "người nhận thư mỗi tuần"
        verbose_name_plural = "người nhận thư mỗi tuần"

    def __str__(self) -> str:
        return str(self.user)
