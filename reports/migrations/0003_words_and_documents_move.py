"""The five columns of words become sections; the Word file of a version becomes a document of it."""

import hashlib
import json

from django.db import migrations
from django.db.models import OuterRef, Subquery

KEYS = ("results", "shortcomings", "obstacles", "proposals", "outlook")


def move(apps, schema_editor):
    """Copy words, due dates and documents to where they are kept from now on."""
    Report, Period = apps.get_model("reports", "Report"), apps.get_model("reports", "Period")
    Consolidation = apps.get_model("reports", "Consolidation")
    Document = apps.get_model("reports", "ConsolidationDocument")
    due = Period.objects.filter(pk=OuterRef("period")).values("due_date")
    Report.objects.update(due_date=Subquery(due[:1]))
    for report in Report.objects.iterator():
        report.words = {key: getattr(report, key) for key in KEYS if getattr(report, key)}
        report.save(update_fields=["words"])
    for made in Consolidation.objects.iterator():
        text = json.dumps(made.figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        made.figures_hash, made.progress = hashlib.sha256(text.encode()).hexdigest(), 100
        made.save(update_fields=["figures_hash", "progress"])
        if made.document:
            Document.objects.create(
                consolidation=made, kind="word", file=made.document.name, name=made.document_name,
                sha256=made.document_hash, size=_size(made.document),
            )


def _size(document):
    try:
        return document.size
    except OSError:
        return 0


def move_back(apps, schema_editor):
    """Put the default sections and the Word documents back into their columns."""
    Report = apps.get_model("reports", "Report")
    for report in Report.objects.iterator():
        for key in KEYS:
            setattr(report, key, report.words.get(key, ""))
        report.save(update_fields=KEYS)
    Document = apps.get_model("reports", "ConsolidationDocument")
    for one in Document.objects.filter(kind="word").select_related("consolidation"):
        made = one.consolidation
        made.document, made.document_name, made.document_hash = one.file.name, one.name, one.sha256
        made.save(update_fields=["document", "document_name", "document_hash"])


class Migration(migrations.Migration):

    dependencies = [("reports", "0002_outlines_collectors_and_documents")]

    operations = [migrations.RunPython(move, move_back)]
