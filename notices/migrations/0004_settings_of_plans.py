"""How each plan reminds."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
import notices.models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_why_a_notice_came"),
        ("plans", "0002_rows_of_a_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanNoticeSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=notices.models.usual_steps,
                        size=None,
                        verbose_name="nhắc trước hạn (ngày)",
                    ),
                ),
                (
                    "overdue_every",
                    models.PositiveSmallIntegerField(default=7, verbose_name="nhắc lại việc quá hạn sau mỗi (ngày)"),
                ),
                ("opens", models.TimeField(default=datetime.time(7, 0), verbose_name="gửi thư từ")),
                ("closes", models.TimeField(default=datetime.time(18, 0), verbose_name="đến trước")),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("daily", "mỗi ngày làm việc một thư"),
                            ("choice", "mỗi ngày; ai muốn thì chọn mỗi tuần"),
                            ("weekly", "mỗi tuần một thư"),
                        ],
                        default="choice",
                        max_length=10,
                        verbose_name="thư tổng hợp",
                    ),
                ),
                (
                    "leader_age",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="quá hạn bao nhiêu ngày thì báo lãnh đạo cơ quan"
                    ),
                ),
                (
                    "coordinator_age",
                    models.PositiveSmallIntegerField(default=15, verbose_name="… thì báo cơ quan điều phối"),
                ),
                (
                    "chair_age",
                    models.PositiveSmallIntegerField(
                        blank=True, default=30, null=True, verbose_name="… thì đưa vào danh sách trình Phó Chủ tịch"
                    ),
                ),
                (
                    "idle_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=30,
                        null=True,
                        verbose_name="việc đang làm không cập nhật sau (ngày) thì nhắc",
                    ),
                ),
                (
                    "unconfirmed_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="chờ xác nhận quá (ngày làm việc) thì nhắc"
                    ),
                ),
                (
                    "urgent",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=notices.models.usual_urgent,
                        size=None,
                        verbose_name="gửi ngay",
                    ),
                ),
                ("changed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "cài đặt nhắc việc",
                "verbose_name_plural": "cài đặt nhắc việc",
            },
        ),
        migrations.AddField(
            model_name="plannoticesettings",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plannoticesettings",
            name="plan",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="notice_settings", to="plans.plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannoticesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leader_age__lt", models.F("coordinator_age")),
                    models.Q(
                        ("chair_age__isnull", True), ("coordinator_age__lt", models.F("chair_age")), _connector="OR"
                    ),
                ),
                name="lateness_goes_upwards_by_age",
                violation_error_message="Số ngày quá hạn để báo cáo cấp trên phải tăng dần: lãnh đạo cơ quan, rồi cơ quan điều phối, rồi Phó Chủ tịch.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannoticesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))),
                name="letters_leave_between_two_hours",
                violation_error_message="Giờ bắt đầu gửi thư phải trước giờ kết thúc.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannoticesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leader_age__gte", 1),
                    ("overdue_every__gte", 1),
                    ("unconfirmed_days__gte", 1),
                    models.Q(("idle_days__isnull", True), ("idle_days__gte", 1), _connector="OR"),
                ),
                name="pauses_of_reminders_are_at_least_a_day",
                violation_error_message="Các khoảng thời gian nhắc việc ít nhất là 1 ngày.",
            ),
        ),
    ]
