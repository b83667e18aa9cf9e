"""Items of several plans that one entry of progress serves; an update says from which one it was copied."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0011_targets"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="update",
            name="shared_from",
            field=models.ForeignKey(
                blank=True,
                help_text="Cập nhật ghi ở đầu việc liên kết của kế hoạch khác.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="plans.update",
                verbose_name="ghi cùng cập nhật",
            ),
        ),
        migrations.CreateModel(
            name="ItemLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_on", models.DateField(verbose_name="ngày liên kết")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ngày bỏ liên kết")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người bỏ liên kết",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.workitem",
                        verbose_name="đầu việc",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người liên kết",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.workitem",
                        verbose_name="đầu việc ở kế hoạch khác",
                    ),
                ),
            ],
            options={
                "verbose_name": "liên kết đầu việc",
                "verbose_name_plural": "liên kết đầu việc",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("item", "other"),
                        name="two_items_are_linked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item__lt", models.F("other"))), name="linked_pair_stands_in_one_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("ended_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="ended_link_has_day_and_person",
                    ),
                ],
            },
        ),
    ]
