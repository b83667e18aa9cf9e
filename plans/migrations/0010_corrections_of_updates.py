"""An update is corrected once: whoever corrects again corrects the correction."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0009_leaders_approval")]

    operations = [
        migrations.AddConstraint(
            model_name="update",
            constraint=models.UniqueConstraint(
                fields=["corrects"],
                name="an_update_is_corrected_once",
                violation_error_message="Cập nhật này đã được đính chính: hãy đính chính bản mới nhất.",
            ),
        )
    ]
