"""The desk of whoever collects reports: who has and has not submitted, how late, and what waits for a decision.

One desk for the plan's coordinator, and one for every agency whose units report to it. Figures and filters ask the same
questions (`ASKED`), so a number opens as many rows as it says. The number of queries does not grow with reports.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agencies.access import access_of
from agencies.folding import unaccent
from agencies.models import Agency, Succession, User
from plans.exporting import Column, Download, Sheet, write_workbook, xlsx_response
from reports.models import ARRIVED, Period, Report, ReportEvent, ReportState


@dataclass(frozen=True, slots=True)
class Below:
    """How the units of an agency stand that report to it: ``noun`` is what they are called."""

    noun: str
    expected: int
    arrived: int
    accepted: int

    def __str__(self) -> str:
        return f"{self.noun}: {self.arrived}/{self.expected} đã nộp"


@dataclass(slots=True)
class DeskRow:
    """One report as the desk shows it on a day: ``late`` in days, ``ended`` what became of an agency that is no more.

    ``is_own``: the agency is the person's own, which submits its report itself.
    """

    report: Report
    late: int
    may_decide: bool
    is_own: bool = False
    below: Below | None = None
    ended: str = ""

    @property
    def is_expected(self) -> bool:
        """Say whether the report is owed."""
        return not self.report.excluded_reason

    @property
    def is_missing(self) -> bool:
        """Say whether it is owed and has not come, or was returned."""
        return self.is_expected and not self.report.has_arrived

    @property
    def is_waiting(self) -> bool:
        """Say whether it came and nobody has decided yet."""
        return self.report.state == ReportState.SUBMITTED

    @property
    def is_on_behalf(self) -> bool:
        """Say whether somebody else submitted it for the agency."""
        return self.report.has_arrived and bool(getattr(self.report, "sent_on_behalf", False))

    @property
    def words(self) -> str:
        """Return where the report stands, in words."""
        if self.report.excluded_reason:
            return "không phải báo cáo"
        return self.report.get_state_display() + (" (nộp thay)" if self.is_on_behalf else "")


ASKED: dict[str, tuple[str, Callable[[DeskRow], bool]]] = {
    "expected": ("phải báo cáo", lambda row: row.is_expected),
    "arrived": ("đã nộp (kể cả đã tiếp nhận)", lambda row: row.is_expected and row.report.has_arrived),
    "submitted": ("đã nộp, chờ tiếp nhận", lambda row: row.is_waiting),
    "accepted": ("đã tiếp nhận", lambda row: row.report.state == ReportState.ACCEPTED),
    "missing": ("chưa nộp (kể cả bị trả lại)", lambda row: row.is_missing),
    "overdue": ("chưa nộp, đã quá hạn", lambda row: row.is_missing and row.late > 0),
    "returned": ("bị trả lại", lambda row: row.is_expected and row.report.state == ReportState.RETURNED),
    "late": ("chậm (nộp chậm hoặc quá hạn chưa nộp)", lambda row: row.late > 0),
    "arrived_late": ("nộp chậm", lambda row: row.report.has_arrived and row.late > 0),
    "on_behalf": ("được nộp thay", lambda row: row.is_on_behalf),
    "excluded": ("không phải báo cáo", lambda row: not row.is_expected),
}
"""What a desk is asked for, and which rows answer."""
ORDER = {state: place for place, state in enumerate(("submitted", "returned", "draft", "approved", "accepted"))}
SORTS: dict[str, Callable[[DeskRow], Any]] = {
    "agency": lambda row: row.report.agency.sort_key,
    "state": lambda row: 9 if not row.is_expected else ORDER[row.report.state],
    "late": lambda row: row.late,
    "submitted": lambda row: (row.report.submitted_on if row.report.has_arrived else None) or date.max,
}


def desk_rows(period: Period, collector: Agency | None, *, user: User, on: date) -> list[DeskRow]:
    """Return a row for every report that comes to this desk, in the order of the register; the released stand last."""
    sent = ReportEvent.objects.filter(report=OuterRef("pk"), kind=ReportEvent.Kind.SUBMITTED).order_by("-pk")
    reports = period.reports.filter(collector=collector).select_related("agency", "submitted_by")
    reports = reports.annotate(sent_on_behalf=Coalesce(Subquery(sent.values("on_behalf")[:1]), False))
    rows, own = [], access_of(user).own
    for report in reports.order_by("agency__sort_key", "pk"):
        report.period = period
        decides = report.state == ReportState.SUBMITTED and period.is_open and report.may_be_decided_by(user)
        rows.append(DeskRow(report, report.days_late(on), decides, report.agency_id in own))
    below = _below(period) if collector is None else {}
    ended = endings([row.report.agency for row in rows], on)
    for row in rows:
        row.below = below.get(row.report.agency_id)
        row.ended = ended.get(row.report.agency_id, "")
    return sorted(rows, key=lambda row: not row.is_expected)


def figures_of_desk(rows: Iterable[DeskRow]) -> dict[str, int]:
    """Return how many rows answer each question of `ASKED`."""
    rows = list(rows)
    return {name: sum(asks(row) for row in rows) for name, (_, asks) in ASKED.items()}


def chosen(
    rows: Iterable[DeskRow], *, words: str = "", state: str = "", kind: str = "", sort: str = ""
) -> list[DeskRow]:
    """Return the rows that a filter keeps, in the order asked for; what is not understood keeps all."""
    asks, key = ASKED[state][1] if state in ASKED else None, unaccent(words)
    found = [
        row
        for row in rows
        if (not key or key in row.report.agency.search_key)
        and (not kind or row.report.agency.kind == kind)
        and (asks is None or asks(row))
    ]
    by = SORTS.get(sort.removeprefix("-"))
    return sorted(found, key=by, reverse=sort.startswith("-")) if by else found


def collectors_of(period: Period) -> "QuerySet[Agency]":
    """Return the agencies to which units report in the period."""
    return Agency.objects.filter(pk__in=period.reports.filter(collector__isnull=False).values("collector"))


def children_figures(period: Period) -> dict[str, int]:
    """Return how the reports of all units stand: expected, arrived, accepted by the agencies above them."""
    return period.reports.filter(collector__isnull=False).aggregate(**_counts())


def _counts() -> dict[str, Count]:
    owed = Q(excluded_reason="")
    return {
        "expected": Count("pk", filter=owed),
        "arrived": Count("pk", filter=owed & Q(state__in=ARRIVED)),
        "accepted": Count("pk", filter=owed & Q(state=ReportState.ACCEPTED)),
    }


def _below(period: Period) -> dict[int, Below]:
    rows: Any = period.reports.filter(collector__isnull=False).order_by().values("collector", "agency__kind")
    found: dict[int, Below] = {}
    for row in rows.annotate(**_counts()):
        is_commune = row["agency__kind"] == Agency.Kind.COMMUNE_PC
        one = found.get(row["collector"], Below("Cấp xã" if is_commune else "Đơn vị", 0, 0, 0))
        found[row["collector"]] = Below(
            one.noun if is_commune == (one.noun == "Cấp xã") else "Đơn vị cấp dưới",
            one.expected + row["expected"], one.arrived + row["arrived"], one.accepted + row["accepted"],
        )  # fmt: skip
    return found


def endings(agencies: Iterable[Agency], on: date) -> dict[int, str]:
    """Return what became of those that no longer exist on the day [sáp nhập, giải thể …], in words."""
    gone = {one.pk: one for one in agencies if one.valid_to is not None and one.valid_to < on}
    found: dict[int, list[str]] = {}
    rows = Succession.objects.filter(predecessor__in=gone, on__lte=on).select_related("successor") if gone else ()
    for row in rows:
        into = {"merge": "sáp nhập vào", "split": "chia tách thành", "rename": "đổi tên thành"}.get(row.kind, "")
        words = f"{into} {row.successor.name}" if row.successor else "giải thể"
        found.setdefault(row.predecessor_id, []).append(f"{words} từ ngày {row.on:%d/%m/%Y}")
    said = {pk: "; ".join(words) for pk, words in found.items()}
    for pk, one in gone.items():
        if one.valid_to is not None:
            said.setdefault(pk, f"ngừng hoạt động từ ngày {one.valid_to + timedelta(days=1):%d/%m/%Y}")
    return said


# As a workbook

COLUMNS = [
    Column("TT", 6, "number"),
    Column("Cơ quan", 40, "text"),
    Column("Trạng thái", 24, "text"),
    Column("Hạn nộp", 13, "date"),
    Column("Ngày nộp", 13, "date"),
    Column("Chậm (ngày)", 10, "number"),
    Column("Số, ký hiệu", 20, "text"),
    Column("Ngày văn bản", 13, "date"),
    Column("Người ký", 24, "text"),
    Column("Đơn vị cấp dưới đã nộp", 20, "text"),
    Column("Lý do không phải báo cáo, ghi chú", 50, "text"),
]


def desk_xlsx(period: Period, collector: Agency | None, rows: Iterable[DeskRow], on: date) -> Download:
    """Return the rows as they are shown, as a workbook."""
    lines = (
        [
            row.report.agency.name, row.words[:1].upper() + row.words[1:], row.report.due_date,
            row.report.submitted_on if row.report.has_arrived else None, row.late or None, row.report.number,
            row.report.dated_on, row.report.signer, f"{row.below.arrived}/{row.below.expected}" if row.below else "",
            row.report.excluded_reason or row.ended,
        ]
        for row in rows
    )  # fmt: skip
    whose = f" gửi {collector.name}" if collector else ""
    above = [
        f"Tình hình nộp báo cáo{whose}: {period.name}",
        f"Kế hoạch số {period.plan.number}; số liệu chốt đến hết ngày {period.cut_off:%d/%m/%Y}; tính đến ngày {on:%d/%m/%Y}",
    ]
    stream = BytesIO()
    write_workbook(stream, [Sheet("Nộp báo cáo", COLUMNS, lines, above=above)])
    return xlsx_response(stream, f"nop-bao-cao-{on:%Y-%m-%d}.xlsx")
