"""What people do not want to hear of, and who reads once a week."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_settings_of_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MutedKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "được giao việc"),
                            ("nearly_due", "sắp đến hạn"),
                            ("due", "đến hạn hôm nay"),
                            ("overdue", "quá hạn"),
                            ("not_updated", "chưa cập nhật"),
                            ("idle", "lâu chưa cập nhật"),
                            ("escalated", "báo cáo cấp trên"),
                            ("handed_in", "chờ xác nhận"),
                            ("unconfirmed", "chờ xác nhận đã lâu"),
                            ("confirmed", "đã xác nhận"),
                            ("returned", "bị trả lại"),
                            ("report_due", "sắp đến hạn báo cáo"),
                            ("report_late", "báo cáo trễ hạn"),
                            ("report_submitted", "có báo cáo mới nộp"),
                            ("report_returned", "báo cáo bị trả lại"),
                            ("report_accepted", "báo cáo đã tiếp nhận"),
                            ("extension_asked", "đề nghị gia hạn"),
                            ("extension_waiting", "đề nghị gia hạn chưa trả lời"),
                            ("extension_decided", "trả lời đề nghị gia hạn"),
                            ("obstacle_asked", "vướng mắc mới"),
                            ("obstacle_waiting", "vướng mắc chưa trả lời"),
                            ("obstacle_answered", "trả lời vướng mắc"),
                            ("plan_changed", "kế hoạch thay đổi"),
                            ("urged", "đôn đốc"),
                        ],
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("page", "trên trang"), ("letter", "thư điện tử")], max_length=10, verbose_name="kênh"
                    ),
                ),
            ],
            options={
                "verbose_name": "loại thông báo đã tắt",
                "verbose_name_plural": "loại thông báo đã tắt",
                "ordering": ["user_id", "kind", "channel"],
            },
        ),
        migrations.CreateModel(
            name="WeeklyLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="từ ngày")),
            ],
            options={
                "verbose_name": "người nhận thư mỗi tuần",
                "verbose_name_plural": "người nhận thư mỗi tuần",
            },
        ),
        migrations.AddField(
            model_name="mutedkind",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="muted_kinds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="weeklyletter",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="weekly_letter", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="mutedkind",
            constraint=models.UniqueConstraint(fields=("user", "kind", "channel"), name="kind_is_muted_once_a_channel"),
        ),
        migrations.AddConstraint(
            model_name="mutedkind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["overdue", "escalated", "returned", "report_late", "report_returned", "urged"]),
                    _negated=True,
                ),
                name="statutory_kind_is_never_muted",
            ),
        ),
    ]
