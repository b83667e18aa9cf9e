"""The table of days off and make-up working days that the administrator edits, and the demonstration's assumed day."""

from django.db import models


class SpecialDay(models.Model):
    """A day that breaks the rule "Monday to Friday are working days": a holiday, or a Saturday worked in exchange.

    Seeded from the national calendar (Labour Code 2019, article 112; the Prime Minister's yearly swaps of days).
    """

    class Kind(models.TextChoices):
        """What the day is."""

        HOLIDAY = "holiday", "Ngày nghỉ"
        MAKE_UP = "make_up", "Ngày làm bù"

    date = models.DateField("ngày", unique=True)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    name = models.CharField("tên gọi", max_length=200)

    class Meta:
        ordering = ["date"]
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"


class DemonstrationDay(models.Model):
    """The assumed working day of the demonstration; one row at most, read only when settings.DEMO is on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    date = models.DateField("ngày làm việc giả định")

    class Meta:
        verbose_name = "ngày giả định"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="demonstration_day_is_one_row")]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}"
