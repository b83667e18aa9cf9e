"""Pages of plans, tasks and the criteria they serve."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, access_of
from agencies.models import User
from criteria.models import Criterion, Framework
from plans.files import file_response
from plans.forms import PlanSearch
from plans.models import ImportDraft, Plan, Section, Task, WorkItem
from plans.models.occurrence import OPEN_STATES, OccurrenceKind, State
from plans.statistics import FORMULAS, Figures, figures, figures_by
from plans.views.acting import act
from plans.views.targets import targets_context
from workdays.clock import today


def plan_list(request: SignedInRequest) -> HttpResponse:
    """List the province's plans with their progress, and the imports under way for who coordinates."""
    plans = list(Plan.objects.visible_to(request.user).select_related("coordinating_agency", "parent"))
    by_plan = figures_by(WorkItem.objects.filter(task__plan__in=plans), "task__plan", today())
    drafts = ImportDraft.objects.visible_to(request.user).unfinished()
    context = {
        "rows": [(plan, by_plan.get(plan.pk, Figures())) for plan in plans],
        "drafts": drafts.select_related("uploaded_by"),
    }
    return render(request, "plans/plan_list.html", context)


def plan_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one plan as its document reads: headings, tasks, agencies, times, and a progress bar each."""
    plan = get_object_or_404(
        Plan.objects.visible_to(request.user).select_related("coordinating_agency", "parent", "province"), pk=pk
    )
    tasks = plan.tasks.select_related("section", "deadline").matching(request.GET.get("q", ""))
    by_task = figures_by(WorkItem.objects.filter(task__plan=plan), "task", today())
    children = list(Plan.objects.visible_to(request.user).filter(parent=plan).select_related("coordinating_agency"))
    by_child = figures_by(WorkItem.objects.filter(task__plan__in=children), "task__plan", today())
    headings: dict[int | None, Section] = {section.pk: section for section in plan.sections.all()}
    rows, shown = [], set()
    for task in tasks:
        chain, section = [], headings.get(task.section_id)
        while section is not None and section.pk not in shown:
            shown.add(section.pk)
            chain.append(section)
            section = headings.get(section.parent_id)
        rows.append((list(reversed(chain)), task, by_task.get(task.pk, Figures())))
    context = {
        "plan": plan,
        "search": PlanSearch(request.GET),
        "rows": rows,
        "figures": figures(WorkItem.objects.filter(task__plan=plan), today()),
        "formulas": FORMULAS,
        "children": [(child, by_child.get(child.pk, Figures())) for child in children],
        "amendments": plan.amendments.select_related("by").annotate(count=Count("changes")),
        "may_coordinate": plan.is_coordinated_by(request.user),
        "works_url": f"{reverse('work-list')}?plan={plan.pk}",
    }
    return render(request, "plans/plan_detail.html", context)


def plan_document(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out the document as it was uploaded."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    return file_response(plan.document, plan.document_name)


def task_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one task: the words as printed, who was named, and the state of every agency."""
    tasks = Task.objects.visible_to(request.user).select_related("plan", "section", "deadline")
    task = get_object_or_404(
        tasks.prefetch_related(
            "printed_assignments__agency",
            "printed_assignments__group",
            "criterion_links__criterion",
            "changes__amendment",
        ),
        pk=pk,
    )
    items = (
        WorkItem.objects.state_visible_to(request.user)
        .given()
        .filter(task=task)
        .select_related("agency", "occurrence", "task__deadline")
        .order_by("agency__sort_key", "occurrence__ordinal")
    )
    by_agency: dict[int, list[WorkItem]] = defaultdict(list)
    for item in items:
        by_agency[item.agency_id].append(item)
    asked_for = WorkItem.objects.filter(occurrence=OuterRef("pk")).exclude(state=State.WAIVED)
    readable = set(WorkItem.objects.visible_to(request.user).filter(task=task).values_list("pk", flat=True))
    context = {
        "task": task,
        "rows": [_agency_row(mine, readable) for mine in by_agency.values()],
        "figures": figures(WorkItem.objects.filter(task=task), today()),
        "formulas": FORMULAS,
        "occurrences": task.occurrences.filter(Exists(asked_for)) or task.occurrences.all(),
        "carries_out": _seen_tasks(task.carries_out, request.user),
        "carried_out_by": _seen_tasks(task.carried_out_by, request.user),
        "may_settle": task.plan.is_coordinated_by(request.user) and not task.deadline.is_settled,
        "works_url": f"{reverse('work-list')}?task={task.pk}",
        "may_put_obstacle": task.plan.status == Plan.Status.ACTIVE
        and task.assignments.filter(agency__in=access_of(request.user).reach).exists(),
        **targets_context(task, request.user),
        "assists": task.assignments.filter(role__in=["coordinate", "monitor"]).select_related("agency"),
    }
    return render(request, "plans/task_detail.html", context)


@require_POST
def deadline_settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm how an ambiguous time is read."""
    task = get_object_or_404(Task.objects.visible_to(request.user).select_related("plan", "deadline"), pk=pk)
    said = "Đã xác nhận thời hạn; từ nay nhiệm vụ được tính quá hạn."
    return act(request, task, said, lambda: task.deadline.settle(by=request.user, on=today()))


def _seen_tasks(tasks: Any, user: User) -> list[tuple[Task, Figures]]:
    """Return those of the tasks that the user may see, each with its plan and its progress."""
    seen = list(tasks.filter(pk__in=Task.objects.visible_to(user)).select_related("plan").order_by("plan", "position"))
    by_task = figures_by(WorkItem.objects.filter(task__in=seen), "task", today())
    return [(task, by_task.get(task.pk, Figures())) for task in seen]


def _agency_row(items: list[WorkItem], readable: set[int]) -> dict:
    """Return what the task's table shows of one agency: the item to act on now, and how many of those still owed are done."""
    current = next((item for item in items if item.state in OPEN_STATES), items[-1])
    owed = [item for item in items if item.state not in (State.WAIVED, State.DECLINED)]
    deliveries = [item for item in owed if item.kind == OccurrenceKind.DELIVERY]
    return {
        "agency": current.agency,
        "item": current,
        "timeliness": current.timeliness(today()),
        "is_readable": current.pk in readable,
        "done": sum(item.state == "completed" for item in deliveries),
        "total": len(deliveries),
    }


def criterion_list(request: SignedInRequest) -> HttpResponse:
    """Show the method's tree: each criterion with the tasks that serve it and their progress."""
    framework = Framework.objects.first()
    tasks = Task.objects.visible_to(request.user).standing().select_related("plan")
    links = Prefetch("task_links__task", queryset=tasks)
    nodes = list(framework.criteria.prefetch_related(links)) if framework else []
    by_task = figures_by(WorkItem.objects.filter(task__in=tasks), "task", today())
    rows = [(node, _serving(node, by_task)) for node in nodes]
    leaves = [row for row in rows if row[0].level == Criterion.Level.CRITERION]
    context = {
        "framework": framework,
        "rows": rows,
        "leaf_count": len(leaves),
        "without_task": sum(all(link.confidence == "low" for link in node.task_links.all()) for node, _ in leaves),
        "tasks_without_criterion": tasks.filter(criterion_links__isnull=True).count(),
    }
    return render(request, "plans/criterion_list.html", context)


def _serving(node: Criterion, by_task: dict[int, Figures]) -> list[tuple[Task, Figures]]:
    """Return the tasks that serve the criterion and that the user may see, with their figures."""
    tasks = [link.task for link in node.task_links.all() if link.task_id in by_task]
    return [(task, by_task[task.pk]) for task in sorted(tasks, key=lambda task: task.position)]
