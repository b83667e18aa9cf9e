"""One of each document that the product makes, from the sample data, each with a picture of its first page.

Word, Excel and PDF as people would download them on 14/6/2024; the pictures need LibreOffice and Poppler.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from agencies.models import User
from notices.urging import late_agencies, letters_of
from plans.offline.standing import to_fill
from plans.offline.writing import write_annex
from reports.consolidating import consolidate
from reports.documents.agency_report import agency_report
from reports.documents.letterheads import issuer_of
from reports.documents.templating.example import example_template
from reports.making import make_documents_of
from reports.models import ARRIVED, Consolidation, ConsolidationDocument, Period, Report
from reports.models.template import DocumentTemplate
from sipas_tracker.demo.first_half import HOME, LAST_DAY

DOTS = 80
"""Dots an inch of a picture: a page of A4 is then about as wide as the text of a web page."""
SUFFIXES = {"word": "docx", "excel": "xlsx", "pdf": "pdf"}
WORDS = {
    "proposals": "- Đề nghị UBND tỉnh chỉ đạo các cơ quan còn việc quá hạn hoàn thành trước ngày 15/7/2024.\n"
    "- Giao Sở Tài chính hướng dẫn bố trí kinh phí nâng cấp Bộ phận Một cửa cấp xã.",
}
"""What the coordinator writes over the agencies' words in the sample."""


def write_samples(period: Period, folder: Path) -> list[Path]:
    """Write the documents of the period and their pictures into the folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.*"):
        if old.suffix in (".docx", ".xlsx", ".pdf", ".png"):
            old.unlink()
    made = []
    for name, content in documents_of(period):
        path = folder / name
        path.write_bytes(content)
        made.append(path)
    return made + pictures_of(made)


def documents_of(period: Period) -> Iterator[tuple[str, bytes]]:
    """Yield file names and contents."""
    coordinator = User.objects.get(username="dieuphoi")
    for name, report in _reports(period):
        yield f"bao-cao-{name}.docx", agency_report(report, LAST_DAY)
    yield from _consolidated(period, coordinator)
    plan = period.plan
    late = late_agencies(plan, LAST_DAY)[:1]
    for _, letter in letters_of(plan, [one.agency.pk for one in late], on=LAST_DAY):
        yield "cong-van-don-doc.docx", letter
    yield "phu-luc-dien-ngoai-tuyen.xlsx", _annex(period)
    author = issuer_of(plan.coordinating_agency)
    yield "mau-bao-cao-tong-hop.docx", example_template(DocumentTemplate.Kind.CONSOLIDATION, author)


def _reports(period: Period) -> Iterator[tuple[str, Report]]:
    reports = period.reports.filter(state__in=ARRIVED).select_related("agency__province", "collector", "period__plan")
    yield "so", reports.get(agency__code="SYT")
    yield "ubnd-huyen", reports.get(agency__name=HOME)
    commune = reports.filter(collector__name=HOME).order_by("agency__sort_key").first()
    if commune:
        yield "ubnd-xa", commune


def _consolidated(period: Period, coordinator: User) -> Iterator[tuple[str, bytes]]:
    """Yield the province's report in both issuers' form, and a district's of its communes."""
    district = period.reports.get(agency__name=HOME).agency
    leader = User.objects.get(username="lapthach.lanhdao")
    wanted = [
        ("so-noi-vu", consolidate(period, by=coordinator, on=LAST_DAY, narrative=WORDS, signed_as="deputy")),
        ("ubnd-tinh", consolidate(period, by=coordinator, on=LAST_DAY, issuer=Consolidation.Issuer.COMMITTEE)),
        ("ubnd-huyen", consolidate(period, by=leader, on=LAST_DAY, collector=district)),
    ]
    for name, made in wanted:
        make_documents_of(made.pk)
        for document in made.documents.all():
            if name == "so-noi-vu" or document.kind == ConsolidationDocument.Kind.WORD:
                with document.file.open("rb") as file:
                    yield f"tong-hop-{name}.{SUFFIXES[document.kind]}", file.read()


def _annex(period: Period) -> bytes:
    agency = period.reports.get(agency__code="SYT").agency
    out = BytesIO()
    at = datetime.combine(LAST_DAY, time(9))
    write_annex(out, period.plan, agency, to_fill(period.plan, agency), now=at, today=LAST_DAY)
    return out.getvalue()


def pictures_of(files: Sequence[Path]) -> list[Path]:
    """Draw the first page of each file beside it; nothing where LibreOffice or Poppler is missing."""
    office, draw = shutil.which("soffice"), shutil.which("pdftoppm")
    if not (office and draw):
        return []
    with TemporaryDirectory(prefix="sipas-samples-") as name:
        scratch = Path(name)
        for path in files:
            copy = scratch / f"{path.stem}-{path.suffix[1:]}{path.suffix}"
            copy.write_bytes(path.read_bytes())
        home = f"-env:UserInstallation={(scratch / 'office').as_uri()}"
        papers = [str(copy) for copy in scratch.glob("*.*") if copy.suffix != ".pdf"]
        convert = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(scratch), *papers]
        subprocess.run(convert, check=True, capture_output=True, timeout=600)
        for pdf in scratch.glob("*.pdf"):
            picture = str(files[0].parent / pdf.stem)
            drawing = [draw, "-png", "-r", str(DOTS), "-gray", "-singlefile", str(pdf), picture]
            subprocess.run(drawing, check=True, capture_output=True, timeout=60)
    return sorted(files[0].parent.glob("*.png"))


def half_year_of(plan_number: str) -> Period:
    """Return the open six-month period of the sample plan."""
    return Period.objects.select_related("plan__coordinating_agency__province").get(
        plan__number=plan_number, status=Period.Status.OPEN, due_date=date(2024, 6, 9)
    )
