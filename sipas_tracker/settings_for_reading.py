"""Settings of the commands that only read a text (parse_deadlines, parse_agencies, read_plan): few apps, quick start."""

from sipas_tracker.settings import *  # noqa: F403

INSTALLED_APPS = ["workdays", "agencies", "criteria", "plans", "django.contrib.auth", "django.contrib.contenttypes"]
