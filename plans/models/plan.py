"""The plan as its document reads: plan, sections, tasks, deadlines, and who was named for what."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.access import access_of
from agencies.folding import fold, unaccent
from agencies.models import Agency, AgencyGroup, Province, User
from criteria.models import Criterion


class Role(models.TextChoices):
    """What an agency is for a task (glossary)."""

    LEAD = "lead", "chủ trì"
    IMPLEMENT = "implement", "thực hiện"
    ADVISE = "advise", "tham mưu"
    COORDINATE = "coordinate", "phối hợp"
    MONITOR = "monitor", "theo dõi"


OWING_ROLES = (Role.LEAD, Role.IMPLEMENT, Role.ADVISE)
"""Lead, implement and advise owe work; coordinate may add an update; monitor watches. Strongest first."""


def number_key(number: str) -> str:
    """Return the key of a plan's number: "82 / KH-UBND" and "82/kh–ubnd" are one."""
    return fold(number).replace(" ", "")


def issuer_key(issuer: str) -> str:
    """Return the key of an issuer: "Ủy ban nhân dân tỉnh Vĩnh Phúc" and "UBND tỉnh Vĩnh Phúc" are one."""
    return fold(issuer).replace("ủy ban nhân dân", "ubnd")


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans as questions ask for them."""

    def visible_to(self, user: User) -> "PlanQuerySet":
        """Everybody in the province sees its plans; a draft only those who coordinate it."""
        access = access_of(user)
        return self.filter(province_id=access.province_id).filter(
            ~Q(status=Plan.Status.DRAFT) | Q(coordinating_agency__in=access.coordinates)
        )

    def coordinated_by(self, user: User) -> "PlanQuerySet":
        """Return the plans whose coordinator the user is."""
        access = access_of(user)
        return self.filter(province_id=access.province_id, coordinating_agency__in=access.coordinates)

    def known_as(self, number: str, issuer: str | None, signed_on: date | str) -> "PlanQuerySet":
        """Return the plan of this number and day; with an issuer only that issuer's: districts number from 1 as well."""
        plans = self.filter(number_key=number_key(number), signed_on=signed_on)
        return plans.filter(issuer_key=issuer_key(issuer)) if issuer else plans


class Plan(models.Model):
    """A plan [kế hoạch]. Province, number, issuer and signing day are its identity; rights follow the coordinating agency."""

    class Status(models.TextChoices):
        """Draft until it becomes work; closed when its year is over."""

        DRAFT = "draft", "dự thảo"
        ACTIVE = "active", "đang thực hiện"
        CLOSED = "closed", "đã kết thúc"

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="plans", verbose_name="tỉnh")
    number = models.CharField("số, ký hiệu", max_length=50)
    number_key = models.CharField(max_length=50, editable=False)
    title = models.CharField("tên kế hoạch", max_length=500)
    issuer = models.CharField("cơ quan ban hành", max_length=255)
    issuer_key = models.CharField(max_length=255, editable=False)
    signed_on = models.DateField("ngày ban hành")
    signer = models.CharField("người ký", max_length=150, blank=True)
    year = models.PositiveSmallIntegerField("năm kế hoạch")
    target = models.CharField("mục tiêu", max_length=500, blank=True)
    coordinating_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="coordinated_plans", verbose_name="cơ quan điều phối"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cụ thể hóa kế hoạch",
    )
    status = models.CharField("trạng thái", max_length=10, choices=Status.choices, default=Status.DRAFT)
    document = models.FileField("văn bản", upload_to="plans/%Y/", blank=True)
    document_name = models.CharField("tên tệp", max_length=255, blank=True)
    document_hash = models.CharField("SHA-256 của văn bản", max_length=64, blank=True)
    before_is_inclusive = models.BooleanField(
        "“Trước ngày X” gồm cả ngày X",
        default=False,
        help_text="Mặc định: không gồm, hạn cuối là ngày liền trước.",
    )
    leaders_approve = models.BooleanField(
        "lãnh đạo cơ quan duyệt trước khi báo hoàn thành",
        default=False,
        help_text="Khi bật, chuyên viên trình lãnh đạo cơ quan mình; lãnh đạo báo hoàn thành hoặc yêu cầu sửa.",
    )
    activated_on = models.DateField("ngày bắt đầu theo dõi", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "number_key"]
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "number_key", "issuer_key", "signed_on"],
                name="plan_is_known_by_number_issuer_and_day",
                violation_error_message="Kế hoạch này đã có: cùng số, cơ quan ban hành và ngày ban hành.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.signed_on:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys."""
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the plan's page."""
        return reverse("plan-detail", args=[self.pk])

    def set_keys(self) -> None:
        """Compute the keys of number and issuer under which two spellings of one plan meet."""
        self.number_key = number_key(self.number)
        self.issuer_key = issuer_key(self.issuer)

    def is_coordinated_by(self, user: User) -> bool:
        """Say whether the user coordinates this plan today."""
        access = access_of(user)
        return self.province_id == access.province_id and self.coordinating_agency_id in access.coordinates

    def ask_leaders(self, asked: bool, *, by: User) -> None:
        """Let leaders of agencies approve what is handed in, or not; the coordinator decides, while the plan runs."""
        if not self.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được đổi cài đặt này.")
        if not Plan.objects.filter(pk=self.pk, status=Plan.Status.ACTIVE).update(leaders_approve=asked):
            raise ValidationError("Kế hoạch này không còn được theo dõi.")
        self.refresh_from_db(fields=["leaders_approve"])


