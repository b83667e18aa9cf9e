"""What is looked at before a report is sent: what is missing, what is only worth a word, and where to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.models.parts import ReportLine
from reports.models.standing import ReportState

if TYPE_CHECKING:
    from reports.models.report import Report

FIGURES, WORDS, PAPER, CHILDREN = "so-lieu", "muc-", "van-ban", "cap-duoi"
LINE = "nhiem-vu-"
"""Anchors of the page to which a check leads; a section's and a line's are followed by its key or id."""
PLACES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is missing: words for people, and places of the page as (label, anchor)."""

    words: str
    places: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.words


def problems_of(report: "Report") -> list[Check]:
    """Return what holds the report up."""
    found = []
    if report.filled_on is None:
        words = "Số liệu chưa được lấy từ các đầu việc: hãy mở báo cáo để cập nhật số liệu."
        found.append(Check(words, (("Số liệu", FIGURES),)))
    for section, text in report.sections():
        if section.required and not text.strip():
            found.append(Check(f"Chưa ghi mục “{section.title}”.", (("Đến mục này", f"{WORDS}{section.key}"),)))
    silent = [line for line in report.lines.all() if line.needs_words and not line.results.strip()]
    if silent:
        words = f"Còn {len(silent)} nhiệm vụ đã hoàn thành hoặc quá hạn chưa ghi kết quả, tình hình thực hiện."
        found.append(Check(words, _places(silent)))
    return found


def remarks_of(report: "Report") -> list[Check]:
    """Return what is usually there and is not; it does not hold the report up."""
    lines = list(report.lines.all())
    paper = _on_paper(report) if report.state == ReportState.APPROVED else []  # a draft has no number yet
    return [*paper, *_on_sections(report, lines), *_on_lines(lines), *_on_children(report)]


def _on_paper(report: "Report") -> list[Check]:
    found = []
    if not report.number.strip() or not report.dated_on:
        found.append(Check("Chưa ghi số, ký hiệu và ngày của văn bản.", (("Văn bản đã ký", PAPER),)))
    if not report.signed_file:
        found.append(Check("Chưa đính kèm bản ký (PDF).", (("Văn bản đã ký", PAPER),)))
    return found


def _on_sections(report: "Report", lines: list[ReportLine]) -> list[Check]:
    told = {section.key: (section, text) for section, text in report.sections()}
    section, text = told.get("shortcomings", (None, ""))
    if section and not text.strip() and any(line.overdue for line in lines):
        place = (("Đến mục này", f"{WORDS}{section.key}"),)
        return [Check(f"Có nhiệm vụ quá hạn nhưng chưa ghi mục “{section.title}”.", place)]
    return []


def _on_lines(lines: list[ReportLine]) -> list[Check]:
    found = []
    unproven = [line for line in lines if line.done and not line.evidence]
    if unproven:
        found.append(Check(f"{len(unproven)} nhiệm vụ đã hoàn thành chưa có minh chứng.", _places(unproven)))
    unmeasured = [line for line in lines if any(target["value"] is None for target in line.targets)]
    if unmeasured:
        found.append(Check(f"{len(unmeasured)} nhiệm vụ có chỉ tiêu chưa được báo số liệu.", _places(unmeasured)))
    return found


def _on_children(report: "Report") -> list[Check]:
    """Speak of the children's reports that come to this agency: figures of undecided ones are in no total yet."""
    count = report.count_of_children()
    found = []
    if count["submitted"]:
        words = f"Còn {count['submitted']} báo cáo của đơn vị cấp dưới đã nộp chưa được tiếp nhận hoặc trả lại."
        found.append(Check(words, (("Đơn vị cấp dưới", CHILDREN),)))
    if count["missing"]:
        words = f"Còn {count['missing']} đơn vị cấp dưới chưa nộp báo cáo."
        found.append(Check(words, (("Đơn vị cấp dưới", CHILDREN),)))
    return found


def _places(lines: Iterable[ReportLine]) -> tuple[tuple[str, str], ...]:
    places = [(f"nhiệm vụ {line.position}", f"{LINE}{line.pk}") for line in lines]
    more = [("…", places[PLACES_SHOWN][1])] if len(places) > PLACES_SHOWN else []
    return (*places[:PLACES_SHOWN], *more)
