"""Addresses that the mail system said cannot be reached."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BouncedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "address",
                    models.EmailField(help_text="Chữ thường.", max_length=254, unique=True, verbose_name="địa chỉ"),
                ),
                ("at", models.DateTimeField(verbose_name="bị trả lúc")),
                ("answer", models.TextField(blank=True, verbose_name="máy chủ thư trả lời")),
            ],
            options={
                "verbose_name": "địa chỉ không nhận được thư",
                "verbose_name_plural": "địa chỉ không nhận được thư",
                "ordering": ["-at"],
            },
        ),
    ]
