"""Who: provinces, agencies, groups, successions, people and their memberships."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.access import access_of
from agencies.folding import fold, sort_key, squeeze, unaccent


class Province(models.Model):
    """The tenant [tỉnh, thành phố]: nothing of one province ever shows to another."""

    class Kind(models.TextChoices):
        """Tỉnh, or a city run by the centre."""

        PROVINCE = "province", "tỉnh"
        CITY = "city", "thành phố"

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=100, unique=True, help_text="Chỉ tên riêng, ví dụ: Vĩnh Phúc.")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.PROVINCE)

    class Meta:
        ordering = ["name"]
        verbose_name = "tỉnh, thành phố"
        verbose_name_plural = "tỉnh, thành phố"

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return "tỉnh Vĩnh Phúc" or "thành phố Huế"."""
        return f"{self.get_kind_display()} {self.name}"


class User(AbstractUser):
    """A person who signs in. What they may do follows from their memberships, never from flags on the account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("họ và tên", max_length=150)
    position = models.CharField("chức vụ", max_length=150, blank=True)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, null=True, blank=True, related_name="users", verbose_name="tỉnh, thành phố"
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as it stands; Vietnamese names are not taken apart."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the given name, which stands last."""
        return str(self).split()[-1]


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies as questions ask for them."""

    def visible_to(self, user: User) -> "AgencyQuerySet":
        """Return the register of the user's province."""
        return self.filter(province_id=access_of(user).province_id)

    def valid_on(self, day: date) -> "AgencyQuerySet":
        """Return agencies that existed on ``day``."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def matching(self, words: str) -> "AgencyQuerySet":
        """Return agencies whose name, short name or alias holds the words, diacritics aside."""
        return self.filter(search_key__contains=unaccent(words))


class Agency(models.Model):
    """An agency or unit [cơ quan, đơn vị] for the time it exists under one name."""

    class Kind(models.TextChoices):
        """Kinds that groups are rules over."""

        SUPERIOR = "superior", "cơ quan cấp trên"
        DEPARTMENT = "department", "sở"
        EQUIVALENT = "equivalent", "cơ quan tương đương sở"
        BOARD = "board", "ban"
        ARMED_FORCE = "armed_force", "công an, quân sự"
        CENTRAL_VERTICAL = "central_vertical", "cơ quan ngành dọc Trung ương"
        DISTRICT_PC = "district_pc", "UBND cấp huyện"
        COMMUNE_PC = "commune_pc", "UBND cấp xã"
        PUBLIC_UNIT = "public_unit", "đơn vị sự nghiệp công lập"
        PRESS = "press", "cơ quan báo chí"
        MASS_ORGANISATION = "mass_organisation", "Mặt trận, tổ chức chính trị - xã hội"
        PARTY = "party", "cơ quan Đảng"
        ENTERPRISE = "enterprise", "doanh nghiệp"
        COMMITTEE = "committee", "ban chỉ đạo, tổ công tác"
        INTERNAL_UNIT = "internal_unit", "đơn vị thuộc cơ quan"

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="agencies", verbose_name="tỉnh")
    code = models.CharField("mã", max_length=40, help_text="Mã ổn định trong tỉnh, ví dụ: SYT.")
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cơ quan cấp trên trực tiếp",
    )
    name = models.CharField("tên", max_length=255)
    short_name = models.CharField("tên viết tắt", max_length=100, blank=True)
    aliases = ArrayField(models.CharField(max_length=255), default=list, blank=True, verbose_name="tên gọi khác")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    name_key = models.CharField(max_length=255, editable=False)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=600, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "cơ quan, đơn vị"
        verbose_name_plural = "cơ quan, đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "code"],
                name="agency_code_is_unique_in_province",
                violation_error_message="Mã cơ quan này đã có trong tỉnh.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_begins",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="agency_is_not_its_own_parent",
                violation_error_message="Cơ quan không thể là cấp trên của chính mình.",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "kind"], name="agency_by_kind"),
            models.Index(fields=["province", "name_key"], name="agency_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with fresh keys."""
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Compute the stored keys from the names; `save` does it, bulk loaders call it."""
        self.name = squeeze(self.name)
        self.name_key = fold(self.name)
        self.search_key = " | ".join(unaccent(words) for words in (self.name, self.short_name, *self.aliases) if words)
        self.sort_key = sort_key(self.name)[:600]

    @property
    def label(self) -> str:
        """Return the short name where there is one: for narrow columns."""
        return self.short_name or self.name


class AgencyGroup(models.Model):
    """A group that plans name [Các sở, ban, ngành; UBND cấp xã …]: kinds, plus named inclusions, less exclusions."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="groups", verbose_name="tỉnh")
    code = models.CharField("mã", max_length=40)
    name = models.CharField("tên nhóm", max_length=255)
    aliases = ArrayField(models.CharField(max_length=255), default=list, blank=True, verbose_name="cách gọi khác")
    kinds = ArrayField(
        models.CharField(max_length=20, choices=Agency.Kind.choices), default=list, blank=True, verbose_name="gồm loại"
    )
    includes = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="thêm")
    excludes = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="trừ")

    class Meta:
        ordering = ["name"]
        verbose_name = "nhóm cơ quan"
        verbose_name_plural = "nhóm cơ quan"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "code"],
                name="group_code_is_unique_in_province",
                violation_error_message="Mã nhóm này đã có trong tỉnh.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def members(self, on: date, *, without: Iterable[int] = ()) -> AgencyQuerySet:
        """Return the group's agencies of that day, in alphabetical order, less the ids in ``without``."""
        return (
            Agency.objects.filter(province_id=self.province_id)
            .valid_on(on)
            .filter(Q(kind__in=self.kinds) | Q(pk__in=self.includes.values("pk")))
            .exclude(pk__in=self.excludes.values("pk"))
            .exclude(pk__in=list(without))
            .distinct()
        )


