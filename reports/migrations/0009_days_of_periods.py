"""A period remembers the delivery it follows, so that a due date set by a person stays; figures close before it."""

from django.db import migrations, models
from django.db.models import F


def remember(apps, schema_editor):
    """Until now the due date was always the delivery's; figures that closed after it close with it."""
    Period = apps.get_model("reports", "Period")
    Period.objects.filter(occurrence__isnull=False).update(delivery_due_date=F("due_date"))
    Period.objects.filter(cut_off__gt=F("due_date")).update(cut_off=F("due_date"))


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_periods_by_hand")]

    operations = [
        migrations.AddField(
            "period",
            "delivery_due_date",
            models.DateField(
                blank=True,
                help_text="Hạn trong kế hoạch mà hạn nộp của kỳ đã theo.",
                null=True,
                verbose_name="hạn của nhiệm vụ báo cáo",
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "period",
            models.CheckConstraint(
                condition=models.Q(("cut_off__lte", F("due_date"))),
                name="period_closes_its_figures_before_it_is_due",
                violation_error_message="Ngày chốt số liệu không được sau hạn nộp báo cáo.",
            ),
        ),
    ]
