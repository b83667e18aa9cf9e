"""Versions are claimed the way every work in the background is."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reports", "0010_templates")]

    operations = [
        migrations.RenameField(model_name="consolidation", old_name="lease_until", new_name="claimed_until"),
        migrations.AlterField(
            model_name="consolidation",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="yêu cầu lúc"),
        ),
        migrations.AlterField(
            model_name="consolidation",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử"),
        ),
        migrations.AlterField(
            model_name="consolidation",
            name="claim",
            field=models.UUIDField(
                blank=True, help_text="Tiến trình đang làm; tiến trình khác không ghi được.", null=True
            ),
        ),
    ]
