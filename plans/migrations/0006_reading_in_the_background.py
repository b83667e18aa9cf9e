"""A document waits to be read in the background, tells how far it is, and can fail and be read again."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("plans", "0005_amendments_and_child_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="importdraft",
            name="one_open_draft_for_one_document",
        ),
        migrations.AddField(
            model_name="importdraft",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="yêu cầu đọc lúc"),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="số lần đọc"),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="claim",
            field=models.UUIDField(
                blank=True, help_text="Tiến trình đang đọc; tiến trình khác không ghi được.", null=True
            ),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="done",
            field=models.PositiveIntegerField(default=0, verbose_name="số dòng đã đọc"),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="fault",
            field=models.CharField(blank=True, max_length=1000, verbose_name="lý do không đọc được"),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="fault_code",
            field=models.CharField(blank=True, max_length=30, verbose_name="mã lỗi"),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="stage",
            field=models.CharField(
                choices=[
                    ("waiting", "chờ đọc"),
                    ("reading", "đọc tệp"),
                    ("finding", "tìm bảng nhiệm vụ"),
                    ("understanding", "hiểu từng dòng"),
                    ("matching", "đối chiếu danh bạ"),
                ],
                default="waiting",
                max_length=15,
                verbose_name="bước đọc",
            ),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="total",
            field=models.PositiveIntegerField(default=0, help_text="0 khi chưa biết.", verbose_name="tổng số dòng"),
        ),
        migrations.AlterField(
            model_name="importdraft",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "đang đọc"),
                    ("failed", "không đọc được"),
                    ("open", "đang xem lại"),
                    ("confirmed", "đã xác nhận"),
                    ("dropped", "đã bỏ"),
                ],
                default="open",
                max_length=10,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddConstraint(
            model_name="importdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("reading", "open")), models.Q(("document_hash", ""), _negated=True)),
                fields=("province", "document_hash"),
                name="one_draft_under_way_for_one_document",
                violation_error_message="Văn bản này đang được xem lại trong một bản nhập khác.",
            ),
        ),
    ]
