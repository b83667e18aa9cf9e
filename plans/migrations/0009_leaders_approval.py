"""A plan may ask that leaders of agencies approve what is handed in; an item says whether it was put to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0008_parts_of_items"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="leaders_approve",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Khi bật, chuyên viên trình lãnh đạo cơ quan mình; lãnh đạo báo hoàn thành hoặc yêu cầu sửa."
                ),
                verbose_name="lãnh đạo cơ quan duyệt trước khi báo hoàn thành",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="proposed_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày trình lãnh đạo"),
        ),
        migrations.AddField(
            model_name="workitem",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("proposed_on__isnull", False)), fields=["agency"], name="item_put_to_leader"
            ),
        ),
    ]
