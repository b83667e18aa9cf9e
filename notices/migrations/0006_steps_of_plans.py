"""The days before a due date on which a plan reminds move from the plan to its notice settings."""

from django.db import migrations


def take_over(apps, schema_editor):
    Settings = apps.get_model("notices", "PlanNoticeSettings")
    for plan in apps.get_model("plans", "Plan").objects.exclude(reminder_steps=[]):
        Settings.objects.get_or_create(plan=plan, defaults={"steps": sorted(set(plan.reminder_steps), reverse=True)})


def give_back(apps, schema_editor):
    for row in apps.get_model("notices", "PlanNoticeSettings").objects.select_related("plan"):
        row.plan.reminder_steps = row.steps
        row.plan.save(update_fields=["reminder_steps"])


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0005_wishes_of_people"),
        ("plans", "0002_rows_of_a_draft"),
    ]

    run_before = [("plans", "0007_steps_left_to_notices")]

    operations = [migrations.RunPython(take_over, give_back)]
