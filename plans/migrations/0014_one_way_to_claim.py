"""Drafts are claimed the way every work in the background is: only what people read of the columns changes."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("plans", "0013_offline_returns")]

    operations = [
        migrations.AlterField(
            model_name="importdraft",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="yêu cầu lúc"),
        ),
        migrations.AlterField(
            model_name="importdraft",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử"),
        ),
        migrations.AlterField(
            model_name="importdraft",
            name="claim",
            field=models.UUIDField(
                blank=True, help_text="Tiến trình đang làm; tiến trình khác không ghi được.", null=True
            ),
        ),
    ]