class Section(models.Model):
    """A heading as printed [mục]: I, 1, 1.1 … A heading is a place, never a key: plan 82 prints one twice."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField("thứ tự")
    depth = models.PositiveSmallIntegerField("cấp", default=0)
    title = models.CharField("đề mục", max_length=1000)

    class Meta:
        ordering = ["plan_id", "position"]
        verbose_name = "đề mục"
        verbose_name_plural = "đề mục"
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="section_position_is_unique_in_plan")]

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks as questions ask for them."""

    def visible_to(self, user: User) -> "TaskQuerySet":
        """Return tasks of plans the user sees."""
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def standing(self) -> "TaskQuerySet":
        """Leave out tasks that a corrected document no longer holds."""
        return self.filter(withdrawn_by__isnull=True)

    def matching(self, words: str) -> "TaskQuerySet":
        """Return tasks whose text holds the words, diacritics aside."""
        return self.filter(search_key__contains=unaccent(words))


class Task(models.Model):
    """A task [nhiệm vụ] with the words of its row as printed and the place where it stands in the document."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks", verbose_name="kế hoạch")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="đề mục"
    )
    position = models.PositiveIntegerField("thứ tự")
    number = models.CharField("số thứ tự in", max_length=30, blank=True)
    text = models.TextField("nội dung nhiệm vụ")
    product = models.TextField("sản phẩm", blank=True)
    funding = models.TextField("kinh phí", blank=True)
    note = models.TextField("ghi chú", blank=True)
    agencies_text = models.TextField("cơ quan (nguyên văn)", blank=True)
    coordinating_text = models.TextField("cơ quan phối hợp (nguyên văn)", blank=True)
    time_text = models.CharField("thời gian (nguyên văn)", max_length=1000, blank=True)
    place = models.CharField("vị trí trong văn bản", max_length=200, blank=True)
    is_report = models.BooleanField("là nhiệm vụ báo cáo", default=False)
    withdrawn_by = models.ForeignKey(
        "plans.Amendment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bỏ theo lần điều chỉnh",
    )
    carries_out: models.ManyToManyField = models.ManyToManyField(
        "self",
        through="plans.TaskLink",
        symmetrical=False,
        related_name="carried_out_by",
        verbose_name="cụ thể hóa nhiệm vụ",
    )
    search_key = models.TextField(editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="task_position_is_unique_in_plan")]

    def __str__(self) -> str:
        return f"{self.position}. {self.short_text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a fresh search key."""
        self.search_key = unaccent(f"{self.number} {self.text}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the task's page."""
        return reverse("task-detail", args=[self.pk])

    @property
    def short_text(self) -> str:
        """Return the first line, cut at a word near 120 characters."""
        line = self.text.strip().split("\n", 1)[0].lstrip("-+• ")
        return line if len(line) <= 120 else line[:120].rsplit(" ", 1)[0].rstrip(",;:") + "…"


class Deadline(models.Model):
    """What was understood of the words of the time cell (gold README section 1). The words stay with the task.

    ``due_dates`` are the last days on which it is still on time. ``completes`` "each": every date is a delivery;
    "final": earlier dates are check-points. While ``ambiguous`` and not confirmed, nothing of the task becomes overdue.
    """

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="deadline")
    kind = models.CharField("loại", max_length=20, blank=True)
    periods = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    due_dates = ArrayField(models.DateField(), default=list, blank=True, verbose_name="hạn")
    completes = models.CharField(max_length=5, blank=True, choices=[("each", "từng mốc"), ("final", "mốc cuối")])
    stated = models.BooleanField("có in trong văn bản", default=True)
    ambiguous = models.BooleanField("có hai cách hiểu", default=False)
    why = models.CharField("lý do", max_length=500, blank=True)
    readings = models.JSONField("các cách hiểu", default=list, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"

    def __str__(self) -> str:
        return ", ".join(f"{day:%d/%m/%Y}" for day in self.due_dates) or "không có ngày"

    @property
    def is_settled(self) -> bool:
        """Say whether lateness may be counted: one reading, or a person has confirmed it."""
        return not self.ambiguous or self.confirmed_on is not None

    def settle(self, *, by: User, on: date) -> None:
        """Confirm the dates as understood: from now on the task can become overdue. The plan's coordinator decides."""
        if not self.task.plan.is_coordinated_by(by):
            raise ValidationError("Chỉ cơ quan điều phối kế hoạch được xác nhận thời hạn.")
        if not self.due_dates:
            raise ValidationError("Thời hạn chưa có ngày nào để xác nhận.")
        rows = Deadline.objects.filter(pk=self.pk, ambiguous=True, confirmed_on__isnull=True)
        if not rows.update(confirmed_by=by, confirmed_on=on):
            raise ValidationError("Thời hạn này đã được xác nhận hoặc chỉ có một cách hiểu.")
        self.refresh_from_db(fields=["confirmed_by", "confirmed_on"])


class PrintedAssignmentQuerySet(models.QuerySet["PrintedAssignment"]):
    """Printed lines as questions ask for them."""

    def standing(self) -> "PrintedAssignmentQuerySet":
        """Return the lines of the document in force."""
        return self.filter(replaced_by__isnull=True)


class TaskLink(models.Model):
    """A task of a child plan carries out a task of the parent plan [cụ thể hóa]; made by a person, never by words alone."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="parent_links")
    parent_task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="child_links")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()

    class Meta:
        ordering = ["task_id", "pk"]
        verbose_name = "liên kết nhiệm vụ cụ thể hóa"
        verbose_name_plural = "liên kết nhiệm vụ cụ thể hóa"
        constraints = [models.UniqueConstraint(fields=["task", "parent_task"], name="task_is_linked_to_a_parent_once")]

    def __str__(self) -> str:
        return f"{self.task} → {self.parent_task}"


class PrintedAssignment(models.Model):
    """Who was named in the document for what [phân công như văn bản]: an agency or a group. Kept for ever.

    A corrected document adds new lines; ``replaced_by`` then says which amendment ended the old ones.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="printed_assignments")
    position = models.PositiveSmallIntegerField()
    words = models.CharField("nguyên văn", max_length=500)
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    role_stated = models.BooleanField("vai trò có in trong văn bản", default=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(AgencyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    excluded = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="trừ")
    replaced_by = models.ForeignKey(
        "plans.Amendment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PrintedAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["task_id", "position"]
        verbose_name = "phân công như văn bản"
        verbose_name_plural = "phân công như văn bản"
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="printed_assignment_position_is_unique"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, group__isnull=True) | Q(agency__isnull=True, group__isnull=False),
                name="printed_assignment_names_an_agency_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.get_role_display()})"


class Assignment(models.Model):
    """Task × agency × role, expanded from the printed words as of the signing day."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    printed = models.ForeignKey(PrintedAssignment, on_delete=models.PROTECT, null=True, related_name="assignments")

    class Meta:
        ordering = ["task_id", "agency_id"]
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [
            models.UniqueConstraint(fields=["task", "agency", "role"], name="assignment_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} ({self.get_role_display()})"


class TaskCriterion(models.Model):
    """A task serves a criterion; made or confirmed by a person, with how sure they are."""

    class Confidence(models.TextChoices):
        """How directly the text of the task serves the criterion."""

        HIGH = "high", "trực tiếp"
        MEDIUM = "medium", "rõ"
        LOW = "low", "còn cân nhắc"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="criterion_links")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="task_links")
    confidence = models.CharField("mức độ", max_length=10, choices=Confidence.choices)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "tiêu chí của nhiệm vụ"
        verbose_name_plural = "tiêu chí của nhiệm vụ"
        constraints = [models.UniqueConstraint(fields=["task", "criterion"], name="task_serves_a_criterion_once")]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.criterion.code}"
