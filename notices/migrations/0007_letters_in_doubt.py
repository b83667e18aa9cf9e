"""A letter that may have arrived is sent again under its own Message-ID; claims follow their order by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_steps_of_plans")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="in_doubt",
            field=models.BooleanField(
                default=False,
                help_text="Máy chủ thư có thể đã nhận mà hệ thống chưa biết: thư được gửi lại với cùng Message-ID.",
                verbose_name="có thể đã đến",
            ),
        ),
        migrations.RemoveIndex(model_name="letter", name="waiting_letter"),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["next_attempt_at", "id"], name="waiting_letter"
            ),
        ),
    ]
