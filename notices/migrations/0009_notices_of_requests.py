"""Notices point to the extension or the obstacle that they speak of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0008_webhook_deliveries"), ("plans", "0004_obstacles")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="extension",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="plans.extension",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="obstacle",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="plans.obstacle",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("extension__isnull", False)), fields=["extension"], name="notice_by_extension"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("obstacle__isnull", False)), fields=["obstacle"], name="notice_by_obstacle"
            ),
        ),
    ]
