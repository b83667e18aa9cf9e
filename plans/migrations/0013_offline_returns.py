"""Filled annexes that came back, and the updates that were written from them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("plans", "0012_shared_progress"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfflineReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="nộp lúc")),
                ("downloaded_at", models.DateTimeField(blank=True, null=True, verbose_name="phụ lục tải về lúc")),
                ("file", models.FileField(upload_to="offline/%Y/%m/", verbose_name="tệp")),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                ("file_hash", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("remembered", models.JSONField(default=dict, verbose_name="lúc tải về")),
                ("rows", models.JSONField(default=list, verbose_name="các dòng")),
                ("kept", models.JSONField(blank=True, default=list, verbose_name="dòng giữ nguyên")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "chờ xem xét"), ("applied", "đã ghi"), ("dropped", "đã bỏ")],
                        default="waiting",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="xử lý lúc")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="cơ quan",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nộp",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xử lý",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offline_returns",
                        to="plans.plan",
                        verbose_name="kế hoạch",
                    ),
                ),
            ],
            options={
                "verbose_name": "phụ lục nộp lại",
                "verbose_name_plural": "phụ lục nộp lại",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="OfflineEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plans.workitem"
                    ),
                ),
                (
                    "update",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offline_entry", to="plans.update"
                    ),
                ),
                (
                    "offline_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="plans.offlinereturn"
                    ),
                ),
            ],
            options={
                "verbose_name": "cập nhật nhập từ tệp",
                "verbose_name_plural": "cập nhật nhập từ tệp",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="offlinereturn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("plan", "agency", "file_hash"),
                name="one_file_waits_once_for_an_agency",
                violation_error_message="Tệp này đã được tải lên và đang chờ xem xét.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlinereturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="ended_return_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlineentry",
            constraint=models.UniqueConstraint(fields=("offline_return", "item"), name="an_upload_writes_an_item_once"),
        ),
    ]
