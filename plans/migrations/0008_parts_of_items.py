"""An agency breaks its share down: an item may be a part of another one. And the steps of giving tell what they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0007_steps_left_to_notices")]

    operations = [
        migrations.AddField(
            model_name="workitem",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Đầu việc mà cơ quan cấp trên trực tiếp đã chia cho đơn vị này; không tính vào số liệu nào.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="plans.workitem",
                verbose_name="phần việc của",
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("part_of__isnull", False)), fields=["part_of"], name="part_by_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("part_of__isnull", True), models.Q(("part_of", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="an_item_is_no_part_of_itself",
            ),
        ),
        migrations.AlterField(
            model_name="workitemevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("handed_in", "báo hoàn thành"),
                    ("confirmed", "xác nhận hoàn thành"),
                    ("returned", "trả lại"),
                    ("declined", "trả lại nhiệm vụ"),
                    ("waived", "miễn thực hiện"),
                    ("due_date_moved", "đổi hạn"),
                    ("reinstated", "giao lại"),
                    ("given", "giao việc"),
                    ("reassigned", "giao cơ quan khác"),
                    ("proposed", "trình lãnh đạo duyệt"),
                    ("sent_down", "lãnh đạo yêu cầu sửa"),
                    ("directed", "ý kiến chỉ đạo"),
                ],
                max_length=15,
                verbose_name="việc",
            ),
        ),
    ]
