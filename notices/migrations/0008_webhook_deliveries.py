"""Notices handed to the province's own messenger: one row a notice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_letters_in_doubt")]

    operations = [
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "chờ chuyển"),
                            ("sent", "đã chuyển"),
                            ("failed", "không chuyển được"),
                            ("dropped", "không cần chuyển nữa"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                ("next_attempt_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="chuyển lúc")),
                ("error", models.TextField(blank=True, verbose_name="lỗi")),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhook_delivery",
                        to="notices.notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "lượt chuyển tin nhắn",
                "verbose_name_plural": "lượt chuyển tin nhắn",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_attempt_at", "id"],
                        name="waiting_delivery",
                    )
                ],
            },
        ),
    ]
