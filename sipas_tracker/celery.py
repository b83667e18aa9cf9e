"""Celery: it rings the bell; the database is the queue. The whole schedule stands here."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sipas_tracker.settings")
app = Celery("sipas_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Every sweep asks "what is due?", so a missed ring is made up by the next one and a doubled ring does nothing.
    "make notices": {"task": "notices.tasks.make_notices", "schedule": crontab(minute=5, hour="0,6-18")},
    "read documents": {"task": "plans.tasks.read_drafts", "schedule": crontab()},
    "make documents": {"task": "reports.tasks.make_documents", "schedule": crontab()},
    "send letters": {"task": "notices.tasks.send_notices", "schedule": crontab(minute="*/10")},
    "send webhooks": {"task": "notices.tasks.send_webhooks", "schedule": crontab(minute="5-59/10")},
}
