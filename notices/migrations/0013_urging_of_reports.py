"""Urging to submit the report of a period: once a day for each agency and period, beside the urging about late work."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

WORK = models.UniqueConstraint(
    fields=["plan", "agency", "kind", "on"],
    condition=Q(period__isnull=True),
    name="agency_is_urged_once_a_day_in_one_way",
    violation_error_message="Cơ quan này đã được đôn đốc theo hình thức này trong ngày.",
)
REPORTS = models.UniqueConstraint(
    fields=["period", "agency", "kind", "on"],
    condition=Q(period__isnull=False),
    name="agency_is_urged_once_a_day_about_a_report",
    violation_error_message="Cơ quan này đã được nhắc nộp báo cáo trong ngày.",
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0012_steps_of_giving"), ("reports", "0009_days_of_periods")]

    operations = [
        migrations.AddField(
            "urging",
            "period",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="urgings",
                to="reports.period",
                verbose_name="kỳ báo cáo",
            ),
        ),
        migrations.RemoveConstraint("urging", "agency_is_urged_once_a_day_in_one_way"),
        migrations.AddConstraint("urging", WORK),
        migrations.AddConstraint("urging", REPORTS),
    ]
