"""The bell rings: a task sent through the real broker reaches a real worker, which does what the command does."""

import time
from datetime import timedelta

import pytest

from notices.models import Notice, RoundRun
from notices.tasks import make_notices
from sipas_tracker.celery import app
from tests.factories import work_item
from workdays.clock import today

PATIENCE = 30


def wait_for(asked, words: str) -> None:
    """Return when ``asked()`` is true; fail after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not asked():
        if time.monotonic() > deadline:
            pytest.fail(words)
        time.sleep(0.2)


@pytest.mark.django_db(transaction=True)
def test_a_task_sent_through_the_broker_makes_the_notices_once(cast, celery_worker_process):
    item = work_item(cast.health, plan=cast.plan, due=today() - timedelta(days=1))
    for _ in range(2):
        make_notices.delay()
    wait_for(
        lambda: RoundRun.objects.filter(finished_at__isnull=False).count() == 2, "the worker did not run the round"
    )
    told = Notice.objects.filter(item=item, kind=Notice.Kind.OVERDUE, recipient=cast.health_officer)
    assert told.count() == 1
    assert RoundRun.objects.get(made=0).errors == []


def test_every_task_of_the_schedule_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
