"""Obstacles of agencies on tasks, and their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("plans", "0003_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Obstacle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(blank=True, upload_to="requests/%Y/%m/", verbose_name="tệp kèm theo")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="tên tệp")),
                ("file_size", models.PositiveIntegerField(default=0, verbose_name="cỡ (byte)")),
                ("words", models.TextField(verbose_name="vướng mắc")),
                ("cause", models.TextField(blank=True, verbose_name="nguyên nhân")),
                ("proposal", models.TextField(verbose_name="kiến nghị")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "chờ trả lời"), ("answered", "đã trả lời"), ("settled", "đã kết thúc")],
                        default="open",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("raised_on", models.DateField(verbose_name="ngày nêu")),
                ("on_behalf", models.BooleanField(default=False, verbose_name="nêu thay")),
                ("since", models.DateField(verbose_name="chờ từ ngày")),
                ("answer", models.TextField(blank=True, verbose_name="trả lời")),
                ("answer_document", models.CharField(blank=True, max_length=300, verbose_name="văn bản trả lời")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="ngày trả lời")),
                ("answered_on_behalf", models.BooleanField(default=False, verbose_name="trả lời thay")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="ngày kết thúc")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("search_key", models.TextField(default="", editable=False)),
                (
                    "addressee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obstacles_to_answer",
                        to="agencies.agency",
                        verbose_name="cơ quan được kiến nghị",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obstacles",
                        to="agencies.agency",
                        verbose_name="cơ quan",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người trả lời",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obstacles",
                        to="plans.workitem",
                        verbose_name="đầu việc",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nêu",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obstacles",
                        to="plans.task",
                        verbose_name="nhiệm vụ",
                    ),
                ),
            ],
            options={
                "verbose_name": "vướng mắc",
                "verbose_name_plural": "vướng mắc",
                "ordering": ["-raised_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ObstacleEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("raised", "nêu vướng mắc"),
                            ("forwarded", "chuyển cơ quan khác"),
                            ("answered", "trả lời"),
                            ("reopened", "hỏi lại"),
                            ("settled", "kết thúc"),
                        ],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("on", models.DateField(verbose_name="ngày")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("words", models.TextField(blank=True, verbose_name="nội dung")),
                ("on_behalf", models.BooleanField(default=False, verbose_name="làm thay")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "obstacle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="plans.obstacle"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "sự kiện của vướng mắc",
                "verbose_name_plural": "sự kiện của vướng mắc",
                "ordering": ["obstacle_id", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="obstacle",
            index=models.Index(fields=["addressee", "state", "since"], name="obstacle_by_addressee"),
        ),
        migrations.AddIndex(
            model_name="obstacle",
            index=models.Index(fields=["agency", "state"], name="obstacle_by_agency"),
        ),
        migrations.AddConstraint(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(("addressee", models.F("agency")), _negated=True),
                name="obstacle_is_put_to_another_agency",
                violation_error_message="Cơ quan được kiến nghị phải khác cơ quan nêu vướng mắc.",
            ),
        ),
        migrations.AddConstraint(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True), ("answered_on__isnull", False), _connector="OR"
                ),
                name="answered_obstacle_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on__isnull", False), ("state", "settled")),
                    models.Q(models.Q(("state", "settled"), _negated=True), ("settled_on__isnull", True)),
                    _connector="OR",
                ),
                name="settled_obstacle_has_its_day",
            ),
        ),
    ]
