"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from sipas_tracker.celery import app as celery_app

__all__ = ["application", "celery_app"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sipas_tracker.settings")
application = get_wsgi_application()
