"""The words of the next version while they are written, and who makes a version's documents."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SIGNED_AS = [
    ("head", "người đứng đầu"),
    ("deputy", "cấp phó ký thay (KT.)"),
    ("acting", "người giữ quyền đứng đầu (Q.)"),
    ("by_order", "chánh văn phòng ký thừa lệnh (TL.)"),
]
ISSUERS = [
    ("coordinator", "cơ quan điều phối báo cáo UBND tỉnh"),
    ("committee", "UBND tỉnh ban hành (dự thảo)"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("reports", "0005_acting_and_by_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "consolidation",
            "claim",
            models.UUIDField(
                blank=True, null=True, help_text="Tiến trình đang lập tài liệu; tiến trình khác không ghi."
            ),
        ),
        migrations.AddField(
            "consolidation",
            "asked_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="yêu cầu lập tài liệu lúc"),
        ),
        migrations.CreateModel(
            name="NarrativeDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "issuer",
                    models.CharField(
                        choices=ISSUERS, default="coordinator", max_length=12, verbose_name="cơ quan ban hành"
                    ),
                ),
                (
                    "signed_as",
                    models.CharField(choices=SIGNED_AS, default="head", max_length=10, verbose_name="thẩm quyền ký"),
                ),
                ("signer", models.CharField(blank=True, max_length=150, verbose_name="người ký")),
                ("words", models.JSONField(default=dict, verbose_name="lời văn tự viết")),
                ("proposed", models.JSONField(default=dict, verbose_name="lời đề xuất khi sửa")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="lưu lúc")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "collector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narrative_drafts",
                        to="reports.period",
                    ),
                ),
            ],
            options={
                "verbose_name": "dự thảo lời văn của báo cáo tổng hợp",
                "verbose_name_plural": "dự thảo lời văn của báo cáo tổng hợp",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["period", "collector"], name="desk_has_one_narrative_draft", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
