"""How a plan reminds no longer stands with the plan."""

from django.db import migrations


class Migration(migrations.Migration):
    """Runs after the days were copied: notices 0006 says so itself, since plans know nothing of notices."""

    dependencies = [("plans", "0006_reading_in_the_background")]

    operations = [migrations.RemoveField(model_name="plan", name="reminder_steps")]
