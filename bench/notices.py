"""How fast the round and the sending are: `python bench/notices.py [--items 100000] [--agencies 3000]`.

Works in a database of its own, made for the run and dropped afterwards, on the server of DATABASE_URL or else on the
embedded one; letters go to a mail server on loopback that throws them away. Prints one JSON object: seconds, letters a
second, milliseconds of this process's time on the processor a letter, and the peak of its memory in MiB.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import django

from sipas_tracker import embedded

ON = date(2024, 6, 28)


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--agencies", type=int, default=3_000)
    asked = parser.parse_args()
    with ExitStack() as until_the_end:
        hold_database(until_the_end)
        port = start_sink(until_the_end)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sipas_tracker.settings", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        os.environ.pop("DEMO_CLOCK", None)
        django.setup()
        print(json.dumps(measure(asked.items, asked.agencies, until_the_end)))


def hold_database(until_the_end: ExitStack) -> None:
    """Take a server for the run if none is named."""
    missing = {name: kind for name, kind in embedded.missing_urls().items() if name == "DATABASE_URL"}
    if missing:
        folder = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="sipas-bench-"))
        held = embedded.take_lease(list(missing.values()), Path(folder), "sipas", durable=False)
        until_the_end.callback(held.release)
        os.environ["DATABASE_URL"] = held.database_url


def start_sink(until_the_end: ExitStack) -> int:
    """Start a mail server in a process of its own that throws letters away; return its port."""
    command = [sys.executable, "-m", "notices.simulation.relay", "-", "-"]
    sink = until_the_end.enter_context(
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    )
    assert sink.stdout is not None
    return int(sink.stdout.readline())


def measure(items: int, agencies: int, until_the_end: ExitStack) -> dict[str, Any]:
    """Fill a fresh database, run the round twice, send; return the figures."""
    from django.conf import settings  # noqa: PLC0415 - the settings stand only now
    from django.db import connection  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from notices.composing import compose_waiting  # noqa: PLC0415
    from notices.models import Letter, Notice  # noqa: PLC0415
    from notices.rules import make_notices  # noqa: PLC0415
    from notices.sending import send_waiting  # noqa: PLC0415

    connection.settings_dict["TEST"]["NAME"] = f"bench_notices_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    until_the_end.callback(connection.creation.destroy_test_db, "", verbosity=0)
    fill(items, agencies)
    memory_before = memory()
    run, first = timed(lambda: make_notices(ON))
    again, second = timed(lambda: make_notices(ON))
    memory_made = memory()
    morning = timezone.make_aware(datetime.combine(ON, hour(8)))
    reverse("notice-list")  # the pages are loaded once a process, not once a letter
    memory_begun = memory()
    composed, composing = timed(lambda: compose_waiting(ON, morning))
    memory_composed, cpu = memory(), time.process_time()
    outcome, sending = timed(lambda: send_waiting(ON, morning + timedelta(minutes=1)))
    cpu = time.process_time() - cpu
    return {
        "items": items,
        "agencies": agencies,
        "notices": Notice.objects.count(),
        "made": run.made,
        "make_seconds": first,
        "made_again": again.made,
        "make_again_seconds": second,
        "errors": run.errors + again.errors,
        "letters": composed,
        "compose_seconds": composing,
        "sent": outcome.sent,
        "unsent": Letter.objects.exclude(state="sent").count(),
        "send_seconds": sending,
        "letters_per_second": round(outcome.sent / sending, 1),
        "letters_per_second_with_composing": round(outcome.sent / (sending + composing), 1),
        "connections": settings.EMAIL_CONNECTIONS,
        "processor_ms_a_letter": round(cpu / max(1, outcome.sent) * 1000, 2),
        "peak_memory_mib": {
            "filled": memory_before,
            "made": memory_made,
            "ready_to_write": memory_begun,
            "composed": memory_composed,
            "sent": memory(),
        },
    }


def fill(items: int, agencies: int) -> None:
    """Write one plan whose tasks every agency owes, due around the day; an officer and a leader in every agency."""
    from agencies.models import Agency, Membership, Province, User  # noqa: PLC0415
    from plans.models import Deadline, Occurrence, Plan, Task, WorkItem  # noqa: PLC0415

    province = Province.objects.create(code="do-thu", name="Đo thử")
    home = Agency.objects.create(province=province, code="SNV", name="Sở Nội vụ", kind="department")
    rows = [
        Agency(province=province, code=f"X{number}", name=f"UBND xã số {number}", kind="commune_pc")
        for number in range(agencies)
    ]
    for row in rows:
        row.set_keys()
    Agency.objects.bulk_create(rows, batch_size=2000)
    places = [(row, role) for row in rows for role in ("officer", "leader")] + [(home, "coordinator")]
    users = [
        User(username=f"nguoi{n}", email=f"nguoi{n}@do-thu.example", full_name=f"Người {n}", province=province)
        for n in range(len(places))
    ]
    User.objects.bulk_create(users, batch_size=2000)
    Membership.objects.bulk_create(
        [Membership(user=user, agency=row, role=role) for user, (row, role) in zip(users, places, strict=True)],
        batch_size=2000,
    )
    plan = Plan.objects.create(
        province=province,
        number="1/KH-UBND",
        title="Đo thử",
        issuer="UBND tỉnh",
        signed_on=date(2024, 6, 1),
        year=2024,
        status="active",
        activated_on=ON,
        coordinating_agency=home,
    )
    count = -(-items // agencies)
    for number in range(count):
        due = ON + timedelta(days=number % 8)
        task = Task.objects.create(plan=plan, position=number + 1, text=f"Rà soát thủ tục hành chính đợt {number + 1}")
        Deadline.objects.create(task=task, due_dates=[due], kind="date", completes="each")
        occurrence = Occurrence.objects.create(task=task, ordinal=1, kind="delivery", due_date=due)
        owing = rows[: min(agencies, items - number * agencies)]
        WorkItem.objects.bulk_create(
            [
                WorkItem(
                    task=task,
                    occurrence=occurrence,
                    agency=row,
                    kind="delivery",
                    role="implement",
                    due_date=due,
                    original_due_date=due,
                )
                for row in owing
            ],
            batch_size=2000,
        )


def timed(work: Any) -> tuple[Any, float]:
    """Return what the work returned and the seconds it took."""
    started = time.perf_counter()
    answer = work()
    return answer, round(time.perf_counter() - started, 2)


def memory() -> int:
    """Return the peak of this process's memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
