"""Which layout a paper gets: the office's own template where one is in use, else the built-in one."""

import hashlib
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from reports.documents.agency_report import agency_report, subject_of
from reports.documents.consolidated import consolidated_report
from reports.documents.consolidated import subject_of as subject_of_consolidation
from reports.documents.templating.apart import Facts, TemplateRefused, render
from reports.documents.templating.context import consolidation_context, report_context
from reports.models import Consolidation, Report
from reports.models.template import DocumentTemplate


def word_of_report(report: Report, on: date) -> bytes:
    """Return an agency's report as Word. Raises ValidationError in words when its template cannot be used."""
    template = DocumentTemplate.objects.used(report.agency_id, DocumentTemplate.Kind.REPORT)
    if template is None:
        return agency_report(report, on)
    return _filled(template, report_context(report, on), Facts(subject_of(report), report.agency_name))


def word_of_consolidation(consolidation: Consolidation) -> bytes:
    """Return a version as Word, in the layout of whoever sums up. Raises ValidationError as above.

    Called once for each version, when its documents are made: what comes out is kept, whatever happens to the template.
    """
    collector = consolidation.collector_id or consolidation.period.plan.coordinating_agency_id
    template = DocumentTemplate.objects.used(collector, DocumentTemplate.Kind.CONSOLIDATION)
    if template is None:
        return consolidated_report(consolidation)
    facts = Facts(subject_of_consolidation(consolidation), template.agency.name)
    return _filled(template, consolidation_context(consolidation), facts)


def _filled(template: DocumentTemplate, context: dict[str, Any], facts: Facts) -> bytes:
    try:
        with template.file.open("rb") as file:
            data = file.read()
    except OSError as error:
        raise ValidationError(
            f"Không đọc được tệp của mẫu “{template}”. Hãy tải mẫu lên lại hoặc ngừng dùng mẫu."
        ) from error
    if hashlib.sha256(data).hexdigest() != template.sha256:
        raise ValidationError(
            f"Tệp của mẫu “{template}” đã bị thay đổi sau khi tải lên. Hãy tải mẫu lên lại hoặc ngừng dùng mẫu."
        )
    try:
        return render(data, template.kind, context, facts)
    except TemplateRefused as error:
        words = "; ".join(str(problem) for problem in error.problems[:3])
        raise ValidationError(
            f"Mẫu “{template}” không dùng được: {words} Hãy sửa mẫu và tải lên lại, hoặc ngừng dùng mẫu để lấy mẫu có sẵn."
        ) from error
