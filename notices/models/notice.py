"""Notices under a unique key, the letters that carry them, and the runs of the round that make them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import Agency, User
from plans.models import Extension, Obstacle, Plan, WorkItem
from reports.models import Report


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters as questions ask for them."""

    def visible_to(self, user: User) -> "LetterQuerySet":
        """A person sees the letters written to them."""
        return self.filter(recipient=user)


class Letter(models.Model):
    """A letter to one person: stored before it is sent. One digest a person a day; urgent ones beside it."""

    class State(models.TextChoices):
        """Where the letter stands."""

        WAITING = "waiting", "chờ gửi"
        SENT = "sent", "đã gửi"
        KEPT = "kept", "lưu trong hệ thống"
        FAILED = "failed", "không gửi được"

    key = models.CharField(max_length=200, unique=True, help_text="Người nhận, ngày và loại thư: mỗi thư một lần.")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters", verbose_name="người nhận")
    address = models.EmailField("địa chỉ")
    on = models.DateField("ngày")
    subject = models.CharField("tiêu đề", max_length=255)
    text = models.TextField("nội dung")
    html = models.TextField("nội dung HTML")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    in_doubt = models.BooleanField(
        "có thể đã đến",
        default=False,
        help_text="Máy chủ thư có thể đã nhận mà hệ thống chưa biết: thư được gửi lại với cùng Message-ID.",
    )
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    error = models.TextField("lỗi", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = "thư"
        verbose_name_plural = "thư"
        indexes = [models.Index(fields=["next_attempt_at", "id"], name="waiting_letter", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """Return the page that shows the letter."""
        return reverse("letter-detail", args=[self.pk])


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices as questions ask for them."""

    def visible_to(self, user: User) -> "NoticeQuerySet":
        """A person sees what they were told."""
        return self.filter(recipient=user)

    def overseen_by(self, user: User) -> "NoticeQuerySet":
        """Return what anybody was told about plans that the user coordinates; viewers oversee the whole province."""
        access = access_of(user)
        plans = Plan.objects.visible_to(user) if access.is_viewer else Plan.objects.coordinated_by(user)
        return self.filter(plan__in=plans)

    def in_inbox_of(self, user: User) -> "NoticeQuerySet":
        """Return what the person finds in their inbox: all they were told, less kinds they do not want there."""
        return self.visible_to(user).filter(on_page=True)

    def unread_of(self, user: User) -> "NoticeQuerySet":
        """Return what the person has not opened yet."""
        return self.in_inbox_of(user).filter(read_at__isnull=True)

    def matching(self, words: str) -> "NoticeQuerySet":
        """Return notices whose words, task, agency or plan hold the words, diacritics aside where a key allows it."""
        key = unaccent(words)
        return self.filter(
            Q(words__icontains=words)
            | Q(item__task__search_key__contains=key)
            | Q(agency__search_key__contains=key)
            | Q(plan__number__icontains=words)
        )


class Notice(models.Model):
    """One thing told to one person [thông báo], under a key that says why it exists."""

    class Kind(models.TextChoices):
        """What is told; statutory kinds (`preferences.STATUTORY`) cannot be switched off."""

        ASSIGNED = "assigned", "được giao việc"
        NEARLY_DUE = "nearly_due", "sắp đến hạn"
        DUE = "due", "đến hạn hôm nay"
        OVERDUE = "overdue", "quá hạn"
        NOT_UPDATED = "not_updated", "chưa cập nhật"
        IDLE = "idle", "lâu chưa cập nhật"
        ESCALATED = "escalated", "báo cáo cấp trên"
        HANDED_IN = "handed_in", "chờ xác nhận"
        UNCONFIRMED = "unconfirmed", "chờ xác nhận đã lâu"
        CONFIRMED = "confirmed", "đã xác nhận"
        RETURNED = "returned", "bị trả lại"
        DECLINED = "declined", "nhiệm vụ bị trả lại"
        DECLINE_DECIDED = "decline_decided", "trả lời việc trả lại nhiệm vụ"
        RELEASED = "released", "không phải thực hiện phần việc"
        DIRECTED = "directed", "ý kiến chỉ đạo"
        PROPOSED = "proposed", "chờ lãnh đạo duyệt"
        SENT_DOWN = "sent_down", "lãnh đạo yêu cầu sửa"
        REPORT_DUE = "report_due", "sắp đến hạn báo cáo"
        REPORT_LATE = "report_late", "báo cáo trễ hạn"
        REPORT_SUBMITTED = "report_submitted", "có báo cáo mới nộp"
        REPORT_RETURNED = "report_returned", "báo cáo bị trả lại"
        REPORT_ACCEPTED = "report_accepted", "báo cáo đã tiếp nhận"
        EXTENSION_ASKED = "extension_asked", "đề nghị gia hạn"
        EXTENSION_WAITING = "extension_waiting", "đề nghị gia hạn chưa trả lời"
        EXTENSION_DECIDED = "extension_decided", "trả lời đề nghị gia hạn"
        OBSTACLE_ASKED = "obstacle_asked", "vướng mắc mới"
        OBSTACLE_WAITING = "obstacle_waiting", "vướng mắc chưa trả lời"
        OBSTACLE_ANSWERED = "obstacle_answered", "trả lời vướng mắc"
        PLAN_CHANGED = "plan_changed", "kế hoạch thay đổi"
        URGED = "urged", "đôn đốc"

    class State(models.TextChoices):
        """Where the telling stands."""

        WAITING = "waiting", "chờ gửi"
        SENT = "sent", "đã gửi"
        FAILED = "failed", "không gửi được"
        SUPPRESSED = "suppressed", "không gửi thư"

    key = models.CharField("khóa", max_length=200, unique=True)
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", verbose_name="người nhận")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="về cơ quan")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    extension = models.ForeignKey(
        Extension, on_delete=models.CASCADE, null=True, blank=True, related_name="notices", db_index=False
    )
    obstacle = models.ForeignKey(
        Obstacle, on_delete=models.CASCADE, null=True, blank=True, related_name="notices", db_index=False
    )
    on = models.DateField("ngày")
    due_date = models.DateField("hạn", null=True, blank=True)
    words = models.CharField("nội dung", max_length=500)
    why = models.CharField("vì sao nhận", max_length=255, blank=True)
    urgent = models.BooleanField("gửi ngay", default=False, help_text="Kế hoạch muốn loại này đi ngay, thư riêng.")
    on_page = models.BooleanField("hiện trong hộp thông báo", default=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("lý do không gửi", max_length=255, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        indexes = [
            models.Index(fields=["recipient", "state"], name="notice_by_recipient"),
            models.Index(fields=["state", "recipient"], name="waiting_notice", condition=Q(state="waiting")),
            models.Index(fields=["item", "kind"], name="notice_by_item"),
            models.Index(fields=["agency", "plan", "-on"], name="notice_by_agency"),
            models.Index(fields=["extension"], name="notice_by_extension", condition=Q(extension__isnull=False)),
            models.Index(fields=["obstacle"], name="notice_by_obstacle", condition=Q(obstacle__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        """Return the page that the notice is about."""
        if self.kind == self.Kind.URGED and self.plan_id and self.agency_id:
            return f"{reverse('work-list')}?plan={self.plan_id}&agency={self.agency_id}&when=overdue"
        if self.extension_id:
            return reverse("extension-detail", args=[self.extension_id])
        if self.obstacle_id:
            return reverse("obstacle-detail", args=[self.obstacle_id])
        if self.report_id:
            return reverse("report-detail", args=[self.report_id])
        if self.item_id:
            return reverse("work-item", args=[self.item_id])
        return reverse("plan-detail", args=[self.plan_id]) if self.plan_id else reverse("notice-list")


class RoundRun(models.Model):
    """One run of the nightly round: what it made, and what broke; a broken rule turns the run red."""

    on = models.DateField("ngày")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    made = models.PositiveIntegerField("thông báo mới", default=0)
    errors = models.JSONField("lỗi", default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "lượt chạy"
        verbose_name_plural = "lượt chạy"

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.made}"
