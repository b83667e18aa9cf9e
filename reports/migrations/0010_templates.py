"""Templates that offices upload, and who took them into use."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("reports", "0009_days_of_periods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("report", "báo cáo của cơ quan"), ("consolidation", "báo cáo tổng hợp")],
                        max_length=13,
                        verbose_name="dùng cho",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="tên mẫu")),
                ("file", models.FileField(upload_to="templates/%Y/", verbose_name="tệp Word")),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("warnings", models.JSONField(default=list, verbose_name="điểm chưa đúng thể thức")),
                ("uploaded_on", models.DateField(verbose_name="ngày tải lên")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("is_active", models.BooleanField(default=False, verbose_name="đang dùng")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="agencies.agency",
                        verbose_name="cơ quan",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu văn bản",
                "verbose_name_plural": "mẫu văn bản",
                "ordering": ["agency_id", "kind", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TemplateEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("uploaded", "tải lên"),
                            ("activated", "đưa vào sử dụng"),
                            ("stopped", "ngừng sử dụng"),
                        ],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("on", models.DateField(verbose_name="ngày")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="reports.documenttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "sự kiện của mẫu văn bản",
                "verbose_name_plural": "sự kiện của mẫu văn bản",
                "ordering": ["template_id", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("agency", "kind"),
                name="one_template_of_an_office_and_kind_is_used",
                violation_error_message="Cơ quan đang dùng một mẫu khác cho loại văn bản này.",
            ),
        ),
    ]
