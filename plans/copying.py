"""A plan taken over to another year: a draft with its tasks, their times moved, to be looked at like any import."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agencies.models import Agency, Succession, User
from plans.deadlines import parse_deadline
from plans.importing.comparing import heading_paths
from plans.importing.proposal import Assignment, PlanHead, Warning
from plans.importing.proposal import Task as ProposedTask
from plans.models import DraftRow, ImportDraft, Plan, PrintedAssignment, Task

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
REACH = 2
"""Years around the plan's own that are moved; others belong to the method or to another document."""
SEVERAL = "{name} đã chia về nhiều cơ quan. Hãy chọn cơ quan tiếp nhận nhiệm vụ này."
ENDED = "{name} đã giải thể. Hãy chọn cơ quan tiếp nhận nhiệm vụ này."


def copy_plan(plan: Plan, *, year: int, by: User) -> ImportDraft:
    """Return a draft for ``year`` with the plan's tasks; number and signing day are for a person to fill in.

    Printed years within two of the plan's year move with it in times and in the plan's title, never in the words of a
    task: where these name the old year, a warning says so. Dates that a person once set move by whole years. Agencies
    are those of 1 January of ``year``; one that has ended by then gives way to its only successor, with a warning.
    The plan's coordinator may copy it; one open copy a year.
    """
    if not plan.is_coordinated_by(by):
        raise ValidationError("Chỉ cơ quan điều phối được lập kế hoạch mới từ kế hoạch này.")
    if not plan.year < year <= plan.year + 10:
        raise ValidationError({"year": f"Năm của kế hoạch mới phải sau {plan.year} và trong vòng 10 năm."})
    title = _moved(plan.title, plan.year, year)
    head = PlanHead(title=title, issuer=plan.issuer, province=plan.province.name, plan_year=year, target="")
    copying = _Copying(plan, year)
    tasks = [copying.task(task) for task in plan.tasks.standing().select_related("deadline").order_by("position")]
    draft = ImportDraft(
        province=plan.province,
        coordinating_agency=plan.coordinating_agency,
        uploaded_by=by,
        copied_from=plan,
        document_name=f"Lập từ Kế hoạch {plan.number} cho năm {year}"[:255],
        document_hash=f"plan:{plan.pk}:year:{year}",
        head=head.as_dict(),
    )
    try:
        with transaction.atomic():
            draft.save()
            DraftRow.objects.bulk_create(
                DraftRow(draft=draft, position=position, task=task, source=task)
                for position, task in enumerate((one.as_dict() for one in tasks), start=1)
            )
    except IntegrityError as error:
        raise ValidationError(
            "Đã có một bản lập từ kế hoạch này cho năm đó đang được xem lại.", code="known"
        ) from error
    return draft


def _moved(words: str, old: int, new: int) -> str:
    """Return the words with years near the old plan's year moved by as many years as the plan."""

    def move(match: re.Match[str]) -> str:
        year = int(match[0])
        return str(year + new - old) if abs(year - old) <= REACH else match[0]

    return _YEAR.sub(move, words)