class Succession(models.Model):
    """What became of an agency [sáp nhập, chia tách, đổi tên, giải thể] and on which day."""

    class Kind(models.TextChoices):
        """The four ways an agency ends or changes."""

        MERGE = "merge", "sáp nhập"
        SPLIT = "split", "chia tách"
        RENAME = "rename", "đổi tên"
        DISSOLVE = "dissolve", "giải thể"

    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions", verbose_name="từ")
    successor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="origins", verbose_name="thành"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    on = models.DateField("từ ngày")
    share = models.CharField("phần việc chuyển sang", max_length=255, blank=True)

    class Meta:
        ordering = ["on"]
        verbose_name = "sắp xếp tổ chức"
        verbose_name_plural = "sắp xếp tổ chức"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="succession_is_said_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) | Q(kind="dissolve"),
                name="only_a_dissolved_agency_has_no_successor",
                violation_error_message="Chỉ cơ quan giải thể mới không có cơ quan kế tiếp.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or '-'} ({self.on:%d/%m/%Y})"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships as questions ask for them."""

    def valid_on(self, day: date) -> "MembershipQuerySet":
        """Return memberships that hold on ``day``."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Membership(models.Model):
    """A person in an agency under a role for a time: people change offices and hold two."""

    class Role(models.TextChoices):
        """What the person may do there (domain.md, "Who")."""

        OFFICER = "officer", "chuyên viên"
        LEADER = "leader", "lãnh đạo cơ quan"
        COORDINATOR = "coordinator", "điều phối kế hoạch"
        VIEWER = "viewer", "lãnh đạo tỉnh (xem)"
        ADMINISTRATOR = "administrator", "quản trị"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name="người dùng")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships", verbose_name="cơ quan")
    role = models.CharField("vai trò", max_length=15, choices=Role.choices)
    valid_from = models.DateField("từ ngày", default=date(2000, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "vị trí công tác"
        verbose_name_plural = "vị trí công tác"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role", "valid_from"],
                name="membership_is_said_once",
                violation_error_message="Người này đã có vai trò này tại cơ quan.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"], name="membership_by_agency")]

    def __str__(self) -> str:
        return f"{self.user} - {self.get_role_display()}, {self.agency}"
