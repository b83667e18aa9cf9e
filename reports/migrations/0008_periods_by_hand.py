"""Periods that a person makes: agencies asked by name, and the step that says who made it."""

from django.db import migrations, models

STEPS = [
    ("made", "lập kỳ"),
    ("opened", "mở kỳ"),
    ("changed", "điều chỉnh kỳ"),
    ("excepted", "không phải báo cáo"),
    ("asked", "yêu cầu thêm cơ quan báo cáo"),
    ("closed", "đóng kỳ"),
]


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("reports", "0007_names_and_evidence_kept")]

    operations = [
        migrations.AddField(
            "period",
            "agencies",
            models.ManyToManyField(
                blank=True,
                help_text="Ngoài các cơ quan được giao nhiệm vụ báo cáo và các nhóm.",
                related_name="+",
                to="agencies.agency",
                verbose_name="cơ quan phải báo cáo được nêu tên",
            ),
        ),
        migrations.AlterField(
            "periodevent", "kind", models.CharField(choices=STEPS, max_length=10, verbose_name="việc")
        ),
    ]