def _moved_day(day: date, by: int) -> date:
    """Return the same day by so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + by)
    except ValueError:
        return day.replace(year=day.year + by, day=28)


class _Copying:
    """One copy under way: what has to be known of all tasks, asked once."""

    def __init__(self, plan: Plan, year: int) -> None:
        self.plan, self.year = plan, year
        self.day = date(year, 1, 1)
        self.paths = heading_paths(plan)
        self.successors: dict[int, list[Agency]] = {}
        for one in Succession.objects.filter(predecessor__province=plan.province, on__lte=self.day):
            self.successors.setdefault(one.predecessor_id, [])
            if one.successor is not None:
                self.successors[one.predecessor_id].append(one.successor)
        lines = PrintedAssignment.objects.standing().filter(task__plan=plan).select_related("agency", "group")
        self.printed: dict[int, list[PrintedAssignment]] = {}
        for line in lines.prefetch_related("excluded").order_by("task", "position"):
            self.printed.setdefault(line.task_id, []).append(line)

    def task(self, task: Task) -> ProposedTask:
        """Return the task as proposed for the new year."""
        assignments, warnings = self._assignments(self.printed.get(task.pk, []))
        time_text = _moved(task.time_text, self.plan.year, self.year)
        deadline = self._deadline(task, time_text)
        if deadline.get("ambiguous"):
            warnings.append(
                Warning("ambiguous_deadline", time_text, f"Thời hạn có nhiều cách hiểu: {deadline.get('why') or ''}")
            )
        if old := sorted({year for year in _YEAR.findall(task.text) if int(year) == self.plan.year}):
            message = f"Nội dung nhiệm vụ còn nhắc năm {', '.join(old)}. Hãy sửa cho đúng năm {self.year}."
            warnings.append(Warning("year_mismatch", ", ".join(old), message))
        return ProposedTask(
            task.position, task.number, self.paths.get(task.pk, []), task.text, assignments, task.agencies_text,
            task.coordinating_text, time_text, deadline, task.product, task.funding, task.note,
            f"Kế hoạch {self.plan.number}, nhiệm vụ {task.position}", warnings, task.is_report,
        )  # fmt: skip

    def _deadline(self, task: Task, time_text: str) -> dict[str, Any]:
        """Read the moved words; where a person had set other dates than the words gave, move those dates."""
        old, by = task.deadline, self.year - self.plan.year
        same: dict[str, Any] = {"before_is_inclusive": self.plan.before_is_inclusive}
        read = parse_deadline(task.time_text, plan_year=self.plan.year, plan_signed=self.plan.signed_on, **same)
        new = parse_deadline(time_text, plan_year=self.year, plan_signed=None, **same).as_dict()
        if list(read.due_dates) == old.due_dates:
            return new
        days = [_moved_day(day, by) for day in old.due_dates]
        return new | {
            "kind": old.kind,
            "due_dates": [day.isoformat() for day in days],
            "final_due": days[-1].isoformat() if days else None,
            "periods": [_moved(period, self.plan.year, self.year) for period in old.periods],
            "completes": old.completes or None,
            "ambiguous": False,
            "readings": [],
            "codes": [],
        }

    def _assignments(self, lines: Iterable[PrintedAssignment]) -> tuple[list[Assignment], list[Warning]]:
        found, warnings = [], []
        for line in lines:
            name = str(line.group.name if line.group else line.agency.name if line.agency else line.words)
            candidates: tuple[str, ...] = ()
            if line.agency is not None and line.agency_id in self.successors and not self._stands(line.agency):
                new, warning = self._successor(line.agency)
                name, candidates = (
                    (new, ()) if new else (name, tuple(one.name for one in self.successors[line.agency.pk]))
                )
                warnings.append(warning)
            excluded = tuple(one.name for one in line.excluded.all() if self._stands(one))
            found.append(
                Assignment(
                    name, line.role, line.group is not None, line.role_stated, line.words, not candidates, "cell", excluded, candidates,
                )
            )  # fmt: skip
        return found, warnings

    def _stands(self, agency: Agency) -> bool:
        return agency.valid_to is None or agency.valid_to >= self.day

    def _successor(self, agency: Agency) -> tuple[str, Warning]:
        """Return the only agency that took over, or nothing, and what to tell about it."""
        heirs = self.successors[agency.pk]
        if len(heirs) == 1:
            message = f"{agency.name} không còn hoạt động; đề xuất cơ quan kế thừa {heirs[0].name}. Hãy xác nhận."
            return heirs[0].name, Warning("obsolete_agency", agency.name, message)
        message = (SEVERAL if heirs else ENDED).format(name=agency.name)
        return "", Warning("obsolete_agency", agency.name, message)
