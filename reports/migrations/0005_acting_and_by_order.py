"""Two more ways to sign: acting head (Q.), and by order (TL.)."""

from django.db import migrations, models

CHOICES = [
    ("head", "người đứng đầu"),
    ("deputy", "cấp phó ký thay (KT.)"),
    ("acting", "người giữ quyền đứng đầu (Q.)"),
    ("by_order", "chánh văn phòng ký thừa lệnh (TL.)"),
]


def signed_as() -> models.CharField:
    return models.CharField(choices=CHOICES, default="head", max_length=10, verbose_name="thẩm quyền ký")


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_old_columns_go")]

    operations = [
        migrations.AlterField("report", "signed_as", signed_as()),
        migrations.AlterField("consolidation", "signed_as", signed_as()),
    ]
