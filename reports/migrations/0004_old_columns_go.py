"""The columns go that sections and documents took the place of; one row of versions for each desk."""

from django.db import migrations, models


def leave_versions_of_the_coordinator(apps, schema_editor):
    """On the way back: before this there was one desk, so versions that parent agencies made have no place."""
    for name in ("ConsolidationDocument", "ConsolidatedLine"):
        apps.get_model("reports", name).objects.filter(consolidation__collector__isnull=False).delete()
    apps.get_model("reports", "Consolidation").objects.filter(collector__isnull=False).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or PostgreSQL refuses to alter the table it was deleted from


class Migration(migrations.Migration):

    dependencies = [("reports", "0003_words_and_documents_move")]

    operations = [
        migrations.RemoveConstraint(
            model_name='consolidation',
            name='consolidation_version_is_unique',
        ),
        # With a default the columns can come back to a table that has rows; `0003` then fills them again.
        migrations.AlterField('consolidation', 'document', models.FileField(default='', upload_to='consolidations/%Y/', verbose_name='tệp Word')),
        migrations.AlterField('consolidation', 'document_hash', models.CharField(default='', max_length=64, verbose_name='SHA-256')),
        migrations.AlterField('consolidation', 'document_name', models.CharField(default='', max_length=255, verbose_name='tên tệp')),
        migrations.RemoveField(
            model_name='consolidation',
            name='document',
        ),
        migrations.RemoveField(
            model_name='consolidation',
            name='document_hash',
        ),
        migrations.RemoveField(
            model_name='consolidation',
            name='document_name',
        ),
        migrations.RemoveField(
            model_name='report',
            name='obstacles',
        ),
        migrations.RemoveField(
            model_name='report',
            name='outlook',
        ),
        migrations.RemoveField(
            model_name='report',
            name='proposals',
        ),
        migrations.RemoveField(
            model_name='report',
            name='results',
        ),
        migrations.RemoveField(
            model_name='report',
            name='shortcomings',
        ),
        migrations.AddConstraint(
            model_name='consolidation',
            constraint=models.UniqueConstraint(fields=('period', 'collector', 'version'), name='consolidation_version_is_unique', nulls_distinct=False),
        ),
        migrations.AlterField(
            model_name='report',
            name='due_date',
            field=models.DateField(verbose_name='hạn nộp (ngày cuối còn đúng hạn)'),
        ),
        migrations.AlterField(
            model_name='consolidation',
            name='figures_hash',
            field=models.CharField(max_length=64, verbose_name='SHA-256 của số liệu'),
        ),
        migrations.RunPython(migrations.RunPython.noop, leave_versions_of_the_coordinator),
    ]
