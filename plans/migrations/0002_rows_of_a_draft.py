"""A draft's proposal becomes rows of its own, so that two colleagues can mend different rows."""

import django.db.models.constraints
import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def split(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take every proposal apart into head, warnings and rows."""
    row_model = apps.get_model("plans", "DraftRow")
    for draft in apps.get_model("plans", "ImportDraft").objects.iterator(chunk_size=20):
        draft.head = draft.proposal.get("plan") or {}
        draft.warnings = draft.proposal.get("warnings") or []
        draft.save(update_fields=["head", "warnings"])
        row_model.objects.bulk_create(
            row_model(
                draft=draft,
                position=position,
                task={name: value for name, value in task.items() if name != "dropped"},
                state="dropped" if task.get("dropped") else "open",
            )
            for position, task in enumerate(draft.proposal.get("tasks") or [], start=1)
        )


def join(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put head, warnings and rows together again."""
    for draft in apps.get_model("plans", "ImportDraft").objects.iterator(chunk_size=20):
        tasks = [
            row.task | {"row": row.position, "dropped": row.state == "dropped"}
            for row in draft.rows.order_by("position")
        ]
        draft.proposal = {"plan": draft.head, "tasks": tasks, "warnings": draft.warnings}
        draft.save(update_fields=["proposal"])


class Migration(migrations.Migration):
    """Reversible; drafts under way are kept."""

    dependencies = [
        ("plans", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("importdraft", "head", models.JSONField(default=dict, verbose_name="phần đầu văn bản")),
        migrations.AddField("importdraft", "warnings", models.JSONField(default=list, verbose_name="cảnh báo chung")),
        migrations.AlterField(
            "importdraft",
            "revision",
            models.PositiveIntegerField(default=1, help_text="Tăng khi phần đầu hoặc một dòng bất kỳ thay đổi."),
        ),
        migrations.CreateModel(
            name="DraftRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="dòng")),
                ("task", models.JSONField(verbose_name="đề xuất")),
                ("source", models.JSONField(null=True, verbose_name="như văn bản")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "chưa xem"), ("accepted", "đã chấp nhận"), ("dropped", "đã bỏ")],
                        default="open",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="plans.importdraft"
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng đề xuất",
                "verbose_name_plural": "dòng đề xuất",
                "ordering": ["draft_id", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("draft", "position"),
                        name="draft_row_position_is_unique",
                    )
                ],
            },
        ),
        migrations.AlterField("importdraft", "proposal", models.JSONField(default=dict, verbose_name="đề xuất")),
        migrations.RunPython(split, join),
        migrations.RemoveField(model_name="importdraft", name="proposal"),
    ]
