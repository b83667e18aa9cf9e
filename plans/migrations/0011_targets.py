"""What a task must reach in figures [chỉ tiêu], and what agencies report for it with their updates."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0010_corrections_of_updates"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=40, verbose_name="đơn vị tính")),
                (
                    "comparison",
                    models.CharField(
                        choices=[
                            ("≥", "ít nhất (≥)"),
                            (">", "trên (>)"),
                            ("=", "đúng bằng (=)"),
                            ("≤", "không quá (≤)"),
                            ("<", "dưới (<)"),
                        ],
                        max_length=1,
                        verbose_name="so sánh",
                    ),
                ),
                ("goal", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="mức phải đạt")),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("words", models.CharField(max_length=500, verbose_name="nội dung chỉ tiêu")),
                ("made_on", models.DateField(verbose_name="ngày ghi")),
                ("active", models.BooleanField(default=True, verbose_name="đang áp dụng")),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="plans.task",
                        verbose_name="nhiệm vụ",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu",
                "verbose_name_plural": "chỉ tiêu",
                "ordering": ["task_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="TargetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("added", "thêm chỉ tiêu"), ("changed", "sửa chỉ tiêu"), ("withdrawn", "bỏ chỉ tiêu")],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("on", models.DateField(verbose_name="ngày")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("before", models.CharField(blank=True, max_length=600, verbose_name="trước khi sửa")),
                ("after", models.CharField(max_length=600, verbose_name="nội dung")),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="plans.target"
                    ),
                ),
            ],
            options={
                "verbose_name": "thay đổi của chỉ tiêu",
                "verbose_name_plural": "thay đổi của chỉ tiêu",
                "ordering": ["target_id", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TargetFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=40, verbose_name="đơn vị tính")),
                (
                    "comparison",
                    models.CharField(
                        choices=[
                            ("≥", "ít nhất (≥)"),
                            (">", "trên (>)"),
                            ("=", "đúng bằng (=)"),
                            ("≤", "không quá (≤)"),
                            ("<", "dưới (<)"),
                        ],
                        max_length=1,
                        verbose_name="so sánh",
                    ),
                ),
                ("goal", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="mức phải đạt")),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="đã đạt")),
                ("words", models.CharField(max_length=500, verbose_name="nội dung chỉ tiêu")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="figures",
                        to="plans.target",
                        verbose_name="chỉ tiêu",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="plans.update"
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu của chỉ tiêu",
                "verbose_name_plural": "số liệu của chỉ tiêu",
                "ordering": ["update_id", "target__position"],
            },
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(fields=("task", "position"), name="target_position_is_unique_in_task"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("task", "words", "unit", "comparison", "goal"),
                name="target_stands_once_in_a_task",
                violation_error_message="Nhiệm vụ đã có chỉ tiêu này.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(condition=models.Q(("goal__gte", 0)), name="target_goal_is_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("unit", "%"), _negated=True), ("goal__lte", 100), _connector="OR"),
                name="percent_target_is_at_most_100",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("comparison__in", ["≥", ">", "=", "≤", "<"])), name="target_comparison_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="targetfigure",
            constraint=models.UniqueConstraint(fields=("update", "target"), name="update_reports_a_target_once"),
        ),
        migrations.AddConstraint(
            model_name="targetfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="target_figure_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="targetfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("unit", "%"), _negated=True), ("value__lte", 100), _connector="OR"),
                name="percent_figure_is_at_most_100",
            ),
        ),
    ]
