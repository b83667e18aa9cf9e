"""Reports keep the names on their paper, lines the evidence they speak of; writing for another leaves a mark."""

from django.db import migrations, models

KINDS = [
    ("written", "soạn báo cáo"),
    ("approved", "lãnh đạo duyệt"),
    ("reopened", "mở lại để sửa"),
    ("submitted", "nộp"),
    ("returned", "trả lại"),
    ("accepted", "tiếp nhận"),
    ("excluded", "không phải báo cáo"),
    ("included", "phải báo cáo trở lại"),
]


def keep_names(apps, schema_editor):
    """Copy today's names into reports that have left the agency's desk: nothing older is known."""
    Report = apps.get_model("reports", "Report")
    left = Report.objects.filter(state__in=["approved", "submitted", "accepted"])
    related = ("agency__parent", "agency__province", "collector", "period__plan__coordinating_agency")
    for report in left.select_related(*related).iterator():
        agency, period = report.agency, report.period
        plan, parent = period.plan, agency.parent
        report.names = {
            "agency": {
                "name": agency.name, "kind": agency.kind, "code": agency.code, "aliases": list(agency.aliases),
            },
            "parent": {"name": parent.name, "kind": parent.kind} if parent else None,
            "province": {"name": agency.province.name, "kind": agency.province.kind},
            "addressee": (report.collector or plan.coordinating_agency).name,
            "plan": {
                "number": plan.number, "title": plan.title, "issuer": plan.issuer,
                "signed_on": plan.signed_on.isoformat() if plan.signed_on else None, "year": plan.year,
            },
            "period": period.name,
            "sections": period.outline,
        }  # fmt: skip
        report.save(update_fields=["names"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_narrative_drafts_and_claims")]

    operations = [
        migrations.AddField(
            "report",
            "names",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="Bản chụp khi duyệt hoặc nộp; trống khi đang soạn.",
                verbose_name="tên gọi trên văn bản",
            ),
        ),
        migrations.AddField(
            "reportline",
            "evidence",
            models.JSONField(blank=True, default=list, help_text="Tệp mới nhất đứng đầu.", verbose_name="minh chứng"),
        ),
        migrations.AlterField(
            "reportevent", "kind", models.CharField(choices=KINDS, max_length=10, verbose_name="việc")
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
    ]
