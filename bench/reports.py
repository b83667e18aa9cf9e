"""How fast the consolidated report is: `python bench/reports.py [--agencies 200] [--tasks 33] [--dates 4] [--lines 100000]`.

Works in a database of its own, made for the run and dropped afterwards, on the server of DATABASE_URL or else on the
embedded one. Fills agencies × tasks × due dates, fills and accepts every report, makes a version, its Word file and its
workbook; then workbooks of ``--lines`` lines and of a tenth of them, each in a process of its own, to see whether memory
grows. Prints one JSON object: seconds (by the clock, and of this process on the processor: compare the latter on a
busy machine), sizes in bytes, and peaks of memory in MiB.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import django

from sipas_tracker import embedded

ON = date(2024, 6, 14)
CUT_OFF = date(2024, 6, 9)
DUE = [date(2024, 3, 31), date(2024, 5, 31), date(2024, 9, 30), date(2024, 12, 15)]
WORDS = (
    "Đã ban hành kế hoạch triển khai, công khai đầy đủ thủ tục hành chính tại Bộ phận Một cửa và trên Cổng dịch vụ công; "
    "tiếp nhận, giải quyết đúng hạn hồ sơ của người dân, doanh nghiệp."
)


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--agencies", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=33)
    parser.add_argument("--dates", type=int, default=4, choices=range(1, len(DUE) + 1))
    parser.add_argument("--lines", type=int, default=100_000)
    asked = parser.parse_args()
    with ExitStack() as until_the_end:
        hold_database(until_the_end)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sipas_tracker.settings"
        os.environ["MEDIA_ROOT"] = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="sipas-bench-"))
        os.environ.pop("DEMO_CLOCK", None)
        django.setup()
        print(json.dumps(measure(asked, until_the_end)))


def hold_database(until_the_end: ExitStack) -> None:
    """Take a database server and a broker for the run if none are named."""
    missing = embedded.missing_urls()
    if missing:
        folder = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="sipas-bench-"))
        held = embedded.take_lease(list(missing.values()), Path(folder), "sipas", durable=False)
        until_the_end.callback(held.release)
        urls = {"DATABASE_URL": held.database_url, "REDIS_URL": held.redis_url}
        os.environ |= {name: urls[name] for name in missing}


def measure(asked: argparse.Namespace, until_the_end: ExitStack) -> dict[str, Any]:
    """Fill a fresh database, fill the reports, consolidate, make the documents; return the figures."""
    from django.db import connection  # noqa: PLC0415 - the settings stand only now

    from reports.consolidating import consolidate, figures_of  # noqa: PLC0415
    from reports.documents.consolidated import consolidated_report  # noqa: PLC0415
    from reports.filling import fill_reports  # noqa: PLC0415
    from reports.making import make_documents_of  # noqa: PLC0415
    from reports.models import Consolidation, ConsolidationDocument  # noqa: PLC0415
    from reports.tasks import ring  # noqa: PLC0415
    from sipas_tracker.celery import app  # noqa: PLC0415

    app.set_current()  # rings go to the broker of the run
    ring(0)  # the broker's client is loaded once a process, not once a version

    connection.settings_dict["TEST"]["NAME"] = f"bench_reports_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    until_the_end.callback(connection.creation.destroy_test_db, "", verbosity=0)
    period, coordinator = fill(asked)
    load = os.getloadavg()[0]
    written, filling = timed(lambda: fill_reports(period, CUT_OFF))
    arrive(period, coordinator)
    _, reckoning = timed(lambda: figures_of(period, ON))
    made, consolidating = timed(lambda: consolidate(period, by=coordinator, on=ON))
    content, word = timed(lambda: consolidated_report(made))
    _, documents = timed(lambda: make_documents_of(made.pk))
    made = Consolidation.objects.get(pk=made.pk)
    workbooks = {str(lines): in_a_process(made.pk, lines) for lines in (asked.lines // 10, asked.lines)}
    return {
        "agencies": asked.agencies,
        "tasks": asked.tasks,
        "due_dates": asked.dates,
        "load_before": round(load, 2),
        "lines": written,
        "deliveries": made.figures["totals"]["deliveries"],
        "overdue": made.figures["totals"]["overdue"],
        "fill": filling,
        "figures": reckoning,
        "consolidate": consolidating,
        "word": word,
        "word_bytes": len(content),
        "all_documents": documents,
        "documents": list(ConsolidationDocument.objects.values_list("kind", flat=True)),
        "workbooks": workbooks,
        "peak_memory_mib": memory(),
    }


def fill(asked: argparse.Namespace) -> tuple[Any, Any]:
    """Write one plan whose tasks every agency owes at every due date; most of what is due is done, some of it late."""
    from agencies.models import Agency, Membership, Province, User  # noqa: PLC0415
    from plans.models import Assignment, Deadline, Occurrence, Plan, Section, Task, WorkItem  # noqa: PLC0415
    from reports.models import Period  # noqa: PLC0415

    province = Province.objects.create(code="do-thu", name="Đo thử")
    home = Agency.objects.create(province=province, code="SNV", name="Sở Nội vụ", kind="department")
    agencies = [
        Agency(province=province, code=f"X{number}", name=f"UBND xã số {number}", kind="commune_pc")
        for number in range(asked.agencies)
    ]
    for agency in agencies:
        agency.set_keys()
    Agency.objects.bulk_create(agencies, batch_size=2000)
    coordinator = User.objects.create(username="dieuphoi", full_name="Điều phối", province=province)
    Membership.objects.create(user=coordinator, agency=home, role="coordinator")
    plan = Plan.objects.create(
        province=province, number="1/KH-UBND", title="Kế hoạch nâng cao sự hài lòng của người dân năm 2024",
        issuer="UBND tỉnh", signed_on=date(2024, 1, 20), year=2024, status="active", activated_on=date(2024, 1, 20),
        coordinating_agency=home,
    )  # fmt: skip
    headings = [Section.objects.create(plan=plan, position=n + 1, title=f"{n + 1}. Nội dung {n + 1}") for n in range(5)]
    for number in range(asked.tasks):
        task = Task.objects.create(
            plan=plan, position=number + 1, number=str(number + 1), section=headings[number * 5 // asked.tasks],
            text=f"Rà soát, đơn giản hóa thủ tục hành chính thuộc phạm vi quản lý, đợt {number + 1}",
            agencies_text="UBND cấp xã", time_text="Quý I đến Quý IV",
        )  # fmt: skip
        Deadline.objects.create(task=task, due_dates=DUE[: asked.dates], kind="quarters", completes="each")
        Assignment.objects.bulk_create([Assignment(task=task, agency=one, role="implement") for one in agencies])
        for ordinal, due in enumerate(DUE[: asked.dates], 1):
            occurrence = Occurrence.objects.create(task=task, ordinal=ordinal, kind="delivery", due_date=due)
            WorkItem.objects.bulk_create(
                [item(task, occurrence, one, due, number + place) for place, one in enumerate(agencies)],
                batch_size=2000,
            )
    period = Period.objects.create(
        plan=plan, name="6 tháng đầu năm 2024", begins_on=date(2024, 1, 1), ends_on=date(2024, 6, 30), cut_off=CUT_OFF,
        due_date=CUT_OFF,
    )  # fmt: skip
    period.open(by=coordinator, on=date(2024, 5, 20))
    return period, coordinator


def item(task: Any, occurrence: Any, agency: Any, due: date, number: int) -> Any:
    """Return a work item: of those due 90 % are done, a tenth of them late."""
    from plans.models import WorkItem  # noqa: PLC0415

    done = due < CUT_OFF and number % 10 != 0
    day = due + timedelta(days=3 if number % 10 == 1 else -3)
    facts = {"state": "completed", "completed_on": day, "handed_in_on": day} if done else {}
    return WorkItem(
        task=task, occurrence=occurrence, agency=agency, kind="delivery", role="implement", due_date=due,
        original_due_date=due, **facts,
    )  # fmt: skip


def arrive(period: Any, coordinator: Any) -> None:
    """Let every report arrive with words on every line, as the officers would write them."""
    from reports.models import ReportLine  # noqa: PLC0415

    ReportLine.objects.filter(report__period=period).update(results=WORDS)
    words = {"results": WORDS, "shortcomings": "Công chức kiêm nhiệm nhiều việc.", "outlook": "Tiếp tục thực hiện."}
    period.reports.update(
        state="submitted", submitted_on=CUT_OFF, submitted_by=coordinator, words=words, number="12/BC-UBND"
    )


def in_a_process(pk: int, lines: int) -> dict[str, Any]:
    """Return seconds, size and peak of memory of a workbook with so many lines, written in a fresh process."""
    from django.db import connections  # noqa: PLC0415

    name = connections["default"].settings_dict["NAME"]
    multiply(pk, lines)
    connections.close_all()
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(write_workbook_of, (pk, name))


def multiply(pk: int, lines: int) -> None:
    """Give a version exactly so many lines, copied over and over inside the database."""
    from django.db import connection  # noqa: PLC0415

    from reports.models import ConsolidatedLine  # noqa: PLC0415

    names = [field.column for field in ConsolidatedLine._meta.fields if field.name != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    have = ConsolidatedLine.objects.filter(consolidation=pk).count()
    with connection.cursor() as cursor:
        while have < lines:
            cursor.execute(
                f"INSERT INTO reports_consolidatedline ({columns}) SELECT {columns} FROM reports_consolidatedline"
                " WHERE consolidation_id = %s ORDER BY id LIMIT %s",
                [pk, lines - have],
            )
            have += cursor.rowcount
        extra = ConsolidatedLine.objects.filter(consolidation=pk).order_by("-pk")[: have - lines]
        ConsolidatedLine.objects.filter(pk__in=list(extra.values_list("pk", flat=True))).delete()


def write_workbook_of(pk: int, database: str) -> dict[str, Any]:
    """Write the workbook of a version in this fresh process."""
    django.setup()
    from django.db import connection  # noqa: PLC0415

    from reports.documents.workbook import write_consolidated_workbook  # noqa: PLC0415
    from reports.models import Consolidation  # noqa: PLC0415

    connection.settings_dict["NAME"] = database
    made = Consolidation.objects.get(pk=pk)
    before = memory()
    with tempfile.TemporaryFile() as stream:
        _, took = timed(lambda: write_consolidated_workbook(stream, made))
        size = stream.seek(0, os.SEEK_END)
    return {
        "lines": made.lines.count(), **took, "bytes": size, "memory_before_mib": before, "peak_memory_mib": memory(),
    }  # fmt: skip


def timed(work: Any) -> tuple[Any, dict[str, float]]:
    """Return what the work returned, the seconds it took, and those of this process on the processor."""
    started, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return answer, {
        "seconds": round(time.perf_counter() - started, 2),
        "processor_seconds": round(time.process_time() - cpu, 2),
    }


def memory() -> int:
    """Return the peak of this process's memory so far, in MiB; a child's rusage would begin with its parent's peak."""
    status = Path("/proc/self/status")
    if status.exists():
        kib = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(kib) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
