"""Why a notice came to its reader, and why no letter carried it, are told apart; kinds and places of notices grow."""

from django.db import migrations, models


def tell_apart(apps, schema_editor):
    """What stood under one name was the why of all notices that were not held back."""
    rows = apps.get_model("notices", "Notice").objects.exclude(state__in=["suppressed", "failed"])
    rows.update(why=models.F("reason"), reason="")


def put_together(apps, schema_editor):
    """Return the why to the one name."""
    apps.get_model("notices", "Notice").objects.filter(reason="").update(reason=models.F("why"))


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_bounced_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="on_page",
            field=models.BooleanField(default=True, verbose_name="hiện trong hộp thông báo"),
        ),
        migrations.AddField(
            model_name="notice",
            name="urgent",
            field=models.BooleanField(
                default=False, help_text="Kế hoạch muốn loại này đi ngay, thư riêng.", verbose_name="gửi ngay"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="why",
            field=models.CharField(blank=True, max_length=255, verbose_name="vì sao nhận"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("assigned", "được giao việc"),
                    ("nearly_due", "sắp đến hạn"),
                    ("due", "đến hạn hôm nay"),
                    ("overdue", "quá hạn"),
                    ("not_updated", "chưa cập nhật"),
                    ("idle", "lâu chưa cập nhật"),
                    ("escalated", "báo cáo cấp trên"),
                    ("handed_in", "chờ xác nhận"),
                    ("unconfirmed", "chờ xác nhận đã lâu"),
                    ("confirmed", "đã xác nhận"),
                    ("returned", "bị trả lại"),
                    ("report_due", "sắp đến hạn báo cáo"),
                    ("report_late", "báo cáo trễ hạn"),
                    ("report_submitted", "có báo cáo mới nộp"),
                    ("report_returned", "báo cáo bị trả lại"),
                    ("report_accepted", "báo cáo đã tiếp nhận"),
                    ("extension_asked", "đề nghị gia hạn"),
                    ("extension_waiting", "đề nghị gia hạn chưa trả lời"),
                    ("extension_decided", "trả lời đề nghị gia hạn"),
                    ("obstacle_asked", "vướng mắc mới"),
                    ("obstacle_waiting", "vướng mắc chưa trả lời"),
                    ("obstacle_answered", "trả lời vướng mắc"),
                    ("plan_changed", "kế hoạch thay đổi"),
                    ("urged", "đôn đốc"),
                ],
                max_length=20,
                verbose_name="loại",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="reason",
            field=models.CharField(blank=True, max_length=255, verbose_name="lý do không gửi"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["agency", "plan", "-on"], name="notice_by_agency"),
        ),
        migrations.RunPython(tell_apart, put_together),
    ]
