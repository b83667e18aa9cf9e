"""Requests for a later due date of one item, and their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0002_rows_of_a_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(blank=True, upload_to="requests/%Y/%m/", verbose_name="tệp kèm theo")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="tên tệp")),
                ("file_size", models.PositiveIntegerField(default=0, verbose_name="cỡ (byte)")),
                ("ordinal", models.PositiveSmallIntegerField(default=1, verbose_name="lần gia hạn")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "chờ quyết định"),
                            ("forwarded", "đã trình cấp trên"),
                            ("offered", "đã đề xuất ngày khác"),
                            ("approved", "đã gia hạn"),
                            ("refused", "không đồng ý"),
                            ("declined", "không nhận ngày đề xuất"),
                            ("withdrawn", "đã rút"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("due_date", models.DateField(verbose_name="hạn khi đề nghị")),
                ("asked_until", models.DateField(verbose_name="đề nghị gia hạn đến")),
                ("offered_until", models.DateField(blank=True, null=True, verbose_name="ngày được đề xuất")),
                ("granted_until", models.DateField(blank=True, null=True, verbose_name="được gia hạn đến")),
                ("reason", models.TextField(verbose_name="lý do")),
                ("asked_on", models.DateField(verbose_name="ngày đề nghị")),
                ("on_behalf", models.BooleanField(default=False, verbose_name="đề nghị thay")),
                ("since", models.DateField(verbose_name="chờ từ ngày")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="ngày kết thúc")),
                ("answer", models.TextField(blank=True, verbose_name="ý kiến")),
                ("document_number", models.CharField(blank=True, max_length=100, verbose_name="số, ký hiệu văn bản")),
                ("document_date", models.DateField(blank=True, null=True, verbose_name="ngày văn bản")),
                ("document_issuer", models.CharField(blank=True, max_length=255, verbose_name="cơ quan ban hành")),
                ("search_key", models.TextField(default="", editable=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đề nghị",
                    ),
                ),
                (
                    "handled_by",
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="plans.workitem",
                        verbose_name="đầu việc",
                    ),
                ),
            ],
            options={
                "verbose_name": "đề nghị gia hạn",
                "verbose_name_plural": "đề nghị gia hạn",
                "ordering": ["-asked_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ExtensionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "đề nghị gia hạn"),
                            ("forwarded", "trình cấp trên quyết định"),
                            ("offered", "đề xuất ngày khác"),
                            ("approved", "đồng ý gia hạn"),
                            ("accepted", "nhận ngày được đề xuất"),
                            ("refused", "không đồng ý gia hạn"),
                            ("declined", "không nhận ngày được đề xuất"),
                            ("withdrawn", "rút đề nghị"),
                        ],
                        max_length=10,
                        verbose_name="việc",
                    ),
                ),
                ("on", models.DateField(verbose_name="ngày")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("words", models.TextField(blank=True, verbose_name="nội dung")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "extension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="plans.extension"
                    ),
                ),
            ],
            options={
                "verbose_name": "sự kiện của đề nghị gia hạn",
                "verbose_name_plural": "sự kiện của đề nghị gia hạn",
                "ordering": ["extension_id", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="extension",
            index=models.Index(fields=["state", "since"], name="extension_by_state"),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "forwarded", "offered"])),
                fields=("item",),
                name="one_open_extension_for_an_item",
                violation_error_message="Đầu việc này đang có một đề nghị gia hạn chưa xong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_until__gt", models.F("due_date"))),
                name="extension_asks_for_a_later_day",
                violation_error_message="Ngày đề nghị phải sau hạn hiện tại.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True), ("granted_until__isnull", False), _connector="OR"
                ),
                name="approved_extension_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "offered"), _negated=True), ("offered_until__isnull", False), _connector="OR"
                ),
                name="offered_extension_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_on__isnull", True), ("state__in", ["asked", "forwarded", "offered"])),
                    models.Q(
                        models.Q(("state__in", ["asked", "forwarded", "offered"]), _negated=True),
                        ("decided_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="finished_extension_has_its_last_day",
            ),
        ),
    ]
