"""Urging late agencies [đôn đốc]: who is late with what, the recorded message, and the official letter for each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import ValidationError
from django.db.models import Count, Max

from agencies.folding import unaccent
from agencies.models import Agency, User
from notices.models import Urging
from notices.official_letters import urging_letter
from notices.wording import written_day
from plans.models import Plan, WorkItem
from reports.models import Period, Report


@dataclass(frozen=True, slots=True)
class LateItem:
    """One late delivery as it stands: task number, text and words of its time, due date, days of lateness, progress."""

    item: int
    position: int
    text: str
    time_text: str
    due_date: str
    late_days: int
    percent: int

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form that an urging keeps."""
        return asdict(self)


@dataclass
class LateAgency:
    """One agency with its late work, most late first, and how it was urged before."""

    agency: Agency
    late: list[LateItem] = field(default_factory=list)
    urged: int = 0
    last_urged: date | None = None

    @property
    def most_late(self) -> int:
        """Return the days of lateness of what is latest."""
        return max((one.late_days for one in self.late), default=0)


def late_agencies(plan: Plan, on: date, *, only: Collection[int] | None = None) -> list[LateAgency]:
    """Return the agencies with overdue deliveries in the plan as of ``on``, those with most and latest first.

    ``only``: ids of agencies to look at. Report tasks count like any other: their items are overdue until submitted.
    """
    items = WorkItem.objects.filter(task__plan=plan).given().deliveries().overdue(on)
    if only is not None:
        items = items.filter(agency__in=list(only))
    found: dict[int, LateAgency] = {}
    for item in items.select_related("agency", "task").order_by("due_date", "task__position", "occurrence__ordinal"):
        if item.due_date is None:
            continue
        its = found.setdefault(item.agency_id, LateAgency(item.agency))
        its.late.append(
            LateItem(
                item.pk,
                item.task.position,
                item.task.text,
                item.task.time_text,
                item.due_date.isoformat(),
                (on - item.due_date).days,
                item.percent,
            )
        )
    before = Urging.objects.filter(plan=plan, period=None, agency__in=found).values("agency")
    for row in before.annotate(times=Count("pk"), last=Max("on")).order_by("agency"):
        found[row["agency"]].urged, found[row["agency"]].last_urged = row["times"], row["last"]
    return sorted(found.values(), key=lambda one: (-one.most_late, -len(one.late), one.agency.sort_key))


def matching(found: Iterable[LateAgency], words: str) -> list[LateAgency]:
    """Keep agencies whose name, or whose late work, holds the words; diacritics aside."""
    key = unaccent(words)
    return [
        one for one in found if key in one.agency.search_key or any(key in unaccent(item.text) for item in one.late)
    ]


def urge(plan: Plan, agencies: Collection[int], *, kind: str, by: User, on: date, words: str = "") -> list[Urging]:
    """Record that late agencies are urged; the round tells a message to their people. Returns the new urgings.

    Who is not late is left out; who was urged in the same way on the same day is not urged again. The plan's
    coordinator decides.
    """
    if not plan.is_coordinated_by(by):
        raise ValidationError("Chỉ cơ quan điều phối kế hoạch được đôn đốc.")
    if not agencies:
        raise ValidationError("Hãy chọn ít nhất một cơ quan.")
    late = late_agencies(plan, on, only=agencies)
    if not late:
        raise ValidationError("Các cơ quan đã chọn không còn việc quá hạn.")
    rows = [
        Urging(
            plan=plan,
            agency=one.agency,
            kind=kind,
            words=words.strip(),
            late=[item.as_dict() for item in one.late],
            by=by,
            on=on,
        )
        for one in late
    ]
    known = set(Urging.objects.filter(plan=plan, period=None, kind=kind, on=on).values_list("agency", flat=True))
    Urging.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = [row.agency_id for row in rows if row.agency_id not in known]
    return list(
        Urging.objects.filter(plan=plan, period=None, kind=kind, on=on, agency__in=fresh).select_related("agency")
    )


def urge_missing_reports(
    period: Period, agencies: Collection[int] | None, *, by: User, on: date, words: str = ""
) -> list[Urging]:
    """Record that agencies are asked to submit their report of an open period; the round tells their people.

    ``agencies``: ids to look at; None: everybody missing whose report comes to this person's desk. Only reports that the
    person collects are urged (the plan's coordinators; for units the agency above them), and only those that are missing.
    Who was urged about this report on the same day is not urged again. Returns the new urgings.
    """
    missing = period.reports.missing().select_related("agency", "period__plan").order_by("agency__sort_key")
    if agencies is not None:
        missing = missing.filter(agency__in=list(agencies))
    theirs = [report for report in missing if report.is_collected_by(by)]
    if not period.is_open or not theirs:
        raise ValidationError("Không có báo cáo nào chưa nộp mà anh/chị được nhắc trong kỳ này.")
    rows = [
        Urging(
            plan=period.plan, period=period, agency=report.agency, kind=Urging.Kind.MESSAGE, words=words.strip(),
            late=[report_as_dict(report, on)], by=by, on=on,
        )
        for report in theirs
    ]  # fmt: skip
    known = set(Urging.objects.filter(period=period, kind=Urging.Kind.MESSAGE, on=on).values_list("agency", flat=True))
    Urging.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = [row.agency_id for row in rows if row.agency_id not in known]
    made = Urging.objects.filter(period=period, kind=Urging.Kind.MESSAGE, on=on, agency__in=fresh)
    return list(made.select_related("agency"))


def report_as_dict(report: Report, on: date) -> dict[str, object]:
    """Return what an urging keeps of a missing report; ``late_days`` is 0 or less before its due date has passed."""
    return {
        "report": report.pk,
        "text": f"Báo cáo {report.period.name}, hạn nộp {written_day(report.due_date)}",
        "due_date": report.due_date.isoformat(),
        "late_days": (on - report.due_date).days,
    }


def letters_of(plan: Plan, agencies: Collection[int], *, on: date) -> list[tuple[str, bytes]]:
    """Return a Word letter for each late agency among ``agencies``: file name and content, in the order of the register."""
    late = sorted(late_agencies(plan, on, only=agencies), key=lambda one: one.agency.sort_key)
    letters, used = [], defaultdict[str, int](int)
    for one in late:
        name = f"don-doc-{unaccent(one.agency.label).replace(' ', '-')}"[:80]
        used[name] += 1
        suffix = f"-{used[name]}" if used[name] > 1 else ""
        letters.append((f"{name}{suffix}.docx", urging_letter(plan, one.agency, one.late, on)))
    return letters


def zipped(letters: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the letters in one zip archive."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in letters:
            archive.writestr(name, content)
    return out.getvalue()
