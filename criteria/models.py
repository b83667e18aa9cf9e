"""What is measured: the framework of the SIPAS method and its tree of contents, factors and criteria."""

from typing import Any

from django.db import models

from agencies.folding import unaccent


class Framework(models.Model):
    """A measuring method [phương pháp đo lường] for some years: Quyết định 1001/QĐ-BNV for 2023-2026."""

    class Averaging(models.TextChoices):
        """How printed averages are made; it belongs to the version of the method."""

        CRITERIA = "criteria", "trung bình các tiêu chí ở mọi cấp"
        FACTORS = "factors", "trung bình các yếu tố, rồi trung bình hai nội dung"

    code = models.CharField("số, ký hiệu", max_length=50, unique=True)
    name = models.CharField("tên", max_length=300)
    signed_on = models.DateField("ngày ban hành")
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")
    averaging = models.CharField("cách tính trung bình", max_length=10, choices=Averaging.choices)

    class Meta:
        ordering = ["-first_year"]
        verbose_name = "phương pháp đo lường"
        verbose_name_plural = "phương pháp đo lường"

    def __str__(self) -> str:
        return f"{self.code} ({self.first_year}-{self.last_year})"


class Criterion(models.Model):
    """A node of the method: part [khía cạnh], content [nội dung], factor [yếu tố] or criterion [tiêu chí].

    Codes are stable (I.1.1.01 … IV.10); a new method is a new framework, never a new code for an old criterion.
    """

    class Level(models.TextChoices):
        """Place in the tree."""

        PART = "part", "khía cạnh"
        CONTENT = "content", "nội dung"
        FACTOR = "factor", "yếu tố"
        CRITERION = "criterion", "tiêu chí"

    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="criteria", verbose_name="phương pháp"
    )
    code = models.CharField("mã", max_length=20)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField("thứ tự")
    text = models.CharField("nội dung", max_length=500)
    same_as = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    search_key = models.TextField(editable=False)

    class Meta:
        ordering = ["framework_id", "position"]
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="criterion_code_is_unique_in_framework"),
            models.UniqueConstraint(fields=["framework", "position"], name="criterion_position_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a fresh search key."""
        self.search_key = unaccent(f"{self.code} {self.text}")
        super().save(*args, **kwargs)
